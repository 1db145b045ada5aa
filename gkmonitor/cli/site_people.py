"""``gkmonitor sites contact | unit``: whom to tell, and the tree of units."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Annotated, Any

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command, Group
from gkmonitor.cli.site_changes import MAX_NUMBER, SITE_HELP, Actor, OptionalReason, by_whom, changing
from gkmonitor.errors import UsageError

_GROUP: dict[str, Any] = {
    "cls": Group,
    "add_completion": False,
    "no_args_is_help": True,
    "rich_markup_mode": None,
    "subcommand_metavar": "命令 [参数]...",
}
contacts = typer.Typer(**_GROUP, help="网站或单位的联系人：通知发给谁。")
units = typer.Typer(**_GROUP, help="主管单位的上下级关系。")
_JSON = typer.Option("--json", help="向标准输出打印 JSON")
Site = Annotated[str | None, typer.Argument(metavar="网站", help=SITE_HELP)]
UnitName = Annotated[str | None, typer.Option(metavar="单位", help="单位的联系人，而不是网站的")]


# ---------------------------------------------------------------- contacts


@contacts.command("add", cls=Command, options_metavar="[选项]")
def add(
    site: Site = None,
    unit: UnitName = None,
    name: Annotated[str | None, typer.Option(metavar="姓名", help="联系人姓名")] = None,
    channel: Annotated[str, typer.Option(metavar="方式", help="mail、phone、wecom、dingtalk 或 feishu")] = "mail",
    address: Annotated[str, typer.Option(metavar="地址", help="邮箱、电话，或机器人的网址")] = ...,  # type: ignore[assignment]
    actor: Actor = None,
) -> None:
    """增加一个联系人。"""
    from gkmonitor.registry.values import checked_text
    from gkmonitor.registry.words import channel_of_word
    from gkmonitor.storage.contacts import add_contact

    way, by = channel_of_word(channel), by_whom(actor)
    checked = _checked_address(way, address)
    who = checked_text(name or "", "contact_name")
    with changing() as session:
        portal_id, unit_id = _owner(session, site, unit)
        number = add_contact(
            session, name=who, channel=way, address=checked, by=by, portal_id=portal_id, unit_id=unit_id
        )
    console.table_console().print(f"已增加联系人（编号 {number}）")


def _checked_address(way: Any, address: str) -> str:
    from gkmonitor.registry.records import Channel
    from gkmonitor.registry.values import checked_mail, checked_phone, checked_place, required_text

    if way is Channel.MAIL:
        return checked_mail(address)
    if way is Channel.PHONE:
        return checked_phone(address)
    checked_place(address)
    return required_text(address, "address", "--address")


def _owner(session: Any, site: str | None, unit: str | None) -> tuple[int | None, int | None]:
    from gkmonitor.storage.portals import find_portal
    from gkmonitor.storage.units import get_unit

    if (site is None) == (unit is None):
        raise UsageError("请写一个网站，或用 --unit 写一个单位（只写一样）")
    if site is not None:
        return find_portal(session, site).id, None
    return None, get_unit(session, unit or "").id


@contacts.command("list", cls=Command, options_metavar="[选项]")
def list_contacts(site: Site = None, unit: UnitName = None, as_json: Annotated[bool, _JSON] = False) -> None:
    """列出一个网站的联系人（包括主管单位和上级单位的），或一个单位自己的。"""
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.cli.sites import contact_words
    from gkmonitor.reports.site_json import contact_object
    from gkmonitor.reports.wording import printable
    from gkmonitor.settings import get_settings
    from gkmonitor.storage.contacts import contacts_of, contacts_of_unit

    with closing(open_service_database(get_settings())) as database, database.reading() as session:
        portal_id, unit_id = _owner(session, site, unit)
        found = contacts_of(session, portal_id) if portal_id is not None else contacts_of_unit(session, unit_id or 0)
    if as_json:
        console.print_json(json.dumps([contact_object(one) for one in found], ensure_ascii=False))
        return
    screen = console.table_console()
    for one in found:
        screen.print(printable(f"{one.id} {contact_words(one)}"), soft_wrap=True)
    if not found:
        screen.print("没有联系人")


@contacts.command("remove", cls=Command, options_metavar="[选项]")
def remove(
    number: Annotated[int, typer.Argument(metavar="编号", min=1, max=MAX_NUMBER, help="联系人的编号")],
    reason: OptionalReason = None,
    actor: Actor = None,
) -> None:
    """删除一个联系人。"""
    from gkmonitor.storage.contacts import remove_contact

    by = by_whom(actor, reason)
    with changing() as session:
        remove_contact(session, number, by)
    console.table_console().print(f"已删除联系人 {number}")


# ---------------------------------------------------------------- units


@units.command("list", cls=Command, options_metavar="[选项]")
def list_all(
    under: Annotated[str | None, typer.Option(metavar="单位", help="只列这个单位和它的下级")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """按上下级列出单位。"""
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.reports.wording import printable
    from gkmonitor.settings import get_settings
    from gkmonitor.storage.units import get_unit, list_units, subtree_of

    with closing(open_service_database(get_settings())) as database, database.reading() as session:
        found = list_units(session)
        if under is not None:
            below = set(subtree_of(session, get_unit(session, under).id))
            found = [unit for unit in found if unit.id in below]
    if as_json:
        objects = [{"id": u.id, "name": u.name, "parent_id": u.parent_id, "path": list(u.path)} for u in found]
        console.print_json(json.dumps(objects, ensure_ascii=False))
        return
    screen = console.table_console()
    top = min((len(unit.path) for unit in found), default=1)
    for unit in found:
        screen.print("  " * (len(unit.path) - top) + printable(unit.name), soft_wrap=True)
    if not found:
        screen.print("还没有单位；导入网站时填写主管单位即可")


@units.command("move", cls=Command, options_metavar="[选项]")
def move(
    unit: Annotated[str, typer.Argument(metavar="单位", help="单位名称")],
    under: Annotated[str | None, typer.Option(metavar="上级", help="新的上级单位")] = None,
    root: Annotated[bool, typer.Option("--root", help="没有上级单位")] = False,
    reason: OptionalReason = None,
    actor: Actor = None,
) -> None:
    """调整一个单位的上级；下级随之移动，不允许成环。"""
    from gkmonitor.storage.units import get_unit, place_unit

    if (under is None) != root:
        raise UsageError("请用 --under 写明上级单位，或写 --root（只写一样）")
    by = by_whom(actor, reason)
    with changing() as session:
        above = get_unit(session, under).id if under is not None else None
        place_unit(session, get_unit(session, unit).id, above, by)
    console.table_console().print(f"“{unit}”的上级{f'已改为“{under}”' if under else '已取消'}", soft_wrap=True)


@units.command("rename", cls=Command, options_metavar="[选项]")
def rename(
    unit: Annotated[str, typer.Argument(metavar="单位", help="单位名称")],
    name: Annotated[str, typer.Option(metavar="新名称", help="单位的新名称")],
    reason: OptionalReason = None,
    actor: Actor = None,
) -> None:
    """改单位的名称；下属网站和历史不变。"""
    from gkmonitor.registry.values import unit_path
    from gkmonitor.storage.units import get_unit, rename_unit

    new, by = unit_path(name), by_whom(actor, reason)
    if len(new) != 1:
        raise UsageError("请写单位的新名称，名称中不能有“/”")
    with changing() as session:
        rename_unit(session, get_unit(session, unit).id, new[0], by)
    console.table_console().print(f"“{unit}”已改名为“{new[0]}”", soft_wrap=True)
