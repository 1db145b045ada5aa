"""A hash tree over one day's evidence, made so that anyone can follow it with ``sha256sum``. Pure.

A leaf is SHA-256 of the text ``leaf `` followed by canonical JSON; a node is SHA-256 of ``node <left> <right>`` with
the digests in hexadecimal. The different beginnings keep a node from passing for a leaf. A level's odd last digest
moves up as it is (RFC 6962 has the same shape).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gkmonitor.evidence.warc import json_bytes


@dataclass(frozen=True, slots=True)
class ProofStep:
    """A neighbour on the way from a leaf to the root: ``side`` is where the neighbour stands."""

    side: str  # left, right
    digest: str


def leaf_digest(leaf: Mapping[str, Any]) -> str:
    """The digest of a leaf: of path, offset and body digest of a piece, or of the ledger's last event."""
    return hashlib.sha256(b"leaf " + json_bytes(leaf)).hexdigest()


def evidence_leaf(path: str, byte_offset: int | None, sha256: str) -> dict[str, Any]:
    """What a leaf says of a piece of evidence."""
    return {"path": path, "offset": byte_offset, "sha256": sha256}


def node_digest(left: str, right: str) -> str:
    return hashlib.sha256(f"node {left} {right}".encode("ascii")).hexdigest()


def root_of(leaves: Sequence[str]) -> str:
    """The root over leaves in their order. Raises ValueError when there are none."""
    if not leaves:
        raise ValueError("a tree has at least one leaf")
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def proof_of(leaves: Sequence[str], index: int) -> list[ProofStep]:
    """The neighbours that lead from a leaf to the root, from below."""
    steps, level = [], list(leaves)
    while len(level) > 1:
        neighbour = index ^ 1
        if neighbour < len(level):
            steps.append(ProofStep("left" if neighbour < index else "right", level[neighbour]))
        level, index = _above(level), index // 2
    return steps


def root_from(leaf: str, steps: Sequence[ProofStep]) -> str:
    """The root that a leaf and its proof lead to."""
    digest = leaf
    for step in steps:
        digest = node_digest(step.digest, digest) if step.side == "left" else node_digest(digest, step.digest)
    return digest


def _above(level: Sequence[str]) -> list[str]:
    pairs = [node_digest(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs
