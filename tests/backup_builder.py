"""A database with something in every kind of column, and what it takes to compare two databases row by row."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from ledger_builder import START, Ledger, verdict

from gkmonitor.backups.archive import Manifest
from gkmonitor.backups.restoring import restore_backup
from gkmonitor.ledger.records import EventKind
from gkmonitor.storage import Database
from gkmonitor.storage.backup import snapshot
from gkmonitor.storage.models import EvidenceRow, ExemptionRow, FactsRow, UnitRow

NewDatabase = Callable[..., Database]  # kind, is_bare
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PAGE = "warc/2026/11/04/1-abc.warc.gz"


def fill(database: Database, evidence: Path) -> Ledger:
    """A confirmed case with its events, a tree of units, facts, exemptions and one file of evidence."""
    ledger = Ledger(database)
    ledger.inspect_times(2, [verdict()])
    ledger.decide(EventKind.CONFIRMED)
    with database.writing() as session:
        low, high = UnitRow(name="青禾县财政局"), UnitRow(name="青禾县人民政府")
        session.add(low)
        session.flush()
        session.add(high)
        session.flush()
        low.parent_id = high.id  # the unit above came later
        portal, day = ledger.portal, date(2026, 11, 4)
        body = bytes(range(256))
        session.add(FactsRow(portal_id=portal, observed_at=START, schema="1", codec="zlib", body=body, sha256="0" * 64))
        for path in (None, ["首页", "“要闻”\n"]):
            session.add(
                ExemptionRow(
                    portal_id=portal, path=path, document="文件", first_day=day, allowed_by="张三", created_at=START
                )
            )
        session.add(
            EvidenceRow(
                portal_id=portal, kind="page", path=PAGE, byte_offset=0, sha256="0" * 64, captured_at=START, day=day
            )
        )
    file = evidence / PAGE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"\x1f\x8b evidence")
    return ledger


def rows_of(database: Database) -> dict[str, list[object]]:
    """Every row of every table; JSON as what it says, for each database spells it in its own way."""
    with snapshot(database) as seen:
        return {name: [_meant(json.loads(line)) for line in lines] for name, lines in seen.tables()}


def _meant(row: object) -> object:
    return [_parsed(value) for value in row] if isinstance(row, list) else row


def _parsed(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("{", "[", "n"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def back(database: Database, file: Path, folder: Path, *, force: bool = False) -> Manifest:
    return restore_backup(database, file, evidence=folder, force=force)[0]


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of an archive whose parts somebody has changed."""
    with zipfile.ZipFile(file) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    change(parts)
    copy = file.with_name("changed.zip")
    with zipfile.ZipFile(copy, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return copy
