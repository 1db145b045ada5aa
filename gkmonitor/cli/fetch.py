"""One page fetched on a person's request: identified, unhurried, bounded, and never led into a private network."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime

import httpx

from gkmonitor.settings import Settings, find_proxies
from spiders.addresses import host_of, is_private_address, is_private_name
from spiders.fetching import Failure, Fetched, failed

FETCH_TIMEOUT_SECONDS = 15.0
MAX_REDIRECTS = 6


class PoliteFetcher:
    """Fetches pages one after another, with the configured delay between two requests to one host."""

    def __init__(
        self,
        settings: Settings,
        wait: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._wait = wait
        self._asked: dict[str, float] = {}
        self._client = httpx.Client(
            headers={"User-Agent": settings.user_agent, "Accept": "text/html,application/xhtml+xml,*/*;q=0.5"},
            timeout=FETCH_TIMEOUT_SECONDS,
            limits=httpx.Limits(max_keepalive_connections=0),
            transport=transport,
        )

    def close(self) -> None:
        self._client.close()

    def fetch(self, url: str) -> Fetched:
        """The answer at the end of the redirects, or why there is none."""
        began_private, here = _is_private(host_of(url)), url
        passed: list[str] = []
        try:
            for _ in range(MAX_REDIRECTS + 1):
                if passed and not began_private and _is_private(host_of(here)):
                    return failed(url, Failure.PRIVATE_ADDRESS)
                self._keep_distance(host_of(here))
                with self._client.stream("GET", here) as response:
                    if not response.has_redirect_location:
                        return self._read(url, here, response, tuple(passed))
                    passed.append(here)
                    here = str(response.url.join(response.headers["location"]))
            return failed(url, Failure.REDIRECT_LOOP)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return failed(url, _why(error), str(error))

    def _read(self, url: str, here: str, response: httpx.Response, passed: tuple[str, ...]) -> Fetched:
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > self._settings.max_body_bytes:
                return failed(url, Failure.TOO_BIG)
        headers = dict(response.headers)
        return Fetched(url, here, datetime.now(UTC), response.status_code, headers, bytes(body), redirects=passed)

    def _keep_distance(self, host: str) -> None:
        last = self._asked.get(host)
        if last is not None:
            self._wait(max(0.0, last + self._settings.request_delay_seconds - time.monotonic()))
        self._asked[host] = time.monotonic()


def _is_private(host: str) -> bool:
    """Whether a host leads to a private address; behind a proxy only what the name itself says is known."""
    if is_private_name(host):
        return True
    if any(key in find_proxies() for key in ("http", "https")):
        return False
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return any(is_private_address(str(entry[4][0])) for entry in found)


def _why(error: Exception) -> Failure:
    """The library's error as one of ours, looking through what caused it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Failure.CERTIFICATE
        if isinstance(cause, socket.gaierror):
            return Failure.UNKNOWN_HOST
        if isinstance(cause, ConnectionRefusedError):
            return Failure.REFUSED
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return Failure.TIMEOUT
    if isinstance(error, httpx.ProxyError):
        return Failure.PROXY
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError | httpx.DecodingError):
        return Failure.BROKEN
    return _why_by_words(str(error))


def _why_by_words(words: str) -> Failure:
    """httpx words some causes only in its message."""
    lowered = words.lower()
    for needle, failure in (
        ("certificate", Failure.CERTIFICATE),
        ("name or service not known", Failure.UNKNOWN_HOST),
        ("name resolution", Failure.UNKNOWN_HOST),
        ("no address associated", Failure.UNKNOWN_HOST),
        ("refused", Failure.REFUSED),
    ):
        if needle in lowered:
            return failure
    return Failure.OTHER
