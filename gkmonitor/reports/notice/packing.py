"""Word files as bytes that do not depend on when they were made: the same document, the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from gkmonitor.reports.notice.form import font_table

if TYPE_CHECKING:
    from docx.document import Document

_FIXED: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP can say
_FONTS: Final = "word/fontTable.xml"
_THUMBNAIL: Final = "docProps/thumbnail.jpeg"
_RELATIONS: Final = "_rels/.rels"
EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)


def packed(document: Document, *, with_fonts: bool = False) -> bytes:
    """The document as a file. ``with_fonts``: with our table of alternative fonts instead of the one it has."""
    body = io.BytesIO()
    document.save(body)
    return repacked(body.getvalue(), {_FONTS: font_table()} if with_fonts else {})


def repacked(data: bytes, replaced: Mapping[str, bytes]) -> bytes:
    """The file with some parts replaced, parts in the order of their names and without times."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            if name == _THUMBNAIL:
                continue
            body = replaced.get(name, source.read(name))
            written.writestr(_entry(name), _without_thumbnail(body) if name == _RELATIONS else body)
    return target.getvalue()


def set_properties(document: Document, *, title: str, author: str, at: datetime) -> None:
    """What a file manager shows of the document."""
    told = document.core_properties
    told.title, told.author, told.last_modified_by = title[:255], author[:255], author[:255]
    told.comments, told.keywords, told.subject, told.revision = "", "", "", 1
    told.created = told.modified = at.astimezone(UTC).replace(tzinfo=None)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _without_thumbnail(relations: bytes) -> bytes:
    """The picture that the library's own empty document carries shows nothing of ours."""
    from lxml import etree

    root = etree.fromstring(relations, etree.XMLParser(resolve_entities=False, no_network=True))
    for relation in list(root):
        if str(relation.get("Target", "")).endswith("thumbnail.jpeg"):
            root.remove(relation)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
