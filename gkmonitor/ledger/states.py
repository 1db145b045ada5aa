"""The machine of a case: which event leads from which state to which, and who may cause it. Pure.

::

    event              by        from                                        to
    -----------------  --------  ------------------------------------------  ------------------------------------
    found              system    (nothing)                                   suspected
    opened             system    suspected                                   open
    clean_seen         system    suspected open confirmed notified           the same
    rectified          system    open confirmed notified                     rectified
    not_repeated       system    suspected                                   closed
    lapsed             system    suspected open                              closed
    reappeared         system    rectified closed                            suspected
    returned           system    dismissed                                   the same, and a task for a person
    severity_changed   system    suspected open                              the same
    deadline_passed    system    notified                                    the same
    closed             system    rectified (a setting of the office)         closed
    exempted           registry  suspected open confirmed notified           exempt
    exemption_ended    registry  exempt                                      suspected (from suspected, open)
                                                                             confirmed (from confirmed, notified)
    found              person    (nothing) suspected rectified closed        open
                                 dismissed                                   open
                                 open confirmed notified                     the same
    confirmed          person    open                                        confirmed
    dismissed          person    suspected open confirmed notified           dismissed
                                 rectified
    notified           person    confirmed notified                          notified (with another deadline)
    answered           person    confirmed notified rectified appealed       the same
    rectified          person    open confirmed notified                     rectified
    closed             person    rectified                                   closed
    exempted           person    suspected open confirmed notified           exempt
    exemption_ended    person    exempt                                      as by the registry
    appealed           person    confirmed notified rectified                appealed
    appeal_upheld      person    appealed                                    dismissed (appeal_upheld)
    appeal_rejected    person    appealed                                    where it came from; from notified with
                                                                             a deadline that is over: confirmed
    reopened           person    dismissed rectified closed                  open
    exported           person    suspected open confirmed notified           the same
                                 rectified closed dismissed exempt appealed

``system`` is what inspections saw and what the calendar brings; ``registry`` is an exemption that an office registered
(a person's decision, carried out by the machine; the event names the document and who allowed it). What a person has
decided is never overwritten by ``system``: dismissed, exempt and appealed are never left by it, and confirmed and
notified only towards rectified, when two independent looks found the fault mended. That it was a fault stays decided.

After an exemption nobody knows how the column stands: what the machine had found is suspected again and needs two new
looks; what a person had confirmed is confirmed again and has no deadline until it is notified anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.records import By, EventKind, State

_S, _O, _C, _N = State.SUSPECTED, State.OPEN, State.CONFIRMED, State.NOTIFIED
_R, _X, _D, _E, _A = State.RECTIFIED, State.CLOSED, State.DISMISSED, State.EXEMPT, State.APPEALED

Sources = Mapping[State | None, frozenset[State]]

STATE_WORDS: Final[Mapping[State, str]] = {
    State.SUSPECTED: "疑似",
    State.OPEN: "待确认",
    State.CONFIRMED: "已确认",
    State.NOTIFIED: "已通知整改",
    State.RECTIFIED: "已整改",
    State.CLOSED: "已办结",
    State.DISMISSED: "已排除",
    State.EXEMPT: "豁免中",
    State.APPEALED: "申诉中",
}

EVENT_WORDS: Final[Mapping[EventKind, str]] = {
    EventKind.FOUND: "发现",
    EventKind.OPENED: "再次观测到，列为待确认",
    EventKind.CLEAN_SEEN: "一次观测未再发现",
    EventKind.RECTIFIED: "认定已整改",
    EventKind.NOT_REPEATED: "复核两次均未再现，按未再现办结（不计为已整改）",
    EventKind.LAPSED: "规则不再适用，办结（不计为已整改）",
    EventKind.REAPPEARED: "再次出现",
    EventKind.RETURNED: "排除后曾恢复正常，现又出现，转人工判断",
    EventKind.SEVERITY_CHANGED: "程度变更",
    EventKind.EXEMPTED: "豁免",
    EventKind.EXEMPTION_ENDED: "豁免结束",
    EventKind.DEADLINE_PASSED: "整改期限已过",
    EventKind.CLOSED: "办结",
    EventKind.CONFIRMED: "确认",
    EventKind.DISMISSED: "排除",
    EventKind.NOTIFIED: "通知整改",
    EventKind.ANSWERED: "单位答复",
    EventKind.APPEALED: "单位申诉",
    EventKind.APPEAL_UPHELD: "申诉成立",
    EventKind.APPEAL_REJECTED: "申诉不成立",
    EventKind.REOPENED: "重新打开",
    EventKind.EXPORTED: "导出未遮盖的证据包",
}

LEFT_BY_PERSONS_ONLY: Final = frozenset((_D, _E, _A))  # no event of the machine leaves these


def _to(target: State, *sources: State | None) -> dict[State | None, frozenset[State]]:
    return dict.fromkeys(sources, frozenset((target,)))


def _stay(*sources: State) -> dict[State | None, frozenset[State]]:
    return {state: frozenset((state,)) for state in sources}


def _back(source: State, *targets: State) -> dict[State | None, frozenset[State]]:
    return {source: frozenset(targets)}


_SYSTEM: Final[Mapping[EventKind, Sources]] = {
    EventKind.FOUND: _to(_S, None),
    EventKind.OPENED: _to(_O, _S),
    EventKind.CLEAN_SEEN: _stay(_S, _O, _C, _N),
    EventKind.RECTIFIED: _to(_R, _O, _C, _N),
    EventKind.NOT_REPEATED: _to(_X, _S),
    EventKind.LAPSED: _to(_X, _S, _O),
    EventKind.REAPPEARED: _to(_S, _R, _X),
    EventKind.RETURNED: _stay(_D),
    EventKind.SEVERITY_CHANGED: _stay(_S, _O),
    EventKind.DEADLINE_PASSED: _stay(_N),
    EventKind.CLOSED: _to(_X, _R),
}

_REGISTRY: Final[Mapping[EventKind, Sources]] = {
    EventKind.EXEMPTED: _to(_E, _S, _O, _C, _N),
    EventKind.EXEMPTION_ENDED: _back(_E, _S, _C),
}

_PERSON: Final[Mapping[EventKind, Sources]] = {
    EventKind.FOUND: _to(_O, None, _S, _R, _X, _D) | _stay(_O, _C, _N),
    EventKind.CONFIRMED: _to(_C, _O),
    EventKind.DISMISSED: _to(_D, _S, _O, _C, _N, _R),
    EventKind.NOTIFIED: _to(_N, _C, _N),
    EventKind.ANSWERED: _stay(_C, _N, _R, _A),
    EventKind.RECTIFIED: _to(_R, _O, _C, _N),
    EventKind.CLOSED: _to(_X, _R),
    EventKind.EXEMPTED: _to(_E, _S, _O, _C, _N),
    EventKind.EXEMPTION_ENDED: _back(_E, _S, _C),
    EventKind.APPEALED: _to(_A, _C, _N, _R),
    EventKind.APPEAL_UPHELD: _to(_D, _A),
    EventKind.APPEAL_REJECTED: _back(_A, _C, _N, _R),
    EventKind.REOPENED: _to(_O, _D, _R, _X),
    EventKind.EXPORTED: _stay(*State),
}

MOVES: Final[Mapping[By, Mapping[EventKind, Sources]]] = {
    By.SYSTEM: _SYSTEM,
    By.REGISTRY: _REGISTRY,
    By.PERSON: _PERSON,
}


def next_state(kind: EventKind, by: By, state: State | None, back_to: State | None = None) -> State:
    """The state after an event; ``state`` None: before the case exists.

    ``back_to`` chooses where several states may follow (the end of an exemption, a rejected appeal). Raises
    LedgerError, in Chinese, for what the machine does not allow; it says from which states it would be.
    """
    sources = MOVES[by].get(kind, {})
    targets = sources.get(state)
    if not targets:
        raise LedgerError(_refusal(kind, state, sources))
    if len(targets) == 1:
        return next(iter(targets))
    if back_to not in targets:
        raise LedgerError(f"“{EVENT_WORDS[kind]}”后应回到{_listed(targets)}之一")
    return back_to


def allows(kind: EventKind, by: By, state: State | None) -> bool:
    """Whether an event may happen in this state."""
    return bool(MOVES[by].get(kind, {}).get(state))


def after_exemption(came_from: State | None) -> State:
    """Where a case stands when its exemption ends."""
    return State.CONFIRMED if came_from in (State.CONFIRMED, State.NOTIFIED) else State.SUSPECTED


def _refusal(kind: EventKind, state: State | None, sources: Sources) -> str:
    word = EVENT_WORDS[kind]
    here = f"现为“{STATE_WORDS[state]}”" if state else "还不存在"
    allowed = [one for one in sources if one is not None]
    if kind is EventKind.CONFIRMED and state is State.SUSPECTED:
        return (
            "现为“疑似”，只有一次独立观测，不能确认；请等待下一次检查，或用 violations add 登记人工核实的情况后再确认"
        )
    if not allowed:
        return f"{here}，不能{word}"
    return f"{here}，不能{word}；{word}只适用于{_listed(allowed)}的问题"


def _listed(states: Iterable[State]) -> str:
    chosen = set(states)
    return "、".join(f"“{STATE_WORDS[state]}”" for state in State if state in chosen)
