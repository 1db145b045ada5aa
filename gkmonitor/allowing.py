"""What an office has registered turns accusations into excuses: exemptions and delegated columns. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from gkmonitor.concepts import is_within, normalise_name
from gkmonitor.records import Allowance, Excuse, History, Outcome, Verdict

# A missing or empty column is no fault of a portal whose column lives elsewhere by registration.
_ANSWERED_BY_DELEGATION = frozenset(("column-missing", "column-blank", "column-stale"))


def allow(verdicts: list[Verdict], history: History | None, as_of: date) -> list[Verdict]:
    """The verdicts with every violation that an allowance or a delegation covers turned into ``excused``.

    The excuse quotes the document that allows it and its days. Other verdicts are left as they are.
    """
    if history is None or not (history.allowances or history.delegated):
        return verdicts
    return [_allowed(verdict, history, as_of) for verdict in verdicts]


def _allowed(verdict: Verdict, history: History, as_of: date) -> Verdict:
    if verdict.outcome is not Outcome.VIOLATION:
        return verdict
    allowance = find_allowance(verdict, history.allowances, as_of)
    if allowance is not None:
        days = f"{allowance.first_day} 至 {allowance.last_day or '撤销为止'}"
        words = f"已登记豁免（{allowance.document}，{days}）；所见情况：{verdict.message}"
        return replace(verdict, outcome=Outcome.EXCUSED, reason=Excuse.EXEMPTION, message=words, points=None)
    concept = verdict.subject.concept
    if verdict.check in _ANSWERED_BY_DELEGATION and concept is not None:
        for delegated, url in history.delegated.items():
            if is_within(concept, delegated):
                words = f"该栏目已登记为在其他网站公开{f'（{url}）' if url else ''}；所见情况：{verdict.message}"
                return replace(verdict, outcome=Outcome.EXCUSED, reason=Excuse.DELEGATED, message=words, points=None)
    return verdict


def find_allowance(verdict: Verdict, allowances: Iterable[Allowance], as_of: date) -> Allowance | None:
    """The first allowance in force that covers the verdict: each of rule, concept and path that it names must fit."""
    for allowance in allowances:
        if not allowance.is_in_force(as_of):
            continue
        concept = verdict.subject.concept
        if allowance.rule is not None and allowance.rule not in (verdict.rule, verdict.check):
            continue
        if allowance.concept is not None and (concept is None or not is_within(concept, allowance.concept)):
            continue
        if allowance.path is not None and _key(allowance.path) != _key(verdict.subject.path):
            continue
        return allowance
    return None


def _key(path: Iterable[str]) -> tuple[str, ...]:
    return tuple(normalise_name(part) for part in path)
