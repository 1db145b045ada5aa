"""What a page is, as read from the page alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from gkmonitor.records import Article, ColumnLink, Endpoint, Listing, PageKind, Redirect
from spiders.readers.blocks import more_links, substantial_groups
from spiders.readers.depth import stands_below_root
from spiders.readers.document import Document
from spiders.readers.grouping import Group
from spiders.readers.listing import PageLists
from spiders.readers.weighing import Reading

SHORT_CHARACTERS = 400
FRONT_COLUMNS = 6
HOME_LINKS = 25
FEW_HOME_LINKS = 12  # of a page whose address is a home page's
TINY_CHARACTERS = 60
MOSTLY = 0.6  # such a share of dated entries


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the other readers found, for telling the page's kind."""

    listing: Listing | None
    article: Article | None
    lists: PageLists
    breadcrumb: tuple[str, ...]
    columns: tuple[ColumnLink, ...]
    redirect: Redirect | None
    frames: tuple[str, ...]
    endpoints: tuple[Endpoint, ...]
    challenge: str | None


_ERROR_TITLE = re.compile(
    r"^\W*(?:(?:http\s*)?(?:404|403|500|502|503|504|400)\b|error\b|not found|系统(?:提示|错误)|出错|错误(?:提示|页))"
    r"|^维护中|(?:50[0-9]|40[0-9])\s*错误|页面(?:不存在|没有找到|未找到|无法访问|找不到)|找不到(?:页面|该页)|您访问的页面|访问出错"
    r"|无法找到|not found|bad gateway|internal server error|service unavailable|access denied|forbidden",
    re.IGNORECASE,
)
_MAY_NAME_ERROR = re.compile("[0a-zA-Z系错护页找]")  # one of which is in each of these
_ERROR_TEXT = re.compile(
    r"页面(?:不存在|没有找到|未找到|已(?:被)?删除|找不到)"
    r"|(?:没有|无法|未能?)找到(?:该|您|你|此|这个|相关)?.{0,8}(?:页|文件|网页|栏目)"
    r"|您(?:要|所|想)?(?:访问|查看|请求|浏览)的(?:页面|网页|内容|文章|信息|资源).{0,12}(?:不存在|删除|下线|找不到|失效)"
    r"|(?:the )?page (?:you|can(?:no|')t)|404 not found|bad gateway|HTTP (?:Status|错误) \d{3}"
    r"|服务器(?:内部)?错误|站点(?:已)?(?:关闭|过期)",
    re.IGNORECASE,
)
_CATALOGUE = re.compile(r"信息公开(?:目录|指南|平台|专栏|制度|年报)|公开(?:目录|指南|年报)|政府信息公开$")
_TITLE_BARS = re.compile(r"\s*[-_|—–]+\s*")
_CATALOGUE_WORDS = ("索引号", "文号", "发布机构", "发文日期", "生成日期", "公开方式", "主题分类")
_HOME_PATH = re.compile(r"/(?:(?:index|default|home|main|portal|sy)\d*(?:\.\w{2,6})?)?", re.IGNORECASE)


def is_error(document: Document) -> bool:
    """A page that says it could not be found or served: by its title, or by its few words."""
    if document.title and len(document.title) <= 60 and _names_error(document.title):
        return True
    text = document.visible_text
    if len(text) <= SHORT_CHARACTERS and (_ERROR_TEXT.search(text) or _names_error(text[:80])):
        return True
    return bool(document.heading and len(text) <= 3 * SHORT_CHARACTERS and _names_error(document.heading))


def _names_error(title: str) -> bool:
    return _MAY_NAME_ERROR.search(title) is not None and _ERROR_TITLE.search(title) is not None


def is_paged_list(lists: PageLists) -> bool:
    """Whether a pager stands by a list most of whose entries are dated: that is no article, whatever else it shows."""
    pager = lists.pager
    if not (pager.next_url or (pager.total_pages or 0) > 1 or pager.total_items):
        return False
    chosen = lists.chosen
    return chosen is not None and bool(chosen.dated) and chosen.dated >= MOSTLY * len(chosen.entries)


def is_list_rather(lists: PageLists, article: Article) -> bool:
    """Whether a page that reads as an article is a list all the same: its "article" is one of the entries."""
    if not lists.may_be_dated_list and not lists.pager.is_seen:
        return False
    chosen = lists.chosen
    if chosen is None or not chosen.dated:
        return False
    if article.published is None:
        return chosen.dated >= MOSTLY * len(chosen.entries)
    if article.title == lists.own_name and article.published in {entry.published for entry in chosen.entries}:
        return True  # the name above the list, and the first entry's day below it
    if chosen.dated < 3:
        return False
    return any(entry.title == article.title for entry in chosen.entries) or _is_dated_by_entries(article, chosen)


def _is_dated_by_entries(article: Article, chosen: Reading) -> bool:
    """Whether several days of publication stand below the "title", each that of one entry."""
    days = {one.day for one in article.other_dates if one.source.startswith("heading:发布")}
    return bool(days) and {article.published, *days} <= {entry.published for entry in chosen.entries}


def guess_kind(document: Document, seen: Seen) -> PageKind:
    """Blocked and error pages first, then what holds content, then shells."""
    if seen.challenge is not None:
        return PageKind.BLOCKED
    if is_error(document):
        return PageKind.ERROR
    is_tiny = len(document.visible_text) < TINY_CHARACTERS and len(seen.columns) < 4
    if is_tiny and (seen.listing is None or not seen.listing.items):
        return _kind_of_tiny(document, seen)
    if seen.article is not None and not _is_front(document, seen):
        return PageKind.ARTICLE
    return _kind_of_lists(document, seen)


def _is_front(document: Document, seen: Seen) -> bool:
    """Whether a page with menus has a front page's address: no article lies there, whatever it reads like."""
    if len(seen.columns) < FRONT_COLUMNS or "articletitle" in document.metas:
        return False
    address = urlsplit(document.url)
    return address.scheme in ("http", "https") and _HOME_PATH.fullmatch(address.path) is not None


def _kind_of_lists(document: Document, seen: Seen) -> PageKind:
    groups = substantial_groups(seen.lists)
    if _is_home(document, seen, groups):
        return PageKind.HOME
    if _is_section(seen, groups):
        return PageKind.SECTION
    if seen.listing is not None:
        return PageKind.LISTING
    if _is_catalogue(document, seen):
        return PageKind.CATALOGUE
    if seen.endpoints and _is_shell(document, seen):
        return PageKind.SHELL
    return PageKind.SECTION if len(seen.columns) >= 8 and not seen.breadcrumb else PageKind.OTHER


def _is_shell(document: Document, seen: Seen) -> bool:
    """Whether nothing but what a script will fetch can be the content: few words, or a column without entries."""
    return len(document.visible_text) < 3 * SHORT_CHARACTERS or (bool(seen.breadcrumb) and not seen.lists.has_entries)


def _kind_of_tiny(document: Document, seen: Seen) -> PageKind:
    if document.scripts or seen.redirect or seen.frames or seen.endpoints:
        return PageKind.SHELL
    return PageKind.ERROR


def _is_home(document: Document, seen: Seen, groups: list[Group]) -> bool:
    if seen.breadcrumb or seen.lists.pager.is_seen or len(seen.columns) < 6:
        return False
    address = urlsplit(document.url)
    if address.scheme in ("http", "https") and address.path in ("", "/"):
        return True
    is_addressed = address.scheme in ("http", "https") and bool(address.path)
    if len(document.links) < (FEW_HOME_LINKS if is_addressed else HOME_LINKS):
        return False
    if _CATALOGUE.search(document.title or ""):
        return False
    if is_addressed:
        return _HOME_PATH.fullmatch(address.path) is not None
    if stands_below_root(document):
        return False
    parts = _TITLE_BARS.split(document.title or "")
    return len(groups) >= 1 and len(document.links) >= 50 and (len(parts) == 1 or len(groups) >= 3)


def _is_section(seen: Seen, groups: list[Group]) -> bool:
    """Several lists beside each other and none that outweighs the others."""
    if seen.lists.pager.around or seen.lists.pager.is_scripted:
        return False
    chosen = seen.lists.chosen
    if chosen is not None and _continues_elsewhere(seen, chosen.group, groups):
        return True  # a block of this page
    if seen.listing is not None:  # one list or a blank: what stands aside does not make it one of several
        groups = [group for group in groups if not seen.lists.stands_aside(group)]
    elif seen.breadcrumb:  # drop-downs with the sites of others make no section of a column's page
        groups = [group for group in groups if not seen.lists.document.is_hidden(group.parent.node)]
    if chosen is not None and len(chosen.entries) <= 12 and not seen.breadcrumb and len(seen.columns) >= 60:
        return True  # a short list in the middle of a great menu
    if len(groups) < 3:
        return False
    groups = [group for group in groups if group.parts == 1]
    if chosen is not None and chosen.dated:
        groups = [group for group in groups[:12] if _rivals(group, chosen, seen)]
        letters = [group.letters for group in groups]
        return len(groups) >= 2 and chosen.group.letters < 0.7 * (sum(letters) + chosen.group.letters)
    letters = [group.letters for group in groups]
    return max(letters) < 0.7 * sum(letters)


def _continues_elsewhere(seen: Seen, chosen: Group, groups: list[Group]) -> bool:
    """Whether a 更多 link belongs to the list, and not to another list beside it."""
    others = [group for group in groups if group.parent is not chosen.parent] if chosen.parts == 1 else []
    return id(chosen) in more_links(seen.lists.document, [chosen, *others])


def _rivals(group: Group, chosen: Reading, seen: Seen) -> bool:
    """Whether a group is another dated list than the chosen one."""
    if group is chosen.group:
        return False
    reading = seen.lists.read(group)
    shown = {(entry.url, entry.title) for entry in chosen.entries}
    return reading.dated >= 0.5 * len(reading.entries) and not any(
        (one.url, one.title) in shown for one in reading.entries
    )


def _is_catalogue(document: Document, seen: Seen) -> bool:
    """A page of the disclosure catalogue: named so itself, or with a catalogue's own fields."""
    own = seen.breadcrumb[-1] if seen.breadcrumb else _TITLE_BARS.split(document.title or "")[0]
    if any(_CATALOGUE.search(name) for name in (own, document.heading or "")):
        return True
    return sum(word in document.visible_text for word in _CATALOGUE_WORDS) >= 3
