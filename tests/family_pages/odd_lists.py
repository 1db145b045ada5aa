"""Lists of other forms: pictures, bare months and days, Chinese numerals, ascending, one entry, blanks, many templates."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date, timedelta

from family_pages.content import Entry, Sample, Want, entries, listed
from family_pages.layout import div_page, hot_news, menu_of, modern_page

SITE = "http://www.songyuan.example.gov.cn"
MENU = menu_of(
    "首页=/ 区情概览=/qqgl/ 新闻资讯=/xwzx/ 政务公开=/zwgk/(法定主动公开内容=/zwgk/fdzdgk/,政府信息公开年报=/zwgk/nb/) 办事大厅=/bsdt/ 互动回应=/hdhy/"
)
FOOT = "<p>主办：松源区人民政府办公室 运维：松源区融媒体中心</p><p>网站标识码：3599020001 闽ICP备06000001号-1 闽公网安备35990202000005号</p>"


def _page(name: str, main: str, *, side: str = "", modern: bool = False) -> bytes:
    make = modern_page if modern else div_page
    return make(
        f"{name}_松源区人民政府",
        MENU,
        (("首页", "/"), ("新闻资讯", "/xwzx/"), (name, "")),
        main,
        FOOT,
        side=side,
        metas=(("SiteIDCode", "3599020001"),),
    ).encode()


def _list(
    name: str, found: list[Entry], main: str, want: Want | None = None, *, side: str = "", modern: bool = False
) -> Sample:
    return Sample(
        "forms", name, f"{SITE}/xwzx/{name}/", _page("专项工作", main, side=side, modern=modern), want or listed(found)
    )


def pictures() -> Sample:
    """Cards with a picture, a title and a day; two links to each page."""
    found = entries(12, date(2026, 9, 9), seed=150, place="松源区", step=7)
    cards = "".join(
        f'<div class="card"><a href="/sp/{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.htm"><img src="/sp/w{e.number}.jpg" alt="{e.title}"></a><h4><a href="/sp/{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.htm">{e.title}</a></h4><span>{e.iso}</span></div>'
        for e in found
    )
    return _list("pictures", found, f'<div class="piclist clearfix">{cards}</div>', modern=True)


def year_heading() -> Sample:
    """[MM-DD] below a heading that names the year; addresses without days."""
    found = entries(11, date(2025, 11, 28), seed=151, place="松源区", step=9)
    rows = "".join(
        f'<li><a href="/xwzx/zx/{e.number}.htm">{e.title}</a><span>[{e.day:%m-%d}]</span></li>' for e in found
    )
    return _list("year-heading", found, f'<h3 class="year">2025年</h3><ul class="list">{rows}</ul>')


def year_in_address() -> Sample:
    """[MM-DD]; the folder and name of each page prove the year."""
    found = entries(16, date(2026, 2, 6), seed=152, place="松源区", step=11)
    rows = "".join(
        f'<li><span>[{e.day:%m-%d}]</span><a href="./{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.htm">{e.title}</a></li>'
        for e in found
    )
    return _list("year-address", found, f'<ul class="list">{rows}</ul>')


def month_day_only() -> Sample:
    """[MM-DD] and nothing that names a year: no days at all, rather than guessed ones."""
    found = entries(14, date(2026, 6, 6), seed=153, place="松源区")
    rows = "".join(
        f'<li><a href="/xwzx/zx/{e.number}.htm">{e.title}</a><span>[{e.day:%m-%d}]</span></li>' for e in found
    )
    return _list("month-day", found, f'<ul class="list">{rows}</ul>', listed(found, dated=False))


def numerals() -> Sample:
    """二〇二六年三月五日."""
    digits = "〇一二三四五六七八九"

    def small(n: int) -> str:
        return ("" if n < 10 else ("" if n < 20 else digits[n // 10]) + "十") + (
            "" if n % 10 == 0 and n >= 10 else digits[n % 10]
        )

    found = entries(8, date(2026, 3, 5), seed=154, place="松源区", step=20)
    rows = "".join(
        f'<li><a href="/zwgk/gb/{e.number}.htm">{e.title}</a><span>{"".join(digits[int(c)] for c in str(e.day.year))}年{small(e.day.month)}月{small(e.day.day)}日</span></li>'
        for e in found
    )
    return _list("numerals", found, f'<ul class="list">{rows}</ul>')


def ascending() -> Sample:
    found = entries(12, date(2026, 8, 1), seed=155, place="松源区", step=15)[::-1]
    rows = "".join(f'<li><a href="/zwgk/nb/{e.number}.htm">{e.title}</a><i>{e.day:%Y.%m.%d}</i></li>' for e in found)
    return _list("ascending", found, f'<ul class="list">{rows}</ul>')


def one_entry() -> Sample:
    found = [Entry("松源区人民政府2025年政府信息公开工作年度报告", date(2026, 1, 27), 77)]
    rows = "".join(
        f'<li><a href="/zwgk/nb/202601/t20260127_{e.number}.htm">{e.title}</a><span>{e.iso}</span></li>' for e in found
    )
    return _list(
        "one",
        found,
        f'<div class="list"><ul>{rows}</ul></div><div class="page">共1条 1/1页</div>',
        side=f"<ul>{hot_news(156)}</ul>",
    )


def two_entries() -> Sample:
    found = entries(2, date(2024, 1, 30), seed=157, place="松源区", step=300)
    rows = "".join(
        f'<li><a href="/zwgk/nb/{e.number}.htm" title="{e.title}">{e.title}</a><span>{e.iso}</span></li>' for e in found
    )
    return _list(
        "two",
        found,
        f'<div class="list"><ul>{rows}</ul></div>',
        side=f'<div class="hot"><h3>热点关注</h3><ul>{hot_news(158)}</ul></div>',
    )


def deadlines_in_rows() -> Sample:
    """A solicitation list prints when each runs; the day of publication stands last."""
    found = entries(9, date(2026, 5, 18), seed=159, place="松源区", step=14)
    rows = "".join(
        f'<li><a href="/hdhy/yjzj/{e.number}.htm">关于公开征求《{e.title[-14:]}》意见的公告</a><p>征集时间：{e.iso} 至 {(e.day + timedelta(days=30)):%Y-%m-%d}　状态：已结束</p><span class="date">发布日期：{e.iso}</span></li>'
        for e in found
    )
    titled = [Entry(f"关于公开征求《{e.title[-14:]}》意见的公告", e.day, e.number) for e in found]
    return _list("deadlines", titled, f'<ul class="yjzj_list">{rows}</ul>')


def letters() -> Sample:
    """Letters with the day they were written and the day of the answer: the answer makes them public."""
    rows = ""
    for n in range(12):
        asked = date(2026, 4, 20) - timedelta(days=9 * n)
        rows += f'<tr><td>2026{n:04d}</td><td><a href="/hdhy/xx/{9000 + n}.htm">关于松源大道{n + 3}号小区停车难问题的咨询</a></td><td>咨询</td><td>{asked:%Y-%m-%d}</td><td>已办结</td></tr>'
    found = [
        Entry(f"关于松源大道{n + 3}号小区停车难问题的咨询", date(2026, 4, 20) - timedelta(days=9 * n), n)
        for n in range(12)
    ]
    main = f"<table class='xjtable'><tr><th>信件编号</th><th>信件标题</th><th>类型</th><th>来信时间</th><th>状态</th></tr>{rows}</table>"
    return _list("letters", found, main)


def many_templates() -> Sample:
    """Days with times, NBSP padding, full-width digits, a stray BOM, H:M:S."""
    found = entries(15, date(2026, 10, 29), seed=161, place="松源区")
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    rows = "".join(
        f'<p class="row">\ufeff<a href="/zwgk/tz/{e.number}.htm">&nbsp;&#12288;{e.title}&nbsp;</a>&nbsp;&nbsp;<font>({(f"{e.day:%Y-%m-%d}").translate(wide) if n % 2 else e.iso + " 08:30:00"})</font></p>'
        for n, e in enumerate(found)
    )
    return _list("padding", found, f'<div class="rows">{rows}</div>')


def undated_numbered() -> Sample:
    """A catalogue of files without days, numbers in front, sizes behind."""
    found = entries(18, date(2026, 3, 3), seed=162, place="松源区")
    rows = "".join(
        f'<li><em>{n}</em><a href="/xz/file{e.number}.doc">{e.title}</a><span>（{n * 17}KB）</span></li>'
        for n, e in enumerate(found, 1)
    )
    return _list(
        "undated",
        found,
        f'<ul class="filelist">{rows}</ul>',
        listed(found, dated=False),
        side=f'<div class="hot"><ul>{hot_news(163)}</ul></div>',
    )


BLANKS = {
    "nothing": '<div class="list"><ul></ul></div>',
    "words": '<div class="list"><ul><li>暂无信息</li></ul></div>',
    "page-of-none": '<ul class="list"></ul><div class="page">共 0 条记录 第 1/0 页 首页 上一页 下一页 尾页</div>',
    "picture": '<div class="nodata"><img src="/images/nodata.png" alt="暂无数据"><p>抱歉，暂无相关数据</p></div>',
    "head-only": '<table class="table"><thead><tr><th>序号</th><th>标题</th><th>发布日期</th></tr></thead><tbody><tr><td colspan="3">没有找到匹配的记录</td></tr></tbody></table>',
    "template": '<div class="list"><ul><!--<li><a href="t20200101_1.html">标题</a><span>2020-01-01</span></li>--></ul></div><div class="page"><script>createPageHTML(1, 0, "index", "html")</script></div>',
    "building": '<div class="con"><p>栏目建设中，敬请期待！</p></div>',
}


def blanks() -> list[Sample]:
    """Seven ways in which a column is empty, each with a margin of fresh news of other columns."""
    found = []
    for number, (name, main) in enumerate(BLANKS.items()):
        side = (
            f'<div class="sidebox"><h3>最新发布</h3><ul>{hot_news(170 + number, "2026-11-20")}</ul></div>'
            if number % 2 == 0
            else ""
        )
        pages = ("listing", "other", "section", "catalogue") if name == "building" else ("listing",)
        found.append(
            Sample(
                "blank",
                name,
                f"{SITE}/zwgk/{name}/index.html",
                _page("应急管理", main, side=side, modern=number % 3 == 0),
                Want(pages, 0),
            )
        )
    return found


def samples() -> list[Sample]:
    return [
        pictures(),
        year_heading(),
        year_in_address(),
        month_day_only(),
        numerals(),
        ascending(),
        one_entry(),
        two_entries(),
        deadlines_in_rows(),
        letters(),
        many_templates(),
        undated_numbered(),
        *blanks(),
    ]
