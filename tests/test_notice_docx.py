"""The notice as a Word document, read back: the form of GB/T 9704, the tables, the template of an office."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from month_samples import BLANK, STALE, sample_numbers

from gkmonitor.errors import NoticeTemplateError
from gkmonitor.monthly.records import Annex
from gkmonitor.reports.notice.annex_pages import MAX_ROWS, on_paper
from gkmonitor.reports.notice.document import write_docx
from gkmonitor.reports.notice.matrix_tables import matrix_annexes
from gkmonitor.reports.notice.template import make_template, read_template
from gkmonitor.reports.notice.text import notice_text

NUMBERS = sample_numbers()


@pytest.fixture(scope="module")
def written() -> bytes:
    return write_docx(NUMBERS)


@pytest.fixture(scope="module")
def document(written: bytes) -> Any:
    return Document(io.BytesIO(written))


def texts(document: Any, style: str) -> list[str]:
    return [one.text for one in document.paragraphs if one.style.name == style]


def own_template(*paragraphs: str) -> bytes:
    """A Word document as somebody types it."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


# ---------------------------------------------------------------- the form


def test_the_page_is_a4_with_the_print_area_of_the_standard(document: Any) -> None:
    section = document.sections[0]
    page = [round(one.mm, 1) for one in (section.page_width, section.page_height)]
    margins = [
        round(one.mm) for one in (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    ]
    assert page == [210.0, 297.0]
    assert margins == [37, 28, 26, 35]  # leaves 156 x 225 mm


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("公文标题", "方正小标宋_GBK", 22),
        ("公文正文", "仿宋_GB2312", 16),
        ("公文一级标题", "黑体", 16),
        ("公文二级标题", "楷体_GB2312", 16),
        ("公文附件号", "黑体", 16),
    ],
)
def test_styles_have_the_fonts_of_the_standard(document: Any, style: str, font: str, points: int) -> None:
    found = document.styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert found.font.size.pt == points


def test_a_page_has_22_lines_and_paragraphs_begin_two_characters_in(document: Any) -> None:
    shape = document.styles["公文正文"].paragraph_format
    assert shape.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert 22 * shape.line_spacing.mm <= 225 < 23 * shape.line_spacing.mm
    assert shape.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_fonts_that_a_machine_lacks_have_alternatives(written: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        table = archive.read("word/fontTable.xml").decode()
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong' in table
    assert '<w:font w:name="方正小标宋_GBK"><w:altName w:val="方正小标宋简体,小标宋,宋体' in table


def test_page_numbers_stand_outside_between_dashes(document: Any) -> None:
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "— 1 —"
        assert paragraph._p.pPr.jc.get(qn("w:val")) == side
        assert "PAGE" in paragraph._p.xml
        assert {run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in paragraph.runs} == {"宋体"}
        assert {run.font.size.pt for run in paragraph.runs} == {14}


# ---------------------------------------------------------------- the words


def test_the_notice_has_title_number_addressee_and_four_heads(document: Any) -> None:
    assert texts(document, "公文标题") == ["青禾市人民政府办公室关于2026年11月份\n全市政府网站检查情况的通报"]
    assert texts(document, "公文文号") == ["青府办〔2026〕58号"]
    assert texts(document, "公文主送") == ["各县（市、区）人民政府，市政府各部门、各直属机构："]
    assert texts(document, "公文一级标题") == [
        "一、总体情况",
        "二、上月问题整改复查情况",
        "三、本月发现的主要问题",
        "四、工作要求",
    ]


def test_every_part_of_the_text_stands_in_the_document(document: Any) -> None:
    shown = {one.text for one in document.paragraphs}
    for _, parts in notice_text(NUMBERS).sections:
        for part in parts:
            assert part.text in shown
            assert part.head in shown


def test_it_ends_with_annexes_office_date_and_that_it_is_public(document: Any) -> None:
    lines = texts(document, "公文附件说明")
    assert lines[0] == "附件：1.网站检查情况统计表"
    assert lines[1] == "　　　2.不合格网站名单"
    assert texts(document, "公文署名") == ["青禾市人民政府办公室"]
    assert texts(document, "公文成文日期") == ["2026年12月1日"]
    assert texts(document, "公文附注") == ["（此件公开发布）"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("2026年11月份政府网站检查情况的通报", "2026年11月份政府网站检查情况的通报"),
        (
            "青禾市政务服务和大数据管理局关于2026年11月份全市政府网站检查情况的通报",
            "青禾市政务服务和大数据管理局关于\n2026年11月份全市政府网站检查情况的通报",
        ),
        (
            "没有可以断开的地方的一个非常非常长的长到两行也放不下的标题",
            "没有可以断开的地方的一个非常非常长的长到两行也放不下的标题",
        ),
    ],
)
def test_a_title_breaks_where_its_sense_does(title: str, shown: str) -> None:
    office = replace(NUMBERS.office, title=title)
    document = Document(io.BytesIO(write_docx(replace(NUMBERS, office=office))))
    assert texts(document, "公文标题") == [shown]


def test_a_long_office_name_stays_on_one_line_above_the_date() -> None:
    name = "青禾市人民政府政务服务和大数据管理局"
    document = Document(io.BytesIO(write_docx(replace(NUMBERS, office=replace(NUMBERS.office, name=name)))))
    signed = next(one for one in document.paragraphs if one.style.name == "公文署名")
    room = 442.2 - signed.paragraph_format.left_indent.pt
    assert room >= len(name) * 15.75


# ---------------------------------------------------------------- the annexes


def test_each_annex_is_a_bordered_table_whose_heads_stand_on_every_page(document: Any) -> None:
    annexes = (*notice_text(NUMBERS).annexes, *matrix_annexes(NUMBERS))
    assert texts(document, "公文附件标题") == [one.title for one in annexes]
    assert texts(document, "公文附件号") == [f"附件{number}" for number in range(1, len(annexes) + 1)]
    assert len(document.tables) == sum(bool(one.rows) for one in annexes)
    for table in document.tables:
        first = table.rows[0]._tr
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblBorders")) is not None


def test_cells_are_those_of_the_annexes(document: Any) -> None:
    annex = next(one for one in notice_text(NUMBERS).annexes if one.slug == "unqualified")
    table = document.tables[1]
    assert [cell.text for cell in table.rows[0].cells] == list(annex.heads)
    assert [cell.text for cell in table.rows[1].cells] == list(annex.rows[0])


def test_wide_tables_stand_on_pages_turned_on_their_side(document: Any) -> None:
    sides = [section.page_width > section.page_height for section in document.sections]
    assert sides[0] is False
    assert True in sides
    for section in document.sections:
        edges = sorted(
            round(one.mm)
            for one in (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
        )
        assert edges == [26, 28, 35, 37]


def test_an_empty_annex_says_what_its_emptiness_means() -> None:
    document = Document(io.BytesIO(write_docx(replace(NUMBERS, unqualified=()))))
    place = next(
        at
        for at, one in enumerate(document.paragraphs)
        if one.text == "不合格网站名单" and one.style.name == "公文附件标题"
    )
    assert document.paragraphs[place + 1].text == "无"


def test_paper_has_the_first_rows_of_a_long_list_and_says_so() -> None:
    long = Annex("x", "表", ("序号",), tuple((str(at),) for at in range(MAX_ROWS + 1)))
    shown = on_paper(long)
    assert len(shown.rows) == MAX_ROWS
    assert shown.note == f"共{MAX_ROWS + 1}行，此处列出前{MAX_ROWS}行，其余见电子表格。"
    assert on_paper(replace(long, rows=long.rows[:MAX_ROWS])).note is None


def test_words_from_portals_stay_words() -> None:
    evil = '<w:p>&amp;</w:p>{{ 7*7 }}{% for %}]]>\x00\x0b"'
    numbers = replace(NUMBERS, problems=(replace(STALE, message=evil), replace(BLANK, message=evil)))
    document = Document(io.BytesIO(write_docx(numbers)))
    told = next(one.text for one in document.paragraphs if one.text.startswith("共1个，涉及网站1家。“青禾县人民政府”"))
    assert '<w:p>&amp;</w:p>{{ 7*7 }}{% for %}]]> "' in told


def test_the_same_numbers_give_the_same_bytes(written: bytes) -> None:
    assert write_docx(NUMBERS) == written


# ---------------------------------------------------------------- templates


def test_the_shipped_template_is_what_the_script_makes() -> None:
    shipped = files("gkmonitor.reports").joinpath("templates/notice.docx").read_bytes()

    def parts(data: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert parts(shipped) == parts(make_template())


def test_an_offices_own_template_is_filled_in() -> None:
    own = own_template(
        "{{ 标题 }}", "合格率为{{ 数.合格率 }}。", "{%p for 段 in 工作要求 %}", "· {{ 段.正文 }}", "{%p endfor %}"
    )
    shown = [one.text for one in Document(io.BytesIO(write_docx(NUMBERS, own))).paragraphs]
    assert shown[0] == notice_text(NUMBERS).title
    assert shown[1] == "合格率为50%。"
    assert len(shown) == 2 + len(notice_text(NUMBERS).sections[3][1])


def test_a_template_without_a_place_for_tables_has_none() -> None:
    assert not Document(io.BytesIO(write_docx(NUMBERS, own_template("{{ 标题 }}")))).tables


def test_a_template_without_our_styles_still_gets_its_tables() -> None:
    document = Document(io.BytesIO(write_docx(NUMBERS, own_template("{{ 标题 }}", "{{ 附件表 }}"))))
    assert document.tables
    assert not [one for one in document.paragraphs if "GKMONITOR" in one.text]


@pytest.mark.parametrize(
    ("paragraphs", "fault"),
    [
        (("{{ 标题",), "“{{ 标题”中的花括号不成对"),
        (("标题 }}",), "花括号不成对"),
        (("{{ 标提 }}",), "没有“标提”这一项"),
        (("{%p for 段 in 工作要求 %}", "{{ 段.正文 }}"), "没有对应的 endfor"),
        (("{%p if 文号 %}", "甲", "{%p endfor %}"), "不认识的标记"),
        (("{{ 标题 + }}",), "标记的写法不对"),
        (("{{ 数.没有这个数 }}",), "没有“没有这个数”这一项"),
        (("{{ ''.__class__.__mro__ }}",), "不允许的写法"),
        (("{%p for 甲 in range(10**9) %}", "{%p endfor %}"), "通报模板有错"),
        (("{{ 1/0 }}",), "通报模板有错"),
    ],
)
def test_a_broken_template_is_refused_in_chinese_with_its_fault(paragraphs: tuple[str, ...], fault: str) -> None:
    with pytest.raises(NoticeTemplateError) as caught:
        write_docx(NUMBERS, own_template(*paragraphs))
    assert fault in str(caught.value)
    assert "\n" not in str(caught.value)


def zipped(**parts: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return body.getvalue()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "不是 .docx 文件"),
        (b"plain text", "不是 .docx 文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "旧的 .doc 格式"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (zipped(readme=b"x"), "缺少 word/document.xml"),
        (zipped(word__document=b"x", **{"word/document.xml": b"<broken"}), "通报模板有错"),
        (zipped(**{"word/document.xml": bytes(101 * 1024 * 1024)}), "展开后超过"),
    ],
)
def test_a_file_that_is_no_word_document_is_refused(data: bytes, fault: str) -> None:
    with pytest.raises(NoticeTemplateError, match=fault):
        write_docx(NUMBERS, data)


def test_a_template_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoticeTemplateError, match="找不到通报模板"):
        read_template(tmp_path / "没有.docx")
    (tmp_path / "有.docx").write_bytes(own_template("{{ 标题 }}"))
    assert read_template(tmp_path / "有.docx").startswith(b"PK")
