"""Cycles, inspections, facts and findings: written once whatever is retried."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from gkmonitor.cycles.records import Cycle, CycleKind, Failure, Inspection, InspectionState
from gkmonitor.errors import StorageError
from gkmonitor.facts import dump_facts_text, load_facts
from gkmonitor.monthly.digests import dump_digest
from gkmonitor.records import FACTS_SCHEMA, PortalFacts
from gkmonitor.storage.base import clean_text
from gkmonitor.storage.models import CycleRow, FactsRow, FindingRow, InspectionRow, PortalRow
from gkmonitor.storage.upserting import insert_missing

CODEC: Final = "zlib"
_NEWEST_CYCLES: Final = 10  # in which portals of one server are looked for
_UNFINISHED: Final = (InspectionState.WAITING, InspectionState.RUNNING, InspectionState.FAILED)


# ---------------------------------------------------------------- cycles


def ensure_cycle(
    session: Session, *, name: str, kind: CycleKind, as_of: date, portal_ids: Iterable[int], now: datetime
) -> int:
    """The cycle of that name with an inspection waiting for each portal; what is there already stays as it is."""
    insert_missing(
        session,
        CycleRow,
        [{"name": name, "kind": kind.value, "as_of": as_of, "state": "running", "started_at": now, "counts": {}}],
        ["name"],
    )
    row = session.scalars(select(CycleRow).where(CycleRow.name == name)).one()
    waiting = [
        {
            "cycle_id": row.id,
            "portal_id": portal_id,
            "state": "waiting",
            "attempts": 0,
            "as_of": row.as_of,
            "packs": {},
            "summary": {},
        }
        for portal_id in portal_ids
    ]
    insert_missing(session, InspectionRow, waiting, ["cycle_id", "portal_id"])
    return row.id


def get_cycle(session: Session, cycle_id: int) -> Cycle:
    row = session.get(CycleRow, cycle_id)
    if row is None:
        raise StorageError(f"没有编号为 {cycle_id} 的检查批次")
    return as_cycle(row)


def latest_cycles(session: Session, limit: int = 20) -> list[Cycle]:
    """The newest cycles first."""
    rows = session.scalars(select(CycleRow).order_by(CycleRow.id.desc()).limit(limit))
    return [as_cycle(row) for row in rows]


def running_cycles(session: Session) -> list[Cycle]:
    """Cycles that were begun and are not over, the oldest first."""
    return [
        as_cycle(row)
        for row in session.scalars(select(CycleRow).where(CycleRow.state == "running").order_by(CycleRow.id))
    ]


def close_cycle(session: Session, cycle_id: int, *, counts: Mapping[str, object], now: datetime) -> None:
    """Marks the cycle as done; a second call changes nothing."""
    session.execute(
        update(CycleRow)
        .where(CycleRow.id == cycle_id, CycleRow.state == "running")
        .values(state="done", finished_at=now, counts=dict(counts))
    )


def as_cycle(row: CycleRow) -> Cycle:
    """The record of a row."""
    return Cycle(row.id, row.name, CycleKind(row.kind), row.as_of, row.started_at, row.finished_at, dict(row.counts))


# ---------------------------------------------------------------- inspections


def inspections_of(session: Session, cycle_id: int) -> list[Inspection]:
    rows = session.scalars(select(InspectionRow).where(InspectionRow.cycle_id == cycle_id).order_by(InspectionRow.id))
    return [_inspection(row) for row in rows]


def get_inspection(session: Session, inspection_id: int) -> Inspection:
    """Raises StorageError when there is none of that id."""
    row = session.get(InspectionRow, inspection_id)
    if row is None:
        raise StorageError(f"没有编号为 {inspection_id} 的检查")
    return _inspection(row)


def inspections_of_portal(session: Session, portal_id: int, limit: int = 100) -> list[Inspection]:
    """A portal's inspections that have a result, the newest first."""
    query = (
        select(InspectionRow)
        .where(InspectionRow.portal_id == portal_id, InspectionRow.observed_at.is_not(None))
        .order_by(InspectionRow.observed_at.desc(), InspectionRow.id.desc())
        .limit(limit)
    )
    return [_inspection(row) for row in session.scalars(query)]


def unfinished(session: Session, cycle_id: int, portal_ids: Iterable[int] | None = None) -> list[Inspection]:
    """What of a cycle is still to do: waiting, begun by a process that died, or failed in passing."""
    query = select(InspectionRow).where(
        InspectionRow.cycle_id == cycle_id, InspectionRow.state.in_([state.value for state in _UNFINISHED])
    )
    if portal_ids is not None:
        query = query.where(InspectionRow.portal_id.in_(list(portal_ids)))
    return [_inspection(row) for row in session.scalars(query.order_by(InspectionRow.id))]


def begin(session: Session, inspection_ids: Sequence[int], as_of: date) -> None:
    """Counts an attempt on each of these inspections, which are judged for that day."""
    session.execute(
        update(InspectionRow)
        .where(InspectionRow.id.in_(list(inspection_ids)))
        .values(state=InspectionState.RUNNING.value, attempts=InspectionRow.attempts + 1, as_of=as_of)
    )


def lock_unfinished(session: Session, inspection: Inspection) -> Inspection | None:
    """The inspection, held against other writers until the end of the transaction; None when it has its result.

    None too when its row is gone or is another portal's: a backup was put back while the portal was crawled, and the
    number was given anew. What was seen of one portal must never be told of another.
    """
    same = (InspectionRow.cycle_id == inspection.cycle_id) & (InspectionRow.portal_id == inspection.portal_id)
    query = select(InspectionRow).where(InspectionRow.id == inspection.id, same)
    row = session.scalars(query.with_for_update()).one_or_none()
    return _inspection(row) if row is not None and InspectionState(row.state) in _UNFINISHED else None


def newest_held(session: Session, portal_id: int) -> Inspection | None:
    """The newest inspection of a portal that waits for a person."""
    query = (
        select(InspectionRow)
        .where(
            InspectionRow.portal_id == portal_id,
            InspectionRow.state == InspectionState.HELD.value,
            InspectionRow.released_at.is_(None),
        )
        .order_by(InspectionRow.observed_at.desc())
        .limit(1)
    )
    row = session.scalar(query)
    return _inspection(row) if row is not None else None


def mark_released(session: Session, portal_id: int, now: datetime) -> None:
    """A person has looked at everything of this portal that was held."""
    session.execute(
        update(InspectionRow)
        .where(
            InspectionRow.portal_id == portal_id,
            InspectionRow.state == InspectionState.HELD.value,
            InspectionRow.released_at.is_(None),
        )
        .values(released_at=now)
    )


def last_server_address(session: Session, portal_id: int) -> str | None:
    """Where a portal was last answered from."""
    query = (
        select(InspectionRow.server_address)
        .where(InspectionRow.portal_id == portal_id, InspectionRow.server_address.is_not(None))
        .order_by(InspectionRow.observed_at.desc())
        .limit(1)
    )
    return session.scalar(query)


def server_addresses(session: Session, portal_ids: Sequence[int]) -> dict[int, str]:
    """Where portals were last answered from, as far as known."""
    found: dict[int, str] = {}
    for start in range(0, len(portal_ids), 500):
        newest = (
            select(func.max(InspectionRow.id))
            .where(
                InspectionRow.portal_id.in_(list(portal_ids[start : start + 500])),
                InspectionRow.server_address.is_not(None),
            )
            .group_by(InspectionRow.portal_id)
        )
        query = select(InspectionRow.portal_id, InspectionRow.server_address).where(InspectionRow.id.in_(newest))
        found.update({portal_id: address for portal_id, address in session.execute(query) if address})
    return found


def portals_at(session: Session, address: str) -> list[int]:
    """The active portals that were last answered from this server, as far as the newest cycles know."""
    newest = select(CycleRow.id).order_by(CycleRow.id.desc()).limit(_NEWEST_CYCLES)
    query = (
        select(InspectionRow.portal_id)
        .join(PortalRow, PortalRow.id == InspectionRow.portal_id)
        .where(
            InspectionRow.cycle_id.in_(list(session.scalars(newest))),
            InspectionRow.server_address == address,
            PortalRow.state == "active",
        )
        .distinct()
    )
    last = server_addresses(session, sorted(session.scalars(query)))
    return sorted(portal_id for portal_id, known in last.items() if known == address)


def give_up(session: Session, inspection_ids: Sequence[int], *, detail: str, now: datetime) -> None:
    """No result could be had however often it was tried: stored as such, so that the cycle can end."""
    session.execute(
        update(InspectionRow)
        .where(InspectionRow.id.in_(list(inspection_ids)))
        .values(
            state=InspectionState.DONE.value,
            failure=Failure.PERMANENT.value,
            failure_detail=clean_text(detail)[:1000],
            finished_at=now,
        )
    )


def mark_failed(session: Session, inspection_id: int, *, failure: Failure, detail: str, now: datetime) -> None:
    """A passing failure: kept as a result in case nothing better comes, and tried again by the second pass."""
    session.execute(
        update(InspectionRow)
        .where(InspectionRow.id == inspection_id)
        .values(
            state=InspectionState.FAILED.value,
            failure=failure.value,
            failure_detail=clean_text(detail)[:1000],
            finished_at=now,
        )
    )


def store_result(
    session: Session,
    inspection: Inspection,
    *,
    state: InspectionState,
    facts: PortalFacts,
    verdicts: Sequence[Mapping[str, Any]],
    details: Mapping[str, Any],
    now: datetime,
) -> None:
    """The result of one inspection: its facts, every verdict (compressed) and what the row is to say.

    ``verdicts`` as in ``gkmonitor.check/1``; ``details``: further columns of the inspection's row.
    """
    text = json.dumps(list(verdicts), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    session.execute(
        update(InspectionRow)
        .where(InspectionRow.id == inspection.id)
        .values(
            state=state.value,
            facts_id=_store_facts(session, inspection.portal_id, facts),
            observed_at=facts.observed_at,
            finished_at=now,
            verdicts=zlib.compress(text, 6),
            digest=dump_digest(json.loads(text)),  # of what is stored: a broken page may hold more than that
            **details,
        )
    )


def store_findings(
    session: Session,
    inspection: Inspection,
    found: Sequence[tuple[str, str, Mapping[str, Any]]],
    observed_at: datetime,
) -> int:
    """What was found, as (rule, subject key, verdict as JSON); how many were new."""
    rows = [
        {
            "cycle_id": inspection.cycle_id,
            "inspection_id": inspection.id,
            "portal_id": inspection.portal_id,
            "rule": rule,
            "subject_key": key,
            "severity": verdict["severity"],
            "observed_at": observed_at,
            "verdict": dict(verdict),
        }
        for rule, key, verdict in found
    ]
    return insert_missing(session, FindingRow, rows, ["cycle_id", "portal_id", "rule", "subject_key"])


def count_findings(session: Session, cycle_id: int) -> int:
    """Accusations of one cycle, advice left out."""
    query = select(func.count()).where(FindingRow.cycle_id == cycle_id, FindingRow.severity != "advice")
    return session.scalar(query) or 0


def stored_verdicts(session: Session, inspection_id: int) -> list[dict[str, Any]]:
    """Every verdict of one inspection, as in ``gkmonitor.check/1``; empty when it has no result."""
    body = session.scalar(select(InspectionRow.verdicts).where(InspectionRow.id == inspection_id))
    return list(json.loads(zlib.decompress(body))) if body else []


def undecided_rules(session: Session, since: datetime) -> dict[int, list[str]]:
    """By portal, the rules that its newest inspection since then could not settle."""
    newest = (
        select(func.max(InspectionRow.id))
        .where(InspectionRow.observed_at >= since, InspectionRow.verdicts.is_not(None))
        .group_by(InspectionRow.portal_id)
    )
    query = select(InspectionRow.portal_id, InspectionRow.verdicts).where(InspectionRow.id.in_(newest))
    found: dict[int, list[str]] = {}
    for portal_id, body in session.execute(query.execution_options(yield_per=200)):
        verdicts = json.loads(zlib.decompress(body or b""))
        found[portal_id] = sorted({one["rule"] for one in verdicts if one["verdict"] == "undecided"})
    return found


def _inspection(row: InspectionRow) -> Inspection:
    return Inspection(
        row.id,
        row.cycle_id,
        row.portal_id,
        InspectionState(row.state),
        row.attempts,
        row.as_of,
        row.observed_at,
        Failure(row.failure) if row.failure else None,
        row.failure_detail,
        row.held_reason,
        row.server_address,
        row.facts_id,
        dict(row.packs),
        dict(row.summary),
    )


# ---------------------------------------------------------------- facts


def _store_facts(session: Session, portal_id: int, facts: PortalFacts) -> int:
    text = dump_facts_text(facts).encode("utf-8", "replace")
    row = FactsRow(
        portal_id=portal_id,
        observed_at=facts.observed_at,
        schema=FACTS_SCHEMA,
        codec=CODEC,
        body=zlib.compress(text, 6),
        sha256=hashlib.sha256(text).hexdigest(),
    )
    session.add(row)
    session.flush()
    return row.id


def load_stored_facts(session: Session, facts_id: int) -> PortalFacts:
    """Facts as they were stored. Raises StorageError when they are damaged, FactsError when of another version."""
    row = session.get(FactsRow, facts_id)
    if row is None:
        raise StorageError("这次检查的事实已按保存期限删除")
    try:
        text = zlib.decompress(row.body)
    except zlib.error:
        text = b""
    if hashlib.sha256(text).hexdigest() != row.sha256:
        raise StorageError(f"编号为 {facts_id} 的事实与入库时的摘要不符，数据可能已损坏，请从备份恢复")
    return load_facts(json.loads(text), f"事实 {facts_id}")


def facts_on(session: Session, portal_id: int, until: datetime) -> tuple[int, datetime] | None:
    """The newest stored facts of a portal that were observed at ``until`` or before: (id, when)."""
    query = (
        select(FactsRow.id, FactsRow.observed_at)
        .where(FactsRow.portal_id == portal_id, FactsRow.observed_at <= until)
        .order_by(FactsRow.observed_at.desc(), FactsRow.id.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found else None


def delete_facts_before(session: Session, day: datetime) -> int:
    """Retention: facts observed before ``day`` go, apart from those behind a case that is still alive."""
    from gkmonitor.storage.models import CaseRow

    kept = (
        select(InspectionRow.facts_id)
        .join(CaseRow, CaseRow.inspection_id == InspectionRow.id)
        .where(CaseRow.state.not_in(("closed", "dismissed", "rectified")), InspectionRow.facts_id.is_not(None))
    )
    old = select(FactsRow.id).where(FactsRow.observed_at < day, FactsRow.id.not_in(kept))
    ids = list(session.scalars(old))
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        session.execute(update(InspectionRow).where(InspectionRow.facts_id.in_(part)).values(facts_id=None))
        session.execute(delete(FactsRow).where(FactsRow.id.in_(part)))
    return len(ids)
