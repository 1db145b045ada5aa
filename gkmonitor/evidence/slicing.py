"""The records of one case out of the WARC files of its portal's inspections, byte for byte."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gkmonitor.errors import StorageError
from gkmonitor.evidence.places import evidence_error, inside
from gkmonitor.evidence.warc import headers_of

if TYPE_CHECKING:
    from gkmonitor.evidence.dossier import Dossier


def slice_warc(dossier: Dossier) -> Iterator[tuple[str, bytes]]:
    """One file an inspection: its warcinfo, the case's own records, and what is recorded about its pages.

    Records of other cases of the portal stay out: a pack tells of one case. Compressed members are copied as they are.
    """
    wanted: dict[str, set[int]] = {}
    for one in dossier.evidence:
        if one.piece.byte_offset is not None and one.content is not None:
            wanted.setdefault(one.piece.path, set()).add(one.piece.byte_offset)
    for path, offsets in sorted(wanted.items()):
        yield f"warc/{path.rpartition('/')[2]}", _slice(dossier.folder, path, offsets)


def _slice(folder: Path, path: str, offsets: set[int]) -> bytes:
    kept, ids = [], set[str]()
    for offset, member, text in members(_read(folder, path)):
        headers = headers_of(text)
        refers_to = headers.get("warc-refers-to")
        if offset in offsets:
            ids.add(headers.get("warc-record-id", ""))
        if offset in offsets or headers.get("warc-type") == "warcinfo" or (refers_to and refers_to in ids):
            kept.append(member)
    return b"".join(kept)


def members(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each compressed member of a file: (offset, as it lies there, decompressed). Stops at what is damaged."""
    offset = 0
    while offset < len(data):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
        try:
            text = unpacker.decompress(memoryview(data)[offset:])
        except zlib.error:
            return
        if not unpacker.eof:
            return
        end = len(data) - len(unpacker.unused_data)
        yield offset, data[offset:end], text
        offset = end


def _read(folder: Path, path: str) -> bytes:
    try:
        return inside(folder, path).read_bytes()
    except FileNotFoundError as error:
        raise StorageError(f"证据文件 {path} 不见了，请从备份恢复") from error
    except OSError as error:
        raise evidence_error(folder, error) from error
