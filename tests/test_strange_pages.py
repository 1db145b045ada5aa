"""Pages that no portal should send: each is read without an exception, within its time and memory."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from machine import patience

from gkmonitor.records import PageFacts
from spiders.readers import read_page

SECONDS = 0.25
PAGES = Path(__file__).parent / "pages" / "strange"
URL = "http://www.qinghe.example/zwgk/index.html"

MADE: dict[str, Callable[[], str]] = {
    "empty": lambda: "",
    "one-character": lambda: "<",
    "deep-divs": lambda: "<div>" * 200_000 + '<a href="x.html">条目标题文字</a>',
    "deep-closed": lambda: "<div>" * 60_000 + "文字" + "</div>" * 60_000,
    "deep-closed-before-the-cut": lambda: "<div>" * 19_000 + "文字" + "</div>" * 19_000,
    "deep-in-the-middle": lambda: "<p>文字</p>" * 4000 + "<b>" * 15_000 + "</b>" * 15_000 + "文字" * 200_000,
    "deep-fonts": lambda: "<font><b><i>" * 30_000,
    "deep-lists": lambda: "<ul><li>" * 30_000,
    "deep-tables": lambda: "<table><tr><td>" * 20_000,
    "deep-links": lambda: '<a href="a.html">标题' * 50_000,
    "million-links": lambda: '<a href="x.html">标题文字</a>' * 1_000_000,
    "list-of-thousands": lambda: "".join(
        f'<li><a href="/{n}.html">第{n}号公告公布如下</a><span>2026-01-02</span></li>' for n in range(20_000)
    ),
    "null-bytes": lambda: "<ul>" + '<li><a href="/1.html">\0标\0题\0</a>2026-\0' + "01-02</li>" * 1000,
    "megabyte-attribute": lambda: f'<a href="{"a" * 3_000_000}" title="{"长" * 1_000_000}">标题</a>',
    "megabyte-text": lambda: "<p>" + "二〇二六年一月二日" * 120_000,
    "megabyte-digits": lambda: "<li><a href=/1>" + "2026-01-0" * 120_000,
    "broken-entities": lambda: (
        "<li><a href='/1.html'>&#xFFFFFFFF;&#0;&amp&lt;&#99999999999;&nosuch;</a>&#x32;026</li>" * 500
    ),
    "unclosed-scripts": lambda: "<script>" * 30_000,
    "unclosed-comments": lambda: "<!--" * 100_000,
    "unclosed-attribute": lambda: '<a href="' + "<li>" * 100_000,
    "endless-write": lambda: "<script>document.write(" * 20_000,
    "quotes-in-write": lambda: '<script>document.write("' + "\\" * 100_000 + "</script>",
    "braces": lambda: "<script>" + "{" * 200_000 + "location.href='/a'</script>",
    "brackets-in-json": lambda: "<script>var x = " + "[" * 100_000 + "{</script>",
    "records": lambda: "<script type=text/xml><record>" * 20_000 + "</script>",
    "spaces": lambda: "<li>" + " " * 2_000_000 + "<a href=/1.html>标题</a>",
    "addresses": lambda: "".join(f'<a href="http://[{n}/../..//\\%zz">坏地址链接{n}</a>' for n in range(3000)),
    "frames": lambda: "<iframe src=a.html>" * 5000,
    "nested-departures": lambda: ("<script>" + "{" * 300 + 'location.href="/x?a=1";' * 800 + "</script>") * 50,
    "unended-comments": lambda: ('<script>location.href="/x?a=1";' + "/*" * 9_900 + "</script>") * 50,
    "unended-comments-in-write": lambda: ('<script>var a="x";document.write(a);' + "/*" * 1_400 + "</script>") * 390,
    "calls": lambda: "<script>" + "url: '/api/list.do', " * 9_000 + "</script>",
    "refreshes": lambda: '<meta http-equiv=refresh content="0 url= \'">' * 30_000,
    "explanations": lambda: "<p>暂无信息，系统维护中</p>" * 20_000,
    "explanations-in-links": lambda: "<a href=/1.html>暂无信息，系统维护中</a>" * 13_000,
    "published-days": lambda: (
        "<title>关于公告的公示</title><h1>关于公告的公示</h1>"
        + "".join(f"<p>发布时间：2026-01-{n % 28 + 1:02d}</p>" for n in range(35_000))
    ),
    "published-same-day": lambda: (
        "<title>关于公告的公示</title><h1>关于公告的公示</h1>" + "<p>发布时间：2026-01-02</p>" * 35_000
    ),
    "years": lambda: ("<li><a href=/1.html>标题" + "2026 " * 20_000 + "</a></li>") * 20,
    "empty-tables": lambda: "<table><tr><td></td></tr></table>" * 100_000,
    "metas": lambda: "".join(f'<meta name="n{n}" content="内容{n}">' for n in range(40_000)),
    "long-line": lambda: "<p>" + "发布时间：2026-01-02 来源：青禾县 " * 300_000,
    "inline-json": lambda: "<script>" + "".join(f'var a{n} = [{{"title":"公告{n}"}}];' for n in range(50_000)),
    "rows-with-days": lambda: "".join(
        f"<tr><td><a href=/a/{n}.html>关于第{n}号公告的公示</a></td><td>2026-01-{n % 28 + 1:02d}</td></tr>"
        for n in range(50_000)
    ),
    "footers": lambda: "<p>版权所有 主办：青禾县人民政府 ICP备12345678号</p>" * 30_000,
    "ajax": lambda: "<script>" + "$.ajax({url:'/api/getlist.do',data:{" * 10_000 + "</script>",
}


def read_in_time(body: bytes) -> PageFacts:
    page, seconds = read(body)
    if seconds >= SECONDS:  # a busy machine, or too slow: the second time tells
        seconds = min(seconds, read(body)[1]) / patience()
    assert seconds < SECONDS
    return page


def read(body: bytes) -> tuple[PageFacts, float]:
    began = time.thread_time()
    page = read_page(body, URL)
    return page, time.thread_time() - began


@pytest.fixture(autouse=True, scope="module")
def _tables_are_loaded() -> None:
    read_page(b"<p>", URL)


@pytest.mark.parametrize("name", MADE)
def test_made_page_is_read_in_time(name: str) -> None:
    page = read_in_time(MADE[name]().encode("utf-8", "surrogatepass"))
    assert page.url == URL


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_saved_page_is_read_in_time_whole_or_cut(path: Path) -> None:
    body = path.read_bytes()
    for end in range(0, len(body) + 1, max(1, len(body) // 7)):
        read_in_time(body[:end])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16", "latin-1"])
def test_wrong_encodings_never_raise(encoding: str) -> None:
    body = '<meta charset="gb2312"><li><a href="/1.html">青禾县公告</a><span>2026-01-02</span></li>'
    assert read_in_time(body.encode(encoding, "replace")).text_length >= 0


@pytest.mark.parametrize("url", ["", "nonsense", "http://", "http://[::1", "file:///tmp/页面.html", "HTTP://A.B/?q=#x"])
def test_odd_addresses_never_raise(url: str) -> None:
    body = b'<ul><li><a href="../a/1.html">x</a></li><li><a href="?p=2">y</a></li></ul>'
    assert read_page(body, url).url == url


def test_a_million_links_stay_within_the_memory_bound() -> None:
    body = MADE["million-links"]().encode()
    tracemalloc.start()
    read_page(body, URL)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200 * 1024 * 1024
