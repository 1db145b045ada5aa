"""Similarity hash of a page's text: pages that say nearly the same have hashes few bits apart."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

MAX_LINES = 200
MAX_WEIGHT = 40
LANES = 64
LANE_BYTES = 4  # room for 200 lines x 255 x weight 40
MEAN = 127.5  # of the bytes of a digest
MAX_REMEMBERED: Final = 8_192

# The pages of one site share most of their lines. No cache that notes the order of use: that costs more than a look.
_PROJECTIONS: Final[dict[str, int]] = {}


def simhash(lines: Sequence[str]) -> int | None:
    """64-bit SimHash (Charikar 2002) over distinct lines, each weighing its length up to 40; None without lines.

    Each line is projected on 64 directions, a byte of its digest each; a bit says on which side of the mean the
    weighted sum lies. The sums are kept in one large integer, four bytes a lane; one lane more sums the weights.
    """
    seen = set(lines[:MAX_LINES])
    if not seen:
        return None
    total = 0
    for line in seen:
        projection = _PROJECTIONS.get(line)
        if projection is None:
            if len(_PROJECTIONS) >= MAX_REMEMBERED:
                _PROJECTIONS.clear()
            projection = _PROJECTIONS[line] = _project(line)
        total += projection
    *sums, weights = memoryview(total.to_bytes((LANES + 1) * LANE_BYTES, "little")).cast("I")
    mean = weights * MEAN
    return int("".join(["1" if one > mean else "0" for one in reversed(sums)]), 2)


def _project(line: str) -> int:
    lanes = bytearray((LANES + 1) * LANE_BYTES)
    lanes[: LANES * LANE_BYTES : LANE_BYTES] = blake2b(line.encode("utf-8", "replace")).digest()
    lanes[LANES * LANE_BYTES] = 1
    return int.from_bytes(lanes, "little") * min(len(line), MAX_WEIGHT)


def distance(first: int, second: int) -> int:
    """How many of the 64 bits differ: 0 for the same text, about 32 for unrelated ones."""
    return (first ^ second).bit_count()
