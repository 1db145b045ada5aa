"""What a crawl is asked and what it tells while it runs: plain records, read from and written to JSON lines.

The child process (``python -m spiders``) reads one object::

    {"portals": [{"url", "alternatives": [...]}], "limits": {...}, "today": "2026-11-22"}

``limits`` has the fields of ``CrawlLimits``; what is left out keeps its default.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class CrawlJob:
    """One portal to crawl. ``alternatives`` are tried in order when ``url`` cannot be reached."""

    url: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrawlLimits:
    """What a crawl may spend on one portal, and how politely."""

    user_agent: str = "gkmonitor"
    max_pages: int = 120
    check_seconds: float = 170.0
    max_body_bytes: int = 10 * 1024 * 1024
    max_portal_bytes: int = 300 * 1024 * 1024
    max_depth: int = 3
    request_delay_seconds: float = 1.0
    max_delay_seconds: float = 10.0
    connections_per_host: int = 1
    portals_at_once: int = 32
    obey_robots: bool = True
    fetch_timeout_seconds: float = 15.0
    retries: int = 2
    max_redirects: int = 6
    browser: str = ""  # the Chromium that shows pages made by scripts; empty: none
    max_rendered: int = 20  # pages shown in it
    proxies: Mapping[str, str] = field(default_factory=dict)  # http, https, no
    keep_dir: str = ""  # the folder where pages are kept as evidence; empty: they are not
    private_hosts: tuple[str, ...] | None = None  # the only hosts that may be private; None: those of private portals


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the crawl of one portal is: sent before each page."""

    portal: str
    pages: int
    waiting: int
    columns: int
    url: str
    column: str | None = None

    def to_event(self) -> dict[str, Any]:
        return {"event": "progress", **{name: getattr(self, name) for name in self.__slots__}}


def dump_job(jobs: Sequence[CrawlJob], limits: CrawlLimits, today: date) -> dict[str, Any]:
    """The object that the child process reads."""
    return {
        "portals": [dataclasses.asdict(job) for job in jobs],
        "limits": dataclasses.asdict(limits),
        "today": today.isoformat(),
    }


def load_job(obj: Mapping[str, Any]) -> tuple[tuple[CrawlJob, ...], CrawlLimits, date]:
    """Read what ``dump_job`` wrote. Raises ValueError, KeyError or TypeError on anything else."""
    jobs = tuple(CrawlJob(entry["url"], tuple(entry.get("alternatives", ()))) for entry in obj["portals"])
    return jobs, CrawlLimits(**obj.get("limits", {})), date.fromisoformat(obj["today"])
