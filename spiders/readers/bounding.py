"""Bounds for markup before it is parsed: a parser's time grows with the square of the nesting depth."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

MAX_TAGS = 40_000
MAX_CHARACTERS = 4_000_000
MAX_DEPTH = 400
MANY_TAGS = 4_000
PLACES = 64

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID: Final = frozenset(re.findall(r"\w+", "area base br col embed hr img input link meta param source track wbr"))


def bound_body(body: bytes) -> bytes:
    """The body up to where its markup would be cut at the latest, so that nothing behind is decoded and searched."""
    if len(body) <= MAX_TAGS:
        return body
    body = body[:MAX_CHARACTERS]
    if body.count(b"<") <= MAX_TAGS:
        return body
    if 0 in body[:1000]:  # UTF-16, in which the byte of a bracket may be half of another character
        return body
    mark = next(islice(re.finditer(b"<", body), MAX_TAGS, None), None)
    return body[: mark.start()] if mark else body


def bound_markup(text: str) -> str:
    """The markup, cut and flattened to what can be parsed in a fraction of a second.

    Cut at 4 million characters and 40,000 tags; start tags nested deeper than 400 lose their brackets. A page of that
    kind is made by a fault or with intent: what a reader of it would see is not lost by this.
    """
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
    tags = text.count("<")
    if tags > MAX_TAGS:
        mark = next(islice(re.finditer("<", text), MAX_TAGS, None))
        text = text[: mark.start()]
        tags = MAX_TAGS
    return _limit_depth(text) if _may_be_deep(text, tags) else text


def _may_be_deep(text: str, tags: int) -> bool:
    """Whether there are many more start tags than end tags, of many tags also in any part of the text up to some place.

    Of fewer tags an element that is closed again can only be as deep as costs little.
    """
    if tags <= MAX_DEPTH:
        return False
    if tags > MANY_TAGS:
        return _is_deep_somewhere(text)
    half = len(text) // 2  # of most pages holds enough end tags
    ends = text.count("</", 0, half)
    if tags - 2 * ends > MAX_DEPTH:
        ends += text.count("</", max(0, half - 1))
    return tags - 2 * ends > MAX_DEPTH


def _is_deep_somewhere(text: str) -> bool:
    """So many places are looked at that between two of them no element can be deep enough to matter."""
    step = len(text) // PLACES + 1
    open_now = 0
    for begin in range(0, len(text), step):
        end = begin + step
        open_now += text.count("<", begin, end) - 2 * text.count("</", max(0, begin - 1), end)
        if open_now > MAX_DEPTH:
            return True
    return False


def _limit_depth(text: str) -> str:
    depth: dict[str, int] = {}
    total = 0
    pieces: list[str] = []
    begin = 0
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if name in _VOID:
            continue
        open_now = depth.get(name, 0)
        if match[1]:
            if open_now:
                depth[name] = open_now - 1
                total -= 1
        elif name in ("li", "p", "option", "tr", "td", "th", "dt", "dd") and open_now > MAX_DEPTH // 2:
            continue  # elements that close themselves do not nest
        elif total >= MAX_DEPTH:
            pieces.append(text[begin : match.start()])
            begin = match.end()
        else:
            depth[name] = open_now + 1
            total += 1
    pieces.append(text[begin:])
    return "".join(pieces)
