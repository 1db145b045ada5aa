"""Dismissed cases that were clean and came back: asked of a person, once a month, never accused again by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.records import Case
from gkmonitor.storage.models import TaskRow
from gkmonitor.storage.upserting import insert_missing


def ask_about_returned(session: Session, cases: Sequence[Case], *, day: date, now: datetime) -> None:
    """One task for each case in the month of ``day``; one that is there already is left alone."""
    rows = [
        {
            "portal_id": case.portal_id,
            "month": f"{day:%Y-%m}",
            "rule": case.rule,
            "subject_key": case.subject_key or "portal",
            "question": _question(case),
            "state": "todo",
            "case_id": case.id,
            "created_at": now,
        }
        for case in cases
    ]
    if rows:
        insert_missing(session, TaskRow, rows, ["portal_id", "month", "rule", "subject_key"])


def _question(case: Case) -> str:
    why = get_policy().words_of(case.state_reason or "")
    return f"问题 {case.id} 曾以“{why}”排除，之后恢复正常，现又出现：{case.message}。请核实是否重新列为问题"
