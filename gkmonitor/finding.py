"""What a person found, checked and put as the ledger takes it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gkmonitor.errors import UsageError

if TYPE_CHECKING:
    from gkmonitor.records import Severity, Subject
    from gkmonitor.rulebook import Rule
    from gkmonitor.storage.cases import NewFinding


@dataclass(frozen=True, slots=True)
class Given:
    """What the person wrote; "" or None: left out. ``column``: the way to it, 首页>政务公开>财政预决算."""

    text: str | None = None
    rule: str | None = None
    severity: str | None = None
    concept: str | None = None
    column: str | None = None
    url: str | None = None


def finding_of(given: Given) -> NewFinding:
    """The finding; its portal and its evidence follow. Raises UsageError: what is missing or does not go together."""
    from gkmonitor.explaining import find_rule
    from gkmonitor.ledger.words import severity_of_word
    from gkmonitor.storage.cases import NewFinding

    chosen = severity_of_word(given.severity) if given.severity else None
    text = (given.text or "").strip()
    if not given.rule:
        if not text:
            raise UsageError("请写 --text 说明发现的情况，或写 --rule 指明所违反的规则")
        if chosen is None:
            raise UsageError("没有 --rule 时须写 --severity：veto（单项否决）或 deduction（扣分）")
        return NewFinding(0, "person/finding", "person", chosen, text, _subject(given, text))
    _, found = find_rule(given.rule)
    words = text or found.title
    severity = _real(chosen or found.severity, found)
    return NewFinding(0, found.id, found.check, severity, words, _subject(given, None), _verdict(found, words))


def _real(severity: Severity, rule: Rule) -> Severity:
    from gkmonitor.records import Severity

    if severity is Severity.ADVICE or not rule.verified:
        raise UsageError(f"规则 {rule.id} 只作提醒，不能列为问题；可不写 --rule，用 --text 和 --severity 登记")
    return severity


def _subject(given: Given, text: str | None) -> Subject:
    """What the finding is about. Without a rule the words themselves tell two findings on one portal apart."""
    from gkmonitor.concepts import get_concept
    from gkmonitor.records import Subject

    concept = given.concept or None
    if concept is not None:
        get_concept(concept)
    path = tuple(part.strip() for part in re.split(r"[>＞]", given.column or "") if part.strip())
    if text is not None:
        path = (*path, text)
    return Subject(concept, path[-1] if path else None, given.url or None, path)


def _verdict(rule: Rule, words: str) -> dict[str, Any]:
    """The rule's words beside what the person saw, in the shape of a verdict."""
    basis = {"document": rule.document, "clause": rule.clause, "words": rule.words}
    return {"rule": rule.id, "check": rule.check, "verdict": "violation", "basis": basis, "message": words}
