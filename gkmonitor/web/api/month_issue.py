"""A month before its notice: counted, looked at, inspected again, issued."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field

from gkmonitor.storage.samples import list_samples
from gkmonitor.web.acts import months as acts
from gkmonitor.web.api.shapes import Done, Given, Limit, PathMonth, Skipped, Some, Words, example, some
from gkmonitor.web.desk import desk
from gkmonitor.web.month_lists import LISTS, list_heads, list_rows
from gkmonitor.web.months import months, shown_month
from gkmonitor.web.papers import chosen_month, month_numbers
from gkmonitor.web.visiting import Issuer, Scheduler, Viewer

router = APIRouter(tags=["months"])


class MonthState(BaseModel):
    """How a month stands. ``digest`` tells this count from every other one; issuing takes it. Null: none to issue."""

    model_config = example(
        month="2026-10",
        issued=False,
        counting=False,
        digest="3f2a…",
        error="",
        warnings=["3 个问题还在待人工确认，不会列入"],
        samples_waiting=4,
    )

    month: str
    issued: bool
    counting: bool
    digest: str | None
    error: str
    warnings: list[str]
    samples_waiting: int


class IssueGiven(Given):
    """What was looked at is what is issued; ``sure`` has to be true, for the figures never change again."""

    digest: Annotated[str, Field(min_length=1, max_length=64, examples=["3f2a…"])]
    number: Annotated[str, Field(max_length=100, examples=["青政办网通〔2026〕10号"])] = ""
    sure: bool = False


class Issued(BaseModel):
    """The notice is issued."""

    model_config = example(month="2026-10", number="青政办网通〔2026〕10号", issued_on="2026-11-20")

    month: str
    number: str | None
    issued_on: str | None


@router.post("/months/{month}/counts", status_code=202)
def count(request: Request, who: Viewer, month: PathMonth) -> MonthState:
    """Counts a month anew, and draws the answers to be reviewed; ``counting``: it is not done yet."""
    chosen = chosen_month(request, month)
    months(request).count(desk(request), chosen, anew=True)
    return _state(request, chosen)


@router.get("/months/{month}/issue")
def state(request: Request, who: Issuer, month: PathMonth) -> MonthState:
    """What a person should know before the figures are frozen."""
    return _state(request, chosen_month(request, month))


def _state(request: Request, month: str) -> MonthState:
    numbers, count = shown_month(request, month)
    with desk(request).database.reading() as session:
        waiting = len(list_samples(session, month, only_open=True))
    return MonthState(
        month=month,
        issued=count is None,
        counting=count is not None and not count.done.is_set(),
        digest=count.digest if count is not None and numbers is not None else None,
        error=count.error if count is not None else "",
        warnings=acts.warnings(numbers) if count is not None and numbers is not None else [],
        samples_waiting=waiting,
    )


@router.post("/months/{month}/issue")
def issue(request: Request, who: Issuer, month: PathMonth, given: IssueGiven) -> Issued:
    """Freezes exactly the numbers of that digest; 409 where the month was counted anew since."""
    chosen = chosen_month(request, month)
    frozen = acts.issue(
        desk(request),
        who,
        months(request),
        shown_month(request, chosen),
        month=chosen,
        digest=given.digest,
        number=given.number,
        is_sure=given.sure,
    )
    day = frozen.office.issued_on
    return Issued(month=chosen, number=frozen.office.number, issued_on=day.isoformat() if day else None)


@router.post("/months/{month}/rechecks", status_code=202)
def recheck(request: Request, who: Scheduler, month: PathMonth) -> Done:
    """Has everything inspected again that is about to be named; ``changed`` false: that is under way."""
    return Done(changed=acts.recheck(desk(request), who, chosen_month(request, month)))


@router.get("/months/{month}/accuracy")
def accuracy(request: Request, who: Viewer, month: PathMonth) -> dict[str, Any]:
    """The monitor's own accuracy, from what people reviewed; internal unless a setting says otherwise."""
    return asdict(month_numbers(request, chosen_month(request, month)).accuracy)


@router.get("/months/{month}/lists")
def lists(request: Request, who: Viewer, month: PathMonth) -> Some[dict[str, Any]]:
    """The lists behind a month's figures."""
    chosen_month(request, month)
    return Some[dict[str, Any]](items=[{"name": name, "title": one.title} for name, one in LISTS.items()])


@router.get("/months/{month}/lists/{name}")
def one_list(
    request: Request,
    who: Viewer,
    month: PathMonth,
    name: str,
    indicator: Annotated[str, Query(max_length=100)] = "",
    q: Words = "",
    after: Skipped = 0,
    limit: Limit = 100,
) -> Some[dict[str, Any]]:
    """The rows of one list, by the heads that the desk shows."""
    if name not in LISTS:
        raise HTTPException(404, "没有这个清单，可用的见 lists")
    numbers = month_numbers(request, chosen_month(request, month))
    heads = list_heads(name, numbers)
    rows = [
        {head: _plain(cell) for head, cell in zip(heads, row, strict=True)}
        for row in list_rows(name, numbers, indicator, q.strip()[:100])
    ]
    return some(rows, after, limit)


def _plain(cell: object) -> object:
    return cell if cell is None or isinstance(cell, int | float | bool) else str(cell)
