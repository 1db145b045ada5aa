"""Portals, inspections and verdicts for the tests of the ledger, with made-up names."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from gkmonitor.ledger.records import Case, Decision, EventKind, SightingCounts
from gkmonitor.records import Basis, Excuse, Outcome, Reason, Severity, Subject, Verdict
from gkmonitor.registry.records import Exemption
from gkmonitor.storage import Database
from gkmonitor.storage.cases import decide, get_case, record_sightings
from gkmonitor.storage.models import CaseRow, CycleRow, InspectionRow, PortalRow

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
STALE = "national-2019-19/column-stale"
BASIS = Basis("国办秘函〔2019〕19号", "一", "超过2周未更新")
NEWS = Subject("news", "要闻", "http://qinghe.example/yw/", ("首页", "要闻"))

_numbers = itertools.count(1)


def verdict(
    outcome: Outcome = Outcome.VIOLATION,
    *,
    rule: str = STALE,
    check: str = "column-stale",
    subject: Subject = NEWS,
    severity: Severity = Severity.DEDUCTION,
    reason: Reason | Excuse | None = None,
    members: tuple[Subject, ...] | None = None,
    message: str = "栏目“要闻”最新一条信息为 2026-01-02",
) -> Verdict:
    return Verdict(rule, check, outcome, severity, BASIS, message, subject, reason=reason, members=members)


def undecided(reason: Reason = Reason.BLOCKED, subject: Subject = NEWS) -> Verdict:
    return verdict(Outcome.UNDECIDED, subject=subject, reason=reason)


OK = Outcome.OK


def add_portal(database: Database, name: str = "青禾县人民政府") -> int:
    key = f"qinghe{next(_numbers)}.example"
    with database.writing() as session:
        row = PortalRow(
            name=name,
            url=f"http://{key}/",
            address_key=key,
            site_id_code="4401230001",
            created_at=START,
            updated_at=START,
        )
        session.add(row)
        session.flush()
        return row.id


class Ledger:
    """One portal's ledger, told day by day."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.portal = add_portal(database)
        self.at = START

    def inspect(
        self,
        verdicts: Iterable[Verdict],
        *,
        after: timedelta = DAY,
        exemptions: Sequence[Exemption] = (),
        judged: Iterable[str] | None = None,
        is_whole: bool = True,
    ) -> SightingCounts:
        """One inspection ``after`` the one before."""
        self.at += after
        seen = list(verdicts)
        with self.database.writing() as session:
            cycle = CycleRow(name=f"c{next(_numbers)}", kind="regular", as_of=self.today, started_at=self.at)
            session.add(cycle)
            session.flush()
            look = InspectionRow(cycle_id=cycle.id, portal_id=self.portal, as_of=self.today, observed_at=self.at)
            session.add(look)
            session.flush()
            return record_sightings(
                session,
                portal_id=self.portal,
                inspection_id=look.id,
                cycle_id=cycle.id,
                observed_at=self.at,
                verdicts=seen,
                judged_rules={one.rule for one in seen} if judged is None else set(judged),
                exemptions=exemptions,
                now=self.at,
                is_whole=is_whole,
            )

    @property
    def today(self) -> date:
        return self.at.date()

    def inspect_times(self, count: int, verdicts: Iterable[Verdict]) -> None:
        seen = list(verdicts)
        for _ in range(count):
            self.inspect(seen)

    def case_ids(self) -> list[int]:
        with self.database.reading() as session:
            return list(
                session.scalars(select(CaseRow.id).where(CaseRow.portal_id == self.portal).order_by(CaseRow.id))
            )

    @property
    def case(self) -> Case:
        """The only case of the portal."""
        (case_id,) = self.case_ids()
        with self.database.reading() as session:
            return get_case(session, case_id)

    def decide(self, kind: EventKind, actor: str = "张三", **given: object) -> Case:
        case_id = self.case.id
        with self.database.writing() as session:
            return decide(session, case_id, self.decision(kind, **given), actor=actor, now=self.at)

    def decision(self, kind: EventKind, **given: object) -> Decision:
        return Decision(kind, self.today, **given)  # type: ignore[arg-type]
