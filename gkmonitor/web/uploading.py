"""Files that people attach: how many, how large, of which kinds, and under which name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from fastapi import UploadFile

from gkmonitor.attachments import Attachment, keep_bodies
from gkmonitor.errors import LedgerError
from gkmonitor.reports.wording import printable
from gkmonitor.storage import Session
from gkmonitor.storage.case_details import add_uploads
from gkmonitor.web.desk import Desk

MAX_FILES: Final = 10
MAX_NAME: Final = 150
KINDS: Final = (
    *("pdf", "ofd", "doc", "docx", "wps", "xls", "xlsx", "et", "csv", "txt", "ppt", "pptx", "rtf", "eml"),
    *("jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff", "html", "htm", "mht", "zip", "rar", "7z"),
)
ACCEPT: Final = ",".join(f".{kind}" for kind in KINDS)


def attach(here: Desk, session: Session, portal_id: int, files: Sequence[UploadFile]) -> tuple[int, ...]:
    """Keeps the files as evidence of a portal; the ids of their rows. Raises LedgerError, OutputError."""
    chosen = [file for file in files if file.filename]
    if not chosen:
        return ()
    if len(chosen) > MAX_FILES:
        raise LedgerError(f"附件一次最多 {MAX_FILES} 个")
    named = [(name_of(file.filename or ""), file.file.read()) for file in chosen]
    kept: list[Attachment] = keep_bodies(here.evidence, named, here.today)
    return add_uploads(session, portal_id, kept, day=here.today, now=here.now)


def name_of(given: str) -> str:
    """The name that a browser sent, without folders. Raises LedgerError for a kind that is not taken."""
    name = printable(PurePosixPath(given.replace("\\", "/")).name)
    stem, dot, kind = name.rpartition(".")
    if not dot or kind.lower() not in KINDS:
        raise LedgerError(f"附件“{name[:60]}”的类型不能上传，可以上传 {'、'.join(KINDS)}")
    return f"{stem[:MAX_NAME]}.{kind}"


def disposition(name: str) -> str:
    """The header that makes a browser save a file and never show it."""
    safe = printable(name).replace("/", "_").replace("\\", "_") or "file"
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in safe)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
