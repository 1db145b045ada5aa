"""What is told to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gkmonitor.registry.records import Contact


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news for one contact. ``key`` is unique: the same news never goes to a contact twice."""

    contact_id: int
    key: str
    subject: str
    body: str
    send_after: datetime
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """News that wait for one contact and go out as one message."""

    contact: Contact
    notice_ids: tuple[int, ...]
    subjects: tuple[str, ...]
    bodies: tuple[str, ...]
    attempts: int


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel sends; ``identity`` stays the same when it is sent again after a fault."""

    subject: str
    text: str
    identity: str
