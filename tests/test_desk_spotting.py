"""What the desk may have looked at: never a private network, by number, redirect or a name that changes its address.

Real crawls on loopback. In the crawl processes 127.0.0.1 counts as public; whatever else is private stays so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from databases import opened
from fake_portal import Answer, FakePortal, serve
from fake_queue import FakeQueue

from gkmonitor.cycles.records import CycleKind, InspectionState
from gkmonitor.errors import AddressError
from gkmonitor.jobs import JOBS, NIGHT, SPOT, Office
from gkmonitor.records import Profile
from gkmonitor.settings import Settings, load_settings
from gkmonitor.spotting import (
    KEPT,
    look_once,
    new_request,
    read_page,
    read_request,
    refuse_private,
    sweep_requests,
)
from gkmonitor.storage import Database, inspections
from gkmonitor.storage.cases import list_cases
from gkmonitor.storage.portals import add_portal
from gkmonitor.storage.registry_changes import By

INSIDE = "127.0.9.9"
PUBLIC_BY_ORDER = """
import socket
from gkmonitor import networks
names = {"www.qinghe.example": ["127.0.0.1"], "inner.qinghe.example": ["127.0.9.9"]}
names["turning.qinghe.example"] = ["127.0.0.1", "127.0.9.9"]
private = networks.is_private_address
networks.is_private_address = lambda address: address != "127.0.0.1" and private(address)

def answer(host):
    known = names.get(host)
    return host if known is None else known.pop(0) if len(known) > 1 else known[0]

ask = socket.getaddrinfo
socket.getaddrinfo = lambda host, *words, **more: ask(answer(host), *words, **more)
ask_for_one = socket.gethostbyname
socket.gethostbyname = lambda host: ask_for_one(answer(host))
"""
NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
HOME = "<html><head><meta charset='utf-8'><title>青禾县人民政府</title></head><body><p>您好</p></body></html>"


@pytest.fixture
def public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Crawl processes begin with these words."""
    folder = tmp_path / "first"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(PUBLIC_BY_ORDER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))


@pytest.fixture
def inside() -> Iterator[FakePortal]:
    with serve({"/*": "<html><title>内部系统</title><body>仅限内部使用</body></html>"}, INSIDE) as served:
        yield served


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path)


def settings_of(folder: Path, **values: Any) -> Settings:
    return load_settings(request_delay_seconds=0, max_pages=8, evidence_dir=str(folder / "evidence"), **values)


def looked_at(settings: Settings, url: str, profile: Profile | None = None) -> tuple[str, str]:
    """The state and the page of a spot check."""
    request = new_request(settings, url, profile, asked_by="zhang", now=NOW)
    look_once(settings, request.key)
    after = read_request(settings, request.key)
    assert after is not None
    return after.state, (read_page(settings, request.key) or b"").decode()


# ---------------------------------------------------------------- what is refused at once


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/",
        "http://localhost/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://a.localhost/",
    ],
)
def test_private_addresses_are_refused_before_a_job_is_made(settings: Settings, url: str) -> None:
    with pytest.raises(AddressError):
        new_request(settings, url, None, asked_by="zhang", now=NOW)
    assert not (settings.evidence_folder / "spot").exists()


def test_a_host_that_the_setting_names_may_be_private(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, desk_private_hosts="inner.example, 127.0.0.1")
    assert refuse_private("http://127.0.0.1:8080/", settings) == "http://127.0.0.1:8080/"
    with pytest.raises(AddressError):
        refuse_private("http://127.0.0.2/", settings)


# ---------------------------------------------------------------- what the crawl refuses


@pytest.mark.usefixtures("public")
def test_a_redirect_inside_is_not_followed(settings: Settings, inside: FakePortal) -> None:
    away = Answer(b"", 302, {"Location": inside.url.replace(INSIDE, "inner.qinghe.example") + "/admin"})
    with serve({"/*": away, "/robots.txt": Answer(b"", 404)}) as portal:
        state, page = looked_at(settings, portal.url.replace("127.0.0.1", "www.qinghe.example"))
    assert "/" in portal.paths
    assert inside.requests == []
    assert state == "done"
    assert "内部系统" not in page


@pytest.mark.usefixtures("public")
def test_a_name_that_turns_inside_after_it_was_looked_at_is_never_followed_there(
    settings: Settings, inside: FakePortal
) -> None:
    port = inside.url.rsplit(":", 1)[1].strip("/")
    with serve({"/*": Answer(b"", 302, {"Location": f"http://turning.qinghe.example:{port}/"})}) as portal:
        looked_at(settings, portal.url.replace("127.0.0.1", "turning.qinghe.example"))
    assert "/" in portal.paths
    assert inside.requests == []


@pytest.mark.usefixtures("public")
def test_a_host_that_the_setting_names_is_asked_and_the_ledger_is_not_touched(
    tmp_path: Path, inside: FakePortal
) -> None:
    """The other tests would pass with a crawl that asks nobody."""
    settings = settings_of(tmp_path, desk_private_hosts=INSIDE)
    state, page = looked_at(settings, inside.url, Profile.COUNTY_PORTAL)
    assert (state, "内部系统" in page, "单次观测" in page) == ("done", True, True)
    assert inside.requests != []
    assert list(tmp_path.rglob("*.db")) == []


# ---------------------------------------------------------------- the request and its result


@pytest.mark.parametrize(
    "key", ["", "..", "../../etc/passwd", "a" * 31, "a" * 33, "a" * 30 + "/.", "%2e%2e" + "a" * 26]
)
def test_only_keys_lead_to_files(settings: Settings, key: str) -> None:
    assert read_request(settings, key) is None
    assert read_page(settings, key) is None


def test_a_finished_check_is_not_run_again(settings: Settings) -> None:
    request = new_request(settings, "http://www.qinghe.example/", None, asked_by="zhang", now=NOW)
    file = settings.evidence_folder / "spot" / f"{request.key}.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "state": "done"}))
    look_once(settings, request.key)
    assert read_page(settings, request.key) is None


def test_requests_are_swept_after_a_week(settings: Settings) -> None:
    request = new_request(settings, "http://www.qinghe.example/", None, asked_by="zhang", now=NOW)
    file = settings.evidence_folder / "spot" / f"{request.key}.json"
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    assert sweep_requests(settings, written + KEPT - timedelta(minutes=1)) == 0
    assert sweep_requests(settings, written + KEPT + timedelta(minutes=1)) == 1
    assert read_request(settings, request.key) is None


# ---------------------------------------------------------------- a registered portal, inspected at once


def inspect_at_once(
    database: Database, settings: Settings, url: str, job: str = "desk_inspection"
) -> tuple[InspectionState, FakeQueue]:
    with database.writing() as session:
        portal = add_portal(session, {"name": "青禾县人民政府", "url": url}, (), By("测试", NOW))
    queue = FakeQueue()
    office = Office(database, settings, queue, lambda: NOW)
    words = {"portal": portal, "name": "2026-11-20/desk/1", "portals": [portal], "key": "2026-11/090000"}
    JOBS[job](office, words)
    while waiting := [one for one in queue.jobs if one.name == "shard"]:
        queue.jobs = []
        JOBS["shard"](office, waiting[0].arguments)
        assert waiting[0].priority == SPOT
    with database.reading() as session:
        (row,) = inspections.inspections_of(session, 1)
    return row.state, queue


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize("job", ["desk_inspection", "recheck"])
def test_what_the_desk_asks_for_refuses_a_private_portal_that_the_night_would_inspect(
    sqlite_url: str, settings: Settings, inside: FakePortal, job: str
) -> None:
    with opened(sqlite_url) as database:
        state, _ = inspect_at_once(database, settings, inside.url.replace(INSIDE, "inner.qinghe.example"), job)
        with database.reading() as session:
            assert list_cases(session) == []  # what was not looked at accuses nobody
    assert state is InspectionState.DONE
    assert inside.requests == []


@pytest.mark.usefixtures("public")
def test_the_recheck_of_a_month_does_not_follow_a_redirect_inside(
    sqlite_url: str, settings: Settings, inside: FakePortal
) -> None:
    away = Answer(b"", 302, {"Location": inside.url + "/admin"})
    with serve({"/*": away, "/robots.txt": Answer(b"", 404)}) as portal, opened(sqlite_url) as database:
        inspect_at_once(database, settings, portal.url, "recheck")
    assert "/" in portal.paths
    assert inside.requests == []


@pytest.mark.usefixtures("public")
def test_the_recheck_of_a_month_reaches_a_private_host_that_the_setting_names(
    sqlite_url: str, tmp_path: Path, inside: FakePortal
) -> None:
    settings = settings_of(tmp_path, desk_private_hosts="inner.qinghe.example")
    with opened(sqlite_url) as database:
        inspect_at_once(database, settings, inside.url.replace(INSIDE, "inner.qinghe.example"), "recheck")
    assert "/" in inside.paths


@pytest.mark.usefixtures("public")
def test_inspect_now_does_not_follow_a_redirect_inside(sqlite_url: str, settings: Settings, inside: FakePortal) -> None:
    away = Answer(b"", 302, {"Location": inside.url + "/admin"})
    with serve({"/*": away, "/robots.txt": Answer(b"", 404)}) as portal, opened(sqlite_url) as database:
        inspect_at_once(database, settings, portal.url)
    assert "/" in portal.paths
    assert inside.requests == []


@pytest.mark.usefixtures("public")
def test_inspect_now_writes_the_ledger_and_ends_its_cycle(sqlite_url: str, settings: Settings) -> None:
    with serve({"/*": HOME}) as portal, opened(sqlite_url) as database:
        state, queue = inspect_at_once(database, settings, portal.url)
        with database.reading() as session:
            cycle = inspections.get_cycle(session, 1)
            assert (cycle.kind, cycle.finished_at) == (CycleKind.DESK, NOW)
            assert inspections.inspections_of_portal(session, 1) != []
    assert state is InspectionState.DONE
    assert [one.name for one in queue.jobs] == ["news"]
    assert NIGHT < SPOT
