"""Evidence packs: what is in them, what is left out, and that strangers can check them."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from databases import opened
from evidence_cases import BASE, BLANK, BUDGET_URL, LIST_HTML, Office, blank_budget, item, kept, night, page
from facts_builder import column
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from gkmonitor.cli.main import app
from gkmonitor.errors import StorageError
from gkmonitor.evidence.day_roots import close_day
from gkmonitor.evidence.dossier import gather
from gkmonitor.evidence.packs import build_pack
from gkmonitor.evidence.reading_copies import reading_copy
from gkmonitor.ledger.chain import digest_of
from gkmonitor.settings import get_settings
from gkmonitor.storage import Database
from gkmonitor.storage.cases import events_of, list_cases
from gkmonitor.storage.models import EvidenceRow

ZONE = ZoneInfo("Asia/Shanghai")
PHONE = "13812345678"
Run = Callable[..., Any]


def inspected_twice(database: Database, folder: Path) -> Office:
    told = Office(database, folder)
    told.find_blank(0)
    told.find_blank(1)
    close_day(database, told.settings, None, night(2))
    return told


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """A case seen twice. What a pack is made of comes from the database as records, so one kind of it will do here."""
    with opened(sqlite_url) as database:
        yield inspected_twice(database, tmp_path)


@pytest.fixture
def new_office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(sqlite_url) as database:
        yield Office(database, tmp_path)


def case_id(office: Office, check: str = "column-blank") -> int:
    with office.database.reading() as session:
        found = [one for one in list_cases(session) if one.check == check and one.rule.startswith("national-2019-19")]
    return found[0].id


def packed(office: Office, *, is_unmasked: bool = False, check: str = "column-blank") -> bytes:
    dossier = gather(office.database, office.folder, case_id(office, check))
    return build_pack(dossier, ZONE, is_unmasked=is_unmasked).data


def files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# ---------------------------------------------------------------- what is in them


def test_a_pack_holds_both_observations_events_roots_and_how_to_verify(database: Database, tmp_path: Path) -> None:
    office = inspected_twice(database, tmp_path)
    found = files(packed(office))
    assert {"index.html", "case.json", "events.json", "day_roots.json", "MANIFEST.sha256", "如何核验.txt"} <= set(found)
    assert [name for name in found if name.startswith("observations/")] == [
        "observations/inspection-1.json",
        "observations/inspection-2.json",
    ]
    assert json.loads(found["case.json"])["state"] == "open"
    assert [one["event"] for one in json.loads(found["events.json"])] == ["found", "opened"]


def test_the_same_case_gives_the_same_bytes(office: Office) -> None:
    assert packed(office) == packed(office)
    assert packed(office, is_unmasked=True) == packed(office, is_unmasked=True)


def test_sha256sum_finds_every_file_as_the_manifest_says(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    with zipfile.ZipFile(io.BytesIO(packed(office, is_unmasked=True))) as archive:
        archive.extractall(folder)
    check = ["sha256sum", "--check", "--strict", "MANIFEST.sha256"]
    assert subprocess.run(check, cwd=folder, capture_output=True, timeout=30, check=False).returncode == 0
    listed = {line.split("  ", 1)[1] for line in (folder / "MANIFEST.sha256").read_text().splitlines()}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert listed == there - {"MANIFEST.sha256"}
    (folder / "case.json").write_text("{}")
    assert subprocess.run(check, cwd=folder, capture_output=True, timeout=30, check=False).returncode == 1


def test_the_shell_commands_of_the_instructions_lead_from_a_page_to_the_day_root(office: Office) -> None:
    roots = json.loads(files(packed(office))["day_roots.json"])
    assert [one["day"] for one in roots] == ["2026-11-18", "2026-11-19"]
    for root in roots:
        assert root["proofs"]
        for proof in root["proofs"]:
            leaf = "leaf " + json.dumps(proof["leaf"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            digest = hashlib.sha256(leaf.encode()).hexdigest()
            assert digest == proof["leaf_digest"]
            for step in proof["steps"]:
                pair = (step["digest"], digest) if step["side"] == "left" else (digest, step["digest"])
                digest = hashlib.sha256("node {} {}".format(*pair).encode()).hexdigest()
            assert digest == root["root"]


def test_the_digests_of_the_events_can_be_computed_from_the_pack(office: Office) -> None:
    told = json.loads(files(packed(office))["events.json"])
    for one in told:
        fields = {name: one[name] for name in ("id", "case_id", "at", "actor", "before", "after", "reason", "details")}
        fields |= {"kind": one["event"], "previous": one["previous_digest"]}
        text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == one["digest"]
        assert one["is_masked"] is False
    with office.database.reading() as session:
        assert [digest_of(event) for event in events_of(session, case_id(office))] == [one["digest"] for one in told]


def test_the_page_shows_rule_looks_servers_and_life_without_script(office: Office) -> None:
    html = files(packed(office))["index.html"].decode()
    tree = LexborHTMLParser(html)
    assert tree.css_first("script") is None
    policy = tree.css_first("meta[http-equiv=Content-Security-Policy]")
    assert policy is not None
    assert "default-src 'none'" in (policy.attributes["content"] or "")
    words = tree.body.text() if tree.body else ""
    for told in (
        "政务公开 > 财政预决算",
        "203.0.113.7",
        "CN=www.qinghe.gov.cn",
        "检查 1",
        "检查 2",
        "再次观测到",
        "一致",
    ):
        assert told in words, told
    for link in tree.css("a[href]"):
        href = link.attributes["href"] or ""
        assert href.startswith(("http://", "https://")) or href in files(packed(office)), href


def test_the_deciding_line_of_a_stale_list_is_marked(new_office: Office) -> None:
    office = new_office
    entries = (item(date(2025, 3, 4), "较新的一条"), item(date(2025, 1, 2), "较旧的一条"))
    office.inspect(0, column("通知公告", "notices", entries), pages=kept())
    tree = LexborHTMLParser(files(packed(office, check="column-stale"))["index.html"])
    marked = [row.text() for row in tree.css("tr") if "据此判定" in row.text()]
    assert len(marked) == 1
    assert "较新的一条" in marked[0]
    assert "2026-11-18" in marked[0]  # first seen, by the office's clock


@pytest.mark.parametrize(
    ("digests", "words"),
    [
        (("0a", "0a"), "此前的日期是 2025-01-05，正文未变"),
        (("0a", "0b"), "此前的日期是 2025-01-05，正文或其页面有变化"),
        ((None, "0b"), "此前的日期是 2025-01-05，正文未能比对"),
    ],
)
def test_an_item_dated_anew_stands_in_the_page_with_its_earlier_day(
    new_office: Office, digests: tuple[str | None, str], words: str
) -> None:
    url = "http://www.qinghe.gov.cn/1.html"
    for number, (day, digest) in enumerate(zip((date(2025, 1, 5), date(2025, 3, 4)), digests, strict=True)):
        texts = {url: digest * 16} if digest else {}
        entries = (item(day, "青禾县公告", url=url), item(date(2025, 1, 2), "旧公告"))
        new_office.inspect(number, column("通知公告", "notices", entries, text_digests=texts), pages=kept(number))
    rows = LexborHTMLParser(files(packed(new_office, check="column-stale"))["index.html"]).css("tr")
    told = [row.text() for row in rows if "此前的日期" in row.text()]
    assert len(told) == 1
    assert "青禾县公告" in told[0]
    assert words in told[0]


def test_words_of_a_portal_are_escaped_in_the_page(new_office: Office) -> None:
    office = new_office
    evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    entries = (item(date(2025, 3, 4), evil, url="javascript:alert(3)"),)
    office.inspect(0, column("通知公告", "notices", entries), pages=kept())
    html = files(packed(office, check="column-stale"))["index.html"].decode()
    tree = LexborHTMLParser(html)
    assert tree.css("script, img") == []
    assert not re.search(r"href=.javascript:", html)
    assert "<script>alert(1)</script>" in (tree.body.text() if tree.body else "")


# ---------------------------------------------------------------- what is masked


def test_personal_numbers_are_in_no_file_of_a_masked_pack(office: Office) -> None:
    found = files(packed(office))
    assert LIST_HTML.count(PHONE) == 1
    assert not [name for name, data in found.items() if PHONE.encode() in data]
    copies = [data.decode() for name, data in found.items() if name.startswith("pages/")]
    assert sum("138****5678" in text for text in copies) == 1
    assert not [name for name in found if name.startswith("warc/")]
    assert "已遮盖" in found["index.html"].decode()


def test_numbers_in_item_tables_are_masked_in_page_and_objects(new_office: Office) -> None:
    office = new_office
    entries = (item(date(2025, 3, 4), f"补助名单 {PHONE} 11010519491231002X"),)
    office.inspect(0, column("通知公告", "notices", entries), pages=kept())
    found = files(packed(office, check="column-stale"))
    everything = b"".join(found.values())
    assert PHONE.encode() not in everything
    assert b"11010519491231002X" not in everything
    assert "138****5678" in found["index.html"].decode()


def test_an_unmasked_pack_holds_the_original_bytes_of_this_case_only(office: Office) -> None:
    found = files(packed(office, is_unmasked=True))
    warcs = {name: data for name, data in found.items() if name.startswith("warc/")}
    assert len(warcs) == 2
    for data in warcs.values():
        records = list(ArchiveIterator(io.BytesIO(data)))
        assert [one.rec_type for one in records] == ["warcinfo", *["resource", "metadata"] * 2, "metadata"]
    assert all(LIST_HTML.encode() in bodies_of(data) for data in warcs.values())
    assert "未作遮盖" in found["index.html"].decode()
    assert "未作遮盖" in found["如何核验.txt"].decode()


def test_a_page_of_another_case_of_the_same_inspection_is_in_no_pack(new_office: Office) -> None:
    office = new_office
    pages = [*kept(), page(BASE + "jy/", "<html>只与另一个问题有关</html>")]
    other = column("建议提案", "proposals", (), url=BASE + "jy/")
    assert other.observation is not None
    other = replace(other, observation=replace(other.observation, sha256=pages[-1].sha256))
    office.inspect(0, blank_budget(pages), other, pages=pages)
    (path,) = office.files("warc")
    assert pages[-1].body in bodies_of((office.folder / path).read_bytes())
    with office.database.reading() as session:
        (case,) = [one for one in list_cases(session) if one.subject.url == BUDGET_URL and one.rule.startswith(BLANK)]
    found = files(build_pack(gather(office.database, office.folder, case.id), ZONE, is_unmasked=True).data)
    (warc,) = [data for name, data in found.items() if name.startswith("warc/")]
    assert pages[1].body in bodies_of(warc)
    assert pages[-1].body not in bodies_of(warc)
    assert not [name for name, data in found.items() if "只与另一个问题有关".encode() in data]


def bodies_of(warc: bytes) -> list[bytes]:
    return [one.content_stream().read() for one in ArchiveIterator(io.BytesIO(warc))]


# ---------------------------------------------------------------- what does not hold


def test_a_damaged_or_missing_file_is_told_and_the_rest_is_packed(office: Office) -> None:
    first, second = office.files("warc")
    (office.folder / first).unlink()
    data = bytearray((office.folder / second).read_bytes())
    data[-40] ^= 1
    (office.folder / second).write_bytes(data)
    pack = build_pack(gather(office.database, office.folder, case_id(office)), ZONE)
    assert any("不见了" in fault for fault in pack.faults)
    assert "不见了" in files(pack.data)["index.html"].decode()
    assert "case.json" in files(pack.data)


def test_evidence_whose_row_was_changed_is_not_under_the_root_and_told_so(office: Office) -> None:
    with office.database.writing() as session:
        row = session.query(EvidenceRow).filter_by(case_id=case_id(office), kind="page").first()
        assert row is not None
        row.path = row.path.replace("inspection-1", "inspection-9")
    assert build_pack(gather(office.database, office.folder, case_id(office)), ZONE).faults


def test_a_row_that_names_a_file_outside_the_folder_is_refused(office: Office, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not for export")
    with office.database.writing() as session:
        row = session.query(EvidenceRow).filter_by(case_id=case_id(office)).first()
        assert row is not None
        row.path = "../secret"
    with pytest.raises(StorageError, match="不在证据文件夹之内"):
        gather(office.database, office.folder, case_id(office))


# ---------------------------------------------------------------- reading copies


def copy_of(body: str | bytes, content_type: str = "text/html", encoding: str = "utf-8") -> str:
    data = body.encode(encoding) if isinstance(body, str) else body
    made = reading_copy(data, url=BASE + "a/b.html", encoding=encoding, content_type=content_type, sha256="0" * 64)
    assert made is not None
    return made[0].decode()


def test_nothing_in_a_reading_copy_runs_or_loads() -> None:
    shown = copy_of(
        "<html><head><meta http-equiv=refresh content='0;url=http://evil.example/'><base href=//evil.example/>"
        "<style>@import 'http://evil.example/x.css'</style></head><body onload=go()><script>go()</script>"
        "<p style='background:url(http://evil.example/y)' onclick=go()>正文</p><img src=http://evil.example/z>"
        "<a href='javascript:go()'>一</a><a href='../c.html'>二</a><iframe src=//evil.example/></iframe>"
        "<form action=//evil.example/><input name=a></form><svg onload=go()></svg></body></html>"
    )
    tree = LexborHTMLParser(shown)
    assert tree.css("script, style, img, iframe, input, svg, base, link, meta[http-equiv=refresh]") == []
    assert "evil.example" not in shown
    assert "go()" not in shown
    assert [node.attributes.get("href") for node in tree.css("a")] == [None, BASE + "c.html"]
    assert "正文" in shown


def test_a_copy_is_decoded_as_the_page_was_read() -> None:
    assert "财政预算" in copy_of("<html><body>财政预算</body></html>", encoding="gb18030")


def test_data_is_shown_as_text_and_binary_files_have_no_copy() -> None:
    assert "&lt;b&gt;" in copy_of('{"a": "<b>"}', "application/json")
    made = reading_copy(b"PK\x03\x04", url=BASE, encoding=None, content_type="application/vnd.ms-excel", sha256="0")
    assert made is None


# ---------------------------------------------------------------- the command


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("GKMONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("GKMONITOR_EVIDENCE_DIR", str(tmp_path / "evidence"))
    monkeypatch.setenv("COLUMNS", "200")
    get_settings.cache_clear()
    with opened(sqlite_url) as database:
        Office(database, tmp_path).find_blank(0)
    yield lambda *words: CliRunner().invoke(app, [str(word) for word in words])
    get_settings.cache_clear()


def test_the_command_writes_a_masked_pack_and_leaves_no_event(run: Run, tmp_path: Path) -> None:
    result = run("violations", "export", 1, "--pack", tmp_path / "证据.zip")
    assert (result.exit_code, "已遮盖" in result.stdout) == (0, True)
    assert "index.html" in files((tmp_path / "证据.zip").read_bytes())
    events = json.loads(run("violations", "show", 1, "--json").stdout)["events"]
    assert [one["event"] for one in events] == ["found"]


def test_an_unmasked_pack_is_an_event_with_a_name(run: Run, tmp_path: Path) -> None:
    result = run("violations", "export", 1, "--pack", tmp_path / "p.zip", "--unmasked", "--actor", "张三")
    assert result.exit_code == 0, result.stderr
    events = json.loads(run("violations", "show", 1, "--json").stdout)["events"]
    assert [(one["event"], one["actor"]) for one in events] == [("found", "system"), ("exported", "张三")]
    assert [name for name in files((tmp_path / "p.zip").read_bytes()) if name.startswith("warc/")]
    assert run("ledger", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pack", "x.zip"], "请写一个编号"),
        ([1, 2, "--pack", "x.zip"], "请写一个编号"),
        ([1, "--unmasked"], "--pack"),
        ([999, "--pack", "x.zip"], "没有编号为 999 的问题"),
    ],
)
def test_a_pack_that_cannot_be_made_is_refused(run: Run, words: list[Any], said: str) -> None:
    result = run("violations", "export", *words)
    assert result.exit_code == 2
    assert said in result.stderr
