"""Menus as the tree nests them: links folded into groups of like entries, each with its sub-menu.

Only the links and their ancestors are visited. An ancestor that holds several links is a box; a box whose parts each
lead to one entry is a group (a menu, a row of tabs); a part that starts with one entry and goes on with several is an
entry with a sub-menu. That covers nested lists, ``div`` menus without lists, definition lists and table menus alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from selectolax.lexbor import LexborNode

from spiders.readers.column_names import Name
from spiders.readers.elements import Element

MAX_UNITS: Final = 400
MAX_DEPTH: Final = 400

_CELLS: Final = frozenset(("li", "dd", "dt", "td", "div", "dl", "tr", "th", "section", "article", "span", "p"))
_LANDMARKS: Final = frozenset(("nav", "footer", "header", "aside"))
_DIGITS: Final = re.compile(r"[\d_\-]+")


class Entry:
    """One link, or one clickable or plain text of a menu. ``url`` None: leads nowhere by itself.

    ``known`` is what its name says; ``holder`` is the element around it.
    Plain slots, because a page has hundreds of these.
    """

    __slots__ = ("box", "children", "group", "head", "holder", "known", "name", "node", "place", "position", "url")

    def __init__(
        self, known: Name, url: str | None, node: LexborNode, holder: Element | None, place: str = "menu"
    ) -> None:
        self.known = known
        self.name = known.text
        self.url = url
        self.node = node
        self.holder = holder
        self.place = place
        self.position = 0
        self.head: Entry | None = None
        self.children: list[Entry] = []
        self.box: Box | None = None
        self.group: Group | None = None


class Box:
    """An element that holds entries, directly or below. ``units``: what stands side by side in it, once folded."""

    units: list[Entry]

    __slots__ = ("_around", "_hint", "_near", "_wide", "element", "parent", "parts", "tag", "units", "verdict")

    def __init__(self, element: Element, parent: Box | None) -> None:
        self.element = element
        self.tag = element.tag
        self.parent = parent
        self.parts: list[Entry | Box] = []
        self._near: str | None = None
        self._around: str | None = None
        self._wide: str | None = None
        self.verdict: bool | None = None  # the caller's note on what stands here, worked out once
        self._hint: str | None = None
        if parent is not None:
            parent.parts.append(self)

    @property
    def hint(self) -> str:
        """Id and class in lower case."""
        if self._hint is None:
            found = self.element.attributes
            self._hint = f"{found.get('id') or ''} {found.get('class') or ''}".strip().lower() if found else ""
        return self._hint

    @property
    def near(self) -> str:
        """What this box and the one around it are called: tags of landmarks, ids and classes, nearest first."""
        if self._near is None:
            self._near = self._hints(2)
        return self._near

    @property
    def around(self) -> str:
        """The same of four boxes."""
        if self._around is None:
            self._around = self._hints(4)
        return self._around

    @property
    def wide(self) -> str:
        """The same of five boxes."""
        if self._wide is None:
            self._wide = self._hints(5)
        return self._wide

    def _hints(self, levels: int) -> str:
        found: list[str] = []
        box: Box | None = self
        for _ in range(3 * levels):  # wrappers without a name and of one part do not count as levels
            if box is None or len(found) == levels:
                break
            hint = box.hint
            if box.tag in _LANDMARKS:
                found.append(f"{box.tag} {hint}")
            elif hint or len(box.parts) > 1:
                found.append(hint)
            box = box.parent
        return " ".join(found)


class Group:
    """Entries side by side. ``is_regular``: nearly every part is one entry; ``position``: of the first in the page.

    ``titles`` counts the links of the same box that are too long for names.
    """

    __slots__ = ("box", "entries", "is_article_list", "is_regular", "is_submenu", "position", "titles")

    def __init__(self, box: Box, entries: list[Entry], *, is_regular: bool, titles: int) -> None:
        self.box = box
        self.entries = entries
        self.is_regular = is_regular
        self.titles = titles
        self.position = entries[0].position
        self.is_submenu = False
        self.is_article_list: bool | None = None  # worked out by the caller, once


class Menus:
    """All groups of one page, from the entries in page order.

    ``titles``: element -> links close below it that are too long for names (titles of articles).
    """

    def __init__(self, entries: Sequence[Entry], titles: Mapping[Element, int]) -> None:
        self.entries = entries
        self._titles = titles
        self.groups: list[Group] = []
        self._boxes: dict[Element, Box] = {}
        self._order: list[Box] = []
        self._place(entries)
        for box in reversed(self._order):  # inner boxes were met after the outer ones
            if len(box.parts) > 1:
                self._fold(box)
            else:
                box.units = _units_of(box.parts[0])

    def _place(self, entries: Sequence[Entry]) -> None:
        boxes = self._boxes
        for position, entry in enumerate(entries):
            entry.position = position
            holder = entry.holder
            if holder is not None:
                box = boxes.get(holder)
                if box is None:
                    box = self._open(holder)
                entry.box = box
                box.parts.append(entry)

    def _open(self, element: Element) -> Box:
        """Boxes for an element and for all around it that have none yet; the element's own."""
        boxes, order = self._boxes, self._order
        fresh: list[Element] = []
        box: Box | None = None
        above = element.above
        while above is not None:
            box = boxes.get(above)
            if box is not None:
                break
            fresh.append(above)
            above = above.above
        for number in range(min(len(fresh), MAX_DEPTH - 1) - 1, -1, -1):
            outer = fresh[number]
            box = boxes[outer] = Box(outer, box)
            order.append(box)
        box = boxes[element] = Box(element, box)
        order.append(box)
        return box

    def release(self) -> None:
        """Cuts the links between entries and boxes, so that they are freed at once and not by the collector."""
        for box in self._order:
            box.parent = None
            box.parts.clear()
        for entry in self.entries:
            entry.box = entry.group = entry.head = None
            if entry.children:
                entry.children = []

    # ------------------------------------------------------------ folding

    def _fold(self, box: Box) -> None:
        parts = box.parts
        if box.tag == "dl" and _has_terms(parts):
            box.units = _fold_definitions(parts)
        elif _is_headed(box):
            box.units = _units_of(parts[0])
            for part in parts[1:]:
                _adopt(box.units[0], _units_of(part))
            return
        else:
            units: list[Entry] = []
            for part in parts:
                if isinstance(part, Entry):
                    units.append(part)
                else:
                    units.extend(part.units)
            box.units = units if len(units) <= MAX_UNITS else units[:MAX_UNITS]
        if len(box.units) > 1:
            self._register(box)

    def _register(self, box: Box) -> None:
        units, parts, single = box.units, box.parts, 0
        for part in parts:
            if isinstance(part, Entry) or len(part.units) == 1:
                single += 1
        is_regular = (single >= 2 and single >= 0.7 * len(parts)) or box.tag == "dl"
        is_regular = is_regular or (len(parts) <= 6 and _are_rows(box))
        group = Group(box, units, is_regular=is_regular, titles=self._titles.get(box.element, 0))
        self.groups.append(group)
        if not is_regular:
            return
        for unit in units:
            unit.group = group
        parents = [unit for unit in units if unit.children]
        if len(parents) >= 2:
            for unit in parents:
                for child in unit.children:
                    if child.group is not None:
                        child.group.is_submenu = True


def _units_of(part: Entry | Box) -> list[Entry]:
    return [part] if isinstance(part, Entry) else part.units


def _has_terms(parts: Sequence[Entry | Box]) -> bool:
    return any(isinstance(part, Box) and part.tag == "dt" for part in parts)


def _fold_definitions(parts: Sequence[Entry | Box]) -> list[Entry]:
    """``dt`` names, ``dd`` below it; what comes before the first ``dt`` stands for itself."""
    units: list[Entry] = []
    head: Entry | None = None
    for part in parts:
        below = _units_of(part)
        if isinstance(part, Box) and part.tag == "dt" and below:
            head = below[0]
            units.extend(below)
        elif head is not None:
            _adopt(head, below)
        else:
            units.extend(below)
    return units[:MAX_UNITS]


def _is_headed(box: Box) -> bool:
    """One entry, then a nested list of others: a menu entry with its sub-menu."""
    if box.tag not in _CELLS:
        return False
    first, second = box.parts[0], box.parts[1]
    heads = _units_of(first)
    if len(heads) != 1 or heads[0].known.is_home:
        return False
    if isinstance(first, Box) and isinstance(second, Box) and first.tag == second.tag and first.hint == second.hint:
        return False
    for part in box.parts[1:]:
        if isinstance(part, Box) and len(part.units) > 1:
            return len(box.parts) <= 4
    return (
        box.tag == "li" and isinstance(second, Box) and second.tag in ("ul", "ol", "dl", "div") and len(box.parts) == 2
    )


def _adopt(head: Entry, units: Sequence[Entry]) -> None:
    for unit in units:
        if unit.head is None and unit is not head:
            unit.head = head
            head.children.append(unit)


def _are_rows(box: Box) -> bool:
    """Rows of one menu: sibling elements of one kind (``ul.row1``, ``ul.row2``), each of several entries."""
    rows = [part for part in box.parts if isinstance(part, Box) and 2 <= len(part.units) <= 12]
    if len(rows) < len(box.parts) or any(len(unit.name) > 12 for row in rows for unit in row.units):
        return False
    if len({(row.tag, _DIGITS.sub("", row.hint)) for row in rows}) != 1:
        return False
    # Not drop-downs, shown one at a time.
    return not any("none" in (row.element.attributes.get("style") or "") for row in rows)
