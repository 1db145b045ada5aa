"""Figures that follow from typed ones: shares and sums, where every figure that they rest on was typed in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gkmonitor.monthly.records import Statistic
from gkmonitor.monthly.words import DerivedKind, month_words


def derived_statistics(typed: Mapping[str, Statistic]) -> Iterator[Statistic]:
    """In the order of the data. ``typed``: the figures that people signed, by slug."""
    for kind in month_words().derived:
        parts = [typed[slug].value for slug in kind.parts if slug in typed]
        numbers = [value for value in parts if isinstance(value, int | float)]
        if len(numbers) == len(kind.parts):
            yield _derived(kind, numbers, {slug: typed[slug].title for slug in kind.parts})


def _derived(kind: DerivedKind, numbers: list[int | float], titles: Mapping[str, str]) -> Statistic:
    names = [f"“{titles[slug].strip('“”')}”" if "“" not in titles[slug] else titles[slug] for slug in kind.parts]
    sign = "÷" if kind.is_share else "＋"
    words = f"由人工填写的{sign.join(names)}算得，程序不能核对。"
    made = Statistic(kind.slug, kind.title, None, kind.unit, words, source="typed")
    if not kind.is_share:
        return replace(made, value=sum(numbers))
    part, whole = numbers
    if not whole or part > whole:
        why = f"{names[1]}为0" if not whole else f"{names[0]}大于{names[1]}，请核对填报"
        return replace(made, why_none=why)
    return replace(made, value=round(100 * part / whole, 2))
