from __future__ import annotations

from pathlib import Path

import pytest

from gkmonitor.records import ColumnLink
from spiders.readers.column_names import is_column_name
from spiders.readers.crumbs import read_breadcrumb
from spiders.readers.document import Document
from spiders.readers.navigation import MAX_COLUMNS, read_columns

PAGES = Path(__file__).parent / "pages"
BASE = "http://www.qinghe.gov.cn/"


def columns(name: str, url: str = BASE) -> tuple[ColumnLink, ...]:
    return read_columns(Document((PAGES / f"nav_{name}.html").read_text("utf-8"), url))


def of(body: str, url: str = BASE) -> tuple[ColumnLink, ...]:
    return read_columns(Document(f"<html><body>{body}</body></html>", url))


@pytest.mark.parametrize(
    ("page", "top"),
    [
        ("list_dropdown", ["走进青禾", "新闻动态", "政务公开", "政务服务", "互动交流"]),
        ("table_asp", ["单位概况", "水务动态", "通知公告", "政策法规", "局长信箱"]),
        ("mega_dl", ["政务公开", "解读回应", "办事服务", "互动交流"]),
        ("traditional", ["政務公開", "財政預決算", "互動交流", "通知公告"]),
        ("scripts", ["机构概况", "统计数据", "通知公告"]),
        ("parallel", ["要闻动态", "政务公开", "互动交流"]),
        ("section", ["新闻动态", "政务公开", "互动交流"]),
    ],
)
def test_top_level_is_the_main_navigation_once(page: str, top: list[str]) -> None:
    assert [column.name for column in columns(page) if column.path == (column.name,)] == top


@pytest.mark.parametrize(
    ("page", "path", "url", "place", "concept"),
    [
        ("list_dropdown", ("新闻动态", "部门动态"), "xwdt/bmdt/", "menu", "news"),
        ("list_dropdown", ("政务公开", "财政预决算"), "zwgk/czyjs/", "menu", "budget"),
        ("list_dropdown", ("政务公开", "双公示"), "zwgk/sgs/", "menu", "double-publicity"),
        ("list_dropdown", ("互动交流", "县长信箱"), "hdjl/xzxx/", "menu", "consultation"),
        ("list_dropdown", ("首页", "通知公告"), "tzgg/", "block", "notices"),
        ("list_dropdown", ("首页", "重点领域信息公开"), "ztzl/cxfw/", "image", "key-areas"),
        ("list_dropdown", ("政务服务",), "http://zwfw.yunling.gov.cn/", "menu", "services"),
        ("table_asp", ("首页", "预算决算"), "list.asp?id=42", "menu", "budget"),
        ("table_asp", ("首页", "行政许可公示"), "list.asp?id=43", "menu", "permits"),
        ("mega_dl", ("政务公开", "法定主动公开内容"), "zwgk/fdzdgk/", "menu", "statutory-content"),
        ("mega_dl", ("政务公开", "重点领域", "部门预算"), "zwgk/ysgk/", "menu", "budget"),
        ("mega_dl", ("首页", "公告公示"), "tzgg/", "menu", "notices"),
        ("traditional", ("財政預決算",), "czyjs/", "menu", "budget"),
        ("scripts", ("统计数据",), "tjsj/index.html", "script", "statistics"),
        ("scripts", ("首页", "预算公开"), "zwgk/ysgk/", "menu", "budget"),
        ("scripts", ("首页", "政府信息公开年报"), "zwgk/nb/", "menu", "annual-report"),
        ("scripts", ("首页", "双公示"), "sgs/", "menu", "double-publicity"),
        ("scripts", ("法定主动公开内容", "机构职能"), "gk/jgzn/", "catalogue", "organisation"),
        ("scripts", ("法定主动公开内容", "财政信息", "部门决算"), "gk/bmjs/", "catalogue", "final-accounts"),
        ("parallel", ("政务公开", "财政预决算"), "czxx/", "menu", "budget"),
        ("section", ("政务公开", "财政信息", "部门预算"), "zwgk/czxx/ys/", "menu", "budget"),
        ("section", ("政务公开", "财政信息", "政府信息公开指南"), "zwgk/zn/", "image", "guide"),
    ],
)
def test_column_keeps_the_way_clicked_its_address_and_its_concept(
    page: str, path: tuple[str, ...], url: str, place: str, concept: str
) -> None:
    (found,) = [column for column in columns(page) if column.path == path]
    assert found.url == (url if url.startswith("http") else BASE + url)
    assert (found.name, found.place, found.concept) == (path[-1], place, concept)


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("list_dropdown", ["首页", "首 页", "设为首页", "无障碍浏览", "English", "登录", "下一页", "尾页", "更多"]),
        ("list_dropdown", ["市财政局", "市政府", "云岭市政府", "关于我们", "网站地图", "云ICP备10000001号"]),
        ("list_dropdown", ["关于公开征求《青禾县城市管理...", "青禾县2026年部门预算公开说明会召开"]),
        ("table_asp", ["管理登录", "云岭市水务局召开2026年度防汛工作会议", "我局开展安全生产检查"]),
        ("traditional", ["简体", "首頁"]),
        ("section", ["青禾县财政局2026年部门预算", "预算公开", "关于2026年预算公开时间的通知"]),
    ],
)
def test_tools_pagers_friends_footers_and_titles_are_no_columns(page: str, names: list[str]) -> None:
    assert not {column.name for column in columns(page)} & set(names)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("行政许可和行政处罚等信用信息公示", True),
        ("行政许可和行政处罚信息双公示", True),
        ("青禾县财政局行政处罚公示", False),
        ("关于拟录用公务员名单的公示", False),
    ],
)
def test_long_name_that_ends_as_titles_do_is_a_column_only_word_for_word(name: str, is_one: bool) -> None:
    assert is_column_name(name) is is_one


def test_what_is_printed_twice_counts_once() -> None:
    found = [(column.name, column.url) for column in columns("list_dropdown")]
    assert len(found) == len(set(found))
    assert [name for name, _ in found].count("政务公开") == 1


def test_comments_and_templates_never_count() -> None:
    urls = {column.url for column in columns("list_dropdown")}
    assert not urls & {BASE + "czyjs/", BASE + "sgs/"}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<a href='/a/' title='重点领域信息公开'>重点领域信...</a>", "重点领域信息公开"),
        ("<a href='/a/'>财 政 预 决 算</a>", "财政预决算"),
        ("<a href='/a/'>· 财政预决算(12)</a>", "财政预决算"),
        ("<a href='/a/'><b>财政预决算</b><i>财政预决算</i></a>", "财政预决算"),
        ("<a href='/a/'>【财政预决算】</a>", "【财政预决算】"),
    ],
)
def test_name_is_the_displayed_one_in_full(body: str, name: str) -> None:
    assert [column.name for column in of(f"<div class=links2>{body}</div>")] == [name]


def test_head_without_an_address_takes_the_one_printed_elsewhere() -> None:
    menu = "<ul class=nav>" + "".join(f"<li><a href='{href}'>{name}</a></li>" for name, href in MENU) + "</ul>"
    body = menu + "<div class=hd><h3>政务公开</h3><a href='/zwgk/'>更多</a></div>"
    (found,) = [column for column in of(body) if column.name == "政务公开"]
    assert (found.url, found.path) == (BASE + "zwgk/", ("政务公开",))


MENU = (("首页", "/"), ("政务公开", "javascript:;"), ("通知公告", "/tzgg/"), ("互动交流", "/hdjl/"))


@pytest.mark.parametrize(
    ("trail", "expected"),
    [
        ("当前位置：<a href='/'>首页</a> &gt; <a href='/a/'>政务公开</a> &gt; 通知公告", ("政务公开", "通知公告")),
        ("您现在的位置：<a href='/'>网站首页</a> » <a href='/a/'>政务公开</a> » 正文", ("政务公开",)),
        ("當前位置：<a href='/'>首頁</a> / <a href='/a/'>政務公開</a>", ("政務公開",)),
        ("<a href='/'>首页</a>&gt;&gt;<a href='/a/'>政务公开</a>", ("政务公开",)),
        ("<a href='/'>首页</a> <a href='/a/'>政务公开</a>", ()),
        ("欢迎来到<a href='/'>首页</a>", ()),
    ],
)
def test_breadcrumb_is_read_without_home_and_text(trail: str, expected: tuple[str, ...]) -> None:
    assert read_breadcrumb(Document(f"<html><body><div>{trail}</div></body></html>", BASE + "a/")) == expected


@pytest.mark.parametrize(
    "name", ["breadCrumb", "m-CRUMBS", "cur_position", "Location", "weizhi", "WeiZhi2", "dqwz", "DQWZ"]
)
def test_breadcrumb_without_links_is_known_by_its_class(name: str) -> None:
    body = f"<div>首页 &gt; 新闻</div><div class='l {name}'>首页 &gt; 政务公开</div>"
    assert read_breadcrumb(Document(f"<html><body>{body}</body></html>", BASE + "a/")) == ("政务公开",)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<a>",
        "<div>" * 3_000 + "<a href='/a/'>通知公告</a>",
        "<ul>" + "<li><a href='/a/'>通知公告</a><ul>" * 2_000,
        "<a href='/a/'>通知公告</a>" * 5_000,
        "<script>var n=[{id:1,pId:1,name:'甲公开'},{id:2,pId:3,name:'乙公开'},{id:3,pId:2,name:'丙公开'}]</script>",
        "<a href='http://[/'>通知公告</a><area href='x'><li onclick=\"'/a.html'\">",
    ],
)
def test_strange_pages_are_read_without_an_exception(body: str) -> None:
    assert len(of(body)) <= MAX_COLUMNS
