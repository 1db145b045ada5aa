"""Lists by the page: the addresses of the first and the next one, with the filters kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Form, Path

from gkmonitor.registry.words import storable

RowT = TypeVar("RowT")
PAGE_ROWS: Final = 50
_MOST: Final = 2**63 - 1  # what a database counts to
PathNumber = Annotated[int, Path(ge=1, le=_MOST)]  # of a row, in an address
FormNumber = Annotated[int, Form(ge=1, le=_MOST)]


@dataclass(frozen=True, slots=True)
class Page:
    """What ``parts.pager`` shows; None: there is no such page."""

    first: str | None
    next: str | None
    words: str


def words_of(text: str, most: int = 100) -> str:
    """Words of an address as a database takes them: no NUL, no broken characters, not too many."""
    return storable(text)[:most]


def whole_number(text: str) -> int:
    """A positive number of an address; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def address(path: str, query: Mapping[str, object]) -> str:
    """A path with the words of a query that say something."""
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path


def cut(
    rows: Sequence[RowT], path: str, query: Mapping[str, object], after: object, key: str, limit: int = PAGE_ROWS
) -> tuple[list[RowT], Page]:
    """The rows of this page out of up to one more than it holds, and its pager.

    ``after``: where this page began; ``key``: the attribute that the next one begins after, as the word ``after``.
    """
    shown = list(rows[:limit])
    following = address(path, {**query, "after": getattr(shown[-1], key)}) if len(rows) > limit else None
    first = address(path, query) if after else None
    return shown, Page(first, following, f"本页 {len(shown)} 条")
