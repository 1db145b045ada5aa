"""Rounds of inspections and what came of each portal; portals that are held; the queue."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.cycles.records import CycleKind
from gkmonitor.errors import UsageError
from gkmonitor.jobs import JOBS
from gkmonitor.storage.cycle_pages import (
    RESULTS,
    CycleLine,
    CyclePortal,
    cycle_line,
    cycle_lines,
    cycle_portals,
    portal_names,
    shared_causes_of,
)
from gkmonitor.storage.figures import queue_figures
from gkmonitor.web.acts.portals import release_whatever_waits
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.exporting import export
from gkmonitor.web.pages import back, render
from gkmonitor.web.paging import PAGE_ROWS, FormNumber, PathNumber, address, cut, whole_number, words_of
from gkmonitor.web.visiting import Scheduler, Viewer

router = APIRouter()
ROWS: Final = 30
MAX_EXPORTED: Final = 100_000
RESULT_WORDS: Final = {
    "ok": "已检查",
    "permanent": "打不开（域名或地址失效）",
    "transient": "暂时打不开",
    "blocked": "被拦截",
    "held": "疑似改版，待核实",
    "retry": "第二轮再试",
    "running": "正在检查",
    "waiting": "等待检查",
}
SHORT_WORDS: Final = {"permanent": "失效", "transient": "暂时打不开", "held": "待核实", "retry": "待再试"}
RESULT_KINDS: Final = {
    "ok": "good",
    "permanent": "bad",
    "transient": "warn",
    "blocked": "warn",
    "held": "warn",
    "retry": "info",
    "running": "info",
    "waiting": "mute",
}
KIND_WORDS: Final = {
    CycleKind.REGULAR: "每晚检查",
    CycleKind.MANUAL: "人工发起",
    CycleKind.RECHECK: "复查",
    CycleKind.DESK: "网页发起",
}
_HEADS: Final = ("网站编号", "名称", "网址", "结果", "尝试次数", "检查时间", "原因", "服务器地址")


@router.get("/cycles")
def cycle_list(request: Request, who: Viewer, kind: str = "", after: str = "") -> Response:
    here = desk(request)
    kind = kind if kind in list(CycleKind) else ""
    with here.database.reading() as session:
        lines = cycle_lines(session, before=whole_number(after) or None, kind=kind, limit=ROWS + 1)
        queue = queue_figures(session, here.now)
    shown, page = cut([_Line(one) for one in lines], "/cycles", {"kind": kind}, after, "id", ROWS)
    context: dict[str, Any] = {
        "lines": shown,
        "page": page,
        "queue": queue,
        "kind": kind,
        "kinds": _kinds(),
        "results": RESULT_WORDS,
    }
    return render(request, "cycles.html", **context, result_kinds=RESULT_KINDS, short=SHORT_WORDS)


class _Line:
    """A cycle as a row, with the key of the next page."""

    def __init__(self, line: CycleLine) -> None:
        self.id, self.cycle, self.portals = line.cycle.id, line.cycle, line.portals
        self.results = [(name, line.results[name]) for name in RESULTS if line.results.get(name)]


def _kinds() -> dict[str, str]:
    return {one.value: words for one, words in KIND_WORDS.items()}


@router.get("/cycles/{cycle_id:int}")
def one_cycle(
    request: Request,
    who: Viewer,
    cycle_id: PathNumber,
    result: str = "",
    q: str = "",
    after: str = "",
    format: str = "",  # noqa: A002 - a word of the address
) -> Response:
    here, path = desk(request), f"/cycles/{cycle_id}"
    result, words = result if result in RESULTS else "", words_of(q)
    query = {"result": result, "q": words}
    with here.database.reading() as session:
        line = cycle_line(session, cycle_id)
        if line is None:
            raise UsageError(f"没有编号为 {cycle_id} 的检查批次")
        if format:
            every = cycle_portals(session, cycle_id, result=result, words=words, limit=MAX_EXPORTED)
            return export([_cells(here, one) for one in every], _HEADS, format, f"检查批次-{cycle_id}")
        start = whole_number(after)
        found = cycle_portals(session, cycle_id, result=result, words=words, after=start, limit=PAGE_ROWS + 1)
        causes = shared_causes_of(line.cycle)
        names = portal_names(session, [one for cause in causes for one in cause.portal_ids[:20]])
    shown, page = cut(found, path, query, after, "inspection_id")
    context: dict[str, Any] = {
        "line": line,
        "portals": shown,
        "page": page,
        "query": query,
        "causes": causes,
        "names": names,
    }
    context |= {"kinds": _kinds(), "results": RESULT_WORDS, "result_kinds": RESULT_KINDS}
    return render(request, "cycle.html", **context, this=path, exporting=address(path, query))


def _cells(here: Desk, one: CyclePortal) -> list[object]:
    at = one.observed_at.astimezone(here.zone) if one.observed_at else None
    result, why = RESULT_WORDS[one.result], one.failure_detail or ""
    return [one.portal_id, one.name, one.url, result, one.attempts, at, why, one.server_address or ""]


@router.post("/cycles/{cycle_id:int}/release")
def release(request: Request, who: Scheduler, cycle_id: PathNumber, portal: FormNumber) -> Response:
    """A person has looked: the portal was rebuilt, its new columns are judged from the next inspection on."""
    target = f"/cycles/{cycle_id}?result=held"
    try:
        entry, given_up = release_whatever_waits(desk(request), who, portal)
    except UsageError as error:
        return back(request, target, error=str(error))
    return back(
        request, target, message=f"“{entry.name}”已核实为改版，{given_up} 个旧栏目不再跟踪，下一次检查起按新栏目判断"
    )


def job_words() -> dict[str, str]:
    """What each job of a schedule does."""
    known = {
        "cycle": "检查全部在用网站",
        "advance": "接着做没有做完的批次",
        "probes": "探测网站能否打开",
        "day": "每天的期限和豁免",
        "month": "生成每月人工任务",
        "news": "发送通知",
        "health": "查看服务是否正常",
        "pictures": "为证据截图",
        "retention": "按期限清理旧数据",
        "recheck": "复查",
        "trial": "试算规则包改动",
    }
    return {name: known.get(name, name) for name in JOBS}
