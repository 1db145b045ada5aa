"""The condition of the service as JSON: ``gkmonitor.health/1``. Counts and instants, nothing about people."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from gkmonitor import __version__
from gkmonitor.condition import Condition
from gkmonitor.storage.figures import CycleFigures

SCHEMA: Final = "gkmonitor.health/1"


def health_object(condition: Condition) -> dict[str, Any]:
    """What ``GET /health`` answers. Parts that only the database knows are null while it cannot be asked."""
    figures = condition.figures
    return {
        "schema": SCHEMA,
        "status": condition.status.value,
        "version": __version__,
        "at": _instant(condition.at),
        "problems": [{"code": one.code, "message": one.words} for one in condition.problems],
        "database": {
            "reachable": condition.is_reachable,
            "revision": condition.revision,
            "head": condition.head,
            "current": condition.revision == condition.head,
        },
        "scheduler": figures and {"last_tick": _instant(condition.last_tick), "late": condition.is_scheduler_late},
        "queue": figures
        and {
            "waiting": figures.queue.waiting,
            "running": figures.queue.running,
            "failed": figures.queue.failed,
            "stalled": figures.queue.stalled,
        },
        "cycle": figures and figures.cycle and _cycle(figures.cycle),
        "probes": figures
        and {"last_round": _instant(figures.last_probe_round), "last_hour": dict(sorted(figures.probes.items()))},
        "notices": figures
        and {
            "waiting": figures.notices.get("waiting", 0) + figures.notices.get("sending", 0),
            "late": figures.notices_late,
            "failed": figures.notices.get("failed", 0),
        },
    }


def _cycle(found: CycleFigures) -> dict[str, Any]:
    cycle = found.cycle
    return {
        "name": cycle.name,
        "kind": cycle.kind.value,
        "as_of": cycle.as_of.isoformat(),
        "started_at": _instant(cycle.started_at),
        "finished_at": _instant(cycle.finished_at),
        "portals": dict(sorted(found.results.items())),
        "findings": dict(sorted(found.findings.items())),
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None
