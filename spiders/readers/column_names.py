"""Names of columns as pages print them: cleaned, and told apart from tools, pagers and article titles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from gkmonitor.concepts import match_name
from gkmonitor.lexicon import simplify
from gkmonitor.records import Match
from spiders.word_lists import read_word_lists

NAME_CHARACTERS: Final = 22  # the longest names of columns met have about twenty characters
SHORT_NAME_CHARACTERS: Final = 9
CLEANED_CHARACTERS: Final = 400
MORE_CHARACTERS: Final = 16
MAX_REMEMBERED: Final = 32_768

_SPACES: Final = re.compile(r"[\s\u00a0\u3000\u200b-\u200f\ufeff]+")
_HAN_GAP: Final = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_EDGES: Final = re.compile(
    r"^[\s·•.。,，、|｜>》»›→+＋\-—–_=*★☆■□▪◆●○◎※#:：/\\&@]+|[\s·•,，、|｜>》»›→+＋\-—–_=*★☆■□▪◆●▼▽▾∨↓:：/\\&]+$"
)
_COUNT: Final = re.compile(r"\s*[(（\[【]\s*\d+\s*[条篇个件]?\s*[)）\]】]$")
_CUT_OFF: Final = ("..", "…", "。。。")
_WORD: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[A-Za-z]{2,}|\d[A-Za-z]")
_DATED: Final = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}|\d{1,2}月\d{1,2}日|\d{1,2}[-/]\d{1,2}(?!\d)")
_SENTENCE: Final = re.compile(r"[。！？!?；;，,]|^关于.{6,}|.{8,}(?:通知|公告|意见|办法|召开|举行|开展)$")
_PUBLICITY: Final = re.compile(r".{8,}公示$")


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
    breadcrumb_parts: tuple[str, ...]  # one of which is in each of these
    breadcrumb_ends: frozenset[str]


@cache
def navigation_words() -> NavigationWords:
    """The word lists, read once a process."""
    raw = read_word_lists("navigation")
    labels = set(raw["breadcrumb"])
    return NavigationWords(
        home=_folded(raw["home"]),
        tools=_folded(raw["tools"]),
        tool_parts=tuple(raw["tool_parts"]),
        typical=_folded(raw["typical"]),
        typical_openings=tuple(raw["typical_openings"]),
        more=_folded(raw["more"]),
        breadcrumb=tuple(sorted(labels, key=len, reverse=True)),
        breadcrumb_parts=tuple(one for one in labels if not any(other in one for other in labels - {one})),
        breadcrumb_ends=_folded(raw["breadcrumb_ends"]),
    )


def _folded(words: Iterable[object]) -> frozenset[str]:
    return frozenset(fold_name(str(word)) for word in words)


class Name:
    """A text as a name, and what it says: each trait is worked out when it is first asked for, and then kept."""

    __slots__ = ("_cleaned", "_folded", "_is_column", "_is_home", "_is_more", "_is_stated", "_is_typical", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._cleaned: str | None = None
        self._folded: str | None = None
        self._is_column: bool | None = None
        self._is_home: bool | None = None
        self._is_more: bool | None = None
        self._is_stated: bool | None = None
        self._is_typical: bool | None = None

    @property
    def cleaned(self) -> Name:
        """The name as displayed: blanks between Han characters, bullets, arrows and counts dropped; a name that stands
        twice in its link (a hover copy) once. Of long texts only the first 400 characters are looked at."""
        if self._cleaned is None:
            self._cleaned = _clean(self.text[:CLEANED_CHARACTERS])
        return self if self._cleaned == self.text else find_name(self._cleaned)

    @property
    def folded(self) -> str:
        """The key under which one name's spellings meet: NFKC, simplified characters, no blanks, lower case."""
        if self._folded is None:
            self._folded = _fold(self.text)
        return self._folded

    @property
    def is_home(self) -> bool:
        """首页 and its variants."""
        if self._is_home is None:
            self._is_home = self.folded in navigation_words().home
        return self._is_home

    @property
    def is_more(self) -> bool:
        """Whether a link's text only says "more"."""
        if self._is_more is None:
            self._is_more = len(self.text) <= MORE_CHARACTERS and self.folded in navigation_words().more
        return self._is_more

    @property
    def is_column(self) -> bool:
        """Whether a name can be a column's at all: words of sensible length that are no tool of the site, no date."""
        if self._is_column is None:
            self._is_column = _can_be_column(self)
        return self._is_column

    @property
    def is_stated(self) -> bool:
        """Whether it surely states a concept."""
        if self._is_stated is None:
            found = match_name(self.text)
            self._is_stated = found is not None and found.match is not Match.UNSURE
        return self._is_stated

    @property
    def is_typical(self) -> bool:
        """Whether menus of portals often have this name."""
        if self._is_typical is None:
            words = navigation_words()
            is_listed = self.folded in words.typical or self.text.startswith(words.typical_openings)
            self._is_typical = is_listed or self.is_stated
        return self._is_typical


_NAMES: Final[dict[str, Name]] = {}


def find_name(text: str) -> Name:
    """What is known of a text as a name. The pages of one site share most of their names, so they are kept; a table
    that is full is begun anew, which costs less than knowing which names were asked for last."""
    found = _NAMES.get(text)
    if found is None:
        if len(_NAMES) >= MAX_REMEMBERED:
            _NAMES.clear()
        found = _NAMES[text] = Name(text)
    return found


def clean_name(text: str) -> str:
    """The name as displayed; see ``Name.cleaned``."""
    return find_name(text[:CLEANED_CHARACTERS]).cleaned.text


def _clean(text: str) -> str:
    name = text
    if not text.isalnum():  # which most names are, and which leaves nothing to drop
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


def fold_name(name: str) -> str:
    """The key under which one name's spellings meet; see ``Name.folded``."""
    return find_name(name).folded


def _fold(name: str) -> str:
    if not unicodedata.is_normalized("NFKC", name):
        name = unicodedata.normalize("NFKC", name)
    if not name.isalnum():
        name = _SPACES.sub("", name)
    return simplify(name).lower()


def is_home_name(name: str) -> bool:
    """首页 and its variants."""
    return find_name(name).is_home


def is_column_name(name: str) -> bool:
    """Whether a name can be a column's at all; see ``Name.is_column``."""
    return 2 <= len(name) <= NAME_CHARACTERS and find_name(name).is_column


def _can_be_column(name: Name) -> bool:
    text = name.text
    if not 2 <= len(text) <= NAME_CHARACTERS or not _WORD.search(text):
        return False
    if not text.isalpha() and _DATED.search(text):
        return False
    words, key = navigation_words(), name.folded
    if key in words.tools or key in words.home or key in words.more:
        return False
    if any(part in text for part in words.tool_parts) or _SENTENCE.search(text):
        return False
    return not text.endswith("公示") or not _PUBLICITY.search(text) or _is_listed(text)


def _is_listed(name: str) -> bool:
    """Whether a long name is one that columns have word for word (行政许可和行政处罚等信用信息公示)."""
    found = match_name(name)
    return found is not None and found.match is not Match.UNSURE and len(found.alias) >= len(name) - 1


def is_typical(name: str) -> bool:
    """Whether menus of portals often have this name."""
    return find_name(name).is_typical


def is_more(text: str) -> bool:
    """Whether a link's text only says "more"."""
    return len(text) <= MORE_CHARACTERS and find_name(text).is_more


def is_cut_off(name: str) -> bool:
    """Whether a displayed name ends in an ellipsis."""
    return name.endswith(_CUT_OFF)
