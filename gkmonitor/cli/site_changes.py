"""``gkmonitor sites pause, resume, rename, move, retire, exempt, delegate``: one entry changed, with its history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command
from gkmonitor.errors import UsageError

if TYPE_CHECKING:
    from gkmonitor.registry.records import PortalEntry, PortalState
    from gkmonitor.storage import Session
    from gkmonitor.storage.registry_changes import By

MAX_NUMBER = 2**31 - 1  # of what the database counts
SITE_HELP = "编号、网址、名称或网站标识码"
app = typer.Typer(add_completion=False, rich_markup_mode=None)
Site = Annotated[str, typer.Argument(metavar="网站", help=SITE_HELP)]
Actor = Annotated[str | None, typer.Option(metavar="姓名", help="记在改动记录里的人；不写时是登录名")]
Reason = Annotated[str, typer.Option(metavar="事由", help="为什么，记在改动记录里")]
OptionalReason = Annotated[str | None, typer.Option(metavar="事由", help="为什么，记在改动记录里")]


def by_whom(actor: str | None, reason: str | None = None) -> By:
    """Who changes something now, and why. Raises RegistryError for names that cannot be kept."""
    from datetime import UTC, datetime

    from gkmonitor.registry.values import checked_text, required_text
    from gkmonitor.settings import login_name
    from gkmonitor.storage.registry_changes import By

    name = required_text(actor, "actor", "--actor 的姓名") if actor is not None else checked_text(login_name(), "actor")
    return By(name or "unknown", datetime.now(UTC), checked_text(reason or "", "reason"))


def because(actor: str | None, reason: str) -> By:
    """Like ``by_whom``, for a change that needs a reason."""
    by = by_whom(actor, reason)
    if by.reason is None:
        raise UsageError("--reason 为空，请写明事由")
    return by


@contextmanager
def changing() -> Iterator[Session]:
    """One transaction on the service's database."""
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.settings import get_settings

    with closing(open_service_database(get_settings())) as database, database.writing() as session:
        yield session


def _changed(site: str, act: Callable[[Session, PortalEntry], Any], words: str) -> None:
    from gkmonitor.reports.wording import printable
    from gkmonitor.storage.portals import find_portal

    with changing() as session:
        entry = find_portal(session, site)
        act(session, entry)
    console.table_console().print(printable(f"{entry.name}（编号 {entry.id}）：{words}"), soft_wrap=True)


# ---------------------------------------------------------------- states, name, address


@app.command("pause", cls=Command, options_metavar="[选项]")
def pause(site: Site, reason: Reason, actor: Actor = None) -> None:
    """暂停检查一个网站；登记内容和历史保留。"""
    from gkmonitor.registry.records import PortalState

    _set_state(site, PortalState.PAUSED, because(actor, reason), "已暂停检查")


@app.command("resume", cls=Command, options_metavar="[选项]")
def resume(site: Site, reason: OptionalReason = None, actor: Actor = None) -> None:
    """恢复检查一个已暂停或停用的网站。"""
    from gkmonitor.registry.records import PortalState

    _set_state(site, PortalState.ACTIVE, by_whom(actor, reason), "已恢复检查")


@app.command("retire", cls=Command, options_metavar="[选项]")
def retire(site: Site, reason: Reason, actor: Actor = None) -> None:
    """停用一个已关停的网站：不再检查，历史保留。"""
    from gkmonitor.registry.records import PortalState

    _set_state(site, PortalState.RETIRED, because(actor, reason), "已停用")


def _set_state(site: str, state: PortalState, by: By, words: str) -> None:
    from gkmonitor.storage.portals import set_state

    _changed(site, lambda session, entry: set_state(session, entry.id, state, by), words)


@app.command("rename", cls=Command, options_metavar="[选项]")
def rename(
    site: Site,
    name: Annotated[str, typer.Option(metavar="新名称", help="网站的新名称")],
    reason: OptionalReason = None,
    actor: Actor = None,
) -> None:
    """改网站的名称；编号和历史不变。"""
    from gkmonitor.registry.values import required_text
    from gkmonitor.storage.portals import rename_portal

    new, by = required_text(name, "name", "新名称"), by_whom(actor, reason)
    _changed(site, lambda session, entry: rename_portal(session, entry.id, new, by), f"已改名为“{new}”")


@app.command("move", cls=Command, options_metavar="[选项]")
def move(
    site: Site,
    url: Annotated[str, typer.Option(metavar="网址", help="新的首页网址")],
    reason: OptionalReason = None,
    actor: Actor = None,
) -> None:
    """登记网站换了网址；编号、历史和问题台账不变。"""
    from gkmonitor.registry.values import checked_url
    from gkmonitor.storage.portals import move_portal

    new, by = checked_url(url), by_whom(actor, reason)
    _changed(site, lambda session, entry: move_portal(session, entry.id, new, by), f"网址已改为 {new}")


# ---------------------------------------------------------------- exemptions


@app.command("exempt", cls=Command, options_metavar="[选项]")
def exempt(
    site: Site,
    rule: Annotated[str | None, typer.Option(metavar="规则", help="只免这条规则，写规则编号")] = None,
    concept: Annotated[str | None, typer.Option(metavar="概念", help="只免这一类栏目，如 news 或 财政预算")] = None,
    path: Annotated[str | None, typer.Option(metavar="路径", help="只免这个栏目，如 政务公开>财政信息")] = None,
    everything: Annotated[bool, typer.Option("--everything", help="整个网站的全部事项都免")] = False,
    document: Annotated[str | None, typer.Option(metavar="文件", help="依据的文件和文号")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="日期", help="开始日（含），如 2026-01-01")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="日期", help="结束日（含）；不写时到撤销为止")] = None,
    allowed_by: Annotated[str | None, typer.Option("--by", metavar="单位", help="由谁批准")] = None,
    reason: OptionalReason = None,
    withdraw: Annotated[
        int | None, typer.Option(metavar="编号", min=1, max=MAX_NUMBER, help="撤销这一条豁免，从今天起不再有效")
    ] = None,
    actor: Actor = None,
) -> None:
    """登记一条豁免（要有文件、期限和批准单位），或用 --withdraw 撤销。"""
    from gkmonitor.registry.cells import build_exemption
    from gkmonitor.storage.exemptions import add_exemption

    given = (rule, concept, path, document, first, last, allowed_by)
    if withdraw is not None:
        if any(word is not None for word in given) or everything:
            raise UsageError("--withdraw 只能和 --reason、--actor 一起使用")
        _withdraw_exemption(site, withdraw, by_whom(actor, reason))
        return
    if everything == any(word is not None for word in (rule, concept, path)):
        raise UsageError("请用 --rule、--concept、--path 写明免什么；整个网站都免时写 --everything")
    words = [word or "" for word in given]
    exemption = build_exemption(
        rule=words[0], concept=words[1], path=words[2], document=words[3],
        first_day=words[4], last_day=words[5], allowed_by=words[6], reason=reason or "",
    )  # fmt: skip
    _refuse_unknown_rule(exemption.rule)
    by = by_whom(actor, reason)

    def add(session: Session, entry: PortalEntry) -> None:
        from dataclasses import replace

        add_exemption(session, replace(exemption, portal_id=entry.id), by)

    _changed(site, add, f"已登记豁免，{exemption.first_day} 至 {exemption.last_day or '撤销时'}")


def _withdraw_exemption(site: str, number: int, by: By) -> None:
    from zoneinfo import ZoneInfo

    from gkmonitor.settings import get_settings
    from gkmonitor.storage.exemptions import withdraw_exemption

    today = by.at.astimezone(ZoneInfo(get_settings().timezone)).date()
    _changed(
        site,
        lambda session, entry: withdraw_exemption(session, entry.id, number, today, by),
        f"豁免 {number} 已撤销，从 {today} 起不再有效",
    )


def _refuse_unknown_rule(rule: str | None) -> None:
    """An exemption from a rule that does not exist would silently exempt nothing. Packs of one's own are taken."""
    from gkmonitor.registry.words import suggestion
    from gkmonitor.rules import available_packs

    if rule is None:
        return
    packs = available_packs()
    pack, _, _ = rule.partition("/")
    known = tuple(one.id for one in packs[pack].rules) if pack in packs else ()
    if pack in packs and rule not in known:
        raise UsageError(f"规则包 {pack} 里没有“{rule}”，{suggestion(rule, known)}用 gkmonitor rules show {pack} 查看")
    if pack not in packs:
        console.complain(f"规则包“{pack}”不是内置的，{suggestion(pack, tuple(packs))}请核对编号（提醒）")


# ---------------------------------------------------------------- delegations


@app.command("delegate", cls=Command, options_metavar="[选项]")
def delegate(
    site: Site,
    concept: Annotated[str, typer.Option(metavar="概念", help="哪一类栏目，如 double-publicity 或 财政预算")],
    url: Annotated[str | None, typer.Option(metavar="网址", help="在哪里公开（信用网站、集约化平台等）")] = None,
    note: Annotated[str | None, typer.Option(metavar="说明", help="补充说明")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="撤销这一类栏目的委托公开")] = False,
    reason: OptionalReason = None,
    actor: Actor = None,
) -> None:
    """登记一类栏目在其他网站上公开，或用 --withdraw 撤销。"""
    from gkmonitor.registry.cells import checked_concept
    from gkmonitor.registry.values import checked_place, checked_text
    from gkmonitor.storage.exemptions import set_delegation, withdraw_delegation

    slug, by = checked_concept(concept), by_whom(actor, reason)
    if withdraw:
        if url is not None or note is not None:
            raise UsageError("--withdraw 不能和 --url、--note 一起使用")
        words = f"{slug} 已撤销委托公开"
        _changed(site, lambda session, entry: withdraw_delegation(session, entry.id, slug, by), words)
        return
    place = checked_place(url) if url is not None else None
    more = checked_text(note or "", "reason")
    _changed(
        site,
        lambda session, entry: set_delegation(session, entry.id, slug, place, by, note=more),
        f"{slug} 已登记为委托公开" + (f"（{place}）" if place else ""),
    )
