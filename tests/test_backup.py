"""Backups: whole, at one instant, while others write; put back whole or not at all, on both databases."""

from __future__ import annotations

import json
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from backup_builder import NOW, PAGE, fill, rows_of
from databases import opened, sqlite_database
from ledger_builder import Ledger, add_portal, verdict
from sqlalchemy import func, select, text
from typer.testing import CliRunner

from gkmonitor.backups.archive import MANIFEST, Manifest
from gkmonitor.backups.making import make_backup
from gkmonitor.backups.restoring import restore_backup
from gkmonitor.cli.main import app
from gkmonitor.cycles.records import Inspection
from gkmonitor.errors import BackupError, OutputError, StorageError
from gkmonitor.settings import get_settings
from gkmonitor.storage import Database, open_database
from gkmonitor.storage.cases import verify_chain
from gkmonitor.storage.inspections import lock_unfinished, unfinished
from gkmonitor.storage.migrating import head_revision, upgrade
from gkmonitor.storage.models import CycleRow, EventRow, InspectionRow, PortalRow

NewDatabase = Callable[..., Database]


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Iterator[NewDatabase]:
    """Makes empty databases of either kind, migrated unless they are to be bare."""
    with ExitStack() as stack:

        def make(kind: str, *, is_bare: bool = False) -> Database:
            if kind == "postgresql":
                url = stack.enter_context(request.getfixturevalue("postgres").database(is_empty=is_bare))
            else:
                folder = tmp_path / os.urandom(4).hex()
                folder.mkdir()
                new = f"sqlite:///{folder / 'bare.db'}"
                url = new if is_bare else stack.enter_context(sqlite_database(folder, sqlite_template))
            return stack.enter_context(opened(url))

        yield make


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


def test_rows_of_an_earlier_release_are_put_back_and_upgraded(
    database: Database, archive: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    later_tables = {"columns", "contacts", "day_roots", "evidence", "items", "jobs", "notices", "probe_days", "probes"}
    later_tables |= {"schedules"}

    def as_of_the_first_revision(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts[MANIFEST])
        gone = {f"tables/{name}.jsonl" for name in later_tables}
        for name in gone:
            parts.pop(name)
        manifest["revision"] = "0001"
        manifest["parts"] = [one for one in manifest["parts"] if one["name"] not in gone]
        parts[MANIFEST] = json.dumps(manifest).encode()

    old = rewritten(archive, as_of_the_first_revision)
    other = new_database(kind(database), is_bare=True)
    back(other, old, tmp_path / "elsewhere")
    assert upgrade(other) == (head_revision(), head_revision())
    assert rows_of(other)["cases"] == rows_of(database)["cases"]
    with pytest.raises(BackupError, match="新的空数据库"):
        back(database, old, tmp_path / "elsewhere", force=True)


# ---------------------------------------------------------------- what is refused


def without_its_end(file: Path) -> Path:
    cut = file.with_name("cut.zip")
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    return cut


def with_a_changed_row(file: Path) -> Path:
    def change(parts: dict[str, bytes]) -> None:
        parts["tables/events.jsonl"] = parts["tables/events.jsonl"].replace("张三".encode(), "李四".encode())

    return rewritten(file, change)


def with_an_extra_part(file: Path) -> Path:
    return rewritten(file, lambda parts: parts.update({"evidence/more.txt": b"x"}))


def without_a_part(file: Path) -> Path:
    def change(parts: dict[str, bytes]) -> None:
        parts.pop("tables/units.jsonl")

    return rewritten(file, change)


def of_a_later_release(file: Path) -> Path:
    return rewritten(file, lambda parts: _edit(parts, revision="9999"))


def of_another_format(file: Path) -> Path:
    return rewritten(file, lambda parts: _edit(parts, schema="gkmonitor.backup/9"))


def with_a_byte_flipped(file: Path) -> Path:
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 0xFF
    file.with_name("flipped.zip").write_bytes(data)
    return file.with_name("flipped.zip")


def a_letter(file: Path) -> Path:
    file.with_name("letter.zip").write_text("并不是备份", encoding="utf-8")
    return file.with_name("letter.zip")


def another_zip(file: Path) -> Path:
    with zipfile.ZipFile(file.with_name("other.zip"), "w") as other:
        other.writestr("a.txt", "x")
    return file.with_name("other.zip")


def a_manifest_of_nonsense(file: Path) -> Path:
    return rewritten(file, lambda parts: parts.update({MANIFEST: b'{"schema": "gkmonitor.backup/1", "parts": 3}'}))


def nothing(file: Path) -> Path:
    return file.with_name("absent.zip")


def _edit(parts: dict[str, bytes], **changes: str) -> None:
    parts[MANIFEST] = json.dumps(json.loads(parts[MANIFEST]) | changes).encode()


WRONG = [
    (without_its_end, "不完整"),
    (with_a_changed_row, "摘要不符"),
    (with_an_extra_part, "清单不符"),
    (without_a_part, "清单不符"),
    (of_a_later_release, "请升级"),
    (of_another_format, "请升级"),
    (with_a_byte_flipped, "没有恢复"),
    (a_letter, "不是 gkmonitor 的备份"),
    (another_zip, "不是 gkmonitor 的备份"),
    (a_manifest_of_nonsense, "清单已损坏"),
    (nothing, "没有"),
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    database = open_database(f"sqlite:///{folder / 'a.db'}")
    upgrade(database)
    fill(database, folder / "evidence")
    make_backup(database, folder / "b.zip", evidence=folder / "evidence", now=NOW)
    database.close()
    return folder / "b.zip"


@pytest.mark.parametrize(("spoil", "words"), WRONG, ids=[spoil.__name__ for spoil, _ in WRONG])
def test_a_wrong_archive_is_refused_and_nothing_is_touched(
    spoil: Callable[[Path], Path], words: str, sound: Path, sqlite_url: str, evidence: Path
) -> None:
    wrong = spoil(sound)
    with opened(sqlite_url) as database:
        add_portal(database)
        before = rows_of(database)
        with pytest.raises(BackupError, match=words):
            back(database, wrong, evidence, force=True)
        assert rows_of(database) == before
    assert not evidence.exists()


@pytest.mark.parametrize(
    "name",
    ["evidence/../../out.txt", "/etc/out.txt", "evidence//out.txt", "evidence/..\\out.txt", "out.txt", "evidence/"],
)
def test_a_name_that_leads_out_of_the_folder_is_refused(
    name: str, sound: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    def add(parts: dict[str, bytes]) -> None:
        parts[name] = b""
        manifest = json.loads(parts[MANIFEST])
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        manifest["parts"].append({"name": name, "sha256": empty, "bytes": 0, "rows": None})
        parts[MANIFEST] = json.dumps(manifest).encode()

    other = new_database("sqlite")
    before = set(tmp_path.rglob("*.txt"))
    with pytest.raises(BackupError, match="不该有的文件名"):
        back(other, rewritten(sound, add), tmp_path / "deep" / "evidence")
    assert set(tmp_path.rglob("*.txt")) == before
    assert not (tmp_path / "deep").exists()


def test_a_link_in_the_evidence_folder_never_leads_a_restore_outside(
    sound: Path, new_database: NewDatabase, tmp_path: Path, evidence: Path
) -> None:
    (tmp_path / "outside").mkdir()
    evidence.mkdir()
    (evidence / "warc").symlink_to(tmp_path / "outside")
    with pytest.raises(BackupError, match="文件夹之外"):
        back(new_database("sqlite"), sound, evidence, force=True)
    assert not any((tmp_path / "outside").iterdir())


def test_a_broken_chain_in_an_archive_whose_digests_fit_is_refused(
    sound: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    import hashlib

    def forge(parts: dict[str, bytes]) -> None:
        forged = parts["tables/events.jsonl"].replace("张三".encode(), "李四".encode())
        parts["tables/events.jsonl"] = forged
        manifest = json.loads(parts[MANIFEST])
        for one in manifest["parts"]:
            if one["name"] == "tables/events.jsonl":
                one["sha256"] = hashlib.sha256(forged).hexdigest()
        parts[MANIFEST] = json.dumps(manifest).encode()

    other = new_database("sqlite")
    with pytest.raises(BackupError, match="台账核对不上"):
        back(other, rewritten(sound, forge), tmp_path / "elsewhere")
    with other.reading() as session:
        assert session.scalars(select(EventRow)).all() == []
    assert not (tmp_path / "elsewhere" / PAGE).exists()


def test_a_ledger_that_was_tampered_with_is_backed_up_and_comes_back_as_it_was(
    sqlite_url: str, evidence: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    with opened(sqlite_url) as database:
        fill(database, evidence)
        with database.writing() as session:
            session.execute(text("DROP TRIGGER events_refuse_update"))
            session.execute(text("UPDATE events SET actor = '李四' WHERE id = 3"))
        made = make_backup(database, tmp_path / "b.zip", evidence=None, now=NOW)
        before = rows_of(database)
    assert made.fault is not None
    other = new_database("sqlite")
    _, fault = restore_backup(other, tmp_path / "b.zip", evidence=tmp_path / "elsewhere")
    assert fault is not None
    assert rows_of(other) == before


# ---------------------------------------------------------------- files


def test_evidence_that_differs_is_kept_beside_what_the_backup_brings(
    sound: Path, new_database: NewDatabase, evidence: Path
) -> None:
    (evidence / PAGE).parent.mkdir(parents=True)
    (evidence / PAGE).write_bytes(b"damaged")
    (evidence / "own.txt").write_bytes(b"stays")
    with pytest.raises(BackupError, match="--force"):
        back(new_database("sqlite"), sound, evidence)
    assert (evidence / PAGE).read_bytes() == b"damaged"
    back(new_database("sqlite"), sound, evidence, force=True)
    assert (evidence / PAGE).read_bytes() == b"\x1f\x8b evidence"
    kept = [path.read_bytes() for path in (evidence / PAGE).parent.glob(".*.replaced-*")]
    assert (kept, (evidence / "own.txt").read_bytes()) == ([b"damaged"], b"stays")


def test_pages_of_a_running_crawl_and_half_written_files_are_left_out(
    sqlite_url: str, evidence: Path, tmp_path: Path
) -> None:
    for name in ("scratch/cycle-1/page", "warc/.1.warc.gz.part", "warc/2.warc.gz", "uploads/scratch/3.pdf"):
        (evidence / name).parent.mkdir(parents=True, exist_ok=True)
        (evidence / name).write_bytes(b"x")
    with opened(sqlite_url) as database:
        made = make_backup(database, tmp_path / "b.zip", evidence=evidence, now=NOW)
    assert [part.evidence_path for part in made.evidence] == ["uploads/scratch/3.pdf", "warc/2.warc.gz"]


def test_missing_evidence_is_counted_and_told(sqlite_url: str, evidence: Path, tmp_path: Path) -> None:
    with opened(sqlite_url) as database:
        fill(database, evidence)
        (evidence / PAGE).unlink()
        made = make_backup(database, tmp_path / "b.zip", evidence=evidence, now=NOW)
    assert made.missing_evidence == 1


def test_a_disk_that_fills_up_leaves_the_old_backup_and_no_rest(
    sqlite_url: str, tmp_path: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with opened(sqlite_url) as database:
        make_backup(database, tmp_path / "b.zip", evidence=None, now=NOW)
        old = (tmp_path / "b.zip").read_bytes()
        add_portal(database)
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="磁盘空间不足"):
            make_backup(database, tmp_path / "b.zip", evidence=None, now=NOW)
    assert (tmp_path / "b.zip").read_bytes() == old
    assert not list(tmp_path.glob(".*.part"))


def test_a_disk_that_fills_up_while_evidence_comes_back_changes_nothing(
    sound: Path, sqlite_url: str, evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with opened(sqlite_url) as database:
        add_portal(database)
        before = rows_of(database)
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="磁盘空间不足"):
            back(database, sound, evidence, force=True)
        assert rows_of(database) == before
    assert list(evidence.rglob("*")) == []
    assert not list(evidence.parent.glob(".evidence.restoring-*"))


def test_a_disk_that_fills_up_while_rows_come_back_changes_nothing(
    sound: Path, sqlite_url: str, evidence: Path
) -> None:
    with opened(sqlite_url) as database:
        add_portal(database)
        before = rows_of(database)
        with database.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        database.engine.dispose()
        from sqlalchemy import event

        event.listen(database.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages}"))
        big = sound.with_name("big.zip")
        with opened(f"sqlite:///{sound.with_name('a.db')}") as source:
            for number in range(200):
                add_portal(source, "青禾县" * 90 + str(number))
            make_backup(source, big, evidence=None, now=NOW)
        with pytest.raises(StorageError, match="磁盘空间不足"):
            back(database, big, evidence, force=True)
        assert rows_of(database) == before


def test_a_backup_is_readable_for_its_owner_only(sound: Path) -> None:
    assert sound.stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_backup_is_never_overwritten(sqlite_url: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter.docx"
    letter.write_bytes(b"important")
    with opened(sqlite_url) as database:
        for place, words in ((letter, "没有覆盖"), (tmp_path, "是一个文件夹")):
            with pytest.raises(BackupError, match=words):
                make_backup(database, place, evidence=None, now=NOW)
        with pytest.raises(OutputError, match="写不进去"):
            make_backup(database, tmp_path / "no" / "folder.zip", evidence=None, now=NOW)
    assert letter.read_bytes() == b"important"


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
