"""Cases and events between rows and records; the chain's head. The queries are in ``cases`` and ``events``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from gkmonitor.ledger.chain import plain
from gkmonitor.ledger.records import By, Case, CaseSite, State
from gkmonitor.records import Severity
from gkmonitor.storage.models import CaseRow, PortalRow
from gkmonitor.verdicts import load_subject, subject_object

# Fields that a row and the record share by name and kind; the others are converted below.
_SAME: Final = (
    *("portal_id", "rule", "check", "subject_key", "message", "first_seen", "last_seen", "state_reason"),
    *("observations", "last_counted", "cleans", "last_clean", "repeats", "deadline", "is_overdue", "exempt_until"),
    *("inspection_id", "clean_inspection_id"),
)

_CONVERTED: Final = ("subject", "severity", "state", "state_before", "found_by", "verdict", "id", "version")
_SITE: Final = (PortalRow.url, PortalRow.name, PortalRow.site_id_code)

# Columns, for lists hold hundreds of cases that nobody changes: as rows of the mapper they took twice the time.
CASES_WITH_SITE: Final[Select[Any]] = (
    select(*(CaseRow.__table__.c[name] for name in (*_SAME, *_CONVERTED)), *_SITE)
    .select_from(CaseRow)
    .join(PortalRow, CaseRow.portal_id == PortalRow.id)
)


def case_of(row: CaseRow, site: CaseSite | None = None) -> Case:
    """The record of a row."""
    values = [getattr(row, name) for name in (*_SAME, *_CONVERTED)]
    return _case(values, site)


def cases_from(session: Session, query: Select[Any]) -> list[Case]:
    """The records that a query built from ``CASES_WITH_SITE`` gives."""
    return [_case(row, CaseSite(row[-3], row[-2], row[-1])) for row in session.execute(query)]


def _case(values: Sequence[Any], site: CaseSite | None) -> Case:
    subject, severity, state, before, found_by, verdict, number, version = values[len(_SAME) :][: len(_CONVERTED)]
    return Case(
        **dict(zip(_SAME, values, strict=False)),
        subject=load_subject(subject),
        severity=Severity(severity),
        state=State(state),
        state_before=State(before) if before else None,
        found_by=By(found_by),
        verdict=verdict,
        id=number,
        version=version,
        site=site,
    )


def write_case(row: CaseRow, case: Case) -> None:
    """Takes over into the row what differs; an untouched row is not written."""
    for name, value in _values(case).items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def add_case(session: Session, case: Case) -> Case:
    """Stores a new case; gives it with its id."""
    row = CaseRow(**_values(case))
    session.add(row)
    session.flush()
    return replace(case, id=row.id, version=row.version)


def lock_cases(session: Session, condition: Any) -> Sequence[CaseRow]:
    """The rows in order of their ids, read afresh and locked until the transaction ends.

    Whoever changes cases locks them in this order, and the chain's head after them: nobody waits in a circle.
    """
    query = select(CaseRow).where(condition).order_by(CaseRow.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _values(case: Case) -> dict[str, Any]:
    return {
        **{name: getattr(case, name) for name in _SAME},
        "message": plain(case.message),
        "subject": plain(subject_object(case.subject)),
        "severity": case.severity.value,
        "state": case.state.value,
        "state_before": case.state_before.value if case.state_before else None,
        "found_by": case.found_by.value,
        "verdict": _json(case.verdict),
    }


def _json(value: Any) -> Any:
    """A verdict as JSON; numbers stay numbers here, as no digest is taken of it."""
    if isinstance(value, dict):
        return {name: _json(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_json(part) for part in value]
    return value if isinstance(value, float) else plain(value)
