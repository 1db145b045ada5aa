"""A month before its notice is issued, and issuing it."""

from __future__ import annotations

from gkmonitor.errors import LedgerError, StaleError, UsageError
from gkmonitor.issuing import freeze_month
from gkmonitor.jobs import SPOT
from gkmonitor.monthly.records import MonthNumbers
from gkmonitor.storage import audit
from gkmonitor.storage.issued import find_issued
from gkmonitor.web.desk import Desk
from gkmonitor.web.months import Count, Months
from gkmonitor.web.visiting import Visitor


def recheck(here: Desk, who: Visitor, month: str) -> bool:
    """Has everything inspected again that is about to be named; False where that is under way. Raises LedgerError."""
    with here.database.reading() as session:
        if (known := find_issued(session, month)) is not None:
            raise LedgerError(f"{month} 的通报已于 {known.issued_on} 印发，不再复查")
    key, arguments = f"recheck-month:{month}", {"month": month, "key": f"{month}/{here.now:%H%M%S}"}
    is_new = here.queue.enqueue("recheck", arguments, now=here.now, priority=SPOT, unique_key=key)
    with here.database.writing() as session:
        audit.note(session, who, "month-rechecked", month)
    return is_new


def warnings(numbers: MonthNumbers) -> list[str]:
    """What a person should know before the figures are frozen."""
    found = []
    if numbers.is_running:
        found.append(f"{numbers.month} 还没有结束，不能印发")
    if not numbers.value("checked"):
        found.append("没有完成检查的网站，没有可以印发的内容")
    for slug, words in (
        ("waiting", "个问题还在待人工确认，不会列入"),
        ("left-unseen", "个已确认的问题最近没有观测到，不点名；可先复查"),
    ):
        number = numbers.value(slug)
        if isinstance(number, int | float) and number:
            found.append(f"{number:g} {words}")
    return found


def issue(
    here: Desk,
    who: Visitor,
    counted: Months,
    shown: tuple[MonthNumbers | None, Count | None],
    *,
    month: str,
    digest: str,
    number: str,
    is_sure: bool,
) -> MonthNumbers:
    """Freezes exactly the numbers that the person was shown, as ``digest`` tells; ``shown``: those of now.

    Raises LedgerError for a month that is issued, StaleError for numbers counted since, UsageError, UnfinishedError.
    """
    numbers, count = shown
    if count is None:
        raise LedgerError(f"{month} 的通报已经印发")
    if numbers is None or count.digest != digest:
        raise StaleError("数字在您查看之后重新统计过，请按新的数字核对；还没有印发")
    if not is_sure:
        raise UsageError("请确认印发，印发后数字不再改变；还没有印发")
    frozen = freeze_month(
        here.database, here.settings, numbers, actor=who.actor, now=here.now, number=number.strip() or None
    )
    with here.database.writing() as session:
        audit.note(session, who, "month-issued", month, {"number": frozen.office.number, "counted": digest})
    counted.forget(month)
    return frozen
