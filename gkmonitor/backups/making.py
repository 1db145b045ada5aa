"""Making a backup: the rows first, at one instant, then the evidence that they name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from gkmonitor import __version__
from gkmonitor.backups.archive import LINES, TABLES, Manifest, new_archive
from gkmonitor.backups.evidence_files import add_files
from gkmonitor.storage import Database
from gkmonitor.storage.backup import snapshot
from gkmonitor.storage.migrating import head_revision

Progress = Callable[[str], None]


def make_backup(
    database: Database, file: Path, *, evidence: Path | None, now: datetime, progress: Progress | None = None
) -> Manifest:
    """Writes one file with every row and, where ``evidence`` names its folder, the evidence; what is in it.

    The service goes on: rows are read from one snapshot, and evidence files are written before the rows that name
    them and never changed. ``file`` appears whole or not at all. Raises OutputError, StorageError, BackupError.
    """
    tell = progress or (lambda _: None)
    with new_archive(file) as writer:
        with snapshot(database) as seen:
            events, head = seen.head or (0, None)
            named = seen.evidence_paths()
            for name, lines in seen.tables():
                tell(f"正在备份表 {name}")
                writer.add(f"{TABLES}{name}{LINES}", lines, is_table=True)
            tell("正在核对台账")
            fault = seen.fault()
        tell("正在备份证据")
        copied = add_files(writer, evidence) if evidence is not None else named
        manifest = Manifest(
            made_at=now,
            program=__version__,
            revision=head_revision(),
            source="sqlite" if database.is_sqlite else "postgresql",
            has_evidence=evidence is not None,
            missing_evidence=len(named - copied),
            events=events,
            head=head,
            fault=fault.message if fault is not None else None,
            parts=tuple(writer.parts),
        )
        writer.finish(manifest)
    return manifest
