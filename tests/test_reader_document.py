"""What all readers share: links once, text within its bound."""

from __future__ import annotations

import gc

import pytest

from spiders.readers import read_page
from spiders.readers.document import MAX_LINKS, Document
from spiders.readers.walking import MAX_TEXT_CHARACTERS


def test_a_link_with_address_and_script_is_one_link() -> None:
    page = Document(
        '<a href="/a.html" onclick="go()">通知公告</a><a onclick="go()">公告</a>', "http://www.qinghe.gov.cn/"
    )
    assert [link.text for link in page.links] == ["通知公告", "公告"]


def test_visible_text_is_cut_inside_one_endless_text() -> None:
    page = Document("<p>开头</p><p>" + "青禾县" * MAX_TEXT_CHARACTERS + "</p>", "http://www.qinghe.gov.cn/")
    assert page.visible_text.startswith("开头")
    assert len(page.visible_text) <= MAX_TEXT_CHARACTERS + 10


def test_a_page_that_was_read_leaves_nothing_to_the_collector_of_cycles() -> None:
    menu = "".join(
        f'<li><a href="/{k}/">栏目{k}</a><ul><li><a href="/{k}/a/">下级{k}</a></li></ul></li>' for k in range(9)
    )
    rows = "".join(
        f'<li><a href="/t{k}.html">关于第{k}号事项的公告</a><span>2026-11-{k + 1:02d}</span></li>' for k in range(20)
    )
    body = f'<div class="nav"><ul>{menu}</ul></div><ul class="list">{rows}</ul>'.encode()
    read_page(body, "http://www.qinghe.gov.cn/tzgg/")
    gc.collect()
    gc.disable()
    try:
        facts = read_page(body, "http://www.qinghe.gov.cn/tzgg/")
        assert gc.collect() == 0
    finally:
        gc.enable()
    assert facts.listing is not None
    assert len(facts.columns) >= 9


@pytest.mark.parametrize("href", ["http:/#/www.qinghe.example/a.html", "http://#a", "https:?a=1", "//#/a.html"])
def test_reference_without_a_host_leads_nowhere(href: str) -> None:
    assert Document("", "http://www.qinghe.example/zwgk/index.html").join(href) is None


def test_what_is_not_shown_is_left_out_with_all_inside_it_but_its_scripts_are_read() -> None:
    page = Document(
        "<title>青禾县</title><noscript><script>var a;</script><style>p{}</style></noscript>"
        '<body><svg><title>图标</title><script>var b;</script><a href="/svg">图</a></svg><p>通知</p>'
        '<noscript><div style="display:none"><a href="/n">请启用脚本</a></div></noscript>'
        "<template><script>var c;</script><p>样板</p></template><p>公告<script>var d;</script></p>",
        "http://www.qinghe.gov.cn/",
    )
    assert page.title == "青禾县"
    assert page.lines == ("通知", "公告")
    assert page.links == ()
    assert [script.code for script in page.scripts] == ["var a;", "var b;", "var d;"]
    assert page.tree.css("script,style,template,noscript,svg") == []


def test_text_behind_a_block_begins_a_line_also_across_a_script() -> None:
    page = Document(
        "<div>一</div><script>var a</script>二<div>三<i></i></div>四<b>五</b>六<div></div><!-- --><b>七</b>",
        "http://www.qinghe.gov.cn/",
    )
    assert page.lines == ("一", "二", "三", "四五六", "七")


def test_every_link_knows_the_elements_around_it() -> None:
    page = Document(
        '<ul><li><a href="/1">一</a><a>无</a><li><b><a href="/2">二</a></b></ul><a href="/3">三</a>',
        "http://www.qinghe.gov.cn/",
    )
    around = []
    for link in page.links:
        element, names = link.holder, []
        while element is not None:
            assert element.identity in page.around_anchors
            names.append(element.tag)
            element = element.above
        around.append(names)
    top = ["body", "html", "-document"]
    assert around == [["li", "ul", *top], ["b", "li", "ul", *top], top]
    first = page.links[0].holder
    assert first is not None
    assert first is page.elements.around(page.links[0].node)


def test_links_past_those_whose_holders_the_walk_noted_are_cut_off() -> None:
    page = Document("<p>" + "<a>无</a><a href='/x'>有</a>" * 2000, "http://www.qinghe.gov.cn/")
    assert len(page.links) == 2000
    assert len(page.bare_anchors) == 2000
    assert {link.holder.tag for link in page.links if link.holder is not None} == {"p"}
    page = Document("<p>" + "<a href='/x'>有</a>" * (MAX_LINKS + 5), "http://www.qinghe.gov.cn/")
    assert len(page.links) == MAX_LINKS
