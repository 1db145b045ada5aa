"""The words of registry files, Chinese and English: heads, levels, profiles, states (``data/registry.yaml``)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeVar

from gkmonitor.errors import RegistryError
from gkmonitor.lexicon import load_data
from gkmonitor.records import Profile
from gkmonitor.registry.records import Channel, Level, PortalState

WordT = TypeVar("WordT", bound=StrEnum)
MAX_SUGGESTIONS: Final = 3
_LEAST_LIKENESS: Final = 60.0  # of 100; below that two words have nothing to do with one another


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return load_data("registry.yaml")


def word_key(text: str) -> str:
    """A word for comparing: full-width forms, case, blanks, brackets and dashes do not count."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if not char.isspace() and char not in "()[]_-、,*:")


@lru_cache(maxsize=8)
def _by_key(list_name: str) -> Mapping[str, str]:
    """Every spelling -> the slug."""
    rows: dict[str, str] = _data()[list_name]
    return {word_key(word): slug for slug, words in rows.items() for word in (slug, *words.split())}


def storable(text: str) -> str:
    """A word from a command line as a database takes it: bytes that are no text and NUL replaced, ends stripped."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?").strip()


def head_of(text: str) -> str | None:
    """The field that a head names, or None."""
    return _by_key("heads").get(word_key(text))


def heads() -> Mapping[str, str]:
    """Every field and its Chinese head, in the order of exports."""
    return {field: words.split()[0] for field, words in _data()["heads"].items()}


def head_spellings() -> tuple[str, ...]:
    """All heads that are understood, for suggestions."""
    return tuple(word for field, words in _data()["heads"].items() for word in (field, *words.split()))


def in_chinese(list_name: str, slug: str) -> str:
    """The word that people read: 县级 for county."""
    words = str(_data()[list_name].get(slug, slug)).split()
    return words[0]


_LISTS: Final = {"level": "levels", "profile": "profiles", "state": "states"}


def field_words(name: str, value: object) -> tuple[str, str]:
    """A field of a portal and its value as people read them; what is no field of ours stays as written."""
    if value in (None, "", [], (), {}):
        shown = "（空）"
    elif isinstance(value, Mapping):
        shown = "，".join(f"{key}={text}" for key, text in value.items())
    elif isinstance(value, list | tuple):
        shown = "/".join(str(part) for part in value)
    else:
        shown = in_chinese(_LISTS[name], str(value)) if name in _LISTS else str(value)
    return _OTHER_FIELDS.get(name) or heads().get(name, name), shown


_OTHER_FIELDS: Final = {"path": "所在位置", "notes": "备注", "contacts": "联系人"}


def level_of_word(text: str) -> Level:
    """Raises RegistryError, naming near words."""
    return _chosen(Level, "levels", "层级", text)


def state_of_word(text: str) -> PortalState:
    """Raises RegistryError, naming near words."""
    return _chosen(PortalState, "states", "状态", text)


def channel_of_word(text: str) -> Channel:
    """Raises RegistryError, naming near words."""
    return _chosen(Channel, "channels", "联系方式", text)


def profile_of_word(text: str, level: Level | None = None) -> Profile:
    """A profile by its word; 门户网站 is one only together with a level. Raises RegistryError, naming near words."""
    by_level = _data()["portals_by_level"]
    if word_key(text) in {word_key(word) for word in by_level["words"].split()}:
        if level is None or level not in by_level:
            raise RegistryError(f"“{text}”要和层级（省级、市级、县级）一起才知道是哪一类，请填写层级或写明“县级门户”等")
        return Profile(by_level[level])
    return _chosen(Profile, "profiles", "类型", text)


def _chosen(words: type[WordT], list_name: str, kind: str, text: str) -> WordT:
    slug = _by_key(list_name).get(word_key(text))
    if slug is None:
        known = "、".join(f"{in_chinese(list_name, word)}（{word.value}）" for word in words)
        hint = suggestion(text, _spellings(list_name))
        raise RegistryError(f"没有“{text[:40]}”这个{kind}，{hint}可填写：{known}")
    return words(slug)


@lru_cache(maxsize=8)
def _spellings(list_name: str) -> tuple[str, ...]:
    return tuple(word for slug, words in _data()[list_name].items() for word in (slug, *words.split()))


def nearest(text: str, known: tuple[str, ...], least: float = _LEAST_LIKENESS) -> list[str]:
    """The likest of the known words, best first."""
    from rapidfuzz import fuzz, process

    found = process.extract(
        word_key(text), known, scorer=fuzz.ratio, processor=word_key, limit=MAX_SUGGESTIONS, score_cutoff=least
    )
    return [word for word, _, _ in found]


def suggestion(text: str, known: tuple[str, ...]) -> str:
    """``是不是“县级”？`` or nothing."""
    near = nearest(text, known)
    return f"是不是“{near[0]}”？" if near else ""
