"""The problems by kind, with the columns that monitoring offices keep for each: stale, blank, others. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from zoneinfo import ZoneInfo

from gkmonitor.monthly.records import NOT_MONITORED, NOTHING_FOUND, Annex, MonthNumbers, Problem
from gkmonitor.reports.monthly.annexes import FOUND_BY_WORDS, SEVERITY_WORDS
from gkmonitor.reports.notice.masked import masked

# How rules name what they found; a problem of another rule belongs to the others.
_STALE: Final = ("stale", "not-updated")
_BLANK: Final = ("blank",)
_SITE: Final = ("序号", "网站名称", "网站标识码", "主管单位")
_TIMES: Final = ("首次发现", "最近监测时间", "检测方式")
_Cells = Callable[[Problem], tuple[str, ...]]


def problem_tables(numbers: MonthNumbers) -> tuple[Annex, ...]:
    """栏目不更新, 空白栏目 and 其他问题; 无 where it was looked for and nothing found, 本月未监测 where it was not."""
    stale = [one for one in numbers.problems if is_kind(one, _STALE)]
    blank = [one for one in numbers.problems if is_kind(one, _BLANK) and not is_kind(one, _STALE)]
    others = [one for one in numbers.problems if not is_kind(one, (*_STALE, *_BLANK))]
    return (
        Annex(
            "stale",
            "栏目不更新",
            (*_SITE, "栏目名称", "问题类型", "网址", "最后更新时间", "未更新天数", *_TIMES, "整改情况"),
            _rows(numbers, stale, _stale_cells),
            _empty(numbers, _STALE),
        ),
        Annex(
            "blank",
            "空白栏目",
            (*_SITE, "栏目名称", "网址", "路径", "问题描述", *_TIMES, "整改情况"),
            _rows(numbers, blank, _blank_cells),
            _empty(numbers, _BLANK),
        ),
        Annex(
            "others",
            "其他问题",
            (*_SITE, "程度", "问题类型", "栏目名称", "网址", "问题描述", *_TIMES, "整改情况"),
            _rows(numbers, others, _other_cells),
        ),
    )


def is_kind(problem: Problem, marks: Iterable[str]) -> bool:
    """Whether a problem's indicator or rule is of a kind."""
    rule = problem.rule.partition("/")[2]
    return any(mark in problem.indicator or mark in rule for mark in marks)


def _empty(numbers: MonthNumbers, marks: tuple[str, ...]) -> str:
    lines = [one for one in numbers.by_indicator if any(mark in one.slug for mark in marks)]
    missing = [one for one in lines if one.finding == "not_monitored"]
    if lines and len(missing) == len(lines):
        return f"{NOT_MONITORED}（{masked(missing[0].why or '')}）"
    return NOTHING_FOUND


def _rows(numbers: MonthNumbers, problems: Iterable[Problem], cells: _Cells) -> tuple[tuple[str, ...], ...]:
    zone = ZoneInfo(numbers.zone)
    return tuple(
        tuple(
            masked(cell)
            for cell in (
                *(str(number), one.portal.name, one.portal.site_id_code or "", one.portal.unit or ""),
                *cells(one),
                *(one.first_seen.isoformat(), one.last_seen.astimezone(zone).date().isoformat()),
                *(FOUND_BY_WORDS.get(one.found_by, one.found_by), _mended(one)),
            )
        )
        for number, one in enumerate(problems, start=1)
    )


def _stale_cells(one: Problem) -> tuple[str, ...]:
    latest = one.latest.isoformat() if one.latest else ""
    days = "" if one.days is None else str(one.days)
    return (one.column or "首页", one.rule_title, one.url or one.portal.url, latest, days)


def _blank_cells(one: Problem) -> tuple[str, ...]:
    return (one.column or "", one.url or one.portal.url, " > ".join(one.path), one.message)


def _other_cells(one: Problem) -> tuple[str, ...]:
    severity = SEVERITY_WORDS.get(one.severity, one.severity)
    return (severity, one.rule_title, one.column or "", one.url or one.portal.url, one.message)


def _mended(one: Problem) -> str:
    return f"{one.state_words}（{one.mended_on.isoformat()}）" if one.mended_on else one.state_words
