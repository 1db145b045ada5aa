"""What a page says besides lists and articles: the way to it, totals, the portal's own telephone, names of blocks."""

from __future__ import annotations

import pytest

from spiders.readers.blocks import read_blocks
from spiders.readers.crumbs import read_breadcrumb
from spiders.readers.document import Document
from spiders.readers.families import detect_cms
from spiders.readers.listing import PageLists
from spiders.readers.marks import read_marks
from spiders.readers.pager import may_be_pager_links, read_pager

URL = "http://www.qinghe.example.gov.cn/tzgg/index.html"


def page(body: str) -> Document:
    return Document(f"<html><head><title>青禾县</title></head><body>{body}</body></html>", URL, "utf-8")


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ('<div class="w">您当前的位置是：<a href="/">首页</a> &gt; <a href="/a/">政务动态</a></div>', ("政务动态",)),
        ('<div><b>当前位置:</b> <a href="/x/">林学系</a> > <a href="/t/">通知公告</a> ></div>', ("林学系", "通知公告")),
        ("<div><span>您当前的位置是：</span>三公经费</div>", ("三公经费",)),
        ("<p>本县地理位置优越，交通便利。</p>", ()),
        ("<p>位置：县城东南二里，旧城门以外，渡口之上，四周都是农田和果园</p>", ()),
    ],
)  # fmt: skip
def test_the_way_to_a_page_is_read_as_it_is_printed(printed: str, names: tuple[str, ...]) -> None:
    assert read_breadcrumb(page(printed)) == names


@pytest.mark.parametrize(
    ("printed", "total"),
    [
        ("<p>全年共办理提案35件，答复率为百分之百。</p><div>共259记录</div>", 259),
        ("<p>全年共收到申请0件，未发生收费，也没有行政复议和诉讼</p>", None),
        ("<div>共 0 条记录</div>", 0),
        ("<div>首页 上一页 下一页 尾页 共0条记录 第1/1页 每页20条</div>", 0),
    ],
)
def test_a_sentence_states_no_total_of_a_list(printed: str, total: int | None) -> None:
    document = page(printed)
    assert read_pager(document, may_be_pager_links(document)).total_items == total


def test_the_telephone_is_the_portals_and_not_that_of_a_notice() -> None:
    notice = "<p>联系电话：0851-1111111　邮编：563500</p>" + "<p>请各单位认真组织学习，按时报送材料。</p>" * 40
    foot = "<div>主办：青禾县教育局</div><div>联系电话：0851-2222222</div><div>黔ICP备05000001号</div>"
    assert read_marks(page(notice + foot)).contact == "0851-2222222"


def test_links_to_other_sites_do_not_tell_the_system_of_this_one() -> None:
    assert detect_cms(page('<a href="http://lt.example.cn/index.jhtml">论坛</a><a href="/a/">甲</a>')) is None
    assert detect_cms(page('<a href="/tzgg/index_2.jhtml">下一页</a>')) == "jeecms"


def test_a_title_of_the_block_before_is_no_name_of_a_block() -> None:
    def rows(word: str) -> str:
        return "".join(
            f'<li><a href="/{word}/{n}.html">青禾县{word}第{n}号工作安排和部署情况</a></li>' for n in range(6)
        )

    document = page(f"<h3>工作动态</h3><div><ul>{rows('甲')}</ul></div><div><ul>{rows('乙')}</ul></div>")
    blocks = read_blocks(document, PageLists(document))
    assert [block.name for block in blocks] == ["工作动态", None]
