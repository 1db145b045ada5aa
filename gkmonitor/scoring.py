"""Counts over verdicts, and what the vetoes say about the whole portal. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from gkmonitor.records import Outcome, Severity, Verdict


class Summary(TypedDict):
    """``violation`` leaves advice out; ``qualified`` is False or None, a single visit can never say True."""

    ok: int
    violation: int
    advice: int
    excused: int
    undecided: int
    not_applicable: int
    qualified: bool | None


def summary(verdicts: Iterable[Verdict]) -> Summary:
    """Count verdicts by outcome.

    国办秘函〔2019〕19号: any one 单项否决 makes a site 不合格. Some vetoes need a week of probes or a person,
    so one visit says False or nothing.
    """
    counts = Summary(ok=0, violation=0, advice=0, excused=0, undecided=0, not_applicable=0, qualified=None)
    for verdict in verdicts:
        match verdict.outcome:
            case Outcome.OK:
                counts["ok"] += 1
            case Outcome.EXCUSED:
                counts["excused"] += 1
            case Outcome.UNDECIDED:
                counts["undecided"] += 1
            case Outcome.NOT_APPLICABLE:
                counts["not_applicable"] += 1
            case Outcome.VIOLATION if verdict.severity is Severity.ADVICE:
                counts["advice"] += 1
            case Outcome.VIOLATION:
                counts["violation"] += 1
                if verdict.severity is Severity.VETO:
                    counts["qualified"] = False
    return counts
