"""A table of an annex as WordprocessingML: borders, a head row on every page, columns as wide as their words. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Final

from gkmonitor.monthly.records import Annex
from gkmonitor.reports.notice.form import CELL, CELL_HEAD, TABLE_PT

MIN_CHARACTERS: Final = 3.0
MAX_CHARACTERS: Final = 22.0
ROW_TWIPS: Final = 400
CHARACTER_TWIPS: Final = TABLE_PT * 20
_SAMPLE: Final = 200
_MARGIN: Final = 0.8
_WORDS: Final = re.compile(r"(?<![^\W_])[\d-]{1,12}(?![\w.])")  # days and figures, which are not to be broken
_NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CENTERED: Final = re.compile(
    r"[\d.,%+\-—–个家条项]{0,12}|未知|合格|不合格|未能判定|未检查|单项否决|扣分|已整改|未整改|[√×免？－]"
)
_BORDERS: Final = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)

StyleId = Callable[[str], str]


def table_xml(annex: Annex, width: int, style_id: StyleId, fills: Mapping[str, str] | None = None) -> str:
    """The table as one ``w:tbl``. ``width`` in twentieths of a point; ``fills``: colours of cells by their text."""
    widths = column_widths(annex, width)
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    cell, head = style_id(CELL.name), style_id(CELL_HEAD.name)
    rows = "".join(_row(row, widths, cell, fills=fills or {}) for row in annex.rows)
    return (
        f'<w:tbl xmlns:w="{_NAMESPACE}"><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{_row(annex.heads, widths, head, is_head=True)}{rows}</w:tbl>"
    )


def column_widths(annex: Annex, width: int) -> list[int]:
    """Widths that add up to ``width``: what most cells need; days and figures are not broken where room is short."""
    floors, wishes = zip(*(_needs(annex, at) for at in range(len(annex.heads))), strict=True)
    room = width / CHARACTER_TWIPS
    spare = room - sum(floors)
    wanted = sum(wishes) - sum(floors)
    share = min(1.0, max(0.0, spare / wanted)) if wanted else 0.0
    needs = [floor + (wish - floor) * share for floor, wish in zip(floors, wishes, strict=True)]
    found = [int(width * need / sum(needs)) for need in needs]
    found[-1] += width - sum(found)
    return found


def _needs(annex: Annex, at: int) -> tuple[float, float]:
    """The least width of a column and the one that it would like, in characters."""
    cells = [row[at] for row in annex.rows[:_SAMPLE]]
    lengths = sorted(characters(cell) for cell in cells)
    usual = lengths[int(len(lengths) * 0.9)] if lengths else 0.0
    unbroken = max((characters(word) for cell in cells for word in _WORDS.findall(cell)), default=0.0)
    head = min(characters(annex.heads[at]), 4.0)  # a long head may wrap
    floor = max(unbroken, MIN_CHARACTERS if head > 2 else 2.0) + _MARGIN
    return floor, max(floor, min(max(usual, head), MAX_CHARACTERS) + _MARGIN)


def characters(text: str) -> float:
    """How wide a text is, in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in text)


def _row(
    cells: Sequence[str],
    widths: Sequence[int],
    style: str,
    *,
    is_head: bool = False,
    fills: Mapping[str, str] = MappingProxyType({}),
) -> str:
    marks = f'<w:cantSplit/><w:trHeight w:val="{ROW_TWIPS}" w:hRule="atLeast"/>' + ("<w:tblHeader/>" if is_head else "")
    written = "".join(_cell(text, width, style, fills.get(text, "")) for text, width in zip(cells, widths, strict=True))
    return f"<w:tr><w:trPr>{marks}</w:trPr>{written}</w:tr>"


def _cell(text: str, width: int, style: str, fill: str = "") -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    align = '<w:jc w:val="center"/>' if _CENTERED.fullmatch(text) else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{align}</w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
    )
