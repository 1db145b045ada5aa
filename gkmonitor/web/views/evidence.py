"""What is kept of a violation, shown to whoever may see it: pages as copies for reading, pictures, attachments.

A page of a portal is never part of a page of ours: it has an address of its own, and its answer forbids scripts, forms,
pictures and everything from elsewhere, whatever the frame around it says.
"""

from __future__ import annotations

from html import escape
from typing import Final

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gkmonitor.accounts.permissions import Permission
from gkmonitor.errors import StorageError
from gkmonitor.evidence.dossier import check_piece
from gkmonitor.evidence.reading_copies import reading_copy
from gkmonitor.evidence.records import Kind, Piece
from gkmonitor.storage.case_scope import may_be_told
from gkmonitor.storage.cases import events_of, get_case
from gkmonitor.storage.evidence import get_piece
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.exporting import download
from gkmonitor.web.telling import told_uploads
from gkmonitor.web.visiting import ViewerOrUnit, Visitor

router = APIRouter()
# Only our own pages may frame a stored page. ``sandbox`` without a word: an origin of its own, no scripts, no forms.
STORED_HEADERS: Final = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
}
_FILE_HEADERS: Final = {"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'"}
_NO_COPY: Final = "这件证据不是网页文字，或内容过大，不能在此阅读；请下载证据包查看"


@router.get("/evidence/pages/{number:int}")
def stored_page(request: Request, who: ViewerOrUnit, number: int) -> Response:
    """The copy for reading of a stored page: scripts, styles, pictures and forms taken out, personal numbers masked."""
    here = desk(request)
    piece = _piece(here, who, number, Kind.PAGE)
    try:
        body = _content(here, piece)
    except StorageError as error:
        return _said(str(error), 503)
    details = piece.details
    made = reading_copy(
        body,
        url=piece.url or "",
        encoding=details.get("encoding"),
        content_type=str(details.get("content_type") or ""),
        sha256=piece.sha256,
    )
    return HTMLResponse(made[0], headers=STORED_HEADERS) if made is not None else _said(_NO_COPY, 200)


@router.get("/evidence/screenshots/{number:int}")
def screenshot(request: Request, who: ViewerOrUnit, number: int) -> Response:
    here = desk(request)
    piece = _piece(here, who, number, Kind.SCREENSHOT)
    return Response(_content(here, piece), media_type="image/png", headers=_FILE_HEADERS)


@router.get("/evidence/uploads/{number:int}")
def upload(request: Request, who: ViewerOrUnit, number: int) -> Response:
    """To be saved, never shown: whatever it holds, no browser takes it for a page of ours."""
    here = desk(request)
    piece = _piece(here, who, number, Kind.UPLOAD)
    name = str(piece.details.get("name") or f"附件{number}")
    answer = download(_content(here, piece), name, "application/octet-stream")
    answer.headers.update(_FILE_HEADERS)
    return answer


def _piece(here: Desk, who: Visitor, number: int, kind: Kind) -> Piece:
    """The piece, where the visitor may see it; else 404, as for one that is not there."""
    with here.database.reading() as session:
        piece = get_piece(session, number)
        if piece is None or piece.kind != kind or not who.sees(piece.portal_id):
            raise HTTPException(404)
        if who.may(Permission.VIEW):
            return piece
        if piece.case_id is None or not may_be_told(session, get_case(session, piece.case_id)):
            raise HTTPException(404)
        if kind is Kind.UPLOAD and number not in told_uploads(events_of(session, piece.case_id)):
            raise HTTPException(404)
    return piece


def _content(here: Desk, piece: Piece) -> bytes:
    """Raises StorageError where it is gone, changed, or would lie outside the folder."""
    checked = check_piece(here.evidence, piece)
    if checked.content is None:
        raise StorageError(checked.fault or "证据文件无法读取")
    return checked.content


def _said(words: str, status: int) -> Response:
    """Words of ours where a page would stand."""
    text = f"<!DOCTYPE html><html lang='zh-CN'><meta charset='utf-8'><title>证据</title><p>{escape(words)}</p></html>"
    return HTMLResponse(text, status, headers=STORED_HEADERS)
