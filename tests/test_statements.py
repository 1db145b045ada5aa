from __future__ import annotations

import pytest

from gkmonitor.records import StatementKind
from spiders.readers.document import Document
from spiders.readers.statements import read_statements

BLANK, NIL, UPGRADE = StatementKind.EXPLAINED_BLANK, StatementKind.NIL_STATEMENT, StatementKind.UPGRADE
ARCHIVE, MOVED, LOGIN = StatementKind.ARCHIVE, StatementKind.MOVED, StatementKind.LOGIN


def of_page(body: str, title: str = "") -> list[tuple[StatementKind, str]]:
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return [(s.kind, s.words) for s in read_statements(Document(html, "http://www.qinghe.gov.cn/zwgk/"))]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("本栏目暂无应公开内容", BLANK),
        ("本欄目暫無應公開內容", BLANK),
        ("内容正在按规定审查，暂无可公开信息，审查后及时发布", BLANK),
        ("截至目前我县无PPP项目，故无相关信息", BLANK),
        ("截至目前，我县无 PPP 项目，故无相关信息。", BLANK),
        ("本单位无下属单位", BLANK),
        ("我局未设下属事业单位。", BLANK),
        ("我局无涉企收费项目", BLANK),
        ("无涉企收费项目", BLANK),
        ("根据机构改革方案，该项职能已划转至县城管局", BLANK),
        ("本月无行政处罚案件", NIL),
        ("本月無行政處罰案件", NIL),
        ("2026年第一季度无行政强制案件", NIL),
        ("2026年3月，本局无行政许可事项。", NIL),
        ("若当月未公布信息,则表明当月无此类行政处罚案件", NIL),
        ("如当月未公布行政许可信息，视为当月无此类事项。", NIL),
        ("网站改版升级公告：因系统维护，本网站将于11月1日临时下线", UPGRADE),
        ("本网站正在改版升级，敬请谅解", UPGRADE),
        ("系统维护中", UPGRADE),
        ("栏目建设中，敬请期待！", UPGRADE),
        ("正在建設中……", UPGRADE),
        ("因系统升级维护，暂停服务，给您带来不便敬请谅解", UPGRADE),
        ("历史专题", ARCHIVE),
        ("本专题已停止更新", ARCHIVE),
        ("该栏目已归档，不再更新，仅供查阅", ARCHIVE),
        ("本栏目已迁移至青禾县人民政府网站", MOVED),
        ("请访问新网站", MOVED),
        ("本网站域名变更为www.qinghe.gov.cn", MOVED),
        ("请登录后查看", LOGIN),
        ("您还未登录，请先登录后再访问", LOGIN),
        ("对不起，您没有权限查看", LOGIN),
    ],
)
def test_sentence_is_quoted_with_what_it_explains(words: str, kind: StatementKind) -> None:
    assert of_page(f"<div class='content'><p>{words}</p></div>") == [(kind, words)]


@pytest.mark.parametrize(
    "words",
    [
        "暂无相关信息",
        "暂无数据",
        "暂无内容",
        "没有更多数据",
        "本栏目没有内容",
        "没有找到符合条件的记录",
        "关于2026年无线电管理工作的通知",
        "我县无障碍设施建设取得成效",
        "本单位没有法律顾问",
        "截至11月5日，全县共完成投资12亿元",
        "截止日期：2026-11-30",
        "县人社局召开系统升级培训会议",
        "在一体化政务服务平台建设中取得实效",
        "棚户区改造项目正在建设中，预计年底完工",
        "2026年我县没有一人因贫失学",
        "",
    ],
)
def test_bare_emptiness_and_chance_words_explain_nothing(words: str) -> None:
    assert of_page(f"<div><p>{words}</p></div>") == []


@pytest.mark.parametrize(
    "body",
    [
        "<!-- 本月无行政处罚案件 -->",
        "<script>var t='本月无行政处罚案件';</script>",
        "<p style='display:none'>本月无行政处罚案件</p>",
        "<ul><li><a href='a.html'>本网站系统维护公告，暂停服务</a><span>2026-11-02</span></li></ul>",
        "<ul><li><a href='a.html'>公告</a> 本月无行政处罚案件</li></ul>",
        "<table><tr><td><a href='a.html'>本月无行政处罚案件的说明</a></td><td>2026-11-02</td></tr></table>",
        "<div class='nav'><span>历史专题</span></div>",
        "<div id='footer'><p>系统维护中，请访问新网站</p></div>",
        "<footer><p>本站暂停服务</p></footer>",
        "<select><option>历史专题</option></select>",
        "<template><p>本月无行政处罚案件</p></template>",
    ],
)
def test_words_of_lists_menus_scripts_and_comments_are_not_the_pages_own(body: str) -> None:
    assert of_page(body) == []


def test_long_sentence_is_cut_and_only_the_sentence_is_quoted() -> None:
    reason = "根据县人民政府办公室关于进一步做好相关领域信息公开工作的要求以及历年来全县项目实施与管理的实际情况" * 3
    body = f"<p>青禾县简介。截至目前，{reason}，我县无PPP项目，故无相关信息。欢迎关注。</p>"
    ((kind, words),) = of_page(body)
    assert kind is BLANK
    assert len(words) == 120
    assert words.startswith("截至目前")
    assert words.endswith("…")


def test_sentence_cut_by_emphasis_is_read_whole() -> None:
    assert of_page("<p>截至目前，<b>我县无PPP项目</b>，故无相关信息</p>") == [
        (BLANK, "截至目前，我县无PPP项目，故无相关信息")
    ]


def test_same_words_twice_are_one_statement() -> None:
    assert of_page("<p>本月无行政处罚案件</p><p>本月无行政处罚案件</p>") == [(NIL, "本月无行政处罚案件")]


@pytest.mark.parametrize(
    ("body", "title", "expected"),
    [
        ("<form>用户名<input> 密码<input type=password></form>", "统一身份认证平台", [(LOGIN, "统一身份认证平台")]),
        ("<h3>用户登录</h3><form><input type=PASSWORD></form>", "", [(LOGIN, "用户登录")]),
        ("<form>用户登录<input type=password></form>" + "<p>青禾县召开全县工作会议。</p>" * 60, "青禾县", []),
        ("<form><input type=password></form>", "青禾县人民政府", []),
    ],
)
def test_sign_on_form_counts_only_where_it_is_the_whole_page(
    body: str, title: str, expected: list[tuple[StatementKind, str]]
) -> None:
    assert of_page(body, title) == expected


def test_plain_text_is_read_line_by_line() -> None:
    found = read_statements("青禾县财政局\n本单位无下属单位\n本月无行政处罚案件。暂无数据")
    assert [(s.kind, s.words) for s in found] == [(BLANK, "本单位无下属单位"), (NIL, "本月无行政处罚案件。")]
