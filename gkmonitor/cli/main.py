"""The command line ``gkmonitor``: which commands there are. Each lives in a module of its own, loaded when it is used.

A command's module has ``app``, a ``typer.Typer`` with one command (``@app.command(cls=Command)``) or
a group of them (``typer.Typer(cls=Group)``), the classes of ``gkmonitor.cli.help``.
"""

from __future__ import annotations

from typing import ClassVar

import typer

from gkmonitor import __version__
from gkmonitor.cli.console import prepare_streams
from gkmonitor.cli.help import Group, Named


class MainGroup(Group):
    """The commands in the order in which a newcomer meets them."""

    later: ClassVar[dict[str, Named]] = {
        "check": Named("gkmonitor.cli.check", "检查一个网站（单次观测），或重新评判保存的事实"),
        "extract": Named("gkmonitor.cli.extract", "显示程序从网页里读到了什么：栏目、列表、日期、标识"),
        "inspect": Named("gkmonitor.cli.inspect", "检查登记的网站，写入台账"),
        "explain": Named("gkmonitor.cli.explain", "说明一条规则在一个网站上的判断过程"),
        "rules": Named("gkmonitor.cli.rules", "查看和校验规则包"),
        "sites": Named("gkmonitor.cli.sites", "网站登记簿：导入、导出、查看和维护被检查的网站"),
        "violations": Named("gkmonitor.cli.violations", "问题台账：查看、确认、通知整改、申诉、办结，登记人工发现"),
        "tasks": Named("gkmonitor.cli.tasks", "人工任务：规则需要人查看的事项"),
        "report": Named("gkmonitor.cli.report", "生成一个月的检查情况通报，印发后数字固定"),
        "ledger": Named("gkmonitor.cli.ledger", "核对台账的事件链是否完好"),
        "serve": Named("gkmonitor.cli.serve", "在一台机器上运行整个服务"),
        "scheduler": Named("gkmonitor.cli.scheduler", "按计划派发任务（多机部署）"),
        "worker": Named("gkmonitor.cli.worker", "执行任务（多机部署）"),
        "db": Named("gkmonitor.cli.db", "建立或升级数据库的表"),
        "backup": Named("gkmonitor.cli.backup", "把数据库和证据备份到一个文件，服务不必停止"),
        "restore": Named("gkmonitor.cli.restore", "把备份恢复到数据库和证据文件夹"),
        "web": Named("gkmonitor.cli.web", "运行网页服务（多机部署）"),
        "accounts": Named("gkmonitor.cli.accounts", "网页工作台的账号"),
        "health": Named("gkmonitor.cli.health", "查看服务的运行状况"),
        "demo": Named("gkmonitor.cli.demo", "在本机模拟网站上演示一次完整检查"),
    }


app = typer.Typer(cls=MainGroup, add_completion=False, no_args_is_help=True, rich_markup_mode=None)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gkmonitor {__version__}")
        raise typer.Exit


@app.callback(
    subcommand_metavar="命令 [参数]...",
    epilog="退出码：0 没有问题，1 发现问题（仅 check、inspect 和 ledger verify），2 用法或配置有误，3 未能完成。",
)
def main(
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="显示版本"),
) -> None:
    """政府网站信息公开巡查：网站该公开的有没有公开、有没有按期更新，依据哪份文件哪一条，证据在哪里。"""


def run() -> None:
    """The console script's entry; ends the process."""
    prepare_streams()
    app(prog_name="gkmonitor")
