"""Crawler traps: addresses that never end. Each URL is looked at before a Request is made for it.

Nothing here fetches. A guard belongs to one portal's crawl and only remembers what it was shown; session ids are
normalised away instead of refused, so that the seen set works.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

# An address that is canonical as it stands: nothing to lower, to drop or to complete.
_CANONICAL: Final = re.compile(
    r"(https?)://([a-z0-9-]+(?:\.[a-z0-9-]+)+(?::(?!80/|443/)\d+)?)(/[^\s?#;()]*)"  # scheme, host, path
)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_SESSION_KEY = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|sessionid|session_id|cfid|cftoken|s?sid|zhsid)$",
    re.IGNORECASE,
)
_SESSION_VALUE = re.compile(r"[\w.!~-]{12,}$")
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*|/\([sS]\([a-z0-9]{20,}\)\)", re.IGNORECASE)
_PAGE_KEY = re.compile(
    r"(?:page|page_?no|pageno\d|page_?index|page_?num|pagenumber|curpage|currentpage|current|pageing|pg|p|toppage|"
    r"start|startrecord|offset)$",
    re.IGNORECASE,
)
_PAGE_PATH = re.compile(
    r"(?P<stem>(?:^|/)(?:index|list(?:_\d+)*|default|more\w*|\d+)[_-])(?P<page>\d{1,5})(?=\.\w+$)", re.IGNORECASE
)
_PAGE_FOLDER = re.compile(r"(?P<stem>/(?:page|p|pg)[/_-]?)(?P<page>\d{1,6})(?=/|\.\w+$|$)", re.IGNORECASE)
_DAY_KEY = re.compile(r"(?:date|day|month|year|ym|ymd|rq|riqi|calendar|\w*_?date)$", re.IGNORECASE)
_DAY_VALUE = re.compile(r"\d{4}(?:[-/.年]?\d{1,2}){0,2}日?$|\d{1,2}$")
_DAY_FOLDER = re.compile(r"/(?:19|20)\d{2}[/-]\d{1,2}(?:[/-]\d{1,2})?(?=/?$|/(?:index|default)\.\w+$)")
_NONCE_KEY = re.compile(r"(?:t|ts|time|timestamp|rand|random|rnd|r|_|nonce|token|dt)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TrapLimits:
    """How much of each endless kind a crawl of one portal follows."""

    url_characters: int = 1_024
    query_characters: int = 512
    path_segments: int = 16
    repeated_segments: int = 3
    pages_per_list: int = 30
    days_per_calendar: int = 5
    many_parameters: int = 3
    addresses_per_template: int = 300
    addresses_per_busy_template: int = 40
    addresses_per_nonce_template: int = 5


class TrapGuard:
    """Says which trap an address belongs to, and counts what was cut off.

    ``counts``: trap name -> addresses refused; ``session-id`` counts addresses that were normalised, not refused.
    """

    def __init__(self, limits: TrapLimits | None = None) -> None:
        self._limits = limits or TrapLimits()
        self._members: dict[tuple[str, str], set[str]] = {}
        self._counts: Counter[str] = Counter()

    @property
    def counts(self) -> Mapping[str, int]:
        return {name: count for name, count in self._counts.items() if count}

    def refuse(self, url: str, is_column: bool = False) -> str | None:
        """The name of the trap that ``url`` leads into, or None when it may be fetched.

        An address that a menu offers (``is_column``) is no page of a list: list_12.html is a column of its own there.

        Names: too-long, repeated-path, calendar, endless-paging, ever-new-parameters. Asking twice about one
        address counts once.
        """
        address, parts = url, _plain_parts(url)
        if parts is None:
            address = canonical_url(url)
            parts = _split(address)
            self._counts["session-id"] += has_session_id(url)
        trap = self._trap(address, parts, is_column)
        if trap:
            self._counts[trap] += 1
        return trap

    def _trap(self, address: str, parts: SplitResult | None, is_column: bool) -> str | None:
        limits = self._limits
        if parts is not None and is_column and _is_harmless(parts, limits):
            return None
        if parts is None or len(address) > limits.url_characters or len(parts.query) > limits.query_characters:
            return "too-long"
        if _is_repeating(parts.path, limits):
            return "repeated-path"
        for name, template, limit in self._templates(parts, is_column):
            if not self._admits(name, template, address, limit):
                return name
        return None

    def _templates(self, parts: SplitResult, is_column: bool) -> list[tuple[str, str, int]]:
        limits, base = self._limits, f"{parts.netloc}{parts.path}"
        pairs = [pair.partition("=")[::2] for pair in parts.query.split("&") if pair] if parts.query else []
        templates: list[tuple[str, str, int]] = []
        if pairs and _is_calendar(pairs):
            rest = "&".join(f"{key}={value}" for key, value in pairs if not _DAY_KEY.match(key))
            templates.append(("calendar", f"{base}?{rest}", limits.days_per_calendar))
        if _DAY_FOLDER.search(parts.path):
            templates.append(
                ("calendar", parts.netloc + _DAY_FOLDER.sub("/<day>", parts.path), limits.days_per_calendar)
            )
        paging = _paging_template(base, pairs, () if is_column else (_PAGE_PATH, _PAGE_FOLDER))
        if paging:
            templates.append(("endless-paging", paging, limits.pages_per_list))
        elif pairs:
            keys = ",".join(sorted({key for key, _ in pairs}))
            templates.append(("ever-new-parameters", f"{base}?{keys}", self._template_limit(pairs)))
        return templates

    def _template_limit(self, pairs: list[tuple[str, str]]) -> int:
        limits = self._limits
        if any(_NONCE_KEY.match(key) and re.match(r"0?\.?\d{8,}|[0-9a-f]{16,}", value) for key, value in pairs):
            return limits.addresses_per_nonce_template
        if len(pairs) > limits.many_parameters:
            return limits.addresses_per_busy_template
        return limits.addresses_per_template

    def _admits(self, name: str, template: str, address: str, limit: int) -> bool:
        members = self._members.setdefault((name, template), set())
        if address in members:
            return True
        if len(members) >= limit:
            return False
        members.add(address)
        return True


def canonical_url(url: str) -> str:
    """The address as the seen set keeps it.

    Fragment, default port and session ids are dropped, scheme and host lower-cased, an empty path becomes ``/``. The
    query keeps its order and index names stay, because servers differ in both. An address that cannot be split is
    given back stripped.
    """
    if _CANONICAL.fullmatch(url):
        return url
    parts = _split(url.strip())
    if parts is None or not parts.netloc:
        return url.strip()
    scheme, host = parts.scheme.lower(), _host_and_port(parts)
    path = _SESSION_PATH.sub("", parts.path) or "/"
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_session_pair(pair))
    return urlunsplit((scheme, host, path, query, ""))


def has_session_id(url: str) -> bool:
    """Whether the address carries a session id that ``canonical_url`` drops."""
    if _CANONICAL.fullmatch(url):
        return False
    parts = _split(url)
    if parts is None:
        return False
    return bool(_SESSION_PATH.search(parts.path)) or any(_is_session_pair(pair) for pair in parts.query.split("&"))


def _plain_parts(url: str) -> SplitResult | None:
    """The parts of an address that is canonical as it stands, which most are; None for the others."""
    plain = _CANONICAL.fullmatch(url)
    return SplitResult(plain[1], plain[2], plain[3], "", "") if plain else None


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _host_and_port(parts: SplitResult) -> str:
    host = parts.netloc.rpartition("@")[2].lower().rstrip(".")
    name, colon, port = host.rpartition(":")
    if colon and (not port or port == str(_DEFAULT_PORTS.get(parts.scheme.lower()))):
        return name.rstrip(".")
    return host


def _is_session_pair(pair: str) -> bool:
    key, _, value = pair.partition("=")
    if not _SESSION_KEY.match(key):
        return False
    # sid=5 is a column of old sites; only a long random value is a session.
    return bool(_SESSION_VALUE.match(value)) or key.lower() in ("jsessionid", "phpsessid")


def _is_calendar(pairs: list[tuple[str, str]]) -> bool:
    days = [value for key, value in pairs if _DAY_KEY.match(key) and _DAY_VALUE.match(value)]
    return bool(days) and any(len(value) >= 4 for value in days)


def _paging_template(base: str, pairs: list[tuple[str, str]], patterns: tuple[re.Pattern[str], ...]) -> str | None:
    if any(_PAGE_KEY.match(key) and value.lstrip("-").isdigit() for key, value in pairs):
        rest = "&".join(f"{key}={value}" for key, value in pairs if not _PAGE_KEY.match(key))
        return f"{base}?{rest}"
    for pattern in patterns:
        if pattern.search(base):
            query = "&".join(f"{key}={value}" for key, value in pairs)
            return f"{pattern.sub(lambda found: found['stem'] + '<page>', base)}?{query}"
    return None


def _is_harmless(parts: SplitResult, limits: TrapLimits) -> bool:
    """Whether the address of a column is too short and too plain for any trap, as most are."""
    path = parts.path
    return not (
        parts.query or len(path) > 200 or path.count("/") >= limits.repeated_segments or "/19" in path or "/20" in path
    )


def _is_repeating(path: str, limits: TrapLimits) -> bool:
    """/a/b/a/b or /a/a/a: a relative link that is resolved again and again. Numbers repeat honestly (/2026/11/11/)."""
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > limits.path_segments:
        return True
    words = [segment for segment in segments if not segment.isdigit()]
    if len(set(words)) == len(words):
        return False
    for length in range(1, len(words) // 2 + 1):
        times = limits.repeated_segments if length == 1 else 2
        for start in range(len(words) - length * times + 1):
            unit = words[start : start + length]
            if len(set(unit)) == length and words[start : start + length * times] == unit * times:
                return True
    return False
