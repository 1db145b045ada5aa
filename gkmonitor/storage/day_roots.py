"""Day roots in the database: made once, kept for ever."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gkmonitor.errors import StorageError
from gkmonitor.evidence.records import DayRoot
from gkmonitor.storage.models import DayRootRow, EvidenceRow

_DIGEST_BYTES: Final = 32


def leaves_of(session: Session, day: date) -> set[tuple[str, int | None, str]]:
    """What lies under a day's root: path, offset and digest of each piece, once however many cases it is for."""
    query = select(EvidenceRow.path, EvidenceRow.byte_offset, EvidenceRow.sha256).where(EvidenceRow.day == day)
    return {(path, offset, digest) for path, offset, digest in session.execute(query)}


def days_to_close(session: Session, before: date) -> list[date]:
    """Days with evidence and without a root, and yesterday in any case: its root fixes the ledger too."""
    query = select(EvidenceRow.day).where(EvidenceRow.day < before, EvidenceRow.day.not_in(select(DayRootRow.day)))
    return sorted({*session.scalars(query.distinct()), before - timedelta(days=1)})


def get_root(session: Session, day: date) -> DayRoot | None:
    row = session.get(DayRootRow, day)
    return _root(row) if row is not None else None


def list_roots(session: Session, limit: int = 31) -> list[DayRoot]:
    """The newest roots first."""
    return [_root(row) for row in session.scalars(select(DayRootRow).order_by(DayRootRow.day.desc()).limit(limit))]


def add_root(session: Session, root: DayRoot) -> DayRoot:
    session.add(
        DayRootRow(
            day=root.day,
            root=root.root,
            leaves=len(root.leaves),
            leaf_digests=b"".join(bytes.fromhex(one) for one in root.leaves),
            details=dict(root.details),
            made_at=root.made_at,
        )
    )
    session.flush()
    return root


def set_stamp(session: Session, day: date, stamp: bytes) -> DayRoot:
    session.execute(update(DayRootRow).where(DayRootRow.day == day).values(stamp=stamp))
    session.expire_all()
    root = get_root(session, day)
    if root is None:
        raise StorageError(f"{day} 的当日根值不见了，请从备份恢复")
    return root


def count_without_root(session: Session, before: date) -> int:
    """Pieces of evidence of days that are over and have no root yet."""
    query = select(func.count()).where(EvidenceRow.day < before, EvidenceRow.day.not_in(select(DayRootRow.day)))
    return session.scalar(query) or 0


def _root(row: DayRootRow) -> DayRoot:
    packed = row.leaf_digests
    leaves = tuple(packed[i : i + _DIGEST_BYTES].hex() for i in range(0, len(packed), _DIGEST_BYTES))
    return DayRoot(row.day, row.root, leaves, row.made_at, dict(row.details), row.stamp)
