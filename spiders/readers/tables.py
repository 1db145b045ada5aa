"""Decisions in tables, and the days that an index card prints: permits, penalties, documents.

A table is read by its head row, a page on one decision by its labels. Heads are matched by words (``details.yaml``),
since portals spell one field in many ways. A cell with two days for one event, a day without its event and a day later
than the page says are left out rather than guessed. Names of persons are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborNode

from gkmonitor.concepts import normalise_name
from gkmonitor.dates import PrintedDate, find_dates
from gkmonitor.records import Article, PublicityRow
from spiders.readers.detail_words import mentions, role_of, words
from spiders.readers.document import Document, collapse

MAX_TABLES = 20
MAX_ROWS = 200
MAX_CELLS = 40
MAX_HEAD_ROWS = 3  # a title or a note may stand above the head row
MAX_SUBJECT_CHARACTERS = 80
MAX_ATTACHMENTS = 5
MAX_LINE_CHARACTERS = 200
MAX_DATE_CHARACTERS = 20
_LABEL: Final = re.compile(r"(?P<label>(?:\w\s{0,4}){2,14}?)\s*[:：]\s*(?P<value>[^:：]*)$")
_LABELS_IN_LINE: Final = re.compile(r"(?P<label>(?:[^\W\d_]\s{0,4}){4,14})[:：]\s*(?=[12〇二])")
_HAS_VALUE: Final = re.compile(r"[:：\d]")
_SHEETS = (".xls", ".xlsx", ".csv", ".et")
_PAPERS = (".pdf", ".doc", ".docx", ".zip", ".rar")  # what they hold is not read, but that they are there is said
_FILES = tuple(suffix for name in (*_SHEETS, *_PAPERS) for suffix in (name, name.upper()))
_FILE_ENDS: Final = frozenset(suffix[-1] for suffix in _FILES)
_RECORDS = ("公示", "公开", "信息", "结果", "汇总", "台账", "一览")


@dataclass(slots=True)
class Grid:
    """One table that holds no other: its rows of cell texts, and the first address in each row."""

    rows: list[list[str]]
    addresses: list[str | None]


def read_grids(document: Document) -> list[Grid]:
    """The innermost tables of the page, bounded."""
    grids: list[Grid] = []
    for table in document.tree.css("table"):
        if len(grids) >= MAX_TABLES:
            break
        if len(table.css("table")) > 1:
            continue  # lays out others; a node counts itself
        grid = _grid(table, document)
        if grid.rows:
            grids.append(grid)
    return grids


def _grid(table: LexborNode, document: Document) -> Grid:
    grid = Grid([], [])
    for line in table.css("tr")[:MAX_ROWS]:
        cells = [cell for cell in line.iter() if cell.tag in ("td", "th")][:MAX_CELLS]
        if cells:
            link = line.css_first("a[href]")
            grid.rows.append([collapse(cell.text(separator=" "))[:300] for cell in cells])
            grid.addresses.append(document.join(link.attributes.get("href")) if link is not None else None)
    return grid


def find_head(grid: Grid, role: object) -> tuple[int, list[str | None]] | None:
    """The number of the head row and the role of each of its cells: the first with at least two known heads."""
    assert callable(role)
    for number, cells in enumerate(grid.rows[:MAX_HEAD_ROWS]):
        roles = [role(cell) for cell in cells]
        if len(cells) >= 2 and len({one for one in roles if one}) >= 2:
            return number, roles
    return None


# ---------------------------------------------------------------- decisions


def read_rows(document: Document, article: Article | None, grids: Sequence[Grid]) -> tuple[PublicityRow, ...]:
    """The decisions that tables list, else the one that the page itself is about."""
    about = _about(document)
    found = [row for grid in grids for row in rows_of_grid(grid, document.url, about)]
    if not found and (single := _single(document, article)) is not None:
        found = [single]
    return tuple(found)


def is_on_rows(document: Document) -> bool:
    """Whether the page names the day of a decision at all: a cheap first look."""
    return mentions(document, "row_triggers")


def _about(document: Document) -> str:
    return f"{document.title or ''} {document.heading or ''}"


def rows_of_grid(grid: Grid, url: str, about: str) -> Iterator[PublicityRow]:
    """The decisions that one table lists. ``url`` is where it stands, ``about`` what the page says that it is."""
    head = find_head(grid, role_of)
    if head is None:
        return
    number, roles = head
    if "decided" not in roles or len(grid.rows) <= number + 1 or _is_pairs(grid.rows[number + 1]):
        return
    names = grid.rows[number]
    kind = _kind_of(" ".join(names) + " ".join(cell for row in grid.rows[:number] for cell in row), about)
    for cells, address in zip(grid.rows[number + 1 :], grid.addresses[number + 1 :], strict=True):
        if len(cells) != len(roles):
            continue  # cells that span others stand under no head of their own
        values = {role: cell for role, cell in zip(roles, cells, strict=True) if role and cell}
        heads = tuple(name for name, cell in zip(names, cells, strict=True) if cell)
        row = _row(kind, values, address or url, heads)
        if row is not None:
            yield row


def _is_pairs(cells: Sequence[str]) -> bool:
    """The next row names fields too: a card of labels and values, not a head row."""
    return sum(role_of(cell) is not None for cell in cells) >= 2


def _single(document: Document, article: Article | None) -> PublicityRow | None:
    """The decision or document that the page is about, from its labelled lines."""
    values: dict[str, str] = {}
    heads: list[str] = []
    repeated: set[str] = set()
    for label, value in _labelled(document.lines):
        role = role_of(label)
        heads.append(label)
        if role is None or not value:
            continue
        if role in values and not _says_the_same(values[role], value):
            repeated.add(role)
        values.setdefault(role, value)
    if {"decided", "formed"} & repeated:
        return None  # several on one page, each apart
    if "published" in repeated:
        values.pop("published", None)
    title = (article.title if article else None) or document.heading or document.title
    if title:
        values.setdefault("subject", title)
    if "decided" not in values and "formed" in values:
        return _row("document", {**values, "decided": values["formed"]}, document.url, ())
    if "decided" not in values:
        return None
    kind = _kind_of(" ".join(heads), _about(document))
    row = _row(kind, values, document.url, tuple(heads))
    return row if row is None or row.published is not None else _dated_by_page(row, article)


def _says_the_same(one: str, other: str) -> bool:
    """The same words, or the same day in two forms: a heading and an index card often print one day each their way."""
    if one == other:
        return True
    first, second = the_day(one), the_day(other)
    return first is not None and second is not None and first.day == second.day


def _dated_by_page(row: PublicityRow, article: Article | None) -> PublicityRow:
    """A page on one decision was published on its own day, where the page prints one; the earliest of several."""
    if article is None or article.published is None or not (article.date_source or "").startswith("heading"):
        return row
    day = min([article.published, *(reading.day for reading in article.other_dates)])
    if row.decided is not None and day < row.decided:
        return row  # the heading's day may be the decision's own
    fields = {name: getattr(row, name) for name in row.__dataclass_fields__}
    return PublicityRow(**{**fields, "published": day, "published_printed": article.printed})


def _labelled(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Label and value, on one line or on two; of several on one line those with days."""
    for number, line in enumerate(lines):
        if len(line) > MAX_LINE_CHARACTERS:
            continue
        several = list(_LABELS_IN_LINE.finditer(line))
        if len(several) > 1:
            for one in several:
                yield "".join(one["label"].split()), line[one.end() : one.end() + MAX_DATE_CHARACTERS]
            continue
        labelled = _LABEL.match(line)
        if labelled and labelled["value"]:
            yield "".join(labelled["label"].split()), labelled["value"].strip()
        elif number + 1 < len(lines) and _is_label_alone(bare := line.rstrip(":： ")):
            below = lines[number + 1]
            yield bare, "" if role_of(below.rstrip(":： ")) is not None else below


def _is_label_alone(line: str) -> bool:
    """A known label whose value can only stand below it; one with a day, or with a second label, has its own."""
    return role_of(line) is not None and not _HAS_VALUE.search(line)


def _kind_of(text: str, about: str) -> str:
    """permit, penalty or other, by the heads, else by the page's title."""
    for place in (text, about):
        key = normalise_name(place[:500])
        is_penalty = any(word in key for word in words("penalty_words"))
        is_permit = any(word in key for word in words("permit_words"))
        if is_penalty != is_permit:
            return "penalty" if is_penalty else "permit"
    return "other"


def _row(kind: str, values: dict[str, str], url: str, heads: tuple[str, ...]) -> PublicityRow | None:
    decided = the_day(values.get("decided", ""))
    if decided is None and not values.get("number"):
        return None
    published = _first_day(values.get("published", ""))
    subject = values.get("subject") or values.get("number") or _without_person(values.get("holder", ""))
    if not subject:
        return None
    return PublicityRow(
        kind=kind,
        subject=subject[:MAX_SUBJECT_CHARACTERS],
        url=url,
        decided=decided.day if decided else None,
        published=published.day if published else None,
        decided_printed=decided.printed if decided else None,
        published_printed=published.printed if published else None,
        document_number=values.get("number", "")[:MAX_SUBJECT_CHARACTERS] or None,
        organ=values.get("organ", "")[:MAX_SUBJECT_CHARACTERS] or None,
        fields=heads,
    )


def the_day(text: str) -> PrintedDate | None:
    """The only day in a cell; None for none and for several."""
    found = find_dates(text, compact=True)
    return found[0] if len({one.day for one in found}) == 1 else None


def _first_day(text: str) -> PrintedDate | None:
    """The first day of a span (公示时间 2026-11-02 至 2026-11-10) or the only one."""
    found = find_dates(text, compact=True)
    return min(found, key=lambda one: one.day) if found else None


def _without_person(name: str) -> str:
    """A body's name; of what may be a person's only the first character."""
    name = name.strip()
    if len(name) > 4 or any(word in name for word in words("body_words")):
        return name
    return name[:1] + "某" if name else ""


# ---------------------------------------------------------------- attachments


def read_attachments(document: Document) -> tuple[str, ...]:
    """Addresses of files that hold permits or penalties, on a page about these; sheets first."""
    sheets: list[str] = []
    papers: list[str] = []
    for link in document.links:
        url = link.url
        if url is None:
            continue
        file = url.partition("?")[0] if "?" in url else url
        if file[-1:] not in _FILE_ENDS or not file.endswith(_FILES):
            continue
        if file.lower().endswith(_SHEETS):
            if _is_about_decisions(f"{link.label} {document.title or ''}"):
                sheets.append(url)
        elif _is_about_decisions(link.label) and any(word in link.label for word in _RECORDS):
            papers.append(url)
    return tuple(dict.fromkeys((*sheets, *papers)))[:MAX_ATTACHMENTS]


def _is_about_decisions(text: str) -> bool:
    return "双公示" in text or any(word in text for word in (*words("penalty_words"), *words("permit_words")))
