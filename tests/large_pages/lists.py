"""Lists as the systems print them, in whole pages."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from family_pages.content import Entry, Sample, entries, listed

from large_pages.chrome import BUREAU, CENTRE, COLLEGE, COUNTY, TOWN, Site, campus, mega, platform, soup, tables

Crumb = tuple[tuple[str, str], ...]


def _crumb(head: str, name: str) -> Crumb:
    return (("首页", "/"), (head, "../"), (name, ""))


def _sample(
    family: str,
    site: Site,
    path: str,
    body: str,
    found: Sequence[Entry],
    following: str | None = None,
    codec: str = "utf-8",
    name: str = "list",
) -> Sample:
    return Sample(
        family,
        f"large-{name}",
        site.url + path,
        body.encode(codec, "xmlcharrefreplace"),
        listed(list(found), next_url=following),
    )


def trs() -> Sample:
    """The day in ``<b>`` before a cut title; the call of the pager once in a comment, once live."""
    found = entries(20, date(2026, 8, 12), seed=401, place="澜江县", step=9)
    rows = "".join(
        f'<li><b>{e.iso}</b><i>·</i><a href="./{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.shtml" title="{e.title}">{e.title[:18]}...</a></li>'
        + ("<li class='line'></li>" if n % 5 == 4 else "")
        for n, e in enumerate(found)
    )
    main = f"<h2 class='lm-tit'>部门动态</h2><ul class='gl-list'>{rows}</ul><div class='fy'><script>//createPageHTML(99,0,'index','shtml');\ncreatePageHTML(33, 0, \"index\", \"shtml\");</script></div>"
    body = mega(
        COUNTY,
        "部门动态_政务动态_澜江县人民政府",
        _crumb("政务动态", "部门动态"),
        main,
        401,
        metas='<meta name="ColumnName" content="部门动态">',
    )
    return _sample("trs", COUNTY, "/zwdt/bmdt/index.shtml", body, found, f"{COUNTY.url}/zwdt/bmdt/index_1.shtml")


def guangdong() -> Sample:
    """A table: number, title, document number, day; the whole row again in a comment."""
    found = entries(20, date(2025, 12, 30), seed=402, place="澜江市", step=12)
    rows = "".join(
        f'<tr><td>{n}</td><td class="first-td"><a href="{BUREAU.url}/xxgk/content/post_{e.number}.html" target="_blank">{e.title}</a></td><td>澜环函〔2025〕{n}号</td><td><span class="date">{e.iso}</span></td></tr><!-- <tr><td><span>2026-11-11</span></td></tr> -->'
        for n, e in enumerate(found, 1)
    )
    main = f'<table class="table-content"><thead><tr><th>序号</th><th>标题</th><th>文号</th><th>发布日期</th></tr></thead><tbody>{rows}</tbody></table><div class="page"><a href="{BUREAU.url}/xxgk/zcwj/index_2.html" class="next">下一页</a><a href="{BUREAU.url}/xxgk/zcwj/index_9.html">尾页</a></div>'
    body = platform(
        BUREAU,
        "政策文件 - 澜江市生态环境局",
        _crumb("信息公开", "政策文件"),
        main,
        402,
        metas='<meta name="ColumnName" content="政策文件"><meta name="ColumnType" content="政策文件">',
    )
    return _sample("guangdong", BUREAU, "/xxgk/zcwj/index.html", body, found, f"{BUREAU.url}/xxgk/zcwj/index_2.html")


def siteserver() -> Sample:
    """The whole entry inside its link: heading, summary with days, source, 时间：day."""
    found = entries(15, date(2026, 9, 28), seed=403, place="澜江县", step=6)
    rows = "".join(
        f'<li><a href="/contents/18105/{e.number}.html"><h2>{e.title}</h2><div class="note">按照安排，{e.day.month}月{e.day.day}日起至2026年12月31日开展专项行动，现将情况通报如下。<p><i class="hot">来源：县融媒体中心</i><i class="date">时间：{e.iso}</i></p></div></a></li>'
        for e in found
    )
    main = f'<ul class="list-a">{rows}</ul><div class="pages">当前第1页 共88页 <a href="/channels/18105_2.html">下一页</a> 共1318记录</div>'
    body = mega(COUNTY, "澜江要闻-澜江县人民政府", _crumb("政务动态", "澜江要闻"), main, 403)
    return _sample("siteserver", COUNTY, "/channels/18105.html", body, found, f"{COUNTY.url}/channels/18105_2.html")


def vsb() -> Sample:
    """Rows of a table with ids, the day written out, a counter by script; pages count down."""
    found = entries(16, date(2026, 3, 31), seed=404, place="青禾大学", step=20)
    rows = "".join(
        f'<tr id="line_u5_{n}" height="28"><td width="2%"><img src="/dot.gif"></td><td><a class="c5" href="info/1092/{e.number}.htm" target="_blank" title="{e.title}">{e.title}</a></td><td width="1%" nowrap><span class="timestyle5">{e.day.year}年{e.day.month:02}月{e.day.day:02}日</span> (点击：<span id="dynclicks_{n}"></span>次)</td></tr>'
        for n, e in enumerate(found)
    )
    main = f'<div class="ny-right"><h3>学术动态</h3><table class="winstyle5">{rows}</table><div class="pb_sys_common"><span class="p_t">共483条</span> <span class="p_pages"><span class="p_no_d">1</span><a href="xsdt/30.htm">2</a><a href="xsdt/30.htm">下页</a><a href="xsdt/1.htm">尾页</a></span></div></div>'
    body = campus(
        COLLEGE,
        "学术动态-青禾大学",
        (("首页", "index.htm"), ("科学研究", "kxyj.htm"), ("学术动态", "xsdt.htm")),
        main,
        404,
    )
    return _sample("vsb", COLLEGE, "/xsdt.htm", body, found, f"{COLLEGE.url}/xsdt/30.htm")


def webplus() -> Sample:
    """Day and month in boxes: the day large, year and month behind a dot."""
    found = entries(12, date(2026, 6, 5), seed=405, place="青禾大学", step=10)
    rows = "".join(
        f'<li class="list_item i{n}"><div class="fields pr_fields"><span class="Article_PublishDate"><i>{e.day:%d}</i><em>{e.day:%Y.%m}</em></span><span class="Article_Title"><a href="/{e.day:%Y/%m%d}/c21a{e.number}/page.htm" title="{e.title}">{e.title}</a></span></div></li>'
        for n, e in enumerate(found)
    )
    main = f'<div id="wp_news_w9"><ul class="wp_article_list">{rows}</ul></div><div id="wp_paging_w9"><ul class="wp_paging"><li class="pages_count"><em class="per_count">12</em><em class="all_count">144</em></li><li class="page_nav"><a class="next" href="/21/list2.htm"><span>下一页&gt;&gt;</span></a></li></ul></div>'
    body = campus(COLLEGE, "通知公告", (("首页", "/main.htm"), ("通知公告", "/21/list.htm")), main, 405)
    return _sample("webplus", COLLEGE, "/21/list.htm", body, found, f"{COLLEGE.url}/21/list2.htm")


def hanweb() -> Sample:
    """Records in CDATA with an old list of other news in the page's own HTML."""
    found = entries(30, date(2026, 7, 17), seed=406, place="澜江县", step=5)
    records = "".join(
        f'<record><![CDATA[<li class="cf"><a target="_blank" href="/art/{e.day.year}/{e.day.month}/{e.day.day}/art_1229_{e.number}.html" title="{e.title}">{e.title}</a><b class="time">{e.iso}</b></li>]]></record>\n'
        for e in found
    )
    main = f"<div id='6215' class='list'></div><script type='text/xml'><datastore>\n<nextgroup><![CDATA[<a href=\"/module/web/jpage/dataproxy.jsp?page=2&webid=1&columnid=1229\"></a>]]></nextgroup>\n<totalrecord>612</totalrecord><totalpage>41</totalpage><recordset>{records}</recordset></datastore></script>"
    body = mega(COUNTY, "公示公告", _crumb("政务动态", "公示公告"), main, 406)
    return _sample("hanweb", COUNTY, "/col/col1229/index.html", body, found)


def jpaas_saved() -> Sample:
    """Saved once the build units had run: the list stands in the page, the script that asked for it too."""
    found = entries(15, date(2026, 5, 22), seed=407, place="澜江市", step=7)
    rows = "".join(
        f'<li class="cf"><a href="/art/2026/art_{e.number}.html" class="fl" title="{e.title}">{e.title}</a><span class="fr">{e.iso}</span></li>'
        for e in found
    )
    main = f"<div class='page-content'><ul>{rows}</ul></div><div class='pagination' id='pg'>共 96 页 <a class='cur'>1</a><a data-index='2'>2</a></div>"
    body = soup(BUREAU, "工作动态", _crumb("环境要闻", "工作动态"), main, 407)
    return _sample("jpaas", BUREAU, "/col/col12/index.html", body, found)


def ucap() -> Sample:
    """``[day]`` after the link; the label 页面生成时间 is today's."""
    found = entries(18, date(2024, 4, 19), seed=408, place="澜江县", step=30)
    rows = "".join(
        f'<li><em>·</em><a href="/ljxrmzf/zcwj/{e.day:%Y%m}/{e.number:032x}.shtml">{e.title}</a><span>[{e.iso}]</span></li>'
        for e in found
    )
    main = f"<div class='listbox'><ul>{rows}</ul></div><div class='pagebox'>第1页/共3页 <a href='list_2.shtml'>下一页</a></div>"
    body = mega(
        COUNTY,
        "政策文件 | 澜江县人民政府",
        _crumb("政务公开", "政策文件"),
        main,
        408,
        metas='<meta name="others" content="页面生成时间 2026-11-21 03:11:08">',
    )
    return _sample("ucap", COUNTY, "/ljxrmzf/zcwj/list.shtml", body, found, f"{COUNTY.url}/ljxrmzf/zcwj/list_2.shtml")


def epoint() -> Sample:
    """Bids: the day of publication right, the deadline in the entry."""
    found = entries(20, date(2026, 10, 9), seed=409, place="云岭市", step=2)
    rows = "".join(
        f'<li class="wb-data-list"><div class="wb-data-infor"><a href="/jygg/003001/{e.day:%Y%m%d}/{e.number:08x}-1f2e-4a5b.html" target="_blank">[市级] {e.title}</a><p>报名截止时间：2026-12-0{n % 9 + 1} 17:00　开标时间：2026-12-2{n % 9}</p></div><span class="wb-data-date">{e.iso}</span></li>'
        for n, e in enumerate(found)
    )
    main = f"<ul class='wb-data-item'>{rows}</ul><div class='pager'><span>共 3321 条</span><a href='2.html'>下一页</a></div>"
    found = [replace(e, title=f"[市级] {e.title}") for e in found]
    body = platform(CENTRE, "工程建设-云岭市公共资源交易中心", _crumb("交易公告", "工程建设"), main, 409)
    return _sample("epoint", CENTRE, "/jygg/003001/moreinfo.html", body, found, f"{CENTRE.url}/jygg/003001/2.html")


def empire() -> Sample:
    """Pictures, a summary that names days, time and clicks below, a link 详细."""
    found = entries(10, date(2025, 11, 2), seed=410, place="白鹭镇", step=15)
    rows = "".join(
        f'<div class="item"><a class="pic" href="/dt/{e.iso}/{e.number}.html"><img src="/d/{e.number}.jpg" width="120"></a><h3><a href="/dt/{e.iso}/{e.number}.html">{e.title}</a></h3><p>2026年10月1日前完成整改，现将有关情况公布如下……<a href="/dt/{e.iso}/{e.number}.html">[详细]</a></p><div class="info">{e.iso} 10:2{n} &nbsp; 阅读(3{n}) &nbsp; 赞({n})</div></div>'
        for n, e in enumerate(found)
    )
    main = f"<div class='newslist'>{rows}</div><div class='epages'><b>1</b> <a href='/dt/index_2.html'>2</a> <a href='/dt/index_2.html'>下一页</a></div>"
    return _sample(
        "empire",
        TOWN,
        "/dt/",
        soup(TOWN, "白鹭镇人民政府", _crumb("工作动态", "工作动态"), main, 410),
        found,
        f"{TOWN.url}/dt/index_2.html",
    )


def dede() -> Sample:
    """A link to the category before every title."""
    found = entries(20, date(2026, 2, 27), seed=411, place="白鹭镇", step=11)
    rows = "".join(
        f'<li>[<b><a href="/a/dt/">工作动态</a></b>] <a href="/a/dt/{e.day:%Y/%m%d}/{e.number}.html" class="title">{e.title}</a> <span class="info"><small>日期：</small>{e.iso} 09:31:22 <small>点击：</small>18</span></li>'
        for e in found
    )
    main = f"<ul class='e2'>{rows}</ul><div class='dede_pages'><ul class='pagelist'><li class='thisclass'>1</li><li><a href='list_3_2.html'>2</a></li><li><a href='list_3_2.html'>下一页</a></li><li><span class='pageinfo'>共 <strong>12</strong>页<strong>232</strong>条</span></li></ul></div>"
    return _sample(
        "dede",
        TOWN,
        "/a/dt/",
        tables(TOWN, "工作动态_白鹭镇人民政府", _crumb("工作动态", "工作动态"), main, 411, charset="utf-8"),
        found,
        f"{TOWN.url}/a/dt/list_3_2.html",
    )


def tiangong() -> Sample:
    """Lists of five with rules between, times in front."""
    found = entries(25, date(2026, 4, 8), seed=412, place="澜江县", step=1)
    lists = "<hr>".join(
        "<ul class='l5'>"
        + "".join(
            f"<li><span>[{e.iso} 16:35]</span> <a href='/staticpages/{e.day:%Y%m%d}/newgx{e.number}.shtml'>{e.title}</a></li>"
            for e in found[n : n + 5]
        )
        + "</ul>"
        for n in range(0, 25, 5)
    )
    main = f"<div class='morelist'>{lists}</div><div class='pg'><a href='002-2.shtml'>下一页</a></div>"
    return _sample(
        "tiangong",
        COUNTY,
        "/staticmores/002/002-1.shtml",
        mega(COUNTY, "澜江要闻", _crumb("政务动态", "澜江要闻"), main, 412),
        found,
        f"{COUNTY.url}/staticmores/002/002-2.shtml",
    )


def jeecms() -> Sample:
    """Titles and days in character references, padded with U+3000 and NBSP; buttons turn the page."""
    found = entries(20, date(2026, 1, 16), seed=413, place="澜江市", step=8)

    def coded(text: str) -> str:
        return "".join(f"&#{ord(c)};" for c in text)

    rows = "".join(
        f'<li>　<span class="date">&nbsp;{coded(e.iso)}&nbsp;</span><a href="/tzgg/{e.number}.jhtml">　{coded(e.title)}&#32;&#12288;</a></li>'
        for e in found
    )
    main = f"<div class='w-list'><ul>{rows}</ul></div><div>共632条记录 1/32页 <input type='button' value='下一页' onclick=\"location.href=encodeURI('index_2.jhtml');\"></div>"
    return _sample(
        "jeecms",
        BUREAU,
        "/tzgg/index.jhtml",
        platform(BUREAU, "通知公告-澜江市生态环境局", _crumb("通知公告", "通知公告"), main, 413),
        found,
        f"{BUREAU.url}/tzgg/index_2.jhtml",
    )


def struts() -> Sample:
    """Entries on top by a picture; the pager posts a form."""
    found = entries(17, date(2026, 10, 15), seed=414, place="云岭市", step=6)
    old = entries(3, date(2023, 5, 4), seed=415, place="云岭市")
    rows = "".join(
        f"<tr><td><img src='/i/{'top' if e in old else 'dot'}.gif' {'alt=置顶' if e in old else ''}></td><td><a href='articledetail.action?id={e.number}' target='_blank'>{e.title}</a></td><td>{e.iso}</td></tr>"
        for e in (*old, *found)
    )
    main = (
        f"<table class='lb'>{rows}</table><form name='listForm' action='articlecolumn.action' method='post'><input type='hidden' name='columnId' value='31'><input type='hidden' name='currentPage' value='1'></form>"
        "<script>function toPage(n){document.listForm.currentPage.value=n;document.listForm.submit();}</script><div>共 214 条 第 1/11 页 <a href='javascript:toPage(2)'>下一页</a></div>"
    )
    return _sample(
        "struts",
        CENTRE,
        "/articlecolumn.action?columnId=31",
        tables(CENTRE, "政策法规", _crumb("政策法规", "政策法规"), main, 414, charset="utf-8"),
        [*old, *found],
        "",
    )


def twice() -> Sample:
    """Every entry for desktop and phone, and the margin the same."""
    found = entries(15, date(2026, 9, 3), seed=416, place="云岭市", step=4)
    rows = "".join(
        f'<div class="row item"><div class="hidden-xs"><a href="/c/{e.iso}/{e.number}.shtml" title="{e.title}">• {e.title}</a><span class="pull-right">{e.iso}</span></div><div class="visible-xs"><div class="dd"><p>{e.day:%d}</p><p>{e.day:%Y-%m}</p></div><a href="/c/{e.iso}/{e.number}.shtml">{e.title}</a></div></div>'
        for e in found
    )
    main = f"<div class='list-wrap'>{rows}</div><ul class='pagination'><li class='active'><span>1</span></li><li><a href='index_2.shtml'>2</a></li><li><a href='index_2.shtml'>下一页</a></li></ul>"
    return _sample(
        "twice",
        CENTRE,
        "/xygs/index.shtml",
        campus(CENTRE, "信用公示", (("首页", "/"), ("信用公示", "")), main, 416),
        found,
        f"{CENTRE.url}/xygs/index_2.shtml",
    )


def pictures() -> Sample:
    """Cards: a picture, a caption that names a day, the day of publication in a layer over the picture."""
    found = entries(12, date(2026, 8, 30), seed=417, place="澜江市", step=9)
    rows = "".join(
        f'<div class="card"><a href="/hjyw/tpxw/{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html"><img src="./W0{e.number}.jpg" alt="{e.title}"><div class="mask">{e.iso}</div><p>{e.title}</p></a></div>'
        for e in found
    )
    main = f"<div class='pic-list clearfix'>{rows}</div><div class='page'><a href='index_1.html'>下一页</a></div>"
    return _sample(
        "pictures",
        BUREAU,
        "/hjyw/tpxw/index.html",
        platform(BUREAU, "图片新闻-澜江市生态环境局", _crumb("环境要闻", "图片新闻"), main, 417),
        found,
        f"{BUREAU.url}/hjyw/tpxw/index_1.html",
    )


def asp() -> Sample:
    """One table an entry, ``[2014-1-6]`` in a font, GB2312."""
    found = entries(22, date(2014, 1, 26), seed=418, place="白鹭镇", step=14)
    rows = "".join(
        f"<table width=96% align=center><tr><td height=25 class=dash><img src=/i/a.gif> <a href='Show.asp?ID={e.number}' title='{e.title}' target=_blank>{e.title}</a> <font color=#999999>[{e.day.year}-{e.day.month}-{e.day.day}]</font></td></tr></table>"
        for e in found
    )
    main = f"{rows}<form method=get action='list.asp'>共 <b>189</b> 条 页次：<strong><font color=red>1</font>/9</strong>页 首页 上一页 <a href='list.asp?id=5&page=2'>下一页</a> <a href='list.asp?id=5&page=9'>尾页</a> 转到：<input name=page size=3></form>"
    return _sample(
        "asp",
        TOWN,
        "/list.asp?id=5",
        tables(TOWN, "白鹭镇人民政府", _crumb("工作动态", "工作动态"), main, 418),
        found,
        f"{TOWN.url}/list.asp?id=5&page=2",
        "gb18030",
    )


def samples() -> list[Sample]:
    return [trs(), guangdong(), siteserver(), vsb(), webplus(), hanweb(), jpaas_saved(), ucap(), epoint(), empire(), dede(), tiangong(), jeecms(), struts(), twice(), pictures(), asp()]  # fmt: skip
