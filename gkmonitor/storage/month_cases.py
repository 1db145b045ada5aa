"""A month's cases: those that a person has ever confirmed and that this month or the last may count.

A million cases may stand in the ledger. The numbers of those that come into question are few enough to be held; their
decisive events and then their rows are read by them, some at a time, and only what was confirmed is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from gkmonitor.ledger.records import State
from gkmonitor.monthly.inputs import CaseMonth, RuleWords
from gkmonitor.monthly.lives import DECISIVE, Span, Turn, spans_of
from gkmonitor.storage.models import CaseRow, EventRow, PortalRow

CASES_AT_ONCE: Final = 1000
_STANDING: Final = (State.CONFIRMED.value, State.NOTIFIED.value, State.APPEALED.value)
_SEVERITIES: Final = ("veto", "deduction")


def month_cases(session: Session, since: datetime) -> Iterator[CaseMonth]:
    """Cases that stand as confirmed, or of which a person decided something since; in the order of their ids."""
    wanted = union(
        select(CaseRow.id).where(CaseRow.state.in_(_STANDING)),
        select(EventRow.case_id).where(EventRow.at >= since, EventRow.kind.in_(DECISIVE)),
    )
    ids = sorted(session.scalars(wanted))
    words: dict[str, str] = {}  # the same few rules, checks and column names stand in every row
    for start in range(0, len(ids), CASES_AT_ONCE):
        spans = _spans(session, ids[start : start + CASES_AT_ONCE])
        for row in _rows(session, list(spans)):
            yield _case(row, spans[row[0]], words)


def _spans(session: Session, ids: Sequence[int]) -> dict[int, tuple[Span, ...]]:
    """When each of the cases stood as confirmed; one that never did is left out. Index case_id, id."""
    columns = (EventRow.at, EventRow.kind, EventRow.state_before, EventRow.state_after, EventRow.reason)
    query = select(EventRow.case_id, *columns).where(EventRow.case_id.in_(ids), EventRow.kind.in_(DECISIVE))
    turns: dict[int, list[Turn]] = {}
    for case_id, at, kind, before, after, reason in session.execute(query.order_by(EventRow.case_id, EventRow.id)):
        turns.setdefault(case_id, []).append(Turn(at, kind, before, after, reason))
    return {case_id: spans for case_id, one in turns.items() if (spans := spans_of(one))}


def _rows(session: Session, ids: Sequence[int]) -> Iterator[Sequence[Any]]:
    """What a month needs of the cases. Primary key."""
    of_verdict = [CaseRow.verdict[name].as_string() for name in ("measured", "required", "latest", "days")]
    plain = (CaseRow.id, CaseRow.portal_id, CaseRow.rule, CaseRow.check, CaseRow.subject_key, CaseRow.subject)
    states = (CaseRow.severity, CaseRow.state, CaseRow.message, CaseRow.found_by, CaseRow.first_seen, CaseRow.last_seen)
    query = (
        select(*plain, *states, CaseRow.deadline, CaseRow.repeats, *of_verdict)
        .join(PortalRow, PortalRow.id == CaseRow.portal_id)
        .where(CaseRow.id.in_(ids), CaseRow.severity.in_(_SEVERITIES), PortalRow.state == "active")
        .order_by(CaseRow.id)
    )
    yield from session.execute(query)


def _case(row: Sequence[Any], spans: Any, words: dict[str, str]) -> CaseMonth:
    subject, days = row[5], row[17]
    return CaseMonth(
        id=row[0],
        portal_id=row[1],
        rule=_once(words, row[2]),
        check=_once(words, row[3]),
        subject_key=row[4],
        concept=_once(words, subject.get("concept")),
        column=_once(words, subject.get("column")),
        path=tuple(_once(words, part) for part in subject.get("path") or ()),
        url=subject.get("url"),
        severity=_once(words, row[6]),
        state=_once(words, row[7]),
        message=row[8],
        found_by=_once(words, row[9]),
        first_seen=row[10],
        last_seen=row[11],
        deadline=row[12],
        repeats=row[13],
        spans=spans,
        measured=row[14],
        required=_once(words, row[15]),
        latest=row[16],
        days=int(days) if days is not None else None,
    )


def _once(words: dict[str, str], word: Any) -> Any:
    """One object for each word, however many rows bear it."""
    return words.setdefault(word, word) if isinstance(word, str) else word


def waiting_cases(session: Session) -> dict[str, int]:
    """By check, the cases that wait for a person: seen twice, counted nowhere."""
    query = select(CaseRow.check, func.count()).where(
        CaseRow.state == State.OPEN.value, CaseRow.severity.in_(_SEVERITIES)
    )
    return {check: number for check, number in session.execute(query.group_by(CaseRow.check))}  # noqa: C416


def words_of_rules(session: Session, rules: Sequence[str]) -> dict[str, RuleWords]:
    """How rules that no pack knows any more are cited, from one case of each."""
    found: dict[str, RuleWords] = {}
    for rule in rules:
        verdict = session.scalar(select(CaseRow.verdict).where(CaseRow.rule == rule).limit(1)) or {}
        basis = verdict.get("basis")
        if basis:
            title = basis["words"] or basis["clause"] or rule
            found[rule] = RuleWords(title, basis["document"], basis["clause"], basis["words"])
    return found
