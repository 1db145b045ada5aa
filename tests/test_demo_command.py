"""``gkmonitor demo`` as a user runs it: in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from gkmonitor.demo.portals import PORTALS
from gkmonitor.demo.running import run_demo

COMMAND = [sys.executable, "-m", "gkmonitor", "demo"]
INTERRUPT_SECONDS = 5


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [*COMMAND, "--serve", "--json"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    yield child
    child.kill()
    child.communicate()


def test_serve_prints_the_addresses_and_keeps_the_portals_open(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout is not None
    addresses = json.loads(serving.stdout.readline())
    assert list(addresses) == [plan.key for plan in PORTALS]
    with urllib.request.urlopen(addresses["dongli"], timeout=5) as reply:
        assert "东篱市人民政府" in reply.read().decode()


def test_ctrl_c_ends_serving_cleanly(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout is not None
    serving.stdout.readline()
    serving.send_signal(signal.SIGINT)
    _, complaints = serving.communicate(timeout=INTERRUPT_SECONDS)
    assert serving.returncode == 0
    assert "Traceback" not in complaints


def test_ctrl_c_ends_a_running_demonstration_without_a_result() -> None:
    pages = 0

    def interrupt(progress: object) -> None:
        nonlocal pages
        pages += 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_demo(PORTALS[:2], progress=interrupt)
    assert pages == 1


def test_an_empty_folder_name_is_refused_at_once(tmp_path: Path) -> None:
    done = subprocess.run([*COMMAND, "--out", " "], cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert "--out" in done.stderr
    assert done.stdout == ""


def test_help_is_in_chinese_and_names_every_option(tmp_path: Path) -> None:
    done = subprocess.run([*COMMAND, "--help"], cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    for words in ("--out", "--json", "--serve", "虚构", "退出码"):
        assert words in done.stdout
