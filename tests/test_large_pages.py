"""Whole pages of many systems, full of fresher things than their own content; answers written before reading them.

Menus printed twice, running lines, hot lists, popups, templates, comments and related articles carry days younger than
the list's or the article's own: nothing of it may make a column look alive.
"""

from __future__ import annotations

import pytest
from family_pages.content import Sample
from large_pages import lists, odd, portals, second, texts, third
from test_families_blind import faults_of

from spiders.readers import read_page

SAMPLES = [sample for module in (lists, odd, texts, portals, second, third) for sample in module.samples()]


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_large_page_is_read_as_a_person_reads_it(sample: Sample) -> None:
    assert faults_of(sample) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_what_stands_around_makes_no_page_fresher(sample: Sample) -> None:
    page, want = read_page(sample.body, sample.url, sample.headers), sample.want
    if want.items is not None:
        newest = page.listing.newest if page.listing else None
        assert newest is None or (want.newest is not None and newest.isoformat() <= want.newest)
    if want.is_article and page.article and page.article.published:
        assert want.published is not None
        assert page.article.published.isoformat() <= want.published
