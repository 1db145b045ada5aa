"""Evidence of violations: what is kept, where it lies, and what happens when it cannot be written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from evidence_cases import BASE, BUDGET_URL, HOME_HTML, LIST_HTML, TLS, Office, blank_budget, item, kept, night
from facts_builder import column, portal
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from gkmonitor.errors import StorageError
from gkmonitor.evidence.places import inside
from gkmonitor.evidence.records import Piece
from gkmonitor.evidence.warc import read_block
from gkmonitor.records import HomeFacts, Reason
from gkmonitor.storage import Database
from gkmonitor.storage.cases import list_cases
from gkmonitor.storage.evidence import pieces_of
from gkmonitor.storage.inspections import unfinished


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


def pieces(office: Office, check: str = "column-blank") -> list[Piece]:
    """The evidence of the case about the blank column."""
    with office.database.reading() as session:
        (case,) = [one for one in list_cases(session) if one.check == check and one.rule.startswith("national-2019-19")]
        return pieces_of(session, case.id)


def records(office: Office, path: str) -> list[tuple[Any, bytes]]:
    with (office.folder / path).open("rb") as stream:
        return [(record.rec_headers, record.content_stream().read()) for record in ArchiveIterator(stream)]


def reading(office: Office, piece: Piece) -> dict[str, Any]:
    assert piece.byte_offset is not None
    assert piece.byte_length is not None
    block = read_block(office.folder, piece.path, piece.byte_offset, piece.byte_length, piece.sha256)
    return dict(json.loads(block))


# ---------------------------------------------------------------- what is kept


def test_both_observations_of_a_violation_keep_their_pages(office: Office) -> None:
    looks = [office.find_blank(0), office.find_blank(1)]
    found = pieces(office)
    assert [(one.inspection_id, one.kind) for one in found] == [
        (look, kind) for look in looks for kind in ("page", "page", "items")
    ]
    assert {one.url for one in found if one.kind == "page"} == {BASE, BUDGET_URL}
    assert {one.day for one in found} == {date(2026, 11, 18), date(2026, 11, 19)}


def test_the_pages_lie_where_their_rows_say_with_their_digests(office: Office) -> None:
    office.find_blank(0)
    bodies = {}
    for one in pieces(office):
        assert one.byte_offset is not None
        assert one.byte_length is not None
        bodies[one.url] = read_block(office.folder, one.path, one.byte_offset, one.byte_length, one.sha256)
        assert hashlib.sha256(bodies[one.url]).hexdigest() == one.sha256
        if one.url == BASE:
            assert bodies[BASE] == HOME_HTML.encode()


def test_warcio_reads_the_file_and_finds_every_digest_right(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.find_blank(0)
    (path,) = office.files("warc")
    kinds = [(headers["WARC-Type"], headers["Content-Type"]) for headers, _ in records(office, path)]
    page = ("resource", "text/html; charset=utf-8"), ("metadata", "application/json")
    assert kinds[:5] == [("warcinfo", "application/warc-fields"), *page, *page]
    assert set(kinds[5:]) == {("metadata", "application/json")}
    arguments = type("Arguments", (), {"inputs": [str(office.folder / path)], "verbose": True})
    assert Checker(arguments()).process_all() == 0
    assert "failed" not in capsys.readouterr().out


def test_pages_are_labelled_as_decoded_with_status_headers_server_and_certificate(office: Office) -> None:
    office.find_blank(0)
    (path,) = office.files("warc")
    found = records(office, path)
    assert b"not \r\n" not in found[0][1]
    assert b"resource records and not responses" in found[0][1]
    page, about = found[1], json.loads(found[2][1])
    assert page[0].protocol == "WARC/1.1"
    assert page[0]["WARC-IP-Address"] == "203.0.113.7"
    assert found[2][0]["WARC-Refers-To"] == page[0]["WARC-Record-ID"]
    assert (about["status"], about["headers"]["server"], about["tls"]) == (200, "nginx", TLS)
    assert about["encoding"] == "utf-8"


def test_the_item_table_and_the_way_to_the_column_are_kept(office: Office) -> None:
    office.find_blank(0)
    obj = reading(office, pieces(office)[-1])
    assert obj["breadcrumb"] == ["政务公开", "财政预决算"]
    assert obj["verdict"]["check"] == "column-blank"
    assert [(one["name"], one["item_count"], one["items"]) for one in obj["columns"]] == [("财政预决算", 0, [])]
    assert set(obj["pages"]) == {hashlib.sha256(text.encode()).hexdigest() for text in (HOME_HTML, LIST_HTML)}
    assert obj["missing"] == []


def test_items_are_kept_with_date_source_and_first_sighting(office: Office) -> None:
    old = item(date(2025, 1, 2), "青禾县工作信息")
    for number in (0, 1):
        office.inspect(number, column("通知公告", "notices", (old,)), pages=kept(number))
    first, second = (reading(office, one) for one in pieces(office, "column-stale") if one.kind == "items")
    (shown,) = second["columns"][0]["items"]
    assert (shown["title"], shown["date"], shown["printed"], shown["source"]) == (
        *("青禾县工作信息", "2025-01-02", "2025-01-02"),
        "list",
    )
    assert first["columns"][0]["items"][0]["first_seen"] == shown["first_seen"] == "2026-11-17T18:00:00Z"


def test_an_item_under_a_later_day_than_before_is_shown_with_its_earlier_day(office: Office) -> None:
    for number, day in enumerate((date(2024, 6, 1), date(2025, 1, 2))):
        entries = (item(day, "青禾县公告", url="http://www.qinghe.gov.cn/1.html"), item(date(2024, 5, 1), "旧公告"))
        notices = column("通知公告", "notices", entries, text_digests={"http://www.qinghe.gov.cn/1.html": "0a" * 16})
        office.inspect(number, notices, pages=kept(number))
    first, second = (reading(office, one) for one in pieces(office, "column-stale") if one.kind == "items")
    assert [one.get("redated") for one in first["columns"][0]["items"]] == [None, None]
    assert [one.get("redated") for one in second["columns"][0]["items"]] == [
        {"before": "2024-06-01", "noticed_at": "2026-11-18T18:00:00Z", "text": "unchanged"},
        None,
    ]


def test_a_cited_page_that_was_not_kept_is_named_as_missing(office: Office) -> None:
    pages = kept()
    office.inspect(0, blank_budget(pages), pages=pages[:1])
    found = pieces(office)
    assert [one.kind for one in found] == ["page", "items"]
    assert reading(office, found[-1])["missing"] == [pages[1].sha256]


# ---------------------------------------------------------------- how often


def test_a_fault_that_stays_is_not_kept_night_after_night(office: Office) -> None:
    for number in range(6):
        office.find_blank(number)
    assert len(office.files("warc")) == 2
    office.find_blank(30)
    assert len(office.files("warc")) == 3


def test_nothing_is_written_where_nobody_is_accused(office: Office) -> None:
    away = HomeFacts(Reason.UNREACHABLE, None, detail="连接或响应超时", failure="timeout")
    office.inspect(0, pages=kept(), facts=replace(portal(home=away), observed_at=night(0)))
    assert office.files() == []


def test_pages_that_no_accusation_rests_on_are_not_kept(office: Office) -> None:
    office.find_blank(0)
    (path,) = office.files("warc")
    addresses = {headers["WARC-Target-URI"] for headers, _ in records(office, path)}
    assert BUDGET_URL in addresses
    assert BASE + "gzdt/" not in addresses


def test_an_inspection_settled_twice_keeps_its_evidence_once(office: Office) -> None:
    first = office.find_blank(0)
    files, before = office.files(), pieces(office)
    assert office.find_blank(0) == first
    assert (office.files(), pieces(office)) == (files, before)


# ---------------------------------------------------------------- faults


def test_a_full_disk_loses_neither_result_nor_evidence(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("gkmonitor.evidence.places.os.fsync", full)
    with pytest.raises(StorageError, match="磁盘空间不足"):
        office.find_blank(0)
    assert office.files() == []
    with office.database.reading() as session:
        assert len(unfinished(session, 1)) == 1
        assert list_cases(session) == []
    monkeypatch.undo()
    office.find_blank(0)
    assert len(pieces(office)) == 3


def test_a_quota_that_really_ends_is_told_in_clear_words_and_leaves_no_half_file(tmp_path: Path) -> None:
    program = (
        "import pathlib, resource, sys\n"
        "from gkmonitor.errors import StorageError\n"
        "from gkmonitor.evidence.places import write_evidence\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "try:\n"
        "    write_evidence(pathlib.Path(sys.argv[1]), 'warc/2026/11/18/x.warc.gz', b'x' * 90000)\n"
        "except StorageError as error:\n"
        "    sys.stdout.buffer.write(str(error).encode())\n"
    )
    words = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, timeout=60, check=True)
    assert "磁盘空间不足" in done.stdout.decode()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_crash_between_file_and_row_leaves_a_file_without_row(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gkmonitor.cycles.running.record_sightings", dies)
    with pytest.raises(KeyboardInterrupt):
        office.find_blank(0)
    (left,) = office.files("warc")
    monkeypatch.undo()
    office.find_blank(0)
    used = {one.path for one in pieces(office)}
    assert set(office.files("warc")) == used | {left}
    assert left not in used


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "warc/../../out", "", "a\x00b", "warc\\..\\out"])
def test_no_stored_path_leads_out_of_the_evidence_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(StorageError):
        inside(tmp_path, path)


def test_a_link_that_leads_out_of_the_evidence_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "warc").symlink_to(tmp_path)
    with pytest.raises(StorageError, match="链接"):
        inside(folder, "warc/x")


def test_a_changed_file_is_found_by_its_digest(office: Office) -> None:
    office.find_blank(0)
    one = pieces(office)[0]
    assert one.byte_offset is not None
    assert one.byte_length is not None
    file = office.folder / one.path
    data = bytearray(file.read_bytes())
    data[one.byte_offset + 60] ^= 1
    file.write_bytes(data)
    with pytest.raises(StorageError, match="不符"):
        read_block(office.folder, one.path, one.byte_offset, one.byte_length, one.sha256)
