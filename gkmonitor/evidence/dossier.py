"""Everything that a pack tells of one case, gathered from ledger, evidence and files, each piece checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from gkmonitor.errors import StorageError
from gkmonitor.evidence.day_roots import Proof, prove
from gkmonitor.evidence.places import evidence_error, inside
from gkmonitor.evidence.records import DayRoot, Kind, Piece
from gkmonitor.evidence.warc import read_block
from gkmonitor.ledger.records import Case, Event
from gkmonitor.storage import Database
from gkmonitor.storage.case_details import Observation, observations_of
from gkmonitor.storage.cases import events_of, get_case
from gkmonitor.storage.day_roots import get_root
from gkmonitor.storage.evidence import pieces_of


@dataclass(frozen=True, slots=True)
class Checked:
    """A piece of evidence and its content; ``fault``: why the content could not be had or does not hold."""

    piece: Piece
    content: bytes | None
    fault: str | None = None
    proof: Proof | None = None

    @property
    def reading(self) -> Mapping[str, Any] | None:
        """What was read and judged, where this piece is that."""
        if self.piece.kind != Kind.ITEMS or self.content is None:
            return None
        found = json.loads(self.content)
        return found if isinstance(found, dict) else None


@dataclass(frozen=True, slots=True)
class Dossier:
    """One case with everything behind it."""

    case: Case
    events: Sequence[Event]
    observations: Sequence[Observation]
    evidence: Sequence[Checked]
    roots: Mapping[date, DayRoot] = field(default_factory=dict)
    folder: Path = Path()


def gather(database: Database, folder: Path, case_id: int) -> Dossier:
    """The dossier of a case. Raises LedgerError for an unknown case, StorageError when a stored path leads outside."""
    with database.reading() as session:
        case = get_case(session, case_id)
        events = events_of(session, case_id)
        observations = observations_of(session, case)
        pieces = pieces_of(session, case_id)
        roots = {day: root for day in sorted({one.day for one in pieces}) if (root := get_root(session, day))}
    evidence = [check_piece(folder, piece, roots.get(piece.day)) for piece in pieces]
    return Dossier(case, events, observations, evidence, roots, folder)


def check_piece(folder: Path, piece: Piece, root: DayRoot | None = None) -> Checked:
    """One piece with its content, checked against its digest and its day's root. Raises StorageError when its stored
    path leads outside the folder.
    """
    proof = prove(root, piece) if root is not None else None
    target = inside(folder, piece.path)
    try:
        content = _content(folder, target, piece)
    except StorageError as error:
        return Checked(piece, None, str(error), proof)
    if root is not None and proof is None:
        return Checked(piece, content, f"这件证据不在 {piece.day} 的根值之下，台账可能被改动")
    return Checked(piece, content, None, proof)


def _content(folder: Path, target: Path, piece: Piece) -> bytes:
    if piece.byte_offset is not None and piece.byte_length is not None:
        return read_block(folder, piece.path, piece.byte_offset, piece.byte_length, piece.sha256)
    try:
        data = target.read_bytes()
    except FileNotFoundError as error:
        raise StorageError(f"证据文件 {piece.path} 不见了，请从备份恢复") from error
    except OSError as error:
        raise evidence_error(folder, error) from error
    if hashlib.sha256(data).hexdigest() != piece.sha256:
        raise StorageError(f"证据文件 {piece.path} 与入库时的摘要不符，内容已被改动或损坏")
    return data
