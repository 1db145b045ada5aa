"""What a column is for, whatever its name: the concepts and the matcher of names.

The concepts and all names are data (``data/concepts.yaml``), as are the words that surround a name, the false friends and
the relations between concepts (``data/matching.yaml``). Both files are read at first use, not at import.

A match is *exact* (a proper name of the concept), *alternative* (another wording that still states it) or *unsure*; an
unsure match must never lead to an accusation, neither as a column that is bad nor as a column that is missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from gkmonitor.errors import ConceptError
from gkmonitor.records import Match

DATA_DIRECTORY = Path(__file__).with_name("data")
MAX_NAME_LENGTH = 24  # characters; what is longer is a title or a sentence, unless it is listed as a name
MAX_HINT_LENGTH = 16
MAX_AFFIXES = 3
KINDS = frozenset({"news", "notices", "policy", "personnel", "plans", "interaction", "services", "static", "other"})

_COUNT = re.compile(r"[\[(【]\s*\d+\s*[条篇件个]?\s*[\])】]\s*$")
_NUMBERING = re.compile(r"^\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[、.)](?=\D)")
_INSTITUTION = re.compile(r"(?:[局厅处科委部院校会办馆网队]|中心|公司|大学|学院|政府|网站|系统)$")


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept. ``kind``: news, notices, policy, personnel, plans, interaction, services, static or other."""

    slug: str
    name_zh: str
    parent: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class ConceptMatch:
    """What a name states: the concept, how surely, by which listed name; ``also``: further concepts that it states."""

    concept: str
    match: Match
    alias: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    concept: str
    match: Match | None  # None: only below a column of the same concept
    alias: str
    also: tuple[str, ...] = ()

    def as_match(self, match: Match) -> ConceptMatch:
        return ConceptMatch(self.concept, match, self.alias, self.also)


# ---------------------------------------------------------------- the public questions


def match_name(name: str, path: Sequence[str] = ()) -> ConceptMatch | None:
    """The concept that a column's name states, or None.

    ``path``: the names of the columns above it as clicked, outermost first; a last element equal to the name itself is
    ignored. Cached, never raises.
    """
    parents = tuple(path)
    if parents and parents[-1] == name:
        parents = parents[:-1]
    return _match(name, parents)


def concepts_stated(name: str, path: Sequence[str] = ()) -> tuple[str, ...]:
    """All concepts that a name states, its own first: 预决算公开 -> budget, final-accounts. Unsure ones included."""
    found = match_name(name, path)
    return (found.concept, *found.also) if found else ()


def get_concept(slug: str) -> Concept:
    """The concept of that slug; raises ConceptError for an unknown one."""
    try:
        return _lexicon().concepts[slug]
    except KeyError:
        raise ConceptError(f"没有名为“{slug}”的栏目概念，请使用概念表中的代码，例如 budget、news") from None


def all_concepts() -> Mapping[str, Concept]:
    """Every concept by slug, in the order of the data."""
    return MappingProxyType(_lexicon().concepts)


def is_within(slug: str, ancestor: str) -> bool:
    """Whether ``slug`` is ``ancestor`` or lies below it by the chain of parents."""
    concepts = _lexicon().concepts
    here: str | None = slug
    while here is not None:
        if here == ancestor:
            return True
        here = concepts[here].parent if here in concepts else None
    return False


def satisfies(have: str, wanted: str) -> bool:
    """Whether a column of concept ``have`` is in itself a column for ``wanted``.

    True for the same concept and for joint columns: ``fiscal`` answers for budget, final-accounts and
    three-public-expenses, ``double-publicity`` for permits and penalties. A part does not answer for the whole
    (``satisfied_by`` adds parts up), and ``budget`` from a joint name such as 预决算公开 answers for the accounts through
    ``concepts_stated``, not here.
    """
    return have == wanted or wanted in _lexicon().answers_for.get(have, ())


def satisfied_by(have: Collection[str], wanted: str) -> bool:
    """Whether columns of the concepts ``have`` together answer for ``wanted``: one that satisfies it, or all its parts."""
    if any(satisfies(slug, wanted) for slug in have):
        return True
    parts = _lexicon().parts.get(wanted, ())
    return bool(parts) and all(any(satisfies(slug, part) for slug in have) for part in parts)


def may_hold(have: str, wanted: str) -> bool:
    """Whether a column of concept ``have`` often holds what ``wanted`` asks for without saying so.

    Where only such a column is found, the absence of ``wanted`` cannot be stated (重点领域 > 财政资金 often holds budgets).
    """
    return satisfies(have, wanted) or wanted in _lexicon().may_hold.get(have, ())


# ---------------------------------------------------------------- normalising


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


def _simplify(text: str) -> str:
    """Simplified characters. OpenCC is only asked for texts that GB 2312, a set of simplified characters, cannot hold."""
    return text if _is_simplified(text) else str(_converter().convert(text))


@lru_cache(maxsize=16384)
def normalise_name(text: str) -> str:
    """NFKC, simplified characters, lower case; blanks, quotes and all other punctuation dropped. Idempotent."""
    for _ in range(4):
        before = text
        if not unicodedata.is_normalized("NFKC", text):
            text = unicodedata.normalize("NFKC", text)
        text = _simplify(text.encode("utf-8", "ignore").decode("utf-8")).lower()
        if not text.isalnum():
            text = "".join(character for character in text if character.isalnum())
        if text == before:
            break
    return text


# ---------------------------------------------------------------- the lexicon


def _load(name: str) -> dict[str, Any]:
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


class _Lexicon:
    """The compiled data: names to entries, affixes, false friends, relations."""

    def __init__(self, concepts: dict[str, Any], matching: dict[str, Any]) -> None:
        self.concepts = {slug: _read_concept(slug, row, concepts) for slug, row in concepts.items()}
        self.matching = matching
        self.names: dict[str, tuple[_Entry, ...]] = {}
        for entry in (*_joint_entries(matching["joint_names"]), *_listed_entries(concepts)):
            self._add(normalise_name(entry.alias), entry)
        self.endings = _by_length(matching["endings"])
        self.loose_endings = _by_length(matching["loose_endings"])
        self.link_words = _by_length(matching["link_words"])
        self.openings = _by_length(matching["openings"])
        self.generic: dict[str, dict[str, str]] = {normalise_name(k): v for k, v in matching["generic"].items()}
        self.false_friends = frozenset(normalise_name(word) for word in _words(matching["false_friends"]))
        self.answers_for = _word_lists(matching["answers_for"])
        self.parts = _word_lists(matching["parts"])
        self.may_hold = _word_lists(matching["may_hold"])
        self._check_slugs()

    def _add(self, key: str, entry: _Entry) -> None:
        known = self.names.get(key, ())
        if not any(other.concept == entry.concept for other in known):
            self.names[key] = (*known, entry)

    def _check_slugs(self) -> None:
        used = {entry.concept for entries in self.names.values() for entry in entries}
        for contexts in self.generic.values():
            used |= (set(contexts) - {"_"}) | set(contexts.values())
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
    def year(self) -> re.Pattern[str]:
        return re.compile(self.matching["year"])

    @cached_property
    def joint(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(word) for word in _by_length(self.matching["joints"])))

    @cached_property
    def prefix(self) -> re.Pattern[str]:
        """One place (with its level) or one department at the beginning of a name."""
        places = "|".join(_by_length(self.matching["place_endings"]))
        tails = "|".join(_by_length(self.matching["place_tails"]))
        units = "|".join(_by_length(self.matching["unit_endings"]))
        return re.compile(f"(?P<place>.{{0,8}}?(?:{places}))(?:{tails})?|(?P<unit>.{{1,12}}?(?:{units}))")

    @cached_property
    def common_words(self) -> tuple[str, ...]:
        return _by_length(self.matching["common_words"])

    @cached_property
    def hints(self) -> dict[str, _Entry]:
        """Proper names of four characters and more, and the listed hints: within a longer name they suggest a concept."""
        hints = {
            key: entries[0]
            for key, entries in self.names.items()
            if len(key) >= 4 and len(entries) == 1 and entries[0].match is Match.EXACT
        }
        for concept, words in _word_lists(self.matching["hints"]).items():
            hints.update({word: _Entry(concept, Match.UNSURE, word) for word in words})
        return hints


def _read_concept(slug: str, row: dict[str, Any], concepts: dict[str, Any]) -> Concept:
    parent, kind = row.get("parent"), row.get("kind")
    if kind not in KINDS or (parent is not None and parent not in concepts):
        raise ConceptError(f"栏目概念 {slug} 的 kind 或 parent 无效：{kind}、{parent}")
    return Concept(slug, row["name"], parent, kind)


def _listed_entries(concepts: dict[str, Any]) -> Iterator[_Entry]:
    strengths = {"exact": Match.EXACT, "alternative": Match.ALTERNATIVE, "unsure": Match.UNSURE, "under": None}
    for slug, row in concepts.items():
        for key, match in strengths.items():
            for alias in _words(row.get(key)):
                yield _Entry(slug, match, alias)


def _joint_entries(groups: Iterable[dict[str, str]]) -> Iterator[_Entry]:
    for group in groups:
        concept, *also = _words(group["concepts"])
        for match in (Match.EXACT, Match.ALTERNATIVE):
            for alias in _words(group.get(match.value)):
                yield _Entry(concept, match, alias, tuple(also))


def _by_length(words: str) -> tuple[str, ...]:
    return tuple(sorted(words.split(), key=len, reverse=True))


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    return _Lexicon(_load("concepts.yaml"), _load("matching.yaml"))


# ---------------------------------------------------------------- matching


@lru_cache(maxsize=32768)
def _match(name: str, parents: tuple[str, ...]) -> ConceptMatch | None:
    lexicon = _lexicon()
    cleaned = _without_link_words(name, lexicon)
    key = _with_our_wordings(normalise_name(cleaned), lexicon)
    if len(key) < 2 or key in lexicon.false_friends:
        return None
    if found := _look_up(key, parents, lexicon):
        return found
    if len(key) > MAX_NAME_LENGTH or lexicon.false_friend.search(key):
        return None
    if lexicon.title_mark.search(key):
        return _match_year(key, parents, lexicon)
    return (
        _match_variants(key, parents, lexicon) or _match_joint(cleaned, parents, lexicon) or _match_hint(key, lexicon)
    )


def _without_link_words(name: str, lexicon: _Lexicon) -> str:
    """The name without numbering, counts and words such as 更多>>."""
    text = unicodedata.normalize("NFKC", name).strip(" \t\r\n>»›→·•▪+|-—[]【】.…")
    text = _NUMBERING.sub("", _COUNT.sub("", text))
    for word in lexicon.link_words:
        if text.endswith(word) and len(text) > len(word):
            return text[: -len(word)].rstrip(" >»+|-[(【")
    return text


def _with_our_wordings(key: str, lexicon: _Lexicon) -> str:
    for theirs, ours in lexicon.matching["wordings"].items():
        if theirs in key:
            key = key.replace(theirs, ours)
    return key


def _contexts(parents: tuple[str, ...]) -> Iterator[str]:
    """The concepts of the columns above, nearest first, each followed by its own parents; unsure ones left out."""
    concepts = _lexicon().concepts
    for depth in range(len(parents) - 1, -1, -1):
        above = _match(parents[depth], parents[:depth])
        if above is None or above.match is Match.UNSURE:
            continue
        for stated in (above.concept, *above.also):
            here: str | None = stated
            while here is not None:
                yield here
                here = concepts[here].parent


def _look_up(key: str, parents: tuple[str, ...], lexicon: _Lexicon) -> ConceptMatch | None:
    """A listed name, settled by the columns above where it may mean several things."""
    entries = lexicon.names.get(key, ())
    generic = lexicon.generic.get(key)
    if generic is None and len(entries) == 1 and entries[0].match in (Match.EXACT, Match.ALTERNATIVE):
        return entries[0].as_match(entries[0].match)
    if generic is None and not entries:
        return None
    contexts = tuple(_contexts(parents))
    if generic is not None:
        for context in contexts:
            if context in generic:
                return ConceptMatch(generic[context], Match.ALTERNATIVE, key)
    if entries and (found := _settle(entries, contexts)):
        return found
    if generic is not None and "_" in generic:
        return ConceptMatch(generic["_"], Match.UNSURE, key)
    return None


def _settle(entries: tuple[_Entry, ...], contexts: tuple[str, ...]) -> ConceptMatch:
    """Which of the concepts a listed name means: the one above it, else the only sure one, else the generic one."""
    sure = [entry for entry in entries if entry.match in (Match.EXACT, Match.ALTERNATIVE)]
    for context in contexts:
        for entry in entries:
            if entry.concept == context or (is_within(entry.concept, context) and (entry in sure or not sure)):
                return entry.as_match(Match.EXACT if entry.match is Match.EXACT else Match.ALTERNATIVE)
    if len(sure) == 1 and sure[0].match:
        return sure[0].as_match(sure[0].match)
    for entry in sure:
        if entry.match and all(is_within(other.concept, entry.concept) for other in sure):
            return entry.as_match(entry.match)
    return (sure or entries)[0].as_match(Match.UNSURE)


def _match_year(key: str, parents: tuple[str, ...], lexicon: _Lexicon) -> ConceptMatch | None:
    """A title: nothing, but a plain name with a year below a column that we know may be a yearly sub-column: unsure."""
    bare, count = lexicon.year.subn("", key)
    if count != 1 or not any(True for _ in _contexts(parents)):
        return None
    if len(bare) < 2 or lexicon.title_mark.search(bare):
        return None
    found = _look_up(bare, parents, lexicon)
    return replace(found, match=Match.UNSURE) if found else None


def _match_variants(key: str, parents: tuple[str, ...], lexicon: _Lexicon) -> ConceptMatch | None:
    """The longest listed name that is left when affixes which change nothing are taken off both ends."""
    candidates: dict[str, bool] = {}
    for bare, is_loose in _without_openings(key, lexicon):
        for core, is_looser in _without_endings(bare, lexicon):
            loose = is_loose or is_looser
            candidates[core] = candidates.get(core, True) and loose
    for core in sorted(candidates, key=len, reverse=True):
        if core == key or core in lexicon.false_friends:
            continue
        found = _look_up(core, parents, lexicon)
        if found:
            weaker = candidates[core] and found.match is Match.EXACT
            return replace(found, match=Match.ALTERNATIVE) if weaker else found
    return None


def _without_endings(key: str, lexicon: _Lexicon) -> Iterator[tuple[str, bool]]:
    """The name itself and what is left without its endings: (rest, whether a loose ending was dropped)."""
    pending, seen = [(key, False, 0)], set()
    while pending:
        rest, is_loose, count = pending.pop()
        if rest in seen:
            continue
        seen.add(rest)
        yield rest, is_loose
        if count == MAX_AFFIXES:
            continue
        for endings, loose in ((lexicon.endings, is_loose), (lexicon.loose_endings, True)):
            for ending in endings:
                if rest.endswith(ending) and len(rest) - len(ending) >= 2:
                    pending.append((rest[: -len(ending)], loose, count + 1))


def _without_openings(key: str, lexicon: _Lexicon) -> Iterator[tuple[str, bool]]:
    """The name itself and what is left without places, levels and departments before it."""
    pending, seen = [(key, False, 0)], set()
    while pending:
        rest, is_loose, count = pending.pop()
        if rest in seen or len(rest) < 2:
            continue
        seen.add(rest)
        yield rest, is_loose
        if count == MAX_AFFIXES:
            continue
        for opening in lexicon.openings:
            if rest.startswith(opening):
                pending.append((rest[len(opening) :], is_loose, count + 1))
        for end, loose in _prefix_ends(rest, lexicon):
            pending.append((rest[end:], is_loose or loose, count + 1))


def _prefix_ends(key: str, lexicon: _Lexicon) -> Iterator[tuple[int, bool]]:
    """Where a place or a department at the beginning of the name ends, and whether it makes the match weaker."""
    found = lexicon.prefix.match(key)
    if not found:
        return
    place = found["place"]
    if place is None:
        yield found.end(), True
    elif not place.endswith(lexicon.common_words) or place in "省市州县区旗镇乡":
        yield found.end(), place.endswith(("镇", "乡", "街道", "村"))


def _match_joint(name: str, parents: tuple[str, ...], lexicon: _Lexicon) -> ConceptMatch | None:
    """Two or more things that one name states: an alternative wording when every part is sure, else unsure."""
    parts = [part for part in lexicon.joint.split(_simplify(name)) if normalise_name(part)]
    if len(parts) < 2:
        return None
    found = [_match_part(normalise_name(part), parents, lexicon) for part in parts]
    known = [one for one in found if one]
    sure = [one for one in known if one.match is not Match.UNSURE]
    if not sure:
        return None
    stated = tuple(dict.fromkeys(slug for one in sure for slug in (one.concept, *one.also)))
    strength = Match.ALTERNATIVE if len(sure) == len(parts) else Match.UNSURE
    return ConceptMatch(stated[0], strength, "、".join(one.alias for one in sure), stated[1:])


def _match_part(key: str, parents: tuple[str, ...], lexicon: _Lexicon) -> ConceptMatch | None:
    if len(key) < 2 or key in lexicon.false_friends:
        return None
    return _look_up(key, parents, lexicon) or _match_variants(key, parents, lexicon)


def _match_hint(key: str, lexicon: _Lexicon) -> ConceptMatch | None:
    """The longest listed name within a short name that says more than we understand: unsure."""
    if len(key) > MAX_HINT_LENGTH or _INSTITUTION.search(key):
        return None
    for length in range(min(len(key) - 1, 10), 2, -1):
        for start in range(len(key) - length + 1):
            if entry := lexicon.hints.get(key[start : start + length]):
                return entry.as_match(Match.UNSURE)
    return None
