"""Lists that are hard to date, and columns in which nothing was published, in whole pages full of fresh news."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from family_pages.content import Entry, Sample, Want, entries, listed

from large_pages.chrome import BUREAU, CENTRE, COLLEGE, COUNTY, TOWN, Site, campus, mega, platform, soup, tables

CRUMB = (("首页", "/"), ("政务公开", "/zwgk/"), ("行政处罚", ""))


def _sample(
    name: str,
    site: Site,
    path: str,
    body: str,
    found: Sequence[Entry],
    following: str | None = None,
    codec: str = "utf-8",
    *,
    dated: bool = True,
) -> Sample:
    return Sample(
        "large",
        name,
        site.url + path,
        body.encode(codec, "xmlcharrefreplace"),
        listed(list(found), next_url=following, dated=dated),
    )


def undated() -> Sample:
    found = entries(20, date(2026, 8, 1), seed=431, place="澜江县")
    rows = "".join(f'<li><a href="/zwgk/xzcf/{e.number}.html" title="{e.title}">{e.title}</a></li>' for e in found)
    main = (
        f"<ul class='con-list'>{rows}</ul><div class='page'>共 45 条 <a href='/zwgk/xzcf/index_2.html'>下一页</a></div>"
    )
    return _sample(
        "undated",
        COUNTY,
        "/zwgk/xzcf/index.html",
        mega(COUNTY, "行政处罚-澜江县人民政府", CRUMB, main, 431),
        found,
        f"{COUNTY.url}/zwgk/xzcf/index_2.html",
        dated=False,
    )


def undated_reports() -> Sample:
    """Names of years and of document numbers everywhere, no day anywhere."""
    bodies = [
        "教育局",
        "财政局",
        "水务局",
        "林业局",
        "民政局",
        "司法局",
        "审计局",
        "统计局",
        "应急局",
        "信访局",
        "医保局",
        "商务局",
    ]
    found = [
        Entry(f"澜江县{body}2025年度部门决算公开（澜财〔2026〕{n}号）", date(2026, 9, 1), 7000 + n)
        for n, body in enumerate(bodies, 3)
    ]
    rows = "".join(
        f'<tr><td>{n}</td><td><a href="/zwgk/c3/{e.number}.html">{e.title}</a></td></tr>'
        for n, e in enumerate(found, 1)
    )
    main = f"<h2>2025年度部门决算</h2><table class='tab'><tr><th>序号</th><th>名称</th></tr>{rows}</table>"
    return _sample(
        "undated-reports",
        COUNTY,
        "/zwgk/c3/",
        platform(
            COUNTY, "财政预决算-澜江县人民政府", (("首页", "/"), ("政务公开", "/zwgk/"), ("财政预决算", "")), main, 432
        ),
        found,
        dated=False,
    )


def year_groups() -> Sample:
    """Months and days below headings of years."""
    this, last = (
        entries(6, date(2026, 9, 20), seed=433, place="青禾大学", step=30),
        entries(6, date(2025, 12, 18), seed=434, place="青禾大学", step=25),
    )

    def group(found: list[Entry]) -> str:
        rows = "".join(
            f'<li><span class="d">{e.day:%m-%d}</span><a href="/notice/{e.number}">{e.title}</a></li>' for e in found
        )
        return f"<h3>{found[0].day.year}年</h3><ul class='year-list'>{rows}</ul>"

    this, last = [e for e in this if e.day.year == 2026], [e for e in last if e.day.year == 2025]
    main = f"<div class='notice'>{group(this)}{group(last)}</div>"
    return _sample(
        "year-groups",
        COLLEGE,
        "/notice/",
        campus(COLLEGE, "通知公告-青禾大学", (("首页", "/"), ("通知公告", "")), main, 433),
        [*this, *last],
    )


def ascending() -> Sample:
    found = entries(18, date(2026, 7, 7), seed=435, place="云岭市", step=10)[::-1]
    rows = "".join(f"<dd><a href='/zcfg/{e.number}.html'>{e.title}</a><em>{e.day:%Y.%m.%d}</em></dd>" for e in found)
    main = f"<dl class='law-list'><dt>政策法规</dt>{rows}</dl><p class='pages'><a href='/zcfg/2.html'>下一页</a></p>"
    return _sample(
        "ascending",
        CENTRE,
        "/zcfg/",
        soup(CENTRE, "政策法规", (("首页", "/"), ("政策法规", "")), main, 435),
        found,
        f"{CENTRE.url}/zcfg/2.html",
    )


def pinned() -> Sample:
    found = entries(15, date(2026, 9, 9), seed=436, place="澜江市", step=3)
    top = entries(3, date(2022, 2, 2), seed=437, place="澜江市")
    rows = "".join(
        f"<li{' class=top' if e in top else ''}><a href='/tzgg/{e.number}.html'>{'【置顶】' if e in top else ''}{e.title}</a><time>{e.day:%Y/%m/%d}</time></li>"
        for e in (*top, *found)
    )
    main = f"<ul class='notice-list'>{rows}</ul><div class='pager'><a href='/tzgg/p2.html'>下一页</a></div>"
    return _sample(
        "pinned",
        BUREAU,
        "/tzgg/",
        platform(BUREAU, "通知公告", (("首页", "/"), ("通知公告", "")), main, 436),
        [*top, *found],
        f"{BUREAU.url}/tzgg/p2.html",
    )


def two_columns_of_days() -> Sample:
    """Solicitations: published, begins, ends; the days to come are not days of publication."""
    found = entries(12, date(2026, 10, 10), seed=438, place="澜江县", step=9)
    rows = "".join(
        f"<tr><td><a href='/hdjl/c1/{e.number}.html'>{e.title}</a></td><td>{e.iso}</td><td>2026-12-01</td><td>2026-12-31</td><td>进行中</td></tr>"
        for e in found
    )
    main = f"<table class='myzj'><thead><tr><th>征集主题</th><th>发布时间</th><th>开始时间</th><th>结束时间</th><th>状态</th></tr></thead><tbody>{rows}</tbody></table>"
    return _sample(
        "solicitations",
        COUNTY,
        "/hdjl/c1/",
        mega(COUNTY, "民意征集-澜江县人民政府", (("首页", "/"), ("互动交流", "/hdjl/"), ("民意征集", "")), main, 438),
        found,
    )


def big5() -> Sample:
    """Traditional characters in Big5, the days counted from 1912."""
    titles = [
        "辦理身心障礙者就業促進活動",
        "公告調整停車收費標準",
        "舉辦傳統工藝展覽開幕典禮",
        "公布年度施政計畫執行情形",
        "召開防災協調會報會議紀錄",
        "受理清寒學生助學金申請",
        "道路改善工程施工期間交通維持",
        "里民活動中心場地租借辦法",
    ]
    days = [date(2026, 10 - n, 20 - n) for n in range(len(titles))]
    found = [Entry(f"鹿鳴鄉公所{title}", day, 300 + n) for n, (title, day) in enumerate(zip(titles, days, strict=True))]
    rows = "".join(
        f"<tr><td>民國{e.day.year - 1911}年{e.day.month}月{e.day.day}日</td><td><a href='News_Content.aspx?n={e.number}&s={e.number}'>{e.title}</a></td><td>民政課</td></tr>"
        for e in found
    )
    menu = "".join(
        f"<li><a href='cp.aspx?n={n}'>{name}</a></li>"
        for n, name in enumerate(["認識鹿鳴", "公告訊息", "便民服務", "政府資訊公開", "意見信箱"])
    )
    body = f"<html><head><meta http-equiv='Content-Type' content='text/html; charset=big5'><title>公告訊息-鹿鳴鄉公所</title></head><body><ul class='menu'><li><a href='/'>首頁</a></li>{menu}</ul><h2>公告訊息</h2><table class='news'><tr><th>發布日期</th><th>標題</th><th>單位</th></tr>{rows}</table><div>更新日期：115/11/20　瀏覽人次：12345</div></body></html>"
    return Sample("large", "big5", "http://www.luming.example.org.tw/News.aspx?n=5", body.encode("big5"), listed(found))


def gb18030_declared_utf8() -> Sample:
    """Declared UTF-8, sent in GB18030 with rare characters."""
    found = entries(15, date(2026, 6, 18), seed=439, place="澜江县", step=6)
    found = [
        Entry(f"关于㛃某某、䶮某某等同志任前公示（{n}）：{e.title}" if n % 4 == 0 else e.title, e.day, e.number)
        for n, e in enumerate(found)
    ]
    rows = "".join(
        f"<li><a href='{e.number}.html'>{e.title}</a><span>{e.day.year}年{e.day.month}月{e.day.day}日</span></li>"
        for e in found
    )
    body = mega(
        COUNTY,
        "人事信息-澜江县人民政府",
        (("首页", "/"), ("政务公开", "/zwgk/"), ("人事信息", "")),
        f"<ul class='rs-list'>{rows}</ul>",
        439,
        charset="utf-8",
    )
    return Sample("large", "gb18030", f"{COUNTY.url}/zwgk/rsxx/", body.encode("gb18030"), listed(found))


def marks_of_order() -> Sample:
    """U+FEFF in the middle of titles and days, from files that were joined."""
    found = entries(14, date(2026, 5, 5), seed=440, place="白鹭镇", step=9)
    rows = "".join(
        f"\ufeff<li>\ufeff<a href='/dt/{e.number}.html'>{e.title[:6]}\ufeff{e.title[6:]}</a><span>\ufeff{e.iso}\ufeff</span></li>"
        for e in found
    )
    return _sample(
        "byte-order-marks",
        TOWN,
        "/dt/",
        soup(TOWN, "\ufeff工作动态", (("首页", "/"), ("工作动态", "")), f"\ufeff<ul class='lb'>{rows}</ul>", 440),
        found,
    )


def script_variable() -> Sample:
    """The list is JSON in a variable; the margin of the page itself is fresh."""
    found = entries(12, date(2026, 4, 4), seed=441, place="澜江市", step=8)
    data = ",".join(f'{{"aT":"{e.title}","aPd":"{e.iso} 17:00","aU":"/xygs/{e.number}.html"}}' for e in found)
    main = f"<div id='list'></div><script>var itemObj=[{data}];render(itemObj);</script>"
    return _sample(
        "script-variable",
        BUREAU,
        "/xygs/",
        platform(BUREAU, "信用公示", (("首页", "/"), ("信用公示", "")), main, 441),
        found,
    )


def slides_beside() -> Sample:
    """The list is plain HTML; undated slides of the head and dated hot news stand in variables."""
    found = entries(16, date(2026, 3, 3), seed=442, place="澜江县", step=8)
    slides = ",".join(
        f'{{"title":"{e.title}","url":"/zt/{e.number}.html","img":"/s/{e.number}.jpg"}}'
        for e in entries(4, date(2026, 11, 1), seed=443)
    )
    hot = ",".join(
        f'{{"title":"{e.title}","url":"/rd/{e.number}.html","date":"{e.iso}"}}'
        for e in entries(6, date(2026, 11, 19), seed=444)
    )
    rows = "".join(f"<li><a href='/zwdt/c3/{e.number}.html'>{e.title}</a><span>{e.iso}</span></li>" for e in found)
    main = f"<script>var focusPics=[{slides}];var hotNews=[{hot}];</script><ul class='list-b'>{rows}</ul><div class='page'><a href='index_2.html'>下一页</a></div>"
    return _sample(
        "slides-beside",
        COUNTY,
        "/zwdt/c3/",
        mega(COUNTY, "公示公告-澜江县人民政府", (("首页", "/"), ("政务动态", "/zwdt/"), ("公示公告", "")), main, 442),
        found,
        f"{COUNTY.url}/zwdt/c3/index_2.html",
    )


def one_entry() -> Sample:
    found = entries(1, date(2021, 12, 31), seed=445, place="白鹭镇")
    main = f"<table width=100%><tr><td><a href='Show.asp?ID={found[0].number}'>{found[0].title}</a></td><td>{found[0].iso}</td></tr></table><p>共 1 条 第1/1页</p>"
    return _sample(
        "one",
        TOWN,
        "/list.asp?id=9",
        tables(TOWN, "村务公开", (("首页", "/"), ("村务公开", "")), main, 445),
        found,
        "",
        "gb18030",
    )


def blanks() -> list[Sample]:
    """Nothing was ever published; everything around is fresh."""
    zero = Want(("listing",), 0)
    none = "<div class='list-con'><ul></ul><p class='nodata'>暂无相关信息</p></div>"
    found = "<div class='search-result'>抱歉，没有查询到相关内容！</div><div class='pages'>共0条</div>"
    head = "<table class='tb'><thead><tr><th>序号</th><th>标题</th><th>发布日期</th></tr></thead><tbody></tbody></table><div>共 0 条记录 第 1/0 页</div>"
    crumb = (("首页", "/"), ("政务公开", "/zwgk/"), ("重大建设项目", ""))
    return [
        Sample("large", "blank-words", f"{COUNTY.url}/zwgk/c6/", mega(COUNTY, "重大建设项目-澜江县人民政府", crumb, none, 451).encode(), zero),
        Sample("large", "blank-query", f"{CENTRE.url}/jygg/c3/", platform(CENTRE, "产权交易", crumb, found, 452).encode(), zero),
        Sample("large", "blank-table", f"{BUREAU.url}/xxgk/c4/", soup(BUREAU, "行政处罚", crumb, head, 453).encode(), zero),
        Sample("large", "blank-trs", f"{BUREAU.url}/gzhd/c1/", platform(BUREAU, "意见征集", crumb, "<ul class='gl-list'></ul><script>createPageHTML(0, 0, 'index', 'html')</script>", 454).encode(), zero),
        Sample("large", "blank-old", f"{TOWN.url}/list.asp?id=7", tables(TOWN, "便民服务", crumb, "<p align=center>此栏目下没有信息</p><form>共 <b>0</b> 条 页次：1/1页</form>", 455).encode("gb18030"), zero),
        Sample("large", "blank-campus", f"{COLLEGE.url}/cwxx.htm", campus(COLLEGE, "财务信息-青禾大学", (("首页", "/"), ("财务信息", "")), "<h2>财务信息</h2><ul class='news_list'></ul><div class='pb_sys_common'>共0条</div>", 456).encode(), zero),
    ]  # fmt: skip


def samples() -> list[Sample]:
    made = [
        undated(),
        undated_reports(),
        year_groups(),
        ascending(),
        pinned(),
        two_columns_of_days(),
        big5(),
        gb18030_declared_utf8(),
    ]
    return [*made, marks_of_order(), script_variable(), slides_beside(), one_entry(), *blanks()]
