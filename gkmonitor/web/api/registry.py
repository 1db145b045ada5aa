"""The registry: searched, taken out as a file, and taken over from one after a preview."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, HTTPException, Query, Request, UploadFile
from pydantic import BaseModel, Field
from starlette.responses import Response

from gkmonitor.registry.importing import ImportPlan, PlannedRow, RowStatus
from gkmonitor.registry.reading import Problem
from gkmonitor.registry.words import field_words
from gkmonitor.storage.registry_list import registry_page
from gkmonitor.web.acts import registry as acts
from gkmonitor.web.api.portals import portal_object
from gkmonitor.web.api.shapes import Done, Given, Key, Limit, Skipped, Some, Words, example
from gkmonitor.web.desk import desk
from gkmonitor.web.exporting import FORMATS, table_file
from gkmonitor.web.uploads import holding, plain_name, read_upload
from gkmonitor.web.visiting import Registrar, Viewer

router = APIRouter(tags=["registry"])
MAX_SHOWN = 500  # rows of a preview; those with faults and changes come first
_ORDER = (RowStatus.WRONG, RowStatus.CLASHING, RowStatus.CHANGED, RowStatus.NEW, RowStatus.UNCHANGED)


def _words(
    q: Words = "", state: Words = "", level: Words = "", profile: Words = "", region: Words = "", unit: Words = ""
) -> acts.RegistryWords:
    return acts.RegistryWords(q, state, level, profile, region, unit)


Filter = Annotated[acts.RegistryWords, Depends(_words)]


class FileProblem(BaseModel):
    """Something about a row; ``error``: nothing of the file can be taken over until it is mended."""

    model_config = example(line=3, column="网址", message="网址为空，请填写", error=True)

    line: int | None
    column: str | None
    message: str
    error: bool


class PlannedLine(BaseModel):
    """One row of a file; ``status``: wrong, clashing, changed, new or unchanged."""

    model_config = example(
        line=2,
        status="changed",
        portal=5,
        name="青禾县人民政府",
        url="http://www.qinghe.gov.cn/",
        changes=[{"field": "名称", "before": "青禾县政府", "after": "青禾县人民政府"}],
        problems=[],
    )

    line: int
    status: str
    portal: int | None
    name: str
    url: str
    changes: list[dict[str, str]]
    problems: list[FileProblem]


class Preview(BaseModel):
    """What importing a file would do. ``token`` confirms it, for half an hour; null: it cannot be taken over."""

    model_config = example(
        token="Zk3s9_0Qm1c7rT2vX5yA8bD4eF6gH0jL",
        counts={"new": 12, "changed": 1, "unchanged": 0, "wrong": 0, "clashing": 0},
        problems=[],
        rows=[],
        rows_left_out=0,
    )

    token: str | None
    counts: dict[str, int]
    problems: list[FileProblem]
    rows: list[PlannedLine]
    rows_left_out: int


class ConfirmGiven(Given):
    """``update``: rows that differ from what is registered change it; without it such a file is refused."""

    update: bool = False
    reason: Annotated[str, Field(max_length=500, examples=["机构改革，统一更新"])] = ""


class Imported(BaseModel):
    """How many rows did what."""

    model_config = example(counts={"new": 12, "changed": 1, "unchanged": 0, "wrong": 0, "clashing": 0})

    counts: dict[str, int]


@router.get("/registry")
def registry(
    request: Request, who: Viewer, given: Filter, after: Skipped = 0, limit: Limit = 100
) -> Some[dict[str, Any]]:
    """Registered portals of every state by their number; ``q``: in name, address, site code or organizer."""
    with desk(request).database.reading() as session:
        found = registry_page(session, given.meant(session), after=after, limit=limit + 1)
    page = found[:limit]
    following = str(page[-1].id) if len(found) > limit else None
    return Some[dict[str, Any]](items=[portal_object(one) for one in page], next=following)


@router.get(
    "/registry/export",
    response_class=Response,
    responses={200: {"description": "文件", "content": {one: {} for one in FORMATS.values()}}},
)
def export(
    request: Request,
    who: Viewer,
    given: Filter,
    format: Annotated[str, Query(pattern="^(?:csv|xlsx)$")] = "xlsx",  # noqa: A002
    contacts: bool = False,
    words: Annotated[bool, Query(description="类型、层级等写中文")] = False,
) -> Response:
    """What an import reads back unchanged. ``contacts``: only for whoever keeps the registry, noted in the audit."""
    here = desk(request)
    table = acts.export_table(here, who, given, with_contacts=contacts, in_words=words)
    return table_file(table, format, f"网站登记簿-{here.today}")


@router.post("/registry/imports", status_code=201)
def preview(request: Request, who: Registrar, file: Annotated[UploadFile, File()]) -> Preview:
    """What importing a CSV or XLSX file would do; nothing is written."""
    here, held_by = desk(request), holding(request)
    body = read_upload(file, here.settings.web_max_body_bytes)
    held = acts.take(here, who, held_by, plain_name(file.filename), body)
    return _preview(acts.plan(here, held_by, held), held.token)


def _preview(plan: ImportPlan, token: str) -> Preview:
    rows = sorted(plan.rows, key=lambda one: (_ORDER.index(one.status), one.row.line))
    return Preview(
        token=None if plan.errors else token,
        counts=_counts(plan),
        problems=[_problem(one) for one in plan.problems[:MAX_SHOWN]],
        rows=[_line(one) for one in rows[:MAX_SHOWN]],
        rows_left_out=max(0, len(rows) - MAX_SHOWN),
    )


def _counts(plan: ImportPlan) -> dict[str, int]:
    return {status.value: plan.counts[status] for status in _ORDER}


def _problem(one: Problem) -> FileProblem:
    return FileProblem(line=one.line, column=one.column, message=one.message, error=one.is_error)


def _line(one: PlannedRow) -> PlannedLine:
    changes = []
    for name, (old, new) in one.changes.items():
        title, before = field_words(name, old)
        changes.append({"field": title, "before": before, "after": field_words(name, new)[1]})
    return PlannedLine(
        line=one.row.line,
        status=one.status.value,
        portal=one.portal.id if one.portal is not None else None,
        name=str(one.row.values.get("name") or ""),
        url=str(one.row.values.get("url") or ""),
        changes=changes,
        problems=[_problem(words) for words in one.row.problems],
    )


@router.post("/registry/imports/{token}/confirm")
def confirm(request: Request, who: Registrar, token: Key, given: ConfirmGiven) -> Imported:
    """Takes over what the preview showed, all of it; 409 where the registry has changed since."""
    here, held_by = desk(request), holding(request)
    held = acts.held_file(here, who, held_by, token)
    return Imported(
        counts=_counts(acts.confirm(here, who, held_by, held, may_update=given.update, reason=given.reason))
    )


@router.post("/registry/imports/{token}/cancel")
def cancel(request: Request, who: Registrar, token: Key) -> Done:
    """Nothing is taken over; the file is deleted."""
    held_by = holding(request)
    held = held_by.find(who.account.id, acts.PURPOSE, token, desk(request).now)
    if held is None:
        raise HTTPException(404)
    held_by.drop(held)
    return Done()
