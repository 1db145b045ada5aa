"""What a prediction of schema gkmonitor.extract/1 is worth against a label read by eye (schema gkcorpus.label/1).

Each metric answers right, wrong or a share for one page; a metric that a label does not ask about is left out. A page
without a prediction is wrong in every metric that asks about it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

BUDGET_CONCEPTS = {"budget", "final-accounts", "three-public-expenses"}
HOME_NAMES = {"首页", "网站首页", "返回首页", "home"}
CUT_OFF = re.compile(r"(?:\.{2,}|…+|。{3,})\s*$")
ICP_NUMBER = re.compile(r"([\u4e00-\u9fff])\s*ICP\s*[备证]\D{0,6}?(\d{5,})\s*号?(?:\s*-\s*(\d+))?", re.IGNORECASE)

Json = dict[str, Any]


@dataclass
class Tally:
    """How often one metric was asked and how much of it was right."""

    asked: int = 0
    right: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def percent(self) -> float:
        return 100.0 * self.right / self.asked if self.asked else 0.0


def plain(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text or "")).lower()


def titles_match(wanted: str | None, got: str | None) -> bool:
    """Equal, or one is cut off and begins the other, or one holds the other and is at least half as long."""
    a, b = plain(wanted), plain(got)
    if not a or not b:
        return False
    if a == b:
        return True
    for raw, cut, whole in ((wanted, a, b), (got, b, a)):
        if CUT_OFF.search((raw or "").strip()) and len(cut) >= 4 and whole.startswith(cut):
            return True
    short, long = sorted((a, b), key=len)
    return short in long and 2 * len(short) >= len(long)


def items_of(prediction: Json | None) -> list[Json]:
    return list(((prediction or {}).get("listing") or {}).get("items") or [])


def edge(prediction: Json | None, which: str) -> str | None:
    listing = (prediction or {}).get("listing") or {}
    if listing.get(which):
        return str(listing[which])
    days = sorted(i["date"] for i in items_of(prediction) if i.get("date"))
    return (days[-1] if which == "newest" else days[0]) if days else None


def list_metrics(label: Json, prediction: Json | None) -> Iterator[tuple[str, float]]:
    items, newest = items_of(prediction), label["newest_date"]
    present, got = prediction is not None, edge(prediction, "newest")
    if label["items"] == 0:
        yield "list_blank", present and not items
    else:
        yield "list_count", len(items) == label["items"]
        yield "list_count_1", bool(items) and abs(len(items) - label["items"]) <= 1
        yield "list_first", bool(items) and titles_match(label["first_title"], items[0].get("title"))
        yield "list_last", bool(items) and titles_match(label["last_title"], items[-1].get("title"))
    if newest:
        yield "list_newest", got == newest
        yield "list_oldest", edge(prediction, "oldest") == label["oldest_date"]
        yield "list_not_fresher", present and (got is None or got <= newest)
        return
    printed = [i for i in items if i.get("date") and not str(i.get("date_source") or "").lower().startswith("url")]
    if label["items"]:
        yield "list_undated", present and not printed and (bool(items) or got is None)
        got = max((i["date"] for i in printed), default=None) if items else got
    yield "list_not_fresher", present and got is None


def article_metrics(label: Json, prediction: Json | None) -> Iterator[tuple[str, float]]:
    article, wanted = (prediction or {}).get("article") or {}, label["pub_date"]
    got, present = article.get("published") or None, prediction is not None
    yield "article_date", present and got in [wanted, *label["pub_date_also"]]
    yield "article_not_later", present and (got is None or (wanted is not None and got <= wanted))
    yield "article_title", any(titles_match(t, article.get("title")) for t in [label["title"], *label["title_also"]])


def column_metrics(label: Json, columns: list[Json]) -> Iterator[tuple[str, float]]:
    home = {plain(name) for name in HOME_NAMES}
    wanted = {plain(name) for name in label["columns"]} - home
    found = {plain(column.get("name")) for column in columns}
    yield "column_recall", len(wanted & found) / len(wanted)
    if not label["columns_complete"]:
        return
    top = (
        {
            plain(c.get("name"))
            for c in columns
            if not c.get("path") or [plain(step) for step in c["path"]] == [plain(c.get("name"))]
        }
        - home
        - {""}
    )
    known = wanted | {plain(name) for name in label["sub_columns"]}
    yield "column_precision", len(top & known) / len(top) if top else 0.0


def icp_key(text: str | None) -> object:
    match = ICP_NUMBER.search(unicodedata.normalize("NFKC", text or ""))
    return match.groups() if match else plain(text)


def same_body(wanted: str | None, got: str | None) -> bool:
    if not wanted or not got:
        return not wanted and not got
    short, long = sorted((plain(wanted), plain(got)), key=len)
    return short == long or (len(short) >= 4 and short in long)


def mark_metrics(label: Json, prediction: Json | None) -> Iterator[tuple[str, float]]:
    marks, present = (prediction or {}).get("marks") or {}, prediction is not None
    icp = marks.get("icp") or None
    yield "site_id_code", present and (marks.get("site_id_code") or None) == label["site_id_code"]
    right = icp_key(icp) in [icp_key(x) for x in label["icp"]] if label["icp"] and icp else not label["icp"] and not icp
    yield "icp", present and right
    yield "organizer", present and same_body(label["organizer"], marks.get("organizer"))


def page_metrics(label: Json, prediction: Json | None) -> Iterator[tuple[str, float]]:
    """(metric, share right) for everything that the label of one page asks."""
    columns = (prediction or {}).get("columns") or []
    if label["list"]:
        yield from list_metrics(label["list"], prediction)
    if label["article"]:
        yield from article_metrics(label["article"], prediction)
    if label["site"]:
        yield from column_metrics(label["site"], columns)
        yield from mark_metrics(label["site"], prediction)
    if label["flags"]:
        concepts, present = {c.get("concept") for c in columns}, prediction is not None
        flags = label["flags"]
        yield "flag_budget", present and bool(concepts & BUDGET_CONCEPTS) == flags["has_budget_column"]
        yield (
            "flag_double_publicity",
            present and ("double-publicity" in concepts) == flags["has_double_publicity_column"],
        )
    yield "page", (prediction or {}).get("page") in label["page"]


def score(labels: dict[str, Json], predictions: dict[str, Json]) -> dict[str, Tally]:
    """Tallies by metric; the score is the unweighted mean of their percents."""
    tallies: dict[str, Tally] = {}
    for name, label in sorted(labels.items()):
        for metric, share in page_metrics(label, predictions.get(name)):
            tally = tallies.setdefault(metric, Tally())
            tally.asked += 1
            tally.right += float(share)
            if share < 1:
                tally.failures.append(name)
    return tallies


def mean_percent(tallies: dict[str, Tally]) -> float:
    return sum(t.percent for t in tallies.values()) / len(tallies) if tallies else 0.0
