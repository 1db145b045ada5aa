"""Five makes of portal around a main part: menus with panels, trees of columns, fresh margins, long footers, scripts."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from family_pages.content import entries

CSS = "".join(
    f".m-{a}-{b}{{padding:{n % 9}px {n % 7}px;background:url(/assets/img/{a}{n}.png) no-repeat 0 -{n * 4}px;border-bottom:1px solid #e{n % 10}e5e5}}\n"
    for n, (a, b) in enumerate(
        (a, b) for a in ("hd", "nav", "bd", "side", "ft") for b in ("box", "tit", "con", "more", "on", "li", "a")
    )
)
LIBRARY = (
    "<script type=\"text/javascript\">\n(function($){$.fn.slide=function(o){return $.fn.slide.deft={type:'slide',effect:'fade',autoPlay:!1,"
    "delayTime:500,interTime:2500,titCell:'.hd li',mainCell:'.bd',targetCell:null,trigger:'mouseover',scroll:1,vis:1},this.each(function(){"
    + "".join(
        f"var c{n}=$('.box{n}'),l{n}=c{n}.find('li').size();if(l{n}>{n}){{c{n}.addClass('on').siblings().removeClass('on');}}"
        for n in range(26)
    )
    + "})}})(jQuery);\nfunction setTab(name,cursel,n){for(i=1;i<=n;i++){var menu=document.getElementById(name+i);var con=document.getElementById('con_'+name+'_'+i);"
    "menu.className=i==cursel?'hover':'';con.style.display=i==cursel?'block':'none';}}\n"
    "function showTime(){var d=new Date(),w=['日','一','二','三','四','五','六'];document.getElementById('nowtime').innerHTML="
    "d.getFullYear()+'年'+(d.getMonth()+1)+'月'+d.getDate()+'日 星期'+w[d.getDay()];}\n"
    "var _siteVersion='2026-11-20';var lastBuild=\"2026-11-20 03:15:22\";\n</script>"
)
FLOATS = (
    '<div class="float-win" style="display:none"><a href="javascript:;" class="close">关闭</a><p>您访问的链接即将离开本网站，是否继续？</p>'
    '<a href="javascript:;">继续访问</a><a href="javascript:;">放弃</a></div><div class="gotop"><a href="#">返回顶部</a></div>'
)
GROUPS = ("国务院部门网站", "省（区、市）政府网站", "市直部门网站", "县（市、区）网站", "其他网站")


def _friends() -> str:
    groups = "".join(
        f'<div class="yq"><span>{name}</span><ul style="display:none">'
        + "".join(
            f'<li><a href="http://www.g{g}n{n}.example.cn/" target="_blank">{"部委厅局市县"[g]}级单位第{n}号网站</a></li>'
            for n in range(1, 19)
        )
        + "</ul></div>"
        for g, name in enumerate(GROUPS)
    )
    return f'<div class="links w1200 clearfix">{groups}</div>'


@dataclass(frozen=True, slots=True)
class Site:
    """A portal: its name, address, menu of (name, address, ((name, address), ...)) and footer."""

    name: str
    host: str
    menu: Sequence[tuple[str, str, Sequence[tuple[str, str]]]]
    foot: str
    metas: Sequence[tuple[str, str]] = ()
    code: str | None = None
    icp: str | None = None
    organizer: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _, _ in self.menu if name not in ("首页", "网站首页"))

    @property
    def subs(self) -> tuple[str, ...]:
        return tuple(name for _, _, subs in self.menu for name, _ in subs)


def menu_lines(text: str) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    """One top column a line: ``名称 /address/ 子栏目 子栏目 ...``; children get addresses below their parent's."""
    found = []
    for line in text.strip().splitlines():
        name, url, *subs = line.split()
        found.append((name, url, tuple((sub, f"{url.rstrip('/')}/l{n}/") for n, sub in enumerate(subs, 1))))
    return tuple(found)


def fresh(seed: int, count: int = 8, form: str = "<span>{d:%Y-%m-%d}</span>", tag: str = "li") -> str:
    """Rows of other columns, all fresher than any list of these pages."""
    return "".join(
        f'<{tag}><a href="/zwyw/{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html" target="_blank" title="{e.title}">{e.title}</a>{form.format(d=e.day)}</{tag}>'
        for e in entries(count, date(2026, 11, 19), seed=seed + 7000, place="云岭市", step=1)
    )


def _head(title: str, site: Site, metas: Sequence[tuple[str, str]], charset: str) -> str:
    labels = "".join(f'<meta name="{k}" content="{v}">\n' for k, v in (*site.metas, *metas))
    declared = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">\n' if charset else ""
    return f'<head>{declared}<meta http-equiv="X-UA-Compatible" content="IE=edge">\n<title>{title}</title>\n{labels}<link rel="stylesheet" href="/assets/css/base.css"><style>{CSS}</style><script src="/assets/js/jquery.min.js"></script>{LIBRARY}</head>'


def panel_page(
    site: Site,
    title: str,
    crumb: Sequence[str],
    main: str,
    *,
    side: str = "",
    left: str = "",
    metas: Sequence[tuple[str, str]] = (),
    charset: str = "utf-8",
) -> str:
    """A big portal: clock and weather, a menu with panels, a tree of columns on the left, fresh headings on the right."""
    items = "".join(
        f'<li class="nav-li"><a href="{url}" class="nav-a">{name}</a>'
        + (
            f'<div class="nav-panel" style="display:none"><div class="pic"><img src="/assets/nav{n}.jpg"></div><div class="panel-r">'
            + "".join(f'<dl><dd><a href="{u}" target="_blank">{s}</a></dd></dl>' for s, u in subs)
            + "</div></div>"
            if subs
            else ""
        )
        + "</li>"
        for n, (name, url, subs) in enumerate(site.menu)
    )
    where = "".join(
        f'<a href="{"/" if n == 0 else f"/c{n}/"}">{name}</a>&nbsp;&gt;&nbsp;' for n, name in enumerate(crumb[:-1])
    ) + (f"<span>{crumb[-1]}</span>" if crumb else "")
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN">{_head(title, site, metas, charset)}<body>\n<div class="topbar"><div class="w1200"><span id="nowtime">2026年11月20日 星期五</span>'
        '<iframe src="//weather.example.cn/w.html" width="200" height="20"></iframe><div class="tr"><a href="/tc/">繁體版</a><a href="javascript:;" onclick="aria.start()">无障碍阅读</a><a href="javascript:;">长者模式</a>'
        '<a href="https://weibo.example.cn/u/1">政务微博</a><a href="/login">登录</a><a href="/reg">注册</a></div></div></div>'
        f'<div class="logo"><h1><a href="/">{site.name}</a></h1><form action="/s" onsubmit="return check()"><input name="q" value="请输入关键词"><button>搜索</button><p>热门搜索：<a href="/s?q=1">社保</a><a href="/s?q=2">公积金</a><a href="/s?q=3">教师招聘</a></p></form></div>'
        f'<div class="nav"><ul class="w1200">{items}</ul></div>'
        + (f'<div class="w1200 crumb"><i class="ico"></i>当前位置：{where}</div>' if crumb else "")
        + '<div class="w1200 clearfix wrap">'
        + (f'<div class="lefttree">{left}</div>' if left else "")
        + f'<div class="main-con">{main}</div>'
        + (
            f'<div class="rightbar"><div class="rb"><h3>热点信息</h3><ul class="list">{side}</ul></div></div>'
            if side
            else ""
        )
        + f'</div>{_friends()}<div class="footer"><div class="w1200">{site.foot}</div></div>{FLOATS}</body></html>'
    )


def tree(title: str, names: Sequence[str], on: str) -> str:
    """The columns of a section as a list on the left, the open one marked."""
    return (
        f'<div class="tree"><h2>{title}</h2><ul>'
        + "".join(
            f'<li{" class=cur" if name == on else ""}><a href="/zwgk/t{n}/index.html">{name}</a></li>'
            for n, name in enumerate(names)
        )
        + "</ul></div>"
    )


def cells_page(
    site: Site, title: str, crumb: Sequence[str], main: str, *, side: str = "", charset: str = "gb2312"
) -> str:
    """A site of 2004: nested tables, fonts, a menu of cells with layers, counter and copyright below."""
    menu = '<td width="4"><img src="images/line.gif"></td>'.join(
        f'<td align="center" onmouseover="show({n})"><a href="{url}" class="white">{name}</a></td>'
        for n, (name, url, _) in enumerate(site.menu)
    )
    layers = "".join(
        f'<div id="layer{n}" style="position:absolute;visibility:hidden"><table bgcolor="#ffffff">'
        + "".join(f'<tr><td height=22><a href="{u}">{s}</a></td></tr>' for s, u in subs)
        + "</table></div>"
        for n, (_, _, subs) in enumerate(site.menu)
        if subs
    )
    where = "&nbsp;&gt;&gt;&nbsp;".join(
        f'<a href="{n}.asp">{name}</a>' if n < len(crumb) - 1 else name for n, name in enumerate(crumb)
    )
    options = "".join(
        f"<option value='http://www.x{n}.example.cn'>----{name}第{n}网站----</option>"
        for name in GROUPS
        for n in range(14)
    )
    return (
        f'<html>{_head(title, site, (), charset)}<body leftmargin=0 topmargin=0 bgcolor=#EFEFEF onload="showTime()"><table width=980 border=0 align=center cellpadding=0 cellspacing=0><tr><td><object classid=clsid:D27CDB6E><param name=movie value=images/top.swf></object></td></tr></table>'
        f"<table width=980 align=center bgcolor=#C00000><tr height=30>{menu}</tr></table>{layers}"
        f"<table width=980 align=center><tr><td width=300>&nbsp;今天是：<font color=red>2026年11月20日 星期五</font></td><td><marquee>欢迎访问{site.name}！</marquee></td><td align=right><form action=search.asp>站内搜索：<input name=key><select name=t><option>标题</option><option>内容</option></select><input type=submit value=搜索></form></td></tr></table>"
        f"<table width=980 align=center bgcolor=#FFFFFF><tr>"
        + (
            f"<td width=220 valign=top><table width=100% border=0><tr><td background=images/l1.gif height=28><b>最新文章</b></td></tr>{side}</table><table><tr><td><img src=images/ad1.jpg></td></tr></table></td>"
            if side
            else ""
        )
        + f"<td valign=top><table width=100%><tr><td height=26 background=images/dh.gif>&nbsp;您当前的位置：{where}</td></tr><tr><td valign=top>{main}</td></tr></table></td></tr></table>"
        f"<table width=980 align=center><tr><td align=center><select onchange=go(this)><option>==友情链接==</option>{options}</select></td></tr></table>"
        f"<table width=980 align=center bgcolor=#E4E4E4><tr><td align=center height=110>{site.foot}<br>您是第<font color=red>20261120</font>位访客 在线人数：26</td></tr></table></body></html>"
    )


def flat_page(
    site: Site,
    title: str,
    crumb: Sequence[str],
    main: str,
    *,
    side: str = "",
    metas: Sequence[tuple[str, str]] = (),
    lang: str = "zh-CN",
    here: str = "您的位置",
) -> str:
    """A responsive site: menu, the same in a drawer, sections, an aside with cards, footer in columns, popup, scripts."""
    bar = "".join(
        f'<li class="dropdown"><a href="{url}">{name}</a>'
        + (("<ul>" + "".join(f'<li><a href="{u}">{s}</a></li>' for s, u in subs) + "</ul>") if subs else "")
        + "</li>"
        for name, url, subs in site.menu
    )
    where = "<i>/</i>".join(f'<a href="{"/" if n == 0 else f"/c{n}/"}">{name}</a>' for n, name in enumerate(crumb))
    return (
        f'<!doctype html>\n<html lang="{lang}">{_head(title, site, metas, "utf-8")}<body class="inner"><header class="header"><div class="container"><a class="brand" href="/"><img src="/static/logo.png" alt="{site.name}"></a><button class="navbar-toggle">menu</button></div></header>'
        f'<nav class="mainnav hidden-xs"><ul>{bar}</ul></nav><div class="m-drawer visible-xs"><ul>{bar}</ul></div>'
        + (f'<div class="container breadcrumb-wrap">{here}：{where}</div>' if crumb else "")
        + f'<div class="container"><div class="row"><div class="col-md-9">{main}</div>'
        + (
            f'<aside class="col-md-3"><div class="card"><h4>推荐阅读</h4><ul class="news-list">{side}</ul></div></aside>'
            if side
            else ""
        )
        + f'</div></div>{_friends()}<footer><div class="container">{site.foot}</div></footer>{FLOATS}</body></html>'
    )
