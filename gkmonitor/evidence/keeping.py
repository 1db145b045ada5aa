"""Page bodies kept while a portal is crawled, until its result is settled: one append-only file a portal.

A frame is two lengths (header, body; four bytes each, big-endian), the header as JSON and the body as it is. Nothing is
compressed here: that would cost more than reading the page, and the file lives for minutes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from gkmonitor.evidence.records import KeptPage

logger = logging.getLogger(__name__)

MAX_PORTAL_BYTES: Final = 48 * 1024 * 1024
_LENGTHS: Final = struct.Struct(">II")
_MAX_FRAME: Final = 1 << 30
_FIELDS: Final = ("url", "final_url", "status", "sha256", "purpose", "column", "server_address", "tls", "encoding")


def kept_file(folder: Path, portal_url: str) -> Path:
    """The file of one portal in a scratch folder; its name is a digest, whatever the address holds."""
    return folder / f"{hashlib.sha256(portal_url.encode('utf-8', 'replace')).hexdigest()[:32]}.pages"


class PageKeeper:
    """Appends the pages of one portal. Never raises: what cannot be kept is counted in ``lost``."""

    def __init__(self, file: Path, max_bytes: int = MAX_PORTAL_BYTES) -> None:
        self.lost = 0
        self._file = file
        self._left = max_bytes
        self._stream: BinaryIO | None = None
        self._is_broken = False

    def keep(self, page: KeptPage) -> None:
        """Appends one page; one that does not fit is left out, one that cannot be written ends the keeping."""
        head = _dump_head(page)
        size = _LENGTHS.size + len(head) + len(page.body)
        if self._is_broken or size > self._left:
            self.lost += 1
            return
        try:
            if self._stream is None:
                self._stream = self._file.open("ab", buffering=0)
            _write_all(self._stream, b"".join((_LENGTHS.pack(len(head), len(page.body)), head, page.body)))
            self._left -= size
        except OSError as error:  # the disk is full, the folder is gone: the crawl goes on without
            self._is_broken = True
            self.lost += 1
            logger.warning("pages are not kept any more: %s", error)

    def close(self) -> None:
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()
            self._stream = None


def kept_pages(file: Path) -> Iterator[KeptPage]:
    """The pages of one portal in the order of their fetches, as far as they are whole; none when there is no file."""
    try:
        stream = file.open("rb")
    except OSError:
        return
    with stream:
        while len(lengths := stream.read(_LENGTHS.size)) == _LENGTHS.size:
            head_length, body_length = _LENGTHS.unpack(lengths)
            if head_length > _MAX_FRAME or body_length > _MAX_FRAME:
                return
            head, body = stream.read(head_length), stream.read(body_length)
            if len(head) < head_length or len(body) < body_length:
                return  # cut off by a full disk or by the end of its process
            page = _load(head, body)
            if page is None:
                return
            yield page


def _write_all(stream: BinaryIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[stream.write(view) :]


def _dump_head(page: KeptPage) -> bytes:
    head = {name: getattr(page, name) for name in _FIELDS}
    head |= {"at": page.fetched_at.isoformat(), "headers": dict(page.headers), "rendered": page.is_rendered}
    return json.dumps(head).encode("ascii")


def _load(head: bytes, body: bytes) -> KeptPage | None:
    try:
        obj = json.loads(head)
        page = KeptPage(
            **{name: obj[name] for name in _FIELDS},
            fetched_at=datetime.fromisoformat(obj["at"]),
            headers=obj["headers"],
            body=body,
            is_rendered=obj["rendered"],
        )
    except (ValueError, KeyError, TypeError):
        return None
    return page if hashlib.sha256(body).hexdigest() == page.sha256 else None
