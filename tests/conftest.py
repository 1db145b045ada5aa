"""Shared test set-up: outside programs that may be absent are reported as NOT RUN, never passed over in silence."""

from __future__ import annotations

import os
import shutil

import pytest

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
def isolated_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings, the proxy or the .env file of whoever runs it."""
    for name in list(os.environ):
        if name.startswith("GKMONITOR_") and name != "GKMONITOR_REQUIRE_ALL":
            monkeypatch.delenv(name)
        if name.upper() in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
            monkeypatch.delenv(name)
