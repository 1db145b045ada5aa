"""版记 of the notice (GB/T 9704-2012, 7.4): 抄送, 印发机关 and 印发日期 at the foot of the last, even page.

Annexes stand before it, so it is put behind them, on a page of its own that bears no number. It is that page's footer:
the one thing that Word, WPS and LibreOffice all stand on the lower edge of the print area, however long it is.
"""

from __future__ import annotations

from copy import deepcopy
from html import escape
from typing import TYPE_CHECKING, Any, Final

from docx.enum.text import WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from gkmonitor.reports.notice import form

if TYPE_CHECKING:
    from docx.document import Document

    from gkmonitor.reports.notice.text import NoticeText

_WIDTH: Final = round(form.PRINT_AREA_MM[0] * 56.6929)  # twentieths of a point
_CHARACTER: Final = round(form.IMPRINT_PT * 20)
_THICK: Final = 8  # eighths of a point: 0.35 mm, the first line and the last
_THIN: Final = 6  # 0.25 mm, between
_COPIES: Final = "抄送："
_REFERENCES: Final = (qn("w:footerReference"), qn("w:headerReference"))


def add_imprint(document: Document, mark: str, text: NoticeText, upright: Any) -> None:
    """Puts the 版记 where the mark stands; the mark goes. ``upright``: the section of the text, for its page.

    A template without the mark has none, and neither has a notice without 抄送 and 印发机关.
    """
    place = next((one for one in document.paragraphs if mark in one.text), None)
    if place is None:
        return
    element: Any = place._p
    if not text.has_imprint:
        element.getparent().remove(element)
        return
    form.add_style(document, form.IMPRINT)
    _begin_page(document, element, upright)
    style = str(document.styles[form.IMPRINT.name].style_id)
    section = document.sections[-1]
    section.footer_distance = Mm(form.BOTTOM_MM)
    for footer in (section.footer, section.even_page_footer):
        footer.is_linked_to_previous = False
        last: Any = footer.paragraphs[0]._p
        last.addprevious(parse_xml(_table(text, style)))
        footer.paragraphs[0].style = document.styles[form.IMPRINT.name]
        shape = footer.paragraphs[0].paragraph_format  # a table must be followed by a paragraph: one of no height
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    for run in list(place.runs):
        element.remove(run._r)


def _begin_page(document: Document, place: Any, upright: Any) -> None:
    """What stands before the place is a section of its own; the place is on the next even page, without a number."""
    body: Any = document.element.body
    before = place.getprevious()
    if before is None or before.tag != qn("w:p") or before.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
        before = parse_xml(f"<w:p {nsdecls('w')}/>")
        place.addprevious(before)
    before.get_or_add_pPr().append(deepcopy(body.sectPr))
    last = deepcopy(upright)
    for one in list(last):
        if one.tag in (*_REFERENCES, qn("w:type")):
            last.remove(one)
    last.insert(0, parse_xml(f'<w:type {nsdecls("w")} w:val="evenPage"/>'))
    body.replace(body.sectPr, last)


def _table(text: NoticeText, style: str) -> str:
    """Lines as wide as the print area, the last one on its lower edge."""
    between = f'<w:insideH w:val="single" w:sz="{_THIN}" w:space="0" w:color="000000"/>'
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="{_THICK}" w:space="0" w:color="000000"/>' for side in ("top", "bottom")
    )
    half = _WIDTH // 2
    rows = [_row([(_COPIES + text.copies + "。", _WIDTH, _hanging())], style, span=2)] if text.copies else []
    if text.printer:
        left = f'<w:ind w:left="{_CHARACTER}"/>'
        right = f'<w:ind w:right="{_CHARACTER}"/><w:jc w:val="right"/>'
        rows.append(_row([(text.printer, half, left), (text.printed, _WIDTH - half, right)], style))
    return (
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{edges}{between}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        f'</w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="{half}"/><w:gridCol w:w="{_WIDTH - half}"/></w:tblGrid>'
        f"{''.join(rows)}</w:tbl>"
    )


def _hanging() -> str:
    """One character free on both sides; further lines begin below the first name."""
    mark = len(_COPIES) * _CHARACTER
    return f'<w:ind w:left="{_CHARACTER + mark}" w:right="{_CHARACTER}" w:hanging="{mark}"/>'


def _row(cells: list[tuple[str, int, str]], style: str, *, span: int = 1) -> str:
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{wide}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{shape}</w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        for text, width, shape in cells
    )
    return f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="480" w:hRule="atLeast"/></w:trPr>{written}</w:tr>'
