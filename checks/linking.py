"""Documents and interpretations that their own pages link to each other, whatever their titles say.

A document's page that names one interpretation under a label of its own says whose interpretation that is. An
interpretation's page alone does not: an earlier one of the same document may be somewhere else. Such a pair may
acquit, never accuse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gkmonitor.records import ColumnFacts, Item, RelatedPaper


@dataclass(frozen=True, slots=True)
class LinkedPapers:
    """A document and an interpretation. ``is_sure``: the document's own page, or both pages, say so."""

    document: Item
    explanation: Item
    column: ColumnFacts  # that lists the interpretation
    is_sure: bool


def linked_papers(
    columns: Iterable[ColumnFacts], documents: Iterable[Item], explanations: Iterable[tuple[Item, ColumnFacts]]
) -> Iterator[LinkedPapers]:
    """The pairs that links of pages make; of a page that names several papers under one label none."""
    related = {one: None for column in columns for one in column.details.related}
    if not related:
        return
    papers = {address_key(item.url): item for item in documents if item.url}
    explaining = {address_key(item.url): (item, column) for item, column in explanations if item.url}
    by_documents = set(_said(related, papers, explaining))
    by_explanations = {(document, one) for one, document in _said(related, explaining, papers)}
    hinted = set(_said(related, papers, explaining, may_be_vague=True))
    for pair in sorted(by_documents | by_explanations):
        is_mutual = pair in hinted and pair in by_explanations
        is_sure = is_mutual or (pair in by_documents and _is_only(pair, by_documents))
        if is_sure or pair in by_explanations:
            item, column = explaining[pair[1]]
            yield LinkedPapers(papers[pair[0]], item, column, is_sure)


def _said(
    related: Iterable[RelatedPaper],
    pages: Mapping[str, object],
    targets: Mapping[str, object],
    may_be_vague: bool = False,
) -> Iterator[tuple[str, str]]:
    """(page, target) of the links that are the only ones under a label of their page, which has to be explicit."""
    under = Counter((one.url, one.label) for one in related)
    for one in related:
        page, target = address_key(one.url), address_key(one.target)
        if (one.is_explicit or may_be_vague) and under[one.url, one.label] == 1 and page in pages and target in targets:
            yield page, target


def _is_only(pair: tuple[str, str], pairs: Iterable[tuple[str, str]]) -> bool:
    """The document's page names no second interpretation."""
    return sum(document == pair[0] for document, _ in pairs) == 1


def address_key(url: str) -> str:
    """An address without what differs between two links to one page: the scheme, www. and the fragment."""
    return url.partition("#")[0].partition("://")[2].removeprefix("www.") or url
