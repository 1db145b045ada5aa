"""A whole cycle in this process: both passes over all its shards, then the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from gkmonitor.cycles.records import CycleKind, CycleSummary, Inspection, InspectionState
from gkmonitor.cycles.running import finish_cycle, inspect_shard, start_cycle
from gkmonitor.cycles.sharding import SHARD_PORTALS
from gkmonitor.errors import CrawlError
from gkmonitor.storage import Database, inspections

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

CRAWL_TRIES: Final = 3  # of one shard whose crawl process dies


def run_cycle(
    database: Database,
    settings: Settings,
    portal_ids: Sequence[int],
    *,
    name: str,
    kind: CycleKind,
    as_of: date,
    clock: Callable[[], datetime],
    progress: Callable[[Any], None] | None = None,
    settled: Callable[[Inspection], None] | None = None,
) -> CycleSummary:
    """Inspect these portals and write the ledger. Called again with the same name, it goes on where it stopped.

    Raises CrawlError when the crawl process of one shard dies again and again, StorageError when nothing can be stored.
    """
    cycle_id = start_cycle(database, name=name, kind=kind, as_of=as_of, portal_ids=portal_ids, now=clock())
    for is_second_pass in (False, True):
        for shard in shards(remaining(database, cycle_id, is_second_pass=is_second_pass)):
            inspect_surely(
                database,
                settings,
                cycle_id,
                shard,
                clock=clock,
                is_second_pass=is_second_pass,
                progress=progress,
                settled=settled,
            )
    return finish_cycle(database, cycle_id, now=clock())


def remaining(database: Database, cycle_id: int, *, is_second_pass: bool) -> list[int]:
    """The portals that a pass has still to do; the first pass leaves what failed in passing to the second."""
    with database.reading() as session:
        left = inspections.unfinished(session, cycle_id)
    return [one.portal_id for one in left if is_second_pass or one.state is not InspectionState.FAILED]


def shards(portal_ids: Sequence[int], size: int = SHARD_PORTALS) -> Iterator[Sequence[int]]:
    """The portals in parts of at most ``size``."""
    for start in range(0, len(portal_ids), size):
        yield portal_ids[start : start + size]


def inspect_surely(
    database: Database,
    settings: Settings,
    cycle_id: int,
    portal_ids: Sequence[int],
    *,
    clock: Callable[[], datetime],
    is_second_pass: bool = False,
    progress: Callable[[Any], None] | None = None,
    settled: Callable[[Inspection], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> None:
    """As ``inspect_shard``; a crawl process that died is started again at once, three times in all.

    Portals that have their result are not asked a second time.
    """
    for attempt in range(1, CRAWL_TRIES + 1):
        try:
            inspect_shard(
                database,
                settings,
                cycle_id,
                portal_ids,
                clock=clock,
                is_second_pass=is_second_pass,
                progress=progress,
                settled=settled,
                should_stop=should_stop,
            )
        except CrawlError:
            if attempt == CRAWL_TRIES or (should_stop is not None and should_stop()):
                raise
        else:
            return
