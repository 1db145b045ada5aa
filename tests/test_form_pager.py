"""Pagers without addresses: what a click on 下一页 would ask for, and what is never asked for."""

from __future__ import annotations

import pytest

from gkmonitor.records import Endpoint, Listing
from spiders.readers import read_page

HOST = "http://www.qinghe.example.gov.cn"
URL = f"{HOST}/zwgk/list.action?columnid=31"
ROWS = "".join(
    f'<li><a href="detail.action?id={2000 + n}">青禾县住房和城乡建设局关于第{n}批保障性住房分配的公告</a>'
    f"<span>2026-03-{n:02}</span></li>"
    for n in range(20, 5, -1)
)
HIDDEN = '<input type="hidden" name="columnid" value="31"><input type="hidden" name="pageNo" id="pn" value="1">'


def read(pager: str, url: str = URL) -> Listing:
    menu = "".join(f'<a href="/{n}/">栏目{n}</a>' for n in "甲乙丙丁戊己")
    body = f"<html><head><title>通知公告</title></head><body>{menu}<ul class='list'>{ROWS}</ul>{pager}</body></html>"
    listing = read_page(body.encode(), url).listing
    assert listing is not None
    assert len(listing.items) == 15
    return listing


def form(fields: str = HIDDEN, attributes: str = 'name="pageForm" action="list.action" method="post"') -> str:
    return f"<form {attributes}>{fields}</form>"


def script(code: str) -> str:
    return f"<script>{code}</script>"


def turned(number: int, *others: tuple[str, str], path: str = "/zwgk/list.action") -> Endpoint:
    fields = (("columnid", "31"), ("pageNo", str(number)), *others)
    return Endpoint(HOST + path, "POST", fields, "form-pager")


SIZES = '<select name="pageSize"><option>15<option selected>20</select><input type="text" name="to" value="1">'
LINK = '<a href="javascript:gotoPage(2)">下一页</a>'
SETS_FIELD = "function gotoPage(n){document.pageForm.pageNo.value=n;document.pageForm.submit();}"

REQUESTS = {
    "struts-function": (form() + script(SETS_FIELD) + LINK, turned(2)),
    "function-not-on-the-page": (form() + '<a href="javascript:goToPageURL(2)">下一页</a>', turned(2)),
    "onclick": (
        form() + script(SETS_FIELD) + '<a href="#" onclick="gotoPage(\'2\');return false;">下一页</a>',
        turned(2),
    ),
    "by-id": (
        form() + script("function gotoPage(p){$('#pn').val(p);$('#pageForm').submit();}") + LINK,
        turned(2),
    ),
    "by-element-id": (
        form()
        + script("var gotoPage = function(p){document.getElementById('pn').value = p; document.forms[0].submit()}")
        + LINK,
        turned(2),
    ),
    "one-more": (
        form()
        + script("function next(){var f=document.pageForm;f.pageNo.value=parseInt(f.pageNo.value)+1;f.submit();}")
        + '<a href="javascript:next()">下一页&gt;</a>',
        turned(2),
    ),
    "inline": (
        form() + "<a href=\"javascript:document.forms[0].pageNo.value='2';document.forms[0].submit();\">[下一页]</a>",
        turned(2),
    ),
    "button": (form() + script(SETS_FIELD) + '<input type="button" value="下一页" onclick="gotoPage(2)">', turned(2)),
    "span": (form() + script(SETS_FIELD) + '<span onclick="gotoPage(2)">下一页</span>', turned(2)),
    "action-set-by-script": (
        form()
        + script("function gotoPage(n){var f=document.pageForm;f.action='other.do';f.pageNo.value=n;f.submit()}")
        + LINK,
        turned(2, path="/zwgk/other.do"),
    ),
    "with-sizes-and-jump-box": (
        form(HIDDEN + SIZES)
        + script(SETS_FIELD)
        + LINK,
        turned(2, ("pageSize", "20"), ("to", "1")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REQUESTS)
def test_a_form_that_turns_the_page_is_the_next_page(name: str) -> None:
    pager, request = REQUESTS[name]
    listing = read(pager)
    assert listing.next_url is None
    assert listing.next_request == request
    assert listing.has_more


def test_the_state_of_an_aspnet_page_is_posted_back() -> None:
    fields = (
        '<input type="hidden" name="__VIEWSTATE" value="/wEPDwUK"><input type="hidden" name="__EVENTTARGET" value="">'
    )
    pager = form(fields, 'id="form1" action="list.aspx?id=3" method="post"')
    pager += "<a href=\"javascript:__doPostBack('AspNetPager1','2')\">下一页</a>"
    expected = (("__VIEWSTATE", "/wEPDwUK"), ("__EVENTTARGET", "AspNetPager1"), ("__EVENTARGUMENT", "2"))
    request = read(pager, f"{HOST}/list.aspx?id=3").next_request
    assert request == Endpoint(f"{HOST}/list.aspx?id=3", "POST", expected, "form-pager")


ADDRESSES = {
    "get-form": (
        form(attributes='name="pageForm" action="list.action"') + script(SETS_FIELD) + LINK,
        "/zwgk/list.action?columnid=31&pageNo=2",
    ),
    "location": (script("function gotoPage(n){window.location.href='list_'+n+'.html';}") + LINK, "/zwgk/list_2.html"),
    "location-query": (
        script("function gotoPage(n){location = 'list.action?columnid=31&page=' + n}") + LINK,
        "/zwgk/list.action?columnid=31&page=2",
    ),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_click_that_leads_to_an_address_gives_that_address(name: str) -> None:
    pager, address = ADDRESSES[name]
    listing = read(pager)
    assert listing.next_url == HOST + address
    assert listing.next_request is None
    assert not listing.has_more


UNSENT = {
    "password": form(HIDDEN + '<input type="password" name="pw">'),
    "typed-text": form(HIDDEN + '<input type="text" name="keyword" value="请输入关键字">'),
    "opinion": form(HIDDEN + '<textarea name="content"></textarea>'),
    "captcha": form(HIDDEN + '<input type="text" name="captcha">'),
    "file": form(
        HIDDEN + '<input type="file" name="f">', 'method="post" name="pageForm" enctype="multipart/form-data"'
    ),
    "other-host": form(attributes='name="pageForm" action="http://other.example.com/list.action" method="post"'),
    "saves": form(attributes='name="pageForm" action="saveLetter.action" method="post"'),
    "votes": form(attributes='name="pageForm" action="/wjdc/vote.do" method="post"'),
    "no-page-field": form('<input type="hidden" name="pageNo2" value="1">').replace("pageNo2", "state"),
}


@pytest.mark.parametrize("name", UNSENT)
def test_a_form_that_may_change_something_is_never_given(name: str) -> None:
    listing = read(UNSENT[name] + script(SETS_FIELD) + LINK)
    assert listing.next_request is None
    assert listing.next_url is None
    assert listing.has_more


def test_code_that_cannot_be_followed_tells_only_that_there_is_more() -> None:
    listing = read(form() + script("function gotoPage(n){pager.turn(n, encode(n*20))}") + LINK)
    assert (listing.next_url, listing.next_request, listing.has_more) == (None, None, True)


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="javascript:;">下一页</a>',
        '<a href="javascript:void(0)">下一页</a>',
        '<a class="disabled" href="#" onclick="gotoPage(1)">下一页</a>',
        "共 15 条 第 1/1 页 <a href='javascript:gotoPage(1)'>下一页</a>" + form() + script(SETS_FIELD),
        "",
    ],
)
def test_a_pager_without_a_next_page_has_no_more(pager: str) -> None:
    listing = read(pager)
    assert (listing.next_url, listing.next_request, listing.has_more) == (None, None, False)


def test_a_search_form_beside_a_plain_pager_is_left_alone() -> None:
    search = '<form method="post" action="search.do"><input name="q"><input type="hidden" name="page" value="1"></form>'
    listing = read(search + '<a href="list_2.html">下一页</a>')
    assert (listing.next_url, listing.next_request) == (f"{HOST}/zwgk/list_2.html", None)
