"""Letters and their answers, as lists and pages of letters show them. Names of writers are not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gkmonitor.concepts import normalise_name
from gkmonitor.records import Article, Letter
from spiders.readers.detail_words import letter_role_of, mentions, words
from spiders.readers.document import Document
from spiders.readers.letter_lists import labelled, read_entries, read_rows_of_cells
from spiders.readers.tables import Grid, find_head, the_day

MAX_TITLE_CHARACTERS = 80
MAX_LABEL_CHARACTERS = 10
MAX_LINE_CHARACTERS = 300
MAX_STATE_CHARACTERS = 12


def is_on_letters(document: Document) -> bool:
    """Whether the page names the day of a letter at all: a cheap first look."""
    return mentions(document, "letter_triggers")


def read_letters(document: Document, article: Article | None, grids: Sequence[Grid]) -> tuple[Letter, ...]:
    """The letters that tables or lists show, else the one that the page itself is about."""
    found = [letter for grid in grids for letter in _listed(grid, document)]
    if not found and mentions(document, "letter_days"):
        found = _in_lists(document)
        if not found and (single := _single(document, article)) is not None:
            found = [single]
    return tuple(found)


def _in_lists(document: Document) -> list[Letter]:
    entries = [_letter(values, url) for values, url in read_entries(document)]
    if any(entries):
        return [letter for letter in entries if letter is not None]
    return [letter for grid in read_rows_of_cells(document) for letter in _listed(grid, document)]


def _listed(grid: Grid, document: Document) -> Iterator[Letter]:
    head = find_head(grid, letter_role_of)
    if head is None:
        return
    number, roles = head
    if "submitted" not in roles or "title" not in roles:
        return
    for cells, address in zip(grid.rows[number + 1 :], grid.addresses[number + 1 :], strict=True):
        if len(cells) == len(roles):
            values = {role: cell for role, cell in zip(roles, cells, strict=True) if role}
            letter = _letter(values, address or document.url)
            if letter is not None:
                yield letter


def _single(document: Document, article: Article | None) -> Letter | None:
    """The letter that the page is about, from its labelled lines; none where several stand on the page."""
    values: dict[str, str] = {}
    lines = document.lines
    for number, line in enumerate(lines):
        if len(line) > MAX_LINE_CHARACTERS:
            continue
        for role, value in _of_line(line, lines[number + 1] if number + 1 < len(lines) else ""):
            if role == "submitted" and role in values and values[role] != value:
                return None
            values.setdefault(role, value)
    if "submitted" not in values:
        return None
    title = article.title if article else None
    values["title"] = values.get("title") or title or document.heading or document.title or ""
    return _letter(values, document.url)


def _of_line(line: str, below: str) -> Iterator[tuple[str, str]]:
    """What a line says: labels with their values, or one label whose value stands on the line below."""
    found = list(labelled(line))
    for number, (role, value) in enumerate(found):
        yield role, value or (_value_below(below) if number == len(found) - 1 else "")
    if not found and len(line) <= MAX_LABEL_CHARACTERS and (alone := letter_role_of("".join(line.split()))):
        yield alone, _value_below(below)


def _value_below(line: str) -> str:
    is_label = letter_role_of("".join(line.replace("：", ":").partition(":")[0].split())) is not None
    return "" if is_label or any(labelled(line)) else line


def _letter(values: dict[str, str], url: str) -> Letter | None:
    submitted, replied = the_day(values.get("submitted", "")), the_day(values.get("replied", ""))
    title = values.get("title", "").strip()
    if submitted is None or not title:
        return None
    state = values.get("state", "")
    state = normalise_name(state.split()[0]) if state.strip() else ""
    shown = [submitted.printed, replied.printed if replied else "", state]
    return Letter(
        title=title[:MAX_TITLE_CHARACTERS],
        url=url,
        submitted=submitted.day,
        replied=replied.day if replied else None,
        is_answered=True if replied else _is_answered(state),
        kind=values.get("kind", "")[:MAX_TITLE_CHARACTERS] or None,
        printed=" ".join(part for part in shown if part) or None,
    )


def _is_answered(state: str) -> bool | None:
    """What the words of the state say; None for words such as 办理中, which an interim answer does not change.

    What is longer than a state is the text of an answer, and words in it may be about anything.
    """
    if len(state) > MAX_STATE_CHARACTERS:
        return None
    if any(word in state for word in words("unanswered")):
        return False
    return True if any(word in state for word in words("answered")) else None
