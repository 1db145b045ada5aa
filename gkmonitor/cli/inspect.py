"""``gkmonitor inspect``: registered portals looked at now, judged, and written into the ledger."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from gkmonitor.cli import console
from gkmonitor.cli.help import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from gkmonitor.cycles.records import CycleSummary, Inspection
    from gkmonitor.ledger.records import Case
    from gkmonitor.registry.records import PortalEntry
    from gkmonitor.settings import Settings
    from gkmonitor.storage import Database

INSPECT_SCHEMA = "gkmonitor.inspect/1"
app = typer.Typer(add_completion=False, rich_markup_mode=None)

_STATE_WORDS = {"done": "已检查", "held": "待人工核实", "failed": "未完成", "waiting": "未开始", "running": "未完成"}
_FAILURE_WORDS = {"permanent": "不存在或已迁走", "transient": "打不开", "blocked": "被防护页面或登录挡住"}


@app.command(
    cls=Command,
    options_metavar="[选项]",
    epilog="退出码：0 没有问题，1 发现问题（提醒不算），2 用法或配置有误，3 未能完成（例如网站都打不开）。",
)
def inspect(
    site: Annotated[list[str] | None, typer.Option(metavar="网站", help="编号、网址、名称或网站标识码")] = None,
    group: Annotated[str | None, typer.Option(metavar="单位", help="只查一个单位（连同下级）、地区或层级")] = None,
    as_of: Annotated[str | None, typer.Option(metavar="日期", help="评判日，如 2026-01-31；不写时是今天")] = None,
    release: Annotated[bool, typer.Option("--release", help="确认网站已改版：不再等待找不到的旧栏目")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="向标准输出打印一个 JSON 对象")] = False,
) -> None:
    """检查登记的网站并写入台账。不写 --site 和 --group 时检查全部启用的网站。

    一次看到的问题记为“疑似”；间隔六小时以上的另一次检查再次看到，才成为“待处理”。
    """
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.dates import parse_day
    from gkmonitor.settings import get_settings
    from gkmonitor.storage.portals import find_portals

    settings = get_settings()
    zone = ZoneInfo(settings.timezone)
    today = datetime.now(zone).date()
    day = parse_day(as_of.strip()) if as_of is not None else today
    with closing(open_service_database(settings)) as database:
        with database.reading() as session:
            portals = find_portals(session, sites=site or (), group=group)
        _require_some(portals)
        if release:
            _release(database, portals)
            return
        if day > today:
            console.complain(f"评判日 {day} 晚于今天，按当天观测到的情况评判")
        summary = _run(database, settings, portals, day)
        shown = _look_up(database, summary, portals)
    _show(summary, shown, as_json=as_json)
    raise typer.Exit(_exit_code(summary, shown))


def _require_some(portals: Sequence[PortalEntry]) -> None:
    from gkmonitor.errors import RegistryError

    if not portals:
        raise RegistryError("没有可以检查的网站：请先用 gkmonitor sites import 导入，或检查 --site、--group 是否写对")


def _run(database: Database, settings: Settings, portals: Sequence[PortalEntry], day: date) -> CycleSummary:
    from gkmonitor.cycles.records import CycleKind
    from gkmonitor.cycles.whole import run_cycle

    begun = datetime.now(UTC)
    with _Status(len(portals)) as status:
        return run_cycle(
            database,
            settings,
            [portal.id for portal in portals],
            name=f"{day.isoformat()}/manual/{begun:%Y%m%dT%H%M%S%f}",
            kind=CycleKind.MANUAL,
            as_of=day,
            clock=lambda: datetime.now(UTC),
            progress=status.tell,
            settled=status.count,
        )


class _Status:
    """One line on the terminal that says how far the cycle is; nothing in a pipe."""

    def __init__(self, portals: int) -> None:
        self._portals = portals
        self._done = 0
        self._screen = console.progress_console()
        self._status: Any = None

    def __enter__(self) -> _Status:
        if self._screen.is_terminal:
            self._status = self._screen.status(f"正在检查 {self._portals} 个网站（按 Ctrl-C 停止，已有结果保留）")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    @property
    def tell(self) -> Callable[[Any], None] | None:
        return self._tell if self._status is not None else None

    def _tell(self, progress: Any) -> None:
        from rich.text import Text

        from gkmonitor.reports.wording import printable

        words = f"已完成 {self._done}/{self._portals} 个网站；{progress.portal}：已读 {progress.pages} 页"
        self._status.update(Text(printable(words), no_wrap=True, overflow="ellipsis"))

    def count(self, _inspection: Inspection) -> None:
        self._done += 1


# ---------------------------------------------------------------- what is shown


class _Shown:
    """What one cycle did to each portal, and the cases that it touched."""

    def __init__(self, rows: Sequence[tuple[PortalEntry, Inspection]], cases: Sequence[Case]) -> None:
        self.rows = rows
        self.cases = cases


def _look_up(database: Database, summary: CycleSummary, portals: Sequence[PortalEntry]) -> _Shown:
    from gkmonitor.storage import inspections
    from gkmonitor.storage.cases import cases_of_inspections

    by_id = {portal.id: portal for portal in portals}
    with database.reading() as session:
        rows = inspections.inspections_of(session, summary.cycle.id)
        cases = cases_of_inspections(session, [row.id for row in rows])
    return _Shown([(by_id[row.portal_id], row) for row in rows], cases)


def _show(summary: CycleSummary, shown: _Shown, *, as_json: bool) -> None:
    if as_json:
        console.print_json(json.dumps(cycle_object(summary, shown), ensure_ascii=False))
        return
    _print_table(summary, shown)


def cycle_object(summary: CycleSummary, shown: _Shown) -> dict[str, Any]:
    """The object that ``inspect --json`` prints."""
    from gkmonitor.ledger.objects import case_object

    return {
        "schema": INSPECT_SCHEMA,
        "cycle": summary.cycle.id,
        "name": summary.cycle.name,
        "as_of": summary.cycle.as_of.isoformat(),
        "portals": [_portal_object(portal, row) for portal, row in shown.rows],
        "violations": [case_object(case) for case in shown.cases],
        "shared_causes": [
            {"server_address": cause.server_address, "portals": list(cause.portal_ids)}
            for cause in summary.shared_causes
        ],
        "summary": {
            "inspected": summary.inspected,
            "failed": dict(summary.failed),
            "held": summary.held,
            "unfinished": summary.unfinished,
            "findings": summary.findings,
        },
    }


def _portal_object(portal: PortalEntry, row: Inspection) -> dict[str, Any]:
    return {
        "id": portal.id,
        "name": portal.name,
        "url": portal.url,
        "site_id_code": portal.site_id_code,
        "state": row.state,
        "attempts": row.attempts,
        "failure": row.failure,
        "detail": row.failure_detail,
        "held": row.summary.get("held"),
        "packs": dict(row.packs),
        "summary": dict(row.summary),
    }


def _print_table(summary: CycleSummary, shown: _Shown) -> None:
    from rich.table import Table

    from gkmonitor.ledger.states import STATE_WORDS
    from gkmonitor.reports.wording import printable

    screen = console.table_console()
    table = Table("编号", "网站", "结果", "问题", "提醒", "未能判定", "页数", box=None)
    for portal, row in shown.rows:
        told = [row.summary.get(name, "") for name in ("violation", "advice", "undecided", "pages")]
        table.add_row(str(portal.id), printable(portal.name), _result(row), *(str(one) for one in told))
    screen.print(table)
    lines = [words for portal, row in shown.rows if (words := _why(portal, row))]
    lines += [
        f"[{case.id}] {case.site.name if case.site else ''}：{case.message}（{STATE_WORDS[case.state]}）"
        for case in shown.cases
    ]
    lines += [
        f"同一服务器 {cause.server_address} 上的 {len(cause.portal_ids)} 个网站同时打不开，按一个原因处理"
        for cause in summary.shared_causes
    ]
    for line in [*lines, _counted(summary, shown)]:
        screen.print(printable(line), soft_wrap=True)


def _counted(summary: CycleSummary, shown: _Shown) -> str:
    failed = sum(summary.failed.values())
    done = summary.inspected - failed - summary.held
    counts = {
        f"检查完成 {done} 个": True,
        f"未能检查 {failed} 个": failed,
        f"可能已改版、待人工核实 {summary.held} 个（确认后运行 inspect --release）": summary.held,
        f"没有做完 {summary.unfinished} 个": summary.unfinished,
    }
    told = "，".join(words for words, number in counts.items() if number)
    return f"共 {len(shown.rows)} 个网站：{told}；评判日 {summary.cycle.as_of}；批次 {summary.cycle.name}"


def _result(row: Inspection) -> str:
    if row.failure is not None:
        return _FAILURE_WORDS[row.failure.value]
    return _STATE_WORDS.get(row.state.value, row.state.value)


def _why(portal: PortalEntry, row: Inspection) -> str:
    """Why a portal was not inspected, or is held; a line of its own, for a table would cut it short."""
    if row.failure is not None:
        return f"{portal.name}：{_FAILURE_WORDS[row.failure.value]}，{row.failure_detail or '原因不明'}"
    held = row.summary.get("held")
    return f"{portal.name}：{held}" if held else ""


def _exit_code(summary: CycleSummary, shown: _Shown) -> int:
    """Violations outrank what could not be finished; when nothing at all could be seen, that is the answer."""
    seen: Sequence[Mapping[str, Any]] = [row.summary for _, row in shown.rows if row.failure is None]
    if any(one.get("violation") for one in seen):
        return console.EXIT_VIOLATIONS
    is_whole = len(seen) == len(shown.rows) and not summary.unfinished
    return console.EXIT_DONE if is_whole else console.EXIT_UNFINISHED


def _release(database: Database, portals: Sequence[PortalEntry]) -> None:
    from gkmonitor.cycles.releasing import release_held
    from gkmonitor.settings import login_name

    screen = console.table_console()
    for portal in portals:
        with database.writing() as session:
            given_up = release_held(session, portal.id, actor=login_name(), now=datetime.now(UTC))
        if given_up is None:
            screen.print(f"{portal.name}：没有待核实的检查")
        else:
            screen.print(f"{portal.name}：已确认改版，放弃 {given_up} 个旧栏目；从下一次检查起按新栏目判断")
