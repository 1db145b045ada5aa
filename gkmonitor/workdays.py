"""Working-day arithmetic by the published calendars of China; a year without one is incomplete, never guessed.

The table ``data/workdays.yaml`` holds for each year what the State Council's notice on the arrangement of holidays
(国务院办公厅关于部分节假日安排的通知) changes: weekdays that are off and weekend days that are worked. An office adds
next year's table, or corrects one, in a file of its own (``load_calendar``) before the next version brings it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

from gkmonitor.errors import CalendarIncomplete, SettingError

TABLE = Path(__file__).parent / "data" / "workdays.yaml"
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_EXAMPLE = "例如 2027: {holidays: [01-01], workdays: [02-07]}"


@dataclass(frozen=True, slots=True)
class YearTable:
    """What one year's notice changes against Monday to Friday."""

    holidays: frozenset[date]
    workdays: frozenset[date]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The tables by year, and counting with them. Every method raises CalendarIncomplete for a year that is missing."""

    years: Mapping[int, YearTable]

    def is_workday(self, day: date) -> bool:
        """Whether public bodies work on ``day``."""
        table = self.years.get(day.year)
        if table is None:
            raise CalendarIncomplete(day.year)
        if day.weekday() < _SATURDAY:
            return day not in table.holidays
        return day in table.workdays

    def add_workdays(self, start: date, count: int) -> date:
        """The last day of a limit of ``count`` working days; counting starts on the day after ``start``.

        ``count`` 0 is ``start`` itself, whatever day it is; a negative one raises ValueError.
        """
        if count < 0:
            raise ValueError(f"a limit of {count} working days")
        day = start
        while count:
            day += _ONE_DAY
            count -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` is the earlier one.

        ``workdays_between(day, add_workdays(day, n)) == n``.
        """
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.is_workday(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))


def load_calendar(*extra_files: Path) -> WorkCalendar:
    """The shipped tables with the office's own files over them; a year in a later file replaces the whole year.

    Raises SettingError (file, year, what to write instead) for a file that cannot be used.
    """
    years: dict[int, YearTable] = {}
    for path in (TABLE, *extra_files):
        years |= _read(path)
    return WorkCalendar(years)


def _read(path: Path) -> dict[int, YearTable]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as exc:
        raise SettingError(f"工作日历文件 {path} 无法读取：{exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise SettingError(f"工作日历文件 {path} 不是 UTF-8 编码，请另存为 UTF-8") from exc
    except yaml.YAMLError as exc:
        line = getattr(getattr(exc, "problem_mark", None), "line", None)
        place = f"第 {line + 1} 行" if line is not None else ""
        raise SettingError(f"工作日历文件 {path} {place}不是正确的 YAML，{_EXAMPLE}") from exc
    if not isinstance(data, dict):
        raise SettingError(f"工作日历文件 {path} 应按年份列出节假日和调休上班日，{_EXAMPLE}")
    return {_year(key, path): _table(_year(key, path), entry, path) for key, entry in data.items()}


def _year(key: object, path: Path) -> int:
    if not isinstance(key, int) or not 1990 <= key <= 2099:
        raise SettingError(f"工作日历文件 {path} 中的“{key}”不是年份，{_EXAMPLE}")
    return key


def _table(year: int, entry: object, path: Path) -> YearTable:
    where = f"工作日历文件 {path} 的 {year} 年"
    if not isinstance(entry, dict) or set(entry) != {"holidays", "workdays"}:
        raise SettingError(f"{where}应有 holidays（放假的工作日）和 workdays（上班的周末）两项，{_EXAMPLE}")
    holidays, workdays = (_days(year, entry[key], f"{where} {key}") for key in ("holidays", "workdays"))
    if not holidays:
        raise SettingError(f"{where} holidays 是空的：没有放假安排的年份请整年删去")
    if both := holidays & workdays:
        raise SettingError(f"{where}把 {min(both).isoformat()} 同时列为放假和上班，请删去其中一处")
    return YearTable(holidays, workdays)


def _days(year: int, entries: object, where: str) -> frozenset[date]:
    if not isinstance(entries, Iterable) or isinstance(entries, (str, Mapping)):
        raise SettingError(f"{where}应为日期列表，例如 [01-01, 01-02]")
    return frozenset(_day(year, entry, where) for entry in entries)


def _day(year: int, entry: object, where: str) -> date:
    """MM-DD, or a full date of that year."""
    text = str(entry)
    try:
        day = date.fromisoformat(text if len(text) == 10 else f"{year}-{text}")
    except ValueError as exc:
        raise SettingError(f"{where}中的“{text}”不是日期，请写成 MM-DD，例如 02-08") from exc
    if day.year != year:
        raise SettingError(f"{where}中的“{text}”不在 {year} 年内")
    return day


@cache
def _shipped() -> WorkCalendar:
    return load_calendar()


_chosen: list[WorkCalendar] = []


def use_calendar(calendar: WorkCalendar | None) -> None:
    """Let the functions below count with ``calendar`` (None: the shipped tables again).

    For the program's start, where the office's extra file is known; checks then need not carry it through.
    """
    _chosen[:] = [calendar] if calendar is not None else []


def _current() -> WorkCalendar:
    return _chosen[0] if _chosen else _shipped()


def is_workday(day: date) -> bool:
    """Whether public bodies work on ``day``. Raises CalendarIncomplete."""
    return _current().is_workday(day)


def add_workdays(start: date, count: int) -> date:
    """The last day of a limit of ``count`` working days, counted from the day after ``start``; see WorkCalendar."""
    return _current().add_workdays(start, count)


def workdays_between(start: date, end: date) -> int:
    """Working days after ``start`` up to and with ``end``; see WorkCalendar."""
    return _current().workdays_between(start, end)
