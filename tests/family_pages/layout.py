"""Page frames as sites draw them: four makes of header, menu, margin and footer around a main part."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from collections.abc import Sequence

from family_pages.content import entries

Menu = Sequence[tuple[str, str, Sequence[tuple[str, str]]]]

STYLE = (
    "<style>body{margin:0;font:14px/1.8 'Microsoft YaHei'} a{color:#333;text-decoration:none} .w{width:1200px;margin:0 "
    "auto} .fl{float:left} .fr{float:right} .clearfix:after{content:'';display:block;clear:both}"
    + "".join(
        f".c{n}{{width:{n * 7}px;height:{n * 3}px;background:url(/images/bg{n}.png) no-repeat}}" for n in range(40)
    )
    + "</style>"
)
SCRIPTS = (
    '<script src="/js/jquery-1.11.3.min.js"></script><script src="/js/swiper.min.js"></script>'
    "<script>var _hmt=_hmt||[];(function(){var hm=document.createElement('script');hm.src='//hm.example.cn/hm.js?0a1b2c';"
    "var s=document.getElementsByTagName('script')[0];s.parentNode.insertBefore(hm,s);})();"
    "function goSearch(){var k=$('#kw').val();if(!k){alert('请输入关键字');return false;}location.href='/search?q='+k;}"
    "$(function(){$('.nav li').hover(function(){$(this).find('ul').show()},function(){$(this).find('ul').hide()})});</script>"
)
CLOCK = (
    "<span id='clock'>今天是：2026年11月20日 星期五</span><script>var d=new Date();"
    "document.getElementById('clock').innerHTML=d.getFullYear()+'年';</script>"
)
FRIENDS = (
    "<div class='yqlj'><select onchange='window.open(this.value)'><option>友情链接</option>"
    + "".join(f"<option value='http://www.example{n}.gov.cn/'>云岭市第{n}部门网站</option>" for n in range(1, 24))
    + "</select></div>"
)


def menu_of(pairs: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """``"首页=/ 政务公开=/zwgk/(政策=/zwgk/zc/,规划=/zwgk/gh/)"`` as a menu."""
    found: list[tuple[str, str, list[tuple[str, str]]]] = []
    for word in pairs.split():
        head, _, rest = word.partition("(")
        name, _, url = head.partition("=")
        subs = [(one.partition("=")[0], one.partition("=")[2]) for one in rest.rstrip(")").split(",") if one]
        found.append((name, url, subs))
    return found


def hot_news(seed: int, newest: str = "2026-11-19", count: int = 8) -> str:
    """What a margin shows of other columns: fresher than any list beside it."""
    from datetime import date

    rows = entries(count, date.fromisoformat(newest), seed=seed + 500, place="云岭市")
    return "".join(
        f'<li><a href="/rdzt/{row.day:%Y%m}/t{row.day:%Y%m%d}_{row.number}.html" title="{row.title}">{row.title[:14]}...</a>'
        f"<em>{row.iso}</em></li>"
        for row in rows
    )


def head(title: str, metas: Sequence[tuple[str, str]] = (), charset: str = "utf-8", extra: str = "") -> str:
    labels = "".join(f'<meta name="{name}" content="{value}" />\n' for name, value in metas)
    return (
        f'<head><meta http-equiv="Content-Type" content="text/html; charset={charset}" />\n<title>{title}</title>\n{labels}'
        f'<link rel="stylesheet" href="/css/style.css" />{STYLE}{extra}</head>'
    )


def div_menu(menu: Menu) -> str:
    rows = "".join(
        f'<li><a href="{url}">{name}</a>'
        + ("<ul>" + "".join(f'<li><a href="{u}">{n}</a></li>' for n, u in subs) + "</ul>" if subs else "")
        + "</li>"
        for name, url, subs in menu
    )
    return f'<div class="nav"><ul class="w clearfix">{rows}</ul></div>'


def crumb_of(crumb: Sequence[tuple[str, str]], mark: str = "当前位置：", gap: str = " &gt; ") -> str:
    return mark + gap.join(f'<a href="{url}">{name}</a>' if url else f"<span>{name}</span>" for name, url in crumb)


def div_page(
    title: str,
    menu: Menu,
    crumb: Sequence[tuple[str, str]],
    main: str,
    foot: str,
    *,
    side: str = "",
    metas: Sequence[tuple[str, str]] = (),
    charset: str = "utf-8",
    extra: str = "",
) -> str:
    """Header with clock and search, menu with drop-downs, breadcrumb, a margin of headings, footer."""
    where = f'<div class="position">{crumb_of(crumb)}</div>' if crumb else ""
    margin = f'<div class="leftside fl">{side}</div>' if side else ""
    return (
        f"<!DOCTYPE html><html>{head(title, metas, charset, extra)}<body>"
        f'<div class="top"><div class="w">{CLOCK} <a href="/mobile/">手机版</a> <a href="javascript:void(0)">无障碍</a></div></div>'
        f'<div class="header w"><a href="/"><img src="/images/logo.png" alt=""></a><form onsubmit="return goSearch()">'
        f'<input id="kw" placeholder="请输入关键字"><input type="submit" value="搜索"></form></div>{div_menu(menu)}'
        f'<div class="w clearfix content">{where}{margin}<div class="rightcon fr">{main}</div></div>'
        f'{FRIENDS}<div class="footer">{foot}</div>{SCRIPTS}</body></html>'
    )


def table_page(
    title: str,
    menu: Menu,
    crumb: Sequence[tuple[str, str]],
    main: str,
    foot: str,
    *,
    side: str = "",
    metas: Sequence[tuple[str, str]] = (),
    charset: str = "gb2312",
) -> str:
    """A site of 2005: tables in tables, no classes to speak of, the menu a row of cells."""
    cells = '<td width="2">|</td>'.join(
        f'<td align="center"><a href="{url}"><font color="#FFFFFF">{name}</font></a></td>' for name, url, _ in menu
    )
    margin = f'<td width="210" valign="top"><table width="100%">{side}</table></td>' if side else ""
    where = f'<tr><td height="28" background="images/dh.gif">&nbsp;{crumb_of(crumb, "您现在的位置：", "&gt;&gt;")}</td></tr>'
    return (
        f"<html>{head(title, metas, charset)}<body topmargin=0><table width=1000 align=center><tr><td>"
        f'<img src="images/top.jpg" width=1000 height=160></td></tr></table>'
        f'<table width="1000" align="center" bgcolor="#B50000"><tr>{cells}</tr></table>'
        f'<table width="1000" align="center"><tr>{margin}<td valign="top"><table width="100%">{where if crumb else ""}'
        f"<tr><td>{main}</td></tr></table></td></tr></table>"
        f'<table width="1000" align="center"><tr><td align="center" height="90">{foot}</td></tr></table>{SCRIPTS}</body></html>'
    )


def modern_page(
    title: str,
    menu: Menu,
    crumb: Sequence[tuple[str, str]],
    main: str,
    foot: str,
    *,
    side: str = "",
    metas: Sequence[tuple[str, str]] = (),
) -> str:
    """HTML5 with Bootstrap: the menu printed again in a drawer for phones, aside, a footer in columns."""
    bar = "".join(
        f'<li class="nav-item{" dropdown" if subs else ""}"><a class="nav-link" href="{url}">{name}</a>'
        + (
            '<div class="dropdown-menu">'
            + "".join(f'<a class="dropdown-item" href="{u}">{n}</a>' for n, u in subs)
            + "</div>"
            if subs
            else ""
        )
        + "</li>"
        for name, url, subs in menu
    )
    drawer = "".join(f'<a href="{url}">{name}</a>' for name, url, _ in menu)
    where = "".join(f'<li class="breadcrumb-item"><a href="{u}">{n}</a></li>' for n, u in crumb)
    return (
        f'<!doctype html><html lang="zh-CN">{head(title, metas)}<body><header><nav class="navbar navbar-expand-lg">'
        f'<a class="navbar-brand" href="/"><img src="/static/logo.svg" alt="logo"></a><ul class="navbar-nav">{bar}</ul></nav></header>'
        f'<div class="mobile-drawer d-lg-none">{drawer}</div>'
        + (f'<nav aria-label="breadcrumb"><ol class="breadcrumb"><li>您的位置</li>{where}</ol></nav>' if crumb else "")
        + f'<main class="container"><div class="row"><section class="col-lg-9">{main}</section>'
        + (f'<aside class="col-lg-3">{side}</aside>' if side else "")
        + f"</div></main><footer>{foot}</footer>{SCRIPTS}</body></html>"
    )
