"""Units: a tree of supervision. Names are unique, so that a name alone says which unit is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from gkmonitor.errors import RegistryError
from gkmonitor.registry.records import ChangeKind, Unit
from gkmonitor.registry.words import storable, suggestion
from gkmonitor.storage.models import UnitRow
from gkmonitor.storage.registry_changes import By, record_change


def list_units(session: Session) -> list[Unit]:
    """Every unit with the way down to it, in the order of a tree (parents before their children, by name)."""
    rows = {row.id: row for row in session.scalars(select(UnitRow))}
    paths: dict[int, tuple[str, ...]] = {}

    def path_of(row: UnitRow) -> tuple[str, ...]:
        if row.id not in paths:
            above = rows.get(row.parent_id) if row.parent_id is not None else None
            paths[row.id] = (*(path_of(above) if above is not None else ()), row.name)
        return paths[row.id]

    units = [Unit(row.id, row.name, row.parent_id, path_of(row)) for row in rows.values()]
    return sorted(units, key=lambda unit: unit.path)


def few_units(session: Session, most: int) -> list[Unit] | None:
    """As ``list_units``; None where there are more than ``most``."""
    some = select(UnitRow.id).limit(most + 1).subquery()
    number = session.scalar(select(func.count()).select_from(some)) or 0
    return list_units(session) if number <= most else None


def units_above_others(session: Session, most: int) -> list[str]:
    """Names of the first units, by number, that have units below them."""
    above = select(UnitRow.parent_id).where(UnitRow.parent_id.is_not(None))
    return list(session.scalars(select(UnitRow.name).where(UnitRow.id.in_(above)).order_by(UnitRow.id).limit(most)))


def unit_name(session: Session, unit_id: int) -> str | None:
    """None where there is no such unit."""
    return session.scalar(select(UnitRow.name).where(UnitRow.id == unit_id))


def find_unit(session: Session, name: str) -> Unit | None:
    """The unit of that name, or of that path from any unit down (市政府/市财政局)."""
    given = tuple(part.strip() for part in storable(name).replace("／", "/").split("/"))
    row = session.scalar(select(UnitRow).where(UnitRow.name == given[-1]))
    if row is None:
        return None
    unit = Unit(row.id, row.name, row.parent_id, path_of(session, row.id))
    return unit if unit.path[-len(given) :] == given else None


def get_unit(session: Session, name: str) -> Unit:
    """Raises RegistryError, naming near names."""
    unit = find_unit(session, name)
    if unit is None:
        known = tuple(session.scalars(select(UnitRow.name)))
        raise RegistryError(
            f"没有“{name[:60]}”这个单位，{suggestion(name, known) or '用 gkmonitor sites unit list 查看'}"
        )
    return unit


def ancestors_of(session: Session, unit_id: int | None) -> list[int]:
    """The unit's id and those of the units above it, nearest first."""
    found: list[int] = []
    while unit_id is not None and unit_id not in found:
        found.append(unit_id)
        unit_id = session.scalar(select(UnitRow.parent_id).where(UnitRow.id == unit_id))
    return found


def path_of(session: Session, unit_id: int | None) -> tuple[str, ...]:
    """The names from the root of the tree down to the unit; () for None."""
    ids = ancestors_of(session, unit_id)
    names = {row.id: row.name for row in session.scalars(select(UnitRow).where(UnitRow.id.in_(ids)))}
    return tuple(names[one] for one in reversed(ids))


def unit_and_below(unit_id: int) -> Select[Any]:
    """The ids of the unit and of all units below it, as a part of another query: a province's are thousands."""
    below = select(UnitRow.id).where(UnitRow.id == unit_id).cte("below", recursive=True)
    below = below.union(select(UnitRow.id).join(below, UnitRow.parent_id == below.c.id))
    return select(below.c.id)


def subtree_of(session: Session, unit_id: int) -> list[int]:
    """The unit's id and those of all units below it."""
    return list(session.scalars(unit_and_below(unit_id)))


def ensure_unit(session: Session, path: Sequence[str], by: By) -> int:
    """The id of the last unit of the path; units that are missing are made, and stand where the path says.

    A path of one name leaves a unit that is there where it is. Raises RegistryError for a circle.
    """
    above: int | None = None
    for number, name in enumerate(path):
        row = session.scalar(select(UnitRow).where(UnitRow.name == name))
        if row is None:
            row = UnitRow(name=name, parent_id=above)
            session.add(row)
            session.flush()
        elif number > 0 and row.parent_id != above:
            place_unit(session, row.id, above, by)
        above = row.id
    assert above is not None
    return above


def place_unit(session: Session, unit_id: int, parent_id: int | None, by: By) -> None:
    """Puts a unit below another one, or at the root. Raises RegistryError for a circle."""
    row = session.get_one(UnitRow, unit_id)
    if row.parent_id == parent_id:
        return
    if parent_id is not None and parent_id in subtree_of(session, unit_id):
        above = session.get_one(UnitRow, parent_id)
        raise RegistryError(f"“{above.name}”在“{row.name}”之下，不能作为它的上级单位，否则单位关系成环")
    before = list(path_of(session, unit_id))
    row.parent_id = parent_id
    session.flush()
    after = list(path_of(session, unit_id))
    record_change(session, ChangeKind.UNIT_PLACED, by, unit_id=unit_id, before={"path": before}, after={"path": after})


def rename_unit(session: Session, unit_id: int, name: str, by: By) -> None:
    """Raises RegistryError when another unit bears the name."""
    row = session.get_one(UnitRow, unit_id)
    other = session.scalar(select(UnitRow.id).where(UnitRow.name == name, UnitRow.id != unit_id))
    if other is not None:
        raise RegistryError(f"已有名为“{name}”的单位，请用能区分的全称")
    if row.name != name:
        record_change(
            session, ChangeKind.UNIT_RENAMED, by, unit_id=unit_id, before={"name": row.name}, after={"name": name}
        )
        row.name = name
