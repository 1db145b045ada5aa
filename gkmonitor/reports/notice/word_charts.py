"""Pictures of a Word document as its own charts: sharp, in the machine's own fonts, and open to be edited.

No picture library is needed, and no font on the machine that makes the document: Word, WPS and LibreOffice draw them.
Each carries its figures as a workbook, which Word opens for “edit data”.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any, Final

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from gkmonitor.monthly.records import MonthNumbers
from gkmonitor.reports.charts import INK, MAX_BARS, PALE, RED
from gkmonitor.reports.notice.form import LATIN_FONT, PAGE_NUMBER_FONT, PRINT_AREA_MM
from gkmonitor.reports.notice.masked import masked

if TYPE_CHECKING:
    from docx.document import Document

_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHART_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET: Final = "Sheet1"
_EMU_A_MM: Final = 36_000
_TREND_MM: Final = 85.0
_BAR_MM: Final = 9.0
_AROUND_BARS_MM: Final = 26.0
_LONGEST: Final = 16  # characters of a name on an axis


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures; None: a gap, not nought."""

    name: str
    values: tuple[float | None, ...]
    colour: str  # #RRGGBB


@dataclass(frozen=True, slots=True)
class WordChart:
    """Bars of ``bars`` one on the other; ``line``: over them, in per cent on an axis of its own."""

    title: str
    names: tuple[str, ...]
    bars: tuple[Series, ...]
    line: Series | None = None
    lies: bool = False  # bars from left to right
    height_mm: float = _TREND_MM


def word_charts(numbers: MonthNumbers) -> dict[str, WordChart]:
    """Pictures by the annex that they stand in."""
    made = {"trend": _trend(numbers), "indicators": _indicators(numbers)}
    return {slug: chart for slug, chart in made.items() if chart is not None}


def _trend(numbers: MonthNumbers) -> WordChart | None:
    trend = numbers.trend
    if not any(one.rate is not None or one.problems is not None for one in trend):
        return None
    problems = Series("问题数（个，左轴）", tuple(one.problems for one in trend), PALE)
    rate = Series("合格率（%，右轴）", tuple(one.rate for one in trend), INK)
    return WordChart("近十二个月合格率和问题数", tuple(one.month for one in trend), (problems,), rate)


def _indicators(numbers: MonthNumbers) -> WordChart | None:
    lines = [one for one in numbers.by_indicator if one.finding == "found"][:MAX_BARS]
    if not lines:
        return None
    plain = Series("扣分", tuple(one.problems - one.vetoes for one in lines), INK)
    weighty = Series("单项否决", tuple(one.vetoes for one in lines), RED)
    names = tuple(masked(one.title) for one in lines)
    shown = tuple(one if len(one) <= _LONGEST else one[: _LONGEST - 1] + "…" for one in names)
    height = _AROUND_BARS_MM + _BAR_MM * len(lines)
    return WordChart("本月问题（按检查指标，个）", shown, (plain, weighty), lies=True, height_mm=height)


# ---------------------------------------------------------------- into the document


def chart_paragraph(document: Document, chart: WordChart, number: int, style_id: str, at: datetime) -> Any:
    """A paragraph with the chart; ``number``: of the document's charts, from 1."""
    package = document.part.package
    assert package is not None
    sheet = Part(PackURI(f"/word/embeddings/month-{number}.xlsx"), _SHEET_TYPE, _workbook(chart, at), package)
    part = Part(PackURI(f"/word/charts/month-{number}.xml"), _CHART_TYPE, b"", package)
    part._blob = _chart_xml(chart, part.relate_to(sheet, RT.PACKAGE)).encode()
    relation = document.part.relate_to(part, RT.CHART)
    width, height = round(PRINT_AREA_MM[0] * _EMU_A_MM), round(chart.height_mm * _EMU_A_MM)
    told = escape(f"{chart.title}，数字见下表")
    return parse_xml(
        f'<w:p {nsdecls("w", "wp", "a", "r")}><w:pPr><w:pStyle w:val="{style_id}"/><w:keepNext/><w:jc w:val="center"/>'
        '</w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{1000 + number}" name="图{number}" descr="{told}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" r:id="{relation}"/></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def _workbook(chart: WordChart, at: datetime) -> bytes:
    """The figures, laid out as the chart's references name them."""
    import xlsxwriter

    body = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(body, options) as book:
        book.set_properties({"created": at.replace(tzinfo=None, microsecond=0)})
        sheet = book.add_worksheet(_SHEET)
        for row, name in enumerate(chart.names, start=1):
            sheet.write_string(row, 0, name)
        for column, one in enumerate(_every(chart), start=1):
            sheet.write_string(0, column, one.name)
            for row, value in enumerate(one.values, start=1):
                if value is not None:
                    sheet.write_number(row, column, value)
    return body.getvalue()


def _every(chart: WordChart) -> list[Series]:
    return [*chart.bars, *([chart.line] if chart.line is not None else [])]


# ---------------------------------------------------------------- the chart's own words


def _chart_xml(chart: WordChart, relation: str) -> str:
    bars = "".join(_series(one, at, chart, is_bar=True) for at, one in enumerate(chart.bars))
    grouping = f'<c:barDir val="{"bar" if chart.lies else "col"}"/><c:grouping val="stacked"/><c:varyColors val="0"/>'
    plots = f'<c:barChart>{grouping}{bars}<c:gapWidth val="60"/><c:overlap val="100"/>{_axes(1)}</c:barChart>'
    axes = _category_axis(1, "l" if chart.lies else "b", is_turned=chart.lies)
    axes += _value_axis(1, "b" if chart.lies else "l", is_turned=chart.lies, step=_step(chart))
    if chart.line is not None:
        line = _series(chart.line, len(chart.bars), chart, is_bar=False)
        kind = '<c:grouping val="standard"/><c:varyColors val="0"/>'
        plots += f'<c:lineChart>{kind}{line}<c:marker val="1"/>{_axes(2)}</c:lineChart>'
        axes += _category_axis(2, "b", is_hidden=True) + _value_axis(2, "r", is_percent=True, step=25)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_MAIN}" xmlns:r="{_RELATIONS}">'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/>'
        f'<c:chart>{_title(chart.title)}<c:autoTitleDeleted val="0"/>'
        f"<c:plotArea><c:layout/>{plots}{axes}</c:plotArea>"
        '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'{_words(1000)}<c:externalData r:id="{relation}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _fonts(size: int, tag: str, *, is_bold: bool = False) -> str:
    return (
        f'<a:{tag} sz="{size}" b="{int(is_bold)}"><a:solidFill><a:srgbClr val="1D2733"/></a:solidFill>'
        f'<a:latin typeface="{LATIN_FONT}"/><a:ea typeface="{PAGE_NUMBER_FONT}"/></a:{tag}>'
    )


def _words(size: int) -> str:
    return f'<c:txPr><a:bodyPr/><a:p><a:pPr>{_fonts(size, "defRPr")}</a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'


def _title(title: str) -> str:
    run = f"<a:r>{_fonts(1200, 'rPr', is_bold=True)}<a:t>{escape(title)}</a:t></a:r>"
    return f'<c:title><c:tx><c:rich><a:bodyPr/><a:p>{run}</a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'


def _series(one: Series, at: int, chart: WordChart, *, is_bar: bool) -> str:
    colour = f'<a:solidFill><a:srgbClr val="{one.colour.lstrip("#")}"/></a:solidFill>'
    column, last = chr(ord("B") + at), len(chart.names) + 1
    shape = f'<c:spPr>{colour}</c:spPr><c:invertIfNegative val="0"/>'
    if not is_bar:
        shape = (
            f'<c:spPr><a:ln w="28575">{colour}</a:ln></c:spPr><c:marker><c:symbol val="circle"/><c:size val="6"/>'
            f"<c:spPr>{colour}</c:spPr></c:marker>"
        )
    names = "".join(f'<c:pt idx="{n}"><c:v>{escape(name)}</c:v></c:pt>' for n, name in enumerate(chart.names))
    figures = "".join(
        f'<c:pt idx="{n}"><c:v>{value:g}</c:v></c:pt>' for n, value in enumerate(one.values) if value is not None
    )
    count = f'<c:ptCount val="{len(chart.names)}"/>'
    smooth = "" if is_bar else '<c:smooth val="0"/>'
    cells = f"{_SHEET}!${column}$2:${column}${last}"
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:strRef><c:f>{_SHEET}!${column}$1</c:f><c:strCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(one.name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>{shape}'
        f"{_labels(one, is_bar=is_bar, lies=chart.lies)}"
        f"<c:cat><c:strRef><c:f>{_SHEET}!$A$2:$A${last}</c:f><c:strCache>{count}{names}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>{cells}</c:f><c:numCache><c:formatCode>General</c:formatCode>{count}{figures}"
        f"</c:numCache></c:numRef></c:val>{smooth}</c:ser>"
    )


def _labels(one: Series, *, is_bar: bool, lies: bool) -> str:
    """The figure on each bar and point: the picture says in words what it shows. Nought needs no label."""
    hidden = "".join(
        f'<c:dLbl><c:idx val="{at}"/><c:delete val="1"/></c:dLbl>' for at, value in enumerate(one.values) if not value
    )
    place = "t" if not is_bar else "ctr" if lies else "inBase"
    ink = "FFFFFF" if is_bar and lies else "1D2733"
    fill = f'<a:solidFill><a:srgbClr val="{ink}"/></a:solidFill>'
    shape = f'<a:pPr><a:defRPr sz="900">{fill}</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/>'
    words = f"<c:txPr><a:bodyPr/><a:p>{shape}</a:p></c:txPr>"
    return (
        f'<c:dLbls>{hidden}{words}<c:dLblPos val="{place}"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )


def _axes(which: int) -> str:
    return f'<c:axId val="{which}1"/><c:axId val="{which}2"/>'


def _category_axis(which: int, side: str, *, is_turned: bool = False, is_hidden: bool = False) -> str:
    order = "maxMin" if is_turned else "minMax"  # the first name on top
    return (
        f'<c:catAx><c:axId val="{which}1"/><c:scaling><c:orientation val="{order}"/></c:scaling>'
        f'<c:delete val="{int(is_hidden)}"/><c:axPos val="{side}"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="low"/>{_words(900)}<c:crossAx val="{which}2"/><c:crosses val="autoZero"/>'
        '<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _step(chart: WordChart) -> int:
    """Between two marks of an axis of counts: whole, and about five of them."""
    sums = [sum(value or 0 for value in one) for one in zip(*(bar.values for bar in chart.bars), strict=True)]
    return max(1, math.ceil(max(sums, default=0) / 5))


def _value_axis(which: int, side: str, *, step: int, is_percent: bool = False, is_turned: bool = False) -> str:
    most = '<c:max val="100"/>' if is_percent else ""
    line = '<a:ln w="6350"><a:solidFill><a:srgbClr val="E4E7EC"/></a:solidFill></a:ln>'
    grid = "" if is_percent else f"<c:majorGridlines><c:spPr>{line}</c:spPr></c:majorGridlines>"
    shown = "0" if not is_percent else '0"%"'
    crosses = "max" if is_percent or is_turned else "autoZero"
    return (
        f'<c:valAx><c:axId val="{which}2"/><c:scaling><c:orientation val="minMax"/>{most}<c:min val="0"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{side}"/>{grid}<c:numFmt formatCode="{escape(shown)}" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_words(900)}'
        f'<c:crossAx val="{which}1"/><c:crosses val="{crosses}"/><c:crossBetween val="between"/>'
        f'<c:majorUnit val="{step}"/></c:valAx>'
    )
