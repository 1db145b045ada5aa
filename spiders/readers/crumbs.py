"""Where a page says where it is: the first link of its breadcrumb (当前位置：首页 > 政务公开)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spiders.readers.column_names import is_home_name, navigation_words

if TYPE_CHECKING:
    from spiders.readers.document import Document, Link

MAX_HOME_LINKS: Final = 8
MAX_NAME_CHARACTERS: Final = 12
CRUMB_LEVELS: Final = 2
MAX_CRUMB_CHARACTERS: Final = 200
LABEL_CHARACTERS: Final = 12  # before 首页 stands the label and no more


def first_crumb(document: Document) -> Link | None:
    """The link home that a label like 当前位置 stands right before; None where the page prints no such line."""
    homes = [link for link in document.links if len(link.text) <= MAX_NAME_CHARACTERS and is_home_name(link.text)]
    for link in homes[:MAX_HOME_LINKS]:
        holder = link.node.parent
        for _ in range(CRUMB_LEVELS):
            if holder is None or holder.tag in ("body", "html"):
                break
            text = "".join(holder.text(separator=" ").split())
            if len(text) > MAX_CRUMB_CHARACTERS:
                break
            before = text.partition("".join(link.text.split()))[0]
            if len(before) <= LABEL_CHARACTERS and any(label in before for label in navigation_words().breadcrumb):
                return link
            holder = holder.parent
    return None
