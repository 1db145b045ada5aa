"""How long evidence stays: that of ended cases for a setting's days, that of living ones as long as they live.

Rows go first and files after them, so that no row is ever without its file. Files without rows (their process died in
between) are swept once they are a day old. Day roots and the digests of their leaves stay for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gkmonitor.errors import StorageError
from gkmonitor.evidence.places import SCREENSHOTS, UPLOADS, WARCS, evidence_error, remove
from gkmonitor.evidence.scratch import sweep_scratch
from gkmonitor.storage import Database
from gkmonitor.storage.evidence import forget_old, known_paths

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

logger = logging.getLogger(__name__)

ORPHAN_AGE: Final = timedelta(days=1)  # a younger file may belong to a transaction under way
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """What was deleted: rows of evidence, files that were no longer needed, files that never got a row, scratch."""

    rows: int = 0
    files: int = 0
    orphans: int = 0
    scratch: int = 0


def keep_in_bounds(database: Database, settings: Settings, now: datetime) -> Swept:
    """A job for once a day: forgets what is too old and sweeps what was left behind. Raises StorageError."""
    rows, files = _forget(database, settings, now)
    orphans = sweep_orphans(database, settings.evidence_folder, now)
    return Swept(rows, files, orphans, sweep_scratch(settings.evidence_folder))


def _forget(database: Database, settings: Settings, now: datetime) -> tuple[int, int]:
    if not settings.evidence_days:
        return 0, 0
    before, rows, files = now - timedelta(days=settings.evidence_days), 0, 0
    while True:
        with database.writing() as session:
            count, paths = forget_old(session, before)
        with database.reading() as session:
            still = known_paths(session, paths)
        for path in sorted(paths - still):
            with suppress(StorageError):  # the sweep tries again
                files += remove(settings.evidence_folder, path)
        rows += count
        if not count:
            return rows, files


def sweep_orphans(database: Database, folder: Path, now: datetime) -> int:
    """Deletes files below the evidence folder that no row names and that are older than a day; how many."""
    found: list[str] = []
    swept = 0
    for path in _old_files(folder, now - ORPHAN_AGE):
        found.append(path)
        if len(found) >= _AT_ONCE:
            swept += _sweep(database, folder, found)
            found = []
    return swept + _sweep(database, folder, found)


def _sweep(database: Database, folder: Path, paths: list[str]) -> int:
    if not paths:
        return 0
    with database.reading() as session:
        named = known_paths(session, paths)
    gone = [path for path in paths if path not in named and remove(folder, path)]
    for path in gone:
        logger.info("swept %s, which no row of evidence names", path)
        _leave_no_empty_folder(folder, path)
    return len(gone)


def _old_files(folder: Path, before: datetime) -> Iterator[str]:
    limit = before.timestamp()
    for place in (WARCS, SCREENSHOTS, UPLOADS):
        try:
            for file in sorted((folder / place).rglob("*")):
                if not file.is_symlink() and file.is_file() and file.stat().st_mtime < limit:
                    yield file.relative_to(folder).as_posix()
        except FileNotFoundError:  # deleted by another worker meanwhile: the next sweep sees the rest
            continue
        except OSError as error:
            raise evidence_error(folder, error) from error


def _leave_no_empty_folder(folder: Path, path: str) -> None:
    with suppress(OSError):  # not empty, or somebody is writing there
        for parent in list((folder / path).parents)[:3]:
            parent.rmdir()
