"""One case as a person reviews it: what was seen at each look, the deciding line, and what is kept of it.

Unlike a pack it opens no page: only the readings of the newest looks are taken from their files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from gkmonitor.cycles.knowing import as_known_before, read_history
from gkmonitor.errors import GkmonitorError, StorageError
from gkmonitor.evidence.dossier import check_piece
from gkmonitor.evidence.records import Kind, Piece
from gkmonitor.explaining import Explanation, explain, find_rule
from gkmonitor.ledger.records import Case, Event
from gkmonitor.storage import Database, Session, inspections
from gkmonitor.storage.case_details import Observation, items_of, observations_of
from gkmonitor.storage.cases import events_of, get_case
from gkmonitor.storage.evidence import pieces_of
from gkmonitor.storage.portals import get_portal

READINGS: Final = 2  # of the newest looks: what opened the case
OBSERVATIONS: Final = 20
SHOWN_ITEMS: Final = 30


@dataclass(frozen=True, slots=True)
class Table:
    """Items of one column; ``deciding``: which of ``items`` decided, None where none did."""

    path: tuple[str, ...]
    url: str | None
    items: Sequence[Mapping[str, Any]]  # title, url, date, printed, source, first_seen
    item_count: int
    deciding: int | None
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """One inspection that saw the fault, with what is kept of it."""

    observation: Observation
    breadcrumb: tuple[str, ...]
    tables: tuple[Table, ...]
    pages: tuple[Piece, ...]
    screenshots: tuple[Piece, ...]
    packs: Mapping[str, str]
    as_of: str | None
    fault: str | None = None  # why the reading could not be had


@dataclass(frozen=True, slots=True)
class Review:
    """What a person looks at before deciding. ``looks``: the newest first, the first ones with their tables."""

    case: Case
    events: Sequence[Event]
    looks: Sequence[Look]
    uploads: Sequence[Piece]
    pictures: Sequence[Piece]
    pages: Sequence[Piece]

    @property
    def shown(self) -> Look | None:
        """The newest look whose tables are kept; else the newest. None where nothing was observed."""
        return next((look for look in self.looks if look.tables), self.looks[0] if self.looks else None)


def review(database: Database, folder: Path, case_id: int) -> Review:
    """Raises LedgerError for an unknown case."""
    with database.reading() as session:
        case = get_case(session, case_id)
        events = events_of(session, case_id)
        observations = observations_of(session, case, OBSERVATIONS)
        pieces = pieces_of(session, case_id)
        readings = _readings(folder, pieces)
        missing = not any(isinstance(one, Mapping) for one in readings.values())
        items = items_of(session, case) if missing else None
    looks = [_look(one, pieces, readings.get(one.inspection_id)) for one in observations]
    if looks and missing and items is not None:
        newest = [_item(one.title, one.url, one.published, one.printed, one.date_source) for one in items]
        table = _table(tuple(case.subject.path), case.subject.url, newest, len(newest), looks[0].observation.verdict)
        looks[0] = replace(looks[0], tables=(table,))

    def kept(kind: Kind) -> list[Piece]:
        return [one for one in reversed(pieces) if one.kind == kind]

    return Review(case, events, looks, kept(Kind.UPLOAD), kept(Kind.SCREENSHOT), kept(Kind.PAGE))


def _item(title: str, url: str, day: date | None, printed: str | None, source: str | None) -> dict[str, Any]:
    return {
        "title": title,
        "url": url,
        "date": day.isoformat() if day else None,
        "printed": printed,
        "source": source,
        "first_seen": None,
    }


def _readings(folder: Path, pieces: Sequence[Piece]) -> dict[int | None, Mapping[str, Any] | str]:
    """By inspection: what was read at the newest looks, or why that cannot be had."""
    newest = [one for one in reversed(pieces) if one.kind == Kind.ITEMS][:READINGS]
    found: dict[int | None, Mapping[str, Any] | str] = {}
    for piece in newest:
        try:
            checked = check_piece(folder, piece)
        except StorageError as error:
            found[piece.inspection_id] = str(error)
            continue
        found[piece.inspection_id] = checked.reading or checked.fault or "保存的读取结果无法识别"
    return found


def _look(one: Observation, pieces: Sequence[Piece], reading: Mapping[str, Any] | str | None) -> Look:
    own = [piece for piece in pieces if piece.inspection_id == one.inspection_id]
    pages = tuple(piece for piece in own if piece.kind == Kind.PAGE)
    shots = tuple(piece for piece in own if piece.kind == Kind.SCREENSHOT)
    if not isinstance(reading, Mapping):
        return Look(one, (), (), pages, shots, {}, None, reading)
    tables = [
        _table(
            tuple(column["path"]) or (column["name"],),
            column["url"],
            column["items"],
            column["item_count"],
            one.verdict,
            tuple(said["words"] for said in column.get("statements", ())),
        )
        for column in reading["columns"]
    ]
    if reading["home"]["items"]:
        home = reading["home"]
        tables.append(_table(("首页",), home["url"], home["items"], len(home["items"]), one.verdict))
    return Look(one, tuple(reading["breadcrumb"]), tuple(tables), pages, shots, reading["packs"], reading["as_of"])


def _table(
    path: tuple[str, ...],
    url: str | None,
    items: Sequence[Mapping[str, Any]],
    count: int,
    verdict: Mapping[str, Any],
    statements: tuple[str, ...] = (),
) -> Table:
    """The first lines of a table, with the deciding one whatever its place."""
    deciding = deciding_line(items, verdict)
    shown = list(items[:SHOWN_ITEMS])
    if deciding is not None and deciding >= SHOWN_ITEMS:
        shown.append(items[deciding])
        deciding = SHOWN_ITEMS
    return Table(path, url, shown, count, deciding, statements)


def deciding_line(items: Sequence[Mapping[str, Any]], verdict: Mapping[str, Any]) -> int | None:
    """Which item the verdict names: the first with its newest date, else the one whose address it cites."""
    latest = verdict.get("latest")
    if latest:
        found = next((n for n, item in enumerate(items) if item["date"] == latest), None)
        if found is not None:
            return found
    cited = {one["url"] for one in verdict.get("evidence", ())}
    return next((n for n, item in enumerate(items) if item["url"] and item["url"] in cited), None)


# ---------------------------------------------------------------- the decision trail


def trail_of(session: Session, case: Case, units: Sequence[str] = ()) -> Explanation | str:
    """How the rule came to its answer at the newest finding, told over the stored facts; else why it cannot be told.

    As the rule stands today; ``Explanation.as_of`` is the day that the inspection judged for. ``units``: names of the
    bodies whose yearly papers are looked for.
    """
    if case.inspection_id is None:
        return "这个问题由人工登记，没有程序的判断过程"
    found = inspections.get_inspection(session, case.inspection_id)
    if found.facts_id is None:
        return "那次检查读到的内容已超过保存期限，判断过程无法重演"
    try:
        pack, rule = find_rule(case.rule)
        facts = inspections.load_stored_facts(session, found.facts_id)
    except GkmonitorError as error:
        return f"判断过程无法重演：{error}"
    portal = get_portal(session, case.portal_id)
    history = as_known_before(read_history(session, portal.id, found.as_of), facts.observed_at)
    site = replace(
        facts.site,
        name=facts.site.name or portal.name,
        site_id_code=facts.site.site_id_code or portal.site_id_code,
        organizer=facts.site.organizer or portal.organizer,
    )
    try:
        return explain(replace(facts, site=site), pack, rule, found.as_of, units, history)
    except GkmonitorError as error:  # facts that name what this release does not know
        return f"判断过程无法重演：{error}"


def fetched_at(piece: Piece) -> datetime:
    """When a page was fetched; for other pieces when they were kept."""
    told = piece.details.get("fetched_at")
    return datetime.fromisoformat(told).astimezone(UTC) if told else piece.captured_at
