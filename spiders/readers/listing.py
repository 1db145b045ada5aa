"""Finding the list of a page: its entries in page order with their dates, its next page, its totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from gkmonitor.records import Item, Listing
from spiders.readers.dating import Candidate, candidates_of, glued_date, month_day_of, url_date
from spiders.readers.document import Document, collapse
from spiders.readers.grouping import Group, Place, Unit, build_branches, find_groups, merge_siblings
from spiders.readers.item import Piece, clean_title, is_pinned, pieces_beside, read_pieces, read_title
from spiders.readers.pager import Pager, is_pager_link, read_pager

MAX_GROUPS_READ = 12
DATED_FACTOR = 4.0
UNDATED_FACTOR = 0.6

_ARTICLE_ADDRESS = re.compile(r"\d{4,}|[0-9a-f]{24,}|[?&](?:id|aid|newsid|articleid)=", re.IGNORECASE)
_LETTERS_ONLY = re.compile(r"[\W\d_]+")


class Reading:
    """A group with its units read: what the list would be if this group were it."""

    def __init__(self, group: Group, items: list[Item]) -> None:
        self.group = group
        self.items = items
        self.dated = sum(item.published is not None and item.date_source != "url" for item in items)

    @property
    def score(self) -> float:
        share = self.dated / max(1, len(self.items))
        factor = UNDATED_FACTOR + DATED_FACTOR * share if share >= 0.3 else UNDATED_FACTOR
        return weigh(self.group) * factor

    @cached_property
    def is_list(self) -> bool:
        """Whether this can be a list of publications: dated, or long titles that lead to articles."""
        if self.dated >= max(1, len(self.items) * 0.3):
            return self.group.mean_letters >= 3
        group = self.group
        if len(group.units) < 3 or group.mean_letters < 8 or group.place & (Place.CHROME | Place.SMALL):
            return False
        leading = sum(bool(_ARTICLE_ADDRESS.search(item.url)) for item in self.items if item.url)
        return leading >= 0.7 * len(self.items)


class PageLists:
    """All repeating groups of one page, read as far as they are asked for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._readings: dict[int, Reading] = {}

    @cached_property
    def groups(self) -> list[Group]:
        links = [link for link in self.document.links if not is_pager_link(link)]
        return find_groups(build_branches(links))

    @cached_property
    def pager(self) -> Pager:
        return read_pager(self.document)

    def read(self, group: Group) -> Reading:
        reading = self._readings.get(id(group))
        if reading is None:
            reading = self._readings[id(group)] = Reading(group, read_items(group, self.document))
        return reading

    @cached_property
    def best(self) -> Reading | None:
        """The group that is the page's list; those that cannot win any more are not read."""
        weighed = [(weigh(group), group) for group in (*self.groups, *merge_siblings(self.groups))]
        weighed.sort(key=lambda pair: -pair[0])
        best: Reading | None = None
        for weight, group in weighed[:MAX_GROUPS_READ]:
            if best is not None and weight * (DATED_FACTOR + UNDATED_FACTOR) <= best.score:
                break
            reading = self.read(group)
            if reading.items and reading.is_list and (best is None or reading.score > best.score):
                best = reading
        return best

    @cached_property
    def listing(self) -> Listing | None:
        """The page's list; None where there is none, no items where the list is there and empty."""
        if self.best is None:
            return None
        return Listing(tuple(self.best.items), self.pager.next_url, self.pager.total_items, self.pager.total_pages)


def read_listing(document: Document) -> Listing | None:
    """The page's list; None where there is none, no items where the list is there and empty."""
    return PageLists(document).listing


def weigh(group: Group) -> float:
    """How much a group looks like the page's list before its dates are read."""
    if len(group.units) < 2 * group.rejected:
        return 0.0
    place = group.place
    score = float(group.letters)
    if place & Place.CHROME:
        score *= 0.2
    if place & Place.SMALL:
        score *= 0.3
    if place & Place.ASIDE and not place & Place.MAIN:
        score *= 0.6
    if group.parts > 1:
        score *= 0.95
    return score * 0.4 if group.mean_letters < 6 else score


def read_items(group: Group, document: Document) -> list[Item]:
    """The group's units as items, dated by themselves, by the text beside them or by the end of their titles."""
    pieces = [read_pieces(unit, document) for unit in group.units]
    titles = [read_title(unit, texts) for unit, texts in zip(group.units, pieces, strict=True)]
    heads = _table_heads(group)
    found = [candidates_of(texts, title, heads) for texts, title in zip(pieces, titles, strict=True)]
    if sum(map(bool, found)) < len(found) / 2:
        _look_beside(group, titles, found)
    if sum(map(bool, found)) < len(found) / 2:
        _take_glued(titles, found)
    may_pin = "置顶" in document.text or "istop" in document.text or "zhiding" in document.text
    items = [
        _item(unit, texts, title, dates, may_pin)
        for unit, texts, title, dates in zip(group.units, pieces, titles, found, strict=True)
        if title
    ]
    return _without_second_rendering(items)


def _item(unit: Unit, pieces: list[Piece], title: str, dates: list[Candidate], may_pin: bool) -> Item:
    url = unit.main.url
    by_url = url_date(url)
    chosen = dates[0] if dates else month_day_of(pieces, url, None) or by_url
    others = [one for one in [*dates[1:], by_url] if one is not None and chosen is not None and one.day != chosen.day]
    return Item(
        title,
        url or "",
        chosen.day if chosen else None,
        chosen.printed if chosen else None,
        chosen.source if chosen else None,
        tuple(one.as_reading() for one in others[:4]),
        may_pin and is_pinned(unit, pieces),
    )


def _without_second_rendering(items: list[Item]) -> list[Item]:
    """Lists printed twice (for desktop and phone) counted once; a list that repeats a few entries stays as it is."""
    addresses = Counter(item.url for item in items if item.url)
    if len(items) < 2 or len(addresses) > 0.6 * len(items) or sum(addresses.values()) < len(items):
        return items
    kept: dict[tuple[str, str], Item] = {}
    for item in items:
        letters = _LETTERS_ONLY.sub("", item.title)
        known = kept.get((item.url, letters))
        if known is None:
            kept[item.url, letters] = item
        elif known.published is None and item.published is not None:
            kept[item.url, letters] = replace(item, title=known.title)
    return list(kept.values())


def _table_heads(group: Group) -> list[str]:
    if group.units[0].branch.node.tag != "tr":
        return []
    for parent in (group.parent, *list(group.parent.ancestors())[:1]):
        for row in parent.node.css("tr")[:3]:
            cells = [collapse(cell.text()) for cell in row.iter()]
            if any("日期" in cell or "时间" in cell for cell in cells) and row.css_first("a[href]") is None:
                return cells
    return []


def _look_beside(group: Group, titles: Sequence[str], found: list[list[Candidate]]) -> None:
    """Dates in the rows or texts between the units: behind each, or before each."""
    nodes = [unit.branch.node for unit in group.units]
    best: list[list[Candidate]] = []
    for is_before in (False, True):
        stops = [None, *(n.mem_id for n in nodes)] if is_before else [*(n.mem_id for n in nodes[1:]), None]
        read = [
            candidates_of(list(pieces_beside(node, stop, is_before=is_before)), title)
            for node, stop, title in zip(nodes, stops, titles, strict=False)
        ]
        if sum(map(bool, read)) > sum(map(bool, best)):
            best = read
    if sum(map(bool, best)) >= max(1, len(found) * 0.6):
        for index, dates in enumerate(best):
            if not found[index]:
                found[index] = dates


def _take_glued(titles: list[str], found: list[list[Candidate]]) -> None:
    glued = [glued_date(title) for title in titles]
    if sum(one is not None for one in glued) < 0.6 * len(titles):
        return
    for index, one in enumerate(glued):
        if one is not None and not found[index]:
            found[index] = [one[0]]
            titles[index] = clean_title(one[1])
