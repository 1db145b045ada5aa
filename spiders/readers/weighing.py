"""A group of links read as the list that it would be, and what speaks for its being one."""

from __future__ import annotations

import re

from gkmonitor.records import Item
from spiders.readers.grouping import Group, Place
from spiders.readers.margins import are_neighbours

FEW_UNITS = 3
DATED_FACTOR = 4.0
UNDATED_FACTOR = 0.6

ARTICLE_ADDRESS = re.compile(
    r"\d{3,}|[/_=]\d+(?:\.\w+)?$|[0-9a-f]{24,}|[?&](?:id|aid|newsid|articleid)=", re.IGNORECASE
)


class Reading:
    """A group with its units read: what the list would be if this group were it."""

    def __init__(self, group: Group, items: list[Item], weight: float) -> None:
        self.group = group
        self.items = items
        self.may_be_undated = False
        self.dated = sum([item.published is not None and item.date_source != "url" for item in items])
        share = self.dated / max(1, len(items))
        self.score = weight * (UNDATED_FACTOR + (DATED_FACTOR * share if share >= 0.3 else 0.0))

    @property
    def is_list(self) -> bool:
        """Whether this can be a list of publications: dated, or long titles that lead to articles."""
        count, group = len(self.items), self.group
        if group.place & Place.FOOT or group.is_mixed or (count <= FEW_UNITS and are_neighbours(group.members)):
            return False
        if self.dated:
            is_sure = count >= 3 or self.dated == count or self._leads_to_articles
            return self.dated >= 0.3 * count and is_sure and group.mean_letters >= 2
        return self.may_be_undated

    @property
    def _leads_to_articles(self) -> bool:
        """Two entries of which one is dated are a list when both are titles that lead to articles."""
        return self.group.mean_letters >= 8 and all(ARTICLE_ADDRESS.search(item.url) for item in self.items)
