"""The two steps of telling: events become notices in the database, notices become messages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gkmonitor.errors import DeliveryError
from gkmonitor.notifying.composing import compose, is_news, is_urgent, words_for
from gkmonitor.notifying.records import Message, News
from gkmonitor.notifying.timing import retry_after, timetable_of
from gkmonitor.registry.records import Channel, Contact
from gkmonitor.storage import Database, Session, notices
from gkmonitor.storage.cases import get_case
from gkmonitor.storage.contacts import contacts_of

if TYPE_CHECKING:
    from gkmonitor.ledger.records import Event
    from gkmonitor.settings import Settings

_log = logging.getLogger(__name__)
Deliver = Callable[[Contact, Message], None]


def queue_news(database: Database, settings: Settings, *, now: datetime) -> int:
    """Turns the events since the last time into notices; how many were added. Safe to repeat."""
    with database.writing() as session:
        events = notices.new_events(session)
        news = [one for event in events for one in _news_of(session, event, settings, now)]
        added = notices.add(session, news, now=now)
        notices.remember(session, events)
    return added


def _news_of(session: Session, event: Event, settings: Settings, now: datetime) -> list[News]:
    case = get_case(session, event.case_id)
    if not is_news(event, was_notified=notices.was_notified(session, case.id, before=event.id)):
        return []
    subject, body = words_for(event, case)
    found = []
    for contact in contacts_of(session, case.portal_id):
        if contact.channel is Channel.PHONE:
            continue
        timetable = timetable_of(
            contact.preferences,
            zone=ZoneInfo(settings.timezone),
            quiet_hours=settings.quiet_hours,
            digest_hour=settings.digest_hour,
        )
        when = timetable.send_after(now, is_urgent=is_urgent(event))
        found.append(News(contact.id, f"event:{event.id}:{contact.id}", subject, body, when, event.id))
    return found


def send_due(database: Database, deliver: Deliver, *, now: datetime) -> Mapping[str, int]:
    """Sends what is due, one message a contact; counts of ``sent`` and ``failed`` messages.

    A message is marked before it is sent: two senders never send the same one, and one that was cut off in the middle
    is sent again, under the same identity, after an hour.
    """
    counts = {"sent": 0, "failed": 0}
    with database.writing() as session:
        waiting = notices.claim_due(session, now)
    for one in waiting:
        try:
            deliver(one.contact, compose(one))
        except DeliveryError as error:
            _log.warning("contact %d was not told: %s", one.contact.id, error)
            with database.writing() as session:
                notices.mark_failed(session, one.notice_ids, str(error), again=retry_after(one.attempts + 1, now))
            counts["failed"] += 1
        else:
            with database.writing() as session:
                notices.mark_sent(session, one.notice_ids, now)
            counts["sent"] += 1
    return counts
