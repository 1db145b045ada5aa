"""A portal's columns as a tree, each with what the newest look says of it, and the verdicts on no column. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from gkmonitor.ledger.subjects import key_of
from gkmonitor.records import Excuse, Outcome, Reason, Severity
from gkmonitor.reports.wording import EXCUSES, REASONS, SEVERITIES
from gkmonitor.verdicts import load_subject

_NOT_APPLICABLE: Final = "not_applicable"
MARK_WORDS: Final[Mapping[str, str]] = {
    "veto": "问题（单项否决）",
    "deduction": "问题（扣分）",
    "advice": "提醒",
    "undecided": "未能判定",
    "excused": "免于判定",
    "ok": "正常",
    "absent": "本次未见到",
    "unjudged": "未评判",
}
_ORDER: Final = tuple(MARK_WORDS)


class Column(Protocol):
    """What a tree needs to know of a column."""

    @property
    def key(self) -> str: ...
    @property
    def path(self) -> tuple[str, ...]: ...
    @property
    def newest(self) -> date | None: ...
    @property
    def is_seen(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """One verdict in words: its mark (a key of ``MARK_WORDS``), why where there is a reason, and its message."""

    mark: str
    rule: str
    check: str
    message: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One name of the menu; ``column`` is None where only columns below it were seen."""

    name: str
    path: tuple[str, ...]
    column: Any | None
    mark: str
    why: str
    days: int | None  # since the newest item
    answers: tuple[Answer, ...]
    children: tuple[Node, ...]

    @property
    def words(self) -> str:
        return MARK_WORDS[self.mark] if self.column is not None else ""


@dataclass(frozen=True, slots=True)
class Tree:
    """The roots, how many columns bear each mark, and what the rules say of the portal as a whole."""

    roots: tuple[Node, ...]
    counts: Mapping[str, int]
    whole: tuple[Answer, ...]


def build_tree(columns: Iterable[Column], verdicts: Iterable[Mapping[str, Any]], as_of: date) -> Tree:
    """Columns by path, in the order of their names; the heaviest verdict on a column is its mark."""
    known = {column.key: column for column in columns}
    by_key: dict[str, list[Answer]] = {}
    whole: list[Answer] = []
    for one in verdicts:
        if one["verdict"] == _NOT_APPLICABLE:
            continue
        key = key_of(load_subject(one.get("subject") or {}))
        (by_key.setdefault(key, []) if key in known else whole).append(_answer(one))
    placed = _Placed()
    for key, column in known.items():
        placed.put(column, sorted(by_key.get(key, ()), key=_weight))
    roots = placed.nodes((), as_of)
    return Tree(roots, _count(roots), tuple(sorted(whole, key=_weight)))


def _weight(answer: Answer) -> tuple[int, str]:
    return _ORDER.index(answer.mark), answer.rule


def _answer(one: Mapping[str, Any]) -> Answer:
    outcome, reason = Outcome(one["verdict"]), one.get("reason")
    mark, why = outcome.value, ""
    if outcome is Outcome.VIOLATION:
        mark = Severity(one["severity"]).value
        why = SEVERITIES[Severity(mark)]
    elif outcome is Outcome.UNDECIDED:
        why = REASONS[Reason(reason)][0] if reason else ""
    elif outcome is Outcome.EXCUSED:
        why = EXCUSES[Excuse(reason)] if reason else ""
    return Answer(mark, str(one.get("rule", "")), str(one.get("check", "")), str(one.get("message", "")), why)


@dataclass
class _Placed:
    """Columns and their answers by path."""

    found: dict[tuple[str, ...], tuple[Column, Sequence[Answer]]] = field(default_factory=dict)
    below: dict[tuple[str, ...], dict[str, None]] = field(default_factory=dict)

    def put(self, column: Column, answers: Sequence[Answer]) -> None:
        path = column.path or ("",)
        other = self.found.get(path)
        if other is not None and other[0].is_seen and not column.is_seen:
            return  # two columns of one path (another concept, another spelling): the one that stands there now
        self.found[path] = (column, answers)
        for depth in range(len(path)):
            self.below.setdefault(path[:depth], {})[path[depth]] = None

    def nodes(self, above: tuple[str, ...], as_of: date) -> tuple[Node, ...]:
        return tuple(self._node((*above, name), as_of) for name in self.below.get(above, ()))

    def _node(self, path: tuple[str, ...], as_of: date) -> Node:
        column, answers = self.found.get(path, (None, ()))
        mark, why = _mark(column, answers)
        newest = column.newest if column is not None else None
        days = (as_of - newest).days if newest is not None else None
        return Node(path[-1], path, column, mark, why, days, tuple(answers), self.nodes(path, as_of))


def _mark(column: Column | None, answers: Sequence[Answer]) -> tuple[str, str]:
    if column is not None and not column.is_seen:
        return "absent", ""
    if not answers:
        return "unjudged", ""
    return answers[0].mark, answers[0].why


def _count(roots: Iterable[Node]) -> dict[str, int]:
    counts = dict.fromkeys(_ORDER, 0)
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node.column is not None:
            counts[node.mark] += 1
        waiting.extend(node.children)
    return counts
