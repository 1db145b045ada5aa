"""``gkmonitor violations confirm, dismiss, notify ...``: what people decide, on one case or on several at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gkmonitor.cli import console
from gkmonitor.cli.case_words import Actor, Desk, Files, Json, actor_name, attach, open_desk
from gkmonitor.cli.help import Command
from gkmonitor.errors import LedgerError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from gkmonitor.ledger.records import Case, EventKind

app = typer.Typer(add_completion=False, rich_markup_mode=None)
Ids = Annotated[list[int], typer.Argument(metavar="编号...", help="问题编号，可写多个：全部成功或全部不动")]
Note = Annotated[str | None, typer.Option(metavar="说明", help="记在台账里的说明")]
Version = Annotated[
    int | None, typer.Option("--seen-version", metavar="版本", help="所见的版本（show --json）；此后有变化则不作改动")
]
OUTCOMES = ("upheld", "rejected")


@app.command("confirm", cls=Command, options_metavar="[选项]")
def confirm(
    ids: Ids, note: Note = None, actor: Actor = None, seen_version: Version = None, as_json: Json = False
) -> None:
    """确认问题属实（两次独立观测之后）。"""
    from gkmonitor.ledger.records import EventKind

    _decide(ids, EventKind.CONFIRMED, actor, as_json, note=note, version=seen_version)


@app.command("dismiss", cls=Command, options_metavar="[选项]")
def dismiss(
    reason: Annotated[str, typer.Option(metavar="代码", help="理由代码；写 help 列出全部代码")],
    ids: Annotated[list[int] | None, typer.Argument(metavar="编号...", help="问题编号，可写多个")] = None,
    note: Note = None,
    actor: Actor = None,
    seen_version: Version = None,
    as_json: Json = False,
) -> None:
    """排除不属于问题的情况；以后再观测到也不会重新列为问题。"""
    from gkmonitor.ledger.records import EventKind

    if reason == "help":
        _list_reasons(as_json)
        return
    if not ids:
        raise UsageError("缺少 编号...")
    _decide(ids, EventKind.DISMISSED, actor, as_json, reason=reason, note=note, version=seen_version)


def _list_reasons(as_json: bool) -> None:
    from gkmonitor.ledger.policy import get_policy

    codes = get_policy().dismissals
    if as_json:
        console.print_json(json.dumps([{"code": c, "words": w} for c, w in codes.items()], ensure_ascii=False))
        return
    screen = console.table_console()
    for code, words in codes.items():
        screen.print(f"{code:20} {words}")


@app.command("notify", cls=Command, options_metavar="[选项]")
def notify(
    ids: Ids,
    days: Annotated[int | None, typer.Option(metavar="天数", help="整改期限，工作日数，从明天起算")] = None,
    deadline: Annotated[str | None, typer.Option(metavar="日期", help="整改的截止日期，如 2026-12-31")] = None,
    note: Note = None,
    actor: Actor = None,
    seen_version: Version = None,
    as_json: Json = False,
) -> None:
    """登记已通知单位整改和期限；再次使用可以改期限。"""
    from gkmonitor.ledger.records import EventKind

    if (days is None) == (deadline is None):
        raise UsageError("整改期限请写 --days 工作日数 或 --deadline 截止日期，两者写一个")

    def due(desk: Desk) -> dict[str, Any]:
        return {"deadline": _deadline(desk, days, deadline)}

    _decide(ids, EventKind.NOTIFIED, actor, as_json, due, note=note, version=seen_version)


def _deadline(desk: Desk, days: int | None, deadline: str | None) -> date:
    """The day written out, or counted by the office's own working calendar where there is one."""
    from gkmonitor.dates import parse_day
    from gkmonitor.ledger.decisions import deadline_after
    from gkmonitor.workdays import load_calendar, use_calendar

    if deadline is not None:
        return parse_day(deadline.strip())
    if desk.settings.workday_table:
        use_calendar(load_calendar(Path(desk.settings.workday_table)))
    assert days is not None
    return deadline_after(desk.today, days)


@app.command("answer", cls=Command, options_metavar="[选项]")
def answer(
    number: Annotated[int, typer.Argument(metavar="编号", help="问题编号")],
    text: Annotated[str | None, typer.Option(metavar="文字", help="单位答复的内容")] = None,
    file: Files = None,
    actor: Actor = None,
    as_json: Json = False,
) -> None:
    """登记单位的答复和附件；是否整改由重新检查认定。"""
    from gkmonitor.ledger.records import EventKind

    _decide([number], EventKind.ANSWERED, actor, as_json, files=file, note=text)


@app.command("rectify", cls=Command, options_metavar="[选项]")
def rectify(ids: Ids, note: Note = None, actor: Actor = None, as_json: Json = False) -> None:
    """认定已整改：检查已有一次未再发现，由人核实；人工发现的问题由人直接认定。"""
    from gkmonitor.ledger.records import EventKind

    _decide(ids, EventKind.RECTIFIED, actor, as_json, note=note)


@app.command("close", cls=Command, options_metavar="[选项]")
def close(ids: Ids, note: Note = None, actor: Actor = None, as_json: Json = False) -> None:
    """办结已整改的问题。"""
    from gkmonitor.ledger.records import EventKind

    _decide(ids, EventKind.CLOSED, actor, as_json, note=note)


@app.command("appeal", cls=Command, options_metavar="[选项]")
def appeal(
    number: Annotated[int, typer.Argument(metavar="编号", help="问题编号")],
    text: Annotated[str | None, typer.Option(metavar="文字", help="申诉的内容，或处理结果的说明")] = None,
    outcome: Annotated[str | None, typer.Option(metavar="结果", help="upheld（成立）或 rejected（不成立）")] = None,
    file: Files = None,
    actor: Actor = None,
    as_json: Json = False,
) -> None:
    """登记单位的申诉；用 --outcome 登记处理结果：成立则排除，不成立则回到申诉之前。"""
    from gkmonitor.ledger.records import EventKind

    kind = EventKind.APPEALED if outcome is None else _outcome(outcome)
    _decide([number], kind, actor, as_json, files=file, note=text)


@app.command("appeal-outcome", cls=Command, options_metavar="[选项]")
def appeal_outcome(
    number: Annotated[int, typer.Argument(metavar="编号", help="问题编号")],
    outcome: Annotated[str, typer.Argument(metavar="结果", help="upheld（成立）或 rejected（不成立）")],
    note: Note = None,
    file: Files = None,
    actor: Actor = None,
    as_json: Json = False,
) -> None:
    """登记申诉的处理结果，与 appeal --outcome 相同。"""
    _decide([number], _outcome(outcome), actor, as_json, files=file, note=note)


def _outcome(word: str) -> EventKind:
    from gkmonitor.ledger.records import EventKind

    kinds = dict(zip(OUTCOMES, (EventKind.APPEAL_UPHELD, EventKind.APPEAL_REJECTED), strict=True))
    if word.strip() not in kinds:
        raise UsageError(f"申诉结果“{word}”不对，请写 upheld（成立）或 rejected（不成立）")
    return kinds[word.strip()]


@app.command("exempt", cls=Command, options_metavar="[选项]")
def exempt(
    ids: Ids,
    document: Annotated[str | None, typer.Option(metavar="文件", help="准许豁免的文件名称和文号")] = None,
    until: Annotated[str | None, typer.Option(metavar="日期", help="豁免的最后一天；不写时到 --end 为止")] = None,
    end: Annotated[bool, typer.Option("--end", help="结束豁免")] = False,
    note: Note = None,
    actor: Actor = None,
    as_json: Json = False,
) -> None:
    """豁免已有的问题（整站或整类的豁免请用 sites exempt 登记）。"""
    from gkmonitor.dates import parse_day
    from gkmonitor.ledger.records import EventKind

    if end:
        _decide(ids, EventKind.EXEMPTION_ENDED, actor, as_json, note=note)
        return
    last_day = parse_day(until.strip()) if until is not None else None
    _decide(ids, EventKind.EXEMPTED, actor, as_json, document=document, last_day=last_day, note=note)


@app.command("reopen", cls=Command, options_metavar="[选项]")
def reopen(ids: Ids, note: Note = None, actor: Actor = None, as_json: Json = False) -> None:
    """重新打开已排除、已整改或已办结的问题，须写明原因。"""
    from gkmonitor.ledger.records import EventKind

    _decide(ids, EventKind.REOPENED, actor, as_json, note=note)


# ---------------------------------------------------------------- carrying out


def _decide(
    ids: Sequence[int],
    kind: EventKind,
    actor: str | None,
    as_json: bool,
    more: Callable[[Desk], dict[str, Any]] | None = None,
    *,
    files: Sequence[str] | None = None,
    **given: Any,
) -> None:
    """One decision on all the cases, in one transaction; prints how they stand afterwards."""
    from gkmonitor.ledger.records import Decision
    from gkmonitor.storage.cases import decide_all, get_case

    if given.get("version") is not None and len(ids) != 1:
        raise LedgerError("--seen-version 只能用于一个问题")
    name = actor_name(actor)
    with open_desk() as desk, desk.database.writing() as session:
        if more is not None:
            given |= more(desk)
        evidence = attach(desk, session, get_case(session, ids[0]).portal_id, files) if files else ()
        decision = Decision(kind, desk.today, evidence=evidence, **given)
        cases = decide_all(session, ids, decision, actor=name, now=desk.now)
    _tell(cases, as_json)


def _tell(cases: Sequence[Case], as_json: bool) -> None:
    from gkmonitor.ledger.objects import case_object
    from gkmonitor.reports.case_wording import state_words

    if as_json:
        console.print_json(json.dumps([case_object(case) for case in cases], ensure_ascii=False))
        return
    screen = console.table_console()
    for case in cases:
        screen.print(f"问题 {case.id} 现为{state_words(case)}", soft_wrap=True)
