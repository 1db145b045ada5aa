"""What a page is, as read from the page alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from gkmonitor.records import Article, Block, ColumnLink, Endpoint, Listing, PageKind, Redirect
from spiders.readers.document import Document

SHORT_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Seen:
    """What the other readers found, for telling the page's kind."""

    listing: Listing | None
    article: Article | None
    blocks: tuple[Block, ...]
    breadcrumb: tuple[str, ...]
    columns: tuple[ColumnLink, ...]
    redirect: Redirect | None
    frames: tuple[str, ...]
    endpoints: tuple[Endpoint, ...]
    challenge: str | None


_ERROR_TITLE = re.compile(
    r"^\W*(?:(?:http\s*)?(?:404|403|500|502|503|504|400)\b|error\b|not found|(?:50[0-9]|40[0-9])\s*错误|系统(?:提示|错误)|出错|错误(?:提示|页))"
    r"|页面(?:不存在|没有找到|未找到|无法访问|找不到)|找不到(?:页面|该页)|您访问的页面|访问出错|无法找到|not found|bad gateway|"
    r"internal server error|service unavailable|access denied|forbidden",
    re.IGNORECASE,
)
_ERROR_TEXT = re.compile(
    r"页面(?:不存在|没有找到|未找到|已(?:被)?删除|找不到)|(?:没有|无法|未能?)找到(?:该|您|你|此|这个|相关)?.{0,8}(?:页|文件|网页|栏目)|"
    r"您(?:要|所|想)?(?:访问|查看|请求|浏览)的(?:页面|网页|内容|文章|信息|资源).{0,12}(?:不存在|删除|下线|找不到|失效)|"
    r"(?:the )?page (?:you|can(?:no|')t)|404 not found|bad gateway|HTTP (?:Status|错误) \d{3}|服务器(?:内部)?错误|站点(?:已)?(?:关闭|过期)",
    re.IGNORECASE,
)
_CATALOGUE = re.compile(r"信息公开(?:目录|指南|平台|专栏)|公开目录|信息公开$|xxgk|gkml|zwgk/?$")
_CATALOGUE_WORDS = (
    "索引号",
    "公开目录",
    "信息公开指南",
    "依申请公开",
    "文号",
    "发布机构",
    "信息公开年报",
    "信息公开制度",
)
_HOME_PATH = re.compile(r"^/?(?:index|default|home|main|portal)?(?:\.\w{2,6})?$|^/?\w{0,12}/?$", re.IGNORECASE)

def is_error(document: Document) -> bool:
    """A page that says it could not be found or served: by its title, or by its few words."""
    if document.title and len(document.title) <= 60 and _ERROR_TITLE.search(document.title):
        return True
    text = document.visible_text
    if len(text) <= SHORT_CHARACTERS and (_ERROR_TEXT.search(text) or _ERROR_TITLE.search(text[:80])):
        return True
    return bool(document.heading and len(text) <= 3 * SHORT_CHARACTERS and _ERROR_TITLE.search(document.heading))


def guess_kind(document: Document, seen: Seen) -> PageKind:
    """Blocked and error pages first, then what holds content, then shells."""
    if seen.challenge is not None:
        return PageKind.BLOCKED
    if is_error(document):
        return PageKind.ERROR
    if _is_home(document, seen):
        return PageKind.HOME
    if seen.article is not None:
        return PageKind.ARTICLE
    if seen.listing is not None:
        return PageKind.CATALOGUE if _is_catalogue(document) else PageKind.LISTING
    text_length = len(document.visible_text)
    if text_length < SHORT_CHARACTERS // 4 and (document.scripts or seen.redirect or seen.endpoints):
        return PageKind.SHELL
    if _is_catalogue(document):
        return PageKind.CATALOGUE
    if seen.endpoints and text_length < 3 * SHORT_CHARACTERS:
        return PageKind.SHELL
    if len(seen.blocks) >= 2:
        return PageKind.SECTION
    return PageKind.OTHER


def _is_home(document: Document, seen: Seen) -> bool:
    if seen.breadcrumb or len(seen.columns) < 4:
        return False
    path = urlsplit(document.url).path
    return _HOME_PATH.match(path) is not None and len(document.links) >= 25


def _is_catalogue(document: Document) -> bool:
    words = sum(word in document.visible_text for word in _CATALOGUE_WORDS)
    return bool(_CATALOGUE.search(document.title or "") and words >= 1) or words >= 3
