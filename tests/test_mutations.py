"""Damaged pages are read without an exception, in bounded time and memory, and nothing is claimed that is not there."""

from __future__ import annotations

import resource
import sys
import time
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from family_pages.samples import all_samples
from mutating import mutate
from page_claims import broken_claims

from gkmonitor.demo.portals import FAMILIES, PORTALS
from gkmonitor.demo.server import Reply
from spiders.readers import read_page

PAGES = Path(__file__).parent / "pages"
SITE = "http://www.qinghe.example.gov.cn"
SEEDS_A_TEST = 100
TESTS = 20
SOAK_SEEDS = 100_000
MAX_SECONDS = 0.25  # CPU
MAX_BYTES = 200 * 2**20


@cache
def pages() -> list[tuple[str, bytes]]:
    """All test pages, those of the families, and a few of every simulated portal."""
    found = [(f"{SITE}/{one.stem}/index.html", one.read_bytes()) for one in sorted(PAGES.rglob("*.html"))]
    found += [(sample.url, sample.body) for sample in all_samples()]
    addresses = defaultdict(lambda: "http://www.elsewhere.example.gov.cn")
    for portal in (one for one in PORTALS if one.family in FAMILIES):
        rendered = FAMILIES[portal.family](portal, addresses).render()
        shown = [(path, one.body) for path, one in sorted(rendered.items()) if isinstance(one, Reply) and one.body]
        found += [(SITE + path, body) for path, body in shown[:: 1 + len(shown) // 4]]
    return found


def read_damaged(seed: int) -> str | None:
    """What goes wrong when the page and the damage that ``seed`` chooses are read; None: nothing."""
    url, body = pages()[seed % len(pages())]
    damaged, names = mutate(body, seed)
    begin = time.process_time()
    try:
        page = read_page(damaged, url)
    except Exception as error:  # whatever it is, it must not be
        return f"seed {seed} {url} {names}: {type(error).__name__}: {error}"
    seconds = time.process_time() - begin
    if seconds > MAX_SECONDS:
        again = time.process_time()
        read_page(damaged, url)
        seconds = min(seconds, time.process_time() - again)  # a pause of the collector is not the page's
    broken = broken_claims(page, damaged)
    if seconds > MAX_SECONDS:
        broken.append(f"{1000 * seconds:.0f} ms")
    return f"seed {seed} {url} {names}: {broken[:3]}" if broken else None


@pytest.mark.parametrize("part", range(TESTS))
def test_damaged_page_is_read_in_bounds_and_claims_only_what_it_shows(part: int) -> None:
    before = peak_bytes()
    faults = [fault for seed in range(part * SEEDS_A_TEST, (part + 1) * SEEDS_A_TEST) if (fault := read_damaged(seed))]
    assert faults == []
    assert peak_bytes() - before < MAX_BYTES


@pytest.mark.parametrize("number", range(0, 120, 7))
def test_undamaged_page_claims_only_what_it_shows(number: int) -> None:
    url, body = pages()[number % len(pages())]
    assert broken_claims(read_page(body, url), body) == []


def test_damage_is_the_same_for_the_same_seed() -> None:
    body = pages()[0][1]
    assert mutate(body, 7) == mutate(body, 7)
    assert len({mutate(body, seed)[0] for seed in range(50)}) >= 40


@pytest.mark.soak
def test_hundred_thousand_damaged_pages_are_read_in_bounds() -> None:
    before, begin = peak_bytes(), time.monotonic()
    faults = [
        fault
        for seed in range(TESTS * SEEDS_A_TEST, TESTS * SEEDS_A_TEST + SOAK_SEEDS)
        if (fault := read_damaged(seed))
    ]
    grown = (peak_bytes() - before) / 2**20
    seconds = time.monotonic() - begin
    sys.stdout.write(f"\n{SOAK_SEEDS} damaged pages: {seconds:.0f} s, {len(faults)} faults, {grown:.0f} MB more\n")
    assert faults[:20] == []
    assert grown * 2**20 < MAX_BYTES


def peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
