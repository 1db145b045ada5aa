"""What stands around the content of real pages: five makes of it, each with tens of kilobytes of menus and margins.

Everything here is younger than the content it stands around: clocks, running lines, hot lists, floating windows, hidden
templates, comments. A reader that takes any of it for the content reports a day later than the truth.
"""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from family_pages.content import entries
from family_pages.layout import crumb_of

FRESH = date(2026, 11, 20)  # what the margins show
KINDS = [
    "政务要闻",
    "部门动态",
    "乡镇动态",
    "通知公告",
    "政策文件",
    "政策解读",
    "财政预决算",
    "行政许可",
    "行政处罚",
    "人事信息",
    "规划计划",
    "统计数据",
]


@dataclass(frozen=True, slots=True)
class Site:
    """One made-up body with its marks."""

    name: str
    host: str
    organizer: str
    code: str | None
    icp: str
    menu: tuple[tuple[str, str, tuple[str, ...]], ...]  # name, folder, names below

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name, _, _ in self.menu)

    @property
    def below(self) -> tuple[str, ...]:
        return tuple(one for _, _, names in self.menu for one in names)


def site(name: str, host: str, organizer: str, code: str | None, icp: str, menu: str) -> Site:
    """``menu``: one line a head, ``name folder: names below``."""
    heads = []
    for line in menu.strip().splitlines():
        head, _, below = line.strip().partition(":")
        heads.append((*head.split(), tuple(below.split())))
    return Site(name, host, organizer, code, icp, tuple(heads))  # type: ignore[arg-type]


def fresh_rows(
    seed: int, count: int = 8, form: str = '<li><a href="{url}" title="{title}">{cut}</a><span>{day}</span></li>'
) -> str:
    """Entries of other columns, the youngest on the page."""
    return "".join(
        form.format(
            url=f"/zwdt/bmdt/{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html",
            title=e.title,
            cut=e.title[:15] + "...",
            day=e.iso,
        )
        for e in entries(count, FRESH, seed=seed, place="澜江市")
    )


def friend_tabs() -> str:
    groups = ("国家部委网站", "省政府部门网站", "市州政府网站", "县区政府网站", "新闻媒体网站")
    heads = "".join(f'<li><a href="javascript:void(0)">{name}</a></li>' for name in groups)
    bodies = "".join(
        '<div class="link-con" style="display:none">'
        + "".join(
            f'<a href="http://site{g}{n}.example.org.cn/" target="_blank">{name[:2]}单位{chr(0x7532 + n % 10)}{n}</a>'
            for n in range(14)
        )
        + "</div>"
        for g, name in enumerate(groups)
    )
    return f'<div class="friendlink"><ul class="link-tab">{heads}</ul>{bodies}</div>'


def noise(seed: int) -> str:
    """Styles, statistics, hidden templates and comments with days of their own."""
    rules = "".join(
        f".m{n} .box{n}{{float:left;width:{n * 11 % 900}px;margin:{n % 9}px auto;background:url(../images/{n}.png)}}\n"
        for n in range(60)
    )
    return (
        f"<style>{rules}</style><!-- 模板更新于 2026-11-21 10:00:00 by admin <ul><li><a href='/old/1.html'>旧版公告一则说明</a><span>2026-11-21</span></li></ul> -->"
        f'<script type="text/template" id="tpl{seed}"><li><a href="{{{{url}}}}">{{{{title}}}}</a><span>2026-11-21</span></li></script>'
        "<script>var _paq=_paq||[];_paq.push(['trackPageView']);var serverTime='2026-11-21 09:00:01';function show(t){document.getElementById('t'+t).style.display='block';}"
        "function addFavorite(){try{window.external.addFavorite(location.href,document.title)}catch(e){alert('请使用Ctrl+D')}}</script>"
    )


def floating(seed: int) -> str:
    return (
        '<div id="floatAd" style="position:absolute;left:0;top:0"><a href="/zt/2026/zhuanti/index.html"><img src="/images/float.png" alt="专题"></a><span onclick="closeAd()">关闭</span></div>'
        f'<div class="popup-notice" style="display:none"><h4>系统维护公告</h4><p>本网站将于2026年11月28日22:00至24:00进行维护。</p><em>2026-11-20</em><ul>{fresh_rows(seed + 5, 2)}</ul></div>'
        '<div style="display:none" id="leave">您访问的链接即将离开“本网站”门户网站，是否继续？<a href="#">继续访问</a><a href="#">放弃</a></div>'
    )


def marks(one: Site, form: int = 0) -> str:
    code = f"网站标识码：{one.code}" if one.code else ""
    lines = (
        f"<p>主办单位：{one.organizer}　承办单位：澜江市大数据中心　联系电话：0999-6600000</p><p>{code}　<a href='https://beian.miit.gov.cn'>{one.icp}</a>　<a href='http://www.beian.gov.cn'>云公网安备 53990202000{len(one.name):03}号</a></p>",
        f"版权所有：{one.organizer}　{one.icp}　{code}<br>地址：澜江市滨江大道1号　邮编：650000　您是第<b>20261120</b>位访问者",
        f"<div><span>主办：{one.organizer}</span><span>技术支持：某某科技有限公司</span></div><div>{code.replace('：', ' ')}</div><div>备案号：{one.icp} 最后更新：2026-11-21</div>",
    )
    return lines[form % 3]


def _menu(
    one: Site,
    link: str = "<li><a href='{url}'>{name}</a>{below}</li>",
    box: str = "<ul>{rows}</ul>",
    leaf: str = "<li><a href='{url}'>{name}</a></li>",
) -> str:
    found = ""
    for name, folder, below in one.menu:
        rows = "".join(leaf.format(url=f"/{folder}/c{n}/", name=sub) for n, sub in enumerate(below))
        found += link.format(url=f"/{folder}/", name=name, below=box.format(rows=rows) if rows else "")
    return found


Crumb = Sequence[tuple[str, str]]


def mega(one: Site, title: str, crumb: Crumb, main: str, seed: int, *, metas: str = "", charset: str = "utf-8") -> str:
    """A county portal: drop-downs of definition lists, the menu again for phones, a margin on the right."""
    panels = _menu(
        one,
        "<dl class='nav-item'><dt><a href='{url}'>{name}</a></dt>{below}</dl>",
        "<dd><div class='panel'>{rows}</div></dd>",
        "<a href='{url}'>{name}</a>",
    )
    side = f'<div class="right-bar"><div class="side-box"><h3>点击排行</h3><ul>{fresh_rows(seed)}</ul></div><div class="side-box"><h3>最新信息</h3><ul>{fresh_rows(seed + 1)}</ul></div></div>'
    return (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}</title>{metas}{noise(seed)}</head><body>'
        "<div class='topbar'><span id='date'>2026年11月21日 星期六</span><a href='/'>首页</a><a href='javascript:;'>繁体</a><a href='#'>无障碍浏览</a><a href='/login'>登录</a></div>"
        f"<div class='header'><a href='/' class='logo'><img src='/logo.png' alt='{one.name}'></a></div><div class='mainnav'><dl class='nav-item'><dt><a href='/'>首页</a></dt></dl>{panels}</div>"
        f"<div class='m-drawer'><ul><li><a href='/'>首页</a></li>{_menu(one)}</ul></div>{floating(seed)}"
        f"<div class='wrap'>{f'<div class=bread>{crumb_of(crumb)}</div>' if crumb else ''}<div class='left-con'>{main}</div>{side}</div>{friend_tabs()}<div class='footer'>{marks(one)}</div></body></html>"
    )


def tables(
    one: Site, title: str, crumb: Crumb, main: str, seed: int, *, metas: str = "", charset: str = "gb2312"
) -> str:
    """Tables of 2004: a running line of fresh news, a left cell of headings, a counter."""
    cells = _menu(
        one,
        "<td align=center height=30><a href='{url}' class=menu>{name}</a></td><td width=1 bgcolor=#ffffff></td>",
        "",
        "",
    )
    left = "".join(
        f"<tr><td height=24>&nbsp;<img src=/i/dot.gif> <a href='/{one.menu[0][1]}/c{n}/'>{name}</a></td></tr>"
        for n, name in enumerate(one.menu[0][2] or KINDS[:5])
    )
    hot = fresh_rows(
        seed,
        6,
        "<tr><td height=22>·<a href='{url}' title='{title}'>{cut}</a></td><td width=70><font color=#999999>{day}</font></td></tr>",
    )
    where = (
        f"<tr><td height=28 background=/i/dh.gif>{crumb_of(crumb, '您现在的位置：', '&gt;&gt;')}</td></tr>"
        if crumb
        else ""
    )
    return (
        f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={charset}'><title>{title}</title>{metas}{noise(seed)}</head><body bgcolor=#ffffff topmargin=0>"
        f"<table width=980 align=center cellpadding=0 cellspacing=0><tr><td colspan=20><img src=/i/banner.jpg width=980 height=150></td></tr><tr bgcolor=#1b5aa8><td align=center><a href='/' class=menu>首页</a></td>{cells}</tr></table>"
        f"<table width=980 align=center><tr><td width=200>今天是2026年11月21日</td><td><marquee>{fresh_rows(seed + 2, 3, '<a href={url}>{title}</a>({day})　')}</marquee></td></tr></table>"
        f"<table width=980 align=center><tr><td width=220 valign=top><table width=100%><tr><td background=/i/t1.gif>栏目导航</td></tr>{left}</table><table width=100%><tr><td colspan=2 background=/i/t2.gif>热门文章</td></tr>{hot}</table></td>"
        f"<td valign=top><table width=100%>{where}<tr><td valign=top>{main}</td></tr></table></td></tr></table>"
        f"<table width=980 align=center><tr><td align=center>{marks(one, 1)}</td></tr></table></body></html>"
    )


def soup(one: Site, title: str, crumb: Crumb, main: str, seed: int, *, metas: str = "", charset: str = "utf-8") -> str:
    """Elements without telling names, the margin before the content."""
    bar = _menu(
        one,
        "<div class='d2'><a href='{url}'>{name}</a>{below}</div>",
        "<div class='d3'>{rows}</div>",
        "<a href='{url}'>{name}</a>",
    )
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="{charset}"><title>{title}</title>{metas}{noise(seed)}</head><body><div class="a0"><div class="a1">现在是 2026-11-21 09:12</div></div>'
        f'<div class="d1"><div class="d2"><a href="/index.html">网站首页</a></div>{bar}</div><div class="b0"><div class="b1"><div class="aside"><div class="t"><b>热点推荐</b></div><ul>{fresh_rows(seed, 10)}</ul></div></div>'
        f'<div class="b2">{f"<p>{crumb_of(crumb)}</p>" if crumb else ""}{main}</div></div>{floating(seed)}<div class="z9">{marks(one, 2)}</div></body></html>'
    )


def platform(
    one: Site, title: str, crumb: Crumb, main: str, seed: int, *, metas: str = "", charset: str = "utf-8"
) -> str:
    """An intensive platform: all standard labels, a tree of columns on the left, the footer twice (desktop, phone)."""
    tree = "".join(
        f"<li class='level1'><a href='/{folder}/'>{name}</a><ul>"
        + "".join(f"<li class='level2'><a href='/{folder}/c{n}/'>{sub}</a></li>" for n, sub in enumerate(below))
        + "</ul></li>"
        for name, folder, below in one.menu
        if below
    )
    labels = f'<meta name="SiteName" content="{one.name}"><meta name="SiteDomain" content="{one.host}"><meta name="SiteIDCode" content="{one.code or ""}">'
    related = f'<div class="xgxx"><h3>相关信息</h3><ul class="list">{fresh_rows(seed + 3, 6)}</ul></div>'
    return (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}</title>{labels}{metas}{noise(seed)}</head><body><header><nav class="navbar"><ul><li><a href="/">首页</a></li>{_menu(one)}</ul></nav></header>'
        f'<div class="container">{f"<div class=location>{crumb_of(crumb)}</div>" if crumb else ""}<div class="sidebar"><ul class="tree">{tree}</ul></div><div class="main">{main}</div>{related}</div>{friend_tabs()}{floating(seed)}'
        f'<footer class="hidden-xs">{marks(one)}</footer><footer class="visible-xs">{marks(one)}</footer></body></html>'
    )


def campus(
    one: Site, title: str, crumb: Crumb, main: str, seed: int, *, metas: str = "", charset: str = "utf-8"
) -> str:
    """A university or hospital: HTML5, a drawer, quick links of other systems, no site code."""
    quick = "".join(
        f'<a href="http://s{n}.{one.host.removeprefix("www.")}/">{name}</a>'
        for n, name in enumerate(("邮箱系统", "办公平台", "教务管理", "一卡通"))
    )
    where = "".join(f"<li><a href='{url}'>{name}</a></li>" for name, url in crumb)
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="{charset}"><title>{title}</title>{metas}{noise(seed)}</head><body><header id="top"><div class="quick">{quick}</div><nav class="nav-main"><ul class="menu"><li><a href="/">首页</a></li>{_menu(one)}</ul></nav></header>'
        f'<nav class="m-nav" hidden><ul>{_menu(one)}</ul></nav><main>{f"<ol class=breadcrumb><li>您的位置</li>{where}</ol>" if crumb else ""}<div class="row"><div class="col-9">{main}</div><aside class="col-3"><h4>最新动态</h4><ul>{fresh_rows(seed)}</ul></aside></div></main>'
        f"<footer>{marks(one, 1)}</footer></body></html>"
    )


COUNTY = site("澜江县人民政府", "www.lanjiang.example.gov.cn", "澜江县人民政府办公室", "5399220031", "云ICP备19008123号-1",
    """走进澜江 zjlj: 县情概览 历史沿革 自然资源
    政务动态 zwdt: 澜江要闻 部门动态 乡镇动态 公示公告
    政务公开 zwgk: 政府信息公开指南 政策文件 政策解读 财政预决算 行政许可 行政处罚 重大建设项目 双公示
    政务服务 zwfw: 办事指南 表格下载 便民查询
    互动交流 hdjl: 县长信箱 民意征集 在线访谈
    专题专栏 ztzl:""")  # fmt: skip
BUREAU = site("澜江市生态环境局", "sthjj.lanjiang.example.gov.cn", "澜江市生态环境局", "5399000042", "云ICP备20001234号-3",
    """机构概况 jggk: 领导信息 内设机构 直属单位
    环境要闻 hjyw: 工作动态 县区动态 图片新闻
    通知公告 tzgg:
    信息公开 xxgk: 法定主动公开内容 政府信息公开年报 部门预算 部门决算 行政处罚
    环境质量 hjzl: 空气质量 水环境质量
    公众互动 gzhd: 局长信箱 意见征集""")  # fmt: skip
TOWN = site("白鹭镇人民政府", "www.bailuzhen.example.gov.cn", "白鹭镇人民政府", None, "湘ICP备07000999号",
    """镇情概况 gk: 地理位置 历史人文 特色产业
    工作动态 dt:
    村务公开 cw:
    便民服务 bm:
    领导信箱 xx:""")  # fmt: skip
CENTRE = site("云岭市公共资源交易中心", "ggzy.yunling.example.gov.cn", "云岭市公共资源交易中心", "5399000077", "云ICP备18000456号",
    """交易公告 jygg: 工程建设 政府采购 土地使用权 产权交易
    交易结果 jyjg: 中标公示 成交公告
    政策法规 zcfg:
    办事指南 bszn:
    信用公示 xygs:""")  # fmt: skip
COLLEGE = site("青禾大学", "www.qhdx.example.edu.cn", "青禾大学", None, "云ICP备05000042号",
    """学校概况 xxgk: 学校简介 现任领导 校史沿革
    院系设置 yxsz:
    人才培养 rcpy: 本科生教育 研究生教育
    科学研究 kxyj: 科研机构 学术动态
    招生就业 zsjy:
    信息公开 xxgkw: 财务信息 招生考试信息""")  # fmt: skip
