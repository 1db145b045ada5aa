"""Decisions, letters, guides and drafts as pages show them; what is not clearly there is left out."""

from __future__ import annotations

from datetime import date

import pytest

from gkmonitor.records import Details
from spiders.readers import read_page
from spiders.readers.detail_words import letter_role_of, role_of

URL = "http://www.qinghe.gov.cn/xzxk/1.html"
TEXT = "<p>" + "青禾县水务局依法办理有关事项。" * 30 + "</p>"


def details(body: str, title: str = "行政许可公示") -> Details:
    page = f"<html><head><title>{title}</title></head><body>{body}{TEXT}</body></html>"
    return read_page(page.encode(), URL).details


def table(heads: str, *rows: str) -> str:
    def line(cells: str, tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{cell.strip()}</{tag}>" for cell in cells.split("|")) + "</tr>"

    return "<table>" + line(heads, "th") + "".join(line(row, "td") for row in rows) + "</table>"


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("许可决定日期", "decided"),
        ("处罚决定日期", "decided"),
        ("作出行政处罚决定的日期", "decided"),
        ("處罰決定日期", "decided"),
        ("决 定 日 期", "decided"),
        ("公示日期", "published"),
        ("公示截止期", None),
        ("公示截止日期", None),
        ("有效期至", None),
        ("处罚决定有效期", None),
        ("数据更新时间", None),
        ("发布更新时间", None),
        ("立案日期", None),
        ("行政处罚决定书文号", "number"),
        ("政处罚决定文书号", "number"),
        ("处罚决定书文号", "number"),
        ("许可机关统一社会信用代码", None),
        ("许可机关", "organ"),
        ("成 文 日 期", "formed"),
    ],
)
def test_heads_of_decisions_are_told_by_their_words(head: str, role: str | None) -> None:
    assert role_of(head) == role


def test_heads_of_letters_are_told_by_whole_names() -> None:
    assert [letter_role_of(head) for head in ("来信时间", "答复日期：", "办理状态", "来信时间要求")] == [
        "submitted",
        "replied",
        "state",
        None,
    ]


def test_table_of_permits_gives_both_days_of_each_row() -> None:
    heads = "序号|行政相对人名称|许可决定书文号|许可决定日期|有效期至|许可机关|公示日期"
    row = "1|青禾县某某公司|青水许〔2026〕1号|2026年3月2日|2031-03-01|青禾县水务局|2026/3/9"
    (found,) = details(table(heads, row)).rows
    assert (found.kind, found.decided, found.published) == ("permit", date(2026, 3, 2), date(2026, 3, 9))
    assert (found.document_number, found.organ) == ("青水许〔2026〕1号", "青禾县水务局")
    assert (found.decided_printed, found.published_printed) == ("2026年3月2日", "2026/3/9")


def test_last_day_of_publicity_is_no_day_of_publication() -> None:
    heads = "行政处罚决定书文号|处罚决定日期|公示截止期"
    (found,) = details(table(heads, "青市监罚〔2026〕3号|2026-03-02|2027-03-02"), "行政处罚公示").rows
    assert (found.kind, found.decided, found.published) == ("penalty", date(2026, 3, 2), None)


def test_first_day_of_a_span_of_publicity_counts() -> None:
    heads = "许可决定书文号|许可决定日期|公示时间"
    (found,) = details(table(heads, "青许〔2026〕1号|2026-03-02|2026-03-05至2026-03-12")).rows
    assert found.published == date(2026, 3, 5)


def test_cell_with_two_days_of_decision_gives_none() -> None:
    heads = "许可决定书文号|许可决定日期|公示日期"
    (found,) = details(table(heads, "青许〔2026〕1号|2026-03-02、2026-03-03|2026-04-05")).rows
    assert found.decided is None


def test_rows_whose_cells_span_others_are_left_out() -> None:
    heads = "许可决定书文号|许可决定日期|公示日期"
    assert details(table(heads, "青许〔2026〕1号|2026-03-02")).rows == ()


def test_card_of_labels_and_values_is_one_decision() -> None:
    body = "<h1>行政处罚信息</h1>" + table(
        "处罚决定书文号|青罚〔2026〕3号", "处罚决定日期|2026-03-02", "公示日期|2026-03-06"
    )
    (found,) = details(body, "行政处罚").rows
    assert (found.kind, found.decided, found.published) == ("penalty", date(2026, 3, 2), date(2026, 3, 6))


def test_person_is_never_named() -> None:
    heads = "行政相对人名称|处罚决定日期|公示日期"
    found = details(table(heads, "李小明|2026-03-02|2026-03-05", "青禾县某某商店|2026-03-02|2026-03-05"), "处罚").rows
    assert [row.subject for row in found] == ["李某", "青禾县某某商店"]


@pytest.mark.parametrize(
    "card",
    [
        "<ul><li>成 文 日 期：2026年3月2日</li><li>发布日期：2026-03-20</li></ul>",
        "<div>索引号：AA-01 成文日期：2026-03-02 发布日期：2026-03-20 主题分类：综合</div>",
        "<table><tr><td>成文日期：</td><td>2026-03-02</td><td>发布日期：</td><td>2026-03-20</td></tr></table>",
    ],
)
def test_index_card_gives_the_days_of_signing_and_of_publication(card: str) -> None:
    (found,) = details(f"<h1>青禾县粮食储备管理办法</h1>{card}", "政策文件").rows
    assert (found.kind, found.decided, found.published) == ("document", date(2026, 3, 2), date(2026, 3, 20))


@pytest.mark.parametrize(
    ("above", "published"),
    [("2026年3月20日　作者：办公室", date(2026, 3, 20)), ("2026年3月21日　作者：办公室", None)],
)
def test_day_of_publication_printed_twice_is_kept_while_both_agree(above: str, published: date | None) -> None:
    card = "<p>成文日期：2026-03-02</p><p>发布日期：2026-03-20</p>"
    (found,) = details(f"<h1>青禾县粮食储备管理办法</h1><p>发布日期：</p><p>{above}</p>{card}", "政策文件").rows
    assert (found.decided, found.published) == (date(2026, 3, 2), published)


def test_line_that_holds_its_own_value_does_not_take_the_next_line_for_it() -> None:
    heading = "<p>发布时间：2026年3月20日 来源：青禾县人民政府</p><p>2026年1月5日第1次会议通过</p>"
    card = "<p>成文日期：2026-03-02</p><p>发布日期：2026-03-20</p>"
    (found,) = details(f"<h1>青禾县粮食储备管理办法</h1>{heading}{card}", "政策文件").rows
    assert (found.decided, found.published) == (date(2026, 3, 2), date(2026, 3, 20))


def test_list_of_letters_says_which_are_answered() -> None:
    heads = "信件标题|来信时间|回复时间|办理状态"
    rows = [
        "<a href='a.html'>咨询落户</a>|2026-01-02||未回复",
        "咨询医保|2026-01-02|2026-01-08|已回复",
        "咨询水费|2026-01-03||办理中",
    ]
    found = details(table(heads, *rows), "县长信箱").letters
    assert [letter.is_answered for letter in found] == [False, True, None]
    assert found[0].url == "http://www.qinghe.gov.cn/xzxk/a.html"
    assert found[1].replied == date(2026, 1, 8)


def test_page_of_one_letter_gives_both_days() -> None:
    body = "<h1>咨询医保缴费</h1><p>来信时间：2026-01-02 09:30</p><p>答复时间：2026-01-08</p>"
    (found,) = details(body, "县长信箱").letters
    assert (found.submitted, found.replied, found.is_answered) == (date(2026, 1, 2), date(2026, 1, 8), True)


def test_page_of_several_letters_without_a_table_is_not_read() -> None:
    body = "<p>来信时间：2026-01-02</p><p>答复时间：2026-01-08</p><p>来信时间：2026-02-02</p>"
    assert details(body, "县长信箱").letters == ()


def test_guide_names_the_parts_that_say_something() -> None:
    parts = [
        "一、设定依据",
        "《水法》第七条",
        "二、申请条件：无",
        "三、申请材料",
        "申请表",
        "四、联系电话：",
        "五、办理流程：见附图",
    ]
    (found,) = details("<h1>取水许可办事指南</h1>" + "".join(f"<p>{part}</p>" for part in parts), "指南").guides
    assert found.elements == ("设定依据", "申请条件", "申请材料", "办理流程")


def test_notice_with_conditions_and_telephone_is_no_guide() -> None:
    body = "<h1>关于申报项目的通知</h1><p>申报条件：本县企业</p><p>联系电话：000</p><p>办公地址：青禾路</p>"
    assert details(body, "通知").guides == ()


@pytest.mark.parametrize(
    ("words", "opens", "closes"),
    [
        ("征求意见时间为2026年6月1日至6月30日。", date(2026, 6, 1), date(2026, 6, 30)),
        ("征求意见时间：2026-06-01至2026-07-01。", date(2026, 6, 1), date(2026, 7, 1)),
        ("自2026年6月1日起至2026年6月30日止。", date(2026, 6, 1), date(2026, 6, 30)),
        ("请于2026年6月30日前反馈意见。", None, date(2026, 6, 30)),
        ("截止时间：2026年6月30日。", None, date(2026, 6, 30)),
        ("2026年12月20日至1月5日。", None, None),
        ("公开征求意见。", None, None),
    ],
)
def test_draft_names_the_days_of_its_consultation(words: str, opens: date | None, closes: date | None) -> None:
    body = f"<h1>关于青禾县供水价格方案公开征求意见的公告</h1><p>发布时间：2026-06-01</p>{TEXT}<p>{words}</p>"
    (found,) = details(body, "意见征集").consultations
    assert (found.opens, found.closes) == (opens, closes)


@pytest.mark.parametrize(
    ("title", "words", "is_major"),
    [
        ("关于供水方案公开征求意见的公告", "本方案属于重大行政决策事项。", True),
        ("关于供水方案公开征求意见的公告", "本方案不属于重大行政决策。", False),
        ("关于供水方案公开征求意见的公告", "现公开征求意见。", False),
        ("关于供水方案公开征求意见的公告", "<ul><li>重大行政决策事项</li><li>政策文件</li></ul>现", False),
        ("关于供水方案公开征求意见的公告", "<p>当前位置：首页 &gt; 重大行政决策事项 &gt; 正文</p>现", False),
        ("关于重大行政决策事项目录公开征求意见的公告", "重大行政决策事项", False),
    ],
)
def test_only_what_calls_itself_a_major_decision_is_one(title: str, words: str, is_major: bool) -> None:
    body = f"<h1>{title}</h1><p>发布时间：2026-06-01</p>{TEXT}<p>{words}征求意见。</p>"
    assert details(body, "意见征集").consultations[0].is_major is is_major


def test_reason_for_a_shorter_time_is_quoted() -> None:
    body = "<h1>关于供水方案公开征求意见的公告</h1><p>发布时间：2026-06-01</p>"
    found = details(f"{body}{TEXT}<p>因情况紧急，征求意见期限缩短为10日。</p>").consultations
    assert found[0].shortened == "因情况紧急，征求意见期限缩短为10日"


def test_table_to_download_is_noted_and_its_rows_are_not_invented() -> None:
    found = details("<a href='/files/sgs.xls'>行政处罚双公示2026.11.23.xls</a>", "双公示")
    assert found.attachments == ("http://www.qinghe.gov.cn/files/sgs.xls",)
    assert found.rows == ()


def test_ordinary_page_has_no_details() -> None:
    assert not details("<h1>青禾县召开会议</h1><p>发布时间：2026-06-01</p>", "工作动态")
