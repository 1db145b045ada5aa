"""Drafts put up for opinions: how long opinions are taken, and whether what became of them is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from checks.limits import Limit
from checks.pairing import core_names
from gkmonitor.checking import Looked, Undecided, is_sure, way
from gkmonitor.dates import Period
from gkmonitor.records import ColumnFacts, Consultation, Evidence, Excuse, Item, Reason, Subject, Verdict

if TYPE_CHECKING:
    from gkmonitor.checking import Check

_MAJOR = "重大行政决策"  # whether a draft is one the reader told: a list of them, or rules on them, only bear the words
_RESULTS = ("反馈", "采纳", "结果", "情况", "汇总")


def judge_windows(check: Check, column: ColumnFacts) -> Iterator[Verdict]:
    """One answer for each draft with a first and a last day; the first and the last day both count."""
    limit = int(check.params["limit_days"])
    _require_drafts(column)
    for draft in _bound(check, column):
        about = Subject(column.concept, column.name, draft.url, (*column.path, draft.title))
        opens = draft.opens or draft.published
        if opens is None or draft.closes is None or draft.closes < opens:
            message = f"“{draft.title}”没有标明征求意见的起止日期，未作判断"
            yield check.undecided(about, Reason.EVENT_DATE_UNKNOWN, message, quote=draft.title)
            continue
        days = (draft.closes - opens).days + 1
        details = {
            "measured": f"{opens} 至 {draft.closes}，{days} 日",
            "required": f"不少于 {limit} 日",
            "days": days,
            "evidence": [_evidence(check, draft)],
        }
        if days >= limit:
            yield check.ok(about, f"“{draft.title}”征求意见 {days} 日，不少于 {limit} 日", **details)
        elif draft.shortened:
            message = f"“{draft.title}”征求意见 {days} 日，少于 {limit} 日，但说明了原因：“{draft.shortened}”"
            said = Evidence(draft.url, check.facts.observed_at, None, draft.shortened)
            details["evidence"] = [said, _evidence(check, draft)]
            yield check.excused(about, Excuse.EXEMPTION, message, **details)
        elif is_sure(column):
            message = f"“{draft.title}”征求意见自 {opens} 至 {draft.closes}，共 {days} 日，少于 {limit} 日"
            yield check.violation(about, message, **details)
        else:
            message = f"栏目{way(column)}的名称不足以确认其用途，“{draft.title}”的期限未作判断"
            yield check.undecided(about, Reason.AMBIGUOUS, message)


def trail_of_drafts(check: Check, columns: Sequence[ColumnFacts]) -> Iterator[Looked]:
    """Every draft that was opened: its days, and whether the rule means it."""
    for column in columns:
        bound = _bound(check, column)
        for draft in column.details.consultations:
            days = f"{draft.opens or draft.published or '未标'} 至 {draft.closes or '未标'}"
            because = "属于本条所指" if draft in bound else "没有自称属于本条所指的事项，或不在所看的期间内"
            yield Looked(f"“{draft.title}”{days}", because, draft.url)


def _require_drafts(column: ColumnFacts) -> None:
    """Raises Undecided where the column's drafts were not opened."""
    if column.items and not column.details.consultations:
        raise Undecided(Reason.NOT_OBSERVED, f"栏目{way(column)}的征求意见稿没有读到起止日期，未作判断")


def _bound(check: Check, column: ColumnFacts) -> list[Consultation]:
    """The drafts that the rule means: those that call themselves so, where it names words, put up lately."""
    words: Sequence[str] = check.params.get("only", ())
    lookback = check.params.get("lookback_age")
    first = lookback.before(check.as_of) if isinstance(lookback, Period) else None
    return [
        draft
        for draft in column.details.consultations
        if (not words or draft.is_major or any(word in draft.title for word in words if word != _MAJOR))
        and not (draft.opens or draft.published or check.as_of) > check.as_of
        and (first is None or (draft.opens or draft.published or check.as_of) >= first)
    ]


def _evidence(check: Check, draft: Consultation) -> Evidence:
    return Evidence(draft.url, check.facts.observed_at, None, draft.printed or draft.title)


def judge_feedback(check: Check, column: ColumnFacts) -> Iterator[Verdict]:
    """A draft whose time is over: whether a paper on what became of the opinions is shown anywhere; else a warning."""
    limit = Limit.of(check)
    _require_drafts(column)
    for draft in _bound(check, column):
        about = Subject(column.concept, column.name, draft.url, (*column.path, draft.title))
        if draft.closes is None or draft.closes > check.as_of or not limit.is_over(draft.closes, check.as_of):
            continue
        found = _feedback_on(check, draft)
        if found is not None:
            message = f"“{draft.title}”的意见情况已公布：“{found.title}”"
            yield check.ok(about, message, latest=found.published, quote=found.title)
            continue
        if not is_sure(column) or not column.is_complete:
            raise Undecided(Reason.NOT_OBSERVED, f"栏目{way(column)}未读完，不能断定没有公布意见采纳情况")
        yield check.warning(
            about,
            f"“{draft.title}”已于 {draft.closes} 截止，未见意见收集和采纳情况，请核实是否以其他名称公布",
            measured="未见",
            required=f"截止后 {limit.words}内公布意见采纳情况",
            days=(check.as_of - draft.closes).days,
            evidence=[_evidence(check, draft)],
        )


def _feedback_on(check: Check, draft: Consultation) -> Item | None:
    names = core_names(draft.title)
    for column in check.portal.columns:
        for item in column.items:
            is_result = item.title != draft.title and any(word in item.title for word in _RESULTS)
            if is_result and names & core_names(item.title):
                return item
    return None
