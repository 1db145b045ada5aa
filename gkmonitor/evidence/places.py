"""Where evidence lies: paths made here and nowhere else, and never one outside the evidence folder."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Final

from gkmonitor.errors import StorageError, system_words

WARCS: Final = "warc"
SCREENSHOTS: Final = "screenshots"
UPLOADS: Final = "uploads"
SCRATCH: Final = "scratch"
PART: Final = ".part"  # what a file is called while it is written
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def new_path(place: str, day: date, name: str, suffix: str) -> str:
    """A path below the evidence folder that no other attempt has: ``warc/2026/11/22/<name>-<token><suffix>``."""
    token = secrets.token_hex(6)
    return f"{place}/{day:%Y}/{day:%m}/{day:%d}/{name}-{token}{suffix}"


def inside(folder: Path, path: str) -> Path:
    """The file of a stored path. Raises StorageError for one that leads out of the evidence folder."""
    pure = PurePosixPath(path)
    if not path or pure.is_absolute() or ".." in pure.parts or "\x00" in path or "\\" in path:
        raise StorageError(f"证据路径“{path[:100]}”不在证据文件夹之内，台账可能被改动")
    target = folder / pure
    if not target.resolve().is_relative_to(folder.resolve()):  # a link that somebody put there
        raise StorageError(f"证据路径“{path[:100]}”经链接指向证据文件夹之外，请检查文件夹")
    return target


def write_evidence(folder: Path, path: str, data: bytes) -> None:
    """Writes a file that is whole or not there, and is on the disk before this returns. Raises StorageError."""
    target = inside(folder, path)
    beside = target.with_name(f".{target.name}{PART}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(target)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise evidence_error(folder, error) from error


def evidence_error(folder: Path, error: OSError) -> StorageError:
    """What went wrong with the evidence folder, in words that say what to do."""
    if error.errno in _FULL:
        return StorageError(f"证据文件夹 {folder} 所在磁盘空间不足，本次结果暂未入账；请清理磁盘，程序会重试")
    return StorageError(f"证据文件夹 {folder} 无法读写（{system_words(error)}），请检查路径和权限后重试")


def remove(folder: Path, path: str) -> bool:
    """Deletes a file of the evidence folder; False when it is not there. Raises StorageError."""
    try:
        inside(folder, path).unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise evidence_error(folder, error) from error
    return True


def _sync_folder(folder: Path) -> None:
    """The new name itself survives a power cut, where the system can promise that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
