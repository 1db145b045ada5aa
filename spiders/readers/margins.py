"""What stands beside a page's own content: margins with other columns' news, rankings, related articles.

A margin is full of fresh, dated titles whatever the column beside it holds; taken for the column's list it would make a
blank column look filled and a stale one look alive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from selectolax.lexbor import LexborNode

from spiders.readers.document import Link
from spiders.readers.elements import Element

MAX_LEVELS = 6
MAX_STEPS = 4
MAX_HEADING_CHARACTERS = 16
MAX_NEIGHBOUR_CHARACTERS = 20
HEADING_LEVELS = 3

_MARGIN = re.compile(
    r"(?<![a-z])(?:left|right|l|r)?[-_]?(?:side|aside|sidebar)(?:[-_]?(?:bar|box|list|news|nav|block|wrap|panel|con|part))?(?![a-z])"
)
_RANKED = re.compile(
    r"(?<![a-z])(?:hot|recommend|tuijian|rank|relat|xgyd|xgwz|xglj|paihang|phb|guess)(?:ed|ing|ion|s)?"
    r"(?:[-_]?(?:news|list|box|article|arc|block|con|read|post|info))*(?![a-z])"
)
_CONTENT = re.compile(r"list|news|main|content|result|wzlb|notice|article|detail")
_HEADING = re.compile(
    r"\W*(?:(?:本[站网周月]|最近|近期|今日|相关|延伸|猜你|大家|网友|一周|本栏)?"
    r"(?:热点|热门|点击|阅读|浏览|最新|推荐|相关|排行|关注|延伸|精彩|喜欢|都在看|焦点)"
    r"(?:信息|新闻|文章|资讯|内容|排行|阅读|浏览|推荐|链接|关注|专题|报道|点击|发布|更新|公告|动态|稿件|榜|排名|量|信件|来信|留言|公示|通知|政策|文件|视频|图片)*)\W*"
    r"|\W*(?:您|你)?(?:可能|也许)?(?:还|会|对)*(?:感兴趣|关心)的?(?:内容|信息|文章|话题)?\W*|\W*(?:猜|为)(?:您|你)(?:喜欢|推荐)\W*"
    r"|\W*(?:相关|延伸|热门|推荐)(?:文[档件]|资料|政策|解读|图片|视频|问答|稿件|专栏)+\W*"
)
_MORE = re.compile(r"(?:更多|more)\W*$", re.IGNORECASE)
_NEIGHBOUR = re.compile(r"\W*[上下前后後]一?[篇条條]\s*[：:\]】\s]")


@lru_cache(maxsize=4096)
def _hint(words: str) -> int:
    """2: ranked or related; 1: a margin; -1: content; 0: says nothing."""
    if _RANKED.search(words):
        return 2
    if _MARGIN.search(words):
        return 1
    return -1 if _CONTENT.search(words) else 0


def is_margin(node: LexborNode, own_names: tuple[str, ...] = (), *, heading_levels: int = HEADING_LEVELS) -> bool:
    """Whether a list's element stands in a margin, told by the nearest element around it that says anything.

    ``own_names``: what the page calls itself (its column); a heading of that name is the list's own.
    ``heading_levels``: how many of the elements around it may have a heading before them.
    """
    if _begins_as_margin(node, own_names):
        return True
    current: LexborNode | None = node
    for level in range(MAX_LEVELS):
        if current is None or current.tag in ("body", "html", "main"):
            return False
        if current.tag in ("aside", "marquee"):
            return True
        attributes = current.attributes
        words = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:120].lower()
        hint = _hint(words) if words != " " else 0
        if hint > 0:
            return True
        if level < heading_levels and _has_margin_heading(current, own_names):
            return True
        if hint < 0 and level:
            return False
        current = current.parent
    return False


def _begins_as_margin(node: LexborNode, own_names: tuple[str, ...]) -> bool:
    """Whether the list's own element begins with a heading of a margin: a table's first row, a list's first line."""
    first = node.child
    while first is not None and not first.is_element_node:
        first = first.next
    if first is None or first.css_first("a[href]") is not None:
        return False
    text = "".join(first.text().split())
    return len(text) <= MAX_HEADING_CHARACTERS and text not in own_names and _HEADING.fullmatch(text) is not None


def heads_margin(text: str) -> bool:
    """Whether a heading is that of a margin or of what follows a text (热门文章, 相关解读)."""
    return len(text) <= MAX_HEADING_CHARACTERS and _HEADING.fullmatch(text) is not None


def _has_margin_heading(node: LexborNode, own_names: tuple[str, ...]) -> bool:
    """Whether the short text right before an element heads a margin (热门文章, 相关阅读, 最新发布)."""
    before = node.prev
    for _ in range(MAX_STEPS):
        if before is None:
            return False
        text = "".join((before.text() if before.is_element_node else before.text_content or "").split())
        if text:
            if "更多" in text or "e" in text or "E" in text:
                text = _MORE.sub("", text)
            return len(text) <= MAX_HEADING_CHARACTERS and text not in own_names and bool(_HEADING.fullmatch(text))
        before = before.prev
    return False


def are_neighbours(parts: Sequence[Element | Link]) -> bool:
    """Whether a few entries are what stands before and after an article (上一篇, 下一篇)."""
    return any(_NEIGHBOUR.match(_opening(part.node)) for part in parts)


def _opening(node: LexborNode) -> str:
    """How an entry's text begins; for a link, with what stands right before it."""
    text = node.text(separator=" ")[:MAX_NEIGHBOUR_CHARACTERS]
    before = node.prev if node.tag == "a" else None
    said = before.text() if before is not None else None
    return said[-MAX_NEIGHBOUR_CHARACTERS:] + text if said else text
