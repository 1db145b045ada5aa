"""Looking at the answers that the program drew."""

from __future__ import annotations

from gkmonitor.errors import LedgerError
from gkmonitor.storage import audit
from gkmonitor.storage.month_data import require_month
from gkmonitor.storage.samples import OUTCOMES, ReviewSample, review
from gkmonitor.web.desk import Desk
from gkmonitor.web.months import Months
from gkmonitor.web.visiting import Visitor


def is_meant(one: ReviewSample, verdict: str, *, is_open: bool) -> bool:
    """Whether a list of that verdict ("": any) and, if so wished, of those nobody looked at has it."""
    return verdict in ("", one.verdict) and not (is_open and one.outcome)


def decide(here: Desk, who: Visitor, counted: Months, month: str, sample: int, outcome: str, note: str) -> ReviewSample:
    """What a person saw; the month is counted anew when it is next asked for. Raises UsageError."""
    chosen = require_month(month, here.now, here.settings.timezone)
    if outcome not in OUTCOMES:
        raise LedgerError("请选择复核结果：判断正确、判断错误或看不清")
    with here.database.writing() as session:
        found = review(session, sample, outcome=outcome, note=note.strip() or None, actor=who.actor, now=here.now)
        details = {"outcome": outcome, "rule": found.rule, "portal": found.portal_id}
        audit.note(session, who, "sample-reviewed", str(sample), details)
    counted.forget(chosen)
    return found
