"""Service guides: which of their parts a page fills in."""

from __future__ import annotations

import re
from typing import Final

from gkmonitor.records import Article, GuideFacts
from spiders.readers.detail_words import mentions, words
from spiders.readers.document import Document

FEWEST_ELEMENTS: Final = 3
MAX_LINE_CHARACTERS: Final = 400
MAX_TITLE_CHARACTERS: Final = 80
_NUMBERING: Final = re.compile(r"^[\s【\[（(]*(?:[一二三四五六七八九十]{1,3}|\d{1,2})?[\s、.．）)】\]]*[【\[]?")
_AFTER_LABEL: Final = " :：】](（及和、"
_EMPTY: Final = re.compile(r"^[\s:：】\]]*$")


def is_on_guide(document: Document) -> bool:
    """Whether at least two parts of guides are named: a cheap first look."""
    if not mentions(document, "guide_triggers"):
        return False
    text = document.visible_text
    return sum(word in text for word in words("guide_triggers")) >= 2


def read_guide(document: Document, article: Article | None) -> GuideFacts | None:
    """The guide that the page is, with the heads of the parts that say something."""
    lines, found = document.lines, dict[str, None]()
    heads = [_head_of(line) for line in lines]
    for number, head in enumerate(heads):
        if head is None:
            continue
        rest = _NUMBERING.sub("", lines[number])[len(head) :]
        below = number + 1 < len(lines) and heads[number + 1] is None
        if not _EMPTY.match(rest) or below:
            found.setdefault(head)
    if len(found) < FEWEST_ELEMENTS or not set(found) & set(words("guide_marks")):
        return None
    title = (article.title if article else None) or document.heading or document.title or ""
    return GuideFacts(title[:MAX_TITLE_CHARACTERS], document.url, tuple(found))


def _head_of(line: str) -> str | None:
    """The part of a guide that a line begins with."""
    if len(line) > MAX_LINE_CHARACTERS:
        return None
    bare = _NUMBERING.sub("", line)
    for word in words("guide_elements"):
        if bare.startswith(word) and (len(bare) == len(word) or bare[len(word)] in _AFTER_LABEL):
            return word
    return None
