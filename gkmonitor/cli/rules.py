"""``gkmonitor rules``: which rule packs there are, what a rule says, whether a pack file is right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command, Group
from gkmonitor.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from gkmonitor.coverage import Answer
    from gkmonitor.office import OfficeChoices
    from gkmonitor.rules import Rule, RulePack

app = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="查看和校验规则包：每条规则的文件、条款、原文、检查方法和参数。",
    subcommand_metavar="命令 [参数]...",
)
_JSON = typer.Option("--json", help="向标准输出打印一个 JSON 对象")


@app.command("list", cls=Command, options_metavar="[选项]")
def list_rules(
    cadence: Annotated[str | None, typer.Option(metavar="名称", help="更新周期；不写时用设置的")] = None,
    points: Annotated[str | None, typer.Option(metavar="文件", help="本单位的扣分表（YAML 或 CSV）")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """列出内置的规则包和其中的规则，以及正在使用的更新周期和扣分表。"""
    from gkmonitor.reports.pack_json import pack_object
    from gkmonitor.rules import available_packs

    choices = _choices(cadence, points)
    packs = choices.apply(available_packs().values())
    if as_json:
        listed = {"schema": "gkmonitor.rules/1", "packs": [pack_object(pack) for pack in packs]}
        _print_object({**listed, **_choices_object(choices)})
        return
    screen = console.table_console()
    for pack in packs:
        screen.print(_pack_table(pack))
    for line in _choices_lines(choices):
        screen.print(line, soft_wrap=True)


def _choices(cadence: str | None, points: str | None) -> OfficeChoices:
    from gkmonitor.office import load_choices
    from gkmonitor.settings import get_settings

    return load_choices(get_settings(), cadence=cadence, points=points)


def _choices_object(choices: OfficeChoices) -> dict[str, Any]:
    from gkmonitor.cadences import available_cadences

    table = choices.points
    return {
        "cadence": choices.cadence.id if choices.cadence else None,
        "cadences": [{"name": name, "id": pack.id, "title": pack.title} for name, pack in available_cadences().items()],
        "points": {"title": table.title, "source": table.source, "rules": table.costs} if table else None,
    }


def _choices_lines(choices: OfficeChoices) -> list[str]:
    from gkmonitor.cadences import available_cadences

    names = "、".join(f"{name}（{pack.title}）" for name, pack in available_cadences().items())
    chosen = f"{choices.cadence.id}（{choices.cadence.title}）" if choices.cadence else "未选用，按各规则包自己的期限"
    table = choices.points
    points = f"{table.title}（{table.source}），{len(table.costs)} 条规则有分值" if table else "未设置，各规则没有分值"
    return [f"更新周期：{chosen}", f"可选的更新周期：{names}", f"扣分表：{points}"]


@app.command("show", cls=Command, options_metavar="[选项]")
def show_rule(
    identifier: Annotated[str, typer.Argument(metavar="编号", help="规则编号（规则包/规则）或规则包编号")],
    points: Annotated[str | None, typer.Option(metavar="文件", help="本单位的扣分表（YAML 或 CSV）")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """显示一条规则（或一个规则包）的依据、原文、检查方法、参数和分值。"""
    from gkmonitor.pointstable import with_points
    from gkmonitor.reports.pack_json import pack_object, rule_object
    from gkmonitor.rules import Rule

    table = _choices(None, points).points
    pack, slug = _find(identifier)
    pack = with_points([pack], table)[0]
    found = next((rule for rule in pack.rules if rule.slug == slug), pack)
    if as_json:
        _print_object(rule_object(found) if isinstance(found, Rule) else pack_object(found))
        return
    source = table.source if table else ""
    console.table_console().print(_rule_table(found, source) if isinstance(found, Rule) else _pack_table(found))


@app.command("validate", cls=Command, options_metavar="[选项]")
def validate_pack(
    file: Annotated[str, typer.Argument(metavar="文件", help="规则包文件（YAML）")],
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """校验一个规则包文件；有错时指出行号和改法，退出码为 2。"""
    from pathlib import Path

    from gkmonitor.reports.pack_json import pack_object
    from gkmonitor.rules import load_pack

    pack = load_pack(Path(file))
    if as_json:
        _print_object({"schema": "gkmonitor.rules/1", "valid": True, "packs": [pack_object(pack)]})
        return
    warns = sum(not rule.verified for rule in pack.rules)
    note = f"，其中 {warns} 条来源未核实，只作提醒" if warns else ""
    console.table_console().print(f"{file} 正确：规则包 {pack.id}（{pack.version}），规则 {len(pack.rules)} 条{note}")


@app.command("schema", cls=Command, options_metavar="[选项]")
def show_schema() -> None:
    """打印规则包的 JSON Schema，供编辑器提示和其他工具校验。"""
    from importlib.resources import files

    schema = files("checks").joinpath("packs", "schema.json").read_text(encoding="utf-8")
    console.print_json(json.dumps(json.loads(schema), ensure_ascii=False))


@app.command("coverage", cls=Command, options_metavar="[选项]")
def show_coverage(as_json: Annotated[bool, _JSON] = False) -> None:
    """各地方文件的事项和国家规则的指标中，自动判断、辅助判断、人工查看和网上看不到的各有多少。"""
    from gkmonitor.coverage import answer_indicators, cover
    from gkmonitor.rules import available_packs

    packs = available_packs()
    coverage, indicators = cover(packs.values()), answer_indicators(packs.values())
    if as_json:
        answers = {name: {"how": a.how, "rules": list(a.rules), "why": a.why} for name, a in indicators.items()}
        _print_object({**coverage.as_object(), "indicators": answers})
        return
    screen = console.table_console()
    titles = {pack.id: pack.title for pack in packs.values()}
    screen.print(_coverage_table({**coverage.documents(), "": coverage.total()}, titles))
    for line in (*coverage.faults, *_indicator_lines(indicators)):
        screen.print(line, soft_wrap=True)


def _indicator_lines(answers: dict[str, Answer]) -> list[str]:
    """The count over the national indicators, and those that nothing answers."""
    from collections import Counter

    hows = Counter(answer.how for answer in answers.values())
    names = {"automatic": "自动", "assisted": "辅助", "manual": "人工", "not_web": "不检查（有理由）", None: "未说明"}
    counted = "，".join(f"{names[how]} {hows[how]}" for how in names if hows[how] or how)
    unanswered = [f"指标 {name} 没有规则、人工任务或理由" for name, answer in answers.items() if answer.how is None]
    return [f"国家规则的指标 {len(answers)} 项：{counted}", *unanswered]


def _coverage_table(documents: dict[str, dict[str, Any]], titles: dict[str, str]) -> Table:
    from rich import box
    from rich.table import Table

    from gkmonitor.reports.terminal import Paragraph

    table = Table(box=box.SIMPLE_HEAD, expand=True)
    table.add_column("文件", ratio=1, overflow="fold")
    heads = ("事项", "自动", "辅助", "人工", "网上看不到", "未说明", "条款")
    for head in heads:
        table.add_column(head, no_wrap=True, justify="right")
    for name, counts in documents.items():
        numbers = [counts[key] for key in ("duties", "automatic", "assisted", "manual", "not_web")]
        clauses = f"{counts['clauses_accounted']}/{counts['clauses']}"
        cells = (*map(str, numbers), str(len(counts["unaccounted"])), clauses)
        table.add_row(Paragraph(titles.get(name, name or "合计")), *cells)
    return table


def _find(identifier: str) -> tuple[RulePack, str]:
    """The pack, and the slug of its rule where one is meant. Raises UsageError that names near misses."""
    from difflib import get_close_matches

    from gkmonitor.cadences import available_cadences
    from gkmonitor.rules import available_packs, load_pack

    identifier = identifier.strip()
    cadences = {pack.id: pack for pack in available_cadences().values()}
    if "/" not in identifier:
        return cadences.get(identifier) or load_pack(identifier), ""
    rules = {r.id: (pack, r.slug) for pack in (available_packs() | cadences).values() for r in pack.rules}
    if identifier in rules:
        return rules[identifier]
    near = get_close_matches(identifier, rules, n=3, cutoff=0.5)
    hint = f"是不是 {'、'.join(near)}？" if near else "用 gkmonitor rules list 查看全部规则"
    raise UsageError(f"没有“{identifier}”这条规则，{hint}")


def _print_object(obj: dict[str, Any]) -> None:
    console.print_json(json.dumps(obj, ensure_ascii=False))


def _pack_table(pack: RulePack) -> Table:
    from rich import box
    from rich.table import Table

    from gkmonitor.reports.terminal import Paragraph
    from gkmonitor.reports.wording import SEVERITIES

    span = f"{pack.valid_from or '…'} 至 {pack.valid_to or '今'}" if pack.valid_from or pack.valid_to else "长期"
    chosen = "" if pack.default else "，只在指名时使用"
    title = f"{pack.id}（{pack.version}）{pack.title}，有效期 {span}{chosen}"
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, expand=True)
    for head, ratio in (("规则", 3), ("内容", 4), ("程度", None), ("依据", 4)):
        table.add_column(head, ratio=ratio, overflow="fold")
    for rule in pack.rules:
        severity = SEVERITIES[rule.severity] + ("" if rule.verified else "\n未核实")
        severity += "" if rule.points is None else f"\n{rule.points:g} 分"
        cells = (rule.slug, rule.title, severity, f"{rule.document} {rule.clause}".strip())
        table.add_row(*(Paragraph(cell) for cell in cells))
    return table


def _rule_table(rule: Rule, points_source: str = "") -> Table:
    from rich.table import Table

    from gkmonitor.judging import PROFILE_NAMES
    from gkmonitor.reports.pack_json import rule_object
    from gkmonitor.reports.terminal import Paragraph
    from gkmonitor.reports.wording import CHECKS, SEVERITIES

    shown = rule_object(rule)

    def profiles(chosen: Any) -> str:
        return "、".join(PROFILE_NAMES[p] for p in PROFILE_NAMES if p in chosen)

    verified = {"A": "原文已核对", "B": "见于一处来源", "C": "未核实，只作提醒"}[rule.confidence]
    rows = {
        "规则": rule.id,
        "内容": rule.title,
        "程度": SEVERITIES[rule.severity],
        "认定": "只列出线索，须由人核实" if rule.needs_person else "",
        "扣分": "" if rule.points is None else f"{rule.points:g}" + (f"（{points_source}）" if points_source else ""),
        "文件": rule.document,
        "条款": rule.clause,
        "原文": rule.words,
        "来源": verified,
        "检查": f"{rule.check}（{CHECKS.get(rule.check, rule.check)}）",
        "参数": json.dumps(shown["params"], ensure_ascii=False) if rule.params else "",
        "栏目": "、".join(rule.concepts),
        "适用": profiles(rule.profiles),
        "主管": "、".join(rule.units),
        "也可设在": profiles(rule.hosts),
        "不适用": profiles(rule.not_profiles),
        "生效": shown["valid_from"] or "",
        "失效": shown["valid_to"] or "",
        "事项": "、".join(rule.covers),
    }
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows.items():
        if value:
            table.add_row(name, Paragraph(value))
    return table
