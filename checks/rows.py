"""Decisions and documents whose tables print both days: when they were made and when they were published.

A row without both days says nothing about lateness; only freshness can be asked of it. What could be a later
re-publication (a correction, a migrated site) is never called late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from checks.limits import Limit
from gkmonitor.checking import Looked, Undecided, is_sure, way
from gkmonitor.concepts import normalise_name
from gkmonitor.dates import Period
from gkmonitor.errors import CalendarIncomplete
from gkmonitor.records import ColumnFacts, Evidence, PublicityRow, Reason, Verdict
from gkmonitor.units import is_one_of

if TYPE_CHECKING:
    from gkmonitor.checking import Check

_KIND_OF = {"permits": "permit", "penalties": "penalty"}  # columns whose rows are of one kind
_SHOWN_ROWS = 3
_REPUBLISHED = ("更正", "更改", "变更", "撤销", "修正", "重新公示", "补录")
# So many rows of one publication day, decided over such a span, look like a site that was moved, not like lateness.
_MOVED_ROWS, _MOVED_SPAN = 5, timedelta(days=180)


def of_kinds(columns: Iterable[ColumnFacts], kinds: Sequence[str]) -> list[ColumnFacts]:
    """The columns that may hold rows of these kinds: one of permits is not asked for penalties."""
    return [column for column in columns if not kinds or _KIND_OF.get(column.concept or "", "") in ("", *kinds)]


@dataclass(frozen=True, slots=True)
class RowLimits:
    """The rule's limit, and the longer one that some bodies are said to have."""

    limit: Limit
    longer: Limit | None
    longer_units: tuple[str, ...]
    lookback: Period | None
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, check: Check) -> RowLimits:
        params = check.params
        lookback = params.get("lookback_age")
        return cls(
            Limit.of(check),
            Limit.of(check, "longer_days") if "longer_days" in params else None,
            tuple(params.get("longer_units", ())),
            lookback if isinstance(lookback, Period) else None,
            tuple(params.get("kinds", ())),
        )


@dataclass(frozen=True, slots=True)
class _Late:
    row: PublicityRow
    decided: date
    published: date
    lag: int


def judge_rows(check: Check, column: ColumnFacts, limits: RowLimits) -> Iterator[Verdict]:
    """One answer for the column: its late rows, else what could not be told, else that all kept the limit."""
    rows = [row for row in column.details.rows if not limits.kinds or row.kind in limits.kinds]
    if not rows:
        yield from _without_rows(column)
        return
    dated = [row for row in rows if _is_judged(check, row, limits)]
    if not dated:
        _explain_unknown(column, rows)
    late: list[_Late] = []
    doubts: Counter[Reason] = Counter()
    for row in dated:
        found = _judge(check, row, limits)
        if isinstance(found, _Late):
            late.append(found)
        elif found is not None:
            doubts[found] += 1
    if late and _looks_moved(late):
        message = f"栏目{way(column)}有 {len(late)} 条记录在同一天公布而决定日期相差很远，可能是网站迁移，未作判断"
        raise Undecided(Reason.AMBIGUOUS, message)
    if late:
        yield _violation(check, column, limits, late, len(dated))
    elif doubts:
        _explain_doubt(column, doubts, limits)
    else:
        yield _kept(check, column, limits, dated, len(rows))


def _without_rows(column: ColumnFacts) -> Iterator[Verdict]:
    """A list of titles has no day of decision; a blank one is another check's question."""
    if not column.items and not column.details.attachments and column.article is None:
        return
    if column.details.attachments:
        message = (
            f"栏目{way(column)}的记录在附件中，附件未能读取或没有标明决定日期和公布日期的表格，不能判断公布是否及时"
        )
        raise Undecided(Reason.EVENT_DATE_UNKNOWN, message, quote=column.details.attachments[0])
    message = f"栏目{way(column)}的页面没有标明决定日期和公布日期，不能判断公布是否及时"
    raise Undecided(Reason.EVENT_DATE_UNKNOWN, message)
    yield  # pragma: no cover


def _why_left_out(check: Check, row: PublicityRow, limits: RowLimits) -> str:
    """Why the row is not judged; empty where it has both days, in their order and time, and is no re-publication."""
    if row.decided is None or row.published is None:
        return "没有同时标明两个日期"
    if row.decided > row.published or row.published > check.as_of:
        return "日期互相矛盾，或晚于评判日"
    if any(word in row.subject for word in _REPUBLISHED):
        return "是更正、变更或重新公示"
    if limits.lookback is not None and row.decided < limits.lookback.before(check.as_of):
        return f"早于所看的{limits.lookback.words}"
    is_before = check.rule.valid_from is not None and row.decided < check.rule.valid_from
    return "早于规则生效" if is_before else ""


def _is_judged(check: Check, row: PublicityRow, limits: RowLimits) -> bool:
    return not _why_left_out(check, row, limits)


def trail_of_rows(check: Check, columns: Iterable[ColumnFacts]) -> Iterator[Looked]:
    """Every row of the kinds asked for: its days, and whether and how it was judged."""
    limits = RowLimits.of(check)
    for row in (row for column in columns for row in column.details.rows):
        if limits.kinds and row.kind not in limits.kinds:
            continue
        days = f"{row.decided or '未标'} → {row.published or '未标'}"
        yield Looked(f"“{row.subject}”{days}", _what_came(check, row, limits), row.url)


def _what_came(check: Check, row: PublicityRow, limits: RowLimits) -> str:
    why_not = _why_left_out(check, row, limits)
    if why_not:
        return f"{why_not}，不作判断"
    found = _judge(check, row, limits)
    if found is None:
        return f"未超过 {limits.limit.words}"
    if isinstance(found, _Late):
        return f"用了 {found.lag} {'个工作日' if limits.limit.is_working else '日'}，超过 {limits.limit.words}"
    return "所需年份没有工作日历" if found is Reason.CALENDAR_INCOMPLETE else "可能适用较长的期限，未作判断"


def _judge(check: Check, row: PublicityRow, limits: RowLimits) -> _Late | Reason | None:
    """How late the row is, why that cannot be told, or None where it kept the limit."""
    assert row.decided is not None
    assert row.published is not None
    try:
        if limits.limit.is_kept(row.decided, row.published):
            return None
        may_be_longer = limits.longer is not None and _may_have_longer(check, row, limits.longer_units)
        if may_be_longer and limits.longer is not None and limits.longer.is_kept(row.decided, row.published):
            return Reason.AMBIGUOUS
        return _Late(row, row.decided, row.published, limits.limit.lag(row.decided, row.published))
    except CalendarIncomplete:
        return Reason.CALENDAR_INCOMPLETE


def _may_have_longer(check: Check, row: PublicityRow, units: Sequence[str]) -> bool:
    """The row is, or may be, of a body with the longer limit: a penalty of an unknown body may be anybody's."""
    if row.kind != "penalty":
        return False
    names = (row.organ,) if row.organ else (check.facts.site.name, check.facts.site.organizer)
    if is_one_of(tuple(units), names):
        return True
    number = normalise_name(row.document_number or "")
    if any(mark in number for mark in ("市监", "市场监", "药监")):
        return True
    return row.organ is None and not _is_departments(check)


def _is_departments(check: Check) -> bool:
    return check.facts.site.profile is not None and check.facts.site.profile.value == "department"


def _looks_moved(late: Sequence[_Late]) -> bool:
    for day, count in Counter(one.published for one in late).items():
        decided = [one.decided for one in late if one.published == day]
        if count >= _MOVED_ROWS and max(decided) - min(decided) > _MOVED_SPAN:
            return True
    return False


# ---------------------------------------------------------------- answers


def _violation(check: Check, column: ColumnFacts, limits: RowLimits, late: Sequence[_Late], judged: int) -> Verdict:
    if not is_sure(column):
        raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}的名称不足以确认其用途，未作判断")
    worst = max(late, key=lambda one: one.lag)
    unit = "个工作日" if limits.limit.is_working else "日"
    return check.violation(
        column,
        f"栏目{way(column)}有两个日期的 {judged} 条记录中，{len(late)} 条超过 {limits.limit.words}才公布；"
        f"最长的“{worst.row.subject}”{worst.decided} 作出，{worst.published} 公布，用了 {worst.lag} {unit}",
        measured=f"{len(late)} 条超期，最长 {worst.lag} {unit}",
        required=f"{limits.limit.words}内公布",
        latest=worst.published,
        days=worst.lag,
        evidence=[_evidence(check, one) for one in sorted(late, key=lambda one: -one.lag)[:_SHOWN_ROWS]],
    )


def _evidence(check: Check, late: _Late) -> Evidence:
    row = late.row
    printed = f"{row.decided_printed or late.decided} → {row.published_printed or late.published}"
    return Evidence(row.url, check.facts.observed_at, None, f"{row.subject} {printed}")


def _kept(check: Check, column: ColumnFacts, limits: RowLimits, judged: Sequence[PublicityRow], seen: int) -> Verdict:
    longest = max(judged, key=lambda row: (row.published or check.as_of) - (row.decided or check.as_of))
    rest = f"（另有 {seen - len(judged)} 条未作判断）" if seen > len(judged) else ""
    return check.ok(
        column,
        f"栏目{way(column)}有两个日期的 {len(judged)} 条记录均在 {limits.limit.words}内公布{rest}",
        measured=f"{len(judged)} 条均未超期",
        required=f"{limits.limit.words}内公布",
        quote=f"{longest.subject} {longest.decided_printed or longest.decided} → "
        f"{longest.published_printed or longest.published}",
    )


def _explain_unknown(column: ColumnFacts, rows: Sequence[PublicityRow]) -> None:
    """Raises Undecided: none of the rows has both days within the time that is looked at."""
    with_both = sum(row.decided is not None and row.published is not None for row in rows)
    if with_both:
        message = f"栏目{way(column)}有两个日期的 {with_both} 条记录都不在本次判断的期间内，或日期互相矛盾，未作判断"
        raise Undecided(Reason.AMBIGUOUS, message)
    lacking = "公布日期" if any(row.decided for row in rows) else "决定日期"
    message = f"栏目{way(column)}的 {len(rows)} 条记录没有同时标明决定日期和公布日期（缺{lacking}），不能判断是否及时"
    raise Undecided(Reason.EVENT_DATE_UNKNOWN, message, quote=rows[0].subject)


def _explain_doubt(column: ColumnFacts, doubts: Counter[Reason], limits: RowLimits) -> None:
    """Raises Undecided for rows that are over the limit only if nothing else holds for them."""
    reason, count = doubts.most_common(1)[0]
    if reason is Reason.CALENDAR_INCOMPLETE:
        message = f"栏目{way(column)}有 {count} 条记录的期限跨越没有工作日历的年份，未作判断"
    else:
        longer = limits.longer.words if limits.longer else ""
        message = (
            f"栏目{way(column)}有 {count} 条处罚记录超过 {limits.limit.words}但未超过 {longer}；"
            f"{'、'.join(limits.longer_units)}的处罚可能适用较长期限，请人工核实"
        )
    raise Undecided(reason, message)
