"""Asking for a spot check of any address."""

from __future__ import annotations

from typing import Final

from gkmonitor.errors import UsageError
from gkmonitor.jobs import SPOT
from gkmonitor.records import Profile
from gkmonitor.spotting import new_request
from gkmonitor.storage import audit
from gkmonitor.web.desk import Desk
from gkmonitor.web.visiting import Visitor

MOST_AT_ONCE: Final = 10  # spot checks that wait or run


def ask(here: Desk, who: Visitor, url: str, profile: str) -> str:
    """The key of a new spot check; ``profile`` "": as the portal tells. Raises UsageError, StorageError."""
    chosen = _profile(profile)
    if len(here.queue.live_arguments("spot")) >= MOST_AT_ONCE:
        raise UsageError(f"已有 {MOST_AT_ONCE} 个即时检查在排队，请稍后再试")
    made = new_request(here.settings, url, chosen, asked_by=who.actor, now=here.now)
    here.queue.enqueue("spot", {"key": made.key}, now=here.now, priority=SPOT, unique_key=f"spot:{made.key}")
    with here.database.writing() as session:
        audit.note(session, who, "spot.check", url[:300], {"key": made.key})
    return made.key


def _profile(word: str) -> Profile | None:
    if not word:
        return None
    if word not in tuple(Profile):
        raise UsageError("没有这种网站类型，请重新选择")
    return Profile(word)
