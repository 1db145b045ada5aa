"""Regions in which every portal that could be judged qualified, and for how many months in a row. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from gkmonitor.monthly.grouping import region_lines, unit_lines
from gkmonitor.monthly.inputs import month_before
from gkmonitor.monthly.records import FullRegion, GroupLine
from gkmonitor.monthly.tally import Tally
from gkmonitor.monthly.words import NO_REGION, NO_UNIT


def rated_regions(counted: Tally) -> Iterator[GroupLine]:
    """The regions that the registry names, with a rate."""
    return (one for one in region_lines(counted) if one.rate is not None and one.name != NO_REGION)


def full_regions(counted: Tally) -> tuple[FullRegion, ...]:
    """Those at 100 %, the longest in a row first; ``months`` counts this one and those of issued notices before it."""
    before = counted.data.previous.full_regions if counted.data.previous is not None else {}
    found = [FullRegion(one.name, before.get(one.name, 0) + 1) for one in rated_regions(counted) if one.rate == 100]
    return tuple(sorted(found, key=lambda one: (-one.months, one.name)))


def running_regions(counted: Tally) -> tuple[FullRegion, ...] | str:
    """Those at 100 % for two months or more; why that cannot be said where last month's notice was not issued."""
    if counted.data.previous is None:
        return f"{month_before(counted.data.month)}月没有印发通报"
    return tuple(one for one in full_regions(counted) if one.months > 1)


def silent_units(counted: Tally) -> list[str]:
    """Units that the registry names, on whose portals nothing of the month was seen though they were read."""
    return [one.name for one in unit_lines(counted) if one.items == 0 and one.name != NO_UNIT]
