"""``gkmonitor backup``: every row and the evidence in one file, while the service runs."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command
from gkmonitor.cli.status import status_line

if TYPE_CHECKING:
    from gkmonitor.backups.archive import Manifest

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(cls=Command, options_metavar="[选项]")
def backup(
    file: Annotated[str, typer.Argument(metavar="文件", help="备份写入的文件，例如 备份.zip；已有的备份会被替换")],
    without_evidence: Annotated[bool, typer.Option("--without-evidence", help="不包括证据文件夹")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="向标准输出打印 JSON")] = False,
) -> None:
    """把数据库（登记簿、检查结果、台账）和证据备份到一个 ZIP 文件；服务不必停止。

    备份是同一时刻的完整数据，SQLite 和 PostgreSQL 的格式相同，可互相恢复。文件写完才出现，只有本人可读（含联系人）。
    """
    from gkmonitor.backups.making import make_backup
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.settings import get_settings

    settings = get_settings()
    target = Path(file).expanduser()
    folder = None if without_evidence else settings.evidence_folder
    with closing(open_service_database(settings)) as database, status_line() as tell:
        made = make_backup(database, target, evidence=folder, now=datetime.now(UTC), progress=tell)
    size = target.stat().st_size
    if as_json:
        found = {"schema": "gkmonitor.backup-result/1", "file": str(target), "bytes": size, **manifest_object(made)}
        console.print_json(json.dumps(found, ensure_ascii=False))
    else:
        words = f"已备份到 {target}（{size / 1e6:.1f} MB）：{manifest_words(made)}"
        console.table_console().print(words, soft_wrap=True)
    if made.missing_evidence:
        console.complain(f"注意：数据库登记的证据文件有 {made.missing_evidence} 个不在证据文件夹中，备份里也没有")
    if made.fault:
        console.complain(f"注意：台账核对有误（{made.fault}），请运行 gkmonitor ledger verify")


def manifest_words(made: Manifest) -> str:
    """What is in a backup, in a few words."""
    evidence = f"证据文件 {len(made.evidence)} 个" if made.has_evidence else "不含证据"
    return f"{len(made.tables)} 个表 {made.rows} 行，台账 {made.events} 个事件，{evidence}"


def manifest_object(made: Manifest) -> dict[str, Any]:
    """What is in a backup, as JSON."""
    return {
        "made_at": made.made_at.isoformat(),
        "program": made.program,
        "revision": made.revision,
        "source": made.source,
        "tables": {part.table: part.rows for part in made.tables},
        "evidence": {
            "included": made.has_evidence,
            "files": len(made.evidence),
            "missing": made.missing_evidence,
        },
        "ledger": {"events": made.events, "head": made.head, "fault": made.fault},
    }
