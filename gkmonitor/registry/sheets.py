"""Registry files as rows of text: CSV in the encodings that offices use, and XLSX.

A file is foreign: its bytes, its unfolded size, its rows, columns and cells are bounded. Everything raises
RegistryError, in Chinese, saying what is wrong and how to mend it.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from gkmonitor.errors import RegistryError

MAX_FILE_BYTES: Final = 32 * 1024 * 1024
MAX_UNFOLDED_BYTES: Final = 200 * 1024 * 1024
MAX_PARTS: Final = 2000
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 200
MAX_CELL_CHARACTERS: Final = 32_767  # what a cell of a spreadsheet holds
HEAD_ROWS: Final = 10  # rows among which the heads are looked for; titles may stand above them

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_DEFUSED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number in the file as a spreadsheet counts it, its cells, and which of them are formulas."""

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()

    @property
    def is_blank(self) -> bool:
        return not self.formulas and not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's rows; ``encoding`` as people call it, ``notes``: what they should know."""

    rows: list[SheetRow]
    encoding: str
    notes: list[str] = field(default_factory=list)


def read_sheets(path: Path) -> list[Sheet]:
    """The sheets of a file: one for CSV, the visible ones for XLSX. Rows without content are left out."""
    body = _read_bytes(path)
    if body.startswith(_ZIP):
        return list(_read_workbook(body, path))
    if body.startswith(_OLE):
        if _ENCRYPTED in body:
            raise RegistryError(f"{path.name} 设有打开密码，请在表格软件中取消密码，另存后再导入")
        raise RegistryError(f"{path.name} 是旧的 .xls 格式，请在表格软件中另存为 .xlsx 或 CSV 后再导入")
    return [_read_text(body, path)]


def _read_bytes(path: Path) -> bytes:
    if path.name.startswith("~$"):
        raise RegistryError(f"{path.name} 是表格软件打开文件时留下的临时文件，请选择原文件")
    try:
        if path.is_dir():
            raise RegistryError(f"{path} 是文件夹，请写明文件名")
        with path.open("rb") as stream:
            body = stream.read(MAX_FILE_BYTES + 1)
    except PermissionError as error:
        raise RegistryError(f"无法读取 {path}：没有权限，或文件正被其他程序占用，请关闭后重试") from error
    except FileNotFoundError as error:
        raise RegistryError(f"找不到文件 {path}，请检查路径") from error
    except (OSError, ValueError) as error:
        raise RegistryError(f"无法读取 {path}：{error}") from error
    if len(body) > MAX_FILE_BYTES:
        raise RegistryError(f"{path.name} 超过 {MAX_FILE_BYTES // 1024 // 1024} MB，不像登记表，请核对或分成几个文件")
    if not body.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise RegistryError(f"{path.name} 是空文件，请核对")
    return body


def undefused(text: str) -> str:
    """The text of a cell without the apostrophe that an export put before a mark that begins a formula."""
    return text[1:] if _DEFUSED.match(text) else text


def defused(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula; ``undefused`` gives it back."""
    return f"'{text}" if _FORMULA.match(text) else text


def _limited(row: SheetRow) -> SheetRow:
    if len(row.cells) > MAX_COLUMNS and any(cell.strip() for cell in row.cells[MAX_COLUMNS:]):
        raise RegistryError(f"第 {row.number} 行超过 {MAX_COLUMNS} 列，不像登记表，请核对")
    if any(len(cell) > MAX_CELL_CHARACTERS for cell in row.cells):
        raise RegistryError(f"第 {row.number} 行有单元格超过 {MAX_CELL_CHARACTERS} 个字，请核对，是否缺了引号")
    return row


def _counted(rows: Iterator[SheetRow], name: str) -> list[SheetRow]:
    found: list[SheetRow] = []
    for row in rows:
        if not row.is_blank:
            found.append(_limited(row))
            if len(found) > MAX_ROWS + HEAD_ROWS:
                raise RegistryError(f"{name} 超过 {MAX_ROWS} 行，请核对或分成几个文件")
    return found


# ---------------------------------------------------------------- CSV


def _read_text(body: bytes, path: Path) -> Sheet:
    text, encoding, notes = _decode(body, path)
    return Sheet(_counted(_text_rows(text, path), path.name), encoding, notes)


def _decode(body: bytes, path: Path) -> tuple[str, str, list[str]]:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return body.decode("utf-16"), "UTF-16", [f"{path.name} 按 UTF-16 读取"]
        except UnicodeDecodeError as error:
            raise RegistryError(f"{path.name} 不是完整的 UTF-16 文本，请另存为 UTF-8 编码的 CSV") from error
    try:
        return body.decode("utf-8-sig"), "UTF-8", []
    except UnicodeDecodeError:
        pass
    try:
        text = body.decode("gb18030")
    except UnicodeDecodeError as error:
        if path.suffix.lower() in (".xlsx", ".xlsm"):
            raise RegistryError(f"{path.name} 已损坏，请在表格软件中打开并另存为 .xlsx 后再导入") from error
        place = body[: error.start].count(b"\n") + 1
        raise RegistryError(f"{path.name} 第 {place} 行的编码不明，请另存为 UTF-8 编码的 CSV，或存为 XLSX") from error
    note = f"{path.name} 不是 UTF-8，已按中文版表格软件常用的 GB18030 读取；如有乱码，请另存为 UTF-8 或 XLSX"
    return text, "GB18030", [note]


def _text_rows(text: str, path: Path) -> Iterator[SheetRow]:
    if "\0" in text:
        raise RegistryError(f"{path.name} 不是文本，请选择 CSV 或 XLSX 文件")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 1
    while True:
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            raise RegistryError(f"{path.name} 第 {number} 行的引号不成对或内容过长，请核对（{error}）") from error
        yield SheetRow(number, tuple(_plain(cell) for cell in cells))
        number = lines.line_num + 1


def _delimiter(text: str) -> str:
    """A comma unless the first line that has content shows tabs or semicolons and no comma."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",\t;", key=first.count)


def _plain(cell: str) -> str:
    """``="0012"`` is how spreadsheets are told to keep a text of digits."""
    wrapped = _TEXT_FORMULA.fullmatch(cell.strip())
    return wrapped[1] if wrapped else undefused(cell)


# ---------------------------------------------------------------- XLSX


def _read_workbook(body: bytes, path: Path) -> Iterator[Sheet]:
    _refuse_bombs(body, path)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that say nothing of the cells
            book = load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    rows = _counted(_workbook_rows(sheet), path.name)
                    yield Sheet(rows, "XLSX", [f"读取工作表“{sheet.title}”"] if len(book.worksheets) > 1 else [])
    except RegistryError:
        raise
    except Exception as error:  # broken in any of the hundred ways in which a foreign file can be
        raise RegistryError(f"{path.name} 已损坏或不是表格，请在表格软件中打开并另存为 .xlsx 后再导入") from error


def _refuse_bombs(body: bytes, path: Path) -> None:
    """A file of a few kilobytes can unfold to gigabytes, and its XML can define itself into as many."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            infos = parts.infolist()
            if "xl/workbook.xml" not in parts.namelist():
                raise RegistryError(f"{path.name} 不是 XLSX 表格，请选择 CSV 或 XLSX 文件")
            if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNFOLDED_BYTES:
                raise RegistryError(f"{path.name} 展开后过大，不像登记表，请只保留登记表后另存再导入")
            if any(info.flag_bits & 1 for info in infos):
                raise RegistryError(f"{path.name} 设有密码，请取消密码，另存后再导入")
            for info in infos:
                with parts.open(info) as stream:
                    if b"<!DOCTYPE" in stream.read(4096):
                        raise RegistryError(f"{path.name} 含有不应有的内容，请在表格软件中另存为 .xlsx 后再导入")
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as error:
        raise RegistryError(f"{path.name} 已损坏，请在表格软件中打开并另存为 .xlsx 后再导入") from error


def _workbook_rows(sheet: Any) -> Iterator[SheetRow]:
    sheet.reset_dimensions()  # what a file says of its own size need not be true
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = tuple(undefused(_cell_text(cell.value)) for cell in row)
        formulas = frozenset(i for i, cell in enumerate(row) if cell.data_type == "f")
        yield SheetRow(number, cells, formulas)


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return (value.date() if value.time() == datetime.min.time() else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
