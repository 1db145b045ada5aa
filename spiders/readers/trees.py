"""The part of a page's tree that its links span, and the groups of like units in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from spiders.readers.document import Link
from spiders.readers.elements import Element
from spiders.readers.grouping import COUNTED_LETTERS, Group, Place, hint_of, own_place, tag_of

MAX_UNIT_LINKS = 14
MAX_UNITS = 600
MAX_MINOR_CHARACTERS = 16
MAX_ASIDE_CHARACTERS = 8  # beside a title more than twice as long: who published it, what it is of
_SMALL_ITSELF: Final = 64  # beside the flags of a place: whether the element's own name is a small box's

_MINOR_WORDS = re.compile(
    r"[\[【(（<>《»\s]*(?:查看|阅读|更多|了解)?(?:详情|详细(?:内容|信息)?|全文|原文|更多|more|read|details?|下载|附件|打印|"
    r"分享|点击.{0,4}|查看|进入|办理|(?:在线|网上|立即|我要|马上|一键)(?:办理?|申报|申请|咨询|预约|查询)|办事指南|"
    r"pdf|word|docx?|xlsx?|\d{1,4})[\]】)）<>》…».。\s]*",
    re.IGNORECASE,
)
_FILE_ENDINGS = (".doc", ".docx", ".xls", ".xlsx", ".pdf", ".zip", ".rar", ".wps", ".et", ".ppt", ".pptx")
_FILE_LETTERS = frozenset("cfprstxCFPRSTX")  # one of which each of these ends in
_TOPIC = re.compile(r"[\[【〔（(](?![图圖])[^\]】〕）)]{1,14}[\]】〕）)]")


class Tree:
    """The elements of a page that lead to links, and these links in page order.

    An element leads to the links from number ``firsts[element]`` on, up to before ``ends[element]``. A link leads to
    itself alone and has no end, but for one with others inside.
    """

    __slots__ = ("_anchors", "_letters", "_places", "ends", "firsts", "links", "parts")

    def __init__(self, links: Sequence[Link]) -> None:
        """Links without any label are left out."""
        self.links = [link for link in links if link.label]
        lengths = [len(link.label) for link in self.links]
        self._letters = [length if length < COUNTED_LETTERS else COUNTED_LETTERS for length in lengths]
        # An element's children that lead to links, in page order; elements stand before those within them.
        self.parts: dict[Element, list[Element | Link]] = {}
        self.firsts: dict[Element | Link, int] = {}
        self.ends: dict[Element | Link, int] = {}
        self._places: dict[Element, int] = {}
        self._anchors: dict[int, Link] | None = None
        tops, nested = self._grow()
        self._end(tops, len(self.links), nested)
        for element, children in self.parts.items():
            if len(children) > 1 or nested:
                self._end(children, self.ends[element], nested)
            elif isinstance(children[0], Element):
                self.ends[children[0]] = self.ends[element]

    def _grow(self) -> tuple[list[Element | Link], dict[Link, Element]]:
        """Fills ``parts`` and ``firsts``; what stands in no other element, and the elements of links around links."""
        parts, firsts = self.parts, self.firsts
        tops: list[Element | Link] = []
        nested: dict[Link, Element] = {}
        for number, link in enumerate(self.links):
            firsts[link] = number
            above = link.holder
            fresh: list[Element] = []
            beside: list[Element | Link] | None = None
            while above is not None:
                beside = parts.get(above)
                if beside is not None:
                    break
                fresh.append(above)
                above = above.above
            if beside is None:
                beside = tops
            for step in reversed(fresh):
                firsts[step] = number
                outer = self._anchor(step) if step.tag == "a" else None
                if outer is None:
                    beside.append(step)
                else:
                    nested[outer] = step
                beside = parts[step] = []
            beside.append(link)
        return tops, nested

    def _end(self, parts: Sequence[Element | Link], end: int, nested: dict[Link, Element]) -> None:
        """Fills ``ends`` for parts in page order, of which the last ends before the link of number ``end``."""
        firsts, ends = self.firsts, self.ends
        for number in range(len(parts) - 1, -1, -1):
            part = parts[number]
            if isinstance(part, Element):
                ends[part] = end
            elif nested and part in nested:
                ends[part] = ends[nested[part]] = end
            end = firsts[part]

    def _anchor(self, element: Element) -> Link | None:
        """The link that an element is. Links stand in links where tables within them are laid out by hand."""
        if self._anchors is None:
            self._anchors = {link.identity: link for link in self.links}
        return self._anchors.get(element.identity)

    def place_around(self, element: Element) -> int:
        """What the names of this element and of those around it say; small boxes count from within only."""
        known = self._places.get(element)
        return self._find_places(element) if known is None else known & ~_SMALL_ITSELF

    def _find_places(self, element: Element) -> int:
        places = self._places
        fresh = [element]
        step = element.above
        known: int | None = None
        while step is not None and (known := places.get(step)) is None:
            fresh.append(step)
            step = step.above
        around = known if known is not None and step is not None and step.tag != "body" else 0
        for step in reversed(fresh):
            place = own_place(step)
            is_in_small = bool(around & _SMALL_ITSELF)
            around = (around & ~(Place.SMALL | _SMALL_ITSELF)) | place
            if is_in_small:
                around |= Place.SMALL
            places[step] = known = around | _SMALL_ITSELF if place & Place.SMALL else around
            around = known if step.tag != "body" else 0
        return places[element] & ~_SMALL_ITSELF

    def find_groups(self, *, least: int = 2) -> list[Group]:
        """All groups of ``least`` units or more that hold one entry each, in page order."""
        groups: list[Group] = []
        firsts, ends = self.firsts, self.ends
        for parent, children in self.parts.items():
            if len(children) < least:
                continue
            first, end = firsts[parent], ends[parent]
            if end - first == len(children) <= MAX_UNITS and _are_alike(children):
                group = Group(parent, first)
                group.members = children
                group.mains = self.links[first:end]
                group.letters = sum(self._letters[first:end])
                groups.append(group)
            else:
                groups += [group for group in self._sorted_out(parent, children) if len(group.mains) >= least]
        for group in groups:
            group.place = self.place_around(group.parent)
        return groups

    def _sorted_out(self, parent: Element, children: Sequence[Element | Link]) -> Iterable[Group]:
        """The groups of children that are of several tags or hold several links."""
        by_tag: dict[str, Group] = {}
        for part in children[:MAX_UNITS]:
            tag = tag_of(part)
            group = by_tag.get(tag)
            if group is None:
                group = by_tag[tag] = Group(parent)
            unit = self.as_unit(part)
            if unit is None:
                group.rejected += 1
            else:
                if not group.mains:
                    group.first = self.firsts[part]
                main, same = unit
                group.add(part, main, same)
        return by_tag.values()

    def links_of(self, element: Element) -> list[Link]:
        return self.links[self.firsts[element] : self.ends[element]]

    def count_links(self, element: Element) -> int:
        return self.ends[element] - self.firsts[element]

    def as_unit(self, part: Element | Link) -> tuple[Link, Sequence[Link]] | None:
        """The main link and the others of the same entry, or None when the element holds several entries."""
        end = self.ends.get(part)
        if end is None:
            return (part, ()) if isinstance(part, Link) else None
        first = self.firsts[part]
        if end - first == 1:
            return self.links[first], ()
        if end - first > MAX_UNIT_LINKS:
            return None
        return _choose_main([part] if isinstance(part, Link) else self.links[first:end])


def _are_alike(parts: Sequence[Element | Link]) -> bool:
    """Whether all are links, or all elements of one tag."""
    first = parts[0]
    if isinstance(first, Link):
        return all(isinstance(part, Link) for part in parts)
    tag = first.tag
    return all(isinstance(part, Element) and part.tag == tag for part in parts)


def merge_siblings(tree: Tree, groups: Sequence[Group]) -> list[Group]:
    """Lists cut into several: groups of like units whose parents are siblings of one tag, joined in page order."""
    by_place: dict[tuple[Element, str, str], list[Group]] = {}
    entries = {part for group in groups for part in group.members}
    for group in groups:
        if group.parent in entries:
            continue  # the parts of one entry
        above = group.parent.above
        if above is not None:
            by_place.setdefault((above, group.parent.tag, group.tag), []).append(group)
    whole = [_with_single_entries(tree, parts) for parts in by_place.values()]
    return [_merged(parts) for parts in whole if len(parts) > 1]


def _with_single_entries(tree: Tree, parts: list[Group]) -> list[Group]:
    """The parts of a list and those beside them, of the same name, that hold one entry each (a year of one paper)."""
    first = parts[0].parent
    beside = tree.parts[first.above] if first.above is not None else []
    if len(beside) == len(parts) or not (name := hint_of(first)):
        return parts
    known: dict[Element | Link, Group] = {part.parent: part for part in parts}
    tag = parts[0].tag
    whole: list[Group] = []
    for child in beside[:MAX_UNITS]:
        if (part := known.get(child)) is not None:
            whole.append(part)
        elif isinstance(child, Element) and tree.count_links(child) == 1 and child.tag == first.tag:
            unit = tree.parts[child][0]
            if tag_of(unit) == tag and hint_of(child) == name:
                single = Group(child, tree.firsts[child])
                single.add(unit, tree.links[single.first])
                whole.append(single)
    return whole


def _merged(parts: Sequence[Group]) -> Group:
    whole = Group(parts[0].parent, parts[0].first, parts[0].place)
    whole.parts = len(parts)
    whole.rejected = sum([part.rejected for part in parts])
    whole.letters = sum([part.letters for part in parts])
    whole.members = [member for part in parts for member in part.members]
    whole.mains = [main for part in parts for main in part.mains]
    begin = 0
    for part in parts:
        for number, same in part.sames.items():
            whole.sames[begin + number] = same
        begin += len(part.mains)
    return whole


def _choose_main(links: Sequence[Link]) -> tuple[Link, Sequence[Link]] | None:
    if len(links) > 2 and any(_is_file(link) for link in links):  # files below a title are parts of its entry
        links = [link for link in links if not _is_file(link)] or links
    main = _longest(links)
    if main is None or is_minor_label(main.label):
        main = _longest([link for link in links if not is_minor_label(link.label)])
        if main is None:
            return None
    length = len(main.label)
    same: list[Link] = []
    for link in links:
        if link is main:
            continue
        if is_same_entry(main, link) or (not link.text and main.text):
            same.append(link)
            continue
        own = len(link.label)
        if not ((own <= MAX_ASIDE_CHARACTERS and 2 * own < length) or is_minor_label(link.label)):
            return None
    return main, same


def _is_file(link: Link) -> bool:
    href = link.href
    return href[-1:] in _FILE_LETTERS and href[-5:].lower().endswith(_FILE_ENDINGS)


def _longest(links: Sequence[Link]) -> Link | None:
    """The link with the longest label, the first of equals."""
    best: Link | None = None
    length = 0
    for link in links:
        own = len(link.label)
        if own > length:
            best, length = link, own
    return best


def is_minor_label(label: str) -> bool:
    """详情, a file button, a topic in brackets: never an entry of its own."""
    return len(label) <= MAX_MINOR_CHARACTERS and _is_minor(label)


@lru_cache(maxsize=8192)
def _is_minor(label: str) -> bool:
    return bool(_MINOR_WORDS.fullmatch(label) or _TOPIC.fullmatch(label))


def is_same_entry(main: Link, other: Link) -> bool:
    if main.url is not None and other.url is not None:
        return main.url == other.url
    return other.label in main.label or (main.title is not None and main.title == other.title)
