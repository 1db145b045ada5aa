from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gkmonitor.records import Article, Item, Listing, Marks, PageFacts, PageKind, Statement, StatementKind
from spiders.identity import (
    is_delegated_host,
    is_moved_notice,
    is_parked,
    is_same_page,
    is_soft_404,
    is_wrong_site,
    registered_name,
)

HOME = PageFacts(
    url="http://www.qinghe.gov.cn/",
    encoding="utf-8",
    language="zh-Hans",
    kind=PageKind.HOME,
    title="青禾县人民政府",
    marks=Marks(site_name="青禾县人民政府", site_id_code="1301230001"),
    signature=0xF0F0_F0F0_F0F0_F0F0,
    text_length=5_000,
)


def column(url: str = "http://www.qinghe.gov.cn/zwgk/", **changes: object) -> PageFacts:
    page = replace(
        HOME, url=url, kind=PageKind.LISTING, title="通知公告", signature=0x0F0F_0F0F_0F0F_0F0F, text_length=900
    )
    return replace(page, **changes)  # type: ignore[arg-type]


ONE_ITEM = Listing((Item("关于征集意见的公告", "http://www.qinghe.gov.cn/a.html", date(2026, 11, 2)),))


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (0, 0, True),
        (0b111, 0, True),
        (0b1111, 0, False),
        (0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFF8, True),
        (-1, 0xFFFF_FFFF_FFFF_FFFF, True),
        (None, 0, False),
        (None, None, False),
    ],
)
def test_same_page_is_at_most_three_bits_apart(a: int | None, b: int | None, same: bool) -> None:
    assert is_same_page(a, b) is same


@pytest.mark.parametrize(
    ("page", "soft"),
    [
        (column(), False),
        (column(title="404 Not Found"), True),
        (column(title="青禾县人民政府", heading="对不起，您访问的页面不存在"), True),
        (column(title="错误提示"), True),
        (column(title="页面不存在怎么办", listing=ONE_ITEM), False),
        (column(title="系统出错处置预案", kind=PageKind.ARTICLE, article=Article("x", date(2026, 1, 1))), False),
        (column(signature=HOME.signature, text_length=5_010), True),
        (column(signature=HOME.signature, text_length=900), False),
        (column(signature=None, text_length=5_000), False),
        (replace(HOME, url="http://www.qinghe.gov.cn"), False),
    ],
)
def test_soft_404_says_so_or_is_the_home_page_again(page: PageFacts, soft: bool) -> None:
    assert is_soft_404(page, HOME) is soft


def test_short_shells_with_equal_signatures_are_not_taken_for_the_home_page() -> None:
    shell = replace(HOME, text_length=12)
    assert not is_soft_404(column(signature=HOME.signature, text_length=12), shell)


@pytest.mark.parametrize(
    ("page", "wrong"),
    [
        (column(), False),
        # a department's page on the portal may carry the city's code under its own name for the portal
        (column(marks=Marks(site_name="青禾县政府门户网站", site_id_code="1301230099")), False),
        (column(marks=Marks(site_name="云岭市人民政府", site_id_code="5301000001")), True),
        (column(marks=Marks(site_name=None, site_id_code="5301000001")), False),
        (column("http://www.yunling.gov.cn/a", marks=Marks(site_name=None, site_id_code="5301000001")), True),
        (column("http://www.yunling.gov.cn/a", marks=Marks(site_name="云岭市人民政府")), True),
        (column("http://www.yunling.gov.cn/a", marks=Marks()), False),
        (column(marks=Marks(site_name="云岭市人民政府")), False),
        (column(marks=Marks(site_name="云岭市人民政府", labels={"SiteIDCode": "政府网站标识码"})), False),
        (column(title="qinghe.gov.cn 域名出售"), True),
        (column(title="网站域名变更公告", text_length=80), True),
    ],
)
def test_wrong_site_needs_two_signs(page: PageFacts, wrong: bool) -> None:
    assert is_wrong_site(page, HOME) is wrong


def test_parked_name_and_move_notice_are_told_from_news_about_them() -> None:
    assert is_parked(column(title="This domain is for sale"))
    assert not is_parked(column(title="关于域名到期续费的通知", listing=ONE_ITEM))
    assert is_moved_notice(column(text_length=60, statements=(Statement(StatementKind.MOVED, "本网站已迁移"),)))
    assert not is_moved_notice(column(title="关于启用新域名的公告", text_length=5_000))


@pytest.mark.parametrize(
    ("column_url", "portal_url", "delegated"),
    [
        ("http://www.qinghe.gov.cn/a", "http://www.qinghe.gov.cn/", False),
        ("https://qinghe.gov.cn/a", "http://www.qinghe.gov.cn:8080/", False),
        ("http://rsj.qinghe.gov.cn/a", "http://www.qinghe.gov.cn/", False),
        ("http://m.rsj.qinghe.gov.cn/a", "http://rsj.qinghe.gov.cn/", False),
        ("http://www.qinghe.gov.cn/a", "http://rsj.qinghe.gov.cn/", True),
        ("http://czj.qinghe.gov.cn/a", "http://rsj.qinghe.gov.cn/", True),
        ("http://www.yunling.gov.cn/a", "http://www.qinghe.gov.cn/", True),
        ("http://credit.yunling.com.cn/a", "http://www.yunling.com.cn/", False),
        ("http://other.com.cn/a", "http://www.yunling.com.cn/", True),
        ("http://gdjyj.gd.gov.cn/a", "http://www.gd.gov.cn/", True),
        ("http://gd.gov.cn/a", "http://www.gd.gov.cn/", False),
        ("http://qb.gd.gov.cn/a", "http://gdjyj.gd.gov.cn/", True),
        ("http://zw.gdjyj.gd.gov.cn/a", "http://gdjyj.gd.gov.cn/", False),
        ("http://www.qinghe.gov.cn/", "http://www.gov.cn/", True),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8001/", False),
        ("http://127.0.0.1:8002/a", "http://127.0.0.1:8001/", True),
        ("http://127.0.0.2/a", "http://127.0.0.1/", True),
        ("http://[::1]:8001/a", "http://[::1]:8001/", False),
        ("/zwgk/", "http://www.qinghe.gov.cn/", False),
        ("http://[broken/", "http://www.qinghe.gov.cn/", False),
    ],
)
def test_delegated_is_what_stands_on_another_bodys_host(column_url: str, portal_url: str, delegated: bool) -> None:
    assert is_delegated_host(column_url, portal_url) is delegated


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.qinghe.gov.cn", "qinghe.gov.cn"),
        ("a.b.qinghe.gov.cn", "qinghe.gov.cn"),
        ("qinghe.gov.cn", "qinghe.gov.cn"),
        ("gov.cn", "gov.cn"),
        ("www.yunling.cn", "yunling.cn"),
        ("www.yunling.com", "yunling.com"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_registered_name_stands_below_the_public_suffix(host: str, name: str) -> None:
    assert registered_name(host) == name
