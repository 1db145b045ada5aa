"""Names of columns as pages print them: cleaned, and told apart from tools, pagers and article titles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from gkmonitor.concepts import match_name
from gkmonitor.lexicon import simplify
from gkmonitor.records import Match
from spiders.word_lists import read_word_lists

NAME_CHARACTERS: Final = 22  # the longest names of columns met have about twenty characters
SHORT_NAME_CHARACTERS: Final = 9
CLEANED_CHARACTERS: Final = 400

_SPACES = re.compile(r"[\s\u00a0\u3000\u200b-\u200f\ufeff]+")
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_EDGES = re.compile(
    r"^[\s·•.。,，、|｜>》»›→+＋\-—–_=*★☆■□▪◆●○◎※#:：/\\&@]+|[\s·•,，、|｜>》»›→+＋\-—–_=*★☆■□▪◆●▼▽▾∨↓:：/\\&]+$"
)
_COUNT = re.compile(r"\s*[(（\[【]\s*\d+\s*[条篇个件]?\s*[)）\]】]$")
_CUT_OFF = re.compile(r"(?:\.{2,}|…+|。{3,})$")
_WORD = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[A-Za-z]{2,}|\d[A-Za-z]")
_DATED = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}|\d{1,2}月\d{1,2}日|\d{1,2}[-/]\d{1,2}(?!\d)")
_SENTENCE = re.compile(r"[。！？!?；;，,]|^关于.{6,}|.{8,}(?:通知|公告|意见|办法|召开|举行|开展)$")
_PUBLICITY = re.compile(r".{8,}公示$")


@dataclass(frozen=True, slots=True)
class NavigationWords:
    """The word lists of ``spiders/data/navigation.yaml``, folded as ``fold_name`` does."""

    home: frozenset[str]
    tools: frozenset[str]
    tool_parts: tuple[str, ...]
    typical: frozenset[str]
    typical_openings: tuple[str, ...]
    more: frozenset[str]
    breadcrumb: tuple[str, ...]
    breadcrumb_ends: frozenset[str]


@cache
def navigation_words() -> NavigationWords:
    """The word lists, read once a process."""
    raw = read_word_lists("navigation")
    return NavigationWords(
        home=_folded(raw["home"]),
        tools=_folded(raw["tools"]),
        tool_parts=tuple(raw["tool_parts"]),
        typical=_folded(raw["typical"]),
        typical_openings=tuple(raw["typical_openings"]),
        more=_folded(raw["more"]),
        breadcrumb=tuple(sorted(set(raw["breadcrumb"]), key=len, reverse=True)),
        breadcrumb_ends=_folded(raw["breadcrumb_ends"]),
    )


def _folded(words: Iterable[object]) -> frozenset[str]:
    return frozenset(fold_name(str(word)) for word in words)


def clean_name(text: str) -> str:
    """The name as displayed: blanks between Han characters, bullets, arrows and counts dropped; a name that stands
    twice in its link (a hover copy) once. Of long texts only the first 400 characters are looked at."""
    return _clean(text[:CLEANED_CHARACTERS])


@lru_cache(maxsize=16_384)
def _clean(text: str) -> str:
    name = _HAN_GAP.sub("", _SPACES.sub(" ", text)).strip()
    name = _COUNT.sub("", _EDGES.sub("", name)).strip()
    half, odd = divmod(len(name), 2)
    if not odd and half >= 2 and name[:half] == name[half:]:
        return name[:half]
    if " " in name:
        first, _, second = name.partition(" ")
        if first == second:
            return first
    return name


@lru_cache(maxsize=16_384)
def fold_name(name: str) -> str:
    """The key under which one name's spellings meet: NFKC, simplified characters, no blanks, lower case."""
    return simplify(_SPACES.sub("", unicodedata.normalize("NFKC", name))).lower()


@lru_cache(maxsize=16_384)
def is_home_name(name: str) -> bool:
    """首页 and its variants."""
    return fold_name(name) in navigation_words().home


@lru_cache(maxsize=16_384)
def is_column_name(name: str) -> bool:
    """Whether a name can be a column's at all: words of sensible length that are no tool of the site and no date."""
    if not 2 <= len(name) <= NAME_CHARACTERS or not _WORD.search(name) or _DATED.search(name):
        return False
    words, key = navigation_words(), fold_name(name)
    if key in words.tools or key in words.home or key in words.more:
        return False
    if any(part in name for part in words.tool_parts) or _SENTENCE.search(name):
        return False
    return not _PUBLICITY.search(name) or _is_listed(name)


def _is_listed(name: str) -> bool:
    """Whether a long name is one that columns have word for word (行政许可和行政处罚等信用信息公示)."""
    found = match_name(name)
    return found is not None and found.match is not Match.UNSURE and len(found.alias) >= len(name) - 1


@lru_cache(maxsize=16_384)
def is_typical(name: str) -> bool:
    """Whether menus of portals often have this name."""
    words = navigation_words()
    if fold_name(name) in words.typical or name.startswith(words.typical_openings):
        return True
    found = match_name(name)
    return found is not None and found.match is not Match.UNSURE


@lru_cache(maxsize=16_384)
def is_more(text: str) -> bool:
    """Whether a link's text only says "more"."""
    if len(text) > 16:
        return False
    return fold_name(text) in navigation_words().more


def is_cut_off(name: str) -> bool:
    """Whether a displayed name ends in an ellipsis."""
    return bool(_CUT_OFF.search(name))
