"""Whether a column's list is as new as its limit asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import ClassVar

from checks.observing import NO_VETO, excused_at_once, first_words, require_no_login, require_read
from gkmonitor.checking import Check, Undecided, is_sure, register, way
from gkmonitor.dates import find_dates
from gkmonitor.records import ColumnFacts, Excuse, Item, PageKind, Reason, StatementKind, Verdict

# Pages put old items on top without marking them; after this many, what follows must descend.
_UNMARKED_PINNED = 3
# Items of about the same time are often out of order by a few days (edited, or sorted by another date).
_SAME_TIME = timedelta(days=7)
# So many leading items must carry a date before undated ones further down are taken for older.
_LEADING = 3


@register
class ColumnStale(Check):
    """The newest dated item is older than the column's own limit."""

    code = "column-stale"
    requires = ("max_age",)
    accepts = ("undated_is",)  # not_updated: the 2015 table counts a list without dates as not updated
    values: ClassVar = {"undated_is": ("not_updated", "undecided")}

    def judge(self, column: ColumnFacts) -> Iterator[Verdict]:
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
        limit = self.period("max_age")
        newest = _newest(column.items, self.as_of)
        if newest is not None and newest.published is not None and newest.published >= limit.before(self.as_of):
            message = f"栏目{way(column)}最新一条信息为 {newest.published}，在 {limit.words}之内"
            yield self.ok(column, message, **self._details(newest))
            return
        excuse = self._excuse(column)
        if excuse is not None:
            yield excuse
            return
        if newest is None and self.params.get("undated_is") == "not_updated" and _all_undated(column.items):
            yield self._undated_is_stale(column)
            return
        self._require_newest_known(column, newest)
        assert newest is not None
        details = self._details(newest)
        yield self.violation(
            column,
            f"栏目{way(column)}最新一条信息为 {newest.published}，距 {self.as_of} 已 {details['days']} 天，"
            f"超过 {limit.words}的更新期限{NO_VETO}",
            **details,
        )

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
            "required": f"{self.period('max_age').words}内有更新",
            "latest": newest.published,
            "days": days,
            "quote": f"{newest.title} {newest.printed or newest.published}".strip(),
        }

    def _excuse(self, column: ColumnFacts) -> Verdict | None:
        """A nil statement that speaks for the window counts as an update; an announced upgrade suspends the limit."""
        words = first_words(column.statements, StatementKind.NIL_STATEMENT)
        if words and not _speaks_of_before(words, self.period("max_age").before(self.as_of)):
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
            required=f"{self.period('max_age').words}内有更新",
            quote=column.items[0].title,
        )

    def _require_newest_known(self, column: ColumnFacts, newest: Item | None) -> None:
        """Raises Undecided while something newer than ``newest`` could be in the list unseen."""
        if not is_sure(column):
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}的名称不足以确认其类别，不能按本条期限判断")
        items = [item for item in column.items if not item.pinned] or list(column.items)
        if newest is None:
            if _all_undated(column.items):
                raise Undecided(Reason.UNDATED, f"栏目{way(column)}的信息没有可读的发布日期，未作判断")
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}没有 {self.as_of} 以前的可读日期，未作判断")
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
