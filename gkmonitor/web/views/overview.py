"""The first page: what stands open, what changed since yesterday, what is about to go wrong, how the service is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.condition import Condition, Status
from gkmonitor.ledger.records import EventKind
from gkmonitor.ledger.states import EVENT_WORDS
from gkmonitor.records import Outcome, Reason
from gkmonitor.registry.records import PortalState
from gkmonitor.registry.words import in_chinese
from gkmonitor.reports.wording import CHECKS, REASONS
from gkmonitor.rules import available_packs
from gkmonitor.storage.overview import CHANGE_KINDS, LIVE, Coverage, Overview, TrendDay, read_overview
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.keeping import Kept
from gkmonitor.web.pages import render
from gkmonitor.web.visiting import Viewer

router = APIRouter()
KEPT_SECONDS: Final = 5.0
_EARLY: Final = ("early_age", "early_percent", "cadence_age")  # parameters of rules that warn before their limit
_AVAILABILITY: Final = "site-unreachable"
_OUTCOMES: Final = {
    Outcome.OK: "未发现问题",
    Outcome.VIOLATION: "有问题",
    Outcome.EXCUSED: "免于判定",
    "advice": "提醒",
    Outcome.UNDECIDED: "未能判定",
}
_RESULTS: Final = {
    "ok": "检查完成",
    "held": "疑似改版，待人工确认",
    "blocked": "被拦截",
    "permanent": "打不开（网址失效）",
    "transient": "打不开（暂时）",
    "retry": "待再试",
    "running": "检查中",
    "waiting": "等待检查",
}
_STATUSES: Final = {
    Status.OK: ("运行正常", "good"),
    Status.DEGRADED: ("需要处理", "warn"),
    Status.DOWN: ("不能工作", "bad"),
}


@router.get("/overview")
def overview(request: Request, _who: Viewer) -> Response:
    found: Overview = kept_overview(request.app, desk(request)).get()
    condition: Condition = request.app.state.condition.read()
    portals = condition.figures.portals if condition.figures is not None else {}
    by_state = [(state.value, in_chinese("states", state), portals.get(state.value, 0)) for state in PortalState]
    return render(
        request,
        "overview.html",
        found=found,
        standing=",".join(LIVE),
        portals=by_state,
        other_portals="，".join(f"{words} {number:,}" for _, words, number in by_state[1:]),
        coverage=_coverage(found.coverage),
        trend=_trend(found.trend),
        changes=[(kind.value, CHANGE_WORDS[kind], found.changes.counts[kind]) for kind in CHANGE_KINDS],
        change_words=CHANGE_WORDS,
        event_words=EVENT_WORDS,
        early=_early(found.early.counts),
        condition=condition,
        service=_STATUSES[condition.status],
        results=_results(condition),
        check_words=CHECKS,
    )


CHANGE_WORDS: Final = {
    EventKind.FOUND: "新发现（疑似）",
    EventKind.OPENED: "再次观测到，待确认",
    EventKind.RECTIFIED: "已整改",
    EventKind.REAPPEARED: "再次出现",
    EventKind.DISMISSED: "已排除",
}


def kept_overview(app: FastAPI, here: Desk) -> Kept[Overview]:
    """The overview of this process, read anew after a few seconds."""
    last: list[Overview] = []

    def read() -> Overview:
        with here.database.reading() as session:
            found = read_overview(
                session,
                now=here.now,
                zone=here.zone,
                early_rules=early_rules(),
                previous=last[0] if last else None,
            )
        last[:] = [found]
        return found

    if not hasattr(app.state, "overview"):
        app.state.overview = Kept(read, KEPT_SECONDS)
    kept: Kept[Overview] = app.state.overview
    return kept


@cache
def early_rules() -> frozenset[str]:
    """The ids of rules that warn before their limit."""
    rules = (rule for pack in available_packs().values() for rule in pack.rules)
    return frozenset(rule.id for rule in rules if any(name in rule.params for name in _EARLY))


@cache
def rule_titles() -> Mapping[str, str]:
    """What each rule asks, by its id."""
    return {rule.id: rule.title for pack in available_packs().values() for rule in pack.rules}


# ---------------------------------------------------------------- shapes for the page


def _coverage(found: Coverage | None) -> dict[str, Any] | None:
    if found is None:
        return None
    undecided = sum(found.undecided.values())
    reasons = [
        (*(REASONS[Reason(code)] if code in tuple(Reason) else (code or "没有记录原因", "")), number)
        for code, number in sorted(found.undecided.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    total = found.judged + undecided
    outcomes = [(words, found.outcomes.get(code, 0)) for code, words in _OUTCOMES.items()]
    bars = [{"name": words, "value": number} for words, _, number in reversed(reasons)]
    return {
        "cycle": found.cycle,
        "portals": found.portals,
        "outcomes": outcomes,
        "judged": found.judged,
        "undecided": undecided,
        "share": found.judged / total if total else None,
        "reasons": reasons,
        "option": _bars(bars),
        "rows": [(words, number) for words, _, number in reasons],
    }


def _bars(bars: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "grid": {"left": 8, "right": 48, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {
            "type": "category",
            "data": [bar["name"] for bar in bars],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {"width": 170, "overflow": "truncate"},
        },
        "series": [
            {
                "type": "bar",
                "data": [bar["value"] for bar in bars],
                "barMaxWidth": 18,
                "itemStyle": {"color": "#6b7785"},
                "label": {"show": True, "position": "right"},
            }
        ],
    }


def _trend(days: Sequence[TrendDay]) -> dict[str, Any]:
    names = [f"{one.day:%m-%d}" for one in days]
    series = [
        {"name": "发现", "type": "bar", "barMaxWidth": 14, "data": [one.found for one in days]},
        {"name": "整改", "type": "line", "symbol": "diamond", "data": [one.rectified for one in days]},
    ]
    option = {
        "color": ["#a8201a", "#1c6b4a"],
        "legend": {"top": 0, "data": ["发现", "整改"]},
        "grid": {"left": 8, "right": 12, "top": 32, "bottom": 4, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
    }
    rows = [(one.day.isoformat(), one.found, one.rectified) for one in days]
    found, rectified = sum(one.found for one in days), sum(one.rectified for one in days)
    return {"option": option, "rows": rows, "found": found, "rectified": rectified}


def _early(counts: Mapping[str, int]) -> dict[str, Any]:
    """By what is asked: the titles of rules name faults, and these are none yet."""
    by_check: Counter[str] = Counter()
    for rule, number in counts.items():
        by_check[_checks()[rule]] += number
    return {
        "total": by_check.total(),
        "availability": by_check[_AVAILABILITY],
        "by_check": [(CHECKS.get(check, check), number) for check, number in by_check.most_common()],
    }


@cache
def _checks() -> Mapping[str, str]:
    return {rule.id: rule.check for pack in available_packs().values() for rule in pack.rules}


def _results(condition: Condition) -> list[tuple[str, int]]:
    cycle = condition.figures.cycle if condition.figures is not None else None
    return [(words, cycle.results[code]) for code, words in _RESULTS.items() if code in cycle.results] if cycle else []
