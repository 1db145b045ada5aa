"""Literal words in a text, all of them looked for in one pass.

Python searches a text of 26 KB for one word in 5 to 15 microseconds, and the readers ask for a hundred. The
Aho-Corasick machine of the Rust library, with its vector instructions, answers for sixty words at once in 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ahocorasick_rs import BytesAhoCorasick, MatchKind

MAX_WORDS: Final = 64  # with more, the library gives up its fast search for one that is ten times slower


class Spotter:
    """Tells whether any of some words occurs in a text. ``source`` is the text in UTF-8."""

    __slots__ = ("_machines",)

    def __init__(self, words: Iterable[str]) -> None:
        encoded = [word.encode() for word in dict.fromkeys(words)]
        groups = [encoded[begin : begin + MAX_WORDS] for begin in range(0, len(encoded), MAX_WORDS)]
        self._machines = [BytesAhoCorasick(group, MatchKind.LeftmostFirst) for group in groups]

    def is_in(self, source: bytes) -> bool:
        for machine in self._machines:
            if machine.find_matches_as_indexes(source):
                return True
        return False

    def places_in(self, source: bytes) -> list[int]:
        """Where words begin, in bytes, in order; of words that overlap one at least."""
        places = [begin for machine in self._machines for _, begin, _ in machine.find_matches_as_indexes(source)]
        if len(self._machines) > 1:
            places.sort()
        return places


class WordSpotter:
    """Tells which of some words occur in a text, at most sixty."""

    __slots__ = ("_hidden", "_machine", "_ordered", "words")

    def __init__(self, words: Iterable[str]) -> None:
        ordered = tuple(dict.fromkeys(words))
        self.words = frozenset(ordered)
        self._machine = BytesAhoCorasick([word.encode() for word in ordered], MatchKind.LeftmostFirst)
        self._ordered = ordered
        # Of each word those that the search passes over where they begin inside it: they are looked for around it.
        self._hidden = [
            [(one, one.encode()) for one in ordered if one != word and _may_begin_in(word, one)] for word in ordered
        ]

    def found_in(self, source: bytes) -> frozenset[str]:
        """``source`` is the text in UTF-8."""
        ordered, hidden = self._ordered, self._hidden
        found: set[str] = set()
        for number, begin, end in self._machine.find_matches_as_indexes(source):
            found.add(ordered[number])
            for word, encoded in hidden[number]:
                if encoded in source[begin : end + len(encoded)]:
                    found.add(word)
        return frozenset(found)


def _may_begin_in(word: str, other: str) -> bool:
    return other in word or any(other.startswith(word[begin:]) for begin in range(len(word)))


# What breadcrumbs have in their class (crumb, position, location, weizhi, dqwz) as it is spelt; most are shortened,
# so that no other word may begin where they end.
CRUMB_CLASSES: Final = (
    *("crum", "Crum", "CRUM", "posit", "Posit", "POSIT", "location", "Locat", "LOCAT"),
    *("weizhi", "Weizhi", "WeiZhi", "weiZhi", "WEIZHI", "dqwz", "Dqwz", "DqWz", "dqWz", "dqWZ", "DQWZ"),
)
# What a catalogue in a script has: the keys of a node's parent, or calls that add nodes.
CATALOGUE_MARKS: Final = ("pId", "parentId", "pid", ".add(")

# What the readers ask of a page's source: what its scripts do, pins, the marks of public bodies and of systems.
SOURCE_WORDS: Final = WordSpotter(
    (
        *CRUMB_CLASSES,
        *CATALOGUE_MARKS,
        *("document.write", "reatePage", "countPage", "onclick", "置顶", "istop", "zhiding"),
        *("dcs.conac.cn", "bszs.conac.cn", "jiucuo", "zfwzgl.www.gov.cn", "pucha.kaipuyun"),
        *("$.get", "$.post", "jQuery.get", "jQuery.post", "axios.get", "axios.post", "$http.get", "$http.post"),
        *("fetch", "searchList", "getLocalList", "dataproxy", "location"),
        *("TRS_", "CurrChnlCls", 'id="line_u', "vsb_content", "wp_articlecontent", "belongcreateorgid", "buildstatic"),
    )
)
