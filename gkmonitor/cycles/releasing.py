"""When a person has looked at a portal that was held as probably rebuilt."""

from __future__ import annotations

from datetime import datetime

from gkmonitor.storage import Session, inspections
from gkmonitor.storage.columns import observe, retire_unseen
from gkmonitor.storage.held import answer_held


def release_held(session: Session, portal_id: int, *, actor: str, now: datetime) -> int | None:
    """The portal was rebuilt: columns that the held inspection no longer saw are given up; how many.

    Nobody is accused by what was held; from the next inspection on the new columns are judged. None when nothing of
    the portal is held.
    """
    held = inspections.newest_held(session, portal_id)
    if held is None:
        return None
    inspections.mark_released(session, portal_id, now)
    answer_held(session, portal_id, actor=actor, now=now)
    if held.facts_id is None or held.observed_at is None:
        return 0
    facts = inspections.load_stored_facts(session, held.facts_id)
    seen = [column for column in facts.columns if column.state is None]
    observe(session, portal_id, seen, normal=(), now=held.observed_at)
    return retire_unseen(session, portal_id, held.observed_at)
