"""What one page says: every reader over one parsed document. No network, no clock."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from gkmonitor.records import Block, Listing, PageFacts, PageKind, StatementKind
from spiders.readers.blocks import join_years, read_blocks
from spiders.readers.bounding import bound_body
from spiders.readers.challenge import read_challenge
from spiders.readers.choosing import choose_content
from spiders.readers.crumbs import read_breadcrumb
from spiders.readers.details import read_details
from spiders.readers.document import Document
from spiders.readers.encoding import decode_page
from spiders.readers.families import detect_cms
from spiders.readers.kinds import Seen, guess_kind
from spiders.readers.listing import PageLists
from spiders.readers.marks import read_marks
from spiders.readers.navigation import read_columns
from spiders.readers.scripts import read_endpoints, read_frames, read_redirect
from spiders.readers.sheets import read_sheet
from spiders.readers.statements import read_statements

BLANK_STATEMENTS = (StatementKind.EXPLAINED_BLANK, StatementKind.NIL_STATEMENT)


def read_page(body: bytes, url: str, headers: Mapping[str, str] = {}) -> PageFacts:
    """Everything the readers see on one page, from its bytes, its address and its response headers."""
    if (sheet := read_sheet(body, url)) is not None:
        return sheet
    text, encoding, source = decode_page(bound_body(body), headers)
    with _without_collection():
        return read_document(Document(text, url, encoding, source), headers)


def read_text(
    text: str,
    url: str,
    headers: Mapping[str, str] = {},
    encoding: str = "utf-8",
) -> PageFacts:
    """The same for text that is already decoded."""
    with _without_collection():
        return read_document(Document(text, url, encoding), headers)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Puts off Python's collection of cycles: one page makes ten thousand objects, and none is garbage until its end.

    The collector would look at them a dozen times in vain, a twentieth of the time of reading. Where several threads
    read, it runs again once the first that put it off is done; whoever found it switched off leaves it so.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def read_document(document: Document, headers: Mapping[str, str]) -> PageFacts:
    """Runs every reader over one document, each part of the page read once."""
    breadcrumb = read_breadcrumb(document)
    columns = read_columns(document, breadcrumb)
    lists = PageLists(document, breadcrumb)
    page_list, article = choose_content(document, lists)
    statements = read_statements(document)
    if page_list is None and article is None and any(one.kind in BLANK_STATEMENTS for one in statements):
        page_list = Listing() if len(document.links) >= 5 and not lists.has_entries else None
    if page_list is not None:
        article = None
    endpoints = read_endpoints(document)
    if page_list is not None and not page_list.items and endpoints and page_list.total_items != 0:
        page_list = None  # a script may fill it
    redirect = read_redirect(document)
    frames = read_frames(document)
    has_content = page_list is not None or article is not None or len(columns) >= 4
    challenge = read_challenge(document.text, headers, has_content=has_content)
    seen = Seen(page_list, article, lists, breadcrumb, columns, redirect, frames, endpoints, challenge)
    kind = guess_kind(document, seen)
    blocks: tuple[Block, ...] = ()
    if kind in (PageKind.HOME, PageKind.SECTION):
        article = None
        blocks = read_blocks(document, lists)
        page_list = join_years(blocks, document) if kind is PageKind.SECTION else None
        if page_list is not None:
            blocks, kind = (), PageKind.LISTING
    return PageFacts(
        url=document.url,
        encoding=document.encoding,
        language=document.language,
        kind=kind,
        title=document.title,
        heading=document.heading,
        cms=detect_cms(document),
        marks=read_marks(document),
        columns=columns,
        listing=page_list,
        article=article,
        blocks=blocks,
        breadcrumb=breadcrumb,
        redirect=redirect,
        frames=frames,
        endpoints=endpoints,
        statements=statements,
        challenge=challenge,
        signature=document.signature,
        text_length=len(document.visible_text),
        details=read_details(document, article, kind),
    )
