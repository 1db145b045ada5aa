"""``gkmonitor sites import``: a registry file looked at, then taken over whole or not at all."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gkmonitor.registry.importing import ImportPlan, PlannedRow
    from gkmonitor.registry.reading import Problem

MAX_PROBLEMS_TOLD = 50
MAX_ROWS_SHOWN = 200
app = typer.Typer(add_completion=False, rich_markup_mode=None)
_COUNT_WORDS = {"new": "新增", "changed": "有变化", "unchanged": "无变化", "clashing": "网址冲突", "wrong": "有错"}


@app.command(
    cls=Command,
    options_metavar="[选项]",
    epilog=(
        "表头（中英文皆可）：网站标识码 site_id_code、网站名称 name、网站地址 url、主办单位 organizer、主管单位 unit、"
        "上级单位 parent_unit、层级 level、类型 profile、地区 region、状态 state、委托公开栏目 delegated、"
        "豁免 exemptions、联系人、联系电话、邮箱；其他列按备注保存。退出码：0 已完成，2 文件或用法有误，3 未能完成。"
    ),
)
def import_sites(
    file: Annotated[str, typer.Argument(metavar="文件", help="CSV（UTF-8 或 GB18030）或 XLSX")],
    preview: Annotated[bool, typer.Option("--preview", help="只显示将会怎样，不写入")] = False,
    update: Annotated[bool, typer.Option("--update", help="允许修改已登记的网站")] = False,
    actor: Annotated[str | None, typer.Option(metavar="姓名", help="记在改动记录里的人；不写时是登录名")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="向标准输出打印一个 JSON 对象")] = False,
) -> None:
    """从 CSV 或 XLSX 导入网站。逐行核对，有错时指出行、列和改法，一行也不导入。

    已登记的网站按网址辨认；与登记内容不同的行要加 --update 才会修改。
    """
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.cli.site_changes import by_whom
    from gkmonitor.errors import RegistryError
    from gkmonitor.registry.importing import apply_import, plan_import
    from gkmonitor.registry.reading import read_registry
    from gkmonitor.settings import get_settings

    by = by_whom(actor)
    found = read_registry(Path(file))
    with closing(open_service_database(get_settings())) as database:
        if preview:
            with database.reading() as session:
                plan = plan_import(session, found)
        else:
            with database.writing() as session:
                plan = plan_import(session, found)
                if refusal := _refusal(plan, update):
                    _tell_problems(plan.problems)
                    raise RegistryError(refusal)
                apply_import(session, plan, by)
    if as_json:
        console.print_json(json.dumps(plan_object(plan, is_imported=not preview), ensure_ascii=False))
        return
    _tell_problems(plan.problems)
    _show(plan, is_imported=not preview, update=update)


def _refusal(plan: ImportPlan, update: bool) -> str | None:
    """Why nothing is imported."""
    if plan.errors:
        return f"没有导入：{plan.file.name} 有 {len(plan.errors)} 处错误，请改正后重新导入（可先用 --preview 核对）"
    changed = plan.counts["changed"]  # type: ignore[index]
    if changed and not update:
        lines = [str(planned.row.line) for planned in plan.rows if planned.status == "changed"]
        listed = "、".join(lines[:10]) + ("等" if len(lines) > 10 else "")
        return f"没有导入：有 {changed} 行与登记内容不同（第 {listed} 行），请用 --preview 核对，确认后加 --update"
    return None


def _tell_problems(problems: Sequence[Problem]) -> None:
    """On stderr: where, what, how to mend."""
    for problem in problems[:MAX_PROBLEMS_TOLD]:
        console.complain(problem_words(problem))
    if len(problems) > MAX_PROBLEMS_TOLD:
        console.complain(f"另有 {len(problems) - MAX_PROBLEMS_TOLD} 处，用 --preview --json 查看全部")


def problem_words(problem: Problem) -> str:
    """One line: where it is, what is wrong, how to mend it."""
    place = f"第 {problem.line} 行" if problem.line is not None else ""
    place += f"“{problem.column}”" if problem.column else ""
    return f"{place}{'：' if place else ''}{problem.message}{'' if problem.is_error else '（提醒）'}"


# ---------------------------------------------------------------- JSON


def plan_object(plan: ImportPlan, *, is_imported: bool) -> dict[str, Any]:
    """``gkmonitor.import/1``."""
    return {
        "schema": "gkmonitor.import/1",
        "file": plan.file.name,
        "encoding": plan.file.encoding,
        "imported": is_imported,
        "importable": not plan.errors,
        "counts": {status.value: count for status, count in plan.counts.items()},
        "rows": [_row_object(planned) for planned in plan.rows],
        "problems": [
            {
                "line": problem.line,
                "column": problem.column,
                "severity": "error" if problem.is_error else "warning",
                "message": problem.message,
            }
            for problem in plan.problems
        ],
    }


def _row_object(planned: PlannedRow) -> dict[str, Any]:
    return {
        "line": planned.row.line,
        "status": planned.status,
        "id": planned.portal.id if planned.portal is not None else None,
        "name": planned.row.values.get("name"),
        "url": planned.row.values.get("url"),
        "changes": {name: {"before": old, "after": new} for name, (old, new) in planned.changes.items()},
    }


# ---------------------------------------------------------------- text


def _show(plan: ImportPlan, *, is_imported: bool, update: bool) -> None:
    from gkmonitor.reports.wording import printable

    screen = console.table_console()
    shown = [planned for planned in plan.rows if planned.status != "unchanged"]
    for planned in [] if is_imported else shown[:MAX_ROWS_SHOWN]:
        for line in _row_lines(planned):
            screen.print(line, soft_wrap=True)
    if not is_imported and len(shown) > MAX_ROWS_SHOWN:
        screen.print(f"……另有 {len(shown) - MAX_ROWS_SHOWN} 行，用 --json 查看全部")
    counts = "，".join(f"{_COUNT_WORDS[status]} {count}" for status, count in plan.counts.items() if count)
    done = "已导入" if is_imported else "预览（未写入）"
    screen.print(f"{done} {printable(plan.file.name)}：{counts}", soft_wrap=True)
    if not is_imported and (refusal := _refusal(plan, update)):
        screen.print(refusal.replace("没有导入", "现在还不能导入", 1), soft_wrap=True)


def _row_lines(planned: PlannedRow) -> list[str]:
    from gkmonitor.registry.words import field_words
    from gkmonitor.reports.wording import printable

    values = planned.row.values
    who = f"{values.get('name') or ''} {values.get('url') or ''}"
    head = f"第 {planned.row.line} 行 {_COUNT_WORDS[planned.status]} {who}"
    shown = [(*field_words(name, old), field_words(name, new)[1]) for name, (old, new) in planned.changes.items()]
    changes = [f"{name}：{old} → {new}" for name, old, new in shown]
    return [printable(head), *(f"    {printable(change)}" for change in changes)]
