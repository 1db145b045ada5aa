"""What a page holds: its list, from its markup or from its scripts, or one article."""

from __future__ import annotations

from collections.abc import Sequence

from gkmonitor.records import Article, Item, Listing
from spiders.readers.article import read_article
from spiders.readers.document import Document
from spiders.readers.entries import Entry
from spiders.readers.kinds import is_list_rather, is_paged_list
from spiders.readers.listing import PageLists
from spiders.readers.scripts import read_islands, read_variables
from spiders.readers.weighing import Reading

OUTWEIGHS = 2  # so many times the words of another list


def choose_content(document: Document, lists: PageLists) -> tuple[Listing | None, Article | None]:
    """The page's list or its article; neither where a script's list and a shown one have equal claims."""
    island = read_islands(document, lists)
    if island is not None and (island.is_paged or not is_paged_list(lists)):
        return island, None  # else a box beside a list that has a pager
    if is_paged_list(lists):
        return lists.listing, None
    spare = read_variables(document)
    if spare is not None and spare.newest is not None:
        shown = lists.chosen if lists.chosen is not None and lists.chosen.dated else None
        if shown is None or _words(spare.items) >= OUTWEIGHS * _words(shown.entries):
            return spare, None
        if not _shares_entries(spare, shown) and _words(shown.entries) < OUTWEIGHS * _words(spare.items):
            return None, None
        spare = None
    article = read_article(document)
    if article is not None and not is_list_rather(lists, article):
        return None, article
    listing = lists.listing
    if listing is not None and not listing.items and listing.total_items != 0 and _has_records(document):
        listing = None  # not blank: records that were not taken for the page's own
    if article is None:
        return listing or spare, None
    return listing, article if listing is None else None


def _has_records(document: Document) -> bool:
    return any("<record" in document.scripts[number].code for number in document.record_holders)


def _shares_entries(spare: Listing, shown: Reading) -> bool:
    return bool({item.url for item in spare.items} & {entry.url for entry in shown.entries})


def _words(items: Sequence[Item] | Sequence[Entry]) -> int:
    return sum(len(item.title) for item in items)
