"""Evidence files and the roots of their days."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gkmonitor.storage.base import Base, Json, Key, Word


class EvidenceRow(Base):
    """One piece of evidence: a record in a WARC file, a screenshot, an uploaded file."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index(None, "case_id", "captured_at"),  # the evidence of one case
        Index(None, "day"),  # the leaves of a day's root, and retention
        Index(None, "inspection_id", "sha256"),  # has a retried inspection stored this body already?
        Index(None, "path"),  # does anything still need this file? for the sweep and the retention
    )

    id: Mapped[Key]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspections.id"))
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    kind: Mapped[str] = mapped_column(Word)  # page, items, screenshot, upload
    path: Mapped[str] = mapped_column(String(500))  # below the evidence folder
    byte_offset: Mapped[int | None]  # of the record in a WARC file
    byte_length: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(String(64))  # of the block of the record, or of the file
    url: Mapped[str | None] = mapped_column(Text)
    captured_at: Mapped[datetime]
    day: Mapped[date]  # of the capture, in the office's time zone
    details: Mapped[Json]  # status, headers, server address, TLS


class DayRootRow(Base):
    """The Merkle root over one day's evidence, and a time stamp on it where one was asked for (RFC 3161)."""

    __tablename__ = "day_roots"

    day: Mapped[date] = mapped_column(primary_key=True)
    root: Mapped[str] = mapped_column(String(64))
    leaves: Mapped[int]
    leaf_digests: Mapped[bytes] = mapped_column(LargeBinary)  # 32 bytes each: proofs outlive the retention of files
    details: Mapped[Json]  # the last event of the ledger's chain when the root was made
    made_at: Mapped[datetime]
    stamp: Mapped[bytes | None] = mapped_column(LargeBinary)
