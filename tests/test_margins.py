"""A margin's fresh news never stands for the column beside it."""

from __future__ import annotations

import pytest

from gkmonitor.records import PageFacts
from spiders.readers import read_page

FRESH = "".join(
    f'<li><a href="/rd/t2026111{n}_{n}01.html">云岭市召开第{n}次工作推进会议部署重点任务</a><em>2026-11-1{n}</em></li>'
    for n in range(8)
)
MENU = "".join(f'<li><a href="/c{n}/">栏目名称{n}</a></li>' for n in range(8))
OWN = "".join(f'<li><a href="/zwgk/nb/{n}.html">青禾县20{n}年政府信息公开工作年度报告</a></li>' for n in (20, 19))
MORE = '<li><a href="/zwgk/nb/3000.html">青禾县2018年政府信息公开工作年度报告</a></li>'

MARGINS = {
    "aside element": f"<aside><ul>{FRESH}</ul></aside>",
    "named margin": f'<div class="sidebar"><ul>{FRESH}</ul></div>',
    "named ranking": f'<div class="fl"><ul class="hotnews">{FRESH}</ul></div>',
    "heading": f"<div class='box'><h3>热点新闻</h3><ul>{FRESH}</ul></div>",
    "heading with more": (
        f"<div class='box'><div class='hd'><span>最新发布</span><a href='/more/'>更多</a></div><ul>{FRESH}</ul></div>"
    ),
    "related": f"<div class='xgwz'><h4>相关阅读</h4><ul>{FRESH}</ul></div>",
}


def page_with(margin: str, main: str, title: str = "年度报告") -> PageFacts:
    text = (
        f"<html><head><meta charset='utf-8'><title>{title}-青禾县人民政府</title></head><body>"
        f"<div class='nav'><ul>{MENU}</ul></div><div class='content'>"
        f"<div class='position'>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/nb/'>{title}</a></div>{margin}"
        f"<div class='main'>{main}</div></div></body></html>"
    )
    return read_page(text.encode(), "http://www.qinghe.example.gov.cn/zwgk/nb/index.html")


@pytest.mark.parametrize("margin", MARGINS.values(), ids=MARGINS)
def test_margin_of_fresh_news_does_not_fill_an_empty_column(margin: str) -> None:
    listing = page_with(margin, '<ul class="list"></ul>').listing
    assert listing is not None
    assert listing.items == ()


@pytest.mark.parametrize("margin", MARGINS.values(), ids=MARGINS)
def test_margin_of_fresh_news_does_not_date_an_undated_column(margin: str) -> None:
    listing = page_with(margin, f'<ul class="list">{OWN}{MORE}</ul>').listing
    assert listing is not None
    assert [item.published for item in listing.items] == [None, None, None]


def test_list_under_a_heading_of_the_page_itself_is_its_list() -> None:
    listing = page_with("", f"<h3>最新公告</h3><ul>{FRESH}</ul>", "最新公告").listing
    assert listing is not None
    assert len(listing.items) == 8


def test_list_with_a_pager_is_no_margin_whatever_its_name() -> None:
    main = f'<div class="sidebar"><ul>{FRESH}</ul><div class="page"><a href="index_1.html">下一页</a></div></div>'
    listing = page_with("", main).listing
    assert listing is not None
    assert len(listing.items) == 8
