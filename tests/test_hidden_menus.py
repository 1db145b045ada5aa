"""Columns that scripts and jump menus offer, and what looks like such a menu and is none."""

from __future__ import annotations

import pytest

from gkmonitor.records import PageFacts, PageKind
from spiders.readers import read_page
from spiders.readers.script_literals import read_literal

SITE = "http://www.qinghe.example.gov.cn"
FIVE = (("政务公开", "zwgk"), ("新闻中心", "xwzx"), ("办事服务", "bsfw"), ("互动交流", "hdjl"), ("专题专栏", "ztzl"))
TEXT = "<p>青禾县人民政府门户网站</p>"


def read(body: str, path: str = "/", title: str = "青禾县人民政府") -> PageFacts:
    head = f"<head><meta charset='utf-8'><title>{title}</title></head>"
    return read_page(f"<html>{head}<body>{body}</body></html>".encode(), SITE + path)


def offered(page: PageFacts) -> list[tuple[tuple[str, ...], str]]:
    return [(column.path, column.url.removeprefix(SITE)) for column in page.columns]


def script(code: str) -> str:
    return f"<div id='nav'></div>{TEXT}<script>{code}</script>"


TOP = [((name,), f"/{path}/") for name, path in FIVE]
JSON = ",".join(f'{{"name":"{n}","url":"/{p}/"}}' for n, p in FIVE)
BARE = ",\n".join(f"  {{ title: '{n}', href: '/{p}/', target: '_blank' }}" for n, p in FIVE)


@pytest.mark.parametrize(
    "code",
    [
        f'var menuData=[{{"name":"首页","url":"/"}},{JSON}];',
        f"const navList = [\n{BARE},\n];",
        f"layui.use('x',function(){{var options={{menus:[{JSON}],el:'#nav'}};}});",
        f"window.config={{site:1,data:[{JSON}]}};",
        f"var a = 1; /* old */ var list=[{JSON.replace('/', chr(92) + '/')}]; draw(list);",
    ],
    ids=["json", "bare-keys", "inner-key", "unnamed-but-typical", "escaped"],
)
def test_an_array_of_names_and_addresses_is_the_menu(code: str) -> None:
    assert offered(read(script(code))) == TOP


def test_children_of_a_menu_stand_below_their_heads() -> None:
    code = (
        'var navData=[{"name":"政务公开","url":"/zwgk/","children":[{"name":"政策文件","url":"/zwgk/zcwj/"},'
        '{"name":"财政预决算","url":"/zwgk/czyjs/"}]},{"name":"互动交流","url":"","children":[{"name":"县长信箱","url":"/xzxx/"}]},'
        '{"name":"走进青禾","url":"/zjqh/"}]'
    )
    assert offered(read(script(code))) == [
        (("政务公开",), "/zwgk/"),
        (("政务公开", "政策文件"), "/zwgk/zcwj/"),
        (("政务公开", "财政预决算"), "/zwgk/czyjs/"),
        (("互动交流",), ""),
        (("互动交流", "县长信箱"), "/xzxx/"),
        (("走进青禾",), "/zjqh/"),
    ]


def test_a_script_menu_beside_a_menu_of_links_stands_below_the_page() -> None:
    menu = '<div class="nav"><ul>' + "".join(f'<li><a href="/{p}/">{n}</a></li>' for n, p in FIVE) + "</ul></div>"
    rows = ",".join(f'{{name:"{n}",url:"/{n}/"}}' for n in ("权责清单", "行政许可", "年度报告"))
    extra = f"<script>var leftMenu=[{rows}]</script>"
    columns = read(menu + TEXT + extra).columns
    assert [column.path for column in columns if column.place == "script"] == [
        ("首页", "权责清单"),
        ("首页", "行政许可"),
        ("首页", "年度报告"),
    ]


NO_MENUS = {
    "friends": "var links=["
    + ",".join(f'{{"name":"云岭市{n}局","url":"http://s{n}.example.gov.cn/"}}' for n in "甲乙丙丁")
    + "]",
    "other-hosts": "var data=["
    + ",".join(f'{{"name":"{n}","url":"http://{p}.other.example.cn/"}}' for n, p in FIVE)
    + "]",
    "titles": "var arr=["
    + ",".join(
        f'{{"title":"{title}","url":"/a/{n}.html"}}'
        for n, title in enumerate(
            ("县政府召开第三次常务会议", "陆文澜调研秋冬季森林防灭火工作", "青禾县高标准农田建设项目通过验收")
        )
    )
    + "]",
    "slides": f"var bannerList=[{JSON}]",
    "dated": f"var rows=[{JSON}]".replace('"url"', '"pubDate":"2026-01-02","url"'),
    "settings": 'var menuStyle=[{"width":1,"height":2},{"width":3},{"width":4}]',
}


@pytest.mark.parametrize("name", NO_MENUS)
def test_arrays_that_are_no_menu_offer_no_columns(name: str) -> None:
    assert read(script(NO_MENUS[name])).columns == ()


def test_a_menu_in_a_script_is_not_read_as_a_list_of_entries() -> None:
    page = read(script(f"var data=[{JSON}];"), "/zwgk/index.html", "政务公开")
    assert page.listing is None
    assert page.kind is not PageKind.LISTING


# ---------------------------------------------------------------- jump menus


def select(options: str, attributes: str = 'onchange="location.href=this.value"') -> str:
    return f"{TEXT}<select {attributes}>{options}</select>"


def option(pairs: tuple[tuple[str, str], ...], form: str = "/{}/") -> str:
    return "".join(f'<option value="{form.format(p)}">{n}</option>' for n, p in pairs)


def test_a_jump_menu_of_the_sites_own_columns_offers_them() -> None:
    columns = read(select('<option value="">栏目导航</option>' + option(FIVE))).columns
    assert [(column.name, column.url) for column in columns] == [(n, f"{SITE}/{p}/") for n, p in FIVE]


@pytest.mark.parametrize(
    "menu",
    [
        select("<option>友情链接</option>" + option(FIVE, "http://www.{}.example.gov.cn/")),
        select("<option>友情链接</option>" + option(FIVE)),
        select("<option value=''>各乡镇网站</option>" + option((("白鹭镇", "bl"), ("青山镇", "qs"), ("望川乡", "wc")))),
        select("<option>请选择</option>" + option((("政策文件", "1"), ("规范性文件", "2"), ("其他文件", "3")), "{}")),
        select("<option value=''>栏目导航</option>" + option(FIVE), 'name="type"'),
        select("<option>栏目</option>" + option(FIVE), 'name="friendlink" onchange="window.open(this.value)"'),
    ],
    ids=["away", "headed", "towns", "no-addresses", "a-field", "named"],
)
def test_links_to_others_and_fields_of_forms_are_no_columns(menu: str) -> None:
    assert read(menu).columns == ()


# ---------------------------------------------------------------- literals


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("[{a:1,'b':\"x\\u4e2d\"},]", [{"a": 1, "b": "x中"}]),
        ("[true, null, -2.5, name]", [True, None, -2.5, None]),
        ("[{a: f(1)}]", None),
        ("[{a:1", None),
        ("{/* c */a:[1, // d\n2]}", {"a": [1, 2]}),
    ],
)
def test_literals_are_read_and_code_is_not(code: str, value: object) -> None:
    assert read_literal(code, 0) == value
