"""One page parsed once; every reader shares that tree.

The tree is what a visitor's browser would show without running scripts: ``script``, ``style``, ``template``,
``noscript`` and ``svg`` elements are taken out at the start (scripts stay readable in :attr:`Document.scripts`),
straight-line ``document.write`` calls of literal text are written out, and comments are never part of any text. Input
is bounded before it is parsed, so that no page costs more than a fraction of a second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from spiders.readers.bounding import bound_markup
from spiders.readers.elements import Element, Elements
from spiders.readers.joining import BaseAddress
from spiders.readers.language import guess_language
from spiders.readers.signature import simhash
from spiders.readers.walking import Walk, tag_ids, walk
from spiders.readers.writing import write_out

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

MAX_LINKS = 3000
MAX_LINK_TEXT_CHARACTERS = 600

_HIDDEN = '[style*="display:none" i],[style*="display: none" i],[hidden]'
_NOT_SHOWN = "script,style,template,noscript,svg"
(_SCRIPT_ID,) = tag_ids("script")
# The attribute, and its value, without which an element of that kind says nothing.
_NEEDED = {"base": ("href", None), "iframe": ("src", None), "frame": ("src", None), "input": ("type", "password")}
_SCRIPT_ADDRESS = re.compile(r"""(?:open|href\s*=|assign|replace|encodeURI)\s*\(?\s*\(?['"]([^'"\s]{2,500})['"]""")


class Link:
    """One ``a`` element. ``url`` is None when it leads nowhere by itself (``javascript:;``, ``#``, ``mailto:``).

    ``text`` and ``title`` (the attribute) have their blanks collapsed and at most 600 characters; ``href`` is as
    written. ``label`` is the text; for a picture link the title attribute or the picture's alternative text.
    ``holder`` is the element around the link, ``identity`` the node's ``mem_id``.
    """

    __slots__ = ("attributes", "holder", "href", "identity", "label", "node", "text", "title", "url")

    def __init__(
        self,
        node: LexborNode,
        holder: Element | None,
        url: str | None,
        attributes: Mapping[str, str | None],
    ) -> None:
        text, title = node.text_lexbor(), attributes.get("title")
        self.node = node
        self.identity: int = node.mem_id
        self.holder = holder
        self.url = url
        self.attributes = attributes
        self.href = attributes.get("href") or ""
        if text and not text.isalnum():  # which most texts are, and which leaves nothing to collapse
            text = collapse(text)
        self.text = text = text[:MAX_LINK_TEXT_CHARACTERS]
        if title:
            title = text if title == text else collapse(title)[:MAX_LINK_TEXT_CHARACTERS]
        self.title = title or None
        self.label: str = text or title or ""

    def __repr__(self) -> str:
        return f"Link({self.label!r}, {self.url!r})"


def _picture_in(node: LexborNode) -> str:
    """The alternative text of the first picture in a link that has one."""
    for image in node.css("img[alt]"):
        if alt := image.attributes.get("alt"):
            return collapse(alt)
    return ""


@dataclass(frozen=True, slots=True)
class Script:
    """One ``script`` element: its code and its attributes (names in lower case)."""

    code: str
    attributes: Mapping[str, str | None]

    @property
    def source(self) -> str | None:
        return self.attributes.get("src")


def collapse(text: str) -> str:
    """The text with every run of blanks (U+3000 and NBSP too) as one space, without invisible marks."""
    if "\u200b" in text or "\ufeff" in text:
        text = text.replace("\u200b", "").replace("\ufeff", "")
    return " ".join(text.split())


class Document:
    """A decoded page with its tree. Nothing raises on any input; everything is computed at most once."""

    def __init__(self, text: str, url: str, encoding: str = "utf-8") -> None:
        self.url = url
        self.text = text
        self.encoding = encoding
        self.tree = LexborHTMLParser(bound_markup(write_out(text)), options=LexborDocumentOptions.WO_EVENTS)
        scripts: list[Script] = []
        self.record_holders: dict[int, LexborNode] = {}  # number of a script of markup -> the element around it
        not_shown = self.tree.css(_NOT_SHOWN)
        for node in not_shown:
            if node.tag_id == _SCRIPT_ID:
                code = node.text_lexbor()
                if code[:40].lstrip()[:1] == "<" and (parent := node.parent) is not None:
                    self.record_holders[len(scripts)] = parent
                scripts.append(Script(code, node.attributes))
        for node in not_shown:
            node.decompose()
        self.scripts = tuple(scripts)

    @cached_property
    def codes(self) -> Sequence[str]:
        """What stands in the page's own scripts: most have an address instead."""
        return [script.code for script in self.scripts if script.code]

    # ------------------------------------------------------------ elements

    @cached_property
    def _walk(self) -> Walk:
        root = self.tree.root
        assert root is not None  # the parser makes one of any input
        return walk(root, self.hidden_ids)

    def few(self, kind: str) -> Sequence[LexborNode]:
        """Elements of one kind, in page order, from the one walk over the tree.

        ``kind``: ``base`` (with ``href``), ``iframe`` and ``frame`` (with ``src``), ``input`` (for passwords),
        ``heading`` (``h1`` to ``h5``), ``list`` (``ul``, ``ol``, ``tbody``, ``dl``), ``a``, ``area``, ``button``,
        ``form``, ``img``, ``li``, ``meta``, ``select``, ``table``.
        """
        found = self._walk.named[kind]
        return self._needed(kind) if found and kind in _NEEDED else found

    def _needed(self, kind: str) -> Sequence[LexborNode]:
        name, value = _NEEDED[kind]
        rows = [(node, node.attributes) for node in self._walk.named[kind]]
        return [node for node, row in rows if name in row and (value is None or (row[name] or "").lower() == value)]

    @property
    def entries(self) -> Sequence[LexborNode]:
        """What menus are made of, in page order: ``a``, ``area`` and ``li`` elements."""
        return self._walk.entries

    @cached_property
    def scripted(self) -> Sequence[LexborNode]:
        """Elements with ``onclick`` that are no links, in page order."""
        return self.tree.css("[onclick]:not(a)")

    # ------------------------------------------------------------ addresses

    @cached_property
    def base_url(self) -> str:
        """What relative addresses are joined to: ``<base href>`` or the page's own address."""
        bases = self.few("base")
        href = (bases[0].attributes.get("href") or "").strip() if bases else ""
        return (BaseAddress(self.url).join(href) or self.url) if href else self.url

    @cached_property
    def _base(self) -> BaseAddress:
        return BaseAddress(self.base_url)

    def join(self, href: str | None) -> str | None:
        """The absolute address of a reference, or None where it leads nowhere (``javascript:``, ``#``, ``mailto:``)."""
        return self._base.join(href) if href else None

    # ------------------------------------------------------------ head

    @cached_property
    def meta_attributes(self) -> Sequence[Mapping[str, str | None]]:
        """The attributes of each ``meta`` element."""
        return [node.attributes for node in self.few("meta")]

    @cached_property
    def metas(self) -> Mapping[str, str]:
        """Meta name (or property) in lower case -> content as written; the first of a name counts."""
        found: dict[str, str] = {}
        for attributes in self.meta_attributes:
            name = attributes.get("name") or attributes.get("property")
            if name and "content" in attributes:
                found.setdefault(name.strip().lower(), attributes["content"] or "")
        return found

    @cached_property
    def title(self) -> str | None:
        node = self.tree.css_first("title")
        return (collapse(node.text_lexbor())[:500] or None) if node is not None else None

    @cached_property
    def heading(self) -> str | None:
        """The text of the first ``h1`` that has one."""
        for node in [node for node in self.few("heading") if node.tag == "h1"][:5]:
            text = collapse(node.text_lexbor())
            if text:
                return text[:500]
        return None

    # ------------------------------------------------------------ body

    @property
    def links(self) -> tuple[Link, ...]:
        """All ``a`` elements with ``href`` or ``onclick`` in page order, at most 3,000."""
        return self._anchors[0]

    @property
    def bare_anchors(self) -> Sequence[LexborNode]:
        """The ``a`` elements between them that have neither."""
        return self._anchors[1]

    @property
    def around_anchors(self) -> Container[int]:
        """The identity of every element around one of either."""
        return self._anchors[2]

    @cached_property
    def _anchors(self) -> tuple[tuple[Link, ...], Sequence[LexborNode], Container[int]]:
        join, around = self._base.join, self.elements.around
        has_pictures = bool(self.few("img"))
        found: list[Link] = []
        bare: list[LexborNode] = []
        for node in self.few("a"):
            attributes = node.attributes
            href = attributes.get("href")
            url = join(href) if href else None
            if url is None:
                is_scripted = "onclick" in attributes
                if is_scripted or (href and "(" in href):
                    script = _SCRIPT_ADDRESS.search(attributes.get("onclick") or unescape(href or ""))
                    url = join(script[1]) if script else None
                elif not href and "href" not in attributes:
                    bare.append(node)
                    around(node)
                    continue
            link = Link(node, around(node), url, attributes)
            if has_pictures and not link.label:
                link.label = _picture_in(node)
            found.append(link)
            if len(found) == MAX_LINKS:
                break
        return tuple(found), bare, self.elements.identities()

    @cached_property
    def elements(self) -> Elements:
        """The elements around the links, and others that a reader asked for."""
        return Elements()

    @cached_property
    def _hidden(self) -> Sequence[LexborNode]:
        return self.tree.css(_HIDDEN)

    @cached_property
    def hidden_ids(self) -> frozenset[int]:
        """``mem_id`` of every node inside an element hidden by its own style or attribute."""
        hidden: set[int] = set()
        for root in self._hidden:
            if root.mem_id not in hidden:
                hidden.update([node.mem_id for node in root.traverse(include_text=True)])
        return frozenset(hidden)

    @cached_property
    def _around_hidden_ids(self) -> frozenset[int]:
        around: set[int] = set()
        for root in self._hidden:
            parent = root.parent
            while parent is not None and parent.mem_id not in around:
                around.add(parent.mem_id)
                parent = parent.parent
        return frozenset(around)

    def hides_within(self, node: LexborNode) -> bool:
        """Whether anything below the element is hidden."""
        return node.mem_id in self._around_hidden_ids or node.mem_id in self.hidden_ids

    def is_hidden(self, node: LexborNode) -> bool:
        return node.mem_id in self.hidden_ids

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Visible text, one entry a line as blocks and table cells break it; blanks collapsed, no empty ones."""
        whole = "".join(self._walk.pieces)
        if "\u200b" in whole or "\ufeff" in whole:
            whole = whole.replace("\u200b", "").replace("\ufeff", "")
        return tuple([" ".join(words) for line in whole.split("\n") if (words := line.split())])

    @cached_property
    def visible_text(self) -> str:
        """:attr:`lines` joined by newlines."""
        return "\n".join(self.lines)

    @cached_property
    def language(self) -> str:
        """``zh-Hans``, ``zh-Hant`` or ``other``."""
        return guess_language(self.visible_text or self.title or "")

    @cached_property
    def signature(self) -> int | None:
        """64-bit similarity hash of the visible text; None for a page without text."""
        return simhash(self.lines)
