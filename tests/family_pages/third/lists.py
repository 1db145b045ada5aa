"""Column pages of big portals: what stands around the days is fresher than the column, or looks like days."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from family_pages.content import Entry, Sample, Want, entries, listed
from family_pages.third.frames import flat_page, fresh, panel_page, tree
from family_pages.third.places import BUREAU, CITY, COUNTY

TREE = (
    "公开指南",
    "公开制度",
    "机构设置",
    "规划计划",
    "财政资金",
    "行政执法",
    "应急管理",
    "社会保障",
    "环境保护",
    "食品药品",
    "安全生产",
    "教育信息",
)


def path_of(e: Entry) -> str:
    return f"./{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html"


def rows_of(found: Sequence[Entry], row: Callable[[Entry], str]) -> str:
    return "".join(row(e) for e in found)


def city(
    name: str,
    main: str,
    want: Want,
    *,
    seed: int = 0,
    side: bool = True,
    on: str = "应急管理",
    charset: str = "utf-8",
    url: str = "",
) -> Sample:
    body = panel_page(
        CITY,
        f"{on}_云岭市人民政府",
        ("首页", "政务公开", "重点领域", on),
        main,
        side=fresh(seed) if side else "",
        left=tree("政务公开", TREE, on),
        metas=(("ColumnName", on), ("ColumnType", "政务公开")),
        charset=charset,
    )
    return Sample(
        "portal",
        name,
        url or f"{CITY.host}/zwgk/zdly/{name}/index.html",
        body.encode(charset if charset else "gb18030", "xmlcharrefreplace"),
        want,
    )


def county(name: str, main: str, want: Want, *, seed: int = 0, side: bool = True, url: str = "") -> Sample:
    body = flat_page(
        COUNTY, "通知公告-望川县人民政府", ("首页", "政务资讯", "通知公告"), main, side=fresh(seed) if side else ""
    )
    return Sample("portal", name, url or f"{COUNTY.host}/zwzx/{name}/", body.encode(), want)


def bureau(name: str, main: str, want: Want, *, seed: int = 0, side: bool = False, url: str = "") -> Sample:
    body = panel_page(
        BUREAU,
        "财政要闻 - 云岭市财政局",
        ("首页", "财政要闻"),
        main,
        side=fresh(seed) if side else "",
        metas=(("ColumnName", "工作动态"),),
    )
    return Sample("portal", name, url or f"{BUREAU.host}/czyw/{name}/", body.encode(), want)


def fives() -> Sample:
    found = entries(20, date(2026, 3, 12), seed=901, place="云岭市")
    blocks = "".join(
        f'<ul class="list">{rows_of(found[n : n + 5], lambda e: f"""<li><a href="{path_of(e)}" target="_blank">{e.title}</a><span>{e.iso}</span></li>""")}</ul><div class="dashed"></div>'
        for n in range(0, 20, 5)
    )
    return city(
        "fives",
        f'<div class="list-box">{blocks}</div><div class="pages"><script>createPageHTML(7, 0, "index", "html");</script></div>',
        listed(found, next_url=f"{CITY.host}/zwgk/zdly/fives/index_1.html"),
        seed=901,
    )


def terms() -> Sample:
    """dt, dd and dd: title, summary with other days, day."""
    found = entries(10, date(2025, 8, 7), seed=902, place="云岭市", step=12)
    rows = rows_of(
        found,
        lambda e: (
            f'<dl class="news-dl"><dt><a href="{path_of(e)}">{e.title}</a></dt><dd class="sum">　　为贯彻落实2026年9月1日市政府常务会议精神，按照2026年10月15日前完成的要求，现就有关事项通知如下……</dd><dd class="time">{e.iso}</dd></dl>'
        ),
    )
    return city(
        "terms",
        rows
        + '<div class="fy"><a>上一页</a><a class="on">1</a><a href="index_2.html">2</a><a href="index_3.html">3</a><a href="index_2.html">下一页</a></div>',
        listed(found, next_url=f"{CITY.host}/zwgk/zdly/terms/index_2.html"),
        seed=902,
    )


def two_lines() -> Sample:
    found = entries(12, date(2026, 1, 15), seed=903, place="望川县")
    rows = rows_of(
        found,
        lambda e: (
            f'<li class="clearfix"><div class="date"><b>{e.day:%d}</b><span>{e.day:%Y/%m}</span></div><div class="txt"><h4><a href="/zwzx/tzgg/{e.number}.html">{e.title}</a></h4><p>来源：县政府办公室　浏览：{e.number}次</p></div></li>'
        ),
    )
    return county("two-lines", f'<ul class="date-list">{rows}</ul>', listed(found), seed=903)


def month_over_year() -> Sample:
    found = entries(9, date(2024, 12, 20), seed=904, place="望川县", step=9)
    rows = rows_of(
        found,
        lambda e: (
            f'<a class="item" href="/zwzx/tzgg/content_{e.number}.html"><div class="l"><p class="md">{e.day:%m-%d}</p><p class="y">{e.day:%Y}</p></div><div class="r"><p class="t">{e.title}</p><p class="s">近日，我县举行2026年第三季度项目集中开工活动。</p></div></a>'
        ),
    )
    return county(
        "month-over-year",
        f'<div class="items">{rows}</div><div class="page-bar"><a href="?page=2">下一页</a></div>',
        listed(found, next_url=f"{COUNTY.host}/zwzx/month-over-year/?page=2"),
        seed=904,
    )


def year_headings() -> Sample:
    """Three years, each a heading with its own list of [MM-DD]; the addresses have no days."""
    found = entries(21, date(2026, 2, 27), seed=905, place="云岭市", step=50)
    blocks = ""
    for year in sorted({e.day.year for e in found}, reverse=True):
        rows = rows_of(
            [e for e in found if e.day.year == year],
            lambda e: f'<li><span>[{e.day:%m-%d}]</span><a href="/zwgk/doc_{e.number}.html">{e.title}</a></li>',
        )
        blocks += f'<div class="year-tit"><h3>{year}年</h3></div><ul class="year-list">{rows}</ul>'
    return city("year-headings", blocks, listed(found), seed=905)


def category_links() -> Sample:
    found = entries(15, date(2026, 4, 30), seed=906, place="云岭市")
    kinds = ("财税政策", "会计管理", "政府采购")
    rows = rows_of(
        found,
        lambda e: (
            f'<li><span class="fr">{e.day:%Y-%m-%d}</span>[<a href="/zcfg/l{e.number % 3 + 1}/">{kinds[e.number % 3]}</a>]&nbsp;<a href="/zcfg/{e.day:%Y%m}/t{e.number}.html" title="{e.title}">{e.title}</a></li>'
        ),
    )
    return bureau(
        "category-links",
        f'<div class="gl-list"><ul>{rows}</ul></div><div class="pager">共 132 条 1/9 页 首页 上页 <a href="list_2.html">下页</a> <a href="list_9.html">尾页</a></div>',
        listed(found, next_url=f"{BUREAU.host}/czyw/category-links/list_2.html"),
        seed=906,
    )


def truncated() -> Sample:
    found = entries(20, date(2026, 7, 1), seed=907, place="云岭市")
    rows = rows_of(
        found,
        lambda e: (
            f'<li><i></i><a href="{path_of(e)}" title="{e.title}" target="_blank">{e.title[:12]}...</a><em>{e.iso}</em></li>'
        ),
    )
    return city("truncated", f'<ul class="xxgk_list">{rows}</ul>', listed(found), seed=907)


def pictures() -> Sample:
    found = entries(9, date(2026, 5, 20), seed=908, place="望川县", step=11)
    rows = rows_of(
        found,
        lambda e: (
            f'<li><a href="/zwzx/tp/{e.number}.html" title="{e.title}"><div class="img"><img src="/upload/2026/11/{e.number}.jpg" alt="{e.title}" onerror="this.src=\'/no.jpg\'"></div><p>{e.title[:18]}…</p></a><span class="time"><i class="icon"></i>{e.day:%Y-%m-%d}</span></li>'
        ),
    )
    return county("pictures", f'<ul class="pic-ul clearfix">{rows}</ul>', listed(found), seed=908)


def hidden_tab() -> Sample:
    """The column, then a second pane that only a click shows; the pane is another column and fresher."""
    found = entries(12, date(2025, 11, 3), seed=909, place="云岭市")
    rows = rows_of(found, lambda e: f'<li><a href="{path_of(e)}">{e.title}</a><span>{e.iso}</span></li>')
    hidden = fresh(910, 12)
    return city(
        "hidden-tab",
        f'<div class="list-con" id="con_a_1"><ul class="ul1">{rows}</ul></div><div class="list-con" id="con_a_2" style="display:none"><ul class="ul1">{hidden}</ul></div>',
        listed(found),
        side=False,
    )


def visit_counts() -> Sample:
    """Counts that look like years beside days that are old."""
    found = entries(16, date(2023, 6, 9), seed=911, place="望川县")
    rows = rows_of(
        found,
        lambda e: (
            f'<li><a href="/zwzx/v/{e.number}.html">{e.title}</a><span>（{e.iso}）</span><span class="hits">[阅读：2026次]</span></li>'
        ),
    )
    return county(
        "visit-counts", f'<ul class="nlist">{rows}</ul><p class="total">共 20261120 次访问</p>', listed(found), seed=911
    )


def days_in_titles() -> Sample:
    """Titles name fresher days than the list: weeks, forces, periods."""
    days = [e.day for e in entries(14, date(2025, 9, 30), seed=912)]
    forms = (
        "云岭市2026年11月1日至11月7日主要农产品价格",
        "云岭市燃气管理条例（2026年12月1日起施行）",
        "关于2026年10月20日停水的通知",
        "2026-2028年云岭市水利发展规划公示",
        "云岭市2026年第41周空气质量周报（10.12-10.18）",
        "截至2026年9月30日地方政府债务情况",
        "市政府第63次常务会议2026年8月8日召开",
    )
    found = [Entry(f"{forms[n % 7]}{'' if n < 7 else '（更正）'}", day, 4000 + n) for n, day in enumerate(days)]
    rows = rows_of(
        found,
        lambda e: (
            f'<li><a href="/zwgk/tj/content_{e.number}.html">{e.title}</a><span class="date">{e.day:%Y.%m.%d}</span></li>'
        ),
    )
    return city("days-in-titles", f'<ul class="list-t">{rows}</ul>', listed(found), seed=912)


def undated_titles() -> Sample:
    """The same titles in a list without days: none is a day of publication."""
    found = [
        Entry(f"云岭市{year}年{month}月{month + 9}日停电检修计划公示", date(2020, 1, 1), 100 + n)
        for n, (year, month) in enumerate((y, m) for y in (2026, 2025) for m in range(1, 9))
    ]
    rows = rows_of(found, lambda e: f'<li>·<a href="/zwgk/gd/content_{e.number}.html" target=_blank>{e.title}</a></li>')
    return city("undated-titles", f'<ul class="list-t">{rows}</ul>', listed(found, dated=False), seed=913)


def undated_hits() -> Sample:
    found = entries(15, date(2026, 4, 4), seed=914, place="望川县")
    rows = rows_of(
        found, lambda e: f'<li><a href="/zwzx/h/{e.number}.html">{e.title}</a><span>点击：{e.number % 900}</span></li>'
    )
    return county(
        "undated-hits",
        f'<ul class="nlist">{rows}</ul><div class="fresh">更新时间：2026-11-20 08:00</div>',
        listed(found, dated=False),
        seed=914,
    )


def downloads() -> Sample:
    found = entries(12, date(2026, 6, 18), seed=915, place="云岭市", step=10)
    rows = rows_of(
        found,
        lambda e: (
            f'<tr><td>{e.number}</td><td class="l"><a href="/xxgk/f/{e.number}.html">{e.title}</a></td><td><a href="/upload/{e.number}.pdf">下载</a> <a href="/xxgk/f/{e.number}_tj.html">图解</a></td><td>{e.day:%Y/%m/%d}</td></tr>'
        ),
    )
    return bureau(
        "downloads",
        f'<table class="tb"><thead><tr><th>编号</th><th>文件名称</th><th>附件</th><th>发布日期</th></tr></thead><tbody>{rows}</tbody></table>',
        listed(found),
    )


def papers_explained() -> Sample:
    """Each paper with a link to its explanation and to a picture of it."""
    found = entries(10, date(2026, 8, 21), seed=916, place="云岭市", step=10)
    rows = rows_of(
        found,
        lambda e: (
            f'<li><div class="wj"><a href="{path_of(e)}" title="{e.title}">{e.title}</a><span class="wh">云政发〔{e.day.year}〕{e.number % 40}号</span></div><div class="jd"><a href="/zcjd/wz/{e.number}.html">文字解读</a><a href="/zcjd/tj/{e.number}.html">图片解读</a><span class="sj">{e.iso}</span></div></li>'
        ),
    )
    return city("papers-explained", f'<ul class="zcwj">{rows}</ul>', listed(found), seed=916)


def filter_bar() -> Sample:
    """Years and a span of days to choose from above the list."""
    found = entries(15, date(2026, 2, 14), seed=917, place="望川县")
    years = "".join(f'<a href="?y={y}">{y}年</a>' for y in range(2026, 2014, -1))
    rows = rows_of(found, lambda e: f'<li><a href="/zwzx/fb/{e.number}.html">{e.title}</a><span>{e.iso}</span></li>')
    bar = f'<div class="filter"><p>年份：<a class="on">全部</a>{years}</p><p>发布时间：<input id="d1" value="2020-01-01">至<input id="d2" value="2026-11-20"><button>查询</button></p></div>'
    return county(
        "filter-bar",
        f'{bar}<ul class="nlist">{rows}</ul><div class="pagination"><a href="javascript:goPage(1)">1</a><a href="javascript:goPage(2)">2</a><a href="javascript:goPage(2)">下一页</a></div>',
        listed(found),
        seed=917,
    )


def summaries() -> Sample:
    found = entries(10, date(2026, 1, 9), seed=918, place="望川县")
    rows = rows_of(
        found,
        lambda e: (
            f'<div class="item"><h3><a href="/zwzx/s/{e.number}.shtml">{e.title}</a></h3><p class="desc">2026年11月15日，县委书记深入一线调研，要求确保2026年12月底前全部完工。<a href="/zwzx/s/{e.number}.shtml">[详细]</a></p><p class="info"><span>来源：望川融媒</span><span>时间：{e.iso} 09:30</span><span>浏览：26</span></p></div>'
        ),
    )
    return county("summaries", rows + '<a id="more" href="javascript:loadMore()">加载更多</a>', listed(found), seed=918)


def lines() -> Sample:
    found = entries(18, date(2022, 10, 10), seed=919, place="云岭市")
    rows = rows_of(
        found,
        lambda e: (
            f'<img src="/images/dot.gif"> <a href="/czyw/old/{e.number}.htm">{e.title}</a> <font color="#999999">{e.day.year}-{e.day.month}-{e.day.day}</font><br>\n'
        ),
    )
    return bureau("lines", f'<div class="txtlist">{rows}</div>', listed(found), seed=919, side=True)


def catalogue_table() -> Sample:
    """Index number, name, number, day written, day published."""
    found = entries(15, date(2026, 5, 28), seed=920, place="云岭市", step=6)
    rows = rows_of(
        found,
        lambda e: (
            f'<tr><td>{e.number}</td><td>YL0100-02-{e.day.year}-{e.number}</td><td><a href="{path_of(e)}">{e.title}</a></td><td>云政办函〔{e.day.year}〕{e.number % 50}号</td><td>{e.iso}</td></tr>'
        ),
    )
    head = "<tr><th>序号</th><th>索引号</th><th>信息名称</th><th>文号</th><th>发布日期</th></tr>"
    form = '<form class="sch">标题：<input name="t">文号：<input name="w">发布日期：<input value="2026-11-01">-<input value="2026-11-20"><a href="javascript:;">检索</a></form>'
    return city(
        "catalogue-table",
        f'{form}<table class="xxgk-table"><thead>{head}</thead><tbody>{rows}</tbody></table><div class="pg">当前第1页 共12页 <a href="index_1.html">下一页</a></div>',
        listed(found, page=("catalogue", "listing"), next_url=f"{CITY.host}/zwgk/zdly/catalogue-table/index_1.html"),
        seed=920,
    )


def ordered() -> Sample:
    found = entries(12, date(2026, 9, 1), seed=921, place="望川县", step=17)
    rows = rows_of(
        found,
        lambda e: (
            f'<li value="{e.number}"><span><a href="/zwzx/o/{e.number}.html"><b>{e.title}</b></a></span> <small>{e.day.year}年{e.day.month}月{e.day.day}日</small></li>'
        ),
    )
    return county("ordered", f"<ol>{rows}</ol>", listed(found), seed=921)


def annual_reports() -> Sample:
    """Reports by year; each title has a year, none a day."""
    found = [
        Entry(f"望川县人民政府{year}年政府信息公开工作年度报告", date(2020, 1, 1), year)
        for year in range(2025, 2013, -1)
    ]
    rows = rows_of(found, lambda e: f'<li><a href="/xxgk/nb/{e.number}/">{e.title}</a></li>')
    return county("annual-reports", f'<div class="nb-list"><ul>{rows}</ul></div>', listed(found, dated=False), seed=922)


def calendar_beside() -> Sample:
    """A calendar of November 2026 in the margin, every day a link."""
    found = entries(14, date(2026, 3, 3), seed=923, place="云岭市")
    days = "".join(
        "<tr>"
        + "".join(
            f'<td><a href="/rl/2026-11-{d:02d}" title="2026-11-{d:02d}">{d}</a></td>' for d in range(w, min(w + 7, 31))
        )
        + "</tr>"
        for w in range(1, 31, 7)
    )
    rows = rows_of(found, lambda e: f'<li><a href="/czyw/rl/{e.number}.html">{e.title}</a><span>{e.iso}</span></li>')
    return bureau(
        "calendar",
        f'<div class="l"><table class="cal"><caption>2026年11月</caption>{days}</table></div><div class="r"><ul class="dl">{rows}</ul></div>',
        listed(found),
    )


def samples() -> list[Sample]:
    return [
        fives(),
        terms(),
        two_lines(),
        month_over_year(),
        year_headings(),
        category_links(),
        truncated(),
        pictures(),
        hidden_tab(),
        visit_counts(),
        days_in_titles(),
        undated_titles(),
        undated_hits(),
        downloads(),
        papers_explained(),
        filter_bar(),
        summaries(),
        lines(),
        catalogue_table(),
        ordered(),
        annual_reports(),
        calendar_beside(),
    ]
