"""The queue of cases that people work through: any filter, page by page, and counts that stay quick at a million.

Each state of a filter is one branch that an index gives in order; the branches are merged. What serves which query:

=============================  ========================================================
query                          index of ``cases``
=============================  ========================================================
by weight, counts by state     state, severity, last_seen, id
the newest first, seen since   state, last_seen, id
deadlines, overdue             state, deadline, id
one portal, a unit's portals   portal_id, state
a rule, a pack                 rule, state, severity, last_seen, id
a check                        check, state, severity, last_seen, id
a concept (PostgreSQL)         (subject ->> 'concept'), state, severity, last_seen, id
repeats; found by people       state, severity, last_seen, id of those rows only
what a unit was told           ``events``: case_id of those that tell it
=============================  ========================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, select, tuple_, union, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.records import Case, State
from gkmonitor.records import Severity
from gkmonitor.storage.case_rows import CASES_WITH_SITE, cases_from
from gkmonitor.storage.case_scope import CaseFilter, Scope, Sort, scope_of
from gkmonitor.storage.models import CaseRow

COUNTED: Final = 1000  # a count goes no further: "more than so many"
SEARCHED: Final = 1200  # cases of each state, in order, whose words are looked through
PAGE: Final = 50
MAX_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases in order; ``after``: what gives the next page, None at the end."""

    cases: tuple[Case, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many; with ``is_more`` at least so many, and nobody counted further."""

    number: int
    is_more: bool = False


# ---------------------------------------------------------------- pages


def find_cases(session: Session, wanted: CaseFilter, after: str | None = None, limit: int = PAGE) -> Page:
    """One page of the queue. ``after``: from the page before. Raises LedgerError for one that is none of ours."""
    return _page(session, scope_of(session, wanted), after, limit)


def page_and_counts(
    session: Session, wanted: CaseFilter, after: str | None = None, limit: int = PAGE
) -> tuple[Page, Mapping[State, Count]]:
    """``find_cases`` and ``count_by_state``; what the filter names is looked up once for both."""
    scope = scope_of(session, wanted)
    return _page(session, scope, after, limit), _counts(session, scope)


def _page(session: Session, scope: Scope, after: str | None, limit: int) -> Page:
    limit = max(1, min(limit, MAX_PAGE))
    sort = scope.wanted.sort
    ids = _ids(session, scope, _read_place(sort, after), limit + 1)
    cases = _in_order(session, ids[:limit])
    return Page(cases, place_of(cases[-1], sort) if len(ids) > limit and cases else None)


def every_case(session: Session, wanted: CaseFilter) -> Iterator[Case]:
    """The whole queue in order, read page by page as it is taken."""
    after: str | None = None
    while True:
        page = find_cases(session, wanted, after, MAX_PAGE)
        yield from page.cases
        after = page.after
        if after is None:
            return


def neighbours(session: Session, wanted: CaseFilter, case: Case) -> tuple[int | None, int | None]:
    """The cases before and after one in the queue, whether or not the filter still holds it itself."""
    if wanted.sort is Sort.DEADLINE and case.deadline is None:
        return None, None
    place = _read_place(wanted.sort, place_of(case, wanted.sort))
    scope = scope_of(session, wanted)
    found = [_ids(session, scope, place, 2, is_backwards=back) for back in (True, False)]
    before, after = (next((one for one in ids if one != case.id), None) for ids in found)
    return before, after


def count_by_state(session: Session, wanted: CaseFilter) -> Mapping[State, Count]:
    """How many cases of each state the filter holds, whatever states it names; each up to ``COUNTED``."""
    return _counts(session, scope_of(session, wanted))


def _counts(session: Session, scope: Scope) -> Mapping[State, Count]:
    whole = replace(scope, states=(State.NOTIFIED,) if scope.wanted.overdue_on is not None else tuple(State))
    counts = [
        select(literal(state.value), select(func.count()).select_from(one).scalar_subquery())
        for state in State
        if (one := _counted(whole, state)) is not None
    ]
    found = dict.fromkeys(State, Count(0))
    if counts:
        for state, number in session.execute(union_all(*counts)):
            found[State(state)] = Count(min(number, COUNTED), number > COUNTED)
    return found


# ---------------------------------------------------------------- the place in an order


def place_of(case: Case, sort: Sort) -> str:
    """Where a case stands in an order, as pages hand it on."""
    if sort is Sort.DEADLINE:
        return f"{case.deadline}~{case.id}"
    seen = f"{case.last_seen.isoformat()}~{case.id}"
    return f"{case.severity.value}~{seen}" if sort is Sort.WEIGHT else seen


def _read_place(sort: Sort, place: str | None) -> tuple[Any, ...] | None:
    if not place:
        return None
    parts = place.split("~")
    try:
        number = int(parts[-1])
        if sort is Sort.DEADLINE and len(parts) == 2:
            return date.fromisoformat(parts[0]), number
        if sort is Sort.NEWEST and len(parts) == 2:
            return _instant(parts[0]), number
        if sort is Sort.WEIGHT and len(parts) == 3:
            return Severity(parts[0]).value, _instant(parts[1]), number
    except ValueError:
        pass
    raise LedgerError("页码无法识别，请回到第一页重新翻页")


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant without a zone")
    return moment


# ---------------------------------------------------------------- the query

_ORDERS: Final[Mapping[Sort, tuple[InstrumentedAttribute[Any], ...]]] = {
    Sort.WEIGHT: (CaseRow.severity, CaseRow.last_seen, CaseRow.id),  # veto, deduction, advice: the alphabet backwards
    Sort.NEWEST: (CaseRow.last_seen, CaseRow.id),
    Sort.DEADLINE: (CaseRow.deadline, CaseRow.id),
}


def _ids(
    session: Session, scope: Scope, place: tuple[Any, ...] | None, limit: int, *, is_backwards: bool = False
) -> list[int]:
    wanted = scope.wanted
    is_descending = (wanted.sort is not Sort.DEADLINE) is not is_backwards
    order = _ORDERS[wanted.sort]
    branches: list[Select[Any]] = []
    for state in State:
        conditions = scope.of_state(state)
        if conditions is None:
            continue
        branches += _branches(scope, conditions, order, limit, place, is_descending=is_descending)
    if not branches:
        return []
    merged = (union if scope.words else union_all)(*branches).subquery()
    by = [merged.c[column.key] for column in order]
    query = select(merged.c.id).order_by(*(one.desc() if is_descending else one.asc() for one in by))
    return list(session.scalars(query.limit(limit)))


def _beyond(order: Sequence[Any], place: tuple[Any, ...], *, is_descending: bool) -> ColumnElement[bool]:
    here = tuple_(*(literal(value, column.type) for value, column in zip(place, order, strict=True)))
    there = tuple_(*order)
    return there < here if is_descending else there > here


def _branches(
    scope: Scope,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[InstrumentedAttribute[Any]],
    limit: int,
    place: tuple[Any, ...] | None = None,
    *,
    is_descending: bool,
) -> list[Select[Any]]:
    """The first cases of one state; with words one branch for each thing that they may mean."""
    conditions = [*conditions, *scope.of_portals()]

    def first(*more: ColumnElement[bool], is_few: bool = False) -> Select[Any]:
        query = select(*order).where(*conditions, *more)
        columns: Sequence[Any] = order
        if is_few:  # OFFSET 0: what few portals have is read first and sorted afterwards
            of_portals = query.offset(0).subquery()
            columns = [of_portals.c[column.key] for column in order]
            query = select(*columns)
        if place is not None:
            query = query.where(_beyond(columns, place, is_descending=is_descending))
        return _plain(_sorted(query, columns, is_descending).limit(limit).subquery())

    if scope.words is None:
        return [first(is_few=scope.is_of_few_portals)]
    meant = [first(meaning, is_few=True) for meaning in scope.found]
    if scope.is_number:
        return meant
    within = [] if place is None else [_beyond(order, place, is_descending=is_descending)]
    read = (*order, CaseRow.message)  # a case is a kilobyte, and thousands are looked through
    looked = _sorted(select(*read).where(*conditions, *within), order, is_descending).limit(SEARCHED).subquery()
    columns = [looked.c[column.key] for column in order]
    holding = select(*columns).where(looked.c.message.contains(scope.words, autoescape=True))
    return [*meant, _plain(_sorted(holding, columns, is_descending).limit(limit).subquery())]


def _sorted(query: Select[Any], by: Sequence[Any], is_descending: bool) -> Select[Any]:
    return query.order_by(*(one.desc() if is_descending else one.asc() for one in by))


def _plain(found: Subquery) -> Select[Any]:
    """A branch as a query of its own: SQLite takes an order and a limit only in there."""
    return select(*found.c)


def _counted(scope: Scope, state: State) -> Subquery | None:
    conditions = scope.of_state(state)
    if conditions is None:
        return None
    if scope.words is None:
        query = select(CaseRow.id).where(*conditions)
        if scope.portals is not None:  # each stands there once: a join ends at the limit
            query = query.join(scope.portals, scope.portals.c.id == CaseRow.portal_id)
        return query.limit(COUNTED + 1).subquery()
    is_descending = scope.wanted.sort is not Sort.DEADLINE
    branches = _branches(scope, conditions, _ORDERS[scope.wanted.sort], COUNTED + 1, is_descending=is_descending)
    return union(*branches).subquery() if branches else None


def _in_order(session: Session, ids: Sequence[int]) -> tuple[Case, ...]:
    found = {case.id: case for case in cases_from(session, CASES_WITH_SITE.where(CaseRow.id.in_(list(ids))))}
    return tuple(found[one] for one in ids if one in found)
