"""Small portals as facts, for tests of judging: say only what matters, the rest is a portal without fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from gkmonitor.judging import Judge
from gkmonitor.records import (
    ColumnFacts,
    CrawlCoverage,
    HomeFacts,
    Item,
    Listing,
    Marks,
    Match,
    Observation,
    PageKind,
    PortalFacts,
    Profile,
    Reason,
    Site,
    Statement,
    StatementKind,
    Verdict,
)
from gkmonitor.rules import RulePack, parse_pack

AS_OF = date(2026, 11, 22)
BASE = "http://www.qinghe.gov.cn/"
SEEN_AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def item(day: date | str | None = AS_OF, title: str = "青禾县召开工作会议", **details: Any) -> Item:
    published = date.fromisoformat(day) if isinstance(day, str) else day
    printed = published.isoformat() if published else None
    url = details.pop("url", f"{BASE}info/{abs(hash((title, printed))) % 10**8}.html")
    return Item(title, url, published, printed, "list" if published else None, **details)


def items(*days: date | str | None) -> tuple[Item, ...]:
    return tuple(item(day, f"青禾县工作信息第{number}期") for number, day in enumerate(days))


def ago(days: int, as_of: date = AS_OF) -> date:
    return as_of - timedelta(days=days)


def observation(url: str = BASE) -> Observation:
    return Observation(url, url, SEEN_AT, 200, "0" * 64)


def column(
    name: str,
    concept: str | None = None,
    entries: Sequence[Item] | None = (),
    *,
    under: Sequence[str] = (),
    **details: Any,
) -> ColumnFacts:
    """A column that was read completely; ``entries`` None means that its page shows no list."""
    path = (*under, name)
    url = details.pop("url", BASE + "/".join(path) + "/")
    defaults: dict[str, Any] = {
        "match": Match.EXACT if concept else None,
        "kind": PageKind.LISTING if entries is not None else PageKind.OTHER,
        "listing": None if entries is None else Listing(tuple(entries)),
        "is_complete": True,
        "pages_read": 1,
        "observation": observation(url),
    }
    return ColumnFacts(name, url, path, concept, **(defaults | details))


def unread(name: str, concept: str | None, state: Reason, **details: Any) -> ColumnFacts:
    return column(name, concept, None, state=state, kind=None, observation=None, is_complete=False, **details)


def said(kind: StatementKind, words: str) -> tuple[Statement, ...]:
    return (Statement(kind, words),)


def portal(
    *columns: ColumnFacts,
    profile: Profile | None = Profile.COUNTY_PORTAL,
    home: HomeFacts | None = None,
    coverage: CrawlCoverage | None = None,
    **details: Any,
) -> PortalFacts:
    site = Site(
        BASE, BASE, "青禾县人民政府", details.pop("site_id_code", "9901020001"), "青禾县人民政府办公室", profile
    )
    return PortalFacts(
        site=site,
        observed_at=SEEN_AT,
        home=home or HomeFacts(None, observation(), items(ago(1))),
        marks=details.pop("marks", Marks()),
        columns=columns,
        coverage=coverage or CrawlCoverage(),
        **details,
    )


def home(*entries: Item, **details: Any) -> HomeFacts:
    return HomeFacts(None, observation(), entries, **details)


PACK_HEAD = 'id: trial\nversion: "1"\ntitle: 试用\ndocuments: [试用办法]\nrules:\n'


def pack_of(check: str, *, severity: str = "deduction", rest: str = "", confidence: str = "A") -> RulePack:
    """A pack of one rule ``trial/it``; ``rest``: further lines of the rule."""
    lines = [
        "slug: it",
        "title: 试用规则",
        "clause: 第一条",
        "words: 试用",
        f"confidence: {confidence}",
        f"check: {check}",
        f"severity: {severity}",
        *filter(None, rest.splitlines()),
    ]
    return parse_pack(PACK_HEAD + "  - " + "\n    ".join(lines) + "\n", "trial.yaml")


def judge(pack: RulePack, facts: PortalFacts, as_of: date = AS_OF) -> list[Verdict]:
    return Judge([pack], as_of).judge(facts)


def only(verdicts: Sequence[Verdict]) -> Verdict:
    assert len(verdicts) == 1, [f"{v.rule} {v.outcome}: {v.message}" for v in verdicts]
    return verdicts[0]


def answer(pack: RulePack, facts: PortalFacts, as_of: date = AS_OF) -> Verdict:
    return only(judge(pack, facts, as_of))


def with_profile(facts: PortalFacts, profile: Profile | None) -> PortalFacts:
    return replace(facts, site=replace(facts.site, profile=profile))
