"""A spot check on the terminal: what is wrong first, then what could not be judged and why, then coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from gkmonitor.records import Excuse, Reason, Severity, Verdict
from gkmonitor.reports import wording
from gkmonitor.reports.phrases import (
    basis_words,
    by_check,
    counts_words,
    coverage_words,
    newest_words,
    profile_words,
    question_words,
    score_words,
    state_words,
    verdict_words,
)
from gkmonitor.reports.spot import SPOT_NOTE, SpotCheck, distinct, subject_words
from gkmonitor.reports.wording import printable
from gkmonitor.reports.wrapping import width, wrap

SUBJECTS_SHOWN = 6
MEMBERS_SHOWN = 12
EVIDENCE_SHOWN = 3
_STYLES = {Severity.VETO: "bold red", Severity.DEDUCTION: "red", Severity.ADVICE: "yellow"}


class Paragraph:
    """Text broken into lines as Chinese is, which Rich itself only breaks at blanks."""

    def __init__(self, text: str, style: str = "") -> None:
        self._text = text
        self._style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        for line in wrap(self._text, options.max_width):
            yield Text(line, self._style, overflow="fold")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max(width(line) for line in (self._text or " ").splitlines())
        return Measurement(min(10, widest), widest).clamp(max_width=options.max_width)


def print_spot(spot: SpotCheck, console: Console) -> None:
    """Print the whole result."""
    parts = (_heading, _problems, _advice, _unjudged, _clean, _points, _ending)
    for part in (one for make in parts for one in make(spot)):
        console.print(part)


def _heading(spot: SpotCheck) -> Iterator[RenderableType]:
    site = spot.facts.site
    name, address = site.name or site.url, site.final_url or site.url
    yield Paragraph(printable(name), "bold")
    if address != name:
        yield Paragraph(printable(address), "dim")
    facts = [f"主办单位：{printable(site.organizer)}"] if site.organizer else []
    facts += [f"网站标识码：{printable(site.site_id_code)}"] if site.site_id_code else []
    facts += [f"类型：{profile_words(spot)}", f"评判日：{spot.as_of}"]
    facts += [f"观测时间：{wording.local_time(spot.facts.observed_at, spot.zone)}"]
    yield Paragraph("；".join(facts))
    if state := state_words(spot):
        yield Paragraph(state, "yellow")
    yield ""


def _problems(spot: SpotCheck) -> Iterator[RenderableType]:
    if not spot.violations:
        sure = "未发现问题" if spot.rules_judged else "没有可以下结论的规则"
        yield Text(sure, style="bold green" if spot.rules_judged else "bold yellow")
        return
    vetoes = sum(v.severity is Severity.VETO for v in spot.violations)
    deductions = len(spot.violations) - vetoes
    table = _table(f"发现问题 {len(spot.violations)} 项（单项否决 {vetoes}，扣分 {deductions}）")
    table.add_column("程度", no_wrap=True)
    table.add_column("问题、依据和证据", ratio=1)
    for _, group in groupby(spot.violations, key=lambda v: (v.severity, v.rule)):
        verdicts = list(group)
        mark = Text(wording.SEVERITIES[verdicts[0].severity], style=_STYLES[verdicts[0].severity])
        lines = [line for verdict in verdicts for line in _problem_lines(verdict, spot)]
        basis = Paragraph(basis_words(verdicts[0]), "dim")
        table.add_row(mark, Group(*lines, basis, Paragraph(f"规则：{verdicts[0].rule}", "dim")))
    yield table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=box.ROUNDED, show_lines=True, expand=True)


def _problem_lines(verdict: Verdict, spot: SpotCheck) -> Iterator[Paragraph]:
    if verdict.subject.path or verdict.subject.column:
        yield Paragraph(printable(subject_words(verdict.subject)), "bold")
    yield Paragraph(printable(verdict.message), "" if verdict.subject.path else "bold")
    if when := newest_words(verdict):
        yield Paragraph(when)
    if verdict.members:
        shown, more = distinct((printable(subject_words(m)) for m in verdict.members), MEMBERS_SHOWN)
        yield Paragraph(f"涉及栏目：{_listed(shown, more)}")
    for evidence in verdict.evidence[:EVIDENCE_SHOWN]:
        seen = wording.local_time(evidence.fetched_at, spot.zone)
        quote = f"“{printable(evidence.quote)}” " if evidence.quote else ""
        yield Paragraph(f"证据：{quote}{printable(evidence.url)} （{seen} 取得）", "dim")
    if (left := len(verdict.evidence) - EVIDENCE_SHOWN) > 0:
        yield Paragraph(f"另有 {left} 条证据，见 --json 或 --html", "dim")


def _advice(spot: SpotCheck) -> Iterator[RenderableType]:
    if not spot.advice:
        return
    table = _table(f"提醒 {len(spot.advice)} 项（不算问题）")
    table.add_column("提醒", ratio=3)
    table.add_column("依据", ratio=2)
    for _, group in groupby(spot.advice, key=lambda v: v.rule):
        verdicts = list(group)
        words, _ = distinct((printable(v.message) for v in verdicts), len(verdicts))
        basis = basis_words(verdicts[0]).removeprefix("依据：")
        table.add_row(Group(*(Paragraph(word) for word in words)), Paragraph(basis, "dim"))
    yield table


def _unjudged(spot: SpotCheck) -> Iterator[RenderableType]:
    if not spot.undecided:
        return
    table = _table(f"未能判定 {spot.counts['undecided']} 项（既不算有问题，也不算没问题）")
    table.add_column("原因和办法", ratio=2)
    table.add_column("涉及", ratio=3)
    for reason, verdicts in spot.undecided.items():
        table.add_row(*_reason_cells(reason, verdicts, spot))
    yield table


def _reason_cells(
    reason: Reason, verdicts: tuple[Verdict, ...], spot: SpotCheck
) -> tuple[RenderableType, RenderableType]:
    what, hint = wording.REASONS[reason]
    about = [
        Paragraph(f"{name}：{_listed(*distinct(of, SUBJECTS_SHOWN))}") for name, of in by_check(verdicts, spot).items()
    ]
    return Group(Paragraph(what, "yellow"), Paragraph(hint, "dim")), Group(*about)


def _clean(spot: SpotCheck) -> Iterator[RenderableType]:
    excused = sorted((v for v in spot.excused if isinstance(v.reason, Excuse)), key=lambda v: str(v.reason))
    for excuse, group in groupby(excused, key=lambda v: Excuse(str(v.reason))):
        shown, more = distinct((question_words(v, spot) for v in group), SUBJECTS_SHOWN)
        yield Paragraph(f"不作为问题（{wording.EXCUSES[excuse]}）：{_listed(shown, more)}")
    if spot.passed:
        counts = Counter(wording.CHECKS.get(v.check, v.check) for v in spot.passed)
        tally = "；".join(f"{name} {number} 项" for name, number in counts.items())
        yield Paragraph(f"已查未发现问题：{tally}", "green")


def _points(spot: SpotCheck) -> Iterator[RenderableType]:
    """What each indicator of the office's own table lost and could still lose."""
    if spot.score is None or not spot.score.indicators:
        return
    table = _table("分值")
    table.add_column("指标", ratio=1)
    for head in ("分值", "问题", "已扣", "可能再扣"):
        table.add_column(head, no_wrap=True, justify="right")
    for one in spot.score.indicators:
        numbers = (one.points, one.faults, one.lost, one.at_risk)
        table.add_row(Paragraph(printable(one.name)), *(wording.plain_number(number) for number in numbers))
    yield table


def _listed(words: list[str], more: int) -> str:
    return "；".join(words) + (f"；另有 {more} 项" if more else "")


def _ending(spot: SpotCheck) -> Iterator[RenderableType]:
    packs = "、".join(f"{pack.id}（{pack.version}）" for pack in spot.packs) or "无"
    yield ""
    yield Paragraph(f"覆盖：{coverage_words(spot)}")
    yield Paragraph(f"合计：{counts_words(spot)}")
    yield Paragraph(f"结论：{verdict_words(spot)}")
    if points := score_words(spot):
        yield Paragraph(f"计分：{points}")
    yield Paragraph(f"规则包：{packs}")
    yield Paragraph(f"说明：{SPOT_NOTE}。", "bold")
