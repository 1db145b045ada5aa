"""Challenge, block and verification pages: which family answered instead of the portal.

What decides is what a visitor would see. A page saved from a browser keeps a challenge's script tags above the real
content, so tags alone never make a challenge: the caller says whether the page has visible content of its own.
The markers are data (``spiders/data/challenges.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from spiders.readers.spotting import Spotter
from spiders.word_lists import read_word_lists

SCANNED_CHARACTERS: Final = 60_000
STUB_CHARACTERS: Final = 6_000
STUB_VISIBLE_CHARACTERS: Final = 60

_TITLE: Final = re.compile(r"<title[^>]*>([^<]{0,200})", re.IGNORECASE)
_INVISIBLE: Final = re.compile(
    r"<(script|style|head|noscript|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>", re.I | re.S
)
_SETS_COOKIE: Final = re.compile(r"document\s*(?:\.\s*cookie|\[[^\]]{0,60}\])\s*=", re.IGNORECASE)
_RELOADS: Final = re.compile(r"location|\.reload\s*\(|\.submit\s*\(|http-equiv=[\"']?refresh", re.IGNORECASE)
_OBFUSCATED: Final = re.compile(
    r"\b_0x[0-9a-f]{4,}|eval\s*\(\s*function\s*\(p\s*,\s*a|(?:\\x[0-9a-f]{2}){8}|(?:!\+\[\]){2}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Family:
    name: str
    markers: Spotter | None
    required: re.Pattern[str] | None
    excluded: re.Pattern[str] | None
    titles: re.Pattern[str] | None
    headers: tuple[tuple[str, re.Pattern[str]], ...]
    header_statuses: frozenset[int]
    statuses: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Families:
    families: tuple[_Family, ...]
    any_title: re.Pattern[str]
    blocking_statuses: frozenset[int]
    pending_statuses: frozenset[int]


def read_challenge(
    text: str, headers: Mapping[str, str] | None = None, status: int | None = None, *, has_content: bool
) -> str | None:
    """The family of the challenge page that ``text`` is, or None where the portal itself answered.

    ``text`` is the decoded body (HTML), ``headers`` the response's (any case), ``status`` its HTTP status if known.
    ``has_content``: the page shows a list, an article or a navigation of its own; then only a title that names a
    challenge counts. A status that only firewalls give yields ``http-<status>`` when no family is recognised.
    """
    data = _families()
    title = _TITLE.search(text, 0, SCANNED_CHARACTERS)
    if title and data.any_title.fullmatch(title[1].strip()):
        return _family_of_title(data, title[1].strip())
    if has_content:
        return None
    lowered = {name.lower(): value for name, value in (headers or {}).items()}
    head = text[:SCANNED_CHARACTERS]
    source = head.encode("utf-8", "ignore")
    for family in data.families:
        if _is_family(family, head, source, lowered, status):
            return family.name
    if status in data.blocking_statuses:
        return f"http-{status}"
    if status in data.pending_statuses and not _visible(head):
        return f"http-{status}"
    return "script-stub" if _is_script_stub(text) else None


def is_blocking_status(status: int | None) -> bool:
    """Whether firewalls and rate limits answer with this HTTP status (a 404 or a 503 does not say so by itself)."""
    return status in _families().blocking_statuses


def _is_family(family: _Family, text: str, source: bytes, headers: Mapping[str, str], status: int | None) -> bool:
    """``source`` is the text in UTF-8."""
    if family.statuses and status is not None and status not in family.statuses:
        return False
    if family.excluded is not None and family.excluded.search(text):
        return False
    if family.required is not None:
        return bool(family.required.search(text)) and _is_bare(text)
    if status in family.header_statuses and any(p.search(headers.get(name, "")) for name, p in family.headers):
        return True
    return family.markers is not None and family.markers.is_in(source) and _is_bare(text)


def _is_bare(text: str) -> bool:
    """A block page is short or says little; a real page that mentions a vendor's name says a lot."""
    return len(text) < STUB_CHARACTERS or len(_visible(text)) < 1_500


def _is_script_stub(text: str) -> bool:
    """A few lines of script that set a cookie and load the page again, with nothing to read."""
    if not 0 < len(text) <= STUB_CHARACTERS or "<script" not in text.lower():
        return False
    if len(_visible(text)) > STUB_VISIBLE_CHARACTERS:
        return False
    sets_cookie, reloads = bool(_SETS_COOKIE.search(text)), bool(_RELOADS.search(text))
    return (sets_cookie and reloads) or (bool(_OBFUSCATED.search(text)) and (sets_cookie or reloads))


def _visible(text: str) -> str:
    return re.sub(r"\s+", "", _INVISIBLE.sub(" ", text))


def _family_of_title(data: _Families, title: str) -> str:
    return next(f.name for f in data.families if f.titles is not None and f.titles.fullmatch(title))


@cache
def _families() -> _Families:
    raw = read_word_lists("challenges")
    families = tuple(_family(entry) for entry in raw["families"])
    titles = "|".join(f.titles.pattern for f in families if f.titles is not None)
    return _Families(
        families,
        re.compile(titles, re.IGNORECASE),
        frozenset(raw["blocking_statuses"]),
        frozenset(raw["pending_statuses"]),
    )


def _family(entry: Mapping[str, Any]) -> _Family:
    markers, titles, required = entry.get("any"), entry.get("titles"), entry.get("require")
    return _Family(
        name=entry["name"],
        markers=Spotter(markers) if markers else None,
        required=re.compile(required, re.IGNORECASE) if required else None,
        excluded=re.compile(entry["unless"], re.IGNORECASE) if "unless" in entry else None,
        titles=re.compile("|".join(f"(?:{t})" for t in titles), re.IGNORECASE) if titles else None,
        headers=tuple((name, re.compile(p, re.IGNORECASE)) for name, p in entry.get("headers", {}).items()),
        header_statuses=frozenset(entry.get("header_statuses", (521, 512, 403, 412))),
        statuses=frozenset(entry.get("statuses", ())),
    )
