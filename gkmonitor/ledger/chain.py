"""The chain of events: each carries a digest of its own fields and of the event before it. Pure.

A digest is SHA-256 over canonical JSON (keys sorted, no blanks, UTF-8), so that anyone can compute it again with other
tools. Whoever may write to the database and rewrites the whole chain with its head leaves no trace in the chain itself;
the digest of the head, noted elsewhere (a day root, a printed notice), shows that too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from gkmonitor.ledger.records import ChainFault, Event, NewEvent, State

FIRST_DIGEST: Final = "0" * 64  # what the first event names as the one before it


def make_event(new: NewEvent, *, number: int, case_id: int, at: datetime, actor: str, previous_digest: str) -> Event:
    """The event as the chain keeps it; ``at`` is an aware instant."""
    details = plain(new.details)
    reason = None if new.reason is None else _text(new.reason)
    draft = Event(
        id=number,
        case_id=case_id,
        at=at.astimezone(UTC),
        actor=_text(actor),
        kind=new.kind,
        before=new.before,
        after=new.after,
        reason=reason,
        details=details,
        previous_digest=previous_digest,
        digest="",
    )
    return _sealed(draft)


def digest_of(event: Event) -> str:
    """The digest that an event's fields and its predecessor's digest make."""
    fields = {
        "id": event.id,
        "case_id": event.case_id,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "kind": str(event.kind),
        "before": None if event.before is None else str(event.before),
        "after": str(event.after),
        "reason": event.reason,
        "details": event.details,
        "previous": event.previous_digest,
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plain(value: Any) -> Any:
    """A value as JSON keeps it on both databases: days and enums as text, no floats, no NUL, no lone surrogates."""
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)  # databases write numbers in ways of their own
    if isinstance(value, Mapping):
        return {_text(str(name)): plain(part) for name, part in value.items()}
    return [plain(part) for part in value]


def first_fault(
    events: Iterable[Event], head: tuple[int, str] | None, states: Mapping[int, State | str]
) -> ChainFault | None:
    """The first thing wrong with the chain; None: nothing is.

    ``events`` in order of their numbers; ``head``: number and digest of the last one as kept apart; ``states``: the
    state of each case's row. Numbers run 1, 2, 3 ...; each event starts where its case's last one ended.
    """
    last, digest = 0, FIRST_DIGEST
    reached: dict[int, State] = {}
    for event in events:
        fault = _fault_of(event, last, digest, reached)
        if fault is not None:
            return fault
        last, digest = event.id, event.digest
        reached[event.case_id] = event.after
    if head is None and last:
        return ChainFault(last, None, "链尾记录不见了，不能确认最后的事件是否齐全")
    if head is not None and head != (last, digest):
        lost = f"链尾记录为事件 {head[0]}，而最后的事件是 {last}：其后的事件被删除，或链尾被改动"
        return ChainFault(min(last + 1, head[0]) if head[0] > last else last or None, None, lost)
    return next(_row_faults(reached, states), None)


def _fault_of(event: Event, last: int, digest: str, reached: Mapping[int, State]) -> ChainFault | None:
    if event.id != last + 1:
        return ChainFault(last + 1, event.case_id, f"事件 {last + 1} 不见了（其后是事件 {event.id}）")
    if event.previous_digest != digest:
        return ChainFault(event.id, event.case_id, f"事件 {event.id} 与前一事件衔接不上，前后有改动")
    if digest_of(event) != event.digest:
        return ChainFault(event.id, event.case_id, f"事件 {event.id} 的内容与其摘要不符，内容被改动")
    if event.before != reached.get(event.case_id):
        return ChainFault(event.id, event.case_id, f"事件 {event.id} 不是从问题 {event.case_id} 当时的状态开始的")
    return None


def _row_faults(reached: Mapping[int, State], states: Mapping[int, State | str]) -> Iterator[ChainFault]:
    for case_id, state in sorted(states.items()):
        if case_id not in reached:
            yield ChainFault(None, case_id, f"问题 {case_id} 没有任何事件")
        elif reached[case_id] != state:
            words = f"问题 {case_id} 的状态是 {state}，而事件的结果是 {reached[case_id]}：台账行被改动"
            yield ChainFault(None, case_id, words)
    for case_id in sorted(set(reached) - set(states)):
        yield ChainFault(None, case_id, f"问题 {case_id} 有事件而台账中没有这一行")


def _sealed(draft: Event) -> Event:
    return replace(draft, digest=digest_of(draft))


def _text(value: str) -> str:
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
