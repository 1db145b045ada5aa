"""Which group of links is the main navigation, and which other links are columns.

Judged by ids and classes, by place in the page, by the names themselves, and by the addresses: no single sign decides,
because menus of old sites have no class at all and footers of new ones are called ``nav``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from gkmonitor.concepts import match_name
from gkmonitor.records import Match
from spiders.readers.column_names import SHORT_NAME_CHARACTERS, is_column_name, is_home_name, is_typical
from spiders.readers.menus import Box, Entry, Group

BEST_PLACE_SCORE: Final = 5.5  # the most that _score_of_place can give

NAVIGATION = re.compile(r"nav|menu|mnue|daohang|lanmu|(?:^|[\s_-])dh|top_?t|mainlevel|channel")
_MAIN = re.compile(
    r"(?:^|[\s_-])(?:main|top|head|header|index|first|primary)[\w-]*(?:nav|menu)|nav_?main|navbar|mainlevel|top_?nav"
)
_SIDE = re.compile(
    r"left|right|side|aside|sub_?(?:nav|menu|list)|second|tab(?!le)|quick|bnav|foot_?nav|float|fixed|hot"
)
_FOOT = re.compile(
    r"foot|friend|yqlj|youqing|copyright|bottom|(?:^|[\s_-])links?(?:$|[\s_-])|frdlink|(?:^|[\s_-])bq(?:$|[\s_-])"
)
_NOISE = re.compile(
    r"crumb|position|location|weizhi|dqwz|(?:^|[\s_-])pag(?:e|er|ing|ination|elist)(?:$|[\s_-])|language|(?:^|[\s_-])lang|share"
    r"|login|toolbar|hotword|keyword|(?:^|[\s_-])tags?(?:$|[\s_-])"
)
_ARTICLE_URL = re.compile(
    r"/t?20\d{6}_?\d*|/art_|/content[s]?/(?:post_)?\d|post_\d|/info/\d+/\d|/20\d\d-\d\d(?:-\d\d)?/|/20\d{4}/|/c\d*a\d+/page"
    r"|(?:article|show|view|detail|newsinfo|content)\w*[._/-]?\w*[?/_-](?:id=)?\d|[0-9a-f]{32}|\.(?:pdf|docx?|xlsx?|zip|rar|jpe?g|png|mp4)$",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?<![-\d./])(?:(?:19|20)\d\d\s?[-/.年]\s?)?\d{1,2}\s?[-/月.]\s?\d{1,2}日?(?![-\d./])")
_SEARCH_URL = re.compile(r"[?&](?:q|kw|wd|key|keys?words?|search_?(?:word|key)?)=", re.IGNORECASE)


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
        score += _score_of_place(box.hints(2), box.hints(5), box.tag == "nav")
        if score > best_score and not _is_article_list(group):
            best, best_score = group, score
    return best


def _score_of_names(group: Group) -> float:
    """How much the names look like the main navigation's: short and usual ones, 首页 first, early in the page."""
    score = _score_of_wording(tuple([entry.name for entry in group.entries]))
    if score is None:
        return -BEST_PLACE_SCORE
    score += max(0.0, 3.0 - group.position / 12)
    score += min(2.0, 0.5 * sum([bool(entry.children) for entry in group.entries]))
    return score - (3.0 if group.is_submenu else 0.0)


@lru_cache(maxsize=4_096)  # the pages of one site have the same menus
def _score_of_wording(names: tuple[str, ...]) -> float | None:
    """The part of it that the names alone make; None where hardly one of them can be a column's."""
    columns = [name for name in names if is_column_name(name)]
    if len(columns) < 3:
        return None
    score = 4.0 if any(is_home_name(name) for name in names[:3]) else 0.0
    score += min(4.0, 0.6 * sum(map(is_typical, columns)))
    score += 1.0 if 4 <= len(columns) <= 14 else -1.0 if len(columns) > 24 else 0.0
    return score + 2.0 * sum(len(name) <= 8 for name in columns) / len(columns) - 2.0 * (1 - len(columns) / len(names))


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
    is_name, is_stated = _traits(entry.name)
    if not is_name or (entry.url is not None and "?" in entry.url and _SEARCH_URL.search(entry.url)):
        return False  # 热门搜索：社保 leads to what a search finds
    group, length = entry.group, len(entry.name)
    is_title = group is not None and (
        _is_article_list(group) if group.is_article_list is None else group.is_article_list
    )
    if is_title and length > SHORT_NAME_CHARACTERS + 5:
        return False
    if entry.box is not None and _is_aside(group.box if group is not None else entry.box):
        return False
    if is_stated:
        return not (is_title and _is_article_address(entry.url))
    limit = SHORT_NAME_CHARACTERS + 3 if group is not None else SHORT_NAME_CHARACTERS if entry.head is not None else 0
    return not is_title and length <= limit and not _is_article_address(entry.url)


@lru_cache(maxsize=16_384)
def _traits(name: str) -> tuple[bool, bool]:
    """Whether a name can be a column's, and whether it surely states a concept."""
    found = match_name(name)
    return is_column_name(name), found is not None and found.match is not Match.UNSURE


def _is_aside(box: Box) -> bool:
    """Whether what stands here is a breadcrumb, a pager, a tool, or the footer with its links to others."""
    if box.verdict is None:
        around = box.hints(4)
        box.verdict = _is_aside_hint(around) if around else False
    return box.verdict


@lru_cache(maxsize=8_192)
def _is_aside_hint(hint: str) -> bool:
    return bool(_NOISE.search(hint)) or (bool(_FOOT.search(hint)) and not NAVIGATION.search(hint))


def _is_article_list(group: Group) -> bool:
    """Long names or article addresses throughout: a list of titles, not a menu."""
    if group.is_article_list is None:
        entries = group.entries
        titles = group.titles + sum([len(entry.name) > SHORT_NAME_CHARACTERS + 3 for entry in entries])
        group.is_article_list = 2 * titles > len(entries) + group.titles or (
            (
                not NAVIGATION.search(group.box.hints(2))
                and 2 * sum([_is_article_address(entry.url) for entry in entries]) > len(entries)
            )
            or _is_dated(group)
        )
    return group.is_article_list


def _is_dated(group: Group) -> bool:
    """Whether the first and the last entry have a day beside them, as titles have and columns have not."""
    parts = group.box.parts
    ends = [end for end in (parts[0], parts[-1]) if isinstance(end, Box) and len(end.units) == 1]
    return len(ends) == 2 and all(_DAY.search(end.element.node.text(separator=" ")) for end in ends)


@lru_cache(maxsize=16_384)
def _is_article_address(url: str | None) -> bool:
    return url is not None and bool(_ARTICLE_URL.search(url, url.find("/", 8)))
