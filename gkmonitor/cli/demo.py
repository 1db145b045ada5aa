"""``gkmonitor demo``: the main job on simulated portals of this machine, and whether it found what was planted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gkmonitor.demo.running import DemoResult

EXIT_DIFFERS = 1
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    cls=Command,
    options_metavar="[选项]",
    epilog="退出码：0 找到的与设下的一致，1 不一致，2 用法或配置有误，3 未能完成。",
)
def demo(
    out: Annotated[str, typer.Option(metavar="文件夹", help="检查报告放在哪里")] = "demo-reports",
    as_json: Annotated[bool, typer.Option("--json", help="向标准输出打印一个 JSON 对象")] = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="只开模拟网站并打印网址，供 gkmonitor check --site 试用，按 Ctrl-C 结束")
    ] = False,
) -> None:
    """在本机开出一批虚构的政府网站，其中设有问题和陷阱，检查它们并核对结果。

    只访问本机回环地址，不访问外部网络；网站由本程序自己提供，所以访问之间不留间隔。
    """
    from pathlib import Path

    from gkmonitor.errors import UsageError

    if serve:
        _serve(as_json)
        return
    if not out.strip():
        raise UsageError("--out 后面要写文件夹，例如 --out demo-reports")
    result = _run()
    from gkmonitor.demo.running import write_reports

    paths = write_reports(result, Path(out))
    _show(result, as_json)
    if not as_json:
        console.table_console().print(f"检查报告：{paths[0]}（目录页）和同一文件夹中的 {len(paths) - 1} 份网站报告")
    raise typer.Exit(console.EXIT_DONE if result.is_agreed else EXIT_DIFFERS)


def _run() -> DemoResult:
    from gkmonitor.demo.portals import PORTALS
    from gkmonitor.demo.running import run_demo

    screen = console.progress_console()
    if not screen.is_terminal:
        return run_demo()
    with screen.status(f"正在检查 {len(PORTALS)} 个模拟网站") as status:
        pages: dict[str, int] = {}

        def tell(progress: object) -> None:
            pages[str(getattr(progress, "portal", ""))] = int(getattr(progress, "pages", 0))
            status.update(f"正在检查 {len(PORTALS)} 个模拟网站，已读 {sum(pages.values())} 页")

        return run_demo(progress=tell)


def _show(result: DemoResult, as_json: bool) -> None:
    from gkmonitor.demo.showing import demo_object, print_demo

    if as_json:
        import json

        console.print_json(json.dumps(demo_object(result), ensure_ascii=False))
        return
    print_demo(result, console.table_console())


def _serve(as_json: bool) -> None:
    """Keep the portals running until Ctrl-C, which is the proper end here."""
    import threading
    from contextlib import suppress

    from gkmonitor.demo.portals import serve

    with suppress(KeyboardInterrupt), serve() as addresses:
        _show_addresses(addresses, as_json)
        console.complain("模拟网站已打开，按 Ctrl-C 结束")
        threading.Event().wait()


def _show_addresses(addresses: Mapping[str, str], as_json: bool) -> None:
    import json

    from gkmonitor.demo.plan import AS_OF
    from gkmonitor.demo.portals import PORTALS

    if as_json:
        console.print_json(json.dumps({plan.key: f"{addresses[plan.key]}/" for plan in PORTALS}))
        return
    screen = console.table_console()
    for plan in PORTALS:
        screen.print(f"{addresses[plan.key]}/  {plan.name}（{plan.family_zh}）", soft_wrap=True)
    screen.print(f"试试：gkmonitor check --site {addresses[PORTALS[0].key]}/ --as-of {AS_OF}", soft_wrap=True)
