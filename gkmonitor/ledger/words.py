"""The ledger in Chinese words: states and severities as people type them, events as lines. Pure."""

from __future__ import annotations

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.records import SYSTEM, Event, State
from gkmonitor.ledger.states import EVENT_WORDS, STATE_WORDS
from gkmonitor.records import Severity

_SEVERITIES = {"单项否决": Severity.VETO, "扣分": Severity.DEDUCTION, "提醒": Severity.ADVICE}


def state_of_word(word: str) -> State:
    """A state by its code or its Chinese word. Raises LedgerError."""
    text = word.strip()
    for state, chinese in STATE_WORDS.items():
        if text in (state.value, chinese):
            return state
    listed = "、".join(f"{state.value}（{chinese}）" for state, chinese in STATE_WORDS.items())
    raise LedgerError(f"没有“{word}”这种状态，可用的有：{listed}")


def severity_of_word(word: str) -> Severity:
    """A severity by its code or its Chinese word. Raises LedgerError."""
    text = word.strip()
    if text in _SEVERITIES:
        return _SEVERITIES[text]
    if text in _SEVERITIES.values():
        return Severity(text)
    raise LedgerError(f"没有“{word}”这种程度，可用 veto（单项否决）或 deduction（扣分）")


def event_line(event: Event) -> str:
    """One event as a line: who, what, from which state to which, and why."""
    who = "系统" if event.actor == SYSTEM else event.actor
    what = EVENT_WORDS.get(event.kind, str(event.kind))
    moved = ""
    if event.before != event.after:
        before = STATE_WORDS[event.before] if event.before else "无"
        moved = f"（{before} → {STATE_WORDS[event.after]}）"
    why = "；".join(_why(event))
    return f"{who}：{what}{moved}{'：' + why if why else ''}"


def _why(event: Event) -> list[str]:
    details = event.details
    why = [get_policy().words_of(event.reason)] if event.reason else []
    for key, words in _SHOWN.items():
        if details.get(key) not in (None, "", []):
            value = details[key]
            shown = "、".join(map(str, value)) if isinstance(value, list) else str(value)
            why.append(f"{words}{shown}")
    return why


_SHOWN = {
    "note": "",
    "document": "文件 ",
    "allowed_by": "批准 ",
    "last_day": "至 ",
    "deadline": "期限 ",
    "inspection": "检查 ",
    "evidence": "附件 ",
}
