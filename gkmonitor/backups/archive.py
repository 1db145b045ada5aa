"""The file of a backup: a ZIP with a part for each table and each evidence file, and a manifest with their digests.

Any program that opens ZIP files can read one; ``sha256sum`` confirms a part. The manifest comes last, so a file that
was cut off has none.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from gkmonitor.errors import BackupError, OutputError, system_words

SCHEMA: Final = "gkmonitor.backup/1"
MANIFEST: Final = "manifest.json"
TABLES: Final = "tables/"
EVIDENCE: Final = "evidence/"
LINES: Final = ".jsonl"
CHUNK: Final = 1 << 20
MAX_MANIFEST_BYTES: Final = 1 << 30
_PACKED: Final = frozenset((".gz", ".png", ".jpg", ".jpeg", ".zip", ".docx", ".xlsx", ".pdf", ".webp", ".mp4"))
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)


@dataclass(frozen=True, slots=True)
class Part:
    """One file in the archive: its digest and size before compression, and how many rows it holds."""

    name: str
    sha256: str
    size: int
    rows: int | None = None

    @property
    def table(self) -> str | None:
        is_table = self.name.startswith(TABLES) and self.name.endswith(LINES)
        return self.name[len(TABLES) : -len(LINES)] if is_table else None

    @property
    def evidence_path(self) -> str | None:
        return self.name[len(EVIDENCE) :] if self.name.startswith(EVIDENCE) else None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds and what it was made from."""

    made_at: datetime
    program: str
    revision: str
    source: str  # sqlite or postgresql
    has_evidence: bool
    missing_evidence: int  # files that the database names and the folder did not have
    events: int
    head: str | None  # digest of the ledger's last event
    fault: str | None  # what was wrong with the ledger when the backup was made
    parts: tuple[Part, ...] = field(default=())

    @property
    def tables(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.table is not None)

    @property
    def evidence(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.evidence_path is not None)

    @property
    def rows(self) -> int:
        return sum(part.rows or 0 for part in self.tables)


# ---------------------------------------------------------------- out


class Writer:
    """Adds parts to an archive that is being made."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.parts: list[Part] = []

    def add(self, name: str, chunks: Iterable[bytes], *, is_table: bool = False) -> None:
        """One part, written as it comes."""
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.external_attr = 0o600 << 16
        packed = PurePosixPath(name).suffix.lower() in _PACKED
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        digest, size, count = hashlib.sha256(), 0, 0
        with self._archive.open(info, "w", force_zip64=True) as stream:
            for chunk in chunks:
                stream.write(chunk)
                digest.update(chunk)
                size, count = size + len(chunk), count + 1
        self.parts.append(Part(name, digest.hexdigest(), size, count - 1 if is_table else None))

    def finish(self, manifest: Manifest) -> None:
        text = json.dumps(_manifest_object(manifest), ensure_ascii=False, indent=1)
        self._archive.writestr(zipfile.ZipInfo(MANIFEST, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


@contextmanager
def new_archive(file: Path) -> Iterator[Writer]:
    """A new archive that takes its name only when it is whole and on the disk. Raises OutputError, BackupError.

    Only its owner may read it, for it holds contacts. A file that is no backup is not overwritten.
    """
    _refuse_to_overwrite(file)
    beside = file.with_name(f".{file.name[:100]}.{secrets.token_hex(6)}.part")
    try:
        with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
                yield Writer(archive)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    except OSError as error:
        raise writing_error(file, error) from error
    finally:
        with suppress(OSError):
            beside.unlink()
    sync_folder(file.parent)


def writing_error(path: Path, error: OSError) -> OutputError:
    """Why a file or folder could not be written, in words that say what to do."""
    if error.errno in _FULL:
        return OutputError(f"{path} 写不进去：磁盘空间不足，请清理空间后重试；原有的文件和数据库没有改动")
    return OutputError(f"{path} 写不进去（{system_words(error)}），请检查文件夹和权限")


def sync_folder(folder: Path) -> None:
    """New names survive a power cut, where the system can promise that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _refuse_to_overwrite(file: Path) -> None:
    if file.is_dir():
        raise BackupError(f"{file} 是一个文件夹，请写明备份文件的名称，例如 {file / 'gkmonitor.zip'}")
    if file.exists() and file.stat().st_size:
        try:
            with zipfile.ZipFile(file) as archive:
                archive.getinfo(MANIFEST)
        except (OSError, *_DAMAGED) as error:
            raise BackupError(f"{file} 已存在，而且不是 gkmonitor 的备份，没有覆盖；请换一个文件名") from error


# ---------------------------------------------------------------- in


class Archive:
    """A backup that was opened and looks like one."""

    def __init__(self, file: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._file = file
        self._archive = archive
        self.manifest = manifest

    def chunks(self, part: Part) -> Iterator[bytes]:
        with self._open(part) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk

    def lines(self, part: Part) -> Iterator[bytes]:
        with self._open(part) as stream:
            yield from stream

    def verify(self) -> None:
        """Reads everything once and compares it with the manifest. Raises BackupError."""
        there = self._archive.namelist()
        told = [part.name for part in self.manifest.parts]
        if sorted(there) != sorted([*told, MANIFEST]):
            raise BackupError(f"备份 {self._file} 与自带的清单不符，可能被改动，没有恢复")
        for part in self.manifest.parts:
            check_name(part.name)
            digest, size = hashlib.sha256(), 0
            for chunk in self.chunks(part):
                digest.update(chunk)
                size += len(chunk)
            if (digest.hexdigest(), size) != (part.sha256, part.size):
                raise BackupError(f"备份 {self._file} 中的 {part.name[:80]} 与清单的摘要不符，没有恢复")

    @contextmanager
    def _open(self, part: Part) -> Iterator[IO[bytes]]:
        try:
            with self._archive.open(part.name) as stream:
                yield stream
        except BackupError:
            raise
        except (OSError, *_DAMAGED) as error:
            raise BackupError(f"备份 {self._file} 中的 {part.name[:80]} 读不出来，文件已损坏，没有恢复") from error


@contextmanager
def open_archive(file: Path) -> Iterator[Archive]:
    """An archive to read from. Raises BackupError for a file that is none or is cut off."""
    if not file.is_file():
        raise BackupError(f"没有 {file} 这个备份文件")
    try:
        archive = zipfile.ZipFile(file)
    except (OSError, *_DAMAGED) as error:
        raise BackupError(f"{file} 不是 gkmonitor 的备份，或者不完整（可能没有复制完），没有恢复") from error
    with archive:
        try:
            if archive.getinfo(MANIFEST).file_size > MAX_MANIFEST_BYTES:
                raise ValueError("a manifest is never that long")
            manifest = _manifest(json.loads(archive.read(MANIFEST)))
        except BackupError:
            raise
        except (OSError, TypeError, AttributeError, *_DAMAGED) as error:
            raise BackupError(f"{file} 不是 gkmonitor 的备份，或者清单已损坏，没有恢复") from error
        yield Archive(file, archive, manifest)


def check_name(name: str) -> None:
    """Refuses a part that would be written anywhere but below its folder. Raises BackupError."""
    pure = PurePosixPath(name)
    is_ours = name.startswith((TABLES, EVIDENCE)) and len(pure.parts) > 1
    if not is_ours or ".." in pure.parts or str(pure) != name or any(sign in name for sign in ("\\", "\x00", ":")):
        raise BackupError(f"备份中有不该有的文件名“{name[:80]}”，文件可能被改动，没有恢复")


def _manifest_object(manifest: Manifest) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "made_at": manifest.made_at.isoformat(),
        "program": manifest.program,
        "revision": manifest.revision,
        "source": manifest.source,
        "evidence": {"included": manifest.has_evidence, "missing": manifest.missing_evidence},
        "ledger": {"events": manifest.events, "head": manifest.head, "fault": manifest.fault},
        "parts": [
            {"name": part.name, "sha256": part.sha256, "bytes": part.size, "rows": part.rows} for part in manifest.parts
        ],
    }


def _manifest(found: Mapping[str, Any]) -> Manifest:
    if found.get("schema") != SCHEMA:
        raise BackupError(
            f"备份的格式是“{str(found.get('schema'))[:40]}”，本程序只认识 {SCHEMA}，请升级 gkmonitor 后再试"
        )
    parts = tuple(
        Part(str(one["name"]), str(one["sha256"]), int(one["bytes"]), None if one["rows"] is None else int(one["rows"]))
        for one in found["parts"]
    )
    ledger, evidence = found["ledger"], found["evidence"]
    return Manifest(
        made_at=datetime.fromisoformat(found["made_at"]),
        program=str(found["program"]),
        revision=str(found["revision"]),
        source=str(found["source"]),
        has_evidence=bool(evidence["included"]),
        missing_evidence=int(evidence["missing"]),
        events=int(ledger["events"]),
        head=ledger["head"],
        fault=ledger["fault"],
        parts=parts,
    )
