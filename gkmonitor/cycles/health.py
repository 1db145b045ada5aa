"""Whether the crawler itself is well: what it brings home, and whether it goes out at all. Pure.

A portal that suddenly yields half of what it did is more often a fault of ours (a wall, a new menu that we cannot
read) than of the portal, and silence would look like "nothing wrong". So it is told to the office, never to a unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from statistics import median
from typing import Any, Final

import yaml

from gkmonitor.errors import SettingError

MAX_LISTED: Final = 20  # portals named in one message
_ROUNDING: Final = 1e-9  # 0.1 and 0.2 make a little more than 0.3


class AlarmKind(StrEnum):
    """What is wrong."""

    YIELD = "yield"  # portals brought far less than usual
    FAILED_SHARE = "failed_share"  # far more portals failed than usual
    SHARED_CAUSE = "shared_cause"  # portals at one server failed together
    CYCLE_OVERDUE = "cycle_overdue"
    PROBES_OVERDUE = "probes_overdue"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that somebody should look at. ``about`` tells two of a kind apart, such as the cycle's number."""

    kind: AlarmKind
    words: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of ``data/health.yaml``."""

    cycle_hours: float
    probe_minutes: float
    scheduler_minutes: float
    notice_minutes: float
    yield_share: float
    yield_history: int
    yield_history_least: int
    yield_least: int
    failed_history: int
    failed_jump: float
    failed_unknown: float
    failed_least: int


@cache
def default_limits() -> Limits:
    return Limits(**yaml.safe_load(files("gkmonitor").joinpath("data/health.yaml").read_text(encoding="utf-8")))


def limits_of(arguments: Mapping[str, Any]) -> Limits:
    """The shipped limits with what an office has set. Raises SettingError for a name or a number that is wrong."""
    known = {one.name for one in fields(Limits)}
    for name, value in arguments.items():
        if name not in known:
            raise SettingError(f"计划“health”的参数“{name}”不认识，可用的有：{'、'.join(sorted(known))}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
            raise SettingError(f"计划“health”的参数“{name}”须为正数")
    return replace(default_limits(), **dict(arguments))


# ---------------------------------------------------------------- what portals yield


@dataclass(frozen=True, slots=True)
class Yield:
    """What one inspection brought: pages fetched and columns that were read."""

    pages: int
    columns: int


@dataclass(frozen=True, slots=True)
class YieldDrop:
    """A portal that brought far less than usual; ``usual`` is the median of its earlier inspections."""

    portal_id: int
    now: Yield
    usual: Yield

    @property
    def words(self) -> str:
        pages = f"{self.now.pages} 页（平时 {self.usual.pages} 页）"
        return f"读到 {pages}、{self.now.columns} 个栏目（平时 {self.usual.columns} 个）"


def find_yield_drop(portal_id: int, now: Yield, earlier: Sequence[Yield], limits: Limits) -> YieldDrop | None:
    """Compare a successful inspection with the successful ones before it (the newest first)."""
    known = earlier[: limits.yield_history]
    if len(known) < limits.yield_history_least:
        return None
    usual_pages = median(one.pages for one in known)
    usual_columns = median(one.columns for one in known)
    if not (_has_dropped(now.pages, usual_pages, limits) or _has_dropped(now.columns, usual_columns, limits)):
        return None
    return YieldDrop(portal_id, now, Yield(round(usual_pages), round(usual_columns)))


def _has_dropped(now: int, usual: float, limits: Limits) -> bool:
    return usual >= limits.yield_least and now < usual * limits.yield_share


def yield_alarm(cycle_id: int, cycle_name: str, drops: Sequence[tuple[str, YieldDrop]]) -> Alarm | None:
    """One alarm for a cycle; ``drops``: (name of the portal, its drop)."""
    if not drops:
        return None
    listed = "；".join(f"{name}{drop.words}" for name, drop in drops[:MAX_LISTED])
    more = f"；另有 {len(drops) - MAX_LISTED} 个" if len(drops) > MAX_LISTED else ""
    words = f"{cycle_name} 中有 {len(drops)} 个网站读到的内容不到平时的一半，可能是采集受阻或网站改版：{listed}{more}"
    return Alarm(AlarmKind.YIELD, words, str(cycle_id))


# ---------------------------------------------------------------- cycles and probes


@dataclass(frozen=True, slots=True)
class CycleOutcome:
    """How many portals a finished cycle asked, and how many of them could not be inspected."""

    cycle_id: int
    name: str
    portals: int
    failed: int
    shared_causes: tuple[tuple[str, int], ...] = ()  # (server address, portals that failed together there)

    @property
    def share(self) -> float:
        return self.failed / self.portals if self.portals else 0.0


def failed_share_alarm(outcomes: Sequence[CycleOutcome], limits: Limits) -> Alarm | None:
    """Compare the newest cycle (the first) with those before it."""
    if not outcomes or outcomes[0].failed < limits.failed_least:
        return None
    newest, earlier = outcomes[0], outcomes[1 : limits.failed_history + 1]
    usual = median(one.share for one in earlier) if earlier else None
    bound = usual + limits.failed_jump if usual is not None else limits.failed_unknown
    if newest.share < bound - _ROUNDING:
        return None
    compared = f"平时 {usual:.0%}" if usual is not None else "没有更早的检查可比"
    words = f"{newest.name} 的 {newest.portals} 个网站中有 {newest.failed} 个未能检查（{newest.share:.0%}，{compared}）"
    return Alarm(AlarmKind.FAILED_SHARE, f"{words}，请检查本机网络和设置", str(newest.cycle_id))


def shared_cause_alarm(newest: CycleOutcome) -> Alarm | None:
    """One alarm for the servers at which no portal could be inspected, the largest first."""
    if not newest.shared_causes:
        return None
    causes = sorted(newest.shared_causes, key=lambda one: (-one[1], one[0]))
    listed = "；".join(f"{address} 上的 {portals} 个网站" for address, portals in causes[:MAX_LISTED])
    more = f"；另有 {len(causes) - MAX_LISTED} 台服务器" if len(causes) > MAX_LISTED else ""
    words = f"{newest.name} 中同一服务器上的网站同时未能检查，每台按一个原因处理，不分别列为问题：{listed}{more}"
    return Alarm(AlarmKind.SHARED_CAUSE, f"{words}，请核实是服务器故障还是采集受阻", str(newest.cycle_id))


def overdue_alarm(kind: AlarmKind, since: datetime | None, now: datetime, limit: timedelta) -> Alarm | None:
    """Something that should have happened again; ``since`` None: nothing is expected. ``now`` exactly at the limit is
    not late yet, and a clock that was moved back alarms nobody."""
    if since is None or now - since <= limit:
        return None
    hours = (now - since) / timedelta(hours=1)
    lasted = f"{hours:.0f} 小时" if hours >= 2 else f"{hours * 60:.0f} 分钟"
    what = {
        AlarmKind.CYCLE_OVERDUE: f"已有 {lasted}没有完成一轮检查，请查看计划和任务队列",
        AlarmKind.PROBES_OVERDUE: f"已有 {lasted}没有进行可用性探测，请查看计划程序和执行程序是否在运行",
    }
    return Alarm(kind, what[kind])


def expected_since(
    happened: datetime | None, could_begin: datetime | None, switched_on: datetime | None
) -> datetime | None:
    """From when on something is waited for; None: it is not expected at all.

    ``could_begin``: when it could first have happened (None: never); ``switched_on``: when its schedule was changed
    last (None: it is switched off), for what was switched off for a week is not late the moment it is switched on.
    """
    if could_begin is None or switched_on is None:
        return None
    return max(happened or could_begin, switched_on)
