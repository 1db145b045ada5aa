from __future__ import annotations

import pytest
from OpenSSL.SSL import Error as TlsError
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import HtmlResponse
from twisted.python.failure import Failure as TwistedFailure
from twisted.web.client import ResponseFailed

from spiders.answers import failure_of, read_answer
from spiders.fetching import Failure, failed
from spiders.middlewares import PrivateAddressRefused, RobotsRefused

SITE = "http://www.qinghe.example/"


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (CannotResolveHostError("x"), Failure.UNKNOWN_HOST),
        (DownloadConnectionRefusedError("x"), Failure.REFUSED),
        (DownloadTimeoutError("x"), Failure.TIMEOUT),
        (DownloadCancelledError("too big"), Failure.TOO_BIG),
        (DownloadFailedError("reset"), Failure.BROKEN),
        (IgnoreRequest("max redirections reached"), Failure.REDIRECT_LOOP),
        (IgnoreRequest("body exceeded DOWNLOAD_MAXSIZE (9 B) during decompression."), Failure.TOO_BIG),
        (RobotsRefused("x"), Failure.ROBOTS),
        (PrivateAddressRefused("x"), Failure.PRIVATE_ADDRESS),
        (ValueError("x"), Failure.OTHER),
    ],
)
def test_errors_of_the_downloader_are_told_apart(error: Exception, failure: Failure) -> None:
    assert failure_of(error) is failure


def test_a_refused_connection_behind_a_proxy_is_the_proxys() -> None:
    assert failure_of(DownloadConnectionRefusedError("x"), is_proxied=True) is Failure.PROXY


def test_a_tls_error_below_a_failed_download_is_a_certificate_fault() -> None:
    error = DownloadFailedError("failed")
    error.__cause__ = ResponseFailed([TwistedFailure(TlsError([]))])
    assert failure_of(error) is Failure.CERTIFICATE


@pytest.mark.parametrize("failure", list(Failure))
def test_every_failure_has_words_in_chinese(failure: Failure) -> None:
    detail = failed(SITE, failure).detail
    assert detail is not None
    assert any("\u4e00" <= char <= "\u9fff" for char in detail)


def answer(asked: str, got: str, **meta: object) -> HtmlResponse:
    response = HtmlResponse(got, headers={"Content-Type": ["text/html", "x"], "X-Via": "缓存"}, body=b"<p>")
    response.request = Request(asked, meta=meta)
    return response


def test_the_fragment_that_names_a_page_survives_the_fetch() -> None:
    asked = SITE + "gkmlpt/index#2795"
    assert read_answer(asked, answer(asked, SITE + "gkmlpt/index")).final_url == asked


def test_a_redirect_is_told_with_the_addresses_on_its_way() -> None:
    got = read_answer(SITE, answer(SITE + "b", SITE + "b", redirect_urls=[SITE]))
    assert (got.url, got.final_url, got.redirects) == (SITE, SITE + "b", (SITE,))


def test_headers_are_lower_case_text_whatever_their_bytes() -> None:
    got = read_answer(SITE, answer(SITE, SITE))
    assert got.headers["content-type"] == "text/html, x"
    assert got.content_type == "text/html, x"
    assert "x-via" in got.headers
