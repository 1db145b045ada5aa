"""Pages a wall second of a full inspection crawl, beside fetchers that read nothing, in one interleaved run.

    python bench/crawl.py [--hosts N] [--rounds N] [--concurrency N] [--limit RATIO] [--memory MB]

A plain server is pinned to the last core. The inspection crawl goes first and says which pages it wanted; the
others then fetch just those. Seconds are the server's, from the first request to the last, so that nobody's
start-up counts; CPU seconds and memory are those of all its processes together. Exit 1 when our pages a second
are under the limit times those of the bare spider, or memory is above.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from plain_server import address

HERE = Path(__file__).resolve().parent
PORT = 18080
RUN_SECONDS = 600


@dataclass(frozen=True)
class Run:
    """One crawler's figures."""

    pages: int
    wall: float
    cpu: float
    memory_mb: float
    urls: tuple[str, ...]

    @property
    def rate(self) -> float:
        return self.pages / self.wall if self.wall else 0.0


def timed(command: list[str], given: str, hosts: int) -> Run:
    """Run one crawler against a fresh server."""
    cores = os.cpu_count() or 1
    server = subprocess.Popen(
        [sys.executable, str(HERE / "plain_server.py"), str(hosts), str(PORT), str(cores - 1)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdin
    assert server.stdout
    server.stdout.readline()
    with tempfile.TemporaryFile("w+") as stdin:
        stdin.write(given)
        stdin.seek(0)
        child = subprocess.Popen(
            command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=HERE.parent
        )
        child_usage, memory = wait_for(child)
    out, _ = server.communicate("")
    seen = json.loads(out.splitlines()[-1])
    cpu = child_usage.ru_utime + child_usage.ru_stime
    return Run(seen["requests"], seen["seconds"], cpu, memory, tuple(seen["urls"]))


def wait_for(child: subprocess.Popen[bytes]) -> tuple[resource.struct_rusage, float]:
    """CPU of one child and of what it started and waited for; the most memory that all of them had at once, in MB."""
    deadline = time.monotonic() + RUN_SECONDS
    most = 0.0
    while time.monotonic() < deadline:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return usage, max(most, usage.ru_maxrss / 1024)
        most = max(most, sum(resident_mb(pid) for pid in family(child.pid)))
        time.sleep(0.2)
    child.kill()
    return os.wait4(child.pid, 0)[2], most


def family(pid: int) -> list[int]:
    """A process and its children (Linux; elsewhere only itself)."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(int(one) for one in children)]


def resident_mb(pid: int) -> float:
    """The process's resident memory; what several share is counted for each."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    except (OSError, IndexError):
        return 0.0


def inspection(hosts: int, concurrency: int, pages: int) -> tuple[list[str], str]:
    limits = {
        "max_pages": pages, "check_seconds": RUN_SECONDS, "request_delay_seconds": 0.0,
        "connections_per_host": concurrency, "obey_robots": False,
    }  # fmt: skip
    portals = [{"url": f"http://{address(k)}:{PORT}/"} for k in range(hosts)]
    job = {"portals": portals, "limits": limits, "today": date(2026, 11, 20).isoformat()}
    return [sys.executable, "-m", "spiders"], json.dumps(job)


def contenders(urls: tuple[str, ...], concurrency: int) -> dict[str, Callable[[], tuple[list[str], str]]]:
    given = "\n".join(urls) + "\n"
    fetchers = str(HERE / "fetchers.py")
    table: dict[str, Callable[[], tuple[list[str], str]]] = {
        "bare Scrapy": lambda: ([sys.executable, fetchers, "bare", str(concurrency)], given),
        "Scrapy + LinkExtractor": lambda: ([sys.executable, fetchers, "links", str(concurrency)], given),
    }
    if shutil.which("wget"):
        table["wget"] = lambda: (["wget", "-q", "-O", "/dev/null", "-i", "-"], given)
    return table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=8, help="connections a host")
    parser.add_argument("--pages", type=int, default=500, help="page budget of a portal")
    parser.add_argument("--limit", type=float, default=0.7)
    parser.add_argument("--memory", type=float, default=300.0)
    args = parser.parse_args()
    runs: dict[str, list[Run]] = {"gkmonitor": [], "bare Scrapy": [], "Scrapy + LinkExtractor": []}
    for _ in range(args.rounds):
        ours = timed(*inspection(args.hosts, args.concurrency, args.pages), args.hosts)
        if ours.pages < 2 * args.hosts:
            print(f"the inspection read only {ours.pages} pages of {args.hosts} hosts: there is nothing to compare")
            return 1
        runs["gkmonitor"].append(ours)
        for name, make in contenders(ours.urls, args.concurrency).items():
            runs.setdefault(name, []).append(timed(*make(), args.hosts))
    return report(runs, args)


def report(runs: dict[str, list[Run]], args: argparse.Namespace) -> int:
    print(f"{args.hosts} host(s), {args.concurrency} connections a host, medians of {args.rounds} rounds")
    print(f"{'':24}{'pages':>7}{'pages/s':>9}{'wall s':>8}{'CPU s':>7}{'CPU ms/page':>12}{'MB':>6}")
    rates = {}
    for name, several in runs.items():
        middle = sorted(several, key=lambda r: r.rate)[len(several) // 2]
        rates[name] = statistics.median(r.rate for r in several)
        print(
            f"{name:24}{middle.pages:7d}{rates[name]:9.1f}{middle.wall:8.2f}{middle.cpu:7.2f}"
            f"{1000 * middle.cpu / max(1, middle.pages):12.2f}{middle.memory_mb:6.0f}"
        )
    ratio, memory = rates["gkmonitor"] / rates["bare Scrapy"], max(r.memory_mb for r in runs["gkmonitor"])
    print(f"ratio to bare Scrapy {ratio:.2f} (limit {args.limit}), memory {memory:.0f} MB (limit {args.memory:.0f})")
    return 0 if ratio >= args.limit and memory <= args.memory else 1


if __name__ == "__main__":
    sys.exit(main())
