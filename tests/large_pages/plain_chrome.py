"""Makes of pages that name nothing: no class says what is a margin; other columns stand beside the content as blocks."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from family_pages.layout import crumb_of

from large_pages.chrome import Crumb, Site, fresh_rows, marks, noise


def _block(name: str, url: str, rows: str, more: bool = True) -> str:
    link = f"<a href='{url}'>更多</a>" if more else ""
    return f"<div class='w300'><div class='tt'><span>{name}</span>{link}</div><ul>{rows}</ul></div>"


def wire(site: Site, title: str, crumb: Crumb, main: str, seed: int, *, metas: str = "") -> str:
    """Two columns of floats; left stand blocks of two other columns with their 更多."""
    bar = "".join(f"<li><a href='/{folder}/'>{name}</a></li>" for name, folder, _ in site.menu)
    left = _block("图片新闻", "/tpxw/", fresh_rows(seed, 5)) + _block("通知公告", "/tz/", fresh_rows(seed + 1, 7))
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{metas}{noise(seed)}</head><body><div class='w1200'><img src='/banner.jpg'></div>"
        f"<div class='w1200 bar'><ul><li><a href='/'>首 页</a></li>{bar}</ul></div><div class='w1200'><div class='fl w300b'>{left}</div><div class='fr w880'>"
        f"<div class='dq'>{crumb_of(crumb)}</div>{main}</div></div><div class='w1200 dibu'>{marks(site, 1)}</div></body></html>"
    )


def cells(site: Site, title: str, crumb: Crumb, main: str, seed: int, *, metas: str = "") -> str:
    """Tables whose headings are pictures without words; the left cell is fresh."""
    bar = "".join(f"<td><a href='/{folder}/'><b>{name}</b></a></td>" for name, folder, _ in site.menu)
    hot = fresh_rows(seed, 7, "<tr><td><img src=/i/d.gif></td><td><a href='{url}'>{cut}</a>[{day}]</td></tr>")
    return (
        f"<html><head><meta http-equiv=Content-Type content='text/html; charset=gb2312'><title>{title}</title>{metas}{noise(seed)}</head><body><table width=1000 align=center><tr><td><a href='/'><b>首页</b></a></td>{bar}</tr></table>"
        f"<table width=1000 align=center><tr><td width=250 valign=top><table><tr><td colspan=2><img src=/i/zxgg.gif></td></tr>{hot}</table></td><td valign=top><table width=100%><tr><td>{crumb_of(crumb, '当前位置：', ' → ')}</td></tr><tr><td>{main}</td></tr></table></td></tr></table>"
        f"<table width=1000 align=center><tr><td>{marks(site, 1)}</td></tr></table></body></html>"
    )


def rendered(site: Site, title: str, crumb: Crumb, main: str, seed: int, *, metas: str = "") -> str:
    """Saved from a browser: component classes, empty comments, attributes of frameworks."""
    bar = "".join(
        f"<li data-v-7ba5bd90 role='menuitem' class='el-menu-item'><a href='/#/list/{folder}'>{name}</a></li><!---->"
        for name, folder, _ in site.menu
    )
    card = f"<div data-v-1 class='el-card'><div class='el-card__header'><span>最新发布</span></div><div class='el-card__body'><ul>{fresh_rows(seed, 8)}</ul></div></div>"
    return (
        f"<!DOCTYPE html><html lang='zh'><head><meta charset='utf-8'><title>{title}</title>{metas}{noise(seed)}</head><body><div id='app' data-v-app><ul role='menubar' class='el-menu--horizontal el-menu'><li class='el-menu-item'><a href='/#/'>首页</a></li>{bar}</ul>"
        f"<div data-v-2 class='page-wrap'><div data-v-2 class='el-row'><div class='el-col el-col-17'><div class='el-breadcrumb'>{crumb_of(crumb, '', ' / ')}</div>{main}</div><div class='el-col el-col-7'>{card}</div></div></div><div class='page-footer'>{marks(site)}</div></div></body></html>"
    )
