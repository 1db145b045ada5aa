"""Hanweb: records in a datastore, script arrays, build units of jpaas, an address that only a script fetches."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date

from family_pages.content import Sample, Want, entries, listed, prose
from family_pages.layout import div_page, hot_news, menu_of

SITE = "http://www.chenghu.example.gov.cn"
MENU = menu_of(
    "首页=/ 走进澄湖=/col/col10/index.html 新闻动态=/col/col11/index.html 信息公开=/col/col12/index.html 网上办事=/col/col13/index.html 公众参与=/col/col14/index.html"
)
FOOT = "<p>主办单位：澄湖区人民政府　承办单位：澄湖区大数据管理局</p><p>苏ICP备2021000999号-3　苏公网安备 32999902000123号　网站标识码：3299040008</p>"


def _page(name: str, main: str, title: str = "", metas: tuple[tuple[str, str], ...] = ()) -> bytes:
    return div_page(
        title or f"澄湖区人民政府 {name}",
        MENU,
        (("首页", "/"), ("新闻动态", "/col/col11/index.html"), (name, "")),
        main,
        FOOT,
        side=f"<ul class='side-list'>{hot_news(80)}</ul>",
        metas=(("SiteName", "澄湖区人民政府"), ("SiteIDCode", "3299040008"), *metas),
    ).encode()


def _rows(found: list, tag: str = "li") -> list[str]:
    if tag == "li":
        return [
            f'<li><a href="/art/{e.day.year}/{e.day.month}/{e.day.day}/art_77278_{e.number}.html" title="{e.title}" target="_blank">{e.title}</a><span>{e.iso}</span></li>'
            for e in found
        ]
    return [
        f'<tr><td height="28"><a href="/art/{e.day.year}/{e.day.month}/{e.day.day}/art_77278_{e.number}.html" target="_blank">{e.title}</a></td><td width="90">[{e.iso}]</td></tr>'
        for e in found
    ]


def _datastore(rows: list[str], total: int, pages: int) -> str:
    records = "".join(f"<record><![CDATA[{row}]]></record>" for row in rows)
    proxy = "/module/web/jpage/dataproxy.jsp?page=1&amp;appid=1&amp;appid=1&amp;webid=67&amp;path=/&amp;columnid=77278&amp;unitid=303271&amp;webname=x&amp;permissiontype=0"
    return (
        f'<div id="303271" class="default_pgContainer"></div><script type="text/xml"><datastore><nextgroup><![CDATA[<a href="{proxy}"></a>]]></nextgroup>'
        f"<recordset>{records}</recordset></datastore></script><script>$(function(){{ $('#303271').jpage({{totalrecord:{total},totalpage:{pages},"
        "openCache:true,url:'/module/web/jpage/dataproxy.jsp',currentpage:1,nextpage:0}); });</script>"
    )


def records() -> Sample:
    found = entries(45, date(2026, 9, 16), seed=81, place="澄湖区")
    body = _page("政务动态", _datastore(_rows(found), 1204, 81))
    return Sample("hanweb", "datastore", f"{SITE}/col/col77278/index.html", body, listed(found))


def table_records() -> Sample:
    found = entries(15, date(2023, 2, 14), seed=82, place="澄湖区", step=25)
    body = _page("部门动态", _datastore(_rows(found, "tr"), 15, 1))
    return Sample("hanweb", "datastore-table", f"{SITE}/col/col77279/index.html", body, listed(found))


def no_records() -> Sample:
    body = _page("街镇动态", _datastore([], 0, 0))
    return Sample("hanweb", "datastore-blank", f"{SITE}/col/col77280/index.html", body, Want(("listing",), 0))


def arrays() -> Sample:
    found = entries(12, date(2022, 11, 30), seed=83, place="澄湖区")
    code = (
        "var urls=new Array();var headers=new Array();var year=new Array();var month=new Array();var day=new Array();\n"
        + "\n".join(
            f"urls[{n}]='/art/{e.day.year}/{e.day.month}/{e.day.day}/art_91_{e.number}.html';headers[{n}]=\"{e.title}\";year[{n}]='{e.day.year}';month[{n}]='{e.day.month}';day[{n}]='{e.day.day}';"
            for n, e in enumerate(found)
        )
    )
    body = _page(
        "科技要闻", f"<table><tr><td><script>{code}</script><script src='/js/showlist.js'></script></td></tr></table>"
    )
    return Sample("hanweb", "arrays", f"{SITE}/col/col91/index.html", body, listed(found))


def build_unit() -> Sample:
    unit = (
        "<script parseType=\"buildstatic\" url=\"/api-gateway/jpaas-publish-server/front/page/build/unit\" queryData=\"{'webId':'8d828e40','pageId':'c0ee','parseType':'buildstatic',"
        "'pageType':'column','tagId':'右侧列表','tplSetId':'209b','unitUrl':'/api-gateway/jpaas-publish-server/front/page/build/unit'}\"></script>"
    )
    body = _page("部门文件", f'<div class="page-content">{unit}</div>').replace(
        f"<ul class='side-list'>{hot_news(80)}</ul>".encode(), b""
    )
    return Sample("hanweb", "build-unit", f"{SITE}/col/col12/index.html", body, Want(("shell", "other", "section")))


def article() -> Sample:
    title = "澄湖区人民政府关于公布第六批区级非物质文化遗产代表性项目名录的通知"
    metas = (
        ("ArticleTitle", title),
        ("PubDate", "2026-09-16 09:20"),
        ("author", "澄湖区人民政府"),
        ("ColumnName", "政务动态"),
    )
    main = (
        f'<div class="sp_title"><h1><!--<$[标题名称(html)]>begin-->{title}<!--<$[标题名称(html)]>end--></h1></div><div class="sp_time"><font>发布日期：2026-09-16</font>'
        f'<font>来源：澄湖区人民政府</font><font>浏览量：<script src="/vc/vc/interface/artcount/artcount.jsp?i_articleid=1"></script></font></div><div id="zoom"><!--ZJEG_RSS.content.begin-->{prose(84)}<!--ZJEG_RSS.content.end--></div>'
    )
    body = _page("政务动态", main, title, metas)
    return Sample(
        "hanweb",
        "article",
        f"{SITE}/art/2026/9/16/art_77278_11830771.html",
        body,
        Want(("article",), is_article=True, title=title, published="2026-09-16"),
    )


def index_card_article() -> Sample:
    """A disclosed document: the card above the title has the days of writing, of publication and of effect."""
    title = "关于印发《澄湖区公共租赁住房管理实施细则》的通知"
    card = (
        '<table class="xxgk_table"><tr><td>索 引 号</td><td>K1234567-8/2025-00021</td><td>主题分类</td><td>城乡建设</td></tr><tr><td>发布机构</td><td>区住房城乡建设局</td>'
        "<td>成文日期</td><td>2025-05-20</td></tr><tr><td>文　　号</td><td>澄建规〔2025〕3号</td><td>发布日期</td><td>2025-05-28</td></tr><tr><td>生效日期</td><td>2025-07-01</td>"
        "<td>有 效 性</td><td>有效</td></tr></table>"
    )
    body = _page("规范性文件", f"{card}<h1 class='title'>{title}</h1><div id='zoom'>{prose(85)}</div>", title)
    return Sample(
        "hanweb",
        "index-card",
        f"{SITE}/art/2025/5/28/art_77300_11530001.html",
        body,
        Want(("article",), is_article=True, title=title, published="2025-05-28"),
    )


def samples() -> list[Sample]:
    return [records(), table_records(), no_records(), arrays(), build_unit(), article(), index_card_article()]
