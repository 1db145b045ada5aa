"""Availability probes: single ones for some days, sums by day for good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gkmonitor.records import ProbeWindow
from gkmonitor.storage.models import ChainHeadRow, ProbeDayRow, ProbeRow
from gkmonitor.storage.upserting import insert_missing

if TYPE_CHECKING:
    from gkmonitor.probing import Probe

_ROUND: Final = "probes"
KEPT_DAYS: Final = 8  # of single probes; their sums by day are kept


def take_round(session: Session, now: datetime) -> datetime | None:
    """The end of the last round, and this moment as the end of the new one: no turn is asked for twice.

    None when the clock stands before the last round (it was moved back): nothing is due then. A first round begins a
    minute ago.
    """
    insert_missing(session, ChainHeadRow, [{"name": _ROUND, "event_id": 0, "digest": ""}], ["name"])
    head = session.scalars(select(ChainHeadRow).where(ChainHeadRow.name == _ROUND).with_for_update()).one()
    last = datetime.fromisoformat(head.digest) if head.digest else now - timedelta(minutes=1)
    if last >= now:
        return None
    head.digest = now.astimezone(UTC).isoformat()
    return last


def last_round(session: Session) -> datetime | None:
    """The end of the last round."""
    digest = session.scalar(select(ChainHeadRow.digest).where(ChainHeadRow.name == _ROUND))
    return datetime.fromisoformat(digest) if digest else None


def store_probes(session: Session, probes: Sequence[Probe], zone: ZoneInfo) -> None:
    """Adds one round of probes to the single ones and to the sums of their days (in the office's time zone)."""
    if not probes:
        return
    session.connection().execute(
        ProbeRow.__table__.insert(),  # type: ignore[attr-defined]  # a Table, typed as FromClause
        [
            {
                "portal_id": one.portal_id,
                "at": one.at,
                "outcome": one.outcome.value,
                "status": one.status,
                "milliseconds": one.milliseconds,
                "scheme": one.scheme,
                "detail": one.detail[:200] if one.detail else None,
            }
            for one in probes
        ],
    )
    by_day: dict[date, list[Probe]] = {}
    for one in probes:
        by_day.setdefault(one.at.astimezone(zone).date(), []).append(one)
    for day, alike in by_day.items():
        _sum_up(session, day, alike)


def _sum_up(session: Session, day: date, probes: Iterable[Probe]) -> None:
    by_portal: dict[int, list[Probe]] = {}
    for one in probes:
        by_portal.setdefault(one.portal_id, []).append(one)
    fresh: list[dict[str, Any]] = [
        {"portal_id": portal_id, "day": day, "up": 0, "down": 0, "blocked": 0, "void": 0} for portal_id in by_portal
    ]
    insert_missing(session, ProbeDayRow, fresh, ["portal_id", "day"])
    rows = session.scalars(select(ProbeDayRow).where(ProbeDayRow.day == day, ProbeDayRow.portal_id.in_(by_portal)))
    for row in rows.unique():
        for one in by_portal[row.portal_id]:
            setattr(row, one.outcome.value, getattr(row, one.outcome.value) + 1)
            row.slowest_milliseconds = max(row.slowest_milliseconds or 0, one.milliseconds or 0)
    session.flush()


def probe_window(
    session: Session, portal_id: int, as_of: date, *, days: int = 7, probes_a_day: int = 20
) -> ProbeWindow | None:
    """The window of ``days`` days that ends on ``as_of``, or on the day before while that day has too few probes.

    None when nothing was probed in it. A day counts among ``days`` when it has ``probes_a_day`` valid probes.
    """
    query = select(ProbeDayRow).where(
        ProbeDayRow.portal_id == portal_id,
        ProbeDayRow.day > as_of - timedelta(days=days + 1),
        ProbeDayRow.day <= as_of,
    )
    rows = {row.day: row for row in session.scalars(query)}
    today = rows.get(as_of)
    is_whole = today is not None and _valid(today) >= probes_a_day
    last = as_of if is_whole else as_of - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    chosen = [row for day, row in rows.items() if first <= day <= last]
    if not chosen:
        return None
    return ProbeWindow(
        first,
        last,
        up=sum(row.up for row in chosen),
        down=sum(row.down for row in chosen),
        blocked=sum(row.blocked for row in chosen),
        void=sum(row.void for row in chosen),
        days=sum(_valid(row) >= probes_a_day for row in chosen),
    )


def _valid(row: ProbeDayRow) -> int:
    return row.up + row.down + row.blocked


def probe_days(session: Session, portal_id: int, first: date, last: date) -> list[dict[str, Any]]:
    """The sums of each day from ``first`` to ``last``, both with it, in order; days without probes are left out."""
    query = (
        select(ProbeDayRow)
        .where(ProbeDayRow.portal_id == portal_id, ProbeDayRow.day >= first, ProbeDayRow.day <= last)
        .order_by(ProbeDayRow.day)
    )
    names = ("day", "up", "down", "blocked", "void", "slowest_milliseconds")
    return [{name: getattr(row, name) for name in names} for row in session.scalars(query)]


def delete_probes_before(session: Session, moment: datetime) -> int:
    """Retention of the single probes; how many went."""
    return session.connection().execute(delete(ProbeRow).where(ProbeRow.at < moment)).rowcount
