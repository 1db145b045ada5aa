"""The veto counts over blank and stale columns, thresholds inclusive."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from gkmonitor.checking import REASON_WORDS, PortalCheck, Undecided, address_key, register
from gkmonitor.records import Outcome, PortalFacts, Reason, Severity, Subject, Verdict

_NAMED_COLUMNS = 3


class _ColumnCount(PortalCheck):
    """Counts the columns that other rules of the same pack found at fault."""

    counts = True
    requires = ("of", "threshold")  # slugs of the counted rules; the count that vetoes, inclusive
    accepts = ("min_level", "max_level")  # 1: first-level columns (一级栏目)
    values: ClassVar = {"of": "texts", **dict.fromkeys(("threshold", "min_level", "max_level"), "number")}
    faulty: ClassVar[str] = ""

    @property
    def fault(self) -> str:
        """What is wrong with the columns counted."""
        return self.faulty

    def judge(self, facts: PortalFacts) -> Iterator[Verdict]:
        threshold = int(self.params["threshold"])
        counted = [verdict for slug in self.params["of"] for verdict in self._answers(slug)]
        members = self._columns(counted, Outcome.VIOLATION)
        open_ones = {key: v for key, v in self._columns(counted, Outcome.UNDECIDED).items() if key not in members}
        if len(members) >= threshold:
            yield self._reached(members, threshold)
            return
        self._require_all_seen(facts, counted, len(members), open_ones, threshold)
        yield self.ok(
            None,
            f"{self.fault}的栏目有 {len(members)} 个，未达到 {threshold} 个",
            measured=f"{len(members)} 个",
            required=f"少于 {threshold} 个",
            members=tuple(v.subject for v in members.values()),
        )

    def _reached(self, members: dict[str, Verdict], threshold: int) -> Verdict:
        names = "、".join(f"“{v.subject.column}”" for v in list(members.values())[:_NAMED_COLUMNS])
        more = "等" if len(members) > _NAMED_COLUMNS else ""
        return self.violation(
            None,
            f"{self.fault}的栏目有 {len(members)} 个（{names}{more}），达到单项否决的 {threshold} 个",
            measured=f"{len(members)} 个",
            required=f"少于 {threshold} 个",
            members=tuple(v.subject for v in members.values()),
            evidence=[v.evidence[0] for v in members.values() if v.evidence],
        )

    def _answers(self, slug: str) -> list[Verdict]:
        low, high = self.params.get("min_level", 1), self.params.get("max_level") or sys.maxsize
        return [
            verdict
            for verdict in self.portal.answers.get(f"{self.rule.pack}/{slug}", [])
            if not verdict.subject.path or low <= self._level(verdict.subject) <= high
        ]

    def _level(self, subject: Subject) -> int:
        """The level by path, or by folder: a home page also shows columns of deeper levels as blocks."""
        level = len(subject.path)
        return 2 if level == 1 and subject.url and self.portal.lies_below_first_level(subject.url) else level

    @staticmethod
    def _columns(verdicts: list[Verdict], outcome: Outcome) -> dict[str, Verdict]:
        """One verdict a column, by address: a column that two names lead to counts once."""
        found: dict[str, Verdict] = {}
        for verdict in verdicts:
            if verdict.outcome is outcome and verdict.severity is not Severity.ADVICE and verdict.subject.url:
                found.setdefault(address_key(verdict.subject.url), verdict)
        return found

    def _require_all_seen(
        self,
        facts: PortalFacts,
        counted: list[Verdict],
        at_fault: int,
        open_ones: dict[str, Verdict],
        threshold: int,
    ) -> None:
        """Raises Undecided while columns that were not judged could still make up the count."""
        if not facts.columns:
            raise Undecided(Reason.NOT_OBSERVED, "未读到网站的导航栏目，不能计数")
        for verdict in counted:
            if verdict.outcome is Outcome.UNDECIDED and not verdict.subject.url and isinstance(verdict.reason, Reason):
                raise Undecided(verdict.reason, f"相关栏目未能判断（{REASON_WORDS[verdict.reason]}），不能计数")
        if at_fault + len(open_ones) >= threshold:
            reasons = Counter(v.reason for v in open_ones.values() if isinstance(v.reason, Reason))
            reason = reasons.most_common(1)[0][0]
            raise Undecided(
                reason,
                f"{self.fault}的栏目已发现 {at_fault} 个，另有 {len(open_ones)} 个栏目未能判断"
                f"（多因{REASON_WORDS[reason]}），可能达到 {threshold} 个",
            )
        if self.portal.is_cut:
            raise Undecided(Reason.BUDGET_SPENT, f"{self.fault}的栏目已发现 {at_fault} 个，但检查未完成，不能断定总数")


@register
class NewsStaleCount(_ColumnCount):
    """First-level columns of news, notices and policies that are not updated reach the count that vetoes a site."""

    code = "news-stale-count"

    @property
    def fault(self) -> str:
        """The table of 2019 counts first-level columns, that of 2015 columns of every level."""
        level = "一级栏目" if self.params.get("max_level") == 1 else "栏目"
        return f"动态要闻、通知公告、政策文件类{level}中未及时更新"


@register
class OtherStaleCount(_ColumnCount):
    """Other columns that ought to be updated and are not reach the count that vetoes a site."""

    code = "other-stale-count"
    faulty = "应更新但长期未更新"


@register
class BlankCount(_ColumnCount):
    """Blank columns reach the count that vetoes a site."""

    code = "blank-count"
    faulty = "空白"
