"""Shared test set-up: outside programs that may be absent are reported as NOT RUN, never passed over in silence."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from databases import Postgres, opened, sqlite_database, start_postgres

from gkmonitor.storage import Database

REQUIRE_ALL = os.environ.get("GKMONITOR_REQUIRE_ALL") == "1"
NOT_RUN = "NOT RUN"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs_program(*names): needs one of these programs on the PATH")
    config.addinivalue_line("markers", "soak: long figures, run by `make soak` only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "soak" in (config.option.markexpr or ""):
        return
    kept, soak = [], []
    for item in items:
        (soak if item.get_closest_marker("soak") else kept).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=soak)


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
def isolated_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test sees the settings, the data, the proxy or the .env file of whoever runs it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "data"))
    for name in list(os.environ):
        if name.startswith("GKMONITOR_") and name not in ("GKMONITOR_REQUIRE_ALL", "GKMONITOR_TEST_POSTGRES_URL"):
            monkeypatch.delenv(name)
        if name.upper() in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
            monkeypatch.delenv(name)


# ---------------------------------------------------------------- databases


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL server, started when the first test asks for it."""
    with start_postgres() as server:
        yield server


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
