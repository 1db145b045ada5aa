"""One page parsed once; every reader shares that tree.

The tree is what a visitor's browser would show without running scripts: ``script``, ``style``, ``template`` and
``noscript`` elements are taken out at the start (scripts stay readable in :attr:`Document.scripts`), straight-line
``document.write`` calls of literal text are written out, and comments are never part of any text. Input is bounded
before it is parsed, so that no page costs more than a fraction of a second.
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
from spiders.readers.writing import write_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_LINKS = 3000
MAX_TEXT_CHARACTERS = 200_000
MAX_LINK_TEXT_CHARACTERS = 600

_HIDDEN = '[style*="display:none" i],[style*="display: none" i],[hidden]'
_INVISIBLE = ["style", "template", "noscript"]
_LINES_END_AT = (
    "address article aside blockquote br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol option p pre section select table tbody td th thead tr ul"
)


def tag_ids(names: str) -> frozenset[int]:
    """The parser's numbers for element names: comparing these is much cheaper than comparing names."""
    tree = LexborHTMLParser("")
    return frozenset(tree.create_node(name).tag_id for name in re.findall(r"\w+", names))


_LINE_IDS = tag_ids(_LINES_END_AT)
_FEW = 'base[href],meta[content],h1,h2,h3,h4,h5,iframe[src],frame[src],input[type="password" i]'
_HEADING_NAMES = frozenset(("h1", "h2", "h3", "h4", "h5"))
_TEXT_ID = 2
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
        picture: str = "",
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
        self.label = text or title or picture

    def __repr__(self) -> str:
        return f"Link({self.label!r}, {self.url!r})"


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
        self.scripts = tuple(Script(node.text_lexbor(), node.attributes) for node in self.tree.css("script"))
        self.tree.strip_tags(["script", *_INVISIBLE], recursive=True)

    def few(self, name: str) -> Sequence[LexborNode]:
        """Elements of the kinds that pages have few of, in page order, found in one walk over the tree.

        ``name``: ``base`` (with ``href``), ``meta`` (with ``content``), ``iframe`` and ``frame`` (with ``src``),
        ``input`` (for passwords), ``heading`` (``h1`` to ``h5``).
        """
        return self._few.get(name, ())

    @cached_property
    def _few(self) -> dict[str, list[LexborNode]]:
        found: dict[str, list[LexborNode]] = {}
        for node in self.tree.css(_FEW):
            name = node.tag or ""
            found.setdefault("heading" if name in _HEADING_NAMES else name, []).append(node)
        return found

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
    def metas(self) -> Mapping[str, str]:
        """Meta name (or property) in lower case -> content as written; the first of a name counts."""
        found: dict[str, str] = {}
        for node in self.few("meta"):
            attributes = node.attributes
            name = attributes.get("name") or attributes.get("property")
            if name:
                found.setdefault(name.strip().lower(), attributes.get("content") or "")
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

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """All ``a`` elements with ``href`` or ``onclick`` in page order, at most 3,000."""
        pictures = self._pictures
        join, around = self._base.join, self.elements.around
        found: list[Link] = []
        for node in self.tree.css("a"):
            attributes = node.attributes
            href = attributes.get("href")
            if not href and "href" not in attributes and "onclick" not in attributes:
                continue
            url = join(href) if href else None
            if url is None and ("onclick" in attributes or "(" in (href or "")):
                script = _SCRIPT_ADDRESS.search(attributes.get("onclick") or unescape(href or ""))
                url = join(script[1]) if script else None
            picture = pictures.get(node.mem_id, "") if pictures else ""
            found.append(Link(node, around(node), url, attributes, picture))
            if len(found) == MAX_LINKS:
                break
        return tuple(found)

    @cached_property
    def elements(self) -> Elements:
        """The elements around the links, and others that a reader asked for."""
        return Elements()

    @cached_property
    def _pictures(self) -> dict[int, str]:
        """``mem_id`` of a link -> alternative text of the first picture in it."""
        pictures: dict[int, str] = {}
        for image in self.tree.css("a img[alt]")[:MAX_LINKS]:
            parent = image.parent
            while parent is not None and parent.tag != "a":
                parent = parent.parent
            if parent is not None and (alt := image.attributes.get("alt")):
                pictures.setdefault(parent.mem_id, collapse(alt))
        return pictures

    @cached_property
    def hidden_ids(self) -> frozenset[int]:
        """``mem_id`` of every node inside an element hidden by its own style or attribute."""
        hidden: set[int] = set()
        for root in self.tree.css(_HIDDEN):
            if root.mem_id not in hidden:
                hidden.update([node.mem_id for node in root.traverse(include_text=True)])
        return frozenset(hidden)

    @cached_property
    def _around_hidden_ids(self) -> frozenset[int]:
        around: set[int] = set()
        for root in self.tree.css(_HIDDEN):
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
        body = self.tree.body
        if body is None:
            return ()
        whole = "".join(self._pieces(body))
        if "\u200b" in whole or "\ufeff" in whole:
            whole = whole.replace("\u200b", "").replace("\ufeff", "")
        return tuple([" ".join(words) for line in whole.split("\n") if (words := line.split())])

    def _pieces(self, body: LexborNode) -> list[str]:
        """Texts, and a line break wherever the line that has been begun ends."""
        hidden = self.hidden_ids
        pieces: list[str] = []
        size = 0
        is_open = False  # whether the line has been begun
        for node in body.traverse(include_text=True):
            tag = node.tag_id
            if tag == _TEXT_ID:
                text = node.text_content or ""
                if text.isspace():
                    if is_open:
                        pieces.append(" ")
                    continue
                if hidden and node.mem_id in hidden:
                    continue
                if is_open:
                    before = node.prev
                    if before is not None and before.tag_id in _LINE_IDS:
                        pieces.append("\n")
                is_open = True
                text = text[: MAX_TEXT_CHARACTERS + 1 - size]
                pieces.append(text.replace("\n", " ") if "\n" in text else text)
                size += len(text)
                if size > MAX_TEXT_CHARACTERS:
                    break
            elif is_open and tag in _LINE_IDS:
                is_open = False
                pieces.append("\n")
        return pieces

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
