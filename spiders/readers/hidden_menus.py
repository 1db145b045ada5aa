"""Menus that are no links: arrays of names and addresses in scripts, and jump menus (``<select>``).

``var menuData=[{name:"政务公开",url:"/zwgk/",children:[...]}]`` is drawn by a script; ``<option value="/zwgk/">`` is
gone to by ``onchange``. Both offer columns like any menu. Lists of friendly links and of other bodies' sites are made
the same way; these are told by their names and by their addresses, which lead to other hosts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborNode

from spiders.readers.column_names import clean_name, is_column_name, is_home_name, is_typical
from spiders.readers.document import Document
from spiders.readers.joining import BaseAddress
from spiders.readers.script_literals import read_literal

MAX_ARRAYS: Final = 40
MAX_ENTRIES: Final = 400
MAX_DEPTH: Final = 4
MAX_CODE_CHARACTERS: Final = 400_000
MAX_SELECTS: Final = 40
LEAST_ENTRIES: Final = 3
NAMES_SHARE: Final = 0.7  # of the entries of a menu have names that a column can have
TYPICAL_SHARE: Final = 0.4  # where no variable says that it is a menu
SHORT_CHARACTERS: Final = 9  # names of a menu have fewer on average, titles of articles more

_ARRAY: Final = re.compile(r"\[\s*\{")
_OPENING: Final = re.compile(r"\[(?: ?\{|[\n\r])")  # of such an array: a cheap first look
_VARIABLE: Final = re.compile(r"([\w$]+)['\"]?\s*$")
_MENU: Final = re.compile(r"menu|nav(?!igator)|lanmu|column|channel|daohang|sitemap", re.IGNORECASE)
_OTHERS: Final = re.compile(r"link|friend|yqlj|youqing|banner|slide|focus|news|swiper|carousel", re.IGNORECASE)
_NAMES: Final = ("name", "title", "text", "label", "menuname", "channelname", "columnname", "lmmc", "mc")
_ADDRESSES: Final = ("url", "href", "link", "path", "linkurl", "menuurl", "channelurl", "columnurl")
_BELOW: Final = (
    "children",
    "child",
    "childs",
    "childlist",
    "sub",
    "subs",
    "submenu",
    "submenus",
    "items",
    "list",
    "nodes",
)
_INNER: Final = re.compile("|".join(_BELOW[:8]), re.IGNORECASE)  # an array that is read with the menu it stands in
_PARENTS: Final = ("pid", "parentid", "parent_id", "pnodeid")
_DAYS: Final = ("date", "time", "pubdate", "pubtime", "publishtime", "publishdate", "fbsj", "fbrq")
_JUMPS: Final = re.compile(r"location|window\.open|href|jump|goto|turn|gourl", re.IGNORECASE)
_OTHER_SITES: Final = re.compile(
    r"链接|鏈接|网站|網站|网址|站点|站群|门户|部门|单位|机构网|乡镇|街道|省(?:区|市)|各[省市县区乡]|选择|年份|关键|全部|类型"
)


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One column of a hidden menu; ``url`` is absolute or None, ``parents`` are the names above it in the same menu."""

    name: str
    url: str | None
    parents: tuple[str, ...]
    place: str  # script, menu


def read_hidden_menus(document: Document) -> Iterator[MenuEntry]:
    """The columns that scripts and jump menus of the page offer, in their order."""
    yield from _script_menus(document)
    yield from _jump_menus(document)


# ---------------------------------------------------------------- scripts


def _script_menus(document: Document) -> Iterator[MenuEntry]:
    for code in document.codes:
        if len(code) > MAX_CODE_CHARACTERS or not _OPENING.search(code):
            continue
        for count, (sign, opening) in enumerate(_arrays(code)):
            if count >= MAX_ARRAYS:
                break
            named = _VARIABLE.search(code, max(0, sign - 60), sign)
            variable = named[1] if named else ""
            is_menu = _MENU.search(variable) is not None
            if not is_menu and (_OTHERS.search(variable) or _INNER.fullmatch(variable)):
                continue
            value = read_literal(code, opening)
            if isinstance(value, list) and is_menu_array(document, value, is_named=is_menu):
                yield from list(_entries(document, value, (), 0))[:MAX_ENTRIES]


def _arrays(code: str) -> Iterator[tuple[int, int]]:
    """Where the arrays of objects begin that follow = or a colon: the place of that sign, and of the bracket."""
    for match in _ARRAY.finditer(code):
        before = match.start() - 1
        while before >= 0 and code[before].isspace():
            before -= 1
        if before >= 0 and code[before] in "=:":
            yield before, match.start()


def is_menu_array(document: Document, rows: Sequence[object], *, is_named: bool = False) -> bool:
    """Whether an array in a script holds the entries of a menu of this site, and not titles or other bodies' sites."""
    found = [_lowered(row) for row in rows[:MAX_ENTRIES] if isinstance(row, dict)]
    if len(found) < LEAST_ENTRIES or any(key in row for row in found[:5] for key in (*_DAYS, *_PARENTS)):
        return False
    names = [_name(row) for row in found]
    columns = [name for name in names if is_column_name(name)]
    known = len(columns) + sum(map(is_home_name, names))
    if len(columns) < LEAST_ENTRIES or known < NAMES_SHARE * len(found):
        return False
    if sum(map(len, columns)) > SHORT_CHARACTERS * len(columns):
        return False
    if not any(_address(row) or _below(row) for row in found):
        return False
    if is_named:
        return True
    away = sum(_leads_away(document, _address(row)) for row in found)
    return 2 * away <= len(found) and sum(map(is_typical, columns)) >= TYPICAL_SHARE * len(columns)


def _entries(document: Document, rows: Sequence[object], parents: tuple[str, ...], depth: int) -> Iterator[MenuEntry]:
    for row in rows[:MAX_ENTRIES]:
        if not isinstance(row, dict):
            continue
        lowered = _lowered(row)
        name = _name(lowered)
        if is_column_name(name):
            yield MenuEntry(name, document.join(_address(lowered)), parents, "script")
        below = _below(lowered)
        if below and depth < MAX_DEPTH:
            yield from _entries(document, below, (*parents, name) if is_column_name(name) else parents, depth + 1)


def _lowered(row: Mapping[str, object]) -> dict[str, object]:
    return {str(key).lower(): value for key, value in row.items()}


def _name(row: Mapping[str, object]) -> str:
    return next((clean_name(value) for key in _NAMES if isinstance(value := row.get(key), str) and value), "")


def _address(row: Mapping[str, object]) -> str:
    return next((value for key in _ADDRESSES if isinstance(value := row.get(key), str) and value.strip()), "")


def _below(row: Mapping[str, object]) -> list[object]:
    return next((value for key in _BELOW if isinstance(value := row.get(key), list) and value), [])


def _leads_away(document: Document, address: str) -> bool:
    host = BaseAddress(document.join(address) or "").host if address else ""
    return bool(host) and host != BaseAddress(document.url).host


# ---------------------------------------------------------------- jump menus


def _jump_menus(document: Document) -> Iterator[MenuEntry]:
    for select in document.few("select")[:MAX_SELECTS]:
        attributes = select.attributes
        if not _JUMPS.search(attributes.get("onchange") or ""):
            continue
        hint = f"{attributes.get('id') or ''} {attributes.get('name') or ''} {attributes.get('class') or ''}"
        options = select.css("option")[:MAX_ENTRIES]
        if options and not _OTHERS.search(hint):
            yield from _jumps(document, options)


def _jumps(document: Document, options: Sequence[LexborNode]) -> Iterator[MenuEntry]:
    names = [clean_name(option.text()) for option in options]
    values = [(option.attributes.get("value") or "").strip() for option in options]
    if _OTHER_SITES.search(names[0]) and not values[0].strip("#/"):
        return  # its heading names other bodies' sites
    found: list[MenuEntry] = []
    for name, value in zip(names, values, strict=True):
        if not ("/" in value or "." in value) or not is_column_name(name) or _leads_away(document, value):
            continue
        url = document.join(value)
        if url is not None and url != document.url:
            found.append(MenuEntry(name, url, (), "menu"))
    if len(found) >= LEAST_ENTRIES and len(found) >= NAMES_SHARE * (len(options) - 1):
        yield from found
