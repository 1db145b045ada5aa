"""Which group of links is the main navigation, and which other links are columns.

Judged by ids and classes, by place in the page, by the names themselves, and by the addresses: no single sign decides,
because menus of old sites have no class at all and footers of new ones are called ``nav``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from spiders.readers.column_names import SHORT_NAME_CHARACTERS
from spiders.readers.menus import Box, Entry, Group

TYPICAL_COUNTED: Final = 7  # typical names; more of them make no more of a menu
BEST_PLACE_SCORE: Final = 5.5  # the most that _score_of_place can give

NAVIGATION: Final = re.compile(r"nav|menu|mnue|daohang|lanmu|(?:^|[\s_-])dh|top_?t|mainlevel|channel")
_MAIN: Final = re.compile(
    r"(?:^|[\s_-])(?:main|top|head|header|index|first|primary)[\w-]*(?:nav|menu)|nav_?main|navbar|mainlevel|top_?nav"
)
_SIDE: Final = re.compile(
    r"left|right|side|aside|sub_?(?:nav|menu|list)|second|tab(?!le)|quick|bnav|foot_?nav|float|fixed|hot"
)
_FOOT: Final = re.compile(
    r"foot|friend|yqlj|youqing|copyright|bottom|(?:^|[\s_-])links?(?:$|[\s_-])|frdlink|(?:^|[\s_-])bq(?:$|[\s_-])"
)
_NOISE: Final = re.compile(
    r"crumb|position|location|weizhi|dqwz|(?:^|[\s_-])pag(?:e|er|ing|ination|elist)(?:$|[\s_-])|language|(?:^|[\s_-])lang|share"
    r"|login|toolbar|hotword|keyword|(?:^|[\s_-])tags?(?:$|[\s_-])"
)
_ARTICLE_URL: Final = re.compile(
    r"/t?20\d{6}_?\d*|/art_|/content[s]?/(?:post_)?\d|post_\d|/info/\d+/\d|/20\d\d-\d\d(?:-\d\d)?/|/20\d{4}/|/c\d*a\d+/page"
    r"|(?:article|show|view|detail|newsinfo|content)\w*[._/-]?\w*[?/_-](?:id=)?\d|[0-9a-f]{32}|\.(?:pdf|docx?|xlsx?|zip|rar|jpe?g|png|mp4)$",
    re.IGNORECASE,
)
# 2026-07-01, 07-01, 7月1日. Its first digit stands before all else, so that other characters are passed over at once.
_DAY: Final = re.compile(
    r"\d(?<![-\d./]\d)(?:(?:(?<=1)9|(?<=2)0)\d\d\s?[-/.年]\s?\d)?\d?\s?[-/月.]\s?\d{1,2}日?(?![-\d./])"
)
_SEARCH_URL: Final = re.compile(r"[?&](?:q|kw|wd|key|keys?words?|search_?(?:word|key)?)=", re.IGNORECASE)


# ---------------------------------------------------------------- which group is the main navigation


def main_group(groups: Sequence[Group]) -> Group | None:
    best: Group | None = None
    best_score = 2.0
    for group in groups:
        if not group.is_regular or not 3 <= len(group.entries) <= 40:
            continue
        score = _score_of_names(group)
        if score + BEST_PLACE_SCORE <= best_score:  # the ids and classes cannot make up for it
            continue
        box = group.box
        score += _score_of_place(box.near, box.wide, box.tag == "nav")
        if score > best_score and not _is_article_list(group):
            best, best_score = group, score
    return best


def _score_of_names(group: Group) -> float:
    """How much the names look like the main navigation's: short and usual ones, 首页 first, early in the page."""
    score = _score_of_wording(group.entries)
    if score is None:
        return -BEST_PLACE_SCORE
    if group.position < 36:
        score += 3.0 - group.position / 12
    headed = 0
    for entry in group.entries:
        if entry.children:
            headed += 1
    score += 2.0 if headed > 4 else 0.5 * headed
    return score - (3.0 if group.is_submenu else 0.0)


def _score_of_wording(entries: Sequence[Entry]) -> float | None:
    """The part of it that the names alone make; None where hardly one of them can be a column's."""
    columns = [entry.known for entry in entries if entry.known.is_column]
    if len(columns) < 3:
        return None
    score = 4.0 if any(entry.known.is_home for entry in entries[:3]) else 0.0
    short, typical = 0, 0
    for name in columns:
        if len(name.text) <= 8:
            short += 1
        if typical < TYPICAL_COUNTED and name.is_typical:
            typical += 1
    score += 4.0 if typical == TYPICAL_COUNTED else 0.6 * typical
    score += 1.0 if 4 <= len(columns) <= 14 else -1.0 if len(columns) > 24 else 0.0
    return score + 2.0 * short / len(columns) - 2.0 * (1 - len(columns) / len(entries))


@lru_cache(maxsize=8_192)
def _score_of_place(near: str, wide: str, is_nav: bool) -> float:
    """What the ids and classes say: ``near`` of the menu's own elements, ``wide`` of those further out as well."""
    is_in_head = is_nav or "header " in wide
    is_near = bool(NAVIGATION.search(near))
    score = 3.0 if is_near else 1.5 if NAVIGATION.search(wide) else 0.0
    score += 1.0 if _MAIN.search(wide) else 0.0
    score -= 3.0 if _SIDE.search(near) else 0.0
    score -= 6.0 if _NOISE.search(near) else 0.0
    if is_in_head:
        return score + 1.5
    return score - (4.0 if _FOOT.search(near) else 2.0 if not is_near and _FOOT.search(wide) else 0.0)


def attach_parallel(main: Group, top: list[Entry], groups: Sequence[Group]) -> None:
    """Heads in one list, their sub-menus one by one in another: the nth sub-menu belongs to the nth head."""
    if any(entry.children for entry in top):
        return
    inside, holder = main.box, main.box.parent
    for _ in range(3):
        if holder is None:
            return
        for part in holder.parts:
            if isinstance(part, Entry) or part is inside:
                continue
            menus = [inner.units for inner in part.parts if not isinstance(inner, Entry)]
            if len(menus) == len(part.parts) == len(top) >= 3 and _are_submenus(menus):
                for head, units in zip(top, menus, strict=True):
                    for unit in units:
                        unit.head = head
                    head.children.extend(units)
                return
        inside, holder = holder, holder.parent


def _are_submenus(menus: Sequence[Sequence[Entry]]) -> bool:
    """Several short names in most, and no article among them."""
    units = [unit for menu in menus for unit in menu]
    if 2 * sum(len(menu) > 1 for menu in menus) < len(menus):
        return False
    return not any(_is_article_address(unit.url) for unit in units)


# ---------------------------------------------------------------- which other entries are columns


def is_column(entry: Entry) -> bool:
    """Whether an entry outside the main navigation is a column rather than a tool, a title or somebody's site."""
    if not entry.known.is_column or (entry.url is not None and "?" in entry.url and _SEARCH_URL.search(entry.url)):
        return False  # 热门搜索：社保 leads to what a search finds
    group, length = entry.group, len(entry.name)
    is_title = group is not None and (
        _is_article_list(group) if group.is_article_list is None else group.is_article_list
    )
    if is_title and length > SHORT_NAME_CHARACTERS + 5:
        return False
    if entry.box is not None and _is_aside(group.box if group is not None else entry.box):
        return False
    if entry.known.is_stated:
        return not (is_title and _is_article_address(entry.url))
    limit = SHORT_NAME_CHARACTERS + 3 if group is not None else SHORT_NAME_CHARACTERS if entry.head is not None else 0
    return not is_title and length <= limit and not _is_article_address(entry.url)


def _is_aside(box: Box) -> bool:
    """Whether what stands here is a breadcrumb, a pager, a tool, or the footer with its links to others."""
    if box.verdict is None:
        box.verdict = bool(box.around) and _is_aside_hint(box.around)
    return box.verdict


@lru_cache(maxsize=8_192)
def _is_aside_hint(hint: str) -> bool:
    return bool(_NOISE.search(hint)) or (bool(_FOOT.search(hint)) and not NAVIGATION.search(hint))


def _is_article_list(group: Group) -> bool:
    """Long names or article addresses throughout: a list of titles, not a menu."""
    if group.is_article_list is None:
        titles = group.titles
        for entry in group.entries:
            if len(entry.name) > SHORT_NAME_CHARACTERS + 3:
                titles += 1
        group.is_article_list = (
            2 * titles > len(group.entries) + group.titles
            or (_lead_to_articles(group.entries) and not NAVIGATION.search(group.box.near))
            or _is_dated(group)
        )
    return group.is_article_list


def _lead_to_articles(entries: Sequence[Entry]) -> bool:
    """Whether more than half of the addresses are those of articles."""
    room = (len(entries) - 1) // 2  # for other addresses
    for entry in entries:
        if not _is_article_address(entry.url):
            room -= 1
            if room < 0:
                return False
    return True


def _is_dated(group: Group) -> bool:
    """Whether the first and the last entry have a day beside them, as titles have and columns have not."""
    ends = (group.box.parts[0], group.box.parts[-1])
    for end in ends:
        if isinstance(end, Entry) or len(end.units) != 1:
            return False
    for end in ends:
        if isinstance(end, Box) and not _DAY.search(end.element.node.text(separator=" ")):
            return False
    return True


@lru_cache(maxsize=16_384)
def _is_article_address(url: str | None) -> bool:
    return url is not None and bool(_ARTICLE_URL.search(url, url.find("/", 8)))
