"""What the service does, as functions by name. Each may be run twice or cut off at any point and run again.

``Office`` carries what they need: database, settings, queue and clock. A job reads the clock once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from gkmonitor.cycles.records import Cycle, CycleKind
from gkmonitor.cycles.running import finish_cycle, start_cycle
from gkmonitor.cycles.sharding import group_by_platform, shards_of
from gkmonitor.cycles.whole import inspect_surely, remaining
from gkmonitor.dates import parse_day
from gkmonitor.errors import CrawlError
from gkmonitor.storage import Database, case_calendar, inspections, jobs, probes, rechecks, schedules
from gkmonitor.storage.schedules import Schedule

if TYPE_CHECKING:
    from gkmonitor.queueing import Queue
    from gkmonitor.settings import Settings

_log = logging.getLogger(__name__)

SPOT: Final = 100  # priorities: what a person waits for goes first
NEWS: Final = 50
PROBES: Final = 40
UPKEEP: Final = 20
NIGHT: Final = 0
AWAITED: Final = (CycleKind.RECHECK, CycleKind.DESK)  # cycles that a person waits for
PASSES: Final = ("first", "second")
NIGHT_NAME: Final = "night"


@dataclass(frozen=True)
class Office:
    """What a job works with."""

    database: Database
    settings: Settings
    queue: Queue
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    stopping: threading.Event = field(default_factory=threading.Event)  # the process was told to end

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()


JobFunction = Callable[[Office, Mapping[str, Any]], None]
JOBS: dict[str, JobFunction] = {}


def job(name: str) -> Callable[[JobFunction], JobFunction]:
    """Makes a function known under a name."""

    def note(function: JobFunction) -> JobFunction:
        JOBS[name] = function
        return function

    return note


# ---------------------------------------------------------------- inspections


@job("cycle")
def plan_cycle(office: Office, arguments: Mapping[str, Any]) -> None:
    """Begin a night's cycle over every active portal. A second call on the same day finds the first one's."""
    from gkmonitor.storage.portals import find_portals

    now = office.clock()
    as_of = parse_day(arguments["as_of"]) if arguments.get("as_of") else _night_of(office, now)
    with office.database.reading() as session:
        portals = find_portals(session, group=arguments.get("group"))
    if not portals:
        _log.info("no active portal: nothing to inspect")
        return
    name = f"{as_of.isoformat()}/{arguments.get('name', NIGHT_NAME)}"
    cycle_id = start_cycle(
        office.database,
        name=name,
        kind=CycleKind(arguments.get("kind", CycleKind.REGULAR.value)),
        as_of=as_of,
        portal_ids=[portal.id for portal in portals],
        now=now,
    )
    _enqueue_shards(office, cycle_id, PASSES[0], arguments.get("window"), now)


def _night_of(office: Office, now: datetime) -> date:
    """The day that a night's run judges for: a run begun before midnight belongs to that day, as its dates will."""
    return office.today(now)


def _enqueue_shards(office: Office, cycle_id: int, which: str, window: Sequence[int] | None, now: datetime) -> int:
    """One job a shard, for whatever the pass has still to do; how many were new.

    Portals of a job that waits or runs are in good hands: a second job would visit them at the same time.
    """
    left = remaining(office.database, cycle_id, is_second_pass=which == PASSES[1])
    cared_for = {
        portal_id
        for live in office.queue.live_arguments("shard")
        if int(live["cycle"]) == cycle_id and live["pass"] == which
        for portal_id in live["portals"]
    }
    left = [portal_id for portal_id in left if portal_id not in cared_for]
    with office.database.reading() as session:
        kind = inspections.get_cycle(session, cycle_id).kind
        platforms = group_by_platform(left, inspections.server_addresses(session, left))
    added = 0
    for shard in shards_of(platforms):
        key = f"shard:{cycle_id}:{which}:{shard.portal_ids[0]}"
        added += office.queue.enqueue(
            "shard",
            {"cycle": cycle_id, "pass": which, "portals": list(shard.portal_ids), "window": list(window or ())},
            now=now,
            priority=SPOT if kind in AWAITED else NIGHT,
            lock=shard.lock or key,
            unique_key=key,
        )
    return added


@job("shard")
def inspect_portals_of(office: Office, arguments: Mapping[str, Any]) -> None:
    """Inspect some portals of a cycle; outside the window of the night, wait for the next one."""
    now, window = office.clock(), arguments.get("window") or ()
    cycle_id, portal_ids, which = int(arguments["cycle"]), list(arguments["portals"]), str(arguments["pass"])
    begins = next_window(now.astimezone(office.zone), window)
    if begins > now:
        key = f"later:{cycle_id}:{which}:{portal_ids[0]}"  # once, however often it is asked for during the day
        office.queue.enqueue("shard", arguments, now=now, run_after=begins, lock=key, unique_key=key)
        return
    is_second = which == PASSES[1]
    inspect_surely(
        office.database,
        office.settings,
        cycle_id,
        portal_ids,
        clock=office.clock,
        is_second_pass=is_second,
        should_stop=office.stopping.is_set,
    )
    left = remaining(office.database, cycle_id, is_second_pass=is_second)
    if set(left) & set(portal_ids):
        raise CrawlError("采集中断，其余网站稍后继续")
    if not left:
        _go_on(office, cycle_id, window, office.clock())


def next_window(local: datetime, window: Sequence[int]) -> datetime:
    """Now, where the hour lies in the window [from, to); else when the window begins next. No window: always now."""
    if len(window) != 2 or window[0] == window[1]:
        return local
    begin, end = window
    is_inside = begin <= local.hour < end if begin < end else local.hour >= begin or local.hour < end
    if is_inside:
        return local
    start = local.replace(hour=begin, minute=0, second=0, microsecond=0)
    return start if start > local else start + timedelta(days=1)


def _go_on(office: Office, cycle_id: int, window: Sequence[int], now: datetime) -> None:
    """What follows when a pass may be over: the second pass over what failed in passing, or the end of the cycle."""
    if remaining(office.database, cycle_id, is_second_pass=False):
        return
    if remaining(office.database, cycle_id, is_second_pass=True):
        _enqueue_shards(office, cycle_id, PASSES[1], window, now)
        return
    summary = finish_cycle(office.database, cycle_id, now=now)
    _log.info("cycle %s is done: %d portals, %d findings", summary.cycle.name, summary.inspected, summary.findings)
    office.queue.enqueue("news", {}, now=now, priority=NEWS, unique_key="news")


@job("advance")
def advance_cycles(office: Office, _arguments: Mapping[str, Any]) -> None:
    """See that every begun cycle goes on: jobs that were lost are enqueued again, what is over is closed."""
    now = office.clock()
    back, given_up = office.queue.take_back_stalled(now)
    with office.database.reading() as session:
        running = inspections.running_cycles(session)
        kept = schedules.list_schedules(session)
    if back or given_up:
        _log.warning("took back %d jobs of dead workers, gave up %d", back, given_up)
    for cycle in running:
        window = _window_of(cycle, kept)
        if remaining(office.database, cycle.id, is_second_pass=False):
            _enqueue_shards(office, cycle.id, PASSES[0], window, now)
        else:
            _go_on(office, cycle.id, window, now)


def _window_of(cycle: Cycle, kept: Iterable[Schedule]) -> Sequence[int]:
    """The hours in which the schedule of a cycle lets portals be crawled; none for what people asked for."""
    for one in kept:
        if one.job == "cycle" and cycle.name.endswith(f"/{one.arguments.get('name', NIGHT_NAME)}"):
            return tuple(one.arguments.get("window") or ())
    return ()


@job("recheck")
def recheck(office: Office, arguments: Mapping[str, Any]) -> None:
    """Inspect again at once, for somebody at the desk, the portals that a month's notice is about to name (``month``).

    ``portals`` instead: these. Nothing is led into a private network, as with every inspection from the desk.
    """
    now = office.clock()
    month = arguments.get("month")
    portal_ids = [int(one) for one in (_named_in(office, str(month), now) if month else arguments["portals"])]
    if not portal_ids:
        _log.info("nothing to inspect again%s", f" for {month}" if month else "")
        return
    name = f"{office.today(now).isoformat()}/recheck/{arguments['key']}"
    cycle_id = start_cycle(
        office.database, name=name, kind=CycleKind.DESK, as_of=office.today(now), portal_ids=portal_ids, now=now
    )
    _enqueue_shards(office, cycle_id, PASSES[0], None, now)


@job("desk_inspection")
def inspect_for_desk(office: Office, arguments: Mapping[str, Any]) -> None:
    """Inspect one portal at once for somebody at the desk, never led into a private network (``CycleKind.DESK``)."""
    now = office.clock()
    cycle_id = start_cycle(
        office.database,
        name=str(arguments["name"]),
        kind=CycleKind.DESK,
        as_of=office.today(now),
        portal_ids=[int(arguments["portal"])],
        now=now,
    )
    if arguments.get("request") is not None:  # what a unit asked for, so that it can be told
        with office.database.writing() as session:
            rechecks.note_cycle(session, int(arguments["request"]), cycle_id)
    _enqueue_shards(office, cycle_id, PASSES[0], None, now)


@job("spot")
def check_address_once(office: Office, arguments: Mapping[str, Any]) -> None:
    """A spot check of any address, for somebody at the desk; the ledger is not touched."""
    from gkmonitor.spotting import look_once

    look_once(office.settings, str(arguments["key"]))


@job("trial")
def try_pack(office: Office, arguments: Mapping[str, Any]) -> None:
    """One slice of trying a rule pack on a month's stored inspections; what is left is the next job's."""
    from gkmonitor.trials import work_on

    key = str(arguments["key"])
    trial = work_on(office.database, office.settings, key, should_stop=office.stopping.is_set)
    if trial is not None and trial.state in ("waiting", "running"):
        queue_trial(office.queue, key, trial.done, office.clock())


def queue_trial(queue: Queue, key: str, done: int, now: datetime) -> bool:
    """Has a trial worked on from where it is; False where that is asked for already."""
    return queue.enqueue(
        "trial",
        {"key": key, "done": done},
        now=now,
        priority=UPKEEP,
        lock=f"trial:{key}",
        unique_key=f"trial:{key}:{done}",
    )


def _named_in(office: Office, month: str, now: datetime) -> Sequence[int]:
    from gkmonitor.issuing import portals_to_recheck
    from gkmonitor.storage.month_data import gather_month

    return portals_to_recheck(gather_month(office.database, office.settings, month, now))


# ---------------------------------------------------------------- availability


@job("probes")
def probe_due(office: Office, _arguments: Mapping[str, Any]) -> None:
    """Probe the portals whose turn has come since the last round."""
    from gkmonitor.inspection import names_wall
    from gkmonitor.probing import ProbeTarget, due, probe_all
    from gkmonitor.settings import find_proxies
    from gkmonitor.storage.portals import find_portals

    now = office.clock()
    with office.database.writing() as session:
        since = probes.take_round(session, now)
        portals = find_portals(session) if since is not None else []
    targets = due([ProbeTarget(one.id, one.url) for one in portals], since, now) if since is not None else []
    if not targets:
        return
    made = probe_all(targets, office.settings, proxies=find_proxies(), recognise_wall=names_wall, clock=office.clock)
    with office.database.writing() as session:
        probes.store_probes(session, made, office.zone)


# ---------------------------------------------------------------- the calendar


@job("day")
def begin_day(office: Office, _arguments: Mapping[str, Any]) -> None:
    """What a new day brings: deadlines that have passed, exemptions that end."""
    now, close_after = office.clock(), office.settings.close_rectified_days or None
    with office.database.writing() as session:
        case_calendar.pass_day(session, day=office.today(now), now=now, close_after_days=close_after)
    office.queue.enqueue("news", {}, now=now, priority=NEWS, unique_key="news")


@job("month")
def begin_month(office: Office, arguments: Mapping[str, Any]) -> None:
    """The tasks of a month: what rules leave to people, per portal."""
    from gkmonitor.rules import available_packs
    from gkmonitor.storage.portals import find_portals
    from gkmonitor.storage.tasks import ensure_tasks

    now = office.clock()
    month = str(arguments.get("month") or office.today(now).isoformat()[:7])
    packs = list(available_packs().values())
    since = datetime.combine(parse_day(f"{month}-01"), time(), office.zone)
    with office.database.reading() as session:
        portals = find_portals(session)
        undecided = inspections.undecided_rules(session, since)
    with office.database.writing() as session:
        made = ensure_tasks(session, portals, month, packs, now, undecided=undecided)
    _log.info("%d tasks for people in %s", made, month)


@job("news")
def tell_people(office: Office, _arguments: Mapping[str, Any]) -> None:
    """Turn events into notices, and send those that are due."""
    from gkmonitor.notifying.channels import deliver
    from gkmonitor.notifying.sending import queue_news, send_due
    from gkmonitor.settings import find_proxies

    now = office.clock()
    while queue_news(office.database, office.settings, now=now):
        pass
    proxies = find_proxies()
    send_due(office.database, lambda contact, message: deliver(contact, message, office.settings, proxies), now=now)


@job("health")
def watch_over(office: Office, _arguments: Mapping[str, Any]) -> None:
    """See whether the crawler goes out and brings home what it usually does; tell the office where it does not."""
    from gkmonitor.condition import look_for_yield_drops, read_condition
    from gkmonitor.notifying.office import queue_alarms

    now = office.clock()
    look_for_yield_drops(office.database)
    found = read_condition(office.database, now)
    for problem in found.problems:
        _log.warning("%s: %s", problem.code, problem.words)
    if queue_alarms(office.database, office.settings, found.alarms, now=now):
        office.queue.enqueue("news", {}, now=now, priority=NEWS, unique_key="news")


@job("retention")
def keep_to_limits(office: Office, _arguments: Mapping[str, Any]) -> None:
    """Delete what the settings no longer keep (facts, probes, ended jobs, evidence); fix yesterday under its root."""
    from gkmonitor.evidence.day_roots import close_day
    from gkmonitor.evidence.retention import keep_in_bounds
    from gkmonitor.spotting import sweep_requests
    from gkmonitor.trials import sweep_trials

    now = office.clock()
    with office.database.writing() as session:
        facts = inspections.delete_facts_before(session, now - timedelta(days=office.settings.facts_days))
    with office.database.writing() as session:
        single = probes.delete_probes_before(session, now - timedelta(days=probes.KEPT_DAYS))
    with office.database.writing() as session:
        ended = jobs.delete_ended_before(session, now)
    _log.info("deleted %d facts, %d probes, %d ended jobs", facts, single, ended)
    sweep_requests(office.settings, now)
    sweep_trials(office.settings, now)
    close_day(office.database, office.settings, None, now)
    evidence = keep_in_bounds(office.database, office.settings, now)
    _log.info(
        "evidence: forgot %d rows and %d files, swept %d orphans and %d scratch folders",
        *(evidence.rows, evidence.files, evidence.orphans, evidence.scratch),
    )


@job("pictures")
def picture_pages(office: Office, _arguments: Mapping[str, Any]) -> None:
    """Screenshots of the pages behind weighty cases, where a browser is installed."""
    from gkmonitor.evidence.screenshots import take_screenshots

    now = office.clock()
    taken = take_screenshots(office.database, office.settings, now)
    if taken:
        _log.info("%d screenshots", taken)
