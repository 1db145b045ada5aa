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
from enum import StrEnum
from typing import Any, Final, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Subquery,
    bindparam,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.records import By, Case, EventKind, State
from gkmonitor.records import Severity
from gkmonitor.storage.case_rows import CASES_WITH_SITE, cases_from
from gkmonitor.storage.models import CaseRow, EventRow, PortalRow
from gkmonitor.storage.units import subtree_of

COUNTED: Final = 1000  # a count goes no further: "more than so many"
SEARCHED: Final = 2000  # cases of each state, in order, whose words are looked through
PORTALS_FOUND: Final = 200  # portals whose name holds the words
PAGE: Final = 50
MAX_PAGE: Final = 500
MAX_TEXT: Final = 100
MAX_ID_DIGITS: Final = 9
FEW_PORTALS: Final = 100  # whose cases are read and sorted, rather than met on the way through an order

_TOLD: Final = (State.CONFIRMED, State.NOTIFIED, State.APPEALED)  # a unit knows of these
_ONCE_TOLD: Final = (State.RECTIFIED, State.CLOSED, State.DISMISSED, State.EXEMPT)  # and of these when it was told
_TELLING: Final = (EventKind.CONFIRMED, EventKind.NOTIFIED)


class Sort(StrEnum):
    """The order of a queue."""

    WEIGHT = "weight"  # vetoes first, then the newest sighting
    NEWEST = "newest"
    DEADLINE = "deadline"  # the earliest first; only cases that have one


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases, and in which order. ``portals``: what the visitor may see, None for all; never left out.

    ``rule``: a rule's id, a pack's id or a check's code. ``overdue_on``: notified, with a deadline before that day.
    ``text``: a case's number, words of the message, name, code or address of a portal. ``is_told``: only what the
    supervised unit knows of: what a person has confirmed.
    """

    portals: frozenset[int] | None
    states: tuple[State, ...] = ()
    severity: Severity | None = None
    unit: int | None = None
    region: str | None = None
    profile: str | None = None
    portal: int | None = None
    rule: str | None = None
    concept: str | None = None
    overdue_on: date | None = None
    is_repeat: bool = False
    found_by: By | None = None
    text: str = ""
    seen_since: datetime | None = None
    is_told: bool = False
    sort: Sort = Sort.WEIGHT


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
    limit = max(1, min(limit, MAX_PAGE))
    ids = _ids(session, wanted, _read_place(wanted.sort, after), limit + 1)
    cases = _in_order(session, ids[:limit])
    return Page(cases, place_of(cases[-1], wanted.sort) if len(ids) > limit and cases else None)


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
    found = [_ids(session, wanted, place, 2, is_backwards=back) for back in (True, False)]
    before, after = (next((one for one in ids if one != case.id), None) for ids in found)
    return before, after


def count_by_state(session: Session, wanted: CaseFilter) -> dict[State, Count]:
    """How many cases of each state the filter holds, whatever states it names; each up to ``COUNTED``."""
    scope = _scope(session, replace(wanted, states=()))
    counts = [
        select(literal(state.value), select(func.count()).select_from(one).scalar_subquery())
        for state in State
        if (one := _counted(scope, state)) is not None
    ]
    found = dict.fromkeys(State, Count(0))
    if counts:
        for state, number in session.execute(union_all(*counts)):
            found[State(state)] = Count(min(number, COUNTED), number > COUNTED)
    return found


def rules_of_cases(session: Session) -> list[str]:
    """The rules that any case is about, in order: one step through the index for each."""
    steps = select(func.min(CaseRow.rule).label("rule")).cte("steps", recursive=True)
    following = select(func.min(CaseRow.rule)).where(CaseRow.rule > steps.c.rule).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.rule.is_not(None)))
    return [rule for rule in session.scalars(select(steps.c.rule)) if rule is not None]


def may_be_told(session: Session, case: Case) -> bool:
    """Whether a case is one that the supervised unit knows of."""
    if case.state in _TOLD:
        return True
    return case.state in _ONCE_TOLD and bool(session.scalar(select(_was_told(literal(case.id)))))


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


# ---------------------------------------------------------------- the branches


@dataclass(frozen=True, slots=True)
class _Scope:
    """A filter whose names are looked up. ``common``: holds for every case; ``found``: what the words may mean."""

    wanted: CaseFilter
    states: tuple[State, ...]
    common: tuple[ColumnElement[bool], ...]
    found: tuple[ColumnElement[bool], ...] = ()  # () without words
    words: str | None = None
    is_number: bool = False  # the words are a number: of a case or of a portal, and none of a message

    @property
    def is_of_few_portals(self) -> bool:
        """Whether the cases are few whatever else is asked: a planner that misjudges a place would walk past them."""
        portals = self.wanted.portals
        return self.wanted.portal is not None or (portals is not None and len(portals) <= FEW_PORTALS)

    def of_state(self, state: State) -> list[ColumnElement[bool]] | None:
        """The conditions of one branch; None where the filter holds nothing of this state."""
        if state not in self.states:
            return None
        conditions = [CaseRow.state == state.value, *self.common]
        if self.wanted.is_told and state not in _TOLD:
            if state not in _ONCE_TOLD:
                return None
            conditions.append(_was_told(CaseRow.id))
        return conditions


def _scope(session: Session, wanted: CaseFilter) -> _Scope:
    states = wanted.states or tuple(State)
    if wanted.overdue_on is not None:
        states = tuple(state for state in states if state is State.NOTIFIED)
    common = tuple(_common(session, wanted))
    words = wanted.text.strip()[:MAX_TEXT]
    if not words:
        return _Scope(wanted, states, common)
    return _Scope(wanted, states, common, tuple(_meanings(session, words)), words, _is_number(words))


def _common(session: Session, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.portals is not None:
        conditions.append(CaseRow.portal_id.in_(sorted(wanted.portals)) if wanted.portals else false())
    conditions += _of_portals(session, wanted)
    if wanted.severity is not None:
        conditions.append(CaseRow.severity == wanted.severity.value)
    if wanted.rule:
        conditions.append(_of_rule(session, wanted.rule))
    if wanted.concept:
        conditions.append(CaseRow.subject["concept"].as_string() == wanted.concept)
    if wanted.overdue_on is not None:
        conditions.append(CaseRow.deadline < wanted.overdue_on)
    if wanted.is_repeat:
        conditions.append(CaseRow.repeats > 0)
    if wanted.found_by is not None:
        conditions.append(CaseRow.found_by == wanted.found_by.value)
    if wanted.seen_since is not None:
        conditions.append(CaseRow.last_seen >= wanted.seen_since)
    if wanted.sort is Sort.DEADLINE:
        conditions.append(CaseRow.deadline.is_not(None))
    return conditions


def _of_portals(session: Session, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions = [CaseRow.portal_id == wanted.portal] if wanted.portal is not None else []
    of: list[ColumnElement[bool]] = []
    if wanted.unit is not None:
        of.append(PortalRow.unit_id.in_(subtree_of(session, wanted.unit)))
    if wanted.region:
        of.append(PortalRow.region == wanted.region)
    if wanted.profile:
        of.append(PortalRow.profile == wanted.profile)
    if of:
        chosen = select(PortalRow.id).where(*of).cte("chosen")  # looked up once for all the branches
        conditions.append(CaseRow.portal_id.in_(select(chosen.c.id)))
    return conditions


def _of_rule(session: Session, rule: str) -> ColumnElement[bool]:
    if "/" in rule:
        return CaseRow.rule == rule
    of_pack = [one for one in rules_of_cases(session) if one.partition("/")[0] == rule]
    return CaseRow.rule.in_(of_pack) if of_pack else CaseRow.check == rule


def _meanings(session: Session, words: str) -> list[ColumnElement[bool]]:
    """What words may mean besides words of a message: a case's number, portals."""
    meanings: list[ColumnElement[bool]] = []
    if _is_number(words) and len(words) <= MAX_ID_DIGITS:
        meanings.append(CaseRow.id == int(words))
    named = or_(
        PortalRow.name.contains(words, autoescape=True),
        PortalRow.site_id_code == words.lower(),
        PortalRow.url.contains(words, autoescape=True),
    )
    portals = list(session.scalars(select(PortalRow.id).where(named).order_by(PortalRow.id).limit(PORTALS_FOUND)))
    if portals:
        meanings.append(CaseRow.portal_id.in_(portals))
    return meanings


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdigit()


def _was_told(case_id: Any) -> ColumnElement[bool]:
    """The kinds stand in the statement as they do in the partial index, or a prepared one could not use it."""
    told = [kind.value for kind in _TELLING]
    kinds: BindParameter[list[str]] = bindparam("kinds", told, expanding=True, literal_execute=True)
    return exists().where(EventRow.case_id == case_id, EventRow.kind.in_(kinds))


# ---------------------------------------------------------------- the query

_ORDERS: Final[Mapping[Sort, tuple[InstrumentedAttribute[Any], ...]]] = {
    Sort.WEIGHT: (CaseRow.severity, CaseRow.last_seen, CaseRow.id),  # veto, deduction, advice: the alphabet backwards
    Sort.NEWEST: (CaseRow.last_seen, CaseRow.id),
    Sort.DEADLINE: (CaseRow.deadline, CaseRow.id),
}


def _ids(
    session: Session, wanted: CaseFilter, place: tuple[Any, ...] | None, limit: int, *, is_backwards: bool = False
) -> list[int]:
    scope = _scope(session, wanted)
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
    scope: _Scope,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[InstrumentedAttribute[Any]],
    limit: int,
    place: tuple[Any, ...] | None = None,
    *,
    is_descending: bool,
) -> list[Select[Any]]:
    """The first cases of one state; with words one branch for each thing that they may mean."""

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
    looked = _sorted(select(CaseRow).where(*conditions, *within), order, is_descending).limit(SEARCHED).subquery()
    seen = aliased(CaseRow, looked)
    columns = [cast("InstrumentedAttribute[Any]", getattr(seen, column.key)) for column in order]
    holding = select(*columns).where(seen.message.contains(scope.words, autoescape=True))
    return [*meant, _plain(_sorted(holding, columns, is_descending).limit(limit).subquery())]


def _sorted(query: Select[Any], by: Sequence[Any], is_descending: bool) -> Select[Any]:
    return query.order_by(*(one.desc() if is_descending else one.asc() for one in by))


def _plain(found: Subquery) -> Select[Any]:
    """A branch as a query of its own: SQLite takes an order and a limit only in there."""
    return select(*found.c)


def _counted(scope: _Scope, state: State) -> Subquery | None:
    conditions = scope.of_state(state)
    if conditions is None:
        return None
    if scope.words is None:
        return select(CaseRow.id).where(*conditions).limit(COUNTED + 1).subquery()
    is_descending = scope.wanted.sort is not Sort.DEADLINE
    branches = _branches(scope, conditions, _ORDERS[scope.wanted.sort], COUNTED + 1, is_descending=is_descending)
    return union(*branches).subquery() if branches else None


def _in_order(session: Session, ids: Sequence[int]) -> tuple[Case, ...]:
    found = {case.id: case for case in cases_from(session, CASES_WITH_SITE.where(CaseRow.id.in_(list(ids))))}
    return tuple(found[one] for one in ids if one in found)
