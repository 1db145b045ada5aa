"""Two lists on one page, of which at most one is the page's own: of scripts, of variables, of data, of the markup."""

from __future__ import annotations

import json
from datetime import date

from gkmonitor.records import PageFacts, PageKind
from spiders.readers import read_page

URL = "http://www.qinghe.example/col/col11/index.html"
MENU = '<div class="nav"><ul>' + "".join(f'<li><a href="/c{n}/">栏目第{n}类</a></li>' for n in range(7)) + "</ul></div>"
HERE = '<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/col/">新闻</a> &gt; 部门动态</div>'
NEXT = '<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&columnid=11"></a>]]></nextgroup>'
NO_NEXT = "<nextgroup></nextgroup>"


def page(body: str) -> PageFacts:
    head = "<html><head><title>部门动态_青禾县人民政府</title></head><body>"
    return read_page(f"{head}{MENU}{HERE}{body}</body></html>".encode(), URL)


def rows(year: int, count: int, tag: str = "li") -> list[str]:
    return [
        f'<{tag}><a href="/art/{year}/{n}/2/art_{n}.html">青禾县召开第{n}次工作会议部署农业生产</a>'
        f"<span>{year}-{n:02d}-02</span></{tag}>"
        for n in range(count, 0, -1)
    ]


def records(entries: list[str], following: str = NO_NEXT, total: str = "") -> str:
    inner = "".join(f"<record><![CDATA[{entry}]]></record>" for entry in entries)
    return f'<script type="text/xml"><datastore>{total}{following}<recordset>{inner}</recordset></datastore></script>'


def newest(found: PageFacts) -> date | None:
    return found.listing.newest if found.listing else None


# ------------------------------------------------------------ records in scripts


def test_records_of_a_box_before_the_paged_ones_are_not_the_list() -> None:
    found = page(f"<div>{records(rows(2026, 9))}</div><div>{records(rows(2024, 6), NEXT)}</div>")
    assert newest(found) == date(2024, 6, 2)
    assert found.listing is not None
    assert found.listing.next_url == "http://www.qinghe.example/module/web/jpage/dataproxy.jsp?page=1&columnid=11"


def test_records_without_a_next_group_lead_nowhere() -> None:
    found = page(f"<div>{records(rows(2024, 6))}</div>")
    assert found.listing is not None
    assert found.listing.next_url is None


def test_records_below_a_heading_of_a_margin_are_not_the_list() -> None:
    box = f'<div><div class="t">最新发布</div><div>{records(rows(2026, 9), NEXT)}</div></div>'
    own = f"<div><h3>部门动态</h3><div>{records(rows(2024, 6), NEXT)}</div></div>"
    assert newest(page(box + own)) == date(2024, 6, 2)
    assert newest(page(f"<div class='t'>最新发布</div><div>{records(rows(2026, 9))}</div>")) is None


def test_two_paged_lists_of_records_are_neither_the_page_s_list_nor_a_blank() -> None:
    found = page(f"<div>{records(rows(2026, 9), NEXT)}</div><div>{records(rows(2024, 6), NEXT)}</div><p>暂无信息</p>")
    assert found.listing is None


def test_an_empty_store_beside_a_full_one_is_undecided() -> None:
    found = page(f"<div>{records([])}</div><div>{records(rows(2026, 9))}</div>")
    assert found.listing is None


def test_a_store_that_states_nothing_stays_blank_beside_a_full_one() -> None:
    none = records([], total="<totalrecord>0</totalrecord>")
    found = page(f"<div>{none}</div><div>{records(rows(2026, 9))}</div>")
    assert found.listing is not None
    assert found.listing.items == ()


def test_a_paged_list_of_the_markup_outranks_records_of_a_box() -> None:
    shown = f"<div><ul>{''.join(rows(2023, 9))}</ul><div class='page'><a href='index_2.html'>下一页</a></div></div>"
    assert newest(page(f"<div>{records(rows(2026, 9))}</div>{shown}")) == date(2023, 9, 2)


# ------------------------------------------------------------ variables and data


def entries(year: int, count: int) -> list[dict[str, str]]:
    return [
        {
            "title": f"青禾县召开第{n}次工作会议部署水利建设",
            "url": f"/w/{year}{n}.html",
            "publishTime": f"{year}-{n:02d}-03",
        }
        for n in range(count, 0, -1)
    ]


def data(value: object) -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(value, ensure_ascii=False)}</script>'


def test_list_in_a_script_of_data_is_read() -> None:
    found = page(data({"props": {"pageProps": {"articles": {"list": entries(2024, 8)}}}}))
    assert found.kind is PageKind.LISTING
    assert newest(found) == date(2024, 8, 3)


def test_banners_in_a_script_of_data_are_no_list() -> None:
    found = page(data({"props": {"banners": entries(2026, 9), "hotNews": entries(2026, 9), "list": []}}))
    assert newest(found) is None


def test_bars_that_stand_for_entries_are_no_blank_list() -> None:
    bars = '<div class="content"><ul class="list">' + '<li class="skeleton"><p></p></li>' * 9 + "</ul></div>"
    assert page(bars).listing is None
    assert page('<div class="content"><ul class="list"></ul></div>' + data({"props": {"id": 77}})).listing is None


def test_variable_of_a_few_slides_is_not_the_list_beside_many_shown_entries() -> None:
    slides = f"<script>var picData={json.dumps(entries(2026, 4), ensure_ascii=False)};</script>"
    assert newest(page(f"{slides}<div><ul>{''.join(rows(2023, 9))}</ul></div>")) == date(2023, 9, 2)


def test_variable_that_repeats_the_shown_entries_changes_nothing() -> None:
    again = [
        {"title": f"第{n}次", "url": f"/art/2023/{n}/2/art_{n}.html", "time": "2026-10-01"} for n in range(9, 0, -1)
    ]
    script = f"<script>var all={json.dumps(again, ensure_ascii=False)};</script>"
    assert newest(page(f"{script}<div><ul>{''.join(rows(2023, 9))}</ul></div>")) == date(2023, 9, 2)


def test_variable_and_shown_list_of_like_size_are_undecided() -> None:
    script = f"<script>var newsData={json.dumps(entries(2026, 9), ensure_ascii=False)};</script>"
    assert page(f"{script}<div><ul>{''.join(rows(2023, 9))}</ul></div>").listing is None


# ------------------------------------------------------------ lists beside words that there is nothing


def test_fresh_box_beside_words_that_nothing_is_there_is_not_the_list() -> None:
    box = f"<div><div>县内快报</div><ul>{''.join(rows(2026, 9))}</ul></div>"
    assert newest(page(f"<div><p>暂无相关数据！</p></div>{box}")) is None
    assert newest(page(f"<div><ul></ul><p>共0条记录</p></div>{box}")) is None


def test_list_with_a_pager_is_read_though_a_box_says_that_it_has_nothing() -> None:
    own = f"<div><ul>{''.join(rows(2023, 9))}</ul><div class='page'><a href='index_2.html'>下一页</a></div></div>"
    assert newest(page(f"{own}<div><h4>相关文件</h4><p>暂无相关文件</p></div>")) == date(2023, 9, 2)


def test_list_below_the_column_s_name_is_read_though_a_box_says_that_it_has_nothing() -> None:
    own = f"<div><h2>部门动态</h2><ul>{''.join(rows(2023, 9))}</ul></div>"
    assert newest(page(f"{own}<div><p>暂无数据</p></div>")) == date(2023, 9, 2)
