"""The office's own contacts: who is told that the crawler is unwell. They are settings, not entries of the registry.

The outbox knows them as contacts of no portal and no unit; where they are reached, and with which secret, is read from
the settings when a message goes out, and never stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from gkmonitor.errors import DeliveryError
from gkmonitor.notifying.records import News
from gkmonitor.notifying.timing import timetable_of
from gkmonitor.registry.records import Channel, Contact
from gkmonitor.storage import Database, notices
from gkmonitor.storage.contacts import office_contact

if TYPE_CHECKING:
    from gkmonitor.cycles.health import Alarm
    from gkmonitor.settings import Settings

_SUBJECTS: Final = {
    "yield": "采集异常：读到的内容大幅减少",
    "failed_share": "采集异常：未能检查的网站增多",
    "shared_cause": "采集异常：同一服务器上的网站同时打不开",
    "cycle_overdue": "采集异常：没有完成检查",
    "probes_overdue": "采集异常：没有进行可用性探测",
}


def office_channels(settings: Settings) -> tuple[Channel, ...]:
    """How the office itself is told; empty where nothing is set."""
    found = [Channel.MAIL] if settings.office_mail else []
    if settings.office_webhook.get_secret_value():
        found.append(Channel(settings.office_webhook_kind))
    return tuple(found)


def with_office_address(contact: Contact, settings: Settings) -> Contact:
    """The office's contact with what the settings say; any other as it is. Raises DeliveryError when it is unset."""
    if contact.portal_id is not None or contact.unit_id is not None:
        return contact
    if contact.channel not in office_channels(settings):
        raise DeliveryError("没有设置本单位的联系方式，请填写 GKMONITOR_OFFICE_MAIL 或 GKMONITOR_OFFICE_WEBHOOK")
    if contact.channel is Channel.MAIL:
        return replace(contact, address=settings.office_mail)
    secret = settings.office_webhook_secret.get_secret_value()
    return replace(contact, address=settings.office_webhook.get_secret_value(), preferences={"secret": secret})


def queue_alarms(database: Database, settings: Settings, alarms: Iterable[Alarm], *, now: datetime) -> int:
    """Puts alarms into the outbox, each once a day (in the office's time zone); how many notices were new."""
    wanted, channels = list(alarms), office_channels(settings)
    if not wanted or not channels:
        return 0
    zone = ZoneInfo(settings.timezone)
    timetable = timetable_of({}, zone=zone, quiet_hours=settings.quiet_hours, digest_hour=settings.digest_hour)
    when, day = timetable.send_after(now, is_urgent=True), now.astimezone(zone).date()
    with database.writing() as session:
        news = [
            News(contact.id, f"health:{day}:{one.kind}:{one.about}:{contact.id}", _SUBJECTS[one.kind], one.words, when)
            for contact in (office_contact(session, channel) for channel in channels)
            for one in wanted
        ]
        return notices.add(session, news, now=now)
