"""What a column is for, whatever its name: the concepts and the matcher of names.

The concepts and all names are data (``data/concepts.yaml``), as are the words that surround a name, the false friends
and the relations between concepts (``data/matching.yaml``). Both files are read at first use, not at import.

A match is *exact* (a proper name of the concept), *alternative* (another wording that still states it) or *unsure*; an
unsure match must never lead to an accusation, neither as a column that is bad nor as a column that is missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from gkmonitor.errors import ConceptError
from gkmonitor.lexicon import Concept, Entry, Lexicon, get_lexicon, normalise_name, simplify
from gkmonitor.records import Match

__all__ = [
    "Concept",
    "ConceptMatch",
    "all_concepts",
    "concepts_stated",
    "get_concept",
    "is_within",
    "match_name",
    "may_hold",
    "normalise_name",
    "satisfied_by",
    "satisfies",
    "simplify",
]

MAX_NAME_LENGTH: Final = 24  # characters; what is longer is a title or a sentence, unless it is listed as a name
MAX_HINT_LENGTH: Final = 16
MAX_HINT_WORD_LENGTH: Final = 10
MAX_HINT_PARTS: Final = 2  # more parts between blanks are several names run together
MAX_AFFIXES: Final = 3  # dropped from either end of one name
MIN_LENGTH_AFTER_UNIT: Final = (
    4  # 教育局动态, 民政局职责 are about that department; 财政局预决算公开 states the concept in full
)

_COUNT: Final = re.compile(r"[\[(【]\s*\d+\s*[条篇件个]?\s*[\])】]\s*$")
_NUMBERING: Final = re.compile(r"^\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[、.)](?=\D)")
_SENTENCE: Final = re.compile(r"[《》？?！!…：:；;，,]")
_EDGES: Final = re.compile(r"^[^\w“\"(（【]+|[^\w”\")）】]+$")
_INSTITUTION: Final = re.compile(r"(?:[局厅处科委部院校系会办馆网队所站]|中心|公司|大学|学院|政府|网站|系统)$")


@dataclass(frozen=True, slots=True)
class ConceptMatch:
    """What a name states: the concept, how surely, by which listed name; ``also``: further concepts that it states."""

    concept: str
    match: Match
    alias: str
    also: tuple[str, ...] = ()


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
        return get_lexicon().concepts[slug]
    except KeyError:
        raise ConceptError(f"没有名为“{slug}”的栏目概念，请使用概念表中的代码，例如 budget、news") from None


def all_concepts() -> Mapping[str, Concept]:
    """Every concept by slug, in the order of the data."""
    return MappingProxyType(get_lexicon().concepts)


@lru_cache(maxsize=16384)
def is_within(slug: str, ancestor: str) -> bool:
    """Whether ``slug`` is ``ancestor`` or lies below it by the chain of parents."""
    concepts = get_lexicon().concepts
    here: str | None = slug
    while here is not None:
        if here == ancestor:
            return True
        here = concepts[here].parent if here in concepts else None
    return False


@lru_cache(maxsize=16384)
def satisfies(have: str, wanted: str) -> bool:
    """Whether a column of concept ``have`` is in itself a column for ``wanted``.

    True for the same concept and for joint columns: ``fiscal`` answers for budget, final-accounts and
    three-public-expenses, ``double-publicity`` for permits and penalties. A part does not answer for the whole
    (``satisfied_by`` adds parts up), and ``budget`` from a joint name such as 预决算公开 answers for the accounts
    through ``concepts_stated``, not here.
    """
    return have == wanted or wanted in get_lexicon().answers_for.get(have, ())


def satisfied_by(have: Collection[str], wanted: str) -> bool:
    """Whether columns of the concepts ``have`` together answer for ``wanted``: one satisfies it, or all its parts."""
    if any(satisfies(slug, wanted) for slug in have):
        return True
    parts = get_lexicon().parts.get(wanted, ())
    return bool(parts) and all(any(satisfies(slug, part) for slug in have) for part in parts)


@lru_cache(maxsize=16384)
def may_hold(have: str, wanted: str) -> bool:
    """Whether a column of concept ``have`` often holds what ``wanted`` asks for without saying so.

    Where only such a column is found, the absence of ``wanted`` cannot be stated: a column 财政资金 often
    holds the budgets.
    """
    return satisfies(have, wanted) or wanted in get_lexicon().may_hold.get(have, ())


# ---------------------------------------------------------------- matching


@lru_cache(maxsize=32768)
def _match(name: str, parents: tuple[str, ...]) -> ConceptMatch | None:
    words = get_lexicon()
    cleaned = _without_link_words(name, words)
    key = _with_our_wordings(normalise_name(cleaned), words)
    if len(key) < 2 or key in words.false_friends:
        return None
    if found := _look_up(key, parents, words):
        return found
    if len(key) > MAX_NAME_LENGTH or _SENTENCE.search(cleaned) or words.false_friend.search(key):
        return None
    if words.title_mark.search(key):
        return _match_year(key, parents, words)
    if found := _match_variants(key, parents, words):
        return found
    if found := _match_family(key, words):
        return found
    if _INSTITUTION.search(key):
        return None
    return _match_joint(cleaned, parents, words) or _match_hint(cleaned, key, words)


def _without_link_words(name: str, words: Lexicon) -> str:
    """The name without bullets, numbering, counts and words such as 更多>>."""
    text = unicodedata.normalize("NFKC", name)
    if not text.isalnum():  # which most names are, and which leaves nothing of that kind
        text = _without_edges(_NUMBERING.sub("", _COUNT.sub("", _without_edges(text))))
    if text.endswith(words.link_words):
        for word in words.link_words:
            if text.endswith(word) and len(text) > len(word):
                return _without_edges(text[: -len(word)])
    return text


def _without_edges(text: str) -> str:
    """The text without what is no letter, digit or bracket at its ends; most names begin and end with letters."""
    return text if text[:1].isalnum() and text[-1:].isalnum() else _EDGES.sub("", text)


def _with_our_wordings(key: str, words: Lexicon) -> str:
    if words.wording is None or words.wording.search(key) is None:
        return key
    for theirs, ours in words.wordings.items():
        key = key.replace(theirs, ours)
    return key


def _contexts(parents: tuple[str, ...]) -> Iterator[str]:
    """The concepts of the columns above, nearest first, each followed by its own parents; unsure ones left out."""
    concepts = get_lexicon().concepts
    for depth in range(len(parents) - 1, -1, -1):
        above = _match(parents[depth], parents[:depth])
        if above is None or above.match is Match.UNSURE:
            continue
        for stated in (above.concept, *above.also):
            here: str | None = stated
            while here is not None:
                yield here
                here = concepts[here].parent


def _look_up(key: str, parents: tuple[str, ...], words: Lexicon) -> ConceptMatch | None:
    """A listed name, settled by the columns above where it may mean several things."""
    entries = words.names.get(key, ())
    generic = words.generic.get(key)
    if generic is None and not entries:
        return None
    if generic is None and len(entries) == 1 and entries[0].is_sure:
        return _as_match(entries[0], entries[0].match)
    contexts = tuple(_contexts(parents))
    if generic is not None:
        for context in contexts:
            if context in generic:
                return ConceptMatch(generic[context], Match.ALTERNATIVE, key)
    if entries:
        return _settle(entries, contexts)
    if generic is not None and "_" in generic:
        return ConceptMatch(generic["_"], Match.UNSURE, key)
    return None


def _settle(entries: tuple[Entry, ...], contexts: tuple[str, ...]) -> ConceptMatch:
    """Which of its concepts a listed name means: the one above it, else the only sure one, else the generic one."""
    sure = [entry for entry in entries if entry.is_sure]
    for context in contexts:
        for entry in entries:
            if entry.concept == context or (is_within(entry.concept, context) and (entry.is_sure or not sure)):
                return _as_match(entry, entry.match if entry.is_sure else Match.ALTERNATIVE)
    for entry in sure:
        if all(is_within(other.concept, entry.concept) for other in sure):
            return _as_match(entry, entry.match)
    return _as_match((sure or entries)[0], Match.UNSURE)


def _as_match(entry: Entry, match: Match | None) -> ConceptMatch:
    return ConceptMatch(entry.concept, match or Match.UNSURE, entry.alias, entry.also)


def _match_year(key: str, parents: tuple[str, ...], words: Lexicon) -> ConceptMatch | None:
    """A title: nothing, but a plain name with a year below a column that we know may be a yearly sub-column: unsure."""
    bare, count = words.year.subn("", key)
    if count != 1 or len(bare) < 2 or words.title_mark.search(bare) or not any(True for _ in _contexts(parents)):
        return None
    found = _look_up(bare, parents, words)
    return replace(found, match=Match.UNSURE) if found else None


def _match_variants(key: str, parents: tuple[str, ...], words: Lexicon) -> ConceptMatch | None:
    """The longest listed name that is left when affixes which change nothing are taken off both ends."""
    candidates: dict[str, bool] = {}
    for bare, is_loose in _without_openings(key, words):
        for core, is_looser in _without_endings(bare, words):
            candidates[core] = candidates.get(core, True) and (is_loose or is_looser)
    for core in sorted(candidates, key=len, reverse=True):
        if core == key or core in words.false_friends:
            continue
        if found := _look_up(core, parents, words):
            is_weaker = candidates[core] and found.match is Match.EXACT
            return replace(found, match=Match.ALTERNATIVE) if is_weaker else found
    return None


def _without_endings(key: str, words: Lexicon) -> Iterator[tuple[str, bool]]:
    """The name itself and what is left without its endings: (rest, whether a loose ending was dropped)."""
    pending = [(key, False, 0)]
    seen = set()
    while pending:
        rest, is_loose, count = pending.pop()
        if (rest, is_loose) in seen:
            continue
        seen.add((rest, is_loose))
        yield rest, is_loose
        if count < MAX_AFFIXES:
            for ending, loose in words.endings.get(rest[-1], ()):
                if rest.endswith(ending) and len(rest) - len(ending) >= 2:
                    pending.append((rest[: -len(ending)], is_loose or loose, count + 1))


def _without_openings(key: str, words: Lexicon) -> Iterator[tuple[str, bool]]:
    """The name itself and what is left without places, levels and departments before it."""
    pending = [(key, False, 0)]
    seen = set()
    while pending:
        rest, is_loose, count = pending.pop()
        if (rest, is_loose) in seen or len(rest) < 2:
            continue
        seen.add((rest, is_loose))
        yield rest, is_loose
        if count < MAX_AFFIXES:
            for opening in words.openings.get(rest[0], ()):
                if rest.startswith(opening):
                    pending.append((rest[len(opening) :], is_loose, count + 1))
            for end, loose in _prefix_ends(rest, words):
                pending.append((rest[end:], is_loose or loose, count + 1))


def _prefix_ends(key: str, words: Lexicon) -> Iterator[tuple[int, bool]]:
    """Where a place or a department at the beginning of a name ends, and whether it makes the match weaker."""
    place = words.place.match(key)
    if place and (place["place"] in words.place_words or not place["place"].endswith(words.common_words)):
        yield place.end(), place["place"].endswith(words.weak_place_endings)
    unit = words.unit.match(key)
    if unit and len(key) - unit.end() >= MIN_LENGTH_AFTER_UNIT:
        yield unit.end(), True


def _match_family(key: str, words: Lexicon) -> ConceptMatch | None:
    for pattern, concept, match in words.families:
        if pattern.search(key):
            return ConceptMatch(concept, match, key)
    return None


def _match_joint(name: str, parents: tuple[str, ...], words: Lexicon) -> ConceptMatch | None:
    """Two or more things that one name states: an alternative wording when every part is sure, else unsure."""
    name = simplify(name)
    if words.joint.search(name) is None:
        return None
    parts = [key for key in map(normalise_name, words.joint.split(name)) if key]
    if len(parts) < 2:
        return None
    found = [_match_part(part, parents, words) for part in parts]
    sure = [one for one in found if one and one.match is not Match.UNSURE]
    if not sure:
        return None
    stated = tuple(dict.fromkeys(slug for one in sure for slug in (one.concept, *one.also)))
    strength = Match.ALTERNATIVE if len(sure) == len(parts) else Match.UNSURE
    return ConceptMatch(stated[0], strength, "、".join(one.alias for one in sure), stated[1:])


def _match_part(key: str, parents: tuple[str, ...], words: Lexicon) -> ConceptMatch | None:
    if len(key) < 2 or key in words.false_friends:
        return None
    return _look_up(key, parents, words) or _match_variants(key, parents, words)


def _match_hint(name: str, key: str, words: Lexicon) -> ConceptMatch | None:
    """The longest listed name within a short name that says more than we understand: unsure."""
    if len(key) > MAX_HINT_LENGTH or len(name.split()) > MAX_HINT_PARTS:
        return None
    starts = [start for start in range(len(key) - 2) if key[start : start + 3] in words.hint_openings]
    for length in range(min(len(key) - 1, MAX_HINT_WORD_LENGTH), 2, -1) if starts else ():
        for start in starts:
            if start + length <= len(key) and (entry := words.hints.get(key[start : start + length])):
                return _as_match(entry, Match.UNSURE)
    return None
