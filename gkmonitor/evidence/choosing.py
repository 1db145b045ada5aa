"""Which of the kept pages an accusation rests on, and what was read from them, as plain JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gkmonitor.checking import address_key
from gkmonitor.evidence.records import KeptPage
from gkmonitor.ledger.subjects import key_of
from gkmonitor.records import ColumnFacts, Item, PortalFacts, Subject, Verdict
from gkmonitor.redating import Redating
from gkmonitor.verdicts import instant_text, verdict_object

SCHEMA: Final = "gkmonitor.evidence/1"
MAX_PAGES: Final = 12  # of one accusation
MAX_ITEMS: Final = 300  # of one column in an item table
MAX_MEMBER_ITEMS: Final = 10  # of each column that an accusation counts
MAX_COLUMNS: Final = 60
_HOME: Final = frozenset(("home", "home_frame", "render"))
_HOME_ITEM: Final = "home_item"


@dataclass(frozen=True, slots=True)
class Sighted:
    """What earlier inspections saw of an item: when first, and under which earlier day."""

    first_seen: datetime
    redating: Redating | None = None


Sightings = Mapping[tuple[str, str], Sighted]  # by column key and what the item is known as


@dataclass(frozen=True, slots=True)
class Chosen:
    """What one accusation rests on."""

    pages: tuple[KeptPage, ...]
    columns: tuple[tuple[str, ColumnFacts], ...]  # with their keys; the subject's own, or those that it counts
    missing: tuple[str, ...]  # digests of cited pages that were not kept


class KeptPages:
    """The kept pages of one portal, found by digest, address and column."""

    def __init__(self, pages: Iterable[KeptPage]) -> None:
        self.all: dict[str, KeptPage] = {}
        self._by_address: dict[str, list[KeptPage]] = {}
        self._by_column: dict[str, list[KeptPage]] = {}
        self._home: list[KeptPage] = []
        self._home_items: list[KeptPage] = []
        for page in pages:
            self._add(page)

    def _add(self, page: KeptPage) -> None:
        self.all.setdefault(page.sha256, page)
        for address in {address_key(page.url), address_key(page.final_url)}:
            self._by_address.setdefault(address, []).append(page)
        if page.column is not None:
            self._by_column.setdefault(page.column, []).append(page)
        elif page.purpose in _HOME:
            self._home.append(page)
        elif page.purpose == _HOME_ITEM:
            self._home_items.append(page)

    def choose(self, verdict: Verdict, columns: Sequence[tuple[str, ColumnFacts]]) -> Chosen:
        """Cited pages first, then the home page and what was fetched for the columns, as far as there is room."""
        found: dict[str, KeptPage] = {}
        for page in self._in_order(verdict, columns):
            if len(found) < MAX_PAGES:
                found.setdefault(page.sha256, page)
        cited = [one.sha256 for one in verdict.evidence if one.sha256]
        return Chosen(tuple(found.values()), tuple(columns), tuple(sha for sha in cited if sha not in self.all))

    def _in_order(self, verdict: Verdict, columns: Sequence[tuple[str, ColumnFacts]]) -> Iterable[KeptPage]:
        for one in verdict.evidence:
            if one.sha256 is None:
                yield from self._by_address.get(address_key(one.url), [])[-1:]
            elif one.sha256 in self.all:
                yield self.all[one.sha256]
        yield from self._home[-1:]
        own = [page for _, column in columns if (page := self._own_page(column)) is not None]
        yield from own
        for page in own:
            yield from self._by_column.get(page.column or "", ())
        if not verdict.subject.path and verdict.members is None:
            yield from self._home
            yield from self._home_items

    def _own_page(self, column: ColumnFacts) -> KeptPage | None:
        seen = column.observation
        return self.all.get(seen.sha256) if seen is not None and seen.sha256 else None


def columns_behind(verdict: Verdict, by_key: Mapping[str, Sequence[ColumnFacts]]) -> list[tuple[str, ColumnFacts]]:
    """The columns that an accusation is about: its own, or the members that it counts; with their keys."""
    subjects = verdict.members if verdict.members is not None else (verdict.subject,)
    found = []
    for subject in subjects[:MAX_COLUMNS]:
        key = key_of(subject)
        if key and key in by_key:
            found.append((key, _nearest(by_key[key], subject)))
    return found


def _nearest(alike: Sequence[ColumnFacts], subject: Subject) -> ColumnFacts:
    return next((column for column in alike if column.url == subject.url), alike[0])


def reading_object(
    verdict: Verdict, chosen: Chosen, facts: PortalFacts, sightings: Sightings, about: Mapping[str, Any]
) -> dict[str, Any]:
    """What was read and judged, as it is kept beside the pages; ``about``: inspection, portal, packs."""
    room = MAX_ITEMS if len(chosen.columns) <= 1 else MAX_MEMBER_ITEMS
    return {
        "schema": SCHEMA,
        **about,
        "observed_at": instant_text(facts.observed_at),
        "verdict": verdict_object(verdict),
        "breadcrumb": list(verdict.subject.path),
        "home": {
            "url": facts.site.final_url,
            "items": [] if chosen.columns else _items(facts.home.items[:MAX_ITEMS], "", sightings, facts),
        },
        "columns": [_column(key, column, sightings, facts, room) for key, column in chosen.columns],
        "pages": [page.sha256 for page in chosen.pages],
        "missing": list(chosen.missing),
        "pages_not_kept": facts.coverage.pages_not_kept,
    }


def known_as(url: str, title: str) -> str:
    """How an item is told from others when its first sighting is looked up."""
    return url[:2000] or title


def _column(key: str, column: ColumnFacts, sightings: Sightings, facts: PortalFacts, room: int) -> dict[str, Any]:
    return {
        "name": column.name,
        "path": list(column.path),
        "url": column.url,
        "concept": column.concept,
        "state": column.state,
        "kind": column.kind,
        "pages_read": column.pages_read,
        "is_complete": column.is_complete,
        "articles_opened": column.articles_opened,
        "page": column.observation.sha256 if column.observation else None,
        "item_count": len(column.items),
        "items": _items(column.items[:room], key, sightings, facts),
        "statements": [{"kind": one.kind, "words": one.words} for one in column.statements],
    }


def _items(items: Iterable[Item], key: str, sightings: Sightings, facts: PortalFacts) -> list[dict[str, Any]]:
    return [_item(item, key, sightings.get((key, known_as(item.url, item.title))), facts) for item in items]


def _item(item: Item, key: str, sighted: Sighted | None, facts: PortalFacts) -> dict[str, Any]:
    """``key`` is empty for entries of the home page, whose sightings are not kept."""
    obj: dict[str, Any] = {
        "title": item.title,
        "url": item.url,
        "date": item.published.isoformat() if item.published else None,
        "printed": item.printed,
        "source": item.date_source,
        "pinned": item.pinned,
        "other_dates": [[one.day.isoformat(), one.printed, one.source] for one in item.other_dates],
        "first_seen": instant_text(sighted.first_seen if sighted else facts.observed_at) if key else None,
    }
    if sighted is not None and (redating := sighted.redating) is not None:
        obj["redated"] = {
            "before": redating.before.isoformat(),
            "noticed_at": instant_text(redating.noticed_at),
            "text": redating.text.value,
        }
    return obj
