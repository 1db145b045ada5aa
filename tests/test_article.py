from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gkmonitor.records import Article
from spiders.readers import read_page
from spiders.readers.article import read_article
from spiders.readers.document import Document

URL = "http://www.qinghe.example/zwgk/tzgg/content.html"
TITLE = "青禾县人民政府办公室关于印发政务公开工作要点的通知"
TEXT = (
    "<p>各乡镇人民政府，县政府各部门：</p><p>现将《青禾县2026年政务公开工作要点》印发给你们，请认真贯彻执行。</p>" * 3
)
MENU = "<ul><li><a href='/'>首页</a></li><li><a href='/zwgk/'>政务公开</a></li></ul><div>当前位置：通知公告</div>"
SCRIPT = "<p>发布时间：<script>var pubdata='2026年01月02日';if(pubdata!=''){document.write(pubdata);}</script></p>"
RELATED = (
    "<h3>相关链接</h3><li><a href='/1.html'>公告一</a> 2026-03-01</li><li><a href='/2.html'>公告二</a> 2026-03-02</li>"
)
FOOTER = "<div>版权所有：青禾县人民政府 2012-2026 黔ICP备05070829号 网站标识码：5226000012</div>"


def article_of(
    particulars: str, *, head: str = "", body: str = TEXT, url: str = URL, heading: str = "h1"
) -> Article | None:
    html = (
        f"<html><head><title>{TITLE}_青禾县人民政府</title>{head}</head><body>{MENU}<div class='main'>"
        f"<{heading} class='title'>{TITLE}</{heading}>{particulars}<div class='text'>{body}</div></div>"
        f"{FOOTER}</body></html>"
    )
    return read_article(Document(html, url))


def published(particulars: str, **more: str) -> tuple[str | None, str | None]:
    article = article_of(particulars, **more)
    assert article is not None
    assert article.title == TITLE
    return article.published.isoformat() if article.published else None, article.date_source


@pytest.mark.parametrize(
    ("particulars", "day", "source"),
    [
        ("<p>发布时间：2026-01-02 10:11 来源：青禾县</p>", "2026-01-02", "heading:发布时间"),
        ("<p>来源：本站　发布日期：2026年1月2日　浏览次数：<i>12</i></p>", "2026-01-02", "heading:发布日期"),
        ("<p>时间:2026-01-02 来源:青禾县 【字体：大 中 小】</p>", "2026-01-02", "heading:时间"),
        ("<p>[ 2026-01-02 ]</p>", "2026-01-02", "heading"),
        ("<p><span>2026-01-02 10:42</span></p>", "2026-01-02", "heading"),
        ("<div>2026-01-02<em>作者：</em>浏览次数：<span>3</span></div>", "2026-01-02", "heading"),
        (
            "<small>来源：<span> 青禾日报 </span></small><small>&nbsp;2026-01-02&#32;15:30</small>",
            "2026-01-02",
            "heading",
        ),
        ("<h2>（副标题）</h2><p>二〇二六年一月二日 来源：青禾县</p>", "2026-01-02", "heading"),
        ("<table><tr><td>发布时间：</td><td>2026/1/2</td></tr></table>", "2026-01-02", "heading:发布时间"),
        ("<p>录入时间：2026-01-02　更新时间：2026-03-02</p>", "2026-01-02", "heading:录入时间"),
        ("<p>发 布 时 间 ：２０２６－０１－０２</p>", "2026-01-02", "heading:发布时间"),
        ("<p>发布于 2026-01-02</p>", "2026-01-02", "heading:发布于"),
        ("<p>【信息时间：2026-01-02 阅读次数：<b>3</b>】【我要打印】</p>", "2026-01-02", "heading:信息时间"),
        ("<p>發佈日期：2026-01-02</p>", "2026-01-02", "heading:發佈日期"),
        ("<p>作者：佚名 文章来源：本站 点击数：1 更新时间：2026-01-02</p>", "2026-01-02", "heading:更新时间"),
        ("<p>稿源：青禾日报　2026-01-02</p>", "2026-01-02", "heading"),
        ("<div><i>2026.01.02</i><i>县教育局</i></div>", "2026-01-02", "heading"),
        ("<div><span>县融媒体中心</span> <span>2026-01-02</span></div>", "2026-01-02", "heading"),
        ("<p>发布单位：县府办 2026-01-02</p>", "2026-01-02", "heading"),
    ],
)
def test_printed_date_by_the_title_is_read(particulars: str, day: str, source: str) -> None:
    assert published(particulars) == (day, source)


@pytest.mark.parametrize("heading", ["h1", "h2", "h3", "h4", "div", "td", "p"])
def test_title_is_found_in_any_element(heading: str) -> None:
    assert published("<p>发布时间：2026-01-02</p>", heading=heading)[0] == "2026-01-02"


def test_date_inside_the_heading_is_not_part_of_the_title() -> None:
    heading = f"<h2>{TITLE}<br><span>2026-01-02</span></h2><h4>来源：县教育局&nbsp; 供稿：某人</h4>"
    html = f"<title>{TITLE}  青禾县</title>{heading}{TEXT}"
    article = read_article(Document(html, URL))
    assert article is not None
    assert (article.title, article.published, article.source) == (TITLE, date(2026, 1, 2), "县教育局")


def test_printed_date_outranks_the_label_of_the_last_publishing_run() -> None:
    article = article_of("<p>发布日期：2017-05-15</p>", head='<meta name="PubDate" content="2022-04-24 08:00">')
    assert article is not None
    assert (article.published, article.date_source) == (date(2017, 5, 15), "heading:发布日期")
    assert [(one.day, one.source) for one in article.other_dates] == [(date(2022, 4, 24), "label:PubDate")]


def test_particulars_table_before_the_title_is_read() -> None:
    table = (
        "<table><tr><td>索引号：</td><td>000014349/2023-00031</td><td>发布机构：</td><td>青禾县教育局</td></tr>"
        "<tr><td>生成日期：</td><td>2023年05月11日</td><td>有效性：</td><td>有效</td></tr></table>"
    )
    html = f"<head><meta name='PubDate' content='2023-08-16'><title>{TITLE}</title></head>{table}<h1>{TITLE}</h1>{TEXT}"
    article = read_article(Document(html, URL))
    assert article is not None
    assert (article.published, article.date_source) == (date(2023, 5, 11), "heading:生成日期")


@pytest.mark.parametrize(
    ("head", "particulars", "url", "day", "source"),
    [
        ('<meta name="PubDate" content="2026-01-02 08:00">', "", URL, "2026-01-02", "label:PubDate"),
        ('<meta name="PubDate" content="20260102">', "", URL, "2026-01-02", "label:PubDate"),
        (
            "",
            SCRIPT,
            URL,
            "2026-01-02",
            "script:pubdata",
        ),
        ("", "", "http://www.qinghe.example/zwgk/202601/t20260102_12.html", "2026-01-02", "url"),
        ("", "", "http://www.qinghe.example/art/2026/1/2/art_1_2.html", "2026-01-02", "url"),
        (
            '<meta name="PubDate" content="2026-01-02">',
            "",
            "http://www.qinghe.example/t20260304_1.html",
            "2026-01-02",
            "label:PubDate",
        ),
    ],
)
def test_hidden_dates_serve_where_none_is_printed(head: str, particulars: str, url: str, day: str, source: str) -> None:
    assert published(particulars, head=head, url=url, body=TEXT * 3) == (day, source)


@pytest.mark.parametrize(
    ("particulars", "body"),
    [
        ("<p>来源：青禾县</p>", TEXT + "<p>青禾县人民政府办公室</p><p>2026年3月1日</p>"),
        ("<p>来源：青禾县</p>", "<p>2026年3月1日，青禾县召开政务公开工作推进会。</p>" + TEXT),
        ("<p>来源：青禾县</p>", "<p>会议时间：2026年3月5日上午9点</p>" + TEXT),
        ("<p>来源：青禾县</p>", "<p>时间：2026年3月5日上午9点在县政府礼堂</p>" + TEXT),
        ("<p>来源：青禾县</p>", "<p>公示时间：2026年3月1日至2026年3月7日。</p>" + TEXT),
        ("<p>来源：青禾县</p>", TEXT + "<p>报名截止日期：2026-03-09</p>"),
        ("<p>来源：青禾县 有效期：2026-03-01</p>", TEXT),
        ("<p>来源：青禾县 成文日期：2026-03-01</p>", TEXT),
        ("<p>来源：青禾县</p>", TEXT + "<p>本办法自2026年3月1日起施行。</p>"),
        ("<p>来源：青禾县</p>", TEXT + "<p>留言时间：2026-03-01 16:07</p><p>答复时间：2026-03-02</p>"),
        ("<p>来源：青禾县</p>", TEXT + "<div>网友评论</div><p>发表于 2026-03-01</p>"),
        (
            "<p>来源：青禾县</p>",
            TEXT + RELATED,
        ),
        ("<p>来源：青禾县</p><!-- 发布时间：2026-03-01 -->", TEXT),
        ("<p>来源：青禾县 页面生成时间：2026-03-01 11:36</p>", TEXT),
        ("<p>来源：青禾县</p>", TEXT + "<p>最后访问时间 2026-03-01</p>"),
        ("<p>来源：青禾县</p>", "<p>项目名称</p><p>开工日期 2026-03-01</p>" + TEXT),
        ("<p>来源：青禾县 下次公示日期 2026-03-01</p>", TEXT),
        ("<p>来源：青禾县</p>", "<p>第三次常务会 2026-03-01 上午召开</p>" + TEXT),
    ],
)
def test_no_other_date_passes_for_the_publication_date(particulars: str, body: str) -> None:
    assert published(particulars, body=body) == (None, None)


def test_clock_in_the_page_header_is_not_the_publication_date() -> None:
    html = (
        f"<title>{TITLE}</title><div>今天是 2026年3月1日 星期日</div><h1>{TITLE}</h1><p>来源：青禾县</p>{TEXT}{FOOTER}"
    )
    article = read_article(Document(html, URL))
    assert article is not None
    assert article.published is None


@pytest.mark.parametrize("clock", ["日期：2026年3月1日 星期日", "当前时间：2026-03-01", "时间：2026-03-01 10:00:00"])
def test_labelled_clock_above_the_title_is_not_the_publication_date(clock: str) -> None:
    html = f"<title>{TITLE}</title><div>{clock}</div>{MENU}<h1>{TITLE}</h1><p>来源：青禾县</p>{TEXT}{FOOTER}"
    article = read_article(Document(html, URL))
    assert article is not None
    assert article.published is None


def test_date_in_the_title_is_not_the_publication_date() -> None:
    title = "2026年3月1日青禾县新闻发布会实录"
    html = f"<title>{title}</title>{MENU}<h1>{title}</h1><p>来源：青禾县 发布时间：2026-03-02</p>{TEXT}"
    article = read_article(Document(html, URL))
    assert article is not None
    assert (article.title, article.published) == (title, date(2026, 3, 2))
    undated = read_article(Document(html.replace("发布时间：2026-03-02", ""), URL))
    assert undated is not None
    assert undated.published is None


def test_particulars_below_the_text_are_read() -> None:
    assert published("", body=TEXT + "<p>责任编辑：某某　发布时间：2026-01-02</p>")[0] == "2026-01-02"


def test_future_date_is_reported_as_printed() -> None:
    assert published("<p>发布时间：2098-01-02</p>")[0] == "2098-01-02"


@pytest.mark.parametrize(
    ("particulars", "head", "source"),
    [
        ("<p>来源：青禾日报 作者：某某 时间：2026-01-02</p>", "", "青禾日报"),
        ("<p>信息来源：青禾县教育局　浏览次数：3</p>", "", "青禾县教育局"),
        ("<p>时间:2026-01-02 来源：</p>", "", None),
        ("<p>来源：浏览次数：12 2026-01-02</p>", "", None),
        ("<p>2026-01-02</p>", '<meta name="ContentSource" content="青禾日报">', "青禾日报"),
        ("<p>来源：县融媒体中心 2026-01-02</p>", '<meta name="ContentSource" content="青禾日报">', "县融媒体中心"),
    ],
)
def test_source_is_the_printed_one(particulars: str, head: str, source: str | None) -> None:
    article = article_of(particulars, head=head)
    assert article is not None
    assert article.source == source


def test_label_names_the_title_where_the_heading_is_the_columns() -> None:
    head = f"<title>青禾县-通知公告</title><meta name='ArticleTitle' content='{TITLE}'>"
    html = f"{head}<h1>通知公告</h1><p>{TITLE}</p>{TEXT}"
    article = read_article(Document(html, URL))
    assert article is not None
    assert article.title == TITLE


@pytest.mark.parametrize(
    "item",
    [
        "<li><a href='/{n}.html'>青禾县公告第{n}号</a><span>2026-01-0{n}</span></li>",
        "<li><span>2026-01-0{n}</span><a href='/{n}.html'>青禾县公告第{n}号</a></li>",
        "<tr><td><a href='/{n}.html'>青禾县公告第{n}号</a></td><td>2026-01-0{n}</td></tr>",
        "<li><a href='/{n}.html'>青禾县公告第{n}号</a> (发布时间：2026-01-0{n} 阅读次数：{n})</li>",
        "<li><a href='/{n}.html'><h2>青禾县公告第{n}号</h2><p><i>来源：县府</i><i>时间：2026-01-0{n}</i></p></a></li>",
    ],
)
def test_list_page_is_no_article(item: str) -> None:
    items = "".join(item.format(n=number) for number in range(1, 8))
    html = f"<title>通知公告-青禾县人民政府</title>{MENU}<h2 class='title'>通知公告</h2><ul>{items}</ul>{FOOTER}"
    assert read_article(Document(html, "http://www.qinghe.example/tzgg/index.html")) is None


@pytest.mark.parametrize("html", ["", "<p>青禾县</p>", "<title>青禾县人民政府</title>", "<h1>页面不存在</h1>"])
def test_page_without_a_text_is_no_article(html: str) -> None:
    assert read_article(Document(html, URL)) is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<h1>",
                "</h1>",
                "<br>",
                TITLE,
                "2026-01-02",
                "发布时间：",
                "来源：",
                "<td>",
                "\n",
                "。",
                "<title>",
                "<script>",
            ]
        ),
        max_size=30,
    )
)
def test_no_markup_raises(parts: list[str]) -> None:
    article = read_article(Document("".join(parts), URL))
    assert article is None or article.published in (None, date(2026, 1, 2))


@pytest.mark.parametrize(
    ("particulars", "day"),
    [
        ("<p>時間:2026-01-02 來源:青禾縣 【字體：大 中 小】</p>", "2026-01-02"),
        ("<p>發佈時間：2026-01-02　瀏覽次數：12</p>", "2026-01-02"),
        ("<p>來源：青禾縣 2026-01-02 編輯：某某</p>", "2026-01-02"),
    ],
)
def test_traditional_labels_date_an_article_as_simplified_ones_do(particulars: str, day: str) -> None:
    assert published(particulars)[0] == day


def test_source_is_given_in_the_characters_that_the_page_has() -> None:
    article = article_of("<p>發佈時間：2026-01-02 來源：青禾縣編辦</p>")
    assert article is not None
    assert article.source == "青禾縣編辦"


@pytest.mark.parametrize(
    "footer",
    [
        "<div>版权所有：青禾县人民政府</div><div>最后更新时间：2026-11-29 访问量：12345</div>",
        "<div>主办：青禾县人民政府</div><div>黔ICP备05070829号</div><div>更新时间：2026-11-29</div>",
    ],
)
def test_day_in_the_footer_makes_no_article_of_a_home_page(footer: str) -> None:
    body = MENU + "<ul><li><a href='/a.html'>青禾县召开会议</a></li></ul>" + footer
    html = f"<html><head><title>青禾县人民政府</title></head><body>{body}</body></html>"
    assert read_article(Document(html, "http://www.qinghe.example/")) is None


def test_fresh_list_behind_the_footer_does_not_hide_a_short_article() -> None:
    fresh = "".join(
        f"<li><a href='/n/{n}.html'>县委召开第{n}次会议</a><span>2026-11-2{n}</span></li>" for n in range(5)
    )
    body = "<p>现将名单公示。</p><div>上一条：另一件事</div><div>下一条：又一件事</div>"
    html = (
        f"<html><head><title>名单公示</title></head><body>{MENU}<h2>名单公示</h2>"
        f"<div>2026-01-02 作者： 浏览次数：</div>{body}{FOOTER}<ul>{fresh}</ul></body></html>"
    )
    article = read_article(Document(html, URL))
    assert article is not None
    assert (article.title, article.published) == ("名单公示", date(2026, 1, 2))


def test_title_without_any_name_is_the_line_above_the_particulars() -> None:
    html = (
        "<html><head><title>[通知公告]-青禾县人民政府</title></head><body>" + MENU + "<div><span>" + TITLE + "</span>"
        "<div><span>发布时间：2026-01-02</span> <span>来源：</span> <span>浏览次数：</span></div>" + TEXT + FOOTER
    )
    article = read_article(Document(html, URL))
    assert article is not None
    assert (article.title, article.published) == (TITLE, date(2026, 1, 2))


def test_entries_with_particulars_of_their_own_give_no_title() -> None:
    entries = "".join(f"<div>第{n}号事项公告</div><div>发布时间：2026-01-0{n} 来源：青禾县</div>" for n in range(1, 6))
    html = f"<html><head><title>青禾县</title></head><body>{MENU}{entries}{FOOTER}</body></html>"
    assert read_article(Document(html, URL)) is None


def test_line_that_the_page_title_begins_with_is_the_title() -> None:
    html = (
        f"<html><head><title>{TITLE} 青禾县人民政府门户网</title></head><body>{MENU}<div>{TITLE}</div>"
        f"<div>2026-01-02</div>{TEXT}{FOOTER}</body></html>"
    )
    article = read_article(Document(html, URL))
    assert article is not None
    assert article.title == TITLE


@pytest.mark.parametrize("before", ["作者：教务科", "来源：局财务科", "发布单位：县人力资源和社会保障局"])
def test_particulars_that_only_a_style_sheet_keeps_apart_are_told_apart(before: str) -> None:
    info = f"<span>{before}</span><span>日期：2025-12-03</span><span>浏览：2026</span><span>更新：2026-11-03</span>"
    article = read_article(Document(f"<title>{TITLE}</title><h1>{TITLE}</h1><p>{info}</p>{TEXT}", URL))
    assert article is not None
    assert article.published == date(2025, 12, 3)


def test_day_of_an_event_behind_the_author_is_not_the_day_of_publication() -> None:
    info = "<span>作者：教务科</span><span>会议时间：2027-12-03</span>"
    article = read_article(Document(f"<title>{TITLE}</title><h1>{TITLE}</h1><p>{info}</p>{TEXT * 4}", URL))
    assert article is not None
    assert article.published is None


def test_day_box_above_the_title_may_be_one_line() -> None:
    html = f"<title>{TITLE}</title><div><b>09</b><i>2025.10</i></div><h2>{TITLE}</h2><p>字体：大 中 小</p>{TEXT}"
    article = read_article(Document(html, URL))
    assert article is not None
    assert article.published == date(2025, 10, 9)


def test_heading_of_the_same_words_in_a_menu_does_not_hide_the_title() -> None:
    menu = "".join(f"<li><h3><a href='/{n}/'>{n}</a></h3></li>" for n in ("首页", "机构职能", "水利要闻"))
    below = "<h4>国家部委网站</h4><p>更新日期：2026-11-26</p>"
    html = f"<title>机构职能-青禾县水利局</title><ul>{menu}</ul><h2>机构职能</h2>{TEXT * 4}{below}"
    article = read_article(Document(html, "http://slj.qinghe.example/jgzn/"))
    assert article is not None
    assert (article.title, article.published) == ("机构职能", None)


def test_label_alone_above_its_day_is_no_title() -> None:
    html = (
        f"<html><head><title>青禾县</title></head><body>{MENU}<div class='title'>{TITLE}</div>"
        f"<div>文章来源：县府办 发布时间：<br>2026-01-02 作者：某某</div>{TEXT}{FOOTER}</body></html>"
    )
    article = read_article(Document(html, URL))
    assert article is not None
    assert article.title == TITLE


def test_heading_of_the_column_is_not_the_title_of_the_article_below_it() -> None:
    html = (
        f"<html><head><title>青禾县</title></head><body>{MENU}<h1>通知公告</h1><div>{TITLE}</div>"
        f"<div>2026-01-02 作者： 浏览次数：</div>{TEXT}{FOOTER}</body></html>"
    )
    article = read_article(Document(html, URL))
    assert article is not None
    assert article.title == TITLE


def test_signature_below_a_page_title_that_is_the_site_s_name_dates_nothing() -> None:
    signed = "<p align=right>青禾县人民政府</p><p align=right>2025年9月18日</p>"
    head = f"<title>青禾县人民政府</title><p align=center><b>{TITLE}</b></p>"
    html = f"{head}<div>日期：[2025-09-20] 字号：[大 中 小]</div>{TEXT}{signed}"
    article = read_article(Document(html, URL))
    assert article is not None
    assert (article.title, article.published) == (TITLE, date(2025, 9, 20))


def test_heading_of_related_entries_is_no_title() -> None:
    related = "<h4>相关解读</h4><ul><li><a href='1.html'>图解工作要点</a>2026-11-26</li></ul>"
    html = f"<title>青禾县人民政府</title><p><b>{TITLE}</b></p><div>【2025-09-20】 【打印】</div>{TEXT}{related}"
    article = read_article(Document(html, URL))
    assert article is None or article.published in (None, date(2025, 9, 20))


def test_neighbours_in_one_line_are_no_list() -> None:
    near = (
        "上一条：<a href='1.html'>全县防汛会议召开</a> (2026-11-20)<br>"
        "下一条：<a href='2.html'>文化节开幕了</a> (2026-11-22)"
    )
    page = read_page(f"<title>青禾县人民政府</title><h2>收购启动了</h2>{TEXT}<div>{near}</div>".encode(), URL)
    assert page.listing is None
