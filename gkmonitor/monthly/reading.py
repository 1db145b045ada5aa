"""What a month needs of one inspection: its verdicts and letters boiled down to a few counts. Pure.

Verdicts come as the database keeps them (``gkmonitor.check/1``); there are hundreds for each of thousands of portals,
so each is looked at once and no object is made of it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from gkmonitor.ledger.subjects import key_of
from gkmonitor.monthly.inputs import Answer, CheckAnswers, Inspected, Letters, UnitLine, VetoAnswer
from gkmonitor.monthly.picturing import distinct_lines
from gkmonitor.verdicts import load_subject

_DECIDED: Final = frozenset(("ok", "violation", "excused"))
_WORST: Final[dict[str | None, int]] = {"violation": 3, "undecided": 2, "excused": 1, "ok": 0}
_UPDATES: Final = "column-stale"
_UNITS: Final = "unit-missing"
_LETTERS: Final = '"letters":'
# The lines that checks/unit_papers.py writes as evidence: 教育局：2026年 2026-02-01《...》；2025年 未见
_UNIT_LINE: Final = re.compile(
    r"(?P<unit>[^：]{1,60})：(?P<year>\d{4})年 (?P<now>.+?)；(?P<last>\d{4})年 (?P<before>.+)"
)


def inspected_of(
    inspection_id: int, observed_at: datetime, verdicts: Iterable[Mapping[str, Any]], letters: Letters | None = None
) -> Inspected:
    """The verdicts of one inspection as counts; advice counts nowhere but in the matrix of units."""
    digest = _Digest()
    for verdict in verdicts:
        digest.take(verdict)
    return Inspected(
        inspection_id=inspection_id,
        observed_at=observed_at,
        vetoes=tuple(digest.vetoes),
        checks=digest.checks(),
        undecided=tuple(sorted(digest.undecided.items())),
        excused=tuple(sorted(digest.excused.items())),
        concepts=tuple(sorted(digest.concepts.items())),
        columns_due=len(digest.due),
        unit_lines=distinct_lines(digest.units),
        letters=letters,
    )


class _Digest:
    """The counts of one inspection, verdict by verdict."""

    def __init__(self) -> None:
        self.vetoes: list[VetoAnswer] = []
        self.counts: dict[str, list[int]] = {}  # check -> decided, undecided
        self.reasons: dict[str, Counter[str]] = {}
        self.undecided, self.excused = Counter[str](), Counter[str]()
        self.concepts: dict[str, Answer] = {}
        self.due: set[str] = set()
        self.units: list[UnitLine] = []

    def take(self, one: Mapping[str, Any]) -> None:
        answer: Answer = one["verdict"]
        if one["check"] == _UNITS:
            self.units += _unit_lines(one)
        if one["severity"] == "veto":
            key = key_of(load_subject(one["subject"])) if answer == "violation" else ""
            self.vetoes.append(VetoAnswer(one["rule"], answer, one["reason"], key))
        if one["severity"] == "advice" or answer == "not_applicable":
            return
        self.counts.setdefault(one["check"], [0, 0])[answer not in _DECIDED] += 1
        if answer == "undecided":
            self.undecided[one["reason"]] += 1
            self.reasons.setdefault(one["check"], Counter())[one["reason"]] += 1
        elif answer == "excused":
            self.excused[one["reason"]] += 1
        self._place(one["check"], answer, one["subject"])

    def _place(self, check: str, answer: Answer, subject: Mapping[str, Any]) -> None:
        concept = subject["concept"]
        if concept is not None and _WORST[answer] > _WORST.get(self.concepts.get(concept), -1):
            self.concepts[concept] = answer
        if check == _UPDATES and answer in _DECIDED:
            self.due.add(subject["url"] or "")

    def checks(self) -> tuple[CheckAnswers, ...]:
        return tuple(
            CheckAnswers(check, decided, open_, tuple(sorted(self.reasons.get(check, {}).items())))
            for check, (decided, open_) in sorted(self.counts.items())
        )


def _unit_lines(verdict: Mapping[str, Any]) -> Iterator[UnitLine]:
    concept = verdict["subject"]["concept"]
    if concept is None:
        return
    for piece in verdict["evidence"]:
        found = _UNIT_LINE.fullmatch(piece["quote"])
        if found is not None:
            yield UnitLine(concept, found["unit"], int(found["year"]), _paper(found["now"]))
            yield UnitLine(concept, found["unit"], int(found["last"]), _paper(found["before"]))


def _paper(words: str) -> Any:
    """Whether a paper was found; one that was not is not known to be missing until a person says so."""
    return "undecided" if words == "未见" else "excused" if words.startswith("已说明") else "ok"


# ---------------------------------------------------------------- letters


def has_letters(verdicts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the inspection judged a list of letters; only then are its facts worth opening."""
    return any(one["check"] == "reply-overdue" and one["verdict"] in _DECIDED for one in verdicts)


def letters_of(facts: str, first: date, last: date) -> Letters | None:
    """The letters of these days that the text of stored facts holds, each once; None where no list has letters.

    Only the lists of letters are read out of the text, for facts are large.
    """
    decoder = json.JSONDecoder()
    seen: dict[tuple[str, str], bool | None] = {}
    has_any = False
    place = facts.find(_LETTERS)
    while place >= 0:
        start = place + len(_LETTERS)
        entries, place = decoder.raw_decode(facts, start + (facts[start] == " "))
        for one in entries or ():
            has_any = True
            if one.get("submitted") and first.isoformat() <= one["submitted"] <= last.isoformat():
                answered = True if one.get("replied") else one.get("is_answered")
                seen[(one["title"], one["url"])] = answered
        place = facts.find(_LETTERS, place)
    if not has_any:
        return None
    values = list(seen.values())
    return Letters(len(values), values.count(True), values.count(False))
