"""A limit in days from one day to another: natural days, or working days by the published calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gkmonitor.checking import Undecided
from gkmonitor.errors import CalendarIncomplete
from gkmonitor.records import Reason
from gkmonitor.workdays import add_workdays, is_workday, workdays_between

if TYPE_CHECKING:
    from gkmonitor.checking import Check
    from gkmonitor.dates import Period

_ONE_DAY = timedelta(days=1)
_LONGEST_BREAK = timedelta(days=15)  # no holiday lasts as long


@dataclass(frozen=True, slots=True)
class Limit:
    """``days`` after an event, whose own day is not counted."""

    days: int
    is_working: bool

    @classmethod
    def of(cls, check: Check, name: str = "limit_days") -> Limit:
        return cls(int(check.params[name]), check.rule.day_kind == "working")

    @property
    def words(self) -> str:
        return f"{self.days}个工作日" if self.is_working else f"{self.days}日"

    def last_day(self, event: date) -> date:
        """Raises CalendarIncomplete where a working day cannot be told."""
        return add_workdays(event, self.days) if self.is_working else event + timedelta(days=self.days)

    def is_kept(self, event: date, done: date) -> bool:
        """Whether no more days than allowed had passed, counted as the limit counts: a Sunday adds no working day.

        Raises CalendarIncomplete, but not where no calendar could change the answer.
        """
        if (done - event).days <= self.days:
            return True
        if not self.is_working:
            return False
        last = self.last_day(event)
        return done <= last or (done - last < _LONGEST_BREAK and self.lag(event, done) <= self.days)

    def lag(self, event: date, done: date) -> int:
        """Days that it took, counted as the limit counts. Raises CalendarIncomplete."""
        return workdays_between(event, done) if self.is_working else (done - event).days

    def is_over(self, event: date, today: date) -> bool | None:
        """Whether the limit has run out by ``today``; None where the calendar is incomplete."""
        try:
            return not self.is_kept(event, today)
        except CalendarIncomplete:
            return None


def first_day_within(check: Check, age: Period) -> date:
    """What is of that day or later is no older than ``age``: days of work where the rule counts these.

    Raises Undecided where the calendar is incomplete.
    """
    if not _counts_workdays(check, age):
        return age.before(check.as_of)
    day, left = check.as_of, age.days
    try:
        while left >= is_workday(day):
            left -= is_workday(day)
            day -= _ONE_DAY
    except CalendarIncomplete as exc:
        raise Undecided(Reason.CALENDAR_INCOMPLETE, f"{exc}，未作判断") from exc
    return day


def limit_words(check: Check, age: Period) -> str:
    """14天, 6个月; 1个工作日 where the rule counts these."""
    return f"{age.days}个工作日" if _counts_workdays(check, age) else age.words


def _counts_workdays(check: Check, age: Period) -> bool:
    return check.rule.day_kind == "working" and bool(age.days) and not (age.months or age.years)
