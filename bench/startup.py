"""How long `gkmonitor --help` takes: the median of interleaved runs beside a bare interpreter.

    python bench/startup.py [--runs N] [--limit SECONDS]

Exits 1 when the median is above the limit.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "gkmonitor --help": [sys.executable, "-m", "gkmonitor", "--help"],
    "gkmonitor --version": [sys.executable, "-m", "gkmonitor", "--version"],
    "gkmonitor check --help": [sys.executable, "-m", "gkmonitor", "check", "--help"],
}
MEASURED = "gkmonitor --help"


def wall_seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--limit", type=float, default=0.35)
    options = parser.parse_args()
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for command in COMMANDS.values():
        wall_seconds(command)  # byte code and file cache
    for _ in range(options.runs):
        for name, command in COMMANDS.items():
            taken[name].append(wall_seconds(command))
    print(f"{'command':26} {'median s':>9} {'min s':>7} {'max s':>7}   runs {options.runs}")
    for name, seconds in taken.items():
        print(f"{name:26} {statistics.median(seconds):9.3f} {min(seconds):7.3f} {max(seconds):7.3f}")
    median = statistics.median(taken[MEASURED])
    print(f"{MEASURED}: {median:.3f} s, limit {options.limit:.2f} s: {'ok' if median <= options.limit else 'TOO SLOW'}")
    return 0 if median <= options.limit else 1


if __name__ == "__main__":
    sys.exit(main())
