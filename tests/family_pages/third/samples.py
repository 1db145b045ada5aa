"""All pages of whole portals."""

from __future__ import annotations

from family_pages.content import Sample
from family_pages.third import articles, fronts, later, lists, scripts


def portal_samples() -> list[Sample]:
    return [sample for module in (lists, scripts, articles, fronts, later) for sample in module.samples()]
