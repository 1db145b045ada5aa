"""Whether a portal is qualified this month. Pure.

``interfaces.md``: 不合格 with a confirmed veto; 合格 when every veto rule is in order, excused or ticked by a person in
that month; else 未能判定. 合格率 = 合格 / (合格 + 不合格).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from gkmonitor.monthly.inputs import Inspected, PortalMonth, RuleWords
from gkmonitor.records import Reason
from gkmonitor.reports.wording import REASONS

Standing = Literal["qualified", "unqualified", "undecided", "not_checked"]

FAILURES: Final[Mapping[str, str]] = {
    "permanent": "网站不存在或已迁走",
    "transient": "检查时打不开",
    "blocked": "被防护页面、登录或 robots.txt 挡住",
    "held": "可能已改版，待人工核实",
    "unfinished": "检查没有做完",
    "none": "本月没有安排检查",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """How a portal stands, and why where it is not simply in order."""

    standing: Standing
    why: str = ""
    reason: str | None = None  # the code of why it was not checked


def judge_portal(
    month: PortalMonth, *, has_veto: bool, has_unnamed_veto: bool, rules: Mapping[str, RuleWords]
) -> Judged:
    """``has_veto``: a veto of the month may be named; ``has_unnamed_veto``: one is confirmed and may not be named."""
    if has_veto:
        return Judged("unqualified")
    if month.inspected is None:
        reason = month.failure or ("unfinished" if month.inspections else "none")
        return Judged("not_checked", FAILURES.get(reason, reason), reason)
    if has_unnamed_veto:
        return Judged("undecided", "已确认的单项否决问题近期没有再次观测到，或正在申诉，待复查")
    if not any(one.answer != "not_applicable" for one in month.inspected.vetoes):
        return Judged("undecided", "没有适用的单项否决指标")
    return _by_answers(month, month.inspected, rules)


def _by_answers(month: PortalMonth, inspected: Inspected, rules: Mapping[str, RuleWords]) -> Judged:
    for answer in inspected.vetoes:
        if answer.answer == "violation" and (answer.rule, answer.subject_key) not in month.cleared:
            return Judged("undecided", f"“{title_of(answer.rule, rules)}”待人工确认")
    for answer in inspected.vetoes:
        if answer.answer == "undecided" and answer.rule not in month.ticked:
            return Judged("undecided", f"“{title_of(answer.rule, rules)}”未能判定：{reason_words(answer.reason)}")
    return Judged("qualified")


def title_of(rule: str, rules: Mapping[str, RuleWords]) -> str:
    return rules[rule].title if rule in rules else rule


def reason_words(code: str | None) -> str:
    """Why something was not decided, in Chinese."""
    return REASONS[Reason(code)][0] if code in frozenset(Reason) else "原因不明"
