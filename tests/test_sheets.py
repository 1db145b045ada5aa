"""Decisions in attached sheets; a hostile or broken file gives nothing and costs next to nothing."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from gkmonitor.records import PageFacts, PageKind
from spiders.readers import read_page
from spiders.readers.sheets import MAX_SHEET_ROWS

URL = "http://sthj.yunling.gov.cn/upload/xzcf.xlsx"
HEADS = ["行政相对人名称", "行政处罚决定书文号", "处罚决定日期", "公示日期", "处罚机关"]
ROW = ["云岭市某某公司", "云环罚〔2026〕1号", date(2026, 9, 1), date(2026, 9, 8), "云岭市生态环境局"]
# Written once by a spreadsheet library: a title over the heads, days as cells of days and as text, a hidden sheet.
OLD_SHEET = (Path(__file__).parent / "sheets" / "penalties.xls").read_bytes()


def sheet(*rows: Sequence[object], hidden: Sequence[Sequence[object]] = ()) -> bytes:
    book = Workbook()
    first = book.active
    assert first is not None
    for row in rows:
        first.append(list(row))
    if hidden:
        second = book.create_sheet("底稿")
        second.sheet_state = "hidden"
        for row in hidden:
            second.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(body: bytes, url: str = URL) -> PageFacts:
    return read_page(body, url)


def days(page: PageFacts) -> list[tuple[date | None, date | None]]:
    return [(row.decided, row.published) for row in page.details.rows]


def test_sheet_gives_both_days_of_each_row() -> None:
    page = read(sheet(["云岭市行政处罚公示表"], HEADS, ROW))
    (row,) = page.details.rows
    assert (row.kind, row.decided, row.published) == ("penalty", date(2026, 9, 1), date(2026, 9, 8))
    assert (row.document_number, row.organ, row.url) == ("云环罚〔2026〕1号", "云岭市生态环境局", URL)
    assert (page.kind, page.listing, page.columns) == (PageKind.OTHER, None, ())


def test_old_sheet_gives_days_from_cells_of_days_and_from_text_and_nothing_hidden() -> None:
    page = read(OLD_SHEET, URL[:-1])
    assert days(page) == [
        (date(2026, 9, 1), date(2026, 9, 8)),
        (date(2026, 9, 2), date(2026, 10, 20)),
        (date(2026, 9, 3), date(2026, 9, 9)),
    ]
    assert [row.subject for row in page.details.rows][2] == "云环罚〔2026〕9号"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_separated_values_are_read_in_any_encoding(encoding: str) -> None:
    text = "许可决定书文号,许可决定日期,公示日期\r\n青许〔2026〕1号,2026-03-02,2026/3/9\r\n"
    page = read(text.encode(encoding), "http://www.qinghe.gov.cn/a/xzxk.csv?v=2")
    assert days(page) == [(date(2026, 3, 2), date(2026, 3, 9))]
    assert page.details.rows[0].kind == "permit"


def test_table_of_a_page_under_the_name_of_a_sheet_is_read_as_a_page() -> None:
    body = "<html><body><table><tr><th>许可决定书文号</th><th>许可决定日期</th><th>公示日期</th></tr>"
    body += "<tr><td>青许〔2026〕1号</td><td>2026-03-02</td><td>2026-03-09</td></tr></table></body></html>"
    assert days(read(body.encode(), "http://www.qinghe.gov.cn/a.xls")) == [(date(2026, 3, 2), date(2026, 3, 9))]


def test_hidden_sheet_is_not_published() -> None:
    assert days(read(sheet(["说明"], hidden=[HEADS, ROW]))) == []


def test_last_day_of_publicity_is_no_day_of_publication() -> None:
    heads = ["行政处罚决定书文号", "处罚决定日期", "公示截止期"]
    assert days(read(sheet(heads, ["云环罚〔2026〕1号", date(2026, 9, 1), date(2027, 9, 1)]))) == [
        (date(2026, 9, 1), None)
    ]


@pytest.mark.parametrize("value", [46266, 46266.0, 46266.5, "2026-09-01、2026-09-02", True, "长期"])
def test_cell_that_is_no_single_day_gives_none(value: object) -> None:
    ((decided, published),) = days(read(sheet(HEADS, [*ROW[:2], value, date(2026, 9, 8), ROW[4]])))
    assert (decided, published) == (None, date(2026, 9, 8))


def test_day_with_a_time_and_day_in_figures_are_days() -> None:
    row = [*ROW[:2], datetime(2026, 9, 1, 15, 30), 20260908, ROW[4]]  # noqa: DTZ001  # as a cell holds it
    assert days(read(sheet(HEADS, row))) == [(date(2026, 9, 1), date(2026, 9, 8))]


def test_example_of_how_to_fill_it_in_is_no_decision() -> None:
    assert len(days(read(sheet(HEADS, ["示例：某某公司", *ROW[1:]], ROW)))) == 1


def test_person_is_never_named() -> None:
    row = ["李小明", "", date(2026, 9, 1), date(2026, 9, 8), "云岭市生态环境局"]
    assert [one.subject for one in read(sheet(HEADS, row)).details.rows] == ["李某"]


def test_row_shorter_than_its_heads_is_read() -> None:
    assert days(read(sheet([*HEADS, "备注"], ROW))) == [(date(2026, 9, 1), date(2026, 9, 8))]


# ---------------------------------------------------------------- hostile and broken files


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def replaced(body: bytes, part: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, data if name == part else old.read(name))
    return out.getvalue()


def far_cell() -> bytes:
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(HEADS)
    first.append(ROW)
    first.cell(1_048_576, 16_384, "x")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + ']><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&m;</t></si></sst>'
).encode()
HOSTILE = {
    "a bomb that unfolds": zipped(**{"xl__workbook.xml": b"<x/>", "xl__worksheets__sheet1.xml": b" " * 60_000_000}),
    "a document of another program": zipped(**{"word__document.xml": b"<x/>"}),
    "thousands of parts": zipped(**{"xl__workbook.xml": b"<x/>", **{f"xl__p{n}.xml": b"" for n in range(2000)}}),
    "entities within entities": replaced(sheet(["a"]), "xl/sharedStrings.xml", _LAUGHS),
    "only the first bytes of a sheet": b"PK\x03\x04",
    "only the first bytes of an old sheet": OLD_SHEET[:8],
    "an old sheet cut off": OLD_SHEET[: len(OLD_SHEET) // 2],
    "more bytes than a sheet may have": sheet(HEADS, ROW) + b"\0" * 5_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_gives_nothing_within_a_second(name: str) -> None:
    started = time.process_time()
    assert read(HOSTILE[name]).details.rows == ()
    assert time.process_time() - started < 1.0


def test_cell_a_million_rows_away_costs_nothing_and_hides_nothing() -> None:
    started = time.process_time()
    assert days(read(far_cell())) == [(date(2026, 9, 1), date(2026, 9, 8))]
    assert time.process_time() - started < 1.0


def test_rows_beyond_the_bound_are_not_read() -> None:
    body = sheet(HEADS, *[[*ROW[:1], f"云环罚〔2026〕{n}号", *ROW[2:]] for n in range(MAX_SHEET_ROWS + 50)])
    assert len(read(body).details.rows) == MAX_SHEET_ROWS - 1


def test_damaged_bytes_never_raise() -> None:
    chance = random.Random(20261122)
    for body in (OLD_SHEET, sheet(HEADS, ROW)):
        for _ in range(60):
            damaged = bytearray(body)
            for _ in range(chance.randint(1, 30)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            assert isinstance(read(bytes(damaged)), PageFacts)


def test_error_page_under_the_address_of_a_sheet_is_read_as_the_page_that_it_is() -> None:
    page = read(b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>", URL[:-1])
    assert (page.title, page.details.rows) == ("404 Not Found", ())
