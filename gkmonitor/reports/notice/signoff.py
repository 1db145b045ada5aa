"""签批单: the internal sheet on which the notice is signed off, with how right the monitor itself was."""

from __future__ import annotations

import io
from typing import Any, Final

from gkmonitor.monthly.records import Annex, MonthNumbers
from gkmonitor.reports.monthly.annexes import accuracy_annex
from gkmonitor.reports.notice.masked import masked
from gkmonitor.reports.notice.text import masked_annex, notice_text
from gkmonitor.reports.wording import local_time

_SHOWN: Final = ("running", "checked", "qualified", "unqualified", "undecided", "qualified-rate", "problems", "vetoes")
_SIGNERS: Final = ("拟稿人", "审核人", "签发人")
_TWIPS_A_MM: Final = 56.6929


def write_signoff(numbers: MonthNumbers) -> bytes:
    """The sheet as .docx; the same numbers give the same bytes."""
    from docx import Document
    from docx.oxml import parse_xml

    from gkmonitor.reports.notice import form
    from gkmonitor.reports.notice.packing import packed, set_properties
    from gkmonitor.reports.notice.tables import table_xml
    from gkmonitor.reports.notice.template import shipped_template

    document = Document(io.BytesIO(shipped_template()))
    body: Any = document.element.body
    for paragraph in list(document.paragraphs):
        body.remove(paragraph._p)
    document.add_paragraph("政府网站检查情况通报签批单", style=form.TITLE.name)
    document.add_paragraph("（内部使用，不公开）", style=form.NUMBER.name)
    width = round(form.PRINT_AREA_MM[0] * _TWIPS_A_MM)
    for annex in _tables(numbers):
        document.add_paragraph(annex.title, style=form.HEAD.name)
        table = parse_xml(table_xml(annex, width, lambda name: str(document.styles[name].style_id)))
        document.paragraphs[-1]._p.addnext(table)
        document.add_paragraph(f"注：{annex.note}" if annex.note else "", style=form.ANNEX_NOTE.name)
    title = f"{masked(numbers.office.name)}{numbers.month}通报签批单"
    set_properties(document, title=title, author=masked(numbers.office.name) or "gkmonitor", at=numbers.as_of)
    return packed(document)


def _tables(numbers: MonthNumbers) -> tuple[Annex, ...]:
    return (
        Annex("notice", "一、通报", ("项目", "内容"), _notice_rows(numbers)),
        _renamed(masked_annex(accuracy_annex(numbers)), "二、监测准确性"),
        Annex("signed", "三、人工填写的数字", ("项目", "数值", "签认人"), _typed_rows(numbers)),
        Annex("sign", "四、签批", ("环节", "意见", "签名", "日期"), tuple((one, "", "", "") for one in _SIGNERS)),
    )


def _notice_rows(numbers: MonthNumbers) -> tuple[tuple[str, str], ...]:
    from zoneinfo import ZoneInfo

    text = notice_text(numbers)
    figures = [(one.title, one.text) for slug in _SHOWN if (one := numbers.find(slug)) is not None]
    rows = (
        ("标题", text.title),
        ("文号", text.number),
        (
            "统计时间",
            local_time(numbers.as_of, ZoneInfo(numbers.zone)) + ("（本月还没有结束）" if numbers.is_running else ""),
        ),
        *figures,
        ("点名的网站数", f"{len({one.portal.id for one in numbers.problems})}家"),
        ("更正以往通报", f"{len(numbers.corrections)}项"),
    )
    return tuple((masked(name), masked(value)) for name, value in rows)


def _typed_rows(numbers: MonthNumbers) -> tuple[tuple[str, str, str], ...]:
    typed = [one for one in numbers.statistics if one.source == "typed"]
    if not typed:
        return (("没有填写，通报中不出现有关段落", "", ""),)
    return tuple((masked(one.title), masked(one.text), masked(one.signed_by or "")) for one in typed)


def _renamed(annex: Annex, title: str) -> Annex:
    return Annex(annex.slug, title, annex.heads, annex.rows, annex.empty, annex.note)
