from __future__ import annotations

import pytest

from gkmonitor.records import Block, ColumnLink, Item, Listing, PageFacts, PageKind, Reason, Statement, StatementKind
from spiders.blocking import classify_response, is_login_wall
from spiders.readers.challenge import read_challenge

RUISHU_TAGS = (
    '<meta id="9DhefwqGPrzG" content="a1b2" r="m">'
    "<script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=9;</script>"
    "<script src='/4QbVtADbnLVIc/d.FxJzG50F.1f4.js' r='m'></script>"
)
REAL_BODY = (
    "<ul>" + "".join(f"<li><a href='{n}.html'>青禾县通知第{n}号</a> 2026-11-0{n}</li>" for n in range(1, 9)) + "</ul>"
)


def page(body: str, title: str = "") -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("family", "text", "headers", "status"),
    [
        ("ruishu", f"<html><head>{RUISHU_TAGS}</head><body onload=_$ab()></body></html>", {}, 412),
        ("ruishu", f"<html><head>{RUISHU_TAGS}</head><body></body></html>", {}, 200),
        ("ruishu", f"<html><head>{RUISHU_TAGS}</head><body></body></html>", {}, 202),
        (
            "jiasule",
            "<script>document.cookie=('_')+('_')+('j')+('s')+('l');location.href=location.pathname</script>",
            {},
            521,
        ),
        ("jiasule", "<script>go({'ha':'sha256','tn':'__jsl_clearance_s'})</script>", {}, 521),
        ("jiasule", "", {"Set-Cookie": "__jsluid_h=0f1e; path=/"}, 521),
        ("aliyun-waf", "<script>var arg1='3A1F';document.cookie='acw_sc__v2=1';location.reload()</script>", {}, 200),
        ("aliyun-waf", page("<img src='https://errors.aliyun.com/images/x.png'>"), {}, 405),
        ("tencent-waf", page("<iframe src='https://waf-static.tencent.com/501page.html?id=1'></iframe>"), {}, 200),
        ("tencent-waf", "", {"Server": "TencentEdgeOne"}, 566),
        ("yunjiasu", page("百度云加速正在保护该网站"), {}, 403),
        ("chuangyudun", page("创宇盾提示您：当前访问疑似黑客攻击，已被网站管理员设置为拦截"), {}, 403),
        ("wangzhan-weishi", page("<a href='http://wangzhan.360.cn'>网站卫士</a> 您的访问可能对网站造成危险"), {}, 493),
        ("anheng", page("安恒信息 玄武盾"), {}, 403),
        ("d-shield", page("您提交的内容有误", "D盾_拦截提示"), {}, 200),
        ("safedog", page("服务器安全狗防护验证页面"), {}, 404),
        ("yunsuo", "<script>var c='security_session_verify';self.location='/'</script>", {}, 200),
        ("cloudflare", page("<script>window._cf_chl_opt={}</script>", "Just a moment..."), {}, 503),
        ("focus-shield", page("源站暂时无法访问 " + "帮助" * 2_000, "502 - Focus Shield"), {}, 200),
        ("captcha", page("请拖动滑块完成验证", "访问验证"), {}, 200),
        ("captcha", page("<p>请输入验证码后继续访问</p><input name=code>"), {}, 200),
        ("firewall", page("您的请求带有不合法参数，已被网站管理员设置拦截！", "网站防火墙"), {}, 200),
        ("http-403", page("<center><h1>403 Forbidden</h1></center>"), {}, 403),
        ("http-405", "", {}, 405),
        ("http-418", "", {}, 418),
        ("http-422", "{}", {}, 422),
        ("http-429", "slow down", {}, 429),
        ("http-202", "", {}, 202),
        (
            "script-stub",
            "<html><script>document.cookie='k='+1+';path=/';window.location.reload()</script></html>",
            {},
            200,
        ),
        ("script-stub", "<script>var _0x1a2b=['x'];window['location']['href']=_0x1a2b[0];</script>", {}, None),
    ],
)
def test_challenge_is_named_by_its_family(family: str, text: str, headers: dict[str, str], status: int | None) -> None:
    assert read_challenge(text, headers, status, has_content=False) == family


@pytest.mark.parametrize(
    ("text", "headers", "status", "has_content"),
    [
        (f"<html><head>{RUISHU_TAGS}</head><body>{REAL_BODY}</body></html>", {}, 200, True),
        (page("<script src='/x.js'></script>__jsluid" + REAL_BODY), {"Set-Cookie": "__jsluid_h=1"}, 200, True),
        (page(REAL_BODY + "技术支持：知道创宇 knownsec 创宇盾"), {}, 200, True),
        (page("关于开展安全狗、D盾等软件采购的公告" + "本次采购内容如下。" * 300 + "x" * 6_000), {}, 200, False),
        (page("<div id=app></div><script src=app.js></script>"), {}, 200, False),
        (page("<script>window.location.href='./201501/t20150112_1.html'</script>"), {}, 200, False),
        ('<html><head><meta http-equiv="Refresh" content="0;URL=./ywyw/"></head></html>', {}, 200, False),
        (page("<form>用户名<input><input type=password> 请输入验证码</form>", "登录"), {}, 200, False),
        (page("您访问的页面不存在", "404"), {}, 404, False),
        (page("服务维护中"), {}, 503, False),
        ("", {}, 200, False),
        ("", {}, None, False),
    ],
)
def test_what_the_portal_itself_answers_is_no_challenge(
    text: str, headers: dict[str, str], status: int | None, has_content: bool
) -> None:
    assert read_challenge(text, headers, status, has_content=has_content) is None


def facts(**changes: object) -> PageFacts:
    base: dict[str, object] = {"url": "http://www.qinghe.gov.cn/zwgk/", "encoding": "utf-8", "language": "zh-Hans"}
    return PageFacts(**{**base, "kind": PageKind.OTHER, **changes})  # type: ignore[arg-type]


LOGIN = Statement(StatementKind.LOGIN, "请登录后查看")
ITEMS = Listing((Item("关于征集意见的公告", "http://www.qinghe.gov.cn/a.html"),))


@pytest.mark.parametrize(
    ("status", "text", "read", "reason"),
    [
        (None, "", None, Reason.UNREACHABLE),
        (200, page(REAL_BODY), facts(listing=ITEMS), None),
        (200, "", facts(kind=PageKind.BLOCKED, challenge="ruishu"), Reason.BLOCKED),
        (412, "", facts(), Reason.BLOCKED),
        (521, "<script></script>", None, Reason.BLOCKED),
        (403, page(REAL_BODY), facts(listing=ITEMS), Reason.BLOCKED),
        (401, "", None, Reason.LOGIN_REQUIRED),
        (200, page("请登录后查看"), facts(statements=(LOGIN,)), Reason.LOGIN_REQUIRED),
        (200, page(REAL_BODY), facts(listing=ITEMS, statements=(LOGIN,)), None),
        (404, page("页面不存在"), facts(), Reason.WRONG_PAGE),
        (410, "", None, Reason.WRONG_PAGE),
        (500, page("出错"), facts(), Reason.UNREACHABLE),
        (502, "", None, Reason.UNREACHABLE),
        (503, page("<script>window._cf_chl_opt={}</script>"), None, Reason.BLOCKED),
        (504, "", None, Reason.UNREACHABLE),
    ],
)
def test_reason_says_why_a_page_says_nothing(
    status: int | None, text: str, read: PageFacts | None, reason: Reason | None
) -> None:
    assert classify_response(status, {}, text, read) is reason


@pytest.mark.parametrize(
    ("read", "wall"),
    [
        (facts(url="https://sso.qinghe.gov.cn/cas?service=x", text_length=40), True),
        (facts(url="http://www.qinghe.gov.cn/admin/login.jsp", text_length=40), True),
        (facts(url="http://www.qinghe.gov.cn/login.jsp", text_length=3_000), False),
        (facts(url="http://www.qinghe.gov.cn/classics/a.html", text_length=40), False),
        (facts(columns=(ColumnLink("登录", "http://x/login", ("登录",)),), blocks=(Block("x", None, ()),)), False),
    ],
)
def test_login_wall_is_a_login_and_nothing_else(read: PageFacts, wall: bool) -> None:
    assert is_login_wall(read) is wall
