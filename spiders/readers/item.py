"""One entry of a list: its pieces of text, its title, its marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from gkmonitor.dates import find_dates
from spiders.readers.document import Document, collapse
from spiders.readers.grouping import Unit
from spiders.readers.walking import tag_ids

MAX_PIECES = 60
MAX_TITLE_CHARACTERS = 300
_MARK = "\x1f"

MAX_PARTS_SEEN = 14
MAX_DAY_CHARACTERS = 40
LEAST_WORDS = 4  # letters of a title
LEAST_TITLE = 8  # characters before paragraphs that are a title and no name of a column

_HEADING_IDS = tag_ids("h1 h2 h3 h4 h5 h6")
_BLOCK_IDS = tag_ids("p div dt dd")
_TEXT_ID = 2
_TITLE_NAME = re.compile(r"tit|name|\bbt\b", re.IGNORECASE)
_BULLETS = re.compile(r"^[\s•·▪■◆●○▶►>»☆★※◇□・.\-—|]+(?=\S)")
_PINNED = re.compile(r"[\[【(（]?置\s?顶[\]】)）]?[:：]?")
_NEW = re.compile(r"(?:\[?(?:new|hot)!?\]?)$", re.IGNORECASE)
_NEW_ENDINGS = frozenset("tTwW!]")
_CUT_OFF = re.compile(r"(?:\.{2,}|…+|。{3,})$")
_BESIDE_DAY = re.compile(
    r"(?:来源|作者|(?:阅读|浏览|点击|访问)(?:次数|量|数)?|人气)\s?[:：]\s?[^\s:：]{1,16}(?=\s|$)|\d{1,6}\s?(?:次|人)(?:阅读|浏览|播放)"
)
_DAY_WORDS = re.compile(
    r"(?:(?:发\s?布|更\s?新|添\s?加)?(?:时\s?间|日\s?期)\s?[:：]\s?)?(.*?)(?:\s\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?[\s\]】)）]*"
)
_NO_WORDS = re.compile(r"[\W\d_]+")
_SAME = re.compile(r"[\W_]+")


class Piece:
    """One text node of an entry."""

    __slots__ = ("cell", "in_link", "is_around", "text")

    def __init__(self, text: str, *, cell: int = -1, is_around: bool = False) -> None:
        self.text = text
        self.in_link = False
        self.cell = cell  # index of the table cell, -1 outside tables
        self.is_around = is_around  # beside the unit, not in it


def pieces_of_row(unit: Unit, document: Document) -> list[Piece]:
    """The same for a unit whose parts are cells."""
    cells = enumerate(unit.node.iter())
    return with_link(unit, [Piece(text, cell=index) for index, cell in cells for text in read_texts(cell, document)])


def with_link(unit: Unit, pieces: list[Piece]) -> list[Piece]:
    """The pieces, told which of them are the link's."""
    whole = unit.main.text
    if not unit.same:
        is_whole = False
        for piece in pieces:
            if piece.text == whole:
                piece.in_link = is_whole = True
        if is_whole:
            return pieces
    inside = {whole, *_strings(unit.main.node)}  # the link's text is in several pieces
    for link in unit.same:
        inside.update(_strings(link.node))
    for piece in pieces:
        piece.in_link = piece.text in inside
    return pieces


def _strings(node: LexborNode) -> list[str]:
    """The text nodes below an element, blanks collapsed, empty ones left out."""
    texts = node.text(separator=_MARK, skip_empty=True).split(_MARK)
    return [" ".join(words) for text in texts[:MAX_PIECES] if (words := text.split())]


def read_texts(node: LexborNode, document: Document) -> list[str]:
    """The texts below an element in page order, hidden parts left out."""
    hidden = document.hidden_ids
    if hidden and document.hides_within(node):
        shown = (n for n in node.traverse(include_text=True) if n.tag == "-text" and n.mem_id not in hidden)
        return [text for n in shown if (text := collapse(n.text_content or ""))][:MAX_PIECES]
    return _strings(node)


def pieces_beside(node: LexborNode, stop: int | None, *, is_before: bool) -> tuple[list[Piece], bool]:
    """Texts of the siblings after (before) a unit up to the next unit, at most a dozen nodes; whether that was met."""
    pieces: list[Piece] = []
    sibling = node.prev if is_before else node.next
    for _ in range(12):
        if sibling is None:
            break
        if sibling.mem_id == stop:
            return pieces, True
        if sibling.tag_id == _TEXT_ID:
            text = sibling.text_content or ""
            text = collapse(text) if not text.isspace() else ""
        elif sibling.is_element_node and sibling.css_first("a[href]") is None:
            text = collapse(sibling.text(separator=" "))
        else:
            text = ""
        if text:
            pieces.append(Piece(text[:400], is_around=True))
        sibling = sibling.prev if is_before else sibling.next
    return pieces, False


def is_pinned(unit: Unit, texts: Sequence[str]) -> bool:
    """Whether the entry is marked 置顶, in words or by the name of a picture or class."""
    if any("置顶" in text or "置 顶" in text for text in texts if len(text) < 200):
        return True
    return unit.node.css_first("img[alt*=置顶],[class*=zhiding i],[class*=istop i]") is not None


def read_title(unit: Unit, *, is_in_parts: bool) -> str:
    """The entry's title: the link's own text, or its title attribute where the text is cut off or holds more.

    ``is_in_parts``: whether the link's text stands in several elements, of which one may be the title's.
    """
    link = unit.main
    text = _title_of_parts(unit) if is_in_parts else link.text
    title = link.title
    if not title and unit.same:
        title = next((other.title for other in unit.same if other.title), None)
    if title and title != text and _prefers_attribute(text, title):
        text = title
    return clean_title(text or link.label)


def _title_of_parts(unit: Unit) -> str:
    for count, node in enumerate(unit.main.node.traverse()):
        if count > MAX_PARTS_SEEN:
            break
        if count and (node.tag_id in _HEADING_IDS or _TITLE_NAME.search(node.attributes.get("class") or "")):
            text = collapse(node.text_lexbor())
            if len(text) >= 2:
                return text
    return _first_of_blocks(unit.main.node) or _without_day(unit.main.node) or unit.main.text


def _first_of_blocks(node: LexborNode) -> str | None:
    """The first of several paragraphs in a link that has words: day, title and summary may all stand inside."""
    parts = node.css("p,div,dt,dd")[:MAX_PARTS_SEEN]
    blocks = [part for part in parts if not any(inner.tag_id in _BLOCK_IDS for inner in part.iter())]
    if not blocks:
        return None
    before = _before_block(node)
    if len(blocks) < 2 or (before and len(before) >= LEAST_TITLE):
        return before
    texts = [collapse(part.text(separator=" ")) for part in blocks]
    return next((text for text in texts if len(_NO_WORDS.sub("", text)) >= LEAST_WORDS), None)


def _without_day(node: LexborNode) -> str | None:
    """A link's text without a day that stands in an element of its own before or behind the title."""
    texts = _strings(node)
    for place in (0, -1):
        if len(texts) > 1 and is_day(texts[place]):
            del texts[place]
            return " ".join(texts)
    return None


def is_day(text: str) -> bool:
    """Whether a text is a date and nothing else: 2026-01-02, [2026年1月2日], 发布时间：2026-01-02 10:30."""
    if len(text) > MAX_DAY_CHARACTERS:
        return False
    words = _DAY_WORDS.fullmatch(_BESIDE_DAY.sub("", text).strip())
    if words is None:
        return False
    inner = words[1].strip(" []【】()（）|")
    found = find_dates(inner)
    return len(found) == 1 and (found[0].start, found[0].end) == (0, len(inner))


def _before_block(node: LexborNode) -> str | None:
    """What stands in a link before its first paragraph."""
    texts: list[str] = []
    for child in node.iter(include_text=True):
        if child.tag_id in _BLOCK_IDS:
            text = collapse(" ".join(texts))
            return text if len(_NO_WORDS.sub("", text)) >= LEAST_WORDS else None
        texts.append(child.text())
    return None


def _prefers_attribute(text: str, title: str) -> bool:
    if not text:
        return True
    cut = _CUT_OFF.sub("", text) if text[-1] in ".…。" else text
    if cut is not text and cut[:1].isalnum() and title.startswith(cut):
        return True  # as most that are cut off
    have, want = _SAME.sub("", cut), _SAME.sub("", title)
    if not have or not want:
        return False
    if cut != text or len(want) > len(have):
        return want.startswith(have[: max(4, len(have) // 2)])
    return have.startswith(want) and 2 * len(want) >= len(have) and len(want) >= 4


def clean_title(text: str) -> str:
    text = _PINNED.sub("", text) if "置" in text else text
    if text and not text[0].isalnum():
        text = _BULLETS.sub("", text)
    if text[-1:] in _NEW_ENDINGS:
        text = _NEW.sub("", text).strip()
    return text[:MAX_TITLE_CHARACTERS]
