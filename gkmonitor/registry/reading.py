"""Rows of a registry file as checked entries; what is wrong is told by line and column, with how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from gkmonitor.errors import RegistryError, UsageError
from gkmonitor.registry.cells import read_contacts, read_delegations, read_exemptions
from gkmonitor.registry.records import Contact, Delegation, Exemption
from gkmonitor.registry.sheets import HEAD_ROWS, Sheet, SheetRow, read_sheets
from gkmonitor.registry.values import (
    checked_site_code,
    checked_text,
    checked_url,
    clean,
    has_known_province,
    required_text,
    unit_path,
)
from gkmonitor.registry.words import (
    head_of,
    head_spellings,
    heads,
    level_of_word,
    nearest,
    profile_of_word,
    state_of_word,
)

REQUIRED: Final = ("name", "url")
_NEAR_HEAD: Final = 75.0  # of 100: likelier a slip of the pen than a column of its own


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong or strange; ``line`` as a spreadsheet counts, None: the whole file. A warning hinders nothing."""

    line: int | None
    column: str | None
    message: str
    is_error: bool = True


@dataclass(slots=True)
class RegistryRow:
    """One row, checked. ``values`` has only fields whose column the file has; None in the lists: no such column."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    unit: tuple[str, ...] | None = None
    notes: dict[str, str] = field(default_factory=dict)
    delegations: tuple[Delegation, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    contacts: tuple[Contact, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        return any(problem.is_error for problem in self.problems)


@dataclass(frozen=True, slots=True)
class RegistryFile:
    """A file, read: its rows, and what was noticed about it as a whole."""

    name: str
    encoding: str
    rows: list[RegistryRow]
    problems: list[Problem]


def read_registry(path: Path) -> RegistryFile:
    """Reads a CSV or XLSX file. Raises RegistryError for what is no registry file; rows carry their own problems."""
    sheets = read_sheets(path)
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:HEAD_ROWS]):
            if set(REQUIRED) <= {head_of(cell) for cell in row.cells}:
                return _read_below(path, sheet, number)
    raise RegistryError(_missing_heads(path, [row for sheet in sheets for row in sheet.rows[:HEAD_ROWS]]))


def _missing_heads(path: Path, rows: Sequence[SheetRow]) -> str:
    if not rows:
        return f"{path.name} 里没有内容，请核对"
    likest = max(rows, key=lambda row: sum(head_of(cell) is not None for cell in row.cells))
    present = {head_of(cell) for cell in likest.cells}
    unknown = tuple(clean(cell) for cell in likest.cells if clean(cell) and head_of(cell) is None)
    chinese = heads()
    if present == {None}:
        return (
            f"{path.name} 第 {likest.number} 行不是表头：应有“网站名称”（name）和“网站地址”（url）等列；"
            f"这一行是：{'，'.join(cell[:20] for cell in unknown[:8])}"
        )
    lacking = []
    for name in (name for name in REQUIRED if name not in present):
        near = [*nearest(chinese[name], unknown), *nearest(name, unknown)]
        hint = f"，“{near[0]}”是否就是这一列？请改成“{chinese[name]}”" if near else "，请补上"
        lacking.append(f"“{chinese[name]}”（{name}）{hint}")
    return f"{path.name} 第 {likest.number} 行的表头缺少{'；'.join(lacking)}"


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each field and each note stands in a row."""

    fields: Mapping[str, int]
    notes: Mapping[str, int]
    heads: Sequence[str]

    def cell(self, row: SheetRow, name: str) -> str | None:
        """The cell of a field; None when the file has no such column."""
        place = self.fields.get(name)
        if place is None:
            return None
        return row.cells[place] if place < len(row.cells) else ""

    def head(self, name: str) -> str | None:
        place = self.fields.get(name)
        return self.heads[place] if place is not None else None


def _read_below(path: Path, sheet: Sheet, head_row: int) -> RegistryFile:
    columns, problems = _columns(path, sheet.rows[head_row])
    problems = [*(Problem(None, None, note, is_error=False) for note in sheet.notes), *problems]
    rows = [_read_row(columns, row) for row in sheet.rows[head_row + 1 :]]
    if not rows:
        raise RegistryError(f"{path.name} 只有表头，没有网站，请核对")
    return RegistryFile(path.name, sheet.encoding, rows, problems)


def _columns(path: Path, row: SheetRow) -> tuple[_Columns, list[Problem]]:
    fields: dict[str, int] = {}
    notes: dict[str, int] = {}
    names = [clean(cell) for cell in row.cells]
    problems: list[Problem] = []
    for place, name in enumerate(names):
        if not name:
            continue
        found = head_of(name)
        if found in fields or name in notes:
            raise RegistryError(f"{path.name} 第 {row.number} 行有两列都是“{name}”，请删去或改名其中一列")
        if found is not None:
            fields[found] = place
            continue
        checked_text(name, "head")
        notes[name] = place
        if near := nearest(name, head_spellings(), _NEAR_HEAD):
            message = f"“{name}”这一列按备注保存；如果是“{near[0]}”，请改表头后重新导入"
            problems.append(Problem(row.number, name, message, is_error=False))
    return _Columns(fields, notes, names), problems


# ---------------------------------------------------------------- rows


def _read_row(columns: _Columns, row: SheetRow) -> RegistryRow:
    found = RegistryRow(row.number)
    reader = _RowReader(columns, row, found)
    reader.refuse_formulas()
    reader.refuse_extra_cells()
    for name, check in _PLAIN.items():
        reader.take(name, check)
    reader.take_words()
    reader.take_unit()
    reader.take_lists()
    for head, place in columns.notes.items():
        text = row.cells[place] if place < len(row.cells) else ""
        found.notes[head] = reader.checked(head, lambda value: checked_text(value, "note"), text) or ""
    return found


_PLAIN: Final[dict[str, Callable[[str], Any]]] = {
    "site_id_code": checked_site_code,
    "name": lambda text: required_text(text, "name", "网站名称"),
    "url": checked_url,
    "organizer": lambda text: checked_text(text, "organizer"),
    "region": lambda text: checked_text(text, "region"),
    "state_reason": lambda text: checked_text(text, "state_reason"),
}


class _RowReader:
    """Takes the cells of one row into an entry; what is wrong becomes a problem of the row."""

    def __init__(self, columns: _Columns, row: SheetRow, found: RegistryRow) -> None:
        self._columns = columns
        self._row = row
        self._found = found

    def _tell(self, column: str | None, message: str, *, is_error: bool = True) -> None:
        self._found.problems.append(Problem(self._row.number, column, message, is_error))

    def checked(self, head: str | None, check: Callable[[str], Any], text: str) -> Any:
        """What the check gives; None and a problem when it refuses."""
        try:
            return check(text)
        except UsageError as error:
            self._tell(head, str(error))
            return None

    def refuse_formulas(self) -> None:
        for place in sorted(self._row.formulas):
            head = self._columns.heads[place] if place < len(self._columns.heads) else None
            self._tell(head or None, "这一格是公式，请在表格软件中复制后“选择性粘贴”为数值，再导入")

    def refuse_extra_cells(self) -> None:
        for place, cell in enumerate(self._row.cells):
            has_head = place < len(self._columns.heads) and self._columns.heads[place]
            if clean(cell) and not has_head:
                told = f"第 {place + 1} 列没有表头，却有内容“{clean(cell)[:20]}”，请补上表头或删去；"
                self._tell(None, told + "如果是 CSV，请检查前面的内容里是否有未加引号的逗号")
                return

    def take(self, name: str, check: Callable[[str], Any]) -> None:
        text = self._columns.cell(self._row, name)
        if text is not None and self._columns.fields[name] not in self._row.formulas:
            value = self.checked(self._columns.head(name), check, text)
            self._found.values[name] = value
            if name == "site_id_code" and not has_known_province(value):
                message = f"标识码 {value} 的前两位不是任何省份的代码，请核对"
                self._tell(self._columns.head(name), message, is_error=False)

    def take_words(self) -> None:
        """Level, profile and state: closed lists; a 门户网站 is of its level."""
        level = self._word("level", level_of_word)
        profile = self._word("profile", lambda text: profile_of_word(text, level))
        for name, value in (("level", level), ("profile", profile)):
            if self._columns.cell(self._row, name) is not None:
                self._found.values[name] = value.value if value is not None else None
        state = self._word("state", state_of_word)
        if state is not None:  # an empty cell leaves the state as it is
            self._found.values["state"] = state.value

    def _word(self, name: str, understand: Callable[[str], Any]) -> Any:
        text = clean(self._columns.cell(self._row, name) or "")
        if not text or self._columns.fields[name] in self._row.formulas:
            return None
        return self.checked(self._columns.head(name), understand, text)

    def take_unit(self) -> None:
        """``unit`` may be a path; the parent unit stands above it."""
        own, above = self._columns.cell(self._row, "unit"), self._columns.cell(self._row, "parent_unit")
        if own is None and not clean(above or ""):
            return
        head = self._columns.head("unit" if own is not None else "parent_unit")
        path = self.checked(head, unit_path, own or "")
        if not clean(above or "") or path is None:
            self._found.unit = path
        elif not path:
            self._tell(self._columns.head("parent_unit"), "只有上级单位，没有主管单位，请填写主管单位")
        else:
            self._found.unit = self.checked(head, unit_path, f"{above}/{own}")

    def take_lists(self) -> None:
        delegated, exempt = (self._columns.cell(self._row, name) or "" for name in ("delegated", "exemptions"))
        self._found.delegations = self.checked(self._columns.head("delegated"), read_delegations, delegated) or ()
        self._found.exemptions = self.checked(self._columns.head("exemptions"), read_exemptions, exempt) or ()
        names, phones, mails = (
            self._columns.cell(self._row, f"contact_{part}") or "" for part in ("name", "phone", "mail")
        )
        if clean(names) and not clean(phones + mails):
            self._tell(self._columns.head("contact_name"), "只有联系人，没有电话和邮箱，未登记联系方式", is_error=False)
        read = [
            self.checked(self._columns.head("contact_phone"), lambda text: read_contacts(text, phones, ""), names),
            self.checked(self._columns.head("contact_mail"), lambda text: read_contacts(text, "", mails), names),
        ]
        self._found.contacts = tuple(one for part in read for one in part or ())
