"""What people do to one portal: states, name, address, rebuilt ones, exemptions, delegations."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field

from gkmonitor.registry.records import PortalState
from gkmonitor.web.acts import portals as acts
from gkmonitor.web.api.shapes import Done, Given, Id, Name, Number, Short
from gkmonitor.web.desk import desk
from gkmonitor.web.visiting import Registrar, Scheduler

router = APIRouter(tags=["portals"])


class StateGiven(Given):
    """Whether a portal is inspected; ``reason`` is needed to pause and to retire."""

    state: Annotated[PortalState, Field(examples=["paused"])]
    reason: Annotated[Short, Field(examples=["网站改版，市政府办同意暂停一周"])] = ""


class RenameGiven(Given):
    """A new name."""

    name: Annotated[Name, Field(examples=["青禾县人民政府"])]
    reason: Short = ""


class MoveGiven(Given):
    """A new address; number, history and violations stay."""

    url: Annotated[Short, Field(examples=["http://www.qinghe.gov.cn/"])]
    reason: Short = ""


class ReleaseGiven(Given):
    """A portal was rebuilt: its columns are judged anew from the next inspection on."""

    inspection: Annotated[Id, Field(examples=[418], description="见 /portals/{number}/held")]


class ExemptionGiven(Given):
    """What an office has allowed; of ``rule``, ``concept`` and ``path`` the one that ``what`` names."""

    what: Annotated[Literal["everything", "rule", "concept", "path"], Field(examples=["concept"])]
    document: Annotated[Short, Field(examples=["青政办函〔2026〕3号"])]
    allowed_by: Annotated[Short, Field(examples=["青禾县人民政府办公室"])]
    first: Annotated[Short, Field(examples=["2026-11-01"], description="开始日（含）")]
    last: Annotated[Short, Field(examples=["2026-12-31"], description="结束日（含）；不写时到撤销为止")] = ""
    rule: Short = ""
    concept: Annotated[Short, Field(examples=["news"])] = ""
    path: Annotated[Short, Field(examples=["政务公开>财政信息"])] = ""
    reason: Short = ""


class ExemptionMade(Done):
    """A new exemption."""

    exemption: Annotated[int, Field(examples=[7])]


class ReasonGiven(Given):
    """Why."""

    reason: Annotated[Short, Field(examples=["已恢复更新"])] = ""


class DelegationGiven(Given):
    """A kind of column that the portal publishes elsewhere; ``url`` "": nobody has said where."""

    concept: Annotated[Name, Field(max_length=80, examples=["budget"])]
    url: Annotated[Short, Field(examples=["http://czj.qinghe.gov.cn/yjs/"])] = ""
    note: Short = ""


class ConceptGiven(Given):
    """A kind of column."""

    concept: Annotated[Name, Field(max_length=80, examples=["budget"])]


@router.post("/portals/{number}/state")
def change_state(request: Request, who: Registrar, number: Number, given: StateGiven) -> Done:
    """Pauses, resumes or retires a portal; its history stays."""
    acts.change_state(desk(request), who, number, given.state, given.reason)
    return Done()


@router.post("/portals/{number}/name")
def rename(request: Request, who: Registrar, number: Number, given: RenameGiven) -> Done:
    """Gives a portal a new name."""
    acts.rename(desk(request), who, number, given.name, given.reason)
    return Done()


@router.post("/portals/{number}/address")
def move(request: Request, who: Registrar, number: Number, given: MoveGiven) -> Done:
    """Gives a portal a new address."""
    acts.move(desk(request), who, number, given.url, given.reason)
    return Done()


@router.post("/portals/{number}/release")
def release(request: Request, who: Scheduler, number: Number, given: ReleaseGiven) -> Done:
    """Somebody has looked: the portal was rebuilt."""
    acts.release(desk(request), who, number, given.inspection)
    return Done()


@router.post("/portals/{number}/exemptions", status_code=201)
def exempt(request: Request, who: Registrar, number: Number, given: ExemptionGiven) -> ExemptionMade:
    """An exemption, from the next inspection on."""
    fields = acts.ExemptionFields(**given.model_dump())
    return ExemptionMade(exemption=acts.exempt(desk(request), who, number, fields))


@router.post("/portals/{number}/exemptions/{exemption}/withdraw")
def end_exemption(request: Request, who: Registrar, number: Number, exemption: Number, given: ReasonGiven) -> Done:
    """From today on it holds no more."""
    acts.end_exemption(desk(request), who, number, exemption, given.reason)
    return Done()


@router.post("/portals/{number}/delegations", status_code=201)
def delegate(request: Request, who: Registrar, number: Number, given: DelegationGiven) -> Done:
    """A kind of column is published elsewhere."""
    acts.delegate(desk(request), who, number, given.concept, given.url, given.note)
    return Done()


@router.post("/portals/{number}/delegations/withdraw")
def end_delegation(request: Request, who: Registrar, number: Number, given: ConceptGiven) -> Done:
    """It is looked for on the portal itself again."""
    acts.end_delegation(desk(request), who, number, given.concept)
    return Done()
