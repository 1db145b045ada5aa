"""A digest of an article's own text, by which a later reading knows whether the text is still the same.

The text is what stands between the title and what a template puts below an article (the next article, sharing, related
news, the footer). Particulars beside the title, visit counters and the printed publication date with its clock are
left out: they change while the text does not. Of a page that changes beside its text in other ways, the digest changes
too; that only says less, while a digest that stayed the same although the text changed would say something false.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from spiders.readers.document import Document

DIGEST_BYTES: Final = 16
MIN_TEXT_CHARACTERS: Final = 40  # an attachment's name or a picture alone is no text to go by
PARTICULAR_LINES: Final = 6  # after the title, in which particulars are looked for
PARTICULAR_CHARACTERS: Final = 160
END_CHARACTERS: Final = 200  # of a text, in which a template puts its counter

_PARTICULAR: Final = re.compile(
    "作者|来源|发布|时间|日期|字[体号]|浏览|点击|阅读|编辑|访问|打印|分享|供稿|审核|关闭|大 ?中 ?小|视力"
)
# A day of publishing, a visit counter or a clock in a line of its own. A date of the matter itself (报名时间) is text.
_MOVING: Final = re.compile(
    r"^\W{0,3}(?:(?:信息)?(?:发布|更新|修改|生成)\S{0,4}[:：]|(?:浏览|点击|阅读|访问|人气)[次总人量数率]{0,2}\s?[:：]?\W{0,3}\d*\W{0,3}次?$"
    r"|[0-2]?\d[:：][0-5]\d(?:[:：][0-5]\d)?$)"
)
# What a template puts below a text. Only words that begin no line of a text itself, or else stand alone in theirs.
_NEXT: Final = (
    r"[上下]一[篇条页]|网站地图|版权所有"
    r"|(?:相关(?:信息|阅读|文章|新闻|链接|报道|内容|文档)|延伸阅读|网友评论)[\W_]*(?=\n|$)"
)
_AFTER: Final = re.compile(rf"[\W_]{{0,3}}(?:{_NEXT})")
_BELOW: Final = re.compile(  # sharing and printing also stand above a text: looked for below its first lines only
    rf"\n[^\w\n]{{0,3}}(?:{_NEXT}|(?:分享到|我要推荐|打印本页|关闭(?:本页|窗口))[^\n]{{0,60}}(?=\n|$))"
)
_COUNTED: Final = ("浏览", "点击", "阅读", "访问", "人气")
_COUNTER: Final = re.compile(
    r"(?:浏览|点击|阅读|访问|人气)(?:(?:次数|总数|人数|人次|[量数率])\s?[:：]?|[:：])[\s\[（(【]{0,3}\d*[\s\]）)】]{0,3}(?:人次|次|人)?"
    r"|(?:浏览|点击|阅读|访问)\s?\d+\s?(?:人次|次)"
)
_CLOCK: Final = re.compile(r"[日\s]{0,2}(?:[0-2]?\d[:：][0-5]\d(?:[:：][0-5]\d)?(?:\.\d+)?)?")
# The full-width forms that pages use; NFKC of a whole text would cost more than everything else together.
_WIDE: Final = tuple(
    (chr(wide), chr(wide - 0xFEE0)) for wide in (*range(0xFF10, 0xFF1A), *map(ord, "，：；！？（）％．－／"))
)


def digest_below(document: Document, places: Sequence[int], heads: Sequence[str], printed: str | None) -> str | None:
    """The digest of the text below an article's title; None where no line shows the title as an article's.

    ``places``: the lines that the title stands in; ``heads``: what follows them, without those that a list follows;
    ``printed``: the publication date as the page prints it among its particulars. Of several places the one nearest
    to that date counts: a path and a menu may repeat the title above.
    """
    if not heads:
        return None
    place = places[0]
    if printed and len(heads) == len(places):
        beside = [(found, one) for one, head in zip(places, heads, strict=True) if (found := head.find(printed)) >= 0]
        place = min(beside, default=(0, place))[1]
    return digest_text(document.visible_text, document.lines, place, printed)


def digest_text(visible_text: str, lines: Sequence[str], place: int, printed: str | None) -> str | None:
    """BLAKE2b of the text as 32 hexadecimal digits; None where too little stands there to tell one text from another.

    ``visible_text``: ``lines`` joined by newlines; ``place``: the line that the title stands in; ``printed``: the
    publication date as the page prints it.
    """
    begin = sum(map(len, lines[: place + 1])) + place  # the newline behind the title's line
    kept, first = _without_particulars(lines[place + 1 : place + 1 + PARTICULAR_LINES], printed)
    begin += sum(map(len, lines[place + 1 : place + 1 + first])) + first
    below = _BELOW.search(visible_text, begin)
    text = "".join((*kept, _without_counter(visible_text[begin : below.start() if below else None])))
    if printed and printed in text:
        text = _without_date(text, printed)
    text = text.replace("\n", "").replace(" ", "")
    if len(text) < MIN_TEXT_CHARACTERS:
        return None
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    return blake2b(text.encode("utf-16-le", "surrogatepass"), digest_size=DIGEST_BYTES).hexdigest()


def _without_particulars(lines: Sequence[str], printed: str | None) -> tuple[list[str], int]:
    """The lines below a title that are none of its particulars, up to the first sentence; and how many were seen."""
    kept: list[str] = []
    for number, line in enumerate(lines):
        if len(line) > PARTICULAR_CHARACTERS or "。" in line or _AFTER.match(line):
            return kept, number
        if not ((printed and printed in line) or _MOVING.search(line) or len(_PARTICULAR.findall(line)) >= 2):
            kept.append(line)
    return kept, len(lines)


def _without_counter(text: str) -> str:
    """Without a counter of visits at its end; one beside the title is among the particulars."""
    end = text[-END_CHARACTERS:]
    if not any(word in end for word in _COUNTED):
        return text
    return text[:-END_CHARACTERS] + _COUNTER.sub("", end)


def _without_date(text: str, printed: str) -> str:
    begin = text.index(printed)
    clock = _CLOCK.match(text, begin + len(printed))
    return text[:begin] + text[clock.end() if clock else begin + len(printed) :]
