"""Whether anything on a page may be an entry of a list, once menus, margins and tools are left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spiders.readers.document import Document, Link
from spiders.readers.elements import Element
from spiders.readers.grouping import Group, Place

if TYPE_CHECKING:
    from spiders.readers.listing import PageLists

MAX_CRUMB_CHARACTERS = 300
MAX_NAME_CHARACTERS = 9  # in the mean, of the columns in a tree
LEAST_COLUMNS = 2  # of a tree

# What stands in the bars above and below a page on every page of a site.
_TOOLS = re.compile(
    r"\W*(?:手机版?|移动版|电脑版|无障碍(?:浏览|阅读|版)?|(?:适老化?|长者|关怀|老年)(?:版|模式)?|繁[體体](?:中文|版)?|简体(?:中文|版)?|繁|简|english|en|"
    r"登[录陆]|注册|个人中心|设为首页|加入收藏|收藏(?:本站)?|网站地图|联系我们|关于我们|网站声明|微信|微博|客户端|app|rss|邮箱|返回(?:首页|顶部)?|"
    r"打印|关闭|旧版|我要纠错|查看更多|更多|more)\W*",
    re.IGNORECASE,
)


def has_entries(lists: PageLists) -> bool:
    """Whether the content holds anything that may be an entry: a link outside menus and margins."""
    aside = Place.CHROME | Place.SMALL | Place.HOT | Place.FOOT
    places = [(link, link.holder, lists.tree.place_around(link.holder)) for link in lists.tree.links if link.holder]
    menus = {link.url for link, _, place in places if place & Place.CHROME}  # one may be drawn again for phones
    trees = _column_trees(lists)
    for link, holder, place in places:
        if holder in trees or holder.above in trees:
            continue
        is_aside = place & aside or (place & Place.ASIDE and not place & Place.MAIN)
        if (
            not is_aside
            and link.url
            and link.url not in menus
            and not lists.document.is_hidden(link.node)
            and not _TOOLS.fullmatch(link.label)
            and not leads_back(link, lists.document)
            and not _is_crumb(holder)
            and not lists.is_margin(Group(holder, lists.tree.firsts[holder], place))
        ):
            return True
    return False


def _column_trees(lists: PageLists) -> set[Element | None]:
    """The lists of links in which this page's own column stands among others of short names: trees of columns."""
    tree, own = lists.tree, lists.own_name
    found: set[Element | None] = set()
    if own is None:
        return found
    for link in tree.links:
        holder = link.holder
        if holder is None or "".join(link.label.split()) != own:
            continue
        if len(tree.parts[holder]) < 2:
            holder = holder.above
        if holder is not None and tree.count_links(holder) >= LEAST_COLUMNS:
            names = [len(one.label) for one in tree.links_of(holder)]
            if sum(names) <= MAX_NAME_CHARACTERS * len(names):
                found.add(holder)
    return found


def _is_crumb(holder: Element) -> bool:
    """Whether a link stands in a short line that says where the page is (当前位置)."""
    for above in (holder, holder.above):
        if above is None or above.tag == "body":
            return False
        text = above.node.text(separator=" ")
        if len(text) < MAX_CRUMB_CHARACTERS and "位置" in text:
            return True
    return False


def leads_back(link: Link, document: Document) -> bool:
    """Whether a link leads to this page or to the home page of some site."""
    return link.url is not None and (link.url.rstrip("/").count("/") <= 2 or link.url == document.url)
