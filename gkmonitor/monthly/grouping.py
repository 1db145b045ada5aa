"""The month by indicator, region and unit; ranking, coverage, what was not monitored. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from gkmonitor.monthly.inputs import CheckAnswers, PortalMonth
from gkmonitor.monthly.qualifying import FAILURES, reason_words
from gkmonitor.monthly.records import (
    CoverageLine,
    Finding,
    GroupLine,
    IndicatorLine,
    NotMonitored,
    Portal,
    Problem,
    RankLine,
)
from gkmonitor.monthly.tally import Tally, counts_of, has_veto
from gkmonitor.monthly.words import NO_REGION, NO_UNIT, Indicator, indicator_of, month_words
from gkmonitor.records import Excuse
from gkmonitor.reports.wording import EXCUSES

PERSON: Final = "person"


# ---------------------------------------------------------------- indicators


def indicator_lines(counted: Tally) -> tuple[IndicatorLine, ...]:
    """Every indicator in the order of the notice."""
    waiting = Counter[str]()
    for check, number in counted.data.waiting.items():
        waiting[indicator_of(check)] += number
    of_indicator: dict[str, list[Problem]] = {}
    for problem in counted.problems:
        of_indicator.setdefault(problem.indicator, []).append(problem)
    return tuple(
        _indicator(counted, one, of_indicator.get(one.slug, []), waiting[one.slug]) for one in month_words().indicators
    )


def _indicator(counted: Tally, indicator: Indicator, problems: Sequence[Problem], waiting: int) -> IndicatorLine:
    decided, undecided, reasons = 0, 0, Counter[str]()
    for month in counted.data.portals:
        answers = _answers(month, indicator)
        if any(one.decided for one in answers):
            decided += 1
        elif answers:
            undecided += 1
            reasons.update({reason: number for one in answers for reason, number in one.reasons})
    is_looked_at = bool(decided) or (indicator.slug == PERSON and counted.data.tasks.done > 0)
    finding: Finding = "found" if problems else "clean" if is_looked_at else "not_monitored"
    return IndicatorLine(
        slug=indicator.slug,
        title=indicator.title,
        finding=finding,
        problems=len(problems),
        vetoes=sum(one.severity == "veto" for one in problems),
        portals=len({one.portal.id for one in problems}),
        decided=decided,
        undecided=undecided,
        why=_why_not(counted, indicator, reasons) if finding == "not_monitored" else None,
        waiting=waiting,
    )


def _answers(month: PortalMonth, indicator: Indicator) -> list[CheckAnswers]:
    given = month.inspected.checks if month.inspected else ()
    return [one for one in given if one.check in indicator.checks and (one.decided or one.undecided)]


def _why_not(counted: Tally, indicator: Indicator, reasons: Counter[str]) -> str:
    if indicator.slug == PERSON:
        return "本月没有完成的人工检查任务"
    if not any(month.inspected for month in counted.data.portals):
        return "本月没有完成检查的网站"
    if not reasons:
        return "没有适用的检查规则"
    return "、".join(reason_words(reason) for reason, _ in counts_of(reasons.elements())[:2])


def not_monitored(lines: Iterable[IndicatorLine]) -> tuple[NotMonitored, ...]:
    return tuple(NotMonitored(one.title, one.why or "") for one in lines if one.finding == "not_monitored")


# ---------------------------------------------------------------- regions and units


def region_lines(counted: Tally) -> tuple[GroupLine, ...]:
    """By region, the best rate first; equal ones by name."""
    return _groups(counted, lambda portal: portal.region or NO_REGION)


def unit_lines(counted: Tally) -> tuple[GroupLine, ...]:
    """By supervising unit, the best rate first; equal ones by name."""
    return _groups(counted, lambda portal: portal.unit or NO_UNIT)


def _groups(counted: Tally, name_of: Callable[[Portal], str]) -> tuple[GroupLine, ...]:
    groups: dict[str, list[PortalMonth]] = {}
    for month in counted.data.portals:
        groups.setdefault(name_of(month.portal), []).append(month)
    lines = [_group(counted, name, months) for name, months in groups.items()]
    return tuple(sorted(lines, key=lambda one: (1.0 if one.rate is None else -one.rate, one.vetoes, one.name)))


def _group(counted: Tally, name: str, months: Sequence[PortalMonth]) -> GroupLine:
    standings = Counter(counted.judged[one.portal.id].standing for one in months)
    problems = [problem for one in months for problem in counted.of_portal.get(one.portal.id, ())]
    items = [one.items for one in months if one.items is not None]
    return GroupLine(
        name=name,
        running=len(months),
        checked=len(months) - standings["not_checked"],
        qualified=standings["qualified"],
        unqualified=standings["unqualified"],
        undecided=standings["undecided"],
        rate=rate(standings["qualified"], standings["unqualified"]),
        problems=len(problems),
        vetoes=sum(one.severity == "veto" for one in problems),
        mended=sum(one.state == "mended" for one in problems),
        items=sum(items) if items else None,
    )


def rate(qualified: int, unqualified: int) -> float | None:
    """合格率 = 合格 / (合格 + 不合格), in percent with two decimals; None where no portal was decided."""
    decided = qualified + unqualified
    return round(100 * qualified / decided, 2) if decided else None


# ---------------------------------------------------------------- ranking


def ranking(counted: Tally) -> tuple[RankLine, ...]:
    """Portals that were checked: with points the highest first, vetoed ones last, then by vetoes and problems."""
    lines = sorted((_rank_key(counted, one.portal), one.portal.id, one.portal) for one in counted.checked)
    found: list[RankLine] = []
    for place, (key, portal_id, portal) in enumerate(lines, start=1):
        problems = counted.of_portal.get(portal_id, ())
        is_equal = place > 1 and lines[place - 2][0] == key
        vetoes = sum(one.severity == "veto" for one in problems)
        shown = found[-1].rank if is_equal else place
        found.append(RankLine(shown, portal, counted.points.get(portal_id), len(problems), vetoes))
    return tuple(found)


def _rank_key(counted: Tally, portal: Portal) -> tuple[bool, float, int, int]:
    problems = counted.of_portal.get(portal.id, ())
    vetoes = sum(one.severity == "veto" for one in problems)
    return (has_veto(problems), -counted.points.get(portal.id, 0.0), vetoes, len(problems))


# ---------------------------------------------------------------- coverage


def coverage_lines(counted: Tally) -> tuple[CoverageLine, ...]:
    """Why portals were not checked, and why answers were undecided or excused; the most frequent first."""
    reasons = [counted.judged[one.portal.id].reason or "none" for one in counted.portals("not_checked")]
    lines = [
        CoverageLine("not_checked", reason, FAILURES.get(reason, reason), 0, number)
        for reason, number in counts_of(reasons)
    ]
    given = [one.inspected for one in counted.data.portals if one.inspected is not None]
    lines += _lines("undecided", [one.undecided for one in given], reason_words)
    lines += _lines("excused", [one.excused for one in given], _excuse_words)
    return tuple(lines)


def _lines(kind: str, portals: Iterable[Sequence[tuple[str, int]]], words: Callable[[str], str]) -> list[CoverageLine]:
    verdicts, seen_on = Counter[str](), Counter[str]()
    for counts in portals:
        for reason, number in counts:
            verdicts[reason] += number
            seen_on[reason] += 1
    ordered = sorted(verdicts.items(), key=lambda one: (-one[1], one[0]))
    assert kind in ("undecided", "excused")
    return [
        CoverageLine("undecided" if kind == "undecided" else "excused", code, words(code), number, seen_on[code])
        for code, number in ordered
    ]


def _excuse_words(code: str) -> str:
    return EXCUSES[Excuse(code)] if code in frozenset(Excuse) else "原因不明"
