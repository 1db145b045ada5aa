"""Portals: finding those that somebody means, and changing one entry with its history."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from gkmonitor.addresses import check_address
from gkmonitor.errors import AddressError, RegistryError
from gkmonitor.records import Profile
from gkmonitor.registry.addresses import address_key
from gkmonitor.registry.records import ChangeKind, PortalEntry, PortalState
from gkmonitor.registry.words import in_chinese, level_of_word, storable, suggestion
from gkmonitor.storage.contacts import contacts_of
from gkmonitor.storage.exemptions import delegations_of, exemptions_of
from gkmonitor.storage.models import PortalRow, UnitRow
from gkmonitor.storage.registry_changes import By, record_change
from gkmonitor.storage.units import ensure_unit, find_unit, unit_and_below

__all__ = [
    "add_portal",
    "add_portals",
    "as_entry",
    "change_portal",
    "contacts_of",
    "delegations_of",
    "exemptions_of",
    "find_portal",
    "find_portals",
    "get_portal",
    "move_portal",
    "portals_by_key",
    "rename_portal",
    "set_state",
    "state_kind",
]

MAX_LISTED: Final = 10  # portals named in a message
MAX_ID_DIGITS: Final = 9  # a site code has ten
_ENTRIES: Final = select(PortalRow, UnitRow.name).outerjoin(UnitRow, PortalRow.unit_id == UnitRow.id)


def as_entry(row: PortalRow, unit: str | None) -> PortalEntry:
    """The record of a row and the name of its supervising unit."""
    return PortalEntry(
        row.id,
        row.site_id_code,
        row.name,
        row.url,
        row.organizer,
        unit,
        row.level,
        Profile(row.profile) if row.profile else None,
        row.region,
        PortalState(row.state),
        row.notes,
        row.state_reason,
        row.unit_id,
    )


def _entries(session: Session, query: Select[PortalRow, str]) -> list[PortalEntry]:
    return [as_entry(row, unit) for row, unit in session.execute(query.order_by(PortalRow.id))]


# ---------------------------------------------------------------- finding


def get_portal(session: Session, portal_id: int) -> PortalEntry:
    """Raises RegistryError when there is no portal of that id."""
    found = _entries(session, _ENTRIES.where(PortalRow.id == portal_id))
    if not found:
        raise RegistryError(f"没有编号为 {portal_id} 的网站，用 gkmonitor sites list 查看")
    return found[0]


def find_portal(session: Session, site: str) -> PortalEntry:
    """The one portal that a person means: by id, name, site code or address.

    Raises RegistryError for none (naming near names) and for several (naming each).
    """
    word = storable(site)
    found = _entries(session, _ENTRIES.where(or_(*_meanings(word)))) if word else []
    if word.isascii() and word.isdigit() and len(word) <= MAX_ID_DIGITS:
        found = [entry for entry in found if entry.id == int(word)] or found
    if not found:
        raise RegistryError(f"没有登记“{word[:80]}”这个网站，{_near(session, word)}")
    if len(found) > 1:
        listed = "；".join(f"{entry.id} {entry.name} {entry.url}" for entry in found[:MAX_LISTED])
        more = f"；另有 {len(found) - MAX_LISTED} 个" if len(found) > MAX_LISTED else ""
        raise RegistryError(f"“{word[:80]}”对应 {len(found)} 个网站，请改用编号或网址：{listed}{more}")
    return found[0]


def _meanings(word: str) -> list[ColumnElement[bool]]:
    conditions = [PortalRow.name == word, PortalRow.site_id_code == word.lower()]
    if word.isascii() and word.isdigit() and len(word) <= MAX_ID_DIGITS:
        conditions.append(PortalRow.id == int(word))
    with suppress(AddressError):  # a name or a code
        conditions.append(PortalRow.address_key == address_key(check_address(word)))
    return conditions


def _near(session: Session, word: str) -> str:
    names = tuple(session.scalars(select(PortalRow.name)))
    if not names:
        return "登记簿还是空的，请先用 gkmonitor sites import 导入"
    return suggestion(word, names) or "用 gkmonitor sites list 查看已登记的网站"


def find_portals(
    session: Session,
    *,
    sites: Sequence[str] = (),
    group: str | None = None,
    states: Collection[str] = (PortalState.ACTIVE,),
) -> list[PortalEntry]:
    """Portals in the order of their ids, each once.

    ``sites``: those named by id, address, name or site code; ``group``: those of a unit (its name or path) and the
    units below it, of a region or of a level; both: in the group and named; neither: all. ``states``: only these.
    Raises RegistryError for a name that is unknown or means several portals, for an unknown group, and for a portal
    that was named but is in another state (nobody should believe that it was looked at).
    """
    query = _ENTRIES if group is None else _ENTRIES.where(_in_group(session, group))
    if not sites:
        return _entries(session, query.where(PortalRow.state.in_([str(state) for state in states])))
    named = {entry.id: entry for entry in (find_portal(session, site) for site in sites)}
    for entry in named.values():
        if entry.state not in states:
            now = in_chinese("states", entry.state)
            reason = f"（{entry.state_reason}）" if entry.state_reason else ""
            raise RegistryError(f"“{entry.name}”现在的状态是{now}{reason}，可用 gkmonitor sites resume {entry.id} 恢复")
    return _entries(session, query.where(PortalRow.id.in_(named)))


def _in_group(session: Session, group: str) -> ColumnElement[bool]:
    word = storable(group)
    conditions: list[ColumnElement[bool]] = []
    unit = find_unit(session, word)
    if unit is not None:
        conditions.append(PortalRow.unit_id.in_(unit_and_below(unit.id)))
    with suppress(RegistryError):  # no level: a unit or a region
        conditions.append(PortalRow.level == level_of_word(word).value)
    if session.scalar(select(PortalRow.id).where(PortalRow.region == word).limit(1)) is not None:
        conditions.append(PortalRow.region == word)
    if not conditions:
        known = (*session.scalars(select(UnitRow.name)), *session.scalars(_regions()))
        hint = suggestion(word, known)
        raise RegistryError(f"没有“{word[:60]}”这个单位、地区或层级，{hint or '用 gkmonitor sites list 查看'}")
    return or_(*conditions)


def _regions() -> Select[str | None]:
    return select(PortalRow.region).where(PortalRow.region.is_not(None)).distinct()


def portals_by_key(session: Session) -> dict[str, PortalEntry]:
    """Every portal by the key of its address."""
    return {row.address_key: as_entry(row, unit) for row, unit in session.execute(_ENTRIES)}


# ---------------------------------------------------------------- changing

_FIELDS: Final = ("site_id_code", "name", "url", "organizer", "level", "profile", "region", "notes")


def add_portal(session: Session, values: Mapping[str, Any], unit: Sequence[str], by: By) -> int:
    """A new entry; ``values``: checked fields by name, ``unit``: path of the supervising unit or ().

    Gives the id. Raises RegistryError when the address is taken.
    """
    _free_key(session, values["url"], None)
    unit_id = ensure_unit(session, unit, by) if unit else None
    return add_portals(session, [(values, unit_id, unit)], by)[0]


def add_portals(
    session: Session, entries: Sequence[tuple[Mapping[str, Any], int | None, Sequence[str]]], by: By
) -> list[int]:
    """New entries (checked fields, id and path of the unit) whose addresses are known to be free; their ids."""
    rows = [_new_row(values, unit_id, by) for values, unit_id, _ in entries]
    session.add_all(rows)
    session.flush()
    for row, (_, _, unit) in zip(rows, entries, strict=True):
        record_change(session, ChangeKind.IMPORTED, by, portal_id=row.id, after=_shown(row, unit))
    return [row.id for row in rows]


def _new_row(values: Mapping[str, Any], unit_id: int | None, by: By) -> PortalRow:
    given = {name: values[name] for name in (*_FIELDS, "state", "state_reason") if values.get(name) is not None}
    row = PortalRow(**{"state": PortalState.ACTIVE.value, "notes": {}, **given})
    row.address_key, row.unit_id = address_key(row.url), unit_id
    row.created_at = row.updated_at = by.at
    return row


def _shown(row: PortalRow, unit: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in (*_FIELDS, "state", "state_reason")}
    return {name: value for name, value in {**values, "unit": "/".join(unit)}.items() if value}


def change_portal(
    session: Session,
    portal_id: int,
    values: Mapping[str, Any],
    by: By,
    *,
    unit: Sequence[str] | None = None,
    kind: ChangeKind = ChangeKind.EDITED,
) -> None:
    """Sets fields of an entry; ``unit``: path of the supervising unit, () for none, None to leave it as it is.

    What is the same already leaves no trace. Raises RegistryError when a new address is taken.
    """
    row = session.get_one(PortalRow, portal_id)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in values.items():
        if (old := getattr(row, name)) != value:
            before[name], after[name] = old, value
            setattr(row, name, value)
    if "url" in after:
        row.address_key = _free_key(session, row.url, portal_id)
    if unit is not None:
        old_name = session.scalar(select(UnitRow.name).where(UnitRow.id == row.unit_id))
        row.unit_id = ensure_unit(session, unit, by) if unit else None
        if old_name != (unit[-1] if unit else None):
            before["unit"], after["unit"] = old_name, "/".join(unit) or None
    if after:
        row.updated_at = by.at
        record_change(session, kind, by, portal_id=portal_id, before=before, after=after)
    session.flush()


def _free_key(session: Session, url: str, portal_id: int | None) -> str:
    key = address_key(url)
    other = session.scalar(select(PortalRow).where(PortalRow.address_key == key))
    if other is not None and other.id != portal_id:
        raise RegistryError(f"网址 {url} 已登记为“{other.name}”（编号 {other.id}），一个网址只能登记一次")
    return key


def rename_portal(session: Session, portal_id: int, name: str, by: By) -> None:
    """Raises RegistryError when it bears that name already."""
    if session.get_one(PortalRow, portal_id).name == name:
        raise RegistryError(f"这个网站的名称已经是“{name}”")
    change_portal(session, portal_id, {"name": name}, by, kind=ChangeKind.RENAMED)


def move_portal(session: Session, portal_id: int, url: str, by: By) -> None:
    """A new address; id, history and cases stay. Raises RegistryError when it is taken or no other."""
    if session.get_one(PortalRow, portal_id).url == url:
        raise RegistryError(f"这个网站的网址已经是 {url}")
    change_portal(session, portal_id, {"url": url}, by, kind=ChangeKind.MOVED)


_STATE_KINDS: Final = {
    PortalState.ACTIVE: ChangeKind.RESUMED,
    PortalState.PAUSED: ChangeKind.PAUSED,
    PortalState.RETIRED: ChangeKind.RETIRED,
}


def state_kind(state: PortalState) -> ChangeKind:
    """What a change to that state is called."""
    return _STATE_KINDS[state]


def set_state(session: Session, portal_id: int, state: PortalState, by: By) -> None:
    """Pauses, resumes or retires; the reason is kept with the entry. Raises RegistryError when it is so already."""
    row = session.get_one(PortalRow, portal_id)
    if row.state == state.value:
        raise RegistryError(f"“{row.name}”已经是{in_chinese('states', state)}状态")
    reason = by.reason if state is not PortalState.ACTIVE else None
    values = {"state": state.value, "state_reason": reason}
    change_portal(session, portal_id, values, by, kind=_STATE_KINDS[state])
