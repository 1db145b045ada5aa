"""Putting a backup back: everything is verified before anything is touched, and changed in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from gkmonitor.backups.archive import Archive, Manifest, open_archive
from gkmonitor.backups.evidence_files import Staged, staged_files
from gkmonitor.errors import BackupError
from gkmonitor.ledger.records import ChainFault
from gkmonitor.storage import Database
from gkmonitor.storage.backup import check_revision, put_back

Progress = Callable[[str], None]


def restore_backup(
    database: Database, file: Path, *, evidence: Path, force: bool = False, progress: Progress | None = None
) -> tuple[Manifest, ChainFault | None]:
    """Fills an empty database (with ``force``: any) and the evidence folder; what was put back, and the ledger's fault.

    Readers see what was there until all is in. A ledger that was whole when the backup was made is whole again, or
    nothing is changed; one that was not comes back as it was. Evidence of the folder that the backup lacks stays.
    Raises BackupError for a file that is wrong or does not fit, StorageError, OutputError.
    """
    tell = progress or (lambda _: None)
    with open_archive(file) as archive:
        tell("正在核对备份")
        archive.verify()
        manifest = archive.manifest
        check_revision(database, manifest.revision)
        tell("正在恢复证据")
        with staged_files(archive, evidence, may_replace=force) as staged:
            tell("正在恢复数据库")
            fault = put_back(
                database,
                manifest.revision,
                _table_lines(archive),
                may_replace=force,
                before_commit=partial(_finish, manifest, staged),
            )
    return manifest, fault


def _table_lines(archive: Archive) -> dict[str, Callable[[], Iterable[bytes]]]:
    return {part.table: partial(archive.lines, part) for part in archive.manifest.tables if part.table is not None}


def _finish(manifest: Manifest, staged: Staged, fault: ChainFault | None) -> None:
    """The rows are in but not committed: they must make the ledger that was backed up."""
    if fault is not None and manifest.fault is None:
        raise BackupError(f"备份中的台账核对不上（{fault.message}），备份可能被改动，没有恢复")
    staged.put_in_place()
