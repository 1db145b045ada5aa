"""A month of the service in one test: real crawls of small portals, the shipped schedules, a clock that is moved.

June 2035: 水务 mends its column and lets it go blank again, 燃气 has an exemption for nine days, 公交 appeals
twice, and 县政府 is registered on the 14th and never opens. All that is counted here was counted by hand.
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from databases import opened
from office_portals import OfficePortal, always, never, register, running

from gkmonitor.jobs import Office
from gkmonitor.ledger.records import Case, Decision, EventKind, State
from gkmonitor.ledger.tasks import first_of, questions_for
from gkmonitor.notifying.records import Message
from gkmonitor.probing import Probe, ProbeOutcome
from gkmonitor.queueing import EmbeddedQueue
from gkmonitor.registry.records import Channel, Contact, Exemption, PortalState
from gkmonitor.rules import available_packs
from gkmonitor.scheduling import default_schedules, hand_out, make_trigger
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database, inspections, jobs, probes, schedules
from gkmonitor.storage.cases import decide, events_of, list_cases, verify_chain
from gkmonitor.storage.contacts import add_contact
from gkmonitor.storage.exemptions import add_exemption
from gkmonitor.storage.models import FindingRow, NoticeRow
from gkmonitor.storage.portals import add_portal, find_portals, set_state
from gkmonitor.storage.registry_changes import By
from gkmonitor.storage.tasks import list_tasks
from gkmonitor.working import Worker

ZONE = ZoneInfo("Asia/Shanghai")
NIGHTS = (1, 5, 9, 13, 17, 21, 25, 29)
BLANK = "column-blank"


def june(day: int, hour: int = 0) -> datetime:
    return datetime.combine(date(2035, 6, day), time(hour), ZONE)


def between(first: int, last: int) -> Callable[[date], bool]:
    return lambda day: first <= day.day <= last


class Month:
    """The office, its portals and its calendar."""

    def __init__(self, database: Database, portals: dict[str, OfficePortal]) -> None:
        self.now = june(1)
        settings = load_settings(probe_canaries="none", request_delay_seconds=0, max_pages=8)
        self.office = Office(database, settings, EmbeddedQueue(database), lambda: self.now)
        self.database = database
        self.portals = portals
        self.by_hand: dict[int, list[Callable[[], None]]] = {}
        self.probed: dict[int, Callable[[], None]] = {}

    def on(self, day: int, *acts: Callable[[], None]) -> None:
        """What people do on a day, at ten in the morning."""
        self.by_hand[day] = list(acts)

    def live(self, days: range) -> None:
        for day in days:
            for portal in self.portals.values():
                portal.day = june(day).date()
            for moment, schedule in sorted(self._ticks(day), key=lambda tick: tick[0]):
                self.now = moment
                if schedule is None:
                    for act in self.by_hand.pop(day, []):
                        act()
                else:
                    hand_out(self.office, schedule, moment)
                    Worker(self.office).run_until_empty()

    def _ticks(self, day: int) -> Iterator[tuple[datetime, schedules.Schedule | None]]:
        yield june(day, 10), None
        with self.database.reading() as session:
            kept = schedules.list_schedules(session)
        for schedule in kept:
            if "cron" in schedule.trigger:
                trigger = make_trigger(replace(schedule, trigger={"cron": schedule.trigger["cron"]}), str(ZONE))
                fires = trigger.get_next_fire_time(None, june(day))
                if fires is not None and fires < june(day) + timedelta(days=1):
                    yield fires, schedule
            elif schedule.name in ("news", "advance"):  # every few minutes in life; here twice a day is enough
                yield from ((june(day, hour), schedule) for hour in (11, 23))
            elif schedule.name == "probes" and day == 21:
                yield from ((june(day, hour) + timedelta(minutes=1), schedule) for hour in range(24))

    # ------------------------------------------------------------ people

    def cases(self, key: str) -> dict[str, Case]:
        """The cases of a portal by the name of their column ("" for the portal itself)."""
        with self.database.reading() as session:
            found = list_cases(session, portals=[self.portals[key].id])
        return {(case.subject.path or ("",))[-1]: case for case in found}

    def decide(self, key: str, column: str, kind: EventKind, **given: object) -> None:
        decision = Decision(kind, self.now.date(), **given)  # type: ignore[arg-type]
        case = self.cases(key)[column]
        with self.database.writing() as session:
            decide(session, case.id, decision, actor="张禾", now=self.now)

    def events(self, key: str, column: str) -> list[EventKind]:
        case = self.cases(key)[column]
        with self.database.reading() as session:
            return [EventKind(event.kind) for event in events_of(session, case.id)]

    def note_probes(self, portal_id: int, day: int, outcome: ProbeOutcome) -> None:
        """A day of probes as the rounds of that day would have stored them."""
        with self.database.writing() as session:
            made = [Probe(portal_id, june(day, hour), outcome) for hour in range(24)]
            probes.store_probes(session, made, ZONE)


@pytest.fixture
def portals() -> Iterator[dict[str, OfficePortal]]:
    day = june(1).date()
    made = {
        "水务": OfficePortal(
            "青禾县水务集团", {"通知公告": lambda d: between(1, 7)(d) or between(20, 30)(d)}, day, "127.0.3.71"
        ),
        "燃气": OfficePortal("云岭市燃气集团", {"通知公告": always}, day, "127.0.3.72"),
        "公交": OfficePortal(
            "松溪市公交集团", {"通知公告": always, "企业文化": always, "招聘": never}, day, "127.0.3.73"
        ),
    }
    with running(list(made.values())):
        yield made


@pytest.fixture
def month(sqlite_url: str, portals: dict[str, OfficePortal]) -> Iterator[Month]:
    with opened(sqlite_url) as database:
        register(database, list(portals.values()))
        night = next(one for one in default_schedules() if one.name == "night")
        every_fourth = replace(night, trigger={"cron": "30 22 */4 * *"})
        with database.writing() as session:
            schedules.ensure_schedules(session, [every_fourth], june(1))  # an office's own
            schedules.ensure_schedules(session, default_schedules(), june(1))
            for portal in portals.values():
                add_contact(
                    session,
                    name="李溪",
                    channel=Channel.MAIL,
                    address=f"p{portal.id}@example.gov.cn",
                    by=By("测试", june(1)),
                    portal_id=portal.id,
                )
        yield Month(database, portals)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """(address, text) of every message that went out."""
    sent: list[tuple[str, str]] = []

    def deliver(contact: Contact, message: Message, *_: object) -> None:
        sent.append((contact.address, message.text))

    monkeypatch.setattr("gkmonitor.notifying.channels.deliver", deliver)
    return sent


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as refusing:
        refusing.bind(("127.0.3.74", 0))  # bound but never listening: whoever connects is refused
        yield refusing.getsockname()[1]


def plan_the_people(month: Month, closed_port: int) -> None:
    """Everything that persons do in this month."""
    notify = {"deadline": date(2035, 6, 12)}

    def exempt() -> None:
        one = Exemption(
            0,
            month.portals["燃气"].id,
            None,
            None,
            None,
            "云办函〔2035〕7号",
            date(2035, 6, 7),
            date(2035, 6, 15),
            "王岭",
        )
        with month.database.writing() as session:
            add_exemption(session, one, By("王岭", month.now))

    def register_county() -> None:
        with month.database.writing() as session:
            values = {"name": "青禾县人民政府", "url": f"http://127.0.3.74:{closed_port}", "profile": "county-portal"}
            county = OfficePortal("青禾县人民政府", {}, june(14).date())
            county.id = add_portal(session, values, (), By("王岭", month.now))
        month.portals["县政府"] = county

    def probe(day: int) -> Callable[[], None]:
        return lambda: month.note_probes(month.portals["县政府"].id, day, ProbeOutcome.DOWN)

    def pause() -> None:
        with month.database.writing() as session:
            by = By("王岭", month.now, "网站关停整改")
            set_state(session, month.portals["县政府"].id, PortalState.PAUSED, by)

    act = month.decide
    month.on(
        6,
        exempt,
        *(
            lambda key=key, column=column: act(key, column, EventKind.CONFIRMED)
            for key, column in (("水务", "通知公告"), ("公交", "通知公告"), ("公交", "企业文化"))
        ),
        lambda: act("水务", "通知公告", EventKind.NOTIFIED, deadline=date(2035, 6, 20)),
        lambda: act("公交", "通知公告", EventKind.NOTIFIED, **notify),
        lambda: act("公交", "企业文化", EventKind.NOTIFIED, **notify),
    )
    month.on(
        7,
        lambda: act("公交", "通知公告", EventKind.APPEALED, note="栏目由集团网站统一发布"),
        lambda: act("公交", "企业文化", EventKind.APPEALED, note="正在建设"),
    )
    month.on(
        9,
        lambda: act("公交", "通知公告", EventKind.APPEAL_UPHELD, note="情况属实"),
        lambda: act("公交", "企业文化", EventKind.APPEAL_REJECTED, note="建设中不是理由"),
    )
    month.on(14, lambda: act("水务", "通知公告", EventKind.CLOSED), register_county, lambda: probe(14)())
    for day in (15, 16, 17, 18, 19, 20, 22, 23, 24):
        month.on(day, probe(day))
    month.on(26, pause)


def test_a_month_of_the_service_as_counted_by_hand(month: Month, told: list, closed_port: int) -> None:
    plan_the_people(month, closed_port)
    month.live(range(1, 31))

    lives = {
        ("水务", "通知公告"): "found opened confirmed notified clean_seen rectified closed reappeared opened",
        ("燃气", "通知公告"): "found opened exempted exemption_ended opened",
        ("公交", "通知公告"): "found opened confirmed notified appealed appeal_upheld",
        ("公交", "企业文化"): "found opened confirmed notified appealed appeal_rejected deadline_passed",
        ("县政府", ""): "found opened",
    }
    assert {key: " ".join(month.events(*key)) for key in lives} == lives
    check_cases(month)
    check_inspections(month)
    check_probes(month)
    check_tasks(month)
    check_notices(month, told)
    with month.database.reading() as session:
        assert verify_chain(session) is None
        assert set(jobs.counts_by_state(session)) == {"done"}


def check_cases(month: Month) -> None:
    with month.database.reading() as session:
        assert len(list_cases(session)) == 5
    water = month.cases("水务")["通知公告"]
    assert (water.state, water.repeats, water.observations) == (State.OPEN, 1, 3)  # on the 21st, 25th and 29th
    gas = month.cases("燃气")["通知公告"]
    assert (gas.state, gas.repeats, gas.observations) == (State.OPEN, 0, 4)  # from the 17th on, after the exemption
    bus = month.cases("公交")
    assert (bus["通知公告"].state, bus["通知公告"].state_reason) == (State.DISMISSED, "appeal_upheld")
    assert (bus["企业文化"].state, bus["企业文化"].is_overdue) == (State.NOTIFIED, True)
    county = month.cases("县政府")[""]
    assert (county.state, county.check, county.severity) == (State.OPEN, "site-unreachable", "veto")


def check_inspections(month: Month) -> None:
    with month.database.reading() as session:
        cycles = inspections.latest_cycles(session, 100)
        by_night = {cycle.as_of.day: inspections.inspections_of(session, cycle.id) for cycle in cycles}
        findings = Counter(row.rule for row in session.query(FindingRow))
        for row in (row for rows in by_night.values() for row in rows):
            assert row.facts_id is not None
            assert inspections.load_stored_facts(session, row.facts_id).site.url
    assert all(cycle.finished_at is not None for cycle in cycles)
    assert sorted(by_night) == list(NIGHTS)
    assert [len(by_night[night]) for night in NIGHTS] == [3, 3, 3, 3, 4, 4, 4, 3]
    failed = [(night, row.failure) for night in NIGHTS for row in by_night[night] if row.failure is not None]
    assert failed == [(night, "transient") for night in (17, 21, 25)]
    # 水务 blank on 5 nights, 燃气 on 8 less 2 exempt ones, 公交 twice on 8; 县政府 on the nights with a week of probes.
    assert findings == {"national-2019-19/column-blank": 5 + 6 + 16, "national-2019-19/site-unreachable": 2}


def check_probes(month: Month) -> None:
    """On the 21st by the real job, hour by hour; on the other days as it would have stored them."""
    day = date(2035, 6, 21)
    with month.database.reading() as session:
        sums = {
            key: [(one["up"], one["down"]) for one in probes.probe_days(session, portal.id, day, day)]
            for key, portal in month.portals.items()
        }
    assert sums == {"水务": [(23, 0)], "燃气": [(23, 0)], "公交": [(23, 0)], "县政府": [(0, 23)]}


def check_tasks(month: Month) -> None:
    """Made on the first, the eleventh and the 21st, each once; the county's when it had been registered."""
    with month.database.reading() as session:
        made = Counter((task.portal_id, task.rule) for task in list_tasks(session, month="2035-06"))
        portals = find_portals(session, states=tuple(PortalState))
    assert set(made.values()) == {1}
    packs = list(available_packs().values())
    asked = {(one.id, question.rule) for one in portals for question in questions_for(one, packs, first_of("2035-06"))}
    assert asked <= set(made)
    vetoes = set(made) - asked
    assert {portal_id for portal_id, _ in vetoes} == {month.portals["县政府"].id}  # never seen: people have to look


def check_notices(month: Month, told: list[tuple[str, str]]) -> None:
    with month.database.reading() as session:
        queued = session.query(NoticeRow).filter(NoticeRow.event_id.is_not(None)).all()
    assert Counter(row.subject for row in queued) == {
        "整改通知：青禾县水务集团": 1,
        "已看到整改：青禾县水务集团": 1,
        "问题已办结：青禾县水务集团": 1,
        "问题再次出现：青禾县水务集团": 1,
        "整改通知：松溪市公交集团": 2,
        "申诉成立：松溪市公交集团": 1,
        "申诉未被采纳：松溪市公交集团": 1,
        "整改逾期：松溪市公交集团": 1,
    }
    assert {row.state for row in queued} == {"sent"}
    whole = "\n".join(text for _, text in told)
    assert [whole.count(f"【{words}】") for words in ("整改通知", "整改逾期", "问题再次出现")] == [3, 1, 1]
    assert not any(address == f"p{month.portals['燃气'].id}@example.gov.cn" for address, _ in told)
