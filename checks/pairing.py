"""Documents and what explains them, paired by the document's name or by their pages' links to each other.

What has no pair is nobody's fault.

Lenient throughout: of several days the document counts from its last one and the explanation from its first, and a
paper that is not the body's own, or lies far from its document, is no pair.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from checks.duedates import covers_since
from checks.limits import Limit
from checks.linking import linked_papers
from checks.presence import find
from gkmonitor.checking import Looked, Undecided, way
from gkmonitor.concepts import normalise_name
from gkmonitor.dates import Period, parse_period
from gkmonitor.errors import CalendarIncomplete
from gkmonitor.records import ColumnFacts, Excuse, Item, Reason, Verdict

if TYPE_CHECKING:
    from gkmonitor.checking import Check

EXPLAINS = "解读"
_QUOTED = re.compile(r"《([^《》]{4,80})》")
_ISSUES = re.compile(
    r"(?:关于)?(?:印发|发布|公布|下发|颁布)[《“]?(.{4,80}?)[》”]?(?:的)?(?:通知|公告|通告|决定|令)(?:[（(].*)?$"
)
_ABOUT = re.compile(r"关于.{4,}")
_OTHERS = re.compile(r"废止|修改|转发|贯彻|落实|学习|征求|征集|草案|听证|起草说明|失效|清理")
_ASIDE = re.compile(r"[（(][^（()）]{0,12}[)）]")
_LEAST_LENGTH = 6
_PAIR_WITHIN = parse_period("P90D")


@dataclass(frozen=True, slots=True)
class _Pair:
    document: Item
    explanation: Item
    column: ColumnFacts  # that lists the explanation
    document_day: date
    explained_day: date
    is_sure: bool = True  # False: only the interpretation's page says so, which may acquit and never accuse


@lru_cache(maxsize=16384)
def core_names(title: str) -> frozenset[str]:
    """What a title may be called by others: the name that it quotes or issues, else the whole; none when doubtful."""
    bare = _ASIDE.sub("", title)
    quoted = _QUOTED.findall(bare)
    issued = _ISSUES.search(bare)
    names = [*quoted, issued[1]] if issued else quoted
    if not names:
        about = _ABOUT.search(bare)
        names = [bare, about[0]] if about else [bare]
    else:
        names += [about[0] for name in names if (about := _ABOUT.search(name))]
    keys = (normalise_name(name) for name in names)
    return frozenset(key for key in keys if len(key) >= _LEAST_LENGTH)


def judge_interpretations(check: Check) -> Iterator[Verdict]:
    """One answer for the portal's pairs; without any pair the question does not arise."""
    explaining = find(check.portal, "policy-interpretation").all_sure
    if explaining and all(column.is_delegated for column in explaining):
        message = f"政策解读栏目{way(explaining[0])}设在其他网站，应在该网站检查"
        yield check.excused(explaining[0], Excuse.DELEGATED, message, quote=explaining[0].name)
        return
    unread = next((c for c in explaining if c.state is not None and not c.is_delegated), None)
    if unread is not None and unread.state is not None:
        raise Undecided(unread.state, f"政策解读栏目{way(unread)}未能读取，未作判断")
    limit = Limit.of(check)
    pairs: list[_Pair] = []
    late: list[tuple[_Pair, int]] = []
    for pair in _pairs(check):
        try:
            is_kept = limit.is_kept(pair.document_day, pair.explained_day)
            if not is_kept and pair.is_sure:
                late.append((pair, limit.lag(pair.document_day, pair.explained_day)))
        except CalendarIncomplete as exc:
            raise Undecided(Reason.CALENDAR_INCOMPLETE, f"{exc}，未作判断") from exc
        if is_kept or pair.is_sure:
            pairs.append(pair)
    if late:
        yield _late(check, limit, late, explaining, len(pairs))
    elif pairs:
        pair = max(pairs, key=lambda pair: pair.document_day)
        yield check.ok(
            pair.column,
            f"能与文件对应的 {len(pairs)} 篇解读均在文件公布后 {limit.words}内发布",
            measured=f"{len(pairs)} 篇均未超期",
            required=f"文件公布后 {limit.words}内发布解读",
            latest=pair.explained_day,
            quote=_quote(pair),
        )


def trail_of_pairs(check: Check) -> Iterator[Looked]:
    """Every pair that was found, with both days and what came of it."""
    limit = Limit.of(check)
    for pair in sorted(_pairs(check), key=lambda pair: pair.document_day, reverse=True):
        try:
            if limit.is_kept(pair.document_day, pair.explained_day):
                because = f"未超过 {limit.words}"
            elif pair.is_sure:
                lag = limit.lag(pair.document_day, pair.explained_day)
                because = f"超过 {limit.words}，用了 {lag} {'个工作日' if limit.is_working else '日'}"
            else:
                because = f"超过 {limit.words}，但只有解读的页面指向文件，不据此指控"
        except CalendarIncomplete as exc:
            because = str(exc)
        yield Looked(_quote(pair), because, pair.explanation.url)


def _documents(check: Check) -> dict[str, list[Item]]:
    """The body's own documents by the names that others may call them by."""
    found: dict[str, list[Item]] = {}
    for item in _own_documents(check):
        for name in core_names(item.title):
            found.setdefault(name, []).append(item)
    return found


def _own_documents(check: Check) -> Iterator[Item]:
    others: Sequence[str] = check.params.get("not_titled", ())
    for column in check.portal.columns_of(check.rule.concepts):
        for item in column.items:
            if EXPLAINS in item.title or _OTHERS.search(item.title) or any(word in item.title for word in others):
                continue
            yield item


def _pairs(check: Check) -> list[_Pair]:
    """Each document with its first explanation, both dated, close enough to belong together."""
    first: dict[str, _Pair] = {}
    explaining = check.portal.once("explanations", lambda: list(_explanations(check.portal.columns)))
    documents = _documents(check) if explaining else {}
    for name, item, column in explaining:
        for document in documents.get(name, ()):
            pair = _pair(check, document, item, column)
            known = first.get(name)
            if pair is not None and (known is None or pair.explained_day < known.explained_day):
                first[name] = pair
    by_document = {pair.document.url + pair.document.title: pair for pair in first.values()}
    for pair in _linked(check):
        key = pair.document.url + pair.document.title
        known = by_document.get(key)
        if known is None or pair.explained_day < known.explained_day:
            by_document[key] = pair
    return list(by_document.values())


def _linked(check: Check) -> Iterator[_Pair]:
    """The pairs that the papers' own pages make by links."""
    columns = check.portal.columns
    if not any(column.details.related for column in columns):
        return
    explaining = find(check.portal, "policy-interpretation").all_sure
    explanations = [(item, column) for column in explaining for item in column.items if not _OTHERS.search(item.title)]
    for found in linked_papers(columns, _own_documents(check), explanations):
        pair = _pair(check, found.document, found.explanation, found.column)
        if pair is not None:
            yield replace(pair, is_sure=found.is_sure)


def _explanations(columns: Iterable[ColumnFacts]) -> Iterator[tuple[str, Item, ColumnFacts]]:
    """Every item that explains a document, by that document's name; sections only repeat what their columns list."""
    for column in sorted(columns, key=lambda column: column.is_parent):
        for item in column.items:
            if EXPLAINS in item.title and not _OTHERS.search(item.title):
                for name in _explained(item.title):
                    yield name, item, column


def _explained(title: str) -> Iterator[str]:
    """The documents that an explanation names in 《》."""
    for quoted in _QUOTED.findall(_ASIDE.sub("", title)):
        key = normalise_name(quoted)
        if len(key) >= _LEAST_LENGTH:
            yield key


def _pair(check: Check, document: Item, explanation: Item, column: ColumnFacts) -> _Pair | None:
    if document.published is None or explanation.published is None:
        return None
    document_day = max([document.published, *(reading.day for reading in document.other_dates)])
    explained_day = min([explanation.published, *(reading.day for reading in explanation.other_dates)])
    within = check.params.get("pair_within_age", _PAIR_WITHIN)
    lookback = check.params.get("lookback_age")
    assert isinstance(within, Period)
    if explained_day > check.as_of or document_day > check.as_of or explained_day > within.after(document_day):
        return None
    if document_day > within.after(explained_day):
        return None
    if isinstance(lookback, Period) and document_day < lookback.before(check.as_of):
        return None
    return _Pair(document, explanation, column, document_day, explained_day)


def _late(
    check: Check, limit: Limit, late: Sequence[tuple[_Pair, int]], columns: Sequence[ColumnFacts], judged: int
) -> Verdict:
    since = min(pair.document_day for pair, _ in late)
    open_list = next((c for c in columns if not c.is_parent and not covers_since(c, since)), None)
    if open_list is not None:
        message = f"政策解读栏目{way(open_list)}未读完，可能有更早发布的解读，未作判断"
        raise Undecided(Reason.NOT_OBSERVED, message)
    pair, lag = max(late, key=lambda found: found[1])
    unit = "个工作日" if limit.is_working else "日"
    return check.violation(
        pair.column,
        f"能与文件对应的 {judged} 篇解读中，{len(late)} 篇超过文件公布后 {limit.words}；“{pair.document.title}”"
        f"{pair.document_day} 公布，所见最早的解读“{pair.explanation.title}”{pair.explained_day} 发布，"
        f"历时 {lag} {unit}",
        measured=f"{len(late)} 篇超期，最长 {lag} {unit}",
        required=f"文件公布后 {limit.words}内发布解读",
        latest=pair.explained_day,
        days=lag,
        quote=_quote(pair),
    )


def _quote(pair: _Pair) -> str:
    return f"{pair.document.title} {pair.document_day} → {pair.explanation.title} {pair.explained_day}"
