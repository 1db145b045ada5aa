"""What all readers share: links once, text within its bound."""

from __future__ import annotations

import gc

import pytest

from spiders.readers import read_page
from spiders.readers.document import Document
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
