"""The part of the page's tree that its links span, and the repeating groups in it: every list is one of these.

A group is a parent element with children of one tag that lead to links: ``ul`` and its ``li``, ``tbody`` and its ``tr``,
a ``div`` and the ``a`` that stand in it. Each such child is a unit; a list is a group whose units hold one entry each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from selectolax.lexbor import LexborNode

from spiders.readers.document import Link

MAX_UNIT_LINKS = 14
MAX_UNITS = 600
MAX_CLIMB = 60

_MINOR_WORDS = re.compile(
    r"[\[【(（<>《»\s]*(?:查看|阅读|更多|了解)?(?:详情|详细(?:内容|信息)?|全文|原文|更多|more|read|details?|下载|附件|打印|分享|"
    r"点击.{0,4}|查看|进入|办理|pdf|word|docx?|xlsx?|\d{1,4})[\]】)）<>》…».。\s]*",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"[\[【〔（(](?![图圖])[^\]】〕）)]{1,14}[\]】〕）)]")


class Branch:
    """An element that leads to links; ``links`` are all below it (None when too many for one entry)."""

    __slots__ = ("_hint", "children", "link", "node", "parent", "tag", "total")

    def __init__(self, node: LexborNode, parent: Branch | None) -> None:
        self.node = node
        self.tag = node.tag or ""
        self.parent = parent
        self.children: list[Branch] = []
        self.link: Link | None = None
        self.total = 0
        self._hint: str | None = None

    @property
    def hint(self) -> str:
        """Class and id in lower case: what the template's author called the element."""
        if self._hint is None:
            attributes = self.node.attributes
            self._hint = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
        return self._hint

    def links(self) -> list[Link]:
        found: list[Link] = []
        stack = [self]
        while stack:
            branch = stack.pop()
            if branch.link is not None:
                found.append(branch.link)
            stack.extend(reversed(branch.children))
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


@dataclass(eq=False)
class Group:
    """Units of one kind under one parent (or under parents that are siblings: a list cut into several)."""

    parents: list[Branch]
    tag: str
    units: list[Unit] = field(default_factory=list)
    rejected: int = 0  # children of the tag that hold several entries

    @property
    def parent(self) -> Branch:
        return self.parents[0]

    @cached_property
    def hints(self) -> str:
        """Hints of the group's own element and of its ancestors, innermost first."""
        chain = [self.parent, *self.parent.ancestors()]
        return " ".join(branch.hint for branch in chain[:7])

    @cached_property
    def title_length(self) -> float:
        """Mean length of the units' labels, each counted up to 40."""
        return sum(min(len(unit.main.label), 40) for unit in self.units) / max(1, len(self.units))


def build_branches(links: Sequence[Link]) -> list[Branch]:
    """Every branch of the page, parents before children; links without any label are left out."""
    known: dict[int, Branch] = {}
    order: list[Branch] = []
    for link in links:
        if not link.label:
            continue
        path: list[LexborNode] = []
        node: LexborNode | None = link.node
        while node is not None and node.mem_id not in known and len(path) < MAX_CLIMB:
            path.append(node)
            node = node.parent
        parent = known.get(node.mem_id) if node is not None else None
        for step in reversed(path):
            branch = Branch(step, parent)
            if parent is not None:
                parent.children.append(branch)
            known[step.mem_id] = branch
            order.append(branch)
            parent = branch
        if parent is None:
            continue
        parent.link = link
        counted: Branch | None = parent
        while counted is not None:
            counted.total += 1
            counted = counted.parent
    return order


def find_groups(branches: Sequence[Branch]) -> list[Group]:
    """All groups with at least one unit that holds exactly one entry, in page order."""
    groups: list[Group] = []
    for parent in branches:
        by_tag: dict[str, Group] = {}
        for child in parent.children[:MAX_UNITS]:
            group = by_tag.get(child.tag)
            if group is None:
                group = by_tag[child.tag] = Group([parent], child.tag)
            unit = _as_unit(child)
            if unit is None:
                group.rejected += 1
            else:
                group.units.append(unit)
        groups += [group for group in by_tag.values() if group.units]
    return groups


def _as_unit(branch: Branch) -> Unit | None:
    if branch.total > MAX_UNIT_LINKS:
        return None
    links = branch.links()
    if len(links) == 1:
        return Unit(branch, links[0])
    return _choose_main(branch, links)


def _choose_main(branch: Branch, links: list[Link]) -> Unit | None:
    main = max(links, key=_weight)
    if not _weight(main):
        return None
    same: list[Link] = []
    for link in links:
        if link is main:
            continue
        if is_same_entry(main, link):
            same.append(link)
        elif not is_minor(link, main):
            return None
    return Unit(branch, main, tuple(same))


def _weight(link: Link) -> int:
    """How much a link looks like the entry itself and not like its topic, picture or 详情 link."""
    label = link.label
    if _MINOR_WORDS.fullmatch(label) or _TOPIC.fullmatch(label):
        return 0
    return len(label) + (2 if link.text else 0)


def is_same_entry(main: Link, other: Link) -> bool:
    if main.url is not None and other.url is not None:
        return main.url == other.url
    return main.label == other.label or other.label in main.label


def is_minor(link: Link, main: Link) -> bool:
    """A topic in brackets, 详情, a file button or the name of a column beside a much longer title."""
    label = link.label
    if _MINOR_WORDS.fullmatch(label) or _TOPIC.fullmatch(label):
        return True
    return len(label) <= 8 and 2 * len(label) < len(main.label)
