"""Epoint (public resource exchanges) and other tables: headed columns, template rows, shells fed by scripts."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date

from family_pages.content import Sample, Want, entries, listed, prose
from family_pages.layout import div_page, hot_news, menu_of, modern_page, table_page

SITE = "http://ggzy.yunling.example.gov.cn"
MENU = menu_of(
    "首页=/ 通知公告=/tzgg/003/moreinfo.html 交易信息=/jyxx/tradeInfo.html 政策法规=/zcfg/004/moreinfo.html 办事指南=/bszn/005/moreinfo.html 下载中心=/xzzx/006/moreinfo.html"
)
FOOT = "<p>主办单位：云岭市公共资源交易中心　技术支持：某软件股份有限公司</p><p>ICP备案编号：滇ICP备13026484　Copyright © 2016-2026</p>"
UNFILLED = (("SiteName", "网站名称"), ("SiteIDCode", "政府网站标识码"), ("SiteDomain", "网站域名"))


def _page(name: str, main: str) -> bytes:
    return div_page(
        f"{name}-云岭市公共资源交易中心",
        MENU,
        (("首页", "/"), ("交易信息", "/jyxx/tradeInfo.html"), (name, "")),
        main,
        FOOT,
        metas=UNFILLED,
    ).encode()


def headed_table() -> Sample:
    """序号, 标题, 发布时间; an empty template table with the same head stands before it."""
    found = entries(15, date(2026, 11, 6), seed=100, place="云岭市")
    rows = "".join(
        f'<tr class="ewb-tr"><td>{n}</td><td><a href="/jyxx/003001/003001001/{e.day:%Y%m%d}/3f2b1a{e.number}-77aa-4c1d-9e00-0123456789ab.html" title="{e.title}">{e.title[:24]}</a></td>'
        f"<td>云岭市本级</td><td>{e.iso}</td></tr>"
        for n, e in enumerate(found, 1)
    )
    top = "<tr><th>序号</th><th>标题</th><th>所属地区</th><th>发布时间</th></tr>"
    main = (
        f'<table class="tpl" style="display:none">{top}</table><table class="ewb-table">{top}{rows}</table><div class="pager"><span>共 2345 条 1/157 页</span>'
        '<a href="javascript:goPage(2)">下一页</a></div>'
    )
    return Sample("epoint", "table", f"{SITE}/jyxx/003001/tradeInfo.html", _page("工程建设", main), listed(found))


def more_info() -> Sample:
    found = entries(20, date(2025, 1, 17), seed=101, place="云岭市")
    rows = "".join(
        f'<li class="wb-data-list"><div class="wb-data-infor"><a href="/tzgg/003/{e.day:%Y%m%d}/0a{e.number}-1c2d-4e5f-8a9b-aabbccddeeff.html" title="{e.title}" target="_blank">{e.title}</a></div>'
        f'<span class="wb-data-date">{e.iso}</span></li>'
        for e in found
    )
    main = f'<ul class="wb-data-item">{rows}</ul><div id="page"></div><script>pagination({{total:417,pageSize:20,pageing:1}})</script>'
    return Sample("epoint", "moreinfo", f"{SITE}/tzgg/003/moreinfo.html", _page("通知公告", main), listed(found))


def ajax_shell() -> Sample:
    main = (
        '<table class="ewb-table"><tr><th>序号</th><th>标题</th><th>发布时间</th></tr><tbody id="showList"></tbody></table><div id="pager"></div>'
        "<script>function getData(i){$.ajax({url:siteInfo.projectName+'/rest/secaction/getSecInfoList',type:'post',data:{siteGuid:'7eb5f7f1',categoryNum:'003002',pageIndex:i,pageSize:15},"
        "success:function(r){render(r)}})} getData(0);</script>"
    )
    return Sample(
        "epoint",
        "shell",
        f"{SITE}/jyxx/003002/tradeInfo.html",
        _page("政府采购", main),
        Want(("shell", "other", "section")),
    )


def bid_notice() -> Sample:
    """Opening of bids, deadlines and the contract's days are printed; published is the day below the title."""
    title = "云岭市第三人民医院异地新建项目（一期）施工招标公告"
    main = (
        f'<div class="article-info"><h1>{title}</h1><p class="info-sources">【信息时间：2026/10/15 阅读次数：<span id="infoCount">12</span>】</p><div class="infocontent">'
        f"<p>招标文件获取时间：2026年10月16日至2026年10月22日</p><p>开标时间：2026年11月6日9时30分</p><p>投标截止时间：2026年11月6日</p>{prose(102)}<p>招标人：云岭市第三人民医院</p><p>2026年10月14日</p></div></div>"
    )
    body = div_page(
        title, MENU, (("首页", "/"), ("交易信息", "/jyxx/tradeInfo.html"), ("招标公告", "")), main, FOOT, metas=UNFILLED
    ).encode()
    return Sample(
        "epoint",
        "article",
        f"{SITE}/jyxx/003001/003001001/20261015/3f2b1a9c-77aa-4c1d-9e00-0123456789ab.html",
        body,
        Want(("article",), is_article=True, title=title, published="2026-10-15"),
    )


def penalties() -> Sample:
    """A table of decisions: the day of the decision and the day of its publication stand in two columns."""
    found = entries(10, date(2026, 3, 20), seed=103, place="云岭市", step=8)
    rows = "".join(
        f'<tr><td>{n}</td><td><a href="/xzcf/{e.number}.html">{e.title}</a></td><td>云市监处罚〔2026〕{n}号</td><td>2026-02-{10 - n % 9:02d}</td><td>{e.iso}</td></tr>'
        for n, e in enumerate(found, 1)
    )
    main = f"<table class='table'><thead><tr><th>序号</th><th>案件名称</th><th>决定书文号</th><th>处罚决定日期</th><th>公示日期</th></tr></thead><tbody>{rows}</tbody></table>"
    body = modern_page(
        "行政处罚-云岭市市场监督管理局",
        MENU,
        (("首页", "/"), ("双公示", "/sgs/")),
        main,
        FOOT,
        side=f"<ul>{hot_news(104)}</ul>",
    ).encode()
    return Sample("tables", "two-days", "http://scjgj.yunling.example.gov.cn/sgs/xzcf/index.html", body, listed(found))


def asp_rows() -> Sample:
    """One table per row, days in fonts and brackets, the visit counter in the footer, GBK without a declaration of its own."""
    found = entries(18, date(2019, 8, 9), seed=105, place="白鹭镇")
    rows = "".join(
        f'<table width="98%" border="0"><tr><td width="4%"><img src="images/arr.gif"></td><td width="80%"><a href="ReadNews.asp?NewsID={e.number}" class="a1">{e.title}</a></td>'
        f'<td width="16%"><font color="#999999">[{e.day.year}-{e.day.month}-{e.day.day}]</font></td></tr></table>'
        for e in found
    )
    pager = '<p align=center>共 <b>188</b> 条信息 页次：<b>1</b>/<b>11</b>页 首页 上一页 <a href="NewsList.asp?page=2&ClassID=3">下一页</a> <a href="NewsList.asp?page=11&ClassID=3">尾页</a></p>'
    side = "<tr><td background='images/hot.gif'>热点信息</td></tr>" + "".join(
        f'<tr><td><a href="ReadNews.asp?NewsID={e.number}">{e.title[:12]}</a> ({e.day:%m-%d})</td></tr>'
        for e in entries(6, date(2019, 9, 1), seed=106)
    )
    menu = menu_of(
        "首页=index.asp 镇情概况=About.asp 新闻动态=NewsList.asp?ClassID=1 政务公开=NewsList.asp?ClassID=2 通知公告=NewsList.asp?ClassID=3 在线留言=Guest.asp"
    )
    foot = "主办：白鹭镇人民政府 电话：0999-5551234<br>湘ICP备09000123号 您是第 20260118 位访客 建议使用1024×768分辨率"
    text = table_page(
        "白鹭镇人民政府--通知公告", menu, (("首页", "index.asp"), ("通知公告", "")), rows + pager, foot, side=side
    )
    return Sample(
        "asp",
        "rows",
        "http://www.bailu.example.gov.cn/NewsList.asp?ClassID=3",
        text.encode("gbk"),
        listed(found, next_url="http://www.bailu.example.gov.cn/NewsList.asp?page=2&ClassID=3"),
    )


def asp_article() -> Sample:
    title = "白鹭镇开展汛期地质灾害隐患排查"
    main = (
        f'<table width="100%"><tr><td align="center"><font size="4"><b>{title}</b></font></td></tr><tr><td align="center" bgcolor="#F5F5F5">作者：党政办　来源：本站　点击数：531　更新时间：2019-7-3</td></tr>'
        f"<tr><td>{prose(107)}</td></tr></table>"
    )
    menu = menu_of("首页=index.asp 新闻动态=NewsList.asp?ClassID=1 政务公开=NewsList.asp?ClassID=2 在线留言=Guest.asp")
    text = table_page(
        title, menu, (("首页", "index.asp"), ("新闻动态", "")), main, "主办：白鹭镇人民政府<br>湘ICP备09000123号"
    )
    return Sample(
        "asp",
        "article",
        "http://www.bailu.example.gov.cn/ReadNews.asp?NewsID=1107",
        text.encode("gb18030"),
        Want(("article",), is_article=True, title=title, published="2019-07-03"),
    )


def samples() -> list[Sample]:
    return [headed_table(), more_info(), ajax_shell(), bid_notice(), penalties(), asp_rows(), asp_article()]
