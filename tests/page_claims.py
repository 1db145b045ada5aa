"""What must hold for the reading of any page whatever: dates are printed on it, addresses are whole, kinds agree."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote, urlsplit

from gkmonitor.records import DateReading, PageFacts, PageKind
from spiders.readers.encoding import decode

_MARKUP = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|<[^<>]*>")
_BLANK = re.compile(r"[\s\u200b-\u200f\ufeff\x00]+")
_NUMBER = re.compile(r"\d+")


def plain(text: str) -> str:
    """Without markup, references and blanks: what a printed date has to be found in."""
    text = html.unescape(html.unescape(_MARKUP.sub("", text)))
    return _BLANK.sub("", unicodedata.normalize("NFKC", text))


def broken_claims(page: PageFacts, body: bytes, headers: dict[str, str] | None = None) -> list[str]:
    """Every claim that the reading of ``body`` breaks, in words."""
    text = decode(body, headers or {})[0]
    found = [*_addresses(page), *_dates(page, text)]
    if page.listing and page.listing.newest and page.listing.oldest and page.listing.newest < page.listing.oldest:
        found.append("newest is before oldest")
    if (page.kind is PageKind.BLOCKED) != (page.challenge is not None):
        found.append(f"kind {page.kind} with challenge {page.challenge}")
    if page.listing is not None and page.article is not None:
        found.append("a list and an article at once")
    if page.kind is PageKind.ARTICLE and page.article is None:
        found.append("an article page without an article")
    return found


def _addresses(page: PageFacts) -> Iterator[str]:
    urls = [item.url for item in page.listing.items] if page.listing else []
    urls += [column.url for column in page.columns] + [endpoint.url for endpoint in page.endpoints] + list(page.frames)
    urls += [item.url for block in page.blocks for item in block.items]
    urls += [
        url
        for url in (page.listing.next_url if page.listing else None, page.redirect.url if page.redirect else None)
        if url
    ]
    for url in urls:
        if url and not (urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc):
            yield f"address {url[:80]!r} is not whole"


def _readings(page: PageFacts) -> Iterator[tuple[date | None, str | None, str | None, str]]:
    items = [*(page.listing.items if page.listing else ()), *(item for block in page.blocks for item in block.items)]
    for item in items:
        yield item.published, item.printed, item.date_source, item.url
        yield from (_other(one, item.url) for one in item.other_dates)
    if page.article:
        yield page.article.published, page.article.printed, page.article.date_source, page.url
        yield from (_other(one, page.url) for one in page.article.other_dates)


def _other(one: DateReading, url: str) -> tuple[date, str, str, str]:
    return one.day, one.printed, one.source, url


def _dates(page: PageFacts, text: str) -> Iterator[str]:
    shown: str | None = None
    for day, printed, source, url in _readings(page):
        if day is None:
            continue
        if not printed or not source:
            yield f"{day} without the words or the source it was read from"
        elif source == "url":
            if _BLANK.sub("", printed) not in _BLANK.sub("", unquote(url)):
                yield f"{printed!r} is not in the address {url[-60:]!r}"
        else:
            shown = shown if shown is not None else plain(text)
            words = plain(printed)
            if (
                words not in shown
                and printed not in text
                and not all(n in shown for n in _NUMBER.findall(unicodedata.normalize("NFKC", printed)))
            ):
                yield f"{printed!r} ({source}) is not on the page"
