"""A group of links read as the list that it would be, and what speaks for its being one."""

from __future__ import annotations

import re

from gkmonitor.records import Item
from spiders.readers.entries import Entry
from spiders.readers.grouping import Group, Place
from spiders.readers.margins import are_neighbours

FEW_UNITS = 3
DATED_FACTOR = 4.0
UNDATED_FACTOR = 0.6

_NUMBER = re.compile("[0-9][0-9]{2}")  # which most of them have, and which a search can skip to
_ARTICLE_ADDRESS = re.compile(
    r"\d{3,}|[/_=]\d+(?:\.\w+)?$|[0-9a-f]{24,}|[?&](?:id|aid|newsid|articleid)=", re.IGNORECASE
)


def is_article_address(url: str) -> bool:
    """Whether an address is one that articles have: a number, an id."""
    return _NUMBER.search(url) is not None or _ARTICLE_ADDRESS.search(url) is not None


class Reading:
    """A group with its units read: what the list would be if this group were it."""

    def __init__(self, group: Group, entries: list[Entry], weight: float, *, may_pin: bool) -> None:
        self.group = group
        self.entries = entries
        self.may_be_undated = False
        self.dated = sum([entry.chosen is not None and entry.chosen.source != "url" for entry in entries])
        share = self.dated / max(1, len(entries))
        self.score = weight * (UNDATED_FACTOR + (DATED_FACTOR * share if share >= 0.3 else 0.0))
        self._items: tuple[Item, ...] | None = None
        self._may_pin = may_pin

    @property
    def items(self) -> tuple[Item, ...]:
        """The entries as items, made when they are asked for."""
        if self._items is None:
            self._items = tuple([entry.as_item(may_pin=self._may_pin) for entry in self.entries])
        return self._items

    @property
    def is_list(self) -> bool:
        """Whether this can be a list of publications: dated, or long titles that lead to articles."""
        count, group = len(self.entries), self.group
        if group.place & Place.FOOT or group.is_mixed or (count <= FEW_UNITS and are_neighbours(group.members)):
            return False
        if self.dated:
            is_sure = count >= 3 or self.dated == count or self._leads_to_articles
            return self.dated >= 0.3 * count and is_sure and group.mean_letters >= 2
        return self.may_be_undated

    @property
    def _leads_to_articles(self) -> bool:
        """Two entries of which one is dated are a list when both are titles that lead to articles."""
        return self.group.mean_letters >= 8 and all(is_article_address(entry.url) for entry in self.entries)
