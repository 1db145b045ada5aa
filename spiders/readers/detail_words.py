"""The words of ``spiders/data/details.yaml``, and what the head of a table or a line's label says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from gkmonitor.concepts import normalise_name
from spiders.readers.document import Document
from spiders.readers.spotting import Spotter
from spiders.word_lists import read_word_lists

MAX_HEAD_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class HeadWords:
    """A field's words: one of ``has`` must occur in the head, none of ``lacks`` may."""

    has: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class DetailWords:
    """The lists of the file; see the comments there."""

    heads: Mapping[str, HeadWords]
    letters: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, tuple[str, ...]]


@cache
def _spotter(name: str) -> Spotter:
    return Spotter(words(name))


@cache
def detail_words() -> DetailWords:
    raw = read_word_lists("details")
    heads = {role: HeadWords(tuple(row["has"]), tuple(row["not"])) for role, row in raw.pop("heads").items()}
    letters = {role: tuple(words) for role, words in raw.pop("letters").items()}
    return DetailWords(heads, letters, {name: tuple(words) for name, words in raw.items()})


def words(name: str) -> tuple[str, ...]:
    """One of the plain lists by its name."""
    return detail_words().lists[name]


def mentions(document: Document, name: str) -> bool:
    """Whether a word of the list occurs in the page's visible text: a cheap first look."""
    return document.shows(_spotter(name))


def role_of(head: str) -> str | None:
    """What the head of a table of decisions stands for: decided, published, formed, number, organ, subject, holder."""
    return _role_of(head) if len(head) <= 2 * MAX_HEAD_CHARACTERS else None


def letter_role_of(head: str) -> str | None:
    """What the head of a table of letters stands for: title, submitted, replied, state, kind."""
    return _letter_role_of(head) if len(head) <= 2 * MAX_HEAD_CHARACTERS else None


@lru_cache(maxsize=4096)
def _role_of(head: str) -> str | None:
    key = normalise_name(head)
    if not 2 <= len(key) <= MAX_HEAD_CHARACTERS:
        return None
    for role, one in detail_words().heads.items():
        if any(word in key for word in one.has) and not any(word in key for word in one.lacks):
            return role
    return None


@lru_cache(maxsize=4096)
def _letter_role_of(head: str) -> str | None:
    key = normalise_name(head)
    return next((role for role, names in detail_words().letters.items() if key in names), None)
