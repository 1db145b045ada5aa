"""What the commands of the ledger share: the clock, who acts, ids, files, and cases as lines on a terminal."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from gkmonitor.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from gkmonitor.ledger.records import Case
    from gkmonitor.settings import Settings
    from gkmonitor.storage import Database, Session

Json = Annotated[bool, typer.Option("--json", help="向标准输出打印 JSON")]
Actor = Annotated[str | None, typer.Option(metavar="姓名", help="记在台账里的人；不写时是登录名")]
Sites = Annotated[list[str] | None, typer.Option("--site", metavar="网站", help="编号、网址、名称或网站标识码")]
GroupOption = Annotated[str | None, typer.Option(metavar="单位", help="一个单位（连同下级）、地区或层级")]
Files = Annotated[list[str] | None, typer.Option("--file", metavar="文件", help="附件，如截图、答复函")]
SHOWN_MESSAGE = 60


@dataclass(frozen=True)
class Desk:
    """Where and when a command works: the office's settings, its database, this moment and its day."""

    settings: Settings
    database: Database
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


@contextmanager
def open_desk() -> Iterator[Desk]:
    """The desk of the office whose settings these are; closed at the end."""
    from gkmonitor.cli.opening import open_service_database
    from gkmonitor.settings import get_settings

    settings = get_settings()
    with closing(open_service_database(settings)) as database:
        yield Desk(settings, database, datetime.now(UTC), ZoneInfo(settings.timezone))


def actor_name(actor: str | None) -> str:
    """Who acts; the login name when none is given. Raises LedgerError for an empty name."""
    from gkmonitor.settings import login_name

    name = login_name() if actor is None else actor.strip()
    if not name:
        raise LedgerError("--actor 的姓名是空的")
    return name


def portal_ids(session: Session, sites: Sequence[str] | None, group: str | None) -> list[int] | None:
    """Ids of the portals that the options mean, paused and retired ones too; None: every portal."""
    from gkmonitor.registry.records import PortalState
    from gkmonitor.storage.portals import find_portals

    if not sites and group is None:
        return None
    return [one.id for one in find_portals(session, sites=sites or (), group=group, states=list(PortalState))]


def month_bounds(month: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants between which a month lies in the office's time zone. Raises LedgerError."""
    from gkmonitor.ledger.tasks import first_of

    first = first_of(month)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return _midnight(first, zone), _midnight(after, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def attach(desk: Desk, session: Session, portal_id: int, files: Sequence[str] | None) -> tuple[int, ...]:
    """Keeps the files as evidence of a portal; the ids of their rows."""
    from gkmonitor.attachments import keep_files
    from gkmonitor.storage.case_details import add_uploads

    if not files:
        return ()
    kept = keep_files(desk.settings.evidence_folder, [Path(file).expanduser() for file in files], desk.today)
    return add_uploads(session, portal_id, kept, day=desk.today, now=desk.now)


# ---------------------------------------------------------------- words


def case_table(cases: Sequence[Case], zone: ZoneInfo) -> Table:
    """Cases as a table for the terminal."""
    from rich import box
    from rich.table import Table

    from gkmonitor.reports.case_wording import found_words, state_words
    from gkmonitor.reports.terminal import Paragraph
    from gkmonitor.reports.wording import SEVERITIES, local_time, printable

    table = Table(box=box.SIMPLE_HEAD, expand=True)
    for head, ratio in (("编号", None), ("状态", 2), ("程度", None), ("网站", 3), ("问题", 6), ("最近发现", None)):
        table.add_column(head, ratio=ratio, overflow="fold", no_wrap=ratio is None)
    for case in cases:
        again = f"（第 {case.repeats + 1} 次出现）" if case.repeats else ""
        message = f"{found_words(case)}{printable(case.message)}{again}"
        site = printable(case.site.name if case.site else "")
        cells: list[Any] = [str(case.id), state_words(case), SEVERITIES[case.severity], site, message]
        table.add_row(*(Paragraph(cell) for cell in cells), local_time(case.last_seen, zone))
    return table
