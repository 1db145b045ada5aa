"""Files that people attach to findings and answers: kept below the evidence folder under their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from gkmonitor.errors import LedgerError, OutputError, system_words
from gkmonitor.reports.writing import write_bytes

MAX_BYTES: Final = 200 * 1024 * 1024
MAX_SUFFIX: Final = 10


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kept file. ``path``: below the evidence folder; ``name``: as the person called it."""

    path: str
    sha256: str
    size: int
    name: str


def keep_files(folder: Path, files: Iterable[Path], day: date) -> list[Attachment]:
    """Copies files to ``folder/uploads/YYYY/MM/DD/<sha256><suffix>``; the same bytes are kept once a day.

    Every file is read before any is written. Raises LedgerError for one that cannot be read, is empty or too large, and
    OutputError where the evidence folder cannot be written to.
    """
    return keep_bodies(folder, [(file.name, _read(file)) for file in files], day)


def keep_bodies(folder: Path, files: Iterable[tuple[str, bytes]], day: date) -> list[Attachment]:
    """The same for files that came over the network: the name without folders, and the content."""
    named = list(files)
    for name, body in named:
        if not body:
            raise LedgerError(f"附件 {name} 是空文件")
        if len(body) > MAX_BYTES:
            raise LedgerError(f"附件 {name} 有 {len(body)} 字节，超过上限 {MAX_BYTES // 1024 // 1024} MB")
    return [_keep(folder, Path(name), body, day) for name, body in named]


def _read(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise LedgerError(f"附件 {file} 有 {size} 字节，超过上限 {MAX_BYTES // 1024 // 1024} MB")
        body = file.read_bytes()
    except OSError as error:
        raise LedgerError(f"附件 {file} 无法读取（{system_words(error)}），请检查路径和权限") from error
    if not body:
        raise LedgerError(f"附件 {file} 是空文件")
    return body


def _keep(folder: Path, file: Path, body: bytes, day: date) -> Attachment:
    digest = hashlib.sha256(body).hexdigest()
    suffix = file.suffix.lower() if file.suffix.isascii() and len(file.suffix) <= MAX_SUFFIX else ""
    path = Path("uploads") / f"{day:%Y}" / f"{day:%m}" / f"{day:%d}" / f"{digest}{suffix}"
    target = folder / path
    if not (target.is_file() and target.stat().st_size == len(body)):
        _make(target.parent)
        write_bytes(target, body)
    return Attachment(path.as_posix(), digest, len(body), file.name)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"无法建立证据文件夹 {folder}（{system_words(error)}），请检查磁盘空间和权限") from error
