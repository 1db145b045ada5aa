"""Lists behind pages: what scripts hold, where they fetch it, and what such addresses answer."""

from __future__ import annotations

import json
from datetime import date

import pytest

from gkmonitor.records import Endpoint, Listing, PageFacts, PageKind
from spiders.readers import read_page
from spiders.readers.scripts import read_data

SITE = "http://www.qinghe.example"
LIST = f"{SITE}/zwgk/tzgg"
NEW = "http://new.example/"
META = '<meta http-equiv="Refresh" content="0;URL=/zwgk/gsgg/" />'
COLUMN = f"{SITE}/zwgk/tzgg/index.html"


def page(body: str, url: str = COLUMN) -> PageFacts:
    return read_page(f"<html><head><title>通知公告</title></head><body>{body}</body></html>".encode(), url)


def data(value: object, url: str = f"{SITE}/api/list", how: str = "json") -> Listing | None:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return read_data(text.encode(), url, Endpoint(url, how=how))


def days(listing: Listing | None) -> list[str | None]:
    assert listing is not None
    return [item.published.isoformat() if item.published else None for item in listing.items]


# ------------------------------------------------------------ in the page


def test_json_in_a_quoted_variable_is_a_list() -> None:
    rows = json.dumps([
        {"aT": "关于流感疫苗接种的通知", "aPd": "2026-09-21 17:00", "aU": "/a/1.html"},
        {"aT": "疾控工作会议召开", "aPd": "2026-09-18 09:30", "aU": "/a/2.html"},
    ])  # fmt: skip
    listing = page(f"<script>var itemObj='{rows}';</script>").listing
    assert days(listing) == ["2026-09-21", "2026-09-18"]
    assert listing is not None
    assert listing.items[0].url == f"{SITE}/a/1.html"


def test_records_in_a_script_are_no_blank_list() -> None:
    entry = '<li><a href="/art/2026/1/2/art_1_2.html">青禾县财政预算公开说明</a><span>2026-01-02</span></li>'
    record = f"<record><![CDATA[{entry}]]></record>"
    listing = page(f"<script type='text/xml'><datastore><recordset>{record}</recordset></datastore></script>").listing
    assert days(listing) == ["2026-01-02"]


def test_date_written_by_a_script_is_part_of_the_entry() -> None:
    script = "<script>var d='2026年0{n}月11日'; document.write(d);</script>"
    row = "<li><a href='{n}.html'>关于第{n}批名单的公示通知</a>" + script + "</li>"
    listing = page("<ul class='list'>" + "".join(row.format(n=n) for n in (3, 2, 1)) + "</ul>").listing
    assert days(listing) == ["2026-03-11", "2026-02-11", "2026-01-11"]


def test_branches_in_scripts_are_not_followed() -> None:
    written = "<ul><li><a href=1.html>很旧的公告标题一</a> 2031-01-01</li></ul>"
    body = f"<script>if (old) {{ document.write('{written}') }}</script>"
    assert page(body).listing is None


# ------------------------------------------------------------ where it comes from


def test_build_unit_becomes_an_endpoint() -> None:
    script = (
        '<script parseType="buildstatic" url="/api-gateway/jpaas-publish-server/front/page/build/unit" '
        "queryData=\"{'webId':'ab12','tagId':'信息列表','pageId':'p9'}\"></script>"
    )
    [endpoint] = page(script).endpoints
    assert endpoint.how == "build-unit"
    assert endpoint.url.startswith(f"{SITE}/api-gateway/jpaas-publish-server/front/page/build/unit?webId=ab12&tagId=")


def test_search_list_becomes_an_endpoint_and_the_page_a_shell() -> None:
    address = "/searchList/0f1e2d3c4b5a?_isAgg=true&_isJson=true&_pageSize=18"
    body = f"<ul id='list'></ul><script>$.get('{address}', draw)</script>"
    found = page(body)
    assert (found.kind, found.listing) == (PageKind.SHELL, None)
    assert found.endpoints[0].how == "search-list"


def test_gkmlpt_shell_names_its_interface() -> None:
    body = '<div id="app"></div><script>window._CONFIG = {"SITE_ID": 755041};</script>'
    [endpoint] = page(body, f"{SITE}/gkmlpt/index#1907").endpoints
    assert endpoint.how == "gkmlpt"
    assert endpoint.url == f"{SITE}/gkmlpt/api/all/1907?page=1&sid=755041"


def test_posted_form_is_kept_with_its_fields() -> None:
    code = "$.ajax({type: 'POST', url: '/column/getList.do', data: {channelId: '77', pageNo: 1}, success: draw});"
    [endpoint] = page(f"<script>{code}</script>").endpoints
    assert (endpoint.method, endpoint.url) == ("POST", f"{SITE}/column/getList.do")
    assert endpoint.form == (("channelId", "77"), ("pageNo", "1"))


def test_counters_and_logins_are_no_endpoints() -> None:
    assert page("<script>$.get('/api/clickcount.do?id=3'); $.post('/user/login.do', f);</script>").endpoints == ()


# ------------------------------------------------------------ what it answers


def test_search_list_answer_is_read() -> None:
    rows = [{"title": "关于核准公司上市的批复", "publishedTimeStr": "2026-04-01 10:00:00", "url": "/csrc/c1/a.shtml"}]
    listing = data({"data": {"results": rows, "total": 41}})
    assert days(listing) == ["2026-04-01"]
    assert listing is not None
    assert listing.total_items == 41


def test_epochs_are_days_at_the_portal() -> None:
    # 16:30 UTC is half past midnight of the next day in China.
    rows = [
        {"title": "秒数表示的时间", "url": "/a.html", "date": 1_767_371_400},
        {"title": "毫秒数表示的时间", "url": "/b.html", "date": 1_767_371_400_000},
    ]
    assert days(data({"articles": rows})) == ["2026-01-03", "2026-01-03"]


def test_markup_in_json_is_read_as_a_page() -> None:
    html = (
        "<ul><li><a href='/art/1.html'>工业运行情况发布会实录</a><span>2026-02-03</span></li>"
        "<li><a href='/art/2.html'>行业标准报批公示通知</a><span>2026-01-30</span></li></ul>"
    )
    listing = data({"code": "200", "data": {"html": html}}, how="build-unit")
    assert days(listing) == ["2026-02-03", "2026-01-30"]


def test_wrapped_datastore_is_unwrapped() -> None:
    entry = "<li><a href='/n/1.html'>南坪市道路命名公告</a>2026-05-06</li>"
    inner = f"<datastore><recordset><record><![CDATA[{entry}]]></record></recordset></datastore>"
    listing = data("raw(" + json.dumps({"result": inner}) + ")", how="datastore")
    assert days(listing) == ["2026-05-06"]


def test_an_answer_of_nothing_is_a_blank_list() -> None:
    listing = data({"data": {"results": [], "total": 0}})
    assert listing is not None
    assert listing.items == ()


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{", "[[[[", '{"code": 500, "msg": "error"}', "<html>", "\0\1", "raw("]
)
def test_an_answer_without_a_list_is_none(text: str) -> None:
    assert data(text) is None


def test_a_row_without_a_date_has_none() -> None:
    rows = [
        {"title": "没有日期的条目", "url": "/a.html", "createTime": ""},
        {"title": "坏日期的条目", "url": "/b.html", "time": "昨天"},
    ]
    assert days(data(rows)) == [None, None]


# ------------------------------------------------------------ where the page sends its reader


@pytest.mark.parametrize(
    ("body", "target", "how"),
    [
        ('<meta http-equiv="Refresh" content="0;URL=./ywyw/">', f"{SITE}/zwgk/tzgg/ywyw/", "meta"),
        (f"<script>document.write('{META}')</script>", f"{SITE}/zwgk/gsgg/", "meta"),
        (f"<script>var lm='公示';if(lm=='公示'){{document.write('{META}');}}</script>", f"{SITE}/zwgk/gsgg/", "meta"),
        ("<script>window.location.href='./2015/t20150112_9.html'</script>", f"{LIST}/2015/t20150112_9.html", "script"),
        ("<script>setTimeout(function(){location.href='http://new.example'},999)</script>", NEW, "script"),
        ("<script>location.replace('/new/')</script>", f"{SITE}/new/", "script"),
    ],
)  # fmt: skip
def test_redirect_is_seen(body: str, target: str, how: str) -> None:
    redirect = page(body).redirect
    assert redirect is not None
    assert (redirect.url, redirect.how) == (target, how)


@pytest.mark.parametrize(
    "body",
    [
        "<script>if (/Android|iPhone/.test(navigator.userAgent)) { location.href='/m/'; }</script>",
        "<script>function go() { location.href='/search/'; }</script><input onclick='go()'>",
        "<script>// location.href='/old/'</script>",
        '<meta http-equiv="refresh" content="300">',
        f"<script>var lm='公示';if(lm=='通知'){{document.write('{META}');}}</script>",
        f"<script>var lm='公示';lm='通知';if(lm=='公示'){{document.write('{META}');}}</script>",
        f"<script>var lm=name();if(lm=='公示'){{document.write('{META}');}}</script>",
        "<script>location.href = '/search?q=' + word;</script>",
    ],
)
def test_what_happens_only_on_a_condition_is_no_redirect(body: str) -> None:
    assert page(body).redirect is None


def test_frames_are_listed_once() -> None:
    sources = ("src='list.html'", "src='list.html'", "src='about:blank'", "src='t.html' height=0")
    body = "".join(f"<iframe {source}></iframe>" for source in sources)
    assert page(body).frames == (f"{SITE}/zwgk/tzgg/list.html",)


def test_published_is_a_plain_day() -> None:
    listing = data([{"title": "日期类型检查条目", "url": "/a.html", "time": "2026-01-02T16:30:00Z"}])
    assert listing is not None
    assert type(listing.items[0].published) is date
