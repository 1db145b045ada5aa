"""Result files appear whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from gkmonitor.errors import OutputError

_CAUSES = {
    errno.ENOSPC: "磁盘已满，请清理空间后重试",
    errno.EDQUOT: "磁盘配额已用完，请清理空间后重试",
    errno.EACCES: "没有写入权限，请换一个文件夹",
    errno.EPERM: "没有写入权限，请换一个文件夹",
    errno.EROFS: "文件系统只读，请换一个文件夹",
    errno.ENOENT: "文件夹不存在，请先建立或换一个位置",
    errno.ENOTDIR: "路径中有一段不是文件夹，请检查路径",
    errno.EISDIR: "这是一个文件夹，请写明文件名",
    errno.ENAMETOOLONG: "文件名太长，请改短",
}


def write_whole(path: Path, text: str) -> None:
    """Write UTF-8 text so that a reader sees the old file or the new one, never a part. Raises OutputError."""
    write_bytes(path, text.encode("utf-8", "replace"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    A link is followed; a device or pipe is written to directly, for it cannot be replaced. Raises OutputError.
    """
    try:
        target = path.resolve()
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if target.exists() and not target.is_file():
            with target.open("wb", buffering=0) as stream:
                stream.write(data)
            return
        _replace(target, data)
    except (OSError, ValueError, RuntimeError) as error:  # a loop of links is a RuntimeError before 3.13
        cause = _CAUSES.get(getattr(error, "errno", None) or 0, str(error))
        raise OutputError(f"{path} 写不进去：{cause}") from error


def _replace(target: Path, data: bytes) -> None:
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")
    try:
        with beside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, target)  # noqa: PTH105 - Path.replace is the same call; this one is the documented atomic form
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
