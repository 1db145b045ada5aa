"""One small page of each family: how many entries, the first title, the newest day, the next page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gkmonitor.records import PageFacts, PageKind
from spiders.readers import read_page

PAGES = Path(__file__).parent / "pages" / "families"
SITE = "https://www.qinghe.example"
MORE = "/staticmores/003/003-"
PROXY = "/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=67&path=/&columnid=77278&unitid=303271&permissiontype=0"

# name, folder of the page, entries, first title, newest, next page
CASES = [
    ("trs", "/zwgk/tzgg/index_1.html", 3, "青禾县关于开展春季植树活动的通知", "2026-03-12", "/zwgk/tzgg/index_2.html"),
    ("trs_inline_pager", "/zfwj/", 2, "青禾县关于印发学校安全工作办法的通知", "2026-01-15", "/zfwj/index_1.html"),
    ("guangdong", "/zwgk/zcfg/index.html", 3, "云岭市林木种苗管理办法", "2026-08-11", "/zwgk/zcfg/index_2.html"),
    ("siteserver", "/channels/181.html", 3, "平川县教育局职责简介", "2026-11-09", "/channels/181_2.html"),
    ("siteserver_glued", "/channels/182.html", 3, "关于做好寒假工作的通知", "2026-01-16", None),
    ("vsb", "/tzgg.htm", 3, "关于实验室设备采购的公告", "2026-09-30", "/tzgg/59.htm"),
    ("vsb_unclosed", "/xxxw.htm", 3, "图书馆数字资源讲座开讲", "2026-10-23", None),
    ("webplus", "/2142/list.htm", 3, "关于研究生注册工作的通知", "2026-03-02", "/2142/list2.htm"),
    ("hanweb", "/col/col77278/index.html", 2, "关于拟认定市级公园名录的公示", "2026-09-16", PROXY),
    ("hanweb_arrays", "/col/col736/index.html", 2, "科技下乡活动启动", "2026-01-02", None),
    ("epoint", "/jyxx/003001/tradeInfo.html", 2, "云岭市二环路改造工程（二标段）", "2026-11-06", None),
    ("empire", "/zwgk/bmdt/", 2, "荒渡县开展秋粮收购检查", "2026-10-05", "/zwgk/bmdt/index_2.html"),
    ("dedecms", "/a/gh/", 3, "关于举办职工篮球赛的通知", "2026-06-13", "/a/gh/list_166_2.html"),
    ("tiangong", f"{MORE}1.shtml", 4, "县医院开展健康义诊进社区活动", "2026-05-20", f"{MORE}2.shtml"),
    ("jeecms", "/zwtz/index.jhtml", 2, "关于发布检验规程的通知", "2026-07-07", "/zwtz/index_2.jhtml"),
    ("twice", "/xxgk/tzgg/", 3, "关于派奖活动结束的公告", "2026-04-23", None),
    ("pictures", "/tpxw/", 3, "云岭市召开庆祝大会暨表彰先进集体和先进个人会议", None, None),
    ("classic_asp", "/list.asp", 3, "关于调整供水价格听证会的公告", "2026-02-09", "/list.asp?page=2"),
    ("next_row", "/rsrm/", 3, "关于王某某等同志任职的通知", "2026-05-04", None),
    ("month_day", "/jb/", 3, "第三期工作简报发布情况", "2026-03-02", None),
]  # fmt: skip


def read(name: str, path: str) -> PageFacts:
    return read_page((PAGES / f"{name}.html").read_bytes(), SITE + path)


@pytest.mark.parametrize(("name", "path", "count", "first", "newest", "following"), CASES, ids=[c[0] for c in CASES])
def test_list_is_read_whole(
    name: str, path: str, count: int, first: str, newest: str | None, following: str | None
) -> None:
    page = read(name, path)
    assert page.kind is PageKind.LISTING
    assert page.listing is not None
    assert [item.title for item in page.listing.items][:1] == [first]
    assert len(page.listing.items) == count
    printed = [i.published for i in page.listing.items if i.published and i.date_source != "url"]
    assert max(printed, default=None) == (date.fromisoformat(newest) if newest else None)
    assert page.listing.next_url == (SITE + following if following else None)
    assert all(item.url.startswith(SITE) for item in page.listing.items)


def test_undated_pictures_keep_the_day_of_their_address_apart() -> None:
    page = read("pictures", "/tpxw/")
    assert page.listing is not None
    assert {item.date_source for item in page.listing.items} == {"url"}


def test_totals_of_the_pager_are_read() -> None:
    found = {}
    for name, path in (("vsb", "/tzgg.htm"), ("siteserver", "/channels/181.html"), ("jeecms", "/zwtz/index.jhtml")):
        listing = read(name, path).listing
        assert listing is not None
        found[name] = (listing.total_items, listing.total_pages)
    assert found == {"vsb": (1183, 60), "siteserver": (1630, 163), "jeecms": (632, 28)}


@pytest.mark.parametrize(
    ("name", "path", "cms"),
    [
        ("trs", "/zwgk/tzgg/", "TRS WCM"),
        ("guangdong", "/zwgk/zcfg/", "GD-platform"),
        ("siteserver", "/channels/181.html", "SiteServer"),
        ("vsb", "/tzgg.htm", "VSB"),
        ("webplus", "/2142/list.htm", "webplus"),
        ("hanweb", "/col/col77278/index.html", "Hanweb"),
        ("epoint", "/jyxx/", "Epoint"),
        ("dedecms", "/a/gh/", "DedeCMS"),
        ("tiangong", "/staticmores/003/", "Tiangong"),
        ("jeecms", "/zwtz/", "jeecms"),
        ("next_row", "/rsrm/", None),
    ],
)
def test_family_is_told_by_its_marks(name: str, path: str, cms: str | None) -> None:
    assert read(name, path).cms == cms
