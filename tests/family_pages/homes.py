"""Home pages: county portal, department, table site of a town, each with every mark in another form."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date, timedelta

from family_pages.content import Sample, Want, entries
from family_pages.layout import div_page, menu_of, modern_page, table_page


def _blocks(names: str, newest: date, seed: int, *, day: str = "%m-%d", tab: bool = False) -> str:
    found = ""
    for number, name in enumerate(names.split()):
        rows = "".join(
            f'<li><a href="/xw/{number}/{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html" title="{e.title}">{e.title[:22]}</a><span>{e.day.strftime(day)}</span></li>'
            for e in entries(7, newest - timedelta(days=number), seed=seed + number, place="望川县")
        )
        more = f'<a class="more" href="/xw/{number}/">更多</a>'
        heading = (
            f'<div class="hd"><ul><li class="on"><a href="/xw/{number}/">{name}</a></li></ul>{more}</div>'
            if tab
            else f"<h3>{name}</h3>{more}"
        )
        found += f'<div class="box">{heading}<div class="bd"><ul class="newslist">{rows}</ul></div></div>'
    return found


def county() -> Sample:
    menu = menu_of(
        "首页=/ 走进望川=/zjwc/(历史沿革=/zjwc/lsyg/,行政区划=/zjwc/xzqh/) 政务动态=/zwdt/(望川要闻=/zwdt/wcyw/,部门动态=/zwdt/bmdt/,公示公告=/zwdt/gsgg/) "
        "政务公开=/zwgk/(政府信息公开指南=/zwgk/zn/,财政预决算=/zwgk/czyjs/,行政许可和行政处罚等信用信息公示=/zwgk/sgs/,重大建设项目=/zwgk/zdjsxm/) 政务服务=https://zwfw.example.gov.cn/wc 互动交流=/hdjl/(县长信箱=/hdjl/xzxx/,民意征集=/hdjl/myzj/) 专题专栏=/ztzl/"
    )
    foot = (
        '<p><a href="/wzdt/">网站地图</a> | <a href="/gywm/">关于我们</a> | <a href="/lxwm/">联系我们</a></p><p>主办单位：望川县人民政府办公室&nbsp;&nbsp;承办单位：望川县电子政务中心</p>'
        '<p>备案序号：<a href="http://beian.miit.gov.cn">皖ICP备19007654号-1</a>&nbsp;网站标识码：3499230021&nbsp;<img src="/ga.png">皖公网安备 34992302000011号</p><p>联系电话：0555-0000000</p>'
        '<script src="https://zfwzgl.example.gov.cn/exposure/jiucuo.js"></script><span id="_span_jiucuo"></span>'
    )
    body = div_page(
        "望川县人民政府",
        menu,
        (),
        f'<div class="slide"></div>{_blocks("望川要闻 部门动态 公示公告 政策文件", date(2026, 11, 18), 300)}',
        foot,
        metas=(("SiteName", "望川县人民政府"), ("SiteIDCode", "3499230021")),
    ).encode()
    want = Want(
        ("home",),
        columns=("走进望川", "政务动态", "政务公开", "政务服务", "互动交流", "专题专栏"),
        sub_columns=(
            "历史沿革",
            "行政区划",
            "望川要闻",
            "部门动态",
            "公示公告",
            "政府信息公开指南",
            "财政预决算",
            "行政许可和行政处罚等信用信息公示",
            "重大建设项目",
            "县长信箱",
            "民意征集",
            "政策文件",
            "网站地图",
            "关于我们",
            "联系我们",
        ),
        code="3499230021",
        icp="皖ICP备19007654号-1",
        organizer="望川县人民政府办公室",
    )
    return Sample("homes", "county", "http://www.wangchuan.example.gov.cn/", body, want)


def department() -> Sample:
    """Footer without 主办; the code without a colon; an ICP number without 号; a comment with another code."""
    menu = menu_of(
        "网站首页=/index.html 机构概况=/jggk/ 工作动态=/gzdt/ 通知公告=/tzgg/ 信息公开=/xxgk/ 财政信息=/czxx/ 双公示=/sgs/ 公众互动=/gzhd/"
    )
    foot = "<div>版权所有：青禾县生态环境局 地址：青禾县滨河路9号</div><div>ICP备案编号：晋ICP备11021833</div><!-- 网站标识码：1400009999 --><div>网站标识码1499230044 晋公网安备14992302000044号</div>"
    body = modern_page(
        "青禾县生态环境局",
        menu,
        (),
        _blocks("工作动态 通知公告 环境质量", date(2026, 11, 12), 310, day="%Y-%m-%d", tab=True),
        foot,
    ).encode()
    want = Want(
        ("home",),
        columns=("机构概况", "工作动态", "通知公告", "信息公开", "财政信息", "双公示", "公众互动"),
        sub_columns=("环境质量",),
        code="1499230044",
        icp="晋ICP备11021833",
        organizer="青禾县生态环境局",
    )
    return Sample("homes", "department", "http://sthjj.qinghe.example.gov.cn/index.html", body, want)


def town() -> Sample:
    """A table site in GB2312: the menu a row of cells, blocks in tables, 主办 broken by blanks."""
    menu = menu_of(
        "首 页=index.asp".replace("首 页", "首页")
        + " 镇情概况=gk.asp 政务动态=dt.asp 通知公告=gg.asp 招商引资=zs.asp 便民服务=bm.asp 领导信箱=xx.asp"
    )
    blocks = ""
    for number, name in enumerate(("政务动态", "通知公告")):
        rows = "".join(
            f'<tr><td>·<a href="show.asp?id={e.number}">{e.title[:20]}</a></td><td width=60>{e.day.month}-{e.day.day}</td></tr>'
            for e in entries(8, date(2020, 5, 6), seed=320 + number, place="白鹭镇")
        )
        blocks += f'<table width=380 align=left><tr><td background="images/t{number}.gif"><b>{name}</b></td><td align=right><a href="{"dt" if number == 0 else "gg"}.asp"><img src="images/more.gif" alt="更多"></a></td></tr>{rows}</table>'
    foot = "主 办：白鹭镇人民政府　技术支持：某网络公司<br>地址：白鹭镇解放街1号　邮编：414000<br>湘ICP备：09000123号-2"
    text = table_page("白鹭镇人民政府", menu, (), blocks, foot, charset="gb2312")
    want = Want(
        ("home",),
        columns=("镇情概况", "政务动态", "通知公告", "招商引资", "便民服务", "领导信箱"),
        icp="湘ICP备09000123号-2",
        organizer="白鹭镇人民政府",
    )
    return Sample("homes", "town", "http://www.bailu.example.gov.cn/", text.encode("gb2312", "xmlcharrefreplace"), want)


def bureau_site_map() -> Sample:
    """A site map: every column once more, no list, no days."""
    menu = menu_of("首页=/ 机构设置=/jgsz/ 政务动态=/zwdt/ 政务公开=/zwgk/ 交流互动=/jlhd/ 专题报道=/ztbd/")
    groups = "".join(
        f'<dl><dt><a href="{url}">{name}</a></dt>'
        + "".join(f'<dd><a href="{url}c{n}/">{sub}</a></dd>' for n, sub in enumerate(subs.split()))
        + "</dl>"
        for name, url, subs in (
            ("机构设置", "/jgsz/", "领导成员 内设机构 直属单位"),
            ("政务动态", "/zwdt/", "要闻 基层动态 公告公示"),
            ("政务公开", "/zwgk/", "部门预算 部门决算 行政许可 行政处罚 政策解读"),
            ("交流互动", "/jlhd/", "局长信箱 在线访谈 意见征集"),
        )
    )
    foot = "<p>主办：云岭市文化和旅游局　陕ICP备06000777号-1　政府网站标识码：6199000031</p>"
    body = div_page(
        "网站地图-云岭市文化和旅游局",
        menu,
        (("首页", "/"), ("网站地图", "")),
        f'<div class="sitemap">{groups}</div>',
        foot,
    ).encode()
    want = Want(
        ("section", "catalogue", "other"),
        columns=("机构设置", "政务动态", "政务公开", "交流互动", "专题报道"),
        sub_columns=(
            "领导成员",
            "内设机构",
            "直属单位",
            "要闻",
            "基层动态",
            "公告公示",
            "部门预算",
            "部门决算",
            "行政许可",
            "行政处罚",
            "政策解读",
            "局长信箱",
            "在线访谈",
            "意见征集",
        ),
        code="6199000031",
        icp="陕ICP备06000777号-1",
        organizer="云岭市文化和旅游局",
    )
    return Sample("homes", "site-map", "http://wlj.yunling.example.gov.cn/wzdt/index.html", body, want)


def samples() -> list[Sample]:
    return [county(), department(), town(), bureau_site_map()]
