"""The units of one group as items: titles, addresses, dates, each entry once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from gkmonitor.records import Item
from spiders.readers.dating import Candidate, candidates_of, glued_date, month_day_of, plain_candidates, url_date
from spiders.readers.document import Document, collapse
from spiders.readers.grouping import Group, Unit
from spiders.readers.item import clean_title, is_pinned, pieces_beside, read_pieces, read_texts, read_title

SAME_LETTERS = 6
MAX_HEADING_STEPS = 4
MAX_ENTRIES_ABOVE = 200
MAX_YEAR_CHARACTERS = 24

_NO_LETTERS = re.compile(r"[\W\d_]+")
_YEAR_HEADING = re.compile(r"\D{0,8}((?:19|20)\d{2})\s*年?(?:度)?\D{0,8}")


@dataclass(slots=True)
class _Entry:
    """What one unit says: its texts, its title and the dates that may be its own, the surest first."""

    unit: Unit
    texts: list[str]
    title: str
    dates: list[Candidate]


def read_items(group: Group, document: Document, *, may_pin: bool) -> list[Item]:
    """The group's units as items, dated by themselves, by the text beside them or by the end of their titles."""
    heads = _table_heads(group)
    entries = [_read(unit, document, heads) for unit in group.units]
    if _are_undated(entries):
        _look_beside(group, entries)
        if _are_undated(entries):
            _take_glued(entries)
    years: dict[int, int | None] = {}
    items = [_item(entry, group, may_pin, years) for entry in entries if entry.title]
    return _without_second_rendering(items)


def _read(unit: Unit, document: Document, heads: Sequence[str]) -> _Entry:
    if not unit.same and unit.tag != "tr":
        whole = unit.main.text
        texts = read_texts(unit.node, document)
        if texts.count(whole) == 1:
            title = read_title(unit, is_in_parts=False)
            dates = plain_candidates(texts, whole, title)
            if dates is not None:
                return _Entry(unit, texts, title, dates)
    pieces = read_pieces(unit, document)
    title = read_title(unit, is_in_parts=len([piece for piece in pieces if piece.in_link]) > 1)
    return _Entry(unit, [piece.text for piece in pieces], title, candidates_of(pieces, title, heads))


def _are_undated(entries: Sequence[_Entry]) -> bool:
    """Whether fewer than half of the entries have a date."""
    return 2 * len([entry for entry in entries if entry.dates]) < len(entries)


def _item(entry: _Entry, group: Group, may_pin: bool, years: dict[int, int | None]) -> Item:
    unit, dates = entry.unit, entry.dates
    url = unit.main.url
    by_url = url_date(url)
    chosen = dates[0] if dates else month_day_of(entry.texts, url, lambda: _heading_year(unit, group, years)) or by_url
    others = [one for one in (*dates[1:], by_url) if one is not None and chosen is not None and one.day != chosen.day]
    return Item(
        entry.title,
        url or "",
        chosen.day if chosen else None,
        chosen.printed if chosen else None,
        chosen.source if chosen else None,
        tuple([one.as_reading() for one in others[:4]]),
        may_pin and is_pinned(unit, entry.texts),
    )


def _without_second_rendering(items: list[Item]) -> list[Item]:
    """Lists printed twice (for desktop and phone) counted once; a list that repeats a few entries stays as it is."""
    if len(items) < 2:
        return items
    addresses = [item.url for item in items if item.url]
    if not addresses:
        return _without_twins(items)
    if len(addresses) < len(items) or len(set(addresses)) > 0.6 * len(items):
        return items
    kept: dict[tuple[str, str], Item] = {}
    for item in items:
        key = item.url, _letters(item.title)[:SAME_LETTERS]
        known = kept.get(key)
        if known is None:
            kept[key] = item
        elif known.published is None and item.published is not None:
            kept[key] = replace(item, title=known.title)
    return list(kept.values())


def _without_twins(items: list[Item]) -> list[Item]:
    """The same for entries without addresses: only where each comes exactly twice, with the same date."""
    twins: dict[tuple[str, object], list[Item]] = {}
    for item in items:
        twins.setdefault((_letters(item.title), item.published), []).append(item)
    for pair in twins.values():
        shorter, longer = sorted((pair[0].title, pair[-1].title), key=len)
        if len(pair) != 2 or shorter not in longer:
            return items
    return [pair[0] for pair in twins.values()]


def _letters(title: str) -> str:
    return _NO_LETTERS.sub("", title)


def _table_heads(group: Group) -> list[str]:
    if group.tag != "tr":
        return []
    above = group.parent.above
    for parent in (group.parent, above) if above is not None else (group.parent,):
        for row in parent.node.css("tr")[:3]:
            cells = [collapse(cell.text_lexbor()) for cell in row.iter()]
            if any("日期" in cell or "时间" in cell for cell in cells) and row.css_first("a[href]") is None:
                return cells
    return []


def _look_beside(group: Group, entries: Sequence[_Entry]) -> None:
    """Dates in the rows or texts between the units: behind each, or before each."""
    if _holds_nothing_else(group):
        return
    nodes = [entry.unit.node for entry in entries]
    best: list[list[Candidate]] = []
    for is_before in (False, True):
        stops = [None, *(n.mem_id for n in nodes)] if is_before else [*(n.mem_id for n in nodes[1:]), None]
        read = [
            candidates_of(list(pieces_beside(node, stop, is_before=is_before)), entry.title)
            for node, stop, entry in zip(nodes, stops, entries, strict=False)
        ]
        if sum(map(bool, read)) > sum(map(bool, best)):
            best = read
    if sum(map(bool, best)) >= max(1, len(entries) * 0.6):
        for entry, dates in zip(entries, best, strict=True):
            entry.dates = entry.dates or dates


def _holds_nothing_else(group: Group) -> bool:
    """Whether the units are all that stands in their parent."""
    node = group.parent.node
    return group.parts == 1 and not node.text(deep=False).strip() and len(list(node.iter())) == len(group.mains)


def _take_glued(entries: Sequence[_Entry]) -> None:
    glued = [glued_date(entry.title) for entry in entries]
    if sum(one is not None for one in glued) < 0.6 * len(entries):
        return
    for entry, one in zip(entries, glued, strict=True):
        if one is not None and not entry.dates:
            entry.dates = [one[0]]
            entry.title = clean_title(one[1])


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
