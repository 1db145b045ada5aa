"""Pages written after the others had been read and mended: other frames around the same kinds of trap."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date

from family_pages.content import Entry, Sample, Want, entries, listed, prose
from family_pages.third.frames import cells_page, flat_page, fresh, panel_page, tree
from family_pages.third.lists import TREE, rows_of
from family_pages.third.places import BUREAU, CITY, COUNTY, TOWN

BLANK = Want(("listing",), 0)


def _city(name: str, main: str, want: Want, *, side: str = "", on: str = "社会保障", title: str = "") -> Sample:
    body = panel_page(
        CITY,
        title or f"{on}-云岭市人民政府门户网站",
        ("首页", "政务公开", on),
        main,
        side=side,
        left=tree("公开目录", TREE, on),
    )
    return Sample("later", name, f"{CITY.host}/zwgk/{name}/", body.encode(), want)


def _county(name: str, main: str, want: Want, *, side: str = "") -> Sample:
    body = flat_page(COUNTY, "望川要闻_望川县人民政府", ("网站首页", "政务资讯", "望川要闻"), main, side=side)
    return Sample("later", name, f"{COUNTY.host}/zwzx/{name}.html", body.encode(), want)


def lists() -> list[Sample]:
    old = entries(15, date(2021, 5, 20), seed=1001, place="云岭市")
    two = entries(10, date(2022, 9, 9), seed=1002, place="望川县")
    three = entries(12, date(2024, 3, 1), seed=1003, place="望川县", step=20)
    four = entries(14, date(2023, 8, 8), seed=1004, place="云岭市")
    five = entries(8, date(2020, 12, 12), seed=1005, place="白鹭镇")
    six = entries(9, date(2025, 2, 18), seed=1006, place="云岭市", step=30)
    plain = rows_of(old, lambda e: f'<li><a href="/zwgk/{e.number}.shtml">{e.title}</a><b>{e.iso}</b></li>')
    cards = rows_of(
        two,
        lambda e: (
            f'<div class="card-item"><a href="/zwzx/d/{e.number}.html"><div class="ct">{e.title}</div><div class="cs">望川县将于2026年12月举办第十届采茶节，欢迎各界人士参加。</div><div class="cf"><span>{e.day:%Y-%m-%d}</span><span>阅读 2026</span></div></a></div>'
        ),
    )
    grouped = ""
    for month in sorted({(e.day.year, e.day.month) for e in three}, reverse=True):
        rows = rows_of(
            [e for e in three if (e.day.year, e.day.month) == month],
            lambda e: f'<li><a href="/zwzx/g/{e.number}.html">{e.title}</a><span>{e.day:%m-%d}</span></li>',
        )
        grouped += f'<div class="month"><h4>{month[0]}年{month[1]}月</h4><ul>{rows}</ul></div>'
    deadline = rows_of(
        four,
        lambda e: (
            f'<tr><td><a href="/zwgk/zj/{e.number}.html">{e.title}</a></td><td>{e.iso}</td><td>2026-12-31</td><td>进行中</td></tr>'
        ),
    )
    asp = rows_of(
        five,
        lambda e: (
            f'<tr><td>·<a href="a.asp?id={e.number}">{e.title}</a>&nbsp;<font color=gray>({e.day.month}月{e.day.day}日)</font></td></tr>'
        ),
    )
    issues = [
        Entry(f"云岭市人民政府公报{e.day.year}年第{n}期（总第{300 + n}期）", e.day, e.number)
        for n, e in enumerate(six, 1)
    ]
    covers = rows_of(
        issues,
        lambda e: (
            f'<li><a href="/zwgk/gb/{e.number}/"><img src="/gb/{e.number}.jpg"><p>{e.title}</p></a><p>出版日期：{e.iso}</p></li>'
        ),
    )
    marquee = "<marquee>" + fresh(1009, 5) + "</marquee>"
    return [
        _city(
            "marquee",
            f'<div class="tips">{marquee}</div><div class="zt"><ul>{plain}</ul></div><div class="fy">首页 上一页 <a href="index_2.shtml">下一页</a> 尾页</div>',
            listed(old, next_url=f"{CITY.host}/zwgk/marquee/index_2.shtml"),
        ),
        _county("cards", f'<div class="cards">{cards}</div>', listed(two), side=fresh(1010)),
        _county("by-month", grouped, listed(three), side=fresh(1011)),
        _city(
            "deadline",
            f"<table><tr><th>标题</th><th>发布时间</th><th>截止时间</th><th>状态</th></tr>{deadline}</table>",
            listed(four),
        ),
        Sample(
            "later",
            "asp-month-day",
            f"{TOWN.host}/more.asp?lm=4",
            cells_page(
                TOWN,
                "便民服务",
                ("首页", "便民服务"),
                f"<table>{asp}</table>",
                side=fresh(1012, 6, "<td>{d:%Y-%m-%d}</td>", "tr"),
            ).encode("gb18030"),
            listed(five, dated=False),
        ),
        _city("bulletin", f'<ul class="gb">{covers}</ul>', listed(issues), on="政府公报"),
    ]


def blanks() -> list[Sample]:
    return [
        _city("none-yet", '<div class="zt"><ul></ul><p>暂无数据</p></div>', BLANK, side=fresh(1020)),
        _county(
            "none-below",
            f'<div class="newsbox"><ul class="news-list"></ul></div><div class="bottom"><h3>为您推荐</h3><ul class="news-list">{fresh(1021, 6)}</ul></div>',
            BLANK,
        ),
        Sample(
            "later",
            "none-asp",
            f"{TOWN.host}/zs.asp",
            cells_page(
                TOWN,
                "招商引资",
                ("首页", "招商引资"),
                "<table><tr><td>没有找到相关信息！</td></tr></table>",
                side=fresh(1022, 8, "<td>{d:%Y-%m-%d}</td>", "tr"),
            ).encode("gb18030"),
            BLANK,
        ),
    ]


def _article(name: str, title: str, published: str | None, main: str) -> Sample:
    body = panel_page(BUREAU, f"{title}-云岭市财政局", ("首页", "财政要闻", "正文"), main, side=fresh(len(title) + 90))
    return Sample(
        "later",
        name,
        f"{BUREAU.host}/czyw/{name}.htm",
        body.encode(),
        Want(("article",), is_article=True, title=title, published=published),
    )


def articles() -> list[Sample]:
    one, two, three, four = (
        "云岭市财政局举办政府采购培训班",
        "云岭市2026年会计专业技术资格考试报名通知",
        "关于废止部分财政规范性文件的决定",
        "云岭市本级2025年预算执行情况报告",
    )
    return [
        _article(
            "reprint",
            one,
            "2024-05-17",
            f"<h1>{one}</h1><p>2024年5月17日 来源：采购监管科 阅读：88</p>{prose(1030)}<h4>相关新闻</h4><ul>{fresh(1031, 5)}</ul>",
        ),
        _article(
            "exam",
            two,
            "2025-12-30",
            f"<h1>{two}</h1><p class=i>发布日期：2025-12-30</p><p>一、报名时间</p><p>2026年1月5日至1月27日</p><p>二、考试时间</p><p>2026年5月16日至20日</p>{prose(1032)}",
        ),
        _article(
            "repeal",
            three,
            "2023-11-02",
            f"<h1>{three}</h1><p>（2023年10月27日云岭市财政局令第8号公布　自2023年12月1日起施行）</p><p>时间：2023-11-02</p>{prose(1033)}",
        ),
        _article(
            "report",
            four,
            None,
            f"<h1>{four}</h1><p>——2026年1月15日在云岭市第八届人民代表大会第六次会议上</p><p>云岭市财政局局长　祝安和</p>{prose(1034, 8)}",
        ),
    ]


def samples() -> list[Sample]:
    return [*lists(), *blanks(), *articles()]
