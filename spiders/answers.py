"""Scrapy's answers and errors as the survey knows them: the one place where foreign errors are told apart."""

from __future__ import annotations

from datetime import UTC, datetime

from OpenSSL.crypto import FILETYPE_ASN1, dump_certificate
from OpenSSL.SSL import Error as TlsError
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from service_identity import VerificationError
from twisted.internet.error import ConnectError
from twisted.internet.error import TimeoutError as ConnectTimeoutError
from twisted.web.client import ResponseFailed

from spiders.fetching import Failure, Fetched
from spiders.middlewares import RENDERED, PrivateAddressRefused, RobotsRefused

_KINDS: tuple[tuple[type[BaseException], Failure], ...] = (
    (RobotsRefused, Failure.ROBOTS),
    (PrivateAddressRefused, Failure.PRIVATE_ADDRESS),
    (CannotResolveHostError, Failure.UNKNOWN_HOST),
    (DownloadTimeoutError, Failure.TIMEOUT),
    (ConnectTimeoutError, Failure.TIMEOUT),
    (DownloadCancelledError, Failure.TOO_BIG),
    (TunnelError, Failure.PROXY),
    (ResponseDataLossError, Failure.BROKEN),
)


def failure_of(error: BaseException, is_proxied: bool = False) -> Failure:
    """What kind of failure an error of the downloader is."""
    for kind, failure in _KINDS:
        if isinstance(error, kind):
            return failure
    if isinstance(error, DownloadConnectionRefusedError):
        return Failure.PROXY if is_proxied else Failure.REFUSED
    if isinstance(error, IgnoreRequest):
        return Failure.TOO_BIG if "DOWNLOAD_MAXSIZE" in str(error) else Failure.REDIRECT_LOOP
    if isinstance(error, DownloadFailedError):
        return Failure.CERTIFICATE if _is_tls(error) else Failure.BROKEN
    if isinstance(error, (ConnectError, OSError)):
        return Failure.PROXY if is_proxied else Failure.REFUSED
    return Failure.OTHER


def _is_tls(error: BaseException) -> bool:
    """Whether a TLS handshake failed: the causes hang below the error that Scrapy raises."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, (TlsError, VerificationError)):
            return True
        if isinstance(one, ResponseFailed):
            waiting += [failure.value for failure in one.reasons]
        if isinstance(one, BaseException):
            waiting += [one.__cause__, one.__context__]
    return False


def read_answer(url: str, response: Response) -> Fetched:
    """A response as the survey sees it; ``url`` is the address that was asked.

    The downloader drops the fragment, which names the page where a script makes it; after a redirect it is gone.
    """
    redirects = tuple(response.meta.get("redirect_urls", ()))
    final_url = response.url if redirects or response.request is None else response.request.url
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    return Fetched(
        url,
        final_url,
        datetime.now(UTC),
        response.status,
        headers,
        response.body,
        redirects=redirects,
        is_rendered=RENDERED in response.flags,
        server_address=_server_address(response),
        certificate=_certificate(response),
    )


def _certificate(response: Response) -> bytes | None:
    """The certificate of the server that answered; None without TLS."""
    if response.certificate is None:
        return None
    return dump_certificate(FILETYPE_ASN1, response.certificate.original)


def _server_address(response: Response) -> str | None:
    """Which server answered; None behind a proxy, whose address says nothing about the portal."""
    if response.ip_address is None or response.meta.get("proxy"):
        return None
    return str(response.ip_address)
