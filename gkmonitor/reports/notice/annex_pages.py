"""The annexes behind the notice: each on a page of its own, wide tables on pages turned on their side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from gkmonitor.monthly.records import Annex
from gkmonitor.reports.notice import form
from gkmonitor.reports.notice.matrix_tables import FILLS
from gkmonitor.reports.notice.packing import EPOCH
from gkmonitor.reports.notice.tables import table_xml
from gkmonitor.reports.notice.word_charts import WordChart, chart_paragraph

if TYPE_CHECKING:
    from docx.document import Document

MAX_ROWS: Final = 500  # on paper; the workbook has all
MAX_UPRIGHT_COLUMNS: Final = 7
# What paper has room for of a list that has more columns.
_ON_PAPER: Final = {
    "problems": ("序号", "网站名称", "主管单位", "程度", "问题描述", "网址", "首次发现", "整改期限", "整改情况"),
}
_MATRICES: Final = ("portal-columns", "unit-years")
_PAPER_NOTE: Final = "依据条款等其他栏目见电子表格。"
_TWIPS_A_MM: Final = 56.6929


def add_annexes(
    document: Document,
    mark: str,
    annexes: Sequence[Annex],
    *,
    charts: Mapping[str, WordChart] | None = None,
    at: datetime = EPOCH,
) -> None:
    """Puts the tables where the mark stands. A template without the mark has no tables: the office wants none.

    ``charts``: pictures above the table of an annex, by its slug; ``at``: when their figures were counted.
    """
    place = next((one for one in document.paragraphs if mark in one.text), None)
    if place is None:
        return
    for style in (form.ANNEX_MARK, form.ANNEX_TITLE, form.ANNEX_NOTE, form.CELL, form.CELL_HEAD):
        form.add_style(document, style)
    _Pages(document, place, charts or {}, at).add([on_paper(one) for one in annexes])


def on_paper(annex: Annex) -> Annex:
    """The table with the columns and rows that paper has room for, and a note on what is left out."""
    heads = _ON_PAPER.get(annex.slug)
    notes = [annex.note] if annex.note else []
    if heads is not None and set(heads) <= set(annex.heads):
        chosen = [annex.heads.index(head) for head in heads]
        annex = replace(annex, heads=heads, rows=tuple(tuple(row[at] for at in chosen) for row in annex.rows))
        notes.append(_PAPER_NOTE)
    if len(annex.rows) > MAX_ROWS:
        notes.append(f"共{len(annex.rows)}行，此处列出前{MAX_ROWS}行，其余见电子表格。")
        annex = replace(annex, rows=annex.rows[:MAX_ROWS])
    return replace(annex, note="".join(notes) or None)


class _Pages:
    """Writes behind a paragraph, section by section."""

    def __init__(self, document: Document, place: Paragraph, charts: Mapping[str, WordChart], at: datetime) -> None:
        self._document, self._place, self._charts, self._at = document, place, charts, at
        self._drawn = 0
        self._body: Any = document.element.body
        self._end: Any = self._body.sectPr

    def add(self, annexes: Sequence[Annex]) -> None:
        """All annexes; the paragraph with the mark goes. A page turns when a table needs it."""
        upright = deepcopy(self._end)
        is_wide = False
        for number, annex in enumerate(annexes, start=1):
            needs_wide = len(annex.heads) > MAX_UPRIGHT_COLUMNS
            if needs_wide != is_wide:
                self._end_section(upright, is_wide=is_wide)
                is_wide = needs_wide
            self._add_one(annex, number if len(annexes) > 1 else None)
        element: Any = self._place._p
        element.getparent().remove(element)
        if is_wide:
            _turn(self._end)

    def _add_one(self, annex: Annex, number: int | None) -> None:
        self._paragraph(form.ANNEX_MARK, f"附件{number or ''}")
        self._paragraph(form.ANNEX_TITLE, annex.title)
        if (chart := self._charts.get(annex.slug)) is not None:
            self._drawn += 1
            style = self._style_id(form.ANNEX_NOTE.name)
            self._insert(chart_paragraph(self._document, chart, self._drawn, style, self._at))
        width = form.PRINT_AREA_MM[1 if len(annex.heads) > MAX_UPRIGHT_COLUMNS else 0]
        if annex.rows:
            fills = FILLS if annex.slug in _MATRICES else {}
            self._insert(parse_xml(table_xml(annex, round(width * _TWIPS_A_MM), self._style_id, fills)))
        else:
            self._paragraph(form.BODY, annex.empty)
        # A table must be followed by a paragraph, also for the next annex to begin its page.
        self._paragraph(form.ANNEX_NOTE, f"注：{annex.note}" if annex.note else "")

    def _end_section(self, upright: Any, *, is_wide: bool) -> None:
        """The last paragraph that stands so far ends a section of its orientation."""
        last: Any = self._place._p.getprevious()
        if last is None or last.tag != qn("w:p"):
            last = parse_xml(f"<w:p {nsdecls('w')}/>")
            self._insert(last)
        properties = deepcopy(upright)
        if is_wide:
            _turn(properties)
        last.get_or_add_pPr().append(properties)

    def _paragraph(self, style: form.StyleForm, text: str) -> None:
        added = self._place.insert_paragraph_before(text)
        added.style = self._document.styles[style.name]

    def _insert(self, element: Any) -> None:
        self._place._p.addprevious(element)

    def _style_id(self, name: str) -> str:
        return str(self._document.styles[name].style_id)


def _turn(section: Any) -> None:
    """A section on its side: what was above is left, as the standard has it for wide tables."""
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    if size is None or margins is None:
        return
    width, height = size.get(qn("w:w")), size.get(qn("w:h"))
    size.set(qn("w:w"), height)
    size.set(qn("w:h"), width)
    size.set(qn("w:orient"), "landscape")
    sides = {side: margins.get(qn(f"w:{side}")) for side in ("top", "right", "bottom", "left")}
    for side, before in _quarter_turn():
        margins.set(qn(f"w:{side}"), sides[before])


def _quarter_turn() -> Iterable[tuple[str, str]]:
    return (("left", "bottom"), ("right", "top"), ("top", "left"), ("bottom", "right"))
