"""Bodies that are no web page at all, or one of enormous size, are read within the time that a page may take."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable

import pytest
from machine import patience

from gkmonitor.records import PageKind
from spiders.readers import read_page

URL = "http://www.qinghe.example.gov.cn/zwgk/index.html"
MAX_SECONDS = 0.25  # CPU
LIMIT = 10 * 2**20  # the crawl's own limit of a body
PAGE = "<html><head><title>公告</title></head><body><ul><li><a href='/1.html'>会议</a>2026-01-02</li></ul>"
RSS = (
    "<?xml version='1.0'?><rss><channel><title>t</title>"
    + "<item><title>公告</title><link>http://a/1</link><pubDate>2026-01-02</pubDate></item>" * 50
    + "</channel></rss>"
)

NO_PAGES: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: gzip.compress(PAGE.encode() * 100),
    "pdf": lambda: (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj<</Type/Catalog>>endobj\nstream\n\x78\x9c\x00\xff" * 2000
    ),
    "png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200,
    "zip": lambda: b"PK\x03\x04" + bytes(range(256)) * 400,
    "whitespace": lambda: b" \n\t\r" * 500_000,
    "ideographic-blanks": lambda: "　\u00a0\ufeff".encode() * 200_000,
    "zeros": lambda: bytes(2_000_000),
    "script-only": lambda: b"<script>" + b"var a=1;" * 100_000 + b"</script>",
    "style-only": lambda: b"<style>" + b".a{b:c}" * 100_000 + b"</style>",
    "json": lambda: json.dumps({"a": [{"b": n} for n in range(20_000)]}).encode(),
    "json-deep": lambda: b'{"a":' * 50_000,
}
HUGE: dict[str, Callable[[], bytes]] = {
    "text": lambda: ("<p>" + "青禾县人民政府办公室关于印发实施方案的通知。" * 200_000).encode()[:LIMIT],
    "one-line": lambda: b"a" * LIMIT,
    "tags": lambda: b"<p>x</p>" * (LIMIT // 8),
    "entities": lambda: b"&nbsp;" * (LIMIT // 6),
    "open-brackets": lambda: b"<" * LIMIT,
    "attributes": lambda: b"<a " + b'x="1" ' * (LIMIT // 6) + b">",
    "random-high": lambda: bytes(range(128, 256)) * (LIMIT // 128),
    "days": lambda: ("<li><a href=/1.html>" + "２０２６年１月２日，" * 4000).encode(),
    "deadlines": lambda: ("<h1>关于公开征求意见的公告</h1><p>" + "截止2026-01-02 " * 6000).encode(),
    "gb18030": lambda: ("<li><a href=/1.html>青禾县公告</a>2026-01-02</li>" * 100_000).encode("gb18030"),
    "rows": lambda: b"".join(
        b"<tr><td><a href=/%d.html>\xe5\x85\xac\xe5\x91\x8a</a><td>2026-01-02" % n for n in range(150_000)
    ),
}


@pytest.fixture(autouse=True, scope="module")
def _tables_are_loaded() -> None:
    read_page(PAGE.encode(), URL)


def seconds_of(body: bytes) -> float:
    begin = time.thread_time()
    read_page(body, URL)
    return time.thread_time() - begin


@pytest.mark.parametrize("name", NO_PAGES)
def test_what_is_no_page_has_no_list_and_no_article(name: str) -> None:
    page = read_page(NO_PAGES[name](), URL)
    assert page.listing is None
    assert page.article is None
    assert page.kind not in (PageKind.HOME, PageKind.LISTING, PageKind.ARTICLE)


@pytest.mark.parametrize("name", [*NO_PAGES, *HUGE])
def test_strange_body_takes_no_longer_than_a_page_may(name: str) -> None:
    body = {**NO_PAGES, **HUGE}[name]()
    assert min(seconds_of(body) for _ in range(2)) < MAX_SECONDS * patience()


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "gb18030", "big5", "utf-32"])
def test_page_in_any_encoding_is_read(codec: str) -> None:
    assert read_page(PAGE.encode(codec, "replace"), URL).url == URL


def test_feed_is_no_article() -> None:
    assert read_page(RSS.encode(), URL).article is None
