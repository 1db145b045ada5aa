"""Other extractors, each answering in the shape of `extract --json` as far as it can."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Predict = Callable[[bytes, str], Json]


def day(value: object) -> str | None:
    text = str(value or "")[:10]
    return text if len(text) == 10 and text[4] == "-" else None


def attempt(work: Callable[[], Any]) -> Any:
    """A peer that raises on one question still answers the others."""
    try:
        return work()
    except Exception:
        return None


def answer(items: list[Json] | None = None, newest: str | None = None, **article: str | None) -> Json:
    listing = {"items": items or [], "newest": newest} if items is not None or newest else None
    page = "listing" if items else "article"
    return {"page": page, "columns": [], "marks": {}, "listing": listing, "article": article or None}


def ours() -> Predict:
    from gkmonitor.reports.page_json import page_object
    from spiders.readers import read_page

    return lambda body, url: page_object("", read_page(body, url))


def gerapy() -> Predict:
    library = importlib.import_module("gerapy_auto_extractor")

    def predict(body: bytes, url: str) -> Json:
        html = body.decode("utf-8", "replace")
        detail = attempt(lambda: library.extract_detail(html)) or {}
        published = day(detail.get("datetime"))
        if attempt(lambda: library.is_list(html)):
            found = attempt(lambda: library.extract_list(html)) or []
            rows = [{"title": row.get("title"), "url": row.get("url")} for row in found]
            return answer(rows, published)
        return answer(None, None, title=detail.get("title"), published=published)

    return predict


def gne() -> Predict:
    library = importlib.import_module("gne")

    def predict(body: bytes, url: str) -> Json:
        found = library.GeneralNewsExtractor().extract(body.decode("utf-8", "replace"))
        published = day(found.get("publish_time"))
        return answer(None, published, title=found.get("title"), published=published)

    return predict


def htmldate(*, extensive: bool) -> Predict:
    library = importlib.import_module("htmldate")

    def predict(body: bytes, url: str) -> Json:
        published = day(library.find_date(body, extensive_search=extensive, original_date=True))
        return answer(None, published, published=published)

    return predict


def trafilatura() -> Predict:
    library = importlib.import_module("trafilatura")

    def predict(body: bytes, url: str) -> Json:
        found = library.bare_extraction(body, url=url, with_metadata=True)
        published = day(getattr(found, "date", None))
        return answer(None, published, title=getattr(found, "title", None), published=published)

    return predict


PEERS: dict[str, Callable[[], Predict]] = {
    "gkmonitor": ours,
    "GerapyAutoExtractor": gerapy,
    "GNE": gne,
    "htmldate": lambda: htmldate(extensive=True),
    "htmldate (fast)": lambda: htmldate(extensive=False),
    "trafilatura": trafilatura,
}
