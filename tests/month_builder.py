"""Ledgers of a month for tests, told night by night through the functions that the service itself uses."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from databases import opened, sqlite_database
from facts_builder import portal as facts_of
from ledger_builder import BASIS, verdict
from sqlalchemy import select

from gkmonitor.cycles.records import CycleKind, Failure, InspectionState
from gkmonitor.ledger.records import Case, Decision, EventKind
from gkmonitor.ledger.subjects import accusations, subject_key
from gkmonitor.records import ColumnFacts, Outcome, Profile, Reason, Severity, Subject, Verdict
from gkmonitor.registry.records import PortalState
from gkmonitor.rules import available_packs
from gkmonitor.settings import Settings, load_settings
from gkmonitor.storage import Database, inspections, tasks
from gkmonitor.storage.cases import decide, record_sightings
from gkmonitor.storage.columns import observe
from gkmonitor.storage.models import CaseRow
from gkmonitor.storage.portals import add_portal, get_portal, set_state
from gkmonitor.storage.registry_changes import By
from gkmonitor.verdicts import verdict_object

HOME = "national-2019-19/home-not-updated"
UNREACHABLE = "national-2019-19/site-unreachable"
STALE = "national-2019-19/news-column-stale"
BEGUN = datetime(2026, 9, 1, 1, tzinfo=UTC)
OK, VIOLATION = Outcome.OK, Outcome.VIOLATION

_numbers = itertools.count(1)


def column(name: str, concept: str = "news") -> Subject:
    return Subject(concept, name, f"http://qinghe.example/{name}/", ("首页", name))


def stale(name: str, outcome: Outcome = VIOLATION, concept: str = "news", reason: Reason | None = None) -> Verdict:
    """Whether a column is stale."""
    message = f"栏目“{name}”超过两周未更新"
    made = verdict(outcome, rule=STALE, subject=column(name, concept), reason=reason, message=message)
    return replace(made, measured="2026-01-02", required="2周", latest=date(2026, 1, 2), days=300)


def veto(rule: str, outcome: Outcome = OK, reason: Reason | None = None) -> Verdict:
    check = rule.partition("/")[2]
    return Verdict(rule, check, outcome, Severity.VETO, BASIS, "首页两周未更新", Subject(), reason=reason)


def in_order(*others: Verdict) -> list[Verdict]:
    """Both vetoes in order, and what else there is."""
    return [veto(HOME), veto(UNREACHABLE), *others]


class Town:
    """An office with several portals, each known by a short name."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings: Settings = load_settings(office_name="青禾市人民政府办公室", region_name="全市")
        self.portals: dict[str, int] = {}

    def add(self, short: str, name: str, region: str, profile: Profile = Profile.DEPARTMENT) -> int:
        values = {"name": name, "url": f"http://town{next(_numbers)}.example/", "region": region}
        with self.database.writing() as session:
            unit = (f"{region}人民政府",)
            self.portals[short] = add_portal(session, {**values, "profile": profile.value}, unit, By("王五", BEGUN))
        return self.portals[short]

    def pause(self, short: str) -> None:
        with self.database.writing() as session:
            set_state(session, self.portals[short], PortalState.PAUSED, By("王五", BEGUN, "改版"))

    def night(
        self,
        day: str,
        seen: Mapping[str, Sequence[Verdict]],
        *,
        columns: Mapping[str, Sequence[ColumnFacts]] | None = None,
        failures: Mapping[str, Failure] | None = None,
    ) -> None:
        """One cycle at nine in the morning (01:00 UTC) of a day."""
        at = moment(day)
        ids = [self.portals[short] for short in (*seen, *(failures or {}))]
        with self.database.writing() as session:
            name = f"{day}/{next(_numbers)}"
            cycle = inspections.ensure_cycle(
                session, name=name, kind=CycleKind.REGULAR, as_of=at.date(), portal_ids=ids, now=at
            )
        waiting = self._waiting(cycle)
        for short, verdicts in seen.items():
            self._store(waiting[self.portals[short]], at, list(verdicts), list((columns or {}).get(short, ())), None)
        for short, failure in (failures or {}).items():
            self._store(waiting[self.portals[short]], at, [], [], failure)

    def _waiting(self, cycle: int) -> dict[int, inspections.Inspection]:
        with self.database.reading() as session:
            return {one.portal_id: one for one in inspections.inspections_of(session, cycle)}

    def _store(
        self,
        inspection: inspections.Inspection,
        at: datetime,
        verdicts: list[Verdict],
        columns: list[ColumnFacts],
        failure: Failure | None,
    ) -> None:
        facts = replace(facts_of(*columns), observed_at=at)
        with self.database.writing() as session:
            inspections.store_result(
                session,
                inspection,
                state=InspectionState.DONE,
                facts=facts,
                verdicts=[verdict_object(one) for one in verdicts],
                details={"failure": failure.value if failure else None},
                now=at,
            )
            found = [(one.rule, subject_key(one), verdict_object(one)) for one in accusations(verdicts)]
            inspections.store_findings(session, inspection, found, at)
            observe(session, inspection.portal_id, columns, normal=(), now=at)
            record_sightings(
                session,
                portal_id=inspection.portal_id,
                inspection_id=inspection.id,
                cycle_id=inspection.cycle_id,
                observed_at=at,
                verdicts=verdicts,
                judged_rules={one.rule for one in verdicts},
                exemptions=(),
                now=at,
                is_whole=True,
            )

    def case_id(self, short: str, rule: str = STALE, name: str | None = None) -> int:
        """The id of a portal's case on a rule and column."""
        with self.database.reading() as session:
            query = select(CaseRow.id, CaseRow.subject).where(
                CaseRow.portal_id == self.portals[short], CaseRow.rule == rule
            )
            found = [row for row, subject in session.execute(query) if name is None or subject["column"] == name]
        assert len(found) == 1, found
        return found[0]

    def decide(self, day: str, kind: EventKind, case_id: int, **given: object) -> Case:
        """A person's decision at noon (04:00 UTC) of a day."""
        at = moment(day) + timedelta(hours=3)
        decision = Decision(kind, at.date(), **given)  # type: ignore[arg-type]
        with self.database.writing() as session:
            return decide(session, case_id, decision, actor="张三", now=at)

    def confirm(self, day: str, short: str, rule: str = STALE, name: str | None = None) -> int:
        case_id = self.case_id(short, rule, name)
        self.decide(day, EventKind.CONFIRMED, case_id)
        return case_id

    def tick(self, day: str, short: str, rule: str, month: str) -> None:
        """A person finds a veto in order that no inspection could settle."""
        at = moment(day)
        with self.database.writing() as session:
            portal = get_portal(session, self.portals[short])
            packs = list(available_packs().values())
            tasks.ensure_tasks(session, [portal], month, packs, at, undecided={portal.id: [rule]})
            (task,) = [one for one in tasks.list_tasks(session, month=month, portals=[portal.id]) if one.rule == rule]
            tasks.finish_task(session, task.id, outcome="ok", note="打得开", actor="李四", now=at)


def moment(day: str) -> datetime:
    """01:00 UTC of a day written 11-05, in 2026; or of one written in full."""
    full = day if len(day) == 10 else f"2026-{day}"
    return datetime.combine(date.fromisoformat(full), datetime.min.time(), UTC) + timedelta(hours=1)


def three_counties(database: Database) -> Town:
    """青禾县 has a stale column, 白沙县 a veto, both confirmed in November and seen on the 30th; 清水县 is in order."""
    town = Town(database)
    for short, name in (("A", "青禾县人民政府"), ("B", "白沙县人民政府"), ("C", "清水县人民政府")):
        town.add(short, name, name[:3])
    seen = {"A": in_order(stale("要闻")), "B": [veto(HOME, VIOLATION), veto(UNREACHABLE)], "C": in_order()}
    town.night("11-10", seen)
    town.night("11-11", seen)
    town.confirm("11-12", "A")
    town.confirm("11-12", "B", HOME)
    town.night("11-30", seen)
    return town


@contextmanager
def copied(made: Town, template: Path, folder: Path) -> Iterator[Town]:
    """The same town in a database of one's own, in ``folder``. ``template``: the folder where ``made`` was made."""
    with sqlite_database(folder, template / "gkmonitor.db") as url, opened(url) as database:
        town = Town(database)
        town.portals.update(made.portals)
        yield town
