"""Lists behind a page: what its scripts hold, where they fetch it, and what such an address answers."""

from __future__ import annotations

import json
import re

from gkmonitor.records import Endpoint, Listing
from spiders.readers.document import Document
from spiders.readers.encoding import decode
from spiders.readers.endpoints import read_endpoints
from spiders.readers.islands import read_islands, read_records, read_variables
from spiders.readers.json_items import items_of_json
from spiders.readers.listing import read_listing
from spiders.readers.redirects import read_frames, read_redirect

__all__ = ["read_data", "read_endpoints", "read_frames", "read_islands", "read_redirect", "read_variables"]

MAX_BODY_CHARACTERS = 8_000_000

_WRAPPER = re.compile(r"^\s*[\w.$]+\s*\(\s*(?=[\[{])")
_MARKUP_KEYS = ("html", "result", "content", "data", "body")


def read_data(body: bytes, url: str, endpoint: Endpoint) -> Listing | None:
    """The list in a JSON, XML or HTML-fragment answer from ``url``; None when there is none in it. Never raises.

    Entries are joined to the answer's own address. No items: the answer is such a list and it is empty.
    """
    text = decode(body)[0][:MAX_BODY_CHARACTERS].strip()
    if not text:
        return None
    value = _parse(text)
    if value is None:
        return _read_markup(text, url) if text.startswith("<") else None
    markup = _markup_in(value)
    if markup:
        listing = _read_markup(markup, url)
        if listing is not None:
            return listing
    items = items_of_json(value, Document("", url))
    if items:
        return Listing(items, total_items=_total(value))
    return Listing((), total_items=0) if _is_empty_list(value) else None


def _parse(text: str) -> object | None:
    """JSON, also where it is wrapped in a call (``raw({...})``, JSONP)."""
    if text[0] not in "[{":
        wrapper = _WRAPPER.match(text)
        if wrapper is None:
            return None
        text = text[wrapper.end() :]
    try:
        value: object = json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
    return value


def _read_markup(text: str, url: str) -> Listing | None:
    if "<record" in text or "<datastore" in text:
        return read_records(text, Document("", url))
    return read_listing(Document(text, url))


def _markup_in(value: object, depth: int = 0) -> str | None:
    """A string of markup below one of the usual names (jpaas: ``data.html``; TrueCMS: ``result``)."""
    if isinstance(value, str):
        return value if "<" in value and re.search(r"<(?:li|tr|a|record|datastore|ul)\b", value) else None
    if isinstance(value, dict) and depth < 4:
        for name in _MARKUP_KEYS:
            found = _markup_in(value.get(name), depth + 1) if name in value else None
            if found:
                return found
    return None


def _total(value: object) -> int | None:
    if isinstance(value, dict):
        for name in ("total", "totalCount", "totalNum", "count", "totalRecords", "rowCount"):
            number = value.get(name)
            if isinstance(number, int) and not isinstance(number, bool) and number >= 0:
                return number
        for inner in value.values():
            number = _total(inner) if isinstance(inner, dict) else None
            if number is not None:
                return number
    return None


def _is_empty_list(value: object) -> bool:
    """Whether the answer states a total of nothing beside an empty array: then the list is there and empty."""
    return _total(value) == 0 and "[]" in json.dumps(value)[:5000]
