"""The lists behind a month's figures: which list a figure opens, and its rows as cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gkmonitor.monthly.records import CELL_WORDS, GroupLine, MonthNumbers, Portal, Problem

Row = tuple[object, ...]
_COVERAGE: Final = {"undecided": "未能判定", "excused": "有说明或豁免", "not_checked": "未检查"}
SEVERITIES: Final = {"veto": "单项否决", "deduction": "扣分"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that leads to a page of the desk."""

    text: str
    href: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class MonthList:
    """One list: its heads, and how its rows are made of the numbers."""

    title: str
    heads: tuple[str, ...]
    rows: Callable[[MonthNumbers], Iterator[Row]]


def _portal(portal: Portal) -> Cell:
    return Cell(portal.name, f"/portals/{portal.id}")


def _case(case_id: int | None) -> Cell | str:
    return Cell(str(case_id), f"/violations/{case_id}") if case_id else ""


def _problem(one: Problem) -> Row:
    return (
        _case(one.case_id),
        _portal(one.portal),
        one.rule_title,
        " > ".join(one.path) or "全站",
        SEVERITIES.get(one.severity, one.severity),
        one.message,
        one.first_seen,
        one.confirmed_on,
        one.deadline,
        one.state_words,
    )


_PORTAL_HEADS: Final = ("网站", "网址", "主办单位", "地区", "类型")
_PROBLEM_HEADS: Final = ("编号", "网站", "问题", "栏目", "程度", "情况", "首次发现", "确认", "期限", "整改")
_GROUP_HEADS: Final = (
    "名称",
    "在运行",
    "检查",
    "合格",
    "不合格",
    "未能判定",
    "合格率%",
    "问题",
    "单项否决",
    "已整改",
    "发布信息",
)


def _plain(portal: Portal) -> Row:
    return (_portal(portal), portal.url, portal.organizer or "", portal.region or "", portal.kind)


def _group(one: GroupLine) -> Row:
    counts = (one.running, one.checked, one.qualified, one.unqualified, one.undecided)
    return (one.name, *counts, one.rate, one.problems, one.vetoes, one.mended, one.items)


def _problems(chosen: Callable[[Problem], bool]) -> Callable[[MonthNumbers], Iterator[Row]]:
    return lambda numbers: (_problem(one) for one in numbers.problems if chosen(one))


LISTS: Final[Mapping[str, MonthList]] = {
    "problems": MonthList("本月问题", _PROBLEM_HEADS, _problems(lambda one: True)),
    "vetoes": MonthList("单项否决问题", _PROBLEM_HEADS, _problems(lambda one: one.severity == "veto")),
    "deductions": MonthList("扣分问题", _PROBLEM_HEADS, _problems(lambda one: one.severity != "veto")),
    "mended": MonthList("本月问题中已整改的", _PROBLEM_HEADS, _problems(lambda one: one.state == "mended")),
    "person-problems": MonthList("人工发现的问题", _PROBLEM_HEADS, _problems(lambda one: one.found_by == "person")),
    "unmended": MonthList(
        "上月问题未整改的", _PROBLEM_HEADS, lambda n: (_problem(one) for one in n.rectification.unmended)
    ),
    "qualified": MonthList("合格网站", _PORTAL_HEADS, lambda n: (_plain(one) for one in n.qualified)),
    "unqualified": MonthList(
        "不合格网站",
        (*_PORTAL_HEADS, "单项否决", "问题数"),
        lambda n: ((*_plain(one.portal), "；".join(one.vetoes), one.problems) for one in n.unqualified),
    ),
    "undecided": MonthList(
        "未能判定的网站", (*_PORTAL_HEADS, "原因"), lambda n: ((*_plain(one.portal), one.why) for one in n.undecided)
    ),
    "not-checked": MonthList(
        "未检查的网站", (*_PORTAL_HEADS, "原因"), lambda n: ((*_plain(one.portal), one.why) for one in n.not_checked)
    ),
    "indicators": MonthList(
        "按指标",
        ("指标", "结果", "问题", "单项否决", "涉及网站", "已判定网站", "未能判定网站"),
        lambda n: (
            (Cell(o.title, f"?indicator={o.slug}"), o.text, o.problems, o.vetoes, o.portals, o.decided, o.undecided)
            for o in n.by_indicator
        ),
    ),
    "regions": MonthList("按地区", _GROUP_HEADS, lambda n: (_group(one) for one in n.by_region)),
    "units": MonthList("按主管单位", _GROUP_HEADS, lambda n: (_group(one) for one in n.by_unit)),
    "repeat-offenders": MonthList(
        "连续被通报的网站",
        ("网站", "连续月数", "问题", "单项否决", "上月已通报的栏目"),
        lambda n: (
            (_portal(one.portal), one.months, one.problems, one.vetoes, "；".join(one.columns))
            for one in n.repeat_offenders
        ),
    ),
    "ranking": MonthList(
        "排名",
        ("名次", "网站", "分值", "问题", "单项否决"),
        lambda n: ((one.rank, _portal(one.portal), one.points, one.problems, one.vetoes) for one in n.ranking),
    ),
    "coverage": MonthList(
        "未能判定、有说明和未检查",
        ("种类", "原因", "次数", "网站数"),
        lambda n: ((_COVERAGE[one.kind], one.title, one.verdicts, one.portals) for one in n.coverage),
    ),
    "not-monitored": MonthList(
        "本月未监测", ("内容", "原因"), lambda n: ((o.title, o.why) for o in n.sections_not_monitored)
    ),
    "corrections": MonthList(
        "更正",
        ("月份", "文号", "内容", "原来", "现在", "原因", "问题编号"),
        lambda n: (
            (one.month, one.number or "", one.what, one.was, one.now, one.why, _case(one.case_id))
            for one in n.corrections
        ),
    ),
    "matrix": MonthList(
        "网站与栏目",
        (),
        lambda n: ((row.name, *(CELL_WORDS[cell] for cell in row.cells)) for row in n.portal_columns.rows),
    ),
    "years": MonthList(
        "部门与年度（预决算）",
        (),
        lambda n: ((row.name, *(CELL_WORDS[cell] for cell in row.cells)) for row in n.unit_years.rows),
    ),
}
# figure -> the list of what it counts
FIGURES: Final[Mapping[str, str]] = {
    **{name: name for name in ("problems", "vetoes", "deductions", "mended", "person-problems", "qualified")},
    **{name: name for name in ("unqualified", "undecided", "not-checked", "repeat-offenders")},
    "problem-portals": "problems",
    "veto-portals": "unqualified",
    "last-unmended": "unmended",
    "left-unseen": "coverage",
}


def list_heads(name: str, numbers: MonthNumbers) -> tuple[str, ...]:
    """The heads of a list; those of a matrix come with the numbers."""
    matrix = {"matrix": numbers.portal_columns, "years": numbers.unit_years}.get(name)
    return (matrix.corner, *matrix.heads) if matrix is not None else LISTS[name].heads


def list_rows(name: str, numbers: MonthNumbers, indicator: str = "", words: str = "") -> list[Row]:
    """The rows of a list; ``indicator`` narrows problems to one, ``words`` to rows that contain them."""
    if indicator and name == "problems":
        rows: Sequence[Row] = [_problem(one) for one in numbers.problems_of(indicator)]
    else:
        rows = list(LISTS[name].rows(numbers))
    if words:
        rows = [row for row in rows if any(words.casefold() in str(cell).casefold() for cell in row)]
    return list(rows)


def figure_link(slug: str, month: str) -> str:
    """Where a figure leads; "" for one that counts nothing that is listed."""
    if slug.startswith("hits-"):
        return f"/month/{month}/lists/problems?indicator={slug.removeprefix('hits-')}"
    name = FIGURES.get(slug)
    return f"/month/{month}/lists/{name}" if name else ""


def sizes(numbers: MonthNumbers) -> list[tuple[str, str, int]]:
    """Every list that has rows: its word, title and number of rows."""
    counted: list[tuple[str, str, Any]] = [
        (name, one.title, sum(1 for _ in one.rows(numbers))) for name, one in LISTS.items()
    ]
    return [(name, title, number) for name, title, number in counted if number]
