"""开普: addresses of 32 letters, the label PubDate of the last publishing run, head tables, shells of searchList."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date
from hashlib import md5

from family_pages.content import Sample, Want, entries, listed, prose
from family_pages.layout import div_page, hot_news, menu_of

SITE = "http://www.baihe.example.gov.cn"
MENU = menu_of(
    "网站首页=/ 走进白鹤=/bhxrmzf/zjbh/ 新闻动态=/bhxrmzf/xwdt/ 政务公开=/bhxrmzf/xxgk/ 政务服务=/bhxrmzf/zwfw/ 互动交流=/bhxrmzf/hdjl/ 数据开放=/bhxrmzf/sjkf/"
)
FOOT = "<p>主办：白鹤县人民政府　承办：白鹤县人民政府办公室</p><p>赣ICP备05009999号-1　赣公网安备 36992102000011号　网站标识码：3699210001</p>"
RUN = (("others", "页面生成时间 2026-11-11 11:36:07"), ("SiteName", "白鹤县人民政府"), ("SiteIDCode", "3699210001"))


def _address(number: int, day: date) -> str:
    return f"{SITE}/bhxrmzf/tzgg/{day:%Y%m}/{md5(str(number).encode(), usedforsecurity=False).hexdigest()}.shtml"


def _page(name: str, main: str, title: str = "", metas: tuple[tuple[str, str], ...] = (), side: str = "") -> bytes:
    return div_page(
        title or f"{name}_白鹤县人民政府",
        MENU,
        (("首页", "/"), ("新闻动态", "/bhxrmzf/xwdt/"), (name, "")),
        main,
        FOOT,
        metas=(*RUN, *metas),
        side=side,
    ).encode()


def plain_list() -> Sample:
    found = entries(20, date(2026, 4, 24), seed=90, place="白鹤县")
    rows = "".join(
        f'<li><a href="{_address(e.number, e.day)}" target="_blank" title="{e.title}"><i></i>{e.title}</a><span>{e.iso}</span></li>'
        for e in found
    )
    pager = (
        '<div class="pagination_index"><span class="pagination_index_last">共有318条&nbsp;&nbsp;页次:1/16&nbsp;</span><span class="pagination_index_num currentIndex">1</span>'
        '<span class="pagination_index_num"><a href="tzgg_2.shtml">2</a></span><span class="pagination_index_last"><a href="tzgg_2.shtml">下一页</a></span></div>'
    )
    body = _page("通知公告", f'<div class="listnr"><ul>{rows}</ul></div>{pager}', side=f"<ul>{hot_news(91)}</ul>")
    return Sample(
        "ucap",
        "list",
        f"{SITE}/bhxrmzf/tzgg/tzgg.shtml",
        body,
        listed(found, next_url=f"{SITE}/bhxrmzf/tzgg/tzgg_2.shtml"),
    )


def run_label_article() -> Sample:
    """The label PubDate is the last run's; the page prints the day of the article."""
    title = "白鹤县2017年上半年经济运行情况"
    metas = (("ArticleTitle", title), ("PubDate", "2026-04-24 15:10:00"), ("ContentSource", "县统计局"))
    main = f'<h1 class="news-title">{title}</h1><div class="news-info">发布时间：2017-07-25 09:30 来源：县统计局 浏览次数：<b id="cnt"></b>次 字号：大 中 小</div><div class="news_content">{prose(92)}</div>'
    return Sample(
        "ucap",
        "run-label",
        _address(1, date(2026, 4, 24)),
        _page("统计公报", main, title, metas),
        Want(("article",), is_article=True, title=title, published="2017-07-25"),
    )


def head_table_article() -> Sample:
    """索引号, 发布机构, 生成日期 in a table before the title; PubDate later than it."""
    title = "白鹤县自然资源局行政许可事项办理结果公示（2025年第三批）"
    metas = (("ArticleTitle", title), ("PubDate", "2026-08-16 08:00:00"))
    table = (
        '<table class="xxgk-head"><tr><th>索引号：</th><td>014500000/2025-31092</td><th>发布机构：</th><td>白鹤县自然资源局</td></tr><tr><th>生成日期：</th><td>2025-05-11</td>'
        "<th>公开方式：</th><td>主动公开</td></tr><tr><th>公开范围：</th><td>面向社会</td><th>公开时限：</th><td>常年公开</td></tr></table>"
    )
    main = f'{table}<div class="con"><h2>{title}</h2>{prose(93)}</div>'
    return Sample(
        "ucap",
        "head-table",
        _address(2, date(2025, 5, 11)),
        _page("行政许可", main, title, metas),
        Want(("article",), is_article=True, title=title, published="2025-05-11"),
    )


def search_list_shell() -> Sample:
    main = (
        '<div class="list"><ul id="listUl"></ul><div id="pageDiv"></div></div><script>$.ajax({url:"/searchList/a1b2c3d4e5f60718?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page="+page,'
        'type:"get",dataType:"json",success:function(d){var h="";$.each(d.data.results,function(i,v){h+="<li><a href=\'"+v.url+"\'>"+v.title+"</a><span>"+v.publishedTimeStr+"</span></li>"});$("#listUl").html(h)}});</script>'
    )
    return Sample(
        "ucap",
        "search-list",
        f"{SITE}/bhxrmzf/zfxxgk/zfxxgk_zdgk.shtml",
        _page("政策文件", main),
        Want(("shell", "other", "section")),
    )


def leads_to_first() -> Sample:
    body = '<html><head><meta charset="utf-8"/><script>window.location.href="/bhxrmzf/xxgk/ldzc/ldzc.shtml";</script></head><body></body></html>'
    return Sample(
        "ucap",
        "redirect",
        f"{SITE}/bhxrmzf/xxgk/redirect_firstChannel.shtml",
        body.encode(),
        Want(("shell",), redirect=f"{SITE}/bhxrmzf/xxgk/ldzc/ldzc.shtml"),
    )


def samples() -> list[Sample]:
    return [plain_list(), run_label_article(), head_table_article(), search_list_shell(), leads_to_first()]
