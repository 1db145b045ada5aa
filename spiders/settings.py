"""Scrapy settings of the portal crawl. ``build_settings`` adds what one crawl's limits say."""

from __future__ import annotations

from typing import Any

from spiders.jobs import CrawlLimits

BOT_NAME = "gkmonitor"
SPIDER_MODULES = ["spiders"]
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# An inspector may switch this off for portals that agreed to it (GKMONITOR_OBEY_ROBOTS=false).
ROBOTSTXT_OBEY = True

DOWNLOAD_DELAY_JITTER = 0.0  # the delay is a promise to the portal, not an average
RETRY_HTTP_CODES = [503]  # 504, 502 and 500 rarely mend within seconds; 429 is not asked again at once
RETRY_EXCEPTIONS = [  # what timed out is asked again by the survey, after everything else
    "scrapy.exceptions.ResponseDataLossError",
    "scrapy.exceptions.DownloadFailedError",
]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
DNS_TIMEOUT = 10
DOWNLOAD_VERIFY_CERTIFICATES = True  # a portal that a browser warns of is reported, not read
DOWNLOAD_FAIL_ON_DATALOSS = False  # a wrong Content-Length is common; what came is read

COOKIES_ENABLED = False
HTTPCACHE_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
MEMUSAGE_ENABLED = False
METAREFRESH_ENABLED = False  # pages are read once, by the readers, which also follow scripts
DOWNLOADER_STATS = False
STATS_DUMP = False
LOGSTATS_INTERVAL = 0
LOG_FORMATTER = "spiders.middlewares.SilentFormatter"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the survey compares addresses before it makes requests
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}
# Scrapy imports every component of its defaults, also those that are switched off, and their libraries with them:
# a crawl begins a fifth sooner when only those are named that it uses.
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {"scrapy.extensions.throttle.AutoThrottle": 0}
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "spiders.middlewares.AddressMiddleware": 50,
    "spiders.middlewares.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "spiders.middlewares.ProxyMiddleware": 750,
}


def build_settings(limits: CrawlLimits) -> dict[str, Any]:
    """All settings of a crawl with these limits, as AsyncCrawlerRunner takes them."""
    fixed = {name: value for name, value in globals().items() if name.isupper()}
    return (
        fixed
        | _rendering(limits)
        | {
            "USER_AGENT": limits.user_agent,
            "ROBOTSTXT_OBEY": limits.obey_robots,
            "CONCURRENT_REQUESTS": 0,  # bounded by portals at once and connections per host
            "CONCURRENT_REQUESTS_PER_DOMAIN": limits.connections_per_host,
            "DOWNLOAD_DELAY": limits.request_delay_seconds,
            "AUTOTHROTTLE_ENABLED": limits.request_delay_seconds > 0,  # without a delay nobody asked for politeness
            "AUTOTHROTTLE_START_DELAY": limits.request_delay_seconds,
            "AUTOTHROTTLE_MAX_DELAY": max(limits.max_delay_seconds, limits.request_delay_seconds),
            "AUTOTHROTTLE_TARGET_CONCURRENCY": float(limits.connections_per_host),
            "DOWNLOAD_TIMEOUT": limits.fetch_timeout_seconds,
            "DOWNLOAD_MAXSIZE": limits.max_body_bytes,
            "DOWNLOAD_WARNSIZE": 0,
            "RETRY_TIMES": limits.retries,
            "REDIRECT_MAX_TIMES": limits.max_redirects,
            "CRAWL_PROXIES": dict(limits.proxies),
            "CRAWL_PRIVATE_HOSTS": limits.private_hosts,
        }
    )


def _rendering(limits: CrawlLimits) -> dict[str, Any]:
    """What sends pages through the browser, where there is one."""
    if not limits.browser:
        return {}
    handler = "spiders.rendering.RenderingHandler"
    return {
        "CRAWL_BROWSER": limits.browser,
        "DOWNLOAD_HANDLERS": {**DOWNLOAD_HANDLERS, "http": handler, "https": handler},
        "DOWNLOAD_SLOTS": {"rendering": {"concurrency": 1, "delay": 0.0, "jitter": 0.0}},
    }
