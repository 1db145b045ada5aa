"""What rules leave to people: the month's tasks, and what a person found."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.errors import LedgerError
from gkmonitor.ledger.records import Task
from gkmonitor.ledger.tasks import first_of
from gkmonitor.storage.held import HELD_RULE
from gkmonitor.storage.portals import get_portal
from gkmonitor.storage.task_pages import TaskFilter, all_tasks, count_tasks, months_of_tasks, task_page
from gkmonitor.storage.tasks import TODO, get_task
from gkmonitor.web.acts import tasks as acts
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.exporting import export
from gkmonitor.web.pages import back, render
from gkmonitor.web.paging import PAGE_ROWS, PathNumber, address, cut, whole_number, words_of
from gkmonitor.web.uploading import ACCEPT, read_files
from gkmonitor.web.visiting import Reviewer, Viewer

router = APIRouter()
OUTCOME_WORDS: Final = {"ok": "正常", "violation": "有问题", "not_applicable": "不适用"}
STATE_WORDS: Final = {"todo": "未完成", "done": "已完成"}
MAX_EXPORTED: Final = 200_000
_HEADS: Final = ("编号", "月份", "网站", "网址", "规则", "任务", "结果", "说明", "完成人", "完成时间", "问题编号")


@router.get("/tasks")
def task_list(
    request: Request,
    who: Viewer,
    month: str = "",
    state: str = "",
    outcome: str = "",
    q: str = "",
    rule: str = "",
    portal: str = "",
    after: str = "",
    format: str = "",  # noqa: A002 - a word of the address
) -> Response:
    here = desk(request)
    month = month or f"{here.today:%Y-%m}"
    chosen = _filter(month, state, outcome, q, rule, portal)
    query = {"month": month, "state": state, "outcome": outcome, "q": q, "rule": rule, "portal": portal}
    with here.database.reading() as session:
        if format:
            rows = [_cells(here, task) for task in all_tasks(session, chosen, limit=MAX_EXPORTED)]
            return export(rows, _HEADS, format, f"人工任务-{month}")
        tasks = task_page(session, chosen, after=whole_number(after), limit=PAGE_ROWS + 1)
        counts, months = count_tasks(session, chosen), months_of_tasks(session)
        named = get_portal(session, chosen.portal) if chosen.portal is not None else None
    shown, page = cut(tasks, "/tasks", query, after, "id")
    context: dict[str, Any] = {"tasks": shown, "page": page, "counts": counts, "query": query, "named": named}
    months_shown = [(one, one) for one in sorted({month, *months}, reverse=True)]
    context |= {"outcomes": OUTCOME_WORDS, "states": STATE_WORDS, "months": months_shown}
    return render(request, "tasks.html", **context, here=address("/tasks", query))


def _filter(month: str, state: str, outcome: str, words: str, rule: str, portal: str) -> TaskFilter:
    first_of(month)
    return TaskFilter(
        month=month.strip(),
        state=state if state in STATE_WORDS else "",
        outcome=outcome if outcome in OUTCOME_WORDS else "",
        words=words_of(words),
        rule=words_of(rule, 200),
        portal=whole_number(portal) or None,
    )


def _cells(here: Desk, task: Task) -> list[object]:
    done_at = f"{task.done_at.astimezone(here.zone):%Y-%m-%d %H:%M}" if task.done_at else ""
    result = OUTCOME_WORDS.get(task.outcome or "", "未完成")
    site = task.site
    named = [site.name if site else "", site.url if site else ""]
    done = [result, task.note or "", task.done_by or "", done_at, task.case_id or ""]
    return [task.id, task.month, *named, task.rule, task.question, *done]


@router.post("/tasks/prepare")
def prepare(request: Request, who: Reviewer, month: Annotated[str, Form(max_length=7)]) -> Response:
    is_new, month = acts.prepare(desk(request), who, month), month.strip()
    told = "已安排生成，稍后刷新即可看到；已有的任务不会重复" if is_new else "已在生成，请稍后刷新"
    return back(request, address("/tasks", {"month": month}), message=f"{month} 的任务{told}")


@router.get("/tasks/{task_id}")
def task_page_of(request: Request, who: Viewer, task_id: PathNumber) -> Response:
    with desk(request).database.reading() as session:
        task = get_task(session, task_id)
        portal = get_portal(session, task.portal_id)
        other = TaskFilter(month=task.month, portal=task.portal_id, state=TODO)
        left = [one for one in task_page(session, other, limit=20) if one.id != task.id]
    lines = task.question.split("\n")
    context: dict[str, Any] = {"outcomes": OUTCOME_WORDS, "is_held": task.rule == HELD_RULE, "accept": ACCEPT}
    return render(request, "task.html", task=task, portal=portal, lines=lines, left=left, **context)


@router.post("/tasks/{task_id}")
def finish(
    request: Request,
    who: Reviewer,
    task_id: PathNumber,
    outcome: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=4000)] = "",
    severity: Annotated[str, Form(max_length=20)] = "deduction",
    files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    sent = read_files(files or [])
    try:
        task = acts.finish(desk(request), who, task_id, outcome, note, severity=severity, files=sent)
    except LedgerError as error:
        return back(request, f"/tasks/{task_id}", error=str(error))
    case = f"，登记为问题 {task.case_id}（人工发现）" if task.case_id and outcome == "violation" else ""
    return back(request, f"/tasks/{task_id}", message=f"任务已完成：{OUTCOME_WORDS[outcome]}{case}")
