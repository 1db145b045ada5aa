"""The demonstration's result for people and for programs: terminal table, JSON object, index page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gkmonitor.demo.agreement import Agreement, TrapResult
from gkmonitor.demo.plan import AS_OF, Planted
from gkmonitor.demo.running import DemoResult, PortalResult, report_name
from gkmonitor.records import Verdict
from gkmonitor.reports.wording import CHECKS, REASONS, SEVERITIES, printable

if TYPE_CHECKING:
    from rich.console import Console

HEADS = ("网站", "建站系统", "设下", "找到", "误报", "陷阱", "放过", "结论")


def cells(result: PortalResult) -> tuple[str, ...]:
    """One row of the table, in the order of ``HEADS``."""
    agreement = result.agreement
    wrong = len(agreement.unplanted) + len(agreement.decided)
    quiet = sum(each.is_agreed for each in agreement.traps)
    return (
        result.plan.name,
        result.plan.family_zh,
        str(len(result.plan.planted)),
        str(len(agreement.found)),
        str(wrong),
        str(len(agreement.traps)),
        str(quiet),
        "一致" if agreement.is_agreed else "不一致",
    )


def fault_words(planted: Planted) -> str:
    subject = f"“{planted.subject}”" if planted.subject else "整个网站"
    return f"{CHECKS.get(planted.check, planted.check)}（{SEVERITIES[planted.severity]}）{subject}：{planted.note}"


def verdict_words(verdict: Verdict) -> str:
    subject = verdict.subject.column or verdict.subject.concept or "整个网站"
    words = printable(f"{CHECKS.get(verdict.check, verdict.check)}“{subject}”：{verdict.message}")
    return f"{words}（{verdict.rule}）"


def trap_words(result: TrapResult) -> str:
    return f"{result.trap.subject or '整个网站'}：{result.trap.note}"


def detail_lines(agreement: Agreement) -> Iterator[tuple[str, str]]:
    """What was planted and found, line by line; the first word says how it went."""
    if agreement.plan.all_undecided is not None and not agreement.decided:
        yield "未判", f"全部规则未作判断：{REASONS[agreement.plan.all_undecided][0]}"
    for planted, _ in agreement.found:
        yield "找到", fault_words(planted)
    for planted in agreement.missed:
        yield "漏报", fault_words(planted)
    for verdict in (*agreement.unplanted, *agreement.decided):
        yield "误报", verdict_words(verdict)
    for result in agreement.traps:
        if result.is_agreed:
            yield "放过", trap_words(result)
        elif result.is_silent:
            yield "未见", trap_words(result)
        for verdict in result.wrong:
            yield "误判", f"{trap_words(result)}——{verdict.outcome.value}：{verdict_words(verdict)}"


def print_demo(result: DemoResult, console: Console) -> None:
    """The table, then portal by portal what was planted and what was found."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"模拟网站检查结果（评判日 {AS_OF}）", title_justify="left", box=box.ROUNDED)
    for head in HEADS:
        table.add_column(head, justify="right" if head in HEADS[2:7] else "left", overflow="fold")
    for each in result.portals:
        table.add_row(*cells(each))
    console.print(table)
    for each in result.portals:
        console.print(Text(f"{each.plan.name}（{each.plan.family_zh}）", style="bold"))
        for mark, words in detail_lines(each.agreement):
            style = "red" if mark in ("漏报", "误报", "误判", "未见") else ""
            console.print(Text(f"  {mark}　{words}", style=style), soft_wrap=True)
    planted = sum(len(each.plan.planted) for each in result.portals)
    found = sum(len(each.agreement.found) for each in result.portals)
    traps = sum(len(each.plan.traps) for each in result.portals)
    words = f"共 {len(result.portals)} 个网站，设下问题 {planted} 项、找到 {found} 项，陷阱 {traps} 个；"
    console.print(Text(words + ("结果与设定一致" if result.is_agreed else "结果与设定不一致，见上面标红的各行")))


def demo_object(result: DemoResult) -> dict[str, Any]:
    """The object that ``--json`` prints."""
    return {
        "schema": "gkmonitor.demo/1",
        "as_of": AS_OF.isoformat(),
        "agreed": result.is_agreed,
        "seconds": round(result.seconds, 1),
        "portals": [portal_object(number, each) for number, each in enumerate(result.portals, start=1)],
    }


def portal_object(number: int, result: PortalResult) -> dict[str, Any]:
    agreement = result.agreement
    return {
        "key": result.plan.key,
        "name": result.plan.name,
        "family": result.plan.family,
        "report": report_name(number, result.plan),
        "agreed": agreement.is_agreed,
        "pages_fetched": result.spot.facts.coverage.pages_fetched,
        "planted": [planted_object(each) for each in result.plan.planted],
        "missed": [planted_object(each) for each in agreement.missed],
        "unplanted": [verdict_object(each) for each in (*agreement.unplanted, *agreement.decided)],
        "traps": [trap_object(each) for each in agreement.traps],
    }


def planted_object(planted: Planted) -> dict[str, Any]:
    return {
        "check": planted.check,
        "subject": planted.subject,
        "severity": planted.severity.value,
        "note": planted.note,
    }


def trap_object(result: TrapResult) -> dict[str, Any]:
    return {
        "name": result.trap.name,
        "subject": result.trap.subject,
        "note": result.trap.note,
        "quiet": result.is_agreed,
        "wrong": [verdict_object(each) for each in result.wrong],
    }


def verdict_object(verdict: Verdict) -> dict[str, Any]:
    return {
        "rule": verdict.rule,
        "verdict": verdict.outcome.value,
        "severity": verdict.severity.value,
        "subject": {"concept": verdict.subject.concept, "column": verdict.subject.column},
        "reason": verdict.reason.value if verdict.reason else None,
        "message": printable(verdict.message),
    }


def index_page(result: DemoResult) -> str:
    """One page that leads to the reports; no script, nothing from outside."""
    from gkmonitor.reports.markup import element
    from gkmonitor.reports.spot_html import whole_page

    head = element("tr", *(element("th", words) for words in HEADS))
    rows = []
    for number, each in enumerate(result.portals, start=1):
        name, *rest = cells(each)
        link = element("a", name, href=report_name(number, each.plan))
        rows.append(element("tr", element("td", link), *(element("td", words) for words in rest)))
    details = [
        element("section", element("h2", each.plan.name), element("ul", *_detail_items(each.agreement)))
        for each in result.portals
    ]
    introduction = f"评判日 {AS_OF}；网站和内容均为虚构，点击网站名称查看检查报告。"
    heading = element("header", element("h1", "模拟网站检查结果"), element("p", introduction, class_="lead"))
    table = element("section", element("table", head, *rows))
    return whole_page("模拟网站检查结果", element("body", element("main", heading, table, *details)))


def _detail_items(agreement: Agreement) -> list[Any]:
    from gkmonitor.reports.markup import element

    return [element("li", f"{mark}　{words}") for mark, words in detail_lines(agreement)]
