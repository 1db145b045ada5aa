"""Screenshots: a stored page as a browser shows it, with address and time on a bar outside the page's own frame.

The picture is of the bytes that the digest fixes: no script runs, and nothing is fetched that the stored page would
load, for what a server sends today is no evidence of what it sent then. So it has neither pictures nor style sheets of
the portal, and says so.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from gkmonitor import __version__
from gkmonitor.errors import SettingError, StorageError
from gkmonitor.evidence.places import SCREENSHOTS, new_path, write_evidence
from gkmonitor.evidence.records import Kind, NewPiece, Piece
from gkmonitor.evidence.warc import read_block
from gkmonitor.reports.markup import element
from gkmonitor.reports.wording import printable
from gkmonitor.storage import Database
from gkmonitor.storage.evidence import add_piece
from gkmonitor.storage.pictures import pages_to_picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

    from gkmonitor.settings import Settings

logger = logging.getLogger(__name__)

WIDTH: Final = 1280
MAX_HEIGHT: Final = 8000
PAGE_SECONDS: Final = 20.0
MAX_PICTURES: Final = 40  # of one run of the job
_STYLE: Final = (
    "body{margin:0;font:15px/1.6 sans-serif;width:1280px}"
    "header{background:#123;color:#fff;padding:10px 16px;overflow-wrap:anywhere}"
    "img{display:block;width:1280px;border:4px solid #123;box-sizing:border-box}"
)
# The sandbox keeps a page from leading the browser away by itself.
_POLICY: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
_NOTE: Final = "依据保存的网页内容显示，不运行脚本，不加载样式和图片"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture to take: of a stored page, for a case."""

    case_id: int
    page: Piece


def take_screenshots(database: Database, settings: Settings, now: datetime, limit: int = MAX_PICTURES) -> int:
    """A job: pictures for the cases that are to have one (``GKMONITOR_SCREENSHOTS``) and have none; how many.

    Nothing is done where no browser is installed. A page that the browser cannot show is left without a picture. Raises
    StorageError when a picture cannot be stored.
    """
    from gkmonitor.inspection import find_browser

    if settings.screenshots == "none":
        return 0
    with database.reading() as session:
        wanted = [Wanted(*one) for one in pages_to_picture(session, is_all=settings.screenshots == "all", limit=limit)]
    if not wanted:
        return 0
    try:
        browser = find_browser(settings)
    except SettingError as error:
        logger.info("no screenshots: %s", error)
        return 0
    # Playwright's blocking interface refuses a thread that runs an event loop, and a worker's may.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_take_all, database, settings, wanted, browser, now).result()


def _take_all(database: Database, settings: Settings, wanted: Sequence[Wanted], browser: str, now: datetime) -> int:
    taken = 0
    with open_camera(browser) as camera:
        for one in wanted:
            try:
                body = _body(settings, one.page)
                picture = camera.take(body, one.page, ZoneInfo(settings.timezone))
            except StorageError as error:
                logger.warning("no picture of evidence %s: %s", one.page.id, error)
                continue
            except Exception as error:  # a page that breaks the browser costs its picture only
                logger.warning("the browser did not show evidence %s: %s", one.page.id, error)
                continue
            _store(database, settings, one, picture, now)
            taken += 1
    return taken


def _body(settings: Settings, page: Piece) -> bytes:
    if page.byte_offset is None or page.byte_length is None:
        raise StorageError(f"证据 {page.id} 不是网页")
    return read_block(settings.evidence_folder, page.path, page.byte_offset, page.byte_length, page.sha256)


def _store(database: Database, settings: Settings, wanted: Wanted, picture: bytes, now: datetime) -> None:
    day = now.astimezone(ZoneInfo(settings.timezone)).date()
    name = f"case-{wanted.case_id}-inspection-{wanted.page.inspection_id}"
    path = new_path(SCREENSHOTS, day, name, ".png")
    write_evidence(settings.evidence_folder, path, picture)
    details = {"page": wanted.page.sha256, "size": len(picture), "fetched_at": wanted.page.details.get("fetched_at")}
    digest = hashlib.sha256(picture).hexdigest()
    piece = NewPiece(Kind.SCREENSHOT, path, digest, frozenset(), wanted.page.url, details=details)
    with database.writing() as session:
        add_piece(
            session,
            piece,
            case_id=wanted.case_id,
            portal_id=wanted.page.portal_id,
            inspection_id=wanted.page.inspection_id,
            captured_at=now,
            day=day,
        )


# ---------------------------------------------------------------- the browser


class Camera:
    """A browser that shows stored pages and reaches no network."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def take(self, body: bytes, page: Piece, zone: ZoneInfo) -> bytes:
        """The page as a PNG, below a bar with its address, the time of its fetch and its digest."""
        details = page.details
        encoding = str(details.get("encoding") or "")
        kind = str(details.get("content_type") or "text/html").partition(";")[0]
        content_type = f"{kind}; charset={encoding}" if encoding else kind
        shown = self._shoot(page.url or "about:blank", body, content_type)
        return self._framed(shown, bar_lines(page, zone))

    def _shoot(self, url: str, body: bytes, content_type: str) -> bytes:
        headers = {"Content-Type": content_type, "Content-Security-Policy": _POLICY}
        is_given = False

        def answer(route: Route) -> None:
            nonlocal is_given
            if route.request.resource_type != "document":
                route.abort("blockedbyclient")
            elif is_given:
                route.fulfill(status=204)  # a page that leads away: the browser stays where it is
            else:
                is_given = True
                route.fulfill(status=200, headers=headers, body=body)

        with self._page() as page:
            page.route("**/*", answer)
            page.goto(url, wait_until="load", timeout=PAGE_SECONDS * 1000)
            return self._picture(page)

    def _framed(self, picture: bytes, lines: Sequence[str]) -> bytes:
        source = f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}"
        bar = element("header", *(element("div", line) for line in lines))
        html = f"<!DOCTYPE html><html lang=zh-Hans><head><meta charset=utf-8><style>{_STYLE}</style></head>"
        with self._page() as page:
            page.set_content(f"{html}<body>{bar}<img src='{source}'></body></html>", wait_until="load")
            return self._picture(page, MAX_HEIGHT + 400)

    @staticmethod
    def _picture(page: Page, max_height: int = MAX_HEIGHT) -> bytes:
        height = page.evaluate("Math.max(document.documentElement.scrollHeight, 200)")
        page.set_viewport_size({"width": WIDTH, "height": min(int(height), max_height)})
        return page.screenshot(type="png", timeout=PAGE_SECONDS * 1000)

    @contextmanager
    def _page(self) -> Iterator[Page]:
        context = self._browser.new_context(
            java_script_enabled=False,
            accept_downloads=False,
            service_workers="block",
            offline=False,
            locale="zh-CN",
            viewport={"width": WIDTH, "height": 900},
        )
        try:
            yield context.new_page()
        finally:
            context.close()


@contextmanager
def open_camera(browser: str) -> Iterator[Camera]:
    """A browser for a run of pictures, ended afterwards."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=browser,
            args=["--disable-background-networking", "--no-first-run", "--no-pings", "--dns-prefetch-disable"],
            chromium_sandbox=not _is_root(),
            proxy={"server": "http://127.0.0.1:9", "bypass": "<-loopback>"},  # nothing gets past the routes
        )
        try:
            yield Camera(chromium)
        finally:
            chromium.close()


def bar_lines(page: Piece, zone: ZoneInfo) -> list[str]:
    """What stands above the page: where it was fetched from, when, and its digest."""
    details: Any = page.details
    at = datetime.fromisoformat(details["fetched_at"]) if details.get("fetched_at") else page.captured_at
    local = at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    server = f"　服务器 {details['server_address']}" if details.get("server_address") else ""
    return [
        f"网址 {printable(page.url or '')}",
        f"取得时间 {local}（{zone.key}），UTC {at.astimezone(UTC):%Y-%m-%d %H:%M:%S}{server}",
        f"SHA-256 {page.sha256}",
        f"检查 {page.inspection_id}　gkmonitor {__version__}　{_NOTE}",
    ]


def _is_root() -> bool:
    """Chromium's sandbox refuses to run as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
