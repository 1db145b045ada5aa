"""A portal with a life in the ledger, for the tests of the desk, and what they change and look up."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from desk_client import NOW
from ledger_builder import Ledger, verdict
from sqlalchemy import select

from gkmonitor.ledger.subjects import key_of
from gkmonitor.records import Severity, Subject
from gkmonitor.storage import Database, inspections
from gkmonitor.storage.models import AuditRow, ColumnRow, InspectionRow, ItemRow, PortalRow
from gkmonitor.storage.registry_changes import By
from gkmonitor.verdicts import verdict_object

EVIL = "<script>alert(1)</script>"
BY = By("测试", NOW)


def told_ledger(database: Database) -> Ledger:
    """A portal with an open veto, a suspected deduction and a title that wants to be a script."""
    told = Ledger(database)
    told.at = datetime(2026, 11, 17, 1, tzinfo=UTC)
    veto = verdict(severity=Severity.VETO, message=f"栏目“{EVIL}”最新一条信息为 2026-01-02")
    told.inspect_times(2, [veto])
    return told


def change(database: Database, portal_id: int, **values: Any) -> None:
    with database.writing() as session:
        row = session.get_one(PortalRow, portal_id)
        for name, value in values.items():
            setattr(row, name, value)


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.id)))


def add_column(database: Database, portal_id: int, subject: Subject, **values: Any) -> None:
    with database.writing() as session:
        given = {"newest": date(2026, 11, 1), "last_items": 12, "last_read": NOW, "last_seen": NOW, **values}
        row = ColumnRow(
            portal_id=portal_id,
            column_key=key_of(subject),
            concept=subject.concept,
            path=list(subject.path),
            url="http://qinghe.example/yw/",
            first_seen=NOW,
            **given,
        )
        session.add(row)


def answer_newest(database: Database, portal_id: int, *verdicts: Any) -> None:
    """The newest inspection of a portal brought these verdicts."""
    with database.writing() as session:
        look = inspections.inspections_of_portal(session, portal_id, 1)[0]
        row = session.get_one(InspectionRow, look.id)
        row.verdicts = zlib.compress(json.dumps([verdict_object(one) for one in verdicts]).encode())
        row.state = "done"


def add_redated_item(database: Database, portal_id: int, subject: Subject) -> None:
    """An item of a new column that stood under 1 October and stands under 18 November since two nights ago."""
    add_column(database, portal_id, subject)
    noticed = NOW - timedelta(days=2)
    former = {"title": "常务会议", "published": "2026-10-01", "by": "list", "until": noticed.isoformat()}
    with database.writing() as session:
        column = session.scalars(select(ColumnRow).where(ColumnRow.column_key == key_of(subject))).one()
        row = ItemRow(
            column_id=column.id,
            item_key="1",
            url="http://qinghe.example/dt/1.html",
            title="常务会议",
            published=date(2026, 11, 18),
            first_seen=datetime(2026, 10, 2, tzinfo=UTC),
            earlier=[former],
            listed_digest=b"12345678",
        )
        session.add(row)
