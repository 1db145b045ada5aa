"""What a changed pack would do to a month's verdicts, before it is switched on: every portal, in the background.

Nothing is written into the ledger (``gkmonitor.trials``).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import UsageError
from gkmonitor.rules import available_packs
from gkmonitor.trials import Trial, list_trials, read_changes
from gkmonitor.web.acts import trials as acts
from gkmonitor.web.desk import desk
from gkmonitor.web.exporting import export
from gkmonitor.web.month_words import rule_titles
from gkmonitor.web.months import last_month
from gkmonitor.web.pages import back, render
from gkmonitor.web.paging import PAGE_ROWS, Page, address, whole_number
from gkmonitor.web.uploads import is_given, plain_name, read_upload
from gkmonitor.web.visiting import Reviewer
from gkmonitor.whatif import CHANGE_WORDS, ChangeKind

router = APIRouter()
SHOWN: Final = 10  # earlier trials
FORM: Final = "/rules/whatif"
KINDS: Final = {
    ChangeKind.ACCUSED: "bad",
    ChangeKind.HEAVIER: "bad",
    ChangeKind.LIGHTER: "good",
    ChangeKind.CLEARED: "good",
    ChangeKind.UNDECIDED: "warn",
    ChangeKind.DECIDED: "info",
    ChangeKind.OTHER: "mute",
}
_HEADS: Final = ("变化", "规则", "规则名称", "网站", "网址", "对象", "现在", "现在的说明", "改后", "改后的说明")
_OUTCOMES: Final = {"ok": "正常", "excused": "有说明或豁免", "undecided": "未能判定", "not_applicable": "不适用"}
_SEVERITIES: Final = {"veto": "单项否决", "deduction": "扣分", "advice": "提醒"}
_STATES: Final = {"waiting": "等待", "running": "进行中", "stopped": "已停止", "done": "完成", "failed": "没有完成"}


@router.get(FORM)
def form(request: Request, who: Reviewer) -> Response:
    return _form(request)


def _form(request: Request, error: str = "", status: int = 200) -> Response:
    here = desk(request)
    packs = [(pack.id, f"{pack.title}（{pack.version}）") for pack in available_packs().values()]
    month = f"{last_month(here.today):%Y-%m}"
    earlier = list_trials(here.settings)[:SHOWN]
    context: dict[str, Any] = {"packs": packs, "month": month, "error": error, "earlier": earlier, "states": _STATES}
    return render(request, "whatif_form.html", status=status, **context)


@router.post(FORM)
def choose(
    request: Request,
    who: Reviewer,
    files: Annotated[list[UploadFile] | None, File()] = None,
    pack: Annotated[str, Form(max_length=100)] = "",
    month: Annotated[str, Form(max_length=7)] = "",
    in_force: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """A trial over every portal of the month; a small one is done at once."""
    here, given = desk(request), [one for one in files or [] if is_given(one)]
    try:
        acts.refuse_too_many(here, len(given))
        read = [(plain_name(one.filename), read_upload(one, acts.MAX_PACK_BYTES)) for one in given]
        trial = acts.ask(here, who, read, pack, month, is_in_force=in_force == "yes")
    except UsageError as error:
        return _form(request, str(error), 400)
    return back(request, f"{FORM}/{trial.key}")


@router.get(f"{FORM}/{{key}}")
def result(request: Request, who: Reviewer, key: str) -> Response:
    return _show(request, key, "whatif.html")


@router.get(f"{FORM}/{{key}}/outcome")
def outcome(request: Request, who: Reviewer, key: str) -> Response:
    """A part of the result's page, which asks again by itself until the trial is over."""
    return _show(request, key, "whatif_outcome.html")


def _show(request: Request, key: str, template: str) -> Response:
    here = desk(request)
    trial = acts.trial_of(here, key)
    kinds = [kind for kind, number in trial.counts().items() if number]
    context: dict[str, Any] = {
        "trial": trial,
        "known": available_packs().get(trial.pack),
        "is_alone": trial.state in ("waiting", "running") and not acts.is_worked_on(here, key),
        "counts": [(CHANGE_WORDS[kind], trial.counts()[kind], KINDS[kind], kind.value) for kind in kinds],
        "kinds": [(kind.value, CHANGE_WORDS[kind]) for kind in kinds],
        "rules": acts.rules_of(trial),
    }
    return render(request, template, **context)


@router.get(f"{FORM}/{{key}}/changes")
def changes(
    request: Request,
    who: Reviewer,
    key: str,
    rule: str = "",
    kind: str = "",
    after: str = "",
    format: str = "",  # noqa: A002 - a word of the address
) -> Response:
    """Every verdict that would change, of one rule and kind or of all."""
    here = desk(request)
    trial = acts.trial_of(here, key)
    sections = trial.chosen(rule, kind)
    if format:
        rows = (tuple(_cells(one, trial)) for one in read_changes(here.settings, trial, sections))
        return export(rows, _HEADS, format, f"试算-{trial.pack}-{trial.month}")
    start, every = whole_number(after), sum(one.changes for one in sections)
    shown = list(islice(read_changes(here.settings, trial, sections, start), PAGE_ROWS))
    path, query = f"{FORM}/{key}/changes", {"rule": rule[:200], "kind": kind[:40]}
    following = address(path, {**query, "after": start + PAGE_ROWS}) if every > start + PAGE_ROWS else None
    words = f"第 {start + 1}–{start + len(shown)} 条，共 {every} 条" if shown else f"共 {every} 条"
    context: dict[str, Any] = {
        "trial": trial,
        "rows": shown,
        "page": Page(address(path, query) if start else None, following, words),
        "exporting": address(path, query),
        "this": path,
        "rule": rule,
        "kind": kind,
        "rules": [(one["rule"], f"{one['title'] or one['rule']}（{one['rule']}）") for one in acts.rules_of(trial)],
        "kinds": [(one.value, CHANGE_WORDS[one]) for one, number in trial.counts().items() if number],
        "words": CHANGE_WORDS,
        "tones": KINDS,
        "titles": {**rule_titles(), **trial.titles},
        "outcomes": _OUTCOMES,
    }
    return render(request, "whatif_changes.html", **context)


def _cells(one: dict[str, Any], trial: Trial) -> Iterator[object]:
    title = trial.titles.get(one["rule"]) or rule_titles().get(one["rule"], "")
    yield from (CHANGE_WORDS[one["kind"]], one["rule"], title)
    yield from (one["name"], one["url"], one["subject"])
    for said in (one["before"], one["after"]):
        if said is None:
            yield from ("没有这一条", "")
        else:
            yield _OUTCOMES.get(said["outcome"]) or _SEVERITIES[said["severity"]]
            yield said["message"]


@router.post(f"{FORM}/{{key}}/stop")
def stop(request: Request, who: Reviewer, key: str) -> Response:
    acts.stop(desk(request), key)
    return back(request, f"{FORM}/{key}", message="已停止，已算出的结果保留")


@router.post(f"{FORM}/{{key}}/continue")
def go_on(request: Request, who: Reviewer, key: str) -> Response:
    try:
        acts.go_on(desk(request), key)
    except UsageError as error:
        return back(request, f"{FORM}/{key}", error=str(error))
    return back(request, f"{FORM}/{key}", message="继续试算")
