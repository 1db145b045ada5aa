"""Which units of a list have published a yearly paper, and which have not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import ClassVar

from checks.duedates import covers_since, plain_title
from checks.limits import Limit
from checks.presence import find
from checks.unit_papers import UnitPaper, coverage_lines
from gkmonitor.checking import REASON_WORDS, PortalCheck, Undecided, register, way
from gkmonitor.concepts import get_concept
from gkmonitor.errors import CalendarIncomplete
from gkmonitor.records import ColumnFacts, Evidence, Excuse, PortalFacts, Reason, StatementKind, Subject, Verdict
from gkmonitor.units import same_unit

_SHOWN_UNITS = 8
_YEAR = re.compile(r"20\d\d")
_MAY_NAME_A_YEAR = re.compile("20|二|２")
_UNIT_BEFORE = re.compile(
    r"^(?:关于)?(?:公布|公开)?(?:20\d\d年度?)?[“《]?(?P<unit>\w{3,24}?)(?:关于)?(?:20\d\d年?度?|部门|单位|本级|预算|决算|[“”《》（(—-])"
)
_NO_UNIT = re.compile(r"^(?:\d|部门|单位|政府|财政|一般|预算|决算|本级|三公|年度)|预算|决算|草案|报告|汇总|代表大会")

_PLACE = re.compile(r"[省市县区旗州盟]$")  # 青禾县2025年部门预算汇总: in front stands whose units they are


@register
class UnitMissing(PortalCheck):
    """Units of a list whose yearly paper (budget, final accounts) is not among those of the year."""

    code = "unit-missing"
    # title_has: words of which each paper's title has one. due: MM-DD until which nothing is missing yet; where an
    # office knows the day of approval (预算法), approved_on and limit_days after it, in the year of that day.
    # year_offset: -1 for papers on the year before. units_asked: the list; without it the office's own list, and
    # without that the units that published such a paper the year before are asked for.
    requires = ("title_has",)
    one_of = (("due",), ("approved_on", "limit_days"))
    accepts = ("due", "approved_on", "limit_days", "units_asked", "year_offset", "title_none")
    values: ClassVar = {
        "due": "month-day",
        "approved_on": "day",
        **dict.fromkeys(("year_offset", "limit_days"), "number"),
        **dict.fromkeys(("title_has", "title_none", "units_asked"), "texts"),
    }
    needs_concepts = True

    def judge(self, facts: PortalFacts) -> Iterator[Verdict]:
        due = self._due()
        year = (self._approved or self.as_of).year + int(self.params.get("year_offset", 0))
        name = f"{year} 年度的{get_concept(self.rule.concepts[0]).name_zh}"
        if self.as_of <= due:
            yield self.not_applicable(f"{name}应于 {due} 前公布，期限未到")
            return
        columns = self._columns()
        papers = list(self._papers(columns))
        asked = self._listed or _units_of(papers, year - 1)
        if not asked:
            raise Undecided(Reason.NOT_OBSERVED, f"没有单位名单，也没有读到上一年各单位的信息，不能核对{name}")
        missing = [unit for unit in asked if not _has(unit, papers, year)]
        explained = {unit: words for unit in missing if (words := self._explained(unit, columns))}
        missing = [unit for unit in missing if unit not in explained]
        late = self._late(asked, papers, year, due) if self._approved else []
        lines = list(coverage_lines(asked, papers, year, explained))
        matrix = [self.evidence(Subject(url=line.url) if line.url else columns[0], line.words) for line in lines]
        if missing or late:
            self._require_read(columns, name)
            yield self._violation(columns[0], missing, late, asked, name, due, matrix)
        elif explained:
            unit, words = next(iter(explained.items()))
            message = f"{len(explained)} 个单位没有{name}，页面说明了原因，例如{unit}：“{words}”"
            quoted = [self.evidence(columns[0], words), *matrix]
            yield self.excused(columns[0], Excuse.EXPLAINED_BLANK, message, evidence=quoted)
        else:
            yield self.ok(
                columns[0],
                f"{'名单上' if self._listed else '上一年公布过的'} {len(asked)} 个单位均有{name}",
                measured=f"{len(asked)} 个单位齐全",
                evidence=matrix,
            )

    @property
    def _approved(self) -> date | None:
        day = self.params.get("approved_on")
        return day if isinstance(day, date) else None

    def _due(self) -> date:
        """Raises Undecided where a working-day limit needs a calendar that is missing."""
        if self._approved is not None:
            try:
                return Limit.of(self).last_day(self._approved)
            except CalendarIncomplete as exc:
                raise Undecided(Reason.CALENDAR_INCOMPLETE, f"{exc}，未作判断") from exc
        month, day = (int(part) for part in str(self.params["due"]).split("-"))
        return date(self.as_of.year, month, day)

    @staticmethod
    def _late(asked: Sequence[str], papers: Sequence[UnitPaper], year: int, due: date) -> list[str]:
        """Units whose papers of the year are all dated, and the first of them after the last day."""
        found = []
        for unit in asked:
            own = [paper.item for paper in papers if paper.year == year and paper.is_of(unit)]
            days = [day for item in own for day in (item.published, *(reading.day for reading in item.other_dates))]
            if days and all(day is not None and day > due for day in days):
                found.append(unit)
        return found

    @property
    def _listed(self) -> tuple[str, ...]:
        """The units that the rule names, or else somebody listed."""
        return tuple(self.params.get("units_asked", ())) or self.portal.units

    def _columns(self) -> list[ColumnFacts]:
        """The columns of the concepts and those below them."""
        found: dict[str, ColumnFacts] = {}
        for concept in self.rule.concepts:
            for column in find(self.portal, concept).all_sure:
                found.setdefault(column.url, column)
                found.update((child.url, child) for child in self.portal.children(column))
        if not found:
            raise Undecided(Reason.NOT_OBSERVED, "没有读到应发布这类信息的栏目，不能核对各单位")
        return list(found.values())

    def _papers(self, columns: Iterable[ColumnFacts]) -> Iterator[UnitPaper]:
        wanted, unwanted = self.params["title_has"], self.params.get("title_none", ())
        for column in columns:
            names_year, names_paper = _YEAR.findall(column.name), any(word in column.name for word in wanted)
            for item in column.items:
                if not names_year and not _MAY_NAME_A_YEAR.search(item.title):
                    continue
                title = plain_title(item.title)
                is_named = names_paper or any(word in title for word in wanted)
                if not is_named or any(word in title for word in unwanted):
                    continue
                if item.published is not None and item.published > self.as_of:
                    continue
                years = _YEAR.findall(title) or names_year
                if years:
                    yield UnitPaper(item, column, int(years[0]), _names(title, column))

    def _explained(self, unit: str, columns: Sequence[ColumnFacts]) -> str:
        """Words in the unit's own column that explain why it has none."""
        for column in columns:
            if not column.items and any(same_unit(unit, part) for part in column.path):
                for statement in column.statements:
                    if statement.kind in (StatementKind.EXPLAINED_BLANK, StatementKind.NIL_STATEMENT):
                        return statement.words
        return ""

    def _require_read(self, columns: Sequence[ColumnFacts], name: str) -> None:
        """Raises Undecided while the missing papers could be in a list that was not read to its end."""
        first_day = date(self.as_of.year, 1, 1)
        for column in columns:
            if column.state is not None:
                raise Undecided(column.state, f"栏目{way(column)}{REASON_WORDS[column.state]}，不能核对各单位的{name}")
            if column.is_delegated or not (column.is_parent or covers_since(column, first_day)):
                raise Undecided(Reason.NOT_OBSERVED, f"栏目{way(column)}未读完，不能断定缺少哪些单位的{name}")

    def _violation(
        self,
        column: ColumnFacts,
        missing: Sequence[str],
        late: Sequence[str],
        asked: Sequence[str],
        name: str,
        due: date,
        matrix: Sequence[Evidence],
    ) -> Verdict:
        whose = "名单上" if self._listed else "上一年公布过的"
        faults = [f"{len(missing)} 个没有{name}：{_shown(missing)}"] if missing else []
        faults += [f"{len(late)} 个的{name}晚于 {due} 公布：{_shown(late)}"] if late else []
        counts = ([f"缺 {len(missing)} 个单位"] if missing else []) + ([f"迟 {len(late)} 个单位"] if late else [])
        told = f"未见{_shown(missing)}" if missing else f"晚于 {due}：{_shown(late)}"
        units = (*missing, *late)
        return self.violation(
            column,
            f"{whose} {len(asked)} 个单位中，{'；'.join(faults)}",
            measured="，".join(counts),
            required=f"{len(asked)} 个单位齐全",
            members=tuple(Subject(column.concept, unit, column.url, (*column.path, unit)) for unit in units),
            evidence=[self.evidence(column, f"{column.name}：{told}"), *matrix],
        )


def _shown(units: Sequence[str]) -> str:
    return "、".join(units[:_SHOWN_UNITS]) + ("等" if len(units) > _SHOWN_UNITS else "")


def _names(title: str, column: ColumnFacts) -> tuple[str, ...]:
    """The unit in front of a title, and the columns above: a unit's papers often stand in a column of its name."""
    found = _UNIT_BEFORE.match(title)
    own = (found["unit"],) if found and not _NO_UNIT.search(found["unit"]) else ()
    return (*own, *reversed(column.path))


def _units_of(papers: Iterable[UnitPaper], year: int) -> tuple[str, ...]:
    """Each unit named in front of a title of that year, once."""
    found: list[str] = []
    for paper in papers:
        unit = paper.units[0] if len(paper.units) > len(paper.column.path) else None
        if paper.year != year or unit is None or _PLACE.search(unit):
            continue
        if not any(unit == known or same_unit(unit, known) for known in found):
            found.append(unit)
    return tuple(found)


def _has(unit: str, papers: Sequence[UnitPaper], year: int) -> bool:
    return any(paper.is_of(unit) for paper in papers if paper.year == year)
