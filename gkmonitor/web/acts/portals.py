"""What people do to one portal: inspect it now, states, names, exemptions, delegations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.exceptions import HTTPException

from gkmonitor.cycles.releasing import release_held
from gkmonitor.errors import RegistryError, UsageError
from gkmonitor.jobs import SPOT
from gkmonitor.registry.cells import build_exemption, checked_concept
from gkmonitor.registry.records import PortalEntry, PortalState
from gkmonitor.registry.values import checked_place, checked_text, checked_url, required_text
from gkmonitor.registry.words import suggestion
from gkmonitor.rules import available_packs
from gkmonitor.spotting import refuse_private
from gkmonitor.storage import Session, audit
from gkmonitor.storage.exemptions import add_exemption, set_delegation, withdraw_delegation, withdraw_exemption
from gkmonitor.storage.inspections import newest_held
from gkmonitor.storage.portals import get_portal, move_portal, rename_portal, set_state
from gkmonitor.storage.registry_changes import By
from gkmonitor.web.desk import Desk
from gkmonitor.web.visiting import Visitor

LARGEST: Final = 2**31 - 1  # of what the database counts
_STATES: Final = {PortalState.PAUSED: "pause", PortalState.ACTIVE: "resume", PortalState.RETIRED: "retire"}


def visible(session: Session, who: Visitor, portal_id: int) -> PortalEntry:
    """The portal, where the visitor may see it. Raises HTTPException 404, which tells nobody that it exists."""
    if portal_id > LARGEST or not who.sees(portal_id):
        raise HTTPException(404)
    try:
        return get_portal(session, portal_id)
    except RegistryError as error:
        raise HTTPException(404) from error


def _change(
    here: Desk, who: Visitor, portal_id: int, action: str, act: Callable[[Session, PortalEntry], Any]
) -> dict[str, Any]:
    """One change in one transaction with its audit row; what the audit keeps of it."""
    with here.database.writing() as session:
        entry = visible(session, who, portal_id)
        details: dict[str, Any] = act(session, entry) or {}
        audit.note(session, who, action, f"portal/{entry.id} {entry.name}", details)
    return details


def _by(here: Desk, who: Visitor, reason: str) -> By:
    return By(who.actor, here.now, checked_text(reason, "reason"))


# ---------------------------------------------------------------- inspect now


def inspect_now(here: Desk, who: Visitor, portal_id: int) -> str:
    """A cycle of this one portal, before everything else that waits; its name. Raises UsageError, StorageError."""
    run = inspect_or_wait(here, who, check_inspection(here, who, portal_id))
    if run is None:
        raise UsageError("这个网站的检查已在排队，请稍候")
    return run


def check_inspection(here: Desk, who: Visitor, portal_id: int) -> PortalEntry:
    """The portal, where it may be inspected from here. Raises UsageError."""
    with here.database.reading() as session:
        entry = visible(session, who, portal_id)
    if entry.state is not PortalState.ACTIVE:
        raise UsageError("已暂停或停用的网站不检查，请先恢复")
    refuse_private(entry.url, here.settings)
    return entry


def inspect_or_wait(here: Desk, who: Visitor, entry: PortalEntry) -> str | None:
    """The name of a cycle of a checked portal; None where one waits already. Raises StorageError."""
    local = here.now.astimezone(here.zone)
    run = f"{local:%Y-%m-%d}/desk/{entry.id}-{local:%H%M%S}"
    is_new = here.queue.enqueue(
        "desk_inspection",
        {"portal": entry.id, "name": run},
        now=here.now,
        priority=SPOT,
        unique_key=f"desk_inspection:{entry.id}",
    )
    if not is_new:
        return None
    with here.database.writing() as session:
        audit.note(session, who, "portal.inspect", f"portal/{entry.id} {entry.name}", {"run": run})
    return run


# ---------------------------------------------------------------- the entry


def change_state(here: Desk, who: Visitor, portal_id: int, state: PortalState, reason: str) -> None:
    """Pauses, resumes or retires; the first and the last for a reason. Raises UsageError."""
    if state is not PortalState.ACTIVE and not reason.strip():
        raise UsageError(f"请写明{'暂停' if state is PortalState.PAUSED else '停用'}的事由")

    def act(session: Session, entry: PortalEntry) -> dict[str, str]:
        set_state(session, entry.id, state, _by(here, who, reason))
        return {"reason": reason} if reason.strip() else {}

    _change(here, who, portal_id, f"portal.{_STATES[state]}", act)


def rename(here: Desk, who: Visitor, portal_id: int, name: str, reason: str) -> None:
    """Raises UsageError."""
    new = required_text(name, "name", "新名称")

    def act(session: Session, entry: PortalEntry) -> dict[str, str]:
        rename_portal(session, entry.id, new, _by(here, who, reason))
        return {"before": entry.name, "after": new}

    _change(here, who, portal_id, "portal.rename", act)


def move(here: Desk, who: Visitor, portal_id: int, url: str, reason: str) -> None:
    """A new address; number, history and cases stay. Raises UsageError."""
    new = checked_url(url)

    def act(session: Session, entry: PortalEntry) -> dict[str, str]:
        move_portal(session, entry.id, new, _by(here, who, reason))
        return {"before": entry.url, "after": new}

    _change(here, who, portal_id, "portal.move", act)


def release(here: Desk, who: Visitor, portal_id: int, look: int) -> dict[str, Any]:
    """The portal was rebuilt, as somebody has seen; ``look``: the held inspection that they were shown.

    Gives the inspection and how many columns are followed no more. Raises UsageError.
    """

    def act(session: Session, entry: PortalEntry) -> dict[str, object]:
        held = newest_held(session, entry.id)
        if held is None or held.id != look:
            raise UsageError("这个网站的情况已经变化，请刷新后再确认")
        retired = release_held(session, entry.id, actor=who.actor, now=here.now)
        return {"inspection": held.id, "columns given up": retired}

    return _change(here, who, portal_id, "portal.release", act)


def release_whatever_waits(here: Desk, who: Visitor, portal_id: int) -> tuple[PortalEntry, int]:
    """The same from a list of held portals: the portal, and how many columns are followed no more.

    Raises UsageError.
    """
    with here.database.writing() as session:
        entry = visible(session, who, portal_id)
        given_up = release_held(session, portal_id, actor=who.actor, now=here.now)
        if given_up is None:
            raise UsageError(f"“{entry.name}”没有待核实的检查，可能已有人核实")
        audit.note(session, who, "held-released", str(portal_id), {"columns": given_up})
    return entry, given_up


# ---------------------------------------------------------------- exemptions and delegations


@dataclass(frozen=True, slots=True)
class ExemptionFields:
    """An exemption as it was written; ``what``: everything, or which of rule, concept and path counts."""

    what: str
    document: str = ""
    allowed_by: str = ""
    first: str = ""
    last: str = ""
    rule: str = ""
    concept: str = ""
    path: str = ""
    reason: str = ""


def exempt(here: Desk, who: Visitor, portal_id: int, given: ExemptionFields) -> int:
    """The number of a new exemption, which holds from the next inspection on. Raises UsageError."""
    chosen = {"rule": given.rule, "concept": given.concept, "path": given.path}

    def act(session: Session, entry: PortalEntry) -> dict[str, object]:
        if given.what != "everything" and not chosen.get(given.what, "").strip():
            raise UsageError("请写明免什么：规则、栏目类别或栏目路径")
        exemption = build_exemption(
            rule=chosen["rule"] if given.what == "rule" else "",
            concept=chosen["concept"] if given.what == "concept" else "",
            path=chosen["path"] if given.what == "path" else "",
            document=given.document,
            first_day=given.first,
            last_day=given.last,
            allowed_by=given.allowed_by,
            reason=given.reason,
        )
        _refuse_unknown_rule(exemption.rule)
        number = add_exemption(session, replace(exemption, portal_id=entry.id), _by(here, who, given.reason))
        return {"exemption": number, "document": given.document}

    return int(_change(here, who, portal_id, "portal.exempt", act)["exemption"])


def _refuse_unknown_rule(rule: str | None) -> None:
    """An exemption from a rule that does not exist would silently exempt nothing."""
    if rule is None:
        return
    known = tuple(one.id for pack in available_packs().values() for one in pack.rules)
    if rule not in known:
        raise UsageError(f"没有“{rule[:80]}”这条规则，{suggestion(rule, known) or '请在“规则”页查看编号'}")


def end_exemption(here: Desk, who: Visitor, portal_id: int, number: int, reason: str) -> None:
    """From today on it holds no more. Raises UsageError."""

    def act(session: Session, entry: PortalEntry) -> dict[str, object]:
        withdraw_exemption(session, entry.id, min(number, LARGEST), here.today, _by(here, who, reason))
        return {"exemption": number}

    _change(here, who, portal_id, "portal.exemption-withdraw", act)


def delegate(here: Desk, who: Visitor, portal_id: int, concept: str, url: str, note: str) -> None:
    """The portal publishes a kind of column elsewhere; ``url`` "": nobody has said where. Raises UsageError."""

    def act(session: Session, entry: PortalEntry) -> dict[str, object]:
        slug, place = checked_concept(concept), checked_place(url) if url.strip() else None
        if not set_delegation(session, entry.id, slug, place, _by(here, who, ""), note=checked_text(note, "reason")):
            raise UsageError("已有同样的登记，没有改动")
        return {"concept": slug, "url": place}

    _change(here, who, portal_id, "portal.delegate", act)


def end_delegation(here: Desk, who: Visitor, portal_id: int, concept: str) -> None:
    """Raises UsageError."""

    def act(session: Session, entry: PortalEntry) -> dict[str, object]:
        withdraw_delegation(session, entry.id, concept, _by(here, who, ""))
        return {"concept": concept}

    _change(here, who, portal_id, "portal.delegation-withdraw", act)
