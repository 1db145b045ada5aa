"""A cycle's work: crawl a shard of portals, judge each and store its result in one transaction, at most once.

Every step may be repeated: what has its result is left alone, what was begun by a process that died is begun again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from gkmonitor import __version__
from gkmonitor.cycles.failing import classify
from gkmonitor.cycles.holding import find_revamp
from gkmonitor.cycles.knowing import read_history
from gkmonitor.cycles.records import (
    Cycle,
    CycleKind,
    CycleSummary,
    Failure,
    Inspection,
    InspectionState,
)
from gkmonitor.cycles.sharing import weigh_shared_cause
from gkmonitor.cycles.summing import counts_of, summarise
from gkmonitor.errors import CrawlError
from gkmonitor.evidence.capture import Captured, capture
from gkmonitor.evidence.keeping import kept_file, kept_pages
from gkmonitor.evidence.scratch import scratch_folder
from gkmonitor.ledger.subjects import accusations, subject_key
from gkmonitor.records import History, Outcome, PortalFacts, Verdict
from gkmonitor.storage import Database, Session, inspections
from gkmonitor.storage.columns import column_key, columns_by_key, observe
from gkmonitor.storage.exemptions import all_exemptions_of
from gkmonitor.storage.held import ask_about_held
from gkmonitor.storage.portals import get_portal
from gkmonitor.storage.sightings import record_sightings
from gkmonitor.verdicts import verdict_object

if TYPE_CHECKING:
    from gkmonitor.evidence.records import KeptPage
    from gkmonitor.office import OfficeChoices
    from gkmonitor.registry.records import PortalEntry
    from gkmonitor.rules import RulePack
    from gkmonitor.settings import Settings

SECOND_PASS_PATIENCE: Final = 3.0  # times the time limits, for portals that failed in passing
MAX_ATTEMPTS: Final = 6  # of one portal in one cycle: one whose pages kill the crawl must not hold up the others
ALONE_AFTER: Final = 2  # attempts of a portal that ended without a result: it may be what kills the crawl
_UNDECIDED: Final = Outcome.UNDECIDED
_COLUMN_FAULTS: Final = frozenset(("column-blank", "column-stale"))


@dataclass(frozen=True, slots=True)
class Answer:
    """One portal judged."""

    facts: PortalFacts
    packs: Sequence[RulePack]
    verdicts: Sequence[Verdict]


# ---------------------------------------------------------------- the steps


def start_cycle(
    database: Database, *, name: str, kind: CycleKind, as_of: date, portal_ids: Iterable[int], now: datetime
) -> int:
    """The cycle of that name with an inspection waiting for each portal; a second call finds the first one's."""
    with database.writing() as session:
        return inspections.ensure_cycle(session, name=name, kind=kind, as_of=as_of, portal_ids=portal_ids, now=now)


def inspect_shard(
    database: Database,
    settings: Settings,
    cycle_id: int,
    portal_ids: Sequence[int] | None = None,
    *,
    clock: Callable[[], datetime],
    is_second_pass: bool = False,
    progress: Callable[[Any], None] | None = None,
    settled: Callable[[Inspection], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> None:
    """Inspect the portals of a cycle that have no result yet (all of them, or those given), in one crawl process.

    Each portal is judged and stored as soon as its crawl ends. ``settled`` is told of every stored result. Raises
    CrawlError when the crawl process dies and StorageError when a result cannot be stored: call it again then.
    Portals that were left without a result again and again are crawled each in a process of its own, so that one whose
    pages kill the crawl takes no other along.
    """
    with database.writing() as session:
        cycle = inspections.get_cycle(session, cycle_id)
        waiting = _waiting(session, cycle_id, portal_ids, is_second_pass=is_second_pass)
        hopeless = [one.id for one in waiting if one.attempts >= MAX_ATTEMPTS]
        inspections.give_up(session, hopeless, detail="采集进程多次异常退出，已放弃，请向维护者报告", now=clock())
        waiting = [one for one in waiting if one.attempts < MAX_ATTEMPTS]
        portals = {one.portal_id: get_portal(session, one.portal_id) for one in waiting}
    task = _Task(database, settings, cycle, clock, is_second_pass, progress, settled, should_stop)
    died: CrawlError | None = None
    for together in _crawled_together(waiting):
        if should_stop is not None and should_stop():
            break
        try:
            _crawl(task, together, portals)
        except CrawlError as error:
            died = error
    if died is not None:
        raise died


@dataclass(frozen=True, slots=True)
class _Task:
    """What one call of ``inspect_shard`` was asked for."""

    database: Database
    settings: Settings
    cycle: Cycle
    clock: Callable[[], datetime]
    is_second_pass: bool
    progress: Callable[[Any], None] | None
    settled: Callable[[Inspection], None] | None
    should_stop: Callable[[], bool] | None


def _crawled_together(waiting: Sequence[Inspection]) -> list[list[Inspection]]:
    """Portals by crawl process; those that already lost one twice go alone, after the others."""
    together = [one for one in waiting if one.attempts < ALONE_AFTER]
    alone = [[one] for one in waiting if one.attempts >= ALONE_AFTER]
    return [together, *alone] if together else alone


def _crawl(task: _Task, waiting: Sequence[Inspection], portals: Mapping[int, PortalEntry]) -> None:
    from gkmonitor.inspection import inspect_portals

    as_of = day_to_judge(task.cycle, task.clock(), ZoneInfo(task.settings.timezone))
    with task.database.writing() as session:
        inspections.begin(session, [one.id for one in waiting], as_of)
    waiting = [replace(one, as_of=as_of) for one in waiting]
    by_url = {_asked(portals[one.portal_id]): one for one in waiting}

    def finished(facts: PortalFacts) -> None:
        inspection = by_url[facts.site.url]
        kept = kept_file(scratch, facts.site.url) if scratch is not None else None
        settle(
            task.database,
            task.settings,
            inspection,
            portals[inspection.portal_id],
            _observed_for(facts, as_of, task.settings),
            now=task.clock(),
            is_last_try=task.is_second_pass,
            pages=kept_pages(kept) if kept is not None else (),
        )
        if kept is not None:
            kept.unlink(missing_ok=True)
        if task.settled is not None:
            task.settled(inspection)

    with scratch_folder(task.settings.evidence_folder, f"cycle-{task.cycle.id}") as scratch:
        inspect_portals(
            list(by_url),
            settings=task.settings,
            profiles={url: profile for url, one in by_url.items() if (profile := portals[one.portal_id].profile)},
            today=as_of,
            progress=task.progress,
            finished=finished,
            patience=SECOND_PASS_PATIENCE if task.is_second_pass else 1.0,
            should_stop=task.should_stop,
            keep_dir=scratch,
            private_hosts=task.settings.private_hosts if task.cycle.kind is CycleKind.DESK else None,
        )


def day_to_judge(cycle: Cycle, now: datetime, zone: ZoneInfo) -> date:
    """The day for which an inspection that begins now is judged.

    A cycle that was begun for its own day goes with the calendar: what is seen after midnight, or the next evening, is
    judged for the day on which it is seen, not for one whose news it no longer shows. A cycle for another day (a
    calendar that is replayed) keeps that day.
    """
    if cycle.as_of != cycle.started_at.astimezone(zone).date():
        return cycle.as_of
    return max(cycle.as_of, now.astimezone(zone).date())


def settle(
    database: Database,
    settings: Settings,
    inspection: Inspection,
    portal: PortalEntry,
    facts: PortalFacts,
    *,
    now: datetime,
    is_last_try: bool = True,
    pages: Iterable[KeptPage] = (),
) -> None:
    """Judge one portal's facts and store the result with everything that follows from it, in one transaction.

    ``pages``: what the crawl kept; those that an accusation rests on are on the disk before their rows are stored.
    """
    failure = classify(facts, is_last_try=is_last_try)
    if failure is Failure.TRANSIENT and not is_last_try:
        with database.writing() as session:
            if inspections.lock_unfinished(session, inspection) is not None:
                inspections.mark_failed(
                    session, inspection.id, failure=failure, detail=facts.home.detail or "", now=now
                )
        return
    with database.reading() as session:
        history = read_history(session, portal.id, inspection.as_of)
    answer = judge_portal(facts, portal, history, inspection.as_of, _choices(settings))
    with database.reading() as session:
        answer = _weighed(session, answer, inspection)
    revamp = find_revamp(history.columns, columns_by_key(answer.facts.columns)) if failure is None else None
    details = _row_details(answer, failure, revamp.words if revamp else None)
    captured = Captured(settings.evidence_folder)
    if revamp is None:
        captured = capture(database, settings, inspection, facts, answer.verdicts, pages, now, packs=details["packs"])
    rows = 0
    with database.writing() as session:
        current = inspections.lock_unfinished(session, inspection)
        if current is not None:
            case_ids = _store(session, current, answer, details, is_held=revamp is not None, now=now)
            day = now.astimezone(ZoneInfo(settings.timezone)).date()
            rows = captured.store(session, current, case_ids, captured_at=facts.observed_at, day=day)
    if not rows:  # never after an error: nobody knows then whether the rows were committed
        captured.discard()


def _weighed(session: Session, answer: Answer, inspection: Inspection) -> Answer:
    address = _server(answer.facts) or inspections.last_server_address(session, inspection.portal_id)
    weighed = weigh_shared_cause(
        session,
        answer.verdicts,
        answer.packs,
        portal_id=inspection.portal_id,
        address=address,
        as_of=inspection.as_of,
    )
    return replace(answer, verdicts=weighed)


def judge_portal(
    facts: PortalFacts, portal: PortalEntry, history: History, as_of: date, choices: OfficeChoices
) -> Answer:
    """What the rule packs in force answer, as the office has chosen them.

    What the registry knows of the portal completes what it shows itself.
    """
    from gkmonitor.judging import Judge

    site = facts.site
    site = replace(
        site,
        name=site.name or portal.name,
        site_id_code=site.site_id_code or portal.site_id_code,
        organizer=site.organizer or portal.organizer,
    )
    packs = choices.select_packs(None, site, as_of)
    verdicts = Judge(packs, as_of, choices.units).judge(replace(facts, site=site), history)
    return Answer(facts, packs, verdicts)


@lru_cache(maxsize=4)
def _choices(settings: Settings) -> OfficeChoices:
    """Read once a process: the files of an office change when the service is started again."""
    from gkmonitor.office import load_choices

    return load_choices(settings)


def finish_cycle(database: Database, cycle_id: int, *, now: datetime) -> CycleSummary:
    """Count the cycle and close it; what still has no result stays waiting and is told as unfinished."""
    with database.writing() as session:
        cycle = inspections.get_cycle(session, cycle_id)
        rows = inspections.inspections_of(session, cycle_id)
        summary = summarise(cycle, rows, findings=inspections.count_findings(session, cycle_id))
        if not summary.unfinished:
            inspections.close_cycle(session, cycle_id, counts=counts_of(summary), now=now)
            summary = replace(summary, cycle=inspections.get_cycle(session, cycle_id))
    return summary


# ---------------------------------------------------------------- parts of the steps


def _waiting(
    session: Session, cycle_id: int, portal_ids: Sequence[int] | None, *, is_second_pass: bool
) -> list[Inspection]:
    """The first pass takes what has not been tried, the second what is left."""
    waiting = inspections.unfinished(session, cycle_id, portal_ids)
    if is_second_pass:
        return waiting
    return [one for one in waiting if one.state is not InspectionState.FAILED]


def _asked(portal: PortalEntry) -> str:
    from gkmonitor.addresses import check_address

    return check_address(portal.url)


def _observed_for(facts: PortalFacts, as_of: date, settings: Settings) -> PortalFacts:
    """A day judged for that is later than the observation stands for its time too (replayed calendars)."""
    zone = ZoneInfo(settings.timezone)
    if as_of <= facts.observed_at.astimezone(zone).date():
        return facts
    return replace(facts, observed_at=datetime.combine(as_of, time(12), zone).astimezone(UTC))


def _row_details(answer: Answer, failure: Failure | None, held: str | None) -> dict[str, Any]:
    from gkmonitor.scoring import summary

    facts = answer.facts
    counts: dict[str, Any] = dict(summary(answer.verdicts))
    counts |= {"pages": facts.coverage.pages_fetched, "seconds": facts.coverage.seconds}
    counts |= {"columns": len(facts.columns), "bytes": facts.coverage.bytes_fetched}
    counts["columns_read"] = sum(column.state is None for column in facts.columns)
    counts["undecided_by"] = Counter(str(one.reason or "") for one in answer.verdicts if one.outcome is _UNDECIDED)
    if held:
        counts["held"] = held
    return {
        "failure": failure.value if failure else None,
        "failure_detail": facts.home.detail if failure else None,
        "held_reason": "revamped" if held else None,
        "server_address": _server(facts),
        "packs": {pack.id: pack.version for pack in answer.packs},
        "program_version": __version__,
        "summary": counts,
    }


def _server(facts: PortalFacts) -> str | None:
    return facts.home.observation.server_address if facts.home.observation is not None else None


def _store(
    session: Session,
    inspection: Inspection,
    answer: Answer,
    details: Mapping[str, Any],
    *,
    is_held: bool,
    now: datetime,
) -> Sequence[int]:
    """Writes everything; the ids of the cases that this inspection saw violated."""
    facts, verdicts = answer.facts, answer.verdicts
    if details["server_address"] is None:  # it did not answer: where it answered from the last time
        address = inspections.last_server_address(session, inspection.portal_id)
        details = {**details, "server_address": address}
    inspections.store_result(
        session,
        inspection,
        state=InspectionState.HELD if is_held else InspectionState.DONE,
        facts=facts,
        verdicts=[verdict_object(verdict) for verdict in verdicts],
        details=details,
        now=now,
    )
    found = [(one.rule, subject_key(one), verdict_object(one)) for one in accusations(verdicts)]
    inspections.store_findings(session, inspection, found, facts.observed_at)
    if is_held:
        words = str(details["summary"]["held"])
        ask_about_held(session, inspection.portal_id, inspection.id, words, day=inspection.as_of, now=now)
        return ()
    observe(session, inspection.portal_id, facts.columns, normal=_normal(facts, verdicts), now=facts.observed_at)
    counts = record_sightings(
        session,
        portal_id=inspection.portal_id,
        inspection_id=inspection.id,
        cycle_id=inspection.cycle_id,
        observed_at=facts.observed_at,
        verdicts=verdicts,
        judged_rules={one.rule for one in verdicts},
        exemptions=all_exemptions_of(session, inspection.portal_id),
        now=now,
        is_whole=_is_whole(facts),
    )
    return counts.cases


def _is_whole(facts: PortalFacts) -> bool:
    """The crawl ended by itself on a home page that was read: what it does not mention is not there."""
    seen = facts.coverage
    return facts.home.state is None and not seen.is_budget_spent and not seen.is_interrupted


def _normal(facts: PortalFacts, verdicts: Iterable[Verdict]) -> frozenset[str]:
    """Columns that were read and that no rule found blank or stale."""
    wanting = {subject_key(one) for one in verdicts if one.check in _COLUMN_FAULTS and one.outcome is Outcome.VIOLATION}
    read = {column_key(column) for column in facts.columns if column.state is None}
    return frozenset(read - wanting)
