"""Sentences on spot checks and verdicts, the same in every form; text from portals made fit to show."""

from __future__ import annotations

from collections.abc import Iterable

from gkmonitor.judging import PROFILE_NAMES
from gkmonitor.records import HomeFacts, Verdict
from gkmonitor.reports import wording
from gkmonitor.reports.spot import SpotCheck, subject_words
from gkmonitor.reports.wording import printable


def profile_words(spot: SpotCheck) -> str:
    """What kind of portal this is and how that is known."""
    site = spot.facts.site
    if site.profile is None:
        return "未能确定（可用 --profile 指明）"
    source = wording.PROFILE_SOURCES.get((site.profile_source or "").split(":")[0], "")
    return PROFILE_NAMES[site.profile] + (f"（{source}）" if source else "")


def state_words(spot: SpotCheck) -> str:
    """Why the home page could not be read, or that the crawl was cut short; empty when all is well."""
    home, words = spot.facts.home, []
    if home.state is not None:
        words.append(f"首页未能读取：{home_words(home)}。")
    if spot.facts.coverage.is_interrupted:
        words.append("检查被中断，下面只是中断前已看到的内容。")
    return "".join(words)


def home_words(home: HomeFacts) -> str:
    """Why the home page could not be read and what to do: the crawl's own advice where it gives one."""
    if home.state is None:
        return ""
    what, hint = wording.REASONS[home.state]
    detail = printable(home.detail or what)
    return detail if "请" in detail or "可设置" in detail else f"{detail}，{hint}"


def newest_words(verdict: Verdict) -> str:
    """The newest date and the days, and measured against required."""
    parts = []
    told = bool(verdict.latest and str(verdict.latest) in (verdict.measured or ""))
    if verdict.latest and not told:
        parts.append(f"最新日期：{verdict.latest}")
    if verdict.days is not None and not told:
        parts.append(f"天数：{verdict.days}")
    if verdict.measured:
        parts.append(f"实测：{printable(verdict.measured)}")
    if verdict.required:
        parts.append(f"要求：{printable(verdict.required)}")
    return "；".join(parts)


def basis_words(verdict: Verdict) -> str:
    """The rule's own ground, with its words quoted."""
    basis = verdict.basis
    clause = f" {basis.clause}" if basis.clause else ""
    words = f"：“{basis.words}”" if basis.words else ""
    return f"依据：{printable(basis.document + clause + words)}"


def by_check(verdicts: Iterable[Verdict], spot: SpotCheck) -> dict[str, list[str]]:
    """What was asked, and of what: column paths, or the rule's own title where the whole portal is meant."""
    groups: dict[str, list[str]] = {}
    for verdict in verdicts:
        name = wording.CHECKS.get(verdict.check, verdict.check)
        subject = verdict.subject
        whole = not subject.path and not subject.column
        about = (spot.titles.get(verdict.rule) or name) if whole else printable(subject_words(subject))
        seen = groups.setdefault(name, [])
        if about not in seen:
            seen.append(about)
    return groups


def question_words(verdict: Verdict, spot: SpotCheck) -> str:
    """What an undecided or passed rule asked, and of which column."""
    name = spot.titles.get(verdict.rule) or wording.CHECKS.get(verdict.check, verdict.check)
    subject = verdict.subject
    return f"{name}（{printable(subject_words(subject))}）" if subject.path or subject.column else name


def coverage_words(spot: SpotCheck) -> str:
    """How much was seen and judged, and what limited it."""
    seen = spot.facts.coverage
    parts = [
        f"读取网页 {seen.pages_fetched} 个",
        f"被拦截 {seen.pages_blocked} 个",
        f"找到栏目 {len(spot.facts.columns)} 个",
        f"规则判定 {spot.rules_judged} 条、未能判定 {spot.rules_undecided} 条",
        f"用时 {seen.seconds:.1f} 秒",
    ]
    parts += [f"打不开 {seen.pages_failed} 个"] if seen.pages_failed else []
    parts += [f"robots.txt 不允许 {seen.robots_refused} 个"] if seen.robots_refused else []
    parts += ["页数或时间用完"] if seen.is_budget_spent else []
    parts += ["中途停止"] if seen.is_interrupted else []
    return "，".join(parts)


def counts_words(spot: SpotCheck) -> str:
    """The verdicts counted."""
    c = spot.counts
    return (
        f"问题 {c['violation']}，提醒 {c['advice']}，未发现问题 {c['ok']}，不作为问题 {c['excused']}，"
        f"未能判定 {c['undecided']}，不适用 {c['not_applicable']}"
    )


def score_words(spot: SpotCheck) -> str:
    """The points by the office's own table in one sentence; empty without a table."""
    table, score = spot.points, spot.score
    if table is None or score is None:
        return ""
    if score.points is None or score.lowest is None:
        why = "存在单项否决情形，不再计分" if score.qualified is False else "本站类型不计分或不明"
        return f"按“{printable(table.title)}”：{why}"
    lowest = f"，未能判定的规则都算问题时为 {score.lowest:g} 分" if score.lowest != score.points else ""
    lines = f"合格线 {table.pass_line:g} 分，加分线 {table.bonus_line:g} 分"
    passes = {True: "达到合格线", False: "未达到合格线", None: "是否合格尚不能判定"}[score.qualified]
    bonus = {True: "，可以计加分", False: "", None: "，能否计加分尚不能判定"}[score.earns_bonus]
    total = f"满分 {table.full:g} 分，得 {score.points:g} 分{lowest}"
    return f"按“{printable(table.title)}”：{total}；{lines}；{passes}{bonus}"


def verdict_words(spot: SpotCheck) -> str:
    """What a single observation may say about the portal as a whole."""
    if spot.counts["qualified"] is False:
        return "存在单项否决情形（疑似，须再次观测并经人工复核）"
    return "仅凭一次观测不能判定是否合格"
