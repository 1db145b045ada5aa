"""Empire, DedeCMS, Tiangong, jeecms, struts and lists printed twice."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date

from family_pages.content import Entry, Sample, Want, entries, listed, prose
from family_pages.layout import div_page, hot_news, menu_of, modern_page, table_page

MENU = menu_of("首页=/ 单位概况=/dwgk/ 工作动态=/gzdt/ 通知公告=/tzgg/ 政策法规=/zcfg/ 党建工作=/djgz/ 下载专区=/xzzq/")
FOOT = "<p>版权所有：望川县科学技术协会　地址：望川县人民路1号</p><p>皖ICP备12000456号-1</p>"
CRUMB = (("首页", "/"), ("通知公告", "/tzgg/"))


def _day(entry: Entry) -> str:
    return f"{entry.day:%Y/%m%d}"


def empire() -> Sample:
    """Link, summary, second link 详情 to the same page; numbers from 1; one title on all pages."""
    site, found = "http://www.wckx.example.org.cn", entries(10, date(2025, 9, 19), seed=120, place="望川县")
    rows = "".join(
        f'<dl class="news"><dt><a href="/tzgg/{e.iso}/{e.number}.html">{e.title}</a></dt><dd>为深入贯彻落实有关部署，定于2027年1月10日前完成申报工作，现将有关事项通知如下……'
        f'<a href="/tzgg/{e.iso}/{e.number}.html" class="more">[ 详情 ]</a></dd><dd class="t"><span id="time">{e.iso}</span> 阅读(<script src="/e/public/ViewClick/?id={e.number}"></script>)</dd></dl>'
        for e in found
    )
    pager = '<div class="epages"><a title="Total record">&nbsp;<b>86</b> </a>&nbsp;&nbsp;<b>1</b>&nbsp;<a href="/tzgg/index_2.html">2</a>&nbsp;<a href="/tzgg/index_2.html">下一页</a>&nbsp;<a href="/tzgg/index_9.html">尾页</a></div>'
    body = div_page(
        "望川县科学技术协会",
        MENU,
        CRUMB,
        f'<div class="list">{rows}</div>{pager}',
        FOOT,
        side=f"<ul>{hot_news(121)}</ul>",
    ).encode()
    return Sample("empire", "list", f"{site}/tzgg/", body, listed(found, next_url=f"{site}/tzgg/index_2.html"))


def empire_article() -> Sample:
    title = "关于征集2026年全国科普日活动方案的通知"
    main = f'<div class="con"><h2>{title}</h2><div class="sub">望川县科协 2026-05-14 08:30:00 阅读 <span>88</span></div><div class="text">{prose(122)}</div><div class="xg"><b>相关链接</b><ul>{hot_news(123)}</ul></div></div>'
    body = div_page("望川县科学技术协会", MENU, CRUMB, main, FOOT).encode()
    return Sample(
        "empire",
        "article",
        "http://www.wckx.example.org.cn/tzgg/2026-05-14/2231.html",
        body,
        Want(("article",), is_article=True, title=title, published="2026-05-14"),
    )


def dede() -> Sample:
    site, found = "http://www.qhsl.example.gov.cn", entries(15, date(2024, 7, 8), seed=124)
    rows = "".join(
        f'<li><b>{e.iso}</b><a href="/a/tzgg/{_day(e)}/{e.number}.html" class="title">{e.title}</a></li>' for e in found
    )
    pager = (
        '<div class="dede_pages"><ul class="pagelist"><li>首页</li><li class="thisclass">1</li><li><a href="list_166_2.html">2</a></li><li><a href="list_166_2.html">下一页</a></li><li><a href="list_166_7.html">末页</a></li>'
        '<li><span class="pageinfo">共 <strong>7</strong>页<strong>98</strong>条</span></li></ul></div>'
    )
    body = modern_page(
        "通知公告_青禾县水利局", MENU, CRUMB, f'<div class="listbox"><ul class="e2">{rows}</ul></div>{pager}', FOOT
    ).encode()
    return Sample(
        "dede", "list", f"{site}/a/tzgg/list_166_1.html", body, listed(found, next_url=f"{site}/a/tzgg/list_166_2.html")
    )


def dede_cards() -> Sample:
    """One list per entry, the day among clicks."""
    found = entries(8, date(2023, 3, 30), seed=125)
    rows = "".join(
        f'<ul class="list"><li class="t"><a href="/a/gzdt/{_day(e)}/{e.number}.html" class="title">{e.title}</a></li><li class="i">发布时间：{e.iso} 18:30:57 点击：{n * 7} 好评：0</li><li class="intro">各乡镇水利站、局属各单位：现将有关工作安排如下……</li></ul>'
        for n, e in enumerate(found)
    )
    body = modern_page(
        "工作动态_青禾县水利局",
        MENU,
        (("首页", "/"), ("工作动态", "/a/gzdt/")),
        f'<div class="listbox">{rows}</div>',
        FOOT,
        side=f"<ul>{hot_news(126)}</ul>",
    ).encode()
    return Sample("dede", "cards", "http://www.qhsl.example.gov.cn/a/gzdt/", body, listed(found))


def dede_blank() -> Sample:
    main = '<div class="listbox"><ul class="e2"></ul></div><div class="dede_pages"><ul class="pagelist"><li><span class="pageinfo">共 <strong>0</strong>页<strong>0</strong>条记录</span></li></ul></div>'
    body = modern_page(
        "政策法规_青禾县水利局", MENU, (("首页", "/"), ("政策法规", "")), main, FOOT, side=f"<ul>{hot_news(127)}</ul>"
    ).encode()
    return Sample("dede", "blank", "http://www.qhsl.example.gov.cn/a/zcfg/", body, Want(("listing",), 0))


def dede_article() -> Sample:
    title = "青禾县水利局关于白龙水库除险加固工程竣工验收的公告"
    main = f'<div class="viewbox"><div class="title"><h2>{title}</h2></div><div class="info"><small>时间:</small>2024-06-21 10:25<small>来源:</small>未知 <small>作者:</small>admin <small>点击:</small>73次</div><div class="content">{prose(128)}</div><div class="context"><ul><li>上一篇：<a href="/a/1.html">工程建设进展</a></li></ul></div></div>'
    body = modern_page(f"{title}_通知公告_青禾县水利局", MENU, CRUMB, main, FOOT).encode()
    return Sample(
        "dede",
        "article",
        "http://www.qhsl.example.gov.cn/a/tzgg/2024/0621/388.html",
        body,
        Want(("article",), is_article=True, title=title, published="2024-06-21"),
    )


def tiangong() -> Sample:
    """Cut into lists of five, times in brackets before the link, one entry dated in 2000 by mistake."""
    found = entries(20, date(2019, 5, 20), seed=130, place="望川县")
    found[13] = Entry(found[13].title, date(2000, 11, 30), found[13].number)
    parts = [found[n : n + 5] for n in range(0, 20, 5)]
    lists = "".join(
        '<ul class="list14">'
        + "".join(
            f'<li><span>[{e.iso} 16:35]</span><a href="/staticpages/{e.day:%Y%m%d}/newgx{e.number}.shtml" target="_blank">{e.title}</a></li>'
            for e in part
        )
        + "</ul>"
        for part in parts
    )
    pager = '<div class="page"><a href="/staticmores/003/003-2.shtml">下一页</a></div>'
    body = div_page(
        "望川县要闻",
        MENU,
        (("首页", "/"), ("要闻", "")),
        f'<div class="more-list">{lists}</div>{pager}',
        FOOT,
        side=f"<ul>{hot_news(131, '2019-06-11')}</ul>",
    ).encode()
    site = "http://wc.gxnews.example.com.cn"
    return Sample(
        "tiangong",
        "fives",
        f"{site}/staticmores/003/003-1.shtml",
        body,
        listed(found, next_url=f"{site}/staticmores/003/003-2.shtml"),
    )


def jeecms() -> Sample:
    """Titles in character references; the pager a button with a script."""
    site, found = "http://www.bhfgw.example.gov.cn", entries(20, date(2026, 7, 14), seed=132, place="白鹤县")
    rows = "".join(
        f'<li><span class="date">{e.day:%Y年%m月%d日}</span><a href="/tzgg/{e.number}.jhtml" title="{"".join(f"&#{ord(c)};" for c in e.title)}">{"".join(f"&#{ord(c)};" for c in e.title)}</a></li>'
        for e in found
    )
    pager = "<div>共632条记录 1/28页 <input type='button' value='首页' disabled/><input type='button' value='下一页' onclick=\"location.href=encodeURI('index_2.jhtml');\"/><input type='button' value='尾页' onclick=\"location.href=encodeURI('index_28.jhtml');\"/></div>"
    body = div_page(
        "通知公告-白鹤县发展和改革委员会", MENU, CRUMB, f'<ul class="c1-bline">{rows}</ul>{pager}', FOOT
    ).encode()
    return Sample(
        "jeecms", "list", f"{site}/tzgg/index.jhtml", body, listed(found, next_url=f"{site}/tzgg/index_2.jhtml")
    )


def jeecms_article() -> Sample:
    title = "白鹤县2026年第二季度重大项目进展情况"
    main = f'<div class="d-title"><h1>{"".join(f"&#{ord(c)};" for c in title)}</h1></div><div class="msgbar">发布时间：&#50;026-07-14 09:12 来源：投资股 作者：&nbsp;&nbsp; 浏览次数：<span id="views"></span></div><div class="content">{prose(133)}</div>'
    body = div_page(f"{title}-白鹤县发展和改革委员会", MENU, CRUMB, main, FOOT).encode()
    return Sample(
        "jeecms",
        "article",
        "http://www.bhfgw.example.gov.cn/tzgg/10422.jhtml",
        body,
        Want(("article",), is_article=True, title=title, published="2026-07-14"),
    )


def struts() -> Sample:
    """``goToPageURL(n)`` posts a form; entries on top are marked 置顶：."""
    site, found = "http://www.qhzjj.example.gov.cn", entries(18, date(2026, 6, 30), seed=134)
    old = entries(2, date(2024, 1, 5), seed=135)
    rows = "".join(
        f'<tr><td class="tdw1">·{"<font color=red>置顶：</font>" if e in old else ""}<a href="articledetail.action?articleid={e.number}" target="_blank">{e.title}</a></td><td class="tdw2">{e.iso}</td></tr>'
        for e in (*old, *found)
    )
    pager = (
        '<form name="pageForm" action="articlecolumn.action" method="post"><input type="hidden" name="columnid" value="31"><input type="hidden" name="pageNo" value="1"></form>'
        '共 <font>214</font> 条 第 1/11 页 <a href="javascript:goToPageURL(1)">首页</a> <a href="javascript:goToPageURL(2)">下一页</a> <a href="javascript:goToPageURL(11)">尾页</a>'
    )
    body = table_page(
        "青禾县住房和城乡建设局", MENU, CRUMB, f"<table class='tablelist'>{rows}</table>{pager}", FOOT, charset="utf-8"
    ).encode()
    return Sample("struts", "list", f"{site}/articlecolumn.action?columnid=31", body, listed([*old, *found]))


def framed() -> Sample:
    """The list stands in an iframe; here only the frame is to be seen."""
    main = '<h2>通知公告</h2><iframe src="show-info-list-index-31.html" width="100%" height="900" frameborder="0"></iframe>'
    body = div_page("通知公告-云岭市科技项目网上申报系统", MENU, CRUMB, main, FOOT).encode()
    return Sample(
        "egrantweb",
        "iframe",
        "http://kjxm.yunling.example.gov.cn/egrantweb/tzgg.html",
        body,
        Want(("other", "shell", "section")),
    )


def frame_inside() -> Sample:
    """What that iframe holds: a bare table with a pager that posts."""
    found = entries(20, date(2026, 10, 21), seed=136, place="云岭市")
    rows = "".join(
        f'<tr><td><a href="show-info-detail-{e.number}.html" target="_blank">{e.title}</a></td><td nowrap>{e.iso}</td></tr>'
        for e in found
    )
    text = f"<html><head><meta charset='utf-8'><title></title></head><body><table>{rows}</table><div>共 74 条 <a href='show-info-list-index-31-2.html'>下一页</a></div></body></html>"
    return Sample(
        "egrantweb",
        "frame-list",
        "http://kjxm.yunling.example.gov.cn/egrantweb/show-info-list-index-31.html",
        text.encode(),
        listed(found, next_url="http://kjxm.yunling.example.gov.cn/egrantweb/show-info-list-index-31-2.html"),
    )


def printed_twice() -> Sample:
    """Every entry for desktop and for phones, and a margin of the same make."""
    site, found = "http://www.yltc.example.gov.cn", entries(20, date(2026, 1, 23), seed=137, place="云岭市")
    rows = "".join(
        f'<li><a class="hidden-xs" href="/c/{e.iso}/{e.number}.shtml">• {e.title}</a><span class="hidden-xs">{e.iso}</span><a class="visible-xs" href="/c/{e.iso}/{e.number}.shtml">'
        f"<i>{e.day:%d}</i><em>{e.day:%Y-%m}</em>{e.title}</a></li>"
        for e in found
    )
    margin = "".join(
        f'<li><a href="/c/{e.iso}/{e.number}.shtml">• {e.title}</a><span>{e.iso}</span></li>'
        for e in entries(6, date(2026, 11, 1), seed=138)
    )
    pager = '<ul class="pagination"><li class="active"><a href="#">1</a></li><li><a href="index_2.shtml">2</a></li><li><a href="index_3.shtml">3</a></li><li><a href="index_2.shtml">&raquo;</a></li></ul>'
    body = modern_page(
        "公告_云岭市体彩中心",
        MENU,
        CRUMB,
        f'<ul class="news-list">{rows}</ul>{pager}',
        FOOT,
        side=f'<ul class="news-list">{margin}</ul>',
    ).encode()
    return Sample("twice", "list", f"{site}/gg/index.shtml", body, listed(found, next_url=f"{site}/gg/index_2.shtml"))


def samples() -> list[Sample]:
    return [
        empire(),
        empire_article(),
        dede(),
        dede_cards(),
        dede_blank(),
        dede_article(),
        tiangong(),
        jeecms(),
        jeecms_article(),
        struts(),
        framed(),
        frame_inside(),
        printed_twice(),
    ]
