"""What stands between the survey and the network: where requests may go, by which road, and what robots.txt says."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, cast

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpproxy import HttpProxyMiddleware
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

from spiders.addresses import host_of, is_private_address, is_private_name, numeric_host, proxy_for

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred

logger = logging.getLogger(__name__)

ASKED_URL = "asked_url"  # request.meta: the portal's address as the user gave it
RENDER = "render"  # request.meta: show this page in the browser
RENDERED = "rendered"  # response.flags: it was
FIXED_SLOT = "fixed_slot"  # request.meta: the download slot, where it is not that of the host
ROBOTS_TIMEOUT_SECONDS = 10.0
_ORIGIN = re.compile(r"https?://[^/?#]+")


class PrivateAddressRefused(IgnoreRequest):
    """A public portal led to a private address."""


class RobotsRefused(IgnoreRequest):
    """robots.txt does not allow this address."""


class AddressMiddleware:
    """Refuses private addresses for public portals, and gives hosts on one address one download slot.

    The resolver's cache is what the connection uses afterwards, so a name cannot change its address in between. Behind
    a proxy names are the proxy's to resolve: only numeric addresses and ``localhost`` can be told there.

    A portal that is private itself may lead to private addresses, unless the crawl names the only hosts that may be
    private (``private_hosts``): then nothing else is, whatever was asked for.
    """

    def __init__(self, proxies: Mapping[str, str], private_hosts: Sequence[str] | None = None) -> None:
        self._proxies = proxies
        self._private_hosts = None if private_hosts is None else frozenset(private_hosts)
        self._slots: dict[tuple[str | None, str], str] = {}  # by the portal asked for and the origin

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getdict("CRAWL_PROXIES"), crawler.settings.get("CRAWL_PRIVATE_HOSTS"))

    async def process_request(self, request: Request) -> None:
        meta = request.meta
        asked, origin = meta.get(ASKED_URL), _ORIGIN.match(request.url)
        key = (asked, origin[0] if origin else request.url)
        if (slot := self._slots.get(key)) is None:
            slot = self._slots[key] = await self._admit(request.url, asked)
        meta["download_slot"] = meta.get(FIXED_SLOT) or slot

    async def _admit(self, url: str, asked: str | None) -> str:
        """The download slot of an address that may be fetched for the portal that was ``asked`` for."""
        host = host_of(url)
        address = await self._address_of(url)
        if self._private_hosts is not None:
            if host not in self._private_hosts and self._is_private(host, address):
                raise PrivateAddressRefused(f"{host} is private and not named as one that may be asked")
        elif asked is not None and self._is_private(host, address):
            asked_host = host_of(asked)
            if not self._is_private(asked_host, await self._address_of(asked, may_fail=True)):
                raise PrivateAddressRefused(f"{asked_host} leads to private address {host}")
        return address or host

    @staticmethod
    def _is_private(host: str, address: str | None) -> bool:
        return is_private_name(host) or (address is not None and is_private_address(address))

    async def _address_of(self, url: str, may_fail: bool = False) -> str | None:
        """The numeric address behind a URL's host; None when a proxy resolves it, or when it ``may_fail`` and does."""
        host = host_of(url)
        if numeric_host(host) is not None:
            return host
        if proxy_for(url, self._proxies) is not None:
            return None
        try:
            return await _resolve(host)
        except (DNSLookupError, UnicodeError) as error:
            if may_fail:
                return None
            raise CannotResolveHostError(host) from error


async def _resolve(host: str) -> str:
    """The address of a name, as it is kept for the whole crawl. Raises DNSLookupError."""
    from twisted.internet import reactor

    resolving = cast("Deferred[object]", cast("ReactorBase", reactor).resolve(host))
    return str(await maybe_deferred_to_future(resolving))


class RobotsMiddleware:
    """Reads each host's robots.txt once and refuses what it forbids; one that cannot be read forbids nothing."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent: str = crawler.settings["USER_AGENT"]
        self._timeout = min(ROBOTS_TIMEOUT_SECONDS, crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
        self._longest_delay = crawler.settings.getfloat("AUTOTHROTTLE_MAX_DELAY")
        self._rules: dict[str, asyncio.Future[ProtegoRobotParser | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        scheme, _, rest = request.url.partition("://")
        site = f"{scheme}://{rest.partition('/')[0]}"
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._read_rules(site, request))
        rules = await asyncio.shield(self._rules[site])
        if rules is None:
            return
        if not rules.allowed(request.url, self._agent):
            raise RobotsRefused(request.url)
        if delay := rules.rp.crawl_delay(self._agent):
            self._slow_down(request, float(delay))

    def _slow_down(self, request: Request, delay: float) -> None:
        """Keep the pause that robots.txt asks for, up to the longest that a crawl can afford."""
        assert self._crawler.engine is not None
        # Scrapy sets a slot's delay by settings only, before the crawl.
        _, slot = self._crawler.engine.downloader._get_slot(request)
        slot.delay = max(slot.delay, min(delay, self._longest_delay))
        request.meta["autothrottle_dont_adjust_delay"] = True

    async def _read_rules(self, site: str, asker: Request) -> ProtegoRobotParser | None:
        meta: dict[str, Any] = {
            "dont_obey_robotstxt": True,
            "dont_retry": True,
            "download_timeout": self._timeout,
            ASKED_URL: asker.meta.get(ASKED_URL),
        }
        request = Request(f"{site}/robots.txt", callback=NO_CALLBACK, meta=meta)
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # whatever went wrong here goes wrong again, and is reported, for the page itself
            logger.info("robots.txt of %s could not be read: %s", site, error)
            return None
        return self._parse(response) if 200 <= response.status < 300 else None

    def _parse(self, response: Response) -> ProtegoRobotParser:
        return ProtegoRobotParser(response.body, None)


class SilentFormatter(LogFormatter):
    """Words for Scrapy's log, but none for each page: what a crawl sees is told in its facts."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override]
        return None


class ProxyMiddleware(HttpProxyMiddleware):
    """Sends requests through the proxies that the crawl was given, instead of reading the environment."""

    def __init__(self, proxies: Mapping[str, str]) -> None:
        self._given = proxies
        self.auth_encoding = "utf-8"
        self.proxies = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        proxies = crawler.settings.getdict("CRAWL_PROXIES")
        if not proxies:
            raise NotConfigured
        return cls(proxies)

    def process_request(self, request: Request, spider: Spider | None = None) -> Request | Response | None:
        request.meta["proxy"] = proxy_for(request.url, self._given)
        return super().process_request(request)
