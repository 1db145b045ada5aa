"""What a changed pack would do to the month's verdicts, before it is switched on. Nothing is written."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import PackError, UsageError
from gkmonitor.monthly.inputs import window_of
from gkmonitor.office import load_choices
from gkmonitor.rulebook import RulePack
from gkmonitor.rules import available_packs
from gkmonitor.storage import audit
from gkmonitor.storage.looks import count_looked_at, newest_looks
from gkmonitor.storage.month_data import require_month
from gkmonitor.web.desk import desk
from gkmonitor.web.months import last_month
from gkmonitor.web.pages import back, render
from gkmonitor.web.paging import Page, address, whole_number
from gkmonitor.web.uploads import holding, is_given, plain_name, read_upload
from gkmonitor.web.views.rules import find_pack
from gkmonitor.web.visiting import Reviewer, Visitor
from gkmonitor.whatif import CHANGE_WORDS, ChangeKind, as_in_force, look_ahead, read_pack_files

router = APIRouter()
PURPOSE: Final = "changed-pack"
MAX_PACK_BYTES: Final = 2 * 1024 * 1024
MAX_FILES: Final = 30
PORTALS: Final = 20  # of one request: about two seconds of judging
KINDS: Final = {
    ChangeKind.ACCUSED: "bad",
    ChangeKind.HEAVIER: "bad",
    ChangeKind.LIGHTER: "good",
    ChangeKind.CLEARED: "good",
    ChangeKind.UNDECIDED: "warn",
    ChangeKind.DECIDED: "info",
    ChangeKind.OTHER: "mute",
}


@router.get("/rules/whatif")
def form(request: Request, who: Reviewer) -> Response:
    return _form(request)


def _form(request: Request, error: str = "", status: int = 200) -> Response:
    here = desk(request)
    packs = [(pack.id, f"{pack.title}（{pack.version}）") for pack in available_packs().values()]
    month = f"{last_month(here.today):%Y-%m}"
    return render(request, "whatif_form.html", status=status, packs=packs, month=month, error=error)


@router.post("/rules/whatif")
def choose(
    request: Request,
    who: Reviewer,
    files: Annotated[list[UploadFile] | None, File()] = None,
    pack: Annotated[str, Form(max_length=100)] = "",
    month: Annotated[str, Form(max_length=7)] = "",
    in_force: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    here = desk(request)
    given = [one for one in files or [] if is_given(one)]
    query: dict[str, object] = {"in_force": in_force == "yes" and "yes"}
    try:
        query["month"] = require_month(month, here.now, here.settings.timezone)
        if len(given) > MAX_FILES:
            raise PackError(f"一次最多选 {MAX_FILES} 个文件")
        if given:
            read = [(plain_name(one.filename), read_upload(one, MAX_PACK_BYTES)) for one in given]
            changed = read_pack_files(read)
            query["token"] = holding(request).keep(who.account.id, PURPOSE, read, here.now).token
        elif pack:
            changed = find_pack(pack)
            query["pack"] = changed.id
        else:
            raise PackError("请选择规则包文件，或选一个内置的规则包")
    except UsageError as error:
        return _form(request, str(error), 400)
    with here.database.writing() as session:
        audit.note(
            session, who, "pack-replayed", changed.id, {"version": changed.version, "month": str(query["month"])}
        )
    return back(request, address("/rules/whatif/result", {k: v for k, v in query.items() if v}))


@router.get("/rules/whatif/result")
def result(
    request: Request,
    who: Reviewer,
    month: str = "",
    token: str = "",
    pack: str = "",
    in_force: str = "",
    after: str = "",
) -> Response:
    here = desk(request)
    changed = _changed(request, who, token, pack)
    if changed is None:
        return back(request, "/rules/whatif", error="上传的规则包已过期，请重新选择文件")
    window = window_of(require_month(month, here.now, here.settings.timezone), here.settings.timezone)
    since, until = window.begin, window.end
    judged = as_in_force(changed) if in_force == "yes" else changed
    start = whole_number(after)
    with here.database.reading() as session:
        looks = newest_looks(session, since, until, after=start, limit=PORTALS + 1)
        every = count_looked_at(session, since, until)
        packs = list(available_packs().values())
        outlook = look_ahead(session, looks[:PORTALS], judged, packs, load_choices(here.settings))
    query = {"month": month, "token": token, "pack": pack, "in_force": in_force}
    page = _pager(query, [one.portal_id for one in looks], start, every)
    context: dict[str, Any] = {"outlook": outlook, "changed": changed, "month": month, "page": page, "every": every}
    counts = [(CHANGE_WORDS[kind], number, KINDS[kind]) for kind, number in outlook.counts.items() if number]
    context |= {"counts": counts, "words": CHANGE_WORDS, "kinds": KINDS, "is_in_force": in_force == "yes"}
    return render(request, "whatif.html", **context, known=available_packs().get(changed.id))


def _changed(request: Request, who: Visitor, token: str, name: str) -> RulePack | None:
    if name:
        return find_pack(name)
    held = holding(request).find(who.account.id, PURPOSE, token, desk(request).now)
    return read_pack_files([(one.name, one.read_bytes()) for one in held.files]) if held is not None else None


def _pager(query: dict[str, str], ids: list[int], start: int, every: int) -> Page:
    path = "/rules/whatif/result"
    following = address(path, {**query, "after": ids[PORTALS - 1]}) if len(ids) > PORTALS else None
    words = f"本页 {min(len(ids), PORTALS)} 个网站，当月有保存的检查的共 {every} 个"
    return Page(address(path, query) if start else None, following, words)
