"""Cases of the ledger in Chinese words, for the terminal, tables and pages alike. Pure."""

from __future__ import annotations

from gkmonitor.concepts import all_concepts
from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.records import By, Case, State
from gkmonitor.ledger.states import STATE_WORDS
from gkmonitor.records import Subject
from gkmonitor.reports.wording import printable


def state_words(case: Case) -> str:
    """The state in Chinese, with why and until when."""
    words = STATE_WORDS[case.state]
    more = state_note(case)
    return f"{words}（{more}）" if more else words


def state_note(case: Case) -> str:
    """Why, or until when, a case is in its state; "" where there is nothing to add."""
    if case.state in (State.DISMISSED, State.CLOSED) and case.state_reason:
        return get_policy().words_of(case.state_reason)
    if case.state is State.EXEMPT and case.exempt_until:
        return f"至 {case.exempt_until}"
    if case.state is State.NOTIFIED and case.deadline:
        return f"限 {case.deadline}{'，已过期' if case.is_overdue else ''}"
    return ""


def found_words(case: Case) -> str:
    """Marks what people found."""
    return "【人工】" if case.found_by is By.PERSON else ""


def subject_words(subject: Subject) -> str:
    """The way to a column, its concept, or the portal as a whole."""
    if subject.path or subject.column:
        return printable(" > ".join(subject.path) or subject.column)
    concept = all_concepts().get(subject.concept or "")
    return concept.name_zh if concept else subject.concept or "全站"
