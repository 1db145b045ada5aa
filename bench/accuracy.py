"""How truly we read labelled pages, beside the peers that pip can install (pip install 'gkmonitor[bench]').

    python bench/accuracy.py --corpus DIR [--only NAME ...] [--failures METRIC]

DIR holds manifest.jsonl (file, url, label), pages and labels. Prints one column a reader: percent for each metric, the
mean, and ms a page.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import time
from pathlib import Path
from typing import Any

from metrics import Tally, mean_percent, score
from peers import PEERS, Predict

Json = dict[str, Any]


def load(corpus: Path) -> tuple[list[Json], dict[str, Json]]:
    lines = (corpus / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    manifest = [json.loads(line) for line in lines if line.strip()]
    return manifest, {m["file"]: json.loads((corpus / m["label"]).read_text(encoding="utf-8")) for m in manifest}


def run(predict: Predict, corpus: Path, manifest: list[Json]) -> tuple[dict[str, Json], float]:
    """Predictions by file, and ms a page; a reader that raises has no prediction for that page."""
    predictions, seconds = {}, 0.0
    for row in manifest:
        body = (corpus / row["file"]).read_bytes()
        began = time.perf_counter()
        with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
            predictions[row["file"]] = predict(body, row.get("url") or f"http://www.example.gov.cn/{row['file']}")
        seconds += time.perf_counter() - began
    return predictions, seconds * 1000 / len(manifest)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--only", action="append", choices=list(PEERS))
    parser.add_argument("--failures", help="list our failing pages for this metric")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    manifest, labels = load(args.corpus)
    tables: dict[str, tuple[dict[str, Tally], float]] = {}
    for name in args.only or PEERS:
        try:
            predict = PEERS[name]()
        except ImportError as missing:
            print(f"{name}: NOT RUN ({missing})")
            continue
        run(predict, args.corpus, manifest[:3])  # warm
        predictions, ms = run(predict, args.corpus, manifest)
        tables[name] = (score(labels, predictions), ms)
    show(tables)
    if args.failures:
        print("\n".join(tables["gkmonitor"][0][args.failures].failures))


def show(tables: dict[str, tuple[dict[str, Tally], float]]) -> None:
    names = list(tables)
    print(f"{'metric':22}{'n':>5} " + " ".join(f"{name:>20}" for name in names))
    metrics = sorted({metric for tallies, _ in tables.values() for metric in tallies})
    for metric in metrics:
        asked = next(iter(tables.values()))[0][metric].asked
        print(f"{metric:22}{asked:5d} " + " ".join(f"{tables[name][0][metric].percent:19.1f}%" for name in names))
    print(f"{'score':27} " + " ".join(f"{mean_percent(tables[name][0]):19.1f}%" for name in names))
    print(f"{'ms a page':27} " + " ".join(f"{tables[name][1]:20.2f}" for name in names))


if __name__ == "__main__":
    main()
