from __future__ import annotations

import pytest

from spiders.traps import TrapGuard, TrapLimits, canonical_url, has_session_id

SITE = "http://www.qinghe.gov.cn"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://WWW.Qinghe.GOV.cn:80/zwgk/#top", "http://www.qinghe.gov.cn/zwgk/"),
        ("https://www.qinghe.gov.cn:443", "https://www.qinghe.gov.cn/"),
        ("http://www.qinghe.gov.cn:8080/a", "http://www.qinghe.gov.cn:8080/a"),
        ("http://127.0.0.1:80/a", "http://127.0.0.1/a"),
        (f"{SITE}/index.html", f"{SITE}/index.html"),
        (f"{SITE}/list.jsp?b=2&a=1", f"{SITE}/list.jsp?b=2&a=1"),
        (f"{SITE}/list.jsp;jsessionid=0A1B2C3D4E5F60718293?id=7", f"{SITE}/list.jsp?id=7"),
        (f"{SITE}/list.php?PHPSESSID=abcdef0123456789abcd&id=7", f"{SITE}/list.php?id=7"),
        (f"{SITE}/list.asp?sid=5", f"{SITE}/list.asp?sid=5"),
        (f"{SITE}/(S(abcdefghijklmnopqrstuvwx))/a.aspx", f"{SITE}/a.aspx"),
        ("http://user:word@www.qinghe.gov.cn/a", "http://www.qinghe.gov.cn/a"),
        ("http://[broken/", "http://[broken/"),
        ("  /relative ", "/relative"),
    ],
)
def test_canonical_address_drops_only_what_does_not_change_the_page(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize(
    ("url", "trap"),
    [
        (f"{SITE}/zwgk/tzgg/index.html", None),
        (f"{SITE}/art/2026/11/11/art_77_1183.html", None),
        (f"{SITE}/zwgk/zwgk/list.html", None),
        (f"{SITE}/2026/11/11/11/a.html", None),
        (f"{SITE}/a/b/a/b/list.html", "repeated-path"),
        (f"{SITE}/x/a/b/c/a/b/c/", "repeated-path"),
        (f"{SITE}/news/news/news/a.html", "repeated-path"),
        (f"{SITE}/" + "/".join("abcdefghijklmnopq"), "repeated-path"),
        (f"{SITE}/" + "a" * 1100, "too-long"),
        (f"{SITE}/list?q=" + "a" * 600, "too-long"),
        ("http://[broken/", "too-long"),
    ],
)
def test_shape_of_an_address_tells_a_loop(url: str, trap: str | None) -> None:
    assert TrapGuard().refuse(url) == trap


@pytest.mark.parametrize(
    ("pattern", "limit", "trap"),
    [
        ("/calendar.jsp?date=2026-11-{:02d}", 5, "calendar"),
        ("/rili/?year=2026&month={}", 5, "calendar"),
        ("/archive/2026/11/{:02d}/", 5, "calendar"),
        ("/archive/2026/11/{:02d}/index.html", 5, "calendar"),
        ("/tzgg/index_{}.html", 30, "endless-paging"),
        ("/list_166_{}.html", 30, "endless-paging"),
        ("/channels/18105_{}.html", 30, "endless-paging"),
        ("/list.action?cid=3&pageNo={}", 30, "endless-paging"),
        ("/news/page/{}/", 30, "endless-paging"),
        ("/search?a={}&b=1&c=1&d=1", 40, "ever-new-parameters"),
        ("/list.asp?classid={}", 300, "ever-new-parameters"),
        ("/list.asp?t=17000000{:02d}000", 5, "ever-new-parameters"),
    ],
)
def test_endless_kind_is_followed_up_to_its_limit_and_then_counted(pattern: str, limit: int, trap: str) -> None:
    guard = TrapGuard()
    answers = [guard.refuse(SITE + pattern.format(number)) for number in range(1, limit + 4)]
    assert answers == [None] * limit + [trap] * 3
    assert guard.counts == {trap: 3}


@pytest.mark.parametrize(
    "pattern",
    [
        "/content/post_{}.html",
        "/202611/t202611{:02d}_21250993.html",
        "/contents/18105/38{:04d}.html",
        "/2026/11{:02d}/c3347a251521/page.htm",
        "/art/2026/11/{}/art_77_11830771.html",
        "/info/1004/128{:02d}.htm",
    ],
)
def test_articles_with_numbers_and_dates_are_no_trap(pattern: str) -> None:
    guard = TrapGuard(TrapLimits(pages_per_list=2, days_per_calendar=2))
    assert [guard.refuse(SITE + pattern.format(number)) for number in range(1, 29)] == [None] * 28


def test_same_page_asked_twice_counts_once() -> None:
    guard = TrapGuard(TrapLimits(pages_per_list=1))
    assert [guard.refuse(f"{SITE}/list.do?page=2") for _ in range(3)] == [None, None, None]
    assert guard.refuse(f"{SITE}/list.do?page=3") == "endless-paging"


def test_lists_page_apart() -> None:
    guard = TrapGuard(TrapLimits(pages_per_list=2))
    urls = [f"{SITE}/{column}/index_{page}.html" for column in ("tzgg", "gzdt", "zcwj") for page in (1, 2)]
    assert [guard.refuse(url) for url in urls] == [None] * 6


def test_session_id_is_normalised_and_counted_but_never_refused() -> None:
    guard = TrapGuard()
    url = f"{SITE}/list.jsp;jsessionid=0A1B2C3D4E5F60718293?id=7"
    assert has_session_id(url)
    assert not has_session_id(f"{SITE}/list.jsp?id=7")
    assert guard.refuse(url) is None
    assert guard.counts == {"session-id": 1}
