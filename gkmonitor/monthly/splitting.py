"""Figures of which there are as many as the data has kinds: by type and level, by indicator, by points. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from gkmonitor.monthly.defining import Definition, share
from gkmonitor.monthly.tally import Tally
from gkmonitor.monthly.words import month_words


def made_for(counted: Tally) -> Iterator[Definition]:
    """In the order of the notice."""
    yield from _kinds(counted)
    yield from _hits()
    yield from _bands(counted)


def _kinds(counted: Tally) -> Iterator[Definition]:
    """在运行网站 by kind, those that there are."""
    present = {one.portal.kind for one in counted.data.portals}
    for profile, kind in month_words().kinds.items():
        if kind in present:
            yield Definition(
                f"running-{profile or 'unknown'}",
                f"在运行的{kind}数",
                "家",
                f"在运行网站中登记类型为{kind}的。",
                lambda t, kind=kind: sum(one.portal.kind == kind for one in t.data.portals),  # type: ignore[misc]
            )
    yield from _levels(counted)


def _levels(counted: Tally) -> Iterator[Definition]:
    """Departments by level, where the registry has levels."""
    department = month_words().kinds["department"]
    present = {one.portal.level or "" for one in counted.data.portals if one.portal.kind == department}
    if not present - {""}:
        return
    for level, word in month_words().levels.items():
        if level in present:
            yield Definition(
                f"running-department-{level or 'unknown'}",
                f"在运行的{word}{department}数",
                "家",
                f"在运行的{department}中登记层级为{word.removesuffix('的')}的。",
                lambda t, level=level: sum(  # type: ignore[misc]
                    one.portal.kind == department and (one.portal.level or "") == level for one in t.data.portals
                ),
            )


def _hits() -> Iterator[Definition]:
    for one in month_words().indicators:
        yield Definition(
            f"hits-{one.slug}",
            f"“{one.title}”问题数",
            "个",
            f"问题中属于“{one.title}”的。",
            lambda t, slug=one.slug: sum(problem.indicator == slug for problem in t.problems),  # type: ignore[misc]
        )


def _bands(counted: Tally) -> Iterator[Definition]:
    """Portals by points, where the office has a table."""
    table = counted.data.points
    if table is None:
        return
    for place, band in enumerate(month_words().score_bands, start=1):
        yield Definition(
            f"score-band-{place}",
            f"得分{band.title}的网站数",
            "家",
            f"按《{table.title}》计分，只扣经人工确认的问题；未能判定的不扣分，有单项否决问题的不计分。",
            lambda t, low=band.low, high=band.high: _in_band(t, low, high),  # type: ignore[misc]
        )
        yield Definition(
            f"score-band-{place}-share",
            f"得分{band.title}的网站占比",
            "%",
            f"得分{band.title}的网站数÷（计分的网站数＋因单项否决不计分的网站数）。",
            lambda t, low=band.low, high=band.high: share(  # type: ignore[misc]
                _in_band(t, low, high), len(t.points) + t.count("unqualified"), "没有计分的网站"
            ),
        )
    yield Definition(
        "score-band-veto", "因单项否决不计分的网站数", "家", "有单项否决问题的网站。", lambda t: t.count("unqualified")
    )


def _in_band(counted: Tally, low: float, high: float) -> int:
    return sum(low <= one <= high for one in counted.points.values())
