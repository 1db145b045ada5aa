"""A made-up portal and a spot check of it, for the tests of what people see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from gkmonitor.records import (
    Basis,
    ColumnFacts,
    CrawlCoverage,
    Evidence,
    Excuse,
    HomeFacts,
    Item,
    Listing,
    Match,
    Observation,
    Outcome,
    PageKind,
    PortalFacts,
    Profile,
    Reason,
    Severity,
    Site,
    Subject,
    Verdict,
)
from gkmonitor.reports.spot import SpotCheck
from gkmonitor.rules import Rule, RulePack
from gkmonitor.scoring import summary

AS_OF = date(2026, 11, 22)
SEEN_AT = datetime(2026, 11, 22, 2, 5, tzinfo=UTC)
HOME = "http://www.qinghe.example/"
BASIS = Basis("政府网站检查样例文件", "第三条第二项", "监测2周，首页栏目无信息更新")


def facts(**changes: object) -> PortalFacts:
    """青禾县's portal: a home page that was read, one live column, one stale column."""
    seen = Observation(HOME, HOME, SEEN_AT, 200, "a" * 64)
    news = Listing((Item("青禾县召开春耕会议", HOME + "xw/1.html", date(2026, 11, 20), "2026-11-20", "list"),))
    budget = Listing((Item("2024年部门预算", HOME + "ys/1.html", date(2024, 2, 1), "2024-02-01", "list"),))
    whole = PortalFacts(
        site=Site(HOME, HOME, "青禾县人民政府", "5106230001", "青禾县人民政府办公室", Profile.COUNTY_PORTAL, "name"),
        observed_at=SEEN_AT,
        home=HomeFacts(None, seen, news.items),
        columns=(
            column("青禾要闻", "news", news),
            column("预算公开", "budget", budget),
        ),
        coverage=CrawlCoverage(pages_fetched=12, seconds=8.5),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def column(name: str, concept: str, listing: Listing) -> ColumnFacts:
    """A column that was read."""
    url = f"{HOME}{concept}/"
    seen = Observation(url, url, SEEN_AT, 200, "b" * 64)
    return ColumnFacts(
        name,
        url,
        ("政务公开", name),
        concept,
        Match.EXACT,
        kind=PageKind.LISTING,
        listing=listing,
        pages_read=1,
        is_complete=True,
        observation=seen,
    )


def verdict(outcome: Outcome, slug: str = "column-stale", **changes: object) -> Verdict:
    """One answer of the sample pack, about 预算公开."""
    whole = Verdict(
        rule=f"sample/{slug}",
        check=slug,
        outcome=outcome,
        severity=Severity.DEDUCTION,
        basis=BASIS,
        message="栏目更新不及时",
        subject=Subject("budget", "预算公开", HOME + "budget/", ("政务公开", "预算公开")),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def veto() -> Verdict:
    """The home page's veto, with everything that a verdict can carry."""
    return verdict(
        Outcome.VIOLATION,
        "home-not-updated",
        severity=Severity.VETO,
        message="首页超过两周没有更新",
        subject=Subject(),
        latest=date(2026, 10, 1),
        days=52,
        measured="2026-10-01",
        required="14 天内有更新",
        evidence=(Evidence(HOME, SEEN_AT, "c" * 64, "10-01 青禾县召开会议"),),
    )


def every_outcome() -> tuple[Verdict, ...]:
    """One verdict of each kind."""
    stale = verdict(Outcome.VIOLATION, latest=date(2024, 2, 1), days=1025)
    return (
        stale,
        verdict(Outcome.VIOLATION, "label-missing", severity=Severity.ADVICE, message="建议补充标签"),
        verdict(Outcome.OK, "mark-missing", subject=Subject()),
        verdict(Outcome.EXCUSED, "column-blank", reason=Excuse.EXPLAINED_BLANK, message="页面说明暂无信息"),
        verdict(Outcome.UNDECIDED, "site-unreachable", reason=Reason.NOT_OBSERVED, message="一次访问不能判断"),
        verdict(Outcome.NOT_APPLICABLE, "due-date-missed"),
        veto(),
        verdict(Outcome.VIOLATION, "blank-count", members=(stale.subject,), subject=Subject(), severity=Severity.VETO),
    )


def pack(slugs: Sequence[str] = ("home-not-updated", "site-unreachable")) -> RulePack:
    """A pack whose rules have titles of their own."""
    rules = tuple(
        Rule("sample", slug, f"样例规则 {slug}", BASIS.document, BASIS.clause, BASIS.words, "A", slug, Severity.VETO)
        for slug in slugs
    )
    return RulePack("sample", "2026.1", "样例规则包", (BASIS.document,), rules)


def spot(verdicts: Sequence[Verdict] | None = None, seen: PortalFacts | None = None) -> SpotCheck:
    """A spot check of the sample portal."""
    answers = tuple(every_outcome() if verdicts is None else verdicts)
    zone = ZoneInfo("Asia/Shanghai")
    return SpotCheck(seen or facts(), AS_OF, (pack(),), answers, summary(answers), zone, "9.9.9")
