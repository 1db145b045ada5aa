"""Forms of portals that only a survey puts together: framesets, lists behind data addresses, pagers that post."""

from __future__ import annotations

from datetime import UTC, date, datetime

from gkmonitor.records import ColumnFacts, PortalFacts, Reason
from spiders.fetching import Fetched
from spiders.frontier import Task
from spiders.jobs import CrawlJob, CrawlLimits
from spiders.merging import build_facts
from spiders.survey import Survey

HOME = "http://www.qinghe.example.gov.cn/"
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


class Portal:
    """Bodies by path, or by path and posted form; read by the readers as a crawl reads them."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def answer(self, task: Task) -> Fetched:
        form = "&".join(f"{name}={value}" for name, value in (task.endpoint.form if task.endpoint else ()))
        is_posted = task.endpoint is not None and task.endpoint.method == "POST"
        path = task.url.removeprefix(HOME) + (f" POST {form}" if is_posted else "")
        self.asked.append(path)
        body = self.pages.get(path)
        if body is None:
            return Fetched(task.url, task.url, NOW, 404, {}, b"<html><title>404 Not Found</title></html>")
        kind = "application/json" if body.startswith("{") else "text/html; charset=utf-8"
        return Fetched(task.url, task.url, NOW, 200, {"content-type": kind}, body.encode())

    def crawl(self) -> PortalFacts:
        survey = Survey(CrawlJob(HOME), CrawlLimits(), TODAY)
        while (task := survey.next_task()) is not None and len(self.asked) < 100:
            survey.take(task, self.answer(task))
        return build_facts(survey, NOW, 1.0)


def only(facts: PortalFacts, name: str) -> ColumnFacts:
    found = [column for column in facts.columns if column.name == name]
    assert len(found) == 1, [column.path for column in facts.columns]
    return found[0]


def rows(count: int, newest: date, folder: str) -> str:
    return "".join(
        f'<li><a href="/{folder}/{n}.html">青禾县关于做好第{n}项重点工作的通知</a>'
        f"<span>{newest.replace(day=newest.day - n).isoformat()}</span></li>"
        for n in range(count)
    )


def html(title: str, body: str) -> str:
    return f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{body}</body></html>"


COLUMNS = (("政务动态", "zwdt"), ("通知公告", "tzgg"), ("政策文件", "zcwj"), ("财政信息", "czxx"), ("机构职能", "jgzn"))
MENU = "<table>" + "".join(f'<tr><td><a href="/{p}/" target="main">{n}</a></td></tr>' for n, p in COLUMNS) + "</table>"


# ---------------------------------------------------------------- framesets


def frameset(*frames: str) -> str:
    sources = "".join(f"<frame src='{one}'>" for one in frames)
    return f"<html><head><title>青禾县人民政府</title></head><frameset rows='120,*'>{sources}</frameset></html>"


def framed(main: str = "<p>欢迎访问青禾县人民政府网站</p>") -> dict[str, str]:
    lists = {
        f"{p}/": html(n, f"<h2>{n}</h2><ul class='list'>{rows(6, date(2026, 11, 20), p)}</ul>") for n, p in COLUMNS
    }
    return {
        "": frameset("top.html", "menu.html", "main.html"),
        "top.html": html("", "<img src='/logo.jpg'>"),
        "menu.html": html("菜单", MENU),
        "main.html": html("主页", main),
        **lists,
    }


def test_the_menu_frame_of_a_frameset_is_the_menu_of_the_home_page() -> None:
    facts = Portal(framed()).crawl()
    assert facts.home.state is None
    assert facts.home.only_navigates
    assert [column.path for column in facts.columns] == [(name,) for name, _ in COLUMNS]
    assert all(column.state is None and len(column.items) == 6 for column in facts.columns)


def test_news_in_the_main_frame_are_the_home_pages() -> None:
    facts = Portal(framed(f"<h3>要闻</h3><ul>{rows(5, date(2026, 11, 19), 'yw')}</ul>")).crawl()
    assert not facts.home.only_navigates
    assert max(item.published for item in facts.home.items if item.published) == date(2026, 11, 19)


def test_a_frameset_in_a_frame_is_followed() -> None:
    pages = framed()
    pages[""] = frameset("top.html", "inner.html")
    pages["inner.html"] = frameset("menu.html", "main.html")
    facts = Portal(pages).crawl()
    assert {column.name for column in facts.columns} == {name for name, _ in COLUMNS}


def test_frames_that_do_not_answer_leave_the_home_page_undecided() -> None:
    facts = Portal({"": frameset("top.html", "menu.html")}).crawl()
    assert facts.home.state is Reason.SCRIPT_RENDERED
    assert not facts.home.only_navigates


# ---------------------------------------------------------------- lists behind data addresses

BIG_MENU = '<div class="nav"><ul>' + "".join(
    f'<li><a href="/{p}/">{n}</a></li>'
    for n, p in (*COLUMNS, ("办事服务", "bsfw"), ("互动交流", "hdjl"), ("走进青禾", "zjqh"), ("专题专栏", "ztzl"))
) + "</ul></div>"  # fmt: skip

TOWNS = [f"{a}{b}镇" for a in "白鹭青禾云岭望川" for b in "山河湖"]
KINDS = ("政务动态", "通知公告", "政策文件", "财政信息", "机构职能", "规划计划", "行政执法", "人事信息")


def fed(answer: str) -> Portal:
    """A home page, and a column that shows nothing but the great menu and a place for a script."""
    home = html("青禾县人民政府", f"{BIG_MENU}<ul>{rows(6, date(2026, 11, 20), 'yw')}</ul>")
    towns = "".join(
        f'<li><a href="/xz/{n}/">{town}</a><ul>'
        + "".join(f'<li><a href="/xz/{n}/{k}/">{town}{kind}</a></li>' for k, kind in enumerate(KINDS))
        + "</ul></li>"
        for n, town in enumerate(TOWNS)
    )
    shell = html(
        "通知公告",
        f"{BIG_MENU}<div class='menu'><ul>{towns}</ul></div><div id='list'></div>"
        "<script>$.getJSON('/api/list.json',function(d){{show(d)})</script>",
    )
    return Portal({"": home, "tzgg/": shell, "api/list.json": answer})


def test_a_list_that_arrives_as_data_makes_a_list_column_of_what_looked_like_a_section() -> None:
    entries = ",".join(
        f'{{"title":"青禾县第{n}号公告","url":"/tzgg/{n}.html","pubDate":"2026-03-1{n}"}}' for n in range(4)
    )
    column = only(fed(f'{{"total":4,"list":[{entries}]}}').crawl(), "通知公告")
    assert not column.is_parent
    assert column.state is None
    assert column.listing is not None
    assert column.listing.newest == date(2026, 3, 13)


def test_an_empty_answer_does_not_make_a_blank_column_of_what_looked_like_a_section() -> None:
    column = only(fed('{"total":0,"list":[]}').crawl(), "通知公告")
    assert column.is_parent or column.state is not None


# ---------------------------------------------------------------- pagers that post


def posted(numbers: range, newest: date, target: int | None) -> str:
    """One page of a list that shows its oldest entry first and turns its page by a form."""
    entries = "".join(
        f'<li><a href="detail.action?id={n}">青禾县关于做好第{n}项重点工作的通知</a>'
        f"<span>{newest.replace(day=newest.day - (numbers[-1] - n)).isoformat()}</span></li>"
        for n in numbers
    )
    link = f'<a href="javascript:gotoPage({target})">下一页</a>' if target else "<span>下一页</span>"
    pager = (
        '<form name="f" method="post" action="list.action"><input type="hidden" name="cid" value="31">'
        f'<input type="hidden" name="pageNo" value="{target - 1 if target else 2}"></form>'
        "<script>function gotoPage(n){document.f.pageNo.value=n;document.f.submit();}</script>"
    )
    return html("通知公告", f"{BIG_MENU}<ul class='list'>{entries}</ul>{pager}{link}")


def test_a_list_whose_pager_posts_is_read_on_to_its_newest_page() -> None:
    home = html("青禾县人民政府", f"{BIG_MENU}<ul>{rows(6, date(2026, 11, 20), 'yw')}</ul>")
    portal = Portal(
        {
            "": home,
            "tzgg/": posted(range(1, 9), date(2025, 4, 20), 2),
            "tzgg/list.action POST cid=31&pageNo=2": posted(range(9, 15), date(2026, 2, 20), None),
        }
    )
    column = only(portal.crawl(), "通知公告")
    assert column.listing is not None
    assert (len(column.listing.items), column.listing.newest, column.pages_read) == (14, date(2026, 2, 20), 2)
    assert column.is_complete
    assert column.listing.next_request is None


def test_a_list_with_a_pager_that_cannot_be_followed_is_not_complete() -> None:
    home = html("青禾县人民政府", f"{BIG_MENU}<ul>{rows(6, date(2026, 11, 20), 'yw')}</ul>")
    first = posted(range(1, 9), date(2025, 4, 20), 2).replace("<form ", "<form enctype='multipart/form-data' ")
    column = only(Portal({"": home, "tzgg/": first}).crawl(), "通知公告")
    assert not column.is_complete
    assert column.state is Reason.AMBIGUOUS


# ---------------------------------------------------------------- shells of the families, with what they fetch


def portal_with(column: str, **answers: str) -> Portal:
    """A home page whose 通知公告 is ``column``; ``answers``: what further addresses say, by path."""
    home = html("青禾县人民政府", f"{BIG_MENU}<ul>{rows(6, date(2026, 11, 20), 'yw')}</ul>")
    return Portal({"": home, "tzgg/": column, **answers})


def newest_of(portal: Portal) -> tuple[int, date | None]:
    column = only(portal.crawl(), "通知公告")
    assert column.state is None, column.detail
    assert not column.is_parent
    assert column.listing is not None
    return len(column.listing.items), column.listing.newest


def test_a_build_unit_is_fetched_and_its_markup_read() -> None:
    unit = (
        "<script parseType='buildstatic' url='/api-gateway/build/unit' "
        "queryData=\"{'webId':'8d82','pageId':'c0ee','tagId':'list'}\"></script>"
    )
    answer = (
        '{"success":true,"data":{"html":"' + f"<ul>{rows(5, date(2026, 9, 9), 'art')}</ul>".replace('"', '\\"') + '"}}'
    )
    address = "api-gateway/build/unit?webId=8d82&pageId=c0ee&tagId=list"
    assert newest_of(portal_with(html("通知公告", BIG_MENU + unit), **{address: answer})) == (5, date(2026, 9, 9))


def test_a_search_list_is_fetched_and_its_json_read() -> None:
    address = "searchList/0f1e2d3c4b5a?_isAgg=true&_isJson=true&_pageSize=18"
    shell = html("通知公告", f"{BIG_MENU}<div id='l'></div><script>$.ajax({{url:'/{address}',success:show}})</script>")
    results = ",".join(
        f'{{"title":"青禾县第{n}号公告","url":"/c/{n}.shtml","publishedTime":{1788800000000 + n * 86400000}}}'
        for n in range(4)
    )
    answer = f'{{"data":{{"total":4,"results":[{results}]}}}}'
    assert newest_of(portal_with(shell, **{address: answer})) == (4, date(2026, 9, 11))


def test_an_application_shell_is_read_from_the_interface_that_its_script_names() -> None:
    shell = (
        "<html><head><title>通知公告</title></head><body ng-app='site'><div ui-view></div><script>"
        "angular.module('site').controller('l',function($http){$http.get('/api/docs/list?channel=12').then(show)})"
        "</script></body></html>"
    )
    documents = ",".join(
        f'{{"docTitle":"关于第{n}批行政许可的公告","docPubUrl":"/d/{n}.html","publishDate":"2026-07-0{n + 1} 10:00"}}'
        for n in range(5)
    )
    answer = f'{{"rows":[{documents}],"total":5}}'
    assert newest_of(portal_with(shell, **{"api/docs/list?channel=12": answer})) == (5, date(2026, 7, 5))


def test_the_disclosure_platform_of_guangdong_is_read_from_its_interface() -> None:
    home = html(
        "青禾县人民政府",
        f"{BIG_MENU}<a href='/gkmlpt/index'>政府信息公开目录</a><ul>{rows(6, date(2026, 11, 20), 'yw')}</ul>",
    )
    shell = (
        "<html><head><title>政府信息公开目录</title></head><body><div id='app'></div>"
        "<script>window._CONFIG={SITE_ID:'755041',CATE:0}</script></body></html>"
    )
    articles = ",".join(
        f'{{"title":"青禾县规范性文件第{n}号","url":"{HOME}gkmlpt/content/post_{n}.html","display_publish_time":"2026-10-1{n}"}}'
        for n in range(3)
    )
    address = "gkmlpt/api/all/0?page=1&sid=755041"
    facts = Portal({"": home, "gkmlpt/index": shell, address: f'{{"articles":[{articles}],"total":3}}'}).crawl()
    column = only(facts, "政府信息公开目录")
    assert column.listing is not None
    assert (len(column.listing.items), column.listing.newest) == (3, date(2026, 10, 12))


def test_a_catalogue_of_a_tree_and_a_frame_leads_to_its_columns() -> None:
    nodes = ",".join(
        f'{{id:{n},pId:0,name:"{name}",url:"/xxgk/list?cid={n}",target:"right"}}'
        for n, name in enumerate(("机构信息", "规划计划", "统计信息", "应急管理"), 1)
    )
    frame = "<iframe name='right' src='/xxgk/list?cid=1' width=760></iframe>"
    tree = f"<ul id='tree' class='ztree'></ul>{frame}<script>var zNodes=[{nodes}];</script>"
    pages = {
        f"xxgk/list?cid={n}": html("", f"<ul class='list'>{rows(5, date(2026, 8, 20 + n), f'x{n}')}</ul>")
        for n in range(1, 5)
    }
    facts = portal_with(html("政府信息公开目录", BIG_MENU + tree), **pages).crawl()
    newest = {one.name: one.listing.newest for one in facts.columns if one.listing and "cid" in one.url}
    assert newest["规划计划"] == date(2026, 8, 22)
    assert newest["应急管理"] == date(2026, 8, 24)
