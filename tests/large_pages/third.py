"""A third set: no breadcrumbs, other columns' blocks, tables of decisions and letters, portals of plain make."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date, timedelta

from family_pages.content import Entry, Sample, Want, entries, listed, prose

from large_pages.chrome import (
    BUREAU,
    CENTRE,
    COLLEGE,
    COUNTY,
    TOWN,
    Site,
    campus,
    fresh_rows,
    mega,
    noise,
    platform,
    soup,
)
from large_pages.plain_chrome import cells, rendered, wire

NO_CRUMB: tuple[tuple[str, str], ...] = ()


def _rows(found: list[Entry], form: str) -> str:
    return "".join(form.format(e=e, n=n, d=e.day) for n, e in enumerate(found, 1))


def no_breadcrumb() -> Sample:
    """The name of the column stands above its list and in the title, nowhere else."""
    found = entries(20, date(2026, 5, 15), seed=701, place="澜江市", step=6)
    main = f"<div class='bt'><h2>工作动态</h2></div><ul class='dt-list'>{_rows(found, '<li><a href=/gzdt/{e.number}.html>{e.title}</a><span>{e.iso}</span></li>')}</ul><div class='fanye'>共 12 页 <a href='/gzdt/2.html'>下一页</a></div>"
    return Sample(
        "third",
        "no-breadcrumb",
        f"{BUREAU.url}/gzdt/",
        platform(BUREAU, "工作动态-澜江市生态环境局", NO_CRUMB, main, 701).encode(),
        listed(found, next_url=f"{BUREAU.url}/gzdt/2.html"),
    )


def no_breadcrumb_short() -> Sample:
    """Five entries of 2023 without a pager; eight fresh ones in the margin."""
    found = entries(5, date(2023, 5, 15), seed=702, place="澜江县", step=60)
    main = f"<h2 class='name'>重大建设项目</h2><ul class='txt-list'>{_rows(found, '<li><a href=/p/{e.number}.html>{e.title}</a><em>{e.iso}</em></li>')}</ul>"
    return Sample(
        "third",
        "no-breadcrumb-short",
        f"{COUNTY.url}/zwgk/c6/",
        mega(COUNTY, "重大建设项目-澜江县人民政府", NO_CRUMB, main, 702).encode(),
        listed(found),
    )


def headed_blocks_right() -> Sample:
    """A list, and right of it blocks of other columns, each with 更多, each fresher."""
    found = entries(15, date(2026, 2, 11), seed=703, place="云岭市", step=5)
    main = f"<ul class='jj'>{_rows(found, '<li><a href=/zcfg/{e.number}.html>{e.title}</a><span>{e.iso}</span></li>')}</ul><div class='pg'><a href='/zcfg/index_2.html'>下一页</a></div></div><div class='w320'><div class='hd'><b>交易公告</b><a href='/jygg/'>更多</a></div><ul>{fresh_rows(704, 6)}</ul><div class='hd'><b>交易结果</b><a href='/jyjg/'>更多</a></div><ul>{fresh_rows(705, 6)}</ul>"
    return Sample(
        "third",
        "blocks-right",
        f"{CENTRE.url}/zcfg/",
        wire(CENTRE, "政策法规", (("首页", "/"), ("政策法规", "")), main, 703).encode(),
        listed(found, next_url=f"{CENTRE.url}/zcfg/index_2.html"),
    )


def penalties() -> Sample:
    """Decisions: number, party, day of the decision, day of publication; titles link."""
    found = entries(12, date(2026, 9, 22), seed=706, place="澜江市", step=6)
    rows = "".join(
        f"<tr><td>{n}</td><td>澜环罚〔2026〕{n}号</td><td><a href='/xzcf/{e.number}.html'>{e.title}</a></td><td>某某建材有限公司</td><td>{(e.day - timedelta(days=5)).isoformat()}</td><td>{e.iso}</td></tr>"
        for n, e in enumerate(found, 1)
    )
    main = f"<table><thead><tr><th>序号</th><th>决定书文号</th><th>案件名称</th><th>当事人</th><th>处罚决定日期</th><th>公示日期</th></tr></thead><tbody>{rows}</tbody></table>"
    return Sample(
        "third",
        "penalties",
        f"{BUREAU.url}/xxgk/c4/",
        mega(
            BUREAU, "行政处罚-澜江市生态环境局", (("首页", "/"), ("信息公开", "/xxgk/"), ("行政处罚", "")), main, 706
        ).encode(),
        listed(found),
    )


def day_first_department_last() -> Sample:
    found = entries(18, date(2026, 7, 1), seed=707, place="澜江县", step=4)
    rows = "".join(
        f"<div class='tr'><div class='td1'>{e.day:%Y.%m.%d}</div><div class='td2'><a href='/gsgg/{e.number}.html' title='{e.title}'>{e.title[:24]}…</a></div><div class='td3'>县应急局</div></div>"
        for e in found
    )
    return Sample(
        "third",
        "day-first",
        f"{COUNTY.url}/zwdt/c3/",
        soup(
            COUNTY,
            "公示公告",
            (("首页", "/"), ("政务动态", "/zwdt/"), ("公示公告", "")),
            f"<div class='tb'>{rows}</div><div class='pn'>1 <a href='i_2.html'>2</a> <a href='i_3.html'>3</a> <a href='i_2.html'>&gt;</a></div>",
            707,
        ).encode(),
        listed(found, next_url=f"{COUNTY.url}/zwdt/c3/i_2.html"),
    )


def box_days() -> Sample:
    """Day large, month and year small, summary with days, a picture."""
    found = entries(8, date(2026, 10, 30), seed=708, place="青禾大学", step=11)
    rows = "".join(
        f"<li class='clearfix'><div class='box'><h6>{e.day:%d}</h6><p>{e.day.year}年{e.day.month}月</p></div><div class='con'><h4><a href='/info/{e.number}.htm'>{e.title}</a></h4><p>12月1日前，各单位按要求报送材料。会议安排在2026年12月8日举行。</p></div></li>"
        for e in found
    )
    return Sample(
        "third",
        "box-days",
        f"{COLLEGE.url}/xyyw.htm",
        campus(
            COLLEGE, "学校要闻-青禾大学", (("首页", "/"), ("学校要闻", "")), f"<ul class='box-list'>{rows}</ul>", 708
        ).encode(),
        listed(found),
    )


def leaders() -> Sample:
    """Who leads: names, posts, résumés with days; no list, no article of a day."""
    rows = "".join(
        f"<div class='ld'><img src='/ld{n}.jpg'><h3><a href='/jggk/ld/{n}.html'>陆某{n}</a></h3><p>党组成员、副局长，1975年{n + 1}月生，1998年7月参加工作。负责大气环境、水环境等工作。</p></div>"
        for n in range(6)
    )
    return Sample(
        "third",
        "leaders",
        f"{BUREAU.url}/jggk/c0/",
        platform(
            BUREAU,
            "领导信息-澜江市生态环境局",
            (("首页", "/"), ("机构概况", "/jggk/"), ("领导信息", "")),
            f"<div class='lds'>{rows}</div>",
            709,
        ).encode(),
        Want(("listing", "other", "section", "article", "catalogue"), is_article=True, title=None, published=None),
    )


def blank_between_blocks() -> Sample:
    """Nothing published; right of the blank stand fresh blocks with 更多."""
    main = f"<ul class='jj'></ul><p class='none'>暂无数据</p></div><div class='w320'><div class='hd'><b>工作动态</b><a href='/dt/'>更多</a></div><ul>{fresh_rows(710, 6)}</ul>"
    return Sample(
        "third",
        "blank-between",
        f"{TOWN.url}/cw/",
        wire(TOWN, "村务公开-白鹭镇人民政府", (("首页", "/"), ("村务公开", "")), main, 710).encode(),
        Want(("listing", "section"), 0),
    )


def blank_no_breadcrumb() -> Sample:
    return Sample(
        "third",
        "blank-no-breadcrumb",
        f"{BUREAU.url}/gzhd/c1/",
        platform(
            BUREAU,
            "意见征集-澜江市生态环境局",
            NO_CRUMB,
            "<h2>意见征集</h2><div class='list'><p>本栏目暂无内容</p></div>",
            711,
        ).encode(),
        Want(("listing",), 0),
    )


def _text(
    name: str, site: Site, body: str, title: str, published: str | None, page: tuple[str, ...] = ("article",)
) -> Sample:
    is_article = published is not None  # a letter has days of its own kind
    return Sample(
        "third",
        f"article-{name}",
        f"{site.url}/x/{name}.html",
        body.encode(),
        Want(page, is_article=is_article, title=title, published=published),
    )


def texts() -> list[Sample]:
    call, plan, answer, map_title, old = (
        "澜江县2026年省级森林城镇建设项目申报通知",
        "青禾大学“十五五”发展规划",
        "关于住房公积金提取问题的咨询",
        "云岭市2025年土地征收启动公告",
        "白鹭镇森林防火戒严令",
    )
    mail = f"<table class='xj'><tr><th colspan=4>{answer}</th></tr><tr><td>来信人</td><td>顾**</td><td>来信时间</td><td>2026-03-03</td></tr><tr><td>来信内容</td><td colspan=3>请问离职后公积金如何提取？需要哪些材料？谢谢工作人员。</td></tr><tr><td>回复单位</td><td>市公积金中心</td><td>回复时间</td><td>2026-03-06</td></tr><tr><td>回复内容</td><td colspan=3>您好，离职后账户封存满六个月可以提取，请携带身份证到就近网点办理。感谢您的关注。</td></tr></table>"
    return [
        _text("call", COUNTY, mega(COUNTY, f"{call}_澜江县人民政府", (("首页", "/"), ("正文", "")), f"<h1>{call}</h1><p class='x'>索引号：5399/2026-1 发文时间：2026-01-30 来源：县林草局</p><p>各乡镇：请于2026年12月15日前申报。</p>{prose(721)}", 721), call, "2026-01-30"),
        _text("plan", COLLEGE, campus(COLLEGE, plan, (("首页", "/"), ("信息公开", "/xxgkw/")), f"<article><h1>{plan}</h1><div class='meta'><time datetime='2026-04-02'>2026年4月2日</time><span>发展规划处</span><span>阅读 1,024</span></div>{prose(722)}</article>", 722), plan, "2026-04-02"),
        _text("letter", CENTRE, wire(CENTRE, f"{answer}-{CENTRE.name}", (("首页", "/"), ("来信选登", "/lx/"), ("正文", "")), mail, 723), answer, None, ("article", "other", "listing", "section")),
        _text("notice", CENTRE, rendered(CENTRE, f"{map_title}-{CENTRE.name}", (("首页", "/"), ("公告", "/gg/")), f"<h2 class='t'>{map_title}</h2><div class='s'><i>2025/6/19 15:08:44</i><i>发布人：管理员</i></div><div>{prose(724)}<p>公告期限：2025年6月20日至2025年7月3日</p></div>", 724), map_title, "2025-06-19"),
        _text("old", TOWN, cells(TOWN, old, (("首页", "/"), ("通知", "")), f"<center><h3>{old}</h3></center><div align=center>白鹭镇人民政府 2008年3月12日 10:20 【大 中 小】</div>{prose(725)}", 725), old, "2008-03-12"),
    ]  # fmt: skip


def _home(name: str, site: Site, body: str, names: str, path: str = "/", page: tuple[str, ...] = ("home",)) -> Sample:
    want = Want(
        page,
        columns=site.columns,
        sub_columns=(*site.below, *names.split(), "图片新闻", "通知公告"),
        code=site.code,
        icp=site.icp,
        organizer=site.organizer,
    )
    return Sample("third", name, site.url + path, body.encode(), want)


def _blocks(
    names: str,
    seed: int,
    form: str = "<div class='k'><div class='kt'><a href='/k{k}/'>{name}</a><a href='/k{k}/' class='gd'>更多+</a></div><ul>{rows}</ul></div>",
) -> str:
    return "".join(
        form.format(
            k=k,
            name=name,
            rows=_rows(
                entries(7, date(2026, 11, 19) - timedelta(days=k), seed=seed + k),
                "<li><a href='/k/{e.number}.html'>{e.title}</a><span>{d:%m-%d}</span></li>",
            ),
        )
        for k, name in enumerate(names.split())
    )


def portals() -> list[Sample]:
    bar = "".join(
        f"<td onclick=\"location.href='/{folder}/'\" class='m'>{name}</td>" for name, folder, _ in CENTRE.menu
    )
    clicked = f"<html><head><meta charset='utf-8'><title>{CENTRE.name}</title>{noise(731)}</head><body><table><tr><td onclick=\"location.href='/'\" class='m'>首页</td>{bar}</tr></table>{_blocks('工程建设 政府采购 中标公示', 731)}<div class='foot'><p>主办单位：{CENTRE.organizer}</p><p>网站标识码：{CENTRE.code} {CENTRE.icp}</p></div></body></html>"
    drawn = ",".join(
        f'{{"name":"{name}","url":"/{folder}/","children":[{",".join(f"""{{"name":"{sub}","url":"/{folder}/c{n}/"}}""" for n, sub in enumerate(below))}]}}'
        for name, folder, below in BUREAU.menu
    )
    script = f'<html><head><meta charset=\'utf-8\'><title>{BUREAU.name}</title>{noise(732)}</head><body><div id=\'menu\'></div><script>var menuData=[{{"name":"首页","url":"/"}},{drawn}];drawMenu(menuData);</script>{_blocks("工作动态 通知公告 环境质量", 735)}<div class=\'footer\'><p>主办：{BUREAU.organizer}　政府网站标识码 {BUREAU.code}</p><p>{BUREAU.icp}　云公网安备 53990002000011号</p></div></body></html>'
    return [
        _home("home-wire", COUNTY, wire(COUNTY, "澜江县人民政府门户网站", NO_CRUMB, _blocks("澜江要闻 部门动态 政策文件 公示公告", 740), 740), "澜江要闻 部门动态 政策文件 公示公告"),
        _home("home-clicked", CENTRE, clicked, "工程建设 政府采购 中标公示"),
        _home("home-drawn", BUREAU, script, "工作动态 通知公告 环境质量"),
        _home("section-wire", COUNTY, wire(COUNTY, "政务公开-澜江县人民政府", (("首页", "/"), ("政务公开", "")), _blocks("政策文件 政策解读 财政预决算 行政处罚", 745), 745), "政策文件 政策解读 财政预决算 行政处罚", "/zwgk/", ("section",)),
        _home("section-soup", BUREAU, soup(BUREAU, "信息公开-澜江市生态环境局", (("首页", "/"), ("信息公开", "")), _blocks("部门预算 部门决算 行政处罚", 750), 750), "部门预算 部门决算 行政处罚", "/xxgk/", ("section",)),
    ]  # fmt: skip


def samples() -> list[Sample]:
    made = [
        no_breadcrumb(),
        no_breadcrumb_short(),
        headed_blocks_right(),
        penalties(),
        day_first_department_last(),
        box_days(),
        leaders(),
    ]
    return [*made, blank_between_blocks(), blank_no_breadcrumb(), *texts(), *portals()]
