"""``gkmonitor sites``: the registry of portals: what is in it. Its other commands live in modules of their own."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from gkmonitor.cli import console, site_changes, site_people
from gkmonitor.cli.help import Command, Group, Named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.table import Table

    from gkmonitor.registry.records import Change, Contact, Delegation, Exemption, PortalEntry


class SitesGroup(Group):
    """Commands in the order of their use."""

    later: ClassVar[dict[str, Named]] = {
        "import": Named("gkmonitor.cli.site_import", "从 CSV 或 XLSX 导入网站，可先预览；有错时一行也不导入"),
        "export": Named("gkmonitor.cli.site_export", "把登记簿导出为 CSV 或 XLSX，默认不含联系人"),
    }


app = typer.Typer(
    cls=SitesGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="网站登记簿：导入、导出、查看和维护被检查的网站，每次改动都留下记录。",
    subcommand_metavar="命令 [参数]...",
)
_JSON = typer.Option("--json", help="向标准输出打印 JSON")


@app.command("list", cls=Command, options_metavar="[选项]")
def list_sites(
    group: Annotated[str | None, typer.Option(metavar="单位", help="只列一个单位（连同下级）、地区或层级")] = None,
    state: Annotated[list[str] | None, typer.Option(metavar="状态", help="在用、暂停或停用；不写时全部")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """列出登记的网站。"""
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.registry.records import PortalState
    from gkmonitor.registry.words import state_of_word
    from gkmonitor.settings import get_settings
    from gkmonitor.storage.portals import find_portals

    states = [state_of_word(word) for word in state] if state else list(PortalState)
    with closing(open_service_database(get_settings())) as database, database.reading() as session:
        found = find_portals(session, group=group, states=states)
    if as_json:
        console.print_json(json.dumps([entry_object(entry) for entry in found], ensure_ascii=False))
        return
    screen = console.table_console()
    if found:
        screen.print(_entry_table(found))
    screen.print(f"共 {len(found)} 个网站" if found else "没有符合条件的网站；用 gkmonitor sites import 文件 导入")


@app.command("show", cls=Command, options_metavar="[选项]")
def show_site(
    site: Annotated[str, typer.Argument(metavar="网站", help=site_changes.SITE_HELP)],
    contacts: Annotated[bool, typer.Option("--contacts", help="一并显示联系人")] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """显示一个网站的登记内容、豁免、委托公开和改动记录。"""
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.reports.site_json import change_object, contact_object, exemption_object, redated_object
    from gkmonitor.settings import get_settings
    from gkmonitor.storage.exemptions import all_exemptions_of
    from gkmonitor.storage.items import redated_items
    from gkmonitor.storage.portals import contacts_of, delegations_of, find_portal
    from gkmonitor.storage.registry_changes import history_of
    from gkmonitor.storage.units import path_of

    settings = get_settings()
    with closing(open_service_database(settings)) as database, database.reading() as session:
        entry = find_portal(session, site)
        path = path_of(session, entry.unit_id)
        exemptions = all_exemptions_of(session, entry.id)
        delegations = delegations_of(session, entry.id)
        people = contacts_of(session, entry.id) if contacts else None
        history = history_of(session, portal_id=entry.id)
        redated = redated_items(session, entry.id) if as_json else []
    if as_json:
        found = {
            "schema": "gkmonitor.site/1",
            **entry_object(entry),
            "unit_path": list(path),
            "exemptions": [exemption_object(one) for one in exemptions],
            "delegations": [{"concept": d.concept, "url": d.url, "note": d.note} for d in delegations],
            "history": [change_object(change) for change in history],
            "redated": [redated_object(one) for one in redated],
            **({"contacts": [contact_object(one) for one in people]} if people is not None else {}),
        }
        console.print_json(json.dumps(found, ensure_ascii=False))
        return
    screen = console.table_console()
    for line in _lines(entry, path, exemptions, delegations, people, history, settings.timezone):
        screen.print(line, soft_wrap=True)


# ---------------------------------------------------------------- JSON


def entry_object(entry: PortalEntry) -> dict[str, Any]:
    """A portal as ``sites list --json`` has it."""
    return {
        "id": entry.id,
        "site_id_code": entry.site_id_code,
        "name": entry.name,
        "url": entry.url,
        "organizer": entry.organizer,
        "unit": entry.unit,
        "level": entry.level,
        "profile": entry.profile,
        "region": entry.region,
        "state": entry.state,
        "state_reason": entry.state_reason,
        "notes": dict(entry.notes),
    }


# ---------------------------------------------------------------- text


def _entry_table(entries: list[PortalEntry]) -> Table:
    from rich import box
    from rich.table import Table

    from gkmonitor.registry.words import in_chinese
    from gkmonitor.reports.terminal import Paragraph
    from gkmonitor.reports.wording import printable

    table = Table(box=box.SIMPLE_HEAD, expand=True)
    table.add_column("编号", no_wrap=True, justify="right")
    for head, ratio in (("网站", 4), ("网址", 4), ("主管单位", 3)):
        table.add_column(head, ratio=ratio, overflow="fold")
    for head in ("层级", "状态"):
        table.add_column(head, no_wrap=True)
    for entry in entries:
        level = in_chinese("levels", entry.level) if entry.level else ""
        texts = (entry.name, entry.url, entry.unit or "")
        cells = [Paragraph(printable(text)) for text in texts]
        table.add_row(str(entry.id), *cells, level, in_chinese("states", entry.state))
    return table


def _lines(
    entry: PortalEntry,
    path: tuple[str, ...],
    exemptions: list[Exemption],
    delegations: list[Delegation],
    people: list[Contact] | None,
    history: list[Change],
    timezone: str,
) -> Iterator[str]:
    from gkmonitor.reports.wording import printable

    for name, value in _facts(entry, path).items():
        if value:
            yield f"{name}：{printable(value)}"
    for delegation in delegations:
        note = f"（{delegation.note}）" if delegation.note else ""
        yield printable(f"委托公开：{delegation.concept} {delegation.url or '去处未登记'}{note}")
    for one in exemptions:
        yield printable(f"豁免 {one.id}：{exemption_words(one)}")
    for person in people or ():
        yield printable(f"联系人 {person.id}：{contact_words(person)}")
    yield "改动记录："
    for change in history:
        yield "  " + printable(change_words(change, timezone))


def _facts(entry: PortalEntry, path: tuple[str, ...]) -> Mapping[str, str | None]:
    from gkmonitor.registry.words import in_chinese

    reason = f"（{entry.state_reason}）" if entry.state_reason else ""
    return {
        "编号": str(entry.id),
        "网站名称": entry.name,
        "网址": entry.url,
        "网站标识码": entry.site_id_code,
        "主办单位": entry.organizer,
        "主管单位": " / ".join(path),
        "层级": in_chinese("levels", entry.level) if entry.level else None,
        "类型": in_chinese("profiles", entry.profile) if entry.profile else None,
        "地区": entry.region,
        "状态": in_chinese("states", entry.state) + reason,
        **entry.notes,
    }


def exemption_words(one: Exemption) -> str:
    """What is exempt, from when to when, by which document and whom."""
    what = [word for word in (one.rule, one.concept, " > ".join(one.path) if one.path else None) if word]
    ends = f"（已于 {one.withdrawn_day} 撤销）" if one.withdrawn_day else ""
    reason = f"，事由：{one.reason}" if one.reason else ""
    span = f"{one.first_day} 至 {one.last_day or '撤销时'}"
    return f"{'；'.join(what) or '全部事项'}，{span}，{one.document}，{one.allowed_by}批准{reason}{ends}"


def contact_words(one: Contact) -> str:
    from gkmonitor.registry.words import in_chinese

    owner = "" if one.portal_id is not None else "（单位联系人）"
    return f"{one.name or '未写姓名'}，{in_chinese('channels', one.channel)} {one.address}{owner}"


def change_words(change: Change, timezone: str) -> str:
    """One line of history in the office's time."""
    from zoneinfo import ZoneInfo

    from gkmonitor.registry.words import field_words, in_chinese

    at = change.at.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")
    fields = [name for name in dict.fromkeys((*change.before, *change.after)) if change.before]
    shown = [(*field_words(one, change.before.get(one)), field_words(one, change.after.get(one))[1]) for one in fields]
    what = "；".join(f"{name} {before} → {after}" for name, before, after in shown if before != after)
    reason = f"，事由：{change.reason}" if change.reason else ""
    return f"{at} {change.actor} {in_chinese('changes', change.kind)}{'：' + what if change.before else ''}{reason}"


app.add_typer(site_changes.app)
app.add_typer(site_people.contacts, name="contact")
app.add_typer(site_people.units, name="unit")
