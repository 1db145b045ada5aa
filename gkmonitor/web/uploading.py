"""Files that people attach: how many, how large, of which kinds, and under which name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fastapi import UploadFile

from gkmonitor.attachments import Attachment, keep_bodies
from gkmonitor.errors import LedgerError
from gkmonitor.storage import Session
from gkmonitor.storage.case_details import add_uploads
from gkmonitor.web.desk import Desk
from gkmonitor.web.uploads import plain_name

MAX_FILES: Final = 10
KINDS: Final = (
    *("pdf", "ofd", "doc", "docx", "wps", "xls", "xlsx", "et", "csv", "txt", "ppt", "pptx", "rtf", "eml"),
    *("jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff", "html", "htm", "mht", "zip", "rar", "7z"),
)
ACCEPT: Final = ",".join(f".{kind}" for kind in KINDS)


def read_files(files: Sequence[UploadFile]) -> list[tuple[str, bytes]]:
    """What a form sent, as (name, content); browsers send an empty part where no file was chosen."""
    return [(file.filename, file.file.read()) for file in files if file.filename]


def attach(here: Desk, session: Session, portal_id: int, files: Sequence[tuple[str, bytes]]) -> tuple[int, ...]:
    """Keeps files, as (name, content), as evidence of a portal; the ids of their rows.

    Raises LedgerError, OutputError.
    """
    if not files:
        return ()
    if len(files) > MAX_FILES:
        raise LedgerError(f"附件一次最多 {MAX_FILES} 个")
    named = [(name_of(name), body) for name, body in files]
    kept: list[Attachment] = keep_bodies(here.evidence, named, here.today)
    return add_uploads(session, portal_id, kept, day=here.today, now=here.now)


def name_of(given: str) -> str:
    """The name that a browser sent, without folders. Raises LedgerError for a kind that is not taken."""
    name = plain_name(given)
    _, dot, kind = name.rpartition(".")
    if not dot or kind.lower() not in KINDS:
        raise LedgerError(f"附件“{name[:60]}”的类型不能上传，可以上传 {'、'.join(KINDS)}")
    return name
