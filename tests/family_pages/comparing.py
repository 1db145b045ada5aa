"""What is wrong with the reading of a sample page, against the answers that were written before reading it."""

from __future__ import annotations

import re
import unicodedata

from family_pages.content import Sample
from gkmonitor.records import PageFacts
from spiders.readers import read_page

HOME = {"首页", "网站首页", "HOME"}
BUDGET = {"budget", "final-accounts", "three-public-expenses"}


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
    if want.newest is None and all(item.date_source == "url" for item in items if item.published):
        newest = oldest = None  # a day of the address alone is none that is printed
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
    faults = [f"column {name} is lost" for name in want.columns if name not in names | HOME]
    if want.is_complete:
        faults += [f"column {name} is none" for name in sorted(top) if name not in want.columns + want.sub_columns]
    for name, right, got in (("code", want.code, marks.site_id_code), ("organizer", want.organizer, marks.organizer)):
        if right != got:
            faults.append(f"{name} {got}, not {right}")
    if re.sub(r"\D", "", want.icp or "") != re.sub(r"\D", "", marks.icp or ""):
        faults.append(f"ICP {marks.icp}, not {want.icp}")
    return faults + flag_faults(sample, page)


def flag_faults(sample: Sample, page: PageFacts) -> list[str]:
    concepts = {column.concept for column in page.columns}
    flags = (
        ("budget", sample.want.budget, bool(concepts & BUDGET)),
        ("double publicity", sample.want.double_publicity, "double-publicity" in concepts),
    )
    return [f"{name} {got}, not {want}" for name, want, got in flags if want is not None and want != got]


def faults_of(sample: Sample) -> list[str]:
    page = read_page(sample.body, sample.url, sample.headers)
    found = [*list_faults(sample, page), *article_faults(sample, page), *site_faults(sample, page)]
    if page.kind not in sample.want.page:
        found.append(f"kind {page.kind}, not {sample.want.page}")
    redirect = page.redirect.url.rstrip("/") if page.redirect else None
    if sample.want.redirect is not None and redirect != sample.want.redirect.rstrip("/"):
        found.append(f"leads to {redirect}, not {sample.want.redirect}")
    return found


def fresher_than_true(sample: Sample, page: PageFacts) -> list[str]:
    """The dangerous faults: a day later than the truth, an entry where there is none."""
    want, faults = sample.want, []
    if want.items is not None:
        items = page.listing.items if page.listing else ()
        days = [i.published for i in items if i.published and (want.newest or i.date_source != "url")]
        newest = max(days, default=None)
        if newest is not None and (want.newest is None or newest.isoformat() > want.newest):
            faults.append(f"newest {newest}, later than {want.newest}")
        if not want.items and page.listing and page.listing.items:
            faults.append(f"{len(page.listing.items)} entries of none")
    if want.is_article and page.article and page.article.published:
        published = page.article.published.isoformat()
        if want.published is None or published > want.published:
            faults.append(f"published {published}, later than {want.published}")
    return faults
