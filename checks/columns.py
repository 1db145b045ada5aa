"""Whether required columns are there, and whether columns that are there hold anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from checks.naming import Asked, absent_by_name, asked_by_name, named, others_publish, trail_of_names
from checks.observing import NO_VETO, excused_at_once, first_words, require_no_login, require_read
from checks.presence import NOT_THE_COLUMN, find, require_opened, require_seen_enough
from gkmonitor.checking import Check, Looked, Undecided, is_sure, register, way
from gkmonitor.concepts import get_concept, normalise_name
from gkmonitor.records import (
    ColumnFacts,
    Evidence,
    Excuse,
    Outcome,
    PageKind,
    Reason,
    StatementKind,
    Subject,
    Verdict,
)

_SHOWN_NAMES = 12  # first-level columns quoted as what navigation offers
_SHOWN_FOUND = 3  # of what was found by name


@register
class ColumnMissing(Check):
    """No column for a required concept, on the portal or where it delegates."""

    code = "column-missing"
    # may_stand_in: concepts of the sections that could hold it. names: what is asked for by name (checks.naming); a
    # column of that name answers, and so does an item whose title holds it. What is not found by name only warns.
    # together: one answer for all the names, for lists of fields that would else be as many warnings.
    accepts = ("may_stand_in", "names", "together")
    values: ClassVar = {"may_stand_in": "texts", "names": "texts", "together": "flag"}
    needs_concepts = True

    def subjects(self) -> Iterable[Subject]:
        asked = asked_by_name(self)
        if asked and not self.params.get("together"):
            return asked
        return [Subject(concept=concept) for concept in self.rule.concepts[: 1 if asked else None]]

    def trail(self) -> Iterable[Looked]:
        return trail_of_names(self)

    def judge(self, subject: Subject) -> Iterator[Verdict]:
        if isinstance(subject, Asked):
            yield self._by_name(subject)
            return
        if "names" in self.params:
            yield self._together(subject)
            return
        concept = subject.concept or ""
        name = get_concept(concept).name_zh
        found = find(self.portal, concept)
        if found.column is not None:
            require_opened(found.column)
            where = "设在其他网站" if found.column.is_delegated else "已设置"
            yield self.ok(found.column, f"“{name}”栏目{where}：{way(found.column)}", measured=found.column.name)
            return
        if not self.is_obliged:
            yield self.not_applicable(others_publish(self, name), subject)
            return
        require_seen_enough(self.portal, concept, found, self.params.get("may_stand_in", ()))
        first_level = self.portal.once("first level", lambda: [c.name for c in self.portal.columns if c.level == 1])
        yield self.violation(
            subject,
            f"在网站导航和公开目录的 {len(self.portal.columns)} 个栏目中未发现“{name}”栏目",
            measured="未发现",
            required=f"设有“{name}”栏目",
            quote="导航栏目：" + "、".join(first_level[:_SHOWN_NAMES]),
        )

    def _together(self, subject: Subject) -> Verdict:
        """One answer for all names: what is missing is named, and nothing is while something is in doubt."""
        asked = asked_by_name(self)
        answers = [(one, self._by_name(one)) for one in asked]  # the first doubt is the answer
        missing = [one for one, verdict in answers if verdict.outcome is Outcome.VIOLATION]
        if not missing:
            shown = next((v for _, v in answers if v.outcome is not Outcome.OK), None)
            if shown is not None:
                return shown
            message = f"{len(asked)} 项均有栏目或信息"
            return self.ok(answers[0][1].subject, message, measured=f"{len(asked)} 项齐全", evidence=_shown(answers))
        names = "、".join(f"“{one.name}”" for one in missing)
        return self.warning(
            subject,
            f"{len(asked)} 项中有 {len(missing)} 项在栏目和信息的名称中未见：{names}，请核实是否以其他名称公开",
            measured=f"{len(asked)} 项中未见 {len(missing)} 项",
            required=f"{len(asked)} 项均有信息",
            members=tuple(Subject(one.concept, one.name) for one in missing),
            evidence=next(verdict.evidence for one, verdict in answers if one is missing[0]),
        )

    def _by_name(self, asked: Asked) -> Verdict:
        found, name = named(self.portal, asked.entry), asked.name
        opened = [c for c in found.columns if c.state not in NOT_THE_COLUMN and not c.is_archive]
        if opened:
            return self.ok(opened[0], f"“{name}”设有栏目{way(opened[0])}", measured=opened[0].name)
        if found.items:
            item, column = found.items[0]
            shown = f"“{name}”见于栏目{way(column)}的“{item.title}”"
            return self.ok(column, shown, measured=item.title, latest=item.published, quote=item.title)
        if found.columns:
            require_opened(found.columns[0])
            archived = way(found.columns[0])
            raise Undecided(Reason.AMBIGUOUS, f"“{name}”只见于已归档的专题{archived}，不能确认是否仍在公开")
        return absent_by_name(self, asked)


def _shown(answers: Iterable[tuple[Asked, Verdict]]) -> list[Evidence]:
    """What showed each of the first few."""
    return [verdict.evidence[0] for _, verdict in answers if verdict.evidence][:_SHOWN_FOUND]


@register
class ColumnBlank(Check):
    """A column whose own list shows no item, rendered and unexplained."""

    code = "column-blank"

    def judge(self, column: ColumnFacts) -> Iterator[Verdict]:
        if column.is_parent or (column.is_delegated and not self.rule.concepts):
            return  # a parent only leads on; another host's page without a concept is no column of this portal
        early = excused_at_once(self, column)
        if early is not None:
            yield early
            return
        require_read(column)
        if column.items:
            yield self.ok(column, f"栏目{way(column)}有 {len(column.items)} 条信息", measured=f"{len(column.items)} 条")
            return
        if column.article is not None or column.kind is PageKind.ARTICLE:
            return  # one article is the column's content
        require_no_login(column)
        excuse = self._excuse(column)
        if excuse is not None:
            yield excuse
            return
        self._require_empty_list(column)
        yield self.violation(
            column,
            f"栏目{way(column)}的列表没有任何信息，页面也没有说明原因{self._lost(column)}{NO_VETO}",
            measured="0 条",
            required="有信息，或说明无应公开信息的原因",
            quote=f"{column.name}：列表中没有条目",
        )

    def _lost(self, column: ColumnFacts) -> str:
        """That it held items when an earlier inspection last found it in order."""
        history = self.portal.history
        if history is None:
            return ""
        known = self.portal.once("known columns", lambda: {_place(k.path): k for k in history.columns.values()})
        before = known.get(_place(column.path))
        if before is None or before.last_normal is None:
            return ""
        items = f"有 {before.last_items} 条信息" if before.last_items else "有信息"
        return f"；{before.last_normal.date()} 检查时{items}"

    def _excuse(self, column: ColumnFacts) -> Verdict | None:
        """The words that explain the blank."""
        for kind, excuse, meaning in _BLANK_EXCUSES:
            words = first_words(column.statements, kind)
            if words:
                message = f"栏目{way(column)}没有信息，页面{meaning}：“{words}”"
                return self.excused(column, excuse, message, measured="0 条", quote=words)
        return None

    def _require_empty_list(self, column: ColumnFacts) -> None:
        """Raises Undecided unless the page is surely this column's list and surely empty."""
        if self.rule.concepts and not is_sure(column):
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}的名称不足以确认其用途，未作判断")
        if column.kind is PageKind.SHELL:
            raise Undecided(Reason.SCRIPT_RENDERED, f"栏目{way(column)}的列表由脚本生成，未能读取")
        if column.listing is None or column.kind not in (PageKind.LISTING, PageKind.SECTION, PageKind.CATALOGUE):
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}的页面上未能认出列表，不能断定为空白")
        if self.portal.children(column):
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}自身列表为空，但下设子栏目，不能断定为空白")
        items, pages = column.listing.total_items, column.listing.total_pages
        states_more = items > 0 if items is not None else (pages or 0) > 1  # "1 page, 0 records" is an empty list
        if states_more or column.listing.next_url or column.listing.has_more:
            raise Undecided(Reason.AMBIGUOUS, f"栏目{way(column)}的翻页信息表明列表中有内容，但未能读取")


def _place(path: Iterable[str]) -> tuple[str, ...]:
    return tuple(normalise_name(part) for part in path)


_BLANK_EXCUSES = (
    (StatementKind.NIL_STATEMENT, Excuse.NIL_STATEMENT, "作了零报告"),
    (StatementKind.EXPLAINED_BLANK, Excuse.EXPLAINED_BLANK, "说明了原因"),
    (StatementKind.MOVED, Excuse.EXPLAINED_BLANK, "说明栏目已迁移"),
    (StatementKind.ARCHIVE, Excuse.ARCHIVE, "说明栏目已归档"),
    (StatementKind.UPGRADE, Excuse.EXEMPTION, "公告正在升级或建设"),
)
