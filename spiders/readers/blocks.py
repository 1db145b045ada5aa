"""Headed lists on home and section pages: heading, 更多 link, dated entries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from selectolax.lexbor import LexborNode

from gkmonitor.records import Block, Listing
from spiders.readers.column_names import clean_name, is_column_name, is_more
from spiders.readers.document import Document, collapse
from spiders.readers.elements import Element
from spiders.readers.grouping import Group, Place, weigh
from spiders.readers.listing import PageLists

MAX_BLOCKS: Final = 40
MAX_LEVELS: Final = 3
LEAST_MEAN_LETTERS: Final = 7
MAX_HEADING_CHARACTERS: Final = 60  # tabs and all
MOST_ENTRIES: Final = 0.6

_YEAR: Final = re.compile(r"(?:19|20)\d\d")


def substantial_groups(lists: PageLists) -> list[Group]:
    """Groups outside navigation whose labels are as long as titles, no group within another."""
    groups = [
        group
        for group in lists.groups
        if group.mean_letters >= LEAST_MEAN_LETTERS
        and not group.place & (Place.CHROME | Place.SMALL | Place.HOT | Place.FOOT)
        and weigh(group) > 0
    ]
    inside = {group.parent for group in groups}
    return [group for group in groups if not _stands_in(group.parent.above, inside)]


def _stands_in(element: Element | None, others: set[Element]) -> bool:
    while element is not None:
        if element in others:
            return True
        element = element.above
    return False


def read_blocks(document: Document, lists: PageLists) -> tuple[Block, ...]:
    """The blocks in page order, at most forty; a block's address is its 更多 link or its heading's own."""
    groups = substantial_groups(lists)[:MAX_BLOCKS]
    more = more_links(document, groups)
    blocks = []
    for group in groups:
        items = tuple(item for item in lists.read(group).items if not is_more(item.title))
        if not items:
            continue
        name, url = _heading(document, group)
        blocks.append(Block(name, more.get(id(group)) or url, items))
    return tuple(blocks)


def join_years(blocks: Sequence[Block], document: Document) -> Listing | None:
    """The one list whose years stand in a box each (2026年部门预算, 2025年部门预算); None where there are none.

    Every year that heads a line has to have a box: one that was not read might hold the newest entry.
    """
    by_form: dict[str, list[Block]] = {}
    for block in blocks:
        if block.name and block.url is None and _YEAR.search(block.name):
            by_form.setdefault(_YEAR.sub("", block.name), []).append(block)
    form, years = max(by_form.items(), key=lambda one: len(one[1]), default=("", []))
    items = tuple(item for block in years for item in block.items)
    if len({block.name for block in years}) < max(2, len(years)):
        return None
    if len(items) < MOST_ENTRIES * sum(len(block.items) for block in blocks):
        return None
    headed = [line for line in document.lines if _YEAR.search(line) and clean_name(_YEAR.sub("", line)) == form]
    return Listing(items) if len(headed) == len(years) else None


def more_links(document: Document, groups: list[Group]) -> dict[int, str]:
    """Group -> address of the 更多 link in the smallest element around both."""
    links = [link for link in document.links if len(link.label) <= 16 and link.url and is_more(link.label)]
    if not links:
        return {}
    around: dict[int, list[Group]] = {}
    for group in groups:
        element: Element | None = group.parent
        for _ in range(MAX_LEVELS + 1):
            if element is None:
                break
            around.setdefault(element.identity, []).append(group)
            element = element.above
    found: dict[int, str] = {}
    for link in links:
        holder = link.holder
        for _ in range(MAX_LEVELS):
            if holder is None:
                break
            near = around.get(holder.identity, ())
            if near:
                if len(near) == 1 and link.url:
                    found.setdefault(id(near[0]), link.url)
                break
            holder = holder.above
    return found


def _heading(document: Document, group: Group) -> tuple[str | None, str | None]:
    """The short text before a group, and where its link leads."""
    node: LexborNode | None = group.parent.node
    for _ in range(3):
        if node is None or node.tag == "body":
            return None, None
        before = node.prev
        for _ in range(6):
            if before is None:
                break
            if before.is_element_node and (text := collapse(before.text(separator=" "))):
                if len(text) > MAX_HEADING_CHARACTERS:
                    return None, None  # another block; its first title is no heading of this one
                name, url = _named(document, before, text)
                if name:
                    return name, url
            before = before.prev
        node = node.parent
    return None, None


def _named(document: Document, node: LexborNode, text: str) -> tuple[str | None, str | None]:
    links = node.css("a[href]") if node.tag != "a" else [node]
    for one in links[:3]:
        label = clean_name(one.text())
        if label and not is_more(label) and is_column_name(label):
            return label, document.join(one.attributes.get("href"))
    words = [word for word in text.split() if not is_more(word)]
    name = clean_name(words[0]) if words else ""
    return (name, None) if name and is_column_name(name) else (None, None)
