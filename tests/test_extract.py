from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from test_cli_usage import assert_one_chinese_line, run

from gkmonitor.cli import fetch
from gkmonitor.cli.fetch import PoliteFetcher
from gkmonitor.cli.page_address import is_address, own_address
from gkmonitor.settings import load_settings
from spiders.fetching import Failure

DAYS = [f"2026-{month:02}-{day:02}" for month in (11, 10, 9) for day in (18, 12, 5)]
ENTRIES = "".join(
    f'<li><a href="{number}.html">关于开展第{number}批春季森林防火工作检查的通知</a><span>{day}</span></li>\n'
    for number, day in enumerate(DAYS, 1)
)
LIST_PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告-青禾县人民政府</title>
<meta name="SiteName" content="青禾县人民政府"><meta name="ColumnName" content="通知公告"></head><body>
<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a><a href="/yjs/">预算公开</a></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/tzgg/">通知公告</a></div>
<ul class="list">{ENTRIES}</ul>
<div class="page"><a href="index_2.html">下一页</a></div>
<div class="footer">主办单位：青禾县人民政府办公室 网站标识码：5106230001</div></body></html>"""
KEYS = {"schema", "file", "url", "encoding", "language", "cms", "page", "marks", "columns", "listing", "article"}
BASE = "http://www.qinghe.example/tzgg/"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "列表.html"
    path.write_text(LIST_PAGE, encoding="utf-8")
    return path


def extract(*words: str) -> tuple[int, list[dict[str, Any]], str]:
    code, out, err = run("extract", "--json", *words)
    return code, [json.loads(line) for line in out.splitlines()], err


# ------------------------------------------------------------ what is printed


def test_line_has_every_contracted_key(page: Path) -> None:
    code, [answer], err = extract("--url", BASE, str(page))
    assert (code, err) == (0, "")
    assert answer["schema"] == "gkmonitor.extract/1"
    assert set(answer) >= KEYS
    assert set(answer["marks"]) >= {"site_name", "site_id_code", "icp", "psb", "organizer", "contact", "labels"}
    assert set(answer["listing"]) >= {"items", "newest", "oldest", "next_url"}
    assert set(answer["listing"]["items"][0]) >= {"title", "url", "date", "printed", "date_source"}
    assert all(set(column) >= {"name", "url", "path", "concept"} for column in answer["columns"])


def test_list_is_printed_in_page_order_with_absolute_addresses(page: Path) -> None:
    _, [answer], _ = extract("--url", BASE, str(page))
    listing = answer["listing"]
    assert [item["date"] for item in listing["items"]] == DAYS
    assert listing["items"][0]["url"] == BASE + "1.html"
    assert (listing["newest"], listing["oldest"]) == (DAYS[0], DAYS[-1])
    assert (answer["file"], answer["url"], answer["page"]) == (str(page), BASE, "listing")


def test_file_name_comes_back_as_given(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(page.parent)
    _, answers, _ = extract("./列表.html", "列表.html")
    assert [answer["file"] for answer in answers] == ["./列表.html", "列表.html"]


def test_table_shows_titles_and_dates_to_people(page: Path) -> None:
    code, out, err = run("extract", "--url", BASE, str(page))
    assert (code, err) == (0, "")
    assert "列表页" in out
    assert "2026-11-18" in out
    assert "森林防火" in out


def test_hostile_title_reaches_neither_terminal_nor_line_structure(tmp_path: Path) -> None:
    path = tmp_path / "evil.html"
    path.write_text(LIST_PAGE.replace("关于开展第1批", "\x1b]0;x\x07[red]\u202e关于开展第1批"), encoding="utf-8")
    code, out, _ = run("extract", str(path))
    assert code == 0
    assert not [c for c in "\x1b\x07\u202e" if c in out]
    assert len(extract(str(path))[1]) == 1


# ------------------------------------------------------------ files and manifests


def test_unreadable_files_cost_one_line_each_and_the_others_go_on(page: Path, tmp_path: Path) -> None:
    code, answers, err = extract(str(tmp_path / "没有.html"), str(page), str(tmp_path))
    assert code == 3
    assert [answer["file"] for answer in answers] == [str(page)]
    assert err.count("\n") == 2
    assert "文件不存在" in err
    assert "这是一个文件夹" in err


def test_manifest_paths_are_relative_to_the_manifest(page: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "清单.jsonl"
    lines = [{"file": page.name, "url": BASE}, {"file": page.name}, {"file": page.name, "url": None}]
    manifest.write_text("\ufeff" + "\n\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    code, answers, err = extract("--manifest", str(manifest))
    assert (code, err) == (0, "")
    assert [answer["file"] for answer in answers] == [page.name] * 3
    assert answers[0]["url"] == BASE


@pytest.mark.parametrize(
    "line", ["{", "[]", "1", '{"url": "http://a.example/"}', '{"file": 3}', '{"file": "a", "url": "x"}']
)
def test_wrong_manifest_line_is_named_and_skipped(page: Path, tmp_path: Path, line: str) -> None:
    manifest = tmp_path / "m.jsonl"
    manifest.write_text(f'{line}\n{{"file": "{page.name}"}}\n', encoding="utf-8")
    code, answers, err = extract("--manifest", str(manifest))
    assert code == 3
    assert len(answers) == 1
    assert_one_chinese_line(err)
    assert "第 1 行" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "请写要读取的文件或网址"),
        (("--manifest", "没有.jsonl"), "文件不存在"),
        (("--url", "no address", "a.html"), "不是网址"),
        (("--url", "javascript:alert(1)", "a.html"), "不是网址"),
    ],
)
def test_wrong_words_exit_2(words: tuple[str, ...], said: str) -> None:
    code, out, err = run("extract", "--json", *words)
    assert (code, out) == (2, "")
    assert_one_chinese_line(err)
    assert said in err


@pytest.mark.parametrize("body", [b"", b"\x00" * 100, b"\xff\xfe\xfd", b"%PDF-1.7\n", b"<" * 5000])
def test_any_bytes_are_a_page(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(body)
    code, [answer], err = extract(str(path))
    assert (code, err) == (0, "")
    assert answer["schema"] == "gkmonitor.extract/1"


# ------------------------------------------------------------ the page's own address


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ('<link rel="canonical" href="http://a.example/c/">', "http://a.example/c/"),
        ("<link href=http://a.example/c/ rel=canonical>", "http://a.example/c/"),
        ('<meta name="Url" content="http://a.example/m/">', "http://a.example/m/"),
        ('<meta property="og:url" content="http://a.example/o/?a=1&amp;b=2">', "http://a.example/o/?a=1&b=2"),
        ('<base href="http://a.example/b/">', "http://a.example/b/"),
        ('<base href="http://a.example/"><meta name="url" content="http://a.example/m/">', "http://a.example/m/"),
        ('<link rel="canonical" href="/relative/">', None),
        ('<link rel="stylesheet" href="http://a.example/style.css">', None),
        ('<!-- <link rel="canonical" href="http://a.example/"> -->', None),
        ('<script>var s=\'<link rel="canonical" href="http://a.example/">\'</script>', None),
        ('<meta name="url" content="javascript:alert(1)">', None),
        ("", None),
    ],
)
def test_own_address_is_what_the_head_names(head: str, address: str | None) -> None:
    assert own_address(f"<html><head>{head}</head>".encode()) == address


def test_given_address_outranks_the_pages_own(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f'<head><link rel="canonical" href="http://own.example/x/"></head>{LIST_PAGE}', encoding="utf-8")
    assert extract(str(path))[1][0]["url"] == "http://own.example/x/"
    assert extract("--url", BASE, str(path))[1][0]["url"] == BASE


@pytest.mark.parametrize(
    "word", ["a.html", "C:\\pages\\a.html", "http:", "http://", "file:///a", "http://[::1", "httpx://a/"]
)
def test_file_names_are_no_addresses(word: str) -> None:
    assert not is_address(word)


# ------------------------------------------------------------ addresses


class Portal(BaseHTTPRequestHandler):
    """Answers on loopback."""

    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["User-Agent"]))
        if self.path == "/loop":
            self.answer(302, b"", Location="/loop")
        elif self.path == "/moved":
            self.answer(301, b"", Location="/list")
        elif self.path == "/gone":
            self.answer(404, "<title>404 页面不存在</title>".encode())
        else:
            self.answer(200, LIST_PAGE.encode())

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    Portal.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_address_is_fetched_with_our_name_and_redirects_are_followed(portal: str) -> None:
    code, [answer], err = extract(f"{portal}/moved")
    assert (code, err) == (0, "")
    assert (answer["file"], answer["url"]) == (f"{portal}/moved", f"{portal}/list")
    assert [path for path, _ in Portal.asked] == ["/moved", "/list"]
    assert all(agent.startswith("gkmonitor/") for _, agent in Portal.asked)


def test_two_requests_to_one_host_keep_their_distance(portal: str) -> None:
    waited: list[float] = []
    fetcher = PoliteFetcher(load_settings(request_delay_seconds=7.0), wait=waited.append)
    for _ in range(3):
        fetcher.fetch(f"{portal}/list")
    fetcher.close()
    assert len(waited) == 2
    assert all(6.0 < seconds <= 7.0 for seconds in waited)


def test_error_page_is_shown_with_a_word_about_it(portal: str) -> None:
    code, [answer], err = extract(f"{portal}/gone")
    assert code == 0
    assert answer["page"] == "error"
    assert_one_chinese_line(err)
    assert "404" in err


@pytest.mark.parametrize(("place", "said"), [("/loop", "重定向次数过多"), (":1/", "")])
def test_address_that_cannot_be_read_is_one_line(portal: str, place: str, said: str) -> None:
    url = portal + place if place.startswith("/") else f"http://127.0.0.1{place}"
    code, answers, err = extract(url)
    assert (code, answers) == (3, [])
    assert_one_chinese_line(err)
    assert said in err


def test_page_above_the_size_limit_is_refused(portal: str) -> None:
    fetcher = PoliteFetcher(load_settings(max_body_bytes=1024), wait=lambda _: None)
    answer = fetcher.fetch(f"{portal}/list")
    fetcher.close()
    assert len(LIST_PAGE.encode()) > 1024
    assert answer.failure is Failure.TOO_BIG


def test_public_address_never_leads_into_a_private_network(monkeypatch: pytest.MonkeyPatch) -> None:
    places = {"public.example": "93.184.216.34", "inside.example": "10.0.0.1"}
    monkeypatch.setattr(fetch.socket, "getaddrinfo", lambda host, *_, **__: [(0, 0, 0, "", (places[host], 0))])
    monkeypatch.setattr(fetch, "find_proxies", dict)
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": "http://inside.example/admin"})

    fetcher = PoliteFetcher(load_settings(), wait=lambda _: None, transport=httpx.MockTransport(answer))
    assert fetcher.fetch("http://public.example/").failure is Failure.PRIVATE_ADDRESS
    fetcher.close()
    assert asked == ["http://public.example/"]


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (httpx.ConnectTimeout("slow"), Failure.TIMEOUT),
        (httpx.ReadTimeout("slow"), Failure.TIMEOUT),
        (httpx.ConnectError("[Errno -2] Name or service not known"), Failure.UNKNOWN_HOST),
        (httpx.ConnectError("[Errno 111] Connection refused"), Failure.REFUSED),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"), Failure.CERTIFICATE),
        (httpx.RemoteProtocolError("peer closed"), Failure.BROKEN),
        (httpx.ProxyError("502"), Failure.PROXY),
        (httpx.UnsupportedProtocol("ftp"), Failure.OTHER),
    ],
)
def test_every_failure_of_the_library_is_told_in_chinese(error: httpx.HTTPError, failure: Failure) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    fetcher = PoliteFetcher(load_settings(), wait=lambda _: None, transport=httpx.MockTransport(fail))
    answer = fetcher.fetch("http://127.0.0.1/")
    fetcher.close()
    assert answer.failure is failure
    assert re.search(r"[\u4e00-\u9fff]", answer.detail or "")
