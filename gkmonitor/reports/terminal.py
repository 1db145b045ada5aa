"""A spot check on the terminal: what is wrong first, then what could not be judged and why, then coverage."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from gkmonitor.records import Excuse, Reason, Severity, Verdict
from gkmonitor.reports import wording
from gkmonitor.reports.phrases import (
    basis_words,
    counts_words,
    coverage_words,
    newest_words,
    profile_words,
    question_words,
    state_words,
    verdict_words,
)
from gkmonitor.reports.spot import SPOT_NOTE, SpotCheck, distinct, subject_words
from gkmonitor.reports.wording import printable

SUBJECTS_SHOWN = 6
EVIDENCE_SHOWN = 3
PASSED_SHOWN = 20
_STYLES = {Severity.VETO: "bold red", Severity.DEDUCTION: "red", Severity.ADVICE: "yellow"}


def print_spot(spot: SpotCheck, console: Console) -> None:
    """Print the whole result."""
    for part in (_heading(spot), *_problems(spot), *_unjudged(spot), _ending(spot)):
        console.print(part, soft_wrap=False)


def _heading(spot: SpotCheck) -> Group:
    site = spot.facts.site
    name = Text(printable(site.name or site.url), style="bold")
    lines = [name, Text(printable(site.final_url or site.url), style="dim", overflow="fold")]
    facts = [
        f"类型：{profile_words(spot)}",
        f"评判日：{spot.as_of}",
        f"观测时间：{wording.local_time(spot.facts.observed_at, spot.zone)}",
    ]
    if site.site_id_code:
        facts.insert(0, f"网站标识码：{printable(site.site_id_code)}")
    if site.organizer:
        facts.insert(0, f"主办单位：{printable(site.organizer)}")
    lines.append(Text("　".join(facts)))
    if state := state_words(spot):
        lines.append(Text(state, style="yellow"))
    return Group(*lines, Text(""))


def _problems(spot: SpotCheck) -> Iterator[Table | Text]:
    counts = spot.counts
    vetoes = sum(v.severity is Severity.VETO for v in spot.violations)
    if not spot.violations and not spot.advice:
        sure = "未发现问题" if spot.rules_judged else "没有可以下结论的规则"
        yield Text(f"{sure}\n", style="bold green" if spot.rules_judged else "bold yellow")
        return
    deductions = counts["violation"] - vetoes
    title = f"发现问题 {counts['violation']} 项（单项否决 {vetoes}，扣分 {deductions}），提醒 {counts['advice']} 项"
    table = _table(title)
    table.add_column("程度", no_wrap=True)
    table.add_column("问题、依据和证据", overflow="fold", ratio=1)
    for verdict in (*spot.violations, *spot.advice):
        mark = Text(wording.SEVERITIES[verdict.severity], style=_STYLES[verdict.severity])
        table.add_row(mark, Group(*_problem_lines(verdict, spot)))
    yield table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=box.ROUNDED, show_lines=True, expand=True)


def _problem_lines(verdict: Verdict, spot: SpotCheck) -> Iterator[Text]:
    yield Text(printable(subject_words(verdict.subject)), style="bold", overflow="fold")
    yield Text(printable(verdict.message), overflow="fold")
    if when := newest_words(verdict):
        yield Text(when)
    if verdict.members:
        shown, more = distinct((printable(subject_words(m)) for m in verdict.members), 12)
        yield Text(f"涉及栏目：{'；'.join(shown)}" + (f" 等，另有 {more} 个" if more else ""), overflow="fold")
    yield Text(basis_words(verdict), style="dim", overflow="fold")
    for evidence in verdict.evidence[:EVIDENCE_SHOWN]:
        seen = wording.local_time(evidence.fetched_at, spot.zone)
        quote = f"“{printable(evidence.quote)}” " if evidence.quote else ""
        yield Text(f"证据：{quote}{printable(evidence.url)}（{seen} 取得）", style="dim", overflow="fold")
    if len(verdict.evidence) > EVIDENCE_SHOWN:
        yield Text(f"另有 {len(verdict.evidence) - EVIDENCE_SHOWN} 条证据，见 --json 或 --html", style="dim")
    yield Text(f"规则：{verdict.rule}", style="dim", overflow="fold")


def _unjudged(spot: SpotCheck) -> Iterator[Table | Text]:
    if spot.undecided:
        title = f"未能判定 {spot.counts['undecided']} 项（既不算有问题，也不算没问题）"
        table = Table(
            title=title, title_justify="left", title_style="bold", box=box.ROUNDED, show_lines=True, expand=True
        )
        table.add_column("原因和办法", ratio=2, overflow="fold")
        table.add_column("涉及", ratio=3, overflow="fold")
        for reason, verdicts in spot.undecided.items():
            table.add_row(*_reason_cells(reason, verdicts, spot))
        yield table
    excused = [v for v in spot.excused if isinstance(v.reason, Excuse)]
    for excuse, group in groupby(sorted(excused, key=lambda v: str(v.reason)), key=lambda v: v.reason):
        shown, more = distinct((question_words(v, spot) for v in group), SUBJECTS_SHOWN)
        words = wording.EXCUSES[Excuse(str(excuse))]
        yield Text(f"不作为问题（{words}）：{_listed(shown, more)}", overflow="fold")
    if spot.passed:
        shown, more = distinct((question_words(v, spot) for v in spot.passed), PASSED_SHOWN)
        yield Text(f"已查未发现问题：{_listed(shown, more)}", style="green", overflow="fold")


def _reason_cells(reason: Reason, verdicts: tuple[Verdict, ...], spot: SpotCheck) -> tuple[Text, Text]:
    what, hint = wording.REASONS[reason]
    shown, more = distinct((question_words(v, spot) for v in verdicts), SUBJECTS_SHOWN)
    return Text.assemble((f"{what}\n", "yellow"), (f"{hint}", "dim")), Text(_listed(shown, more))


def _listed(words: list[str], more: int) -> str:
    return "；".join(words) + (f"；另有 {more} 项" if more else "")


def _ending(spot: SpotCheck) -> Group:
    packs = "、".join(f"{pack.id}（{pack.version}）" for pack in spot.packs) or "无"
    return Group(
        Text(""),
        Text(f"覆盖：{coverage_words(spot)}"),
        Text(f"合计：{counts_words(spot)}"),
        Text(f"结论：{verdict_words(spot)}"),
        Text(f"规则包：{packs}"),
        Text(f"说明：{SPOT_NOTE}。", style="bold"),
    )
