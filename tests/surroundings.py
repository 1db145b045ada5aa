"""The environment without what belongs to whoever runs the tests: settings, data and proxies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

KEPT = ("GKMONITOR_REQUIRE_ALL", "GKMONITOR_TEST_POSTGRES_URL")  # how the tests themselves are to run
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def leave_behind(patch: pytest.MonkeyPatch, data: Path) -> None:
    """Until the patch is undone; what a program keeps for its user goes to ``data``."""
    patch.setenv("XDG_DATA_HOME", str(data))
    for name in list(os.environ):
        if (name.startswith("GKMONITOR_") and name not in KEPT) or name.upper() in PROXIES:
            patch.delenv(name)
