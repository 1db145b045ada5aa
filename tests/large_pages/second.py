"""A second set, written after the readers had learnt from the first: other markup, pagers, columns of days, margins."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from family_pages.content import Entry, Sample, Want, entries, listed, prose

from large_pages.chrome import BUREAU, CENTRE, COLLEGE, COUNTY, TOWN, Site, fresh_rows, mega, platform, soup
from large_pages.plain_chrome import cells, rendered, wire

Frame = Callable[..., str]


def _crumb(name: str, head: str = "信息公开") -> tuple[tuple[str, str], ...]:
    return (("首页", "/"), (head, "../"), (name, ""))


def _list(
    name: str,
    site: Site,
    path: str,
    frame: Frame,
    column: str,
    main: str,
    found: Sequence[Entry],
    seed: int,
    following: str | None = None,
    codec: str = "utf-8",
    *,
    dated: bool = True,
) -> Sample:
    body = frame(site, f"{column}-{site.name}", _crumb(column), main, seed)
    return Sample(
        "second",
        name,
        site.url + path,
        body.encode(codec, "xmlcharrefreplace"),
        listed(list(found), next_url=following, dated=dated),
    )


def flat_lines() -> Sample:
    """No element around an entry: link, day, line break."""
    found = entries(15, date(2026, 5, 30), seed=601, place="白鹭镇", step=8)
    rows = "".join(
        f"·<a href='show.asp?id={e.number}' target=_blank>{e.title}</a>&nbsp;&nbsp;<font color=gray>({e.iso})</font><br>\n"
        for e in found
    )
    main = f"<div style='line-height:26px'>{rows}</div><p>第1页/共6页 [首页] [上一页] <a href='list.asp?p=2'>[下一页]</a> <a href='list.asp?p=6'>[尾页]</a></p>"
    return _list(
        "flat-lines", TOWN, "/list.asp", cells, "工作动态", main, found, 601, f"{TOWN.url}/list.asp?p=2", "gb18030"
    )


def paragraphs() -> Sample:
    found = entries(12, date(2025, 9, 12), seed=602, place="澜江市", step=20)
    rows = "".join(
        f"<p class='MsoNormal'><a href='/xxgk/{e.number}.html'>{n}、{e.title}</a>　{e.day.year}年{e.day.month}月{e.day.day}日</p>"
        for n, e in enumerate(found, 1)
    )
    return _list(
        "paragraphs", BUREAU, "/xxgk/c1/", wire, "法定主动公开内容", f"<div class='zw'>{rows}</div>", found, 602
    )


def short_and_old() -> Sample:
    """Three old entries beside blocks of many fresh ones."""
    found = entries(3, date(2019, 4, 1), seed=603, place="澜江市", step=200)
    rows = "".join(f"<li><span>{e.iso}</span><a href='/xxgk/c2/{e.number}.html'>{e.title}</a></li>" for e in found)
    return _list(
        "short-and-old", BUREAU, "/xxgk/c2/", wire, "政府信息公开年报", f"<ul class='lb'>{rows}</ul>", found, 603
    )


def short_in_cells() -> Sample:
    found = entries(4, date(2018, 7, 9), seed=604, place="白鹭镇", step=90)
    rows = "".join(
        f"<tr><td height=26>·<a href='show.asp?id={e.number}'>{e.title}</a></td><td width=90>{e.iso}</td></tr>"
        for e in found
    )
    return _list(
        "short-in-cells",
        TOWN,
        "/cw.asp",
        cells,
        "村务公开",
        f"<table width=96%>{rows}</table><div>共4条 1/1页</div>",
        found,
        604,
        "",
        "gb18030",
    )


def related_links() -> Sample:
    """Every document with links to its interpretation and its picture."""
    found = entries(14, date(2026, 8, 8), seed=605, place="澜江县", step=12)
    rows = "".join(
        f"<li><a href='/zwgk/zcwj/{e.number}.html' title='{e.title}'>{e.title}</a><p><a href='/zwgk/jd/{e.number}1.html'>[文字解读]</a> <a href='/zwgk/tj/{e.number}2.html'>[图解]</a></p><span>{e.iso}</span></li>"
        for e in found
    )
    return _list(
        "related-links",
        COUNTY,
        "/zwgk/zcwj/",
        mega,
        "政策文件",
        f"<ul class='zc-list'>{rows}</ul><div class='page'><a href='p2.html'>下一页</a></div>",
        found,
        605,
        f"{COUNTY.url}/zwgk/zcwj/p2.html",
    )


def attachments() -> Sample:
    """Entries are files; sizes and kinds behind them."""
    found = entries(10, date(2026, 3, 19), seed=606, place="青禾大学", step=18)
    rows = "".join(
        f"<tr><td>{n}</td><td><a href='/upload/{e.number}.pdf'>{e.title}.pdf</a></td><td>{n * 37}KB</td><td>{e.iso}</td><td><a href='/upload/{e.number}.pdf'>下载</a></td></tr>"
        for n, e in enumerate(found, 1)
    )
    return _list(
        "attachments",
        COLLEGE,
        "/xz.htm",
        soup,
        "下载中心",
        f"<table><tr><th>序号</th><th>文件名称</th><th>大小</th><th>上传日期</th><th>操作</th></tr>{rows}</table>",
        found,
        606,
    )


def index_table() -> Sample:
    """索引号, 名称, 发布机构, 成文日期, 发布日期: the last one counts."""
    found = entries(15, date(2026, 6, 26), seed=607, place="澜江县", step=10)
    rows = "".join(
        f"<tr><td>0052100{n:02}/2026-{e.number}</td><td><a href='/xxgk/{e.number}.html'>{e.title}</a></td><td>县政府办</td><td>{e.day.replace(day=1).isoformat()}</td><td>{e.iso}</td></tr>"
        for n, e in enumerate(found)
    )
    main = f"<table class='xxgkml'><tr><th>索引号</th><th>信息名称</th><th>发布机构</th><th>成文日期</th><th>发布日期</th></tr>{rows}</table><div class='fy'>共 300 条 <a href='2.html'>下一页</a></div>"
    return _list(
        "index-table",
        COUNTY,
        "/xxgk/ml/",
        platform,
        "法定主动公开内容",
        main,
        found,
        607,
        f"{COUNTY.url}/xxgk/ml/2.html",
    )


def open_letters() -> Sample:
    """Guides to services: names, no days; a clock above."""
    names = [
        "城镇居民医疗保险参保登记",
        "老年人优待证办理",
        "食品经营许可证核发",
        "机动车驾驶证换领",
        "不动产首次登记",
        "户口迁移审批办理",
        "失业保险金申领登记",
        "公共场所卫生许可",
        "建筑工程施工许可证核发",
        "民办学校设立审批",
    ]
    found = [Entry(name, date(2026, 1, 1), 800 + n) for n, name in enumerate(names)]
    rows = "".join(
        f"<li><a href='/zwfw/bszn/{e.number}.html'>{e.title}</a><a href='/zwfw/sb/{e.number}.html'>在线办理</a></li>"
        for e in found
    )
    return _list(
        "guides",
        COUNTY,
        "/zwfw/bszn/",
        mega,
        "办事指南",
        f"<ul class='bszn-list'>{rows}</ul><div class='page'><a href='p2.html'>下一页</a></div>",
        found,
        608,
        f"{COUNTY.url}/zwfw/bszn/p2.html",
        dated=False,
    )


def component_list() -> Sample:
    found = entries(10, date(2026, 2, 6), seed=609, place="云岭市", step=9)
    rows = "".join(
        f"<div data-v-3 class='list-item'><a data-v-3 href='/#/detail/{e.number}' class='el-link'><span class='el-link--inner'>{e.title}</span></a><!----><span data-v-3 class='time'>{e.iso} 10:00:00</span></div>"
        for e in found
    )
    main = f"<div data-v-3 class='list-wrap'>{rows}</div><div class='el-pagination'><span class='el-pagination__total'>共 87 条</span><ul class='el-pager'><li class='number active'>1</li><li class='number'>2</li></ul></div>"
    return _list("component-list", CENTRE, "/#/list/zcfg", rendered, "政策法规", main, found, 609)


def component_blank() -> Sample:
    body = rendered(
        CENTRE,
        f"产权交易-{CENTRE.name}",
        _crumb("产权交易"),
        "<div class='list-wrap'><div class='el-empty'><p>暂无数据</p></div></div><div class='el-pagination'>共 0 条</div>",
        610,
    )
    return Sample("second", "component-blank", f"{CENTRE.url}/#/list/cqjy", body.encode(), Want(("listing",), 0))


def wire_blank() -> Sample:
    body = wire(
        BUREAU,
        f"部门预算-{BUREAU.name}",
        _crumb("部门预算"),
        "<ul class='lb'></ul><div class='fy'>共0条记录 0页</div>",
        611,
    )
    return Sample("second", "wire-blank", f"{BUREAU.url}/xxgk/c3/", body.encode(), Want(("listing",), 0))


def cells_blank() -> Sample:
    body = cells(TOWN, f"便民服务-{TOWN.name}", _crumb("便民服务"), "<table><tr><td>暂无内容！</td></tr></table>", 612)
    return Sample("second", "cells-blank", f"{TOWN.url}/bm.asp", body.encode("gb18030"), Want(("listing",), 0))


def slashes() -> Sample:
    """2026/3/5 and times; numbers only for a pager."""
    found = entries(20, date(2026, 10, 1), seed=613, place="云岭市", step=7)
    rows = "".join(
        f"<dd class='clearfix'><em>{n:02}</em><a href='/xygs/{e.number}.html'>{e.title}</a><i>{e.day.year}/{e.day.month}/{e.day.day} 9:05</i></dd>"
        for n, e in enumerate(found, 1)
    )
    main = f"<dl class='gs'><dt>信用公示</dt>{rows}</dl><div class='num'><span>1</span><a href='/xygs/2/'>2</a><a href='/xygs/3/'>3</a></div>"
    return _list("slashes", CENTRE, "/xygs/", wire, "信用公示", main, found, 613, f"{CENTRE.url}/xygs/2/")


def relative_days() -> Sample:
    """3天前, 昨天: no day is printed."""
    found = entries(10, date(2026, 8, 1), seed=614, place="澜江县")
    rows = "".join(
        f"<li><a href='/zwdt/{e.number}.html'>{e.title}</a><span>{n + 2}天前</span></li>" for n, e in enumerate(found)
    )
    return _list(
        "relative-days",
        COUNTY,
        "/zwdt/c0/",
        mega,
        "澜江要闻",
        f"<ul class='list'>{rows}</ul><div><a href='p2.html'>下一页</a></div>",
        found,
        614,
        f"{COUNTY.url}/zwdt/c0/p2.html",
        dated=False,
    )


def year_rows() -> Sample:
    """One list; a row of its own begins each year."""
    found = [e for e in entries(14, date(2026, 4, 12), seed=615, place="青禾大学", step=40) if e.day.year >= 2025]
    rows, year = "", 0
    for e in found:
        if e.day.year != year:
            year = e.day.year
            rows += f"<li class='y'>{year}年</li>"
        rows += f"<li><b>{e.day:%m-%d}</b> <a href='/info/{e.number}.htm'>{e.title}</a></li>"
    return _list("year-rows", COLLEGE, "/xsdt.htm", wire, "学术动态", f"<ul class='t'>{rows}</ul>", found, 615)


def english() -> Sample:
    names = (
        "Lanjiang Hosts Green Development Forum",
        "Mayor Meets Delegation of Investors",
        "New Bus Lines Open in the River District",
        "City Museum Extends Opening Hours",
        "Notice on Road Works in Binjiang Avenue",
        "Lanjiang Tea Fair Attracts Visitors",
    )
    found = [Entry(name, date(2026, 9, 28 - 3 * n), 900 + n) for n, name in enumerate(names)]
    rows = "".join(
        f"<li><a href='/en/news/{e.number}.html'>{e.title}</a><span>{e.day:%b} {e.day.day}, {e.day.year}</span></li>"
        for e in found
    )
    body = f"<html><head><meta charset='utf-8'><title>News - Lanjiang Municipal Government</title></head><body><ul class='nav'><li><a href='/en/'>Home</a></li><li><a href='/en/about/'>About</a></li><li><a href='/en/news/'>News</a></li><li><a href='/en/invest/'>Investment</a></li></ul><div class='crumb'>Home &gt; News</div><ul class='newslist'>{rows}</ul><div class='page'><a href='/en/news/index_2.html'>Next</a></div><p>Copyright 2026 Lanjiang Municipal Government. Last updated: Nov 20, 2026</p></body></html>"
    return Sample(
        "second",
        "english",
        "http://www.lanjiang.example.gov.cn/en/news/",
        body.encode(),
        listed(found, next_url="http://www.lanjiang.example.gov.cn/en/news/index_2.html"),
    )


def _article(
    name: str,
    site: Site,
    path: str,
    frame: Frame,
    title: str,
    main: str,
    published: str | None,
    seed: int,
    page: tuple[str, ...] = ("article",),
) -> Sample:
    body = frame(site, f"{title}-{site.name}", (("首页", "/"), ("信息公开", "/xxgk/"), ("正文", "")), main, seed)
    return Sample(
        "second",
        f"article-{name}",
        site.url + path,
        body.encode(),
        Want(page, is_article=True, title=title, published=published),
    )


def articles() -> list[Sample]:
    wire_title, cell_title, app_title = (
        "澜江市2026年中央生态环境资金安排公示",
        "白鹭镇2022年预算执行情况报告",
        "云岭市公共资源交易平台服务管理细则",
    )
    file_title, meet_title, no_title = (
        "澜江县人民政府关于公布行政规范性文件清理结果的决定",
        "澜江县召开第十九届人民政府第四十次常务会议",
        "澜江市生态环境局办公地址变更说明",
    )
    card = "<div class='xx'><p>索 引 号：000014349/2026-00031</p><p>公开日期：2026年03月03日</p><p>发文日期：2026年02月25日</p><p>文　　号：澜政发〔2026〕6号</p></div>"
    return [
        _article("wire", BUREAU, "/xxgk/7.html", wire, wire_title, f"<div class='bt2'>{wire_title}</div><div class='ly2'>2026-01-23　　|　　规划财务科　　|　　浏览：<i>31</i></div><div class='nr2'>{prose(621)}</div>", "2026-01-23", 621),
        _article("cells", TOWN, "/show.asp?id=3", cells, cell_title, f"<table width=100%><tr><td align=center><h3>{cell_title}</h3></td></tr><tr><td align=center>发布人：管理员　　发布时间：2022-1-19　　浏览 65 次</td></tr><tr><td>{prose(622)}</td></tr></table>", "2022-01-19", 622),
        _article("component", CENTRE, "/#/detail/9", rendered, app_title, f"<div class='detail'><h1 data-v-9 class='detail-title'>{app_title}</h1><div class='detail-info'><span data-v-9>发布时间：</span><span data-v-9>2024-12-24 00:00:00</span><!----><span>来源：</span><span>市公共资源交易中心</span></div><div class='rich'>{prose(623)}</div></div>", "2024-12-24", 623),
        _article("card-lines", COUNTY, "/zwgk/zcwj/31.html", mega, file_title, f"{card}<h1>{file_title}</h1><div class='TRS_Editor'>{prose(624, 7)}<p>（此件公开发布）</p></div>", "2026-03-03", 624),
        _article("linked-lists", COUNTY, "/zwdt/40.html", soup, meet_title, f"<h2>{meet_title}</h2><p class='sj'>2025年07月30日 来源：县政府办 作者：沈某</p><div>{prose(625)}</div><p>上一篇：<a href='/1.html'>关于做好防汛工作的通知</a>（2026-11-12）</p><p>下一篇：<a href='/2.html'>关于节假日安排的通知</a>（2026-11-01）</p><ul>{fresh_rows(626, 5)}</ul>", "2025-07-30", 625),
        _article("undated", BUREAU, "/gk/dz.html", wire, no_title, f"<h2>{no_title}</h2><div class='nr'>{prose(627, 8)}</div>", None, 627),
    ]  # fmt: skip


def walls() -> list[Sample]:
    """Pages that are there and say that nothing is."""
    lost = "<div class='err'><h2>抱歉，您访问的页面不存在或已被删除！</h2><p>3秒后返回首页</p></div>"
    search = (
        "<form action='/s'><input name='q'><button>搜索</button></form><div class='result'>为您找到相关结果约0个</div>"
    )
    return [
        Sample("second", "soft-404", f"{COUNTY.url}/zwgk/none.html", f"<html><head><title>页面不存在</title></head><body>{lost}</body></html>".encode(), Want(("error",))),
        Sample("second", "search", f"{COUNTY.url}/s?q=x", wire(COUNTY, "搜索结果", (("首页", "/"), ("搜索", "")), search, 628).encode(), Want(("listing", "other", "section"), 0)),
    ]  # fmt: skip


def samples() -> list[Sample]:
    made = [
        flat_lines(),
        paragraphs(),
        short_and_old(),
        short_in_cells(),
        related_links(),
        attachments(),
        index_table(),
        open_letters(),
        component_list(),
        component_blank(),
    ]
    more = [wire_blank(), cells_blank(), slashes(), relative_days(), year_rows(), english()]
    return [*made, *more, *articles(), *walls()]
