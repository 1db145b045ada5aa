"""Whether what happened was published within its limit: decisions, documents, interpretations, drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from checks.drafts import judge_feedback, judge_windows, trail_of_drafts
from checks.observing import excused_at_once, require_no_login, require_read
from checks.pairing import judge_interpretations, trail_of_pairs
from checks.rows import RowLimits, judge_rows, of_kinds, trail_of_rows
from gkmonitor.checking import Check, Looked, Undecided, register
from gkmonitor.records import ColumnFacts, PortalFacts, Reason, Verdict

_WAYS = ("rows", "interpretations", "consultation-windows", "consultation-feedback")


@register
class PublishedLate(Check):
    """From the event to its publication it took longer than allowed, in days or working days (day_kind)."""

    code = "published-late"
    # what: rows: decisions with both dates, in tables of columns of the rule's concepts; interpretations: documents (in
    # columns of the rule's concepts) and what explains them, paired by title; consultation-windows: drafts put up for
    # fewer than limit_days; consultation-feedback: drafts closed over limit_days ago and no result of them shown.
    requires = ("what", "limit_days")
    # lookback_age: older events are left alone. kinds: of rows (permit, penalty, document). longer_units, longer_days:
    # bodies that another rule is said to give longer; in between is undecided. pair_within_age: later papers belong to
    # another document. not_titled: words of titles that are not the body's own. only: words of which a draft bears one.
    accepts = ("lookback_age", "kinds", "longer_units", "longer_days", "pair_within_age", "not_titled", "only")
    values: ClassVar = {
        "what": _WAYS,
        **dict.fromkeys(("limit_days", "longer_days"), "number"),
        **dict.fromkeys(("kinds", "longer_units", "not_titled", "only"), "texts"),
    }
    needs_concepts = True

    def subjects(self) -> Iterable[ColumnFacts | PortalFacts]:
        if self.params["what"] == "interpretations":
            return (self.facts,)
        kinds = self.params.get("kinds", ())
        columns = of_kinds(super().subjects(), kinds)
        if "document" not in kinds:
            return columns
        # Few lists of documents show the day of signing: one answer for all of them where none does.
        return [column for column in columns if any(row.kind in kinds for row in column.details.rows)] or (self.facts,)

    def trail(self) -> Iterable[Looked]:
        match self.params["what"]:
            case "rows":
                return trail_of_rows(self, [c for c in self.subjects() if isinstance(c, ColumnFacts)])
            case "interpretations":
                return trail_of_pairs(self)
            case _:
                return trail_of_drafts(self, [c for c in self.subjects() if isinstance(c, ColumnFacts)])

    def judge(self, subject: Any) -> Iterator[Verdict]:
        if not isinstance(subject, PortalFacts):
            yield from self._column(subject)
        elif self.params["what"] == "interpretations":
            yield from judge_interpretations(self)
        else:
            message = "所读页面没有同时标明成文日期和发布日期，不能判断公开是否及时"
            raise Undecided(Reason.EVENT_DATE_UNKNOWN, message)

    def _column(self, column: ColumnFacts) -> Iterator[Verdict]:
        if not column.details:
            if column.is_parent:
                return
            elsewhere = excused_at_once(self, column)
            if elsewhere is not None:
                yield elsewhere
                return
            require_read(column)
            require_no_login(column)
        match self.params["what"]:
            case "rows":
                yield from judge_rows(self, column, RowLimits.of(self))
            case "consultation-windows":
                yield from judge_windows(self, column)
            case _:
                yield from judge_feedback(self, column)
