"""``--render``: what only a script writes is read as an installed Chromium shows it, under the crawl's own rules."""

from __future__ import annotations

import importlib.util
import time
import uuid
from datetime import date
from pathlib import Path

import pytest
from fake_portal import Answer, FakePortal, serve
from machine import wall_slowness
from typer.testing import CliRunner

from gkmonitor import inspection
from gkmonitor.errors import SettingError
from gkmonitor.inspection import find_browser, inspect_portal
from gkmonitor.records import ColumnFacts, PortalFacts, Reason
from gkmonitor.settings import load_settings
from spiders.jobs import Progress

TODAY = date(2026, 11, 22)
HEAD = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{}-青禾县人民政府</title></head><body>'
MENU = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/tzgg/">通知公告</a></li>\
<li><a href="/zcwj/">政策文件</a></li><li><a href="/rsxx/">人事信息</a></li>\
<li><a href="/tjxx/">统计信息</a></li></ul></div>'
NEWS = '<ul class="list"><li><a href="/x/1.html">青禾县召开秋收工作推进会议</a><span>2026-11-20</span></li>\
<li><a href="/x/2.html">青禾县部署冬季森林防火工作</a><span>2026-11-18</span></li>\
<li><a href="/x/3.html">青禾县开展安全生产大检查活动</a><span>2026-11-16</span></li></ul>'
# The list comes from an address that is put together bit by bit, so that no reader of the page finds it.
SHELL = HEAD + '<div id="app"></div><script src="/app.js"></script></body></html>'
APP = """
var parts = ["/da", "ta", "/", location.pathname.split("/")[1]];
fetch(parts.join("")).then(answer => answer.json()).then(found => {
  var image = new Image(); image.src = "/picture.png";
  var list = found.map(one => `<li><a href="${one.a}">${one.t}</a><span>${one.d}</span></li>`).join("");
  document.getElementById("app").innerHTML = `%s<div class="main"><ul class="list">${list}</ul></div>`;
});
"""
DATA = '[{"a": "/tzgg/1.html", "t": "关于做好冬季供暖工作的通知", "d": "2026-11-19"},\
{"a": "/tzgg/2.html", "t": "关于征求意见的公告（第二号）", "d": "2026-11-12"},\
{"a": "/tzgg/3.html", "t": "关于春节期间安排的通知", "d": "2026-11-05"}]'
PAGES: dict[str, object] = {
    "/": HEAD.format("首页") + MENU + NEWS + "</body></html>",
    "/tzgg/": SHELL.format("通知公告"),
    "/rsxx/": SHELL.format("人事信息"),
    "/app.js": Answer((APP % MENU).encode(), headers={"Content-Type": "text/javascript; charset=utf-8"}),
    "/data/tzgg": Answer(DATA.encode(), headers={"Content-Type": "application/json"}),
    "/data/rsxx": Answer(b"[]", headers={"Content-Type": "application/json"}),
    "/zcwj/*": HEAD.format("政策文件") + MENU + NEWS + "</body></html>",
    "/tjxx/*": HEAD.format("统计信息") + MENU + NEWS + "</body></html>",
}
needs_chromium = pytest.mark.needs_program("chromium", "chromium-browser", "google-chrome")


def inspect(portal: FakePortal, *, render: bool, **more: object) -> PortalFacts:
    settings = load_settings(request_delay_seconds=0.02, user_agent="gkmonitor/test")
    return inspect_portal(portal.url, settings=settings, today=TODAY, proxies={}, render=render, **more)  # type: ignore[arg-type]


def column(facts: PortalFacts, name: str) -> ColumnFacts:
    return next(one for one in facts.columns if one.name == name)


@pytest.fixture(scope="module")
def shown() -> tuple[PortalFacts, FakePortal]:
    with serve(dict(PAGES)) as portal:  # type: ignore[arg-type]
        return inspect(portal, render=True), portal


@needs_chromium
def test_a_list_written_by_script_is_read_as_the_browser_shows_it(shown: tuple[PortalFacts, FakePortal]) -> None:
    found = column(shown[0], "通知公告")
    assert found.state is None
    assert [item.published for item in found.items] == [date(2026, 11, 19), date(2026, 11, 12), date(2026, 11, 5)]
    assert found.observation is not None
    assert found.observation.is_rendered
    assert shown[0].coverage.pages_rendered == 2


@needs_chromium
def test_a_list_that_stays_empty_in_the_browser_is_undecided_not_blank(shown: tuple[PortalFacts, FakePortal]) -> None:
    found = column(shown[0], "人事信息")
    assert (found.state, found.items) == (Reason.SCRIPT_RENDERED, ())


@needs_chromium
def test_the_browser_asks_under_the_crawls_name_and_for_no_pictures(shown: tuple[PortalFacts, FakePortal]) -> None:
    portal = shown[1]
    assert {agent for _, _, agent in portal.requests} == {"gkmonitor/test"}
    assert portal.paths.count("/app.js") == 1
    assert "/picture.png" not in portal.paths
    assert not [path for path in portal.paths if "favicon" in path]
    assert portal.most_under_way == 1


@needs_chromium
def test_pages_that_can_be_read_are_not_shown_in_the_browser(shown: tuple[PortalFacts, FakePortal]) -> None:
    assert shown[1].paths.count("/zcwj/") == 1
    rendered = [one.name for one in shown[0].columns if one.observation and one.observation.is_rendered]
    assert rendered == ["通知公告"]


def test_without_the_browser_such_a_list_is_undecided() -> None:
    with serve(dict(PAGES)) as portal:  # type: ignore[arg-type]
        facts = inspect(portal, render=False)
    assert column(facts, "通知公告").state is Reason.SCRIPT_RENDERED
    assert facts.coverage.pages_rendered == 0


@needs_chromium
def test_a_public_portals_script_does_not_reach_a_private_address() -> None:
    with serve({"/*": '[{"secret": 1}]'}) as secret:
        script = f"""
        fetch("{secret.url}/secret").catch(() => 0);
        new Image().src = "{secret.url}/picture";
        try {{ new WebSocket("{secret.url.replace("http", "ws")}/socket"); }} catch (error) {{}}
        navigator.sendBeacon("{secret.url}/beacon", "x");
        """
        host = "http://www.qinghe.example"
        pages = {f"{host}{path}": page for path, page in PAGES.items()}
        app = Answer((APP % MENU + script).encode(), headers={"Content-Type": "text/javascript; charset=utf-8"})
        with serve(pages | {f"{host}/app.js": app}) as proxy:  # type: ignore[arg-type]
            settings = load_settings(request_delay_seconds=0)
            facts = inspect_portal(
                host, settings=settings, today=TODAY, proxies={"http": proxy.url}, max_pages=20, render=True
            )
    assert column(facts, "通知公告").state is None
    assert secret.paths == []
    assert not [path for path in proxy.paths if "127.0.0.1" in path]


def with_mark(mark: str) -> list[int]:
    """The processes whose environment holds the mark, zombies left out."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@needs_chromium
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at the processes of Linux")
def test_ctrl_c_ends_the_browser_too(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = uuid.uuid4().hex
    monkeypatch.setenv("RENDERING_TEST", mark)
    seen: list[int] = []
    pressed: list[float] = []

    def press(progress: Progress) -> None:
        if progress.column == "人事信息" and progress.waiting == 0 and with_mark(mark):
            seen.extend(with_mark(mark))
            pressed.append(time.monotonic())
            raise KeyboardInterrupt

    with serve({**PAGES, "/data/rsxx": Answer(b"late", hold_seconds=30)}) as portal:  # type: ignore[dict-item]
        facts = inspect(portal, render=True, progress=press)
        assert time.monotonic() - pressed[0] < 2 * wall_slowness()
    assert len(seen) > 3  # the crawl, its reader, the driver and the browser's own
    assert facts.coverage.is_interrupted
    until = time.monotonic() + 5
    while (left := with_mark(mark)) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


# ---------------------------------------------------------------- what has to be installed


def test_without_playwright_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SettingError, match=r"gkmonitor\[render\]") as caught:
        find_browser(load_settings())
    assert "\n" not in str(caught.value)


def test_without_chromium_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(inspection.shutil, "which", lambda name: None)
    with pytest.raises(SettingError, match="apt-get install chromium"):
        find_browser(load_settings())
    with pytest.raises(SettingError, match="GKMONITOR_CHROMIUM"):
        find_browser(load_settings(chromium="/nowhere/chromium"))


def test_a_check_that_cannot_render_ends_before_it_asks_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    from gkmonitor.cli.check import app

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with serve({"/": "x"}) as portal:
        done = CliRunner().invoke(app, ["--site", portal.url, "--render"])
    assert isinstance(done.exception, SettingError)
    assert portal.requests == []
