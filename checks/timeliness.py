"""Whether what happened was published within its limit: decisions, documents, interpretations, drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from checks.drafts import judge_feedback, judge_windows
from checks.observing import excused_at_once, require_no_login, require_read
from checks.pairing import judge_interpretations
from checks.rows import RowLimits, judge_rows
from gkmonitor.checking import Check, register
from gkmonitor.records import ColumnFacts, PortalFacts, Verdict

_WAYS = ("rows", "interpretations", "consultation-windows", "consultation-feedback")


@register
class PublishedLate(Check):
    """From the event to its publication it took longer than allowed, in days or working days (day_kind)."""

    code = "published-late"
    # of: rows: decisions with both dates, in tables of columns of the rule's concepts; interpretations: documents (in
    # columns of the rule's concepts) and what explains them, paired by title; consultation-windows: drafts put up for
    # fewer than limit_days; consultation-feedback: drafts closed over limit_days ago and no result of them shown.
    requires = ("of", "limit_days")
    # lookback_age: older events are left alone. kinds: of rows (permit, penalty, document). longer_units, longer_days:
    # bodies that another rule is said to give longer; in between is undecided. pair_within_age: later papers belong to
    # another document. not_titled: words of titles that are not the body's own. only: words of which a draft bears one.
    accepts = ("lookback_age", "kinds", "longer_units", "longer_days", "pair_within_age", "not_titled", "only")
    values: ClassVar = {
        "of": _WAYS,
        **dict.fromkeys(("limit_days", "longer_days"), "number"),
        **dict.fromkeys(("kinds", "longer_units", "not_titled", "only"), "texts"),
    }
    needs_concepts = True

    def subjects(self) -> Iterable[ColumnFacts | PortalFacts]:
        return (self.facts,) if self.params["of"] == "interpretations" else super().subjects()

    def judge(self, subject: Any) -> Iterator[Verdict]:
        if isinstance(subject, PortalFacts):
            yield from judge_interpretations(self)
        else:
            yield from self._column(subject)

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
        match self.params["of"]:
            case "rows":
                yield from judge_rows(self, column, RowLimits.of(self))
            case "consultation-windows":
                yield from judge_windows(self, column)
            case _:
                yield from judge_feedback(self, column)
