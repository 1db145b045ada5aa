"""Does what was found agree with what was planted? Nothing missing, nothing more, every trap quiet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gkmonitor.demo.plan import Planted, PortalPlan, Trap
from gkmonitor.records import Outcome, Severity, Verdict


@dataclass(frozen=True, slots=True)
class TrapResult:
    """One trap and the verdicts about it that should not have been given (none: it is quiet)."""

    trap: Trap
    wrong: tuple[Verdict, ...] = ()
    is_silent: bool = False  # no verdict at all, where one was expected

    @property
    def is_agreed(self) -> bool:
        return not self.wrong and not self.is_silent


@dataclass(frozen=True, slots=True)
class Agreement:
    """One portal's expectation against its verdicts."""

    plan: PortalPlan
    found: tuple[tuple[Planted, Verdict], ...]
    missed: tuple[Planted, ...]
    unplanted: tuple[Verdict, ...]  # accusations that nothing was planted for
    traps: tuple[TrapResult, ...]
    decided: tuple[Verdict, ...] = ()  # on a portal where nothing can be judged

    @property
    def is_agreed(self) -> bool:
        quiet = all(result.is_agreed for result in self.traps)
        return quiet and not (self.missed or self.unplanted or self.decided)


def compare(plan: PortalPlan, verdicts: Sequence[Verdict]) -> Agreement:
    """Match planted faults with violations; advice is a warning and counts on neither side.

    Several rules may ask the same question of one column (blank by the national table and by the budget law), so a
    planted fault takes one verdict of each rule; a rule that accuses the same twice has accused once too often.
    """
    left = [each for each in verdicts if each.outcome is Outcome.VIOLATION]
    found: list[tuple[Planted, Verdict]] = []
    missed: list[Planted] = []
    for planted in plan.planted:
        matches = {each.rule: each for each in reversed(left) if is_about(each, planted)}
        if not matches:
            missed.append(planted)
            continue
        left = [each for each in left if not any(each is match for match in matches.values())]
        found.append((planted, next(iter(reversed(matches.values())))))
    accused = tuple(each for each in left if each.severity is not Severity.ADVICE)
    return Agreement(
        plan=plan,
        found=tuple(found),
        missed=tuple(missed),
        unplanted=accused,
        traps=tuple(spring(trap, verdicts) for trap in plan.traps),
        decided=decided_though_unseen(plan, verdicts),
    )


def is_about(verdict: Verdict, planted: Planted) -> bool:
    return (
        verdict.check == planted.check
        and verdict.severity is planted.severity
        and names(verdict, planted.subject)
        and (planted.members is None or len(verdict.members or ()) == planted.members)
        and planted.measured in (verdict.measured or "")
        and is_of(verdict, planted.pack)
    )


def names(verdict: Verdict, subject: str | None) -> bool:
    """The verdict is about the column, concept or entry of that name; None: about the portal as a whole."""
    about = verdict.subject
    if subject is None:
        return about.column is None and about.concept is None
    return subject in (about.column, about.concept, *about.path[-1:])


def is_of(verdict: Verdict, pack: str | None) -> bool:
    return pack is None or verdict.rule.partition("/")[0] == pack


def spring(trap: Trap, verdicts: Sequence[Verdict]) -> TrapResult:
    """Every verdict about the trap's subject must have one of its outcomes (and reasons, where it names any)."""
    asked = [each for each in verdicts if trap.check in (None, each.check) and each.check not in trap.aside]
    about = [each for each in asked if names(each, trap.subject) and is_of(each, trap.pack)]
    wrong = tuple(each for each in about if not is_allowed(trap, each))
    return TrapResult(trap, wrong, is_silent=trap.must_speak and not about)


def is_allowed(trap: Trap, verdict: Verdict) -> bool:
    if verdict.outcome is Outcome.NOT_APPLICABLE:
        return True
    return verdict.outcome in trap.outcomes and (not trap.reasons or verdict.reason in trap.reasons)


def decided_though_unseen(plan: PortalPlan, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Verdicts that claim to know something of a portal of which nothing can be seen."""
    if plan.all_undecided is None:
        return ()
    return tuple(
        each
        for each in verdicts
        if each.outcome is not Outcome.NOT_APPLICABLE
        and not (each.outcome is Outcome.UNDECIDED and each.reason in (plan.all_undecided, "not_observed"))
    )
