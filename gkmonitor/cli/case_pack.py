"""``gkmonitor violations export ID --pack FILE``: the evidence of one violation, to hand over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gkmonitor.cli import console
from gkmonitor.cli.case_words import Desk, actor_name, open_desk
from gkmonitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def export_pack(ids: Sequence[int] | None, file: Path, actor: str | None, *, is_unmasked: bool) -> None:
    """Writes the pack of one case. An unmasked one is an event of the case before it is written."""
    from gkmonitor.evidence.dossier import gather
    from gkmonitor.evidence.packs import build_pack
    from gkmonitor.reports.writing import write_bytes

    if not ids or len(set(ids)) != 1:
        raise UsageError("--pack 每次导出一个问题，请写一个编号，例如 gkmonitor violations export 12 --pack 证据.zip")
    with open_desk() as desk:
        if is_unmasked:
            _note(desk, ids[0], actor_name(actor))
        pack = build_pack(
            gather(desk.database, desk.settings.evidence_folder, ids[0]), desk.zone, is_unmasked=is_unmasked
        )
    write_bytes(file, pack.data)
    screen = console.table_console()
    screen.print(f"已导出问题 {ids[0]} 的证据包到 {file}", soft_wrap=True, markup=False)
    screen.print(_masked_words(pack.masked, is_unmasked=is_unmasked), soft_wrap=True)
    for fault in pack.faults:
        console.complain(fault)


def _masked_words(count: int, *, is_unmasked: bool) -> str:
    if is_unmasked:
        return "本包未作遮盖，可能含有个人信息，请按规定保管；已记入台账"
    return f"已遮盖网页中的号码 {count} 处；网页原始内容没有放入（需要时用 --unmasked）"


def _note(desk: Desk, case_id: int, actor: str) -> None:
    from gkmonitor.ledger.records import Decision, EventKind
    from gkmonitor.storage.cases import decide

    with desk.database.writing() as session:
        decide(session, case_id, Decision(EventKind.EXPORTED, desk.today), actor=actor, now=desk.now)
