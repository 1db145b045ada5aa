"""``gkmonitor violations``: the ledger: what was found, how it stands, and everything that happened to it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from gkmonitor.cli import case_decisions, console
from gkmonitor.cli.case_words import Desk, GroupOption, Json, Sites
from gkmonitor.cli.help import Command, Group, Named
from gkmonitor.ledger.objects import case_object as case_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gkmonitor.ledger.records import Case, Event
    from gkmonitor.storage import Session

SHOWN_ITEMS = 10
SHOWN_OBSERVATIONS = 10


class ViolationsGroup(Group):
    """Commands in the order of a case's life."""

    later: ClassVar[dict[str, Named]] = {
        "add": Named("gkmonitor.cli.case_adding", "登记人工发现的问题，附证据文件"),
        "export": Named("gkmonitor.cli.case_export", "把问题清单导出为 CSV、XLSX 或 JSON"),
    }


app = typer.Typer(
    cls=ViolationsGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="问题台账：两次独立观测才列为问题，人确认后通知整改，重新检查认定整改；每一步都留下不可改动的记录。",
    subcommand_metavar="命令 [参数]...",
)


@app.command("list", cls=Command, options_metavar="[选项]")
def list_violations(
    state: Annotated[
        list[str] | None, typer.Option(metavar="状态", help="如 open、confirmed 或 待确认、已确认")
    ] = None,
    site: Sites = None,
    group: GroupOption = None,
    rule: Annotated[str | None, typer.Option(metavar="规则", help="规则、规则包编号或检查代码")] = None,
    severity: Annotated[
        list[str] | None, typer.Option(metavar="程度", help="veto（单项否决）或 deduction（扣分）")
    ] = None,
    month: Annotated[str | None, typer.Option(metavar="月份", help="在这个月里存在过的，如 2026-11")] = None,
    as_json: Json = False,
) -> None:
    """列出台账中的问题，单项否决在前，新近的在前。"""
    from gkmonitor.cli.case_words import case_table, open_desk

    with open_desk() as desk:
        cases = find(desk, state, site, group, rule, severity, month)
    if as_json:
        console.print_json(json.dumps([case_object(case) for case in cases], ensure_ascii=False))
        return
    screen = console.table_console()
    if cases:
        screen.print(case_table(cases, desk.zone))
    screen.print(f"共 {len(cases)} 个问题" if cases else "没有符合条件的问题")


def find(
    desk: Desk,
    states: list[str] | None,
    sites: list[str] | None,
    group: str | None,
    rule: str | None,
    severities: list[str] | None,
    month: str | None,
) -> list[Case]:
    """The cases that the options of ``list`` and ``export`` mean."""
    from gkmonitor.cli.case_words import month_bounds, portal_ids
    from gkmonitor.ledger.words import severity_of_word, state_of_word
    from gkmonitor.storage.cases import list_cases

    since, before = month_bounds(month, desk.zone) if month is not None else (None, None)
    chosen_states = [state_of_word(word) for word in states or ()]
    chosen_severities = [severity_of_word(word) for word in severities or ()]
    with desk.database.reading() as session:
        return list_cases(
            session,
            states=chosen_states,
            portals=portal_ids(session, sites, group),
            rule=rule,
            severities=chosen_severities,
            seen_from=since,
            seen_before=before,
        )


@app.command("show", cls=Command, options_metavar="[选项]")
def show_violation(
    number: Annotated[int, typer.Argument(metavar="编号", help="问题编号")],
    as_json: Json = False,
) -> None:
    """显示一个问题：规则原文、历次观测、当时的列表、证据和迄今的经过。"""
    from gkmonitor.cli.case_words import open_desk
    from gkmonitor.storage.cases import events_of, get_case

    with open_desk() as desk, desk.database.reading() as session:
        case = get_case(session, number)
        events = events_of(session, number)
        behind = _behind(session, case)
    if as_json:
        found = {"schema": "gkmonitor.violation/1", **_details(case, events), **behind}
        console.print_json(json.dumps(found, ensure_ascii=False))
        return
    screen = console.table_console()
    for line in (*_heading(case, behind, desk), *_seen(behind, desk), *_life(events, desk)):
        screen.print(line, soft_wrap=True)


def _details(case: Case, events: Sequence[Event]) -> dict[str, Any]:
    from gkmonitor.ledger.objects import case_details_object, event_object

    return {**case_details_object(case), "events": [event_object(event) for event in events]}


def _behind(session: Session, case: Case) -> dict[str, Any]:
    """Rule words, observations, items and evidence, as ``show --json`` has them."""
    from gkmonitor.storage.case_details import evidence_of, items_of, observations_of
    from gkmonitor.verdicts import instant_text

    items = items_of(session, case)
    return {
        "basis": _basis(case),
        "observed": [
            {"inspection": o.inspection_id, "observed_at": instant_text(o.observed_at), "verdict": dict(o.verdict)}
            for o in observations_of(session, case)
        ],
        "items": None
        if items is None
        else [{"title": i.title, "url": i.url, "date": _day(i.published), "printed": i.printed} for i in items],
        "evidence": [
            {
                "id": e.id,
                "kind": e.kind,
                "path": e.path,
                "sha256": e.sha256,
                "url": e.url,
                "captured_at": instant_text(e.captured_at),
                "name": e.details.get("name"),
            }
            for e in evidence_of(session, case.id)
        ],
    }


def _basis(case: Case) -> dict[str, Any]:
    """The rule's words at the newest finding; for what people found, as the rule says today."""
    basis = case.verdict.get("basis")
    if isinstance(basis, dict) and basis:
        return basis
    return {"document": None, "clause": None, "words": None}


def _day(day: object) -> str | None:
    return str(day) if day is not None else None


# ---------------------------------------------------------------- text


def _heading(case: Case, behind: dict[str, Any], desk: Desk) -> Iterator[str]:
    from gkmonitor.reports.case_wording import found_words, state_words, subject_words
    from gkmonitor.reports.wording import SEVERITIES, local_time, printable

    yield f"问题 {case.id}{found_words(case)}：{printable(case.message)}"
    if case.site:
        yield f"网站：{printable(case.site.name)} {printable(case.site.url)}"
    yield f"对象：{subject_words(case.subject)} {printable(case.subject.url or '')}".rstrip()
    yield f"状态：{state_words(case)}；程度：{SEVERITIES[case.severity]}"
    first, last = (local_time(moment, desk.zone) for moment in (case.first_seen, case.last_seen))
    yield f"首次发现 {first}，最近发现 {last}，独立观测 {case.observations} 次，重复出现 {case.repeats} 次"
    basis = behind["basis"]
    yield f"规则：{case.rule}"
    if basis["document"]:
        words = f"：“{printable(basis['words'])}”" if basis["words"] else ""
        yield f"依据：{basis['document']} {basis['clause']}{words}"
    measured, required = (case.verdict.get(key) for key in ("measured", "required"))
    if measured or required:
        yield f"实测：{printable(measured or '无')}；要求：{printable(required or '无')}"


def _seen(behind: dict[str, Any], desk: Desk) -> Iterator[str]:
    from gkmonitor.reports.wording import local_time, printable

    yield ""
    yield f"观测 {len(behind['observed'])} 次"
    for one in behind["observed"][:SHOWN_OBSERVATIONS]:
        quotes = "；".join(printable(e["quote"]) for e in one["verdict"].get("evidence", ())[:1])
        message = printable(one["verdict"]["message"])
        at = local_time(datetime.fromisoformat(one["observed_at"]), desk.zone)
        yield f"  {at} 检查 {one['inspection']}：{message} {quotes}".rstrip()
    if behind["items"] is not None:
        yield ""
        yield f"最近一次观测时的列表（{len(behind['items'])} 条）"
        for item in behind["items"][:SHOWN_ITEMS]:
            yield f"  {item['date'] or '无日期'} {printable(item['title'])} {printable(item['url'])}"
    if behind["evidence"]:
        yield ""
        yield f"证据 {len(behind['evidence'])} 件"
        for piece in behind["evidence"]:
            name = printable(piece["name"] or piece["url"] or piece["path"])
            yield f"  {piece['id']} {piece['kind']} {name} sha256:{piece['sha256']}"


def _life(events: Sequence[Event], desk: Desk) -> Iterator[str]:
    from gkmonitor.ledger.words import event_line
    from gkmonitor.reports.wording import local_time

    yield ""
    yield "经过"
    for event in events:
        yield f"  {local_time(event.at, desk.zone)} {event_line(event)}"


app.add_typer(case_decisions.app)
