"""Which words of a page are the title of its article, and where on the page they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from html import unescape

from selectolax.lexbor import LexborNode

from gkmonitor.dates import find_dates, may_hold_date
from spiders.readers.document import Document, collapse
from spiders.readers.margins import heads_margin
from spiders.readers.particulars import (
    FOOTER,
    PARTICULAR_LABEL,
    begins_text,
    has_particulars,
    head_below,
    is_prose,
    tells_publication,
    with_simplified_labels,
)

MAX_PLACES = 4  # of one title on its page
MAX_HEADINGS = 60
MAX_HEADING_MARKUP = 4000
MIN_TITLE, MAX_TITLE = 4, 300
MAX_OPENINGS = 4
LEAST_OPENING = 8  # characters of a line that the page's <title> begins with
_PARTICULAR_COLON = re.compile(rf"(?:{PARTICULAR_LABEL.pattern})[\u4e00-\u9fff]{{0,3}}\s?[】\])）]?\s?[:：]")
_HEADINGS = ("heading", "[class*=tit i],[id*=tit i],[class~=bt],[id=bt],[class*=biaoti i],[id*=biaoti i]")
_BESIDE_PARTICULARS = 4  # what a date, a source or a visit counter below a heading adds to it
_ABOVE_TEXT = 1.5  # and the first paragraph, which stands below no name of a column in a menu
_SURE = 8
_OWNER = re.compile(
    r"[\u4e00-\u9fff]{2,22}(?:政府|[局厅廳委办辦院校馆館]|委[员員][会會]|中心|协会|協會)(?:[门門][户戶])?(?:[网網]站?)?"
)
_NO_WORD = re.compile(r"[\W_]+")
_BREAK = re.compile(r"<!--.*?-->|<br\b[^>]*>|</?(?:p|div|h\d|td|tr|ul|li)\b[^>]*>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_SEPARATORS = re.compile(r"\s*[_|｜]+\s*|\s*-{1,2}\s*|\s*[—–]+\s*|\s{2,}|&nbsp;|\s*>>\s*")


def _key(text: str) -> str:
    return _NO_WORD.sub("", text).lower()


def find_title(document: Document) -> tuple[str | None, list[int]]:
    """The article's title, and the numbers of the lines it stands in (none for a title that only the head has)."""
    best: tuple[float, str, list[int]] | None = None
    for titles in _SOURCES:
        if best is not None and best[0] > _SURE:
            break
        for worth, text in sorted(titles(document), key=lambda one: -one[0]):
            if best is not None and worth + _BESIDE_PARTICULARS <= best[0]:
                break
            places = _places(document, text)
            if not places:
                worth -= 6
            elif any(has_particulars(head_below(document.lines, place, text)) for place in places):
                worth += _BESIDE_PARTICULARS
            elif any(begins_text(document.lines, place, text) for place in places):
                worth += _ABOVE_TEXT
            if best is None or worth > best[0]:
                best = (worth, text, places)
    return (best[1], best[2]) if best is not None else (None, [])


def _named_titles(document: Document) -> Iterator[tuple[float, str]]:
    """The title that a label names, and the page's <title> whole and without the names of column and site behind it."""
    label = collapse(document.metas.get("articletitle", ""))
    if MIN_TITLE <= len(label) <= MAX_TITLE:
        yield 12, label
    page_title = document.title or ""
    if _OWNER.fullmatch(page_title):
        return  # the site's name: where it is printed, it signs the text
    if len(page_title) >= MIN_TITLE:
        yield 1, page_title[:MAX_TITLE]
    for match in list(_SEPARATORS.finditer(page_title))[::-1][:6]:
        text = page_title[: match.start()].strip()
        if MIN_TITLE <= len(text) <= MAX_TITLE:
            yield 1.5, text
    # Whatever stands between the title and the names behind it; a title stands on its page more than once.
    openings = [line for line in document.lines if len(line) >= LEAST_OPENING and page_title.startswith(line)]
    for line in list(dict.fromkeys(openings))[:MAX_OPENINGS]:
        yield 1.5, line[:MAX_TITLE]


def _above_particulars(document: Document) -> Iterator[tuple[float, str]]:
    """The line above the only one on the page that tells a day among the particulars of a publication.

    For pages whose template gives the title no name at all: neither a heading's nor one of its class.
    """
    lines = document.lines
    found = [number for number, line in enumerate(lines) if may_hold_date(line) and tells_publication(line)]
    if len(found) != 1 or not found[0]:
        return
    above = lines[found[0] - 1]
    is_other = "位置" in above or "〔" in above or is_prose(above) or find_dates(above)
    if MIN_TITLE <= len(above) <= MAX_TITLE and not is_other and not _PARTICULAR_COLON.search(above):
        yield 6 if _key(document.title or "").startswith(_key(above)) else 3.5, above


def _headings(document: Document, selector: str) -> Iterator[tuple[float, str]]:
    """Headings, each with what speaks for its being the title."""
    page_key = _key(document.title or "")
    seen = set()
    nodes = document.few(selector) if selector == "heading" else document.tree.css(selector)
    for node in nodes[:MAX_HEADINGS]:
        text = _own_text(node)
        if not MIN_TITLE <= len(text) <= MAX_TITLE or text in seen or node.tag in ("a", "body", "html", "input", "img"):
            continue
        if heads_margin(text):
            continue
        worth = {"h1": 3.0, "h2": 1.0, "h3": 1.0, "h4": 0.5}.get(node.tag or "", 0.0)
        key = _key(text)
        if key and page_key.startswith(key):
            worth += 5
        elif len(key) >= 6 and key in page_key:
            worth += 2
        link = node.css_first("a") if not _is_plain(node) else None
        if link is not None and len(link.text()) * 2 > len(text):
            worth -= 6
        else:
            seen.add(text)  # a menu's heading of the same words is no title
        yield worth, text


def _is_plain(node: LexborNode) -> bool:
    """Whether an element holds nothing but one piece of text."""
    child = node.child
    return child is not None and child.next is None and not child.is_element_node


def _own_text(node: LexborNode) -> str:
    """A heading's text up to its first line break that leaves a title (subtitles and dates follow below it)."""
    if _is_plain(node) or node.css_first("br,p,div,td,li") is None:
        return collapse(node.text())
    html = node.html or ""
    if len(html) > MAX_HEADING_MARKUP:
        return ""
    for part in _BREAK.split(html):
        text = collapse(unescape(_TAG.sub("", part)))
        if len(text) >= MIN_TITLE and not (len(text) < 24 and find_dates(text)):
            return text
    return ""


def _places(document: Document, title: str) -> list[int]:
    probe, text = title[:40], document.visible_text
    found: list[int] = []
    number = end = 0
    at = text.find(probe)
    while at >= 0 and len(found) < MAX_PLACES:
        number += text.count("\n", end, at)
        if _stands_apart(title, document.lines[number]):
            found.append(number)
        end = text.find("\n", at)
        at = text.find(probe, end) if end >= 0 else -1
    return found


def _stands_apart(title: str, line: str) -> bool:
    """Whether a title is no part of other words: the owner's name begins many titles, and stands in every footer."""
    begin = line.find(title[:40])
    before, after = line[:begin], line[begin + len(title) :]
    if (before and before[-1].isalpha()) or FOOTER.search(line):
        return False
    is_whole = not after or not after[0].isalpha() or line[begin : begin + len(title)] != title
    return is_whole or PARTICULAR_LABEL.match(with_simplified_labels(after)) is not None


# Where a title may be told, the surest first; later ones are asked while none is sure.
_SOURCES: tuple[Callable[[Document], Iterator[tuple[float, str]]], ...] = (
    _named_titles,
    *(partial(_headings, selector=selector) for selector in _HEADINGS),
    _above_particulars,
)
