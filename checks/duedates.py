"""What has to be out by a fixed day of the year."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Any, ClassVar

from checks.freshness import is_newest_first
from checks.limits import Limit
from checks.naming import Asked, asked_by_name, others_publish, trail_of_names
from checks.oneoff import judge_once, warn_before
from checks.presence import Presence, find
from gkmonitor.checking import REASON_WORDS, Looked, PortalCheck, Undecided, register, way
from gkmonitor.concepts import get_concept
from gkmonitor.dates import Period
from gkmonitor.errors import CalendarIncomplete
from gkmonitor.records import ColumnFacts, Item, PageKind, PortalFacts, Reason, Verdict

_HAN_YEAR = re.compile(r"二[〇零○◯OoＯΟО][〇零○◯OoＯΟО一二三四五六七八九]{2}")
_DIGITS = {**{h: str(n) for n, h in enumerate("〇一二三四五六七八九")}, **dict.fromkeys("零○◯OoＯΟО", "0")}
_YEAR = re.compile(r"20(?<!\d20)\d\d(?!\d)")  # begins with a literal, which is found fast
_PLAIN = dict(
    zip(
        "０１２３４５６７８９報務開決預個鎮鄉黨員會辦處學總結",
        "0123456789报务开决预个镇乡党员会办处学总结",
        strict=True,
    )
)
_NOT_PLAIN = re.compile(f"[{''.join(_PLAIN)}]")
# A title that names a bureau, an office, a town before its subject is about that body, not about the government.
_OTHER_BODY = re.compile(
    r"(?:局|委员会|委|办公室|办事处|办|院|站|中心|队|镇|乡|街道|公司|联合社|协会|联合会|学校|银行|园区|管委会|处|所)$"
)
_GOVERNMENT = re.compile(r"人民政府(?:办公[室厅])?$|政府办(?:公[室厅])?$")
_SUBJECT = re.compile(r"政府信息公开|政务信息公开|信息公开|政务公开|年度报告|年报")
_FILLERS = re.compile(r"20\d\d\s*年?度?|关于|公布|发布|印发|[《》“”\s—\-－的]")


@dataclass(frozen=True)
class _Found:
    item: Item
    column: ColumnFacts
    is_own: bool


_Entry = tuple[Item, ColumnFacts, str]


@dataclass(frozen=True, slots=True)
class _YearlyPapers:
    """The papers of one year, with their titles as the lines of one text: searched at once, not one by one."""

    entries: list[_Entry]
    in_list: dict[str, list[int]]  # numbers of the entries by their column's address
    text: str
    starts: list[int]  # where each title begins in ``text``

    @classmethod
    def of(cls, entries: list[_Entry]) -> _YearlyPapers:
        in_list: dict[str, list[int]] = {}
        for number, (_, column, _) in enumerate(entries):
            in_list.setdefault(column.url, []).append(number)
        starts = list(accumulate((len(title) + 1 for _, _, title in entries), initial=0))
        return cls(entries, in_list, "\n".join(title for _, _, title in entries), starts)

    def holding(self, words: re.Pattern[str]) -> set[int]:
        """The numbers of the entries whose titles hold one of the words."""
        return {bisect_right(self.starts, match.start()) - 1 for match in words.finditer(self.text)}


@register
class DueDateMissed(PortalCheck):
    """What had to be out by a date of the year, or once by a certain day, is not, or came out later."""

    code = "due-date-missed"
    # Every year: due, MM-DD. Once an office knows the day of approval (预算法): approved_on and limit_days, in the year
    # of that day. Once: due_on, or limit_days after trigger, with names (checks.oneoff).
    one_of = (("due",), ("approved_on", "limit_days"), ("due_on", "names"), ("trigger", "limit_days", "names"))
    # year_offset: -1 for a report on the year before. title_any: words that identify it anywhere (all that
    # one entry names). title_has: one of these in every title. title_none: words of other yearly papers. own_body: the
    # papers of departments do not count. early_age: so long before the last day its absence already warns.
    values: ClassVar = {
        "due": "month-day",
        "own_body": "flag",
        **dict.fromkeys(("approved_on", "due_on", "trigger"), "day"),
        **dict.fromkeys(("year_offset", "limit_days"), "number"),
        **dict.fromkeys(("title_any", "title_has", "title_none", "names", "may_stand_in"), "texts"),
    }
    needs_concepts = True
    accepts = (
        *("due", "approved_on", "year_offset", "title_any", "title_has", "title_none", "own_body"),
        *("due_on", "trigger", "limit_days", "names", "may_stand_in", "early_age"),
    )

    def subjects(self) -> Iterable[Any]:
        return asked_by_name(self) or super().subjects()

    def judge(self, subject: PortalFacts | Asked) -> Iterator[Verdict]:
        if isinstance(subject, Asked):
            yield judge_once(self, subject)
            yield from warn_before(self, subject)
        else:
            yield from self._judge_yearly()

    def trail(self) -> Iterable[Looked]:
        if "names" in self.params:
            return trail_of_names(self)
        year = self._year + int(self.params.get("year_offset", 0))
        found = self._matching(year, self._lists(find(self.portal, self.rule.concepts[0])))
        return [
            Looked(
                f"栏目{way(one.column)}的“{one.item.title}”{one.item.published or '未标日期'}",
                f"是 {year} 年度的" if one.is_own else f"是 {year} 年度的，但像是其他单位的",
                one.item.url,
            )
            for one in found
        ]

    def _judge_yearly(self) -> Iterator[Verdict]:
        due = self._due()
        year = self._year + int(self.params.get("year_offset", 0))
        concept = self.rule.concepts[0]
        name = f"{year} 年度的{get_concept(concept).name_zh}"
        presence = find(self.portal, concept)
        columns = self._lists(presence)
        found = self._matching(year, columns)
        first_day = date(self._year - 1, 12, 1)  # no paper of the year asked for can be older
        own = [f for f in found if f.is_own and not (f.item.published and f.item.published < first_day)]
        in_time = [f for f in own if f.item.published is not None and f.item.published <= due]
        if in_time:
            yield self._in_time(min(in_time, key=lambda f: f.item.published or due), name, due)
            return
        if self.as_of <= due:
            yield self.not_applicable(f"{name}应于 {due} 前公布，期限未到")
            if not own and self.is_obliged and self._is_near(due):
                yield from self._still_absent(found, presence, columns, name, due)
            return
        if own:
            yield self._late(own, columns, name, due)
            return
        if not self.is_obliged:
            yield self.not_applicable(others_publish(self, name))
            return
        self._require_known_absent(found, presence, columns, name)
        yield self._absent(columns, name, due)

    @property
    def _approved(self) -> date | None:
        day = self.params.get("approved_on")
        return day if isinstance(day, date) else None

    @property
    def _year(self) -> int:
        """The year in which the paper has to be out."""
        return self._approved.year if self._approved else self.as_of.year

    def _due(self) -> date:
        """Raises Undecided where a working-day limit needs a calendar that is missing."""
        if self._approved is not None:
            try:
                return Limit.of(self).last_day(self._approved)
            except CalendarIncomplete as exc:
                raise Undecided(Reason.CALENDAR_INCOMPLETE, f"{exc}，未作判断") from exc
        month, day = (int(part) for part in str(self.params["due"]).split("-"))
        return date(self._year, month, day)

    def _is_near(self, due: date) -> bool:
        early = self.params.get("early_age")
        return isinstance(early, Period) and early.before(due) <= self.as_of

    # ------------------------------------------------------------ what is there

    def _lists(self, presence: Presence) -> list[ColumnFacts]:
        """The columns of the concept; those below one that only leads on stand for it."""
        columns: dict[str, ColumnFacts] = {}
        for column in presence.all_sure:
            below = self.portal.children(column)
            if not (column.is_parent and below):
                columns.setdefault(column.url, column)
            columns.update((child.url, child) for child in below)
        return list(columns.values())

    def _matching(self, year: int, columns: Sequence[ColumnFacts]) -> list[_Found]:
        """Papers for that year: in their own column by the year alone, elsewhere only by their full name."""
        papers = self.portal.once("yearly papers", self._yearly_papers).get(str(year))
        if papers is None:
            return []
        own = {number for column in columns for number in papers.in_list.get(column.url, ())}
        return [
            _Found(item, column, not self.params.get("own_body") or _is_governments(title))
            for number in sorted(own | papers.holding(self._full_names))
            for item, column, title in (papers.entries[number],)
            if self._is_named(title, number in own)
        ]

    def _yearly_papers(self) -> dict[str, _YearlyPapers]:
        """By year: every item up to the day judged for whose title names that year, with the title made plain."""
        columns = sorted(self.portal.facts.columns, key=lambda column: column.is_parent)  # sections repeat others
        every = [(item, column) for column in columns for item in _papers(column)]
        titles = plain_titles([item.title for item, _ in every])
        papers: dict[str, list[_Entry]] = {}
        for number, years in _years_by_line("\n".join(titles)).items():
            item, column = every[number]
            if item.published is None or item.published <= self.as_of:
                for year in years:
                    papers.setdefault(year, []).append((item, column, titles[number]))
        return {year: _YearlyPapers.of(entries) for year, entries in papers.items()}

    @cached_property
    def _full_names(self) -> re.Pattern[str]:
        """A word that each full name has: looked for first, as most titles of a portal name nothing yearly."""
        firsts = {words.split()[0] for words in self.params.get("title_any", ())}
        return re.compile("|".join(map(re.escape, sorted(firsts))) or r"(?!)")

    def _is_named(self, title: str, is_in_own_list: bool) -> bool:
        required = self.params.get("title_has", ())
        if any(word in title for word in self.params.get("title_none", ())):
            return False
        if required and not any(word in title for word in required):
            return False
        return is_in_own_list or any(all(w in title for w in ws.split()) for ws in self.params.get("title_any", ()))

    # ------------------------------------------------------------ answers

    def _in_time(self, found: _Found, name: str, due: date) -> Verdict:
        item = found.item
        return self.ok(
            found.column,
            f"{name}已于 {item.published} 公布，未超过 {due}",
            measured=f"{item.published} 公布",
            required=f"{due} 前公布",
            latest=item.published,
            quote=_quote(item),
        )

    def _late(self, own: Sequence[_Found], columns: Sequence[ColumnFacts], name: str, due: date) -> Verdict:
        undated = next((f for f in own if f.item.published is None), None)
        if undated is not None:
            title = undated.item.title
            raise Undecided(Reason.UNDATED, f"已发现{name}“{title}”，但没有可读的公布日期", quote=title)
        first = min(own, key=lambda f: f.item.published or due)
        published = first.item.published
        assert published is not None
        if any(reading.day <= due for reading in first.item.other_dates):
            raise Undecided(
                Reason.AMBIGUOUS,
                f"{name}列表日期为 {published}，但页面另有更早的日期，请人工核实",
                quote=_quote(first.item),
            )
        if not all(covers_since(column, date(self._year, 1, 1)) for column in columns):
            raise Undecided(Reason.NOT_OBSERVED, f"{name}的栏目未读完，可能有更早公布的一份，未作判断")
        days = (published - due).days
        return self.violation(
            first.column,
            f"{name}于 {published} 公布，晚于规定的 {due}，迟 {days} 天",
            measured=f"{published} 公布",
            required=f"{due} 前公布",
            latest=published,
            days=days,
            quote=_quote(first.item),
        )

    def _absent(self, columns: Sequence[ColumnFacts], name: str, due: date) -> Verdict:
        column = columns[0]
        papers = [i for c in columns for i in _papers(c) if i.published is not None and i.published <= self.as_of]
        newest = max(papers, key=lambda item: item.published or due, default=None)
        days = (self.as_of - due).days
        latest = f"，最近一份为“{newest.title}”（{newest.published}）" if newest else ""
        return self.violation(
            column,
            f"栏目{way(column)}中没有{name}{latest}；应于 {due} 前公布，已超过 {days} 天",
            measured="未公布",
            required=f"{due} 前公布",
            latest=newest.published if newest else None,
            days=days,
            quote=_quote(newest) if newest else column.name,
        )

    def _still_absent(
        self, found: Sequence[_Found], presence: Presence, columns: Sequence[ColumnFacts], name: str, due: date
    ) -> Iterator[Verdict]:
        """A warning that the last day is near, unless the paper could be somewhere unseen."""
        with suppress(Undecided):
            self._require_known_absent(found, presence, columns, name)
            days = (due - self.as_of).days
            yield self.warning(
                columns[0],
                f"栏目{way(columns[0])}中还没有{name}；应于 {due} 前公布，还有 {days} 天",
                measured="尚未公布",
                required=f"{due} 前公布",
                quote=columns[0].name,
            )

    def _require_known_absent(
        self, found: Sequence[_Found], presence: Presence, columns: Sequence[ColumnFacts], name: str
    ) -> None:
        """Raises Undecided while the paper could be somewhere unseen."""
        if found:
            title = found[0].item.title
            raise Undecided(
                Reason.AMBIGUOUS, f"所见“{title}”可能是其他单位的或日期有误，不能确认{name}是否公布", quote=title
            )
        if not columns:
            if presence.unsure:
                raise Undecided(Reason.AMBIGUOUS, f"{way(presence.unsure[0])}的名称不足以确认是否为应发布{name}的栏目")
            raise Undecided(Reason.NOT_OBSERVED, f"未找到应发布{name}的栏目，不能断定没有公布")
        this_year = date(self._year, 1, 1)
        for column in columns:
            _require_read_since(column, this_year, name)
        papers = [item for column in columns for item in _papers(column)]
        if not any(_YEAR.search(plain_title(item.title)) for item in papers):
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(columns[0])}中没有标明年度的信息，不能断定没有{name}")
        for item in papers:
            if not _YEAR.search(plain_title(item.title)) and (item.published is None or item.published >= this_year):
                message = f"“{item.title}”没有标明年度，可能就是{name}，请人工核实"
                raise Undecided(Reason.AMBIGUOUS, message, quote=item.title)


def _papers(column: ColumnFacts) -> tuple[Item, ...]:
    """The column's items; a column that is one article is one paper."""
    if column.items or column.article is None or column.article.title is None:
        return column.items
    article = column.article
    return (Item(article.title or "", column.url, article.published, article.printed, other_dates=article.other_dates),)


def covers_since(column: ColumnFacts, since: date) -> bool:
    """Everything in the list from ``since`` on was read."""
    if column.is_complete or (column.article is not None and not column.items):
        return column.article is None or bool(column.items)
    days = [item.published for item in column.items if not item.pinned]
    known = [day for day in days if day is not None]
    return bool(known) and len(known) == len(days) and known[-1] < since and is_newest_first(known)


def _require_read_since(column: ColumnFacts, since: date, name: str) -> None:
    """Raises Undecided unless the list was read and holds everything from ``since`` on."""
    if column.state is not None:
        raise Undecided(column.state, f"栏目{way(column)}{REASON_WORDS[column.state]}，不能断定没有{name}")
    if column.is_delegated:
        raise Undecided(Reason.NOT_OBSERVED, f"栏目{way(column)}设在其他网站，不能断定没有{name}")
    if column.kind is PageKind.SHELL or not covers_since(column, since):
        raise Undecided(Reason.NOT_OBSERVED, f"栏目{way(column)}未读完，不能断定没有{name}")


def _years_by_line(text: str) -> dict[int, set[str]]:
    """The years that each line names, by the number of the line; lines without one are left out."""
    found: dict[int, set[str]] = {}
    line = end = 0
    for match in _YEAR.finditer(text):
        line, end = line + text.count("\n", end, match.start()), match.start()
        found.setdefault(line, set()).add(match[0])
    return found


def plain_titles(titles: Sequence[str]) -> list[str]:
    """``plain_title`` of each, worked out together: a portal has thousands."""
    return plain_title("\n".join(title.replace("\n", " ") for title in titles)).split("\n") if titles else []


def plain_title(title: str) -> str:
    """Years in digits, the characters that matter here simplified."""
    digits = _HAN_YEAR.sub(lambda match: "".join(_DIGITS[character] for character in match[0]), title)
    return _NOT_PLAIN.sub(lambda match: _PLAIN[match[0]], digits)


def _is_governments(title: str) -> bool:
    """The paper is the government's own, as far as its title says."""
    head = _FILLERS.sub("", _SUBJECT.split(title, maxsplit=1)[0])
    return bool(_GOVERNMENT.search(head)) or not _OTHER_BODY.search(head)


def _quote(item: Item) -> str:
    return f"{item.title} {item.printed or item.published or ''}".strip()
