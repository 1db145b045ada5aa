"""Dates that cannot be: a paper dated later than the day on which it was read. A sign of a forged or mistyped date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar

from gkmonitor.checking import PortalCheck, Undecided, register, way
from gkmonitor.concepts import is_within
from gkmonitor.records import ColumnFacts, Evidence, Item, PortalFacts, Reason, Subject, Verdict

_CHINA_OFFSET = timedelta(hours=8)
_SHOWN_ITEMS = 3
_PRINTED = ("list", "heading", "article")  # where a publication date is printed for people to read

_Found = tuple[Item, ColumnFacts]


@register
class FutureDated(PortalCheck):
    """An item's publication date is later than the day judged for and the day on which the page was read."""

    code = "future-dated"
    # not_concepts: columns whose lists may print the day of an event to come (a hearing, an opening of bids).
    accepts = ("not_concepts",)
    values: ClassVar = {"not_concepts": "texts"}

    def judge(self, facts: PortalFacts) -> Iterator[Verdict]:
        columns = self._columns()
        dated = sum(item.published is not None for column in columns for item in column.items)
        if not dated:
            raise Undecided(Reason.UNDATED, "所读列表没有印出可读的发布日期，不能判断是否有未来日期")
        future = [
            (item, column)
            for column in columns
            for item in column.items
            if item.published is not None and item.published > self.as_of and self._is_future(item, column)
        ]
        if future:
            yield self._violation(future)
        else:
            message = f"所读 {dated} 条有日期的信息中没有晚于当天的"
            yield self.ok(None, message, measured=f"{dated} 条均不晚于当天")

    def _columns(self) -> list[ColumnFacts]:
        left_out: Sequence[str] = self.params.get("not_concepts", ())
        return [
            column
            for column in self.portal.columns
            if not column.is_parent
            and not (column.concept and any(is_within(column.concept, concept) for concept in left_out))
        ]

    def _is_future(self, item: Item, column: ColumnFacts) -> bool:
        """Later than everything that could be today, and no other date of the same item says otherwise."""
        days = [self.as_of, _day_of(self.facts.observed_at)]
        days += [_day_of(column.observation.fetched_at)] if column.observation else []
        today = max(days)
        is_later = item.published is not None and item.published > today
        return is_later and _is_printed(item) and all(reading.day > today for reading in item.other_dates)

    def _violation(self, future: Sequence[_Found]) -> Verdict:
        item, column = max(future, key=lambda found: found[0].published or self.as_of)
        columns = list({column.url: column for _, column in future}.values())
        example = f"栏目{way(column)}的“{item.title}”（{item.published}）"
        return self.violation(
            column if len(columns) == 1 else None,
            f"{len(future)} 条信息的发布日期晚于 {self.as_of}，例如{example}；请核实是否笔误或伪造",
            measured=f"{len(future)} 条，最晚 {item.published}",
            required=f"发布日期不晚于 {self.as_of}",
            latest=item.published,
            members=tuple(Subject(c.concept, c.name, c.url, c.path or (c.name,)) for c in columns),
            evidence=[self._shown(*found) for found in future[:_SHOWN_ITEMS]],
        )

    def _shown(self, item: Item, column: ColumnFacts) -> Evidence:
        seen, quote = column.observation, f"{item.title} {item.printed or item.published}"
        if seen is None:
            return Evidence(column.url, self.facts.observed_at, None, quote)
        return Evidence(seen.final_url, seen.fetched_at, seen.sha256, quote)


def _is_printed(item: Item) -> bool:
    return (item.date_source or "").partition(":")[0] in _PRINTED


def _day_of(moment: datetime) -> date:
    """The portal's own day."""
    return (moment.replace(tzinfo=None) - (moment.utcoffset() or timedelta()) + _CHINA_OFFSET).date()
