"""A paper that had to be out once, by a day that the document names or counts from a day of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta

from checks.naming import Asked, absent_by_name, named, others_publish, require_known_absent
from gkmonitor.checking import Check, Undecided, way
from gkmonitor.dates import Period
from gkmonitor.errors import CalendarIncomplete
from gkmonitor.records import ColumnFacts, Item, Reason, Verdict
from gkmonitor.workdays import add_workdays

# Later papers of the same name are another year's, not this one late.
_LATEST_DELAY = timedelta(days=180)


def last_day(check: Check) -> date:
    """``due_on``, or ``limit_days`` after ``trigger``: natural or working days, the trigger's own day not counted."""
    due = check.params.get("due_on")
    if isinstance(due, date):
        return due
    trigger, days = check.params["trigger"], int(check.params["limit_days"])
    assert isinstance(trigger, date)
    if check.rule.day_kind == "natural":
        return trigger + timedelta(days=days)
    try:
        return add_workdays(trigger, days)
    except CalendarIncomplete as exc:
        raise Undecided(Reason.CALENDAR_INCOMPLETE, f"缺少计算期限所需年份的工作日历（{exc}），未作判断") from exc


def judge_once(check: Check, asked: Asked) -> Verdict:
    """Out in time, late, or absent; an absent paper only warns, as it may bear another name."""
    due, name = last_day(check), asked.name
    first = check.params.get("trigger") or check.rule.valid_from or date.min
    found = [pair for pair in _papers(check, asked) if pair[0].published is None or pair[0].published >= first]
    dated = sorted((p for p in found if p[0].published is not None), key=lambda p: p[0].published or due)
    if dated and dated[0][0].published is not None and dated[0][0].published <= due:
        item, column = dated[0]
        message = f"{name}已于 {item.published} 公布，未超过 {due}"
        return check.ok(column, message, **_details(item, due))
    if check.as_of <= due:
        return check.not_applicable(f"{name}应于 {due} 前公布，期限未到", asked)
    if len(dated) < len(found):
        undated = next(item for item, _ in found if item.published is None)
        raise Undecided(Reason.UNDATED, f"已发现“{undated.title}”，但没有可读的公布日期", quote=undated.title)
    if not check.is_obliged:
        return check.not_applicable(others_publish(check, name), asked)
    late = [pair for pair in dated if pair[0].published and pair[0].published <= due + _LATEST_DELAY]
    return _late(check, asked, *late[0], due) if late else absent_by_name(check, asked)


def warn_before(check: Check, asked: Asked) -> Iterator[Verdict]:
    """A warning that the last day is near, where the rule has an earlier line and the paper is nowhere."""
    early, due = check.params.get("early_age"), last_day(check)
    if not isinstance(early, Period) or not early.before(due) <= check.as_of <= due:
        return
    if not check.is_obliged or _papers(check, asked):
        return
    with suppress(Undecided):
        require_known_absent(check.portal, check.rule.concepts, check.params.get("may_stand_in", ()), asked.name)
        message = f"还没有见到{asked.name}；应于 {due} 前公布，还有 {(due - check.as_of).days} 天"
        details = {"measured": "尚未公布", "required": f"{due} 前公布", "quote": f"未见“{asked.name}”"}
        yield check.warning(asked, message, **details)


def _papers(check: Check, asked: Asked) -> list[tuple[Item, ColumnFacts]]:
    """Items of that name anywhere, also in a column of that name, up to the day judged for."""
    found = named(check.portal, asked.entry)
    pairs = [*found.items, *((item, column) for column in found.columns for item in column.items)]
    return [pair for pair in pairs if pair[0].published is None or pair[0].published <= check.as_of]


def _late(check: Check, asked: Asked, item: Item, column: ColumnFacts, due: date) -> Verdict:
    assert item.published is not None
    if any(reading.day <= due for reading in item.other_dates):
        message = f"{asked.name}列表日期为 {item.published}，但页面另有更早的日期，请人工核实"
        raise Undecided(Reason.AMBIGUOUS, message, quote=item.title)
    if not column.is_complete:
        raise Undecided(Reason.NOT_OBSERVED, f"栏目{way(column)}未读完，可能有更早公布的一份，未作判断")
    days = (item.published - due).days
    message = f"{asked.name}“{item.title}”于 {item.published} 公布，晚于规定的 {due}，迟 {days} 天"
    return check.violation(column, message, days=days, **_details(item, due))


def _details(item: Item, due: date) -> dict[str, object]:
    return {
        "measured": f"{item.published} 公布",
        "required": f"{due} 前公布",
        "latest": item.published,
        "quote": f"{item.title} {item.printed or item.published}".strip(),
    }
