"""Choosing a unit in a filter: from a list while there are few, by its name where there are thousands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gkmonitor.registry.records import Unit
from gkmonitor.storage import Session
from gkmonitor.storage.units import few_units, find_unit, unit_name, units_above_others

MOST_LISTED: Final = 300  # a list of thousands takes longer to make and to read than all the rest of a page
_MOST: Final = 2**31 - 1  # of what the database counts
NO_UNIT: Final = -1  # a filter that means nothing finds nothing


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """What ``parts.unit`` shows. ``unit_id``: as ``unit_of`` gives it."""

    unit_id: int | None
    given: str  # as the field shows it
    options: tuple[tuple[int, str], ...] | None  # every unit, those below others set in; None: there are too many
    names: tuple[str, ...] = ()  # then those that stand above others, to complete what is typed


def choose_unit(session: Session, given: str) -> UnitChoice:
    """``given``: a unit's number, its name or its path, from the address of a page; "" for all."""
    word, unit_id = given.strip(), unit_of(session, given)
    listed = few_units(session, MOST_LISTED)
    if listed is not None:
        return UnitChoice(unit_id, str(unit_id or ""), tuple((one.id, _set_in(one)) for one in listed))
    shown = unit_name(session, unit_id) if unit_id is not None else None
    return UnitChoice(unit_id, shown or word, None, tuple(units_above_others(session, MOST_LISTED)))


def unit_of(session: Session, given: str) -> int | None:
    """The unit that an address names; None for all, ``NO_UNIT`` for none that there is."""
    word = given.strip()
    if not word:
        return None
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= 12 and int(word) <= _MOST else NO_UNIT
    found = find_unit(session, word)
    return found.id if found is not None else NO_UNIT


def _set_in(unit: Unit) -> str:
    return "　" * (len(unit.path) - 1) + unit.name
