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
from test_cli_usage import assert_one_chinese_line, run

from gkmonitor.ledger.records import Case, State
from gkmonitor.settings import get_settings
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

    @property
    def settings(self) -> dict[str, str]:
        return {
            "GKMONITOR_DATABASE_URL": self.url,
            "GKMONITOR_EVIDENCE_DIR": str(self.folder / "evidence"),
            "GKMONITOR_REQUEST_DELAY_SECONDS": "0",
        }

    def run(self, *words: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error; the crawl is a process of its own."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.settings.items():
                patch.setenv(name, value)
            get_settings.cache_clear()
            return run(*words)

    def run_apart(self, *words: str) -> tuple[int, str, str]:
        """The same as a process of its own."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", "gkmonitor", *words],
            env={**os.environ, **self.settings},
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.folder,
        )
        return done.returncode, done.stdout, done.stderr

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
        code, out, err = desk.run("inspect", "--as-of", days_on(number), "--json")
        assert code == 1, err
        told = json.loads(out)
        assert told["schema"] == "gkmonitor.inspect/1"
        assert [one["state"] for one in told["portals"]] == ["done"]
        states.append({one["state"] for one in told["violations"] if one["check"] == "home-not-updated"})
    assert states == [{"suspected"}, {"open"}]
    assert {case.site.name for case in desk.cases() if case.site} == {"云岭市人民政府"}


def test_a_past_day_is_explained_from_what_was_stored(desk: Desk) -> None:
    desk.register()
    assert desk.run("inspect")[0] == 1
    with opened(desk.url) as database, database.writing() as session:  # as if it had been seen three days ago
        session.query(FactsRow).one().observed_at -= timedelta(days=3)
    asked = ("explain", "--site", "云岭市人民政府", "--rule", "national-2019-19/home-not-updated")
    code, out, err = desk.run(*asked, "--as-of", days_on(-1), "--json")
    assert code == 0, err
    assert "保存的检查" in err
    assert json.loads(out)["as_of"] == days_on(-1)


def test_a_registered_portal_is_explained_by_its_name_today_too(desk: Desk) -> None:
    desk.register()
    asked = ("explain", "--site", "云岭市人民政府", "--rule", "national-2019-19/home-not-updated", "--json")
    code, out, err = desk.run(*asked)
    assert code == 0, err
    assert json.loads(out)["site"]["name"] == "云岭市人民政府"


def test_a_spot_check_is_kept_only_when_told_to(desk: Desk) -> None:
    desk.register()
    desk.run("check", "--site", desk.portal, "--json")
    assert desk.cases() == []
    code, _, err = desk.run("check", "--site", desk.portal, "--save", "--json")
    assert code == 1, err
    assert {case.state for case in desk.cases()} == {State.SUSPECTED}


def test_a_spot_check_of_a_stranger_cannot_be_kept_and_is_not_made(desk: Desk) -> None:
    code, _, err = desk.run("check", "--site", desk.portal, "--save")
    assert code == 2
    assert_one_chinese_line(err)
    assert "sites import" in err


def test_an_inspection_without_a_registry_says_how_to_fill_it(desk: Desk) -> None:
    code, _, err = desk.run("inspect")
    assert code == 2
    assert_one_chinese_line(err)
    assert "sites import" in err


@pytest.mark.parametrize("words", [("--site", "没有这个网站"), ("--as-of", "2026-13-01"), ("--group", "没有这个单位")])
def test_what_does_not_exist_is_told_in_one_line(desk: Desk, words: tuple[str, ...]) -> None:
    desk.register()
    code, out, err = desk.run("inspect", *words)
    assert code == 2
    assert_one_chinese_line(err)
    assert out == ""


def test_a_portal_that_is_away_is_a_stored_result_and_exit_three(tmp_path: Path, sqlite_url: str) -> None:
    desk = Desk(tmp_path, sqlite_url, "http://127.0.0.1:1/")
    desk.register()
    code, out, _ = desk.run_apart("inspect", "--json")
    assert code == 3
    told = json.loads(out)
    assert [(one["state"], one["failure"]) for one in told["portals"]] == [("done", "transient")]
    assert told["violations"] == []


def test_why_a_portal_is_away_is_told_whole_and_it_is_not_counted_as_inspected(tmp_path: Path, sqlite_url: str) -> None:
    desk = Desk(tmp_path, sqlite_url, "http://127.0.0.1:1/")
    desk.register()
    code, out, _ = desk.run("inspect")
    assert code == 3
    assert "打不开，服务器拒绝连接，请检查网址和端口，或确认网站是否已关停\n" in out
    assert "共 1 个网站：检查完成 0 个，未能检查 1 个；" in out
