"""What a changed pack would do to a month's verdicts, before it is switched on. Nothing is written into the ledger."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from gkmonitor.errors import PackError
from gkmonitor.trials import Trial, list_trials, read_changes
from gkmonitor.web.acts import trials as acts
from gkmonitor.web.api.shapes import Given, Key, Limit, Skipped, Some, example, instant, some
from gkmonitor.web.desk import desk
from gkmonitor.web.uploads import plain_name
from gkmonitor.web.visiting import Reviewer
from gkmonitor.whatif import ChangeKind

router = APIRouter(tags=["rules"])


class PackFile(Given):
    """One file of a pack."""

    name: Annotated[str, Field(min_length=1, max_length=200, examples=["pack.yaml"])]
    text: Annotated[str, Field(min_length=1, max_length=acts.MAX_PACK_BYTES, examples=["id: qinghe-2026\n"])]


class TrialGiven(Given):
    """Which pack on which month: files of a changed one, or the id of a built-in one."""

    month: Annotated[str, Field(pattern=r"^20\d\d-(?:0[1-9]|1[0-2])$", examples=["2026-10"])]
    pack: Annotated[str, Field(max_length=100, examples=["national-2019-19"])] = ""
    files: Annotated[list[PackFile], Field(max_length=acts.MAX_FILES, default_factory=list)]
    in_force: Annotated[bool, Field(description="不论规则包写的施行日期，都按已施行试算")] = False


class TrialTold(BaseModel):
    """How far a trial is (waiting, running, stopped, done, failed), and its changes by kind."""

    model_config = example(
        key="Zk3s9_0Qm1c7rT2vX5yA8bD4eF6gH0jL",
        month="2026-10",
        pack="qinghe-2026",
        version="2",
        in_force=False,
        asked_by="wang（王某）",
        asked_at="2026-11-20T02:00:00Z",
        state="running",
        detail="",
        portals=4200,
        done=640,
        worked_on=True,
        facts_lost=3,
        not_bound=12,
        not_read=0,
        unchanged=98210,
        changes={"accused": 14, "cleared": 2},
    )

    key: str
    month: str
    pack: str
    version: str
    in_force: bool
    asked_by: str
    asked_at: str
    state: str
    detail: str
    portals: int
    done: int
    worked_on: bool
    facts_lost: int
    not_bound: int
    not_read: int
    unchanged: int
    changes: dict[str, int]


@router.get("/trials")
def every_trial(request: Request, who: Reviewer, after: Skipped = 0, limit: Limit = 50) -> Some[TrialTold]:
    """Trials of the last week, the newest first."""
    here = desk(request)
    found = list_trials(here.settings)
    live = {str(one.get("key")) for one in here.queue.live_arguments("trial")}
    return some([_told(one, is_worked_on=one.key in live) for one in found], after, limit)


@router.post("/trials", status_code=202)
def ask(request: Request, who: Reviewer, given: TrialGiven) -> TrialTold:
    """Begins a trial over every portal of the month; the answer's ``key`` asks how far it is."""
    files = [(plain_name(one.name), _body(one)) for one in given.files]
    made = acts.ask(desk(request), who, files, given.pack, given.month, is_in_force=given.in_force)
    return trial(request, who, made.key)


def _body(file: PackFile) -> bytes:
    body = file.text.encode("utf-8", "replace")
    if len(body) > acts.MAX_PACK_BYTES:
        raise PackError(f"{plain_name(file.name)} 超过 {acts.MAX_PACK_BYTES // 1024 // 1024} MB，请核对是否选错了文件")
    return body


@router.get("/trials/{key}")
def trial(request: Request, who: Reviewer, key: Key) -> TrialTold:
    """How far it is, and how many verdicts would change."""
    here = desk(request)
    return _told(acts.trial_of(here, key), is_worked_on=acts.is_worked_on(here, key))


@router.get("/trials/{key}/rules")
def rules(request: Request, who: Reviewer, key: Key, after: Skipped = 0, limit: Limit = 200) -> Some[dict[str, Any]]:
    """The changes by rule and kind, with how many portals each rule touches."""
    return some(acts.rules_of(acts.trial_of(desk(request), key)), after, limit)


@router.get("/trials/{key}/changes")
def changes(
    request: Request,
    who: Reviewer,
    key: Key,
    rule: Annotated[str, Query(max_length=200)] = "",
    kind: ChangeKind | None = None,
    after: Skipped = 0,
    limit: Limit = 100,
) -> Some[dict[str, Any]]:
    """Every verdict that would change, with the words before and after; of one rule and kind, or of all."""
    here = desk(request)
    found = acts.trial_of(here, key)
    sections = found.chosen(rule, kind.value if kind else "")
    every = sum(one.changes for one in sections)
    shown = list(islice(read_changes(here.settings, found, sections, after), limit)) if after < every else []
    following = str(after + limit) if every > after + limit else None
    return Some[dict[str, Any]](items=shown, next=following)


@router.post("/trials/{key}/stop")
def stop(request: Request, who: Reviewer, key: Key) -> TrialTold:
    """It ends with the portals that it is at; what was counted stays."""
    acts.stop(desk(request), key)
    return trial(request, who, key)


@router.post("/trials/{key}/continue")
def go_on(request: Request, who: Reviewer, key: Key) -> TrialTold:
    """A stopped trial is worked on again."""
    acts.go_on(desk(request), key)
    return trial(request, who, key)


def _told(one: Trial, *, is_worked_on: bool) -> TrialTold:
    return TrialTold(
        key=one.key,
        month=one.month,
        pack=one.pack,
        version=one.version,
        in_force=one.is_in_force,
        asked_by=one.asked_by,
        asked_at=instant(one.asked_at) or "",
        state=one.state,
        detail=one.detail,
        portals=one.total,
        done=one.done,
        worked_on=is_worked_on,
        facts_lost=one.lost,
        not_bound=one.unbound,
        not_read=one.untried,
        unchanged=one.same,
        changes={kind.value: number for kind, number in one.counts().items() if number},
    )
