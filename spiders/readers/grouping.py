"""The repeating groups of links in a page: every list is one of these.

A group is a parent element with children of one tag that lead to links: ``ul`` and its ``li``, ``tbody`` and its
``tr``, a ``div`` and the ``a`` that stand in it. Each such child is a unit; a list is a group whose units hold one
entry each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from spiders.readers.document import Link
from spiders.readers.elements import Element

COUNTED_LETTERS = 40
HINT_LEVELS = 7


class Place:
    """Bits: what the names of the elements around a group tell of it. Plain numbers, they are compared a lot."""

    CHROME: Final = 1  # navigation
    SMALL: Final = 2  # search boxes, pagers, logos, positions
    ASIDE: Final = 4
    MAIN: Final = 8
    HOT: Final = 16  # rankings and recommendations
    FOOT: Final = 32


_TAG_PLACES = {"footer": Place.FOOT, "nav": Place.CHROME, "aside": Place.HOT, "marquee": Place.HOT}
_DIGITS = re.compile(r"\d+")
_PLACES = (
    (Place.CHROME, re.compile(r"nav(?!y)|menu|\bmap\b|friend|yqlj")),
    (Place.FOOT, re.compile(r"foot(?!ball)|copyright|banquan")),
    (
        Place.SMALL,
        re.compile(r"crumb|position|location|weizhi|logo|search|pag(?:e|ing|er)\b|login|share|banner|tags?\b"),
    ),
    (Place.ASIDE, re.compile(r"side|right|float|left\b")),
    (Place.HOT, re.compile(r"hot(?!el)|recommend|tuijian|rank|relat|xgyd|latest|phb|aside")),
    (Place.MAIN, re.compile(r"list|news|main|content|result|wzlb|notice")),
)


@lru_cache(maxsize=8192)
def _place_of(hint: str) -> int:
    return sum(place for place, pattern in _PLACES if pattern.search(hint))


def place_of(attributes: Mapping[str, str | None]) -> int:
    """What class, id and role of one element say: flags of :class:`Place`."""
    if not attributes:
        return 0
    name = attributes.get("class") or ""
    if len(attributes) > 1 or not name:
        name = f"{name} {attributes.get('id') or ''} {attributes.get('role') or ''}"
        if len(name) == 2:
            return 0
    return _place_of(name[:120].lower())


def own_place(element: Element) -> int:
    """The same, and what the tag says."""
    return place_of(element.attributes) | _TAG_PLACES.get(element.tag, 0)


def hint_of(part: Element | Link) -> str:
    """Class and id of an element in lower case."""
    attributes = part.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip().lower()


def tag_of(part: Element | Link) -> str:
    return "a" if isinstance(part, Link) else part.tag


class Unit:
    """One child of a group: its element, its main link and the other links of the same entry."""

    __slots__ = ("holder", "main", "node", "same", "tag")

    def __init__(self, part: Element | Link, main: Link, same: Sequence[Link]) -> None:
        self.node = part.node
        self.tag = tag_of(part)
        self.holder = part.holder if isinstance(part, Link) else part.above  # the element around it
        self.main = main
        self.same = same  # further links to the same address (picture, 详情, a second rendering)


class Group:
    """Units of one kind under one parent (or under parents that are siblings: a list cut into several)."""

    __slots__ = ("_units", "first", "letters", "mains", "members", "parent", "parts", "place", "rejected", "sames")

    def __init__(self, parent: Element, first: int = 0, place: int = 0) -> None:
        self.parent = parent
        self.first = first  # the number of the first unit's first link
        self.place = place  # what the names of the parent and of the elements around it say
        self.members: list[Element | Link] = []  # the units' elements
        self.mains: list[Link] = []  # the units' main links
        self.sames: dict[int, Sequence[Link]] = {}  # number of a unit -> its further links, where it has some
        self.rejected = 0  # children of the tag that hold several entries
        self.letters = 0  # of all labels, each counted up to 40
        self.parts = 1
        self._units: list[Unit] | None = None

    @property
    def mean_letters(self) -> float:
        return self.letters / max(1, len(self.mains))

    @property
    def around(self) -> Element:
        """The element that all units stand in."""
        return self.parent if self.parts == 1 else self.parent.above or self.parent

    @property
    def tag(self) -> str:
        """The tag that all units have."""
        return tag_of(self.members[0])

    @property
    def units(self) -> list[Unit]:
        """Made when they are asked for: most groups of a page are only weighed."""
        if self._units is None:
            self._units = [
                Unit(part, main, self.sames.get(number, ()))
                for number, (part, main) in enumerate(zip(self.members, self.mains, strict=True))
            ]
        return self._units

    @property
    def is_mixed(self) -> bool:
        """Whether the units are different parts of a page (each with a name of its own) and not alike.

        Numbers are left out of class names; an id with a number in it is one that a program gave.
        """
        names: set[str] = set()
        for part in self.members:
            attributes = part.attributes
            name = (attributes.get("class") or "").strip().lower()
            if not name:
                name = (attributes.get("id") or "").strip().lower()
                if _DIGITS.search(name):
                    return False
            name = _DIGITS.sub("", name)
            if not name or name in names:
                return False
            names.add(name)
        return len(names) > 1

    def add(self, part: Element | Link, main: Link, same: Sequence[Link] = ()) -> None:
        if same:
            self.sames[len(self.mains)] = same
        self.members.append(part)
        self.mains.append(main)
        self.letters += min(len(main.label), COUNTED_LETTERS)


def weigh(group: Group) -> float:
    """How much a group looks like the page's list before its dates are read."""
    if len(group.mains) < 2 * group.rejected:
        return 0.0
    place = group.place
    score = float(group.letters)
    if place & Place.FOOT:
        return 0.0
    if place & Place.CHROME:
        score *= 0.2
    if place & Place.SMALL:
        score *= 0.3
    if place & Place.ASIDE and not place & Place.MAIN:
        score *= 0.6
    if place & Place.HOT:
        score *= 0.3
    if group.parts > 1:
        score *= 0.95
    return score * 0.4 if group.mean_letters < 6 else score
