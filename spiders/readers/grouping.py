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

MAX_UNIT_LINKS = 14
MAX_UNITS = 600
MAX_CLIMB = 60
HINT_LEVELS = 7

_MINOR_WORDS = re.compile(
    r"[\[【(（<>《»\s]*(?:查看|阅读|更多|了解)?(?:详情|详细(?:内容|信息)?|全文|原文|更多|more|read|details?|下载|附件|打印|"
    r"分享|点击.{0,4}|查看|进入|办理|pdf|word|docx?|xlsx?|\d{1,4})[\]】)）<>》…».。\s]*",
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

    __slots__ = ("_place", "_surroundings", "children", "link", "node", "parent", "sole", "tag", "total")

    def __init__(self, node: LexborNode, parent: Branch | None) -> None:
        self.node = node
        self.tag = node.tag_id
        self.parent = parent
        self.children = _NO_CHILDREN
        self.link: Link | None = None
        self.total = 0
        self.sole: Link | None = None  # the only link, where ``total`` is 1
        self._place: int | None = None
        self._surroundings: int | None = None

    @property
    def surroundings(self) -> int:
        """What the names of this element and of those around it say; small boxes count from within only."""
        if self._surroundings is None:
            around = 0
            if self.parent is not None and self.parent.node.tag != "body":
                around = self.parent.surroundings & ~Place.SMALL | self.parent.place & Place.SMALL
            self._surroundings = around | self.place
        return self._surroundings

    @property
    def place(self) -> int:
        """What class and id of this one element say."""
        if self._place is None:
            self._place = place_of(self.node.attributes) | _TAG_PLACES.get(self.node.tag or "", 0)
        return self._place

    @property
    def hint(self) -> str:
        attributes = self.node.attributes
        return f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip().lower()

    def links(self) -> list[Link]:
        if self.link is not None:
            return [self.link]
        found: list[Link] = []
        branch = self
        while len(branch.children) == 1 and branch.link is None:
            branch = branch.children[0]
        if branch.link is not None:
            found.append(branch.link)
        for child in branch.children:
            found += child.links() if child.link is None or child.children else [child.link]
        return found

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
        self.letters += min(len(unit.main.label), 40)


def build_branches(links: Sequence[Link]) -> list[Branch]:
    """Every branch of the page, parents before children; links without any label are left out."""
    known: dict[int, Branch] = {}
    order: list[Branch] = []
    for link in links:
        if not link.label:
            continue
        path: list[tuple[LexborNode, int]] = []
        node: LexborNode | None = link.node
        parent: Branch | None = None
        while node is not None and len(path) < MAX_CLIMB:
            key = node.mem_id
            parent = known.get(key)
            if parent is not None:
                break
            path.append((node, key))
            node = node.parent
        for step, key in reversed(path):
            parent = known[key] = _grow(step, parent)
            order.append(parent)
        if parent is not None and parent.link is None:
            parent.link = parent.sole = link
            parent.total = 1
    for branch in reversed(order):
        above = branch.parent
        if above is not None:
            above.total += branch.total
            above.sole = branch.sole
    return order


def _grow(node: LexborNode, parent: Branch | None) -> Branch:
    branch = Branch(node, parent)
    if parent is not None:
        if parent.children:
            parent.children.append(branch)
        else:
            parent.children = [branch]
    return branch


def find_groups(branches: Sequence[Branch], *, least: int = 2) -> list[Group]:
    """All groups of ``least`` units or more that hold one entry each, in page order."""
    groups: list[Group] = []
    for parent in branches:
        children = parent.children
        if len(children) < least:
            continue
        by_tag: dict[int, Group] = {}
        for child in children[:MAX_UNITS]:
            group = by_tag.get(child.tag)
            if group is None:
                group = by_tag[child.tag] = Group(parent)
            unit = as_unit(child)
            if unit is None:
                group.rejected += 1
            else:
                group.add(unit)
        groups += [group for group in by_tag.values() if len(group.units) >= least]
    return groups


def merge_siblings(groups: Sequence[Group]) -> list[Group]:
    """Lists cut into several: groups of like units whose parents are siblings of one tag, joined in page order."""
    by_place: dict[tuple[int, int, int], list[Group]] = {}
    entries = {id(unit.branch) for group in groups for unit in group.units}
    for group in groups:
        if id(group.parent) in entries:
            continue  # the parts of one entry
        above = group.parent.parent
        if above is not None:
            key = (above.node.mem_id, group.parent.tag, group.units[0].branch.tag)
            by_place.setdefault(key, []).append(group)
    merged = []
    for parts in by_place.values():
        if len(parts) < 2:
            continue
        whole = Group(parts[0].parent, rejected=sum(part.rejected for part in parts), parts=len(parts))
        for part in parts:
            for unit in part.units:
                whole.add(unit)
        merged.append(whole)
    return merged


def as_unit(branch: Branch) -> Unit | None:
    """The branch as one entry, or None when it holds several."""
    if branch.total > MAX_UNIT_LINKS:
        return None
    if branch.total == 1 and branch.sole is not None:
        return Unit(branch, branch.sole)
    links = branch.links()
    return _choose_main(branch, links) if links else None


def _choose_main(branch: Branch, links: list[Link]) -> Unit | None:
    main = max(links, key=lambda link: len(link.label))
    if is_minor_label(main.label):
        main = max(links, key=lambda link: 0 if is_minor_label(link.label) else len(link.label))
        if is_minor_label(main.label):
            return None
    same: list[Link] = []
    for link in links:
        if link is main:
            continue
        if is_same_entry(main, link) or (not link.text and main.text):
            same.append(link)
        elif not ((len(link.label) <= 8 and 2 * len(link.label) < len(main.label)) or is_minor_label(link.label)):
            return None
    return Unit(branch, main, tuple(same))


def is_minor_label(label: str) -> bool:
    """详情, a file button, a topic in brackets: never an entry of its own."""
    return len(label) <= 16 and bool(_MINOR_WORDS.fullmatch(label) or _TOPIC.fullmatch(label))


def is_same_entry(main: Link, other: Link) -> bool:
    if main.url is not None and other.url is not None:
        return main.url == other.url
    return main.label == other.label or other.label in main.label
