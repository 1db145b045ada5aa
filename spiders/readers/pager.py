"""Pagers: the next page of a list and the totals that it states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from gkmonitor.records import Endpoint
from spiders.readers.document import Document, Link
from spiders.readers.elements import Element
from spiders.readers.form_pager import NEXT_WORDS, read_form_pager
from spiders.readers.searching import lines_with

_PAGER_OPENINGS = "首第上前下后後末尾最pPnNfFlL.…<>«»‹›[【(（《0123456789"
MAX_PAGER_CHARACTERS = 12
_TURNING_WORDS = re.compile(
    r"[\s\[【(<《«‹]*(?:第一[页頁]|[上前下后後]一?[页頁]|[末尾][页頁]|最[后後]一?[页頁]|prev(?:ious)?|next)[\s\]】)>》»›]*",
    re.IGNORECASE,
)
_PAGER_WORDS = re.compile(
    r"[\s\[【(<《«‹]*(?:首[页頁]|第一[页頁]|[上前下后後]一?[页頁]|[末尾][页頁]|最[后後]一?[页頁]|"
    r"prev(?:ious)?|next|first|last|\.{2,}|…|[<>«»‹›]{1,2}|\d{1,4})[\s\]】)>》»›]*",
    re.IGNORECASE,
)
MAX_LEVELS_AROUND = 10
MAX_BUTTONS = 40
MAX_NONE_CHARACTERS = 16
MAX_SCRIPT_CHARACTERS = 400

_BUTTON_ADDRESS = re.compile(r"""location(?:\.href)?\s*=\s*(?:encodeURI\s*\()?\s*['"]([^'"\s]{2,300})['"]""")
_CREATE = re.compile(
    r"create(?:Page|page)(?:HTML|Html|html)?\w*\s*\(\s*['\"]?(\d+)['\"]?\s*,\s*['\"]?(\d+)['\"]?\s*,\s*['\"]([\w\-./]+)['\"]\s*,"
    r"\s*['\"](\w+)['\"]"
)
_COUNT_PAGE = re.compile(r"var\s+countPage\s*=\s*['\"]?(\d+)")
_CURRENT_PAGE = re.compile(r"var\s+currentPage\s*=\s*['\"]?(\d+)")
_LINE_COMMENT = re.compile(r"(?m)(?<![:'\"])//[^\n]*|/\*.*?\*/", re.DOTALL)
_TOTAL_ITEMS = re.compile(
    r"(?:[总總]?共有?|[总總合][计計])[^\d\n页頁]{0,6}?(\d{1,7})\s*(?:[条條]|篇|[项項]|[个個]?(?:记录|記錄)|[个個]?信息|件|[笔筆])"
)
_TOTAL_ITEMS_LABEL = re.compile(
    r"(?:总记录数?|记录总数|总条数|信息总数|记录数|總記錄數?|記錄總數|總[條筆]數)\s*[:：]?\s*(\d{1,7})"
)
_TOTAL_PAGES = re.compile(
    r"(?:[总總]?共有?|[总總][计計]|/)\s*(\d{1,6})\s*[页頁]|[总總]?[页頁][数數]\s*[:：]?\s*\d*\s*/?\s*(\d{1,6})"
)
_CURRENT_OF_TOTAL = re.compile(r"(?<![\d/\-.])(\d{1,5})\s*/\s*(\d{1,5})(?![\d/\-.])(?=\s*[页頁]|\s*$|\s)")
_MAY_COUNT = re.compile(r"[共/总總数數][^\d\n]{0,8}\d")  # what begins in either of these, and its number
_OF_PAGER = re.compile("[页頁条條]")
_COMPONENTS = ".el-pagination,.ant-pagination,.ivu-page,.layui-laypage,.van-pagination"
_NUMBERED = re.compile(r"^(.*?)(?:_(\d+))?\.(s?html?|jhtml|aspx?|jsp)$")


@dataclass(frozen=True, slots=True, eq=False)
class Pager:
    """What a pager says; ``around`` holds the elements it stands in, innermost first, for finding its list."""

    next_url: str | None
    total_items: int | None
    total_pages: int | None
    around: tuple[int, ...]  # mem_id of the first pager link's ancestors
    next_request: Endpoint | None  # the next page, where the pager is a form to post
    has_more: bool  # a next page is offered that has no address
    is_scripted: bool  # a static template's own paging script, which only list templates carry

    @property
    def is_seen(self) -> bool:
        return self.next_url is not None or self.total_items is not None or self.total_pages is not None


def may_be_pager_links(document: Document) -> list[Link]:
    """The few links that may turn pages, by how their labels begin."""
    return [
        link
        for link in document.links
        if 0 < len(label := link.label) <= MAX_PAGER_CHARACTERS and (label[0] in _PAGER_OPENINGS or label.isdigit())
    ]


def is_pager_link(link: Link) -> bool:
    """Whether one of ``may_be_pager_links`` turns pages instead of leading to an entry."""
    return _PAGER_WORDS.fullmatch(link.label) is not None


def read_pager(document: Document, links: Sequence[Link]) -> Pager:
    """The pager of the page; ``next_url`` is never the page itself.

    ``links``: those that may turn pages.
    """
    items, pages = _totals(document)
    scripted = _from_script(document)
    following = _next_link(document, links)
    if scripted is not None:
        count, url = scripted
        pages = pages if pages is not None else count
        following = following or url
    turned = read_form_pager(document, links) if following is None and (pages is None or pages > 1) else None
    if turned is not None:
        following = turned.url
    if following is not None and _same_page(following, document.url):
        following = None
    if pages is not None and pages <= 1 and following is not None and scripted is None:
        following = None
    request = turned.request if turned is not None else None
    has_more = turned is not None and following is None
    around = _around(links) or (_around_component(document) if items else ())
    return Pager(following, items, pages, around, request, has_more=has_more, is_scripted=scripted is not None)


def _around_component(document: Document) -> tuple[int, ...]:
    """The elements around the pager of a component library, whose numbers are no links."""
    node = document.tree.css_first(_COMPONENTS)
    return _chain(document.elements.around(node)) if node is not None else ()


def _chain(holder: Element | None) -> tuple[int, ...]:
    chain: list[int] = []
    while holder is not None and holder.tag != "body" and len(chain) < MAX_LEVELS_AROUND:
        chain.append(holder.identity)
        holder = holder.above
    return tuple(chain)


def _around(links: Sequence[Link]) -> tuple[int, ...]:
    """The elements around the first link that turns the page."""
    for link in links:
        if 1 < len(link.text) <= 8 and ("页" in link.text or "頁" in link.text or link.text.isascii()):
            if not _TURNING_WORDS.fullmatch(link.text):
                continue
            return _chain(link.holder)
    return ()


def _same_page(first: str, second: str) -> bool:
    return first.partition("#")[0] == second.partition("#")[0]


def _next_link(document: Document, links: Sequence[Link]) -> str | None:
    for link in links:
        if link.url is not None and NEXT_WORDS.fullmatch(link.label):
            return link.url
    return _next_button(document) or _next_number(document, links)


def _next_button(document: Document) -> str | None:
    """Where a form's button leads: ``<input type="button" value="下一页" onclick="location.href='index_2.jhtml'">``."""
    for node in [one for one in document.scripted if one.tag in ("input", "button")][:MAX_BUTTONS]:
        script = node.attributes.get("onclick") or ""
        found = _BUTTON_ADDRESS.search(script) if len(script) <= MAX_SCRIPT_CHARACTERS else None
        if found and NEXT_WORDS.fullmatch((node.attributes.get("value") or node.text()).strip()[:12]):
            return document.join(found[1])
    return None


def _next_number(document: Document, links: Sequence[Link]) -> str | None:
    """The number behind the current one, where a pager has numbers and no word for the next page."""
    numbers = [link for link in links if link.text.isdigit() and len(link.text) <= 4 and link.url is not None]
    if not numbers or numbers[0].holder is None:
        return None
    first = numbers[0]
    if first.text == "2":
        return first.url
    if first.text == "1" and len(numbers) > 1 and numbers[1].text == "2" and _same_page(first.url or "", document.url):
        return numbers[1].url
    return None


def _from_script(document: Document) -> tuple[int, str | None] | None:
    """TRS: createPageHTML(count, current from 0, "index", "html"), page n is index_n.html; comments do not count."""
    if not (document.has("reatePage") or document.has("countPage")):
        return None
    for code in document.codes:
        if "reatePage" not in code and "countPage" not in code:
            continue
        code = _LINE_COMMENT.sub("", code)
        match = _CREATE.search(code)
        if match:
            count, current, name, extension = int(match[1]), int(match[2]), match[3], match[4]
            return count, _trs_page(document, count, current, name, extension)
        total = _COUNT_PAGE.search(code)
        if total:
            current_match = _CURRENT_PAGE.search(code)
            current = int(current_match[1]) if current_match else 0
            extension = "htm" if urlsplit(document.url).path.endswith(".htm") else "html"
            return int(total[1]), _trs_page(document, int(total[1]), current, "index", extension)
    return None


def _trs_page(document: Document, count: int, current: int, name: str, extension: str) -> str | None:
    if current + 1 >= count or count > 100_000:
        return None
    return document.join(f"{name}_{current + 1}.{extension}")


def _may_say_none(line: str) -> bool:
    """Whether a total of nothing is the list's own: it stands among words of a pager, or nearly alone."""
    return "页" in line or "頁" in line or len(line) <= MAX_NONE_CHARACTERS


def _totals(document: Document) -> tuple[int | None, int | None]:
    items = pages = None
    for line in lines_with(_MAY_COUNT, document.visible_text):
        if len(line) > 400 or "。" in line:
            continue  # a sentence (全年共办理35件。) states no total of a list
        if items is None:
            match = _TOTAL_ITEMS.search(line) or _TOTAL_ITEMS_LABEL.search(line)
            items = int(match[1]) if match and (int(match[1]) or _may_say_none(line)) else None
        if pages is None:
            match = _TOTAL_PAGES.search(line)
            if match:
                pages = int(match[1] or match[2])
            elif _OF_PAGER.search(line):
                match = _CURRENT_OF_TOTAL.search(line)
                pages = int(match[2]) if match else None
        if items is not None and pages is not None:
            break
    return items, pages
