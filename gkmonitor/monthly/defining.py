"""What a statistic is, and how one says that it cannot be known. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gkmonitor.monthly.records import Value
from gkmonitor.monthly.tally import Tally


@dataclass(frozen=True, slots=True)
class Unknown:
    """A figure that cannot be given, and why."""

    why: str


Counted = Value | Unknown


@dataclass(frozen=True, slots=True)
class Definition:
    """One statistic: its name, its unit, its words for the annex, and how it is counted."""

    slug: str
    title: str
    unit: str
    words: str
    count: Callable[[Tally], Counted]


def share(part: int, whole: int, why: str) -> Counted:
    """In per cent with two decimals; ``why`` it is not known where there is no whole."""
    return round(100 * part / whole, 2) if whole else Unknown(why)
