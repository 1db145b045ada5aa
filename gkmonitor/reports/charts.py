"""Pictures of a month as SVG: no script, no outside file, every text escaped; each has its table beside it. Pure.

Colour is never the only sign: cells carry a mark, bars and points their figures. Presentation attributes are used
instead of style attributes, which the page's policy refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gkmonitor.monthly.records import CELL_WORDS, CellState, Matrix, MonthNumbers, TrendPoint
from gkmonitor.reports.markup import Markup, element
from gkmonitor.reports.notice.masked import masked

INK: Final = "#1f3a5f"
RED: Final = "#b42318"
AMBER: Final = "#b54708"
GREY: Final = "#667085"
PALE: Final = "#9db2cc"
MAX_BARS: Final = 20
MAX_MATRIX_ROWS: Final = 60
MAX_MATRIX_COLUMNS: Final = 24
_NAME_WIDTH: Final = 190
_NAME_CHARACTERS: Final = 13
_CELL: Final = 26
_At = Callable[[int], float]
_Rate = Callable[[float], float]
_CELLS: Final[dict[CellState, tuple[str, str, str]]] = {  # fill, mark, colour of the mark
    "ok": ("#d8eedf", "✓", "#146c43"),
    "violation": ("#f6c9c3", "✗", RED),
    "excused": ("#dfe6f0", "免", INK),
    "undecided": ("#ececec", "?", GREY),
    "none": ("#ffffff", "–", "#98a2b3"),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with what it shows as a table: heads and rows of texts. ``note``: what it leaves out."""

    slug: str
    title: str
    picture: Markup
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str | None = None


def charts_svg(numbers: MonthNumbers) -> tuple[Chart, ...]:
    """Every picture of the month for which there are figures."""
    made = (
        trend_chart(numbers.trend),
        indicator_chart(numbers),
        ranking_chart(numbers),
        matrix_chart("portal-columns", numbers.portal_columns),
        matrix_chart("unit-years", numbers.unit_years),
    )
    return tuple(chart for chart in made if chart is not None)


# ---------------------------------------------------------------- trend


def trend_chart(trend: Sequence[TrendPoint]) -> Chart | None:
    """Twelve months: bars of problems, a line of the qualified rate. A month without a notice is a gap."""
    if not any(point.rate is not None or point.problems is not None for point in trend):
        return None
    width, height, left, right, top, bottom = 720, 280, 46, 46, 30, 44
    step = (width - left - right) / max(1, len(trend))
    most = max([1, *(point.problems or 0 for point in trend)])
    low = height - bottom

    def across(at: int) -> float:
        return left + step * (at + 0.5)

    def rate_at(value: float) -> float:
        return low - (low - top) * value / 100

    parts = [_line(left, low, width - right, low)]
    for share in (0, 50, 100):
        parts += [
            _line(left, rate_at(share), width - right, rate_at(share), colour="#e4e7ec"),
            _text(f"{share}%", width - right + 6, rate_at(share) + 4, size=11, colour=INK),
        ]
    for at, point in enumerate(trend):
        parts.append(_text(point.month[2:], across(at), height - 10, size=11, anchor="middle"))
        if point.problems is not None:
            tall = (low - top - 18) * point.problems / most
            parts.append(_box(across(at) - step * 0.28, low - tall, step * 0.56, tall, PALE))
            parts.append(_text(str(point.problems), across(at), low + 13, size=10, anchor="middle", colour=GREY))
    parts += _rate_line(trend, across, rate_at)
    parts.append(_text("■ 问题数（个，数字在横轴下）", left, 16, size=12, colour=GREY))
    parts.append(_text("● 合格率（%，右轴）", left + 220, 16, size=12, colour=INK))
    rows = tuple(
        (
            point.month,
            *(_figure(value) for value in (point.rate, point.checked, point.unqualified, point.problems, point.vetoes)),
        )
        for point in trend
    )
    heads = ("月份", "合格率（%）", "检查数", "不合格数", "问题数", "单项否决数")
    picture = _svg(width, height, "近十二个月合格率和问题数", parts)
    return Chart("trend", "近十二个月合格率和问题数", picture, heads, rows)


def _rate_line(trend: Sequence[TrendPoint], across: _At, rate_at: _Rate) -> Iterator[Markup]:
    for at, point in enumerate(trend):
        if point.rate is None:
            continue
        x, y = across(at), rate_at(point.rate)
        before = trend[at - 1].rate if at else None
        if before is not None:
            yield _line(across(at - 1), rate_at(before), x, y, colour=INK, width=2.5)
        yield element("circle", cx=_n(x), cy=_n(y), r="4", fill=INK)
        yield _text(f"{point.rate:g}", x, y - 8, size=11, anchor="middle", colour=INK)


# ---------------------------------------------------------------- bars


def indicator_chart(numbers: MonthNumbers) -> Chart | None:
    """Problems by indicator, vetoes apart; 无 and 本月未监测 in words."""
    lines = numbers.by_indicator
    if not lines:
        return None
    bars = [
        (line.title, line.problems - line.vetoes, line.vetoes, "" if line.finding == "found" else line.text)
        for line in lines
    ]
    rows = tuple((line.title, line.text, str(line.portals), str(line.vetoes)) for line in lines)
    legend = ((INK, "扣分"), (RED, "单项否决"))
    picture = _bars("本月问题（按检查指标）", bars, legend)
    heads = ("检查指标", "检查情况", "涉及网站数", "其中单项否决")
    return Chart("indicators", "本月问题（按检查指标）", picture, heads, rows)


def ranking_chart(numbers: MonthNumbers) -> Chart | None:
    """The portals with most problems, in the order of the ranking from its end; None where it is switched off."""
    if not numbers.ranking:
        return None
    worst = [one for one in reversed(numbers.ranking) if one.problems][:MAX_BARS]
    if not worst:
        return None
    bars = [(f"{one.rank} {one.portal.name}", one.problems - one.vetoes, one.vetoes, "") for one in worst]
    rows = tuple(
        (
            *(str(one.rank), one.portal.name, "" if one.points is None else f"{one.points:g}"),
            *(str(one.vetoes), str(one.problems)),
        )
        for one in worst
    )
    note = f"只列出名次靠后、有问题的 {len(worst)} 家，全部名次见附件。"
    picture = _bars("问题较多的网站", bars, ((INK, "扣分"), (RED, "单项否决")))
    heads = ("名次", "网站名称", "得分", "单项否决数", "问题数")
    return Chart("ranking", "问题较多的网站", picture, heads, rows, note)


def _bars(title: str, bars: Sequence[tuple[str, int, int, str]], legend: Iterable[tuple[str, str]]) -> Markup:
    width, row, top = 720, 28, 34
    most = max([1, *(plain + weighty for _, plain, weighty, _ in bars)])
    room = width - _NAME_WIDTH - 60
    parts = []
    for at, (colour, word) in enumerate(legend):
        parts.append(_box(_NAME_WIDTH + at * 110, 8, 12, 12, colour))
        parts.append(_text(word, _NAME_WIDTH + 18 + at * 110, 18, size=12))
    for at, (name, plain, weighty, words) in enumerate(bars):
        y = top + at * row
        parts.append(_text(_shortened(name), _NAME_WIDTH - 8, y + 15, size=12, anchor="end", full=name))
        first, second = room * plain / most, room * weighty / most
        parts.append(_box(_NAME_WIDTH, y + 3, first, 16, INK))
        parts.append(_box(_NAME_WIDTH + first, y + 3, second, 16, RED))
        told = words or str(plain + weighty) + (f"（单项否决 {weighty}）" if weighty else "")
        is_full = first + second > room * 0.8
        at_x = _NAME_WIDTH + (first + second) - 6 if is_full else _NAME_WIDTH + first + second + 6
        colour, anchor = ("#ffffff", "end") if is_full else (GREY if words else "#1d2733", "start")
        parts.append(_text(_shortened(told, 36), at_x, y + 15, size=12, colour=colour, anchor=anchor, full=told))
    return _svg(width, top + row * len(bars) + 10, title, parts)


# ---------------------------------------------------------------- matrices


def matrix_chart(slug: str, matrix: Matrix) -> Chart | None:
    """Rows against columns, each cell a colour and a mark; rows with violations first when not all have room."""
    if not matrix.rows or not matrix.heads:
        return None
    rows = list(matrix.rows)
    if len(rows) > MAX_MATRIX_ROWS:
        rows.sort(key=lambda row: -sum(cell == "violation" for cell in row.cells))
    shown, heads = rows[:MAX_MATRIX_ROWS], matrix.heads[:MAX_MATRIX_COLUMNS]
    tall = 20 + 13 * max(len(_shortened(head, 9)) for head in heads)
    width = max(_NAME_WIDTH + _CELL * len(heads) + 10, 560)
    parts = []
    for at, head in enumerate(heads):
        x = _NAME_WIDTH + at * _CELL + _CELL / 2
        parts += [
            _text(letter, x, 14 + 13 * place, size=12, anchor="middle", full=head if not place else None)
            for place, letter in enumerate(_shortened(head, 9))
        ]
    for number, row in enumerate(shown):
        y = tall + number * _CELL
        parts.append(_text(_shortened(row.name), _NAME_WIDTH - 8, y + 17, size=12, anchor="end", full=row.name))
        for at, state in enumerate(row.cells[: len(heads)]):
            parts += _cell(state, _NAME_WIDTH + at * _CELL, y)
    bottom = tall + _CELL * len(shown) + 8
    for at, state in enumerate(_CELLS):
        x, word = 8.0 + at * 108, CELL_WORDS[state]
        parts += [*_cell(state, x, bottom), _text(word, x + _CELL + 4, bottom + 17, size=12)]
    table = tuple((row.name, *(CELL_WORDS[cell] for cell in row.cells)) for row in shown)
    note = None
    if len(shown) < len(matrix.rows) or len(heads) < len(matrix.heads):
        note = (
            f"共 {len(matrix.rows)} 行 {len(matrix.heads)} 列，图中列出 {len(shown)} 行 {len(heads)} 列，有问题的在前。"
        )
    picture = _svg(width, bottom + _CELL + 8, matrix.title, parts)
    return Chart(slug, matrix.title, picture, (matrix.corner, *matrix.heads), table, note)


def _cell(state: CellState, x: float, y: float) -> tuple[Markup, Markup]:
    fill, mark, colour = _CELLS[state]
    return (
        _box(x + 1, y + 1, _CELL - 2, _CELL - 2, fill, border="#c8d0da"),
        _text(mark, x + _CELL / 2, y + 18, size=13, anchor="middle", colour=colour),
    )


# ---------------------------------------------------------------- shapes


def _svg(width: float, height: float, title: str, parts: Iterable[Markup]) -> Markup:
    return element(
        "svg",
        element("title", masked(title)),
        *parts,
        viewBox=f"0 0 {_n(width)} {_n(height)}",
        width=_n(width),
        height=_n(height),
        role="img",
        xmlns="http://www.w3.org/2000/svg",
    )


def _box(x: float, y: float, width: float, height: float, fill: str, *, border: str | None = None) -> Markup:
    return element(
        "rect", x=_n(x), y=_n(y), width=_n(max(0.0, width)), height=_n(max(0.0, height)), fill=fill, stroke=border
    )


def _line(x: float, y: float, to_x: float, to_y: float, *, colour: str = "#98a2b3", width: float = 1) -> Markup:
    return element("line", x1=_n(x), y1=_n(y), x2=_n(to_x), y2=_n(to_y), stroke=colour, stroke_width=_n(width))


def _text(
    words: str,
    x: float,
    y: float,
    *,
    size: float,
    anchor: str = "start",
    colour: str = "#1d2733",
    full: str | None = None,
) -> Markup:
    shown = masked(words)
    whole = element("title", masked(full)) if full is not None and masked(full) != shown else None
    return element("text", whole, shown, x=_n(x), y=_n(y), font_size=_n(size), text_anchor=anchor, fill=colour)


def _shortened(text: str, longest: int = _NAME_CHARACTERS) -> str:
    shown = masked(text)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _n(value: float) -> str:
    return f"{round(value, 2):g}"
