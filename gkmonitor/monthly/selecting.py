"""Which cases of the ledger are problems of the month, and which of them may be named. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from gkmonitor.ledger.records import State
from gkmonitor.monthly.inputs import CaseMonth, MonthData, RuleWords
from gkmonitor.monthly.lives import CONFIRMED, Span, Window, counted_span
from gkmonitor.monthly.records import Portal, Problem
from gkmonitor.monthly.words import indicator_of, month_words

_HEAVY_FIRST: Final = {"veto": 0, "deduction": 1}


@dataclass(frozen=True, slots=True)
class Selection:
    """The cases that a month counts, by what may be said of them."""

    problems: tuple[Problem, ...] = ()  # may be named
    unseen: tuple[CaseMonth, ...] = ()  # standing, but not seen within the hours that naming asks for
    appealed: tuple[CaseMonth, ...] = ()  # an appeal is pending
    void: tuple[CaseMonth, ...] = ()  # dismissed, exempt or an appeal upheld since

    @property
    def counted_ids(self) -> frozenset[int]:
        """Ids of the cases that stood as confirmed in the month and were not cleared since."""
        return frozenset((*(one.case_id for one in self.problems), *(one.id for one in (*self.unseen, *self.appealed))))


def select_problems(data: MonthData, window: Window, old: frozenset[int] = frozenset()) -> Selection:
    """The cases of the portals that run; ``old``: ids of cases that last month counted already."""
    portals = {one.portal.id: one.portal for one in data.portals}
    since = data.as_of - timedelta(hours=month_words().named_within_hours)
    zone = ZoneInfo(data.zone)
    problems: list[Problem] = []
    unseen: list[CaseMonth] = []
    appealed: list[CaseMonth] = []
    void: list[CaseMonth] = []
    for case in data.cases:
        portal = portals.get(case.portal_id)
        span = counted_span(case.spans, window)
        if portal is None or span is None or case.severity not in _HEAVY_FIRST:
            continue
        if span.how == "void":
            void.append(case)
        elif span.is_appealed or case.state == State.APPEALED:
            appealed.append(case)
        elif span.how == "mended" or (case.state in CONFIRMED and case.last_seen >= since):
            problems.append(problem_of(case, span, portal, data.rules, zone, is_old=case.id in old))
        else:
            unseen.append(case)
    return Selection(tuple(sorted(problems, key=_order)), tuple(unseen), tuple(appealed), tuple(void))


def _order(problem: Problem) -> tuple[int, int, int, str, int]:
    heavy = _HEAVY_FIRST[problem.severity]
    return (_places()[problem.indicator], heavy, problem.portal.id, problem.rule, problem.case_id)


@lru_cache(maxsize=1)
def _places() -> dict[str, int]:
    return {one.slug: place for place, one in enumerate(month_words().indicators)}


def problem_of(
    case: CaseMonth, span: Span, portal: Portal, rules: Mapping[str, RuleWords], zone: ZoneInfo, *, is_old: bool
) -> Problem:
    """One case as the notice prints it."""
    rule = rules.get(case.rule) or RuleWords("人工检查发现的问题" if case.found_by == "person" else case.rule)
    is_mended = span.how == "mended"
    return Problem(
        case_id=case.id,
        portal=portal,
        rule=case.rule,
        rule_title=rule.title,
        indicator=indicator_of(case.check),
        severity=case.severity,
        document=rule.document,
        clause=rule.clause,
        words=rule.words,
        column=case.column,
        path=case.path,
        url=case.url,
        message=case.message,
        measured=case.measured,
        required=case.required,
        latest=_day(case.latest),
        days=case.days,
        first_seen=_local(case.first_seen, zone),
        last_seen=case.last_seen,
        confirmed_on=_local(span.begin, zone),
        deadline=case.deadline,
        state="mended" if is_mended else "standing",
        state_words="已整改" if is_mended else "未整改",
        mended_on=_local(span.end, zone) if is_mended and span.end is not None else None,
        found_by=case.found_by,
        repeats=case.repeats,
        is_old=is_old,
    )


def _local(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
