"""Drafts put up for opinions: from when to when opinions are taken, and what is said of the time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from gkmonitor.dates import PrintedDate, find_dates
from gkmonitor.records import Article, Consultation
from spiders.readers.detail_words import mentions, words
from spiders.readers.document import Document

MAX_TITLE_CHARACTERS = 80
MAX_BEFORE_CHARACTERS = 60
MAX_QUOTE_CHARACTERS = 80
_TO: Final = re.compile(r"^[日起始\s]{0,3}(?:至|到|—+|-+|–|~|～)\s{0,2}")
_SHORT_DAY: Final = re.compile(r"^(?:(?P<month>1[0-2]|0?[1-9])月)?(?P<day>3[01]|[12][0-9]|0?[1-9])日")
_LAST: Final = re.compile(r"(?:截止|截至|于|在)[^，。；]{0,12}$")
_UNTIL: Final = re.compile(r"^\s{0,2}(?:\d{1,2}[:：时]\S{0,6})?(?:前|之前|以前|止|截止)")
_SENTENCE: Final = re.compile("[，。；]")
_SHORTER: Final = re.compile(r"[^。；\n]{0,40}(?:缩短|情况紧急|时间紧迫|少于30日|不足30日)[^。；\n]{0,40}")


def is_on_draft(document: Document, article: Article | None) -> bool:
    """Whether the page's title asks for opinions: a cheap first look."""
    title = (article.title if article else None) or ""
    return any(word in title for word in words("draft_titles")) and mentions(document, "draft_triggers")


def read_draft(document: Document, article: Article | None) -> Consultation | None:
    """The days as the text names them; of several ends the latest, which is the one that nobody disputes."""
    if article is None or not article.title:
        return None
    opens: date | None = None
    closes: date | None = None
    printed = ""
    for line in document.lines:
        if "20" not in line and "年" not in line:
            continue
        for first, last, quote in _spans(line):
            if closes is None or last > closes:
                opens, closes, printed = first, last, quote
    text = document.visible_text
    shortened = _SHORTER.search(text)
    return Consultation(
        title=article.title[:MAX_TITLE_CHARACTERS],
        url=document.url,
        published=article.published,
        opens=opens,
        closes=closes,
        printed=printed[:MAX_QUOTE_CHARACTERS] or None,
        is_major=_is_major(article.title, text, document.lines),
        shortened=shortened[0].strip()[:MAX_QUOTE_CHARACTERS] if shortened else None,
    )


def _spans(line: str) -> list[tuple[date | None, date, str]]:
    """(first day, last day, words) of every span in a line; without a first day for 截止 and 日前."""
    found: list[tuple[date | None, date, str]] = []
    dates = find_dates(line)
    for number, one in enumerate(dates):
        span = _span_from(line, one, dates[number + 1] if number + 1 < len(dates) else None)
        if span is not None:
            found.append(span)
        elif _LAST.search(line[max(0, one.start - MAX_BEFORE_CHARACTERS) : one.start]) or _UNTIL.match(line[one.end :]):
            found.append((None, one.day, line[max(0, one.start - 20) : one.end + 6]))
    return found


def _span_from(line: str, one: PrintedDate, following: PrintedDate | None) -> tuple[date, date, str] | None:
    """The span that begins with this day: to the next full date, or to a day without year (6月30日, 30日)."""
    after = line[one.end :]
    to = _TO.match(after)
    if to is None:
        return None
    end = one.end + to.end()
    if following is not None and following.start == end:
        return (one.day, following.day, line[one.start : following.end]) if following.day >= one.day else None
    short = _SHORT_DAY.match(line[end:])
    if short is None:
        return None
    try:
        last = date(one.day.year, int(short["month"] or one.day.month), int(short["day"]))
    except ValueError:
        return None
    return (one.day, last, line[one.start : end + short.end()]) if last >= one.day else None


def _is_major(title: str, text: str, lines: Sequence[str]) -> bool:
    """The draft calls itself a major decision; a list of such decisions, and rules on them, are none themselves.

    Only sentences count: menus and positions name columns of such decisions on every page.
    """
    if any(word in title for word in words("not_major")) or any(word in text for word in words("not_major")[1:3]):
        return False
    for word in words("major_decision"):
        if word in title:
            return True
        if word in text and any(f"{word}事项" in one or f"属于{word}" in one for one in lines if _SENTENCE.search(one)):
            return True
    return False
