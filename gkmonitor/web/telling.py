"""What a supervised unit is told of the life of a violation: what people told it, and what it said itself. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from gkmonitor.ledger.records import SYSTEM, Event, EventKind
from gkmonitor.ledger.states import EVENT_WORDS

_TOLD: Final = frozenset(
    (
        *(EventKind.CONFIRMED, EventKind.NOTIFIED, EventKind.ANSWERED, EventKind.DEADLINE_PASSED, EventKind.APPEALED),
        *(EventKind.APPEAL_UPHELD, EventKind.APPEAL_REJECTED, EventKind.RECTIFIED, EventKind.CLOSED),
        *(EventKind.DISMISSED, EventKind.EXEMPTED, EventKind.EXEMPTION_ENDED),
    )
)
_ITS_OWN: Final = frozenset((EventKind.ANSWERED, EventKind.APPEALED))
# Notes among inspectors stay with them.
_WITH_NOTE: Final = _ITS_OWN | {EventKind.NOTIFIED, EventKind.APPEAL_UPHELD, EventKind.APPEAL_REJECTED}
_WITH_FILES: Final = _WITH_NOTE | {EventKind.FOUND}


def told_event(event: Event) -> dict[str, Any] | None:
    """One event as the unit reads it: at, who, words, note, deadline, evidence (ids); None for what is not told."""
    if event.kind not in _TOLD:
        return None
    office = "系统" if event.actor == SYSTEM else "检查机关"
    is_with_note = event.kind in _WITH_NOTE
    return {
        "at": event.at,
        "who": event.actor if event.kind in _ITS_OWN else office,
        "words": EVENT_WORDS[event.kind],
        "note": str(event.details.get("note") or "") if is_with_note else "",
        "deadline": event.details.get("deadline") if event.kind == EventKind.NOTIFIED else None,
        "evidence": list(event.details.get("evidence") or ()) if is_with_note else [],
    }


def told_uploads(events: Iterable[Event]) -> frozenset[int]:
    """Ids of the attachments that the unit may have: its own, those sent to it, and those of the finding."""
    return frozenset(
        int(one) for event in events if event.kind in _WITH_FILES for one in event.details.get("evidence") or ()
    )
