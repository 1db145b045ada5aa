"""What a page is, told from the page alone."""

from __future__ import annotations

import pytest

from gkmonitor.records import PageFacts, PageKind
from spiders.readers import read_page

SITE = "http://www.qinghe.example"
MENU = '<div class="nav"><ul>' + "".join(
    f'<li><a href="/{slug}/index.html">{name}</a></li>'
    for slug, name in (
        ("xwzx", "新闻中心"),
        ("zwgk", "政务公开"),
        ("bsfw", "办事服务"),
        ("hdjl", "互动交流"),
        ("zjqh", "走进青禾"),
        ("ztzl", "专题专栏"),
        ("sjfb", "数据发布"),
    )
)
HEAD = f"{MENU}</ul></div>"
CRUMB = '<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/index.html">政务公开</a></div>'


def read(body: str, path: str = "/zwgk/index.html", title: str = "政务公开-青禾县人民政府") -> PageFacts:
    return read_page(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode(), SITE + path)


def block(name: str, slug: str, month: int, more: str = "更多&gt;&gt;") -> str:
    entries = "".join(
        f'<li><a href="/{slug}/content/post_{month}{day:02}.html">{name}方面第{day}条信息的标题</a>'
        f"<span>2026-{month:02}-{day:02}</span></li>"
        for day in (22, 15, 9)
    )
    head = f'<h3>{name}</h3><a class="more" href="/{slug}/index.html">{more}</a>'
    return f'<div class="block">{head}<ul>{entries}</ul></div>'


BLOCKS = block("本地要闻", "bdyw", 11) + block("通知公告", "tzgg", 10) + block("部门动态", "bmdt", 9)
PROSE = "<p>" + "青禾县人民政府办公室负责全县政务公开的组织协调和指导监督工作，内设三个股室。" * 12 + "</p>"


def test_a_root_with_a_menu_and_blocks_is_a_home_page() -> None:
    page = read(HEAD + BLOCKS, "/", "青禾县人民政府")
    assert page.kind is PageKind.HOME
    assert page.listing is None
    assert [(b.name, len(b.items)) for b in page.blocks] == [("本地要闻", 3), ("通知公告", 3), ("部门动态", 3)]
    assert page.blocks[0].url == f"{SITE}/bdyw/index.html"


def test_a_root_that_only_navigates_is_a_home_page() -> None:
    assert read(HEAD + "<p>欢迎访问，请选择栏目。</p>", "/", "青禾县人民政府").kind is PageKind.HOME


def test_few_links_at_the_address_of_a_home_page_are_a_home_page() -> None:
    row = "<tr><td><a href='show.asp?id={n}'>青禾县召开第{n}次工作会议</a></td><td>[11-{n}]</td></tr>"
    rows = "".join(row.format(n=n) for n in range(11, 20))
    small = f"{HEAD}<table><tr><td><b>政务要闻</b></td></tr>{rows}</table>"
    assert read(small, "/index.asp", "青禾县人民政府").kind is PageKind.HOME
    assert read(small, "/zwyw/index.asp", "政务要闻-青禾县人民政府").kind is not PageKind.HOME


def test_several_lists_below_a_heading_are_a_section() -> None:
    page = read(HEAD + CRUMB + BLOCKS)
    assert page.kind is PageKind.SECTION
    assert len(page.blocks) == 3


def test_a_block_that_continues_elsewhere_is_a_section() -> None:
    assert read(HEAD + CRUMB + block("年度报告", "ndbg", 1)).kind is PageKind.SECTION


def test_one_list_is_a_listing() -> None:
    assert (
        read(HEAD + CRUMB + block("政务公开", "zwgk", 3).replace('<a class="more"', '<i class="more"')).kind
        is PageKind.LISTING
    )


def test_an_article_with_related_news_is_an_article() -> None:
    head = "<h1>关于做好春季植树工作的通知</h1><div>发布时间：2026-03-12 来源：县林业局</div>"
    page = read(
        HEAD + CRUMB + head + PROSE + '<div class="related">' + block("相关新闻", "xw", 11) + "</div>",
        "/zwgk/content/post_31.html",
    )
    assert page.kind is PageKind.ARTICLE
    assert page.listing is None
    assert page.article is not None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("404 Not Found", "nginx"),
        ("页面不存在", "您访问的页面已被删除，请返回首页。"),
        ("提示信息", "抱歉，没有找到您要访问的页面。"),
        ("502 Bad Gateway", "服务器错误"),
        ("维护中", "维护中"),
    ],
)
def test_error_pages_say_so(title: str, text: str) -> None:
    assert read(f"<p>{text}</p>", "/a/b.html", title).kind is PageKind.ERROR


def test_a_title_with_404_in_it_is_no_error() -> None:
    page = read(
        HEAD + CRUMB + f"<h1>关于404国道改造的公告</h1><p>发布时间：2026-05-06</p>{PROSE}",
        "/a/1.html",
        "关于404国道改造的公告",
    )
    assert page.kind is not PageKind.ERROR


@pytest.mark.parametrize(
    "body",
    [
        '<div id="app"></div><script src="/js/app.3f2a.js"></script>',
        "<script>location.href='/new/'</script>",
        '<iframe src="left.asp"></iframe><iframe src="main.asp"></iframe>',
    ],
)
def test_a_page_without_words_is_a_shell(body: str) -> None:
    assert read(body, "/col/", "").kind is PageKind.SHELL


def test_a_frameset_is_a_shell_with_its_frames() -> None:
    body = b'<html><frameset cols="200,*"><frame src="left.asp"><frame src="main.asp"></frameset></html>'
    page = read_page(body, SITE + "/xxgk/")
    assert (page.kind, page.frames) == (PageKind.SHELL, (f"{SITE}/xxgk/left.asp", f"{SITE}/xxgk/main.asp"))


def test_a_challenge_is_blocked() -> None:
    body = "<script>var c='__jsl_clearance_s=';document.cookie=c+'1';location.href=location.pathname</script>"
    page = read_page(f"<html><head>{body}</head></html>".encode(), SITE, {"Server": "x"})
    assert page.kind in (PageKind.BLOCKED, PageKind.SHELL)
    assert page.listing is None


def test_the_disclosure_catalogue_names_itself() -> None:
    body = HEAD + '<div class="tree"><a href="/zn/">指南</a></div><form>索引号 文号 发布机构 发文日期</form>'
    assert read(body, "/xxgk/ml.html", "政府信息公开目录-青禾县人民政府").kind is PageKind.CATALOGUE


def test_plain_text_is_something_else() -> None:
    assert (
        read(HEAD + CRUMB + "<h2>联系方式</h2><p>地址：青禾县中心路一号 电话：0990-6660123</p>").kind is PageKind.OTHER
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("青禾县人民政府办公室关于开展政务公开工作的通知", "zh-Hans"),
        ("青禾縣人民政府辦公室關於開展政務公開工作的通知，請各單位認真執行", "zh-Hant"),
        ("Government Information of Qinghe County: news, notices and public services for residents", "other"),
    ],
)
def test_language_is_told_from_the_words(text: str, language: str) -> None:
    assert read(f"<p>{text}</p>" * 3, "/a/b.html", "").language == language


def test_pages_that_say_the_same_have_near_signatures() -> None:
    from spiders.readers.signature import distance

    first, second = read(HEAD + BLOCKS), read(HEAD + BLOCKS + "<p>访问量：12345</p>")
    other = read(HEAD + PROSE)
    assert first.signature is not None
    assert second.signature is not None
    assert other.signature is not None
    assert distance(first.signature, second.signature) < 12 < distance(first.signature, other.signature)
