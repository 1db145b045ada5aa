"""Finding the list of a page: its entries in page order with their dates, its next page, its totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import islice

from gkmonitor.dates import find_dates, may_hold_date
from gkmonitor.records import Listing
from spiders.readers.blankness import has_empty_list, says_nothing
from spiders.readers.document import Document, Link
from spiders.readers.elements import Element
from spiders.readers.entries import read_entries
from spiders.readers.grouping import Group, Place
from spiders.readers.headed import is_doubtful, list_below_own_name
from spiders.readers.leftovers import has_entries, leads_back
from spiders.readers.margins import are_neighbours
from spiders.readers.standing import PageGroups
from spiders.readers.trees import merge_siblings
from spiders.readers.weighing import DATED_FACTOR, FEW_UNITS, UNDATED_FACTOR, Reading, is_article_address

MAX_GROUPS_READ = 12
MAX_GUESSED_CHARACTERS = 6_000
LEAST_DATES = 3
MAX_LONE_READ = 10
PROSE_CHARACTERS = 60
MAX_LONE_CHARACTERS = 400
LONE_LEVELS = 5
MAX_FACTOR = DATED_FACTOR + UNDATED_FACTOR

_DATE_LIKE = re.compile(  # a first character, to which a search can skip, and what it begins
    r"[0-9０-９一二](?:(?<=[12])[09]\d\d\s?(?:[-/.年－／．]|\s)|(?<=[一二])[九〇零○][〇零○一二三四五六七八九]{2}年"
    r"|(?<=\d)[-/.月]\s?\d\d?(?:(?!\d)|(?=(?:19|20)\d\d))|(?<=[０-９])[０-９])"
)
_DIGIT = re.compile(r"\d")
# Digits as dates have them: less than any date has, but more than a year alone, which is part of many titles.
_DAY_LIKE = re.compile(
    r"[0-9](?:\s{0,3}[-/.年月－–—‐‑‒−﹣／．﹒]\s{0,3}[0-9元〇零一二三四五六七八九十]|[0-9]{7})"
    r"|[０-９]|[〇零○◯OoΟО一二三四五六七八九]\s{0,3}年|[A-Za-z]{3}\W{1,3}[0-9]"
)
_NEVER_LONE = Place.CHROME | Place.HOT | Place.FOOT


class PageLists(PageGroups):
    """All repeating groups of one page, read as far as they are asked for."""

    def __init__(self, document: Document, breadcrumb: tuple[str, ...] = ()) -> None:
        super().__init__(document, breadcrumb)
        self._readings: dict[int, Reading] = {}
        self._texts: dict[Element, str] = {}
        self._dates: dict[Element, int] = {}
        self._best: tuple[Reading | None, Reading | None] | None = None
        self._dated: bool | None = None
        self._lone: tuple[Reading | None] | None = None
        self._chosen: tuple[Reading | None] | None = None
        self._listing: tuple[Listing | None] | None = None
        self._none_said: bool | None = None
        self._entries: bool | None = None

    def read(self, group: Group) -> Reading:
        reading = self._readings.get(id(group))
        if reading is None:
            entries = read_entries(group, self.document)
            reading = self._readings[id(group)] = Reading(group, entries, self.weigh(group), may_pin=self._may_pin())
            reading.may_be_undated = not reading.dated and self._may_be_undated_list(group)
        return reading

    def _may_pin(self) -> bool:
        has = self.document.has
        return has("置顶") or has("istop") or has("zhiding")

    @property
    def best(self) -> Reading | None:
        """The group that is the page's list; those that cannot win any more are not read.

        What is hidden at first (a popup, another tab) only counts where nothing else does.
        """
        best, hidden = self._best_two()
        return best or hidden

    def _best_two(self) -> tuple[Reading | None, Reading | None]:
        """The best group that visitors see, and the best of the hidden ones."""
        if self._best is None:
            self._best = self._find_best()
        return self._best

    def _find_best(self) -> tuple[Reading | None, Reading | None]:
        best: Reading | None = None
        hidden: Reading | None = None
        for guess, group in self._guessed():
            if best is not None and guess <= best.score:
                break
            if not _DAY_LIKE.search(self._text_around(group)) and not self._may_be_undated_list(group):
                continue
            reading = self.read(group)
            if not (reading.entries and reading.is_list):
                continue
            is_hidden = self.document.is_hidden(group.parent.node)
            rival = hidden if is_hidden else best
            if (rival is None or reading.score > rival.score) and not self.is_of_others(group, self.own_column):
                best, hidden = (best, reading) if is_hidden else (reading, hidden)
        return best, hidden

    def _guessed(self) -> Iterator[tuple[float, Group]]:
        """The groups that weigh most, and at most what their dates can make of that, in falling order of this.

        The dates of a group are only looked for when what stands before it has been taken.
        """
        weighed = [(self.weigh(group), group) for group in (*self.groups, *merge_siblings(self.tree, self.groups))]
        weighed = sorted((pair for pair in weighed if pair[0]), key=lambda pair: -pair[0])[:MAX_GROUPS_READ]
        guessed: list[tuple[float, int]] = []
        for number, (weight, group) in enumerate(weighed):
            while guessed and -guessed[0][0] >= weight * MAX_FACTOR:
                guess, place = heappop(guessed)
                yield -guess, weighed[place][1]
            factor = self._guess_factor(group)
            if factor > UNDATED_FACTOR or self._may_be_undated_list(group):
                heappush(guessed, (-weight * factor, number))
        while guessed:
            guess, place = heappop(guessed)
            yield -guess, weighed[place][1]

    @property
    def may_be_dated_list(self) -> bool:
        """Whether enough dates stand on the page to date a list."""
        found = _DATE_LIKE.finditer(self.document.visible_text[:MAX_GUESSED_CHARACTERS])
        return self._has_dates() and len(list(islice(found, LEAST_DATES))) == LEAST_DATES

    def _guess_factor(self, group: Group) -> float:
        """At most what the group's dates can make of its weight, from how many dates stand in its text."""
        if not self._has_dates():
            return UNDATED_FACTOR
        return UNDATED_FACTOR + DATED_FACTOR * min(1.0, self._dates_around(group) / len(group.mains))

    def _dates_around(self, group: Group) -> int:
        """How many dates may stand around a group, from the beginning of the text; groups share the elements around."""
        element = group.around
        known = self._dates.get(element)
        if known is None:
            text = self._text_around(group)
            known = text.count("20") + text.count("19")
            if not known and ("年" in text or _DIGIT.search(text)):
                known = len(_DATE_LIKE.findall(text))
            self._dates[element] = known
        return known

    def _text_around(self, group: Group) -> str:
        """The beginning of the text of the element that all the group's units stand in."""
        element = group.around
        text = self._texts.get(element)
        if text is None:
            text = element.node.text(separator=" ", skip_empty=True)[:MAX_GUESSED_CHARACTERS]
            self._texts[element] = text
        return text

    def _may_be_undated_list(self, group: Group) -> bool:
        """Whether long titles lead to articles, or pictures stand beside a pager."""
        if len(group.mains) < FEW_UNITS or group.place & (Place.CHROME | Place.SMALL | Place.FOOT):
            return False
        if group.mean_letters >= 8:
            return _lead_to_articles(group.mains)
        is_near = bool(self.pager.around) and self.is_near_pager(group)
        return is_near and all(part.node.css_first("img") is not None for part in group.members)

    def _has_dates(self) -> bool:
        if self._dated is None:
            self._dated = _DATE_LIKE.search(self.document.visible_text) is not None
        return self._dated

    @property
    def lone(self) -> Reading | None:
        """A list of one dated entry, which repeats nothing."""
        if self._lone is None:
            ends = [link for link in self.tree.links if link.holder is not None and len(link.label) >= 2]
            ends.sort(key=lambda link: -len(link.label))
            self._lone = (self.lone_of(ends),)
        return self._lone[0]

    def lone_of(self, ends: Sequence[Link]) -> Reading | None:
        """The same of the first of these links."""
        best: Reading | None = None
        for group in self._lone_groups(ends):
            reading = self.read(group)
            is_glued = any(entry.date_source == "list:title" for entry in reading.entries)
            if is_glued and self.pager.total_items != 1:
                continue  # what a title ends in may be what it is about
            if reading.dated and (best is None or reading.score > best.score):
                best = reading
        return best

    def _lone_groups(self, ends: Sequence[Link]) -> Iterator[Group]:
        """The smallest elements that hold one entry and a date."""
        tree = self.tree
        for end in ends[:MAX_LONE_READ]:
            part: Link | Element = end
            parent = end.holder
            if parent is None or tree.place_around(parent) & _NEVER_LONE or leads_back(end, self.document):
                continue
            if self.document.is_hidden(end.node):
                continue
            for _ in range(LONE_LEVELS):
                unit = tree.as_unit(part)
                if parent is None or unit is None:
                    break
                text = part.node.text(separator=" ")
                if len(text) > 3 * MAX_LONE_CHARACTERS or "。" in text:
                    break
                is_own = unit[0] is end and may_hold_date(text)
                if is_own and find_dates(" ".join(text.split())[:MAX_LONE_CHARACTERS]):
                    group = Group(parent, tree.firsts[part], tree.place_around(parent))
                    group.add(part, unit[0], unit[1])
                    if not self.is_of_others(group, self.own_column) and not are_neighbours(group.members):
                        yield group
                    if part is not end:
                        break
                part, parent = parent, parent.above

    @property
    def chosen(self) -> Reading | None:
        """The list of the page, be it of one entry."""
        if self._chosen is None:
            self._chosen = (self._choose(),)
        return self._chosen[0]

    def _choose(self) -> Reading | None:
        best, hidden = self._best_two()
        if best is None and hidden is not None and (self.says_none or self.lone is not None):
            return None if self.says_none else self.lone
        best = best or hidden
        if best is not None and is_doubtful(self, best):
            return None
        if best is None or (
            not best.dated and (len(best.entries) <= FEW_UNITS or best.group.place & (Place.HOT | Place.ASIDE))
        ):
            lone = self.lone
            if lone is not None and (best is None or lone.score > best.score):
                return lone
        return list_below_own_name(self, best) if best is not None and best.dated else best

    @property
    def listing(self) -> Listing | None:
        """The page's list; None where there is none, no items where the list is there and empty."""
        if self._listing is None:
            self._listing = (self._blank() if self.chosen is None else self._filled(self.chosen),)
        return self._listing[0]

    def _filled(self, reading: Reading) -> Listing:
        pager = self.pager
        return Listing(
            reading.items,
            pager.next_url,
            pager.total_items,
            pager.total_pages,
            pager.next_request,
            pager.has_more,
        )

    def _blank(self) -> Listing | None:
        """A list without entries, where the page shows one: a pager of nothing, 暂无信息, an empty list."""
        pager = self.pager
        if self.counts_none:
            return Listing((), None, 0) if self.best is None else None
        if self.has_entries or len(self.document.links) < 5:
            return None
        is_static = pager.is_scripted and (pager.total_pages or 0) <= 1
        if self.says_none or (not self._has_prose() and (is_static or has_empty_list(self.document))):
            return Listing((), None, None, pager.total_pages)
        return None

    @property
    def says_none(self) -> bool:
        """Whether the page says in words that it shows nothing, or counts nothing."""
        if self._none_said is None:
            self._none_said = self.counts_none or says_nothing(self.document.visible_text)
        return self._none_said

    @property
    def counts_none(self) -> bool:
        pager = self.pager
        return pager.total_items == 0 or (pager.total_items is None and pager.total_pages == 0)

    @property
    def has_entries(self) -> bool:
        """Whether the content holds anything that may be an entry."""
        if self._entries is None:
            self._entries = has_entries(self)
        return self._entries

    def _has_prose(self) -> bool:
        return any(len(line) >= PROSE_CHARACTERS and "。" in line for line in self.document.lines)


def _lead_to_articles(links: Sequence[Link]) -> bool:
    """Whether seven of ten links do."""
    others = 0
    for link in links:
        if link.url is None or not is_article_address(link.url):
            others += 1
            if len(links) - others < 0.7 * len(links):
                return False
    return True


def read_listing(document: Document) -> Listing | None:
    """The page's list; None where there is none, no items where the list is there and empty."""
    return PageLists(document).listing
