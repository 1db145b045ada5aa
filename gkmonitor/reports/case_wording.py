"""Cases of the ledger in Chinese words, for the terminal, tables and pages alike. Pure."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final

from gkmonitor.concepts import all_concepts
from gkmonitor.ledger.policy import get_policy
from gkmonitor.ledger.records import By, Case, State
from gkmonitor.ledger.states import STATE_WORDS
from gkmonitor.records import Subject
from gkmonitor.reports.wording import SEVERITIES, local_time, printable


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


# ---------------------------------------------------------------- as rows

CASE_HEADS: Final = (
    *("编号", "网站名称", "网站标识码", "网址", "状态", "程度", "来源", "规则", "文件", "条款", "栏目", "栏目网址"),
    *("问题", "首次发现", "最近发现", "独立观测次数", "重复出现次数", "整改期限"),
)


def case_cells(case: Case, zone: tzinfo) -> tuple[str, ...]:
    """One case as a row below ``CASE_HEADS``."""
    basis = case.verdict.get("basis") or {}
    site = case.site
    return (
        str(case.id),
        printable(site.name) if site else "",
        (site.site_id_code or "") if site else "",
        site.url if site else "",
        state_words(case),
        SEVERITIES[case.severity],
        "人工" if found_words(case) else "系统",
        case.rule,
        str(basis.get("document") or ""),
        str(basis.get("clause") or ""),
        subject_words(case.subject),
        printable(case.subject.url or ""),
        printable(case.message),
        local_time(case.first_seen, zone),
        local_time(case.last_seen, zone),
        str(case.observations),
        str(case.repeats),
        case.deadline.isoformat() if case.deadline else "",
    )
