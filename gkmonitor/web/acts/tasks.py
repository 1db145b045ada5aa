"""Tasks that rules leave to people: made for a month, and done."""

from __future__ import annotations

from gkmonitor.errors import LedgerError
from gkmonitor.jobs import UPKEEP
from gkmonitor.ledger.records import Task
from gkmonitor.ledger.words import severity_of_word
from gkmonitor.storage import audit
from gkmonitor.storage.month_data import require_month
from gkmonitor.storage.tasks import OUTCOMES, finish_task, get_task
from gkmonitor.web.acts.cases import Files
from gkmonitor.web.desk import Desk
from gkmonitor.web.uploading import attach
from gkmonitor.web.visiting import Visitor


def prepare(here: Desk, who: Visitor, month: str) -> bool:
    """Has a month's tasks made, those that are not there; False where that waits already. Raises UsageError."""
    month = require_month(month, here.now, here.settings.timezone)
    is_new = here.queue.enqueue("month", {"month": month}, now=here.now, priority=UPKEEP, unique_key=f"month:{month}")
    with here.database.writing() as session:
        audit.note(session, who, "tasks-prepared", month)
    return is_new


def finish(
    here: Desk, who: Visitor, number: int, outcome: str, note: str, *, severity: str = "deduction", files: Files = ()
) -> Task:
    """What a person found; ``violation`` makes a finding of that severity. Raises LedgerError, OutputError."""
    note = note.strip()
    if outcome not in OUTCOMES:
        raise LedgerError("请选择结果：正常、有问题或不适用")
    if outcome == "violation" and not note:
        raise LedgerError("有问题时须写明发现的情况")
    with here.database.writing() as session:
        task = get_task(session, number)
        evidence = attach(here, session, task.portal_id, files)
        task = finish_task(
            session,
            number,
            outcome=outcome,
            note=note or None,
            actor=who.actor,
            now=here.now,
            severity=severity_of_word(severity),
            evidence=evidence,
        )
        details = {"outcome": outcome, "portal": task.portal_id, "rule": task.rule, "evidence": list(evidence)}
        audit.note(session, who, "task-done", str(number), details | {"case": task.case_id})
    return task
