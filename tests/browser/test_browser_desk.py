"""The desk in a real browser: every page and main action, by keyboard, on a desk and on a phone, looked over by axe."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from databases import hurry_sqlite, opened, sqlite_database
from desk_client import PASSWORD, Clock, cheap_settings, ensure_account
from registry_files import HEADS, csv_file
from test_desk_rules import PACK
from town import COLUMNS, OFFICES, build_town

from gkmonitor.accounts.passwords import digest_of, new_secret
from gkmonitor.accounts.records import Role
from gkmonitor.inspection import find_browser
from gkmonitor.ledger.records import State
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database, web_sessions
from gkmonitor.storage.case_queue import find_cases
from gkmonitor.storage.case_scope import CaseFilter
from gkmonitor.storage.cases import get_case
from gkmonitor.storage.portals import get_portal
from gkmonitor.storage.registry_list import RegistryFilter, registry_page
from gkmonitor.web.app import create_app

pytestmark = pytest.mark.needs_program("chromium", "chromium-browser", "google-chrome")
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
NOW_ON_DESK = "2026-12-01T01:00:00+00:00"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MONTH = "2026-11"
UNIT = "云岭区人民政府"


@dataclass
class Site:
    """The desk that answers, and what is behind it."""

    url: str
    database: Database
    portals: dict[str, int]
    browser: Any
    clock: Clock


@dataclass
class Person:
    """Somebody at a browser; ``faults``: what the browser complained of."""

    site: Site
    page: Any
    faults: list[str] = field(default_factory=list)

    def goto(self, path: str) -> None:
        answer = self.page.goto(self.site.url + path, wait_until="load")
        if answer.status != 200:
            self.faults.append(f"{path}: status {answer.status}")

    def seen(self) -> str:
        return str(self.page.inner_text("main"))

    def look_over(self) -> list[str]:
        """What axe calls serious or critical; of a stored page in its frame nothing is asked."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run(document, {iframes: false, resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['html'][:160]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"][:3]
        ]

    def is_too_wide(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    from playwright.sync_api import sync_playwright

    folder = tmp_path_factory.mktemp("desk")
    clock = Clock(Clock().now.fromisoformat(NOW_ON_DESK))
    with pytest.MonkeyPatch.context() as patch, sqlite_database(folder, folder / "template.db") as address:
        hurry_sqlite(patch)
        with opened(address) as database:
            town = build_town(database, folder)
            settings = cheap_settings(evidence_dir=str(folder / "evidence"), office_name="云岭市人民政府办公室")
            app = create_app(database, settings, clock=clock)
            with answering(app) as url, sync_playwright() as driver:
                browser = driver.chromium.launch(
                    executable_path=find_browser(load_settings()), args=["--no-sandbox", "--disable-dev-shm-usage"]
                )
                try:
                    yield Site(url, database, town.portals, browser, clock)
                finally:
                    browser.close()


class answering:  # noqa: N801 - used like a function
    """The application at a free port of the loopback."""

    def __init__(self, app: Any) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none", server_header=False)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listening]}, daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def __exit__(self, *_error: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.listening.close()


def somebody(site: Site, role: Role | None, size: dict[str, int]) -> Person:
    """A browser of its own, logged in as ``role`` (None: nobody)."""
    context = site.browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(20_000)
    if role is not None:
        with site.database.reading() as session:
            unit = get_portal(session, site.portals[OFFICES[3]]).unit_id
        account = ensure_account(site.database, role, unit if role is Role.UNIT else None)
        secret, now = new_secret(), site.clock.now
        with site.database.writing() as session:
            web_sessions.add_session(
                session, digest_of(secret), account, new_secret(), now, address="127.0.0.1", agent="browser"
            )
        context.add_cookies([{"name": "gkmonitor", "value": secret, "url": site.url}])
    person = Person(site, context.new_page())
    complain = person.faults.append
    person.page.on("console", lambda one: complain(f"{one.text} @ {one.location}") if one.type == "error" else None)
    person.page.on("pageerror", lambda error: complain(str(error)))
    return person


@pytest.fixture
def administrator(site: Site) -> Iterator[Person]:
    yield from _watched(somebody(site, Role.ADMINISTRATOR, WIDE))


@pytest.fixture
def inspector(site: Site) -> Iterator[Person]:
    yield from _watched(somebody(site, Role.INSPECTOR, WIDE))


def _watched(person: Person) -> Iterator[Person]:
    """Errors in the console, scripts that failed and what the policy refused fail the test."""
    yield person
    person.page.context.close()
    assert person.faults == []


def case_of(site: Site, state: State) -> int:
    """The first case of that state in the queue."""
    with site.database.reading() as session:
        return find_cases(session, CaseFilter(portals=None, states=(state,))).cases[0].id


def entries(person: Person, path: str) -> list[str]:
    """The addresses of the navigation."""
    person.goto(path)
    found = person.page.eval_on_selector_all("nav.side a", "all => all.map(one => one.getAttribute('href'))")
    return [str(one) for one in found]


def pages_of(site: Site, person: Person) -> list[str]:
    """Every page of the navigation and one of each kind that they lead to."""
    known = entries(person, "/overview")
    assert len(known) >= 9, known
    county = site.portals[OFFICES[0]]
    return [
        *known,
        f"/violations/{case_of(site, State.OPEN)}", "/violations?q=blank&state=all", "/violations/new",
        "/violations/rechecks", f"/portals/{county}", "/rules/coverage", "/spot", "/tasks/1",
        f"/figures?month={MONTH}", "/rules/packs/national-2019-19", "/rules/whatif", "/cycles/1",
        "/cycles/schedules", "/cycles/schedules/night", "/registry/import", "/profile", "/accounts/1",
        f"/month/{MONTH}/units", f"/month/{MONTH}/lists/problems", f"/month/{MONTH}/preview", f"/month/{MONTH}/issue",
    ]  # fmt: skip


# ---------------------------------------------------------------- every page


def test_nothing_serious_is_found_on_any_page_and_no_browser_complains(site: Site, administrator: Person) -> None:
    found = {}
    for path in pages_of(site, administrator):
        administrator.goto(path)
        if serious := administrator.look_over():
            found[path] = serious
        if administrator.is_too_wide():
            found[path] = [*found.get(path, []), "scrolls sideways"]
    assert found == {}


def test_no_page_scrolls_sideways_on_a_phone(site: Site) -> None:
    person = somebody(site, Role.ADMINISTRATOR, PHONE)
    wide = []
    for path in pages_of(site, person):
        person.goto(path)
        if person.is_too_wide():
            wide.append(path)
    person.page.click("[data-menu]")
    assert person.page.is_visible("nav.side a")
    person.page.context.close()
    assert (wide, person.faults) == ([], [])


def test_filters_are_folded_on_a_phone_and_opened_by_keyboard(site: Site) -> None:
    person = somebody(site, Role.INSPECTOR, PHONE)
    person.goto("/portals")
    assert not person.page.is_visible("form.filters")
    person.page.focus(".fold > summary")
    person.page.keyboard.press("Enter")
    assert person.page.is_visible("form.filters")
    assert person.look_over() == []
    person.page.select_option("select[name='region']", "云岭区")
    with person.page.expect_navigation():
        person.page.press("form.filters input[name='q']", "Enter")
    assert not person.page.is_visible("form.filters")
    assert "已用 1 项" in person.page.inner_text(".fold > summary")
    person.page.set_viewport_size(WIDE)
    assert person.page.is_visible("form.filters")
    assert not person.page.is_visible(".fold > summary")
    person.goto("/month")  # one field alone leaves the page in sight
    person.page.set_viewport_size(PHONE)
    assert person.page.is_visible("form.filters")
    person.page.context.close()
    assert person.faults == []


def test_a_stored_page_stands_in_its_frame_once_it_is_loaded(site: Site, inspector: Person) -> None:
    inspector.goto("/violations/1")
    frame = inspector.page.frame_locator("iframe.stored")
    assert "供阅读的副本" in frame.locator("body").inner_text()
    assert not inspector.page.is_visible(".frame-words")
    assert inspector.page.locator(".frame-box.waits").count() == 0
    widths = [inspector.page.locator(one).bounding_box()["width"] for one in (".panes", "iframe.stored")]
    assert widths[1] > 0.9 * widths[0]  # no screenshot: the page has the room


def test_a_unit_has_pages_for_its_own_portals_only(site: Site) -> None:
    person = somebody(site, Role.UNIT, WIDE)
    mine = ["/my/violations", "/my/portals", "/my/notices"]
    assert entries(person, "/") == mine
    for path in mine:
        person.goto(path)
        assert person.look_over() == []
        assert (UNIT if path == mine[2] else OFFICES[3]) in person.seen()
    person.page.context.close()
    assert person.faults == []


def test_a_trial_of_a_pack_lists_what_would_change(site: Site, inspector: Person, tmp_path: Path) -> None:
    inspector.goto("/rules/whatif")
    file = tmp_path / "要求.yaml"
    file.write_text(PACK, encoding="utf-8")
    inspector.page.set_input_files("[name='files']", str(file))
    inspector.page.fill("[name='month']", MONTH)
    with inspector.page.expect_navigation():
        inspector.page.click("form.stack button[type='submit']")
    assert "要闻按期更新" in inspector.seen()
    assert inspector.look_over() == []
    with inspector.page.expect_navigation():
        inspector.page.click("text=逐条列出全部变化")
    assert "office-news/news" in inspector.seen()
    assert inspector.look_over() == []


# ---------------------------------------------------------------- main actions


def test_somebody_logs_in_and_out_by_keyboard(site: Site) -> None:
    ensure_account(site.database, Role.INSPECTOR)
    person = somebody(site, None, WIDE)
    person.goto("/violations")
    assert person.look_over() == []
    person.page.keyboard.type("inspector")
    person.page.keyboard.press("Tab")
    person.page.keyboard.type(PASSWORD)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    assert person.page.url.endswith("/violations")
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.activeElement.className") == "skip"
    with person.page.expect_navigation():
        person.page.click("form[action='/logout'] button")
    assert "退出登录" in person.seen()
    person.page.context.close()
    assert person.faults == []


def test_a_violation_is_confirmed_with_one_key(site: Site, inspector: Person) -> None:
    case = case_of(site, State.OPEN)
    inspector.goto("/violations")
    inspector.page.keyboard.press("?")
    assert inspector.page.is_visible("dialog[open]")
    inspector.page.keyboard.press("Escape")
    inspector.page.keyboard.press("j")
    with inspector.page.expect_navigation():
        inspector.page.keyboard.press("o")
    assert f"/violations/{case}" in inspector.page.url
    with inspector.page.expect_navigation():
        inspector.page.keyboard.press("y")
    with site.database.reading() as session:
        assert get_case(session, case).state is State.CONFIRMED


def test_several_violations_are_dismissed_at_once(site: Site, inspector: Person) -> None:
    inspector.goto("/violations")
    page = inspector.page
    boxes = page.query_selector_all("[data-pick]")[-2:]
    cases = [int(box.get_attribute("value").partition(":")[0]) for box in boxes]
    for box in boxes:
        box.check()
    assert "已选 2 个" in page.inner_text("[data-chosen]")
    page.keyboard.press("n")
    page.select_option("[data-dismiss] select[name=reason]", "misread_page")
    with page.expect_navigation():
        page.click("button[value=dismissed]")
    assert "2 个问题" in page.inner_text(".flash.good")
    with site.database.reading() as session:
        assert {get_case(session, one).state for one in cases} == {State.DISMISSED}


def test_a_task_is_done(site: Site, inspector: Person) -> None:
    inspector.goto("/tasks?month=2026-12&state=todo")
    page = inspector.page
    with page.expect_navigation():
        page.click("table a >> nth=0")
    page.check("input[name=outcome][value=ok]")
    page.fill("textarea[name=note]", "已查看")
    with page.expect_navigation():
        page.click("text=完成任务")
    assert page.query_selector(".flash.good") is not None


def test_a_registry_file_is_previewed_and_only_then_written(site: Site, administrator: Person, tmp_path: Path) -> None:
    line = ",云岭区体育局,https://tyj.yunling.example/,云岭区体育局,云岭区人民政府,county,department,云岭区"
    path = csv_file(tmp_path, HEADS, line)
    administrator.goto("/registry/import")
    page = administrator.page
    page.set_input_files("input[name=file]", str(path))
    with page.expect_navigation():
        page.click("button:has-text('预览')")

    def known() -> list[str]:
        with site.database.reading() as session:
            return [one.name for one in registry_page(session, RegistryFilter(words="体育局"))]

    assert "云岭区体育局" in administrator.seen()
    assert administrator.look_over() == []
    assert known() == []
    with page.expect_navigation():
        page.click("button:has-text('确认导入')")
    assert known() == ["云岭区体育局"]


def test_a_month_is_counted_and_its_notice_previewed(site: Site, administrator: Person) -> None:
    administrator.goto(f"/month?month={MONTH}")
    page = administrator.page
    page.wait_for_selector("text=全部数字和定义")
    assert administrator.look_over() == []
    assert COLUMNS[0] not in page.title()
    with page.expect_navigation():
        page.click("main a[href$='/preview']")
    assert administrator.look_over() == []
    notice = page.frame_locator("main iframe")
    assert "云岭市人民政府办公室" in notice.locator("body").inner_text()


def test_a_stored_page_is_shown_beside_its_violation_and_runs_nothing(site: Site, inspector: Person) -> None:
    with site.database.reading() as session:
        kept = [one.id for one in find_cases(session, CaseFilter(portals=None)).cases if one.check == "column-blank"]
    inspector.goto(f"/violations/{kept[0]}")
    frame = inspector.page.query_selector("iframe.stored")
    assert frame is not None
    assert frame.get_attribute("sandbox") == ""
    frame.scroll_into_view_if_needed()
    assert "联系电话" in inspector.page.frame_locator("iframe.stored").locator("body").inner_text()
