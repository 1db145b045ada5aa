"""All sample pages."""

from __future__ import annotations

from family_pages import (
    encodings,
    exchanges,
    guangdong,
    hanweb,
    homes,
    odd_articles,
    odd_lists,
    siteserver,
    small_systems,
    trs,
    ucap,
    universities,
    walls,
)
from family_pages.content import Sample

MODULES = (
    trs,
    guangdong,
    siteserver,
    universities,
    hanweb,
    ucap,
    exchanges,
    small_systems,
    odd_lists,
    odd_articles,
    walls,
    homes,
    encodings,
)


def all_samples() -> list[Sample]:
    return [sample for module in MODULES for sample in module.samples()]
