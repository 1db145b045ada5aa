"""Is this the page, the portal and the body that was asked for: soft 404, parked names, other sites, delegated hosts.

Everything compares what was read; nothing is fetched. In doubt the answer is "yes, it is the wrong page" only where
two signs agree, because a wrong page leaves a rule undecided and never accuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from gkmonitor.records import PageFacts, PageKind, StatementKind
from spiders.word_lists import read_word_lists

SAME_PAGE_BITS: Final = 3
SHORT_TEXT_CHARACTERS: Final = 600

_LOOSE = re.compile(r"[\W_]+")


def is_same_page(a: int | None, b: int | None) -> bool:
    """Whether two 64-bit similarity signatures are of one text (at most three bits apart); unknown never is."""
    if a is None or b is None:
        return False
    return ((a ^ b) & 0xFFFF_FFFF_FFFF_FFFF).bit_count() <= SAME_PAGE_BITS


def is_soft_404(page: PageFacts, home: PageFacts | None = None) -> bool:
    """Whether the page says "not here" at status 200, by its words or by being the home page under another address."""
    if _says(page, _words().missing_page) and not _has_entries(page):
        return True
    if home is None or _same_address(page.url, home.url):
        return False
    return is_same_home(page, home)


def is_same_home(page: PageFacts, home: PageFacts) -> bool:
    """Whether ``page`` is the home page again: same text, and about as much of it."""
    if min(page.text_length, home.text_length) < 50 or not is_same_page(page.signature, home.signature):
        return False
    return abs(page.text_length - home.text_length) <= max(20, home.text_length // 10)


def is_parked(page: PageFacts) -> bool:
    """Whether the name stands for sale, has expired, or shows a server's default page."""
    return _says(page, _words().parked) and not _has_entries(page) and not page.blocks


def is_moved_notice(page: PageFacts) -> bool:
    """Whether all that the page does is say where the portal went."""
    if _has_entries(page) or page.blocks or page.text_length > SHORT_TEXT_CHARACTERS:
        return False
    return _says(page, _words().moved) or any(s.kind is StatementKind.MOVED for s in page.statements)


def is_wrong_site(page: PageFacts, home: PageFacts) -> bool:
    """Whether the page belongs to another body than the portal whose home page is ``home``.

    A site code alone does not decide: a department's page may carry its city's code. The site name has to differ too,
    or the host has to be another body's.
    """
    if is_parked(page) or is_moved_notice(page):
        return True
    mine, theirs = _site_code(home), _site_code(page)
    codes_differ = mine is not None and theirs is not None and mine != theirs
    names_differ = _names_differ(_site_name(home), _site_name(page))
    hosts_differ = is_delegated_host(page.url, home.url)
    if codes_differ:
        return names_differ is True or (names_differ is None and hosts_differ)
    return names_differ is True and hosts_differ and (mine is None or mine != theirs)


def is_delegated_host(column_url: str, portal_url: str) -> bool:
    """Whether a column lives on another body's host (a credit portal, a shared platform, another department).

    The portal's own hosts are its host without ``www.``, and everything below its own registered name
    (``rsj.qinghe.gov.cn`` for ``www.qinghe.gov.cn``). Below a province's name stand departments that are portals of
    their own, so there only the host itself counts; likewise for a portal that is itself a sub-domain. Addresses by
    number are one body per address and port.
    """
    if (plain := _PLAIN_ORIGIN.match(column_url)) and portal_url.startswith(f"{plain[0]}/"):
        return False  # one origin, as most links of a portal
    column, portal = _host(column_url), _host(portal_url)
    if not column or not portal or _bare(column) == _bare(portal):
        return False
    return _holds_bodies(portal) or not column.endswith("." + _bare(portal))


_PLAIN_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.:-]+(?=/)")


@lru_cache(maxsize=4096)
def registered_name(host: str) -> str:
    """The name that a body registered (``qinghe.gov.cn`` of ``rsj.qinghe.gov.cn``); numbers stay as they are."""
    host = host.lower().rstrip(".")
    labels = host.split(".")
    if _is_number(host) or len(labels) <= 2:
        return host
    suffix_labels = 2 if ".".join(labels[-2:]) in _words().suffixes else 1
    return ".".join(labels[-(suffix_labels + 1) :])


@lru_cache(maxsize=4096)
def _bare(host: str) -> str:
    """The host without a first label that only names another entrance to the same portal (www, m, wap)."""
    first, _, rest = host.partition(".")
    words = _words()
    if first in words.same_body_labels and "." in rest and rest not in words.suffixes:
        return rest
    return host


def _holds_bodies(host: str) -> bool:
    """Whether the names below this portal's name belong to other bodies."""
    return _bare(host) in _words().provinces


def _host(url: str) -> str:
    """Host in lower case; with the port for addresses by number, where each port is a site of its own."""
    plain = _PLAIN_ORIGIN.match(url)
    return _host_of(plain[0] if plain else url)


@lru_cache(maxsize=4096)  # the pages of a portal have few origins
def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if _is_number(host) or host == "localhost":
        return f"{host}:{port or (443 if parts.scheme == 'https' else 80)}"
    return host


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _same_address(a: str, b: str) -> bool:
    return a.split("#")[0].rstrip("/") == b.split("#")[0].rstrip("/")


def _has_entries(page: PageFacts) -> bool:
    has_list = page.listing is not None and bool(page.listing.items)
    has_article = page.kind is PageKind.ARTICLE and page.article is not None and page.article.published is not None
    return has_list or has_article


def _says(page: PageFacts, words: re.Pattern[str]) -> bool:
    return bool(words.search(f"{page.title or ''} {page.heading or ''}".lower()))


def _site_code(page: PageFacts) -> str | None:
    code = page.marks.labels.get("SiteIDCode") or page.marks.site_id_code or ""
    return code if code.isdigit() else None


def _site_name(page: PageFacts) -> str | None:
    return page.marks.labels.get("SiteName") or page.marks.site_name


def _names_differ(a: str | None, b: str | None) -> bool | None:
    """None where one is unknown; a name that contains the other is the same body (门户网站 left off)."""
    if not a or not b:
        return None
    x, y = _LOOSE.sub("", a), _LOOSE.sub("", b)
    for filler in ("人民政府", "政府", "门户网站", "门户", "官方网站", "网站", "官网"):
        x, y = x.replace(filler, ""), y.replace(filler, "")
    return not (x in y or y in x)


@dataclass(frozen=True, slots=True)
class _DomainWords:
    suffixes: frozenset[str]
    provinces: frozenset[str]
    same_body_labels: frozenset[str]
    missing_page: re.Pattern[str]
    parked: re.Pattern[str]
    moved: re.Pattern[str]


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word.lower()) for word in words))


@cache
def _words() -> _DomainWords:
    raw = read_word_lists("domains")
    return _DomainWords(
        frozenset(raw["suffixes"]),
        frozenset(raw["provinces"]),
        frozenset(raw["same_body_labels"]),
        _any_of(raw["missing_page"]),
        _any_of(raw["parked"]),
        _any_of(raw["moved"]),
    )
