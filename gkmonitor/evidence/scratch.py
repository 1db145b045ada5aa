"""Scratch folders for kept pages: one a crawl, deleted with it; those of processes that died are swept.

A folder belongs to whoever holds the lock on the file beside it. A lock ends with its process, so what can be locked
was left behind, on whichever machine.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from gkmonitor.evidence.places import SCRATCH

if sys.platform != "win32":
    import fcntl

logger = logging.getLogger(__name__)

_TRIES: Final = 5


@contextmanager
def scratch_folder(evidence: Path, job: str) -> Iterator[Path | None]:
    """A folder for one crawl, deleted at the end; None, with a warning in the log, where none can be made."""
    lock: int | None = None
    folder = evidence / SCRATCH / f"{job}-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = _hold_new(_lock_file(folder))
        folder.mkdir(mode=0o700)
    except OSError as error:
        logger.warning("no scratch folder in %s, so that pages cannot be kept as evidence: %s", evidence, error)
        if lock is not None:
            _drop(folder, lock)
        yield None
        return
    try:
        yield folder
    finally:
        _drop(folder, lock)


def sweep_scratch(evidence: Path) -> int:
    """Deletes the scratch folders of processes that are gone; how many."""
    place = evidence / SCRATCH
    swept = 0
    with suppress(OSError):
        for file in sorted(place.glob("*.lock")):
            lock = _hold_left(file)
            if lock is not None:
                _drop(file.with_suffix(""), lock)
                swept += 1
    return swept


def _lock_file(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")


def _hold_new(file: Path) -> int:
    """A lock file of our own. Between making and locking it somebody may sweep it: then it is made again."""
    for _ in range(_TRIES):
        number = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        if _try_lock(number) and _is_still(file, number):
            return number
        os.close(number)
    raise OSError(f"{file} cannot be locked")


def _hold_left(file: Path) -> int | None:
    try:
        number = os.open(file, os.O_RDWR)
    except OSError:
        return None
    if _try_lock(number) and _is_still(file, number):
        return number
    os.close(number)
    return None


def _try_lock(number: int) -> bool:
    if sys.platform == "win32":  # an open file cannot be deleted there anyway
        return True
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_still(file: Path, number: int) -> bool:
    try:
        there, ours = file.stat(), os.fstat(number)
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)


def _drop(folder: Path, lock: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        _lock_file(folder).unlink()
    with suppress(OSError):
        os.close(lock)
