"""A whole night's cycle over many simulated portals on loopback: what it costs, and what 14,000 portals would need.

    python bench/fleet.py [--portals 200] [--pages 20] [--nights 3] [--connections 4]
    python bench/fleet.py --portals 2000 --pages 60 --nights 1          the full run

The cycle is the service's own (gkmonitor.cycles.whole.run_cycle) on an SQLite database with evidence, without pauses
between requests. The first night registers every item; the second one opens the cases and keeps their second evidence;
the third one is what the nights after it are like, so only three nights say what a month needs. How far a night is
goes to stderr, and SIGTERM ends the run with the figures so far. CPU seconds
are those of the crawl processes (fetching and reading), of this process (judging and storing) and, for comparison, of
the readers alone on the same pages. The server's own CPU is not counted.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fleet_server import Fleet
from plain_server import address

HERE = Path(__file__).resolve().parent
PORT = 18081
PAUSE = 1.0  # seconds between two requests to one portal, as the service keeps them
FIRST_DAY = datetime.now(UTC).date() + timedelta(days=1)  # a day to come stands for the time of the observation too
PROVINCE = 14_000
WINDOW_HOURS = 7.5  # from 22:30 to 06:00
STEADY_NIGHT = 3  # from which on nights are alike
BODIES = {"facts": "body", "inspections": "verdicts"}
TABLES = ("facts", "inspections", "findings", "items", "item_texts", "columns", "cases", "events", "evidence")


@dataclass(frozen=True)
class Night:
    """One cycle's figures."""

    portals: int
    findings: int
    requests: int
    megabytes: float
    wall: float
    crawl_cpu: float
    own_cpu: float
    database: int  # bytes that it grew
    evidence: int
    rows: dict[str, int]
    bodies: dict[str, int]  # bytes of compressed facts and verdicts

    @property
    def cpu(self) -> float:
        return self.crawl_cpu + self.own_cpu


class Office:
    """A database, an evidence folder and the registered portals."""

    def __init__(self, folder: Path, args: argparse.Namespace) -> None:
        from gkmonitor.settings import load_settings
        from gkmonitor.storage import open_database
        from gkmonitor.storage.migrating import upgrade
        from gkmonitor.storage.portals import add_portal
        from gkmonitor.storage.registry_changes import By

        self.file, self.evidence = folder / "fleet.db", folder / "evidence"
        self.database = open_database(f"sqlite:///{self.file}")
        upgrade(self.database)
        self.settings = load_settings(
            max_pages=args.pages, check_seconds=7200, request_delay_seconds=0.0,
            connections_per_host=args.connections, evidence_dir=str(self.evidence),
        )  # fmt: skip
        by = By("bench", datetime.now(UTC))
        with self.database.writing() as session:
            self.portals = [add_portal(session, portal(k), (), by) for k in range(args.portals)]

    def size(self) -> tuple[int, int]:
        """Bytes of the database and of the evidence."""
        with closing(sqlite3.connect(self.file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.file.stat().st_size, sum(f.stat().st_size for f in self.evidence.rglob("*") if f.is_file())

    def rows(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.file)) as connection:
            return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}

    def bodies(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.file)) as connection:
            return {
                name: connection.execute(f"SELECT coalesce(sum(length({body})), 0) FROM {name}").fetchone()[0]
                for name, body in BODIES.items()
            }


class Progress:
    """Says on stderr how far a night is, a hundred portals at a time."""

    def __init__(self, portals: int, begun: float) -> None:
        self.done, self.portals, self.begun = 0, portals, begun

    def count(self, _inspection: object) -> None:
        self.done += 1
        if self.done % 100 == 0:
            crawls, own = cpu(resource.RUSAGE_CHILDREN), cpu(resource.RUSAGE_SELF)
            wall = time.monotonic() - self.begun
            words = f"{self.done} of {self.portals} portals, {wall:.0f} s, CPU {crawls:.0f} s crawls + {own:.0f} s own"
            print(words, file=sys.stderr, flush=True)


def portal(number: int) -> dict[str, str]:
    return {"name": f"青禾县{number}", "url": f"http://{address(number)}:{PORT}/", "profile": "county-portal"}


def grown(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {name: count - before[name] for name, count in after.items()}


def run_night(office: Office, args: argparse.Namespace, day: date) -> Night:
    """One cycle against a fresh server."""
    from gkmonitor.cycles.records import CycleKind
    from gkmonitor.cycles.whole import run_cycle

    command = [sys.executable, str(HERE / "fleet_server.py")]
    command += [str(args.portals), str(PORT), str(args.pages - 1), day.isoformat()]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE)
    assert server.stdin
    assert server.stdout
    server.stdout.readline()
    before, rows, bodies = office.size(), office.rows(), office.bodies()
    own, crawls, begun = cpu(resource.RUSAGE_SELF), cpu(resource.RUSAGE_CHILDREN), time.monotonic()
    name, now = f"{day}/night", datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    told_at = Progress(args.portals, begun)
    summary = run_cycle(
        office.database, office.settings, office.portals, name=name, kind=CycleKind.REGULAR, as_of=day,
        clock=lambda: now, settled=told_at.count,
    )  # fmt: skip
    wall = time.monotonic() - begun
    spent = cpu(resource.RUSAGE_CHILDREN) - crawls, cpu(resource.RUSAGE_SELF) - own
    told = json.loads(server.communicate("")[0].splitlines()[-1])
    after = office.size()
    return Night(
        portals=summary.inspected, findings=summary.findings, requests=told["requests"], megabytes=told["bytes"] / 1e6,
        wall=wall, crawl_cpu=spent[0], own_cpu=spent[1],
        database=after[0] - before[0], evidence=after[1] - before[1],
        rows=grown(office.rows(), rows), bodies=grown(office.bodies(), bodies),
    )  # fmt: skip


def cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def reader_seconds(pages: int) -> float:
    """CPU seconds that the readers take for one page of the fleet."""
    from spiders.readers import read_page

    fleet = Fleet(pages - 1, FIRST_DAY)
    bodies = [fleet.answer(k, f"/c{k % (pages - 1)}/index.html").split(b"\r\n\r\n", 1)[1] for k in range(40)]
    read_page(bodies[0], "http://127.9.0.1/c0/index.html")
    begun = time.process_time()
    for k, body in enumerate(bodies):
        read_page(body, f"http://127.9.0.1/c{k}/index.html")
    return (time.process_time() - begun) / len(bodies)


def report(nights: Sequence[Night], args: argparse.Namespace) -> None:
    print(f"{args.portals} portals, {args.pages} pages each, {os.cpu_count()} cores (the server shares them)")
    head = ("night", "portals", "requests", "MB", "wall s", "crawl CPU", "judge+store", "portals/h", "portals/core-h")
    print("".join(f"{word:>15}" for word in head))
    for number, night in enumerate(nights, 1):
        figures = (
            f"{number}", f"{night.portals}", f"{night.requests}", f"{night.megabytes:.0f}", f"{night.wall:.1f}",
            f"{night.crawl_cpu:.1f}", f"{night.own_cpu:.1f}", f"{3600 * night.portals / night.wall:.0f}",
            f"{3600 * night.portals / night.cpu:.0f}",
        )  # fmt: skip
        print("".join(f"{word:>15}" for word in figures))
    last = nights[-1]
    readers = reader_seconds(args.pages)
    share = readers * last.requests / last.crawl_cpu
    print(f"readers alone: {1000 * readers:.2f} ms a page, {share:.0%} of the crawl processes' CPU")
    most = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"peak memory: {most[0]:.0f} MB this process, {most[1]:.0f} MB the largest crawl process")
    for number, night in enumerate(nights, 1):
        rows = ", ".join(f"{name} {count}" for name, count in night.rows.items())
        held = ", ".join(f"{name} {mb(size)}" for name, size in night.bodies.items())
        print(f"night {number}: compressed {held}")
        print(f"night {number} stored {mb(night.database)} + {mb(night.evidence)} of evidence: {rows}")
    if len(nights) >= STEADY_NIGHT:
        need(nights, args)
    else:
        print(f"what a month needs is only known after {STEADY_NIGHT} nights")


def need(nights: Sequence[Night], args: argparse.Namespace) -> None:
    """What a province's portals would need, from the last night's figures."""
    last = nights[-1]
    times = PROVINCE / max(1, last.portals)
    month, evidence = (month_of([getattr(one, what) for one in nights]) * times for what in ("database", "evidence"))
    evidence += times * nights[0].evidence  # what still stands is kept again after 28 days
    hours = last.cpu * times / 3600
    print(f"{PROVINCE} portals a night: {hours:.1f} core hours, {hours / WINDOW_HOURS:.1f} cores in {WINDOW_HOURS} h;")
    under_way = math.ceil(PROVINCE * args.pages * PAUSE / (WINDOW_HOURS * 3600))
    print(f"  polite ({PAUSE:.0f} s a page): {under_way} portals under way at any time;")
    print(f"  database: {mb(last.database * times)} a night, {mb(month)} in the first month,")
    print(f"  evidence: {mb(evidence)} in the first month")


def month_of(nights: Sequence[int]) -> int:
    """Bytes of thirty nights: those that were measured, and the rest like the last one."""
    return sum(nights) + (30 - len(nights)) * nights[-1]


def mb(count: float) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portals", type=int, default=200)
    parser.add_argument("--pages", type=int, default=20, help="page budget of a portal")
    parser.add_argument("--nights", type=int, default=3)
    parser.add_argument("--connections", type=int, default=4, help="connections a host")
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before the night was over"))
    nights: list[Night] = []
    with tempfile.TemporaryDirectory(prefix="gkmonitor-fleet-") as folder:
        office = Office(Path(folder), args)
        try:
            for number in range(args.nights):
                nights.append(run_night(office, args, FIRST_DAY + timedelta(days=number)))
        finally:
            office.database.close()
            if nights:
                report(nights, args)
    return 0 if len(nights) == args.nights and all(night.portals == args.portals for night in nights) else 1


if __name__ == "__main__":
    sys.exit(main())
