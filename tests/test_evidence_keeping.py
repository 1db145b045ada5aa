"""What the crawl keeps for evidence: real child processes against a portal on loopback, full disks, cut-off files."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from evidence_cases import BASE, page
from fake_portal import FakePortal, serve
from scrapy import Request
from scrapy.http import HtmlResponse
from twisted.internet.ssl import Certificate

from gkmonitor.addresses import check_address
from gkmonitor.cycles.records import CycleKind
from gkmonitor.cycles.running import inspect_shard, start_cycle
from gkmonitor.evidence.keeping import PageKeeper, kept_file, kept_pages
from gkmonitor.evidence.records import KeptPage
from gkmonitor.evidence.warc import read_block
from gkmonitor.inspection import build_limits, inspect_portals
from gkmonitor.records import PortalFacts
from gkmonitor.settings import Settings, load_settings
from gkmonitor.storage import Database
from gkmonitor.storage.cases import list_cases
from gkmonitor.storage.evidence import pieces_of
from gkmonitor.storage.portals import add_portal
from gkmonitor.storage.registry_changes import By
from spiders.answers import read_answer
from spiders.jobs import CrawlJob
from spiders.keeping import describe_certificate, open_keeper

TODAY = date(2026, 11, 22)
HEAD = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{}-青禾县人民政府</title></head><body>'
MENU = (
    '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/tzgg/">通知公告</a></li>'
    '<li><a href="/zcwj/">政策文件</a></li><li><a href="/yjs/">财政预决算</a></li></ul></div>'
)
FOOT = '<div class="footer"><p>主办单位：青禾县人民政府办公室　网站标识码：4401230001</p></div></body></html>'


def rows(folder: str, *days: int) -> str:
    entries = "".join(
        f'<li><a href="{folder}{n}.html">青禾县开展第{n}次工作检查活动</a><span>{TODAY - timedelta(days=n)}</span></li>'
        for n in days
    )
    return f'<div class="main"><ul class="list">{entries}</ul></div>'


PAGES: dict[str, Any] = {
    "/": HEAD.format("首页") + MENU + rows("/xw/", 1, 2, 3, 4) + FOOT,
    "/tzgg/": HEAD.format("通知公告") + MENU + rows("/tzgg/", 400, 410, 420) + FOOT,
    "/zcwj/": HEAD.format("政策文件") + MENU + rows("/zcwj/", 5, 15, 25) + FOOT,
    "/yjs/": HEAD.format("财政预决算") + MENU + rows("/yjs/", 30, 40, 50) + FOOT,
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(
        request_delay_seconds=0.01, user_agent="gkmonitor/test", evidence_dir=str(tmp_path / "evidence")
    )


def crawl(portal: FakePortal, settings: Settings, keep_dir: Path) -> PortalFacts:
    return inspect_portals([portal.url], settings=settings, today=TODAY, proxies={}, keep_dir=keep_dir)[0]


# ---------------------------------------------------------------- real crawls


def test_a_crawl_keeps_the_bodies_that_its_facts_quote(settings: Settings, tmp_path: Path) -> None:
    with serve(PAGES) as portal:
        facts = crawl(portal, settings, tmp_path)
    found = {one.sha256: one for one in kept_pages(kept_file(tmp_path, facts.site.url))}
    quoted = [column.observation for column in facts.columns if column.observation] + [facts.home.observation]
    assert len(quoted) >= 4
    for seen in quoted:
        assert seen is not None
        one = found[seen.sha256 or ""]
        assert one.fetched_at == seen.fetched_at
        assert (one.final_url, one.status, one.server_address) == (seen.final_url, 200, "127.0.0.1")
        assert one.body.decode() in PAGES.values()
        assert one.encoding == "utf-8"
    assert {one.purpose for one in found.values()} >= {"home", "column"}
    assert facts.coverage.pages_not_kept == 0


def test_a_crawl_keeps_nothing_unless_it_is_asked_to(settings: Settings) -> None:
    limits = build_limits(settings)
    assert open_keeper(CrawlJob("http://qinghe.example/"), limits) is None
    asked = open_keeper(CrawlJob("http://qinghe.example/"), replace(limits, keep_dir="/nowhere"))
    assert asked is not None


def test_a_full_disk_while_keeping_is_noted_and_the_crawl_goes_on(settings: Settings, tmp_path: Path) -> None:
    with serve(PAGES) as portal:
        kept_file(tmp_path, check_address(portal.url)).symlink_to("/dev/full")
        facts = crawl(portal, settings, tmp_path)
    assert facts.coverage.pages_not_kept == facts.coverage.pages_fetched > 3
    assert [column.name for column in facts.columns if column.state is None and column.items]


def test_an_inspection_ends_with_its_pages_in_a_warc_file_and_no_scratch(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    now = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    with serve(PAGES) as portal:
        with database.writing() as session:
            values = {"name": "青禾县人民政府", "url": portal.url, "profile": "county-portal"}
            portal_id = add_portal(session, values, (), By("测试", now))
        cycle = start_cycle(database, name="x", kind=CycleKind.MANUAL, as_of=TODAY, portal_ids=[portal_id], now=now)
        inspect_shard(database, settings, cycle, clock=lambda: now)
    with database.reading() as session:
        (case,) = [one for one in list_cases(session, rule="national-2019-19") if one.check == "column-stale"]
        pieces = [one for one in pieces_of(session, case.id) if one.kind == "page"]
    bodies = {
        read_block(settings.evidence_folder, one.path, one.byte_offset or 0, one.byte_length or 0, one.sha256)
        for one in pieces
    }
    assert PAGES["/tzgg/"].encode() in bodies
    assert PAGES["/zcwj/"].encode() not in bodies
    assert list((settings.evidence_folder / "scratch").iterdir()) == []


# ---------------------------------------------------------------- the file


def test_pages_come_back_as_they_were_kept(tmp_path: Path) -> None:
    pages = [page(BASE + name, f"<html>{name}</html>" * 50, column=None) for name in ("甲", "乙", "丙")]
    keeper = PageKeeper(tmp_path / "x.pages")
    for one in pages:
        keeper.keep(one)
    keeper.close()
    assert list(kept_pages(tmp_path / "x.pages")) == pages
    assert keeper.lost == 0


def test_what_goes_beyond_the_room_is_left_out_and_counted(tmp_path: Path) -> None:
    big, small = page(BASE, b"x" * 5000), page(BASE + "a", b"y" * 10)
    keeper = PageKeeper(tmp_path / "x.pages", max_bytes=6500)
    for one in (big, big, small):
        keeper.keep(one)
    assert (keeper.lost, list(kept_pages(tmp_path / "x.pages"))) == (1, [big, small])


@pytest.mark.parametrize("cut", [1, 3, 9, 200, 5000])
def test_a_file_that_was_cut_off_gives_the_whole_pages_before_the_cut(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "x.pages"
    keeper = PageKeeper(file)
    for name in ("a", "b"):
        keeper.keep(page(BASE + name, b"z" * 6000))
    os.truncate(file, file.stat().st_size - cut)
    assert [one.url for one in kept_pages(file)] == [BASE + "a"]


def test_a_changed_body_is_no_evidence(tmp_path: Path) -> None:
    file = tmp_path / "x.pages"
    PageKeeper(file).keep(page(BASE, b"z" * 100))
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    assert list(kept_pages(file)) == []
    assert list(kept_pages(tmp_path / "none.pages")) == []


def test_a_quota_in_the_midst_of_a_page_ends_the_keeping_quietly(tmp_path: Path) -> None:
    program = (
        "import pathlib, resource, sys\n"
        "sys.path[:0] = sys.argv[2:]\n"
        "from evidence_cases import BASE, page\n"
        "from gkmonitor.evidence.keeping import PageKeeper\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "keeper = PageKeeper(pathlib.Path(sys.argv[1]))\n"
        "for number in range(5):\n"
        "    keeper.keep(page(f'{BASE}{number}', b'x' * 9000))\n"
        "print(keeper.lost)\n"
    )
    file, here = tmp_path / "x.pages", str(Path(__file__).parent)
    words = [sys.executable, "-c", program, str(file), here]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "3"
    assert [one.url for one in kept_pages(file)] == [f"{BASE}0", f"{BASE}1"]


def test_keeping_a_page_costs_less_than_half_a_millisecond(tmp_path: Path) -> None:
    one = page(BASE, os.urandom(30_000).hex())
    keeper = PageKeeper(tmp_path / "x.pages")
    best = min(_cost(keeper, one) for _ in range(5))
    assert keeper.lost == 0
    assert best < 0.0005


def _cost(keeper: PageKeeper, one: KeptPage) -> float:
    """CPU seconds a page, over 50 pages of 60 KB: what a busy machine adds does not count."""
    before = time.process_time()
    for _ in range(50):
        keeper.keep(one)
    return (time.process_time() - before) / 50


# ---------------------------------------------------------------- certificates


def certificate() -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.qinghe.example")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(begin).not_valid_after(begin + timedelta(days=365))
    return builder.sign(key, hashes.SHA256())


def test_the_certificate_of_a_server_is_described() -> None:
    der = certificate().public_bytes(serialization.Encoding.DER)
    assert describe_certificate(der) == {
        "subject": "CN=www.qinghe.example",
        "issuer": "CN=www.qinghe.example",
        "not_before": "2026-01-01T00:00:00+00:00",
        "not_after": "2027-01-01T00:00:00+00:00",
        "sha256": hashlib.sha256(der).hexdigest(),
    }
    assert describe_certificate(b"junk") is None


def test_an_answer_over_tls_brings_its_certificate_and_one_without_brings_none() -> None:
    made = certificate()
    response = HtmlResponse(
        BASE, body=b"x", certificate=Certificate.loadPEM(made.public_bytes(serialization.Encoding.PEM))
    )
    response.request = Request(BASE)
    assert read_answer(BASE, response).certificate == made.public_bytes(serialization.Encoding.DER)
    plain = HtmlResponse(BASE, body=b"x")
    plain.request = Request(BASE)
    assert read_answer(BASE, plain).certificate is None
