"""Time stamps from an authority (RFC 3161): the request for a root, and whether an answer is about it. Pure.

The request asks for a stamp on the root itself as a SHA-256 digest, so that ``openssl ts -verify -digest ROOT`` checks
the answer offline. Whether the authority's signature holds is for openssl and the authority's certificate to say.
"""

from __future__ import annotations

from typing import Final

from gkmonitor.errors import LedgerError

_SHA256: Final = bytes.fromhex("0609608648016503040201")  # OID 2.16.840.1.101.3.4.2.1
_NULL: Final = b"\x05\x00"
_TRUE: Final = b"\x01\x01\xff"
_VERSION_1: Final = b"\x02\x01\x01"
_SEQUENCE, _OCTETS, _INTEGER = 0x30, 0x04, 0x02
MAX_STAMP_BYTES: Final = 1024 * 1024


def stamp_request(root: str, nonce: int | None = None) -> bytes:
    """The DER bytes of a TimeStampReq for a root; the answer is to bring the authority's certificate."""
    imprint = _imprint(root)
    number = _der(_INTEGER, nonce.to_bytes(nonce.bit_length() // 8 + 1, "big")) if nonce is not None else b""
    return _der(_SEQUENCE, _VERSION_1 + imprint + number + _TRUE)


def require_stamp_of(root: str, answer: bytes) -> None:
    """Raises LedgerError when the bytes are no time stamp answer or are about something else."""
    if not answer or answer[0] != _SEQUENCE or len(answer) > MAX_STAMP_BYTES:
        raise LedgerError("这不是时间戳应答文件（RFC 3161，DER 格式，通常以 .tsr 结尾）")
    if _imprint(root) not in answer:
        raise LedgerError("这个时间戳不是针对这一天的根值签发的，请核对日期和文件")


def _imprint(root: str) -> bytes:
    return _der(_SEQUENCE, _der(_SEQUENCE, _SHA256 + _NULL) + _der(_OCTETS, bytes.fromhex(root)))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
