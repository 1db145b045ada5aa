"""How names become addresses while a crawl runs."""

from __future__ import annotations

from collections.abc import Sequence

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.abstract import isIPAddress
from twisted.internet.defer import Deferred, succeed


class CrawlResolver(CachingThreadedResolver):
    """Scrapy's resolver, which keeps what it resolved; an address by number is its own answer.

    Scrapy's hands such an address to a thread like any name, once for each connection that is opened before the first
    answer is back.
    """

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802  # Twisted's name
        if isIPAddress(name):
            return succeed(name)
        return super().getHostByName(name, timeout)
