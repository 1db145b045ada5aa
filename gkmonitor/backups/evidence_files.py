"""Evidence in a backup: files are written once and never changed, so they are copied while others are added."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from gkmonitor.backups.archive import CHUNK, EVIDENCE, Archive, Part, Writer, sync_folder, writing_error
from gkmonitor.errors import BackupError

_SCRATCH: Final = "scratch"  # pages of crawls that are under way
_PART: Final = ".part"


def find_files(folder: Path) -> Iterator[str]:
    """Paths below the folder of every evidence file, in order; what is still being written is no evidence yet."""
    for place, names, files in os.walk(folder):
        here = Path(place)
        names[:] = sorted(name for name in names if here != folder or name != _SCRATCH)
        for name in sorted(files):
            file = here / name
            if not name.startswith(".") and not name.endswith(_PART) and file.is_file() and not file.is_symlink():
                yield file.relative_to(folder).as_posix()


def add_files(writer: Writer, folder: Path) -> set[str]:
    """Copies the evidence into an archive; the paths that were copied. What retention deletes meanwhile is left out."""
    copied = set()
    for path in find_files(folder):
        try:
            stream = (folder / path).open("rb")
        except FileNotFoundError:
            continue
        with stream:
            writer.add(EVIDENCE + path, iter(partial(stream.read, CHUNK), b""))
        copied.add(path)
    return copied


class Staged:
    """Evidence files that were unpacked beside the evidence folder and wait to be put in place."""

    def __init__(self, folder: Path, place: Path, paths: list[str]) -> None:
        self._folder = folder
        self._place = place
        self._paths = paths

    def put_in_place(self) -> None:
        """Moves the files in; one that is there and differs is kept beside its successor. Raises OutputError."""
        try:
            for path in self._paths:
                target = self._folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.exists():
                    target.rename(target.with_name(f".{target.name}.replaced-{secrets.token_hex(4)}"))
                (self._place / path).rename(target)
                sync_folder(target.parent)
        except OSError as error:
            raise writing_error(self._folder, error) from error


@contextmanager
def staged_files(archive: Archive, folder: Path, *, may_replace: bool) -> Iterator[Staged]:
    """Unpacks the evidence that the folder does not have yet. Raises BackupError, OutputError.

    A file of the same path with other content is replaced only where ``may_replace`` says so.
    """
    place = folder.parent / f".{folder.name}.restoring-{secrets.token_hex(4)}"
    try:
        wanted = [part for part in archive.manifest.evidence if not _is_there(folder, part, may_replace=may_replace)]
        if wanted:
            folder.mkdir(parents=True, exist_ok=True)
            place.mkdir(mode=0o700)
        for part in wanted:
            _unpack(archive, part, place)
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise writing_error(folder, error) from error
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    try:
        yield Staged(folder, place, [part.evidence_path or "" for part in wanted])
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _is_there(folder: Path, part: Part, *, may_replace: bool) -> bool:
    target = folder / (part.evidence_path or "")
    if not target.resolve().is_relative_to(folder.resolve()):
        raise BackupError(f"证据文件夹中的 {part.evidence_path} 经链接指向文件夹之外，没有恢复")
    if not target.exists():
        return False
    if target.is_file() and target.stat().st_size == part.size and _digest(target) == part.sha256:
        return True
    if not may_replace:
        raise BackupError(f"证据文件夹中已有内容不同的 {part.evidence_path}；确认要用备份替换请加 --force")
    return False


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unpack(archive: Archive, part: Part, place: Path) -> None:
    file = place / (part.evidence_path or "")
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as stream:
        for chunk in archive.chunks(part):
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
