"""Sentences that explain a page: why a column is blank, that nothing arose, that a site is being rebuilt, has moved.

A sentence counts only where the page itself says it: never from scripts, comments, hidden elements, menus, footers, and
never from the titles in a list, because an item called 系统维护 says nothing about the page that lists it. Words are
quoted as printed. The patterns are data (``spiders/data/statements.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from selectolax.lexbor import LexborNode

from gkmonitor.concepts import normalise_name
from gkmonitor.records import Statement, StatementKind
from spiders.readers.document import Document
from spiders.readers.spotting import Spotter
from spiders.word_lists import read_word_lists

WORDS_CHARACTERS: Final = 120
SIGN_ON_CHARACTERS: Final = 300
MAX_STATEMENTS: Final = 12
MAX_CANDIDATES: Final = 60
SENTENCE_CHARACTERS: Final = 300
MAX_LOOKED_AT: Final = 500  # texts that may be such a sentence
_TEXT_ID: Final = 2  # the parser's number for text nodes

_ORDER: Final = (
    StatementKind.NIL_STATEMENT,
    StatementKind.EXPLAINED_BLANK,
    StatementKind.ARCHIVE,
    StatementKind.MOVED,
    StatementKind.UPGRADE,
    StatementKind.LOGIN,
)
_SENTENCE_END: Final = re.compile(r"(?<=[。！？!?；;])|\n+|\r+|\t{2,}")
_CLAUSE_END: Final = re.compile(r"[，,；;：:、]+")
_CHROME: Final = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|foot\w*|header|crumb\w*|breadcrumb\w*|search\w*|copyright|friend\w*|pager|pagination|share\w*)"
    r"(?:$|[\s_-])"
)


def read_statements(source: Document | str) -> tuple[Statement, ...]:
    """What a page says about itself, in page order, each kind and wording once, at most twelve.

    ``source``: the page, or the visible text of its main content (one line a block). ``words`` is the sentence as
    printed, at most 120 characters. A bare "no information" (暂无相关信息) explains nothing and is not a statement.
    """
    if isinstance(source, str):
        return _collect(_SENTENCE_END.split(source))
    stated: tuple[Statement, ...] = ()
    lines = _lines_with(_patterns().triggers, source.visible_source)
    if lines:
        candidates = [line for line in lines if any(map(_kind_of, _SENTENCE_END.split(line)))]
        stated = _collect(_own_sentences(source, candidates)) if candidates else ()
    wall = _sign_on(source)
    return (*stated, wall) if wall is not None and all(s.kind is not StatementKind.LOGIN for s in stated) else stated


def _lines_with(words: Spotter, source: bytes) -> list[str]:
    """The first lines of the text in which one of the words stands."""
    found: dict[bytes, None] = {}
    end = 0
    for place in words.places_in(source):
        if place < end:
            continue  # the line is found already
        begin, end = source.rfind(b"\n", 0, place) + 1, source.find(b"\n", place)
        if end < 0:
            end = len(source)
        found[source[begin:end]] = None
        if len(found) == MAX_CANDIDATES:
            break
    return [line.decode() for line in found]


def _collect(sentences: Iterable[str]) -> tuple[Statement, ...]:
    found: dict[tuple[StatementKind, str], Statement] = {}
    for sentence in sentences:
        words = " ".join(sentence.split())
        kind = _kind_of(words)
        if kind is not None:
            quoted = words if len(words) <= WORDS_CHARACTERS else words[: WORDS_CHARACTERS - 1] + "…"
            found.setdefault((kind, quoted), Statement(kind, quoted))
        if len(found) == MAX_STATEMENTS:
            break
    return tuple(found.values())


def _may_state(text: str) -> bool:
    return len(text) >= 4 and _patterns().trigger.search(text) is not None


def _kind_of(sentence: str) -> StatementKind | None:
    if len(sentence) > SENTENCE_CHARACTERS or not _may_state(sentence):
        return None
    key = "，".join(map(normalise_name, _CLAUSE_END.split(sentence)))
    return next((kind for kind, pattern in _patterns().kinds if pattern.search(key)), None)


# ---------------------------------------------------------------- only what the page itself says


def _own_sentences(document: Document, candidates: list[str]) -> Iterator[str]:
    """The sentences of the candidate lines that stand in the page's own text rather than in a link, menu or footer."""
    body = document.tree.body
    if body is None:
        return
    said: set[str] = set()  # the same words again add nothing
    looked_at = 0
    for node in body.traverse(include_text=True):
        if node.tag_id != _TEXT_ID or looked_at > MAX_LOOKED_AT:
            continue
        text = " ".join((node.text_content or "").split())
        if len(text) < 4 or text in said or not any(text in line for line in candidates) or not _may_state(text):
            continue
        looked_at += 1
        if document.is_hidden(node) or not _is_own_text(node):
            continue
        said.add(text)
        for sentence in _SENTENCE_END.split(_whole_line(text, candidates)):
            if _may_state(sentence):
                yield sentence


def _whole_line(text: str, candidates: list[str]) -> str:
    """The line around a piece of text: a sentence may be cut by emphasis (<b>本月</b>无…)."""
    return next((line for line in candidates if text in line), text)


def _is_own_text(node: LexborNode) -> bool:
    holder = node.parent
    for _ in range(12):
        if holder is None or holder.tag == "body":
            return True
        if holder.tag in ("a", "select", "button", "nav", "footer", "option", "label"):
            return False
        if holder.tag in ("li", "dd", "dt", "tr") and _lists_a_title(holder):
            return False
        attributes = holder.attributes
        hint = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".lower() if attributes else ""
        if hint.strip() and _CHROME.search(hint):
            return False
        holder = holder.parent
    return True


def _lists_a_title(item: LexborNode) -> bool:
    """Whether a list entry is led by a link (its words are a title or a summary); a remark may hold a link inside."""
    link = item.css_first("a[href]")
    if link is None:
        return False
    linked, whole = len(link.text().strip()), len(item.text().strip())
    return 2 * linked >= whole or (item.tag != "tr" and whole - linked < 30)


def _sign_on(document: Document) -> Statement | None:
    """A sign-on form that is all the page has."""
    if not document.few("input"):
        return None
    if sum(map(len, document.lines)) > SIGN_ON_CHARACTERS:
        return None
    for said in (document.title, document.heading, *document.lines[:40]):
        if said and any(word in normalise_name(said) for word in _patterns().sign_on):
            return Statement(StatementKind.LOGIN, said[:WORDS_CHARACTERS])
    return None


# ---------------------------------------------------------------- the word lists


@dataclass(frozen=True, slots=True)
class _Patterns:
    trigger: re.Pattern[str]
    triggers: Spotter
    kinds: tuple[tuple[StatementKind, re.Pattern[str]], ...]
    sign_on: tuple[str, ...]


@cache
def _patterns() -> _Patterns:
    raw = read_word_lists("statements")
    kinds = tuple((kind, re.compile("|".join(f"(?:{p})" for p in raw[kind.value]), re.IGNORECASE)) for kind in _ORDER)
    trigger = re.compile("|".join(map(re.escape, dict.fromkeys(raw["triggers"]))))
    return _Patterns(trigger, Spotter(raw["triggers"]), kinds, tuple(raw["sign_on"]))
