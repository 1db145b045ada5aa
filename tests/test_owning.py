"""Whose list stands on a column's page: its own, or another column's that is shown beside it."""

from __future__ import annotations

from datetime import date

import pytest

from gkmonitor.records import PageFacts, PageKind
from spiders.readers import read_page

URL = "http://www.qinghe.example.gov.cn/zwgk/rsxx/"
CRUMB = (
    "<p>当前位置：<a href='/'>首页</a> &gt; <a href='/zwgk/'>政务公开</a> &gt; <a href='/zwgk/rsxx/'>人事信息</a></p>"
)
OLD = date(2019, 5, 5)


def rows(count: int, newest: date) -> str:
    return "".join(
        f"<li><a href='/a/{newest.year}{n}.html'>青禾县人民政府关于第{n}项重点工作的通知</a>"
        f"<span>{newest.replace(day=newest.day - n).isoformat()}</span></li>"
        for n in range(count)
    )


FRESH = f"<ul>{rows(4, date(2026, 11, 20))}</ul>"


def read(content: str, beside: str, crumb: str = "") -> PageFacts:
    menu = "".join(f"<li><a href='/{n}/'>{n}</a></li>" for n in ("政务动态", "政务公开", "办事服务", "互动交流"))
    columns = f"<div><h3>人事信息</h3>{content}</div><div>{beside}</div>"
    body = f"<ul class='nav'><li><a href='/'>首页</a></li>{menu}</ul>{crumb}<div>{columns}</div>"
    head = "<meta charset='utf-8'><title>人事信息-青禾县人民政府</title>"
    return read_page(f"<html><head>{head}</head><body>{body}</body></html>".encode(), URL)


@pytest.mark.parametrize("crumb", ["", CRUMB])
@pytest.mark.parametrize("heading", ["<div><b>通知公告</b></div>", "<h3>政策文件</h3>", "工作动态"])
def test_fresh_news_below_another_columns_name_are_not_the_pages_list(heading: str, crumb: str) -> None:
    page = read(f"<ul>{rows(2, OLD)}</ul>", heading + FRESH, crumb)
    assert page.listing is not None
    assert (len(page.listing.items), page.listing.newest) == (2, OLD)


@pytest.mark.parametrize("content", ["<ul></ul>", "<p>请选择年份</p>", "<div id='list'></div>"])
def test_a_page_with_nothing_but_other_columns_news_has_no_list_and_is_not_blank(content: str) -> None:
    page = read(content, f"<h3>通知公告</h3>{FRESH}")
    assert page.listing is None
    assert page.kind is not PageKind.LISTING


def test_a_list_below_the_name_of_its_channel_is_the_pages_own() -> None:
    page = read(f"<h4>政务公开</h4>{FRESH}", "<p>联系我们</p>", CRUMB)
    assert page.listing is not None
    assert len(page.listing.items) == 4
