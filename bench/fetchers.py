"""Spiders to compare with in bench/crawl.py: one that only fetches, one that also runs Scrapy's LinkExtractor.

python bench/fetchers.py {bare|links} CONCURRENCY < urls
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.linkextractors import LinkExtractor

URLS = [line.strip() for line in sys.stdin if line.strip()]


class BareSpider(scrapy.Spider):
    """Fetches a list of addresses and does nothing with them."""

    name = "bare"

    async def start(self) -> AsyncIterator[Any]:
        for url in URLS:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: Response) -> Iterator[Any]:
        yield from ()


class LinkSpider(BareSpider):
    """The same, and extracts the links of every page the way Scrapy's guide does."""

    name = "links"
    extractor = LinkExtractor()

    def parse(self, response: Response) -> Iterator[Any]:
        self.extractor.extract_links(response)
        yield from ()


def main() -> None:
    spider = {"bare": BareSpider, "links": LinkSpider}[sys.argv[1]]
    concurrency = int(sys.argv[2])
    process = AsyncCrawlerProcess(
        {
            "CONCURRENT_REQUESTS": max(16, concurrency),
            "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
            "DOWNLOAD_DELAY": 0,
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(spider)
    process.start()


if __name__ == "__main__":
    main()
