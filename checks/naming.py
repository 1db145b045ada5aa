"""Finding what a rule names by words: columns of that name, and items whose titles hold it.

A rule's ``names`` has one entry for each thing that the document asks for. Within an entry ``|`` divides alternatives;
the words of one alternative, divided by blanks, must all occur: ``城乡低保|最低生活保障`` or ``政务公开 实施方案``. An
alternative that begins with ``栏目：`` only names a column: many a news title holds 政务服务 and discloses nothing.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, repeat

from checks.presence import Presence, doubt_of_crawl, find, holders
from gkmonitor.checking import REASON_WORDS, Check, Looked, PortalView, Undecided, way
from gkmonitor.concepts import normalise_name, simplify
from gkmonitor.records import ColumnFacts, Item, PageKind, Reason, Subject, Verdict

_COLUMN_ONLY = "栏目："
_SHOWN_NAMES = 12  # of the columns quoted with what is absent
_SHOWN_FOUND = 3  # of the columns and items that bear a name, in the trail


@dataclass(frozen=True, slots=True)
class Named:
    """What bears one of the names: columns, and items elsewhere with the column that lists them."""

    columns: tuple[ColumnFacts, ...]
    items: tuple[tuple[Item, ColumnFacts], ...]


_NOTHING = Named((), ())


@dataclass(frozen=True, slots=True)
class _Lines:
    """Texts as the lines of one string, made plain together: searched at once."""

    text: str
    ends: tuple[int, ...]  # where each line ends in ``text``
    pairs: frozenset[int]  # every two characters that stand side by side: most words are not there at all

    @classmethod
    def of(cls, texts: Iterable[str]) -> _Lines:
        text = unicodedata.normalize("NFKC", "\n".join(text.replace("\n", " ") for text in texts))
        text = simplify(text).lower()
        for character in set(text):  # few different ones, each dropped at once: faster than looking at every place
            if character != "\n" and not character.isalnum():
                text = text.replace(character, "")
        ends = tuple(end + number for number, end in enumerate(accumulate(map(len, text.split("\n")))))
        return cls(text, ends, _pairs(text))

    def possible(self, alternatives: Iterable[_Alternative]) -> list[tuple[str, ...]]:
        """The words of the alternatives whose pairs of characters are all there: mostly none."""
        here = self.pairs
        return [one.words for one in alternatives if one.pairs <= here]

    def holding(self, words: Sequence[str]) -> Iterator[int]:
        """The numbers of the lines that hold all the words."""
        first, *others = words
        at = self.text.find(first)
        while at >= 0:
            number = bisect_right(self.ends, at)
            start = self.ends[number - 1] + 1 if number else 0
            line = self.text[start : self.ends[number]]
            if all(word in line for word in others):
                yield number
            at = self.text.find(first, self.ends[number])


def _pairs(text: str) -> frozenset[int]:
    """Every two neighbours as one number: the units of UTF-16, from each even and each odd place."""
    units = memoryview(text.encode("utf-16-le", "surrogatepass"))
    even, odd = (units[start : start + (len(units) - start) // 4 * 4].cast("I") for start in (0, 2))
    return frozenset().union(even, odd)


@dataclass(frozen=True, slots=True)
class _Alternative:
    """Words that must all occur, and the pairs of characters without which they cannot."""

    words: tuple[str, ...]
    pairs: frozenset[int]
    is_of_column: bool  # no item's title answers for it


@lru_cache(maxsize=8192)
def _alternatives(entry: str) -> tuple[_Alternative, ...]:
    found = []
    for written in map(str.strip, entry.split("|")):
        words = tuple(map(normalise_name, written.removeprefix(_COLUMN_ONLY).split()))
        if words:
            pairs = frozenset().union(*map(_pairs, words))
            found.append(_Alternative(words, pairs, written.startswith(_COLUMN_ONLY)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Asked(Subject):
    """One thing that a rule asks for by name."""

    entry: str = ""

    @property
    def name(self) -> str:
        return self.column or ""


def asked_by_name(check: Check) -> list[Asked]:
    """One subject for each of the rule's names; each bears its first alternative."""
    names = check.params.get("names", ())
    return [_asked(next(iter(check.rule.concepts), None), entry) for entry in names] if names else []


@lru_cache(maxsize=8192)
def _asked(concept: str | None, entry: str) -> Asked:
    first = entry.split("|", maxsplit=1)[0].replace(" ", "")
    return Asked(concept=concept, column=first.removeprefix(_COLUMN_ONLY), entry=entry)


def named(portal: PortalView, entry: str) -> Named:
    """What the portal has of that name."""
    return portal.once(("named", entry), lambda: _named(portal, entry))


def _named(portal: PortalView, entry: str) -> Named:
    index, alternatives = _index(portal), _alternatives(entry)
    in_ways = dict.fromkeys(n for words in index.ways.possible(alternatives) for n in index.ways.holding(words))
    of_items = [one for one in alternatives if not one.is_of_column]
    in_titles = dict.fromkeys(n for words in index.titles.possible(of_items) for n in index.titles.holding(words))
    if not in_ways and not in_titles:
        return _NOTHING
    columns = tuple(portal.columns[n] for n in in_ways)
    own = {column.url for column in columns}
    items = tuple((index.items[n], index.owners[n]) for n in in_titles if index.owners[n].url not in own)
    return Named(columns, items)


@dataclass(frozen=True, slots=True)
class _Index:
    """Every item of every column, as long lists side by side: a portal has thousands."""

    items: list[Item]
    owners: list[ColumnFacts]  # the column of each item
    titles: _Lines
    ways: _Lines  # of the columns


def _index(portal: PortalView) -> _Index:
    return portal.once("named: index", lambda: _build_index(portal))


def _build_index(portal: PortalView) -> _Index:
    items: list[Item] = []
    owners: list[ColumnFacts] = []
    for column in sorted(portal.columns, key=lambda column: column.is_parent):  # sections repeat their columns' items
        own = column.items or _as_item(column)
        items += own
        owners += repeat(column, len(own))
    ways = (" ".join(column.path or (column.name,)) for column in portal.columns)
    return _Index(items, owners, _Lines.of([item.title for item in items]), _Lines.of(ways))


def _as_item(column: ColumnFacts) -> tuple[Item, ...]:
    """A column that is one article is one item."""
    article = column.article
    if article is None or not article.title:
        return ()
    return (Item(article.title, column.url, article.published, article.printed, article.date_source),)


def trail_of_names(check: Check) -> Iterator[Looked]:
    """Every wording that was tried, and what bears it."""
    for entry in check.params.get("names", ()):
        for written in map(str.strip, entry.split("|")):
            found = named(check.portal, written)
            columns = [f"栏目{way(column)}" for column in found.columns[:_SHOWN_FOUND]]
            items = [
                f"{way(column)}的“{item.title}”（{item.published or '未标日期'}）"
                for item, column in found.items[:_SHOWN_FOUND]
            ]
            count = len(found.columns) + len(found.items)
            more = f"等 {count} 处" if count > len(columns) + len(items) else ""
            because = "、".join((*columns, *items)) + more if count else "栏目和信息的名称中都没有"
            where = "，只认栏目" if written.startswith(_COLUMN_ONLY) else ""
            yield Looked(f"名称“{written.removeprefix(_COLUMN_ONLY)}”{where}", because)


def others_publish(check: Check, name: str) -> str:
    """Said on a portal that only carries what the competent bodies publish, and does not carry this."""
    units = "、".join(check.rule.units) or "主管单位"
    return f"本站没有“{name}”；本条由{units}负责，是否公开应在其网站检查"


def absent_by_name(check: Check, asked: Asked) -> Verdict:
    """The answer when nothing bears the name: a warning at most, as another name may have been chosen for it."""
    portal, rule, name = check.portal, check.rule, asked.name
    if not check.is_obliged:
        return check.not_applicable(others_publish(check, name), asked)
    require_known_absent(portal, rule.concepts, check.params.get("may_stand_in", ()), name)
    items = len(_index(portal).items)
    return check.warning(
        asked,
        f"在已读的 {len(portal.columns)} 个栏目和 {items} 条信息的名称中未见“{name}”，请核实是否以其他名称公开",
        measured="未见",
        required=f"公开“{name}”",
        quote=portal.once(("named: looked at", rule.concepts), lambda: _looked_at(portal, rule.concepts)),
    )


def _looked_at(portal: PortalView, concepts: Sequence[str]) -> str:
    """The columns where it would be expected, or what navigation offers first."""
    own = [column.name for column in portal.columns_of(concepts)]
    shown = own or portal.once("first level", lambda: [c.name for c in portal.columns if c.level == 1])
    return "所查栏目：" + "、".join(shown[:_SHOWN_NAMES])


def require_known_absent(portal: PortalView, concepts: Sequence[str], places: Sequence[str], name: str) -> None:
    """Raises Undecided unless every column that could hold it was read to its end and nothing else is in doubt."""
    key = ("named: doubt", tuple(concepts), tuple(places))
    doubt = portal.once(key, lambda: _doubt(portal, concepts, places))
    if doubt is not None:
        reason, message = doubt
        raise Undecided(reason, message.format(name=name))


def _doubt(portal: PortalView, concepts: Sequence[str], places: Sequence[str]) -> tuple[Reason, str] | None:
    for concept in concepts:
        for column in _could_hold(portal, concept, find(portal, concept), places):
            if column.state is not None:
                return column.state, f"栏目{way(column)}{REASON_WORDS[column.state]}，不能断定没有“{{name}}”"
            if column.is_delegated:
                return Reason.NOT_OBSERVED, f"栏目{way(column)}设在其他网站，未在其中查找，不能断定没有“{{name}}”"
            if not _is_read_out(portal, column):
                return Reason.NOT_OBSERVED, f"栏目{way(column)}未读完，不能断定没有“{{name}}”"
        doubt = doubt_of_crawl(portal, concept, places)
        if doubt is not None:
            return doubt[0], doubt[1].replace("{", "").replace("}", "")
    return None


def _could_hold(portal: PortalView, concept: str, found: Presence, places: Sequence[str]) -> Iterator[ColumnFacts]:
    """The columns of the concept and below them, those that often hold it, and the places that may stand in."""
    columns = [*found.all_sure, *found.unsure, *portal.columns_of((concept,)), *holders(portal, concept)]
    for place in places:
        columns += find(portal, place).all_sure
    for column in columns:
        yield column
        yield from portal.children(column)


def _is_read_out(portal: PortalView, column: ColumnFacts) -> bool:
    leads_on = column.is_parent or column.kind in (PageKind.SECTION, PageKind.CATALOGUE, PageKind.ARTICLE)
    return column.is_complete or column.article is not None or (leads_on and not column.items)
