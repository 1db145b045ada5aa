"""What a page shows where its own list stands empty: words that there is nothing, a list element without entries."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from spiders.readers.document import Document
from spiders.readers.grouping import HINT_LEVELS, Place, place_of
from spiders.readers.searching import lines_with
from spiders.readers.spotting import Spotter

MAX_NOTHING_CHARACTERS = 60
MAX_CONTAINERS = 200
# What applications that draw their lists in the browser leave in a page.
APP_MARKS = ("__NEXT_DATA__", "__NUXT__", "__INITIAL_STATE__", "skeleton")

# One of which is in most such words.
NOTHING_WORDS = Spotter(("暂无", "没有", "未找到", "未查", "尚无", "暫無", "沒有"))
_NOTHING = re.compile(
    r"\W*(?:[该該]|本|此|[当當]前)?(?:[栏欄]目|[频頻]道|[页頁]面|列表)?(?:下)?"
    r"(?:[暂暫][无無]|[暂暫][时時][没沒]有|[没沒]有|尚[无無]|[无無])(?:相[关關]|任何|符合[条條]件的|更多)?"
    r"(?:信息|资讯|資訊|[内內]容|[数數][据據]|文章|[记記][录錄]|[资資]料|文件)?\W*"
    r"|\W*(?:[没沒]有|未)(?:找到|查[询詢]?到|[检檢]索到)(?:任何|匹配|符合(?:[条條]件)?|相[关關])?的?"
    r"(?:信息|资讯|資訊|[内內]容|[数數][据據]|文章|[记記][录錄]|[资資]料|文件|[结結]果)\W*"
)

_NO = re.compile("[无無没沒未]")
_SORRY = re.compile(r"\A\W*(?:[对對]不起|(?:很|非常)?抱歉|您好)\W*")
_CLAUSE_END = re.compile(r"(?<=.{3})[，。；]")


def says_nothing(text: str) -> bool:
    """Whether a line of the text is 暂无信息, or a sentence that begins so (该栏目暂无内容，请访问…)."""
    return any(2 <= len(line) <= MAX_NOTHING_CHARACTERS and _is_nothing(line) for line in lines_with(_NO, text))


def _is_nothing(line: str) -> bool:
    return _NOTHING.fullmatch(_CLAUSE_END.split(_SORRY.sub("", line), maxsplit=1)[0]) is not None


def has_empty_list(document: Document) -> bool:
    """An empty list element in the content. One with an id may be a place for a script: that says nothing.

    Nor does one on a page that a script draws anew from data of its own, or one of grey bars (skeleton).
    """
    for node in document.few("list")[:MAX_CONTAINERS]:
        if not node.text(strip=True) and node.css_first("a,img") is None and is_list_place(node):
            return not any(mark in document.text for mark in APP_MARKS)
    return False


def is_list_place(node: LexborNode) -> bool:
    """Whether an element is named as a list and stands outside navigation, and neither it nor its parents has an id."""
    place = 0
    current: LexborNode | None = node
    for level in range(HINT_LEVELS):
        if current is None or current.tag in ("body", "html"):
            break
        attributes = current.attributes
        if level < 2 and (attributes.get("id") or any(name.startswith(("v-", "ng-", ":", "@")) for name in attributes)):
            return False
        place |= place_of(attributes) if level < 2 else place_of(attributes) & (Place.CHROME | Place.FOOT)
        current = current.parent
    return bool(place & Place.MAIN) and not place & (Place.CHROME | Place.SMALL | Place.HOT | Place.FOOT)
