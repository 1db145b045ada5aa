"""What stands behind one case: its observations, the items that its column showed, its evidence and attachments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gkmonitor.attachments import Attachment
from gkmonitor.errors import GkmonitorError
from gkmonitor.ledger.chain import plain
from gkmonitor.ledger.records import Case
from gkmonitor.ledger.subjects import key_of
from gkmonitor.records import Item, Subject
from gkmonitor.storage.inspections import load_stored_facts
from gkmonitor.storage.models import EvidenceRow, FindingRow, InspectionRow


@dataclass(frozen=True, slots=True)
class Observation:
    """One inspection that saw the fault."""

    inspection_id: int
    cycle_id: int
    observed_at: datetime
    verdict: Mapping[str, Any]  # as in gkmonitor.check/1


@dataclass(frozen=True, slots=True)
class EvidencePiece:
    """One piece of evidence of a case."""

    id: int
    kind: str
    path: str
    sha256: str
    url: str | None
    captured_at: datetime
    details: Mapping[str, Any]


def observations_of(session: Session, case: Case, limit: int | None = None) -> list[Observation]:
    """The findings behind a case, the newest first."""
    query = select(FindingRow).where(
        FindingRow.portal_id == case.portal_id,
        FindingRow.rule == case.rule,
        FindingRow.subject_key.in_((case.subject_key, key_of(case.subject))),  # the second: where it stands now
    )
    query = query.order_by(FindingRow.observed_at.desc(), FindingRow.id.desc())
    rows = session.scalars(query if limit is None else query.limit(limit))
    return [Observation(row.inspection_id, row.cycle_id, row.observed_at, row.verdict) for row in rows]


def items_of(session: Session, case: Case) -> tuple[Item, ...] | None:
    """The items that the case's column showed at its newest finding; None where the facts are not kept any more."""
    if case.inspection_id is None or not case.subject_key:
        return None
    facts_id = session.scalar(select(InspectionRow.facts_id).where(InspectionRow.id == case.inspection_id))
    if facts_id is None:
        return None
    try:
        facts = load_stored_facts(session, facts_id)
    except GkmonitorError:  # of an earlier version, or deleted by the retention just now: shown as not kept
        return None
    for column in facts.columns:
        about = Subject(column.concept, column.name, column.url, column.path or (column.name,))
        if key_of(about) in (case.subject_key, key_of(case.subject)):
            return column.items
    return None


def evidence_of(session: Session, case_id: int) -> list[EvidencePiece]:
    """The evidence of a case, uploads included, in order of its capture."""
    query = select(EvidenceRow).where(EvidenceRow.case_id == case_id)
    rows = session.scalars(query.order_by(EvidenceRow.captured_at, EvidenceRow.id))
    return [
        EvidencePiece(row.id, row.kind, row.path, row.sha256, row.url, row.captured_at, row.details) for row in rows
    ]


def add_uploads(
    session: Session, portal_id: int, files: Iterable[Attachment], *, day: date, now: datetime
) -> tuple[int, ...]:
    """Evidence rows for files that a person attached; their ids. The decision that names them ties them to its case."""
    rows = [
        EvidenceRow(
            portal_id=portal_id,
            kind="upload",
            path=file.path,
            sha256=file.sha256,
            captured_at=now,
            day=day,
            details={"name": plain(file.name), "size": file.size},
        )
        for file in files
    ]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)
