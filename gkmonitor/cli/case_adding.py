"""``gkmonitor violations add``: a finding made by a person, marked 人工, that lives the same life as the machine's."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated

import typer

from gkmonitor.cli import console
from gkmonitor.cli.case_words import Actor, Files, Json, actor_name, attach, open_desk
from gkmonitor.cli.help import Command

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(cls=Command, options_metavar="[选项]")
def add(
    site: Annotated[str, typer.Option(metavar="网站", help="编号、网址、名称或网站标识码")],
    text: Annotated[str | None, typer.Option(metavar="文字", help="发现的情况；有 --rule 时可以不写")] = None,
    rule: Annotated[str | None, typer.Option(metavar="规则", help="所违反的规则编号")] = None,
    severity: Annotated[str | None, typer.Option(metavar="程度", help="veto 或 deduction；不写时按规则")] = None,
    concept: Annotated[str | None, typer.Option(metavar="概念", help="栏目用途的代码，如 budget")] = None,
    column: Annotated[str | None, typer.Option(metavar="栏目", help="栏目的路径，如 首页>政务公开>财政预决算")] = None,
    url: Annotated[str | None, typer.Option(metavar="网址", help="问题所在的页面")] = None,
    file: Files = None,
    actor: Actor = None,
    as_json: Json = False,
) -> None:
    """登记人工发现的问题：先列为待确认，确认、通知、整改与系统发现的问题相同；与已有问题相同时记为一次人工观测。"""
    from gkmonitor.finding import Given, finding_of
    from gkmonitor.ledger.objects import case_object
    from gkmonitor.reports.case_wording import state_words
    from gkmonitor.storage.cases import add_finding
    from gkmonitor.storage.portals import find_portal

    name = actor_name(actor)
    finding = finding_of(Given(text, rule, severity, concept, column, url))
    with open_desk() as desk, desk.database.writing() as session:
        portal = find_portal(session, site)
        evidence = attach(desk, session, portal.id, file)
        case = add_finding(session, replace(finding, portal_id=portal.id, evidence=evidence), actor=name, now=desk.now)
    if as_json:
        console.print_json(json.dumps(case_object(case), ensure_ascii=False))
        return
    console.table_console().print(f"问题 {case.id}【人工】现为{state_words(case)}", soft_wrap=True)
