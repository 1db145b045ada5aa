"""The part of the page's tree that its links span, and the repeating groups in it: every list is one of these.

A group is a parent element with children of one tag that lead to links: ``ul`` and its ``li``, ``tbody`` and its
``tr``, a ``div`` and the ``a`` that stand in it. Each such child is a unit; a list is a group whose units hold one
entry each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

from spiders.readers.document import Link
from spiders.readers.elements import Element

MAX_UNIT_LINKS = 14
MAX_UNITS = 600
MAX_CLIMB = 59
COUNTED_LETTERS = 40
HINT_LEVELS = 7

_MINOR_WORDS = re.compile(
    r"[\[【(（<>《»\s]*(?:查看|阅读|更多|了解)?(?:详情|详细(?:内容|信息)?|全文|原文|更多|more|read|details?|下载|附件|打印|"
    r"分享|点击.{0,4}|查看|进入|办理|(?:在线|网上|立即|我要|马上|一键)(?:办理?|申报|申请|咨询|预约|查询)|办事指南|"
    r"pdf|word|docx?|xlsx?|\d{1,4})[\]】)）<>》…».。\s]*",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"[\[【〔（(](?![图圖])[^\]】〕）)]{1,14}[\]】〕）)]")


class Place:
    """Bits: what the names of the elements around a group tell of it. Plain numbers, they are compared a lot."""

    CHROME = 1  # navigation
    SMALL = 2  # search boxes, pagers, logos, positions
    ASIDE = 4
    MAIN = 8
    HOT = 16  # rankings and recommendations
    FOOT = 32


_TAG_PLACES = {"footer": Place.FOOT, "nav": Place.CHROME, "aside": Place.HOT, "marquee": Place.HOT}
_DIGITS = re.compile(r"\d+")
_NO_CHILDREN: list[Branch] = []
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
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('role') or ''}"
    return _place_of(name[:120].lower()) if len(name) > 2 else 0


class Branch:
    """An element that leads to links. ``total`` counts them; ``link`` is set where the element is one."""

    __slots__ = ("_surroundings", "children", "element", "first", "link", "node", "parent", "tag", "total")

    def __init__(self, node: LexborNode, tag: str, parent: Branch | None, element: Element | None = None) -> None:
        self.node = node
        self.tag = tag
        self.parent = parent
        self.element = element
        self.children = _NO_CHILDREN
        self.link: Link | None = None
        self.total = 0
        self.first = 0  # the number of the first link; the others follow it in page order
        self._surroundings = -1
        if parent is not None:
            if parent.children:
                parent.children.append(self)
            else:
                parent.children = [self]

    @property
    def surroundings(self) -> int:
        """What the names of this element and of those around it say; small boxes count from within only."""
        around = self._surroundings
        if around >= 0:
            return around
        fresh: list[Branch] = []
        branch: Branch | None = self
        while branch is not None and branch._surroundings < 0:
            fresh.append(branch)
            branch = branch.parent
        around, above = 0, 0
        if branch is not None and branch.tag != "body":
            around, above = branch._surroundings, branch.place
        for step in reversed(fresh):
            place = step.place
            step._surroundings = around = (around & ~Place.SMALL) | (above & Place.SMALL) | place
            around, above = (0, 0) if step.tag == "body" else (around, place)
        return self._surroundings

    @property
    def place(self) -> int:
        """What class and id of this one element say."""
        return place_of(self.attributes) | _TAG_PLACES.get(self.tag, 0)

    @property
    def attributes(self) -> Mapping[str, str | None]:
        if self.element is not None:
            return self.element.attributes
        return self.link.attributes if self.link is not None else self.node.attributes

    @property
    def hint(self) -> str:
        attributes = self.attributes
        return f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip().lower()

    def ancestors(self) -> Iterator[Branch]:
        branch = self.parent
        while branch is not None:
            yield branch
            branch = branch.parent


@dataclass(slots=True, eq=False)
class Unit:
    """One child of a group: its element, its main link and the other links of the same entry."""

    branch: Branch
    main: Link
    same: tuple[Link, ...] = ()  # further links to the same address (picture, 详情, a second rendering)

    @property
    def has_picture(self) -> bool:
        return self.branch.node.css_first("img") is not None


@dataclass(slots=True, eq=False)
class Group:
    """Units of one kind under one parent (or under parents that are siblings: a list cut into several)."""

    parent: Branch
    units: list[Unit] = field(default_factory=list)
    rejected: int = 0  # children of the tag that hold several entries
    letters: int = 0  # of all labels, each counted up to 40
    parts: int = 1

    @property
    def mean_letters(self) -> float:
        return self.letters / max(1, len(self.units))

    @property
    def place(self) -> int:
        """What the names of the parent and of the elements around it say."""
        return self.parent.surroundings

    @property
    def is_mixed(self) -> bool:
        """Whether the units are different parts of a page (each with a name of its own) and not alike."""
        if len(self.units) < 2:
            return False
        names = {_DIGITS.sub("", unit.branch.hint) for unit in self.units}
        return len(names) == len(self.units) and "" not in names

    def add(self, unit: Unit) -> None:
        self.units.append(unit)
        length = len(unit.main.label)
        self.letters += length if length < COUNTED_LETTERS else COUNTED_LETTERS


def weigh(group: Group) -> float:
    """How much a group looks like the page's list before its dates are read."""
    if len(group.units) < 2 * group.rejected:
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


class Tree:
    """Every branch of a page, parents before children, and the links at their ends in page order."""

    def __init__(self, links: Sequence[Link]) -> None:
        """Links without any label are left out."""
        self.links = [link for link in links if link.label]
        self.branches: list[Branch] = []
        known: dict[int, Branch] = {}  # by identity
        add = self.branches.append
        for number, link in enumerate(self.links):
            holder = link.holder
            parent: Branch | None = None
            if holder is not None:
                parent = known.get(holder.identity) or self._open(holder, known)
            branch = known[link.identity] = Branch(link.node, "a", parent)
            branch.link = link
            branch.total = 1
            branch.first = number
            add(branch)
        for branch in reversed(self.branches):
            above = branch.parent
            if above is not None:
                above.total += branch.total
                if above.link is None:
                    above.first = branch.first

    def _open(self, element: Element, known: dict[int, Branch]) -> Branch | None:
        """Branches for an element and for those around it that have none yet, as deep as any list is nested."""
        fresh: list[Element] = []
        parent: Branch | None = None
        above: Element | None = element
        while above is not None and len(fresh) < MAX_CLIMB:
            parent = known.get(above.identity)
            if parent is not None:
                break
            fresh.append(above)
            above = above.above
        for step in reversed(fresh):
            parent = known[step.identity] = Branch(step.node, step.tag, parent, step)
            self.branches.append(parent)
        return parent

    def release(self) -> None:
        """Cuts the branches from those below them, so that they are freed at once and not by the collector."""
        for branch in self.branches:
            branch.children = _NO_CHILDREN

    def links_of(self, branch: Branch) -> list[Link]:
        return self.links[branch.first : branch.first + branch.total]

    def find_groups(self, *, least: int = 2) -> list[Group]:
        """All groups of ``least`` units or more that hold one entry each, in page order."""
        groups: list[Group] = []
        for parent in self.branches:
            children = parent.children
            if len(children) < least:
                continue
            by_tag: dict[str, Group] = {}
            for child in children[:MAX_UNITS]:
                group = by_tag.get(child.tag)
                if group is None:
                    group = by_tag[child.tag] = Group(parent)
                unit = self.as_unit(child)
                if unit is None:
                    group.rejected += 1
                else:
                    group.add(unit)
            groups += [group for group in by_tag.values() if len(group.units) >= least]
        return groups

    def as_unit(self, branch: Branch) -> Unit | None:
        """The branch as one entry, or None when it holds several."""
        total = branch.total
        if total == 1:
            return Unit(branch, self.links[branch.first])
        if total > MAX_UNIT_LINKS:
            return None
        links = [branch.link] if branch.link is not None else self.links_of(branch)
        return _choose_main(branch, links)


def merge_siblings(groups: Sequence[Group]) -> list[Group]:
    """Lists cut into several: groups of like units whose parents are siblings of one tag, joined in page order."""
    by_place: dict[tuple[int, str, str], list[Group]] = {}
    entries = {id(unit.branch) for group in groups for unit in group.units}
    for group in groups:
        if id(group.parent) in entries:
            continue  # the parts of one entry
        above = group.parent.parent
        if above is not None:
            key = (id(above), group.parent.tag, group.units[0].branch.tag)
            by_place.setdefault(key, []).append(group)
    merged = []
    for parts in by_place.values():
        parts = _with_single_entries(parts)
        if len(parts) < 2:
            continue
        whole = Group(parts[0].parent, rejected=sum(part.rejected for part in parts), parts=len(parts))
        for part in parts:
            for unit in part.units:
                whole.add(unit)
        merged.append(whole)
    return merged


def _with_single_entries(parts: list[Group]) -> list[Group]:
    """The parts of a list and those beside them, of the same name, that hold one entry each (a year of one paper)."""
    first = parts[0].parent
    above, name = first.parent, first.hint
    known = {id(part.parent): part for part in parts}
    if above is None or not name or len(above.children) == len(parts):
        return parts
    tag = parts[0].units[0].branch.tag
    whole: list[Group] = []
    for child in above.children[:MAX_UNITS]:
        if (part := known.get(id(child))) is not None:
            whole.append(part)
        elif child.total == 1 and child.tag == first.tag and child.hint == name and child.children[0].tag == tag:
            single = Group(child)
            end = child.children[0]
            while end.link is None:
                end = end.children[0]
            single.add(Unit(child.children[0], end.link))
            whole.append(single)
    return whole


def _choose_main(branch: Branch, links: list[Link]) -> Unit | None:
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
        elif not ((len(link.label) <= 8 and 2 * len(link.label) < length) or is_minor_label(link.label)):
            return None
    return Unit(branch, main, tuple(same))


def _longest(links: Sequence[Link]) -> Link | None:
    """The link with the longest label, the first of equals."""
    best: Link | None = None
    length = 0
    for link in links:
        if len(link.label) > length:
            best, length = link, len(link.label)
    return best


def is_minor_label(label: str) -> bool:
    """详情, a file button, a topic in brackets: never an entry of its own."""
    return len(label) <= 16 and bool(_MINOR_WORDS.fullmatch(label) or _TOPIC.fullmatch(label))


def is_same_entry(main: Link, other: Link) -> bool:
    if main.url is not None and other.url is not None:
        return main.url == other.url
    return main.label == other.label or other.label in main.label
