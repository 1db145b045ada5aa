"""An article page's own title, publication date and source.

The printed date wins: what stands by the title, then what a script writes there, then the page label PubDate (which on
some platforms is the day of the last publishing run), then the address. Dates of the text itself, of signatures,
deadlines, comments, related lists, clocks and footers are never a publication date. No date printed for publication
is None, never a guess.
"""

from __future__ import annotations

import re

from gkmonitor.dates import date_from_url, find_dates
from gkmonitor.records import Article
from spiders.readers.article_text import digest_below
from spiders.readers.article_title import find_title
from spiders.readers.document import Document
from spiders.readers.particulars import (
    FOOTER,
    LINE_CHARACTERS,
    PARTICULAR_LABEL,
    PLAIN_RANK,
    SENTENCE_CHARACTERS,
    DateCandidate,
    head_below,
    is_prose,
    labelled_dates,
    reads_as_list,
    unlabelled_dates,
    with_simplified_labels,
)
from spiders.readers.searching import spans_with

MAX_SCRIPTS = 30
TABLE_LINES = 16  # the particulars of a disclosed document (索引号, 发文日期) stand before its title
MAX_BELOW = 200  # lines with a label of publication: more are a list's
BODY_CHARACTERS = 90  # sentences of this length after a title are a text of its own; four times it without any date
_PUBLISHED_WORD = re.compile("发 ?布|公 ?[布开]|刊 ?[发登]|上 ?[传网线]|录 ?入|發布")  # within a line
_BOX_LINE = re.compile(r"\d{1,2}日?|\d{1,2}[-/.月]\d{1,2}日?|20\d\d年?(?:[-/.]?\d{1,2}月?)?")
_GLUED_BOX = re.compile(r"(?P<day>0[1-9]|[12]\d|3[01])日?\s?(?P<year>20\d\d)[-/.年](?P<month>\d{1,2})月?")
_SOURCE = re.compile(
    r"(?:信息|文章|稿件|新闻|内容|来稿)?来\s?源\s*[】\]]?\s*[:：][^\S\n]*(?P<source>[^\n\s|｜【\[（(]{2,40}?)"
    r"(?=$|[\s|｜【\[（(]|作者|发布|时间|日期|字[体号]|浏览|点击|阅读|编辑|责任|访问|(?:19|20)\d\d[-年/.])"
)
_SCRIPT_TEXT = re.compile(r"""=\s{0,4}(['"])([^'"\n]{8,40})\1""")
_SCRIPT_VARIABLE = re.compile(r"\b(\w{0,16}(?:pub|fb|rel|time|date|rq|sj|tm)\w{0,16})\s{0,4}\Z", re.IGNORECASE)
MAX_VARIABLE = 41  # characters of a variable's name and the blanks behind it, and what bounds it
_DATE_LITERAL = re.compile(r"['\"](?:19|20)\d\d")
_SCRIPT_OTHER = re.compile(r"now|today|current|server|update|modif|expire|end|start|begin|valid", re.IGNORECASE)
_METAS = (
    "pubdate",
    "publishdate",
    "publish_date",
    "publishtime",
    "article:published_time",
    "datepublished",
    "pubtime",
    "dc.date.issued",
)
_ARTICLE_ADDRESS = re.compile(
    r"/t\d{8}_\d+|/art_\d+_\d+|/post_\d+|/content_\d+|/info/\d+/\d+|/contents?/\d+/\d+|/c\d+a\d+/page|/c_\d{5,}|/[0-9a-f]{32}\."
    r"|/\d{4,}\.s?html?$|articleid=|newsid=|infoid=",
    re.IGNORECASE,
)


def read_article(document: Document) -> Article | None:
    """What the page says about the article that it holds; None where it holds none."""
    lines = document.lines
    title, places = find_title(document)
    heads = [head for place in places if not reads_as_list(head := head_below(lines, place, title or ""))]
    candidates = _candidates(document, lines, places, heads)
    source = _source(document, heads)
    if not (title and _holds_text(document, places, candidates, source)):
        return None
    candidates.sort(key=lambda one: one.rank)
    best = candidates[0] if candidates else None
    printed = best.found.printed if best is not None and best.source.startswith("heading") else None
    digest = digest_below(document, places, heads, printed)
    if best is None:
        return Article(title=title, source=source, digest=digest)
    others = {one.reading: None for one in candidates[1:] if one.found.day != best.found.day}
    return Article(title, best.found.day, best.found.printed, best.source, source, tuple(others), digest)


def _candidates(document: Document, lines: tuple[str, ...], places: list[int], heads: list[str]) -> list[DateCandidate]:
    found = [candidate for head in heads for candidate in labelled_dates(head)]
    found += [DateCandidate(2, one, "heading") for head in heads for one in unlabelled_dates(head)][:1]
    if places:
        table = "\n".join(line[:LINE_CHARACTERS] for line in lines[max(0, places[0] - TABLE_LINES) : places[0] + 1])
        found += [one for one in labelled_dates(table) if one.rank != PLAIN_RANK]  # a header's 日期： is a clock
    if places and not found:
        found += [DateCandidate(2, one, "heading:above") for one in find_dates(_box_above(lines, places[0]))[:1]]
    if places and not any(candidate.rank < 4 for candidate in found):
        found += _below(document.visible_text, sum(map(len, lines[: places[0]])) + places[0])
    found += _from_scripts(document)
    for name in _METAS:
        for one in find_dates(document.metas[name], compact=True)[:1] if name in document.metas else ():
            found.append(DateCandidate(5, one, f"label:{'PubDate' if name == 'pubdate' else name}"))
    url = date_from_url(document.url)
    if url is not None:
        found.append(DateCandidate(7, url, "url"))
    return _earliest_of_equals(found)


def _box_above(lines: tuple[str, ...], place: int) -> str:
    """The day box that stands before a title: "18" over "2026.04"; one line where both are inline."""
    box = lines[max(0, place - 2) : place]
    if box and (glued := _GLUED_BOX.fullmatch(box[-1])):
        return f"{glued['year']}-{glued['month']}-{glued['day']}"
    return " ".join(box) if len(box) == 2 and all(_BOX_LINE.fullmatch(line) for line in box) else ""


def _below(text: str, begin: int) -> list[DateCandidate]:
    """Particulars that a template prints below the text; several different dates are a list's.

    ``begin``: where the line of the article's title begins in the page's text.
    """
    found: list[DateCandidate] = []
    looked_at = 0
    for start, end in spans_with(_PUBLISHED_WORD, text, begin):
        line = text[start:end]
        if len(line) >= LINE_CHARACTERS or FOOTER.search(line):
            continue
        looked_at += 1
        for one in labelled_dates(line + "\n" + text[end + 1 : end + 41].partition("\n")[0]):
            if one.rank == 0 and "发表" not in one.source:  # 发表于 stands by readers' comments
                found.append(one)
        if looked_at > MAX_BELOW or (found and found[-1].found.day != found[0].found.day):
            return []
    return found[:1]


def _earliest_of_equals(found: list[DateCandidate]) -> list[DateCandidate]:
    """Among PubDate and "updated" the earlier goes first: both are moved by later runs, none is moved back."""
    moved = sorted((one for one in found if one.rank == 5), key=lambda one: one.found.day)
    return [one for one in found if one.rank < 5] + moved + [one for one in found if one.rank > 5]


def _from_scripts(document: Document) -> list[DateCandidate]:
    """A date that a script variable holds and ``document.write`` prints (var pubdata='2017年08月11日')."""
    found: list[DateCandidate] = []
    if not document.has("document.write"):
        return found
    codes = [code for code in document.codes if len(code) < 5000 and "document.write" in code]
    for code in codes[:MAX_SCRIPTS]:
        if not _DATE_LITERAL.search(code):
            continue
        for match in _SCRIPT_TEXT.finditer(code):
            dates = find_dates(match[2])
            before = code[max(0, match.start() - MAX_VARIABLE) : match.start()]
            variable = _SCRIPT_VARIABLE.search(before) if dates else None
            if variable is None or _SCRIPT_OTHER.search(variable[1]):
                continue
            if re.search(rf"document\.write(?:ln)?\s*\([^)]*\b{variable[1]}\b", code):
                found.append(DateCandidate(4, dates[0], f"script:{variable[1]}"))
    return found[:1] if len({one.found.day for one in found}) == 1 else []


def _source(document: Document, heads: list[str]) -> str | None:
    for head in heads:
        match = _SOURCE.search(with_simplified_labels(head))
        if match and not PARTICULAR_LABEL.match(match["source"]):
            return head[match.start("source") : match.end("source")].strip("：: ，,。") or None
    return " ".join(document.metas.get("contentsource", "").split())[:100] or None


def _holds_text(document: Document, places: list[int], candidates: list[DateCandidate], source: str | None) -> bool:
    """Whether the page is about one article: it says so, or a text of its own follows the title."""
    if document.metas.get("articletitle", "").strip():
        return True
    if any(one.rank < 5 for one in candidates) or (source and places):
        return True
    if not places:
        return False
    lines = document.lines[places[0] + 1 : places[0] + 200]
    own = sum(len(line) for line in lines if len(line) > SENTENCE_CHARACTERS and is_prose(line))
    is_named = candidates or _ARTICLE_ADDRESS.search(document.url)
    return own >= (BODY_CHARACTERS if is_named else 4 * BODY_CHARACTERS)
