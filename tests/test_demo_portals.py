"""The simulated portals themselves: whole, the same every time, faithful to their families."""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest

from gkmonitor.demo import portals
from gkmonitor.demo.plan import AS_OF, Kind, Place, Planted, PortalPlan
from gkmonitor.demo.portals import FAMILIES, HELPERS, PORTALS, Serving, serve
from gkmonitor.demo.server import Asked, PortalServer, Reply
from spiders.readers import read_page

ADDRESSES = {plan.key: f"http://{plan.key}.invalid" for plan in (*PORTALS, *HELPERS)}
RENDERED = [plan for plan in PORTALS if "refuses" not in plan.quirks]
LINK = re.compile(r"""(?:(?<![\w-])href|<i?frame src)=["']?([^"'\s>]+)""")
NO_PAGE = ("javascript:", "#", "/assets/", "/login")


def key(plan: PortalPlan) -> str:
    return plan.key


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    with serve() as running:
        yield running


def answer(plan: PortalPlan, path: str) -> Reply:
    server = PortalServer.__new__(PortalServer)
    server.pages = FAMILIES[plan.family](plan, ADDRESSES).render()
    return look_up(server, path)


def look_up(server: PortalServer, address: str) -> Reply:
    parts = urlsplit(address)
    query = dict(pair.partition("=")[::2] for pair in parts.query.split("&") if pair)
    return server.find(Asked(parts.path.partition(";")[0], query, {}))


def own_links(words: str, base: str) -> set[str]:
    """Addresses on the portal itself, without fragments and session ids; comments are not links."""
    bare = re.sub(r"<!--.*?-->", "", words, flags=re.DOTALL)
    found = {urljoin(base, each) for each in LINK.findall(bare) if not each.startswith(NO_PAGE)}
    inside = {each for each in found if urlsplit(each).netloc == urlsplit(base).netloc}
    return {re.sub(r";jsessionid=\w+", "", each.partition("#")[0]) for each in inside}


@pytest.mark.parametrize("plan", [each for each in RENDERED if each.family not in ("walled", "maze")], ids=key)
def test_every_link_of_a_portal_is_answered(plan: PortalPlan) -> None:
    server = PortalServer.__new__(PortalServer)
    server.pages = FAMILIES[plan.family](plan, ADDRESSES).render()
    encoding = FAMILIES[plan.family].encoding
    base = f"{ADDRESSES[plan.key]}/"
    waiting, seen = [base], {base}
    while waiting:
        address = waiting.pop()
        reply = look_up(server, address)
        assert reply.status in (200, 0), address  # 0: the silent column hangs up
        if not (reply.content_type or "").startswith("text/"):
            continue  # a file below an article
        for link in own_links(reply.body.decode(encoding), address) - seen:
            seen.add(link)
            waiting.append(link)
    assert len(seen) > 40


@pytest.mark.parametrize("plan", RENDERED, ids=key)
def test_a_portal_is_the_same_every_time(plan: PortalPlan) -> None:
    first = FAMILIES[plan.family](plan, ADDRESSES).render()
    second = FAMILIES[plan.family](plan, ADDRESSES).render()
    fixed = {path: page for path, page in first.items() if isinstance(page, Reply)}
    assert first.keys() == second.keys()
    assert fixed == {path: second[path] for path in fixed}


def test_there_are_at_least_eight_families_and_no_key_twice() -> None:
    assert len({plan.family for plan in PORTALS}) >= 8
    keys = [plan.key for plan in (*PORTALS, *HELPERS)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("plan", PORTALS, ids=key)
def test_every_planted_column_and_trap_is_in_its_plan(plan: PortalPlan) -> None:
    names = {column.name for column in plan.walk()} | {None}
    names |= {entry.title for column in plan.walk() for entry in column.entries}
    if plan.family == "traditional":
        from gkmonitor.demo.families.traditional import converter

        names = {converter().convert(name) if name else None for name in names}
    for each in (*plan.planted, *plan.traps):
        is_concept = each.subject is not None and each.subject.isascii()
        is_absent = each.check == "column-missing" and isinstance(each, Planted)
        assert (each.subject in names) is not is_absent or is_concept, each


def test_a_table_row_has_a_cell_for_every_head() -> None:
    tables = [column for plan in PORTALS for column in plan.walk() if column.heads]
    assert tables
    assert {len(column.heads) - len(entry.cells) for column in tables for entry in column.entries} == {1}


def test_every_row_is_listed_by_the_day_its_table_prints() -> None:
    for plan in PORTALS:
        for column in plan.walk():
            for entry in column.entries if column.heads else ():
                assert entry.day.isoformat() in entry.cells, entry


def test_no_column_says_more_than_the_frozen_day_but_the_future_trap() -> None:
    ahead = [
        (plan.key, entry.title)
        for plan in PORTALS
        for column in plan.walk()
        for entry in column.entries
        if entry.day > AS_OF
    ]
    assert [plan_key for plan_key, _ in ahead] == ["dongli"]


def test_a_taken_down_column_is_only_in_a_comment() -> None:
    plan = next(each for each in PORTALS if each.key == "qinghe")
    closed = next(column for column in plan.walk() if column.place is Place.COMMENT)
    home = answer(plan, "/").body.decode()
    assert f"/{closed.slug}/" in home
    assert f"/{closed.slug}/" not in re.sub(r"<!--.*?-->", "", home, flags=re.DOTALL)


def test_gbk_is_declared_nowhere() -> None:
    plan = next(each for each in PORTALS if each.family == "tables")
    page = answer(plan, "/main.asp")
    assert page.content_type == "text/html"
    assert b"charset" not in page.body
    assert plan.name in page.body.decode("gbk")


def test_records_of_the_second_page_come_from_the_proxy() -> None:
    plan = next(each for each in PORTALS if each.family == "hanweb")
    family = FAMILIES["hanweb"](plan, ADDRESSES)
    server = PortalServer.__new__(PortalServer)
    server.pages = family.render()
    column = plan.column("bdyw")
    second = look_up(server, family.proxy_address(column, 2)).body.decode()  # type: ignore[attr-defined]
    shown = look_up(server, family.column_path(column)).body.decode()
    assert second.count("<record>") == len(column.entries) - column.per_page
    assert column.entries[-1].title in second
    assert shown.count("<record>") == column.per_page


def test_vsb_pages_descend_to_one() -> None:
    plan = next(each for each in PORTALS if each.family == "vsb")
    family, column = FAMILIES["vsb"](plan, ADDRESSES), plan.column("gzdt")
    pages = len(family.chunks(column))
    assert pages >= 3
    assert family.column_path(column, 2) == f"/gzdt/{pages - 1}.htm"
    assert family.column_path(column, pages) == "/gzdt/1.htm"


def test_a_sheet_below_an_article_is_one_that_readers_read() -> None:
    plan = next(each for each in PORTALS if each.key == "puting")
    sheets = [each for column in plan.walk() for entry in column.entries for each in entry.attachments if each.rows]
    assert sheets
    for each in sheets:
        reply = answer(plan, f"/files/{each.file}")
        rows = read_page(reply.body, f"{ADDRESSES['puting']}/files/{each.file}").details.rows
        assert [row.subject for row in rows] == [cells[0] for cells in each.rows[2:]]


def test_a_letter_in_a_plain_list_names_its_fields() -> None:
    plan = next(each for each in PORTALS if each.key == "puting")
    page = answer(plan, FAMILIES["plain"](plan, ADDRESSES).column_path(plan.column("ldxx")))
    letters = read_page(page.body, f"{ADDRESSES['puting']}/ldxx/").details.letters
    assert b"<table" not in page.body
    assert [letter.title for letter in letters] == [entry.title for entry in plan.column("ldxx").entries]


def test_a_maze_gives_each_answer_a_new_session() -> None:
    plan = next(each for each in PORTALS if each.family == "maze")
    server = PortalServer.__new__(PortalServer)
    server.pages = FAMILIES["maze"](plan, ADDRESSES).render()
    once, again = look_up(server, "/").body, look_up(server, "/").body
    assert once != again
    assert look_up(server, "/bdyw/index.html;jsessionid=0001").status == 200


def test_the_dead_portal_refuses_connections(serving: Serving) -> None:
    dead = next(plan.key for plan in PORTALS if "refuses" in plan.quirks)
    with pytest.raises(urllib.error.URLError, match=r"refused|拒绝"):
        urllib.request.urlopen(f"{serving[dead]}/", timeout=5)


def test_portals_differ_by_port_where_only_one_loopback_address_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portals, "serve_address", lambda number: "127.0.0.1")
    with serve(PORTALS[:3]) as running:
        assert {urlsplit(address).hostname for address in running.values()} == {"127.0.0.1"}
        assert len(set(running.values())) == len(running) == 3 + len(HELPERS)
        with urllib.request.urlopen(f"{running['qinghe']}/", timeout=5) as reply:
            assert "青禾县人民政府" in reply.read().decode()


def test_the_log_knows_how_many_requests_ran_at_once(serving: Serving) -> None:
    slow = next(plan.key for plan in PORTALS if plan.delay_seconds)

    def fetch() -> None:
        with urllib.request.urlopen(f"{serving[slow]}/", timeout=10) as reply:
            assert reply.status == 200

    visitors = [threading.Thread(target=fetch) for _ in range(3)]
    for each in visitors:
        each.start()
    for each in visitors:
        each.join()
    log = serving.logs[slow]
    assert log.paths.count("/") == 3
    assert log.most_at_once == 3
    assert log.most_connections == 3


@pytest.mark.parametrize(("key_of", "status"), [("shimen", 412), ("wudu", 521)])
def test_walled_portals_answer_everything_with_the_challenge(serving: Serving, key_of: str, status: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{serving[key_of]}/", timeout=5)
    assert caught.value.code == status


def test_columns_without_children_are_no_sections() -> None:
    heads = (Kind.SECTION, Kind.META_REDIRECT, Kind.SCRIPT_REDIRECT)
    for plan in PORTALS:
        for column in plan.walk():
            assert (column.kind in heads) == bool(column.children), (plan.key, column.name)
