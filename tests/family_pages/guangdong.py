"""The Guangdong platform: content/post_N, dates repeated in comments, undated lists, the disclosure shell."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date

from family_pages.content import Sample, Want, entries, listed, prose
from family_pages.layout import hot_news, menu_of, modern_page

SITE = "http://www.wangchuan.example.gov.cn"
MENU = menu_of(
    "首页=/ 走进望川=/zjwc/ 新闻中心=/xwzx/(望川要闻=/xwzx/wcyw/,通知公告=/xwzx/tzgg/) 政务公开=/zwgk/ 政务服务=/zwfw/ 政民互动=/zmhd/"
)
FOOT = (
    "<div>版权所有：望川县人民政府办公室　主办：望川县人民政府办公室　承办：望川县政务服务和数据管理局</div>"
    "<div>粤ICP备20201234号　粤公网安备44990002000088号　网站标识码4499030001</div>"
    "<!--网站标识码：4400009999-->"
)
POPUP = (
    '<div id="outUrlTip" style="display:none"><p>您访问的链接即将离开“望川县人民政府门户网站”，是否继续？</p>'
    '<a href="javascript:;" class="goon">继续访问</a><a href="javascript:;" class="giveup">放弃</a></div>'
)


def _page(name: str, main: str, side: str = "") -> bytes:
    metas = (("SiteName", "望川县人民政府"), ("SiteIDCode", "4499030001"), ("ColumnName", name))
    crumb = (("首页", "/"), ("新闻中心", "/xwzx/"), (name, "index.html"))
    return modern_page(f"{name}_望川县人民政府网", MENU, crumb, main + POPUP, FOOT, side=side, metas=metas).encode()


def dates_in_comments() -> Sample:
    """The day stands in a comment too, and there another one."""
    found = entries(20, date(2026, 8, 25), seed=40, place="望川县")
    rows = "".join(
        f'<li><a href="{SITE}/xwzx/tzgg/content/post_{e.number}.html" title="{e.title}">{e.title}</a>'
        f'<!--span class="time">2026-11-18</span--> <span class="time">{e.iso}</span></li>'
        for e in found
    )
    numbers = "".join(f'<a href="{SITE}/xwzx/tzgg/index_{n}.html">{n}</a>' for n in range(2, 7))
    pager = f'<div class="page"><a class="first">第一页</a><span>1</span>{numbers}<a class="next" href="{SITE}/xwzx/tzgg/index_2.html">下一页</a><a href="{SITE}/xwzx/tzgg/index_46.html">最后一页</a></div>'
    side = f'<div class="panel"><h4>热门文章</h4><ul>{hot_news(41)}</ul></div>'
    return Sample(
        "guangdong",
        "comments",
        f"{SITE}/xwzx/tzgg/index.html",
        _page("通知公告", f'<ul class="newList">{rows}</ul>{pager}', side),
        listed(found, next_url=f"{SITE}/xwzx/tzgg/index_2.html"),
    )


def undated() -> Sample:
    """Titles only; the clock of the header and the margin's days are not theirs."""
    found = entries(15, date(2026, 2, 11), seed=42, place="望川县")
    rows = "".join(f'<li><a href="content/post_{e.number}.html">{e.title}</a></li>' for e in found)
    main = f'<div class="main"><div class="content"><ul>{rows}</ul></div></div><p class="page">第一页 1 最后一页</p>'
    side = f'<div class="panel"><h4>点击排行</h4><ul>{hot_news(43)}</ul></div>'
    return Sample(
        "guangdong",
        "undated",
        f"{SITE}/xwzx/wcyw/index.html",
        _page("望川要闻", main, side),
        listed(found, dated=False, next_url=""),
    )


def table_rows() -> Sample:
    """Rows of a table, titles cut, days in a span of style."""
    found = entries(12, date(2024, 12, 27), seed=44, place="望川县")
    rows = "".join(
        f'<tr><td width="20"><img src="/i/dot.gif"></td><td><a href="./content/post_{e.number}.html" title="{e.title}">{e.title[:18]}...</a></td>'
        f'<td width="90"><span class="STYLE1">{e.iso}</span></td></tr><tr><td colspan="3" background="/i/line.gif" height="1"></td></tr>'
        for e in found
    )
    main = f'<table width="100%" class="tb"><tbody>{rows}</tbody></table>'
    return Sample("guangdong", "table", f"{SITE}/zwgk/zcjd/index.html", _page("政策解读", main), listed(found))


def article() -> Sample:
    title = "望川县人民政府关于加强古树名木保护的通告"
    metas = (
        ("ArticleTitle", title),
        ("PubDate", "2026-04-21 10:11:32"),
        ("ContentSource", "本网"),
        ("SiteIDCode", "4499030001"),
    )
    main = (
        f'<h3 class="zw-title">{title}</h3><p class="zw-info"><span class="time">时间 : 2026-04-21 10:11:32</span><span class="ly">来源 : 本网</span>'
        f'<span>【字体：<a>小</a> <a>中</a> <a>大</a>】</span></p><div class="zw">{prose(45)}</div><p>望川县人民政府</p><p>2026年4月20日</p>'
    )
    body = modern_page(
        f"{title}_望川县人民政府网", MENU, (("首页", "/"), ("通知公告", "/xwzx/tzgg/")), main, FOOT, metas=metas
    ).encode()
    return Sample(
        "guangdong",
        "article",
        f"{SITE}/xwzx/tzgg/content/post_2233445.html",
        body,
        Want(("article",), is_article=True, title=title, published="2026-04-21"),
    )


def disclosure_shell() -> Sample:
    body = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府信息公开目录</title><script>window._CONFIG={SITE_ID:"499001",DEPT_ID:"1",'
        'TREE:[{"id":1201,"name":"机构职能","parent_id":0,"jump_url":""},{"id":1202,"name":"法规公文","parent_id":0,"jump_url":""},'
        '{"id":1203,"name":"财政预决算","parent_id":0,"jump_url":""}]};</script></head><body><noscript>请启用JavaScript</noscript><div id="app"></div>'
        '<script src="/gkmlpt/js/chunk-vendors.8a1b.js"></script><script src="/gkmlpt/js/app.99ff.js"></script></body></html>'
    )
    return Sample("guangdong", "gkmlpt", f"{SITE}/gkmlpt/index#1202", body.encode(), Want(("shell", "catalogue")))


def empty_by_pager() -> Sample:
    main = '<ul class="newList"></ul><div class="page"><span>共0条</span></div>'
    side = f'<div class="panel"><h4>热门文章</h4><ul>{hot_news(46)}</ul></div>'
    return Sample(
        "guangdong", "blank", f"{SITE}/zwgk/ghjh/index.html", _page("规划计划", main, side), Want(("listing",), 0)
    )


def samples() -> list[Sample]:
    return [dates_in_comments(), undated(), table_rows(), article(), disclosure_shell(), empty_by_pager()]
