"""Files that people send: read within a limit, under a name that is only a name, kept for a few minutes if need be."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from fastapi import UploadFile
from starlette.requests import Request

from gkmonitor.errors import UsageError
from gkmonitor.web.keeper import require_keeper

KEPT: Final = timedelta(minutes=30)
MAX_HELD: Final = 4  # of one account; the oldest goes
MAX_NAME: Final = 100
_FORBIDDEN: Final = frozenset('/\\:*?"<>|')


def plain_name(given: str | None) -> str:
    """The last part of a name as a file may bear it: no way to another folder, no invisible or control characters."""
    last = (given or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in _FORBIDDEN).strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if len(kept) > MAX_NAME:
        kept = f"{stem[: MAX_NAME - len(suffix) - 1]}.{suffix}" if dot and len(suffix) < 10 else kept[:MAX_NAME]
    while len(kept.encode("utf-8", "replace")) > 240:  # what a file system takes
        kept = kept[1:]
    return kept or "upload"


def is_given(file: UploadFile | None) -> bool:
    """Whether a file was chosen: browsers send an empty part where none was."""
    return file is not None and bool(file.filename)


def read_upload(file: UploadFile, most_bytes: int) -> bytes:
    """Its content. Raises UsageError for one that is empty or too large."""
    body = file.file.read(most_bytes + 1)
    name = plain_name(file.filename)
    if len(body) > most_bytes:
        raise UsageError(f"{name} 超过 {most_bytes // 1024 // 1024} MB，请核对是否选错了文件")
    if not body:
        raise UsageError(f"{name} 是空文件，请重新选择")
    return body


@dataclass(frozen=True, slots=True)
class Held:
    """Files that wait for their person's next step; ``note``: what the person was shown of them."""

    token: str
    account_id: int
    purpose: str
    folder: Path
    until: datetime
    note: str = ""

    @property
    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*/*") if path.is_file())


class Holding:
    """Keeps files between a preview and its confirmation, for the account that sent them alone; they end with it."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self._lock = threading.Lock()
        self._root: tempfile.TemporaryDirectory[str] | None = None

    def keep(self, account_id: int, purpose: str, files: Sequence[tuple[str, bytes]], now: datetime) -> Held:
        """Holds files, as (name, content), under a new token."""
        with self._lock:
            self._sweep(now)
            mine = [one for one in self._held.values() if one.account_id == account_id]
            for one in sorted(mine, key=lambda one: one.until)[: max(0, len(mine) - MAX_HELD + 1)]:
                self._forget(one)
            if self._root is None:
                self._root = tempfile.TemporaryDirectory(prefix="gkmonitor-desk-")
            token = secrets.token_urlsafe(24)
            folder = Path(self._root.name) / secrets.token_hex(16)
            for number, (name, body) in enumerate(files):
                place = folder / f"{number:03}"
                place.mkdir(parents=True, mode=0o700)
                (place / plain_name(name)).write_bytes(body)
            held = Held(token, account_id, purpose, folder, now + KEPT)
            self._held[token] = held
            return held

    def annotate(self, held: Held, note: str) -> None:
        """Remembers what was shown of them."""
        with self._lock:
            if held.token in self._held:
                self._held[held.token] = Held(held.token, held.account_id, held.purpose, held.folder, held.until, note)

    def find(self, account_id: int, purpose: str, token: str, now: datetime) -> Held | None:
        """None for what is another's, of another purpose, too old, or not there."""
        with self._lock:
            self._sweep(now)
            held = self._held.get(token)
            is_right = held is not None and (held.account_id, held.purpose) == (account_id, purpose)
            return held if is_right else None

    def drop(self, held: Held) -> None:
        with self._lock:
            self._forget(held)

    def _sweep(self, now: datetime) -> None:
        for one in [one for one in self._held.values() if one.until <= now]:
            self._forget(one)

    def _forget(self, held: Held) -> None:
        self._held.pop(held.token, None)
        shutil.rmtree(held.folder, ignore_errors=True)


_making = threading.Lock()


def holding(request: Request) -> Holding:
    """The one of this application."""
    require_keeper(request)
    with _making:
        if not hasattr(request.app.state, "holding"):
            request.app.state.holding = Holding()
        found: Holding = request.app.state.holding
        return found
