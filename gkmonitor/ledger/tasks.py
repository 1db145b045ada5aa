"""What rules leave to people, as questions for one portal in one month. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from gkmonitor.errors import LedgerError
from gkmonitor.records import Severity, Site
from gkmonitor.registry.records import PortalEntry
from gkmonitor.rulebook import Rule, RulePack, Task
from gkmonitor.rules import packs_for

_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to look at; ``rule``: the id of the task of a pack, or of a rule that no machine could settle."""

    rule: str
    text: str


def first_of(month: str) -> date:
    """The first day of a month written as 2026-11. Raises LedgerError."""
    found = _MONTH.fullmatch(month.strip())
    if found is None or not int(found[1]):
        raise LedgerError(f"月份“{month}”写法不对，请写成 2026-11 的形式")
    return date(int(found[1]), int(found[2]), 1)


def questions_for(
    portal: PortalEntry, packs: Iterable[RulePack], day: date, undecided: Collection[str] = ()
) -> list[Question]:
    """The questions that the packs in force on ``day`` leave to people for this portal, in the order of the packs.

    ``undecided``: ids of rules that the month's inspections could not settle; of these the vetoes are asked, because a
    portal passes only when every veto is in order (``interfaces.md``).
    """
    chosen = packs_for(list(packs), _site_of(portal), day)
    return [*_tasks_of(portal, chosen), *_vetoes_of(portal, chosen, day, undecided)]


def _site_of(portal: PortalEntry) -> Site:
    return Site(portal.url, portal.url, portal.name, portal.site_id_code, portal.organizer, portal.profile)


def _tasks_of(portal: PortalEntry, packs: Sequence[RulePack]) -> Iterator[Question]:
    for pack in packs:
        for task in pack.tasks:
            # A task for one kind of body is no question to a portal of an unknown kind.
            if not task.profiles or portal.profile in task.profiles:
                yield Question(task.id, _words_of(task, pack))


def _words_of(task: Task, pack: RulePack) -> str:
    lines = [
        f"{task.title}（{pack.title} {task.clause}）",
        f"看什么：{task.look}",
        f"在哪里看：{task.where}",
        f"怎样算：{task.counts}",
    ]
    return "\n".join(lines)


def _vetoes_of(
    portal: PortalEntry, packs: Sequence[RulePack], day: date, undecided: Collection[str]
) -> Iterator[Question]:
    for rule in (rule for pack in packs for rule in pack.rules):
        if rule.id in undecided and rule.severity is Severity.VETO and rule.is_in_force(day):
            yield Question(rule.id, _veto_words(rule))


def _veto_words(rule: Rule) -> str:
    words = f"，原文“{rule.words}”" if rule.words else ""
    asked = "本月自动检查未能判定，请人工核对是否存在这一单项否决情形"
    return f"{rule.title}（{rule.document} {rule.clause}{words}）\n{asked}"
