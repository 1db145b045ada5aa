"""Similarity hash of a page's text: pages that say nearly the same have hashes few bits apart."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

MAX_LINES = 200
LANE_BYTES = 4  # room for 200 lines x 255 x weight 40


def simhash(lines: Sequence[str]) -> int | None:
    """64-bit SimHash (Charikar 2002) over distinct lines, each weighing its length up to 40; None without lines.

    Each line is projected on 64 directions, a byte of its digest each; a bit says on which side of the mean the
    weighted sum lies. The sums are kept in one large integer, four bytes a lane.
    """
    seen = set(lines[:MAX_LINES])
    if not seen:
        return None
    total = 0
    weights = 0
    lanes = bytearray(64 * LANE_BYTES)
    for line in seen:
        lanes[::LANE_BYTES] = blake2b(line.encode("utf-8", "replace")).digest()
        weight = min(len(line), 40)
        total += int.from_bytes(lanes, "little") * weight
        weights += weight
    sums = memoryview(total.to_bytes(64 * LANE_BYTES, "little")).cast("I")
    mean = weights * 127.5
    return sum(1 << bit for bit in range(64) if sums[bit] > mean)


def distance(first: int, second: int) -> int:
    """How many of the 64 bits differ: 0 for the same text, about 32 for unrelated ones."""
    return (first ^ second).bit_count()
