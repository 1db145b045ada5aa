"""One page parsed once; every reader shares that tree.

The tree is what a visitor's browser would show without running scripts: ``script``, ``style``, ``template``,
``noscript`` and ``svg`` elements are taken out at the start (scripts stay readable in :attr:`Document.scripts`),
straight-line ``document.write`` calls of literal text are written out, and comments are never part of any text. Input
is bounded before it is parsed, so that no page costs more than a fraction of a second.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from html import unescape
from typing import Final

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from spiders.readers.bounding import bound_markup
from spiders.readers.elements import Element
from spiders.readers.joining import BaseAddress
from spiders.readers.language import guess_language
from spiders.readers.signature import simhash
from spiders.readers.spotting import SOURCE_WORDS, Spotter
from spiders.readers.walking import LINE_BREAK, Walk, tag_ids
from spiders.readers.writing import write_out

MAX_LINKS = 3000
MAX_LINK_TEXT_CHARACTERS = 600

_HIDDEN = '[style*="display:none" i],[style*="display: none" i],[hidden]'
(_SCRIPT_ID,), (_H1_ID,) = tag_ids("script"), tag_ids("h1")
(_IMAGE_ID,) = tag_ids("img")
_MAY_HOLD_SCRIPTS: Final = tag_ids("noscript svg")
# The attribute, and its value, without which an element of that kind says nothing.
_NEEDED = {"base": ("href", None), "iframe": ("src", None), "frame": ("src", None), "input": ("type", "password")}
_SCRIPT_ADDRESS: Final = re.compile(
    r"""(?:open|href\s*=|assign|replace|encodeURI)\s*\(?\s*\(?['"]([^'"\s]{2,500})['"]"""
)


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
        href: str,
    ) -> None:
        text, title = node.text_lexbor(), attributes.get("title")
        self.node = node
        self.identity: int = node.mem_id
        self.holder = holder
        self.url = url
        self.attributes = attributes
        self.href = href
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
    for image in node.traverse():
        if image.tag_id == _IMAGE_ID and (alt := image.attributes.get("alt")):
            return collapse(alt)
    return ""


class Script:
    """One ``script`` element: its code, its attributes (names in lower case), and the address of its source if any."""

    __slots__ = ("attributes", "code", "source")

    def __init__(self, code: str, attributes: Mapping[str, str | None]) -> None:
        self.code = code
        self.attributes = attributes
        self.source = attributes.get("src")


def collapse(text: str) -> str:
    """The text with every run of blanks (U+3000 and NBSP too) as one space, without invisible marks."""
    if "\u200b" in text or "\ufeff" in text:
        text = text.replace("\u200b", "").replace("\ufeff", "")
    return " ".join(text.split())


class Document:
    """A decoded page with its tree. Nothing raises on any input.

    - ``lines``: visible text, one entry a line as blocks and table cells break it; blanks collapsed, no empty ones.
    - ``visible_text``: the lines joined by newlines.
    - ``title``: of the ``title`` element; ``heading``: the text of the first ``h1`` that has one.
    - ``base_url``: what relative addresses are joined to, ``<base href>`` or the page's own address.
    - ``links``: all ``a`` elements with ``href`` or ``onclick`` in page order, at most 3,000; ``bare_anchors``: the
      ``a`` elements between them that have neither; ``around_anchors``: the identity of every element around either.
    - ``elements``: the elements around the links, and others that a reader asked for.
    - ``hidden_ids``: ``mem_id`` of every node inside an element hidden by its own style or attribute.
    """

    def __init__(self, text: str, url: str, encoding: str = "utf-8", source: bytes | None = None) -> None:
        """``source``: the text in UTF-8, where the caller has it."""
        self.url = url
        self.text = text
        self.encoding = encoding
        if source is None:
            source = text.encode("utf-8", "ignore")  # as the parser would
        self._spotted = SOURCE_WORDS.found_in(source)
        markup = bound_markup(write_out(text) if "document.write" in self._spotted else text)
        self._is_as_written = markup is text
        self.tree = LexborHTMLParser(source if markup is text else markup, options=LexborDocumentOptions.WO_EVENTS)
        self.record_holders: dict[int, LexborNode] = {}  # number of a script of markup -> the element around it
        self._hidden: Sequence[LexborNode] = self.tree.css(_HIDDEN)
        self.hidden_ids = self._find_hidden()
        root = self.tree.root
        assert root is not None  # the parser makes one of any input
        self._walk = Walk(root, self.hidden_ids, MAX_LINKS)
        self.elements = self._walk.elements
        self.scripts = self._take_out_scripts()
        self.lines = self._broken_lines()
        self.visible_text = "\n".join(self.lines)
        titles = self.few("title")
        self.title = (collapse(titles[0].text_lexbor())[:500] or None) if titles else None
        self.heading = self._find_heading()
        self.base_url = self._find_base()
        self._base = BaseAddress(self.base_url)
        self.bare_anchors: list[LexborNode] = []
        self.links = self._find_links()
        self.around_anchors: Container[int] = self.elements.identities()
        self._codes: Sequence[str] | None = None
        self._scripted: Sequence[LexborNode] | None = None
        self._meta_attributes: Sequence[Mapping[str, str | None]] | None = None
        self._metas: Mapping[str, str] | None = None
        self._around_hidden_ids: frozenset[int] | None = None
        self._visible_source: bytes | None = None

    def _take_out_scripts(self) -> tuple[Script, ...]:
        """The scripts; they and all else that is not shown leave the tree."""
        scripts: list[Script] = []
        for node in self._walk.not_shown:
            if node.tag_id == _SCRIPT_ID:
                self._add_script(node, scripts)
            elif node.tag_id in _MAY_HOLD_SCRIPTS:
                for inner in node.css("script"):
                    self._add_script(inner, scripts)
        for node in self._walk.not_shown:
            node.decompose()
        return tuple(scripts)

    def _add_script(self, node: LexborNode, scripts: list[Script]) -> None:
        code = node.text_lexbor()
        if code[:40].lstrip()[:1] == "<" and (parent := node.parent) is not None:
            self.record_holders[len(scripts)] = parent
        scripts.append(Script(code, node.attributes))

    @property
    def codes(self) -> Sequence[str]:
        """What stands in the page's own scripts: most have an address instead."""
        if self._codes is None:
            self._codes = [script.code for script in self.scripts if script.code]
        return self._codes

    # ------------------------------------------------------------ words

    def has(self, word: str) -> bool:
        """Whether a word stands in the page's source, be it in a script or a comment."""
        return word in self._spotted if word in SOURCE_WORDS.words else word in self.text

    def may_run(self, word: str) -> bool:
        """Whether a word may stand in a script; a script may be put together from pieces that others write."""
        return not self._is_as_written or self.has(word)

    @property
    def visible_source(self) -> bytes:
        """The visible text in UTF-8."""
        if self._visible_source is None:
            self._visible_source = self.visible_text.encode("utf-8", "ignore")
        return self._visible_source

    def shows(self, words: Spotter) -> bool:
        """Whether one of the words stands in the visible text."""
        return words.is_in(self.visible_source)

    # ------------------------------------------------------------ elements

    def few(self, kind: str) -> Sequence[LexborNode]:
        """Elements of one kind, in page order, from the one walk over the tree.

        ``kind``: ``base`` (with ``href``), ``iframe`` and ``frame`` (with ``src``), ``input`` (for passwords),
        ``heading`` (``h1`` to ``h5``), ``list`` (``ul``, ``ol``, ``tbody``, ``dl``), ``a``, ``area``, ``button``,
        ``form``, ``img``, ``li``, ``meta``, ``select``, ``table``, ``title``.
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

    @property
    def scripted(self) -> Sequence[LexborNode]:
        """Elements with ``onclick`` that are no links, in page order."""
        if self._scripted is None:
            self._scripted = self.tree.css("[onclick]:not(a)")
        return self._scripted

    # ------------------------------------------------------------ addresses

    def _find_base(self) -> str:
        bases = self.few("base")
        href = (bases[0].attributes.get("href") or "").strip() if bases else ""
        return (BaseAddress(self.url).join(href) or self.url) if href else self.url

    def join(self, href: str | None) -> str | None:
        """The absolute address of a reference, or None where it leads nowhere (``javascript:``, ``#``, ``mailto:``)."""
        return self._base.join(href) if href else None

    # ------------------------------------------------------------ head

    @property
    def meta_attributes(self) -> Sequence[Mapping[str, str | None]]:
        """The attributes of each ``meta`` element."""
        if self._meta_attributes is None:
            self._meta_attributes = [node.attributes for node in self.few("meta")]
        return self._meta_attributes

    @property
    def metas(self) -> Mapping[str, str]:
        """Meta name (or property) in lower case -> content as written; the first of a name counts."""
        if self._metas is None:
            self._metas = self._read_metas()
        return self._metas

    def _read_metas(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for attributes in self.meta_attributes:
            name = attributes.get("name") or attributes.get("property")
            if name and "content" in attributes:
                found.setdefault(name.strip().lower(), attributes["content"] or "")
        return found

    def _find_heading(self) -> str | None:
        for node in [node for node in self.few("heading") if node.tag_id == _H1_ID][:5]:
            text = collapse(node.text_lexbor())
            if text:
                return text[:500]
        return None

    # ------------------------------------------------------------ body

    def _find_links(self) -> tuple[Link, ...]:
        """The links; ``a`` elements between them that are none go to :attr:`bare_anchors`."""
        base, elements, holders = self._base, self.elements, self._walk.holders
        has_pictures = bool(self.few("img"))
        found: list[Link] = []
        for number, node in enumerate(self.few("a")):
            holder = holders[number] if number < len(holders) else elements.around(node)
            attributes = node.attributes
            href = attributes.get("href")
            url = base.join(href) if href else None
            if url is None:
                is_scripted = "onclick" in attributes
                if is_scripted or (href and "(" in href):
                    script = _SCRIPT_ADDRESS.search(attributes.get("onclick") or unescape(href or ""))
                    url = base.join(script[1]) if script else None
                elif not href and "href" not in attributes:
                    self.bare_anchors.append(node)
                    continue
            link = Link(node, holder, url, attributes, href or "")
            if has_pictures and not link.label:
                link.label = _picture_in(node)
            found.append(link)
            if len(found) == MAX_LINKS:
                break
        return tuple(found)

    def _find_hidden(self) -> frozenset[int]:
        hidden: set[int] = set()
        for root in self._hidden:
            if root.mem_id not in hidden:
                hidden.update([node.mem_id for node in root.traverse(include_text=True)])
        return frozenset(hidden)

    def _find_around_hidden(self) -> frozenset[int]:
        around: set[int] = set()
        for root in self._hidden:
            parent = root.parent
            while parent is not None and parent.mem_id not in around:
                around.add(parent.mem_id)
                parent = parent.parent
        return frozenset(around)

    def hides_within(self, node: LexborNode) -> bool:
        """Whether anything below the element is hidden."""
        if self._around_hidden_ids is None:
            self._around_hidden_ids = self._find_around_hidden()
        return node.mem_id in self._around_hidden_ids or node.mem_id in self.hidden_ids

    def is_hidden(self, node: LexborNode) -> bool:
        return node.mem_id in self.hidden_ids

    def _broken_lines(self) -> tuple[str, ...]:
        whole = "".join(self._walk.pieces)
        if "\u200b" in whole or "\ufeff" in whole:
            whole = whole.replace("\u200b", "").replace("\ufeff", "")
        return tuple([" ".join(words) for line in whole.split(LINE_BREAK) if (words := line.split())])

    @property
    def language(self) -> str:
        """``zh-Hans``, ``zh-Hant`` or ``other``."""
        return guess_language(self.visible_text or self.title or "")

    @property
    def signature(self) -> int | None:
        """64-bit similarity hash of the visible text; None for a page without text."""
        return simhash(self.lines)
