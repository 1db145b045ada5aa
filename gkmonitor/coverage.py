"""Which duties of the local documents are judged automatically, looked at by people, or leave nothing to see.

The catalogue of duties ships with the packs (``checks/packs/duties/<pack>.csv``, one row a duty), and so do the
indicators of the national rules (``checks/packs/indicators.csv``) with the rules and tasks that answer each. Pure apart
from reading these once: the packs are given.
"""

from __future__ import annotations

import csv
import importlib.resources
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from gkmonitor.rulebook import RulePack

CATALOGUE = ("checks", "packs", "duties")  # package and folders
INDICATORS = ("checks", "packs", "indicators.csv")
HOWS = ("automatic", "assisted", "manual", "not_web")


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of one document, restated; ``document`` is the pack that answers for it."""

    id: str
    document: str
    clause: str
    topic: str
    restatement: str
    kind: str  # column-exists, freshness, deadline-after-event ..., not-web-checkable
    channel: str  # site, credit-portal, other
    unit_scope: str  # bodies divided by |, the first is the primary one
    cadence: str  # P1M, event-driven ...; empty: none
    deadline: str
    automation: str  # auto, semi, manual: how far a machine could decide it

    @property
    def may_leave_nothing(self) -> bool:
        """Whether the web may have nothing to show for it."""
        return self.kind == "not-web-checkable" or self.channel == "other"


@dataclass(frozen=True, slots=True)
class Answer:
    """How one duty is answered (``how`` None: not at all); ``rules``: ids of rules and of tasks for people."""

    how: str | None = None
    rules: tuple[str, ...] = ()
    why: str | None = None


@dataclass(frozen=True)
class Coverage:
    """The answer to every duty, and what is wrong with the answers."""

    duties: tuple[Duty, ...]
    answers: Mapping[str, Answer]
    faults: tuple[str, ...]

    @property
    def unanswered(self) -> tuple[str, ...]:
        return tuple(duty.id for duty in self.duties if self.answers[duty.id].how is None)

    def documents(self) -> dict[str, dict[str, Any]]:
        """Per document: counts of duties by how, of clauses, of duties that could be automatic."""
        names = dict.fromkeys(duty.document for duty in self.duties)
        return {name: self._counts([d for d in self.duties if d.document == name]) for name in names}

    def total(self) -> dict[str, Any]:
        """The same counts over all documents."""
        return self._counts(self.duties)

    def _counts(self, duties: Sequence[Duty]) -> dict[str, Any]:
        by_how = Counter(self.answers[duty.id].how for duty in duties)
        clauses = {(duty.document, duty.clause) for duty in duties}
        open_clauses = {(d.document, d.clause) for d in duties if self.answers[d.id].how is None}
        decidable = [duty for duty in duties if duty.automation == "auto"]
        return {
            "duties": len(duties),
            **{how: by_how[how] for how in HOWS},
            "unaccounted": [duty.id for duty in duties if self.answers[duty.id].how is None],
            "clauses": len(clauses),
            "clauses_accounted": len(clauses - open_clauses),
            "marked_auto": len(decidable),
            "marked_auto_automatic": sum(self.answers[duty.id].how == "automatic" for duty in decidable),
        }

    def as_object(self) -> dict[str, Any]:
        """What ``rules coverage --json`` prints."""
        return {
            "duties": {
                duty.id: {"how": answer.how, "rules": list(answer.rules), "why": answer.why}
                for duty in self.duties
                for answer in (self.answers[duty.id],)
            },
            "documents": self.documents(),
        }


@lru_cache(maxsize=1)
def load_duties() -> tuple[Duty, ...]:
    """Every duty of the shipped catalogue, document by document."""
    package, *folders = CATALOGUE
    folder = importlib.resources.files(package).joinpath(*folders)
    names = [field.name for field in fields(Duty)]
    duties: list[Duty] = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".csv"):
            rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
            duties += [Duty(**{name: row[name] for name in names}) for row in rows]
    return tuple(duties)


def cover(packs: Iterable[RulePack], duties: Sequence[Duty] | None = None) -> Coverage:
    """How the packs answer the duties (all of the catalogue when none are given)."""
    duties = load_duties() if duties is None else tuple(duties)
    by_id = {duty.id: duty for duty in duties}
    given: dict[str, list[tuple[str, str | None, str | None]]] = {}
    faults: list[str] = []
    for duty_id, how, source, why in (entry for pack in packs for entry in _entries(pack)):
        if duty_id not in by_id:
            faults.append(f"{source or how}：目录中没有事项 {duty_id}")
        else:
            given.setdefault(duty_id, []).append((how, source, why))
    answers = {duty.id: _answer(given.get(duty.id, [])) for duty in duties}
    for duty in duties:
        faults += _faults(duty, answers[duty.id])
    return Coverage(tuple(duties), answers, tuple(faults))


def _entries(pack: RulePack) -> Iterator[tuple[str, str, str | None, str | None]]:
    """(duty, how, id of the rule or task, why) of everything in the pack that answers a duty."""
    for rule in pack.rules:
        yield from ((duty, "automatic", rule.id, None) for duty in rule.covers)
    for task in pack.tasks:
        yield from ((duty, task.how, task.id, task.why) for duty in task.covers)
    for reason in pack.not_web:
        yield from ((duty, "not_web", None, reason.why) for duty in reason.covers)


def _answer(entries: Sequence[tuple[str, str | None, str | None]]) -> Answer:
    """The best of several answers; rules and tasks are all named."""
    if not entries:
        return Answer()
    how = min((how for how, _, _ in entries), key=HOWS.index)
    sources = dict.fromkeys(source for _, source, _ in entries if source)
    why = next((why for given, _, why in entries if given == how and why), None)
    return Answer(how, tuple(sources), why)


def _faults(duty: Duty, answer: Answer) -> Iterator[str]:
    if answer.how is None:
        yield f"事项 {duty.id}（{duty.restatement}）没有规则、人工任务或理由"
    if answer.how == "not_web" and not duty.may_leave_nothing:
        yield f"事项 {duty.id}（{duty.restatement}）在网站上可以看到，不能归入 not_web"
    if duty.automation == "auto" and answer.how not in (None, "automatic") and not answer.why:
        yield f"事项 {duty.id}（{duty.restatement}）可以自动判断而没有规则，应写明理由（why）"


# ---------------------------------------------------------------- national indicators


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a national document: the ids of rules and tasks that answer it, else why nothing does."""

    id: str
    document: str
    words: str
    rules: tuple[str, ...]
    why: str | None


@lru_cache(maxsize=1)
def load_indicators() -> tuple[Indicator, ...]:
    """Every indicator of the shipped table, document by document."""
    package, *place = INDICATORS
    text = importlib.resources.files(package).joinpath(*place).read_text(encoding="utf-8")
    return tuple(
        Indicator(row["id"], row["document"], row["indicator"], tuple(row["answered_by"].split()), row["why"] or None)
        for row in csv.DictReader(text.splitlines())
    )


def answer_indicators(packs: Iterable[RulePack]) -> dict[str, Answer]:
    """How each national indicator is answered by the packs given; ``how`` None where nothing of it is there."""
    packs = list(packs)
    hows = {rule.id: "automatic" for pack in packs for rule in pack.rules}
    hows |= {task.id: task.how for pack in packs for task in pack.tasks}
    return {one.id: _answer_of(one, hows) for one in load_indicators()}


def _answer_of(indicator: Indicator, hows: Mapping[str, str]) -> Answer:
    known = [name for name in indicator.rules if name in hows]
    if known:
        return Answer(min((hows[name] for name in known), key=HOWS.index), tuple(known))
    return Answer("not_web", (), indicator.why) if indicator.why and not indicator.rules else Answer()
