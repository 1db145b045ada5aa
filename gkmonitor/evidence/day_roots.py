"""Day roots: one digest that fixes everything kept on a day, and the ledger up to then.

A root is made once a day is over and never again; evidence that comes later stands under a later day. Whoever notes
the root outside (a printed notice, a time stamp) can show that nothing of that day was changed since.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from gkmonitor.errors import LedgerError
from gkmonitor.evidence.merkle import ProofStep, evidence_leaf, leaf_digest, proof_of, root_of
from gkmonitor.evidence.records import DayRoot, Piece
from gkmonitor.evidence.stamps import require_stamp_of
from gkmonitor.storage import Database, Session
from gkmonitor.storage.day_roots import add_root, days_to_close, get_root, leaves_of, set_stamp
from gkmonitor.storage.events import chain_head

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

logger = logging.getLogger(__name__)

GRACE: Final = timedelta(hours=1)  # after midnight, for inspections that began before it


@dataclass(frozen=True, slots=True)
class Proof:
    """That a piece of evidence stands under the root of its day."""

    day: date
    leaf: dict[str, Any]
    leaf_digest: str
    steps: tuple[ProofStep, ...]
    root: str


def make_day_root(session: Session, day: date, now: datetime) -> DayRoot | None:
    """The root of a day, made when it is not there yet; None for a day without evidence and before the first event.

    The last leaf is the end of the ledger's chain, so that the root fixes the ledger too.
    """
    known = get_root(session, day)
    if known is not None:
        return known
    digests = sorted({leaf_digest(evidence_leaf(*one)) for one in leaves_of(session, day)})
    details: dict[str, Any] = {}
    head = chain_head(session)
    if head is not None and head[0]:
        details["chain"] = {"event": head[0], "digest": head[1]}
        digests.append(leaf_digest(details["chain"]))
    if not digests:
        return None
    return add_root(session, DayRoot(day, root_of(digests), tuple(digests), now, details))


def prove(root: DayRoot, piece: Piece) -> Proof | None:
    """The proof of a piece under the root of its day; None when the root does not hold it (it was changed since)."""
    return _prove(root, evidence_leaf(piece.path, piece.byte_offset, piece.sha256))


def prove_chain(root: DayRoot) -> Proof | None:
    """The proof that the root fixes the ledger's last event of that day."""
    return _prove(root, dict(root.details["chain"])) if "chain" in root.details else None


def _prove(root: DayRoot, leaf: dict[str, Any]) -> Proof | None:
    digest = leaf_digest(leaf)
    if digest not in root.leaves:
        return None
    return Proof(root.day, leaf, digest, tuple(proof_of(root.leaves, root.leaves.index(digest))), root.root)


def add_stamp(session: Session, day: date, answer: bytes) -> DayRoot:
    """Keeps a time stamp authority's answer with the root of a day. Raises LedgerError when it is not about it."""
    root = get_root(session, day)
    if root is None:
        raise LedgerError(f"{day} 还没有当日根值，一天结束后才会生成")
    require_stamp_of(root.root, answer)
    return set_stamp(session, day, answer)


def close_day(database: Database, settings: Settings, day: date | None, now: datetime) -> Sequence[DayRoot]:
    """A job for the early morning: roots for ``day``, or for every day that is over and has none; those made.

    Raises LedgerError for a day that is not over yet.
    """
    over = (now.astimezone(ZoneInfo(settings.timezone)) - GRACE).date()
    if day is not None and day >= over:
        raise LedgerError(f"{day} 还没有结束，不能生成当日根值")
    made = []
    with database.writing() as session:
        days = [day] if day is not None else days_to_close(session, over)
        for one in days:
            known = get_root(session, one)
            root = make_day_root(session, one, now)
            if known is None and root is not None:
                made.append(root)
                logger.info("day root of %s: %s over %d leaves", one, root.root, len(root.leaves))
    return made
