"""The desk's first page: what stands open, what changed, what is about to go wrong. Each query names its index."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select, true
from sqlalchemy.orm import Session

from gkmonitor.cycles.records import Cycle, CycleKind, InspectionState
from gkmonitor.cycles.summing import add_outcomes
from gkmonitor.ledger.records import Case, EventKind, State
from gkmonitor.records import Outcome, Severity
from gkmonitor.storage.case_rows import CASES_WITH_SITE, cases_from
from gkmonitor.storage.inspections import get_cycle
from gkmonitor.storage.models import CaseRow, CycleRow, EventRow, FindingRow, InspectionRow, PortalRow

LIVE: Final = (State.OPEN, State.CONFIRMED, State.NOTIFIED, State.APPEALED)  # cases that wait for somebody
TREND_KINDS: Final[Mapping[EventKind, str]] = {
    EventKind.FOUND: "found",
    EventKind.REAPPEARED: "found",
    EventKind.RECTIFIED: "rectified",
}
CHANGE_KINDS: Final = (
    EventKind.FOUND,
    EventKind.OPENED,
    EventKind.RECTIFIED,
    EventKind.REAPPEARED,
    EventKind.DISMISSED,
)
_READ_WHOLE: Final = 500  # inspections whose verdicts are unpacked where a cycle's figures do not count reasons
_HELD_CYCLES: Final = 20  # the newest: a portal that is held is held again by each


@dataclass(frozen=True, slots=True)
class TrendDay:
    """One local day: cases that were found (or came back) and cases that were mended."""

    day: date
    found: int = 0
    rectified: int = 0


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One event as the first page lists it."""

    at: datetime
    kind: EventKind
    case_id: int
    portal_id: int
    portal: str
    severity: Severity
    message: str
    actor: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to cases since a moment: how often, and the newest ones."""

    since: datetime
    counts: Mapping[EventKind, int]
    newest: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many verdicts of one cycle settled something; ``undecided`` by reason, "" where no reason was kept."""

    cycle: Cycle
    portals: int
    outcomes: Mapping[str, int]  # Outcome -> verdicts
    undecided: Mapping[str, int]

    @property
    def judged(self) -> int:
        return sum(self.outcomes.get(one, 0) for one in (Outcome.OK, Outcome.VIOLATION, Outcome.EXCUSED))


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """Advice of the newest cycle: a limit that is near and still kept."""

    portal_id: int
    portal: str
    rule: str
    check: str
    column: str
    message: str
    measured: str | None
    days: int | None


@dataclass(frozen=True, slots=True)
class EarlyWarnings:
    """How many there are by rule, and some of them."""

    counts: Mapping[str, int]
    shown: tuple[EarlyWarning, ...]


@dataclass(frozen=True, slots=True)
class HeldPortal:
    """A portal that was probably rebuilt and waits for a person."""

    portal_id: int
    name: str
    since: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything of the first page that the ledger knows."""

    coverage: Coverage | None
    open_vetoes: tuple[Case, ...]
    open_veto_count: int
    trend: tuple[TrendDay, ...]
    changes: Changes
    held: tuple[HeldPortal, ...]
    head: tuple[int, str] | None = None  # number and digest of the last event that the trend counts
    early: EarlyWarnings = field(default_factory=lambda: EarlyWarnings({}, ()))


def read_overview(
    session: Session,
    *,
    now: datetime,
    zone: ZoneInfo,
    early_rules: Collection[str],
    shown: int = 10,
    previous: Overview | None = None,
) -> Overview:
    """At one snapshot. ``early_rules``: rules that warn before their limit; ``shown``: lines of each list.

    What ``previous`` says of a cycle that is over, and of events up to its head, is not counted again: events are only
    ever added.
    """
    today = now.astimezone(zone).date()
    cycle = newest_cycle(session)
    coverage, early = _known_of(previous, cycle)
    if cycle is not None and coverage is None:
        coverage, early = coverage_of(session, cycle), early_warnings(session, cycle.id, early_rules, shown)
    head = _head(session)
    return Overview(
        coverage=coverage,
        open_vetoes=tuple(open_vetoes(session, shown)),
        open_veto_count=_count_vetoes(session),
        trend=_trend_since(session, today, zone, head, previous),
        changes=changes_since(session, _midnight(today - timedelta(days=1), zone), shown),
        held=tuple(held_portals(session)),
        head=head,
        early=early,
    )


def _known_of(previous: Overview | None, cycle: Cycle | None) -> tuple[Coverage | None, EarlyWarnings]:
    known = previous.coverage if previous is not None else None
    if previous is None or known is None or cycle is None or known.cycle != cycle or cycle.finished_at is None:
        return None, EarlyWarnings({}, ())
    return known, previous.early


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


# ---------------------------------------------------------------- the newest cycle


def newest_cycle(session: Session) -> Cycle | None:
    """The newest finished cycle over the registry, else the newest of any kind. Primary key, backwards."""
    newest = select(CycleRow.id).order_by(CycleRow.id.desc()).limit(1)
    regular = newest.where(CycleRow.kind == CycleKind.REGULAR.value, CycleRow.finished_at.is_not(None))
    found = session.scalar(regular) or session.scalar(newest)
    return get_cycle(session, found) if found is not None else None


def coverage_of(session: Session, cycle: Cycle) -> Coverage:
    """From the figures kept with the cycle; else from those of its inspections (index cycle_id, state)."""
    kept = cycle.counts.get("verdicts")
    if isinstance(kept, dict):
        inspected = cycle.counts.get("inspected", 0)
        portals = inspected if isinstance(inspected, int) else 0
        return Coverage(cycle, portals, dict(kept["outcomes"]), dict(kept["undecided"]))
    done = InspectionRow.cycle_id == cycle.id, InspectionRow.observed_at.is_not(None)
    summaries = list(session.scalars(select(InspectionRow.summary).where(*done)))
    outcomes, undecided = add_outcomes(summaries)
    if len(summaries) <= _READ_WHOLE and any("undecided_by" not in one for one in summaries):
        outcomes, undecided = _from_verdicts(session.scalars(select(InspectionRow.verdicts).where(*done)).all())
    return Coverage(cycle, len(summaries), outcomes, undecided)


def _from_verdicts(bodies: Sequence[bytes | None]) -> tuple[dict[str, int], dict[str, int]]:
    outcomes: Counter[str] = Counter()
    undecided: Counter[str] = Counter()
    for body in bodies:
        for one in json.loads(zlib.decompress(body)) if body else ():
            is_advice = one["verdict"] == Outcome.VIOLATION and one["severity"] == Severity.ADVICE
            outcomes["advice" if is_advice else one["verdict"]] += 1
            if one["verdict"] == Outcome.UNDECIDED:
                undecided[one.get("reason") or ""] += 1
    return dict(outcomes), dict(undecided)


def held_portals(session: Session) -> list[HeldPortal]:
    """Portals that wait for a person. Index cycle_id, state, over the newest cycles."""
    newest = list(session.scalars(select(CycleRow.id).order_by(CycleRow.id.desc()).limit(_HELD_CYCLES)))
    query = (
        select(InspectionRow.portal_id, PortalRow.name, InspectionRow.observed_at, InspectionRow.summary)
        .join(PortalRow, PortalRow.id == InspectionRow.portal_id)
        .where(
            InspectionRow.cycle_id.in_(newest),
            InspectionRow.state == InspectionState.HELD.value,
            InspectionRow.released_at.is_(None),
        )
        .order_by(InspectionRow.observed_at)
    )
    found: dict[int, HeldPortal] = {}
    for portal_id, name, at, summary in session.execute(query):
        found.setdefault(portal_id, HeldPortal(portal_id, name, at, str(summary.get("held", ""))))
    return list(found.values())


def early_warnings(session: Session, cycle_id: int, early_rules: Collection[str], shown: int) -> EarlyWarnings:
    """Advice of one cycle by rules that have an early line. Unique index of findings, by its first column."""
    is_early = (
        FindingRow.cycle_id == cycle_id,
        FindingRow.severity == Severity.ADVICE.value,
        FindingRow.rule.in_(sorted(early_rules)),
    )
    counts: Counter[str] = Counter()
    by_rule = select(FindingRow.rule, func.count()).where(*is_early).group_by(FindingRow.rule)
    for rule, number in session.execute(by_rule):
        counts[rule] += number
    query = (
        select(FindingRow.portal_id, PortalRow.name, FindingRow.rule, FindingRow.verdict)
        .join(PortalRow, PortalRow.id == FindingRow.portal_id)
        .where(*is_early)
        .order_by(FindingRow.portal_id, FindingRow.rule, FindingRow.subject_key)
        .limit(shown)
    )
    return EarlyWarnings(dict(counts), tuple(_warning(*row) for row in session.execute(query)))


def _warning(portal_id: int, portal: str, rule: str, verdict: Mapping[str, Any]) -> EarlyWarning:
    subject = verdict.get("subject") or {}
    column = subject.get("column") or ""
    check, message = str(verdict.get("check", "")), str(verdict.get("message", ""))
    return EarlyWarning(portal_id, portal, rule, check, column, message, verdict.get("measured"), verdict.get("days"))


# ---------------------------------------------------------------- cases and their events


def _is_open_veto() -> tuple[Any, ...]:
    return (CaseRow.state.in_([one.value for one in LIVE]), CaseRow.severity == Severity.VETO.value)


def open_vetoes(session: Session, limit: int) -> list[Case]:
    """The newest first. Index state, severity."""
    query = CASES_WITH_SITE.where(*_is_open_veto()).order_by(CaseRow.last_seen.desc(), CaseRow.id).limit(limit)
    return cases_from(session, query)


def _count_vetoes(session: Session) -> int:
    """Index state, severity."""
    return session.scalar(select(func.count()).select_from(CaseRow).where(*_is_open_veto())) or 0


def _head(session: Session) -> tuple[int, str] | None:
    """The last event. Primary key, backwards."""
    found = session.execute(select(EventRow.id, EventRow.digest).order_by(EventRow.id.desc()).limit(1)).first()
    return (found[0], found[1]) if found is not None else None


def _trend_since(
    session: Session, today: date, zone: ZoneInfo, head: tuple[int, str] | None, previous: Overview | None
) -> tuple[TrendDay, ...]:
    """The trend up to the head: what ``previous`` counted today, and the events since."""
    last = head[0] if head is not None else 0
    known = previous.head if previous is not None else None
    if previous is None or known is None or previous.trend[-1].day != today or not _is_there(session, known):
        return tuple(trend(session, today, zone, last))
    newer = trend(session, today, zone, last, after=known[0])
    return tuple(
        TrendDay(one.day, one.found + more.found, one.rectified + more.rectified)
        for one, more in zip(previous.trend, newer, strict=True)
    )


def _is_there(session: Session, event: tuple[int, str]) -> bool:
    """Whether it is the same ledger still: not one that was put back from a backup."""
    return session.scalar(select(EventRow.digest).where(EventRow.id == event[0])) == event[1]


def trend(
    session: Session, today: date, zone: ZoneInfo, last: int | None = None, *, after: int = 0, days: int = 30
) -> list[TrendDay]:
    """The last ``days`` local days, today with them, of the events after one number and up to ``last``; None: to all.

    Index at of the events; the primary key where few are left.
    """
    first = today - timedelta(days=days - 1)
    ends = [_midnight(first + timedelta(days=number + 1), zone) for number in range(days)]
    day = case(*((EventRow.at < end, number) for number, end in enumerate(ends)), else_=days - 1)
    query = (
        select(day.label("day"), EventRow.kind, func.count())
        .where(EventRow.at >= _midnight(first, zone), EventRow.at < ends[-1])
        .where(EventRow.kind.in_([kind.value for kind in TREND_KINDS]), EventRow.id > after)
        .where(EventRow.id <= last if last is not None else true())
        .group_by("day", EventRow.kind)
    )
    counts: Counter[tuple[int, str]] = Counter()
    for number, kind, count in session.execute(query):
        counts[number, TREND_KINDS[EventKind(kind)]] += count
    return [
        TrendDay(first + timedelta(days=number), counts[number, "found"], counts[number, "rectified"])
        for number in range(days)
    ]


def changes_since(session: Session, since: datetime, shown: int) -> Changes:
    """Counts by kind (index at), and the newest ones."""
    lately = EventRow.at >= since, EventRow.kind.in_([kind.value for kind in CHANGE_KINDS])
    counted = select(EventRow.kind, func.count()).where(*lately).group_by(EventRow.kind)
    counts = {EventKind(kind): number for kind, number in session.execute(counted)}
    query = (
        select(EventRow.at, EventRow.kind, EventRow.actor, CaseRow, PortalRow.name)
        .join(CaseRow, CaseRow.id == EventRow.case_id)
        .join(PortalRow, PortalRow.id == CaseRow.portal_id)
        .where(*lately)
        .order_by(EventRow.at.desc(), EventRow.id.desc())
        .limit(shown)
    )
    newest = tuple(
        ChangeLine(at, EventKind(kind), row.id, row.portal_id, portal, Severity(row.severity), row.message, actor)
        for at, kind, actor, row, portal in session.execute(query)
    )
    return Changes(since, {kind: counts.get(kind, 0) for kind in CHANGE_KINDS}, newest)
