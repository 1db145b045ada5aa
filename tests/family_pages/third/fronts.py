"""Home pages, section pages and disclosure platforms of whole portals."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date, timedelta

from family_pages.content import Sample, Want, entries
from family_pages.third.frames import Site, cells_page, flat_page, fresh, menu_lines, panel_page
from family_pages.third.lists import TREE
from family_pages.third.places import BUREAU, CITY, COUNTY, ENGLISH, TOWN

FOOT_LINKS = ("网站地图", "关于我们", "联系我们", "隐私声明")


def block(name: str, url: str, seed: int, *, day: str = "%m-%d", count: int = 7) -> str:
    rows = "".join(
        f'<li><a href="{url}{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html" title="{e.title}">{e.title}</a><span>{e.day.strftime(day)}</span></li>'
        for e in entries(count, date(2026, 11, 18) - timedelta(days=seed % 5), seed=seed)
    )
    return f'<div class="blk"><div class="tit"><h2><a href="{url}">{name}</a></h2><a class="more" href="{url}">更多&gt;&gt;</a></div><ul class="ul">{rows}</ul></div>'


def tabs(pairs: list[tuple[str, str]], seed: int) -> str:
    heads = "".join(
        f'<li id="t{seed}{n}" onmouseover="setTab(\'t{seed}\',{n},{len(pairs)})"><a href="{url}">{name}</a></li>'
        for n, (name, url) in enumerate(pairs, 1)
    )
    panes = "".join(
        f'<div id="con_t{seed}_{n}"{" style=display:none" if n > 1 else ""}><ul>'
        + "".join(
            f'<li><a href="{url}{e.number}.html">{e.title}</a><i>{e.day:%m-%d}</i></li>'
            for e in entries(6, date(2026, 11, 17), seed=seed + n)
        )
        + "</ul></div>"
        for n, (_, url) in enumerate(pairs, 1)
    )
    return f'<div class="tab"><div class="hd"><ul>{heads}</ul></div><div class="bd">{panes}</div></div>'


def _want(
    site: Site,
    page: tuple[str, ...],
    subs: tuple[str, ...] = (),
    budget: bool = False,
    publicity: bool = False,
    complete: bool = True,
) -> Want:
    return Want(
        page,
        columns=site.names,
        sub_columns=site.subs + FOOT_LINKS + subs,
        is_complete=complete,
        code=site.code,
        icp=site.icp,
        organizer=site.organizer,
        budget=budget,
        double_publicity=publicity,
    )


def city_home() -> Sample:
    slides = "".join(
        f'<li><a href="/xwzx/tp/{n}.html"><img src="/s{n}.jpg" alt="云岭风光之{n}"></a><p>云岭市举行重点项目集中签约仪式（第{n}场）</p></li>'
        for n in range(5)
    )
    quick = "".join(
        f'<a href="/fw/{n}/"><i class="i{n}"></i><span>{name}</span></a>'
        for n, name in enumerate(("社保查询", "公积金查询", "违章查询", "不动产登记", "就医挂号", "水电气缴费"))
    )
    main = f'<div class="slide">{slides}</div>{tabs([("云岭要闻", "/xwzx/l1/"), ("部门动态", "/xwzx/l2/"), ("区县动态", "/xwzx/l3/")], 700)}{block("政策文件", "/zwgk/l6/", 710)}{block("政策解读", "/zwgk/l7/", 711)}<div class="quick">{quick}</div>{block("回应关切", "/hdjl/l5/", 712)}'
    want = _want(
        CITY,
        ("home",),
        ("云岭要闻", "社保查询", "公积金查询", "违章查询", "不动产登记", "就医挂号", "水电气缴费"),
        True,
        True,
    )
    return Sample(
        "fronts", "city", f"{CITY.host}/", panel_page(CITY, "云岭市人民政府门户网站", (), main).encode(), want
    )


def county_home() -> Sample:
    main = (
        block("望川要闻", "/zwzx/l1/", 720, day="%Y-%m-%d")
        + block("乡镇动态", "/zwzx/l2/", 721)
        + block("通知公告", "/zwzx/l3/", 722)
        + block("政府文件", "/xxgk/zfwj/", 723)
    )
    key = "".join(
        f'<li><a href="/xxgk/zdly/{n}/">{name}</a></li>'
        for n, name in enumerate(("财政预决算", "扶贫领域", "社会救助", "征地拆迁", "安全生产"))
    )
    main += f'<div class="zdly"><h2>重点领域信息公开</h2><ul class="grid">{key}</ul></div>'
    want = _want(
        COUNTY,
        ("home",),
        ("政府文件", "重点领域信息公开", "财政预决算", "扶贫领域", "社会救助", "征地拆迁", "安全生产"),
        True,
        False,
    )
    return Sample("fronts", "county", f"{COUNTY.host}/", flat_page(COUNTY, "望川县人民政府", (), main).encode(), want)


def town_home() -> Sample:
    rows = "".join(
        f'<tr><td>·<a href="show.asp?id={e.number}">{e.title[:22]}</a></td><td>[{e.day:%m-%d}]</td></tr>'
        for e in entries(8, date(2026, 9, 9), seed=730, place="白鹭镇")
    )
    second = "".join(
        f'<tr><td>·<a href="show.asp?id={e.number}">{e.title[:22]}</a></td><td>[{e.day:%m-%d}]</td></tr>'
        for e in entries(8, date(2026, 8, 9), seed=731, place="白鹭镇")
    )
    main = f'<table><tr><td><table><tr><td background=images/b1.gif><b>镇村要闻</b></td><td><a href="xw.asp?c=1"><img src=images/more.gif alt=更多></a></td></tr>{rows}</table></td><td><table><tr><td><b>通知公告</b></td><td><a href="xw.asp?c=2">more...</a></td></tr>{second}</table></td></tr></table>'
    body = cells_page(TOWN, "白鹭镇人民政府", (), main, charset="gb2312").replace("&nbsp;您当前的位置：", "&nbsp;")
    return Sample("fronts", "town", f"{TOWN.host}/", body.encode("gb18030"), _want(TOWN, ("home",), (), True, False))


def bureau_home() -> Sample:
    main = (
        tabs([("工作动态", "/czyw/l1/"), ("区县财政", "/czyw/l2/")], 740)
        + block("通知公告", "/tzgg/", 743)
        + block("财税政策", "/zcfg/l1/", 744)
        + '<div class="topics"><h2>专题专栏</h2><a href="/zt/1/"><img src="/zt1.jpg" alt="学习贯彻二十届四中全会精神"></a><a href="/zt/2/"><img src="/zt2.jpg" alt="惠民惠农补贴“一卡通”"></a></div>'
    )
    want = _want(BUREAU, ("home",), ("专题专栏", "学习贯彻二十届四中全会精神", "惠民惠农补贴“一卡通”"), True, False)
    return Sample(
        "fronts", "bureau", f"{BUREAU.host}/index.html", panel_page(BUREAU, "云岭市财政局", (), main).encode(), want
    )


def english_home() -> Sample:
    main = "".join(
        f'<div class="sec"><h2>{name}</h2><ul>'
        + "".join(
            f'<li><a href="/{name.lower()}/c{n}.html">Yunling {word}</a><span>Nov {n}, 2026</span></li>'
            for n, word in enumerate(("opens a park", "hosts a fair", "cuts fees", "plants trees", "trains nurses"), 10)
        )
        + "</ul></div>"
        for name in ("News", "Business")
    )
    want = Want(
        ("home",),
        columns=ENGLISH.names,
        sub_columns=ENGLISH.subs,
        code=None,
        icp="陕ICP备05000001号-3",
        organizer="General Office of Yunling Municipal People's Government",
        budget=False,
        double_publicity=False,
    )
    return Sample(
        "fronts",
        "english",
        f"{ENGLISH.host}/",
        flat_page(ENGLISH, "The People's Government of Yunling", (), main, lang="en").encode(),
        want,
    )


def picture_menu() -> Sample:
    """A menu of pictures whose names stand in alt; the text menu below belongs to the footer."""
    names = (
        ("新闻动态", "news.html"),
        ("公示公告", "gg.html"),
        ("政策法规", "fg.html"),
        ("信息公开", "gk.html"),
        ("办事指南", "zn.html"),
    )
    menu = "".join(
        f'<td><a href="{url}"><img src="images/nav_{n}.gif" alt="{name}" border=0></a></td>'
        for n, (name, url) in enumerate(names)
    )
    site = Site(
        "鹿鸣县档案局",
        "http://daj.luming.example.gov.cn",
        (),
        "鹿鸣县档案局主办　鹿鸣县信息中心承办<br>湘ICP备11000444号",
        organizer="鹿鸣县档案局",
        icp="湘ICP备11000444号",
    )
    body = cells_page(
        site,
        "鹿鸣县档案局",
        (),
        f"<table><tr>{menu}</tr></table>{block('新闻动态', 'news/', 750)}{block('公示公告', 'gg/', 751)}",
        charset="gb2312",
    ).replace("&nbsp;您当前的位置：", "&nbsp;")
    return Sample(
        "fronts",
        "picture-menu",
        f"{site.host}/",
        body.encode("gb18030"),
        Want(
            ("home",),
            columns=tuple(n for n, _ in names),
            icp=site.icp,
            organizer=site.organizer,
            budget=False,
            double_publicity=False,
        ),
    )


def hospital_home() -> Sample:
    """A public hospital: no code, the owner in the copyright line only, a telephone menu, an order form."""
    site = Site(
        "望川县人民医院",
        "http://www.wcrmyy.example.com",
        menu_lines("""
首页 /
医院概况 /gk/ 医院简介 现任领导
新闻中心 /xw/ 医院新闻 院务公开
就医指南 /jy/ 门诊须知 住院须知
科室导航 /ks/ 内科 外科 儿科
专家介绍 /zj/
人才招聘 /zp/
"""),
        "Copyright©2012-2026 望川县人民医院 版权所有　皖ICP备12000555号-1　急救电话：0555-120",
        organizer="望川县人民医院",
        icp="皖ICP备12000555号-1",
    )
    main = (
        block("医院新闻", "/xw/l1/", 760, day="%Y.%m.%d")
        + block("院务公开", "/xw/l2/", 761)
        + '<form class="yy"><h3>预约挂号</h3><input name="d" value="2026-11-21"></form>'
    )
    return Sample(
        "fronts",
        "hospital",
        f"{site.host}/",
        flat_page(site, "望川县人民医院", (), main).encode(),
        _want(site, ("home",)),
    )


def platform() -> Sample:
    """The disclosure platform: four blocks, a tree of topics, the newest entries of all of them."""
    topics = "".join(f'<li><a href="/xxgk/fdzdgknr/{n}/">{name}</a></li>' for n, name in enumerate(TREE))
    left = f'<div class="gk-menu"><ul><li><a href="/xxgk/zn/">政府信息公开指南</a></li><li><a href="/xxgk/zd/">政府信息公开制度</a></li><li class="on"><a href="/xxgk/fdzdgknr/">法定主动公开内容</a><ul>{topics}</ul></li><li><a href="/xxgk/nb/">政府信息公开年报</a></li><li><a href="/xxgk/ysq/">依申请公开</a></li></ul></div>'
    found = entries(15, date(2026, 10, 20), seed=770, place="云岭市")
    rows = "".join(
        f'<li><a href="/xxgk/{e.day:%Y%m}/t{e.number}.html">{e.title}</a><span>{e.iso}</span></li>' for e in found
    )
    body = panel_page(
        CITY,
        "政府信息公开_云岭市人民政府",
        ("首页", "政府信息公开"),
        f'<h2>法定主动公开内容</h2><ul class="gk-list">{rows}</ul>',
        left=left,
    )
    return Sample(
        "fronts",
        "platform",
        f"{CITY.host}/xxgk/",
        body.encode(),
        Want(
            ("catalogue", "listing", "section"),
            columns=("政务公开",),
            is_complete=False,
            code=CITY.code,
            icp=CITY.icp,
            organizer=CITY.organizer,
            budget=True,
            double_publicity=True,
        ),
    )


def section() -> Sample:
    main = "".join(
        block(name, f"/xwzx/l{n}/", 780 + n, day="%Y-%m-%d", count=5)
        for n, name in enumerate(("云岭要闻", "部门动态", "区县动态", "视频新闻"), 1)
    )
    body = panel_page(CITY, "新闻中心_云岭市人民政府", ("首页", "新闻中心"), main)
    return Sample("fronts", "section", f"{CITY.host}/xwzx/", body.encode(), _want(CITY, ("section",), (), True, True))


def icons() -> Sample:
    """A section of key areas: twenty names in a grid, no entries."""
    names = (
        "财政预决算",
        "重大建设项目",
        "公共资源配置",
        "社会救助和社会福利",
        "教育",
        "医疗卫生",
        "食品药品安全",
        "环境保护",
        "安全生产",
        "征地补偿",
        "保障性住房",
        "国有企业",
        "扶贫",
        "价格和收费",
        "就业创业",
    )
    grid = "".join(
        f'<li><a href="/xxgk/zdly/{n}/"><img src="/ico{n}.png"><p>{name}</p></a></li>' for n, name in enumerate(names)
    )
    body = flat_page(
        COUNTY,
        "重点领域信息公开-望川县人民政府",
        ("首页", "信息公开", "重点领域"),
        f'<h2 class="t">重点领域信息公开</h2><ul class="icon-grid">{grid}</ul>',
        side=fresh(790),
    )
    return Sample(
        "fronts",
        "icons",
        f"{COUNTY.host}/xxgk/zdly/",
        body.encode(),
        _want(COUNTY, ("section", "catalogue", "other"), names, True, False),
    )


def province_home() -> Sample:
    """Hundreds of links: a menu with three levels, lists of districts and departments, tabs within tabs."""
    lines = "首页 /\n省情 /sq/ 概况 地理\n要闻 /yw/ 省内要闻 市州动态 厅局动态\n公开 /gk/ 指南 制度 年报 省政府文件 政策解读 财政资金 行政许可和行政处罚\n服务 https://zwfw.beiling.example.gov.cn/\n互动 /hd/ 省长信箱 意见征集\n数据 /sj/"
    site = Site(
        "北岭省人民政府",
        "http://www.beiling.example.gov.cn",
        menu_lines(lines),
        "<p>主办：北岭省人民政府办公厅</p><p>承办：北岭省政务服务和数据管理局</p><p>网站标识码:9900000001　北ICP备2021000001号</p>".replace(
            "北ICP", "吉ICP"
        ),
        (("SiteIDCode", "9900000001"),),
        "9900000001",
        "吉ICP备2021000001号",
        "北岭省人民政府办公厅",
    )
    towns = "".join(f'<a href="http://www.s{n}.example.gov.cn">北岭第{n}市</a>' for n in range(1, 15))
    main = (
        tabs([("省内要闻", "/yw/l1/"), ("市州动态", "/yw/l2/"), ("厅局动态", "/yw/l3/")], 800)
        + block("省政府文件", "/gk/l4/", 810)
        + block("政策解读", "/gk/l5/", 811)
        + f'<div class="map"><h3>市州之窗</h3>{towns}</div>'
    )
    return Sample(
        "fronts",
        "province",
        f"{site.host}/",
        panel_page(site, "北岭省人民政府", (), main).encode(),
        _want(site, ("home",), ("市州之窗", *(f"北岭第{n}市" for n in range(1, 15))), False, True),
    )


def false_friends() -> Sample:
    """No column for budgets: news titles, comments and hidden templates name them."""
    site = Site(
        "鹿鸣县科学技术协会",
        "http://kx.luming.example.gov.cn",
        menu_lines("""
首页 /
科协概况 /gk/ 领导介绍 机构设置
科协动态 /dt/
科普活动 /kp/ 科普讲座 科普基地
学会工作 /xh/
通知公告 /gg/
"""),
        "<p>主办单位：鹿鸣县科学技术协会</p><!--<p>网站标识码：4399000077</p>--><p>湘ICP备11000777号</p>",
        icp="湘ICP备11000777号",
        organizer="鹿鸣县科学技术协会",
    )
    titles = "".join(
        f'<li><a href="/dt/{n}.html">{t}</a><span>11-{n:02d}</span></li>'
        for n, t in enumerate(
            (
                "县财政局公开2026年部门预算",
                "我会召开双公示工作培训会",
                "县人大审议财政决算报告",
                "全国科普日活动启动",
                "院士专家走进校园",
            ),
            10,
        )
    )
    main = f'<div class="blk"><h2>科协动态</h2><a class="more" href="/dt/">更多</a><ul>{titles}</ul></div>{block("通知公告", "/gg/", 820)}<!-- 财政预决算 begin <a href="/czyjs/">财政预决算</a> end --><script type="text/template"><a href="/sgs/">双公示</a></script>'
    return Sample(
        "fronts",
        "false-friends",
        f"{site.host}/",
        panel_page(site, site.name, (), main).encode(),
        _want(site, ("home",)),
    )


def samples() -> list[Sample]:
    return [
        city_home(),
        county_home(),
        town_home(),
        bureau_home(),
        english_home(),
        picture_menu(),
        hospital_home(),
        platform(),
        section(),
        icons(),
        province_home(),
        false_friends(),
    ]
