"""Words for events: which of them are news, and how a message says them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gkmonitor.ledger.records import Case, Event, EventKind
from gkmonitor.notifying.records import Message, Waiting
from gkmonitor.records import Severity

# What a unit's contacts are told. What is only suspected, open or decided inside the office is not told outside it.
_TOLD: Final[Mapping[EventKind, str]] = {
    EventKind.NOTIFIED: "整改通知",
    EventKind.DEADLINE_PASSED: "整改逾期",
    EventKind.RECTIFIED: "已看到整改",
    EventKind.CLOSED: "问题已办结",
    EventKind.REAPPEARED: "问题再次出现",
    EventKind.APPEAL_UPHELD: "申诉成立",
    EventKind.APPEAL_REJECTED: "申诉未被采纳",
    EventKind.DISMISSED: "问题已撤销",
}
_URGENT: Final = frozenset((EventKind.NOTIFIED, EventKind.DEADLINE_PASSED))
# Told only about cases of which the unit knows: nobody is told that what he never heard of is closed.
_NEEDS_NOTICE: Final = frozenset((EventKind.RECTIFIED, EventKind.CLOSED, EventKind.REAPPEARED, EventKind.DISMISSED))
MAX_LISTED: Final = 50


def is_news(event: Event, *, was_notified: bool) -> bool:
    """Whether an event is told to the portal's contacts; ``was_notified``: they were told of the case before."""
    return event.kind in _TOLD and (was_notified or event.kind not in _NEEDS_NOTICE)


def is_urgent(event: Event) -> bool:
    return event.kind in _URGENT


def words_for(event: Event, case: Case) -> tuple[str, str]:
    """(subject, body) of the news."""
    site = case.site.name if case.site is not None else "网站"
    subject = f"{_TOLD[event.kind]}：{site}"
    lines = [f"【{_TOLD[event.kind]}】{site}（问题编号 {case.id}）", case.message]
    if case.severity == Severity.VETO:
        lines.append("程度：单项否决")
    deadline = event.details.get("deadline")
    if event.kind == EventKind.NOTIFIED and deadline:
        lines.append(f"请于 {deadline} 前完成整改并答复。")
    if case.subject.url:
        lines.append(f"网址：{case.subject.url}")
    return subject, "\n".join(lines)


def compose(waiting: Waiting) -> Message:
    """One message from everything that waits for a contact."""
    shown = list(waiting.bodies[:MAX_LISTED])
    if len(waiting.bodies) > MAX_LISTED:
        shown.append(f"另有 {len(waiting.bodies) - MAX_LISTED} 条，请登录系统查看。")
    one = len(waiting.subjects) == 1
    subject = waiting.subjects[0] if one else f"网站检查：{len(waiting.subjects)} 条消息"
    ids = waiting.notice_ids
    return Message(_one_line(subject), "\n\n".join(shown), f"gkmonitor-{ids[0]}-{ids[-1]}-{len(ids)}")


def _one_line(text: str) -> str:
    """A subject cannot carry a second header."""
    return " ".join(text.split())[:200]
