"""Papers that a paper's page says belong with it; menus and boxes of the newest say nothing."""

from __future__ import annotations

import pytest

from gkmonitor.records import Details, RelatedPaper
from spiders.readers import read_page

URL = "http://www.qinghe.gov.cn/zcwj/content/post_11.html"
READING = "http://www.qinghe.gov.cn/zcjd/content/post_21.html"
LINK = f'<a href="{READING}">一图读懂粮食储备新规</a>'
TEXT = "<p>" + "为规范粮食储备管理，根据有关规定，结合我县实际，制定本办法。" * 20 + "</p>"
MENU = "".join(
    f'<li><a href="/{place}/">{name}</a></li>'
    for place, name in [("zwgk", "政务公开"), ("zcwj", "政策文件"), ("zcjd", "政策解读"), ("tzgg", "通知公告")]
)


def related(below: str, beside: str = "") -> tuple[RelatedPaper, ...]:
    page = (
        f"<html><head><title>青禾县粮食储备管理办法</title></head><body><ul class='nav'>{MENU}</ul>{beside}"
        f"<h1>青禾县粮食储备管理办法</h1><p>发布时间：2026-11-02</p>{TEXT}{below}<p>版权所有：青禾县人民政府</p></body></html>"
    )
    return read_page(page.encode(), URL).details.related


@pytest.mark.parametrize(
    "below",
    [
        f"<h3>相关解读</h3><ul><li>{LINK}</li></ul>",
        f"<div class='xgjd'><div>相关解读：</div><div>{LINK}<span>2026-11-04</span></div></div>",
        f"<p>相关解读：{LINK}</p>",
        f"<p>【相关解读】</p><p>· {LINK} 2026-11-04</p>",
        f"<dl><dt>相 关 解 读</dt><dd>{LINK}</dd></dl>",
    ],
)
def test_label_says_which_paper_belongs_with_the_page(below: str) -> None:
    (found,) = related(below)
    assert (found.url, found.target, found.is_explicit) == (URL, READING, True)
    assert found.title == "一图读懂粮食储备新规"


def test_link_that_is_called_so_says_it_too() -> None:
    (found,) = related(f'<p><a href="{READING}">【政策解读】</a></p>')
    assert (found.target, found.is_explicit) == (READING, True)


def test_every_link_under_the_label_is_told() -> None:
    other = '<a href="/zcjd/content/post_22.html">负责人答记者问</a>'
    found = related(f"<h3>相关解读</h3><ul><li>{LINK}</li><li>{other}</li></ul>")
    assert [one.target for one in found] == [READING, "http://www.qinghe.gov.cn/zcjd/content/post_22.html"]


def test_box_under_a_vague_name_is_told_as_such() -> None:
    (found,) = related("", f"<div class='side'><h3>政策解读</h3><ul><li>{LINK}</li></ul></div>")
    assert not found.is_explicit


@pytest.mark.parametrize(
    "below",
    [
        "",
        "<p>相关解读请见政策解读栏目。</p>",
        "<h3>相关解读</h3><p>暂无</p>",
        f"<h3>相关解读</h3><p>敬请期待</p><p>{LINK}</p>",
        f"<h3>热点新闻</h3><ul><li>{LINK}</li></ul>",
        '<p><a href="/zcjd/index.html">政策解读</a></p>',
    ],
)
def test_what_no_label_names_is_nothing(below: str) -> None:
    assert related(below) == ()


def test_list_of_papers_tells_of_none() -> None:
    rows = "".join(f'<li><a href="/zcjd/{n}.html">政策解读之{n}</a><span>2026-11-0{n}</span></li>' for n in range(1, 9))
    page = f"<html><body><ul>{MENU}</ul><h2>相关解读</h2><ul class='list'>{rows}</ul></body></html>"
    assert read_page(page.encode(), "http://www.qinghe.gov.cn/zcjd/").details.related == ()


def test_what_belongs_with_a_paper_is_kept_though_nothing_else_is_said() -> None:
    one = Details(related=(RelatedPaper(URL, "相关解读", READING),))
    assert (Details() + one).related == (one + Details()).related == one.related
    assert not one, "a column is not asked for lateness by it"
