"""Pages as the crawl fetches them from servers of every kind: what is kept open, cut, packed, signed or asked apart."""

from __future__ import annotations

import gzip
import ipaddress
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gkmonitor.evidence.keeping import kept_file, kept_pages
from gkmonitor.facts import load_facts
from gkmonitor.records import ColumnFacts, PortalFacts, Reason

TODAY = date(2026, 11, 22)
NAMES = {"通知公告": "/a/", "统计信息": "/b/", "规划计划": "/c/", "应急管理": "/d/", "人事信息": "/e/"}


def page(name: str, folder: str) -> bytes:
    menu = "".join(f'<li><a href="{address}">{title}</a></li>' for title, address in NAMES.items())
    rows = "".join(
        f'<li><a href="{folder}{number}.html">关于{name}第{number}号事项的公告</a><span>{day}</span></li>'
        for number, day in enumerate(TODAY - timedelta(days=number) for number in range(6))
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}-青禾县人民政府</title></head><body>'
        f'<div class="nav"><ul>{menu}</ul></div><h2>{name}</h2><div class="list"><ul>{rows}</ul></div></body></html>'
    ).encode()


HOME = page("要闻", "/a/").replace(b"</body>", ("<p>青禾县位于云岭南麓，辖十二个乡镇。</p>" * 20 + "</body>").encode())
PAGES = {"/": HOME, **{address: page(name, address) for name, address in NAMES.items()}}


def head(*lines: str, version: str = "HTTP/1.1") -> bytes:
    return "\r\n".join([f"{version} 200 OK", "Content-Type: text/html; charset=utf-8", *lines, "", ""]).encode()


def sized(body: bytes, *lines: str) -> bytes:
    return head(f"Content-Length: {len(body)}", *lines) + body


def chunked(body: bytes, *lines: str) -> bytes:
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    return head("Transfer-Encoding: chunked", *lines) + b"".join(
        f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in (*pieces, b"")
    )


@dataclass
class RawPortal:
    """A server whose answers are given byte by byte. ``asked``: (connection, path, headers) in order of arrival."""

    url: str
    asked: list[tuple[int, str, Mapping[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _ in self.asked]


@contextmanager
def serve(
    answer: Callable[[str], bytes], ends_after: int = 0, host: str = "127.0.0.60", tls: ssl.SSLContext | None = None
) -> Iterator[RawPortal]:
    """Serve until the block ends; a connection is ended after so many answers, and always after one without a size."""
    listener = socket.create_server((host, 0))
    portal = RawPortal(f"http{'s' if tls else ''}://{host}:{listener.getsockname()[1]}")

    def talk(number: int, connection: socket.socket) -> None:
        count = 0
        with connection, connection.makefile("rb") as lines:
            while request := lines.readline().split():
                headers: dict[str, str] = {}
                while line := lines.readline().decode("latin-1").strip():
                    name, _, value = line.partition(":")
                    headers[name] = value.strip()
                portal.bodies.append(lines.read(int(headers.get("Content-Length", 0))))
                path = request[1].decode()
                portal.asked.append((number, path, headers))
                sent = answer(path) if request[0] != b"HEAD" else answer(path).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                connection.sendall(sent)
                count += 1
                if count == ends_after or not any(word in sent[:400] for word in (b"Content-Length", b"chunked")):
                    return

    def listen() -> None:
        number = 0
        while True:
            try:
                connection, _ = listener.accept()
                connection = tls.wrap_socket(connection, server_side=True) if tls else connection
            except ssl.SSLError:
                continue
            except OSError:
                return
            number += 1
            threading.Thread(target=talk, args=(number, connection), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def crawl(portal: RawPortal, environment: Mapping[str, str] = {}, **limits: object) -> PortalFacts:
    limits = {"request_delay_seconds": 0, "obey_robots": False, "retries": 0, **limits}
    job = {"portals": [{"url": f"{portal.url}/"}], "limits": limits, "today": TODAY.isoformat()}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "spiders"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return load_facts(next(json.loads(line)["facts"] for line in done.stdout.splitlines() if '"facts"' in line[:20]))


def columns(facts: PortalFacts) -> dict[str, ColumnFacts]:
    return {one.name: one for one in facts.columns}


def all_are_read(facts: PortalFacts) -> bool:
    found = columns(facts)
    return set(found) == set(NAMES) and all(one.state is None and len(one.items) == 6 for one in found.values())


def plain(path: str) -> bytes:
    return sized(PAGES.get(path, b""))


@pytest.mark.parametrize(
    "answer",
    [
        plain,
        lambda path: chunked(PAGES[path]),
        lambda path: chunked(gzip.compress(PAGES[path]), "Content-Encoding: gzip"),
        lambda path: sized(gzip.compress(PAGES[path]), "Content-Encoding: gzip"),
        lambda path: head(version="HTTP/1.0") + PAGES[path],
        lambda path: head("Connection: close") + PAGES[path],
        lambda path: head(f"Content-Length: {len(PAGES[path])}", "a line without a sign") + PAGES[path],
        lambda path: b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + sized(PAGES[path]),
    ],
    ids=["sized", "chunked", "chunked and packed", "packed", "old", "closing", "odd line", "interim"],
)
def test_pages_are_read_however_they_are_sent(answer: Callable[[str], bytes]) -> None:
    with serve(answer) as portal:
        facts = crawl(portal)
    assert all_are_read(facts)
    assert sorted(portal.paths) == sorted(PAGES)


def test_one_connection_serves_a_portal_and_says_what_a_crawl_always_says() -> None:
    with serve(plain) as portal:
        facts = crawl(portal, user_agent="gkmonitor/test 青禾")
    assert all_are_read(facts)
    assert {number for number, _, _ in portal.asked} == {1}
    headers = [headers for _, _, headers in portal.asked]
    assert all(one == headers[0] for one in headers)
    assert headers[0]["User-Agent"].encode("latin-1").decode() == "gkmonitor/test 青禾"
    assert headers[0]["Host"] == portal.url.removeprefix("http://")
    assert headers[0]["Accept-Language"].startswith("zh-CN")
    assert "gzip" in headers[0]["Accept-Encoding"]


ASK = """
import sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from spiders.jobs import CrawlLimits
from spiders.settings import build_settings
class Asking(Spider):
    name = "asking"
    async def start(self):
        own = {"Referer": "http://www.qinghe.example/", "Accept": "*/*", "Host": "elsewhere.example"}
        for request in (
            Request(sys.argv[1] + "/a/", headers=own),
            Request(sys.argv[1] + "/a/", method="POST", body=b"page=2", headers=own),
            Request(sys.argv[1] + "/a/", method="HEAD"),  # Scrapy's own handler asks this
        ):
            answer = await self.crawler.engine.download_async(request)
            print(answer.status, len(answer.body))
        return
        yield
limits = CrawlLimits(request_delay_seconds=0, obey_robots=False, retries=0, user_agent="gkmonitor/test")
process = AsyncCrawlerProcess(build_settings(limits) | {"LOG_ENABLED": False})
process.crawl(Asking)
process.start()
"""


def test_a_request_may_have_headers_and_a_body_of_its_own() -> None:
    with serve(plain, host="127.0.0.64") as portal:
        done = subprocess.run(
            [sys.executable, "-P", "-c", ASK, portal.url], capture_output=True, text=True, timeout=60, check=True
        )
    assert done.stdout.split() == ["200", str(len(PAGES["/a/"]))] * 2 + ["200", "0"]
    assert portal.bodies == [b"", b"page=2", b""]
    for _, _, headers in portal.asked[:2]:
        assert headers["Host"] == portal.url.removeprefix("http://")
        assert (headers["Accept"], headers["Referer"]) == ("*/*", "http://www.qinghe.example/")
    assert all(headers["User-Agent"] == "gkmonitor/test" for _, _, headers in portal.asked)


@pytest.mark.parametrize("ends_after", [1, 2])
def test_a_server_that_ends_connections_without_a_word_costs_no_page_and_no_second_fetch(ends_after: int) -> None:
    with serve(plain, ends_after) as portal:
        facts = crawl(portal)
    assert all_are_read(facts)
    assert sorted(portal.paths) == sorted(PAGES)


def test_a_page_that_is_cut_short_is_read_as_far_as_it_came() -> None:
    def answer(path: str) -> bytes:
        return head(f"Content-Length: {len(PAGES[path]) + 50}") + PAGES[path]

    with serve(answer, ends_after=1) as portal:
        facts = crawl(portal)
    assert all_are_read(facts)


@pytest.mark.parametrize("broken", [b"", b"HTTP/1.1 200", b"nonsense\r\n\r\n", head("Content-Length: five")])
def test_a_column_without_an_answer_is_unreachable_and_harms_no_other(broken: bytes) -> None:
    with serve(lambda path: broken if path == "/c/" else plain(path), host="127.0.0.61") as portal:
        found = columns(crawl(portal))
    assert {name for name, one in found.items() if one.state is None} == set(NAMES) - {"规划计划"}
    assert (found["规划计划"].state, found["规划计划"].detail) == (
        Reason.UNREACHABLE,
        "连接中断，响应不完整，请稍后再试",
    )


def test_a_column_that_never_answers_is_left_after_its_time() -> None:
    done = threading.Event()

    def answer(path: str) -> bytes:
        if path == "/c/":
            done.wait(30)
        return plain(path)

    with serve(answer, host="127.0.0.62") as portal:
        try:
            found = columns(crawl(portal, fetch_timeout_seconds=1.0))
        finally:
            done.set()
    assert {name for name, one in found.items() if one.state is None} == set(NAMES) - {"规划计划"}
    assert (found["规划计划"].state, "超时" in (found["规划计划"].detail or "")) == (Reason.UNREACHABLE, True)


def test_a_portal_over_tls_is_read_and_its_certificate_kept(tmp_path: Path) -> None:
    host = "127.0.0.63"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.qinghe.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "trusted.pem").write_bytes(public)
    (tmp_path / "server.pem").write_bytes(private + public)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "server.pem")
    with serve(plain, host=host, tls=tls) as portal:
        facts = crawl(portal, {"SSL_CERT_FILE": str(tmp_path / "trusted.pem")}, keep_dir=str(tmp_path))
    assert all_are_read(facts)
    assert {number for number, _, _ in portal.asked} == {1}
    kept = list(kept_pages(kept_file(tmp_path, f"{portal.url}/")))
    assert len(kept) == len(PAGES)
    assert {(one.server_address, (one.tls or {}).get("subject")) for one in kept} == {(host, "CN=www.qinghe.example")}
