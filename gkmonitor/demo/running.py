"""The demonstration: crawl all simulated portals, judge them, compare with what was planted, write the reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gkmonitor.demo.agreement import Agreement, compare
from gkmonitor.demo.plan import AS_OF, PortalPlan
from gkmonitor.demo.portals import PORTALS, Serving, serve
from gkmonitor.demo.server import RequestLog

if TYPE_CHECKING:
    from gkmonitor.records import PortalFacts
    from gkmonitor.reports.spot import SpotCheck
    from gkmonitor.settings import Settings

# Only for portals that this very process serves: no delay between pages. Everything else is as on real portals.
DEMO_SETTINGS = {
    "request_delay_seconds": 0.0,
    "connections_per_host": 1,
    "max_pages": 120,
    "check_seconds": 120.0,
    "obey_robots": True,
    "timezone": "Asia/Shanghai",
}


@dataclass(frozen=True, slots=True)
class PortalResult:
    """One simulated portal inspected and compared."""

    plan: PortalPlan
    url: str
    spot: SpotCheck
    agreement: Agreement
    log: RequestLog | None  # None: nothing listens there


@dataclass(frozen=True, slots=True)
class DemoResult:
    """All portals, and how long crawling and judging took."""

    portals: tuple[PortalResult, ...]
    seconds: float

    @property
    def is_agreed(self) -> bool:
        return all(each.agreement.is_agreed for each in self.portals)


def demo_settings() -> Settings:
    """Explicit values, so that a delay set for real portals does not slow the demonstration down."""
    from gkmonitor.settings import load_settings

    return load_settings(**DEMO_SETTINGS)


def run_demo(portals: Sequence[PortalPlan] = PORTALS, progress: Callable[[object], None] | None = None) -> DemoResult:
    """Serve, crawl, judge and compare. Raises UnfinishedError when the crawl itself fails."""
    begun = monotonic()
    with serve(portals) as serving:
        facts = inspect_all(portals, serving, progress)
        results = tuple(judge_portal(plan, serving, found) for plan, found in zip(portals, facts, strict=True))
    return DemoResult(results, monotonic() - begun)


def inspect_all(
    portals: Sequence[PortalPlan], serving: Serving, progress: Callable[[object], None] | None
) -> Sequence[PortalFacts]:
    """One crawl process for all portals, as if it were the frozen day. An interrupted one is not worth comparing."""
    from gkmonitor.inspection import inspect_portals

    urls = [f"{serving[plan.key]}/" for plan in portals]
    facts = inspect_portals(urls, settings=demo_settings(), today=AS_OF, proxies={}, progress=progress)
    if any(each.coverage.is_interrupted for each in facts):
        raise KeyboardInterrupt
    return facts


def judge_portal(plan: PortalPlan, serving: Serving, facts: PortalFacts) -> PortalResult:
    """Judge for the frozen day by the packs that bind the portal, and compare."""
    from gkmonitor import __version__
    from gkmonitor.judging import Judge
    from gkmonitor.reports.spot import SpotCheck
    from gkmonitor.rules import select_packs
    from gkmonitor.scoring import summary

    zone = ZoneInfo("Asia/Shanghai")
    noon = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 12, tzinfo=zone).astimezone(UTC)
    facts = replace(facts, observed_at=noon)
    packs = select_packs(None, facts.site, AS_OF)
    verdicts = tuple(Judge(packs, AS_OF).judge(facts))
    spot = SpotCheck(facts, AS_OF, tuple(packs), verdicts, summary(verdicts), zone, __version__)
    return PortalResult(plan, serving[plan.key], spot, compare(plan, verdicts), serving.logs.get(plan.key))


def write_reports(result: DemoResult, folder: Path) -> tuple[Path, ...]:
    """One page a portal and an index; the index comes first. Raises OutputError."""
    from gkmonitor.demo.showing import index_page
    from gkmonitor.errors import OutputError
    from gkmonitor.reports.spot_html import spot_page
    from gkmonitor.reports.writing import write_whole

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"文件夹 {folder} 建不起来：{error.strerror}，请用 --out 换一个位置") from error
    written = []
    for number, each in enumerate(result.portals, start=1):
        path = folder / report_name(number, each.plan)
        write_whole(path, spot_page(each.spot))
        written.append(path)
    index = folder / "index.html"
    write_whole(index, index_page(result))
    return (index, *written)


def report_name(number: int, plan: PortalPlan) -> str:
    return f"{number:02d}-{plan.key}.html"
