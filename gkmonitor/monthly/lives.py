"""What of a case's life a month counts: when it stood as confirmed, and how that ended. Pure.

A *span* begins when a person confirms a case and ends when it is mended, or is void when the decision is taken back: a
dismissal, an exemption or an upheld appeal undoes it, whenever that comes. So nothing accuses a unit of what was
cleared later, and nothing is counted that nobody has confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from gkmonitor.ledger.records import EventKind, State

SpanEnd = Literal["mended", "void", "reopened"]

CONFIRMED: Final = frozenset({State.CONFIRMED.value, State.NOTIFIED.value})
# The events that say anything of spans; all others leave them as they are.
DECISIVE: Final = tuple(
    kind.value
    for kind in (
        *(EventKind.CONFIRMED, EventKind.RECTIFIED, EventKind.DISMISSED, EventKind.EXEMPTED, EventKind.REOPENED),
        *(EventKind.EXEMPTION_ENDED, EventKind.APPEALED, EventKind.APPEAL_UPHELD, EventKind.APPEAL_REJECTED),
    )
)
_VOIDING: Final = {EventKind.DISMISSED.value, EventKind.EXEMPTED.value, EventKind.APPEAL_UPHELD.value}


@dataclass(frozen=True, slots=True)
class Turn:
    """One event of a case, as far as spans need it."""

    at: datetime
    kind: str
    before: str | None
    after: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch during which a case stood as confirmed. ``end`` None: it still does."""

    begin: datetime
    end: datetime | None = None
    how: SpanEnd | None = None
    why: str | None = None  # of a void one: the event, and the code of a dismissal
    is_appealed: bool = False  # an appeal is pending

    def stands_at(self, moment: datetime) -> bool:
        return self.begin < moment and (self.end is None or self.end >= moment)


def spans_of(turns: Iterable[Turn]) -> tuple[Span, ...]:
    """The spans of a case, from its decisive events in order."""
    found: list[Span] = []
    for turn in turns:
        last = found[-1] if found else None
        if turn.kind == EventKind.CONFIRMED:
            found.append(Span(turn.at))
        elif turn.kind == EventKind.EXEMPTION_ENDED:
            if turn.after == State.CONFIRMED:  # what a person had confirmed is confirmed again
                found.append(Span(turn.at))
        elif last is not None and (changed := _changed(last, turn)) is not None:
            found[-1] = changed
    return tuple(found)


def _changed(span: Span, turn: Turn) -> Span | None:
    """The span after the event; None when the event says nothing of it."""
    if turn.kind in _VOIDING:
        # A case that came back after it was mended is another accusation: clearing that leaves the mended one alone.
        concerns = span.how != "mended" or turn.before in (State.RECTIFIED.value, State.APPEALED.value)
        return Span(span.begin, turn.at, "void", _why(turn)) if concerns and span.how != "void" else None
    if turn.kind == EventKind.RECTIFIED:
        return Span(span.begin, turn.at, "mended") if span.end is None else None
    if turn.kind == EventKind.REOPENED:
        is_back = span.how == "mended" and turn.before in (State.RECTIFIED.value, State.CLOSED.value)
        return Span(span.begin, turn.at, "reopened") if is_back else None
    if turn.kind == EventKind.APPEALED:
        return Span(span.begin, span.end, span.how, span.why, is_appealed=True)
    if turn.kind == EventKind.APPEAL_REJECTED:
        return Span(span.begin, span.end, span.how, span.why)
    return None


def _why(turn: Turn) -> str:
    return turn.reason or turn.kind if turn.kind == EventKind.DISMISSED else turn.kind


@dataclass(frozen=True, slots=True)
class Window:
    """The instants of a month: from ``begin`` until before ``end``."""

    begin: datetime
    end: datetime


def counted_span(spans: tuple[Span, ...], window: Window) -> Span | None:
    """The span by which the month counts the case; None when it does not.

    It counts what stood as confirmed when the month ended, and what was confirmed within the month and mended. A void
    span is given where nothing else counts, for the figures of what was left out.
    """
    void: Span | None = None
    for span in reversed(spans):
        if span.begin >= window.end or span.how == "reopened":
            continue
        if span.how == "void":
            is_of_month = span.end is not None and span.end >= window.begin
            void = void or (span if is_of_month else None)
        elif span.begin >= window.begin or span.stands_at(window.end):
            return span
    return void
