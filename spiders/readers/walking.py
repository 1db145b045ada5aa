"""One walk over a page's tree: the pieces of its visible text, and the elements that readers ask for by name.

A search by selector visits every element of a page; the readers together would do so two dozen times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_TEXT_CHARACTERS = 200_000

_LINES_END_AT = (
    "address article aside blockquote br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol option p pre section select table tbody td th thead tr ul"
)
_GROUPED = {"heading": "h1 h2 h3 h4 h5", "list": "ul ol tbody dl"}
_SINGLE = "a area base button form frame iframe img input li meta select table"
_KINDS = _GROUPED | {name: name for name in re.findall(r"\w+", _SINGLE)}


def tag_ids(names: str) -> frozenset[int]:
    """The parser's numbers for element names: comparing these is much cheaper than comparing names."""
    tree = LexborHTMLParser("")
    return frozenset(tree.create_node(name).tag_id for name in re.findall(r"\w+", names))


_LINE_IDS = tag_ids(_LINES_END_AT)
_KIND_OF = {number: kind for kind, names in _KINDS.items() for number in tag_ids(names)}
_ENTRY_IDS = tag_ids("a area li")
(_BODY_ID,) = tag_ids("body")
_TEXT_ID = 2


@dataclass(frozen=True, slots=True)
class Walk:
    """What one walk met, in page order.

    ``pieces`` of the body's visible text, with a line break wherever a line that was begun ends; ``named``: elements
    by kind; ``entries``: those that menus are made of (``a``, ``area``, ``li``) together.
    """

    pieces: Sequence[str]
    named: Mapping[str, Sequence[LexborNode]]
    entries: Sequence[LexborNode]


def walk(root: LexborNode, hidden: Container[int]) -> Walk:
    """``hidden``: ``mem_id`` of every node whose text no visitor sees."""
    named: dict[str, list[LexborNode]] = {kind: [] for kind in _KINDS}
    entries: list[LexborNode] = []
    keep: dict[int, tuple[Callable[[LexborNode], None], ...]] = {
        number: (named[kind].append, entries.append) if number in _ENTRY_IDS else (named[kind].append,)
        for number, kind in _KIND_OF.items()
    }
    pieces: list[str] = []
    room = 0  # for so many characters; none before the body begins
    is_open = False  # whether a line has been begun
    for node in root.traverse(include_text=True):
        tag = node.tag_id
        if tag == _TEXT_ID:
            text = node.text_content or ""
            if room <= 0 or text.isspace():
                if is_open:
                    pieces.append(" ")
            elif not (hidden and node.mem_id in hidden):
                if is_open and _is_behind_block(node):
                    pieces.append("\n")
                is_open = True
                text = text[:room]
                pieces.append(text.replace("\n", " "))
                room -= len(text)
            continue
        for append in keep.get(tag, ()):
            append(node)
        if is_open and tag in _LINE_IDS:
            is_open = False
            pieces.append("\n")
        elif tag == _BODY_ID:
            room = MAX_TEXT_CHARACTERS + 1
    return Walk(pieces, named, entries)


def _is_behind_block(text: LexborNode) -> bool:
    before = text.prev
    return before is not None and before.tag_id in _LINE_IDS
