"""Where the groups of a page stand: by its pager, beside its content, before its breadcrumb, behind its footer."""

from __future__ import annotations

import re
from itertools import takewhile

from spiders.readers.crumbs import first_crumb
from spiders.readers.document import Document, Link
from spiders.readers.elements import Element, box_of_table
from spiders.readers.grouping import Group, Place, weigh
from spiders.readers.margins import is_margin
from spiders.readers.owning import is_below_another
from spiders.readers.owning import own_column as printed_column
from spiders.readers.pager import Pager, is_pager_link, may_be_pager_links, read_pager
from spiders.readers.trees import Tree
from spiders.readers.weighing import FEW_UNITS

FEW_LETTERS = 6
PAGER_FACTOR = 2.0
PAGER_LEVELS = 3
HEADER_SHARE = 4  # a filing number in the first quarter of the links stands in a header

_FILING = re.compile(r"i(?i:cp)\s?[备備证證]|I(?i:cp)\s?[备備证證]|公[网網]安[备備]")
_TITLE_BARS = re.compile(r"[-_|—–]+")


class PageGroups:
    """The repeating groups of one page and where they stand; each thing is found when it is first asked for.

    ``own_names``: what the page calls itself: its heading, its title and the title's parts; ``own_name``: the name of
    its column, as the breadcrumb ends.
    """

    def __init__(self, document: Document, breadcrumb: tuple[str, ...] = ()) -> None:
        self.document = document
        title = "".join((document.title or "").split())
        heading = "".join((document.heading or "").split())
        self.own_names: tuple[str, ...] = (*_TITLE_BARS.split(title), title, heading, *breadcrumb)
        self.own_name = breadcrumb[-1] if breadcrumb else None
        self._breadcrumb = breadcrumb
        self._margins: dict[Element, bool] = {}
        self._tree: Tree | None = None
        self._groups: list[Group] | None = None
        self._pager_links: list[Link] | None = None
        self._pager: Pager | None = None
        self._printed: tuple[str | None] | None = None
        self._crumb: int | None = None
        self._foot: int | None = None
        self._least: int | None = None
        self._least_of_any: int | None = None

    @property
    def tree(self) -> Tree:
        """What leads to links that may be entries."""
        if self._tree is None:
            pagers = {link for link in self.pager_links if is_pager_link(link)}
            links = self.document.links
            self._tree = Tree([link for link in links if link not in pagers] if pagers else links)
        return self._tree

    @property
    def pager_links(self) -> list[Link]:
        """The few links that may turn pages."""
        if self._pager_links is None:
            self._pager_links = may_be_pager_links(self.document)
        return self._pager_links

    @property
    def groups(self) -> list[Group]:
        if self._groups is None:
            self._groups = self.tree.find_groups()
        return self._groups

    @property
    def pager(self) -> Pager:
        if self._pager is None:
            self._pager = read_pager(self.document, self.pager_links)
        return self._pager

    # ------------------------------------------------------------ beside the pager

    def weigh(self, group: Group) -> float:
        weight = weigh(group)
        if not (weight and self.pager.around and self.is_near_pager(group)):
            return weight
        is_closest = self._steps_to_pager(group) <= self._least_steps_of_any()
        return weight * (PAGER_FACTOR * PAGER_FACTOR if is_closest else PAGER_FACTOR)

    def is_near_pager(self, group: Group) -> bool:
        """Whether group and pager stand in one element, the group (or its table) at most two levels below it."""
        around = self.pager.around
        element: Element | None = box_of_table(group.parent) or group.parent
        for _ in range(PAGER_LEVELS):
            if element is None:
                return False
            if element.identity in around:
                return True
            element = element.above
        return False

    def _steps_to_pager(self, group: Group) -> int:
        """How far out from the pager the element is that holds both."""
        around = self.pager.around
        element: Element | None = group.parent
        steps = len(around)
        while element is not None:
            if element.identity in around:
                return around.index(element.identity)
            element = element.above
        return steps

    def _least_steps(self) -> int:
        """The same of the list that stands closest to the pager."""
        if self._least is None:
            self._least = min(
                (self._steps_to_pager(one) for one in self.groups if len(one.mains) >= FEW_UNITS), default=0
            )
        return self._least

    def _least_steps_of_any(self) -> int:
        """The same among parts of lists too, rows of two entries."""
        if self._least_of_any is None:
            steps = [self._steps_to_pager(one) for one in self.groups if one.mean_letters >= FEW_LETTERS]
            self._least_of_any = min(steps, default=0)
        return self._least_of_any

    # ------------------------------------------------------------ beside the page's own content

    @property
    def own_column(self) -> str | None:
        """The name of the page's column, as it is printed or as the breadcrumb ends."""
        return self._printed_column() or self.own_name

    def _printed_column(self) -> str | None:
        """The page's column where its name stands on a line of its own: what is below other names is not its list."""
        if self._printed is None:
            self._printed = (printed_column(self.document, self.own_names),)
        return self._printed[0]

    def stands_aside(self, group: Group) -> bool:
        """Whether a group stands in a margin, or is not shown at first (a popup, another tab)."""
        return self.document.is_hidden(group.parent.node) or self.is_of_others(group, self._printed_column())

    def is_of_others(self, group: Group, own: str | None) -> bool:
        """Whether a group stands in a margin, or below the name of another column than the page's ``own``."""
        return self.is_margin(group) or (own is not None and is_below_another(group.parent.node, self.own_names))

    def is_margin(self, group: Group) -> bool:
        """Whether a group stands beside the page's own content; what a pager belongs to does not."""
        if group.first < self._crumb_at() or group.first > self._foot_at():
            return True
        if self.pager.around and self.is_near_pager(group) and self._steps_to_pager(group) <= self._least_steps():
            return False
        known = self._margins.get(group.parent)
        if known is None:
            known = self._margins[group.parent] = is_margin(group.parent.node, self.own_names)
        return known

    def _crumb_at(self) -> int:
        """How many links stand before the breadcrumb; no page shows its own list before it says where it is."""
        if self._crumb is None:
            crumb = first_crumb(self.document, self._breadcrumb)
            numbers = self.tree.firsts
            before = [] if crumb is None else takewhile(lambda link: link is not crumb, self.document.links)
            self._crumb = len([link for link in before if link in numbers])
        return self._crumb

    def _foot_at(self) -> int:
        """The number of the last link in a footer: what stands behind it floats above the page, or is no part of it."""
        if self._foot is None:
            self._foot = self._find_foot()
        return self._foot

    def _find_foot(self) -> int:
        links = self.tree.links
        for number in range(len(links) - 1, -1, -1):
            link = links[number]
            if (link.holder is not None and self.tree.place_around(link.holder) & Place.FOOT) or _FILING.search(
                link.label
            ):
                return number if HEADER_SHARE * number >= len(links) else len(links)
        return len(links)
