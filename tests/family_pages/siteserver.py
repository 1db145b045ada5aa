"""SiteServer: channels and contents; the whole entry in its link, the day glued to the title, old entries pinned."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date

from family_pages.content import Sample, Want, entries, listed, prose
from family_pages.layout import div_page, hot_news, menu_of

SITE = "http://www.yunling.example.gov.cn"
MENU = menu_of(
    "首页=/ 云岭概况=/channels/11.html 云岭快讯=/channels/12.html 政务公开=/channels/13.html(政府文件=/channels/131.html,人事信息=/channels/132.html) "
    "办事服务=/channels/14.html 政民互动=/channels/15.html"
)
FOOT = (
    "<div class='pc'><p>主办：云岭市人民政府办公室　承办：云岭市数字政务中心</p><p>豫ICP备05099999号-1　网站标识码 4199000017</p></div>"
    "<div class='touch'><p>主办：云岭市人民政府办公室　承办：云岭市数字政务中心</p><p>豫ICP备05099999号-1　网站标识码 4199000017</p></div>"
)


def _page(name: str, main: str, *, side: str = "") -> bytes:
    return div_page(f"{name}_云岭市人民政府", MENU, (("首页", "/"), (name, "")), main, FOOT, side=side).encode()


def _pager(channel: int) -> str:
    one = f'当前第1页 共37页 <a href="/channels/{channel}_2.html">下一页</a> <a href="/channels/{channel}_37.html">尾页</a> 共733记录'
    return f'<div class="pager pc">{one}</div><div class="pager touch">{one}</div>'


def all_in_link() -> Sample:
    found = entries(20, date(2026, 1, 9), seed=50, place="云岭市")
    rows = "".join(
        f'<li><a href="/contents/12/{e.number}.html"><h2>{e.title}</h2><div class="note">　　据悉，自2027年3月1日起，全市将按照统一部署开展有关工作，'
        f'确保任务落到实处……<p><i class="hot">云岭日报</i><i class="date">时间：{e.iso}</i></p></div></a></li>'
        for e in found
    )
    body = _page(
        "云岭快讯", f'<div class="newslist"><ul>{rows}</ul></div>{_pager(12)}', side=f"<ul>{hot_news(51)}</ul>"
    )
    return Sample(
        "siteserver", "in-link", f"{SITE}/channels/12.html", body, listed(found, next_url=f"{SITE}/channels/12_2.html")
    )


def glued() -> Sample:
    found = entries(16, date(2024, 10, 30), seed=52, place="云岭市")
    rows = "".join(
        f'<a class="box" href="/contents/132/{e.number}.html" target="_blank"><h3>{e.title}({e.iso})</h3><p>根据有关规定，现予以公告。</p></a>'
        for e in found
    )
    return Sample(
        "siteserver",
        "glued",
        f"{SITE}/channels/132.html",
        _page("人事信息", f'<div class="boxes">{rows}</div>{_pager(132)}'),
        listed(found, next_url=f"{SITE}/channels/132_2.html"),
    )


def pinned_first() -> Sample:
    """Three old notices on top; the newest entry is the fourth."""
    found = entries(12, date(2026, 9, 2), seed=53, place="云岭市")
    old = entries(3, date(2021, 4, 6), seed=54, place="云岭市")
    rows = "".join(
        f'<li>{"<em>[置顶]</em>" if e in old else ""}<a href="/contents/12/{e.number}.html">{e.title}</a><span>{e.iso}</span></li>'
        for e in (*old, *found)
    )
    return Sample(
        "siteserver",
        "pinned",
        f"{SITE}/channels/16.html",
        _page("云岭要闻", f'<ul class="list">{rows}</ul>'),
        listed([*old, *found]),
    )


def catalogue() -> Sample:
    """A tree of channels, a search form of document fields, and the list beside them."""
    found = entries(15, date(2025, 7, 1), seed=55, place="云岭市")
    tree = "".join(
        f'<li><a href="/channels/13{n:02d}.html">{name}</a></li>'
        for n, name in enumerate(
            (
                "领导信息",
                "机构职能",
                "政策法规",
                "规划信息",
                "统计信息",
                "财政信息",
                "行政执法",
                "应急管理",
                "人事信息",
                "重大项目",
            )
        )
    )
    form = (
        '<form action="/search">关键字：<input name="w"> 类型：<select><option>标题</option><option>正文</option><option>文号</option>'
        "<option>索引号</option><option>发布机构</option></select><button>搜索</button></form>"
    )
    rows = "".join(
        f'<li><a href="/contents/1751/{e.number}.html"><h2>{e.title}</h2><div class="note">云岭市人民政府办公室文件<p><i class="hot">市政府办</i><i class="date">时间：{e.iso}</i></p></div></a></li>'
        for e in found
    )
    main = (
        f'<div class="left-tree"><ul>{tree}</ul></div>{form}<div class="newslist"><ul>{rows}</ul></div>{_pager(1751)}'
    )
    want = listed(found, page=("listing", "catalogue"), next_url=f"{SITE}/channels/1751_2.html")
    return Sample("siteserver", "catalogue", f"{SITE}/channels/1751.html", _page("信息公开目录", main), want)


def article() -> Sample:
    title = "2026年6月5日云岭市环境空气质量通报"
    main = (
        f'<div class="article"><h1>{title}</h1><div class="info"><span>时间：2026-06-08</span><span>来源：市生态环境局</span>'
        f"<span>阅读：<script src='/api/hits?id=9'></script></span></div><div class='cont'>{prose(56)}</div></div>"
        f'<div class="recommend"><h3>推荐阅读</h3><ul>{hot_news(57)}</ul></div>'
    )
    body = div_page(title, MENU, (("首页", "/"), ("云岭快讯", "/channels/12.html"), ("正文", "")), main, FOOT).encode()
    return Sample(
        "siteserver",
        "article",
        f"{SITE}/contents/12/388334.html",
        body,
        Want(("article",), is_article=True, title=title, published="2026-06-08"),
    )


def samples() -> list[Sample]:
    return [all_in_link(), glued(), pinned_first(), catalogue(), article()]
