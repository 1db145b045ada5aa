"""What all readers share: links once, text within its bound."""

from __future__ import annotations

from spiders.readers.document import MAX_TEXT_CHARACTERS, Document


def test_a_link_with_address_and_script_is_one_link() -> None:
    page = Document(
        '<a href="/a.html" onclick="go()">通知公告</a><a onclick="go()">公告</a>', "http://www.qinghe.gov.cn/"
    )
    assert [link.text for link in page.links] == ["通知公告", "公告"]


def test_visible_text_is_cut_inside_one_endless_text() -> None:
    page = Document("<p>开头</p><p>" + "青禾县" * MAX_TEXT_CHARACTERS + "</p>", "http://www.qinghe.gov.cn/")
    assert page.visible_text.startswith("开头")
    assert len(page.visible_text) <= MAX_TEXT_CHARACTERS + 10
