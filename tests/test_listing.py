"""Which part of a page is its list, and which of the dates in it belong to the entries."""

from __future__ import annotations

from datetime import date

import pytest

from gkmonitor.records import Item, Listing, PageKind
from spiders.readers import read_page
from spiders.readers.document import Document
from spiders.readers.listing import read_listing

URL = "http://www.qinghe.example/zwgk/tzgg/index.html"
NAV = (
    '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/xwzx/">新闻中心</a></li>'
    '<li><a href="/zwgk/">政务公开</a></li>'
    '<li><a href="/bsfw/">办事服务</a></li><li><a href="/hdjl/">互动交流</a></li></ul></div>'
    '<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/tzgg/">通知公告</a></div>'
)
ICP = '<a href="http://beian.example">豫ICP备05000001号</a>'
FOOT = f'<div class="footer">主办单位：青禾县人民政府 {ICP} 更新于 2026-11-20</div>'


def row(number: int, extra: str, title: str = "") -> str:
    return f'<li><a href="content/post_{number}.html">{title or f"关于第{number}号事项办理的公告"}</a>{extra}</li>'


def rows(*extras: str) -> str:
    return '<ul class="list">' + "".join(row(900 - n, extra) for n, extra in enumerate(extras)) + "</ul>"


def listing_of(body: str, url: str = URL) -> Listing:
    listing = read_listing(Document(f"<html><body>{NAV}{body}{FOOT}</body></html>", url))
    assert listing is not None
    return listing


def days(body: str) -> list[str | None]:
    return [item.published.isoformat() if item.published else None for item in listing_of(body).items]


# ------------------------------------------------------------ dates that belong to entries


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("<span>2026-03-12</span>", "2026-03-12"),
        (" (2026-3-12)", "2026-03-12"),
        ("<i>[2026.03.12 16:35]</i>", "2026-03-12"),
        ("<em>2026年03月12日</em>", "2026-03-12"),
        ("<em>二〇二六年三月十二日</em>", "2026-03-12"),
        ("<em>２０２６－０３－１２</em>", "2026-03-12"),
        ("<b>12</b><i>2026-03</i>", "2026-03-12"),
        ("<b>03-12</b><i>2026</i>", "2026-03-12"),
        ("(发布时间：2026-03-12 11:06:22 阅读次数：<span>31</span>)", "2026-03-12"),
        ("<p>来源：县教育局 发布日期：2026/3/12 浏览：5次</p>", "2026-03-12"),
        ("<span>&nbsp;&nbsp;2026-03-12&nbsp;</span>", "2026-03-12"),
    ],
)
def test_printed_form_is_the_day_of_the_entry(printed: str, day: str) -> None:
    assert days(rows(printed, printed, printed)) == [day] * 3


@pytest.mark.parametrize(
    "other",
    [
        "<p>报名截止时间：2026-12-31</p>",
        "<p>有效期至2026-12-31</p>",
        "<p>本办法自2026年12月31日起施行，请遵照执行。</p>",
        "<!-- <span>2026-12-31</span> -->",
        '<span style="display:none">2026-12-31</span>',
        "<script>var d = '2026-12-31';</script>",
        "<p>讲座将于2026年12月31日举行，欢迎参加。</p>",
    ],
)
def test_another_day_is_not_the_day_of_publication(other: str) -> None:
    assert days(rows(*[other] * 3)) == [None] * 3
    assert days(rows(*[other + "<span>2026-01-05</span>"] * 3)) == ["2026-01-05"] * 3


def test_dates_in_titles_are_what_the_entries_are_about() -> None:
    body = "".join(row(n, "", f"2026年11月{n}日空气质量情况通报") for n in (7, 6, 5, 4))
    assert days(f'<ul class="list">{body}</ul>') == [None] * 4


def test_a_date_behind_one_title_is_no_template() -> None:
    titles = ["青禾县水库蓄水情况公示(2026-11-01)", "关于征集合理化建议的公告", "关于调整公交线路走向的通告"]
    body = "".join(row(n, "", title) for n, title in enumerate(titles))
    assert days(f'<ul class="list">{body}</ul>') == [None] * 3


def test_publication_outranks_writing_and_the_loser_is_kept() -> None:
    item = listing_of(rows(*["<i>成文日期：2026-01-02</i><i>发布日期：2026-02-03</i>"] * 3)).items[0]
    assert item.published == date(2026, 2, 3)
    assert date(2026, 1, 2) in [other.day for other in item.other_dates]


def test_of_two_equal_dates_the_earlier_counts() -> None:
    assert days(rows(*["<i>2026-05-09</i><i>2026-04-01</i>"] * 3)) == ["2026-04-01"] * 3


def test_the_head_of_a_table_says_which_column_is_the_day() -> None:
    head = "<tr><th>标题</th><th>截止日期</th><th>发布日期</th></tr>"
    line = "<tr><td><a href='/a/{n}.html'>第{n}批项目征集公告</a></td><td>2026-12-31</td><td>2026-01-0{n}</td></tr>"
    body = head + "".join(line.format(n=n) for n in (3, 2, 1))
    assert days(f"<table>{body}</table>") == ["2026-01-03", "2026-01-02", "2026-01-01"]


def test_a_visible_date_outranks_the_address() -> None:
    body = '<ul class="list">' + "".join(
        f'<li><a href="202611/t2026111{n}_1.html">第{n}号移民安置工作的公告</a><span>2019-05-0{n}</span></li>'
        for n in (3, 2, 1)
    )
    first = listing_of(body + "</ul>").items[0]
    assert (first.published, first.date_source) == (date(2019, 5, 3), "list")
    assert [other.source for other in first.other_dates] == ["url"]


def test_month_and_day_alone_take_the_year_that_the_address_proves() -> None:
    body = '<ul class="list">' + "".join(
        f'<li><a href="/art/202{y}/1/5/art_{y}.html">第{y}号工作动态情况简报</a><span>12-30</span></li>'
        for y in (6, 5, 4)
    )
    assert days(body + "</ul>") == ["2025-12-30", "2024-12-30", "2023-12-30"]


def test_month_and_day_alone_without_a_year_stay_unknown() -> None:
    assert days(rows(*["<span>[11-20]</span>"] * 3)) == [None] * 3


# ------------------------------------------------------------ entries


def test_cut_titles_are_completed_from_the_title_attribute() -> None:
    body = rows().replace("</ul>", "") + "".join(
        f'<li><a href="/a/{n}.html" title="青禾县关于做好第{n}次普查工作的通知">青禾县关于做好第{n}次普查...</a>'
        f" 2026-01-0{n}</li>"
        for n in (3, 2, 1)
    )
    assert listing_of(body).items[0].title == "青禾县关于做好第3次普查工作的通知"


def test_pinned_entries_keep_their_place_and_say_so() -> None:
    body = (
        '<ul class="list">'
        + row(1, "<span>2019-01-01</span>", "[置顶]关于办事大厅搬迁的公告")
        + row(9, " 2026-05-05")
        + row(8, " 2026-05-01")
    )
    listing = listing_of(body + "</ul>")
    assert [item.pinned for item in listing.items] == [True, False, False]
    assert listing.items[0].title == "关于办事大厅搬迁的公告"
    assert listing.newest == date(2026, 5, 5)


def test_topic_links_and_detail_links_are_part_of_their_entry() -> None:
    title = '<a href="/a/{n}.html">关于第{n}次听证会安排的公告</a>'
    line = f'<li><a href="/t/">[公告]</a>{title}<a href="/a/{{n}}.html">[详情]</a> 2026-02-0{{n}}</li>'
    assert len(listing_of("<ul>" + "".join(line.format(n=n) for n in (4, 3, 2)) + "</ul>").items) == 3


def test_entries_without_an_address_are_counted() -> None:
    line = '<li><a href="javascript:;">罪犯减刑假释情况公示（第{n}批）</a><span>2026-04-21</span></li>'
    items = listing_of("<ul class='list'>" + "".join(line.format(n=n) for n in range(5)) + "</ul>").items
    assert [item.url for item in items] == [""] * 5


def test_an_entry_that_comes_twice_by_mistake_is_counted_twice() -> None:
    body = (
        '<ul class="list">'
        + row(5, " 2026-01-05")
        + row(5, " 2026-01-05")
        + row(4, " 2026-01-04")
        + row(3, " 2026-01-03")
    )
    assert len(listing_of(body + "</ul>").items) == 4


# ------------------------------------------------------------ which part is the list


def test_margins_menus_and_footers_are_not_the_list() -> None:
    hot = '<div class="right hot"><h3>热点推荐</h3><ul>' + "".join(
        f'<li><a href="/h/{n}.html">热门文章标题比列表的标题还要长得多第{n}篇</a><span>2026-11-1{n}</span></li>'
        for n in range(9)
    )
    main = rows("<span>2025-02-02</span>", "<span>2025-01-01</span>")
    assert listing_of(
        f"{hot}</ul></div><div class='main'>{main}<a href='index_2.html'>下一页</a></div>"
    ).newest == date(2025, 2, 2)


def test_one_entry_is_a_list() -> None:
    listing = listing_of(
        '<div class="con"><ul><li><a href="/a/1.html">关于人事任免的通知</a><span>2026-07-10</span></li></ul></div>'
    )
    assert [item.title for item in listing.items] == ["关于人事任免的通知"]


def test_two_entries_are_a_list_though_only_one_is_dated() -> None:
    first, second = (
        row(20251, "", "政府网站工作年度报表（2025年度）"),
        row(20241, "<i>2025-01-19</i>", "政府网站工作年度报表（2024年度）"),
    )
    assert days(f'<ul class="list">{first}{second}</ul>') == [None, "2025-01-19"]


@pytest.mark.parametrize("clock", ["今天是2026年11月20日 星期五", "当前时间：2026-11-20", "欢迎您！2026年11月20日"])
def test_a_clock_beside_a_link_is_no_list(clock: str) -> None:
    body = f'<div class="top"><a href="/ztzl/">青禾县人民政府门户网站</a><span>{clock}</span></div>'
    assert read_listing(Document(f"<html><body>{NAV}{body}{FOOT}</body></html>", URL)) is None


def test_a_menu_is_no_list() -> None:
    assert read_listing(Document(f"<html><body>{NAV}{FOOT}</body></html>", URL)) is None


def test_pager_links_are_no_entries() -> None:
    pager = "".join(f'<a href="index_{n}.html">{n}</a>' for n in range(2, 9)) + '<a href="index_2.html">下一页</a>'
    listing = listing_of(rows("<i>2026-01-02</i>", "<i>2026-01-01</i>") + f'<div class="page">{pager}</div>')
    assert (len(listing.items), listing.next_url) == (2, "http://www.qinghe.example/zwgk/tzgg/index_2.html")


def test_next_page_is_never_the_page_itself() -> None:
    assert (
        listing_of(rows("<i>2026-01-02</i>", "<i>2026-01-01</i>") + '<a href="index.html">下一页</a>').next_url is None
    )


# ------------------------------------------------------------ blank lists


@pytest.mark.parametrize(
    "body",
    [
        '<ul class="list"></ul>',
        '<ul class="news">\n\n</ul><div>当前第1页 共1页 共0条记录</div>',
        "<div>共 0 页 0 条记录</div>",
        "<div>共 0 頁 0 條記錄</div>",
        '<div class="list">暫無相關資訊</div>',
        '<div class="list">暂无相关信息</div>',
        '<div class="list">对不起，该栏目暂无内容！</div>',
        '<div class="NewsList"><ul></ul></div><script>createPageHTML(1, 0, "index", "html")</script>',
    ],
)
def test_a_list_without_entries_is_blank(body: str) -> None:
    assert listing_of(body).items == ()


@pytest.mark.parametrize(
    "body",
    [
        '<ul id="list" class="list"></ul><script src="app.js"></script>',
        '<ul class="list" v-for="a in b"></ul>',
        "<p>本局位于青禾县中心路一号，负责全县供水、供电、供气等公用事业的行业管理工作，内设办公室、业务股、监察股等机构。</p>",
        '<ul class="list"></ul><div class="con"><a href="/a/1.html">关于一件没有日期的事情的公告</a></div>',
    ],
)
def test_nothing_is_called_blank_that_may_hold_something(body: str) -> None:
    assert read_listing(Document(f"<html><body>{NAV}{body}{FOOT}</body></html>", URL)) is None


def test_a_list_that_scripts_fetch_is_not_blank() -> None:
    body = f"{NAV}<ul class='list'></ul><script>$.get('/api/list.json?channel=7', draw)</script>{FOOT}"
    page = read_page(f"<html><body>{body}</body></html>".encode(), URL)
    assert page.listing is None
    assert page.kind is PageKind.SHELL


def test_item_is_a_plain_record() -> None:
    assert isinstance(listing_of(rows(" 2026-01-02", " 2026-01-01")).items[0], Item)


@pytest.mark.parametrize("day", ["2026－01－02", "2026／01／02", "2026．01．02"])
def test_full_width_separators_date_a_list(day: str) -> None:
    fresh = "".join(f'<li><a href="/n/{n}.html">热点新闻第{n}条的标题</a></li>' for n in range(8))
    assert days(rows(*[f"<span>{day}</span>"] * 6) + f'<div class="right"><ul>{fresh}</ul></div>') == ["2026-01-02"] * 6


@pytest.mark.parametrize(
    "inside",
    [
        "<span>关于第七号事项办理的公告(2026-01-02)</span><p>现将第七号事项的办理结果公告如下</p>",
        "<span>关于第七号事项办理的公告</span><div><div>现将第七号事项的办理结果公告</div><p><i>2026-01-02</i></p></div>",
        "<span>[公告]</span><p>关于第七号事项办理的公告</p><p>2026-01-02</p>",
    ],
)
def test_title_and_summary_in_one_link_are_told_apart_without_a_heading(inside: str) -> None:
    entries = "".join(f'<li><a href="/n/{n}.html">{inside}</a></li>' for n in range(4))
    items = listing_of(f'<ul class="list">{entries}</ul>').items
    assert {(item.title, str(item.published)) for item in items} == {("关于第七号事项办理的公告", "2026-01-02")}


def test_next_page_is_found_by_its_traditional_name() -> None:
    pages = '<a href="index.html">首頁</a><a href="index_1.html">下一頁</a><a href="index_9.html">末頁</a>'
    listing = listing_of(rows("<i>2026-01-02</i>", "<i>2026-01-01</i>") + f"<div>共9頁 {pages}</div>")
    assert (listing.next_url, listing.total_pages) == ("http://www.qinghe.example/zwgk/tzgg/index_1.html", 9)


def test_entries_with_ids_that_a_program_gave_are_one_list() -> None:
    names = ("a8f3", "kc20e", "b7d1", "e55f")
    entries = "".join(
        f'<li id="{name}"><a href="/n/{n}.html">关于第{n}号事项的公告</a><i>2026-01-0{n}</i></li>'
        for n, name in enumerate(names, 1)
    )
    assert days(f'<ul class="list">{entries}</ul>') == ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]


@pytest.mark.parametrize(
    "entry",
    [
        "<li><a href='/n/{n}.html'><i>2026-01-0{n}</i>关于第{n}号事项的公告</a></li>",
        "<li><a href='/n/{n}.html'>关于第{n}号事项的公告<em>[2026-01-0{n}]</em></a></li>",
        "<li><a href='/n/{n}.html'>关于第{n}号事项的公告</a><em> —— 2026-01-0{n}</em></li>",
        "<li>[2026-01-0{n}] <a href='/n/{n}.html'>关于第{n}号事项的公告</a></li>",
    ],
)
def test_day_in_an_element_of_its_own_is_no_part_of_the_title(entry: str) -> None:
    items = listing_of('<ul class="list">' + "".join(entry.format(n=n) for n in range(1, 6)) + "</ul>").items
    assert [item.title for item in items] == [f"关于第{n}号事项的公告" for n in range(1, 6)]
    assert [str(item.published) for item in items] == [f"2026-01-0{n}" for n in range(1, 6)]


def test_end_of_a_period_is_still_no_day_of_publication() -> None:
    entries = "".join(
        f"<li><a href='/n/{n}.html'>关于第{n}号事项的公告</a><em>2026-01-01 —— 2026-09-0{n}</em></li>"
        for n in range(1, 6)
    )
    assert all((item.published or date.min) <= date(2026, 1, 1) for item in listing_of(f"<ul>{entries}</ul>").items)


@pytest.mark.parametrize("label", ["日期：", "发布日期：", "时间："])
def test_entries_with_labelled_days_are_a_list_below_the_columns_name(label: str) -> None:
    entries = "".join(
        f"<li><a href='/n/{n}.html'>关于第{n}号事项的公告</a><p>{label}2026-01-0{n}</p></li>" for n in range(1, 3)
    )
    html = (
        f"<html><head><title>通知公告_青禾县</title></head><body>{NAV}<h2>通知公告</h2><ul>{entries}</ul>{FOOT}</body>"
    )
    page = read_page(html.encode(), URL)
    assert page.kind is PageKind.LISTING
    assert page.listing is not None
    assert len(page.listing.items) == 2


@pytest.mark.parametrize(
    "footer",
    [
        "Copyright © 2008-2026 All Rights Reserved 发布时间：2026-11-28",
        "版权所有：青禾县人民政府 发布日期：2026-11-28 来源：本站",
    ],
)
def test_day_in_the_footer_makes_no_article_of_a_list(footer: str) -> None:
    html = (
        f"<html><head><title>通知公告_青禾县</title></head><body>{NAV}{rows(*['<i>2026-01-02</i>'] * 6)}<p>{footer}</p>"
    )
    page = read_page(html.encode(), URL)
    assert page.kind is PageKind.LISTING
    assert page.listing is not None
    assert page.listing.items[0].published == date(2026, 1, 2)


def test_front_page_is_no_article_whatever_day_it_prints() -> None:
    boxes = "".join(
        f"<div><h3>栏目{n}</h3><ul><li><a href='/n/{n}.html'>青禾县人民政府召开第{n}次会议</a>"
        f"<p>发布日期：2026-01-0{n} 来源：县府办</p></li></ul></div>"
        for n in range(1, 3)
    )
    menu = "".join(f"<li><a href='/c{n}/'>栏目名称{word}</a></li>" for n, word in enumerate("甲乙丙丁戊己庚辛"))
    html = f"<html><head><title>青禾县人民政府</title></head><body><ul>{menu}</ul>{boxes}{FOOT}</body></html>"
    page = read_page(html.encode(), "http://www.qinghe.example/")
    assert page.kind is PageKind.HOME
    assert page.article is None


def test_month_and_day_glued_to_the_year_date_a_list() -> None:
    entries = "".join(
        f"<li><div><b>1{n}-01</b><i>2025</i></div><a href='/n/{n}.html'>关于第{n}号事项的公告</a></li>"
        for n in range(3)
    )
    assert days(f'<ul class="list">{entries}</ul>') == ["2025-10-01", "2025-11-01", "2025-12-01"]


def test_picture_and_title_without_addresses_are_one_entry() -> None:
    entries = "".join(
        f"<li><a href='javascript:;' title='关于第{n}号重大事项办理结果的公告'><img src='/p.jpg'></a>"
        f"<a href='javascript:;' title='关于第{n}号重大事项办理结果的公告'>关于第{n}号重大事项办理...</a>"
        f"<i>2026-01-0{n}</i></li>"
        for n in range(1, 5)
    )
    assert days(f'<ul class="list">{entries}</ul>') == [f"2026-01-0{n}" for n in range(1, 5)]


@pytest.mark.parametrize(
    "crumb",
    [
        '<div class="pos"><a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="#">通知公告</a></div>',
        '<div class="pos">当前位置：<a href="/jy/">教育局</a> &gt; <a href="/jy/tz/">通知公告</a> &gt; </div>',
    ],
)
def test_list_above_the_breadcrumb_is_never_the_pages_own(crumb: str) -> None:
    fresh = "".join(
        f'<li><a href="/n/{n}.html">县委理论学习中心组第{n}次会议</a><i>2026-11-2{n}</i></li>' for n in range(6)
    )
    own = "".join(f'<li><a href="/o/{n}.html">关于第{n}号事项的公告</a><i>2024-01-0{n}</i></li>' for n in range(1, 3))
    html = f"<html><body><div><ul>{fresh}</ul></div>{crumb}<div><ul>{own}</ul></div>{FOOT}</body></html>"
    page = read_page(html.encode(), URL)
    assert page.listing is not None
    assert [str(item.published) for item in page.listing.items] == ["2024-01-01", "2024-01-02"]


FLOATING = "".join(
    f'<li><a href="/f/t2026112{n}_{n}.html">另一个栏目的最新消息第{n}条</a><i>2026-11-2{n}</i></li>' for n in range(8)
)


@pytest.mark.parametrize("style", ["", ' style="display:none"'])
def test_list_behind_the_footer_is_not_the_pages_own(style: str) -> None:
    own = rows("<i>2024-01-02</i>")
    html = f"<html><body>{NAV}{own}{FOOT}<div><ul{style}>{FLOATING}</ul></div></body></html>"
    page = read_page(html.encode(), URL)
    assert page.listing is not None
    assert [str(item.published) for item in page.listing.items] == ["2024-01-02"]


def test_hidden_list_does_not_fill_a_column_that_says_it_is_empty() -> None:
    body = f'<div class="list">暂无相关信息</div><div style="display:none"><ul>{FLOATING}</ul></div>'
    assert listing_of(body).items == ()


def test_hidden_list_is_read_where_nothing_else_is_shown() -> None:
    assert len(listing_of(f'<div style="display:none"><ul>{FLOATING}</ul></div>').items) == 8


def test_words_inside_an_icon_are_no_part_of_a_name() -> None:
    icon = '<svg viewBox="0 0 9 9"><title>图标</title><path d="M0 0"/></svg>'
    document = Document(f"<html><body><a href='/a/'>{icon}政务公开</a></body></html>", URL)
    assert [link.text for link in document.links] == ["政务公开"]
