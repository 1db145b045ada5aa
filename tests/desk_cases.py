"""A small ledger with evidence for the tests of the desk: a unit's portal, inspected on two nights, and another's."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from databases import opened, sqlite_database
from desk_client import Clock
from evidence_cases import BASE, DAY, Office, blank_budget, kept, night
from facts_builder import column, item
from sqlalchemy import update

from gkmonitor.ledger.records import Case, Decision, EventKind, State
from gkmonitor.records import Severity
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database
from gkmonitor.storage.cases import NewFinding, add_finding, decide, get_case, list_cases
from gkmonitor.storage.models import PortalRow, UnitRow
from gkmonitor.storage.portals import add_portal
from gkmonitor.storage.registry_changes import By

TRAP = "<img src=x onerror=alert(1)>"
BLANK = "national-2019-19/column-blank"
STALE = "national-2019-19/notices-column-stale"


class Jobs:
    """A queue that keeps what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def enqueue(self, name: str, arguments: dict[str, Any], **_words: Any) -> bool:
        self.asked.append((name, arguments))
        return True

    def live_arguments(self, _name: str) -> list[dict[str, Any]]:
        return []


@dataclass
class DeskCases:
    """``unit``: whose portal it is; ``other_unit`` and ``other_portal``: somebody else's."""

    database: Database
    office: Office
    unit: int
    other_unit: int
    other_portal: int
    clock: Clock
    jobs: Jobs

    @property
    def words(self) -> dict[str, Any]:
        """For ``client_as``."""
        return {"clock": self.clock, "queue": self.jobs, "evidence_dir": str(self.office.folder)}

    def cases(self, state: State | None = None) -> list[Case]:
        with self.database.reading() as session:
            return list_cases(session, states=(state,) if state else ())

    def of_rule(self, rule: str) -> Case:
        return next(case for case in self.cases() if case.rule == rule)

    def case(self, number: int) -> Case:
        with self.database.reading() as session:
            return get_case(session, number)

    def decide(self, number: int, kind: EventKind, **given: Any) -> Case:
        today = self.clock.now.date()
        with self.database.writing() as session:
            return decide(session, number, Decision(kind, today, **given), actor="张三", now=self.clock.now)

    def notify(self, number: int, days: int = 20) -> Case:
        self.decide(number, EventKind.CONFIRMED)
        return self.decide(number, EventKind.NOTIFIED, deadline=self.clock.now.date() + timedelta(days=days))

    def find_elsewhere(self) -> Case:
        """A confirmed finding on the other unit's portal."""
        with self.database.writing() as session:
            finding = NewFinding(self.other_portal, "person/finding", "person", Severity.VETO, "别处的问题")
            case = add_finding(session, finding, actor="李四", now=self.clock.now)
        return self.decide(case.id, EventKind.CONFIRMED)


def build_desk_cases(database: Database, folder: Path) -> DeskCases:
    """Two nights that saw a blank column, and a stale one whose name is an attack and whose last item is dated anew."""
    office = Office(database, folder)
    for number in (0, 1):
        pages = kept(number)
        old = [item(DAY - timedelta(days=400 + 30 * n), f"第{n + 1}号工作方案") for n in range(4)]
        old.append(item(DAY - timedelta(days=600 - number), "第5号工作方案", url=BASE + "zcwj/5.html"))
        stale = column(f"{TRAP}政策文件", "policy-documents", old, under=("政务公开",), url=BASE + "zcwj/")
        office.inspect(number, blank_budget(pages), stale, pages=pages)
    with database.writing() as session:
        unit, other = UnitRow(name="青禾县政府办公室"), UnitRow(name="云岭县政府办公室")
        session.add_all([unit, other])
        session.flush()
        session.execute(update(PortalRow).values(unit_id=unit.id))
        values = {"name": "云岭县人民政府", "url": "http://www.yunling.example/", "profile": "county-portal"}
        elsewhere = add_portal(session, values, (), By("测试", night(0)))
        session.execute(update(PortalRow).where(PortalRow.id == elsewhere).values(unit_id=other.id))
        ids = unit.id, other.id
    return DeskCases(database, office, *ids, elsewhere, Clock(_later(night(2))), Jobs())


@contextmanager
def copied(made: DeskCases, template: Path, folder: Path) -> Iterator[DeskCases]:
    """The same ledger and evidence in a folder of one's own. ``template``: where ``made`` was made."""
    shutil.copytree(template / "evidence", folder / "evidence")
    with sqlite_database(folder, template / "gkmonitor.db") as url, opened(url) as database:
        office = copy.copy(made.office)
        office.database, office.folder = database, folder / "evidence"
        office.settings = load_settings(evidence_dir=str(office.folder))
        yield replace(made, database=database, office=office, clock=Clock(made.clock.now), jobs=Jobs())


def _later(moment: datetime) -> datetime:
    return moment + timedelta(hours=8)
