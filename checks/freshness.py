"""Whether a column's list is as new as its limit asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar

from checks.limits import first_day_within, limit_words
from checks.naming import (
    Asked,
    absent_by_name,
    asked_by_name,
    named,
    others_publish,
    require_known_absent,
    trail_of_names,
)
from checks.observing import NO_VETO, excused_at_once, first_words, require_no_login, require_read
from gkmonitor.checking import Check, Looked, Undecided, is_sure, register, way
from gkmonitor.dates import Period, find_dates
from gkmonitor.records import ColumnFacts, Excuse, Item, Outcome, PageKind, Reason, StatementKind, Verdict

# Pages put old items on top without marking them; after this many, what follows must descend.
_UNMARKED_PINNED = 3
# Items of about the same time are often out of order by a few days (edited, or sorted by another date).
_SAME_TIME = timedelta(days=7)
# So many leading items must carry a date before undated ones further down are taken for older.
_LEADING = 3


# Which answer on several columns of one name stands for all of them: one that is new enough, else one in doubt.
_BEST_FIRST = (Outcome.OK, Outcome.UNDECIDED, Outcome.EXCUSED, Outcome.VIOLATION)


@register
class ColumnStale(Check):
    """The newest dated item is older than the column's own limit."""

    code = "column-stale"
    requires = ("max_age",)
    # max_age: in working days where the rule's day_kind is working. undated_is: not_updated: the 2015 table counts a
    # list without dates as not updated. early_age: a shorter age that already warns. cadence_age: how often there is to
    # be something new, where a fault is sure only when max_age has passed as well (一个月 may be its first day and the
    # last of the next). names: what has to be new, by name (checks.naming); may_stand_in: concepts that could hold it.
    accepts = ("undated_is", "early_age", "cadence_age", "names", "may_stand_in")
    values: ClassVar = {"undated_is": ("not_updated", "undecided"), "names": "texts", "may_stand_in": "texts"}

    def subjects(self) -> Iterable[Any]:
        return asked_by_name(self) or super().subjects()

    def trail(self) -> Iterable[Looked]:
        return trail_of_names(self)

    def judge(self, subject: ColumnFacts | Asked) -> Iterator[Verdict]:
        if isinstance(subject, Asked):
            yield from self._by_name(subject)
        else:
            yield from self._column(subject, is_sure(subject))

    def _column(self, column: ColumnFacts, is_it: bool) -> Iterator[Verdict]:
        """One column; ``is_it``: it is surely what the rule means."""
        if column.is_parent:
            return
        early = excused_at_once(self, column)
        if early is not None:
            yield early
            return
        require_read(column)
        if not column.items:
            yield from self._without_items(column)
            return
        newest = self.portal.once(("newest", id(column)), lambda: _newest(column.items, self.as_of))
        if newest is not None and newest.published is not None and newest.published >= self._first_day:
            yield from self._in_time(column, newest, is_it)
            return
        excuse = self._excuse(column)
        if excuse is not None:
            yield excuse
            return
        if newest is None and self.params.get("undated_is") == "not_updated" and _all_undated(column.items):
            yield self._undated_is_stale(column)
            return
        self._require_newest_known(column, newest, is_it)
        assert newest is not None
        details = self._details(newest)
        yield self.violation(
            column,
            f"栏目{way(column)}最新一条信息为 {newest.published}，距 {self.as_of} 已 {details['days']} 天，"
            f"超过 {self._limit_words}的更新期限{NO_VETO}",
            **details,
        )

    @cached_property
    def _first_day(self) -> date:
        """What was published on that day or later is new enough. Raises Undecided where the calendar is incomplete."""
        return first_day_within(self, self.period("max_age"))

    def _in_time(self, column: ColumnFacts, newest: Item, is_it: bool) -> Iterator[Verdict]:
        """Within the limit; close to it also a warning, where the rule has an earlier line."""
        details = self._details(newest)
        shown = f"栏目{way(column)}最新一条信息为 {newest.published}"
        cadence = self.params.get("cadence_age")
        if isinstance(cadence, Period) and (newest.published or self.as_of) < cadence.before(self.as_of):
            words = f"已超过 {cadence.words}的公布周期，满 {self._limit_words}没有更新即可断定"
            yield self.warning(column, f"{shown}，{words}", **details)
            return
        yield self.ok(column, f"{shown}，在 {self._limit_words}之内", **details)
        early = self.params.get("early_age")
        if not isinstance(early, Period) or (newest.published or self.as_of) >= early.before(self.as_of):
            return
        with suppress(Undecided):  # something newer may be there unseen: no warning then
            self._require_newest_known(column, newest, is_it)
            yield self.warning(column, f"{shown}，已超过 {early.words}，将到 {self._limit_words}的期限", **details)

    @property
    def _limit_words(self) -> str:
        return limit_words(self, self.period("max_age"))

    # ------------------------------------------------------------ by name

    def _by_name(self, asked: Asked) -> Iterable[Verdict]:
        found = named(self.portal, asked.entry)
        by_title = [(i, c) for i, c in found.items if i.published is not None and i.published <= self.as_of]
        newest = max(by_title, key=lambda pair: pair[0].published or self.as_of, default=None)
        if newest is not None and newest[0].published is not None and newest[0].published >= self._first_day:
            return self._in_time(newest[1], newest[0], is_it=True)
        answers = [given for column in found.columns if (given := self._of_named(column))]
        if answers:
            return min(answers, key=lambda given: _BEST_FIRST.index(given[0].outcome))
        if newest is not None:
            return (self._old_by_title(*newest, asked),)
        if found.items:
            title = found.items[0][0].title
            raise Undecided(Reason.UNDATED, f"“{title}”没有可读的发布日期，未作判断", quote=title)
        return (absent_by_name(self, asked),)

    def _of_named(self, column: ColumnFacts) -> tuple[Verdict, ...]:
        try:
            return tuple(self._column(column, is_it=True))
        except Undecided as answer:
            return (self.undecided(column, answer.reason, answer.message, quote=answer.quote, latest=answer.latest),)

    def _old_by_title(self, item: Item, column: ColumnFacts, asked: Asked) -> Verdict:
        """Only old items bear the name: a warning, once everything that could be newer was read."""
        name = asked.name
        if not self.is_obliged:
            return self.not_applicable(others_publish(self, name), asked)
        require_known_absent(self.portal, self.rule.concepts, self.params.get("may_stand_in", ()), f"更新的{name}")
        details = self._details(item)
        message = (
            f"“{name}”最新见于栏目{way(column)}的“{item.title}”（{item.published}），"
            f"距 {self.as_of} 已 {details['days']} 天，超过 {self._limit_words}"
        )
        return self.warning(column, message, **details)

    # ------------------------------------------------------------ parts of the answers

    def _without_items(self, column: ColumnFacts) -> Iterator[Verdict]:
        """A blank list is another check's question; a page on which no list was seen is nobody's answer."""
        if column.article is not None or column.kind is PageKind.ARTICLE:
            return
        require_no_login(column)
        if column.kind is PageKind.SHELL:
            raise Undecided(Reason.SCRIPT_RENDERED, f"栏目{way(column)}的列表由脚本生成，未能读取")
        if column.listing is None and not self.portal.children(column):
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}的页面上未能认出列表，未作判断")
        yield from ()

    def _details(self, newest: Item) -> dict[str, object]:
        assert newest.published is not None
        days = (self.as_of - newest.published).days
        return {
            "measured": f"最新 {newest.published}，{days} 天",
            "required": f"{self._limit_words}内有更新",
            "latest": newest.published,
            "days": days,
            "quote": f"{newest.title} {newest.printed or newest.published}".strip(),
        }

    def _excuse(self, column: ColumnFacts) -> Verdict | None:
        """A nil statement that speaks for the window counts as an update; an announced upgrade suspends the limit."""
        words = first_words(column.statements, StatementKind.NIL_STATEMENT)
        if words and not _speaks_of_before(words, self._first_day):
            message = f"栏目{way(column)}在期限内作了零报告：“{words}”"
            return self.excused(column, Excuse.NIL_STATEMENT, message, quote=words)
        words = first_words(column.statements, StatementKind.UPGRADE)
        if words:
            return self.excused(column, Excuse.EXEMPTION, f"栏目{way(column)}公告正在升级：“{words}”", quote=words)
        words = first_words(column.statements, StatementKind.ARCHIVE)
        if words:
            return self.excused(column, Excuse.ARCHIVE, f"栏目{way(column)}已归档：“{words}”", quote=words)
        words = first_words(column.statements, StatementKind.MOVED)
        if words:
            raise Undecided(Reason.WRONG_PAGE, f"栏目{way(column)}已迁移，未读到新的栏目：“{words}”", quote=words)
        return None

    def _undated_is_stale(self, column: ColumnFacts) -> Verdict:
        return self.violation(
            column,
            f"栏目{way(column)}的 {len(column.items)} 条信息均未注明发布时间，视为不更新{NO_VETO}",
            measured="未注明发布时间",
            required=f"{self._limit_words}内有更新",
            quote=column.items[0].title,
        )

    def _require_newest_known(self, column: ColumnFacts, newest: Item | None, is_it: bool) -> None:
        """Raises Undecided while something newer than ``newest`` could be in the list unseen."""
        if not is_it:
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}的名称不足以确认其类别，不能按本条期限判断")
        items = [item for item in column.items if not item.pinned] or list(column.items)
        if newest is None:
            if _all_undated(column.items):
                raise Undecided(Reason.UNDATED, f"栏目{way(column)}的信息没有可读的发布日期，未作判断")
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}没有 {self.as_of} 以前的可读日期，未作判断")
        if (newest.date_source or "").startswith("url"):
            message = f"栏目{way(column)}没有印出日期，只有网址中带有 {newest.published}，不能据此断定没有更新"
            raise Undecided(Reason.UNDATED, message, quote=newest.title, latest=newest.published)
        descends = is_newest_first(
            [i.published for i in items if i.published is not None and i.published <= self.as_of]
        )
        undated = [item for item in items if item.published is None]
        if undated and not (descends and all(item.published for item in items[:_LEADING])):
            message = f"栏目{way(column)}有 {len(undated)} 条信息没有可读的发布日期，不能断定没有更新"
            raise Undecided(Reason.UNDATED, message, quote=undated[0].title, latest=newest.published)
        if not column.is_complete and not descends:
            message = f"栏目{way(column)}的列表不按时间倒序排列且未读完，不能断定没有更新"
            raise Undecided(Reason.AMBIGUOUS, message, latest=newest.published)


def _newest(items: Sequence[Item], as_of: date) -> Item | None:
    """The newest item; a day after ``as_of`` is no sign of life."""
    dated = [item for item in items if item.published is not None and item.published <= as_of]
    return max(dated, key=lambda item: item.published or as_of, default=None)


def _all_undated(items: Sequence[Item]) -> bool:
    return all(item.published is None for item in items)


def is_newest_first(days: Sequence[date]) -> bool:
    """Newest first, apart from a few old items on top."""
    for pinned in range(_UNMARKED_PINNED + 1):
        rest = days[pinned:]
        if len(rest) < 2 * pinned + 2 and pinned:
            return False
        if _falls(rest) and (not pinned or rest[0] > rest[-1]):
            return True
    return False


def _falls(days: Sequence[date]) -> bool:
    lowest = days[0] if days else date.max
    for day in days:
        if day > lowest + _SAME_TIME:
            return False
        lowest = min(lowest, day)
    return not days or days[0] >= days[-1]


def _speaks_of_before(words: str, first_day: date) -> bool:
    """The statement names days, and all of them lie before the window; one without a day stands until withdrawn."""
    days = [found.day for found in find_dates(words)]
    return bool(days) and max(days) < first_day
