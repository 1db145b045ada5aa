"""Headed lists on home and section pages: heading, 更多 link, dated entries."""

from __future__ import annotations

from gkmonitor.records import Block
from spiders.readers.document import Document


def read_blocks(document: Document) -> tuple[Block, ...]:
    """The blocks in page order."""
    return ()
