"""What judging costs: every built-in pack on the facts of one portal, and on a country of portals.

    python bench/judge.py [--columns N] [--items N] [--rounds N] [--limit MILLISECONDS] [--facts FILE]

The portals are made up: columns of many concepts with dated lists, some with decisions, letters and guides; each round
judges another one, with titles that were not seen before. Prints the median time of all packs together, of each pack,
and what 14,000 portals would take on one core. Exit 1 above the limit.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

from gkmonitor.concepts import all_concepts
from gkmonitor.facts import read_facts
from gkmonitor.judging import Judge
from gkmonitor.records import (
    ColumnFacts,
    Details,
    GuideFacts,
    HomeFacts,
    Item,
    Letter,
    Listing,
    Match,
    Observation,
    PageKind,
    PortalFacts,
    Profile,
    PublicityRow,
    Site,
)
from gkmonitor.rules import RulePack, available_packs

AS_OF = date(2026, 11, 22)
BASE = "http://www.qinghe.gov.cn/"
SEEN_AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
COUNTRY = 14_000
COUNTRY_LIMIT_MINUTES = 12


def items(place: str, column: int, count: int) -> tuple[Item, ...]:
    def one(number: int) -> Item:
        day = AS_OF - timedelta(days=column + number)
        year = f"{day.year}年" if number % 4 == 0 else ""
        title = f"{place}{year}第{column}类工作信息第{number}期"
        return Item(title, f"{BASE}c{column}/{number}.html", day, day.isoformat(), "list")

    return tuple(map(one, range(count)))


def details(number: int) -> Details:
    day = AS_OF - timedelta(days=40 + number)
    rows = tuple(
        PublicityRow("penalty" if n % 2 else "permit", f"青许〔2026〕{n}号", BASE, day, day + timedelta(days=n))
        for n in range(20)
    )
    letters = tuple(Letter(f"来信{n}", f"{BASE}l{n}", day, day + timedelta(days=n), True) for n in range(20))
    guides = tuple(GuideFacts(f"事项{n}", f"{BASE}g{n}", ("设定依据", "申请材料", "办理流程")) for n in range(5))
    return Details(rows, letters, guides)


def portal(columns: int, entries: int, number: int) -> PortalFacts:
    place = f"青禾{number}县"
    concepts = (*all_concepts(), None)
    seen = Observation(BASE, BASE, SEEN_AT, 200, "0" * 64)

    def one(number: int) -> ColumnFacts:
        concept, name = concepts[number % len(concepts)], f"栏目{number}"
        return ColumnFacts(
            name,
            f"{BASE}c{number}/",
            ("政务公开", name),
            concept,
            Match.EXACT if concept else None,
            kind=PageKind.LISTING,
            listing=Listing(items(place, number, entries)),
            is_complete=True,
            pages_read=1,
            observation=seen,
            details=details(number) if concept in ("permits", "penalties", "consultation", "services") else Details(),
        )

    site = Site(BASE, BASE, "青禾县人民政府", "9901020001", "青禾县人民政府办公室", Profile.COUNTY_PORTAL)
    return PortalFacts(
        site, SEEN_AT, HomeFacts(None, seen, items(place, 0, 40)), columns=tuple(map(one, range(columns)))
    )


def median_seconds(packs: list[RulePack], portals: list[PortalFacts]) -> tuple[float, int]:
    """(median of the processor seconds on each portal, verdicts on the last)."""
    judge, times, count = Judge(packs, AS_OF), [], 0
    for facts in portals:
        began = time.process_time()
        count = len(judge.judge(facts))
        times.append(time.process_time() - began)
    return median(times), count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--columns", type=int, default=120)
    parser.add_argument("--items", type=int, default=20, help="entries of each column")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--limit", type=float, default=50.0, help="milliseconds for all packs on one portal")
    parser.add_argument("--facts", type=Path, help="a saved portal instead of the made-up one")
    args = parser.parse_args()
    packs = list(available_packs().values())
    saved = [read_facts(args.facts)] * args.rounds if args.facts else None
    portals = saved or [portal(args.columns, args.items, number) for number in range(args.rounds)]
    facts = portals[0]
    seconds, verdicts = median_seconds(packs, portals)
    entries = sum(len(column.items) for column in facts.columns)
    rules = sum(len(pack.rules) for pack in packs)
    minutes = seconds * COUNTRY / 60
    print(f"portal           {len(facts.columns)} columns, {entries} entries")
    print(f"all packs        {len(packs)} packs, {rules} rules, {verdicts} verdicts")
    print(f"one portal       {seconds * 1000:.1f} ms (limit {args.limit:g})")
    print(f"{COUNTRY:,} portals   {minutes:.1f} minutes on one core (limit {COUNTRY_LIMIT_MINUTES})")
    for pack in packs:
        alone, count = median_seconds([pack], portals[:3])
        print(f"  {pack.id:<28} {alone * 1000:6.2f} ms, {count} verdicts")
    return 0 if seconds * 1000 <= args.limit and minutes <= COUNTRY_LIMIT_MINUTES else 1


if __name__ == "__main__":
    sys.exit(main())
