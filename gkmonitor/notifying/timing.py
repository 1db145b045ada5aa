"""When news go out: at once or in the day's digest, never in quiet hours; and when a failed message is tried again.
Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from gkmonitor.errors import SettingError

RETRY_AFTER: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
_HOURS: Final = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*-\s*(\d{1,2})(?::(\d{2}))?")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``begin`` up to ``end`` (which may be on the next day) nobody is told anything."""

    begin: time
    end: time

    def contain(self, moment: time) -> bool:
        if self.begin <= self.end:
            return self.begin <= moment < self.end
        return moment >= self.begin or moment < self.end


@dataclass(frozen=True, slots=True)
class Timetable:
    """When one contact is told. ``digest_at``: the time of day at which what is not urgent goes out together."""

    zone: ZoneInfo
    quiet: QuietHours | None
    digest_at: time

    def send_after(self, now: datetime, *, is_urgent: bool) -> datetime:
        """The first moment from ``now`` on at which the news may go out."""
        local = now.astimezone(self.zone)
        if not is_urgent:
            local = _next(local, self.digest_at)
        if self.quiet is not None and self.quiet.contain(local.timetz().replace(tzinfo=None)):
            local = _next(local, self.quiet.end)
        return local.astimezone(now.tzinfo)


def _next(moment: datetime, at: time) -> datetime:
    """The next time that clocks show ``at``; now, when they show it now."""
    that_day = datetime.combine(moment.date(), at, moment.tzinfo)
    return that_day if that_day >= moment else datetime.combine(moment.date() + timedelta(days=1), at, moment.tzinfo)


def parse_hours(text: str) -> QuietHours | None:
    """``22-8`` or ``21:30-07:30``; None for an empty text. Raises SettingError."""
    if not text.strip():
        return None
    found = _HOURS.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        begin = time(int(found[1]) % 24, int(found[2] or 0))
        end = time(int(found[3]) % 24, int(found[4] or 0))
    except ValueError as error:
        raise SettingError(f"免打扰时段“{text[:40]}”不对，请写成 22-8 或 21:30-07:30") from error
    return QuietHours(begin, end) if begin != end else None


def timetable_of(preferences: Mapping[str, Any], *, zone: ZoneInfo, quiet_hours: str, digest_hour: int) -> Timetable:
    """A contact's own preferences (``quiet_hours``, ``digest_hour``) over those of the settings."""
    hours = preferences.get("quiet_hours", quiet_hours)
    hour = preferences.get("digest_hour", digest_hour)
    return Timetable(zone, parse_hours(str(hours or "")), time(int(hour) % 24))


def retry_after(attempts: int, now: datetime) -> datetime | None:
    """When a message that failed ``attempts`` times is tried again; None: no more."""
    return now + RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else None
