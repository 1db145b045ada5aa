"""Lists that stand in scripts of the page itself: XML records, arrays, JSON in a variable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborNode

from gkmonitor.records import Item, Listing
from spiders.readers.document import Document
from spiders.readers.json_items import BESIDE, items_of_json
from spiders.readers.listing import PageLists, read_listing
from spiders.readers.margins import is_margin
from spiders.readers.writing import unquote

MAX_ITEMS = 500
MEAN_NAME = 9  # characters: titles of entries have more on average
MAX_NEXT_CHARACTERS = 2_000
MAX_CODE_CHARACTERS = 2_000_000
MAX_VALUES = 20
MAX_NAME_CHARACTERS = 120

_CDATA: Final = re.compile(r"\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*", re.DOTALL)
_HREF: Final = re.compile(r"href=[\"']([^\"']+)[\"']")
_TOTAL_RECORD: Final = re.compile(r"<totalrecord>\s*(\d+)|totalrecord['\"]?\s*[:=]\s*['\"]?(\d+)", re.IGNORECASE)
_TOTAL_PAGE: Final = re.compile(r"<totalpage>\s*(\d+)|totalpage['\"]?\s*[:=]\s*['\"]?(\d+)", re.IGNORECASE)
_ARRAY: Final = re.compile(
    r"""\b(urls|headers|titles|year|month|day)\s*\[\s*(\w+|\d+)\s*\]\s*=\s*('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\d+)"""
)
_ASSIGNED: Final = re.compile(r"""=\s*(['"]?)(?=\[\s*\{|\{\s*["'])""")  # begins plainly: a fast search
_STATEMENT: Final = re.compile(r"(?:(?:^|;)\s*|\b(?:var|let|const)\s+)(?P<name>[\w.$]+)\s*\Z", re.MULTILINE)


def read_islands(document: Document, lists: PageLists) -> Listing | None:
    """The list that a script of the page holds, or None where there is none or several may be the page's own.

    Boxes beside the content (最新发布) are filled by such scripts too: of several the paged one is the page's.
    """
    found: list[tuple[Listing, LexborNode | None]] = []
    for number, code in enumerate(script.code for script in document.scripts):
        if len(code) < 30 or len(code) > MAX_CODE_CHARACTERS or ("[" not in code and "<" not in code):
            continue
        listing = None
        if "<record" in code:
            listing = read_records(code, document)
        elif "urls[" in code:
            listing = _read_arrays(code, document)
        if listing is not None:
            found.append((listing, document.record_holders.get(number)))
    return _own_island(found, lists) if found else None


def _own_island(found: Sequence[tuple[Listing, LexborNode | None]], lists: PageLists) -> Listing | None:
    if len(found) > 1 or not found[0][0].is_paged:
        # A box beside it shows nothing but its heading here, its entries being in a script.
        beside = [holder is not None and is_margin(holder, lists.own_names, heading_levels=1) for _, holder in found]
        if all(beside) and len(found) == 1:
            return None
        if not all(beside):
            found = [one for one, is_beside in zip(found, beside, strict=True) if not is_beside]
    best, *others = sorted((one for one, _ in found), key=_standing, reverse=True)
    if not others:
        return best
    is_sure = not any(one.is_paged for one in others) if best.is_paged else all(one.items for one in others)
    return best if is_sure else None


def _standing(listing: Listing) -> tuple[bool, int]:
    """What the page's own list has more of than the boxes beside it."""
    return listing.is_paged, sum(len(item.title) for item in listing.items)


def read_variables(document: Document) -> Listing | None:
    """The first list in a variable of a script that is not named as something beside the page's list; or None.

    Less sure than an island: pages keep their slides and their related articles in variables too.
    """
    for code in document.codes:
        if 30 <= len(code) <= MAX_CODE_CHARACTERS and ("[{" in code or "[ {" in code or "[\n" in code):
            listing = _read_variables(code, document)
            if listing is not None:
                return listing
    return None


def read_records(text: str, document: Document) -> Listing | None:
    """Hanweb: ``<datastore>`` with ``<record>`` elements, each the HTML of one entry; ``<nextgroup>`` leads on."""
    records = _records(text)
    if not records and "<recordset" not in text and "<datastore" not in text:
        return None
    markup = "".join(records)
    wrapped = f"<table>{markup}</table>" if re.match(r"\s*<tr", markup, re.IGNORECASE) else f"<ul>{markup}</ul>"
    inner = read_listing(Document(wrapped, document.base_url))
    group = text.partition("<nextgroup>")[2][:MAX_NEXT_CHARACTERS].partition("</nextgroup>")[0]
    following = _HREF.search(group)
    items, pages = _TOTAL_RECORD.search(text), _TOTAL_PAGE.search(text)
    total_items = int(items[1] or items[2]) if items else None if records else _total_of_pager(document)
    if not records and total_items:
        return None  # the records are fetched by a script
    if total_items == 0:
        return Listing((), None, 0)
    return Listing(
        inner.items if inner else (),
        document.join(following[1].replace("&amp;", "&")) if following else None,
        total_items,
        int(pages[1] or pages[2]) if pages else None,
    )


def _total_of_pager(document: Document) -> int | None:
    """How many records the paging script beside an empty datastore states."""
    codes = (code for code in document.codes if "otalrecord" in code)
    totals = [int(found[1] or found[2]) for code in codes for found in _TOTAL_RECORD.finditer(code)]
    return max(totals, default=None)


def _records(text: str) -> list[str]:
    """The markup in each ``<record>``, out of its CDATA section."""
    found = []
    for part in text.split("<record>", MAX_ITEMS + 1)[1:]:
        inner, closing, _ = part.partition("</record>")
        match = _CDATA.fullmatch(inner) if closing else None
        if match:
            found.append(match[1])
    return found[:MAX_ITEMS]


def _read_arrays(code: str, document: Document) -> Listing | None:
    """Hanweb's old form: ``urls[i]='...';headers[i]="...";year[i]='2020';month[i]='1';day[i]='2';``."""
    rows: list[dict[str, str]] = []
    for name, _, literal in _ARRAY.findall(code):
        value = unquote(literal) if literal[0] in "'\"" else literal
        if not rows or name in rows[-1]:
            rows.append({})
        rows[-1][name] = value
    items = tuple(item for row in rows[:MAX_ITEMS] if (item := _array_item(row, document)) is not None)
    return Listing(items) if items else None


def _array_item(row: dict[str, str], document: Document) -> Item | None:
    title = row.get("headers") or row.get("titles")
    if not title or "urls" not in row:
        return None
    entry = {"title": title, "url": row["urls"]}
    if row.keys() >= {"year", "month", "day"}:
        entry["date"] = f"{row['year']}-{row['month']}-{row['day']}"
    return next(iter(items_of_json([entry], document)), None)


def _read_variables(code: str, document: Document) -> Listing | None:
    for value in _values(code):
        items = items_of_json(value, document, BESIDE)
        if len(items) >= 2 and not _are_names(items):
            return Listing(items)
    return None


def _are_names(items: Sequence[Item]) -> bool:
    """Whether undated entries are as short as names: those of a menu, or of other bodies' sites."""
    return all(item.published is None for item in items) and sum(len(i.title) for i in items) < MEAN_NAME * len(items)


def _assignments(code: str) -> Iterator[re.Match[str]]:
    """Where values are assigned to names that may be those of lists."""
    for match in _ASSIGNED.finditer(code):
        named = _STATEMENT.search(code, max(0, match.start() - MAX_NAME_CHARACTERS), match.start())
        if named and not BESIDE.search(named["name"]):
            yield match


def _values(code: str) -> Iterator[object]:
    """JSON values that are assigned in a script, plain or in quotes."""
    decoder = json.JSONDecoder()
    if code[:100].lstrip()[:1] in ("{", "["):  # a script of data (__NEXT_DATA__)
        try:
            yield decoder.decode(code)
        except (ValueError, RecursionError):
            pass
        else:
            return
    for match in islice(_assignments(code), MAX_VALUES):
        text = code[match.end() :]
        if match[1]:
            end = re.search(rf"(?<!\\){match[1]}\s*;?\s*(?:\n|$|</|var\b|;)", text)
            text = unquote(f"'{text[: end.start()]}'") if end else ""
        try:
            yield decoder.raw_decode(text)[0]
        except (ValueError, RecursionError):
            continue
