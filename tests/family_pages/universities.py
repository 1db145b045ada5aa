"""Universities on VSB and webplus: unclosed entries, descending page numbers, split days, one-article columns."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date

from family_pages.content import Sample, Want, entries, listed, prose
from family_pages.layout import div_page, hot_news, menu_of, modern_page

VSB = "https://xxgk.qhu.example.edu.cn"
PLUS = "https://gs.qhu.example.edu.cn"
MENU = menu_of(
    "首页=index.htm 学校概况=xxgk/xxjj.htm(学校简介=xxgk/xxjj.htm,现任领导=xxgk/xrld.htm) 机构设置=jgsz.htm 人才培养=rcpy.htm 科学研究=kxyj.htm "
    "招生就业=zsjy.htm 信息公开=xxgk.htm(财务信息=xxgk/cwxx.htm,招生考试信息=xxgk/zsks.htm)"
)
FOOT = "<p>版权所有：青禾大学　地址：云岭市大学城学府路1号　邮编：650000</p><p>云ICP备05000042号 滇公网安备53011402000001号</p>"
PLUS_MENU = menu_of(
    "首页=/main.htm 学院概况=/xygk/list.htm 招生工作=/2140/list.htm 培养管理=/2141/list.htm 学位工作=/2142/list.htm 下载中心=/2150/list.htm"
)


def unclosed_rows() -> Sample:
    """``<li id="line_u5_0">`` never closed; the day among the clicks; next page is the number below."""
    found = entries(20, date(2026, 10, 8), seed=60, place="青禾大学")
    rows = "".join(
        f'<li id="line_u5_{n}"><a href="info/1004/{e.number}.htm" target="_blank" title="{e.title}">{e.title}</a>'
        f'(发布时间：{e.iso} 11:06:22 阅读次数：<span id="dynclicks_u5_{e.number}"></span>)'
        for n, e in enumerate(found)
    )
    pager = (
        '<span class="p_pages"><span class="p_t">共1183条</span> <span class="p_t">1/60</span> <span class="p_first_d">首页</span>'
        '<span class="p_no_d">1</span><span class="p_no"><a href="tzgg/59.htm">2</a></span><span class="p_no"><a href="tzgg/58.htm">3</a></span>'
        '<span class="p_next"><a href="tzgg/59.htm">下页</a></span> <span class="p_last"><a href="tzgg/1.htm">尾页</a></span></span>'
    )
    script = "<script>_jsq_(1004,'/tzgg.jsp',-1,1499999999)</script>"
    body = div_page(
        "通知公告-青禾大学",
        MENU,
        (("首页", "index.htm"), ("通知公告", "tzgg.htm")),
        f'<ul class="list">{rows}</ul>{pager}{script}',
        FOOT,
    ).encode()
    return Sample("vsb", "unclosed", f"{VSB}/tzgg.htm", body, listed(found, next_url=f"{VSB}/tzgg/59.htm"))


def split_days() -> Sample:
    """Month and day in one box, the year on the next line."""
    found = entries(10, date(2025, 10, 23), seed=61, place="青禾大学", step=30)
    rows = "".join(
        f'<li id="line_u8_{n}"><div class="date"><b>{e.day:%m/%d}</b><i>{e.day:%Y}</i></div><div class="txt"><a href="../info/1021/{e.number}.htm">{e.title}</a>'
        "<p>图书馆馆藏资源建设持续推进，服务能力不断提升。</p></div></li>"
        for n, e in enumerate(found)
    )
    body = modern_page(
        "本馆新闻-青禾大学图书馆",
        MENU,
        (("首页", "../index.htm"), ("本馆新闻", "bgxw.htm")),
        f'<ul class="n_listxx1">{rows}</ul>',
        FOOT,
    ).encode()
    return Sample("vsb", "split", "https://lib.qhu.example.edu.cn/xwgg/bgxw.htm", body, listed(found))


def day_over_month() -> Sample:
    """The day large, year and month small below it, as many university templates print it."""
    found = entries(14, date(2026, 3, 31), seed=62, place="青禾大学", step=12)
    rows = "".join(
        f'<div class="item clearfix"><a href="info/1077/{e.number}.htm"><div class="time"><span>{e.day:%d}</span><em>{e.day:%Y-%m}</em></div>'
        f'<div class="text"><h4>{e.title}</h4><p>活动于4月2日在学术交流中心举行，我校师生二百余人参加。</p></div></a></div>'
        for e in found
    )
    body = modern_page(
        "学术动态-青禾大学", MENU, (("首页", "index.htm"), ("学术动态", "")), f'<div class="listbox">{rows}</div>', FOOT
    ).encode()
    return Sample("vsb", "day-over-month", f"{VSB}/xsdt.htm", body, listed(found))


def vsb_article() -> Sample:
    title = "青禾大学2024年度部门决算公开"
    main = (
        f'<form name="_newscontent_fromname"><div class="content-title"><h3>{title}</h3><i>发布日期：2025-08-27　　作者：财务处　　浏览次数：'
        f'[<span id="dynclicks_wbnews_9_7"></span>]</i></div><div id="vsb_content_2"><div class="v_news_content">{prose(63)}<p>2025年8月20日</p></div></div>'
        '<p>附件【<a href="/system/_content/download.jsp?wbfileid=7">青禾大学2024年度部门决算.pdf</a>】</p>'
        '<p>上一条：<a href="9.htm">青禾大学2026年部门预算</a></p></form>'
    )
    body = div_page(
        f"{title}-青禾大学信息公开网", MENU, (("首页", "index.htm"), ("财务信息", "cwxx.htm"), ("正文", "")), main, FOOT
    ).encode()
    return Sample(
        "vsb",
        "article",
        f"{VSB}/info/1033/2217.htm",
        body,
        Want(("article",), is_article=True, title=title, published="2025-08-27"),
    )


def vsb_home() -> Sample:
    """Slides, three blocks, quick links; the footer names only who holds the rights."""
    blocks = ""
    for number, (name, page) in enumerate(
        (("学校要闻", "xxyw.htm"), ("通知公告", "tzgg.htm"), ("媒体青大", "mtqd.htm"))
    ):
        rows = "".join(
            f'<li><span>{e.day:%m-%d}</span><a href="info/10{number}/{e.number}.htm" title="{e.title}">{e.title[:20]}</a></li>'
            for e in entries(8, date(2026, 11, 17), seed=64 + number, place="青禾大学")
        )
        blocks += f'<div class="col"><h2>{name}</h2><a href="{page}" class="more">MORE+</a><ul>{rows}</ul></div>'
    quick = "".join(
        f'<a href="https://s{n}.qhu.example.edu.cn/">{name}</a>'
        for n, name in enumerate(("教务系统", "图书馆", "电子邮箱", "办公系统", "校历"))
    )
    body = modern_page(
        "青禾大学", MENU, (), f'<div class="slides"></div>{blocks}<div class="quick">{quick}</div>', FOOT
    ).encode()
    want = Want(
        ("home",),
        columns=("学校概况", "机构设置", "人才培养", "科学研究", "招生就业", "信息公开"),
        sub_columns=(
            "学校简介",
            "现任领导",
            "财务信息",
            "招生考试信息",
            "学校要闻",
            "通知公告",
            "媒体青大",
            "教务系统",
            "图书馆",
            "电子邮箱",
            "办公系统",
            "校历",
        ),
        icp="云ICP备05000042号",
        organizer="青禾大学",
    )
    return Sample("vsb", "home", "https://www.qhu.example.edu.cn/", body, want)


def webplus_list() -> Sample:
    found = entries(14, date(2025, 12, 2), seed=70, place="研究生院")
    rows = "".join(
        f'<li class="news n{n} clearfix"><span belongcreateorgid="12">[学位]</span><span class="news_title"><a href="/{e.day:%Y/%m%d}/c2142a{e.number}/page.htm" '
        f'target="_blank" title="{e.title}">{e.title}</a></span><span style="float:right">{e.iso}</span></li>'
        for n, e in enumerate(found, 1)
    )
    pager = (
        '<div id="wp_paging_w6"><ul class="wp_paging clearfix"><li class="pages_count"><span class="per_page">每页&nbsp;<em class="per_count">14</em>&nbsp;记录</span>'
        '<span class="all_count">总共&nbsp;<em class="all_count">301</em>&nbsp;记录</span></li><li class="page_nav"><a class="first" href="javascript:void(0);">第一页</a>'
        '<a class="next" href="/2142/list2.htm">下一页&gt;&gt;</a><a class="last" href="/2142/list22.htm">尾页</a></li></ul></div>'
    )
    main = f'<div id="wp_news_w6"><ul class="news_list list2">{rows}</ul></div>{pager}'
    side = f'<div id="wp_news_w10"><h3>推荐新闻</h3><ul>{hot_news(71)}</ul></div>'
    body = div_page(
        "学位工作", PLUS_MENU, (("首页", "/main.htm"), ("学位工作", "/2142/list.htm")), main, FOOT, side=side
    ).encode()
    return Sample("webplus", "list", f"{PLUS}/2142/list.htm", body, listed(found, next_url=f"{PLUS}/2142/list2.htm"))


def webplus_single() -> Sample:
    """The address of a list that holds one article without a day of its own."""
    main = f'<div id="wp_content_w6_0" class="wp_content_art"><div class="Article_Title">学院简介</div><div class="read"><div class="wp_articlecontent">{prose(72, 6)}</div></div></div>'
    body = div_page("学院概况", PLUS_MENU, (("首页", "/main.htm"), ("学院概况", "")), main, FOOT).encode()
    return Sample(
        "webplus",
        "single",
        f"{PLUS}/xygk/list.htm",
        body,
        Want(("article", "other"), is_article=True, title="学院简介", published=None),
    )


def webplus_blank() -> Sample:
    main = (
        '<div id="wp_news_w6"><ul class="news_list list2"></ul></div><div id="wp_paging_w6"><ul class="wp_paging"><li class="pages_count">每页 <em class="per_count">14</em> 记录 '
        '总共 <em class="all_count">0</em> 记录</li></ul></div>'
    )
    body = div_page(
        "招生工作",
        PLUS_MENU,
        (("首页", "/main.htm"), ("招生工作", "")),
        main,
        FOOT,
        side=f"<ul class='news_list'>{hot_news(73)}</ul>",
    ).encode()
    return Sample("webplus", "blank", f"{PLUS}/2140/list.htm", body, Want(("listing",), 0))


def webplus_article() -> Sample:
    title = "关于2026年春季学期硕士学位论文盲审的通知"
    main = (
        f'<div class="article"><h1 class="arti_title">{title}</h1><p class="arti_metas"><span class="arti_publisher">发布者：王若水</span>'
        f'<span class="arti_update">发布时间：2026-03-02</span><span class="arti_views">浏览次数：<span class="WP_VisitCount">10</span></span></p>'
        f'<div class="entry"><div class="read"><div class="wp_articlecontent">{prose(74)}<p style="text-align:right">研究生院</p><p style="text-align:right">2026年2月28日</p></div></div></div></div>'
    )
    body = div_page(title, PLUS_MENU, (("首页", "/main.htm"), ("学位工作", "/2142/list.htm")), main, FOOT).encode()
    return Sample(
        "webplus",
        "article",
        f"{PLUS}/2026/0302/c2142a21003/page.htm",
        body,
        Want(("article",), is_article=True, title=title, published="2026-03-02"),
    )


def samples() -> list[Sample]:
    return [
        unclosed_rows(),
        split_days(),
        day_over_month(),
        vsb_article(),
        vsb_home(),
        webplus_list(),
        webplus_single(),
        webplus_blank(),
        webplus_article(),
    ]
