"""The units whose papers are looked for: a list that an office keeps, one name a line or a column of a CSV table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from gkmonitor.concepts import normalise_name
from gkmonitor.errors import UnitsError

# A unit list's own head, then those of the registry file, in the order in which they are looked for.
HEADS = ("单位名称", "部门名称", "单位", "部门", "organizer", "主办单位", "unit", "主管单位", "name", "网站名称")
MAX_UNITS = 5000
_EXAMPLE = "请以“单位名称”为表头，每行一个单位，例如 青禾县教育局"


def load_units(path: Path) -> tuple[str, ...]:
    """The names, in the order of the file, each once. Raises UnitsError with file, line and what to write instead."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as exc:
        raise UnitsError(f"{path}: 没有这个单位名单文件，请检查路径") from exc
    except UnicodeDecodeError as exc:
        raise UnitsError(f"{path}: 单位名单不是 UTF-8 编码的文本，请另存为 UTF-8 编码的 CSV") from exc
    except OSError as exc:
        raise UnitsError(f"{path}: 无法读取单位名单（{exc.strerror}）") from exc
    return parse_units(text, str(path))


def parse_units(text: str, source: str) -> tuple[str, ...]:
    """The names from the text of a file; see ``load_units``."""
    rows = list(_rows(text, source))
    if not rows:
        raise UnitsError(f"{source}:1: 单位名单是空的；{_EXAMPLE}")
    place, body = _place(rows, source)
    names: dict[str, tuple[int, str]] = {}
    for line, row in body:
        if not any(cell.strip() for cell in row):
            continue
        name = " ".join(row[place].split()) if place < len(row) else ""
        key = normalise_name(name)
        if not key:
            raise UnitsError(f"{source}:{line}: 这一行没有单位名称；请补上，或删去这一行")
        if len(name) > 60:
            raise UnitsError(f"{source}:{line}: “{name[:20]}…”太长，不像单位名称；请检查分隔符和表头")
        names.setdefault(key, (line, name))
    if not names:
        raise UnitsError(f"{source}:1: 单位名单只有表头，没有单位；{_EXAMPLE}")
    if len(names) > MAX_UNITS:
        raise UnitsError(f"{source}: 单位超过 {MAX_UNITS} 个；请只写本网站所属政府的部门和单位")
    return tuple(name for _, name in names.values())


def _rows(text: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with its line."""
    sample = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t，", key=sample.count) if any(mark in sample for mark in ",;\t，") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as exc:
        raise UnitsError(f"{source}:{reader.line_num}: 不是正确的 CSV（多半是引号没有成对）；请检查这一行") from exc


def _place(rows: list[tuple[int, list[str]]], source: str) -> tuple[int, list[tuple[int, list[str]]]]:
    """Which column holds the names, and the rows below the head; a list of one column needs no head."""
    first = [cell.strip().lower() for cell in rows[0][1]]
    for head in HEADS:
        if head in first:
            return first.index(head), rows[1:]
    if all(len(row) == 1 for _, row in rows):
        return 0, rows
    known = "、".join(HEADS)
    raise UnitsError(f"{source}:{rows[0][0]}: 表头中没有单位名称一列；请把该列的表头写成其中之一：{known}")
