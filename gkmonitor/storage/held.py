"""Portals that were held as probably rebuilt: asked of a person as a task, until somebody has looked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from gkmonitor.storage.models import TaskRow
from gkmonitor.storage.upserting import insert_missing

HELD_RULE: Final = "office/revamped"  # no pack has it: what is asked is whether the rules may be applied at all
_TODO: Final = "todo"


def ask_about_held(
    session: Session, portal_id: int, inspection_id: int, words: str, *, day: date, now: datetime
) -> None:
    """One task for a portal that is held; while it waits, no second one."""
    if session.scalar(select(TaskRow.id).where(_waiting(portal_id))) is not None:
        return
    row = {
        "portal_id": portal_id,
        "month": f"{day:%Y-%m}",
        "rule": HELD_RULE,
        "subject_key": f"inspection-{inspection_id}",
        "question": (
            f"{words}。请打开网站核实：确已改版的，运行 gkmonitor inspect --site {portal_id} --release，"
            "从下一次检查起按新栏目判断；在此之前看到的不列为问题"
        ),
        "state": _TODO,
        "created_at": now,
    }
    insert_missing(session, TaskRow, [row], ["portal_id", "month", "rule", "subject_key"])


def answer_held(session: Session, portal_id: int, *, actor: str, now: datetime) -> None:
    """Somebody has looked: the task is done."""
    done = {"state": "done", "outcome": "ok", "note": "已确认改版", "done_by": actor, "done_at": now}
    session.execute(update(TaskRow).where(_waiting(portal_id)).values(**done))


def _waiting(portal_id: int) -> ColumnElement[bool]:
    return (TaskRow.portal_id == portal_id) & (TaskRow.rule == HELD_RULE) & (TaskRow.state == _TODO)
