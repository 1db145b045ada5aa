"""Saved pages whose address nobody knows: a channel page below the root is not taken for the home page."""

from __future__ import annotations

from gkmonitor.records import PageKind
from spiders.readers import read_page

FILE = "file:///saved/017.html"
NAMES = ("新闻中心", "政务公开", "办事服务", "互动交流", "走进青禾", "专题专栏", "数据发布")
FOLDERS = ("xwzx", "zwgk", "bsfw", "hdjl", "zjqh", "ztzl", "sjfb")


def page(up: str, label: str = "") -> bytes:
    """A page of a menu and four dated blocks; ``up``: what leads from it to the root."""
    menu = "".join(f'<li><a href="{up}{f}/index.html">{n}</a></li>' for n, f in zip(NAMES, FOLDERS, strict=True))
    blocks = "".join(
        f'<div class="block"><h3>{name}</h3><a class="more" href="{up}zwgk/b{number}/">更多</a><ul>'
        + "".join(
            f'<li><a href="{up}zwgk/b{number}/content/post_{number}{day:02}.html">{name}方面第{day}条信息的完整标题</a>'
            f"<span>2026-0{number}-{day:02}</span></li>"
            for day in range(1, 12)
        )
        + "</ul></div>"
        for number, name in enumerate(("通知公告", "政策解读", "重点领域信息", "财政预决算"), 1)
    )
    head = f'<title>青禾县监狱管理局</title><meta name="ColumnName" content="{label}">'
    return f'<html><head>{head}</head><body><div class="nav"><ul>{menu}</ul></div>{blocks}</body></html>'.encode()


def test_page_that_climbs_to_the_root_is_a_section() -> None:
    assert read_page(page("../"), FILE).kind is PageKind.SECTION


def test_page_that_labels_itself_with_a_column_is_a_section() -> None:
    assert read_page(page("", "政务公开"), FILE).kind is PageKind.SECTION


def test_page_at_the_root_is_still_a_home_page() -> None:
    assert read_page(page(""), FILE).kind is PageKind.HOME
    assert read_page(page("", "首页"), FILE).kind is PageKind.HOME


def test_an_address_outranks_what_links_look_like() -> None:
    assert read_page(page("../", "政务公开"), "http://www.qinghe.example/").kind is PageKind.HOME
