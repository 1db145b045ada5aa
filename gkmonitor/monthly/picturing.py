"""The matrices of a month: portal by column, department by year. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from gkmonitor.concepts import all_concepts
from gkmonitor.monthly.inputs import Inspected, PortalMonth, UnitLine
from gkmonitor.monthly.records import CellState, Matrix, MatrixRow, Problem
from gkmonitor.monthly.tally import Tally
from gkmonitor.monthly.words import month_words


def portal_columns(counted: Tally) -> Matrix:
    """Every portal that was read against the columns of the data; an accusation only where a problem is confirmed."""
    read = [(one, one.inspected) for one in counted.data.portals if one.inspected is not None]
    asked = {concept for _, inspected in read for concept, _ in inspected.concepts}
    concepts = [slug for slug in month_words().matrix_concepts if slug in asked]
    title, corner = "网站与栏目", "网站"
    if not concepts:
        return Matrix(title, corner, (), (), "本月没有对栏目作出判断")
    accused = _accused(counted)
    rows = tuple(_row(month, inspected, concepts, accused) for month, inspected in read)
    return Matrix(title, corner, tuple(all_concepts()[slug].name_zh for slug in concepts), rows)


def _accused(counted: Tally) -> set[tuple[int, str]]:
    concepts = {case.id: case.concept for case in counted.data.cases}
    return {
        (one.portal.id, concept)
        for one in counted.problems
        if one.state == "standing" and (concept := concepts[one.case_id])
    }


def _row(month: PortalMonth, inspected: Inspected, concepts: Iterable[str], accused: set[tuple[int, str]]) -> MatrixRow:
    answers = dict(inspected.concepts)
    cells = tuple("violation" if (month.portal.id, slug) in accused else _cell(answers.get(slug)) for slug in concepts)
    return MatrixRow(month.portal.name, cells, month.portal.id)


def _cell(answer: str | None) -> CellState:
    """A fault that nobody has confirmed is not decided."""
    states: dict[str | None, CellState] = {"ok": "ok", "excused": "excused", "undecided": "undecided"}
    states["violation"] = "undecided"
    return states.get(answer, "none")


# ---------------------------------------------------------------- departments and years


def unit_years(counted: Tally) -> Matrix:
    """Budgets and accounts of departments by year, as the coverage rules read them off the portals."""
    title, corner = "部门预决算公开", "部门"
    read = [(one, line) for one in counted.data.portals if one.inspected for line in one.inspected.unit_lines]
    if not read:
        return Matrix(title, corner, (), (), "本月没有读到各部门的预决算公开情况")
    order = list(all_concepts())
    heads = sorted({(line.concept, line.year) for _, line in read}, key=lambda one: (order.index(one[0]), one[1]))
    newest = {concept: max(year for slug, year in heads if slug == concept) for concept, _ in heads}
    accused = _accused_units(counted.problems, {case.id: case.concept for case in counted.data.cases})
    several = len({one.portal.id for one, _ in read}) > 1
    cells: dict[tuple[int, str], dict[tuple[str, int], CellState]] = {}
    names: dict[tuple[int, str], str] = {}
    for month, line in read:
        key = (month.portal.id, line.unit)
        names[key] = f"{month.portal.name}：{line.unit}" if several else line.unit
        is_accused = (*key, line.concept) in accused and line.year == newest[line.concept] and line.answer != "ok"
        cells.setdefault(key, {})[(line.concept, line.year)] = "violation" if is_accused else _cell(line.answer)
    rows = tuple(
        MatrixRow(names[key], tuple(found.get(head, "none") for head in heads), key[0]) for key, found in cells.items()
    )
    shown = tuple(f"{year}年{all_concepts()[concept].name_zh}" for concept, year in heads)
    return Matrix(title, corner, shown, rows)


def _accused_units(problems: Iterable[Problem], concepts: dict[int, str | None]) -> set[tuple[int, str, str]]:
    return {
        (one.portal.id, one.column or "", concept)
        for one in problems
        if one.state == "standing" and (concept := concepts[one.case_id])
    }


def distinct_lines(lines: Iterable[UnitLine]) -> tuple[UnitLine, ...]:
    """Each unit and year once; of two answers the better one, for a paper that was found was published."""
    rank = {"ok": 0, "excused": 1, "undecided": 2}
    found: dict[tuple[str, str, int], UnitLine] = {}
    for line in lines:
        key = (line.concept, line.unit, line.year)
        if key not in found or rank[line.answer] < rank[found[key].answer]:
            found[key] = line
    return tuple(found.values())
