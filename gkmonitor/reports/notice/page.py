"""The notice as one HTML page to send on: no script, no outside file, every text escaped, pictures inline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from gkmonitor.monthly.records import Annex, MonthNumbers
from gkmonitor.reports.charts import Chart, charts_svg
from gkmonitor.reports.markup import Markup, element
from gkmonitor.reports.notice.masked import masked
from gkmonitor.reports.notice.parts import Part, chinese_number
from gkmonitor.reports.notice.text import NoticeText, notice_text
from gkmonitor.reports.spot_html import whole_page

MAX_ROWS: Final = 2000  # in one table of the page; the workbook has all
_SHOWN: Final = (
    *(("running", ""), ("checked", ""), ("qualified", ""), ("unqualified", "veto"), ("undecided", "grey")),
    *(("qualified-rate", ""), ("problems", ""), ("vetoes", "veto")),
)
_FIGURE: Final = re.compile(r"[+-]?\d+(?:\.\d+)?%?")


def write_html(numbers: MonthNumbers) -> str:
    """The whole page as text."""
    text = notice_text(numbers)
    body = element(
        "body",
        element(
            "main",
            _heading(text),
            _figures(numbers),
            _words(text),
            _pictures(numbers),
            *(_annex(annex, number) for number, annex in enumerate(text.annexes, start=1)),
            _imprint(text),
        ),
        element("footer", element("p", f"gkmonitor {numbers.version}，统计月份 {numbers.month}")),
    )
    return whole_page(text.title, body, style="month.css")


def _heading(text: NoticeText) -> Markup:
    number = element("p", text.number) if text.number else None
    if not text.mark:
        return element("header", element("h1", text.title), number, class_="paper")
    mark = element("div", element("p", text.mark, class_="mark"), number or element("p", ""), class_="red")
    return element("header", mark, element("h1", text.title), class_="paper")


def _imprint(text: NoticeText) -> Markup | None:
    """版记: 抄送, 印发机关 and 印发日期."""
    if not text.has_imprint:
        return None
    copies = element("p", f"抄送：{text.copies}。") if text.copies else None
    printer = element("p", element("span", text.printer), element("span", text.printed)) if text.printer else None
    return element("section", copies, printer, class_="imprint", aria_label="版记")


def _figures(numbers: MonthNumbers) -> Markup:
    boxes = []
    for slug, tone in _SHOWN:
        found = numbers.find(slug)
        if found is not None:
            words = element("span", masked(found.title))
            boxes.append(element("li", element("strong", masked(found.text)), words, class_=tone or None))
    return element("section", element("ul", *boxes, class_="months"), aria_label="主要数字")


def _words(text: NoticeText) -> Markup:
    parts: list[Markup] = [
        element("p", f"{text.addressee}：", class_="addressee"),
        element("p", text.basis),
    ]
    for number, (head, section) in enumerate(text.sections, start=1):
        parts.append(element("h2", f"{chinese_number(number)}、{head}"))
        parts += _paragraphs(section)
    signed = element("div", element("p", text.office), element("p", text.date), class_="sign")
    return element("section", *parts, signed, element("p", text.note), class_="words")


def _paragraphs(section: Sequence[Part]) -> Iterator[Markup]:
    for part in section:
        if part.head:
            yield element("h3", part.head)
        yield element("p", part.text)


def _pictures(numbers: MonthNumbers) -> Markup | None:
    charts = charts_svg(numbers)
    if not charts:
        return None
    return element("section", element("h2", "图表"), *(_picture(chart) for chart in charts))


def _picture(chart: Chart) -> Markup:
    return element(
        "figure",
        element("figcaption", masked(chart.title)),
        chart.picture,
        element("p", masked(chart.note), class_="hint") if chart.note else None,
        element(
            "details",
            element("summary", f"{masked(chart.title)}：数据表"),
            _table(chart.heads, chart.rows),
        ),
    )


def _annex(annex: Annex, number: int) -> Markup:
    notes = [annex.note] if annex.note else []
    if len(annex.rows) > MAX_ROWS:
        notes.append(f"共{len(annex.rows)}行，此处列出前{MAX_ROWS}行，其余见电子表格。")
    return element(
        "section",
        element("h2", f"附件{number}　{annex.title}"),
        _table(annex.heads, annex.rows[:MAX_ROWS]) if annex.rows else element("p", annex.empty, class_="empty"),
        element("p", f"注：{''.join(notes)}", class_="hint") if notes else None,
        class_="annex",
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    head = element("tr", *(element("th", masked(word), scope="col") for word in heads))
    body = (element("tr", *(_cell(cell) for cell in row)) for row in rows)
    table = element("table", element("thead", head), element("tbody", *body))
    return element("div", table, class_="scroll")


def _cell(cell: str) -> Markup:
    text = masked(cell)
    return element("td", element("bdi", text), class_="number" if _FIGURE.fullmatch(text) else None)
