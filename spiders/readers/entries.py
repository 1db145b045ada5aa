"""The units of one group as items: titles, addresses, dates, each entry once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from selectolax.lexbor import LexborNode

from gkmonitor.dates import find_dates
from gkmonitor.records import Item
from spiders.readers.dating import (
    Candidate,
    candidates_of,
    glued_date,
    in_proven_year,
    month_day_in,
    plain_candidates,
    url_date,
)
from spiders.readers.document import Document, collapse
from spiders.readers.grouping import Group, Unit
from spiders.readers.item import (
    Piece,
    clean_title,
    is_pinned,
    pieces_beside,
    pieces_of_row,
    read_texts,
    read_title,
    with_link,
)

SAME_LETTERS = 6
MAX_HEADING_STEPS = 4
HEAD_LEVELS = 3
MAX_ENTRIES_ABOVE = 200
MAX_YEAR_CHARACTERS = 24
LAST_MONTH = 12
MAX_SHORT_CHARACTERS = len("[26-04-14]")

_NO_LETTERS = re.compile(r"[\W\d_]+")
_YEAR_HEADING = re.compile(r"\D{0,8}((?:19|20)\d{2})\s*年?(?:度)?\D{0,8}")
_SHORT_YEAR = re.compile(r"[\[【(（]?(\d\d)[-/.](\d\d?)[-/.](\d\d?)[\]】)）]?")
_AGO = re.compile(
    r"\W*(?:约|大约)?\s?\d{1,4}\s?(?:分钟|个?小时|天|日|周|个?星期|个?月|年)\s?(?:之|以)?前\W*|刚刚|昨天|前天|今天"
)
_HAN = re.compile("[\u4e00-\u9fff]")
_HOVERED = re.compile(
    r"(?:发\s?布|更\s?新|录\s?入|添\s?加|公\s?开)\s?(?:时\s?间|日\s?期)\s?[:：]\s?(?P<day>[12][09]\d\d\s?[-/.年]\s?\d\d?\s?[-/.月]\s?\d\d?日?)"
)
_HOVERED_TITLE = re.compile(
    r"(?:文章|信息|新闻)?标\s?题\s?[:：]\s?(.{2,300}?)\s*(?=(?:作\s?者|来\s?源|点\s?击|浏\s?览|(?:发\s?布|更\s?新|录\s?入|添\s?加|公\s?开)\s?(?:时\s?间|日\s?期))[^:：]{0,3}[:：])"
)


class Entry:
    """What one unit says: its texts, its title and the dates that may be its own, the surest first.

    ``chosen``: its day of publication, known when all entries of the list are read.
    """

    __slots__ = ("chosen", "dates", "texts", "title", "unit", "url")

    def __init__(self, unit: Unit, texts: list[str], title: str, dates: list[Candidate]) -> None:
        self.unit = unit
        self.texts = texts
        self.title = title
        self.dates = dates
        self.url = unit.main.url or ""
        self.chosen: Candidate | None = None

    @property
    def published(self) -> date | None:
        return self.chosen.day if self.chosen is not None else None

    @property
    def date_source(self) -> str | None:
        return self.chosen.source if self.chosen is not None else None

    def as_item(self, *, may_pin: bool) -> Item:
        """The item that the entry is where its group is a list or a block: many are read and turn out neither."""
        chosen = self.chosen
        pinned = may_pin and is_pinned(self.unit, self.texts)
        if chosen is None:
            return Item(self.title, self.url, pinned=pinned)
        others = [one.as_reading() for one in self.dates[1:] if one.day != chosen.day]
        by_url = url_date(self.url)
        if by_url is not None and by_url.day != chosen.day:
            others.append(by_url.as_reading())
        return Item(self.title, self.url, chosen.day, chosen.printed, chosen.source, tuple(others[:4]), pinned)


def read_entries(group: Group, document: Document) -> list[Entry]:
    """The group's units as entries, dated by themselves, by the text beside them or by the end of their titles."""
    heads = _table_heads(group)
    entries = [_read(unit, document, heads) for unit in group.units]
    if not heads and _are_in_doubt(entries) and (heads := _box_heads(group)):
        entries = [_read(unit, document, heads) for unit in group.units]
    if _are_undated(entries):
        _look_beside(group, entries)
        if _are_undated(entries):
            _take_glued(entries)
        if _are_undated(entries):
            _take_hovered(entries)
        if _are_undated(entries):
            _take_short_years(entries)
            _take_time_elements(entries)
    years: dict[int, int | None] = {}
    entries = [entry for entry in entries if entry.title]
    for entry in entries:
        entry.chosen = entry.dates[0] if entry.dates else _day_elsewhere(entry, group, years)
    return _without_second_rendering(entries)


def _read(unit: Unit, document: Document, heads: Sequence[str]) -> Entry:
    if heads or unit.tag == "tr":
        pieces = pieces_of_row(unit, document)
        texts = [piece.text for piece in pieces]
    else:
        texts = read_texts(unit.node, document)
        if not unit.same and texts.count(unit.main.text) == 1:
            title = read_title(unit, is_in_parts=False)
            dates = plain_candidates(texts, unit.main.text, title)
            if dates is not None:
                return Entry(unit, texts, title, dates)
        pieces = with_link(unit, [Piece(text) for text in texts])
    title = read_title(unit, is_in_parts=len([piece for piece in pieces if piece.in_link]) > 1)
    return Entry(unit, texts, title, candidates_of(pieces, title, heads))


def _are_in_doubt(entries: Sequence[Entry]) -> bool:
    """Whether most entries have several days of which none is surer than another."""
    return 2 * sum(len(one.dates) > 1 and one.dates[0].rank == one.dates[1].rank for one in entries) > len(entries)


def _box_heads(group: Group) -> list[str]:
    """The parts of the row of heads (序号, 标题, 成文日期, 公开日期) above rows that are boxes and no table's."""
    first = group.members[0].node
    before, steps = first.prev, 0
    while before is not None and steps < MAX_HEADING_STEPS and not before.is_element_node:
        before, steps = before.prev, steps + 1
    if before is None or not before.is_element_node or before.css_first("a[href]") is not None:
        return []
    cells = [collapse(cell.text_lexbor()) for cell in before.iter()]
    names_days = any("日期" in cell or "时间" in cell for cell in cells)
    return cells if names_days and len(cells) == len(list(first.iter())) else []


def _are_undated(entries: Sequence[Entry]) -> bool:
    """Whether fewer than half of the entries have a date."""
    return 2 * len([entry for entry in entries if entry.dates]) < len(entries)


def _day_elsewhere(entry: Entry, group: Group, years: dict[int, int | None]) -> Candidate | None:
    """The day of an entry that prints no whole one: a month and day, or what the address holds."""
    url = entry.unit.main.url
    found = month_day_in(entry.texts)
    day = in_proven_year(found, url, _heading_year(entry.unit, group, years)) if found is not None else None
    return day or url_date(url)


def _without_second_rendering(entries: list[Entry]) -> list[Entry]:
    """Lists printed twice (for desktop and phone) counted once; a list that repeats a few entries stays as it is."""
    if len(entries) < 2:
        return entries
    addresses = [entry.url for entry in entries if entry.url]
    if not addresses:
        return _without_twins(entries)
    if len(addresses) < len(entries) or len(set(addresses)) > 0.6 * len(entries):
        return entries
    kept: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        key = entry.url, _letters(entry.title)[:SAME_LETTERS]
        known = kept.get(key)
        if known is None:
            kept[key] = entry
        elif known.chosen is None and entry.chosen is not None:
            entry.title = known.title
            kept[key] = entry
    return list(kept.values())


def _without_twins(entries: list[Entry]) -> list[Entry]:
    """The same for entries without addresses: only where each comes exactly twice, with the same date."""
    twins: dict[tuple[str, date | None], list[Entry]] = {}
    for entry in entries:
        twins.setdefault((_letters(entry.title), entry.published), []).append(entry)
    for pair in twins.values():
        shorter, longer = sorted((pair[0].title, pair[-1].title), key=len)
        if len(pair) != 2 or shorter not in longer:
            return entries
    return [pair[0] for pair in twins.values()]


def _letters(title: str) -> str:
    return _NO_LETTERS.sub("", title)


def _table_heads(group: Group) -> list[str]:
    if group.tag != "tr":
        return []
    above = group.parent.above
    for parent in (group.parent, above) if above is not None else (group.parent,):
        if heads := _head_cells(parent.node):
            return heads
    table = group.parent if group.parent.tag == "table" else above
    return _heads_in_table_above(table.node) if table is not None and table.tag == "table" else []


def _head_cells(node: LexborNode) -> list[str]:
    """The cells of the first row that names a day and holds no link."""
    for row in node.css("tr")[:3]:
        cells = [collapse(cell.text_lexbor()) for cell in row.iter()]
        if any("日期" in cell or "时间" in cell for cell in cells) and row.css_first("a[href]") is None:
            return cells
    return []


def _heads_in_table_above(table: LexborNode) -> list[str]:
    """The same where heads that stay in place while the rows are scrolled stand in a table of their own."""
    node: LexborNode | None = table
    for _ in range(HEAD_LEVELS):
        if node is None:
            break
        before = node.prev
        while before is not None and not before.is_element_node:
            before = before.prev
        if before is not None:
            head = before if before.tag == "table" else before.css_first("table")
            return _head_cells(head) if head is not None else []
        node = node.parent
    return []


def _look_beside(group: Group, entries: Sequence[Entry]) -> None:
    """Dates in the rows or texts between the units: behind each, or before each."""
    if _holds_nothing_else(group):
        return
    nodes = [entry.unit.node for entry in entries]
    stops = [*[node.mem_id for node in nodes[1:]], None]
    behind = [pieces_beside(node, stop, is_before=False) for node, stop in zip(nodes, stops, strict=True)]
    best = _dates_in([pieces for pieces, _ in behind], entries)
    if not all(best):
        before = [pieces_beside(nodes[0], None, is_before=True)[0]]
        for node, above, (pieces, is_met) in zip(nodes[1:], nodes, behind, strict=False):
            before.append(pieces[::-1] if is_met else pieces_beside(node, above.mem_id, is_before=True)[0])
        best = max(best, _dates_in(before, entries), key=lambda read: sum(map(bool, read)))  # the first of equals
    if sum(map(bool, best)) >= max(1, len(entries) * 0.6):
        for entry, dates in zip(entries, best, strict=True):
            entry.dates = entry.dates or dates


def _dates_in(beside: Sequence[list[Piece]], entries: Sequence[Entry]) -> list[list[Candidate]]:
    """The dates in what stands beside each entry."""
    return [candidates_of(pieces, entry.title) if pieces else [] for pieces, entry in zip(beside, entries, strict=True)]


def _holds_nothing_else(group: Group) -> bool:
    """Whether the units are all that stands in their parent."""
    node = group.parent.node
    return group.parts == 1 and not node.text(deep=False).strip() and len(list(node.iter())) == len(group.mains)


def _take_glued(entries: Sequence[Entry]) -> None:
    glued = [glued_date(entry.title) for entry in entries]
    if sum(one is not None for one in glued) < 0.6 * len(entries):
        return
    for entry, one in zip(entries, glued, strict=True):
        if one is not None and not entry.dates:
            entry.dates = [one[0]]
            entry.title = clean_title(one[1])


def _take_hovered(entries: Sequence[Entry]) -> None:
    """Days that only the link's title attribute has, shown when it is pointed at (标题：… 发布时间：2025-6-11)."""
    hovered = [(_HOVERED.search(one.unit.main.title) if one.unit.main.title else None) for one in entries]
    if sum(one is not None for one in hovered) < 0.6 * len(entries):
        return
    for entry, match in zip(entries, hovered, strict=True):
        found = find_dates(match["day"]) if match else ()
        if found and not entry.dates:
            entry.dates = [Candidate(found[0].day, found[0].printed, 4, "list:title-attribute")]
        named = _HOVERED_TITLE.match(entry.unit.main.title or "") if found else None
        entry.title = clean_title(named[1]) if named else entry.title


def _take_time_elements(entries: Sequence[Entry]) -> None:
    """Days in ``<time datetime>`` of entries that show how long ago it was (3个月前)."""
    for entry in entries:
        if not entry.dates and any(_AGO.fullmatch(text) for text in entry.texts):
            node = entry.unit.node.css_first("time[datetime]")
            found = find_dates((node.attributes.get("datetime") or "")[:10]) if node is not None else ()
            if found:
                entry.dates = [Candidate(found[0].day, found[0].printed, 3, "list:time-element")]


def _take_short_years(entries: Sequence[Entry]) -> None:
    """Days whose year has two digits (26-04-14), where these are above 12 everywhere: no month and no day first."""
    short = [_first_short(one.texts) for one in entries]
    days = [find_dates(f"20{match[1]}-{match[2]}-{match[3]}") if match else [] for match in short]
    if any(match and int(match[1]) <= LAST_MONTH for match in short):
        return
    if sum(map(bool, days)) < 0.6 * len(entries) or not all(map(_HAN.search, [one.title for one in entries])):
        return
    for entry, found, match in zip(entries, days, short, strict=True):
        if found and match and not entry.dates:
            entry.dates = [Candidate(found[0].day, match[0], 3, "list:short-year")]


def _first_short(texts: Sequence[str]) -> re.Match[str] | None:
    for text in texts:
        if len(text) <= MAX_SHORT_CHARACTERS and (match := _SHORT_YEAR.fullmatch(text)):
            return match
    return None


def _year_above(node: LexborNode, years: dict[int, int | None]) -> int | None:
    """The year that a line of its own states above the entry, in one list with it.

    ``years``: what was found for entries above, by element: what stands above those is not looked at again.
    """
    year = years[node.mem_id] = _year_before(node.prev, years)
    return year


def _year_before(before: LexborNode | None, years: dict[int, int | None]) -> int | None:
    for _ in range(MAX_ENTRIES_ABOVE):
        if before is None:
            return None
        if before.mem_id in years:
            return years[before.mem_id]
        if before.is_element_node and len(text := collapse(before.text())) <= MAX_YEAR_CHARACTERS:
            match = _YEAR_HEADING.fullmatch(text)
            if match:
                return int(match[1])
        before = before.prev
    return None


def _heading_year(unit: Unit, group: Group, years: dict[int, int | None]) -> int | None:
    """The year that a heading right before the entry's list states (2026年), or one above the entry in the list.

    For entries dated by month and day alone.
    """
    if (year := _year_above(unit.node, years)) is not None:
        return year
    node = (unit.holder or group.parent).node
    for _ in range(2):
        before = node.prev
        for _ in range(MAX_HEADING_STEPS):
            if before is None:
                break
            text = collapse(before.text_lexbor()) if before.is_element_node else ""
            if text:
                match = _YEAR_HEADING.fullmatch(text) if len(text) <= 24 else None
                return int(match[1]) if match else None
            before = before.prev
        if node.parent is None:
            return None
        node = node.parent
    return None
