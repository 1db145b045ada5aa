"""Backups that are wrong, forged or do not fit, and disks that fill up: refused in one line, and nothing is lost."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from backup_builder import NOW, PAGE, NewDatabase, back, fill, rewritten, rows_of
from databases import opened
from ledger_builder import add_portal
from sqlalchemy import event, select, text

from gkmonitor.backups.archive import MANIFEST
from gkmonitor.backups.making import make_backup
from gkmonitor.backups.restoring import restore_backup
from gkmonitor.errors import BackupError, OutputError, StorageError
from gkmonitor.storage import open_database
from gkmonitor.storage.migrating import upgrade
from gkmonitor.storage.models import EventRow


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


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
    with zipfile.ZipFile(file) as archive:
        rows = archive.getinfo("tables/events.jsonl")
        following = min(one.header_offset for one in archive.infolist() if one.header_offset > rows.header_offset)
    data[following - rows.compress_size // 2 - 16] ^= 0xFF  # amid the compressed rows
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
