"""Whole pages of families and sites that the readers were not made on; the answers were written before reading them.

A page in ``NOT_YET`` is read wrong today and says how; it has to fail, so that whoever mends it takes it off the list.
"""

from __future__ import annotations

import re
import unicodedata

import pytest
from family_pages.content import Sample
from family_pages.samples import all_samples

from gkmonitor.records import PageFacts
from spiders.readers import read_page

SAMPLES = all_samples()
HOME = {"首页", "网站首页"}
# page -> what is wrong with its reading: never a day later than the truth, never entries where there are none
NOT_YET: dict[str, str] = {}


def letters(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text or "")).lower()


def same_title(want: str, got: str | None) -> bool:
    first, second = letters(want), letters(got)
    return bool(second) and (first == second or (first in second and 2 * len(first) >= len(second)))


def list_faults(sample: Sample, page: PageFacts) -> list[str]:
    want, listing = sample.want, page.listing
    if want.items is None:
        return []
    items = listing.items if listing else ()
    faults = [] if len(items) == want.items else [f"{len(items)} entries, not {want.items}"]
    newest, oldest = (listing.newest, listing.oldest) if listing else (None, None)
    if (newest.isoformat() if newest else None) != want.newest:
        faults.append(f"newest {newest}, not {want.newest}")
    if (oldest.isoformat() if oldest else None) != want.oldest:
        faults.append(f"oldest {oldest}, not {want.oldest}")
    for wanted, item in ((want.first, items[:1]), (want.last, items[-1:])):
        if wanted and not (item and same_title(wanted, item[0].title)):
            faults.append(f"title {item[0].title if item else None!r}, not {wanted!r}")
    if want.next_url is not None and (listing.next_url if listing else None) != (want.next_url or None):
        faults.append(f"next page {listing.next_url if listing else None}, not {want.next_url!r}")
    return faults


def article_faults(sample: Sample, page: PageFacts) -> list[str]:
    want, article = sample.want, page.article
    if not want.is_article:
        return []
    published = article.published.isoformat() if article and article.published else None
    faults = [] if published == want.published else [f"published {published}, not {want.published}"]
    if want.title and not same_title(want.title, article.title if article else None):
        faults.append(f"title {article.title if article else None!r}, not {want.title!r}")
    return faults


def site_faults(sample: Sample, page: PageFacts) -> list[str]:
    want, marks = sample.want, page.marks
    if not want.columns:
        return []
    names = {column.name for column in page.columns} - HOME
    top = {column.name for column in page.columns if len(column.path) == 1} - HOME
    faults = [f"column {name} is lost" for name in want.columns if name not in names]
    faults += [f"column {name} is none" for name in sorted(top) if name not in want.columns + want.sub_columns]
    for name, right, got in (("code", want.code, marks.site_id_code), ("organizer", want.organizer, marks.organizer)):
        if right != got:
            faults.append(f"{name} {got}, not {right}")
    if re.sub(r"\D", "", want.icp or "") != re.sub(r"\D", "", marks.icp or ""):
        faults.append(f"ICP {marks.icp}, not {want.icp}")
    return faults


def faults_of(sample: Sample) -> list[str]:
    page = read_page(sample.body, sample.url, sample.headers)
    found = [*list_faults(sample, page), *article_faults(sample, page), *site_faults(sample, page)]
    if page.kind not in sample.want.page:
        found.append(f"kind {page.kind}, not {sample.want.page}")
    redirect = page.redirect.url.rstrip("/") if page.redirect else None
    if sample.want.redirect is not None and redirect != sample.want.redirect.rstrip("/"):
        found.append(f"leads to {redirect}, not {sample.want.redirect}")
    return found


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_page_is_read_as_a_person_reads_it(sample: Sample) -> None:
    faults = faults_of(sample)
    if str(sample) in NOT_YET:
        assert faults, "read right now: take it off NOT_YET"
    else:
        assert faults == []


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_no_page_is_read_as_fresher_or_fuller_than_it_is(sample: Sample) -> None:
    page, want = read_page(sample.body, sample.url, sample.headers), sample.want
    if want.items is not None:
        newest = page.listing.newest if page.listing else None
        assert newest is None or (want.newest is not None and newest.isoformat() <= want.newest)
        assert want.items or not (page.listing and page.listing.items)
    if want.is_article and page.article and page.article.published:
        assert want.published is not None
        assert page.article.published.isoformat() <= want.published


def test_every_page_not_yet_read_right_exists() -> None:
    assert set(NOT_YET) <= {str(sample) for sample in SAMPLES}
