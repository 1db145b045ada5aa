"""The papers of units by year: who published which, when, and as what; the lines of a coverage matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gkmonitor.records import ColumnFacts, Item
from gkmonitor.units import same_unit

MAX_LINES = 60
_FILES = (".pdf", ".xls", ".xlsx", ".doc", ".docx", ".wps", ".et", ".ofd", ".zip", ".rar")


@dataclass(frozen=True, slots=True)
class UnitPaper:
    """One paper of one unit and year."""

    item: Item
    column: ColumnFacts
    year: int
    units: tuple[str, ...]  # names that it may be filed under

    def is_of(self, unit: str) -> bool:
        return unit in self.item.title or any(same_unit(unit, name) for name in self.units)

    @property
    def words(self) -> str:
        """When it came out and as what; a list entry that is itself a file says so."""
        day = f"{self.item.published}" if self.item.published else "未标日期"
        is_file = self.item.url.partition("?")[0].lower().endswith(_FILES)
        return f"{day}《{self.item.title}》{'（附件）' if is_file else ''}"


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One unit's line of the matrix."""

    url: str | None  # of the paper of the year asked for
    words: str


def coverage_lines(
    units: Sequence[str], papers: Sequence[UnitPaper], year: int, explained: Mapping[str, str]
) -> Iterator[CoverageLine]:
    """A line for each unit: the year asked for and the one before, with day and title; at most 60 lines."""
    for unit in units[:MAX_LINES]:
        own = [paper for paper in papers if paper.is_of(unit)]
        now, before = _first(own, year), _first(own, year - 1)
        said = f"已说明“{explained[unit]}”" if unit in explained else "未见"
        words = f"{unit}：{year}年 {now.words if now else said}；{year - 1}年 {before.words if before else '未见'}"
        yield CoverageLine(now.item.url if now else None, words)


def _first(papers: Sequence[UnitPaper], year: int) -> UnitPaper | None:
    """The earliest paper of that year; one without a day where none has any."""
    of_year = [paper for paper in papers if paper.year == year]
    dated = [paper for paper in of_year if paper.item.published is not None]
    return min(dated, key=lambda paper: paper.item.published or date.max, default=next(iter(of_year), None))
