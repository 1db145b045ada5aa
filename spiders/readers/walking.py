"""One walk over a page's tree: the pieces of its visible text, and the elements that readers ask for by name.

A search by selector visits every element of a page; the readers together would do so two dozen times.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_TEXT_CHARACTERS = 200_000

_LINES_END_AT = (
    "address article aside blockquote br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol option p pre section select table tbody td th thead tr ul"
)
_GROUPED = {"heading": "h1 h2 h3 h4 h5", "list": "ul ol tbody dl"}
_SINGLE = "a area base button form frame iframe img input li meta select table title"
_KINDS = _GROUPED | {name: name for name in re.findall(r"\w+", _SINGLE)}


def tag_ids(names: str) -> frozenset[int]:
    """The parser's numbers for element names: comparing these is much cheaper than comparing names."""
    tree = LexborHTMLParser("")
    return frozenset(tree.create_node(name).tag_id for name in re.findall(r"\w+", names))


_LINE_IDS: Final = tag_ids(_LINES_END_AT)
_KIND_OF: Final = {number: kind for kind, names in _KINDS.items() for number in tag_ids(names)}
_ENTRY_IDS: Final = tag_ids("a area li")
(_BODY_ID,) = tag_ids("body")
_TEXT_ID: Final = 2

LINE_BREAK: Final = "\0"  # no text has one: the parser drops it
# What an element of a number is, all in one look. The numbers of elements that HTML does not know are far above these.
_KNOWN: Final = 256
_ENDS_LINE: Final = 1
_IS_KEPT: Final = 2
_IS_ENTRY: Final = 4
_IS_BODY: Final = 8
_ASPECTS: Final = bytes(
    _ENDS_LINE * (number in _LINE_IDS)
    + _IS_KEPT * (number in _KIND_OF)
    + _IS_ENTRY * (number in _ENTRY_IDS)
    + _IS_BODY * (number == _BODY_ID)
    for number in range(_KNOWN)
)


class Walk:
    """What one walk met, in page order.

    ``pieces`` of the body's visible text, with a ``LINE_BREAK`` wherever a line that was begun ends; ``named``:
    elements by kind; ``entries``: those that menus are made of (``a``, ``area``, ``li``) together.
    """

    __slots__ = ("entries", "named", "pieces")

    def __init__(
        self, pieces: Sequence[str], named: Mapping[str, Sequence[LexborNode]], entries: Sequence[LexborNode]
    ) -> None:
        self.pieces = pieces
        self.named = named
        self.entries = entries


class _Pieces:
    """The pieces of the text as they are met."""

    def __init__(self, hidden: Container[int]) -> None:
        self.found: list[str] = []
        self.room = 0  # for so many characters; none before the body begins
        self._hidden = hidden
        self._is_open = False  # whether a line has been begun

    def add(self, node: LexborNode) -> None:
        text = node.text_content or ""
        if self.room <= 0 or text.isspace():
            if self._is_open:
                self.found.append(" ")
        elif not (self._hidden and node.mem_id in self._hidden):
            if self._is_open and _is_behind_block(node):
                self.found.append(LINE_BREAK)
            self._is_open = True
            if len(text) > self.room:
                text = text[: self.room]
            self.found.append(text)
            self.room -= len(text)

    def end_line(self) -> None:
        if self._is_open:
            self._is_open = False
            self.found.append(LINE_BREAK)


def walk(root: LexborNode, hidden: Container[int]) -> Walk:
    """``hidden``: ``mem_id`` of every node whose text no visitor sees."""
    named: dict[str, list[LexborNode]] = {kind: [] for kind in _KINDS}
    entries: list[LexborNode] = []
    kept = [entries] * _KNOWN
    for number, kind in _KIND_OF.items():
        kept[number] = named[kind]
    pieces = _Pieces(hidden)
    for node in root.traverse(include_text=True):
        tag = node.tag_id
        if tag == _TEXT_ID:
            pieces.add(node)
            continue
        aspects = _ASPECTS[tag] if tag < _KNOWN else 0
        if aspects & _IS_KEPT:
            kept[tag].append(node)
            if aspects & _IS_ENTRY:
                entries.append(node)
        if aspects & _ENDS_LINE:
            pieces.end_line()
        elif aspects & _IS_BODY:
            pieces.room = MAX_TEXT_CHARACTERS + 1
    return Walk(pieces.found, named, entries)


def _is_behind_block(text: LexborNode) -> bool:
    before = text.prev
    if before is None:
        return False
    tag = before.tag_id
    return tag < _KNOWN and _ASPECTS[tag] & _ENDS_LINE != 0
