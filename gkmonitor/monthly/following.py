"""What became of earlier months: mended and unmended problems, portals named again, corrections, the trend. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gkmonitor.monthly.inputs import CaseMonth, MonthData, PastMonth, PastProblem, month_before, window_of
from gkmonitor.monthly.lives import counted_span
from gkmonitor.monthly.records import (
    Correction,
    MonthNumbers,
    NamedPortal,
    Portal,
    Problem,
    Rectification,
    RepeatOffender,
    TrendPoint,
    Value,
)
from gkmonitor.monthly.selecting import Selection, select_problems
from gkmonitor.monthly.words import NO_REGION

TREND_MONTHS: Final = 12
TREND_FIGURES: Final = ("qualified-rate", "checked", "qualified", "unqualified", "problems", "vetoes")
_VOID_WORDS: Final = {"exempted": "已豁免", "appeal_upheld": "申诉成立"}


def past_of(numbers: MonthNumbers, number: str | None = None) -> PastMonth:
    """What later months must know of an issued one."""
    return PastMonth(
        month=numbers.month,
        number=number or numbers.office.number,
        figures={one.slug: one.value for one in numbers.statistics},
        problems=tuple(_past_problem(one) for one in numbers.problems),
        named={one.portal_id: one.months for one in numbers.named},
        unqualified={one.portal.id: one.portal.name for one in numbers.unqualified},
        trend=numbers.trend,
        full_regions={one.name: 1 for one in numbers.by_region if one.rate == 100 and one.name != NO_REGION}
        | {one.name: one.months for one in numbers.full_regions},
        corrected=frozenset(one.case_id for one in numbers.corrections if one.case_id is not None),
    )


def _past_problem(problem: Problem) -> PastProblem:
    what = f"“{problem.column}”{problem.rule_title}" if problem.column else problem.rule_title
    return PastProblem(problem.case_id, problem.portal.id, problem.portal.name, what, problem.severity)


# ---------------------------------------------------------------- last month's problems


def last_month_ids(data: MonthData) -> frozenset[int] | None:
    """Cases that last month counted: as issued, else as the ledger has them; None when nothing is known of it."""
    if data.previous is not None:
        return frozenset(one.case_id for one in data.previous.problems)
    if not data.has_month_before:
        return None
    return select_problems(data, data.window_before).counted_ids


def rectify(data: MonthData, selection: Selection, ids: frozenset[int] | None) -> Rectification:
    """What became of last month's problems until the month was counted."""
    month = month_before(data.month)
    if ids is None:
        return Rectification(month, None, 0, (), 0, 0, None, "none", "上月没有检查，也没有印发通报")
    standing = {one.case_id: one for one in selection.problems if one.state == "standing"}
    pending = {one.id for one in (*selection.unseen, *selection.appealed)}
    running = {one.portal.id for one in data.portals}
    cases = {one.id: one for one in data.cases if one.id in ids and one.portal_id in running}
    mended, left, unclear, unmended = 0, 0, 0, []
    for case_id in sorted(ids):
        if case_id in standing:
            unmended.append(standing[case_id])
        elif case_id in pending:
            unclear += 1
        elif (how := _how(data, cases.get(case_id))) == "mended":
            mended += 1
        else:
            left += how == "left"
            unclear += how == "unclear"
    decided = mended + len(unmended)
    return Rectification(
        month=month,
        total=len(ids),
        mended=mended,
        unmended=tuple(sorted(unmended, key=lambda one: (one.portal.id, one.case_id))),
        unclear=unclear,
        left=left,
        rate=round(100 * mended / decided, 2) if decided else None,
        source="issued" if data.previous is not None else "counted",
        why_none=None if decided else "上月没有可以复查的问题",
    )


def _how(data: MonthData, case: CaseMonth | None) -> str:
    """How a problem of last month ended that does not stand any more."""
    if case is None:
        return "left"  # its portal runs no longer
    span = counted_span(case.spans, data.window_before)
    if span is None or span.how == "void":
        return "left"
    return "mended" if span.how == "mended" else "unclear"


# ---------------------------------------------------------------- named again


def named_portals(
    data: MonthData, problems: Iterable[Problem], before: frozenset[int] | None
) -> tuple[NamedPortal, ...]:
    """Every portal that is named, with the months in a row."""
    if data.previous is not None:
        earlier = dict(data.previous.named)
    else:
        owners = {case.id: case.portal_id for case in data.cases}
        earlier = {owners[case_id]: 1 for case_id in before or () if case_id in owners}
    ids = sorted({one.portal.id for one in problems})
    return tuple(NamedPortal(portal_id, earlier.get(portal_id, 0) + 1) for portal_id in ids)


def repeat_offenders(named: Sequence[NamedPortal], problems: Sequence[Problem]) -> tuple[RepeatOffender, ...]:
    """Portals named in two months in a row or more, the longest first."""
    of_portal: dict[int, list[Problem]] = {}
    for problem in problems:
        of_portal.setdefault(problem.portal.id, []).append(problem)
    found = [_offender(of_portal[one.portal_id], one.months) for one in named if one.months > 1]
    return tuple(sorted(found, key=lambda one: (-one.months, -one.vetoes, -one.problems, one.portal.id)))


def _offender(problems: Sequence[Problem], months: int) -> RepeatOffender:
    portal: Portal = problems[0].portal
    again = tuple(dict.fromkeys(one.column or one.rule_title for one in problems if one.is_old))
    return RepeatOffender(portal, months, len(problems), sum(one.severity == "veto" for one in problems), again)


# ---------------------------------------------------------------- corrections


def corrections(data: MonthData) -> tuple[Correction, ...]:
    """更正: what issued notices said of cases that were cleared since, told once."""
    told = frozenset[int]().union(*(one.corrected for one in data.issued))
    cases = {one.id: one for one in data.cases}
    found: list[Correction] = []
    for past in data.issued:
        void = {one.case_id: why for one in past.problems if (why := _void(data, cases.get(one.case_id), past))}
        news = [one for one in past.problems if one.case_id in void and one.case_id not in told]
        found += [
            Correction(
                past.month,
                past.number,
                f"{one.portal_name}：{one.what}",
                "列为问题",
                "不列为问题",
                void[one.case_id],
                one.case_id,
            )
            for one in news
        ]
        if news:
            found += _figures(past, frozenset(void), told & frozenset(void))
    return tuple(found)


def _void(data: MonthData, case: CaseMonth | None, past: PastMonth) -> str | None:
    """Why a case of a past notice no longer holds; None while it does."""
    span = counted_span(case.spans, window_of(past.month, data.zone)) if case is not None else None
    if span is None or span.how != "void":
        return None
    return _VOID_WORDS.get(span.why or "", "复核后排除")


def _figures(past: PastMonth, void: frozenset[int], told: frozenset[int]) -> Iterator[Correction]:
    """The figures of the past notice without what was cleared, for portals and problems."""
    was, now = _without(past, told), _without(past, void)
    for portal_id, name in past.unqualified.items():
        if portal_id in was and portal_id not in now:
            yield Correction(past.month, past.number, name, "不合格", "不再判为不合格", "单项否决问题均已更正")
    issued = past.figures.get("problems")
    if isinstance(issued, int):
        yield _changed(past, "问题数", issued - len(told), issued - len(void), "个")
    if len(was) != len(now):
        yield _changed(past, "不合格网站数", len(was), len(now), "家")
        yield from _rate(past, len(was), len(now))


def _without(past: PastMonth, cleared: frozenset[int]) -> set[int]:
    """The unqualified portals of a past notice that have a veto left without the cleared cases."""
    left = {one.portal_id for one in past.problems if one.severity == "veto" and one.case_id not in cleared}
    return {portal_id for portal_id in past.unqualified if portal_id in left}


def _rate(past: PastMonth, was: int, now: int) -> Iterator[Correction]:
    qualified = past.figures.get("qualified")
    if isinstance(qualified, int) and qualified + now:
        before = round(100 * qualified / (qualified + was), 2)
        yield _changed(past, "合格率", before, round(100 * qualified / (qualified + now), 2), "%")


def _changed(past: PastMonth, what: str, was: float, now: float, unit: str) -> Correction:
    return Correction(past.month, past.number, what, f"{was:g}{unit}", f"{now:g}{unit}", "随上列更正调整")


# ---------------------------------------------------------------- twelve months


def trend(data: MonthData, figures: dict[str, Value]) -> tuple[TrendPoint, ...]:
    """Twelve months up to this one, the oldest first: as issued, this month as counted."""
    known = {point.month: point for past in reversed(data.issued) for point in past.trend}
    known |= {past.month: _point(past.month, dict(past.figures)) for past in data.issued}
    months = [month_before(data.month, back) for back in range(TREND_MONTHS - 1, 0, -1)]
    empty = [known.get(month) or _point(month, {}) for month in months]
    return (*empty, _point(data.month, figures))


def _point(month: str, figures: dict[str, Value]) -> TrendPoint:
    rate, *counts = (figures.get(slug) for slug in TREND_FIGURES)
    whole = [value if isinstance(value, int) else None for value in counts]
    return TrendPoint(month, float(rate) if isinstance(rate, int | float) else None, *whole)
