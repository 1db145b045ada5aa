"""Logs of the service: one line an event on stderr, as text for people or as JSON for machines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

_QUIET: Final = ("apscheduler", "httpx", "httpcore", "procrastinate", "scrapy", "uvicorn.access", "alembic")


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, part of the service, message, error."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": self._part,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def set_up_logging(settings: Settings, part: str) -> None:
    """Sends this process's logs to stderr, in the form of the settings."""
    handler = logging.StreamHandler(sys.stderr)
    if settings.log_format == "json":
        handler.setFormatter(JsonLines(part))
    else:
        handler.setFormatter(logging.Formatter(f"%(asctime)s %(levelname)s {part} %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
