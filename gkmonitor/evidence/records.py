"""What evidence is made of, as frozen records that pass between layers. Instants are aware, UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a piece of evidence is."""

    PAGE = "page"  # the body of a page, a record of a WARC file
    ITEMS = "items"  # what was read from it: breadcrumb, item table, quotes; a JSON record of the same file
    SCREENSHOT = "screenshot"
    UPLOAD = "upload"  # a file that a person attached


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One fetched page as the crawl kept it. ``body`` is decoded: without content and transfer encodings."""

    url: str
    final_url: str
    fetched_at: datetime
    status: int
    headers: Mapping[str, str]
    body: bytes
    sha256: str  # of the body
    purpose: str = ""  # home, column, list_page, article ...
    column: str | None = None  # key of the column that it was fetched for
    server_address: str | None = None
    tls: Mapping[str, str] | None = None  # subject, issuer, not_before, not_after, sha256 of the certificate
    encoding: str | None = None  # by which the page was read
    is_rendered: bool = False  # what a browser showed once its scripts had run

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class NewPiece:
    """A piece of evidence whose file is written and whose row is not. ``about``: (rule, subject key) of its cases."""

    kind: Kind
    path: str  # below the evidence folder, with forward slashes
    sha256: str  # of the body, of the JSON text, of the picture
    about: frozenset[tuple[str, str]]
    url: str | None = None
    byte_offset: int | None = None
    byte_length: int | None = None  # of the record as it lies in the file
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stored piece of evidence."""

    id: int
    case_id: int | None
    inspection_id: int | None
    portal_id: int
    kind: str
    path: str
    sha256: str
    captured_at: datetime
    day: date  # under whose root it stands
    url: str | None = None
    byte_offset: int | None = None
    byte_length: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayRoot:
    """The root over one day's evidence. ``leaves``: digests of the leaves in the order of the tree (hexadecimal)."""

    day: date
    root: str
    leaves: tuple[str, ...]
    made_at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)  # chain: number and digest of the ledger's last event
    stamp: bytes | None = None  # the answer of a time stamp authority (RFC 3161), DER
