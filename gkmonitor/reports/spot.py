"""What one spot check found, in the order in which people read it: wrong, not judged, coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import cached_property

from gkmonitor.records import Outcome, PortalFacts, Reason, Severity, Subject, Verdict
from gkmonitor.rules import RulePack
from gkmonitor.scoring import PointsTable, Score, Summary

SPOT_NOTE = "单次观测，未经复核，不得作为通报依据"
_SEVERITY_ORDER = {Severity.VETO: 0, Severity.DEDUCTION: 1, Severity.ADVICE: 2}
_DECIDED = frozenset({Outcome.OK, Outcome.VIOLATION, Outcome.EXCUSED})


@dataclass(frozen=True)
class SpotCheck:
    """One portal judged once: the facts, the day judged for, the packs and every verdict."""

    facts: PortalFacts
    as_of: date
    packs: tuple[RulePack, ...]
    verdicts: tuple[Verdict, ...]
    counts: Summary
    zone: tzinfo
    version: str
    points: PointsTable | None = None  # the office's own, where it has one
    score: Score | None = None

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each rule asks, by rule id."""
        return {rule.id: rule.title for pack in self.packs for rule in pack.rules}

    @cached_property
    def violations(self) -> tuple[Verdict, ...]:
        """Vetoes, then deductions, the longest overdue first; advice is apart."""
        found = [v for v in self._with(Outcome.VIOLATION) if v.severity is not Severity.ADVICE]
        return tuple(sorted(found, key=_weight))

    @cached_property
    def advice(self) -> tuple[Verdict, ...]:
        return tuple(sorted((v for v in self._with(Outcome.VIOLATION) if v.severity is Severity.ADVICE), key=_weight))

    @cached_property
    def excused(self) -> tuple[Verdict, ...]:
        return tuple(self._with(Outcome.EXCUSED))

    @cached_property
    def passed(self) -> tuple[Verdict, ...]:
        return tuple(self._with(Outcome.OK))

    @cached_property
    def undecided(self) -> dict[Reason, tuple[Verdict, ...]]:
        """By reason, the reason with most verdicts first."""
        groups: dict[Reason, list[Verdict]] = {}
        for verdict in self._with(Outcome.UNDECIDED):
            groups.setdefault(Reason(verdict.reason or Reason.NOT_OBSERVED), []).append(verdict)
        return {reason: tuple(group) for reason, group in sorted(groups.items(), key=lambda pair: -len(pair[1]))}

    @cached_property
    def rules_judged(self) -> int:
        """Rules with an answer on at least one subject."""
        return len(self._decided_rules)

    @cached_property
    def rules_undecided(self) -> int:
        """Rules without any answer, though they bind this portal."""
        return len({v.rule for v in self._with(Outcome.UNDECIDED)} - self._decided_rules)

    @property
    def is_finished(self) -> bool:
        """False when the crawl was stopped, the home page could not be read, or no rule at all could be judged."""
        if self.facts.coverage.is_interrupted or self.facts.home.state not in (None, Reason.SCRIPT_RENDERED):
            return bool(self.violations) and not self.facts.coverage.is_interrupted
        return self.rules_judged > 0 or self.rules_undecided == 0

    @cached_property
    def _decided_rules(self) -> frozenset[str]:
        return frozenset(v.rule for v in self.verdicts if v.outcome in _DECIDED)

    def _with(self, outcome: Outcome) -> list[Verdict]:
        return [v for v in self.verdicts if v.outcome is outcome]


def _weight(verdict: Verdict) -> tuple[int, int, str, tuple[str, ...]]:
    return _SEVERITY_ORDER[verdict.severity], -(verdict.days or 0), verdict.rule, verdict.subject.path


def subject_words(subject: Subject) -> str:
    """The way clicked (首页 > 政务公开 > 预算公开), the column's name, or the portal as a whole."""
    if subject.path:
        return " > ".join(subject.path)
    return subject.column or "整个网站"


def distinct(words: Iterable[str], limit: int) -> tuple[list[str], int]:
    """The first ``limit`` different words, and how many more there are."""
    seen = list(dict.fromkeys(words))
    return seen[:limit], max(0, len(seen) - limit)
