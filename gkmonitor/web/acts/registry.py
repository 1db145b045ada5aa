"""The registry taken out as a table, and taken over from a file after a preview."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gkmonitor.accounts.permissions import Permission
from gkmonitor.errors import RegistryError, StaleError
from gkmonitor.records import Profile
from gkmonitor.registry.exporting import registry_table
from gkmonitor.registry.importing import ImportPlan, RowStatus, apply_import, plan_import
from gkmonitor.registry.reading import read_registry
from gkmonitor.registry.records import Level, PortalEntry, PortalState
from gkmonitor.storage import Session, audit
from gkmonitor.storage.registry_changes import By
from gkmonitor.storage.registry_list import RegistryFilter, registry_page
from gkmonitor.web.desk import Desk
from gkmonitor.web.paging import words_of
from gkmonitor.web.unit_choice import unit_of
from gkmonitor.web.uploads import Held, Holding
from gkmonitor.web.visiting import ForbiddenError, Visitor

PURPOSE: Final = "registry-import"
MAX_EXPORTED: Final = 100_000
GONE: Final = "预览已过期或文件已导入，请重新选择文件"
CHANGED_SINCE: Final = "预览之后登记簿有改动，请按新的预览重新核对；还没有导入"
NEEDS_UPDATE: Final = "有与登记内容不同的行，请核对并勾选“修改已登记的网站”；还没有导入"


def registry_filter(q: str, state: str, level: str, profile: str, region: str, unit: int | None) -> RegistryFilter:
    """Words that mean nothing ask nothing."""
    return RegistryFilter(
        words=words_of(q),
        state=state if state in list(PortalState) else "",
        level=level if level in list(Level) else "",
        profile=profile if profile in list(Profile) else "",
        region=words_of(region),
        unit=unit,
    )


@dataclass(frozen=True, slots=True)
class RegistryWords:
    """The filter of a list as it stands in an address; ``unit``: a number, a name or a path."""

    q: str = ""
    state: str = ""
    level: str = ""
    profile: str = ""
    region: str = ""
    unit: str = ""

    def meant(self, session: Session) -> RegistryFilter:
        return registry_filter(self.q, self.state, self.level, self.profile, self.region, unit_of(session, self.unit))


def export_table(
    here: Desk, who: Visitor, given: RegistryWords, *, with_contacts: bool, in_words: bool
) -> list[list[str]]:
    """What an import reads back without a change. Contacts only for whoever keeps the registry, and noted.

    Raises ForbiddenError.
    """
    if with_contacts and not who.may(Permission.MANAGE_REGISTRY):
        raise ForbiddenError("联系人只能由维护登记簿的人员导出")
    with here.database.reading() as session:
        entries = _every(session, given.meant(session))
        table = registry_table(session, entries, with_contacts=with_contacts, in_words=in_words)
    if with_contacts:
        with here.database.writing() as session:
            audit.note(session, who, "contacts-exported", details={"portals": len(entries)})
    return table


def _every(session: Session, chosen: RegistryFilter) -> list[PortalEntry]:
    found: list[PortalEntry] = []
    while len(found) < MAX_EXPORTED:
        page = registry_page(session, chosen, after=found[-1].id if found else 0, limit=2000)
        found += page
        if len(page) < 2000:
            break
    return found


# ---------------------------------------------------------------- import


def take(here: Desk, who: Visitor, held_by: Holding, name: str, body: bytes) -> Held:
    """Keeps a file for its preview and confirmation, for whoever sent it alone."""
    return held_by.keep(who.account.id, PURPOSE, [(name, body)], here.now)


def plan(here: Desk, held_by: Holding, held: Held) -> ImportPlan:
    """What importing the file would do; nothing is written. A file that cannot be taken over is dropped.

    Raises RegistryError.
    """
    try:
        found = read_registry(held.files[0])
    except RegistryError:
        held_by.drop(held)
        raise
    with here.database.reading() as session:
        made = plan_import(session, found)
    held_by.annotate(held, fingerprint(made))
    if made.errors:  # nothing of it can be taken over: the corrected file is chosen anew
        held_by.drop(held)
    return made


def fingerprint(made: ImportPlan) -> str:
    """Differs whenever the plan would do something else."""
    rows = [
        (one.row.line, one.status.value, one.portal.id if one.portal else None, sorted(map(repr, one.changes.items())))
        for one in made.rows
    ]
    return hashlib.sha256(repr((rows, len(made.errors))).encode("utf-8", "replace")).hexdigest()


def held_file(here: Desk, who: Visitor, held_by: Holding, token: str) -> Held:
    """The file of a preview. Raises StaleError where it is another's, too old, or taken over."""
    held = held_by.find(who.account.id, PURPOSE, token, here.now)
    if held is None:
        raise StaleError(GONE)
    return held


def confirm(here: Desk, who: Visitor, held_by: Holding, held: Held, *, may_update: bool, reason: str) -> ImportPlan:
    """Takes over what was shown, all of it. ``may_update``: also where a row differs from what is registered.

    Raises StaleError where the plan would differ from the one shown, RegistryError where ``may_update`` is missing.
    """
    found = read_registry(held.files[0])
    with here.database.writing() as session:
        made = plan_import(session, found)
        if fingerprint(made) != held.note or made.errors:
            raise StaleError(CHANGED_SINCE)
        if made.counts[RowStatus.CHANGED] > 0 and not may_update:
            raise RegistryError(NEEDS_UPDATE)
        apply_import(session, made, By(who.actor, here.now, reason.strip() or f"从文件导入：{found.name}"))
        counts = {status.value: number for status, number in made.counts.items()}
        audit.note(session, who, "registry-imported", found.name, counts | {"sha256": _digest(held.files[0])})
    held_by.drop(held)
    return made


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
