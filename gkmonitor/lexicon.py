"""The words behind the concepts: the data files compiled into lookups, and the normalising of names.

Both data files are read at first use, not at import.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from gkmonitor.errors import ConceptError
from gkmonitor.records import Match

DATA_DIRECTORY = Path(__file__).with_name("data")
MAX_PLACE_NAME = 4  # characters before 省, 市, 县: 鄂尔多斯市
MAX_LONG_PLACE_NAME = 9  # before 自治州, 开发区: 克孜勒苏柯尔克孜自治州
KINDS = frozenset({"news", "notices", "policy", "personnel", "plans", "interaction", "services", "static", "other"})


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept. ``kind``: news, notices, policy, personnel, plans, interaction, services, static or other."""

    slug: str
    name_zh: str
    parent: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed name of one concept. ``match`` None: it counts only below a column of the same concept."""

    concept: str
    match: Match | None
    alias: str
    also: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        return self.match is Match.EXACT or self.match is Match.ALTERNATIVE


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def _is_simplified(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def simplify(text: str) -> str:
    """Simplified characters. OpenCC is only asked for texts that GB 2312 (simplified characters) cannot hold."""
    return text if _is_simplified(text) else str(_converter().convert(text))


@lru_cache(maxsize=16384)
def normalise_name(text: str) -> str:
    """NFKC, simplified characters, lower case; blanks, quotes and all other punctuation dropped. Idempotent."""
    for _ in range(4):
        before = text
        if not unicodedata.is_normalized("NFKC", text):
            text = unicodedata.normalize("NFKC", text)
        text = simplify(text.encode("utf-8", "ignore").decode("utf-8")).lower()
        if not text.isalnum():
            text = "".join(character for character in text if character.isalnum())
        if text == before:
            break
    return text


def load_data(name: str) -> dict[str, Any]:
    path = DATA_DIRECTORY / name
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(path.read_bytes(), Loader=loader)
    except (OSError, yaml.YAMLError) as exc:
        raise ConceptError(f"栏目概念数据 {path.name} 无法读取：{exc}") from exc
    if not isinstance(data, dict):
        raise ConceptError(f"栏目概念数据 {path.name} 的顶层应为键值表")
    return data


def _words(value: str | None) -> tuple[str, ...]:
    return tuple(value.split()) if value else ()


def _word_lists(value: Mapping[str, str] | None) -> dict[str, tuple[str, ...]]:
    return {key: _words(words) for key, words in (value or {}).items()}


class Lexicon:
    """The compiled data: names to entries, affixes, false friends, relations."""

    def __init__(self, concepts: dict[str, Any], matching: dict[str, Any]) -> None:
        self.concepts = {slug: _read_concept(slug, row, concepts) for slug, row in concepts.items()}
        self.matching = matching
        self.names: dict[str, tuple[Entry, ...]] = {}
        for entry in (*_joint_entries(matching["joint_names"]), *_listed_entries(concepts)):
            self._add(normalise_name(entry.alias), entry)
        self.link_words = _by_length(matching["link_words"])
        self.wordings: dict[str, str] = dict(matching["wordings"])
        self.openings = _grouped(_by_length(matching["openings"]), 0)
        self.endings = _endings(matching)
        self.place_words = frozenset(_words(matching["place_words"]))
        self.common_words = _by_length(matching["common_words"])
        self.weak_place_endings = _words(matching["weak_place_endings"])
        self.generic: dict[str, dict[str, str]] = {normalise_name(k): v for k, v in matching["generic"].items()}
        self.false_friends = frozenset(normalise_name(word) for word in _words(matching["false_friends"]))
        self.answers_for = _word_lists(matching["answers_for"])
        self.parts = _word_lists(matching["parts"])
        self.may_hold = _word_lists(matching["may_hold"])
        self._check_slugs()

    def _add(self, key: str, entry: Entry) -> None:
        known = self.names.get(key, ())
        if not any(other.concept == entry.concept for other in known):
            self.names[key] = (*known, entry)

    def _check_slugs(self) -> None:
        used = {entry.concept for entries in self.names.values() for entry in entries}
        for contexts in self.generic.values():
            used |= (set(contexts) - {"_"}) | set(contexts.values())
        used |= {row["concept"] for row in self.matching["families"]} | set(self.matching["hints"])
        for relation in (self.answers_for, self.parts, self.may_hold):
            used |= set(relation) | {slug for slugs in relation.values() for slug in slugs}
        if unknown := sorted(used - set(self.concepts)):
            raise ConceptError(f"栏目概念数据引用了不存在的概念：{'、'.join(unknown)}")

    @cached_property
    def false_friend(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.matching["false_friend_patterns"]))

    @cached_property
    def title_mark(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.matching["title_patterns"]))

    @cached_property
    def families(self) -> tuple[tuple[re.Pattern[str], str, Match], ...]:
        """(pattern of the normalised name, concept, strength)."""
        return tuple(
            (re.compile(row["pattern"]), row["concept"], Match(row["match"])) for row in self.matching["families"]
        )

    @cached_property
    def year(self) -> re.Pattern[str]:
        return re.compile(self.matching["year"])

    @cached_property
    def joint(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(word) for word in _by_length(self.matching["joints"])))

    @cached_property
    def place(self) -> re.Pattern[str]:
        """One place at the beginning of a name, with its government or level."""
        endings = "|".join(_by_length(self.matching["place_endings"]))
        tails = "|".join(_by_length(self.matching["place_tails"]))
        long_endings = "|".join(_by_length(self.matching["long_place_endings"]))
        return re.compile(
            f"(?P<place>[^我的在]{{0,{MAX_PLACE_NAME}}}?(?:{endings})"
            f"|[^我的在]{{2,{MAX_LONG_PLACE_NAME}}}?(?:{long_endings}))(?:{tails})?"
        )

    @cached_property
    def unit(self) -> re.Pattern[str]:
        """One department at the beginning of a name."""
        return re.compile(f".{{1,12}}?(?:{'|'.join(_by_length(self.matching['unit_endings']))})")

    @cached_property
    def wording(self) -> re.Pattern[str] | None:
        """Finds a wording of others; None where the data list none."""
        return re.compile("|".join(map(re.escape, self.wordings))) if self.wordings else None

    @cached_property
    def hint_openings(self) -> frozenset[str]:
        """The first three characters of every hint: most names hold none of them."""
        return frozenset(word[:3] for word in self.hints)

    @cached_property
    def hints(self) -> dict[str, Entry]:
        """Proper names of four characters and more, and the listed hints: in a longer name they suggest a concept."""
        hints = {
            key: entries[0]
            for key, entries in self.names.items()
            if len(key) >= 4 and len(entries) == 1 and entries[0].match is Match.EXACT
        }
        for concept, words in _word_lists(self.matching["hints"]).items():
            hints.update({word: Entry(concept, Match.UNSURE, word) for word in words})
        return hints


def _read_concept(slug: str, row: dict[str, Any], concepts: dict[str, Any]) -> Concept:
    parent, kind = row.get("parent"), row.get("kind")
    if kind not in KINDS or (parent is not None and parent not in concepts):
        raise ConceptError(f"栏目概念 {slug} 的 kind 或 parent 无效：{kind}、{parent}")
    return Concept(slug, row["name"], parent, kind)


def _listed_entries(concepts: dict[str, Any]) -> Iterator[Entry]:
    strengths = {"exact": Match.EXACT, "alternative": Match.ALTERNATIVE, "unsure": Match.UNSURE, "under": None}
    for slug, row in concepts.items():
        for key, match in strengths.items():
            for alias in _words(row.get(key)):
                yield Entry(slug, match, alias)


def _joint_entries(groups: Iterable[dict[str, str]]) -> Iterator[Entry]:
    for group in groups:
        concept, *also = _words(group["concepts"])
        for match in (Match.EXACT, Match.ALTERNATIVE):
            for alias in _words(group.get(match.value)):
                yield Entry(concept, match, alias, tuple(also))


def _by_length(words: str) -> tuple[str, ...]:
    return tuple(sorted(words.split(), key=len, reverse=True))


def _grouped(words: Iterable[str], position: int) -> dict[str, tuple[str, ...]]:
    """Words by their first (0) or last (-1) character."""
    groups: dict[str, tuple[str, ...]] = {}
    for word in words:
        groups[word[position]] = (*groups.get(word[position], ()), word)
    return groups


def _endings(matching: dict[str, Any]) -> dict[str, tuple[tuple[str, bool], ...]]:
    """Endings by their last character, each with whether dropping it weakens the match."""
    firm, loose = _words(matching["endings"]), frozenset(_words(matching["loose_endings"]))
    groups = _grouped((*firm, *loose), -1)
    return {last: tuple((word, word in loose) for word in words) for last, words in groups.items()}


@lru_cache(maxsize=1)
def get_lexicon() -> Lexicon:
    return Lexicon(load_data("concepts.yaml"), load_data("matching.yaml"))
