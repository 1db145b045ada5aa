"""The condition of the service for Prometheus. Counts by state only: no portal, no unit, nobody's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from gkmonitor import __version__
from gkmonitor.condition import Condition, Status
from gkmonitor.cycles.health import AlarmKind
from gkmonitor.storage.figures import Figures

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
PREFIX: Final = "gkmonitor_"
Family = GaugeMetricFamily


class ConditionCollector(Collector):
    """Turns the condition of the moment into gauges."""

    def __init__(self, read: Callable[[], Condition]) -> None:
        self._read = read

    def describe(self) -> list[Family]:
        """Nothing: the registry is not to ask the database when it is made."""
        return []

    def collect(self) -> Iterator[Family]:
        condition = self._read()
        yield _by("build_info", "The release that answers", ("version",), [((__version__,), 1)])
        yield _one("database_up", "Whether the database can be asked", condition.is_reachable)
        is_current = condition.revision == condition.head
        yield _one("database_current", "Whether its tables are those of this release", is_current)
        statuses = {one.value: int(one is condition.status) for one in Status}
        yield _by("status", "The condition of the service: 1 at the one that holds", ("status",), _labelled(statuses))
        if condition.figures is not None:
            yield from _alarms(condition)
            yield from _of_registry_and_ledger(condition.figures)
            yield from _of_cycle(condition.figures)
            yield from _of_work(condition, condition.figures)


def metrics_text(registry: CollectorRegistry) -> bytes:
    """The exposition format, version 0.0.4."""
    return generate_latest(registry)


def make_registry(read: Callable[[], Condition]) -> CollectorRegistry:
    """A registry of our own, with the gauges of the service and of this process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ConditionCollector(read))
    ProcessCollector(registry=registry)
    return registry


def _alarms(condition: Condition) -> Iterator[Family]:
    counts = {kind.value: sum(one.kind is kind for one in condition.alarms) for kind in AlarmKind}
    yield _by("alarms", "What is wrong with the crawler", ("kind",), _labelled(counts))
    yield _one("problems", "Everything that needs a look, alarms included", len(condition.problems))


def _of_registry_and_ledger(figures: Figures) -> Iterator[Family]:
    yield _by("portals", "Portals of the registry", ("state",), _labelled(figures.portals))
    yield _by("cases", "Violations of the ledger", ("state", "severity"), figures.cases.items())
    yield _one("facts_bytes", "Stored facts, estimated from the newest", figures.facts_bytes)
    yield _one("database_bytes", "Size of the database", figures.database_bytes)


def _of_cycle(figures: Figures) -> Iterator[Family]:
    found = figures.cycle
    if found is None:
        return
    yield _by("last_cycle_portals", "Portals of the newest cycle", ("result",), _labelled(found.results))
    yield _by("last_cycle_findings", "Findings of the newest cycle", ("severity",), _labelled(found.findings))
    yield _instant("last_cycle_started", "When the newest cycle began", found.cycle.started_at)
    yield _instant("last_cycle_finished", "When it was finished; absent while it runs", found.cycle.finished_at)


def _of_work(condition: Condition, figures: Figures) -> Iterator[Family]:
    queue = figures.queue
    jobs = {"waiting": queue.waiting, "running": queue.running, "failed": queue.failed, "stalled": queue.stalled}
    yield _by("jobs", "Jobs of the queue", ("state",), _labelled(jobs))
    yield _by("probes_last_hour", "Availability probes of the last hour", ("outcome",), _labelled(figures.probes))
    yield _by("notices", "Notices of the outbox", ("state",), _labelled(figures.notices))
    yield _one("notices_late", "Notices that should have gone out", figures.notices_late)
    yield _instant("last_probe_round", "When the portals were last probed", figures.last_probe_round)
    yield _instant("scheduler_last_tick", "When the scheduler last handed out work", condition.last_tick)


# ---------------------------------------------------------------- gauges


def _one(name: str, words: str, value: float) -> Family:
    return Family(PREFIX + name, words, value=float(value))


def _by(name: str, words: str, labels: Sequence[str], values: Iterable[tuple[tuple[str, ...], float]]) -> Family:
    family = Family(PREFIX + name, words, labels=labels)
    for key, value in sorted(values):
        family.add_metric(key, float(value))
    return family


def _instant(name: str, words: str, moment: datetime | None) -> Family:
    """Seconds since 1970; a gauge without a sample where it never was."""
    family = Family(f"{PREFIX}{name}_timestamp_seconds", words)
    if moment is not None:
        family.add_metric((), moment.timestamp())
    return family


def _labelled(values: Mapping[str, int]) -> list[tuple[tuple[str, ...], float]]:
    return [((name,), float(number)) for name, number in values.items()]
