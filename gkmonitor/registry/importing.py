"""Importing a registry file: first a plan that says what would happen to each row, then all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from gkmonitor.registry.addresses import address_key
from gkmonitor.registry.cells import exemption_key
from gkmonitor.registry.reading import Problem, RegistryFile, RegistryRow
from gkmonitor.registry.records import ChangeKind, PortalEntry, PortalState
from gkmonitor.registry.words import heads
from gkmonitor.storage.contacts import add_contact, contacts_by_portal
from gkmonitor.storage.exemptions import add_exemption, delegations_by_portal, exemptions_by_portal, set_delegation
from gkmonitor.storage.portals import add_portals, change_portal, portals_by_key, state_kind
from gkmonitor.storage.units import ensure_unit, list_units

if TYPE_CHECKING:
    from gkmonitor.storage import Session
    from gkmonitor.storage.registry_changes import By


class RowStatus(StrEnum):
    """What would become of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CLASHING = "clashing"  # its address is another's
    WRONG = "wrong"


@dataclass(slots=True)
class PlannedRow:
    """A row with its fate; ``changes``: field -> (as registered, as in the file), counts for contacts."""

    row: RegistryRow
    status: RowStatus
    portal: PortalEntry | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class ImportPlan:
    """What an import would do."""

    file: RegistryFile
    rows: list[PlannedRow]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong or strange, by line."""
        found = [*self.file.problems, *(problem for planned in self.rows for problem in planned.row.problems)]
        return sorted(found, key=lambda problem: problem.line or 0)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_error]

    @property
    def counts(self) -> Mapping[RowStatus, int]:
        """Rows by status, every status named."""
        counted = Counter(planned.status for planned in self.rows)
        return {status: counted[status] for status in RowStatus}


# ---------------------------------------------------------------- the plan


def plan_import(session: Session, file: RegistryFile) -> ImportPlan:
    """Compares a file with the registry; writes nothing. Rows that cannot be taken carry problems."""
    planner = _Planner(session)
    plan = ImportPlan(file, [planner.plan(row) for row in file.rows])
    for planned in plan.rows:
        if planned.row.is_wrong and planned.status is not RowStatus.CLASHING:
            planned.status = RowStatus.WRONG
    return plan


class _Planner:
    """The registry as it is, and what earlier rows of the file have said."""

    def __init__(self, session: Session) -> None:
        self._portals = portals_by_key(session)
        self._delegations = delegations_by_portal(session)
        self._exemptions = exemptions_by_portal(session)
        self._contacts = contacts_by_portal(session)
        self._lines: dict[str, int] = {}  # address key -> line
        self._codes: dict[str, list[str]] = {}  # site code -> who bears it
        for entry in self._portals.values():
            self._codes.setdefault(entry.site_id_code or "", []).append(f"已登记的“{entry.name}”（编号 {entry.id}）")
        parents = {unit.name: unit.path[-2] if len(unit.path) > 1 else None for unit in list_units(session)}
        self._units = frozenset(parents)
        self._tree = UnitTree(parents)

    def plan(self, row: RegistryRow) -> PlannedRow:
        before = self._tree.parent_of(row.unit[-1]) if row.unit else None
        self._tree.take(row)
        url = row.values.get("url")
        if url is None:
            return PlannedRow(row, RowStatus.WRONG)
        key = address_key(url)
        if key in self._lines:
            told = f"网址与第 {self._lines[key]} 行相同，一个网址只能登记一次，请删去一行"
            row.problems.append(Problem(row.line, heads()["url"], told))
            return PlannedRow(row, RowStatus.CLASHING)
        self._lines[key] = row.line
        known = self._portals.get(key)
        if known is not None and _is_another(known, row):
            told = f"网址已登记为“{known.name}”（编号 {known.id}，标识码 {known.site_id_code}），名称和标识码都不同；"
            told += f"如果是同一个网站，请先用 gkmonitor sites rename {known.id} 改名"
            row.problems.append(Problem(row.line, heads()["url"], told))
            return PlannedRow(row, RowStatus.CLASHING, known)
        self._warn_of_code(row, known)
        if known is None:
            self._warn_of_unit(row, before)
            return PlannedRow(row, RowStatus.NEW)
        changes = dict(self._changes(row, known, before))
        return PlannedRow(row, RowStatus.CHANGED if changes else RowStatus.UNCHANGED, known, changes)

    def _warn_of_code(self, row: RegistryRow, known: PortalEntry | None) -> None:
        code = row.values.get("site_id_code")
        if code is None or (known is not None and known.site_id_code == code):
            return
        if others := self._codes.get(code):
            told = f"标识码 {code} 与{'、'.join(others[:3])}{'等' if len(others) > 3 else ''}相同，请核对；"
            told += "部门网页可以用所在门户的标识码；如果是同一网站换了网址，请用 gkmonitor sites move"
            row.problems.append(Problem(row.line, heads()["site_id_code"], told, is_error=False))
        self._codes.setdefault(code, []).append(f"第 {row.line} 行的“{row.values.get('name')}”")

    def _warn_of_unit(self, row: RegistryRow, parent: str | None) -> None:
        """A new portal whose row also moves a unit that is registered."""
        if row.unit and len(row.unit) > 1 and row.unit[-1] in self._units and parent != row.unit[-2]:
            told = f"单位“{row.unit[-1]}”的上级将由“{parent or '（无）'}”改为“{row.unit[-2]}”"
            row.problems.append(Problem(row.line, heads()["unit"], told, is_error=False))

    def _changes(
        self, row: RegistryRow, known: PortalEntry, parent: str | None
    ) -> Iterator[tuple[str, tuple[Any, Any]]]:
        for name, value in row.values.items():
            if (old := getattr(known, name)) != value:
                yield name, (old, value)
        if row.unit is not None:
            last = row.unit[-1] if row.unit else None
            if known.unit != last:
                yield "unit", (known.unit, last)
            if len(row.unit) > 1 and parent != row.unit[-2]:
                yield "parent_unit", (parent, row.unit[-2])
        notes = merged_notes(known.notes, row.notes)
        if notes != known.notes:
            yield "notes", (dict(known.notes), notes)
        yield from self._list_changes(row, known.id)

    def _list_changes(self, row: RegistryRow, portal_id: int) -> Iterator[tuple[str, tuple[Any, Any]]]:
        """Lists of a file add to what is registered; taking away is a decision with a command of its own."""
        places = {one.concept: one.url for one in self._delegations.get(portal_id, ())}
        if new := {one.concept: one.url for one in row.delegations if places.get(one.concept, "") != one.url}:
            yield "delegated", ({concept: places.get(concept) for concept in new}, new)
        known = {exemption_key(one) for one in self._exemptions.get(portal_id, ())}
        row.exemptions = tuple(one for one in row.exemptions if exemption_key(one) not in known)
        if row.exemptions:
            yield "exemptions", (len(known), len(known) + len(row.exemptions))
        told = {(one.channel, one.address) for one in self._contacts.get(portal_id, ())}
        row.contacts = tuple(one for one in row.contacts if (one.channel, one.address) not in told)
        if row.contacts:
            yield "contacts", (len(told), len(told) + len(row.contacts))


def _is_another(known: PortalEntry, row: RegistryRow) -> bool:
    """Name and site code both differ: another portal that was given this address."""
    code = row.values.get("site_id_code")
    return bool(code and known.site_id_code) and code != known.site_id_code and row.values.get("name") != known.name


def merged_notes(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """The notes of an entry after a file; an empty cell takes a note away, a column the file lacks stays."""
    return {head: text for head, text in {**old, **new}.items() if text}


class UnitTree:
    """The units by name with the unit above each; a file may add and move units, but not in a circle."""

    def __init__(self, parents: dict[str, str | None]) -> None:
        self._parents = parents
        self._said: dict[str, tuple[str, int]] = {}  # unit -> parent and line that a file gave

    def parent_of(self, name: str) -> str | None:
        return self._parents.get(name)

    def take(self, row: RegistryRow) -> None:
        """What a row says of its units; a contradiction becomes a problem of the row."""
        path = row.unit or ()
        for above, name in pairwise(path):
            said = self._said.get(name)
            if said is not None and said[0] != above:
                told = f"“{name}”在第 {said[1]} 行的上级是“{said[0]}”，本行是“{above}”；不是同一单位时请写能区分的全称"
                row.problems.append(Problem(row.line, heads()["unit"], told))
            elif name in self._above(above):
                told = f"“{above}”在“{name}”之下，不能又作它的上级，单位关系成环，请核对"
                row.problems.append(Problem(row.line, heads()["unit"], told))
            else:
                self._said[name] = (above, row.line)
                self._parents[name] = above

    def _above(self, name: str) -> set[str]:
        found: set[str] = set()
        here: str | None = name
        while here is not None and here not in found:
            found.add(here)
            here = self._parents.get(here)
        return found


# ---------------------------------------------------------------- doing it

_WRITTEN: Final = (RowStatus.NEW, RowStatus.CHANGED)


def apply_import(session: Session, plan: ImportPlan, by: By) -> None:
    """Writes the new and the changed rows of a plan without errors, in the caller's transaction."""
    assert not plan.errors
    paths = [planned.row.unit for planned in plan.rows if planned.row.unit and planned.status in _WRITTEN]
    units = {path: ensure_unit(session, path, by) for path in dict.fromkeys(paths)}
    new = [planned for planned in plan.rows if planned.status is RowStatus.NEW]
    entries = [
        ({**row.values, "notes": merged_notes({}, row.notes)}, units.get(row.unit or ()), row.unit or ())
        for row in (planned.row for planned in new)
    ]
    for planned, portal_id in zip(new, add_portals(session, entries, by), strict=True):
        _add_lists(session, planned.row, portal_id, by)
    for planned in plan.rows:
        if planned.status is RowStatus.CHANGED and planned.portal is not None:
            _change(session, planned, planned.portal, by)


def _change(session: Session, planned: PlannedRow, known: PortalEntry, by: By) -> None:
    values = {name: new for name, (_, new) in planned.changes.items() if name in planned.row.values}
    if "notes" in planned.changes:
        values["notes"] = planned.changes["notes"][1]
    if "state" in values:
        state = PortalState(values.pop("state"))
        values.pop("state_reason", None)
        why = planned.row.values.get("state_reason")
        change_portal(session, known.id, {"state": state.value, "state_reason": why}, by, kind=state_kind(state))
    unit = planned.row.unit if "unit" in planned.changes else None
    kind = ChangeKind.RENAMED if set(values) == {"name"} and unit is None else ChangeKind.EDITED
    change_portal(session, known.id, values, by, unit=unit, kind=kind)
    _add_lists(session, planned.row, known.id, by)


def _add_lists(session: Session, row: RegistryRow, portal_id: int, by: By) -> None:
    for delegation in row.delegations:
        set_delegation(session, portal_id, delegation.concept, delegation.url, by)
    for exemption in row.exemptions:
        add_exemption(session, replace(exemption, portal_id=portal_id), by)
    for one in row.contacts:
        add_contact(session, name=one.name, channel=one.channel, address=one.address, by=by, portal_id=portal_id)
