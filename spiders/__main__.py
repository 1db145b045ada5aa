"""``python -m spiders``: a crawl as a child process.

Reads one job object on stdin (see ``jobs``), writes one JSON object a line on stdout, logs on stderr::

    {"event": "progress", "portal", "pages", "waiting", "columns", "url", "column"}
    {"event": "partial", "facts": {...}}     what is known so far, every few seconds
    {"event": "facts", "facts": {...}}       a portal is done
    {"event": "done"}                        all are

SIGINT and SIGTERM end it within a second, after the facts known by then. Exit codes: 0, 2 for a job that cannot be
read, 3 for a crawl that failed.
"""

from __future__ import annotations

import gc
import json
import logging
import signal
import sys
from typing import Any

from gkmonitor.errors import CrawlError
from gkmonitor.facts import dump_facts_text
from gkmonitor.records import PortalFacts
from spiders.jobs import Progress, load_job


def main() -> int:
    """Run the job on stdin; the exit code."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    for name, level in (("scrapy", logging.ERROR), ("twisted", logging.CRITICAL + 1)):
        logging.getLogger(name).setLevel(level)  # what a portal does wrong is told in its facts
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # as the parent reads it
    try:
        jobs, limits, today = load_job(json.load(sys.stdin))
    except (ValueError, KeyError, TypeError) as error:
        logging.getLogger("spiders").error("not a crawl job: %s", error)
        return 2
    gc.disable()  # nothing that is loaded is garbage: the crawl looks for it again once it has begun
    from spiders.crawling import crawl  # after the job was read: Scrapy takes most of the start

    try:
        crawl(jobs, limits, _tell_progress, today=today, on_facts=_tell_facts, on_partial=_tell_partial, keep=False)
    except CrawlError as error:
        logging.getLogger("spiders").error("%s", error)
        return 3
    _tell({"event": "done"})
    return 0


def _tell(event: dict[str, Any]) -> None:
    _tell_line(json.dumps(event, ensure_ascii=True))


def _tell_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _tell_progress(progress: Progress) -> None:
    _tell(progress.to_event())


def _tell_facts(facts: PortalFacts) -> None:
    _tell_line(f'{{"event": "facts", "facts": {dump_facts_text(facts)}}}')


def _tell_partial(facts: PortalFacts) -> None:
    _tell_line(f'{{"event": "partial", "facts": {dump_facts_text(facts)}}}')


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a parent that went away ends the crawl
    raise SystemExit(main())
