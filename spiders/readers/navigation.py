"""Columns as a page offers them: main navigation, drop-downs, side menus, blocks with a "more" link, picture links.

The way clicked is kept: an entry of the main navigation is its own path, one of a drop-down stands below its head, and
whatever else a page offers stands below the page itself (``首页`` on the home page, the breadcrumb on others). What is
printed twice or thrice counts once. Comments and templates are not part of the tree and so never count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from selectolax.lexbor import LexborNode

from gkmonitor.concepts import match_name
from gkmonitor.records import ColumnLink
from spiders.readers.catalogue import read_catalogue_nodes
from spiders.readers.column_names import (
    NAME_CHARACTERS,
    SHORT_NAME_CHARACTERS,
    clean_name,
    find_name,
    is_column_name,
    is_cut_off,
)
from spiders.readers.crumbs import read_breadcrumb
from spiders.readers.document import Document
from spiders.readers.elements import Element
from spiders.readers.hidden_menus import read_hidden_menus
from spiders.readers.joining import BaseAddress
from spiders.readers.menu_choice import NAVIGATION, attach_parallel, is_column, main_group
from spiders.readers.menus import Entry, Menus

MAX_COLUMNS: Final = 600
MAX_PATH: Final = 5
MAX_HEADINGS: Final = 60
TITLE_LEVELS: Final = 3
MAX_OTHERS: Final = 400
MAX_TEXTS: Final = 1500
MAX_REMEMBERED: Final = 16_384
HOME: Final = "首页"

_ONCLICK_URL: Final = re.compile(
    r"""['"]((?:https?:)?/[^'"\s]{1,400}|[\w./-]{1,200}\.(?:s?html?|jsp|aspx?|php|do|action)[^'"\s]{0,200})['"]"""
)
_HOME_PAGE: Final = re.compile(r"/(?:index|default|main|home)\d*\.\w+")
_TITLE_PARTS: Final = re.compile(r"[-_|—–>＞»]")
_HEADING_TAGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "dt", "strong", "b", "span", "th", "legend", "caption"))


def read_columns(document: Document, breadcrumb: tuple[str, ...] | None = None) -> tuple[ColumnLink, ...]:
    """Every column that the page offers, main navigation first, in page order; at most 600.

    ``path`` ends with the column's own name; the top level of the main navigation has no other element. ``url`` is
    absolute, or empty where the entry leads nowhere by itself (a head of a drop-down, a link without an address).
    Columns on other hosts are kept. ``concept`` and ``match`` are those of the name below its parents. ``breadcrumb``:
    what ``read_breadcrumb`` answers, where it is known already.
    """
    return tuple(_Columns(document, breadcrumb).read())


class _Columns:
    """The columns of one page in the making."""

    def __init__(self, document: Document, breadcrumb: tuple[str, ...] | None = None) -> None:
        self._document = document
        self._breadcrumb = breadcrumb
        self._found: dict[tuple[str, str], ColumnLink] = {}
        self._names: set[str] = set()
        self._more: list[LexborNode] = []
        self._titles: dict[Element, int] = {}
        self._page: tuple[str, ...] | None = None

    def read(self) -> list[ColumnLink]:
        menus = Menus(self._entries(), self._titles)
        main = main_group(menus.groups)
        top = [entry for entry in main.entries if entry.known.is_column] if main else []
        for entry in top:
            self._add(entry, (entry.name,))
        if main is not None:
            attach_parallel(main, top, menus.groups)
        for entry in top:
            self._add_children(entry, (entry.name,))
        self._add_others(menus.entries)
        menus.release()
        for name, url in self._blocks():
            self._add_link(name, url, (*self._parents(), name), "block")
        for name, url, parents in read_catalogue_nodes(self._document):
            self._add_link(name, url, (*(parents or self._parents()), name), "catalogue")
        for hidden in read_hidden_menus(self._document):
            above = hidden.parents or (() if hidden.place == "script" and main is None else self._parents())
            self._add_link(hidden.name, hidden.url, (*above, hidden.name), hidden.place)
        return list(self._found.values())[:MAX_COLUMNS]

    def _add_others(self, entries: Sequence[Entry]) -> None:
        found, names = self._found, self._names
        for entry in entries:
            name, url = entry.name, entry.url
            is_known = (name, url) in found if url else name in names
            if not is_known and is_column(entry):
                self._add_link(name, url, self._path_of(entry), entry.place)

    # ------------------------------------------------------------ entries

    def _entries(self) -> list[Entry]:
        """Links, picture maps, clickable elements and plain menu texts, in page order."""
        document = self._document
        links, areas, scripted = self._link_entries(), self._areas(), self._scripted()
        bare, texts = self._bare(), self._texts()
        if scripted:  # which may be any elements
            known = {entry.node.mem_id: entry for entry in (*links, *areas, *scripted, *bare, *texts)}
            nodes = document.tree.css("a,area,li,[onclick]:not(a)")
            return [known[identity] for identity in [node.mem_id for node in nodes] if identity in known]
        for entries in (areas, bare, texts):
            if entries:
                links = _merge(links, entries, document.entries)
        return links

    def _link_entries(self) -> list[Entry]:
        entries: list[Entry] = []
        for link in self._document.links:
            own = link.text
            text = own or link.label
            if not text:
                continue
            known = find_name(text)
            if own and known.is_more:
                self._more.append(link.node)
                continue
            known = known.cleaned
            if link.title and (len(known.text) < 2 or is_cut_off(text)):
                known = find_name(clean_name(link.title))
            if len(known.text) > NAME_CHARACTERS:
                self._count_title(link.holder)
            else:
                entries.append(Entry(known, link.url, link.node, link.holder, "menu" if own else "image"))
        return entries

    def _count_title(self, holder: Element | None) -> None:
        """A title of an article makes no entry; the lists around it only remember that it stands there."""
        titles = self._titles
        for _ in range(TITLE_LEVELS):
            if holder is None:
                return
            titles[holder] = titles.get(holder, 0) + 1
            holder = holder.above

    def _areas(self) -> list[Entry]:
        document = self._document
        entries: list[Entry] = []
        for node in document.few("area")[:MAX_OTHERS]:
            attributes = node.attributes
            name = clean_name(attributes.get("alt") or attributes.get("title") or "")
            if name and ("href" in attributes or "onclick" in attributes):
                url = document.join(attributes.get("href"))
                entries.append(Entry(find_name(name), url, node, document.elements.around(node), "image"))
        return entries

    def _scripted(self) -> list[Entry]:
        document = self._document
        entries: list[Entry] = []
        for node in document.scripted[:MAX_OTHERS]:
            found = _ONCLICK_URL.search(node.attributes.get("onclick") or "")
            if found is not None and node.tag != "area" and node.css_first("a") is None:
                name = find_name(clean_name(node.text()))
                if name.is_column:
                    entries.append(Entry(name, document.join(found[1]), node, document.elements.around(node), "script"))
        return entries

    def _bare(self) -> list[Entry]:
        entries: list[Entry] = []
        for node in self._document.bare_anchors[:MAX_OTHERS]:
            name = find_name(clean_name(node.text()))
            if name.is_column:
                entries.append(Entry(name, None, node, self._document.elements.around(node)))
        return entries

    def _texts(self) -> list[Entry]:
        """Heads of drop-downs that are no links."""
        document = self._document
        around = document.around_anchors
        menus: dict[int, bool] = {}  # by the list's id
        entries: list[Entry] = []
        for node in [node for node in document.few("li") if node.mem_id not in around][:MAX_TEXTS]:
            holder = node.parent
            if holder is None:
                continue
            is_menu = menus.get(holder.mem_id)
            if is_menu is None:
                is_menu = menus[holder.mem_id] = _is_in_menu(holder)
            if is_menu:
                name = find_name(clean_name(node.text()))
                if len(name.text) <= SHORT_NAME_CHARACTERS and name.is_column:
                    entries.append(Entry(name, None, node, document.elements.around(node)))
        return entries

    # ------------------------------------------------------------ paths

    def _parents(self) -> tuple[str, ...]:
        """What the page itself is called on the way to it."""
        if self._page is None:
            trail = read_breadcrumb(self._document) if self._breadcrumb is None else self._breadcrumb
            self._page = trail[:MAX_PATH] or (_own_name(self._document),)
        return self._page

    def _path_of(self, entry: Entry) -> tuple[str, ...]:
        if entry.head is None:
            parents = self._parents()
            if entry.name not in parents:
                return (*(parents or (HOME,)), entry.name)
        names, below, head = [entry.name], entry.known, entry.head
        for _ in range(4 * MAX_PATH):
            if head is None or len(names) == MAX_PATH:
                break
            if head.known.is_column and head.place != "image" and head.known.folded != below.folded:
                names.append(head.name)
                below = head.known
            head = head.head
        names.reverse()
        if len(names) > 1 and names[0] in self._names:
            return tuple(names)
        parents = self._parents()
        own = tuple(name for name in parents if name not in names)
        return (*(own or (HOME,)), *names)

    def _add_children(self, entry: Entry, path: tuple[str, ...]) -> None:
        if len(path) > MAX_PATH:
            return
        for child in entry.children:
            if child.known.is_column:
                self._add(child, (*path, child.name))
                self._add_children(child, (*path, child.name))

    def _add(self, entry: Entry, path: tuple[str, ...]) -> None:
        self._add_link(entry.name, entry.url, path, entry.place)

    def _add_link(self, name: str, url: str | None, path: tuple[str, ...], place: str) -> None:
        """Once a name and address; an entry without an address only where the name is not known yet."""
        if not url and name in self._names:
            return
        key = (name, url or "")
        if key in self._found:
            return
        bare = self._found.pop((name, ""), None) if url else None
        if bare is not None:  # the head of a drop-down whose address is printed elsewhere
            path, place = bare.path, bare.place
        self._names.add(name)
        self._found[key] = _column(name, url or "", path, place)

    # ------------------------------------------------------------ blocks

    def _blocks(self) -> Iterator[tuple[str, str | None]]:
        """Headings beside a "more" link, with that link's address."""
        for node in self._more[:MAX_HEADINGS]:
            name = _heading_beside(node)
            if name:
                attributes = node.attributes
                script = attributes.get("onclick") or attributes.get("href") or ""
                url = self._document.join(attributes.get("href"))
                found = _ONCLICK_URL.search(script) if url is None else None
                yield name, url or (self._document.join(found[1]) if found else None)


def _merge(entries: list[Entry], others: list[Entry], nodes: Sequence[LexborNode]) -> list[Entry]:
    """Both together in the order of ``nodes``, as each of them is already."""
    merged: list[Entry] = []
    first, second = 0, 0
    for node in nodes:
        if second == len(others):
            break
        if first < len(entries) and entries[first].node is node:
            merged.append(entries[first])
            first += 1
        elif others[second].node is node:
            merged.append(others[second])
            second += 1
    merged.extend(entries[first:])
    return merged


_COLUMNS: Final[dict[tuple[str, str, tuple[str, ...], str], ColumnLink]] = {}


def _column(name: str, url: str, path: tuple[str, ...], place: str) -> ColumnLink:
    """Remembered, because the pages of one site offer the same columns over and over."""
    key = (name, url, path, place)
    column = _COLUMNS.get(key)
    if column is None:
        if len(_COLUMNS) >= MAX_REMEMBERED:
            _COLUMNS.clear()
        found = match_name(name, path[:-1])
        column = _COLUMNS[key] = ColumnLink(
            name, url, path, found.concept if found else None, found.match if found else None, place
        )
    return column


def _is_in_menu(node: LexborNode | None) -> bool:
    """Whether this element or one of the two around it is called a menu."""
    for _ in range(3):
        if node is None:
            return False
        attributes = node.attributes
        if attributes and NAVIGATION.search(f"{attributes.get('id') or ''} {attributes.get('class') or ''}".lower()):
            return True
        node = node.parent
    return False


def _own_name(document: Document) -> str:
    address = BaseAddress(document.url)
    path = address.page[len(address.origin) :].rstrip("/")
    if not path or _HOME_PAGE.fullmatch(path):
        return HOME
    title = clean_name(_TITLE_PARTS.split(document.title or "", maxsplit=1)[0])
    return title if is_column_name(title) and not title.endswith(("网", "网站", "政府", "局", "委员会")) else HOME


def _heading_beside(node: LexborNode) -> str | None:
    """The heading that a "more" link belongs to: before it, or the first thing of the block around it."""
    current: LexborNode | None = node
    for _ in range(4):
        if current is None or current.tag == "body":
            return None
        before = current.prev
        while before is not None and before.tag == "-text" and not (before.text() or "").strip():
            before = before.prev
        if before is not None and (name := _heading_text(before)):
            return name
        after = current.next
        while after is not None and after.tag == "-text":
            after = after.next
        if after is not None and after.tag in _HEADING_TAGS and (name := _heading_text(after)):
            return name
        current = current.parent
        first = current.child if current is not None else None
        while first is not None and first.tag == "-text":
            first = first.next
        if first is not None and first.mem_id != node.mem_id and (name := _heading_text(first)):
            return name
    return None


def _heading_text(node: LexborNode) -> str | None:
    if node.tag in ("-comment", "script", "style"):
        return None
    text = clean_name(node.text())
    if not text and node.tag != "-text":
        image = node.css_first("img[alt]") if node.tag != "img" else node
        text = clean_name((image.attributes.get("alt") or "") if image is not None else "")
    if len(text) > NAME_CHARACTERS and node.tag != "-text":
        heading = node.css_first("h1,h2,h3,h4,h5,dt,strong")
        text = clean_name(heading.text()) if heading is not None else ""
    return text if is_column_name(text) and len(text) <= 14 else None
