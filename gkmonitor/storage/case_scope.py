"""What a queue of cases is asked for, and the conditions that it comes to: names are looked up once a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from gkmonitor.ledger.records import By, Case, EventKind, State
from gkmonitor.records import Severity
from gkmonitor.storage.models import CaseRow, EventRow, PortalRow
from gkmonitor.storage.units import unit_and_below

PORTALS_FOUND: Final = 200  # portals whose name holds the words
MAX_TEXT: Final = 100
MAX_ID_DIGITS: Final = 9
# The cases of so many portals are read and sorted; those of more are met on the way through an order. Of a hundredth of
# the portals either way costs the same.
FEW_PORTALS: Final = 250

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
class Scope:
    """A filter whose names are looked up. ``common``: holds for every case; ``found``: what the words may mean."""

    wanted: CaseFilter
    states: tuple[State, ...]
    common: tuple[ColumnElement[bool], ...]
    portals: CTE | None = None  # ids of the portals of a unit, a region, a profile or a visitor
    is_of_few_portals: bool = False
    found: tuple[ColumnElement[bool], ...] = ()  # () without words
    words: str | None = None
    is_number: bool = False  # the words are a number: of a case or of a portal, and none of a message

    def of_state(self, state: State) -> list[ColumnElement[bool]] | None:
        """The conditions of one state, but for the portals; None where the filter holds nothing of it."""
        if state not in self.states:
            return None
        conditions = [CaseRow.state == state.value, *self.common]
        if self.wanted.is_told and state not in _TOLD:
            if state not in _ONCE_TOLD:
                return None
            conditions.append(was_told(CaseRow.id))
        return conditions

    def of_portals(self) -> list[ColumnElement[bool]]:
        """The condition of the portals, for rows in the order of an index.

        Whether a portal is one of many is asked row by row until there are enough of them: a planner that may turn the
        question round reads and sorts them all.
        """
        if self.portals is None:
            return []
        among = CaseRow.portal_id.in_(select(self.portals.c.id))
        return [among if self.is_of_few_portals else among.is_(true())]


def scope_of(session: Session, wanted: CaseFilter) -> Scope:
    """Looks up what the filter names."""
    states = wanted.states or tuple(State)
    if wanted.overdue_on is not None:
        states = tuple(state for state in states if state is State.NOTIFIED)
    portals, is_few = _portals(session, wanted)
    words = wanted.text.strip()[:MAX_TEXT]
    found = tuple(_meanings(session, words)) if words else ()
    common = tuple(_common(session, wanted))
    return Scope(wanted, states, common, portals, is_few, found, words or None, _is_number(words))


def _common(session: Session, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.portal is not None:
        conditions.append(CaseRow.portal_id == wanted.portal)
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


def _portals(session: Session, wanted: CaseFilter) -> tuple[CTE | None, bool]:
    """The portals that the filter is about, as one list for all the branches; whether they are few."""
    of: list[ColumnElement[bool]] = []
    if wanted.portals is not None:
        of.append(PortalRow.id.in_(sorted(wanted.portals)))
    if wanted.unit is not None:
        of.append(PortalRow.unit_id.in_(unit_and_below(wanted.unit)))
    if wanted.region:
        of.append(PortalRow.region == wanted.region)
    if wanted.profile:
        of.append(PortalRow.profile == wanted.profile)
    if not of:
        return None, wanted.portal is not None
    chosen = select(PortalRow.id).where(*of)
    first = list(session.scalars(chosen.order_by(PortalRow.id).limit(FEW_PORTALS + 1)))
    is_few = len(first) <= FEW_PORTALS
    if is_few:  # by their numbers, so that a planner knows how few they are
        chosen = select(PortalRow.id).where(PortalRow.id.in_(first))
    return chosen.cte("chosen"), is_few or wanted.portal is not None


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
        named_so = select(PortalRow.id).where(PortalRow.id.in_(portals)).cte("named_so")  # once for all the branches
        meanings.append(CaseRow.portal_id.in_(select(named_so.c.id)))
    return meanings


def _is_number(words: str) -> bool:
    return words.isascii() and words.isdigit()


def was_told(case_id: Any) -> ColumnElement[bool]:
    """Whether a unit was ever told of a case.

    The kinds stand in the statement as they do in the partial index, or a prepared one could not use it.
    """
    told = [kind.value for kind in _TELLING]
    kinds: BindParameter[list[str]] = bindparam("kinds", told, expanding=True, literal_execute=True)
    return exists().where(EventRow.case_id == case_id, EventRow.kind.in_(kinds))


def _rules_statement() -> Select[Any]:
    steps = select(func.min(CaseRow.rule).label("rule")).cte("steps", recursive=True)
    following = select(func.min(CaseRow.rule)).where(CaseRow.rule > steps.c.rule).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.rule.is_not(None)))
    return select(steps.c.rule).where(steps.c.rule.is_not(None))


_RULES: Final = _rules_statement()  # every page of the queue asks it; writing it takes longer than answering it


def rules_of_cases(session: Session) -> list[str]:
    """The rules that any case is about, in order: one step through the index for each."""
    return list(session.scalars(_RULES))


def may_be_told(session: Session, case: Case) -> bool:
    """Whether a case is one that the supervised unit knows of."""
    if case.state in _TOLD:
        return True
    return case.state in _ONCE_TOLD and bool(session.scalar(select(was_told(literal(case.id)))))
