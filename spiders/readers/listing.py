"""Finding the list of a page: its entries in page order with their dates, its next page, its totals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from gkmonitor.records import Item, Listing
from spiders.readers.dating import Candidate, candidates_of, glued_date, month_day_of, url_date
from spiders.readers.document import Document, collapse
from spiders.readers.grouping import Group, Unit, build_branches, find_groups
from spiders.readers.item import Piece, clean_title, is_pinned, pieces_beside, read_pieces, read_title
from spiders.readers.pager import is_pager_link, read_pager

MAX_GROUPS_READ = 10
MAX_SINGLES_READ = 8

_AWAY = re.compile(
    r"nav|menu|foot|head|top|bottom|link|crumb|position|location|logo|search|pag(?:e|ing|er)|login|share|copyright|banner|tree"
)
_ASIDE = re.compile(r"side|aside|right|hot|recommend|tuijian|rank|related|xgyd|relate|latest|phb|float")
_MAIN = re.compile(r"list|news|main|content|article|con\b|wzlb|xxgk|notice|result")
_ASIDE_HEADING = re.compile(
    r"热点|热门|推荐|最新(?:文章|信息|发布|更新|动态|公开)|相关|排行|点击|阅读排行|猜你|友情链接|图片新闻|快速(?:导航|链接)"
)
_ARTICLE_ADDRESS = re.compile(r"\d{4,}|[0-9a-f]{24,}|[?&](?:id|aid|newsid|articleid)=", re.IGNORECASE)


@dataclass(eq=False)
class Reading:
    """A group with its units read: what a list would be if this group were it."""

    group: Group
    document: Document
    year: int | None = None
    items: list[Item] = field(default_factory=list)

    @cached_property
    def dated(self) -> int:
        return sum(item.published is not None and item.date_source != "url" for item in self.items)

    @cached_property
    def score(self) -> float:
        return _prescore(self.group) * self._date_factor

    @property
    def _date_factor(self) -> float:
        share = self.dated / max(1, len(self.items))
        return 0.6 + 4 * share if share >= 0.3 else 0.6


def read_listing(document: Document) -> Listing | None:
    """The page's list; None where there is none, no items where the list is there and empty."""
    pager = read_pager(document)
    best = choose(document)
    if best is None:
        return None
    return Listing(tuple(best.items), pager.next_url, pager.total_items, pager.total_pages)


def choose(document: Document) -> Reading | None:
    links = [link for link in document.links if not is_pager_link(link)]
    groups = find_groups(build_branches(links))
    many = sorted((g for g in groups if _is_possible(g)), key=_prescore, reverse=True)
    readings = [read_group(group, document) for group in many[:MAX_GROUPS_READ]]
    readings = [reading for reading in readings if reading.items]
    readings = _merge_cut_lists(readings)
    good = [reading for reading in readings if _is_list(reading)]
    return max(good, key=lambda reading: reading.score, default=None)


def _is_possible(group: Group) -> bool:
    return len(group.units) >= 2 * group.rejected


def _prescore(group: Group) -> float:
    score = len(group.units) * group.title_length
    hints = group.hints
    own = group.parent.hint
    if _AWAY.search(own):
        score *= 0.3
    if re.search(r"foot|nav|menu", hints):
        score *= 0.3
    if _ASIDE.search(hints):
        score *= 0.6
    if group.title_length < 6:
        score *= 0.4
    return score


def _is_list(reading: Reading) -> bool:
    if reading.dated >= max(1, len(reading.items) * 0.3):
        return True
    group = reading.group
    if len(group.units) < 3 or group.title_length < 8 or _AWAY.search(group.hints):
        return False
    return sum(bool(i.url and _ARTICLE_ADDRESS.search(i.url)) for i in reading.items) >= 0.7 * len(reading.items)


def read_group(group: Group, document: Document) -> Reading:
    pieces = [read_pieces(unit, document) for unit in group.units]
    titles = [read_title(unit, texts) for unit, texts in zip(group.units, pieces, strict=True)]
    heads = _table_heads(group)
    found = [candidates_of(texts, title, heads) for texts, title in zip(pieces, titles, strict=True)]
    if sum(map(bool, found)) < len(found) / 2:
        _look_beside(group, pieces, titles, found)
    if sum(map(bool, found)) < len(found) / 2:
        _take_glued(titles, found)
    reading = Reading(group, document)
    seen: set[tuple[str, str]] = set()
    for unit, texts, title, dates in zip(group.units, pieces, titles, found, strict=True):
        item = _item(unit, texts, title, dates)
        key = (item.url, item.title) if item.url else (item.title, item.printed or "")
        if item.title and key not in seen:
            seen.add(key)
            reading.items.append(item)
    return reading


def _item(unit: Unit, pieces: list[Piece], title: str, dates: list[Candidate]) -> Item:
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
        is_pinned(unit, pieces),
    )


def _table_heads(group: Group) -> list[str]:
    if group.tag != "tr":
        return []
    for parent in (group.parent, *list(group.parent.ancestors())[:1]):
        for row in parent.node.css("tr")[:3]:
            cells = [collapse(cell.text()) for cell in row.iter()]
            if any("日期" in cell or "时间" in cell for cell in cells) and row.css_first("a[href]") is None:
                return cells
    return []


def _look_beside(group: Group, pieces: list[list[Piece]], titles: list[str], found: list[list[Candidate]]) -> None:
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


def _merge_cut_lists(readings: list[Reading]) -> list[Reading]:
    return readings
