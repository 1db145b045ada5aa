"""The filters of the list of violations: as words of an address, as what the ledger is asked, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from gkmonitor.concepts import all_concepts
from gkmonitor.dates import parse_day
from gkmonitor.errors import LedgerError, UsageError
from gkmonitor.judging import PROFILE_NAMES
from gkmonitor.ledger.records import By, State
from gkmonitor.ledger.states import STATE_WORDS
from gkmonitor.ledger.words import severity_of_word, state_of_word
from gkmonitor.reports.wording import CHECKS
from gkmonitor.rules import available_packs
from gkmonitor.storage import Session
from gkmonitor.storage.case_scope import CaseFilter, Sort, rules_of_cases
from gkmonitor.storage.units import get_unit
from gkmonitor.web.desk import Desk

WORDS: Final = (
    *("state", "q", "severity", "sort", "unit", "region", "profile", "portal", "rule", "concept"),
    *("overdue", "repeat", "found_by", "since"),
)
ANY: Final = "all"
SORTS: Final = {Sort.WEIGHT: "单项否决在前", Sort.NEWEST: "新近发现在前", Sort.DEADLINE: "期限近的在前"}
MAX_LENGTH: Final = 2000


@dataclass(frozen=True, slots=True)
class Given:
    """What the address says, cleaned: known words with something in them. Without ``state``: what is to be decided."""

    words: Mapping[str, str]

    def query(self, **changes: str | None) -> str:
        """As in the address; a change to None takes a word out."""
        kept = {name: value for name, value in {**self.words, **changes}.items() if value}
        return urlencode([(name, kept[name]) for name in (*WORDS, "after") if name in kept])

    def get(self, name: str) -> str:
        return self.words.get(name, "")

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the state and the order is asked for."""
        return any(name not in ("state", "sort") for name in self.words)


def read_given(query: str) -> Given:
    """The known words of an address. Raises LedgerError for one that is too long."""
    if len(query) > MAX_LENGTH:
        raise LedgerError("筛选条件太长，请减少一些")
    words: dict[str, str] = {}
    for name, value in parse_qsl(query, max_num_fields=40):
        text = value.strip()
        if name in WORDS and text:
            words[name] = f"{words[name]},{text}" if name == "state" and name in words else text
    return Given(words)


def filter_of(session: Session, given: Given, portals: frozenset[int] | None, here: Desk) -> CaseFilter:
    """What the ledger is asked. Raises LedgerError or RegistryError for words that mean nothing."""
    since = given.get("since")
    return CaseFilter(
        portals=portals,
        states=_states(given),
        severity=severity_of_word(given.get("severity")) if given.get("severity") else None,
        unit=get_unit(session, given.get("unit")).id if given.get("unit") else None,
        region=given.get("region") or None,
        profile=given.get("profile") or None,
        portal=_number(given.get("portal")),
        rule=given.get("rule") or None,
        concept=given.get("concept") or None,
        overdue_on=here.today if given.get("overdue") else None,
        is_repeat=bool(given.get("repeat")),
        found_by=_one_of(By, given.get("found_by"), "来源"),
        text=given.get("q"),
        seen_since=_midnight(parse_day(since), here) if since else None,
        sort=_one_of(Sort, given.get("sort"), "排序") or Sort.WEIGHT,
    )


def filter_or_all(session: Session, given: Given, portals: frozenset[int] | None, here: Desk) -> CaseFilter:
    """The same for the queue that somebody came from: what means nothing any more stands for the whole queue."""
    try:
        return filter_of(session, given, portals, here)
    except UsageError:
        return filter_of(session, Given({}), portals, here)


def _states(given: Given) -> tuple[State, ...]:
    word = given.get("state")
    if given.get("overdue"):
        return (State.NOTIFIED,)
    if not word:
        return (State.OPEN,)
    return () if word == ANY else tuple(state_of_word(one) for one in word.split(","))


def _number(word: str) -> int | None:
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) <= 9):
        raise LedgerError(f"“{word[:20]}”不是网站编号")
    return int(word)


def _one_of(kind: Any, word: str, about: str) -> Any:
    if not word:
        return None
    try:
        return kind(word)
    except ValueError as error:
        raise LedgerError(f"没有“{word[:20]}”这种{about}") from error


def _midnight(day: date, here: Desk) -> datetime:
    return datetime.combine(day, time(), here.zone)


# ---------------------------------------------------------------- what can be chosen

Options = Sequence[tuple[str, str]]


def rule_options(session: Session) -> Options:
    """Checks, packs and rules that any case is about."""
    rules = rules_of_cases(session)
    titles = _titles()
    packs = sorted({rule.partition("/")[0] for rule in rules} - {"person"})
    checks = {titles[rule][0] for rule in rules if rule in titles}
    return (
        *((code, f"检查：{words}") for code, words in CHECKS.items() if code in checks),
        *((pack, f"规则包：{pack}") for pack in packs),
        *((rule, f"{titles[rule][1] if rule in titles else '人工登记'}（{rule}）") for rule in rules),
    )


@cache
def _titles() -> Mapping[str, tuple[str, str]]:
    """Check and title of the shipped rules by id."""
    return {rule.id: (rule.check, rule.title) for pack in available_packs().values() for rule in pack.rules}


@cache
def concept_options() -> Options:
    return tuple((slug, concept.name_zh) for slug, concept in all_concepts().items())


SEVERITIES: Final[Options] = (("veto", "单项否决"), ("deduction", "扣分"))
PROFILES: Final[Options] = tuple((profile.value, words) for profile, words in PROFILE_NAMES.items())
FOUND_BY: Final[Options] = (("system", "系统监测"), ("person", "人工发现"))
STATES: Final[Options] = tuple((state.value, words) for state, words in STATE_WORDS.items())
