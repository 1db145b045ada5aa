"""Filters of the list of violations that somebody keeps under a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gkmonitor.errors import AccountError
from gkmonitor.storage.base import clean_text
from gkmonitor.storage.models import SavedViewRow

MOST: Final = 30
LONGEST_QUERY: Final = 2000


@dataclass(frozen=True, slots=True)
class SavedView:
    """``query``: as in the address, without the question mark."""

    id: int
    name: str
    query: str


def list_views(session: Session, account_id: int) -> list[SavedView]:
    """By name."""
    query = select(SavedViewRow).where(SavedViewRow.account_id == account_id).order_by(SavedViewRow.name)
    return [SavedView(row.id, row.name, row.query) for row in session.scalars(query)]


def save_view(session: Session, account_id: int, name: str, query: str) -> None:
    """Keeps the filter; one of that name is replaced. Raises AccountError."""
    name = " ".join(clean_text(name).split())
    if not name or len(name) > 60:
        raise AccountError("请给视图起个名字，最长 60 个字")
    if len(query) > LONGEST_QUERY:
        raise AccountError("筛选条件太长，无法保存")
    same = select(SavedViewRow).where(SavedViewRow.account_id == account_id, SavedViewRow.name == name)
    row = session.scalar(same)
    if row is not None:
        row.query = clean_text(query)
        return
    if len(list_views(session, account_id)) >= MOST:
        raise AccountError(f"最多保存 {MOST} 个视图，请先删除不用的")
    session.add(SavedViewRow(account_id=account_id, name=name, query=clean_text(query)))
    session.flush()


def remove_view(session: Session, account_id: int, view_id: int) -> None:
    """Nothing happens where this account has no such view."""
    session.execute(delete(SavedViewRow).where(SavedViewRow.account_id == account_id, SavedViewRow.id == view_id))
