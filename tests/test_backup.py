"""Backups: whole, at one instant, while others write; put back whole or not at all, on both databases."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from backup_builder import NOW, PAGE, NewDatabase, back, fill, rewritten, rows_of
from databases import opened
from ledger_builder import Ledger, add_portal, verdict
from sqlalchemy import func, inspect, select, text
from typer.testing import CliRunner

from gkmonitor.backups.archive import MANIFEST
from gkmonitor.backups.making import make_backup
from gkmonitor.cli.main import app
from gkmonitor.cycles.records import Inspection
from gkmonitor.errors import BackupError, StorageError
from gkmonitor.settings import get_settings
from gkmonitor.storage import Database
from gkmonitor.storage.cases import verify_chain
from gkmonitor.storage.inspections import lock_unfinished, unfinished
from gkmonitor.storage.migrating import head_revision, upgrade
from gkmonitor.storage.models import CycleRow, InspectionRow, PortalRow


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def archive(database: Database, tmp_path: Path, evidence: Path) -> Path:
    """A backup of a filled database and its evidence."""
    fill(database, evidence)
    make_backup(database, tmp_path / "b.zip", evidence=evidence, now=NOW)
    return tmp_path / "b.zip"


def kind(database: Database) -> str:
    return database.engine.dialect.name


# ---------------------------------------------------------------- there and back


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_every_row_and_file_comes_back_also_on_the_other_database(
    database: Database, archive: Path, new_database: NewDatabase, target: str, tmp_path: Path
) -> None:
    other = new_database(target)
    made = back(other, archive, tmp_path / "elsewhere")
    assert rows_of(other) == rows_of(database)
    assert (made.events, made.fault, made.source) == (3, None, kind(database))
    assert (tmp_path / "elsewhere" / PAGE).read_bytes() == b"\x1f\x8b evidence"
    with other.reading() as session:
        assert verify_chain(session) is None


def test_a_json_null_and_a_missing_value_stay_apart(
    database: Database, archive: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    def spelled(one: Database) -> list[str | None]:
        with one.engine.connect() as connection:
            return list(connection.scalars(text("SELECT CAST(path AS TEXT) FROM exemptions ORDER BY id")))

    other = new_database(kind(database))
    back(other, archive, tmp_path / "elsewhere")
    assert spelled(other) == spelled(database)


def test_the_restored_service_goes_on_writing(
    database: Database, archive: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    other = new_database(kind(database))
    back(other, archive, tmp_path / "elsewhere")
    ledger = Ledger(other)
    ledger.inspect_times(2, [verdict()])
    with other.reading() as session:
        assert verify_chain(session) is None


def test_events_of_a_restored_ledger_are_guarded_as_before(database: Database, archive: Path, evidence: Path) -> None:
    back(database, archive, evidence, force=True)
    for words in ("DELETE FROM events", "UPDATE events SET actor = '李四'"):
        with pytest.raises(StorageError, match="append-only"), database.writing() as session:
            session.execute(text(words))


def test_a_backup_holds_one_instant_though_another_thread_writes(
    database: Database, tmp_path: Path, evidence: Path, new_database: NewDatabase
) -> None:
    ledger = fill(database, evidence)
    before = rows_of(database)

    def write_meanwhile(_step: str) -> None:
        writer = threading.Thread(target=ledger.inspect, args=([verdict()],))
        writer.start()
        writer.join()

    make_backup(database, tmp_path / "b.zip", evidence=None, now=NOW, progress=write_meanwhile)
    assert len(rows_of(database)["inspections"]) > len(before["inspections"]) + 10
    other = new_database(kind(database))
    back(other, tmp_path / "b.zip", tmp_path / "elsewhere")
    assert rows_of(other) == before
    with other.reading() as session:
        assert verify_chain(session) is None


def test_force_replaces_what_is_there_and_without_it_nothing_changes(
    database: Database, archive: Path, evidence: Path
) -> None:
    before = rows_of(database)
    add_portal(database, "后来登记的")
    later = rows_of(database)
    with pytest.raises(BackupError, match="--force"):
        back(database, archive, evidence)
    assert rows_of(database) == later
    back(database, archive, evidence, force=True)
    assert rows_of(database) == before


def test_readers_see_the_old_rows_until_the_restore_is_done(
    database: Database, archive: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_portal(database, "后来登记的")
    seen: list[list[str]] = []

    def look(*_: object) -> None:
        with database.reading() as session:
            seen.append(list(session.scalars(select(PortalRow.name).order_by(PortalRow.id))))

    monkeypatch.setattr("gkmonitor.backups.restoring._finish", look)
    with database.reading() as session:  # a reader that began before
        assert session.scalar(select(func.count()).select_from(PortalRow)) == 2
        back(database, archive, evidence, force=True)
    assert seen == [["青禾县人民政府", "后来登记的"]]
    look()
    assert seen[1] == ["青禾县人民政府"]


def test_what_is_seen_of_one_portal_is_never_told_of_another_after_a_restore(database: Database) -> None:
    first, second = add_portal(database), add_portal(database)

    def begin(portal: int) -> Inspection:
        """A cycle and an inspection that bear the same numbers each time, as after a backup was put back."""
        with database.writing() as session:
            for table in ("inspections", "cycles"):
                session.execute(text(f"DELETE FROM {table}"))
            session.add(CycleRow(id=7, name="night", kind="regular", as_of=NOW.date(), started_at=NOW))
            session.flush()
            session.add(InspectionRow(id=9, cycle_id=7, portal_id=portal, as_of=NOW.date()))
        with database.reading() as session:
            return unfinished(session, 7)[0]

    crawled = begin(first)
    begin(second)
    with database.writing() as session:
        assert lock_unfinished(session, crawled) is None
    anew = begin(first)
    with database.writing() as session:
        assert lock_unfinished(session, anew) is not None


def test_numbers_given_out_after_the_backup_are_not_given_again_on_postgresql(
    tmp_path: Path, evidence: Path, new_database: NewDatabase
) -> None:
    database = new_database("postgresql")
    fill(database, evidence)
    make_backup(database, tmp_path / "b.zip", evidence=None, now=NOW)
    later = add_portal(database, "后来登记的")
    back(database, tmp_path / "b.zip", evidence, force=True)
    assert add_portal(database, "再后来登记的") > later


def with_columns(lines: bytes, names: set[str]) -> bytes:
    """The lines of a table without the columns that a later release added."""
    head, *rows = map(json.loads, lines.splitlines())
    places = [place for place, name in enumerate(head["columns"]) if name in names]
    head["columns"] = [head["columns"][place] for place in places]
    kept = [head, *([row[place] for place in places] for row in rows)]
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in kept)


def test_rows_of_an_earlier_release_are_put_back_and_upgraded(
    database: Database, archive: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    first = new_database("sqlite", is_bare=True)
    upgrade(first, "0001")
    known = inspect(first.engine)
    kept = {
        f"tables/{name}.jsonl": {column["name"] for column in known.get_columns(name)}
        for name in known.get_table_names()
    }

    def as_of_the_first_revision(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts[MANIFEST])
        for name in [name for name in parts if name.startswith("tables/") and name not in kept]:
            parts.pop(name)
        manifest["revision"] = "0001"
        manifest["parts"] = [one for one in manifest["parts"] if one["name"] in parts]
        for one in manifest["parts"]:
            if one["name"] in kept:
                body = parts[one["name"]] = with_columns(parts[one["name"]], kept[one["name"]])
                one |= {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        parts[MANIFEST] = json.dumps(manifest).encode()

    old = rewritten(archive, as_of_the_first_revision)
    other = new_database(kind(database), is_bare=True)
    back(other, old, tmp_path / "elsewhere")
    assert upgrade(other) == (head_revision(), head_revision())
    assert rows_of(other)["cases"] == rows_of(database)["cases"]
    with pytest.raises(BackupError, match="新的空数据库"):
        back(database, old, tmp_path / "elsewhere", force=True)


# ---------------------------------------------------------------- commands


@pytest.fixture
def service(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The settings of a service on this database, with evidence; the folder to work in."""
    monkeypatch.setenv("GKMONITOR_DATABASE_URL", database_url)
    monkeypatch.setenv("GKMONITOR_EVIDENCE_DIR", str(tmp_path / "evidence"))
    get_settings.cache_clear()
    with opened(database_url) as database:
        fill(database, tmp_path / "evidence")
    yield tmp_path
    get_settings.cache_clear()


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(words), prog_name="gkmonitor")
    return result.exit_code, result.stdout, result.stderr


def test_the_commands_back_up_and_restore_with_one_object_of_json_each(service: Path) -> None:
    file = str(service / "b.zip")
    code, out, err = run("backup", file, "--json")
    made = json.loads(out)
    assert (code, err, made["tables"]["portals"], made["ledger"]["events"]) == (0, "", 1, 3)
    assert made["bytes"] == (service / "b.zip").stat().st_size
    code, out, err = run("restore", file)
    assert (code, out, err.count("\n"), "--force" in err) == (2, "", 1, True)
    code, out, err = run("restore", file, "--force", "--json")
    assert (code, err, json.loads(out)["intact"]) == (0, "", True)
    code, out, err = run("restore", file, "--force")
    assert (code, err) == (0, "")
    assert "台账 3 个事件，证据文件 1 个" in out
    assert run("ledger", "verify")[0] == 0


def test_an_upgrade_says_where_the_tables_stand(service: Path) -> None:
    code, out, _ = run("db", "upgrade", "--json")
    told = json.loads(out)
    assert (code, told["before"], told["after"]) == (0, head_revision(), head_revision())
    assert "已是最新" in run("db", "upgrade")[1]


def test_every_refusal_of_the_commands_is_one_line(service: Path) -> None:
    (service / "letter.docx").write_bytes(b"important")
    for words in (("backup", str(service / "letter.docx")), ("restore", str(service / "letter.docx")), ("restore",)):
        code, out, err = run(*words)
        assert (code, out, err.count("\n")) == (2, "", 1)
