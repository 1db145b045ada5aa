"""Spot checks at the desk, asked as people of every role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from databases import opened
from desk_client import Clock, DeskClient, client_as
from fake_queue import FakeQueue

from gkmonitor.accounts.records import Role
from gkmonitor.spotting import look_once, read_request
from gkmonitor.storage import Database


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with opened(sqlite_url) as found:
        yield found


@pytest.fixture
def spotter(database: Database, tmp_path: Any) -> Iterator[DeskClient]:
    words = {"evidence_dir": str(tmp_path / "evidence"), "request_delay_seconds": 0, "check_seconds": 5}
    with client_as(database, Role.INSPECTOR, queue=FakeQueue(), clock=Clock(), **words) as client:
        yield client


def test_a_spot_check_waits_for_its_job_and_shows_the_report_in_a_sandbox(spotter: DeskClient) -> None:
    answer = spotter.post("/spot", {"url": "www.qinghe.invalid", "profile": "county-portal"})
    key = answer.headers["location"].removeprefix("/spot/")
    here = spotter.app.state.desk
    assert [job[:3] for job in here.queue.jobs] == [("spot", {"key": key}, 100)]
    assert "正在排队" in spotter.get(f"/spot/{key}/progress").text
    assert spotter.get(f"/evidence/spot/{key}").status_code == 404
    look_once(here.settings, key)
    assert read_request(here.settings, key).state == "done"  # type: ignore[union-attr]
    page = spotter.get(f"/spot/{key}").text
    assert f'<iframe class="stored" sandbox="" src="/evidence/spot/{key}"' in page
    report = spotter.get(f"/evidence/spot/{key}")
    assert report.headers["content-security-policy"].startswith("sandbox; default-src 'none'; style-src 'sha256-")
    assert "script-src" not in report.headers["content-security-policy"]
    assert report.headers["x-frame-options"] == "SAMEORIGIN"
    assert "单次观测" in report.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": "http://127.0.0.1/"}, "是内网地址"),
        ({"url": "http://[::1]/"}, "是内网地址"),
        ({"url": ""}, "网址"),
        ({"url": "ftp://www.qinghe.example/"}, "网址"),
        ({"url": "www.qinghe.example", "profile": "castle"}, "没有这种网站类型"),
    ],
)
def test_a_spot_check_that_cannot_be_made_says_why(spotter: DeskClient, fields: dict[str, str], words: str) -> None:
    assert words in spotter.shown(spotter.post("/spot", fields))
    assert spotter.app.state.desk.queue.jobs == []


def test_spot_checks_are_bounded(spotter: DeskClient) -> None:
    for _ in range(10):
        spotter.post("/spot", {"url": "www.qinghe.example"})
    assert "请稍后再试" in spotter.shown(spotter.post("/spot", {"url": "www.qinghe.example"}))
    assert len(spotter.app.state.desk.queue.jobs) == 10


@pytest.mark.parametrize("key", ["x", "a" * 32, "..%2f..%2fetc", "%00"])
def test_no_key_leads_out_of_the_folder(spotter: DeskClient, key: str) -> None:
    for path in (f"/spot/{key}", f"/spot/{key}/progress", f"/evidence/spot/{key}"):
        assert spotter.get(path).status_code == 404


def test_viewers_start_no_checks(database: Database) -> None:
    with client_as(database, Role.VIEWER, queue=FakeQueue()) as viewer:
        assert viewer.post("/spot", {"url": "www.qinghe.example"}).status_code == 403
