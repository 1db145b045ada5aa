"""Where a page says where it is: the names of its breadcrumb (当前位置：首页 > 政务公开), and its first link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from selectolax.lexbor import LexborNode

from spiders.readers.column_names import (
    clean_name,
    find_name,
    fold_name,
    is_column_name,
    is_home_name,
    navigation_words,
)
from spiders.readers.document import Document, Link
from spiders.readers.spotting import CRUMB_CLASSES

MAX_HOME_LINKS: Final = 8
MAX_HOME_CHARACTERS: Final = 16  # H o m e p a g e
CRUMB_LEVELS: Final = 2
MAX_CRUMB_CHARACTERS: Final = 200
_ARROWS: Final = (">", "＞", "»", "›", "→", "-->", "->")
LABEL_CHARACTERS: Final = 12  # before 首页 stands the label and no more
MAX_TRAIL_CHARACTERS: Final = 200
MAX_CRUMBS: Final = 6

_CRUMBS: Final = '[class*="crumb" i],[class*="position" i],[class*="location" i],[class*="weizhi" i],[class*="dqwz" i]'
_AFTER_LABEL: Final = re.compile(r"^[:：　 ]*是?[:：　 ]*")  # 您当前的位置是：
_ARROW_SIGNS: Final = ">＞»›→》"  # what no menu puts between its entries
_ARROW: Final = re.compile(f"[{_ARROW_SIGNS}]+")
_SEPARATOR: Final = re.compile(rf"(?:[{_ARROW_SIGNS}/\\|\-]|::)+")


def home_links(document: Document) -> list[Link]:
    """The first links called 首页 or the like, at most eight."""
    found: list[Link] = []
    for link in document.links:
        if 0 < len(link.text) <= MAX_HOME_CHARACTERS and find_name(link.text).is_home:
            found.append(link)
            if len(found) == MAX_HOME_LINKS:
                break
    return found


def read_breadcrumb(document: Document) -> tuple[str, ...]:
    """The way to this page as it prints it (当前位置：首页 > 政务公开), without 首页 and 正文; else empty."""
    for link in home_links(document):
        for holder in (link.holder, link.holder.above if link.holder else None):
            trail = _read_trail(holder.node) if holder is not None else ()
            if trail:
                return trail
    for node in _called_crumb(document):
        trail = _read_trail(node)
        if trail:
            return trail
    for line in document.lines if "位置" in document.visible_text else ():
        if "位置" in line and (trail := _read_line(line)):
            return trail
    return ()


def _called_crumb(document: Document) -> list[LexborNode]:
    """The first elements whose class says that they are a breadcrumb."""
    for word in CRUMB_CLASSES:
        if document.has(word):
            return document.tree.css(_CRUMBS)[:MAX_CRUMBS]
    return []


def _read_line(line: str) -> tuple[str, ...]:
    """The way that a line of its own prints, as DedeCMS does in an element of any name: 当前位置: 某系 > 通知公告 >."""
    text = line.strip()
    label = next((word for word in navigation_words().breadcrumb if text.startswith(word)), None)
    if label is None or len(text) > MAX_TRAIL_CHARACTERS:
        return ()
    parts = [clean_name(part) for part in _ARROW.split(_without_label_end(text[len(label) :]))]
    return _names_of(parts) if len(parts) > 1 or is_column_name(parts[0]) else ()


def _read_trail(node: LexborNode) -> tuple[str, ...]:
    text = " ".join(node.text(separator=" ").split())
    if not 4 <= len(text) <= MAX_TRAIL_CHARACTERS:
        return ()
    label = _label_in(text)
    if label is None:
        if not any(sign in text for sign in _ARROW_SIGNS):
            return ()
        texts = _ARROW.split(_without_label_end(text))
        if len(texts) < 2 or not is_home_name(clean_name(texts[0])):
            return ()
    else:
        texts = _SEPARATOR.split(_without_label_end(text.partition(label)[2]))
    parts = [clean_name(part) for part in texts]
    if len(parts) < 2:
        parts = [clean_name(a.text()) for a in node.css("a")]
    return _names_of(parts)


def _without_label_end(text: str) -> str:
    """What comes after a label, or a text that has none, without colons: 您当前的位置是：首页."""
    found = _AFTER_LABEL.match(text)
    return text[found.end() :] if found else text


def _label_in(text: str) -> str | None:
    words = navigation_words()
    for part in words.breadcrumb_parts:
        if part in text:
            return next(label for label in words.breadcrumb if label in text)
    return None


def _names_of(parts: list[str]) -> tuple[str, ...]:
    """The names of columns on a way; none where one is too long for a name."""
    ends = navigation_words().breadcrumb_ends
    names = [part for part in parts if part and not is_home_name(part) and fold_name(part) not in ends]
    return tuple(names) if all(len(name) <= 40 for name in names) and len(names) <= 8 else ()


def first_crumb(document: Document, breadcrumb: Sequence[str] = ()) -> Link | None:
    """The link home behind a label like 当前位置, or before an arrow; None where the page prints no such line.

    ``breadcrumb``: the names on the way to this page, by which a line is known that begins below 首页.
    """
    for link in home_links(document):
        if _begins_crumb(link):
            return link
    return _first_named(document, breadcrumb)


def _begins_crumb(link: Link) -> bool:
    """Whether a link home stands behind a label or before an arrow, in the element around it or the next one."""
    name, holder = "".join(link.text.split()), link.holder
    for _ in range(CRUMB_LEVELS):
        if holder is None or holder.tag in ("body", "html"):
            return False
        text = "".join(holder.node.text(separator=" ").split())
        if len(text) > MAX_CRUMB_CHARACTERS:
            return False
        before, _, behind = text.partition(name)
        if not before:
            if behind.startswith(_ARROWS):
                return True
        elif len(before) <= LABEL_CHARACTERS and any(label in before for label in navigation_words().breadcrumb):
            return True
        holder = holder.above
    return False


def _first_named(document: Document, breadcrumb: Sequence[str]) -> Link | None:
    """The first of two links side by side that bear the first names of the way here: it may begin below 首页."""
    if len(breadcrumb) < 2:
        return None
    first, second = breadcrumb[:2]
    for link, following in pairwise(document.links):
        if link.text == first and following.text == second and link.holder is following.holder:
            return link
    return None
