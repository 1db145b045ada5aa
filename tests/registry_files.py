"""Registry files of made-up places, for the tests of the registry."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook

from gkmonitor.registry.importing import ImportPlan, apply_import, plan_import
from gkmonitor.registry.reading import read_registry
from gkmonitor.storage import Database
from gkmonitor.storage.registry_changes import By

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
BY = By("王检查", NOON)
HEADS = "site_id_code,name,url,organizer,unit,level,profile,region"
QINGHE = "5300000001,青禾县人民政府,http://www.qinghe.example/,青禾县人民政府办公室,云岭市人民政府,县级,县级门户,云岭市"
FINANCE = ",云岭市财政局,https://czj.yunling.example/,云岭市财政局,云岭市人民政府,city,department,云岭市"


def csv_file(folder: Path, *lines: str, encoding: str = "utf-8", name: str = "sites.csv") -> Path:
    path = folder / name
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def xlsx_file(folder: Path, rows: Sequence[Sequence[object]], name: str = "sites.xlsx") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    path = folder / name
    book.save(path)
    return path


def zipped(parts: dict[str, bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return body.getvalue()


def plan_of(database: Database, path: Path) -> ImportPlan:
    with database.reading() as session:
        return plan_import(session, read_registry(path))


def take_over(database: Database, path: Path) -> ImportPlan:
    """What the import of a file does, with changes allowed."""
    with database.writing() as session:
        plan = plan_import(session, read_registry(path))
        apply_import(session, plan, BY)
    return plan
