"""``inspect``, ``check --save`` and ``explain`` of past days: the whole way over a portal on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from databases import opened
from test_cli_site import Server
from test_cli_usage import assert_one_chinese_line

from gkmonitor.ledger.records import Case, State
from gkmonitor.storage.cases import list_cases
from gkmonitor.storage.models import FactsRow
from gkmonitor.storage.portals import add_portal
from gkmonitor.storage.registry_changes import By

TODAY = datetime.now(UTC).astimezone().date()


class Desk:
    """A registry of one's own, and the command line."""

    def __init__(self, folder: Path, url: str, portal: str) -> None:
        self.folder = folder
        self.portal = portal
        self.url = url

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "GKMONITOR_DATABASE_URL": self.url,
            "GKMONITOR_EVIDENCE_DIR": str(self.folder / "evidence"),
            "GKMONITOR_REQUEST_DELAY_SECONDS": "0",
        }
        return subprocess.run(
            [sys.executable, "-P", "-m", "gkmonitor", *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.folder,
        )

    def register(self) -> None:
        values = {"name": "云岭市人民政府", "url": self.portal, "profile": "city-portal"}
        with opened(self.url) as database, database.writing() as session:
            add_portal(session, values, (), By("测试", datetime.now(UTC)))

    def cases(self) -> list[Case]:
        with opened(self.url) as database, database.reading() as session:
            return list_cases(session)


@pytest.fixture(scope="module")
def portal() -> Iterator[str]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server.url
        server.shutdown()


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, portal: str) -> Desk:
    return Desk(tmp_path, sqlite_url, portal)


def days_on(number: int) -> str:
    return (TODAY + timedelta(days=number)).isoformat()


def test_two_nights_open_what_one_only_suspects(desk: Desk) -> None:
    desk.register()
    states = []
    for number in (1, 2):
        done = desk.run("inspect", "--as-of", days_on(number), "--json")
        assert done.returncode == 1, done.stderr
        told = json.loads(done.stdout)
        assert told["schema"] == "gkmonitor.inspect/1"
        assert [one["state"] for one in told["portals"]] == ["done"]
        states.append({one["state"] for one in told["violations"] if one["check"] == "home-not-updated"})
    assert states == [{"suspected"}, {"open"}]
    assert {case.site.name for case in desk.cases() if case.site} == {"云岭市人民政府"}


def test_a_past_day_is_explained_from_what_was_stored(desk: Desk) -> None:
    desk.register()
    assert desk.run("inspect").returncode == 1
    with opened(desk.url) as database, database.writing() as session:  # as if it had been seen three days ago
        session.query(FactsRow).one().observed_at -= timedelta(days=3)
    asked = ("explain", "--site", "云岭市人民政府", "--rule", "national-2019-19/home-not-updated")
    done = desk.run(*asked, "--as-of", days_on(-1), "--json")
    assert done.returncode == 0, done.stderr
    assert "保存的检查" in done.stderr
    assert json.loads(done.stdout)["as_of"] == days_on(-1)


def test_a_spot_check_is_kept_only_when_told_to(desk: Desk) -> None:
    desk.register()
    desk.run("check", "--site", desk.portal, "--json")
    assert desk.cases() == []
    done = desk.run("check", "--site", desk.portal, "--save", "--json")
    assert done.returncode == 1, done.stderr
    assert {case.state for case in desk.cases()} == {State.SUSPECTED}


def test_a_spot_check_of_a_stranger_cannot_be_kept_and_is_not_made(desk: Desk) -> None:
    done = desk.run("check", "--site", desk.portal, "--save")
    assert done.returncode == 2
    assert_one_chinese_line(done.stderr)
    assert "sites import" in done.stderr


def test_an_inspection_without_a_registry_says_how_to_fill_it(desk: Desk) -> None:
    done = desk.run("inspect")
    assert done.returncode == 2
    assert_one_chinese_line(done.stderr)
    assert "sites import" in done.stderr


@pytest.mark.parametrize("words", [("--site", "没有这个网站"), ("--as-of", "2026-13-01"), ("--group", "没有这个单位")])
def test_what_does_not_exist_is_told_in_one_line(desk: Desk, words: tuple[str, ...]) -> None:
    desk.register()
    done = desk.run("inspect", *words)
    assert done.returncode == 2
    assert_one_chinese_line(done.stderr)
    assert done.stdout == ""


def test_a_portal_that_is_away_is_a_stored_result_and_exit_three(tmp_path: Path, sqlite_url: str) -> None:
    desk = Desk(tmp_path, sqlite_url, "http://127.0.0.1:1/")
    desk.register()
    done = desk.run("inspect", "--json")
    assert done.returncode == 3
    told = json.loads(done.stdout)
    assert [(one["state"], one["failure"]) for one in told["portals"]] == [("done", "transient")]
    assert told["violations"] == []


def test_why_a_portal_is_away_is_told_whole_and_it_is_not_counted_as_inspected(tmp_path: Path, sqlite_url: str) -> None:
    desk = Desk(tmp_path, sqlite_url, "http://127.0.0.1:1/")
    desk.register()
    done = desk.run("inspect")
    assert done.returncode == 3
    assert "打不开，服务器拒绝连接，请检查网址和端口，或确认网站是否已关停\n" in done.stdout
    assert "共 1 个网站：检查完成 0 个，未能检查 1 个；" in done.stdout
