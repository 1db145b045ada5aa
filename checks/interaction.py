"""Whether people can ask, and are answered. Nothing is ever sent to a portal: only what it shows is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar

from checks.duedates import covers_since
from checks.limits import Limit
from checks.observing import excused_at_once, require_no_login, require_read
from checks.presence import find, require_opened, require_seen_enough
from gkmonitor.checking import Check, Looked, PortalCheck, Undecided, is_sure, register, way
from gkmonitor.concepts import get_concept
from gkmonitor.dates import Period
from gkmonitor.errors import CalendarIncomplete
from gkmonitor.records import ColumnFacts, Evidence, Letter, PortalFacts, Reason, Subject, Verdict

# A channel by another name: seen anywhere in navigation, the absence of one cannot be stated.
_CHANNEL = re.compile("信箱|留言|咨询|建言|互动|问政|来信|写信|投诉|12345|交流|意见箱")
_SHOWN_LETTERS = 3


@register
class ReplyOverdue(Check):
    """Letters without an answer, or answered, after the limit."""

    code = "reply-overdue"
    # limit_age: without an answer for longer than that (calendar months). limit_days: answered later than that, natural
    # or working days. early_age: without an answer for that long already warns. lookback_age: older letters are left
    # alone. not_named: words of columns, letters and their kinds that the rule leaves out.
    one_of = (("limit_age",), ("limit_days",))
    accepts = ("limit_age", "limit_days", "early_age", "lookback_age", "not_named")
    values: ClassVar = {"limit_days": "number", "not_named": "texts"}
    needs_concepts = True

    def judge(self, column: ColumnFacts) -> Iterator[Verdict]:
        if column.is_parent and not column.details.letters:
            return
        if self._is_left_out(*column.path):
            return
        if not column.details.letters:
            elsewhere = excused_at_once(self, column)
            if elsewhere is not None:
                yield elsewhere
                return
            require_read(column)
            require_no_login(column)
            if not column.items:
                return
            raise Undecided(Reason.NOT_OBSERVED, f"栏目{way(column)}没有读到来信的提交和答复情况，未作判断")
        letters = [letter for letter in column.details.letters if self._is_bound(letter)]
        overdue = [(letter, days) for letter in letters if (days := self._overdue(letter)) is not None]
        if overdue:
            yield self._violation(column, overdue, len(letters))
            return
        yield from self._nearly_overdue(column, letters)
        yield self._kept(column, letters)

    # ------------------------------------------------------------ letters

    def _is_left_out(self, *texts: str | None) -> bool:
        words: Sequence[str] = self.params.get("not_named", ())
        return any(word in text for word in words for text in texts if text)

    def _why_unbound(self, letter: Letter) -> str:
        """Why the rule leaves the letter out; empty where it does not."""
        if letter.submitted is None or letter.submitted > self.as_of:
            return "没有可用的提交日期"
        if self._is_left_out(letter.title, letter.kind):
            return "属于本条除外的事项"
        lookback = self.params.get("lookback_age")
        is_older = isinstance(lookback, Period) and letter.submitted < lookback.before(self.as_of)
        return "早于所看的期间" if is_older else ""

    def _is_bound(self, letter: Letter) -> bool:
        return not self._why_unbound(letter)

    def trail(self) -> Iterator[Looked]:
        for column in self.subjects():
            is_out = self._is_left_out(*column.path)
            for letter in column.details.letters:
                state = {True: "已答复", False: "未答复", None: "是否答复不明"}[letter.is_answered]
                what = f"“{letter.title}”提交 {letter.submitted or '未标'}，答复 {letter.replied or '未标'}，{state}"
                yield Looked(what, "栏目属于本条除外的" if is_out else self._what_came(letter), letter.url)

    def _what_came(self, letter: Letter) -> str:
        why_not = self._why_unbound(letter)
        if why_not:
            return f"{why_not}，不计"
        try:
            days = self._overdue(letter)
        except Undecided as answer:
            return answer.message
        return f"未超过 {self._limit_words}" if days is None else f"已用 {days} 天，超过 {self._limit_words}"

    def _overdue(self, letter: Letter) -> int | None:
        """Days beyond which an answer was or is awaited, when that is over the limit; None otherwise."""
        submitted = letter.submitted
        assert submitted is not None
        if "limit_age" in self.params:
            is_over = letter.is_answered is False and self.period("limit_age").after(submitted) < self.as_of
            return (self.as_of - submitted).days if is_over else None
        if letter.replied is None or letter.replied < submitted or letter.replied > self.as_of:
            return None
        limit = Limit.of(self)
        try:
            kept = limit.is_kept(submitted, letter.replied)
            return None if kept else limit.lag(submitted, letter.replied)
        except CalendarIncomplete as exc:
            raise Undecided(Reason.CALENDAR_INCOMPLETE, f"{exc}，未作判断") from exc

    # ------------------------------------------------------------ answers

    @property
    def _limit_words(self) -> str:
        return self.period("limit_age").words if "limit_age" in self.params else Limit.of(self).words

    def _violation(self, column: ColumnFacts, overdue: Sequence[tuple[Letter, int]], seen: int) -> Verdict:
        if not is_sure(column):
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}的名称不足以确认其用途，未作判断")
        letter, days = max(overdue, key=lambda found: found[1])
        what = "没有答复" if letter.is_answered is False else "才答复"
        return self.violation(
            column,
            f"栏目{way(column)}所见 {seen} 件来信中，{len(overdue)} 件超过 {self._limit_words}{what}；"
            f"最长的“{letter.title}”{letter.submitted} 提交，已用 {days} 天",
            measured=f"{len(overdue)} 件超期，最长 {days} 天",
            required=f"{self._limit_words}内答复",
            days=days,
            evidence=[self._shown(one) for one, _ in overdue[:_SHOWN_LETTERS]],
        )

    def _nearly_overdue(self, column: ColumnFacts, letters: Sequence[Letter]) -> Iterator[Verdict]:
        """A warning where letters have waited for longer than the earlier line."""
        early = self.params.get("early_age")
        if not isinstance(early, Period) or not is_sure(column):
            return
        waiting = [
            (letter, (self.as_of - letter.submitted).days)
            for letter in letters
            if letter.is_answered is False and letter.submitted and early.after(letter.submitted) < self.as_of
        ]
        if not waiting:
            return
        letter, days = max(waiting, key=lambda found: found[1])
        yield self.warning(
            column,
            f"栏目{way(column)}有 {len(waiting)} 件来信超过 {early.words}没有答复，将到 {self._limit_words}的期限；"
            f"最长的“{letter.title}”{letter.submitted} 提交，已等 {days} 天",
            measured=f"{len(waiting)} 件未答复，最长 {days} 天",
            required=f"{self._limit_words}内答复",
            days=days,
            evidence=[self._shown(one) for one, _ in waiting[:_SHOWN_LETTERS]],
        )

    def _shown(self, letter: Letter) -> Evidence:
        state = letter.printed or f"提交 {letter.submitted}，答复 {letter.replied or '无'}"
        return Evidence(letter.url, self.facts.observed_at, None, f"{letter.title} {state}")

    def _kept(self, column: ColumnFacts, letters: Sequence[Letter]) -> Verdict:
        known = [letter for letter in letters if letter.is_answered is not None or letter.replied is not None]
        if not known:
            raise Undecided(Reason.NOT_OBSERVED, f"栏目{way(column)}的来信没有标明提交日期和是否答复，未作判断")
        lookback = self.params.get("lookback_age")
        if isinstance(lookback, Period) and not self._is_all_seen(column, lookback.before(self.as_of)):
            message = f"栏目{way(column)}只读到 {len(letters)} 件来信，均未超期；其余未读，不能断定"
            raise Undecided(Reason.NOT_OBSERVED, message)
        return self.ok(
            column,
            f"栏目{way(column)}所见 {len(letters)} 件来信没有超过 {self._limit_words}未答复的",
            measured=f"{len(letters)} 件均未超期",
            required=f"{self._limit_words}内答复",
            quote=known[0].title,
        )

    @staticmethod
    def _is_all_seen(column: ColumnFacts, since: date) -> bool:
        letters = column.details.letters
        oldest = min((letter.submitted for letter in letters if letter.submitted), default=None)
        return (column.is_complete and len(letters) >= len(column.items)) or (oldest is not None and oldest < since)


@register
class NoConsultationChannel(PortalCheck):
    """No channel for questions and letters, or fewer solicitations of opinions in a year than asked."""

    code = "no-consultation-channel"
    # at_least, within_age: count the items of the concepts' columns instead, up to the day judged for.
    # least_columns: fewer columns than that were hardly the whole navigation, and no channel is then a guess.
    accepts = ("may_stand_in", "least_columns", "at_least", "within_age")
    values: ClassVar = {"may_stand_in": "texts", **dict.fromkeys(("least_columns", "at_least"), "number")}
    needs_concepts = True

    def judge(self, facts: PortalFacts) -> Iterator[Verdict]:
        if "at_least" in self.params:
            yield self._count()
            return
        concept = self.rule.concepts[0]
        name, found = get_concept(concept).name_zh, find(self.portal, concept)
        if found.column is not None:
            require_opened(found.column)
            yield self.ok(found.column, f"设有{name}渠道：{way(found.column)}", measured=found.column.name)
            return
        self._require_no_other_name(facts, name)
        require_seen_enough(self.portal, concept, found, self.params.get("may_stand_in", ()))
        first_level = [column.name for column in self.portal.columns if column.level == 1][:12]
        yield self.violation(
            Subject(concept=concept),
            f"在网站导航的 {len(self.portal.columns)} 个栏目中未发现{name}渠道",
            measured="未发现",
            required="提供网上有效的咨询建言渠道",
            quote="导航栏目：" + "、".join(first_level),
        )

    def _require_no_other_name(self, facts: PortalFacts, name: str) -> None:
        """Raises Undecided where something may be the channel under another name."""
        column = self.portal.once("may be a channel", self._like_a_channel)
        if column is not None:
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}可能就是{name}渠道，请人工核实")
        if len(self.portal.columns) < int(self.params.get("least_columns", 1)):
            message = f"只发现 {len(self.portal.columns)} 个栏目，导航可能没有读全，不能断定没有{name}渠道"
            raise Undecided(Reason.NOT_OBSERVED, message)
        for item in facts.home.items:
            if item.published is None and _CHANNEL.search(item.title):
                message = f"首页链接“{item.title}”可能就是{name}渠道，请人工核实"
                raise Undecided(Reason.AMBIGUOUS, message, quote=item.title)

    def _like_a_channel(self) -> ColumnFacts | None:
        """A column whose way speaks of letters or questions."""
        ways = (column for column in self.portal.columns if _CHANNEL.search(" ".join(column.path)))
        return next(ways, None)

    def _count(self) -> Verdict:
        wanted, since = int(self.params["at_least"]), self.period("within_age").before(self.as_of)
        lists = [c for c in self.portal.columns_of(self.rule.concepts) if not c.is_parent and not c.is_delegated]
        if not lists:
            raise Undecided(Reason.NOT_OBSERVED, "没有读到征集调查的栏目，不能计数")
        days = {(i.title, i.url): i.published for c in lists for i in c.items}
        count = sum(day is not None and since <= day <= self.as_of for day in days.values())
        measured, required = f"{count} 次", f"{self.period('within_age').words}内不少于 {wanted} 次"
        if count >= wanted:
            return self.ok(lists[0], f"征集调查 {count} 次，不少于 {wanted} 次", measured=measured, required=required)
        unread = next((c for c in lists if c.state is not None or not covers_since(c, since)), None)
        if unread is not None:
            raise Undecided(unread.state or Reason.NOT_OBSERVED, f"栏目{way(unread)}未读完，不能计数")
        if any(day is None for day in days.values()) or not any(is_sure(column) for column in lists):
            raise Undecided(Reason.AMBIGUOUS, "征集调查栏目有未标注日期的信息或名称不能确认，不能计数")
        return self.violation(
            lists[0],
            f"征集调查在 {since} 至 {self.as_of} 间只有 {count} 次，少于 {wanted} 次",
            measured=measured,
            required=required,
            quote=lists[0].name,
        )
