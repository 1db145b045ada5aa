"""三、本月发现的主要问题: by indicator, with the units that may be named; 无 and 本月未监测 told apart. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from gkmonitor.monthly.records import NOT_MONITORED, NOTHING_FOUND, IndicatorLine, MonthNumbers, Problem
from gkmonitor.reports.notice.masked import masked, site_name
from gkmonitor.reports.notice.parts import Part

MAX_PORTALS: Final = 10  # named for one indicator; the list of problems has all
MAX_OF_PORTAL: Final = 3


def finding_parts(numbers: MonthNumbers) -> Iterator[Part]:
    """One paragraph for each indicator that found something, then what was clean and what was not monitored."""
    for line in numbers.by_indicator:
        if line.finding == "found":
            yield Part(_found(numbers, line), masked(line.title))
    clean = [masked(line.title) for line in numbers.by_indicator if line.finding == "clean"]
    if clean:
        yield Part(f"{'、'.join(clean)}：{NOTHING_FOUND}。", "未发现问题的指标")
    if missing := _not_monitored(numbers):
        yield Part(missing, "未监测的指标")
    if not numbers.by_indicator:
        yield Part(f"{NOT_MONITORED}（没有完成检查的网站）。")


def _not_monitored(numbers: MonthNumbers) -> str:
    """The indicators that were not monitored, those with one reason together."""
    reasons: dict[str, list[str]] = {}
    for line in numbers.by_indicator:
        if line.finding == "not_monitored":
            reasons.setdefault(masked(line.why or "原因不明"), []).append(masked(line.title))
    return "".join(f"{'、'.join(titles)}：{NOT_MONITORED}（{why}）。" for why, titles in reasons.items())


def _found(numbers: MonthNumbers, line: IndicatorLine) -> str:
    vetoes = f"，其中单项否决问题{line.vetoes}个" if line.vetoes else ""
    counted = f"共{line.problems}个，涉及网站{line.portals}家{vetoes}。"
    problems = sorted(numbers.problems_of(line.slug), key=lambda one: (one.severity != "veto", one.portal.id))
    groups = [list(found) for _, found in groupby(problems, key=lambda one: (one.severity != "veto", one.portal.id))]
    named = [_portal(found) for found in groups[:MAX_PORTALS]]
    if not named:
        return counted
    more = line.portals - len({found[0].portal.id for found in groups[:MAX_PORTALS]})
    return counted + "；".join(named) + (f"；其余{more}家见附件" if more > 0 else "") + "。"


def _portal(problems: list[Problem]) -> str:
    shown = [_words(one) for one in problems[:MAX_OF_PORTAL]]
    more = f"等{len(problems)}个问题" if len(problems) > MAX_OF_PORTAL else ""
    return f"{site_name(problems[0].portal)}{'，'.join(shown)}{more}"


def _words(problem: Problem) -> str:
    mended = "（已整改）" if problem.state == "mended" else ""
    return masked(problem.message).rstrip("。；，") + mended
