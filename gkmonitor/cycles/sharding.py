"""Which portals are crawled by one process: those on one server together and under one lock, the others in parts.

Politeness has to hold across workers: two processes that each keep to one request a second would ask a shared platform
two. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SHARD_PORTALS: Final = 64  # in one crawl process: enough to keep it busy, few enough to lose little


@dataclass(frozen=True, slots=True)
class Shard:
    """Portals for one job; ``lock`` is the platform that they share, None where they share nothing."""

    portal_ids: tuple[int, ...]
    lock: str | None = None


def group_by_platform(portal_ids: Sequence[int], addresses: Mapping[int, str]) -> dict[str | None, list[int]]:
    """Portals by the server that they share with another one of these; None: alone on theirs, or not known."""
    by_address: dict[str, list[int]] = {}
    for portal_id in portal_ids:
        if portal_id in addresses:
            by_address.setdefault(addresses[portal_id], []).append(portal_id)
    shared = {address: alike for address, alike in by_address.items() if len(alike) > 1}
    of_platforms = {portal_id for alike in shared.values() for portal_id in alike}
    groups: dict[str | None, list[int]] = {}
    groups.update(shared)
    groups[None] = [portal_id for portal_id in portal_ids if portal_id not in of_platforms]
    return groups


def shards_of(groups: Mapping[str | None, Sequence[int]], size: int = SHARD_PORTALS) -> Iterator[Shard]:
    """Shards of at most ``size`` portals; those of one platform carry its lock."""
    for address, portal_ids in groups.items():
        lock = f"platform:{address}" if address is not None else None
        for start in range(0, len(portal_ids), size):
            yield Shard(tuple(portal_ids[start : start + size]), lock)
