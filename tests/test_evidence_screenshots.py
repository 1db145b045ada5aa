"""Screenshots of stored pages: which cases get one, what stands on it, and that nothing is fetched for it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from databases import opened
from evidence_cases import BASE, BUDGET_URL, Office, night
from fake_portal import serve
from ledger_builder import START

from gkmonitor.errors import SettingError
from gkmonitor.evidence.records import Piece
from gkmonitor.evidence.screenshots import Camera, bar_lines, open_camera, take_screenshots
from gkmonitor.inspection import find_browser
from gkmonitor.ledger.records import Decision, EventKind
from gkmonitor.records import Severity
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database
from gkmonitor.storage.cases import decide, list_cases
from gkmonitor.storage.evidence import pieces_of
from gkmonitor.storage.pictures import pages_to_picture

ZONE = ZoneInfo("Asia/Shanghai")
needs_chromium = pytest.mark.needs_program("chromium", "chromium-browser", "google-chrome")
RED, BLUE = "#ff0000", "#0000ff"


def stored(url: str = BASE, **details: object) -> Piece:
    known = {"fetched_at": "2026-11-17T18:00:00.000000+00:00", "content_type": "text/html", "encoding": "utf-8"}
    return Piece(7, 1, 3, 1, "page", "warc/x", "a" * 64, START, START.date(), url, 0, 9, {**known, **details})


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    told = Office(database, tmp_path)
    told.find_blank(0)
    told.find_blank(1)
    return told


def blank_case(office: Office) -> int:
    with office.database.reading() as session:
        found = [one for one in list_cases(session, rule="national-2019-19") if one.check == "column-blank"]
    return found[0].id


def wanted(office: Office, *, is_all: bool = False) -> dict[int, Piece]:
    with office.database.reading() as session:
        return dict(pages_to_picture(session, is_all=is_all, limit=100))


# ---------------------------------------------------------------- which


def test_vetoes_are_pictured_at_once_and_other_cases_when_they_are_confirmed(office: Office) -> None:
    with office.database.reading() as session:
        vetoes = {one.id for one in list_cases(session, severities=[Severity.VETO])}
    assert set(wanted(office)) == vetoes
    with office.database.writing() as session:
        decision = Decision(EventKind.CONFIRMED, night(2).date())
        decide(session, blank_case(office), decision, actor="张三", now=night(2))
    assert set(wanted(office)) == {*vetoes, blank_case(office)}


def test_the_page_that_the_newest_finding_cites_is_pictured(office: Office) -> None:
    page = wanted(office, is_all=True)[blank_case(office)]
    assert (page.url, page.inspection_id) == (BUDGET_URL, 2)


def test_ended_cases_are_not_pictured(office: Office) -> None:
    with office.database.writing() as session:
        decision = Decision(EventKind.DISMISSED, night(2).date(), reason="misread_page")
        decide(session, blank_case(office), decision, actor="张三", now=night(2))
    assert blank_case(office) not in wanted(office, is_all=True)


def test_without_a_browser_or_by_setting_no_picture_is_taken(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_settings: object) -> str:
        raise SettingError("没有浏览器")

    monkeypatch.setattr("gkmonitor.inspection.find_browser", missing)
    for setting in ("all", "none"):
        settings = load_settings(evidence_dir=str(office.folder), screenshots=setting)
        assert take_screenshots(office.database, settings, night(2)) == 0


# ---------------------------------------------------------------- what stands on it


@pytest.fixture(scope="module")
def camera() -> Iterator[Camera]:
    """One browser for all tests that look at pictures; asked for by tests that need the program only."""
    with open_camera(find_browser(load_settings())) as one:
        yield one


def test_the_bar_names_address_local_time_server_and_digest() -> None:
    lines = "\n".join(bar_lines(stored(server_address="203.0.113.7"), ZONE))
    for told in (BASE, "2026-11-18 02:00:00（Asia/Shanghai）", "UTC 2026-11-17 18:00:00", "203.0.113.7", "a" * 64):
        assert told in lines


@needs_chromium
def test_a_picture_is_taken_of_the_stored_page_with_its_bar_and_kept_as_evidence(
    sqlite_url: str, tmp_path: Path
) -> None:
    with opened(sqlite_url) as database:
        office = Office(database, tmp_path)
        office.find_blank(0)
        picture_and_check(office)


def picture_and_check(office: Office) -> None:
    settings = load_settings(evidence_dir=str(office.folder), screenshots="all")
    assert take_screenshots(office.database, settings, night(2), limit=1) == 1
    with office.database.reading() as session:
        pieces = [one for case in list_cases(session) for one in pieces_of(session, case.id)]
    (picture,) = [one for one in pieces if one.kind == "screenshot"]
    data = (office.folder / picture.path).read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height > 200) == (1280, True)
    assert picture.details["page"] in {one.sha256 for one in pieces if one.kind == "page"}
    assert picture.case_id not in wanted(office, is_all=True)


@needs_chromium
def test_nothing_is_fetched_and_no_script_runs_for_a_picture(camera: Camera) -> None:
    red = f"background:{RED};height:300px"
    with serve({"/*": "x"}) as portal:
        html = (
            f"<html><head><link rel=stylesheet href='{portal.url}/a.css'><script src='{portal.url}/a.js'></script>"
            f"<meta http-equiv=refresh content='0;url={portal.url}/b'></head><body style='margin:0'><div style='{red}'>"
            f"</div><img src='{portal.url}/c.png'><iframe src='{portal.url}/d'></iframe>"
            f"<script>document.body.style.background='{BLUE}'</script></body></html>"
        )
        picture = camera.take(html.encode(), stored(f"{portal.url}/page.html"), ZONE)
        colours = colours_of(camera, picture)
    assert portal.paths == []
    assert "255,0,0" in colours
    assert "0,0,255" not in colours


@needs_chromium
def test_a_page_cannot_draw_over_the_bar(camera: Camera) -> None:
    cover = f"<body style='margin:0'><div style='position:fixed;inset:-900px;background:{RED};z-index:9'></div></body>"
    picture = camera.take(cover.encode(), stored(), ZONE)
    top = colours_of(camera, picture, rows=20)
    assert "255,0,0" not in top
    assert "17,34,51" in top


def colours_of(camera: Camera, picture: bytes, rows: int = 4000) -> set[str]:
    """The colours of a picture, as the browser itself reads them; of every 97th point, which misses no patch."""
    import base64

    source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    program = """async ([source, rows]) => {
        const image = new Image(); image.src = source; await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = image.width; canvas.height = Math.min(image.height, rows);
        const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
        const data = context.getImageData(0, 0, canvas.width, canvas.height).data, found = new Set();
        for (let i = 0; i < data.length; i += 4 * 97) found.add(data[i] + ',' + data[i + 1] + ',' + data[i + 2]);
        return [...found];
    }"""
    page = camera._browser.new_page()
    try:
        return set(page.evaluate(program, [source, rows]))
    finally:
        page.close()
