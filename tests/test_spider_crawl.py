"""The crawl of portals on loopback, from the child process's job to the facts."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fake_portal import Answer, FakePortal, Page, serve
from machine import wall_slowness

from gkmonitor.facts import load_facts
from gkmonitor.inspection import inspect_portal
from gkmonitor.records import ColumnFacts, PageKind, PortalFacts, Reason
from gkmonitor.settings import load_settings
from spiders.jobs import Progress

TODAY = date(2026, 11, 22)
DELAY = 0.06
TITLES = (
    "关于做好冬季清洁取暖工作的通知",
    "青禾县召开全县重点项目推进会议",
    "关于公开征求意见的公告",
    "全县秋粮收购工作进展顺利",
)


def html(title: str, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f'{body}<div class="footer"><p>主办单位：青禾县人民政府办公室　网站标识码：1234560001</p></div></body></html>'
    )


def menu(columns: Mapping[str, str]) -> str:
    entries = "".join(f'<li><a href="{address}">{name}</a></li>' for name, address in columns.items())
    return f'<div class="nav"><ul><li><a href="/">首页</a></li>{entries}</ul></div>'


def rows(folder: str, days: Sequence[date | None]) -> str:
    entries = ""
    for number, day in enumerate(days):
        title = f"{TITLES[number % 4]}（{number}）"
        printed = f"<span>{day}</span>" if day else ""
        entries += f'<li><a href="{folder}{number}.html" title="{title}">{title}</a>{printed}</li>'
    return f'<div class="list"><ul>{entries}</ul></div>'


def column(name: str, body: str, columns: Mapping[str, str] | None = None) -> str:
    place = f'<div class="position">当前位置：<a href="/">首页</a> &gt; {name}</div>'
    return html(
        f"{name}-青禾县人民政府", menu(columns or COLUMNS) + place + f'<div class="main"><h2>{name}</h2>{body}</div>'
    )


def article(title: str, day: date) -> str:
    words = "<p>各乡镇人民政府，县直各部门：现将有关事项通知如下，请认真贯彻执行。</p>" * 6
    head = f'<meta name="PubDate" content="{day} 09:30"><meta name="ArticleTitle" content="{title}">'
    info = f'<div class="info">发布时间：{day} 来源：县政府办</div>'
    return html(title, f'<h1>{title}</h1>{info}<div class="content">{words}</div>', head)


def past(*numbers: int) -> list[date]:
    return [TODAY - timedelta(days=number) for number in numbers]


COLUMNS = {
    "通知公告": "/tzgg/",
    "预算公开": "/ysgk/",
    "政策文件": "/zcwj/",
    "规划计划": "/ghjh/",
    "政策解读": "/zcjd/",
    "统计信息": "/tjxx/",
    "人事信息": "/rsxx/",
    "应急管理": "/yjgl/",
    "领导信息": "/ldxx/",
    "审计公开": "/sjgk/",
    "新闻发布": "/xwfb/",
    "行政执法": "/xzzf/;jsessionid=0123456789ABCDEF",
}
OLD_FIRST = past(*range(700, 690, -1))


def endless(path: str) -> Page:
    number = int(path.rpartition("_")[2].removesuffix(".html") or 1) if "_" in path else 1
    following = f'<div class="page"><a href="/yjgl/index_{number + 1}.html">下一页</a></div>'
    return column("应急管理", rows("/yjgl/", OLD_FIRST) + following)


def full_portal() -> dict[str, Page]:
    """A portal with one column for each thing that can happen."""
    titles = {f"/zcwj/{n}.html": article(TITLES[n % 4], day) for n, day in enumerate(past(3, 9, 20, 40, 50, 60))}
    return {
        "/": html("青禾县人民政府", menu(COLUMNS) + f"<h2>要闻</h2>{rows('/tzgg/', past(1, 2, 3, 4, 5, 6))}"),
        "/robots.txt": "User-agent: *\nDisallow: /sjgk/\n",
        "/tzgg/": column("通知公告", rows("/tzgg/", past(1, 2, 3, 4, 5, 6))),
        "/ysgk/": column("预算公开", '<div class="list"><ul></ul></div>'),
        "/zcwj/": column("政策文件", rows("/zcwj/", [None] * 6)),
        **titles,
        "/ghjh/": html("规划计划", "", '<meta http-equiv="refresh" content="0;url=/ghjh/fzgh/">'),
        "/ghjh/fzgh/": column("规划计划", rows("/ghjh/fzgh/", past(30, 60, 90, 120, 150))),
        "/zcjd/": html("政策解读", "<script>window.location.href='/zcjd/wz/';</script>"),
        "/zcjd/wz/": column("政策解读", rows("/zcjd/wz/", past(30, 60, 90, 120, 150))),
        "/tjxx/": column("统计信息", '<iframe src="/tjxx/list.html" width="700" height="900"></iframe>'),
        "/tjxx/list.html": html("列表", rows("/tjxx/", past(30, 60, 90, 120, 150))),
        "/rsxx/": Answer(status=302, headers={"Location": "/rsxx/a"}),
        "/rsxx/a": Answer(status=302, headers={"Location": "/rsxx/"}),
        "/yjgl/*": endless,
        "/ldxx/": Answer(b"<html><body>" + b"<p>x</p>" * 200_000 + b"</body></html>"),
        "/sjgk/": column("审计公开", rows("/sjgk/", past(1, 2, 3))),
        "/xwfb/": Answer(status=302, headers={"Location": "/"}),
        "/xzzf/": column("行政执法", rows("/xzzf/", past(1, 2, 3, 4, 5))),
    }


def framed_portal() -> dict[str, Page]:
    """A home page that sends on to a frameset, whose menu stands in a frame."""
    return {
        "/": html("跳转", "", '<meta http-equiv="Refresh" content="0; URL=/main.html">'),
        "/main.html": "<html><head><title>云岭市人民政府</title></head><frameset cols='20%,80%'>"
        "<frame src='/left.html'><frame src='/right.html'></frameset></html>",
        "/left.html": html("菜单", menu({"通知公告": "/tzgg/", "政策文件": "/zcwj/"})),
        "/right.html": html("云岭市人民政府", rows("/tzgg/", past(1, 2, 3, 4, 5))),
        "/tzgg/": column("通知公告", rows("/tzgg/", past(1, 2, 3, 4, 5))),
        "/zcwj/": column("政策文件", rows("/zcwj/", past(1, 2, 3, 4, 5))),
    }


def run_child(urls: Sequence[str], **limits: Any) -> dict[str, PortalFacts]:
    """The facts that ``python -m spiders`` tells for a job, by address."""
    limits = {"request_delay_seconds": 0, "fetch_timeout_seconds": 1.0, "retries": 0, **limits}
    job = {"portals": [{"url": url} for url in urls], "limits": limits, "today": TODAY.isoformat()}
    command = [sys.executable, "-P", "-m", "spiders"]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[-1] == {"event": "done"}
    facts = [load_facts(event["facts"]) for event in events if event["event"] == "facts"]
    return {one.site.url: one for one in facts}


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's TLS context with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.qinghe.example")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    certificate = builder.sign(key, hashes.SHA256())
    path = folder / "server.pem"
    no_password = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password)
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


# ---------------------------------------------------------------- many portals in one process


@dataclass
class Crawled:
    """All scenario portals, crawled once in one process."""

    portals: dict[str, FakePortal]
    found: dict[str, PortalFacts]

    def facts(self, name: str) -> PortalFacts:
        return self.found[f"{self.portals[name].url}/"]

    def column(self, name: str) -> ColumnFacts:
        found = [one for one in self.facts("full").columns if one.name == name]
        assert len(found) == 1, [one.name for one in self.facts("full").columns]
        return found[0]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    challenge = Answer(b"<html><head><title></title></head><body><script>var a=1</script></body></html>", 412)
    plans: dict[str, dict[str, Page]] = {
        "full": full_portal(),
        "framed": framed_portal(),
        "blocked": {"/*": challenge},
        "silent": {"/*": Answer(b"late", hold_seconds=30)},
        "empty": {"/": ""},
        "document": {"/": Answer(b"%PDF-1.4", headers={"Content-Type": "application/pdf"})},
        "dead": {},
    }
    with ExitStack() as stack:
        hosts = {name: f"127.0.0.{10 + number}" for number, name in enumerate(plans)}
        portals = {name: stack.enter_context(serve(pages, hosts[name])) for name, pages in plans.items()}
        portals["dead"] = FakePortal("http://127.0.0.99:1", {})
        tls = self_signed(tmp_path_factory.mktemp("tls"))
        portals["certificate"] = stack.enter_context(serve(framed_portal(), "127.0.0.40", tls))
        urls = [f"{portal.url}/" for portal in portals.values()]
        yield Crawled(portals, run_child(urls, max_body_bytes=1_000_000))


def test_every_portal_has_facts_whatever_the_others_do(crawled: Crawled) -> None:
    assert len(crawled.found) == len(crawled.portals)
    assert (crawled.facts("full").home.state, crawled.facts("framed").home.state) == (None, None)


@pytest.mark.parametrize(
    ("name", "state", "words"),
    [
        ("blocked", Reason.BLOCKED, "拦截"),
        ("dead", Reason.UNREACHABLE, "拒绝连接"),
        ("silent", Reason.UNREACHABLE, "超时"),
        ("empty", Reason.UNREACHABLE, "空内容"),
        ("document", Reason.UNREACHABLE, "不是网页"),
        ("certificate", Reason.UNREACHABLE, "证书"),
    ],
)
def test_a_home_page_that_cannot_be_read_says_why(crawled: Crawled, name: str, state: Reason, words: str) -> None:
    home = crawled.facts(name).home
    assert home.state is state
    assert words in (home.detail or "")
    assert crawled.facts(name).columns == ()


def test_the_home_page_gives_entries_marks_and_site(crawled: Crawled) -> None:
    facts = crawled.facts("full")
    assert max(item.published for item in facts.home.items if item.published) == past(1)[0]
    assert facts.site.site_id_code == "1234560001"


@pytest.mark.parametrize("name", ["通知公告", "行政执法"])
def test_a_dated_list_is_read_with_one_fetch(crawled: Crawled, name: str) -> None:
    column = crawled.column(name)
    assert (column.state, column.kind, column.pages_read) == (None, PageKind.LISTING, 1)
    assert column.listing is not None
    assert column.listing.newest == past(1)[0]


def test_an_empty_list_is_a_blank_column(crawled: Crawled) -> None:
    column = crawled.column("预算公开")
    assert (column.state, column.kind, column.items) == (None, PageKind.LISTING, ())


def test_undated_list_is_dated_by_its_articles(crawled: Crawled) -> None:
    column = crawled.column("政策文件")
    assert column.listing is not None
    assert column.listing.newest == past(3)[0]
    assert (column.items[0].date_source or "").startswith("article")


@pytest.mark.parametrize("name", ["规划计划", "政策解读", "统计信息"])
def test_refresh_script_and_frame_lead_to_the_list(crawled: Crawled, name: str) -> None:
    column = crawled.column(name)
    assert column.state is None
    assert column.listing is not None
    assert column.listing.newest == past(30)[0]


def test_what_robots_txt_forbids_is_not_fetched(crawled: Crawled) -> None:
    assert crawled.column("审计公开").state is Reason.ROBOTS
    assert "/sjgk/" not in crawled.portals["full"].paths
    assert crawled.facts("full").coverage.robots_refused == 1


def test_a_redirect_loop_ends_and_is_counted(crawled: Crawled) -> None:
    assert crawled.column("人事信息").state is Reason.UNREACHABLE
    assert crawled.facts("full").coverage.traps["redirect-loop"] == 1
    assert len([path for path in crawled.portals["full"].paths if path.startswith("/rsxx/")]) <= 8


def test_a_body_beyond_the_limit_is_not_read(crawled: Crawled) -> None:
    column = crawled.column("领导信息")
    assert (column.state, "GKMONITOR_MAX_BODY_BYTES" in (column.detail or "")) == (Reason.UNREACHABLE, True)


def test_a_column_that_leads_home_is_a_wrong_page(crawled: Crawled) -> None:
    assert crawled.column("新闻发布").state is Reason.WRONG_PAGE


def test_endless_paging_is_cut_off(crawled: Crawled) -> None:
    assert len([path for path in crawled.portals["full"].paths if path.startswith("/yjgl/")]) <= 3
    assert crawled.facts("full").coverage.traps.get("endless-paging")


def test_no_address_is_fetched_twice_but_to_confirm_a_blank_list(crawled: Crawled) -> None:
    paths = [path for path in crawled.portals["full"].paths if not path.startswith("/rsxx/") and path != "/"]
    assert {path for path in paths if paths.count(path) > 1} == {"/ysgk/"}


def test_a_frameset_behind_a_refresh_is_read(crawled: Crawled) -> None:
    facts = crawled.facts("framed")
    assert {one.name for one in facts.columns if one.state is None} == {"通知公告", "政策文件"}
    assert any(item.published == past(1)[0] for item in facts.home.items)


def test_a_blocked_portal_is_left_alone_at_once(crawled: Crawled) -> None:
    assert [path for path in crawled.portals["blocked"].paths if path != "/robots.txt"] == ["/"]


def test_evidence_names_address_time_and_digest(crawled: Crawled) -> None:
    seen = crawled.column("通知公告").observation
    assert seen is not None
    assert (seen.status, len(seen.sha256 or ""), seen.fetched_at.utcoffset()) == (200, 64, timedelta(0))


# ---------------------------------------------------------------- roads and walls


def test_a_proxy_is_used_and_a_public_portal_never_leads_into_a_private_network() -> None:
    site = "http://www.qinghe.example"
    columns = {"通知公告": "/tzgg/", "政策文件": "/zcwj/", "规划计划": "/ghjh/"}
    with serve({"/*": "secret"}, "127.0.0.50") as inside:
        pages: dict[str, Page] = {
            f"{site}/": html("青禾县人民政府", menu(columns) + "<h2>县情</h2>" + "<p>青禾县位于云岭南麓。</p>" * 40),
            f"{site}/tzgg/": column("通知公告", rows("/tzgg/", past(1, 2, 3, 4, 5)), columns),
            f"{site}/zcwj/": Answer(status=302, headers={"Location": f"{inside.url}/internal"}),
            f"{site}/ghjh/": html("跳转", "", f'<meta http-equiv="refresh" content="0;url={inside.url}/internal">'),
        }
        with serve(pages, "127.0.0.51") as proxy:
            facts = run_child([f"{site}/"], proxies={"http": proxy.url})[f"{site}/"]
        assert inside.paths == []
    states = {one.name: one.state for one in facts.columns}
    assert states == {"通知公告": None, "政策文件": Reason.NOT_OBSERVED, "规划计划": Reason.NOT_OBSERVED}
    assert any("内网" in (one.detail or "") for one in facts.columns)


# ---------------------------------------------------------------- politeness and limits


def test_portals_on_one_address_share_one_connection_and_one_rate_and_their_budget_holds() -> None:
    with serve(full_portal()) as first, serve(full_portal()) as second:
        urls = [f"{first.url}/", f"{second.url}/"]
        found = run_child(urls, request_delay_seconds=DELAY, max_pages=5, user_agent="gkmonitor/test")
    starts = sorted(start for portal in (first, second) for _, start, _ in portal.requests)
    assert starts[-1] - starts[0] >= DELAY * (len(starts) - 1) * 0.97
    assert (
        min(later - earlier for earlier, later in pairwise(starts)) >= DELAY * 0.5
    )  # arrivals jitter, sendings do not
    assert (first.most_under_way, second.most_under_way) == (1, 1)
    assert {agent for _, _, agent in first.requests} == {"gkmonitor/test"}
    for url in urls:
        coverage = found[url].coverage
        assert (coverage.is_budget_spent, coverage.pages_fetched) == (True, 5)
        assert Reason.BUDGET_SPENT in {one.state for one in found[url].columns}


def test_the_pause_that_robots_txt_asks_for_is_kept_up_to_a_limit() -> None:
    pages = full_portal() | {"/robots.txt": "User-agent: *\nCrawl-delay: 60\n"}
    with serve(pages) as portal:
        run_child([f"{portal.url}/"], request_delay_seconds=0.0, max_delay_seconds=0.2, max_pages=4)
    starts = [start for path, start, _ in portal.requests if path != "/robots.txt"]
    assert len(starts) == 4
    assert min(later - earlier for earlier, later in pairwise(starts)) >= 0.2 * 0.9


def test_several_connections_find_what_one_finds() -> None:
    pages = full_portal()
    late: dict[str, Page] = {path: Answer(str(pages[path]).encode(), hold_seconds=0.2) for path in ("/tzgg/", "/zcwj/")}
    with serve(pages | late) as portal, serve(framed_portal()) as framed:
        urls = [f"{portal.url}/", f"{framed.url}/"]
        one, several = (run_child(urls, connections_per_host=count, fetch_timeout_seconds=20.0) for count in (1, 6))
    assert portal.most_under_way > 1
    for url in urls:  # articles that were under way when one more dated the list are read besides
        assert {(c.url, c.state, c.listing and c.listing.newest) for c in several[url].columns} == {
            (c.url, c.state, c.listing and c.listing.newest) for c in one[url].columns
        }


def test_time_that_is_over_ends_a_crawl_in_the_middle_of_a_fetch() -> None:
    pages = full_portal() | {"/tzgg/": Answer(b"late", hold_seconds=90)}
    with serve(pages) as portal:
        found = run_child([f"{portal.url}/"], check_seconds=1.0, fetch_timeout_seconds=60.0)
        began = min(start for _, start, _ in portal.requests)  # a busy machine needs seconds to get that far
        assert time.monotonic() - began < 10
    facts = found[f"{portal.url}/"]
    assert facts.coverage.is_budget_spent
    assert facts.home.state is None
    assert Reason.BUDGET_SPENT in {one.state for one in facts.columns}


def test_ctrl_c_gives_what_is_known_within_two_seconds() -> None:
    pages = full_portal() | {"/tzgg/": Answer(b"late", hold_seconds=30)}
    pressed: list[float] = []

    def press(progress: Progress) -> None:
        if progress.column == "通知公告":
            pressed.append(time.monotonic())
            raise KeyboardInterrupt

    with serve(pages) as portal:
        settings = load_settings(request_delay_seconds=0)
        facts = inspect_portal(portal.url, settings=settings, today=TODAY, proxies={}, progress=press)
    assert time.monotonic() - pressed[0] < 2 * wall_slowness()
    assert facts.coverage.is_interrupted
    assert facts.home.state is None
    states = {one.name: one.state for one in facts.columns}
    assert states["通知公告"] is Reason.NOT_OBSERVED


def test_a_job_that_is_none_is_refused() -> None:
    command = [sys.executable, "-P", "-m", "spiders"]
    done = subprocess.run(command, input="{}", capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
