"""``gkmonitor violations add``: a finding made by a person, marked 人工, that lives the same life as the machine's."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gkmonitor.cli import console
from gkmonitor.cli.case_words import Actor, Files, Json, actor_name, attach, open_desk, state_words
from gkmonitor.cli.help import Command
from gkmonitor.errors import UsageError

if TYPE_CHECKING:
    from gkmonitor.records import Severity, Subject
    from gkmonitor.rulebook import Rule
    from gkmonitor.storage.cases import NewFinding

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
    from gkmonitor.ledger.objects import case_object
    from gkmonitor.storage.cases import add_finding
    from gkmonitor.storage.portals import find_portal

    name = actor_name(actor)
    finding = _finding(text, rule, severity, concept, column, url)
    with open_desk() as desk, desk.database.writing() as session:
        portal = find_portal(session, site)
        evidence = attach(desk, session, portal.id, file)
        case = add_finding(session, replace(finding, portal_id=portal.id, evidence=evidence), actor=name, now=desk.now)
    if as_json:
        console.print_json(json.dumps(case_object(case), ensure_ascii=False))
        return
    console.table_console().print(f"问题 {case.id}【人工】现为{state_words(case)}", soft_wrap=True)


def _finding(
    text: str | None,
    rule: str | None,
    severity: str | None,
    concept: str | None,
    column: str | None,
    url: str | None,
) -> NewFinding:
    """What the options say; the portal and the evidence follow."""
    from gkmonitor.explaining import find_rule
    from gkmonitor.ledger.words import severity_of_word
    from gkmonitor.storage.cases import NewFinding

    chosen = severity_of_word(severity) if severity is not None else None
    if rule is None:
        if not (text or "").strip():
            raise UsageError("请写 --text 说明发现的情况，或写 --rule 指明所违反的规则")
        if chosen is None:
            raise UsageError("没有 --rule 时须写 --severity：veto（单项否决）或 deduction（扣分）")
        assert text is not None
        return NewFinding(0, "person/finding", "person", chosen, text.strip(), _subject(text, concept, column, url))
    _, found = find_rule(rule)
    weight = chosen or found.severity
    words = (text or "").strip() or found.title
    subject = _subject(None, concept, column, url)
    return NewFinding(0, found.id, found.check, _real(weight, found), words, subject, _verdict(found, words))


def _real(severity: Severity, rule: Rule) -> Severity:
    from gkmonitor.records import Severity

    if severity is Severity.ADVICE or not rule.verified:
        raise UsageError(f"规则 {rule.id} 只作提醒，不能列为问题；可不写 --rule，用 --text 和 --severity 登记")
    return severity


def _subject(text: str | None, concept: str | None, column: str | None, url: str | None) -> Subject:
    """What the finding is about. Without a rule the words themselves tell two findings on one portal apart."""
    from gkmonitor.concepts import get_concept
    from gkmonitor.records import Subject

    if concept is not None:
        get_concept(concept)
    path = tuple(part.strip() for part in re.split(r"[>＞]", column or "") if part.strip())
    if text is not None:
        path = (*path, text.strip())
    return Subject(concept, path[-1] if path else None, url, path)


def _verdict(rule: Rule, words: str) -> dict[str, Any]:
    """The rule's words beside what the person saw, in the shape of a verdict."""
    basis = {"document": rule.document, "clause": rule.clause, "words": rule.words}
    return {"rule": rule.id, "check": rule.check, "verdict": "violation", "basis": basis, "message": words}
