"""Home pages and channel pages: their columns, and what is none (friends, tools, other systems, titles)."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date, timedelta

from family_pages.content import Sample, Want, entries

from large_pages.chrome import BUREAU, CENTRE, COLLEGE, COUNTY, TOWN, Site, campus, mega, platform, soup, tables

MARGINS = ("点击排行", "最新信息", "热点推荐", "最新动态")
QUICK = ("邮箱系统", "办公平台", "教务管理", "一卡通")


def _blocks(names: str, form: str, seed: int) -> str:
    found = ""
    for number, name in enumerate(names.split()):
        rows = "".join(
            f"<li><a href='/b{number}/{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html' title='{e.title}'>{e.title[:20]}</a><span>{e.day:%m-%d}</span></li>"
            for e in entries(8, date(2026, 11, 20) - timedelta(days=number), seed=seed + number, place="澜江县")
        )
        found += form.format(name=name, url=f"/b{number}/", rows=rows)
    return found


TABS = "<div class='box'><div class='hd'><span><a href='{url}'>{name}</a></span><a class='more' href='{url}'>更多&gt;&gt;</a></div><div class='bd'><ul>{rows}</ul></div></div>"
PLAIN = "<div class='e1'><div class='e2'>{name} <a href='{url}'>MORE</a></div><ul>{rows}</ul></div>"
CELLS = "<table width=48% align=left><tr><td background=/i/bt.gif><b>{name}</b></td><td align=right><a href='{url}'><img src=/i/more.gif alt=更多></a></td></tr><tr><td colspan=2><ul>{rows}</ul></td></tr></table>"


def _want(site: Site, names: str, page: tuple[str, ...] = ("home",), more: tuple[str, ...] = ()) -> Want:
    # What stands in quick links and service tiles is offered too, below the page: it is no top level column.
    return Want(
        page,
        columns=site.columns,
        sub_columns=(*site.below, *names.split(), *more),
        code=site.code,
        icp=site.icp,
        organizer=site.organizer,
    )


def county() -> Sample:
    names = "澜江要闻 部门动态 公示公告 政策文件"
    body = mega(COUNTY, "澜江县人民政府", (), f"<div class='focus'></div>{_blocks(names, TABS, 480)}", 480)
    return Sample("large", "home-county", f"{COUNTY.url}/", body.encode(), _want(COUNTY, names))


def bureau() -> Sample:
    names = "工作动态 通知公告 环境质量"
    body = platform(BUREAU, "澜江市生态环境局", (), _blocks(names, TABS, 485), 485)
    return Sample("large", "home-bureau", f"{BUREAU.url}/index.html", body.encode(), _want(BUREAU, names))


def town() -> Sample:
    names = "工作动态 村务公开"
    body = tables(TOWN, "白鹭镇人民政府", (), _blocks(names, CELLS, 490), 490)
    return Sample("large", "home-town", f"{TOWN.url}/", body.encode("gb18030"), _want(TOWN, names))


def college() -> Sample:
    names = "学校要闻 通知公告 学术动态"
    body = campus(COLLEGE, "青禾大学", (), _blocks(names, TABS, 495), 495)
    return Sample("large", "home-college", f"{COLLEGE.url}/", body.encode(), _want(COLLEGE, names, more=QUICK))


def centre() -> Sample:
    names = "工程建设 政府采购 中标公示"
    body = soup(CENTRE, "云岭市公共资源交易中心", (), _blocks(names, PLAIN, 500), 500)
    return Sample("large", "home-centre", f"{CENTRE.url}/", body.encode(), _want(CENTRE, names))


def channel() -> Sample:
    names = "政策文件 政策解读 财政预决算 行政处罚"
    body = mega(
        COUNTY, "政务公开-澜江县人民政府", (("首页", "/"), ("政务公开", "/zwgk/")), _blocks(names, TABS, 505), 505
    )
    return Sample("large", "section", f"{COUNTY.url}/zwgk/", body.encode(), _want(COUNTY, names, ("section",)))


def samples() -> list[Sample]:
    return [county(), bureau(), town(), college(), centre(), channel()]
