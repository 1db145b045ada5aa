"""How much of what we read on labelled pages is still read when the pages are rewritten (bench/rewriting.py).

    python bench/robustness.py --corpus DIR [--only RULE ...] [--limit PERCENT]

DIR holds manifest.jsonl (file, url, label), pages and labels. Prints a line a rule: the score, false freshness (lists
whose newest date is read later than the label's), and the metrics that lost most. Exit 1 when a score is below the
limit.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from accuracy import load
from metrics import mean_percent, score
from rewriting import names, rewritten

from gkmonitor.reports.page_json import page_object
from spiders.readers import read_page
from spiders.readers.encoding import decode

MOST_NAMED = 4


def predictions(corpus: Path, manifest: list[dict[str, Any]], rule: str) -> dict[str, Any]:
    """What is read on each page after one rule, by file."""
    found = {}
    for row in manifest:
        text, _ = decode((corpus / row["file"]).read_bytes(), {})
        url = row.get("url") or f"http://www.example.gov.cn/{row['file']}"
        page = page_object(row["file"], read_page(rewritten(rule, text), url))
        found[row["file"]] = json.loads(json.dumps(page, ensure_ascii=False))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--only", action="append", choices=names(), metavar="RULE")
    parser.add_argument("--limit", type=float, default=97.0)
    args = parser.parse_args()
    manifest, labels = load(args.corpus)
    worst = 100.0
    for rule in args.only or names():
        tallies = score(labels, predictions(args.corpus, manifest, rule))
        percent = mean_percent(tallies)
        worst = min(worst, percent)
        lost = sorted((one.right - one.asked, name) for name, one in tallies.items() if one.right < one.asked)
        fresher = tallies["list_not_fresher"]
        named = ", ".join(f"{name} {-missing:.3g}" for missing, name in lost[:MOST_NAMED])
        print(
            f"{rule:28} {percent:5.1f}  fresher {fresher.asked - fresher.right:g} of {fresher.asked}  {named}",
            flush=True,
        )
    print(f"lowest score {worst:.1f} (limit {args.limit:g})")
    return 0 if worst >= args.limit else 1


if __name__ == "__main__":
    sys.exit(main())
