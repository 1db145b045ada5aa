"""The desk and the month's notice over a province's ledger on PostgreSQL: how long people and the office wait.

    python bench/desk.py --cases 20000 --portals 300 --seconds 15
    python bench/desk.py                                    a million cases, 14,000 portals: minutes, five gigabytes
    python bench/desk.py --keep /var/tmp/desk               the same; the next run finds the data filled
    python bench/desk.py --keep /var/tmp/desk --users 1 --think 0   what one page costs

A server of its own is started in a temporary folder and removed at the end. ``gkmonitor web`` answers on loopback as
an office runs it; each user logs in, and asks for a page a second after the last one came. Then ``gkmonitor report``
writes the notice. Exit code 1: a limit is passed.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
import psycopg
from desk_ledger import COUNTIES, Size, fill
from desk_server import Server, cpu_seconds_of, indexes_afterwards, server

P95: Final = 0.150  # seconds, of every kind of list and filter, and of all pages
MONTH_SECONDS: Final = 60.0
MONTH_BYTES: Final = 1_000_000_000
THINK: Final = 1.0  # seconds between an answer and the next question
PASSWORD: Final = "a bench's own password"
ROLES: Final = ("inspector", "inspector", "inspector", "viewer")
LIMITED: Final = frozenset(("list", "next", "filter", "search", "portals", "portal filter"))
_NEXT: Final = re.compile(r'href="(/violations\?[^"]*after=[^"]+)"')
_CASE: Final = re.compile(r'data-case="(\d+)"')


@dataclass
class Times:
    """Seconds by kind of page; ``faults``: answers that were none."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, seconds: float) -> None:
        with self.lock:
            self.seconds.setdefault(kind, []).append(seconds)


@dataclass(frozen=True)
class Load:
    """What the users do: so many, for so many seconds, with seconds of thought between an answer and a question."""

    users: int
    seconds: float
    think: float
    size: Size
    rules: Sequence[str]


class User(threading.Thread):
    """One person with a browser, from an address of the person's own."""

    def __init__(self, number: int, base: str, load: Load, times: Times) -> None:
        super().__init__(name=f"user{number}", daemon=True)
        transport = httpx.HTTPTransport(local_address=f"127.0.1.{number + 1}")
        self.http = httpx.Client(base_url=base, transport=transport, timeout=60, headers={"accept": "text/html"})
        self.login, self.load, self.times = f"user{number}", load, times
        self.chance = random.Random(number)
        self.seen: list[str] = []  # cases of the last list
        self.following = ""

    def run(self) -> None:
        try:
            until = time.monotonic() + self.load.seconds
            time.sleep(self.chance.random() * self.load.think)
            while time.monotonic() < until:
                kind, path = self.choose()
                self.ask(kind, path)
                time.sleep(self.load.think)
        except Exception as error:
            self.times.faults.append(f"{self.login}: {error!r}")

    def log_in(self) -> None:
        mark = re.search(r'name="csrf" value="([^"]+)"', self.http.get("/login").text)
        assert mark is not None, "no form to log in"
        answer = self.http.post("/login", data={"csrf": mark[1], "login": self.login, "password": PASSWORD})
        assert answer.status_code == 303, f"log in: {answer.status_code}"

    def ask(self, kind: str, path: str) -> None:
        begun = time.monotonic()
        answer = self.http.get(path)
        self.times.add(kind, time.monotonic() - begun)
        if answer.status_code != 200:
            self.times.faults.append(f"{path}: {answer.status_code}")
        elif path.startswith("/violations?") or path == "/violations":
            self.seen = _CASE.findall(answer.text)
            following = _NEXT.search(answer.text)
            self.following = following[1].replace("&amp;", "&") if following else ""

    def choose(self) -> tuple[str, str]:
        """The next page of somebody who works through the queue and looks around at times."""
        dice = self.chance.random()
        if dice < 0.20:
            return "list", self.chance.choice(["/violations", *(f"/violations?state={one}" for one in STATES)])
        if dice < 0.45:
            return "filter", f"/violations?{self.chance.choice(self.filters())}"
        if dice < 0.55 and self.following:
            return "next", self.following
        if dice < 0.63:
            return "search", f"/violations?q={self.chance.choice(self.words())}"
        if dice < 0.80 and self.seen:
            return "case", f"/violations/{self.chance.choice(self.seen)}"
        if dice < 0.86:
            return "overview", "/overview"
        if dice < 0.90:
            return "portals", "/portals"
        if dice < 0.95:
            region = self.chance.randrange(1, COUNTIES)
            return "portal filter", self.chance.choice([f"/portals?region=第{region}县", "/portals?q=33号"])
        return "portal", f"/portals/{self.chance.randrange(1, self.load.size.portals)}"

    def filters(self) -> list[str]:
        county, rule = self.chance.randrange(1, COUNTIES), self.chance.choice(self.load.rules)
        return [
            "severity=veto", "severity=deduction&sort=newest", f"region=第{county}县", f"unit=第{county}县人民政府",
            f"rule={rule}", f"rule={rule}&state=all", f"portal={self.chance.randrange(1, self.load.size.portals)}",
            "overdue=1", "repeat=1&state=all", "sort=deadline&state=notified", "found_by=person&state=all",
            "profile=department&state=confirmed", "since=2026-01-01&state=all",
        ]  # fmt: skip

    def words(self) -> list[str]:
        return [
            f"第{self.chance.randrange(1, self.load.size.portals)}号政府网站",
            "栏目399",
            str(self.chance.randrange(99999)),
        ]


STATES: Final = ("suspected", "open", "confirmed", "notified", "rectified", "closed", "dismissed", "all")


# ---------------------------------------------------------------- the office


def prepare(server: Server, size: Size, users: int, now: datetime) -> list[str]:
    """Migrates, fills unless an earlier run did, adds the accounts; gives the rules that cases are about."""
    from gkmonitor.storage import open_database
    from gkmonitor.storage.case_scope import rules_of_cases
    from gkmonitor.storage.migrating import upgrade

    database = open_database(server.address)
    upgrade(database)
    with psycopg.connect(server.address, autocommit=True) as connection:
        if server.kept is None:
            with indexes_afterwards(connection):
                fill(connection, size, now)
            server.keep(size, now)
        connection.execute("VACUUM ANALYZE")  # also for indexes that a later migration brought
        stored = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        events = connection.execute("SELECT count(*) FROM events").fetchone()
    assert stored is not None
    assert events is not None
    print(f"{size.cases} cases, {events[0]} events, {size.portals} portals: {stored[0] / 1e9:.2f} GB", flush=True)
    add_accounts(database, users, now)
    with database.reading() as session:
        rules = rules_of_cases(session)
    database.close()
    return rules


def add_accounts(database: Any, users: int, now: datetime) -> None:
    from gkmonitor.accounts.passwords import hash_password
    from gkmonitor.accounts.records import Role
    from gkmonitor.settings import load_settings
    from gkmonitor.storage.accounts import NewAccount, add_account, find_account

    kept = hash_password(PASSWORD, load_settings().hash_cost)
    with database.writing() as session:
        for number in range(users):
            if find_account(session, f"user{number}") is not None:
                continue
            role = Role(ROLES[number % len(ROLES)])
            new = NewAccount(f"user{number}", f"用户{number}", role, kept, None, must_change_password=False)
            add_account(session, new, now)


def environment(address: str) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("GKMONITOR_")}
    return known | {"GKMONITOR_DATABASE_URL": address, "GKMONITOR_OFFICE_NAME": "青禾省人民政府办公厅"}


@contextmanager
def web(address: str, folder: Path, workers: int) -> Iterator[tuple[str, int]]:
    """``gkmonitor web`` at a free port: its address and its process; says at the end what memory it took."""
    port = free_port()
    command = [sys.executable, "-m", "gkmonitor", "web", "--port", str(port), "--workers", str(workers)]
    with (folder / "web.log").open("w") as log:
        running = subprocess.Popen(command, env=environment(address), cwd=folder, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}", running)
        yield f"http://127.0.0.1:{port}", running.pid
    finally:
        every = [psutil.Process(running.pid), *psutil.Process(running.pid).children()]
        memory = " + ".join(f"{one.memory_info().rss / 1e6:.0f}" for one in every)
        print(f"web: {workers} processes, CPU {cpu_seconds_of(running.pid):.1f} s, memory {memory} MB")
        running.send_signal(signal.SIGTERM)
        running.wait()


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(base: str, running: subprocess.Popen[Any]) -> None:
    for _ in range(300):
        if running.poll() is not None:
            sys.exit("the web ended at once")
        try:
            if httpx.get(f"{base}/live").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit("the web does not answer")


# ---------------------------------------------------------------- figures


def ask_pages(base: str, load: Load, cpu_seconds: Callable[[], tuple[float, float]]) -> bool:
    """Whether the pages kept their limits. ``cpu_seconds``: what web and database have used so far."""
    times = Times()
    people = [User(number, base, load, times) for number in range(load.users)]
    for one in people:
        one.log_in()
    for path in ("/violations", "/overview", "/portals", "/portals/1", "/violations/1"):  # what only the first one pays
        begun = time.monotonic()
        people[0].http.get(path)
        print(f"first {path}: {time.monotonic() - begun:.2f} s", flush=True)
    before = cpu_seconds()
    print(f"load before: {os.getloadavg()[0]:.1f}", flush=True)
    for one in people:
        one.start()
    for one in people:
        one.join(load.seconds + 120)
    used = [after - at for after, at in zip(cpu_seconds(), before, strict=True)]
    print(f"{load.users} users, {load.think:g} s think time, {load.seconds:g} s; load {os.getloadavg()[0]:.1f}")
    is_kept = print_times(times)
    asked = max(1, sum(len(found) for found in times.seconds.values()))
    words = (f"{name} {1000 * one / asked:.1f} ms" for name, one in zip(("web", "database"), used, strict=True))
    print(f"CPU a page: {', '.join(words)}")
    return is_kept


def print_times(times: Times) -> bool:
    """A line for each kind of page; whether all kept their limits."""
    print("".join(f"{word:>15}" for word in ("page", "asked", "p50 ms", "p95 ms", "p99 ms", "most ms")))
    is_kept = not times.faults
    everything = [one for found in times.seconds.values() for one in found]
    for kind, found in [*sorted(times.seconds.items()), ("all", everything)]:
        shares = [share(found, part) for part in (0.5, 0.95, 0.99)]
        is_late = shares[1] > P95 and (kind in LIMITED or kind == "all")
        is_kept = is_kept and not is_late
        figures = (kind, len(found), *(f"{1000 * one:.0f}" for one in (*shares, max(found))))
        print("".join(f"{word!s:>15}" for word in figures) + ("  too slow" if is_late else ""))
    print(f"faults: {len(times.faults)}")
    for fault in times.faults[:10]:
        print("fault:", fault)
    return is_kept


def share(found: Sequence[float], part: float) -> float:
    """The time within which that part of the answers came."""
    ordered = sorted(found)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def write_month(address: str, folder: Path, now: datetime) -> bool:
    """Whether the notice kept its limits."""
    month = f"{now - timedelta(days=1):%Y-%m}"
    command = [sys.executable, "-m", "gkmonitor", "report", "--month", month, "--format", "docx,xlsx,json"]
    begun = time.monotonic()
    with (folder / "report.log").open("w") as log:
        running = subprocess.Popen(
            [*command, "--out", str(folder)], env=environment(address), cwd=folder, stdout=log, stderr=log
        )
    _, status, usage = os.wait4(running.pid, 0)
    seconds, most = time.monotonic() - begun, usage.ru_maxrss * 1024
    cpu = usage.ru_utime + usage.ru_stime
    written = [one for one in folder.iterdir() if one.suffix in (".docx", ".xlsx", ".json")]
    files = ", ".join(f"{one.suffix} {one.stat().st_size / 1e6:.1f} MB" for one in sorted(written))
    print(f"month {month}: {seconds:.1f} s (CPU {cpu:.1f} s), peak memory {most / 1e6:.0f} MB; {files}")
    if status != 0 or len(written) != 3:
        print(f"the notice was not written ({status}):", (folder / "report.log").read_text()[-2000:])
        return False
    return seconds <= MONTH_SECONDS and most <= MONTH_BYTES


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--portals", type=int, default=14_000)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60, help="how long the users ask")
    parser.add_argument("--think", type=float, default=THINK, help="seconds between an answer and the next question")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="processes of the web")
    parser.add_argument("--keep", type=Path, help="a folder whose data stay for the next run")
    parser.add_argument("--only", choices=("pages", "month"))
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before it was over"))
    size, now = Size(args.portals, args.cases), datetime.now(UTC).replace(microsecond=0)
    is_kept = True
    with server(args.keep) as running, tempfile.TemporaryDirectory(prefix="gkmonitor-desk-") as name:
        folder, begun = Path(name), time.monotonic()
        if running.kept is not None:
            size, now = running.kept
        rules = prepare(running, size, args.users, now)
        print(f"ready after {time.monotonic() - begun:.0f} s, filled {now}, {os.cpu_count()} cores", flush=True)
        load = Load(args.users, args.seconds, args.think, size, rules)
        if args.only != "month":
            with web(running.address, folder, args.workers) as (base, process):
                is_kept = ask_pages(base, load, lambda: (cpu_seconds_of(process), running.cpu_seconds()))
        if args.only != "pages":
            is_kept = write_month(running.address, folder, now) and is_kept
    print("within the limits" if is_kept else "above a limit")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
