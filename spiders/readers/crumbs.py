"""Where a page says where it is: the first link of its breadcrumb (当前位置：首页 > 政务公开)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from spiders.readers.column_names import is_home_name, navigation_words
from spiders.readers.document import Document, Link

MAX_HOME_LINKS: Final = 8
MAX_NAME_CHARACTERS: Final = 12
CRUMB_LEVELS: Final = 2
MAX_CRUMB_CHARACTERS: Final = 200
_ARROWS: Final = (">", "＞", "»", "›", "→", "-->", "->")
LABEL_CHARACTERS: Final = 12  # before 首页 stands the label and no more


def first_crumb(document: Document, breadcrumb: Sequence[str] = ()) -> Link | None:
    """The link home behind a label like 当前位置, or before an arrow; None where the page prints no such line.

    ``breadcrumb``: the names on the way to this page, by which a line is known that begins below 首页.
    """
    homes = [link for link in document.links if len(link.text) <= MAX_NAME_CHARACTERS and is_home_name(link.text)]
    for link in homes[:MAX_HOME_LINKS]:
        holder = link.node.parent
        for _ in range(CRUMB_LEVELS):
            if holder is None or holder.tag in ("body", "html"):
                break
            text = "".join(holder.text(separator=" ").split())
            if len(text) > MAX_CRUMB_CHARACTERS:
                break
            before, _, behind = text.partition("".join(link.text.split()))
            if len(before) <= LABEL_CHARACTERS and any(label in before for label in navigation_words().breadcrumb):
                return link
            if not before and behind.startswith(_ARROWS):
                return link
            holder = holder.parent
    return _first_named(document, breadcrumb)


def _first_named(document: Document, breadcrumb: Sequence[str]) -> Link | None:
    """The first of two links side by side that bear the first names of the way here: it may begin below 首页."""
    if len(breadcrumb) < 2:
        return None
    first, second = breadcrumb[:2]
    for link, following in pairwise(document.links):
        if link.text == first and following.text == second and link.holder is following.holder:
            return link
    return None
