"""TRS WCM: paging scripts, live, commented or inlined; dates before the link; labels of the standard template."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date, timedelta

from family_pages.content import Sample, Want, entries, listed, prose
from family_pages.layout import div_page, hot_news, menu_of

SITE = "http://lcj.qinghe.example.gov.cn"
MENU = menu_of(
    "首页=/ 机构概况=/jggk/(领导信息=/jggk/ldxx/,内设机构=/jggk/nsjg/) 林草动态=/lcdt/(县局动态=/lcdt/xjdt/,乡镇动态=/lcdt/xzdt/) "
    "政务公开=/zwgk/(政策文件=/zwgk/zcwj/,财政预决算=/zwgk/czyjs/) 办事服务=/bsfw/ 互动交流=/hdjl/"
)
FOOT = (
    "<p>主办单位：青禾县林业和草原局　地址：青禾县松涛路18号　联系电话：0999-5550123</p><p>网站标识码：5299030017　"
    '<a href="https://beian.miit.gov.cn">云ICP备19004321号-2</a>　滇公网安备 53990302000117号</p>'
    "<script>document.write(unescape(\"%3Cspan id='_ideConac' %3E%3C/span%3E%3Cscript src='http://dcs.conac.cn/js/24/000/0000/1/"
    "CA240000000000000000001.js' type='text/javascript'%3E%3C/script%3E\"));</script>"
)


def _column(name: str, ch: str, main: str, *, extra: tuple[tuple[str, str], ...] = (), title: str = "") -> bytes:
    metas = (
        ("SiteName", "青禾县林业和草原局"),
        ("SiteDomain", "lcj.qinghe.example.gov.cn"),
        ("SiteIDCode", "5299030017"),
    )
    side = (
        f'<h3 class="tit"><a href="/lcdt/">林草动态</a></h3><ul class="submenu"><li><a href="/lcdt/xjdt/">县局动态</a></li>'
        f'<li><a href="/lcdt/xzdt/">乡镇动态</a></li></ul><h3>热点新闻</h3><ul class="hotnews">{hot_news(11)}</ul>'
    )
    crumb = (("首页", "/"), ("林草动态", "/lcdt/"), (name, ch))
    labels = metas if title else (*metas, ("ColumnName", name), ("ColumnType", "工作动态"))
    return div_page(
        title or f"{name}-青禾县林业和草原局", MENU, crumb, main, FOOT, side=side, metas=(*labels, *extra)
    ).encode()


def doubled_links() -> Sample:
    """``<li><span> day </span><a href=X><a href=X>title</a></li>``, the pager an uncommented script."""
    found = entries(15, date(2025, 3, 18), seed=1, step=9)
    rows = "".join(
        f"<li><span> {e.iso} </span><a href='./{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html' target='_blank'>"
        f"<a href='./{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html' target='_blank'>{e.title}</a></li>\n"
        for e in found
    )
    main = f'<div class="gl_list"><ul>{rows}</ul></div><div class="page"><script>createPageHTML(7, 0, "index", "html");</script></div>'
    url = f"{SITE}/lcdt/xjdt/index.html"
    return Sample(
        "trs",
        "doubled",
        url,
        _column("县局动态", "/lcdt/xjdt/", main),
        listed(found, next_url=f"{SITE}/lcdt/xjdt/index_1.html"),
    )


def commented_pager() -> Sample:
    """The script call stands in a comment; what counts is ``countPage`` below it. Last page: nothing follows."""
    found = entries(9, date(2023, 6, 2), seed=2, step=20)
    rows = "".join(
        f'<li><img src="/images/dot.gif"><a href="../../zwgk/{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.htm" title="{e.title}">'
        f"{e.title[:16]}…</a><span>&nbsp;&nbsp;({e.iso}) </span></li>"
        for e in found
    )
    script = (
        "<script language='JavaScript'>//createPageHTML(25, 0, 'index', 'htm');\nvar currentPage = 2;//所在页从0开始\n"
        "var prevPage = currentPage-1;var nextPage = currentPage+1;var countPage = 3\n"
        "document.write('共'+countPage+'页&nbsp;');if(countPage>1&&currentPage!=0){document.write('<a href=\"index_1.htm\">上一页</a>');}"
        "</script>"
    )
    main = f'<ul class="j-list-inline" id="sub">{rows}</ul>{script}'
    return Sample(
        "trs",
        "commented-pager",
        f"{SITE}/lcdt/xzdt/index_2.htm",
        _column("乡镇动态", "/lcdt/xzdt/", main),
        listed(found, next_url=""),
    )


def dated_by_script() -> Sample:
    """The day is written by a script; the label PubDate of the import and the address are later."""
    title = "青禾县林业和草原局关于划定2026年度草原禁牧区的通告"
    main = (
        f'<div class="xl_tit"><h1>{title}</h1></div><div class="xl_sx">来源：<script>var laiyuan="县林草局办公室";'
        "document.write(laiyuan)</script>　日期：<script>var pubdata='2024年02月06日';document.write(pubdata);</script>　点击：<span id='dj'></span></div>"
        f"<div class='TRS_Editor'>{prose(3)}<p style='text-align:right'>青禾县林业和草原局</p><p style='text-align:right'>2024年2月1日</p></div>"
        '<div class="xgwz"><h4>相关文章</h4><ul>' + hot_news(4, "2026-08-08") + "</ul></div>"
    )
    body = _column("县局动态", "/lcdt/xjdt/", main, title=f"{title}--青禾县林业和草原局")
    want = Want(("article",), is_article=True, title=title, published="2024-02-06")
    return Sample("trs", "article-script-date", f"{SITE}/lcdt/xjdt/202404/t20240419_33118.html", body, want)


def labelled_article() -> Sample:
    """All standard labels, the day printed in the head table, deadlines in the text."""
    title, day = "青禾县2025年度省级财政衔接推进乡村振兴补助资金（林业）安排公示", "2025-11-07"
    metas = (("ArticleTitle", title), ("PubDate", f"{day} 16:42"), ("ContentSource", "规划财务股"))
    main = (
        f'<div class="detail"><h2 class="d_title">{title}</h2><p class="d_info"><span>发布时间：{day} 16:42</span>'
        f"<span>来源：规划财务股</span><span>浏览次数：<i id='hits'>0</i></span>【字体：<a>大</a> <a>中</a> <a>小</a>】</p>"
        f"<div class='TRS_UEDITOR trs_paper_default'>{prose(7)}<p>公示期：2025年11月8日至2025年11月17日</p>"
        "<p>附件：<a href='./P020251107600.xlsx'>资金安排表.xlsx</a></p></div><p>上一篇：<a href='./t20251120_9.html'>关于召开会议的通知</a></p></div>"
    )
    body = _column("政策文件", "/zwgk/zcwj/", main, extra=metas, title=f"{title}_政策文件_青禾县林业和草原局")
    return Sample(
        "trs",
        "article-labels",
        f"{SITE}/zwgk/zcwj/202511/t20251107_40118.html",
        body,
        Want(("article",), is_article=True, title=title, published=day),
    )


def empty_column() -> Sample:
    """A column of which nothing was ever published: an empty list and a pager of no pages, the margin full of news."""
    main = '<div class="gl_list"><ul>\n</ul></div><div class="page"><script>createPageHTML(0, 0, "index", "html");</script></div>'
    return Sample(
        "trs", "blank", f"{SITE}/lcdt/xzdt/index.html", _column("乡镇动态", "/lcdt/xzdt/", main), Want(("listing",), 0)
    )


def head_that_leads_on() -> Sample:
    body = (
        "<html><head><meta http-equiv='Content-Type' content='text/html; charset=utf-8'><title>林草动态</title></head><body><script>"
        'document.write(\'<meta http-equiv="Refresh" content="0;URL=./xjdt/" />\');</script></body></html>'
    )
    return Sample(
        "trs",
        "redirect",
        f"{SITE}/lcdt/index.html",
        body.encode(),
        Want(("shell", "error"), redirect=f"{SITE}/lcdt/xjdt/"),
    )


def section() -> Sample:
    """A second level page: four blocks of dated rows, each with 更多; no list of its own."""
    blocks = ""
    for number, (name, path) in enumerate(
        (("政策文件", "zcwj"), ("规划计划", "ghjh"), ("行政执法", "xzzf"), ("财政预决算", "czyjs"))
    ):
        rows = "".join(
            f'<li><a href="./{path}/{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html">{e.title}</a><span>{e.day:%m-%d}</span></li>'
            for e in entries(6, date(2026, 5, 9) - timedelta(days=31 * number), seed=30 + number)
        )
        blocks += f'<div class="box fl"><div class="tit"><h3>{name}</h3><a class="more" href="./{path}/">更多&gt;&gt;</a></div><ul>{rows}</ul></div>'
    body = div_page(
        "政务公开-青禾县林业和草原局",
        MENU,
        (("首页", "/"), ("政务公开", "/zwgk/")),
        blocks,
        FOOT,
        metas=(("SiteIDCode", "5299030017"),),
    ).encode()
    top = ("机构概况", "林草动态", "政务公开", "办事服务", "互动交流")
    subs = ("领导信息", "内设机构", "县局动态", "乡镇动态", "政策文件", "财政预决算", "规划计划", "行政执法")
    return Sample(
        "trs",
        "section",
        f"{SITE}/zwgk/index.html",
        body,
        Want(
            ("section",),
            columns=top,
            sub_columns=subs,
            code="5299030017",
            icp="云ICP备19004321号-2",
            organizer="青禾县林业和草原局",
        ),
    )


def samples() -> list[Sample]:
    return [
        doubled_links(),
        commented_pager(),
        dated_by_script(),
        labelled_article(),
        empty_column(),
        head_that_leads_on(),
        section(),
    ]
