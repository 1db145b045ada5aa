"""The registry as a file: CSV with a byte order mark (so that spreadsheets show Chinese) or XLSX.

What an export writes, an import reads back without a change. No cell is a formula. Contacts stay out unless asked for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from gkmonitor.registry.cells import write_contacts, write_delegations, write_exemptions
from gkmonitor.registry.records import PortalEntry
from gkmonitor.registry.sheets import defused
from gkmonitor.registry.words import heads, in_chinese
from gkmonitor.storage.contacts import contacts_by_portal
from gkmonitor.storage.exemptions import delegations_by_portal, exemptions_by_portal
from gkmonitor.storage.units import list_units

if TYPE_CHECKING:
    from gkmonitor.storage import Session

CONTACT_FIELDS: Final = ("contact_name", "contact_phone", "contact_mail")
_FIELDS: Final = (
    "site_id_code",
    "name",
    "url",
    "organizer",
    "unit",
    "level",
    "profile",
    "region",
    "state",
    "state_reason",
    "delegated",
    "exemptions",
)
_WORDS: Final = {"level": "levels", "profile": "profiles", "state": "states"}


def registry_table(
    session: Session, portals: Iterable[PortalEntry], *, with_contacts: bool, in_words: bool
) -> list[list[str]]:
    """The head row and one row a portal; ``in_words``: heads and closed words in Chinese instead of codes."""
    entries = list(portals)
    fields = (*_FIELDS, *(CONTACT_FIELDS if with_contacts else ()))
    notes = list(dict.fromkeys(head for entry in entries for head in entry.notes))
    chinese = heads()
    table = [[chinese[name] if in_words else name for name in fields] + notes]
    look_up = _LookUp(session, with_contacts)
    for entry in entries:
        cells = look_up.cells(entry)
        if in_words:
            cells.update({name: in_chinese(words, cells[name]) for name, words in _WORDS.items() if cells[name]})
        table.append([cells[name] for name in fields] + [entry.notes.get(head, "") for head in notes])
    return [[defused(cell) for cell in row] for row in table]


class _LookUp:
    """What belongs to all portals, asked for once."""

    def __init__(self, session: Session, with_contacts: bool) -> None:
        self._paths = {unit.id: unit.path for unit in list_units(session)}
        self._delegations = delegations_by_portal(session)
        self._exemptions = exemptions_by_portal(session)
        self._contacts = contacts_by_portal(session) if with_contacts else {}

    def cells(self, entry: PortalEntry) -> dict[str, str]:
        """Every field of an entry as text."""
        contacts = write_contacts(self._contacts.get(entry.id, ()))
        plain: Mapping[str, str | None] = {
            name: getattr(entry, name)
            for name in ("site_id_code", "name", "url", "organizer", "level", "profile", "region", "state")
        }
        return {
            **{name: value or "" for name, value in plain.items()},
            "state_reason": entry.state_reason or "",
            "unit": "/".join(self._paths.get(entry.unit_id or 0, ())),
            "delegated": write_delegations(self._delegations.get(entry.id, ())),
            "exemptions": write_exemptions(self._exemptions.get(entry.id, ())),
            **dict(zip(CONTACT_FIELDS, contacts, strict=True)),
        }


def as_csv(table: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 with a byte order mark, lines ended as RFC 4180 has them."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def as_xlsx(table: Sequence[Sequence[str]]) -> bytes:
    """One sheet; every cell is text, the heads stay in sight."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("登记表")
    sheet.freeze_panes = "A2"
    for number, row in enumerate(table):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"  # also what looks like a number or a formula
            cell.number_format = "@"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()
