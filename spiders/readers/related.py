"""Which papers a paper's page says that it belongs with: its interpretation, or the document that it interprets.

Only what stands under a label of its own counts (相关解读：, 政策原文：), or a link that is itself called so. A menu
entry and the head of a side box that lists the newest of everything are no statement about this page's paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from gkmonitor.concepts import normalise_name
from gkmonitor.records import RelatedPaper
from spiders.readers.detail_words import words
from spiders.readers.document import Document, Link
from spiders.readers.spotting import Spotter

MAX_RELATED: Final = 8
MAX_TITLE_CHARACTERS: Final = 80
MAX_LABEL_CHARACTERS: Final = 12
_ONLY_MARKS: Final = re.compile(r"[\W\d_]*")
_DAY_BEHIND: Final = re.compile(r"\s*[\[(（]?\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）]?$")
_LIST_PAGE: Final = re.compile(r"(?:/|/(?:index|list|default|node)[^/]*|/[^/.\d]*)$")


def read_related(document: Document) -> tuple[RelatedPaper, ...]:
    """The papers that an article's page names as belonging with its own, each with the label as printed."""
    if not document.shows(_spotter()):
        return ()
    by_text: dict[str, list[Link]] = {}
    for link in document.links:
        if link.url is not None and link.label:
            by_text.setdefault(link.label, []).append(link)
    found = [*_under_labels(document.lines, by_text, document.url), *_called_so(by_text, document.url)]
    return tuple(dict.fromkeys(found))[:MAX_RELATED]


@cache
def _labels() -> frozenset[str]:
    return frozenset((*words("related_labels"), *words("vague_labels")))


@cache
def _spotter() -> Spotter:
    return Spotter(_labels())


def _under_labels(lines: tuple[str, ...], by_text: dict[str, list[Link]], url: str) -> Iterator[RelatedPaper]:
    """The links on the lines that follow a label, up to the first line that is no link."""
    for number, line in enumerate(lines):
        label, rest = _label_of(line)
        if label is None or (line in by_text and not _is_vague(label)):
            continue  # a menu entry or a button
        if rest:
            yield from _linked([rest], label, by_text, url)
            continue
        yield from _linked(lines[number + 1 : number + 1 + MAX_RELATED], label, by_text, url)


def _label_of(line: str) -> tuple[str | None, str]:
    """The label that a line is or begins with, and what follows it."""
    label, mark, _ = line.replace("：", ":").partition(":")
    if len(label) > MAX_LABEL_CHARACTERS:
        return None, ""
    if normalise_name(label) in _labels():
        return label.strip("【】[]> "), line[len(label) + len(mark) :].strip()
    return None, ""


def _linked(lines: Sequence[str], label: str, by_text: dict[str, list[Link]], url: str) -> Iterator[RelatedPaper]:
    for line in lines:
        if _ONLY_MARKS.fullmatch(line):
            continue  # the day of the paper above
        text = _DAY_BEHIND.sub("", line.lstrip("·•●■▪※>-— "))
        link = next(iter(by_text.get(text, by_text.get(line, ()))), None)
        if link is None or link.url is None or _is_list(link.url):
            return
        yield RelatedPaper(url, label, link.url, (link.title or link.text)[:MAX_TITLE_CHARACTERS], not _is_vague(label))


def _called_so(by_text: dict[str, list[Link]], url: str) -> Iterator[RelatedPaper]:
    """Links that are called 政策解读 or 政策原文 and lead to a paper, not to a list."""
    for text, links in by_text.items():
        if len(text) > MAX_LABEL_CHARACTERS:
            continue
        if normalise_name(text) in _labels():
            papers = {one.url for one in links if one.url and not _is_list(one.url)}
            if len(papers) == 1:
                yield RelatedPaper(url, text, papers.pop(), "", True)


def _is_list(url: str) -> bool:
    return _LIST_PAGE.search(url.split("?", 1)[0]) is not None


def _is_vague(label: str) -> bool:
    return normalise_name(label) in words("vague_labels")
