"""Entries in decoded JSON: the list of objects that have something like a title, an address and a date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from html import unescape
from typing import Final

from gkmonitor.dates import FIRST_YEAR, LAST_YEAR, find_dates
from gkmonitor.records import Item
from spiders.readers.document import Document, collapse

MAX_DEPTH = 8
MAX_ITEMS = 500
CHINA = timezone(timedelta(hours=8))

_TITLES = re.findall(r"\w+", "title doctitle showtitle headline subject infotitle articletitle titlename bt at name")
_ADDRESSES = re.findall(r"\w+", "url docpuburl puburl link href infourl linkurl articleurl weburl urls au path")
_DATES = re.findall(
    r"\w+",
    "publishedtimestr publishedtime publishtime publishdate pubdate pubtime publish_time published_at "
    "display_publish_time date docreltime docpubtime releasetime releasedate infodate showdate fbsj fbrq "
    "first_publish_time apd time createdate createtime create_time created_at",
)
_TAGS: Final = re.compile(r"<[^>]{0,300}>")


BESIDE = re.compile(r"hot|slide|banner|focus|swiper|carousel|recommend|relat|rank|top\d|link|friend", re.IGNORECASE)


def items_of_json(value: object, document: Document, beside: re.Pattern[str] | None = None) -> tuple[Item, ...]:
    """The entries of the largest such list in ``value``; none when there is no such list.

    ``beside``: what stands under a name in which this is found is left out.
    """
    best: tuple[Item, ...] = ()
    for rows in _lists(value, 0, beside):
        items = tuple(item for row in rows[:MAX_ITEMS] if (item := _item(row, document)) is not None)
        if len(items) > len(best):
            best = items
    return best


def _lists(
    value: object, depth: int, beside: re.Pattern[str] | None = None
) -> Iterator[Sequence[Mapping[str, object]]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        if rows:
            yield rows
        for row in value[:MAX_ITEMS]:
            if isinstance(row, list | dict):
                yield from _lists(row, depth + 1, beside)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, list | dict) and not (beside and beside.search(str(name))):
                yield from _lists(inner, depth + 1, beside)


def _item(row: Mapping[str, object], document: Document) -> Item | None:
    lowered = {str(name).lower().replace("-", "_"): value for name, value in row.items()}
    title = next((text for name in _TITLES if (text := _text(lowered.get(name)))), "")
    address = next((text for name in _ADDRESSES if (text := _address(lowered.get(name)))), "")
    url = document.join(address) if address else None
    if len(title) < 2 or (url is None and not any(lowered.get(name) for name in _DATES)):
        return None
    for name in _DATES:
        day, printed = read_day(lowered.get(name))
        if day is not None:
            return Item(title, url or "", day, printed, f"script:{name}", pinned=_is_pinned(lowered))
    return Item(title, url or "", pinned=_is_pinned(lowered))


def _is_pinned(row: Mapping[str, object]) -> bool:
    return any(str(row.get(name, "")).lower() in ("1", "true") for name in ("istop", "is_top", "top", "sticky"))


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return collapse(unescape(_TAGS.sub("", value)))[:300] if "<" in value or "&" in value else collapse(value)[:300]


def _address(value: object) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    return value.strip() if isinstance(value, str) and len(value) <= 2000 else ""


def read_day(value: object) -> tuple[date | None, str | None]:
    """The day that a JSON value states, at the portal (UTC+8), and its words; epochs in seconds or ms are read."""
    if isinstance(value, bool) or value is None:
        return None, None
    if isinstance(value, str) and not value.strip().isdigit():
        found = find_dates(value[:60])
        return (found[0].day, found[0].printed) if found else (None, None)
    if not isinstance(value, str | int | float):
        return None, None
    number = float(value)
    if isinstance(value, str) and len(value.strip()) == 8:
        found = find_dates(value.strip(), compact=True)
        return (found[0].day, found[0].printed) if found else (None, None)
    if 1e11 < number < 1e13:
        number /= 1000
    if not 6e8 < number < 4.1e9:
        return None, None
    day = datetime.fromtimestamp(number, UTC).astimezone(CHINA).date()
    return (day, str(value)) if FIRST_YEAR <= day.year <= LAST_YEAR else (None, None)
