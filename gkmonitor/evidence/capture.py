"""Capturing evidence of one inspection: the file first, the rows with the inspection's result.

``capture`` writes a WARC file before the transaction that stores the result begins; ``Captured.store`` adds the rows in
that transaction; ``Captured.discard`` removes a file that got no rows. A process that dies in between leaves a file
without rows, which the sweep finds, and never a row without its file.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from gkmonitor.errors import StorageError
from gkmonitor.evidence.choosing import Chosen, KeptPages, Sighted, Sightings, columns_behind, known_as, reading_object
from gkmonitor.evidence.places import WARCS, new_path, remove, write_evidence
from gkmonitor.evidence.records import KeptPage, Kind, NewPiece
from gkmonitor.evidence.warc import Record, WarcBuilder, json_bytes, page_details
from gkmonitor.ledger.chain import plain
from gkmonitor.ledger.subjects import accusations, subject_key
from gkmonitor.records import ColumnFacts, PortalFacts, Severity, Verdict
from gkmonitor.storage import Database, Session
from gkmonitor.storage.columns import columns_by_key
from gkmonitor.storage.evidence import CaseKey, captures_wanted, store_pieces
from gkmonitor.storage.items import items_of, redating_now

if TYPE_CHECKING:
    from gkmonitor.cycles.records import Inspection
    from gkmonitor.settings import Settings

logger = logging.getLogger(__name__)

MAX_FILE_BYTES: Final = 96 * 1024 * 1024  # of page bodies in one file; what is over is named as left out


@dataclass(frozen=True, slots=True)
class Captured:
    """Evidence whose file is on the disk and whose rows are not stored yet."""

    folder: Path
    path: str | None = None
    pieces: tuple[NewPiece, ...] = ()

    def store(
        self,
        session: Session,
        inspection: Inspection,
        case_ids: Collection[int],
        *,
        captured_at: datetime,
        day: date,
    ) -> int:
        """Adds the rows in the transaction that stores the inspection's result; how many."""
        return store_pieces(
            session,
            self.pieces,
            inspection_id=inspection.id,
            portal_id=inspection.portal_id,
            case_ids=case_ids,
            captured_at=captured_at,
            day=day,
        )

    def discard(self) -> None:
        """Removes the file: its rows were not stored. What cannot be removed now is swept later."""
        if self.path is not None:
            with suppress(StorageError):
                remove(self.folder, self.path)


def capture(
    database: Database,
    settings: Settings,
    inspection: Inspection,
    facts: PortalFacts,
    verdicts: Iterable[Verdict],
    kept_pages: Iterable[KeptPage],
    now: datetime,
    *,
    packs: Mapping[str, str] | None = None,
) -> Captured:
    """Writes the pages and item tables behind this inspection's vetoes and deductions into one WARC file.

    Only for accusations whose evidence is not kept already (see ``storage.evidence.captures_wanted``); ``kept_pages``
    is read only when there are some. Raises StorageError when the file cannot be written: nothing is stored then, and
    the inspection can be settled again.
    """
    folder = settings.evidence_folder
    accused = {
        (one.rule, subject_key(one)): one for one in accusations(verdicts) if one.severity is not Severity.ADVICE
    }
    if not accused:
        return Captured(folder)
    by_key = columns_by_key(facts.columns)
    with database.reading() as session:
        wanted = captures_wanted(session, inspection.portal_id, accused.keys(), facts.observed_at)
        behind = {key: columns_behind(one, by_key) for key, one in accused.items() if key in wanted}
        columns = {key: column for found in behind.values() for key, column in found}
        sightings = _sightings(session, inspection.portal_id, columns, facts.observed_at)
    if not wanted:
        return Captured(folder)
    kept = KeptPages(kept_pages)
    chosen = {key: kept.choose(accused[key], columns) for key, columns in behind.items()}
    day = now.astimezone(ZoneInfo(settings.timezone)).date()
    path = new_path(WARCS, day, f"inspection-{inspection.id}-portal-{inspection.portal_id}", ".warc.gz")
    filing = _Filing(path, inspection, now, packs or {})
    pieces = filing.pages(chosen)
    pieces += [filing.reading(key, accused[key], one, facts, sightings) for key, one in chosen.items()]
    write_evidence(folder, path, filing.finish())
    return Captured(folder, path, tuple(pieces))


def _sightings(session: Session, portal_id: int, columns: Mapping[str, ColumnFacts], now: datetime) -> Sightings:
    """What is known of the items that these columns, by key, show now."""
    found: dict[tuple[str, str], Sighted] = {}
    for key, column in columns.items():
        known = {known_as(one["url"], one["title"]): one for one in items_of(session, portal_id, key)}
        for item in column.items:
            if (one := known.get(known_as(item.url, item.title))) is not None:
                redating = redating_now(one, item, column.text_digests.get(item.url), now) if item.url else None
                found[key, known_as(item.url, item.title)] = Sighted(one["first_seen"], redating)
    return found


class _Filing:
    """One WARC file being filled."""

    def __init__(self, path: str, inspection: Inspection, now: datetime, packs: Mapping[str, str]) -> None:
        self._path = path
        self._about: dict[str, Any] = {
            "inspection": inspection.id,
            "portal": inspection.portal_id,
            "as_of": inspection.as_of.isoformat(),
            "packs": dict(packs),
        }
        seed = path.rpartition("/")[2].removesuffix(".warc.gz")
        self._warc = WarcBuilder(seed, now, {"inspection": str(inspection.id), "portal": str(inspection.portal_id)})
        self._now = now

    def pages(self, chosen: Mapping[CaseKey, Chosen]) -> list[NewPiece]:
        """Each page once, for all the accusations that rest on it."""
        about: dict[str, set[CaseKey]] = {}
        pages: dict[str, KeptPage] = {}
        for key, one in chosen.items():
            for page in one.pages:
                about.setdefault(page.sha256, set()).add(key)
                pages[page.sha256] = page
        pieces, left = [], MAX_FILE_BYTES
        for digest, page in pages.items():
            if len(page.body) > left:
                logger.warning("evidence of inspection %s: %s left out", self._about["inspection"], page.final_url)
                continue
            left -= len(page.body)
            record = self._warc.add_page(page)
            details = {name: value for name, value in page_details(page).items() if name not in ("sha256", "headers")}
            pieces.append(self._piece(Kind.PAGE, record, frozenset(about[digest]), page.final_url, details))
        return pieces

    def reading(
        self, key: CaseKey, verdict: Verdict, chosen: Chosen, facts: PortalFacts, sightings: Sightings
    ) -> NewPiece:
        """What was read from the pages and judged."""
        obj = reading_object(verdict, chosen, facts, sightings, self._about)
        url = verdict.subject.url or facts.site.final_url
        record = self._warc.add_json(url, obj, self._now)
        details = {"size": len(json_bytes(obj)), "missing": len(chosen.missing)}
        return self._piece(Kind.ITEMS, record, frozenset((key,)), url, details)

    def _piece(
        self, kind: Kind, record: Record, about: frozenset[CaseKey], url: str, details: Mapping[str, Any]
    ) -> NewPiece:
        place = (record.byte_offset, record.byte_length)
        return NewPiece(kind, self._path, record.sha256, about, plain(url), *place, plain(details))

    def finish(self) -> bytes:
        return self._warc.finish()
