"""What reading a page costs, as a ratio to parsing the same page with BeautifulSoup over lxml in the same run.

    python bench/read_cost.py [--corpus DIR] [--rounds N] [--limit RATIO]

Each page is read and parsed in turn, so that both meet the same machine; the figure of a page is its fastest round.
Exit 1 when the ratio of the sums is above the limit.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup
from pages import own_pages, saved_pages

from gkmonitor.compiled import is_compiled
from spiders.readers import read_page


def fastest(work: Callable[[], object], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def measure(pages: list[tuple[str, bytes]], rounds: int) -> list[tuple[float, float]]:
    """(seconds of ours, seconds of bs4+lxml) for each page."""
    rows = []
    for url, body in pages:
        gc.collect()
        ours = fastest(lambda url=url, body=body: read_page(body, url), rounds)  # type: ignore[misc]
        theirs = fastest(lambda body=body: BeautifulSoup(body, "lxml"), rounds)  # type: ignore[misc]
        rows.append((ours, theirs))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="a folder of saved pages instead of the project's own")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=0.25)
    args = parser.parse_args()
    pages = saved_pages(args.corpus) if args.corpus else own_pages()
    for url, body in pages[:5]:
        read_page(body, url)  # imports and tables are loaded once, not part of a page's cost
    rows = measure(pages, args.rounds)
    ours, theirs = sum(r[0] for r in rows), sum(r[1] for r in rows)
    mean = ours / len(rows)
    p99 = sorted(r[0] for r in rows)[min(len(rows) - 1, int(len(rows) * 0.99))]
    size = sum(len(body) for _, body in pages) / len(pages) / 1000
    print(f"pages            {len(rows)} of {size:.1f} KB on average")
    print(f"readers          {'compiled' if is_compiled() else 'interpreted'}")
    print(f"read_page        {mean * 1000:.2f} ms a page, p99 {p99 * 1000:.2f} ms = {p99 / mean:.1f} x mean")
    print(f"bs4+lxml parse   {theirs / len(rows) * 1000:.2f} ms a page")
    print(f"ratio            {ours / theirs:.3f} (limit {args.limit})")
    return 0 if ours / theirs <= args.limit else 1


if __name__ == "__main__":
    sys.exit(main())
