"""The same content in every family, healthy portals bent in every way: looks must not change a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gkmonitor.demo.plan import Column, Entry, Kind, PortalPlan, days_ago
from gkmonitor.demo.plans import shelf
from gkmonitor.demo.portals import FAMILIES, PORTALS
from gkmonitor.demo.running import run_demo
from gkmonitor.demo.showing import verdict_words
from gkmonitor.records import Profile

PLAIN_FAMILIES = [name for name in FAMILIES if name not in ("walled", "maze", "traditional")]
PORTALS_AT_ONCE = 24
Bend = Callable[[Column], Column]


def healthy(family: str, bend_name: str = "as-it-is", bend: Bend = lambda column: column) -> PortalPlan:
    columns = bent(shelf.government("青禾县"), bend)
    county = Profile.COUNTY_PORTAL
    return PortalPlan(
        f"{bend_name}-{family}", "青禾县人民政府", "青禾县", county, family, family, "9901210001", columns
    )


def bent(columns: tuple[Column, ...], bend: Bend) -> tuple[Column, ...]:
    return tuple(replace(bend(column), children=bent(column.children, bend)) for column in columns)


def of_lists(change: Callable[[tuple[Entry, ...]], tuple[Entry, ...]], **fields: int) -> Bend:
    def bend(column: Column) -> Column:
        if column.kind is not Kind.LIST or not column.entries:
            return column
        return replace(column, entries=change(column.entries), **fields)  # type: ignore[arg-type]

    return bend


def with_old_on_top(entries: tuple[Entry, ...], is_pinned: bool) -> tuple[Entry, ...]:
    old = (
        Entry("创建文明城市倡议书", days_ago(900), is_pinned=is_pinned),
        Entry("便民服务提示", days_ago(1000), is_pinned=is_pinned),
    )
    return (*old, *entries)


BENDS: dict[str, Bend] = {
    "undated": of_lists(lambda entries: tuple(replace(each, is_printed=False) for each in entries)),
    "half-undated": of_lists(lambda all_: tuple(replace(each, is_printed=n % 2 == 1) for n, each in enumerate(all_))),
    "ascending": of_lists(lambda entries: entries[::-1], per_page=5),
    "pinned": of_lists(lambda entries: with_old_on_top(entries, True)),
    "old-on-top": of_lists(lambda entries: with_old_on_top(entries, False)),
    "future": of_lists(lambda entries: (Entry("关于元宵节燃放焰火的通告", days_ago(-90)), *entries)),
    "old-titles": of_lists(
        lambda all_: tuple(replace(each, title=f"关于执行2015年3月1日{each.title}") for each in all_)
    ),
    "one-entry": of_lists(lambda entries: entries[:1]),
    "two-entries": of_lists(lambda entries: entries[:2]),
    "short-titles": of_lists(lambda entries: tuple(replace(each, title=each.title[:6]) for each in entries)),
    "long-titles": of_lists(lambda entries: tuple(replace(each, title=each.title * 3) for each in entries)),
}


def accusations(plans: list[PortalPlan]) -> list[str]:
    """What was accused of portals that have nothing wrong; planted faults that were missed."""
    found = []
    for at in range(0, len(plans), PORTALS_AT_ONCE):
        for each in run_demo(plans[at : at + PORTALS_AT_ONCE]).portals:
            agreement = each.agreement
            found += [f"{each.plan.key}: {verdict_words(verdict)}" for verdict in agreement.unplanted]
            found += [f"{each.plan.key}: {missed.check} {missed.subject}" for missed in agreement.missed]
    return found


def test_a_healthy_portal_is_accused_of_nothing_in_any_family() -> None:
    assert accusations([healthy(family) for family in (*PLAIN_FAMILIES, "traditional")]) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", BENDS)
def test_a_healthy_portal_bent_in_one_way_is_accused_of_nothing(name: str) -> None:
    assert accusations([healthy(family, name, BENDS[name]) for family in (*PLAIN_FAMILIES, "traditional")]) == []


@pytest.mark.soak
@pytest.mark.parametrize("family", PLAIN_FAMILIES)
def test_planted_faults_are_found_in_any_family(family: str) -> None:
    plans = [each for each in PORTALS if each.family in PLAIN_FAMILIES and not each.delay_seconds]
    assert accusations([replace(each, key=f"{each.key}-{family}", family=family) for each in plans]) == []
