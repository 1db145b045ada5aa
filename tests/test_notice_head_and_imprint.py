"""红头, 版记 and the pictures of the Word document: left out when they are not set."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from month_samples import sample_numbers
from openpyxl import load_workbook
from test_notice_docx import own_template, texts

from gkmonitor.monthly.records import MatrixRow, MonthNumbers, TrendPoint
from gkmonitor.reports.monthly.annexes import annexes_of
from gkmonitor.reports.notice.document import write_docx
from gkmonitor.reports.notice.matrix_tables import matrix_annexes
from gkmonitor.reports.notice.page import write_html
from gkmonitor.reports.notice.word_charts import word_charts
from gkmonitor.settings import load_settings
from gkmonitor.storage.month_data import _office

NUMBERS = sample_numbers()
MARK, COPIES, PRINTER = "青禾市人民政府办公室文件", "市委各部门，<市政协>办公室。", "青禾市人民政府办公室"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def with_office(**given: Any) -> MonthNumbers:
    return replace(NUMBERS, office=replace(NUMBERS.office, **given))


def opened(numbers: MonthNumbers, template: bytes | None = None) -> Any:
    return Document(io.BytesIO(write_docx(numbers, template)))


# ---------------------------------------------------------------- 红头


def test_the_mark_stands_in_red_above_number_line_and_title() -> None:
    document = opened(with_office(mark=MARK))
    first = [(one.style.name, one.text) for one in document.paragraphs[:5]]
    assert first == [
        ("公文发文机关标志", MARK),
        ("公文版头文号", "青府办〔2026〕58号"),
        ("公文正文", ""),
        ("公文正文", ""),
        ("公文标题", "青禾市人民政府办公室关于2026年11月份\n全市政府网站检查情况的通报"),
    ]
    mark, number = document.styles["公文发文机关标志"], document.styles["公文版头文号"]
    assert str(mark.font.color.rgb) == "FF0000"
    assert mark.element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋_GBK"
    line = number.element.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert (line.get(qn("w:color")), line.get(qn("w:space"))) == ("FF0000", "11")  # 4 mm below the number
    assert texts(document, "公文文号") == []


def test_without_a_mark_there_is_no_red_and_the_number_stands_below_the_title() -> None:
    document = opened(NUMBERS)
    assert texts(document, "公文发文机关标志") == texts(document, "公文版头文号") == []
    assert texts(document, "公文文号") == ["青府办〔2026〕58号"]


@pytest.mark.parametrize(
    ("mark", "points"), [("青禾市人民政府文件", 49), (MARK, 36), ("青禾市" * 6, 24), ("青禾市" * 9, 22)]
)
def test_a_long_mark_is_set_smaller_to_stand_on_one_line(mark: str, points: int) -> None:
    (paragraph,) = [one for one in opened(with_office(mark=mark)).paragraphs if one.text == mark]
    assert paragraph.runs[0].font.size.pt == points


def test_a_draft_with_a_mark_says_that_it_is_one_where_its_number_would_stand() -> None:
    document = opened(with_office(mark=MARK, issued_on=None, number=None))
    assert texts(document, "公文版头文号") == ["（送审稿）"]


# ---------------------------------------------------------------- 版记


def imprint(document: Any) -> list[list[str]]:
    (table,) = document.sections[-1].even_page_footer.tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_imprint_is_the_foot_of_an_even_page_of_its_own_behind_the_annexes() -> None:
    document = opened(with_office(copies=COPIES, printer=PRINTER))
    copies = "抄送：市委各部门，<市政协>办公室。"
    assert imprint(document) == [[copies, copies], [PRINTER, "2026年12月1日印发"]]
    last = document.sections[-1]
    assert last._sectPr.find(qn("w:type")).get(qn("w:val")) == "evenPage"
    assert "PAGE" not in last.even_page_footer._element.xml  # its page bears no number
    assert last.even_page_footer._element.xml == last.footer._element.xml
    assert "PAGE" in document.sections[-2].footer._element.xml
    assert document.paragraphs[-1].text == ""
    assert last.page_width < last.page_height


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        ({"copies": "市委各部门"}, [["抄送：市委各部门。"] * 2]),
        ({"printer": PRINTER}, [[PRINTER, "2026年12月1日印发"]]),
        ({"printer": PRINTER, "issued_on": None}, [[PRINTER, "　　年　　月　　日印发"]]),
    ],
)
def test_the_imprint_has_the_lines_that_are_set(given: dict[str, Any], rows: list[list[str]]) -> None:
    assert imprint(opened(with_office(**given))) == rows


def test_without_settings_there_is_no_imprint_and_no_page_for_it() -> None:
    document = opened(NUMBERS)
    assert all(not section.footer.tables for section in document.sections)
    assert all(section._sectPr.find(qn("w:type")) is None for section in document.sections)
    assert "GKMONITOR" not in document.element.xml


def test_an_offices_template_places_them_itself_or_leaves_them_out() -> None:
    numbers = with_office(mark=MARK, copies="市委各部门", printer=PRINTER)
    document = opened(numbers, own_template("{{ 红头 }}｜{{ 抄送 }}｜{{ 印发机关 }}｜{{ 印发日期 }}"))
    assert document.paragraphs[0].text == f"{MARK}｜市委各部门｜{PRINTER}｜2026年12月1日印发"
    assert len(document.sections) == 1
    assert imprint(opened(numbers, own_template("{{ 标题 }}", "{{ 版记 }}")))[1][0] == PRINTER


def test_the_page_has_the_same_head_and_imprint() -> None:
    page = write_html(with_office(mark=MARK, copies=COPIES, printer=PRINTER))
    assert f'<p class="mark">{MARK}</p><p>青府办〔2026〕58号</p>' in page
    assert "抄送：市委各部门，&lt;市政协&gt;办公室。" in page
    assert "2026年12月1日印发" in page
    assert 'class="mark"' not in write_html(NUMBERS)
    assert 'class="imprint"' not in write_html(NUMBERS)


def test_the_settings_are_frozen_with_the_figures() -> None:
    settings = load_settings(notice_mark=f" {MARK} ", notice_copies="市委各部门", notice_printer=PRINTER)
    made = _office(settings)
    assert (made.mark, made.copies, made.printer) == (MARK, "市委各部门", PRINTER)


# ---------------------------------------------------------------- pictures


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(write_docx(NUMBERS))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def cached(chart: bytes, at: int) -> tuple[str, list[tuple[int, str]]]:
    """Name and figures of a series as the chart shows them without its workbook."""
    series = etree.fromstring(chart).findall(f".//{CHART}ser")[at]
    name = series.findtext(f"{CHART}tx//{CHART}v")
    points = [(int(one.get("idx")), one.findtext(f"{CHART}v")) for one in series.findall(f"{CHART}val//{CHART}pt")]
    return str(name), points


def test_the_trend_is_a_chart_of_the_documents_own_whose_gaps_stay_gaps(parts: dict[str, bytes]) -> None:
    chart = parts["word/charts/month-2.xml"]
    assert cached(chart, 0) == ("问题数（个，左轴）", [(1, "4"), (2, "3")])
    assert cached(chart, 1) == ("合格率（%，右轴）", [(1, "62.5"), (2, "50")])
    assert b'dispBlanksAs val="gap"' in chart


def test_the_indicators_are_a_chart_with_vetoes_apart(parts: dict[str, bytes]) -> None:
    chart = parts["word/charts/month-1.xml"]
    assert cached(chart, 0) == ("扣分", [(0, "0"), (1, "1"), (2, "1")])
    assert cached(chart, 1) == ("单项否决", [(0, "1"), (1, "0"), (2, "0")])


def test_a_charts_workbook_has_its_figures_where_it_looks_for_them(parts: dict[str, bytes]) -> None:
    sheet = load_workbook(io.BytesIO(parts["word/embeddings/month-2.xlsx"]))["Sheet1"]
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        [None, "问题数（个，左轴）", "合格率（%，右轴）"],
        ["2026-09", None, None],
        ["2026-10", 4, 62.5],
        ["2026-11", 3, 50],
    ]
    assert b"Sheet1!$C$2:$C$4" in parts["word/charts/month-2.xml"]
    assert b"month-2.xlsx" in parts["word/charts/_rels/month-2.xml.rels"]


def test_each_chart_stands_above_the_table_with_its_figures_and_says_what_it_shows() -> None:
    body = list(opened(NUMBERS).element.body)
    drawings = [at for at, one in enumerate(body) if one.findall(f".//{qn('w:drawing')}")]
    assert len(drawings) == 2
    for at in drawings:
        assert body[at + 1].tag == qn("w:tbl")
        assert "数字见下表" in body[at].find(f".//{qn('wp:docPr')}").get("descr")


def test_where_there_is_nothing_to_draw_there_is_no_chart() -> None:
    quiet = tuple(replace(one, finding="clean") for one in NUMBERS.by_indicator)
    none = TrendPoint("2026-11", None, None, None, None, None, None)
    bare = replace(NUMBERS, by_indicator=quiet, trend=(none,))
    assert word_charts(bare) == {}
    assert "trend" not in {one.slug for one in annexes_of(bare)}


# ---------------------------------------------------------------- matrices


def matrix_tables(numbers: MonthNumbers) -> dict[str, Any]:
    """The tables of the two matrices by their corner."""
    return {one.rows[0].cells[0].text: one for one in opened(numbers).tables if one.rows[0].cells[0].text in "网站部门"}


def test_a_matrix_is_a_table_of_marks_whose_faults_are_coloured() -> None:
    matrix = replace(
        NUMBERS.portal_columns,
        heads=("动态", "公告"),
        rows=(
            MatrixRow("青禾县人民政府", ("undecided", "violation")),
            MatrixRow("白沙县人民政府", ("ok", "undecided")),
        ),
    )
    (table,) = [one for name, one in matrix_tables(replace(NUMBERS, portal_columns=matrix)).items() if name == "网站"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["网站", "动态", "公告"],
        ["青禾县人民政府", "？", "×"],
    ]
    shades = [cell._tc.tcPr.find(qn("w:shd")) for cell in table.rows[1].cells]
    assert [None if one is None else one.get(qn("w:fill")) for one in shades] == [None, "EEEEEE", "F6C9C3"]
    named = matrix_tables(replace(NUMBERS, portal_columns=matrix, names_unconfirmed=True))["网站"]
    assert [row.cells[0].text for row in named.rows[1:]] == ["青禾县人民政府", "白沙县人民政府"]


def test_a_matrix_tells_its_marks_and_what_paper_has_no_room_for() -> None:
    rows = tuple(MatrixRow(f"第{number}站", ("violation",) * 30) for number in range(61))
    (annex,) = matrix_annexes(
        replace(
            NUMBERS,
            portal_columns=replace(NUMBERS.portal_columns, heads=tuple("栏" * 30), rows=rows),
            unit_years=replace(NUMBERS.unit_years, rows=()),
        )
    )
    assert (len(annex.rows), len(annex.heads)) == (60, 25)
    assert annex.note == "√ 正常，× 有问题，免 有说明或豁免，？ 未能判定，－ 不适用。其余见电子表格。"


def test_a_matrix_without_a_confirmed_problem_is_left_out() -> None:
    clean = replace(NUMBERS.portal_columns, rows=(MatrixRow("青禾县人民政府", ("ok",)),), heads=("动态",))
    assert list(matrix_annexes(replace(NUMBERS, portal_columns=clean, unit_years=clean))) == []


def test_the_imprint_follows_a_matrix_on_its_side_upright() -> None:
    wide = replace(NUMBERS.unit_years, heads=tuple("年" * 12), rows=(MatrixRow("青禾县财政局", ("violation",) * 12),))
    document = opened(replace(with_office(printer=PRINTER), unit_years=wide))
    sizes = [section.page_width > section.page_height for section in document.sections[-2:]]
    assert sizes == [True, False]
    assert imprint(document)[0][0] == PRINTER


def test_the_same_month_gives_the_same_bytes_with_head_imprint_and_charts() -> None:
    numbers = with_office(mark=MARK, copies=COPIES, printer=PRINTER)
    assert write_docx(numbers) == write_docx(replace(numbers, as_of=datetime(2026, 12, 1, 1, tzinfo=UTC)))
