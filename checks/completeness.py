"""Whether rows of decisions tell what a document asks of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from checks.observing import excused_at_once, require_no_login, require_read
from checks.rows import of_kinds
from gkmonitor.checking import Check, Undecided, is_sure, register, way
from gkmonitor.concepts import normalise_name
from gkmonitor.records import ColumnFacts, Evidence, PublicityRow, Reason, Verdict

_SHOWN_ROWS = 3


@register
class RowIncomplete(Check):
    """Rows of permits or penalties lack elements that the document names."""

    code = "row-incomplete"
    # elements: what each row has to tell, with | between the heads that say so. kinds: of rows (permit, penalty).
    requires = ("elements",)
    accepts = ("kinds",)
    values: ClassVar = dict.fromkeys(("elements", "kinds"), "texts")
    needs_concepts = True

    def subjects(self) -> Iterable[ColumnFacts]:
        return of_kinds(super().subjects(), self.params.get("kinds", ()))

    def judge(self, column: ColumnFacts) -> Iterator[Verdict]:
        kinds: Sequence[str] = self.params.get("kinds", ())
        rows = [row for row in column.details.rows if not kinds or row.kind in kinds]
        if not rows:
            if column.is_parent:
                return
            elsewhere = excused_at_once(self, column)
            if elsewhere is not None:
                yield elsewhere
                return
            require_read(column)
            require_no_login(column)
            if not column.items:
                return
            raise Undecided(Reason.NOT_OBSERVED, f"栏目{way(column)}没有读到决定的表格，不能核对要素")
        told = [row for row in rows if row.fields]
        if not told:
            raise Undecided(Reason.NOT_OBSERVED, f"栏目{way(column)}的 {len(rows)} 条记录没有读到表头，不能核对要素")
        yield self._answer(column, told)

    def _answer(self, column: ColumnFacts, rows: Sequence[PublicityRow]) -> Verdict:
        lacking = [(row, missing) for row in rows if (missing := self._missing(row))]
        names = "、".join(name.split("|")[0] for name in self.params["elements"])
        if not lacking:
            message = f"栏目{way(column)}的 {len(rows)} 条记录均含{names}"
            return self.ok(column, message, measured=f"{len(rows)} 条齐全", quote=rows[0].subject)
        if not is_sure(column):
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}的名称不足以确认其用途，未作判断")
        counts = Counter(name for _, missing in lacking for name in missing)
        shown = "、".join(f"{name}（{count} 条）" for name, count in counts.most_common())
        return self.violation(
            column,
            f"栏目{way(column)}的 {len(rows)} 条记录中，{len(lacking)} 条缺少要素：{shown}",
            measured=f"{len(lacking)} 条缺少",
            required=f"含{names}",
            evidence=[self._evidence(row) for row, _ in lacking[:_SHOWN_ROWS]],
        )

    def _missing(self, row: PublicityRow) -> list[str]:
        heads = [normalise_name(head) for head in row.fields]
        return [
            element.split("|")[0]
            for element in self.params["elements"]
            if not any(normalise_name(word) in head for word in element.split("|") for head in heads)
        ]

    def _evidence(self, row: PublicityRow) -> Evidence:
        return Evidence(row.url, self.facts.observed_at, None, f"{row.subject}：{'、'.join(row.fields)}")
