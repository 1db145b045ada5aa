"""Counts over verdicts, what the vetoes say about the whole portal, and points by an office's own table. Pure.

国办秘函〔2019〕19号, as far as its copies agree: any one 单项否决 makes a site 不合格 and ends scoring; of 100 points
each indicator loses at most its own total; below 60 is 不合格, and only above 80 are further points added. Points apply
to government portals; departments are only held to the vetoes unless an office decides otherwise. No copy shows the
points of the indicators, so they come from the office's own printed table (``gkmonitor.pointstable``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from gkmonitor.records import Outcome, Profile, Severity, Verdict

PASS_POINTS = 60.0
BONUS_POINTS = 80.0
FULL_POINTS = 100.0
PORTALS = frozenset({Profile.PROVINCE_PORTAL, Profile.CITY_PORTAL, Profile.COUNTY_PORTAL})


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


# ---------------------------------------------------------------- vetoes


def passes_vetoes(verdicts: Iterable[Verdict], ticked: Iterable[str] = ()) -> bool | None:
    """Whether the portal passes every veto: False with one violated, None while one is open, else True.

    ``ticked``: ids of veto rules that a person found in order, for those that no machine can settle. Without any veto
    rule judged nothing is known.
    """
    vetoes = [verdict for verdict in verdicts if verdict.severity is Severity.VETO]
    if any(verdict.outcome is Outcome.VIOLATION for verdict in vetoes):
        return False
    by_person = frozenset(ticked)
    is_open = any(verdict.outcome is Outcome.UNDECIDED and verdict.rule not in by_person for verdict in vetoes)
    return None if is_open or not vetoes else True


# ---------------------------------------------------------------- points


@dataclass(frozen=True, slots=True)
class Deduction:
    """What each fault of one rule costs."""

    rule: str
    points: float


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the table: it loses at most ``points``, whatever its faults add up to."""

    name: str
    points: float
    deductions: tuple[Deduction, ...]


@dataclass(frozen=True, slots=True)
class PointsTable:
    """An office's own table; ``source``: the file that it was read from."""

    title: str
    indicators: tuple[Indicator, ...]
    full: float = FULL_POINTS
    pass_line: float = PASS_POINTS
    bonus_line: float = BONUS_POINTS
    score_departments: bool = False  # 国办秘函〔2019〕19号 gives points to government portals only
    source: str = ""

    @property
    def costs(self) -> dict[str, float]:
        """What one fault of each rule costs, by rule id."""
        return {one.rule: one.points for indicator in self.indicators for one in indicator.deductions}


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """What one indicator lost, and what it could still lose to rules that were not decided."""

    name: str
    points: float
    lost: float
    at_risk: float
    faults: int


@dataclass(frozen=True, slots=True)
class Score:
    """``points`` None: not scored (a veto, or a body that gets no points).

    ``qualified`` and ``earns_bonus`` are None while undecided rules could change them.
    """

    points: float | None
    lowest: float | None  # if every undecided rule turned out a fault
    qualified: bool | None
    earns_bonus: bool | None
    indicators: tuple[IndicatorScore, ...] = ()


def score(
    verdicts: Sequence[Verdict],
    table: PointsTable,
    profile: Profile | None,
    *,
    score_departments: bool | None = None,
    ticked: Iterable[str] = (),
) -> Score:
    """The portal's points by ``table``; advice costs nothing, a vetoed portal is not scored.

    ``score_departments``: other than the table says.
    """
    if score_departments is None:
        score_departments = table.score_departments
    vetoes = passes_vetoes(verdicts, ticked)
    if vetoes is False:
        return Score(None, None, qualified=False, earns_bonus=False)
    if not (profile in PORTALS or (score_departments and profile is Profile.DEPARTMENT)):
        return Score(None, None, qualified=vetoes, earns_bonus=None if profile is None else False)
    indicators = tuple(_indicator_score(one, verdicts) for one in table.indicators)
    points = max(0.0, table.full - sum(one.lost for one in indicators))
    lowest = max(0.0, table.full - sum(one.lost + one.at_risk for one in indicators))
    passes = _decided(points >= table.pass_line, lowest >= table.pass_line)
    qualified = False if passes is False else vetoes if passes else None
    bonus = _decided(points > table.bonus_line, lowest > table.bonus_line)
    return Score(points, lowest, qualified, bonus, indicators)


def _indicator_score(indicator: Indicator, verdicts: Sequence[Verdict]) -> IndicatorScore:
    cost = {one.rule: one.points for one in indicator.deductions}
    bound = [v for v in verdicts if v.rule in cost and v.severity is not Severity.ADVICE]
    faults = [verdict for verdict in bound if verdict.outcome is Outcome.VIOLATION]
    doubts = [verdict for verdict in bound if verdict.outcome is Outcome.UNDECIDED]
    lost = min(indicator.points, sum(cost[verdict.rule] for verdict in faults))
    most = min(indicator.points, lost + sum(cost[verdict.rule] for verdict in doubts))
    return IndicatorScore(indicator.name, indicator.points, lost, most - lost, len(faults))


def _decided(now: bool, at_worst: bool) -> bool | None:
    """A line that is missed now cannot be reached any more; one that is kept may still be missed."""
    if not now:
        return False
    return True if at_worst else None
