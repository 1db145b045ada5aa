"""The address that a saved page names for itself, read from its head without parsing the page."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

HEAD_BYTES = 65_536
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)", re.I | re.S)
_TAG = re.compile(r"<(link|meta|base)\b([^>]{0,4000})>", re.I)
_ATTRIBUTE = re.compile(r"""([a-z:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
# The page's own statements first; a base only says what links are relative to.
_ORDER = ("link:canonical", "meta:url", "meta:og:url", "base")


def is_address(word: str) -> bool:
    """Whether a word is an http(s) address with a host, and so not a file's name."""
    try:
        parts = urlsplit(word)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(host) and not re.search(r"[\s\x00-\x1f\"<>]", word)


def own_address(body: bytes) -> str | None:
    """Canonical link, meta ``Url`` or ``og:url``, or ``base href``; None when the page names no absolute address."""
    head = _HIDDEN.sub("", body[:HEAD_BYTES].replace(b"\x00", b"").decode("utf-8", "replace"))
    found: dict[str, str] = {}
    for tag, rest in _TAG.findall(head):
        given = {name.lower(): unescape(a or b or c).strip() for name, a, b, c in _ATTRIBUTE.findall(rest)}
        key, value = _statement(tag.lower(), given)
        if key in _ORDER and is_address(value):
            found.setdefault(key, value)
    return next((found[key] for key in _ORDER if key in found), None)


def _statement(tag: str, given: dict[str, str]) -> tuple[str, str]:
    if tag == "link":
        return f"link:{given.get('rel', '').lower()}", given.get("href", "")
    if tag == "meta":
        return f"meta:{(given.get('name') or given.get('property') or '').lower()}", given.get("content", "")
    return "base", given.get("href", "")
