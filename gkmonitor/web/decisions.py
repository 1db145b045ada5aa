"""What people decide at the desk, from the fields of a form to the ledger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from gkmonitor.dates import parse_day
from gkmonitor.errors import LedgerError
from gkmonitor.ledger.decisions import deadline_after
from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.records import By, Case, Decision, EventKind
from gkmonitor.ledger.states import allows
from gkmonitor.web.desk import Desk
from gkmonitor.workdays import load_calendar, use_calendar

# What an inspector may do with one case, in the order of its life.
ACTS: Final = {
    EventKind.CONFIRMED: "确认",
    EventKind.DISMISSED: "排除",
    EventKind.NOTIFIED: "通知整改",
    EventKind.ANSWERED: "登记单位答复",
    EventKind.APPEALED: "登记单位申诉",
    EventKind.APPEAL_UPHELD: "申诉成立",
    EventKind.APPEAL_REJECTED: "申诉不成立",
    EventKind.RECTIFIED: "认定已整改",
    EventKind.CLOSED: "办结",
    EventKind.EXEMPTED: "豁免",
    EventKind.EXEMPTION_ENDED: "结束豁免",
    EventKind.REOPENED: "重新打开",
}
MAX_NOTE: Final = 5000
_OPTIONS: Final = re.compile(r"（--[a-z-]+[^）]*）|用 --[a-z-]+ |：--days 工作日数，或 --deadline 截止日期")
_COMMANDS: Final = re.compile(r"，可用 gkmonitor [a-z ]+查看|或用 violations add 登记人工核实的情况后再确认")


@dataclass(frozen=True, slots=True)
class Fields:
    """A form as it was sent; "": left out."""

    kind: str
    reason: str = ""
    note: str = ""
    days: str = ""
    deadline: str = ""
    document: str = ""
    last_day: str = ""


def possible(case: Case) -> list[EventKind]:
    """What a person may decide on a case as it stands."""
    return [kind for kind in ACTS if allows(kind, By.PERSON, case.state)]


def decision_of(fields: Fields, here: Desk, *, evidence: Sequence[int] = (), version: int | None = None) -> Decision:
    """Raises LedgerError or DateError: what is missing or wrong."""
    kind = next((one for one in ACTS if one.value == fields.kind), None)
    if kind is None:
        raise LedgerError(f"没有“{fields.kind[:20]}”这种操作")
    if len(fields.note) > MAX_NOTE:
        raise LedgerError(f"说明最长 {MAX_NOTE} 个字")
    if kind is EventKind.DISMISSED and fields.reason not in get_policy().dismissals:
        raise LedgerError("请选择排除的理由")
    return Decision(
        kind,
        here.today,
        reason=fields.reason or None if kind is EventKind.DISMISSED else None,
        note=fields.note.strip() or None,
        deadline=deadline_of(fields, here) if kind is EventKind.NOTIFIED else None,
        document=fields.document.strip() or None,
        last_day=parse_day(fields.last_day.strip()) if fields.last_day.strip() else None,
        evidence=tuple(evidence),
        version=version,
    )


def deadline_of(fields: Fields, here: Desk) -> date:
    """The day written out, else counted in working days by the office's own calendar. Raises LedgerError."""
    if fields.deadline.strip():
        return parse_day(fields.deadline.strip())
    days = fields.days.strip()
    if not (days.isascii() and days.isdigit() and len(days) <= 3):
        raise LedgerError("请写明整改期限：工作日数，或截止日期")
    if here.settings.workday_table:
        use_calendar(load_calendar(Path(here.settings.workday_table)))
    return deadline_after(here.today, int(days))


def desk_words(error: Exception) -> str:
    """The ledger's own words, without what is only typed on a command line."""
    words = _COMMANDS.sub("", _OPTIONS.sub("", str(error)))
    return words.replace("请用 --deadline 写明截止日期", "请写明截止日期").replace(
        "请等待下一次检查，，", "请等待下一次检查，"
    )
