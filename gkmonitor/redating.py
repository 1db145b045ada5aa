"""Re-dated items: the same address under a later day, and whether its text was still the same. Pure.

What is told is what was seen. A unit that mends a text, or a wrong year, has every reason to date it anew: whether a
re-dating is a fault is for a person to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from gkmonitor.records import Item


class TextChange(StrEnum):
    """What is known of an item's text before and after its date was changed."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"  # or what stands beside it on its page: a digest cannot tell
    UNKNOWN = "unknown"  # its page was not opened both before and after


class DatedBy(StrEnum):
    """Who prints an item's day. Only days printed in the same place are compared: a list and a page may differ."""

    LIST = "list"
    PAGE = "page"  # the article's own particulars
    OTHER = "other"  # an address, a label or a script, which later runs of a template move; a year taken from elsewhere


_PRINTED: Final = (DatedBy.LIST, DatedBy.PAGE)


@dataclass(frozen=True, slots=True)
class FormerDay:
    """A day that an item had; ``until``: the observation that saw it replaced; ``by`` None: nobody knows any more."""

    day: date | None
    by: DatedBy | None
    until: datetime


@dataclass(frozen=True, slots=True)
class TextRun:
    """One text of an item's page: from when till when it was read there; ``digest`` in hexadecimal digits.

    ``number``: 1 for the first text; one less is how often it has changed.
    """

    digest: str
    first_seen: datetime
    last_seen: datetime
    number: int = 1


@dataclass(frozen=True, slots=True)
class Redating:
    """A later day under the same address; ``noticed_at``: the first observation that saw the new day."""

    before: date
    after: date
    noticed_at: datetime
    text: TextChange


def dated_by(item: Item) -> DatedBy | None:
    """Who prints the item's day; None for an undated one."""
    if item.published is None:
        return None
    source = item.date_source or ""
    if source.startswith("article:heading"):
        return DatedBy.PAGE
    is_whole = source == "list" or (source.startswith("list:") and not source.endswith("-year"))
    return DatedBy.LIST if is_whole else DatedBy.OTHER


def latest_redating(
    former: Sequence[FormerDay], published: date | None, by: DatedBy | None, texts: Sequence[TextRun]
) -> Redating | None:
    """The last time that an item got a later day; None where it never did.

    ``former``: the days that it had before, the oldest first; ``published`` and ``by``: the one that it has; ``texts``:
    its texts, the oldest first. A day that was taken away and replaced later counts like one that was replaced at once.
    """
    found: Redating | None = None
    before: dict[DatedBy, FormerDay] = {}
    noticed_at: datetime | None = None
    for day, place, until in (*((one.day, one.by, one.until) for one in former), (published, by, None)):
        if day is not None and place in _PRINTED:
            old = before.get(place)
            if old is not None and old.day is not None and noticed_at is not None and day > old.day:
                found = Redating(old.day, day, noticed_at, _text_change(texts, old.until, noticed_at))
            if until is not None:
                before[place] = FormerDay(day, place, until)
        noticed_at = until
    return found


def _text_change(texts: Sequence[TextRun], left: datetime, noticed: datetime) -> TextChange:
    """``left``: when the old day was first missed; ``noticed``: when the new one was first seen."""
    old = next((one for one in reversed(texts) if one.first_seen < left), None)
    new = next((one for one in texts if one.last_seen >= noticed), None)
    if old is None or new is None:
        return TextChange.UNKNOWN
    return TextChange.UNCHANGED if old.digest == new.digest else TextChange.CHANGED
