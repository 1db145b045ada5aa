"""What one page says: every reader over one parsed document. No network, no clock."""

from __future__ import annotations

from collections.abc import Mapping

from gkmonitor.records import PageFacts
from spiders.readers.article import read_article
from spiders.readers.blocks import read_blocks
from spiders.readers.challenge import read_challenge
from spiders.readers.document import Document
from spiders.readers.encoding import decode
from spiders.readers.families import detect_cms
from spiders.readers.kinds import Seen, guess_kind
from spiders.readers.listing import read_listing
from spiders.readers.marks import read_marks
from spiders.readers.navigation import read_breadcrumb, read_columns
from spiders.readers.scripts import read_endpoints, read_frames, read_islands, read_redirect
from spiders.readers.statements import read_statements


def read_page(body: bytes, url: str, headers: Mapping[str, str] = {}) -> PageFacts:
    """Everything the readers see on one page, from its bytes, its address and its response headers."""
    text, encoding = decode(body, headers)
    return read_text(text, url, headers, encoding)


def read_text(
    text: str,
    url: str,
    headers: Mapping[str, str] = {},
    encoding: str = "utf-8",
) -> PageFacts:
    """The same for text that is already decoded."""
    return read_document(Document(text, url, encoding), headers)


def read_document(document: Document, headers: Mapping[str, str]) -> PageFacts:
    """Runs every reader over one document; the cheap and decisive ones first."""
    columns = read_columns(document)
    breadcrumb = read_breadcrumb(document)
    page_list = read_islands(document) or read_listing(document)
    article = read_article(document)
    has_content = page_list is not None or article is not None or len(columns) >= 4
    seen = Seen(
        page_list,
        article,
        read_blocks(document),
        breadcrumb,
        columns,
        read_redirect(document),
        read_frames(document),
        read_endpoints(document),
        read_challenge(document.text, headers, has_content=has_content),
    )
    kind = guess_kind(document, seen)
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
        blocks=seen.blocks,
        breadcrumb=breadcrumb,
        redirect=seen.redirect,
        frames=seen.frames,
        endpoints=seen.endpoints,
        statements=read_statements(document),
        challenge=seen.challenge,
        signature=document.signature,
        text_length=len(document.visible_text),
    )
