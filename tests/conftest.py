"""Shared test set-up: outside programs that may be absent are reported as NOT RUN, never passed over in silence."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from databases import Postgres, hurry_sqlite, opened, sqlite_database, start_postgres
from surroundings import leave_behind

from gkmonitor.settings import get_settings
from gkmonitor.storage import Database

REQUIRE_ALL = os.environ.get("GKMONITOR_REQUIRE_ALL") == "1"
NOT_RUN = "NOT RUN"
POSTGRES_FOLDER = pytest.StashKey[str]()
SLOW = (  # several seconds each, the slowest first: crawls, a browser, and processes that are killed
    "test_kills.py",
    "test_service_month.py",
    "test_browser_desk.py",
    "test_service_machines.py",
    "test_spider_crawl.py",
    "test_cli_inspect.py",
    "test_backup.py",
    "test_mutations.py",
    "test_desk_spotting.py",
    "test_end_to_end.py",
    "test_cli_site.py",
    "test_evidence_keeping.py",
    "test_spider_rendering.py",
    "test_spider_reading.py",
    "test_web.py",
    "test_demo_variants.py",
    "test_demo_command.py",
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs_program(*names): needs one of these programs on the PATH")
    config.addinivalue_line("markers", "soak: long figures, run by `make soak` only")
    config.addinivalue_line("markers", "durable: SQLite writes to the disk as it does for the office")
    if not hasattr(config, "workerinput"):
        # Not below pytest's own folder: that is closed to the user that the server runs as.
        config.stash[POSTGRES_FOLDER] = tempfile.mkdtemp(prefix="gkmonitor-postgres-")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """All workers share one PostgreSQL server."""
    node.workerinput["postgres_folder"] = node.config.stash[POSTGRES_FOLDER]


def pytest_unconfigure(config: pytest.Config) -> None:
    if POSTGRES_FOLDER in config.stash:
        shutil.rmtree(config.stash[POSTGRES_FOLDER], ignore_errors=True)


def pytest_collection() -> None:
    """Nothing that is collected is garbage, and the collector need not look through it for the whole run either."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "soak" in (config.option.markexpr or ""):
        return
    kept, soak = [], []
    for item in items:
        (soak if item.get_closest_marker("soak") else kept).append(item)
    items[:] = in_piles(kept, getattr(config, "workerinput", {}).get("workercount", 1))
    config.hook.pytest_deselected(items=soak)


def in_piles(items: list[pytest.Item], count: int) -> list[pytest.Item]:
    """One pile after the other, equally many tests in each, and each begins with its share of the slow files.

    Every worker begins with one pile; what is left when the first is done are many short tests to be shared.
    """
    if count == 1:
        return items
    rest = [item for item in items if item.path.name not in SLOW]
    ordered: list[pytest.Item] = []
    for number in range(count):
        names = SLOW[number::count]
        slow = sorted((item for item in items if item.path.name in names), key=lambda item: names.index(item.path.name))
        left = max(0, len(items) * (number + 1) // count - len(ordered) - len(slow))
        ordered += [*slow, *rest[:left]]
        del rest[:left]
    return [*ordered, *rest]


def pytest_runtest_setup(item: pytest.Item) -> None:
    marker = item.get_closest_marker("needs_program")
    if marker is None or any(shutil.which(name) for name in marker.args):
        return
    message = f"{NOT_RUN}: needs {' or '.join(marker.args)}"
    if REQUIRE_ALL:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [r for r in terminalreporter.stats.get("skipped", []) if NOT_RUN in str(r.longrepr)]
    for report in reports:
        terminalreporter.write_line(f"{report.nodeid} {str(report.longrepr[2]).removeprefix('Skipped: ')}")


@pytest.fixture(autouse=True)
def isolated_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees the settings, the data, the proxy or the .env file of whoever runs it."""
    leave_behind(monkeypatch, tmp_path_factory.getbasetemp() / "data")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


# ---------------------------------------------------------------- databases


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Postgres]:
    """A real PostgreSQL server, started when the first test of any worker asks for it."""
    worker = getattr(request.config, "workerinput", None)
    folder = worker["postgres_folder"] if worker else request.config.stash[POSTGRES_FOLDER]
    with start_postgres(Path(folder)) as server:
        yield server


@pytest.fixture(autouse=True)
def sqlite_in_a_hurry(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for the disk after each commit, but those marked ``durable``; child processes all do."""
    if request.node.get_closest_marker("durable") is None:
        hurry_sqlite(monkeypatch)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sqlite") / "template.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Iterator[str]:
    """The address of a migrated, empty database; every test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        with sqlite_database(tmp_path, sqlite_template) as url:
            yield url
    else:
        with request.getfixturevalue("postgres").database() as url:
            yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database, once on SQLite and once on PostgreSQL."""
    with opened(database_url) as opened_database:
        yield opened_database


@pytest.fixture(scope="session")
def desk_cases_template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Any, Path]:
    """The ledger of ``desk_cases``, made once."""
    from desk_cases import build_desk_cases

    folder = tmp_path_factory.mktemp("desk-cases")
    with sqlite_database(folder, sqlite_template) as url, opened(url) as database:
        return build_desk_cases(database, folder), folder


@pytest.fixture
def desk_cases(desk_cases_template: tuple[Any, Path], tmp_path: Path) -> Iterator[Any]:
    """A small ledger with evidence, of one's own: see ``desk_cases.DeskCases``."""
    from desk_cases import copied

    made, folder = desk_cases_template
    with copied(made, folder, tmp_path) as cases:
        yield cases


@pytest.fixture(scope="session")
def town_template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Any, Path]:
    """The ledger of ``month_builder.three_counties``, made once."""
    from month_builder import three_counties

    folder = tmp_path_factory.mktemp("town")
    with sqlite_database(folder, sqlite_template) as url, opened(url) as database:
        return three_counties(database), folder


@pytest.fixture
def town(town_template: tuple[Any, Path], tmp_path: Path) -> Iterator[Any]:
    """A month of three counties, of one's own: see ``month_builder.three_counties``."""
    from month_builder import copied

    made, folder = town_template
    with copied(made, folder, tmp_path) as town:
        yield town


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> Iterator[str]:
    with sqlite_database(tmp_path, sqlite_template) as url:
        yield url


@pytest.fixture
def new_database(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[Callable[..., Database]]:
    """Makes empty databases of either kind, migrated unless they are to be bare."""
    with ExitStack() as stack:

        def make(kind: str, *, is_bare: bool = False) -> Database:
            if kind == "postgresql":
                url = stack.enter_context(request.getfixturevalue("postgres").database(is_empty=is_bare))
            else:
                folder = tmp_path / os.urandom(4).hex()
                folder.mkdir()
                new = f"sqlite:///{folder / 'bare.db'}"
                url = new if is_bare else stack.enter_context(sqlite_database(folder, sqlite_template))
            return stack.enter_context(opened(url))

        yield make
