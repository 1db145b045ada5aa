"""What people add to a month: figures that the ledger cannot give, and the review of drawn answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from gkmonitor.errors import UsageError
from gkmonitor.monthly.words import month_words
from gkmonitor.storage import audit
from gkmonitor.storage.audit import AuditFilter
from gkmonitor.storage.samples import ReviewSample, list_samples
from gkmonitor.storage.typed_figures import figures_of_month
from gkmonitor.web.acts import figures as figure_acts
from gkmonitor.web.acts import samples as sample_acts
from gkmonitor.web.api.shapes import (
    LARGEST,
    Given,
    Limit,
    Number,
    PathMonth,
    Short,
    Skipped,
    Some,
    Text,
    example,
    instant,
    some,
)
from gkmonitor.web.desk import desk
from gkmonitor.web.months import months
from gkmonitor.web.papers import chosen_month
from gkmonitor.web.visiting import Reviewer, Signer, Viewer

router = APIRouter(tags=["months"])


class Figure(BaseModel):
    """A figure that people type; ``value`` null: blank, its paragraph is left out of the notice."""

    model_config = example(
        slug="finder-received",
        title="收到找错留言",
        unit="条",
        group="finder",
        value="12",
        signed_by="wang（王某）",
        signed_at="2026-12-01T01:00:00Z",
    )

    slug: str
    title: str
    unit: str
    group: str
    value: str | None
    signed_by: str | None
    signed_at: str | None


class FigureChange(BaseModel):
    """What signing changed; null: blank."""

    model_config = example(slug="finder-received", before=None, after="12")

    slug: str
    before: str | None
    after: str | None


class SignedChange(FigureChange):
    """One entry of the history."""

    at: str
    actor: str


class FiguresGiven(Given):
    """Figures by their slug; "" takes one away, one that is not named stays."""

    figures: Annotated[dict[str, Short], Field(max_length=500, examples=[{"finder-received": "12"}])]


class Sample(BaseModel):
    """An answer that the program drew; ``outcome`` null: nobody has looked yet."""

    model_config = example(
        id=31,
        month="2026-11",
        portal=5,
        name="青禾县人民政府",
        rule="national-2019-19/home-not-updated",
        verdict="violation",
        inspection=418,
        outcome="right",
        note=None,
        decided_by="wang（王某）",
        decided_at="2026-12-01T01:00:00Z",
    )

    id: int
    month: str
    portal: int
    name: str
    rule: str
    verdict: str
    inspection: int
    outcome: str | None
    note: str | None
    decided_by: str | None
    decided_at: str | None


class SampleGiven(Given):
    """What a person saw who looked at the page themselves."""

    outcome: Annotated[Literal["right", "wrong", "unclear"], Field(examples=["right"])]
    note: Annotated[Text, Field(max_length=2000)] = ""


# ---------------------------------------------------------------- figures


@router.get("/months/{month}/figures")
def figures(request: Request, who: Viewer, month: PathMonth, after: Skipped = 0, limit: Limit = 200) -> Some[Figure]:
    """Every figure that may be typed for a month, with its value and who signed it."""
    chosen = chosen_month(request, month)
    with desk(request).database.reading() as session:
        kept = figures_of_month(session, chosen)
    rows = []
    for kind in month_words().typed:
        one = kept.get(kind.slug)
        signed = {
            "value": one.value if one else None,
            "signed_by": one.signed_by if one else None,
            "signed_at": instant(one.signed_at) if one else None,
        }
        rows.append(Figure(slug=kind.slug, title=kind.title, unit=kind.unit or "", group=kind.group, **signed))
    return some(rows, after, limit)


@router.post("/months/{month}/figures")
def sign(request: Request, who: Signer, month: PathMonth, given: FiguresGiven) -> Some[FigureChange]:
    """Signs figures with the name of the token's account, all of them or none; the answer lists what changed."""
    known = {one.slug for one in month_words().typed}
    if unknown := [slug for slug in given.figures if slug not in known]:
        raise UsageError(f"没有“{unknown[0][:40]}”这项数据，可填的见同一地址的列表")
    changes = figure_acts.sign(desk(request), who, month, given.figures)
    return Some[FigureChange](
        items=[FigureChange(slug=one.slug, before=one.before, after=one.after) for one in changes]
    )


@router.get("/months/{month}/figures/history")
def figure_history(
    request: Request,
    who: Viewer,
    month: PathMonth,
    after: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
    limit: Limit = 100,
) -> Some[SignedChange]:
    """Who signed what, the newest first."""
    wanted = AuditFilter(action=figure_acts.ACTION, words=f"{chosen_month(request, month)}/")
    with desk(request).database.reading() as session:
        found = audit.list_audit(session, wanted, before=after, limit=limit)
    rows = [
        SignedChange(
            slug=one.target.partition("/")[2],
            before=one.details.get("before"),
            after=one.details.get("after"),
            at=instant(one.at) or "",
            actor=one.actor,
        )
        for one in found
    ]
    return Some[SignedChange](items=rows, next=str(found[-1].id) if len(found) == limit else None)


# ---------------------------------------------------------------- samples


@router.get("/months/{month}/samples")
def samples(
    request: Request,
    who: Viewer,
    month: PathMonth,
    verdict: Annotated[str, Query(pattern="^(ok|violation)?$")] = "",
    unreviewed: bool = False,
    after: Skipped = 0,
    limit: Limit = 100,
) -> Some[Sample]:
    """The answers drawn for a month: all vetoes, and passes at random. They are drawn whenever a month is counted."""
    chosen = chosen_month(request, month)
    with desk(request).database.reading() as session:
        found = list_samples(session, chosen)
    rows = [_sample(one) for one in found if sample_acts.is_meant(one, verdict, is_open=unreviewed)]
    return some(rows, after, limit)


@router.post("/months/{month}/samples/{sample}")
def decide_sample(request: Request, who: Reviewer, month: PathMonth, sample: Number, given: SampleGiven) -> Sample:
    """What a person saw; the month's accuracy is stated from it."""
    return _sample(sample_acts.decide(desk(request), who, months(request), month, sample, given.outcome, given.note))


def _sample(one: ReviewSample) -> Sample:
    said: dict[str, Any] = {"outcome": one.outcome, "note": one.note, "decided_by": one.decided_by}
    return Sample(
        id=one.id,
        month=one.month,
        portal=one.portal_id,
        name=one.portal_name,
        rule=one.rule,
        verdict=one.verdict,
        inspection=one.inspection_id,
        decided_at=instant(one.decided_at),
        **said,
    )
