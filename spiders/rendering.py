"""Pages whose content a script writes, as an installed Chromium shows them. Needs the extra ``render`` (Playwright).

The browser has no network of its own: each of its requests is taken out of it and fetched by this crawl, under the
same rules as any page (robots.txt, private addresses, proxies, user agent, size), one after the other; a proxy that
does not exist stands in the way of anything that would go past. Pictures, fonts, films and downloads are not fetched.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK

from spiders.middlewares import ASKED_URL, FIXED_SLOT, RENDER, RENDERED

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Page, Playwright, Route
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

PARTS_SLOT: Final = "rendering"  # what a page loads: one request at a time, without the delay between pages
PAGE_SECONDS: Final = 20.0
QUIET_SECONDS: Final = 0.4  # without a request: the page has what it wanted
MAX_PARTS: Final = 80  # requests of one page
MAX_KEPT: Final = 64  # scripts kept for the next pages
_WANTED_TYPES: Final = ("document", "script", "stylesheet", "xhr", "fetch")
_KEPT_TYPES: Final = ("script", "stylesheet")
_METHODS: Final = ("GET", "POST", "HEAD")
# The crawl's own to set, or of no use in an answer that is decompressed already.
_OWN_HEADERS: Final = ("host", "user-agent", "accept-encoding", "content-length", "connection")
_LOST_HEADERS: Final = ("content-encoding", "content-length", "transfer-encoding", "connection")
_NO_PROXY: Final = "http://127.0.0.1:9"
_ARGUMENTS: Final = (
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
)


class RenderingHandler(HTTP11DownloadHandler):
    """Scrapy's own handler, but for requests whose meta asks for the browser."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser = _BROWSERS.setdefault(crawler, Browser(crawler))

    async def download_request(self, request: Request) -> Response:
        if request.meta.get(RENDER):
            return await self._browser.render(request)
        return await super().download_request(request)

    async def close(self) -> None:
        await self._browser.close()
        await super().close()


class Browser:
    """One Chromium for a crawl, started when the first page needs it; it shows one page at a time."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._turn = asyncio.Lock()
        self._driver: Playwright | None = None
        self._chromium: Chromium | None = None
        self._kept: dict[str, Response] = {}

    async def render(self, request: Request) -> Response:
        """The page as the browser shows it once its scripts have run.

        Raises what fetching the page itself raises, and DownloadTimeoutError when the browser takes too long.
        """
        async with self._turn:
            document = await self._fetch(request.url, {ASKED_URL: request.meta.get(ASKED_URL)})
            if document.status >= 400:
                return document
            try:
                async with asyncio.timeout(PAGE_SECONDS + 5):
                    return await self._show(request, document)
            except TimeoutError as error:
                raise DownloadTimeoutError(f"the browser did not show {request.url} in time") from error

    async def close(self) -> None:
        """End the browser, also one that does not answer."""
        chromium, self._chromium = self._chromium, None
        driver, self._driver = self._driver, None
        with contextlib.suppress(Exception):
            async with asyncio.timeout(2):
                if chromium is not None:
                    await chromium.close()
        with contextlib.suppress(Exception):
            async with asyncio.timeout(1):
                if driver is not None:
                    await driver.stop()

    async def _start(self) -> Chromium:
        if self._chromium is None or not self._chromium.is_connected():
            from playwright.async_api import async_playwright

            self._driver = self._driver or await async_playwright().start()
            self._chromium = await self._driver.chromium.launch(
                executable_path=self._crawler.settings["CRAWL_BROWSER"],
                args=list(_ARGUMENTS),
                chromium_sandbox=not _is_root(),
                proxy={"server": _NO_PROXY, "bypass": "<-loopback>"},
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        return self._chromium

    async def _show(self, request: Request, document: Response) -> Response:
        chromium = await self._start()
        context = await chromium.new_context(
            user_agent=self._crawler.settings["USER_AGENT"],
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            accept_downloads=False,
            service_workers="block",
        )
        try:
            parts = _Parts(self, document, {ASKED_URL: request.meta.get(ASKED_URL)})
            await context.route("**/*", parts.answer)
            await context.route_web_socket("**/*", lambda socket: socket.close())
            page = await context.new_page()
            await page.goto(document.url, wait_until="commit", timeout=PAGE_SECONDS * 1000)
            await parts.settle(page)
            body = (await page.content()).encode("utf-8", "replace")
        finally:
            with contextlib.suppress(Exception):
                await context.close()
        headers = {"Content-Type": "text/html; charset=utf-8"}
        return HtmlResponse(document.url, document.status, headers, body, [RENDERED], request, encoding="utf-8")

    async def fetch_part(self, route: Route, meta: dict[str, Any]) -> Response:
        """What the browser asked for, fetched by the crawl; scripts of a portal are kept for its next pages."""
        asked = route.request
        if kept := self._kept.get(asked.url):
            return kept
        headers = {
            name: value for name, value in (await asked.all_headers()).items() if name.lower() not in _OWN_HEADERS
        }
        response = await self._fetch(asked.url, meta, asked.method, asked.post_data_buffer or b"", headers)
        if asked.resource_type in _KEPT_TYPES and response.status == 200:
            if len(self._kept) >= MAX_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[asked.url] = response
        return response

    async def _fetch(
        self,
        url: str,
        meta: dict[str, Any],
        method: str = "GET",
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> Response:
        rules = {FIXED_SLOT: PARTS_SLOT, "dont_retry": True, "autothrottle_dont_adjust_delay": True}
        request = Request(
            url, callback=NO_CALLBACK, method=method, body=body, headers=headers or {}, meta={**meta, **rules}
        )
        assert self._crawler.engine is not None
        return await self._crawler.engine.download_async(request)


_BROWSERS: WeakKeyDictionary[Crawler, Browser] = WeakKeyDictionary()  # one for http and https


class _Parts:
    """What one page asks for while it is shown."""

    def __init__(self, browser: Browser, document: Response, meta: dict[str, Any]) -> None:
        self._browser = browser
        self._document: Response | None = document
        self._meta = meta
        self._count = self._under_way = 0
        self._last = time.monotonic()

    async def answer(self, route: Route) -> None:
        """Give the browser what the crawl may fetch, and nothing else."""
        asked = route.request
        is_document = asked.resource_type == "document"
        self._under_way += 1
        try:
            if is_document and self._document is not None:
                response, self._document = self._document, None
            elif not self._is_wanted(asked.resource_type, asked.method, asked.url):
                await route.abort("blockedbyclient")
                return
            else:
                response = await self._browser.fetch_part(route, self._meta)
            headers = {
                name.decode("latin-1"): b"\n".join(values).decode("latin-1")
                for name, values in response.headers.items()
                if name.decode("latin-1").lower() not in _LOST_HEADERS
            }
            await route.fulfill(status=response.status, headers=headers, body=response.body)
        except Exception as error:
            logger.info("%s was not given to the browser: %s", asked.url, error)
            with contextlib.suppress(Exception):
                await route.abort("failed")
        finally:
            self._under_way -= 1
            self._last = time.monotonic()

    def _is_wanted(self, kind: str, method: str, url: str) -> bool:
        self._count += 1
        is_web = url.startswith(("http://", "https://"))
        return is_web and kind in _WANTED_TYPES and method in _METHODS and self._count <= MAX_PARTS

    async def settle(self, page: Page) -> None:
        """Until the page has asked for nothing for a moment, or its time is over."""
        until = time.monotonic() + PAGE_SECONDS
        with contextlib.suppress(Exception):
            await page.wait_for_load_state("domcontentloaded", timeout=PAGE_SECONDS * 1000)
        self._last = time.monotonic()
        while (now := time.monotonic()) < until and (self._under_way or now - self._last < QUIET_SECONDS):
            await asyncio.sleep(0.05)


def _is_root() -> bool:
    """Chromium's sandbox refuses to run as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
