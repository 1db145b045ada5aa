"""One walk over a page's tree: the pieces of its visible text, and the elements that readers ask for by name.

A search by selector visits every element of a page; the readers together would do so two dozen times.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.readers.elements import Element, Elements

MAX_TEXT_CHARACTERS = 200_000

_LINES_END_AT = (
    "address article aside blockquote br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol option p pre section select table tbody td th thead tr ul"
)
_NOT_SHOWN = "script style template noscript svg"
_GROUPED = {"heading": "h1 h2 h3 h4 h5", "list": "ul ol tbody dl"}
_SINGLE = "a area base button form frame iframe img input li meta select table title"
_KINDS = _GROUPED | {name: name for name in re.findall(r"\w+", _SINGLE)}


def tag_ids(names: str) -> frozenset[int]:
    """The parser's numbers for element names: comparing these is much cheaper than comparing names."""
    tree = LexborHTMLParser("")
    return frozenset(tree.create_node(name).tag_id for name in re.findall(r"\w+", names))


_KIND_OF: Final = {number: kind for kind, names in _KINDS.items() for number in tag_ids(names)}
_TEXT_ID: Final = 2

LINE_BREAK: Final = "\0"  # no text has one: the parser drops it
# What an element of a number is, all in one look. The numbers of elements that HTML does not know are far above these.
_KNOWN: Final = 256
_ENDS_LINE: Final = 1
_IS_KEPT: Final = 2
_IS_ENTRY: Final = 4
_IS_BODY: Final = 8
_IS_ANCHOR: Final = 16
_IS_NOT_SHOWN: Final = 32


def _aspects_of(number: int) -> int:
    return (
        _ENDS_LINE * (number in tag_ids(_LINES_END_AT))
        + _IS_KEPT * (number in _KIND_OF)
        + _IS_ENTRY * (number in tag_ids("a area li"))
        + _IS_BODY * (number in tag_ids("body"))
        + _IS_ANCHOR * (number in tag_ids("a"))
        + _IS_NOT_SHOWN * (number in tag_ids(_NOT_SHOWN))
    )


_ASPECTS: Final = bytes(map(_aspects_of, range(_KNOWN)))


class Walk:
    """One walk, and what it met, in page order.

    ``pieces`` of the body's visible text, with a ``LINE_BREAK`` wherever a line that was begun ends; ``named``:
    elements by kind; ``entries``: those that menus are made of (``a``, ``area``, ``li``) together; ``not_shown``: the
    outermost elements that no browser shows, whose insides are not walked; ``holders``: the element around each of the
    first ``a`` elements; ``elements``: these and all around them.
    """

    __slots__ = (
        *("elements", "entries", "holders", "named", "not_shown", "pieces"),
        *("_around", "_hidden", "_is_behind_block", "_is_open", "_kept", "_made", "_max_holders", "_room"),
    )

    def __init__(self, root: LexborNode, hidden: Container[int], max_holders: int) -> None:
        """``hidden``: ``mem_id`` of every node whose text no visitor sees."""
        self.pieces: list[str] = []
        self.named: dict[str, list[LexborNode]] = {kind: [] for kind in _KINDS}
        self.entries: list[LexborNode] = []
        self.not_shown: list[LexborNode] = []
        self.holders: list[Element | None] = []
        self.elements = Elements()
        self._kept = [self.entries] * _KNOWN
        for number, kind in _KIND_OF.items():
            self._kept[number] = self.named[kind]
        self._hidden = hidden
        self._max_holders = max_holders
        self._room = 0  # for so many characters; none before the body begins
        self._is_open = False  # whether a line has been begun
        self._is_behind_block = False  # whether a block that ended stands before, beside the next node
        self._around: list[LexborNode] = []  # the elements that are open
        self._made: list[Element | None] = []  # what was made of each of them
        self._walk(root)

    def _walk(self, root: LexborNode) -> None:
        around, made = self._around, self._made
        ends_line: list[bool] = []
        if (top := root.parent) is not None:
            around.append(top)
            made.append(None)
        floor = len(around)
        node = root
        while True:
            inner = self._enter(node)
            if inner is not None:
                around.append(node)
                made.append(None)
                ends_line.append(self._is_behind_block)
                self._is_behind_block = False
                node = inner
                continue
            while True:
                if len(around) == floor:
                    return
                following = node.next
                if following is not None:
                    node = following
                    break
                node = around.pop()
                made.pop()
                self._is_behind_block = ends_line.pop()

    def _enter(self, node: LexborNode) -> LexborNode | None:
        """Notes one node; its first child, where it is to be walked."""
        tag = node.tag_id
        if tag == _TEXT_ID:
            self._add_text(node)
            self._is_behind_block = False
            return None
        aspects = _ASPECTS[tag] if tag < _KNOWN else 0
        if aspects & _IS_NOT_SHOWN:
            self.not_shown.append(node)
            return None
        if aspects & _IS_KEPT:
            self._kept[tag].append(node)
            if aspects & _IS_ENTRY:
                self.entries.append(node)
                if aspects & _IS_ANCHOR and len(self.holders) < self._max_holders:
                    self.holders.append(self._holder())
        ends_line = aspects & _ENDS_LINE != 0
        if ends_line and self._is_open:
            self._is_open = False
            self.pieces.append(LINE_BREAK)
        if aspects & _IS_BODY:
            self._room = MAX_TEXT_CHARACTERS + 1
        self._is_behind_block = ends_line
        return node.first_child

    def _add_text(self, node: LexborNode) -> None:
        text = node.text_content or ""
        if self._room <= 0 or text.isspace():
            if self._is_open:
                self.pieces.append(" ")
        elif not (self._hidden and node.mem_id in self._hidden):
            if self._is_open and self._is_behind_block:
                self.pieces.append(LINE_BREAK)
            self._is_open = True
            if len(text) > self._room:
                text = text[: self._room]
            self.pieces.append(text)
            self._room -= len(text)

    def _holder(self) -> Element | None:
        """The innermost of the open elements, made with all that are around it."""
        made = self._made
        level = len(made)
        while level > 0 and made[level - 1] is None:
            level -= 1
        found = made[level - 1] if level > 0 else None
        while level < len(made):
            found = made[level] = self.elements.place(self._around[level], found)
            level += 1
        return found
