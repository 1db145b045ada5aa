"""Letters in lists that are no tables: entries with labelled days, and rows of cells under a row of heads.

Only what is labelled counts: a bare day beside a title may be the day of the letter, of its answer or of its printing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborNode

from spiders.readers.detail_words import letter_role_of
from spiders.readers.document import Document, Link, collapse
from spiders.readers.tables import Grid

MAX_ENTRY_CHARACTERS = 600
MAX_CLIMB = 5
MAX_ENTRIES = 200
MAX_HEAD_CELLS = 10
MAX_HEAD_CHARACTERS = 60
MAX_SIBLINGS = 300
FEWEST_ENTRIES = 2  # one labelled box on a page is that page's own letter
_LABEL: Final = re.compile(r"((?:[^\W\d_]\s{0,4}){2,16})[:：]\s*")
_LEAST_TITLE = 4


def labelled(text: str) -> Iterator[tuple[str, str]]:
    """Role and value of every known label in a text, each value up to the next label of any kind."""
    found = list(_LABEL.finditer(text))
    for number, one in enumerate(found):
        words = one[1].split()
        role = next((role for start in range(len(words)) if (role := letter_role_of("".join(words[start:])))), None)
        if role is not None:
            value = text[one.end() : _value_end(found, number, text)]
            yield role, value.strip(" \t|｜;；,，/[]【】()（）")


def _value_end(found: list[re.Match[str]], number: int, text: str) -> int:
    """Where the next label begins; what it took of this value, which a blank parts from it, is given back."""
    if number + 1 == len(found):
        return len(text)
    following = found[number + 1]
    words = following[1].split()
    for start in range(len(words)):
        if letter_role_of("".join(words[start:])) is not None:
            return following.start() + _offset(following[1], start)
    return following.start() + _offset(following[1], len(words) - 1)


def _offset(label: str, count: int) -> int:
    """Where the word number ``count`` of the label begins."""
    return next(islice(re.finditer(r"\S+", label), max(0, count), None)).start()


def read_entries(document: Document) -> list[tuple[dict[str, str], str]]:
    """(values by role, address) of each entry that labels the day of its letter; none where fewer than two do."""
    too_long: set[int] = set()
    taken: dict[int, dict[int, tuple[dict[str, str], str]]] = {}
    for link in document.links:
        if link.url is None or len(link.label) < _LEAST_TITLE:
            continue
        entry = _entry_around(link, too_long)
        if entry is None or entry.parent is None:
            continue
        siblings = taken.setdefault(entry.parent.mem_id, {})
        if entry.mem_id in siblings or len(siblings) >= MAX_ENTRIES:
            continue
        said = [(role, value) for role, value in labelled(collapse(entry.text(separator=" "))) if value]
        values = dict(reversed(said))  # the first of each counts
        siblings[entry.mem_id] = ({"title": link.title or link.label, **values}, link.url)
    most = max(taken.values(), key=len, default={})
    return list(most.values()) if len(most) >= FEWEST_ENTRIES else []


def _entry_around(link: Link, too_long: set[int]) -> LexborNode | None:
    """The smallest element around the link that labels one day of a letter; ``too_long`` is kept between calls."""
    node: LexborNode | None = link.node
    for _ in range(MAX_CLIMB):
        if node is None or node.mem_id in too_long or node.tag in ("body", "html", "table", "tr"):
            return None
        text = node.text(separator=" ")
        if len(text) > MAX_ENTRY_CHARACTERS:
            too_long.add(node.mem_id)  # asked once for all the links in it
            return None
        count = sum(role == "submitted" for role, _ in labelled(collapse(text)))
        if count:
            return node if count == 1 else None
        node = node.parent
    return None


def read_rows_of_cells(document: Document) -> list[Grid]:
    """Lists whose entries are as many cells as a row of heads before them has names."""
    grids: list[Grid] = []
    for node in document.tree.css("ul,li,dl,div,p"):
        heads = _cells(node)
        if not _are_heads(heads):
            continue
        rows = [cells for cells in _rows_after(node) if len(cells) == len(heads)]
        lines = [[collapse(cell.text(separator=" "))[:300] for cell in cells] for cells in (heads, *rows)]
        grids.append(Grid(lines, [None, *(_address(cells, document) for cells in rows)]))
    return grids


def _cells(node: LexborNode) -> list[LexborNode]:
    """The parts that an element consists of; one that only wraps another is looked through."""
    for _ in range(3):
        children = list(islice(node.iter(), MAX_HEAD_CELLS + 1))
        if len(children) != 1:
            return children
        node = children[0]
    return children


def _are_heads(cells: list[LexborNode]) -> bool:
    if not 2 <= len(cells) <= MAX_HEAD_CELLS:
        return False
    texts = [collapse(cell.text()) for cell in cells]
    if sum(map(len, texts)) > MAX_HEAD_CHARACTERS:
        return False
    roles = {letter_role_of(text) for text in texts}
    return "submitted" in roles and "title" in roles


def _rows_after(head: LexborNode) -> Iterator[list[LexborNode]]:
    """The entries that follow a row of heads: beside it, or in the boxes beside it."""
    while head.parent is not None and head.parent.tag != "body" and len(list(islice(head.parent.iter(), 2))) == 1:
        head = head.parent
    sibling = head.next
    for _ in range(MAX_SIBLINGS):
        if sibling is None:
            return
        if sibling.is_element_node:
            yield _cells(sibling)
            for child in islice(sibling.iter(), MAX_ENTRIES):
                yield _cells(child)
                if child.tag in ("ul", "div", "ol"):
                    yield from (_cells(one) for one in islice(child.iter(), MAX_ENTRIES))
        sibling = sibling.next


def _address(cells: list[LexborNode], document: Document) -> str | None:
    parent = cells[0].parent
    around = parent if parent is None or parent.tag != "a" else parent.parent
    link = around.css_first("a[href]") if around is not None else None
    return document.join(link.attributes.get("href")) if link is not None else None
