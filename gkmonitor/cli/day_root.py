"""``gkmonitor ledger root``: the roots over each day's evidence, and time stamps on them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gkmonitor.cli import console
from gkmonitor.cli.case_words import Json, open_desk
from gkmonitor.cli.help import Command
from gkmonitor.errors import LedgerError, UsageError, system_words

if TYPE_CHECKING:
    from gkmonitor.evidence.records import DayRoot
    from gkmonitor.storage import Session

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command("root", cls=Command, options_metavar="[选项]")
def show_roots(
    day: Annotated[str | None, typer.Option(metavar="日期", help="哪一天，如 2026-11-22；不写时列出最近的")] = None,
    request: Annotated[
        str | None, typer.Option(metavar="文件", help="写出时间戳请求（RFC 3161，.tsq），交时间戳机构")
    ] = None,
    stamp: Annotated[str | None, typer.Option(metavar="文件", help="收下时间戳机构的应答（.tsr）")] = None,
    as_json: Json = False,
) -> None:
    """显示每天证据和台账的根值：另行公布或加盖时间戳后，当天的证据和台账再有改动就能发现。"""
    from gkmonitor.dates import parse_day

    chosen = parse_day(day.strip()) if day is not None else None
    if chosen is None and (request or stamp):
        raise UsageError("--request 和 --stamp 须用 --day 写明哪一天")
    with open_desk() as desk, desk.database.writing() as session:
        roots = _chosen(session, chosen)
        if stamp is not None:
            roots = [_keep_stamp(session, roots[0], Path(stamp))]
    if request is not None:
        _write_request(roots[0], Path(request))
    if as_json:
        console.print_json(json.dumps([_object(root) for root in roots], ensure_ascii=False))
        return
    screen = console.table_console()
    for root in roots:
        stamped = "，已加盖时间戳" if root.stamp is not None else ""
        screen.print(f"{root.day}  {root.root}  {len(root.leaves)} 个叶子{stamped}", soft_wrap=True)
    if not roots:
        screen.print("还没有当日根值：每天结束后由服务生成")


def _chosen(session: Session, day: Any) -> list[DayRoot]:
    from gkmonitor.storage.day_roots import get_root, list_roots

    if day is None:
        return list_roots(session)
    root = get_root(session, day)
    if root is None:
        raise LedgerError(f"{day} 还没有当日根值，一天结束后才会生成")
    return [root]


def _keep_stamp(session: Session, root: DayRoot, file: Path) -> DayRoot:
    from gkmonitor.evidence.day_roots import add_stamp
    from gkmonitor.evidence.stamps import MAX_STAMP_BYTES

    try:
        with file.open("rb") as stream:
            answer = stream.read(MAX_STAMP_BYTES + 1)
    except OSError as error:
        raise LedgerError(f"时间戳文件 {file} 无法读取（{system_words(error)}），请检查路径和权限") from error
    return add_stamp(session, root.day, answer)


def _write_request(root: DayRoot, file: Path) -> None:
    from gkmonitor.evidence.stamps import stamp_request
    from gkmonitor.reports.writing import write_bytes

    write_bytes(file, stamp_request(root.root))


def _object(root: DayRoot) -> dict[str, Any]:
    from gkmonitor.verdicts import instant_text

    return {
        "day": root.day.isoformat(),
        "root": root.root,
        "leaves": len(root.leaves),
        "made_at": instant_text(root.made_at),
        "chain": root.details.get("chain"),
        "stamped": root.stamp is not None,
    }
