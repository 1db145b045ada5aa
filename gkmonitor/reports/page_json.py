"""What the readers saw on a page as a JSON object: schema gkmonitor.extract/1, whose keys are a contract."""

from __future__ import annotations

from datetime import date
from typing import Any

from gkmonitor.records import Article, Item, Listing, Marks, PageFacts

EXTRACT_SCHEMA = "gkmonitor.extract/1"


def page_object(file: str, page: PageFacts) -> dict[str, Any]:
    """The object that ``extract --json`` prints for one file or address; ``file`` is its name as given."""
    return {
        "schema": EXTRACT_SCHEMA,
        "file": file,
        "url": page.url,
        "encoding": page.encoding,
        "language": page.language,
        "cms": page.cms,
        "page": page.kind,
        "title": page.title,
        "heading": page.heading,
        "challenge": page.challenge,
        "breadcrumb": list(page.breadcrumb),
        "marks": _marks(page.marks),
        "columns": [
            {"name": c.name, "url": c.url, "path": list(c.path), "concept": c.concept, "match": c.match}
            for c in page.columns
        ],
        "listing": _listing(page.listing),
        "article": _article(page.article),
        "statements": [{"kind": s.kind, "words": s.words} for s in page.statements],
        "endpoints": [{"url": e.url, "method": e.method, "how": e.how} for e in page.endpoints],
        "redirect": {"url": page.redirect.url, "how": page.redirect.how} if page.redirect else None,
    }


def _marks(marks: Marks) -> dict[str, Any]:
    return {
        "site_name": marks.site_name,
        "site_id_code": marks.site_id_code,
        "icp": marks.icp,
        "psb": marks.psb,
        "organizer": marks.organizer,
        "contact": marks.contact,
        "labels": dict(marks.labels),
        "party_government_mark": marks.has_party_government_mark,
        "error_report_entry": marks.has_error_report_entry,
    }


def _listing(listing: Listing | None) -> dict[str, Any] | None:
    if listing is None:
        return None
    return {
        "items": [_item(item) for item in listing.items],
        "newest": _day(listing.newest),
        "oldest": _day(listing.oldest),
        "next_url": listing.next_url,
        "has_more": listing.next_url is not None or listing.has_more,
        "total_items": listing.total_items,
        "total_pages": listing.total_pages,
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "title": item.title,
        "url": item.url,
        "date": _day(item.published),
        "printed": item.printed,
        "date_source": item.date_source,
        "other_dates": [{"date": _day(d.day), "printed": d.printed, "date_source": d.source} for d in item.other_dates],
        "pinned": item.pinned,
    }


def _article(article: Article | None) -> dict[str, Any] | None:
    if article is None:
        return None
    return {
        "title": article.title,
        "published": _day(article.published),
        "printed": article.printed,
        "date_source": article.date_source,
        "source": article.source,
        "other_dates": [
            {"date": _day(d.day), "printed": d.printed, "date_source": d.source} for d in article.other_dates
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
