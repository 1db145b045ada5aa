"""``gkmonitor explain``: why a rule did or did not accuse a portal, from what it saw to what it answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command

if TYPE_CHECKING:
    from rich.console import Console

    from gkmonitor.explaining import Explanation
    from gkmonitor.settings import Settings

MAX_COLUMNS_SHOWN = 15
MAX_WEIGHED_SHOWN = 30
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    cls=Command,
    options_metavar="[选项]",
    epilog="退出码：0 已说明，2 用法或配置有误，3 未能完成（例如网站打不开）。",
)
def explain(
    rule: Annotated[str, typer.Option(metavar="规则", help="规则编号，例如 national-2019-19/home-not-updated")],
    site: Annotated[
        str | None, typer.Option(metavar="网址", help="网站首页；评判日有保存的检查时用它，否则现在检查一次")
    ] = None,
    facts: Annotated[str | None, typer.Option(metavar="文件", help="用已保存的事实，不访问网络")] = None,
    profile: Annotated[str | None, typer.Option(metavar="类型", help="网站类型；不写时自动推断")] = None,
    as_of: Annotated[str | None, typer.Option(metavar="日期", help="评判日，如 2026-01-31；不写时是今天")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="向标准输出打印一个 JSON 对象")] = False,
    pack: Annotated[list[str] | None, typer.Option(metavar="规则包", help="规则所在的规则包文件；内置的不用写")] = None,
    units: Annotated[str | None, typer.Option(metavar="文件", help="单位名单（CSV），据此核对各单位预决算")] = None,
) -> None:
    """说明一条规则在一个网站上为什么判为问题或没有判为问题：看了什么，排除了什么，期限是哪天，结论从何而来。"""
    from gkmonitor.explaining import find_rule, unfinished
    from gkmonitor.rules import load_pack

    source, wanted = find_rule(rule, [load_pack(one) for one in pack or ()])
    found = _explanation(source, wanted, site, facts, profile, as_of, units)
    if as_json:
        import json

        from gkmonitor.reports.explanation_json import explanation_object

        console.print_json(json.dumps(explanation_object(found), ensure_ascii=False))
    else:
        print_explanation(found, console.table_console())
    raise typer.Exit(console.EXIT_UNFINISHED if unfinished(found) else console.EXIT_DONE)


def _explanation(
    pack: Any,
    rule: Any,
    site: str | None,
    facts: str | None,
    profile: str | None,
    as_of: str | None,
    units: str | None,
) -> Explanation:
    """Crawl or read the facts, then judge for the day asked, or for the day of the observation."""
    from dataclasses import replace
    from zoneinfo import ZoneInfo

    from gkmonitor.cli.check import look, parse_profile, tell_of_future, understand
    from gkmonitor.dates import parse_day
    from gkmonitor.explaining import explain as tell
    from gkmonitor.office import load_choices
    from gkmonitor.settings import get_settings
    from gkmonitor.spotting import observed_by

    settings = get_settings()
    choices = load_choices(settings, units=units)
    zone = ZoneInfo(settings.timezone)
    past = _recalled(site, facts, as_of, settings)
    if past is not None:
        seen, history = past
        day = parse_day((as_of or "").strip())
        known_profile = parse_profile(profile)
        if known_profile is not None:
            seen = replace(seen, site=replace(seen.site, profile=known_profile, profile_source="given"))
        return tell(seen, pack, rule, day, choices.units, history)
    asked = None if facts is not None else _address_of(site, settings)
    request = understand(asked, facts, profile, [], as_of, None, choices)
    seen = request.facts or look(request, settings)
    if request.profile is not None:
        seen = replace(seen, site=replace(seen.site, profile=request.profile, profile_source="given"))
    seen_on = seen.observed_at.astimezone(zone).date()
    day = request.as_of or seen_on
    tell_of_future(day, zone)
    return tell(observed_by(seen, day, seen_on, zone), pack, rule, day, choices.units)


def _address_of(site: str | None, settings: Settings) -> str | None:
    """The address of a registered portal that was named otherwise (name, number, site code); else as given."""
    from contextlib import closing

    from gkmonitor.cli.opening import find_service_database
    from gkmonitor.errors import RegistryError
    from gkmonitor.storage.portals import find_portal

    if site is None or "." in site or ":" in site:
        return site
    database = find_service_database(settings)
    if database is None:
        return site
    with closing(database), database.reading() as session:
        try:
            return find_portal(session, site).url
        except RegistryError:
            return site


def _recalled(site: str | None, facts: str | None, as_of: str | None, settings: Settings) -> Any:
    """What a stored inspection saw up to a past day, with what was known then; None where nothing is stored.

    A spot check of a portal that nobody has registered never makes a database.
    """
    from contextlib import closing
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from gkmonitor.cli.opening import find_service_database
    from gkmonitor.cycles.recalling import recall
    from gkmonitor.dates import parse_day
    from gkmonitor.errors import RegistryError

    if site is None or facts is not None or as_of is None:
        return None
    day = parse_day(as_of.strip())
    if day >= datetime.now(ZoneInfo(settings.timezone)).date():
        return None
    database = find_service_database(settings)
    if database is None:
        return None
    with closing(database):
        try:
            found = recall(database, settings, site, day)
        except RegistryError:
            return None
    if found is not None:
        console.complain(
            f"根据 {found[0].observed_at.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M} 保存的检查说明"
        )
    return found


# ---------------------------------------------------------------- text


def print_explanation(found: Explanation, screen: Console) -> None:
    """The trail as numbered paragraphs, in the order in which the rule came to its answer."""
    from gkmonitor.reports.wording import printable

    for line in _lines(found):
        screen.print(printable(line) if line else "", soft_wrap=True)


def _lines(found: Explanation) -> list[str]:
    from gkmonitor.reports.wording import CHECKS, SEVERITIES

    rule, site = found.rule, found.facts.site
    words = f"：“{rule.words}”" if rule.words else ""
    unverified = "" if rule.verified else "（来源未核实，只作提醒）"
    return [
        f"规则 {rule.id}：{rule.title}",
        f"依据 {rule.document} {rule.clause}{words}{unverified}",
        f"检查 {rule.check}（{CHECKS.get(rule.check, rule.check)}），程度：{SEVERITIES[rule.severity]}",
        f"网站 {site.name or '名称不明'} {site.final_url}，评判日 {found.as_of}",
        "",
        "一、前提",
        *(f"  {_MARKS[step.holds]} {step.question}：{step.because}" for step in found.steps),
        "",
        "二、期限和参数",
        *([f"  {_threshold(t)}" for t in found.thresholds] or ["  无"]),
        "",
        "三、看了哪些栏目，排除了哪些",
        *_column_lines(found),
        *_weighed_lines(found),
        "",
        "四、结论",
        *_counted_lines(found),
        *(line for verdict in found.verdicts for line in _verdict_lines(verdict)),
    ]


_OUTCOMES = {"ok": "未发现问题", "excused": "不作为问题", "undecided": "未能判定", "not_applicable": "不适用"}
_MARKS = {True: "是", False: "否", None: "不明"}


def _threshold(threshold: Any) -> str:
    means = f"（{threshold.means}）" if threshold.means else ""
    return f"{threshold.name} = {threshold.value}{means}"


def _column_lines(found: Explanation) -> list[str]:
    from gkmonitor.explaining import split

    used, aside = split(found.columns)
    lines = [f"  看了 {len(used)} 个栏目" if used else "  没有属于本条的栏目"]
    lines += [f"    {_column(one)}" for one in used[:MAX_COLUMNS_SHOWN]]
    if len(used) > MAX_COLUMNS_SHOWN:
        lines.append(f"    ……另有 {len(used) - MAX_COLUMNS_SHOWN} 个")
    lines += [f"  排除 {len(aside)} 个栏目"] if aside else []
    lines += [f"    {_column(one)}" for one in aside[:MAX_COLUMNS_SHOWN]]
    if len(aside) > MAX_COLUMNS_SHOWN:
        lines.append(f"    ……另有 {len(aside) - MAX_COLUMNS_SHOWN} 个（用 --json 查看全部）")
    return lines


def _weighed_lines(found: Explanation) -> list[str]:
    if not found.weighed:
        return []
    lines = [f"  逐条看了 {len(found.weighed)} 项"]
    lines += [f"    {one.what}：{one.because}" for one in found.weighed[:MAX_WEIGHED_SHOWN]]
    if len(found.weighed) > MAX_WEIGHED_SHOWN:
        lines.append(f"    ……另有 {len(found.weighed) - MAX_WEIGHED_SHOWN} 项（用 --json 查看全部）")
    return lines


def _column(one: Any) -> str:
    from gkmonitor.checking import way

    column = one.column
    newest = column.listing.newest if column.listing else None
    seen = f"{len(column.items)} 条" + (f"，最新 {newest}" if newest else "") if column.listing else "没有列表"
    return f"{way(column)}：{one.because}；{seen}"


def _counted_lines(found: Explanation) -> list[str]:
    from collections import Counter

    counts = Counter(_outcome(verdict) for verdict in found.counted)
    if not counts:
        return []
    return ["  所计数的栏目：" + "，".join(f"{outcome} {count}" for outcome, count in counts.items())]


def _outcome(verdict: Any) -> str:
    if verdict.outcome == "violation":
        return "提醒" if verdict.severity == "advice" else "问题"
    return _OUTCOMES[verdict.outcome]


def _verdict_lines(verdict: Any) -> list[str]:
    from gkmonitor.reports.wording import EXCUSES, REASONS

    reason = ""
    if verdict.reason is not None:
        words = REASONS[verdict.reason][0] if verdict.reason in REASONS else EXCUSES[verdict.reason]
        reason = f"（{words}）"
    lines = [f"  {_outcome(verdict)}{reason}：{verdict.message}"]
    if verdict.measured or verdict.required:
        lines.append(f"    实测 {verdict.measured or '无'}；要求 {verdict.required or '无'}")
    lines += [f"    证据 {one.url}：“{one.quote}”" for one in verdict.evidence[:3]]
    return lines
