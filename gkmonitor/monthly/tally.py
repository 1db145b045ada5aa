"""The month put in order once: problems, portals by standing, what groups and statistics are counted from. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from gkmonitor.monthly.following import last_month_ids, named_portals, rectify, repeat_offenders
from gkmonitor.monthly.inputs import MonthData, PortalMonth
from gkmonitor.monthly.qualifying import Judged, judge_portal
from gkmonitor.monthly.records import NamedPortal, Problem, Rectification, RepeatOffender
from gkmonitor.monthly.selecting import Selection, select_problems
from gkmonitor.records import Basis, Outcome, Profile, Severity, Verdict
from gkmonitor.scoring import PointsTable, score

_NO_BASIS = Basis("", "", "")


@dataclass(frozen=True, slots=True)
class Tally:
    """What a month comes to before it is written out as figures."""

    data: MonthData
    selection: Selection
    judged: dict[int, Judged]  # portal -> how it stands
    of_portal: dict[int, list[Problem]]
    rectification: Rectification
    named: tuple[NamedPortal, ...]
    repeat: tuple[RepeatOffender, ...]
    points: dict[int, float]  # of portals that the office's table scores

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.selection.problems

    def portals(self, *standings: str) -> list[PortalMonth]:
        """The portals of these standings, in the order of the registry."""
        return [one for one in self.data.portals if self.judged[one.portal.id].standing in standings]

    @property
    def checked(self) -> list[PortalMonth]:
        return self.portals("qualified", "unqualified", "undecided")

    def count(self, *standings: str) -> int:
        return len(self.portals(*standings))


def tally(data: MonthData) -> Tally:
    """Every part that several figures rest on, counted once."""
    before = last_month_ids(data)
    selection = select_problems(data, data.window, before or frozenset())
    of_portal: dict[int, list[Problem]] = {}
    for problem in selection.problems:
        of_portal.setdefault(problem.portal.id, []).append(problem)
    unnamed = {one.portal_id for one in (*selection.unseen, *selection.appealed) if one.severity == Severity.VETO}
    judged = {
        one.portal.id: judge_portal(
            one,
            has_veto=has_veto(of_portal.get(one.portal.id, ())),
            has_unnamed_veto=one.portal.id in unnamed,
            rules=data.rules,
        )
        for one in data.portals
    }
    named = named_portals(data, selection.problems, before)
    return Tally(
        data,
        selection,
        judged,
        of_portal,
        rectify(data, selection, before),
        named,
        repeat_offenders(named, selection.problems),
        _points(data, judged, of_portal),
    )


def has_veto(problems: Iterable[Problem]) -> bool:
    return any(one.severity == Severity.VETO for one in problems)


# ---------------------------------------------------------------- points


def _points(data: MonthData, judged: dict[int, Judged], of_portal: dict[int, list[Problem]]) -> dict[int, float]:
    if data.points is None:
        return {}
    found: dict[int, float] = {}
    for one in data.portals:
        if judged[one.portal.id].standing not in ("qualified", "undecided"):
            continue
        points = _points_of(one, of_portal.get(one.portal.id, ()), data.points)
        if points is not None:
            found[one.portal.id] = points
    return found


def _points_of(month: PortalMonth, problems: Iterable[Problem], table: PointsTable) -> float | None:
    """The points that confirmed problems leave; what is not decided costs nothing."""
    faults = [
        Verdict(one.rule, "", Outcome.VIOLATION, Severity(one.severity), _NO_BASIS, "")
        for one in problems
        if one.severity != Severity.VETO
    ]
    profile = Profile(month.portal.profile) if month.portal.profile else None
    points = score(faults, table, profile).points
    return None if points is None else round(points, 2)


def counts_of(values: Iterable[str]) -> list[tuple[str, int]]:
    """Each value and how often it comes, the most frequent first, equal ones by name."""
    return sorted(Counter(values).items(), key=lambda one: (-one[1], one[0]))
