from __future__ import annotations

import pytest

from gkmonitor.records import Marks
from spiders.readers.document import Document
from spiders.readers.marks import LABELS, footers_of, read_marks


def marks_of(body: str, head: str = "") -> Marks:
    html = f"<html><head><title>青禾县人民政府</title>{head}</head><body>{body}</body></html>"
    return read_marks(Document(html, "http://www.qinghe.example/"))


def footer(words: str) -> str:
    return (
        f"<ul><li><a href='/a/'>政务公开</a></li></ul><div class='foot'>{words} <p>技术支持：云岭科技有限公司</p></div>"
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("网站标识码：5226000012", "5226000012"),
        ("政府网站标识码:5226000012", "5226000012"),
        ("网站标识码5226000012", "5226000012"),
        ("网站标识码 5226000012", "5226000012"),
        ("网站标识码：<a href='#'>5226000012</a>", "5226000012"),
        ("网站标识码：bm17000001", "bm17000001"),
        ("網站標識碼：5226000012", "5226000012"),
        ("网站标识码：５２２６００００１２", "5226000012"),
        ("<!-- 网站标识码：5226000012 -->", None),
        ("网站标识码：", None),
        ("网站标识码：52260000", None),
        ("网站标识码：52260000123", None),
        ("联系电话：5226000012", None),
    ],
)
def test_site_code_is_what_visitors_see(words: str, code: str | None) -> None:
    assert marks_of(footer(words)).site_id_code == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("网站标识码：991921001", "991921001"),
        ("網站標識碼：310000000044", "310000000044"),
        ("网站标识码：5226000012", None),
        ("网站标识码：", None),
    ],
)
def test_site_code_of_another_form_is_kept_apart(words: str, code: str | None) -> None:
    assert marks_of(footer(words)).odd_site_id_code == code


@pytest.mark.parametrize(
    ("label", "code"),
    [("5226000012", "5226000012"), ("BM17000001", "bm17000001"), ("政府网站标识码", None), ("", None), ("12345", None)],
)
def test_unfilled_site_code_label_is_none(label: str, code: str | None) -> None:
    assert marks_of("", f'<meta name="SiteIDCode" content="{label}">').site_id_code == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("<p>云岭市人民政府网站标识码：5226000001</p><p>网站标识码：5226000012</p>", "5226000012"),
        ("<p>网站标识码：5226000012</p><p>云岭市人民政府门户网站标识码：5226000001</p>", "5226000012"),
        ("<p>政府网站标识码：5226000012</p><p>云岭市财政局网站标识码：5226000001</p>", "5226000012"),
        ("<p>云岭市财政局网站标识码：5226000001</p><p>青禾县人民政府网站标识码：5226000012</p>", "5226000012"),
    ],
)
def test_code_that_a_footer_gives_to_another_body_is_not_the_site_s(words: str, code: str) -> None:
    assert marks_of(footer(words)).site_id_code == code


def test_footer_in_full_width_letters_is_read_as_any_other() -> None:
    marks = marks_of(footer("网站标识码：５２２６００００１２ 黔ＩＣＰ备05070829号－2"))
    assert (marks.site_id_code, marks.icp) == ("5226000012", "黔ICP备05070829号-2")


def test_label_outranks_the_footer_for_the_site_code() -> None:
    marks = marks_of(footer("网站标识码：5226000099"), '<meta name="siteidcode" content="5226000012">')
    assert marks.site_id_code == "5226000012"


@pytest.mark.parametrize(
    ("words", "icp"),
    [
        ("黔ICP备05070829号-1", "黔ICP备05070829号-1"),
        ("黔ICP备05070829", "黔ICP备05070829"),
        ("ICP备案编号：黔ICP备13026484", "黔ICP备13026484"),
        ("备案号： <a>黔ICP备05017763号</a>", "黔ICP备05017763号"),
        ("黔ICP备：11021833号-2", "黔ICP备11021833号-2"),
        ("黔 ICP 备 11021833 号 - 2", "黔ICP备11021833号-2"),
        ("京ICP备05032222-1号", "京ICP备05032222-1号"),
        ("信息产业部网站信息备案序号：粤icp备05069506号", "粤ICP备05069506号"),
        ("京ICP证030173号 京ICP备05083640号", "京ICP备05083640号"),
        ("<!-- 黔ICP备05070829号 -->", None),
        ("ICP备案", None),
    ],
)
def test_icp_number_is_read_in_every_spelling(words: str, icp: str | None) -> None:
    assert marks_of(footer(words)).icp == icp


@pytest.mark.parametrize(
    ("words", "organizer"),
    [
        ("主办：青禾县人民政府 承办：青禾县人民政府办公室", "青禾县人民政府"),
        ("主办单位：青禾县人民政府办公室&nbsp;&nbsp;地址：云岭市青禾县", "青禾县人民政府办公室"),
        ("主 办 单 位：<a>青禾县人民政府</a>", "青禾县人民政府"),
        ("<span>主办：</span><div>青禾县人民政府</div>", "青禾县人民政府"),
        ("主办单位　青禾县人民政府", "青禾县人民政府"),
        ("版权所有/主办单位：青禾县教育局", "青禾县教育局"),
        ("青禾县人民政府办公室主办 青禾县大数据局承办", "青禾县人民政府办公室"),
        ("主办：青禾县人民政府、青禾县人民政府办公室", "青禾县人民政府"),
        ("主办单位：中共青禾县纪律检查委员会 青禾县监察委员会", "中共青禾县纪律检查委员会 青禾县监察委员会"),
        ("版权所有：青禾县档案馆 主办单位：青禾县档案局", "青禾县档案局"),
        ("主辦：青禾縣人民政府", "青禾縣人民政府"),
        ("版权所有：青禾县档案馆", "青禾县档案馆"),
        ("青禾县人民政府版权所有 政府网站标识码：5226000012", "青禾县人民政府"),
        ("青禾县地质局 版权所有 网站设计：云岭地质信息中心", "青禾县地质局"),
        ("Copyright © 2016-2026 青禾县人民政府 版权所有", "青禾县人民政府"),
        ("版权所有 2009-2026 青禾县图书馆", "青禾县图书馆"),
        ("版权声明： 青禾县人民政府网", "青禾县人民政府网"),
        ("版權聲明： 青禾縣人民政府網 聯繫電話：0855-1234567", "青禾縣人民政府網"),
        ("主辦單位：青禾縣人民政府 技術支持：雲嶺信息公司", "青禾縣人民政府"),
        ("© 2026 青禾县人民政府 All Rights Reserved", "青禾县人民政府"),
        ("<a>关于我们</a> | <a>版权声明</a> | <a>联系我们</a><br>青禾县人民政府版权所有", "青禾县人民政府"),
        ("版权所有 翻版必究", None),
        ("Powered by CMS © 2010-2026<ul><li>机构简介</li></ul>", None),
        ("<!-- 主办：青禾县人民政府 -->", None),
        ("地址：青禾县中心路1号", None),
    ],
)
def test_organizer_is_the_sponsor_then_the_owner_of_the_copyright(words: str, organizer: str | None) -> None:
    assert marks_of(footer(words)).organizer == organizer


def test_organizer_of_an_event_in_the_text_is_not_the_sites() -> None:
    text = "<p>主办单位：云岭市文化协会</p>" + "<p>活动安排如下，欢迎参加。</p>" * 60
    assert marks_of(text + footer("主办：青禾县人民政府")).organizer == "青禾县人民政府"
    assert marks_of(text).organizer is None


def test_footer_before_a_phone_menu_is_found() -> None:
    menu = "".join(f"<li><a href='/{number}/'>栏目名称{number}</a></li>" for number in range(200))
    assert marks_of(footer("主办：青禾县人民政府 黔ICP备05070829号") + menu).organizer == "青禾县人民政府"


def test_filing_with_the_police_and_contact_are_read() -> None:
    marks = marks_of(footer("黔公网安备 52262202000123号 联系电话：0855-8220123 邮箱：qinghe@mail.example"))
    assert (marks.psb, marks.contact) == ("黔公网安备52262202000123号", "0855-8220123")
    assert marks_of(footer("黔公网安备52262202000123号 邮箱：xxgk@qinghe.example")).contact == "xxgk@qinghe.example"
    assert marks_of(footer("")).contact is None


def test_filings_are_read_in_traditional_characters() -> None:
    marks = marks_of(footer("滬ICP備05070829號-1 滬公網安備 31010102000123號"))
    assert (marks.icp, marks.psb) == ("滬ICP備05070829號-1", "滬公网安备31010102000123号")


def test_labels_keep_their_standard_names_whatever_the_case() -> None:
    head = '<meta name="sitename" content=" 青禾县 人民政府 "><META NAME="COLUMNNAME" CONTENT="通知公告">'
    marks = marks_of("", head + '<meta name="PubDate" content=""><meta name="ArticleTitle" content="{{title}}">')
    assert marks.labels == {"SiteName": "青禾县 人民政府", "ColumnName": "通知公告"}
    assert marks.site_name == "青禾县 人民政府"
    assert set(marks.labels) <= set(LABELS)


@pytest.mark.parametrize(
    ("body", "has_mark"),
    [
        ("<script src='http://dcs.conac.cn/js/24/0/CA1.js'></script>", True),
        ("<a href='//bszs.conac.cn/sitename?method=show&id=0B7C'><img src='/red.png'></a>", True),
        ("<script>document.write(unescape(\"%3Cscript src='http://dcs.conac.cn/js/CA1.js'\"))</script>", True),
        ("<script><!--\ndocument.write('dcs.conac.cn')\n//--></script>", True),
        ("<!-- <script src='http://dcs.conac.cn/js/24/0/CA1.js'></script> -->", False),
        ("<p>党政机关</p>", False),
    ],
)
def test_party_and_government_mark_counts_outside_comments(body: str, has_mark: bool) -> None:
    assert marks_of(body).has_party_government_mark is has_mark


@pytest.mark.parametrize(
    ("body", "has_entry"),
    [
        ("<script id='_jiucuo_' src='http://pucha.kaipuyun.cn/exposure/jiucuo.js'></script>", True),
        ("<a href='https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=5226000012'><img></a>", True),
        ("<a href='/zc/'>政府网站找错</a>", True),
        ("<a href='/zc/'><img alt='我为政府网站找错'></a>", True),
        ("<!-- <a href='/zc/'>政府网站找错</a> -->", False),
        ("<a href='/1.html'>关于开展“我为政府网站找错”活动的情况通报</a>", False),
        ("<p>暂无</p>", False),
    ],
)
def test_error_report_entry_is_a_link_not_news_about_it(body: str, has_entry: bool) -> None:
    assert marks_of(body).has_error_report_entry is has_entry


def test_page_without_footer_has_no_marks() -> None:
    assert marks_of("<p>青禾县</p>") == Marks()
    assert footers_of("") == ""
