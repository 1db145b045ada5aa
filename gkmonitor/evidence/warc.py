"""WARC files of evidence (ISO 28500, version 1.1): one a portal and inspection, each record compressed by itself.

What passed through the crawler is decoded: a page is a ``resource`` record, never a ``response``, for its bytes are
not those of the wire. Status, headers and the server stand in a ``metadata`` record that refers to it. Digests are
SHA-256 in hexadecimal, as everywhere in this program.
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

from gkmonitor import __version__
from gkmonitor.errors import StorageError
from gkmonitor.evidence.places import evidence_error, inside
from gkmonitor.evidence.records import KeptPage

VERSION: Final = "WARC/1.1"
JSON_TYPE: Final = "application/json"
MAX_RECORD_BYTES: Final = 1 << 30  # decompressed
_UNKNOWN_TYPE: Final = "application/octet-stream"
_ABOUT: Final = (
    "Pages as the crawler read them: content and transfer encodings are removed, so they are resource records and not "
    "responses. HTTP status and headers stand in the metadata record that refers to a page. A page marked as rendered "
    "is what a browser showed once its scripts had run."
)


@dataclass(frozen=True, slots=True)
class Record:
    """Where a record lies in its file, and the digest of its block."""

    byte_offset: int
    byte_length: int
    sha256: str


class WarcBuilder:
    """Puts a WARC file together in memory; evidence of one inspection is a few pages.

    ``seed`` makes the ids of the records: the same content under the same seed gives the same bytes.
    """

    def __init__(self, seed: str, now: datetime, details: Mapping[str, str]) -> None:
        self._seed = seed
        self._count = 0
        self._buffer = io.BytesIO()
        self._writer = WARCWriter(self._buffer, gzip=True, warc_version=VERSION)
        lines = {"software": f"gkmonitor/{__version__}", "format": "WARC File Format 1.1", **details}
        lines["description"] = _ABOUT
        text = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in lines.items())
        self._info_id = self._add("warcinfo", text.encode(), "application/warc-fields", now)[1]

    def add_page(self, page: KeptPage) -> Record:
        """The page and, after it, what the server said about it; where the page lies."""
        extra = {"WARC-IP-Address": page.server_address} if page.server_address else {}
        content_type = _one_line(page.content_type) or _UNKNOWN_TYPE
        record, record_id = self._add("resource", page.body, content_type, page.fetched_at, page.final_url, extra)
        about = {"WARC-Refers-To": record_id, **extra}
        self._add("metadata", json_bytes(page_details(page)), JSON_TYPE, page.fetched_at, page.final_url, about)
        return record

    def add_json(self, url: str, obj: Mapping[str, Any], at: datetime) -> Record:
        """Something of our own about an address, as JSON."""
        return self._add("metadata", json_bytes(obj), JSON_TYPE, at, url)[0]

    def finish(self) -> bytes:
        """The whole file."""
        return self._buffer.getvalue()

    def _add(
        self,
        kind: str,
        block: bytes,
        content_type: str,
        at: datetime,
        url: str = "",
        extra: Mapping[str, str] | None = None,
    ) -> tuple[Record, str]:
        self._count += 1
        digest = hashlib.sha256(block).hexdigest()
        record_id = f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{self._seed}/{self._count}/{digest}')}>"
        headers = {"WARC-Record-ID": record_id, "WARC-Date": _warc_date(at), "WARC-Block-Digest": f"sha256:{digest}"}
        if kind == "warcinfo":
            headers["WARC-Filename"] = f"{self._seed}.warc.gz"
        else:
            headers |= {"WARC-Warcinfo-ID": self._info_id, "WARC-Payload-Digest": f"sha256:{digest}"}
        record: ArcWarcRecord = self._writer.create_warc_record(
            _one_line(url), kind, io.BytesIO(block), len(block), content_type, {**headers, **(extra or {})}
        )
        offset = self._buffer.tell()
        self._writer.write_record(record)
        return Record(offset, self._buffer.tell() - offset, digest), record_id


def page_details(page: KeptPage) -> dict[str, Any]:
    """What is known of a page beside its bytes."""
    return {
        "url": page.url,
        "final_url": page.final_url,
        "fetched_at": page.fetched_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "status": page.status,
        "headers": dict(page.headers),
        "sha256": page.sha256,
        "size": len(page.body),
        "purpose": page.purpose,
        "content_type": page.content_type,
        "server_address": page.server_address,
        "tls": dict(page.tls) if page.tls else None,
        "encoding": page.encoding,
        "is_rendered": page.is_rendered,
    }


def json_bytes(obj: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and without blanks, UTF-8: the same content gives the same bytes."""
    text = json.dumps(obj, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "replace")


# ---------------------------------------------------------------- reading


def read_member(folder: Path, path: str, offset: int, length: int) -> bytes:
    """A record's bytes as they lie in the file (one gzip member). Raises StorageError when they are not there."""
    try:
        with inside(folder, path).open("rb") as stream:
            stream.seek(offset)
            data = stream.read(length)
    except FileNotFoundError as error:
        raise StorageError(f"证据文件 {path} 不见了，请从备份恢复") from error
    except OSError as error:
        raise evidence_error(folder, error) from error
    if len(data) != length:
        raise StorageError(f"证据文件 {path} 比入库时短，内容已损坏，请从备份恢复")
    return data


def read_block(folder: Path, path: str, offset: int, length: int, sha256: str) -> bytes:
    """A record's block. Raises StorageError when the file is gone, damaged, or not what was stored."""
    block = block_of(read_member(folder, path, offset, length))
    if block is None or hashlib.sha256(block).hexdigest() != sha256:
        raise StorageError(f"证据文件 {path} 在 {offset} 处的记录与入库时的摘要不符，内容已被改动或损坏")
    return block


def block_of(member: bytes) -> bytes | None:
    """The block of one compressed record; None when it is damaged."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
    try:
        text = unpacker.decompress(member, MAX_RECORD_BYTES)
    except zlib.error:
        return None
    length = headers_of(text).get("content-length", "")
    if not length.isdigit() or not unpacker.eof:
        return None
    block = text.partition(b"\r\n\r\n")[2][: int(length)]
    return block if len(block) == int(length) else None


def headers_of(record: bytes) -> dict[str, str]:
    """The WARC headers of a decompressed record, names in lower case."""
    lines = record.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")[1:]
    return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _warc_date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
