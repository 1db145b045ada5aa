"""Where a page says where it is: the first link of its breadcrumb (当前位置：首页 > 政务公开)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from spiders.readers.column_names import find_name, navigation_words
from spiders.readers.document import Document, Link

MAX_HOME_LINKS: Final = 8
CRUMB_LEVELS: Final = 2
MAX_CRUMB_CHARACTERS: Final = 200
_ARROWS: Final = (">", "＞", "»", "›", "→", "-->", "->")
LABEL_CHARACTERS: Final = 12  # before 首页 stands the label and no more


def home_links(document: Document) -> list[Link]:
    """The first links called 首页 or the like, at most eight."""
    found: list[Link] = []
    for link in document.links:
        if link.text and find_name(link.text).is_home:
            found.append(link)
            if len(found) == MAX_HOME_LINKS:
                break
    return found


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
