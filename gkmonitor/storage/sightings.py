"""Writing into the ledger what one inspection saw; called in the transaction that stores the inspection's findings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.exempting import covering, follow_registry
from gkmonitor.ledger.looks import look_at
from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.records import SYSTEM, Case, Event, EventKind, Look, NewEvent, Sighting, SightingCounts
from gkmonitor.ledger.sightings import found, observe
from gkmonitor.ledger.subjects import accusations, subject_key
from gkmonitor.records import Severity, Verdict
from gkmonitor.registry.records import Exemption
from gkmonitor.storage.case_rows import add_case, case_of, lock_cases, write_case
from gkmonitor.storage.events import append_events
from gkmonitor.storage.models import CaseRow, CycleRow, InspectionRow, PortalRow
from gkmonitor.storage.returned import ask_about_returned

_COUNTED: Final[Mapping[EventKind, str]] = {
    EventKind.FOUND: "found",
    EventKind.OPENED: "opened",
    EventKind.REAPPEARED: "reappeared",
    EventKind.RETURNED: "returned",
    EventKind.RECTIFIED: "rectified",
    EventKind.NOT_REPEATED: "closed",
    EventKind.LAPSED: "closed",
    EventKind.EXEMPTED: "exempted",
}


_NUMBERS: Final = (*dict.fromkeys(_COUNTED.values()), "seen_again", "clean", "unseen")


@dataclass(frozen=True, slots=True)
class _Told:
    """Which inspection tells, of which portal, and for which day."""

    portal_id: int
    inspection_id: int
    at: datetime
    day: date
    exemptions: tuple[Exemption, ...]


class _Ledger:
    """What one inspection changes, gathered before it is written."""

    def __init__(self) -> None:
        self.events: list[tuple[int, NewEvent]] = []
        self.counts: Counter[str] = Counter()
        self.seen: list[int] = []
        self.returned: list[Case] = []

    def note(self, case: Case, events: Sequence[NewEvent]) -> None:
        for event in events:
            self.events.append((case.id, event))
            if event.kind in _COUNTED:
                self.counts[_COUNTED[event.kind]] += 1
            if event.kind is EventKind.RETURNED:
                self.returned.append(case)

    def summed(self, written: Sequence[Event]) -> SightingCounts:
        numbers = {name: self.counts[name] for name in _NUMBERS}
        return SightingCounts(**numbers, cases=tuple(self.seen), events=tuple(event.id for event in written))


def record_sightings(
    session: Session,
    *,
    portal_id: int,
    inspection_id: int,
    cycle_id: int,
    observed_at: datetime,
    verdicts: Sequence[Verdict],
    judged_rules: Collection[str],
    exemptions: Sequence[Exemption] = (),
    now: datetime,
    is_whole: bool = False,
) -> SightingCounts:
    """Writes what one inspection saw into the cases of its portal, and the events that follow from it.

    ``verdicts``: all that the judge answered, of every outcome (clean looks are looks too); ``judged_rules``: ids of
    the rules that were judged, so that a rule whose pack was taken out changes nothing; ``exemptions``: the portal's,
    of whatever days; ``is_whole``: the crawl ended by itself, neither cut by its budget nor interrupted: only then is
    a column that is no longer mentioned taken for gone. Advice never makes a case.

    Call it in the transaction that stores the findings, one portal a transaction. The same inspection told again
    changes nothing. Findings are best stored from ``ledger.subjects.accusations(verdicts)`` with ``subject_key`` of
    each, so that findings and cases have the same keys.
    """
    _lock_portal(session, portal_id)
    day = _day_of(session, inspection_id, cycle_id, observed_at)
    told = _Told(portal_id, inspection_id, observed_at, day, tuple(exemptions))
    by_rule: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.rule in judged_rules:
            by_rule[verdict.rule].append(verdict)
    ledger = _Ledger()
    rows = lock_cases(session, CaseRow.portal_id == portal_id)
    known = {(row.rule, row.subject_key) for row in rows}
    for row in rows:
        case = _follow(row, told, ledger)
        if case.rule in by_rule:
            look, about = look_at(case, by_rule[case.rule], is_whole=is_whole)
            _look(row, case, _without_another_case(case, look, about, known, told), ledger)
    for verdict in accusations(one for group in by_rule.values() for one in group):
        if (verdict.rule, subject_key(verdict)) not in known and verdict.severity is not Severity.ADVICE:
            _open(session, verdict, told, ledger)
    written = append_events(session, ledger.events, actor=SYSTEM, now=now)
    ask_about_returned(session, ledger.returned, day=told.day, now=now)
    session.flush()
    return ledger.summed(written)


def _lock_portal(session: Session, portal_id: int) -> None:
    """Two inspections of one portal told at once take turns, so that neither makes the other's case a second time."""
    query = select(PortalRow.id).where(PortalRow.id == portal_id).with_for_update(key_share=True)
    if session.scalar(query) is None:
        raise LedgerError(f"没有编号为 {portal_id} 的网站")


def _day_of(session: Session, inspection_id: int, cycle_id: int, observed_at: datetime) -> date:
    """The day that the inspection is judged for."""
    row = session.get(InspectionRow, inspection_id) or session.get(CycleRow, cycle_id)
    return row.as_of if row is not None else observed_at.date()


def _follow(row: CaseRow, told: _Told, ledger: _Ledger) -> Case:
    """The case as the registry wants it on that day."""
    case = case_of(row)
    exemption = covering(told.exemptions, case.rule, case.check, case.subject, told.day)
    after, events = follow_registry(case, exemption, told.day)
    if after is not case:
        write_case(row, after)
        ledger.note(after, events)
    return after


def _without_another_case(
    case: Case, look: Look, about: Verdict | None, known: set[tuple[str, str]], told: _Told
) -> Sighting:
    """The sighting; a fault that stands at another place of the menu now belongs to one case only.

    It belongs to this case, unless a case of that place is there already: then this one was not seen.
    """
    if look is Look.VIOLATION and about is not None:
        key = (case.rule, subject_key(about))
        if key[1] != case.subject_key and about.members is None and case.subject_key != "":
            if key in known:
                return Sighting(Look.UNSEEN, told.inspection_id, told.at, about)
            known.add(key)
    return Sighting(look, told.inspection_id, told.at, about)


def _look(row: CaseRow, case: Case, sighting: Sighting, ledger: _Ledger) -> None:
    after, events = observe(case, sighting, get_policy())
    if sighting.look is Look.UNSEEN:
        ledger.counts["unseen"] += 1
    elif sighting.look is Look.VIOLATION:
        ledger.seen.append(case.id)
        ledger.counts["seen_again"] += after is not case
    else:
        ledger.counts["clean"] += after is not case
    if after is not case:
        write_case(row, after)
        ledger.note(after, events)


def _open(session: Session, verdict: Verdict, told: _Told, ledger: _Ledger) -> None:
    """A new case, unless an exemption covers the fault."""
    if covering(told.exemptions, verdict.rule, verdict.check, verdict.subject, told.day) is not None:
        return
    key = subject_key(verdict)
    case, events = found(verdict, key, portal_id=told.portal_id, inspection_id=told.inspection_id, at=told.at)
    stored = add_case(session, case)
    ledger.seen.append(stored.id)
    ledger.note(stored, events)
