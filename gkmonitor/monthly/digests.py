"""What ``reading`` makes of an inspection's verdicts, kept beside them: a month need not open gigabytes again.

A digest tells by its number by which reading it was made. One of another number is none: the verdicts are read instead.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pydantic_core import from_json

from gkmonitor.monthly.inputs import CheckAnswers, Inspected, UnitLine, VetoAnswer
from gkmonitor.monthly.reading import has_letters, inspected_of

READING: Final = 1  # to be raised with every change of what ``inspected_of`` or ``has_letters`` give
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Digest:
    """``inspected`` but for its letters; ``has_letters``: whether those are to be looked for in the facts."""

    inspected: Inspected
    has_letters: bool


def digest_of(inspection_id: int, observed_at: datetime, verdicts: Sequence[Mapping[str, Any]]) -> Digest:
    """From the verdicts as ``gkmonitor.check/1``."""
    return Digest(inspected_of(inspection_id, observed_at, verdicts), has_letters(verdicts))


def dump_digest(verdicts: Sequence[Mapping[str, Any]]) -> bytes:
    """The digest of these verdicts, compressed."""
    found = digest_of(0, _NEVER, verdicts)
    one = found.inspected
    parts = [
        *(READING, found.has_letters, [astuple(veto) for veto in one.vetoes], [astuple(check) for check in one.checks]),
        *(one.undecided, one.excused, one.concepts, one.columns_due, [astuple(line) for line in one.unit_lines]),
    ]
    return zlib.compress(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def load_digest(body: bytes | None, inspection_id: int, observed_at: datetime) -> Digest | None:
    """What ``dump_digest`` wrote; None for one that another reading made, or none at all."""
    parts: Any = from_json(zlib.decompress(body)) if body else [None]
    if parts[0] != READING:
        return None
    _, shows_letters, vetoes, checks, undecided, excused, concepts, columns_due, lines = parts
    inspected = Inspected(
        inspection_id=inspection_id,
        observed_at=observed_at,
        vetoes=tuple(VetoAnswer(*veto) for veto in vetoes),
        checks=tuple(
            CheckAnswers(check, decided, open_, tuple((reason, number) for reason, number in reasons))
            for check, decided, open_, reasons in checks
        ),
        undecided=tuple((reason, number) for reason, number in undecided),
        excused=tuple((reason, number) for reason, number in excused),
        concepts=tuple((concept, answer) for concept, answer in concepts),
        columns_due=columns_due,
        unit_lines=tuple(UnitLine(*line) for line in lines),
    )
    return Digest(inspected, shows_letters)
