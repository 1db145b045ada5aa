"""Days of entries in forms that few portals have: hover texts, short years, heads in another table, year boxes."""

from __future__ import annotations

from datetime import date

import pytest

from gkmonitor.records import Listing, PageFacts, PageKind
from spiders.readers import read_page

URL = "http://www.qinghe.example/zwgk/tzgg/"
MENU = '<div class="nav"><ul>' + "".join(f'<li><a href="/c{n}/">栏目第{n}类</a></li>' for n in range(7)) + "</ul></div>"
HERE = '<div class="position">当前位置：<a href="/">首页</a> &gt; 通知公告</div>'
TITLE = "青禾县关于开展第{n}批专项检查工作的通知"


def page(body: str) -> PageFacts:
    return read_page(f"<html><head><title>通知公告</title></head><body>{MENU}{HERE}{body}</body></html>".encode(), URL)


def listing(body: str) -> Listing:
    found = page(body).listing
    assert found is not None
    return found


def entries(form: str, *days: str) -> str:
    rows = (form.format(n=n, day=day, title=TITLE.format(n=n)) for n, day in enumerate(days, 1))
    return f"<div><ul class='list'>{''.join(rows)}</ul></div>"


# ------------------------------------------------------------ hover texts


def test_day_in_a_labelled_hover_text_is_the_entry_s() -> None:
    form = '<li><a href="{n}.html" title="标题：{title}&#13;发布时间：{day} 8:00:00&#13;点击数：2026">{title}</a></li>'
    found = listing(entries(form, "2025-6-11", "2025-6-3", "2025-5-21"))
    assert (found.newest, found.oldest) == (date(2025, 6, 11), date(2025, 5, 21))
    assert found.items[0].title == TITLE.format(n=1)
    assert {item.date_source for item in found.items} == {"list:title-attribute"}


def test_another_day_in_a_hover_text_dates_nothing() -> None:
    form = '<li><a href="/a/{n}01.html" title="{title} 截止时间：{day}">{title}</a></li>'
    assert listing(entries(form, "2026-6-11", "2026-6-3", "2026-5-21")).newest is None


def test_a_shown_day_outranks_the_hover_text() -> None:
    form = '<li><a href="{n}.html" title="更新时间：2026-11-{n}">{title}</a><span>{day}</span></li>'
    assert listing(entries(form, "2025-06-11", "2025-06-03", "2025-05-21")).newest == date(2025, 6, 11)


# ------------------------------------------------------------ years of two digits


def test_years_of_two_digits_above_twelve_are_read() -> None:
    found = listing(entries('<li><a href="{n}.html">{title}</a><i>[{day}]</i></li>', "26-04-14", "26-3-2", "25-12-31"))
    assert (found.newest, found.oldest) == (date(2026, 4, 14), date(2025, 12, 31))


@pytest.mark.parametrize("days", [("12-04-11", "11-03-02", "10-12-31"), ("14-13-01", "14-14-02", "14-15-03")])
def test_digits_that_may_be_month_or_day_first_stay_unknown(days: tuple[str, ...]) -> None:
    assert page(entries('<li><a href="/a/{n}01.html">{title}</a><i>{day}</i></li>', *days)).listing is None or (
        listing(entries('<li><a href="/a/{n}01.html">{title}</a><i>{day}</i></li>', *days)).newest is None
    )


# ------------------------------------------------------------ tables of component libraries


def table(*days: tuple[str, str, str], pager: str = "") -> str:
    heads = "".join(f"<th><div>{name}</div></th>" for name in ("名称", "许可决定日期", "有效期至", "公示日期"))
    rows = "".join(
        f"<tr><td><a href='/d/{n}'>青禾农资店{n}</a></td>"
        + "".join(f"<td><div>{day}</div></td>" for day in row)
        + "</tr>"
        for n, row in enumerate(days, 1)
    )
    return (
        f'<div class="wrap"><div class="el-table"><div class="head"><table><tr>{heads}</tr></table></div>'
        f'<div class="rows"><table><tbody>{rows}</tbody></table></div></div>{pager}</div>'
    )


PERMITS = (
    ("2026-03-09", "2031-03-08", "2026-03-13"),
    ("2026-03-01", "2031-02-28", "2026-03-05"),
    ("2026-02-20", "2031-02-19", "2026-02-24"),
)


def test_heads_in_a_table_of_their_own_say_which_day_counts() -> None:
    assert listing(table(*PERMITS)).newest == date(2026, 3, 13)


def test_heads_above_rows_of_boxes_say_which_of_two_equal_days_counts() -> None:
    heads = "<div class='row'><i>序号</i><i>标题</i><i>成文日期</i><i>公开日期</i></div>"
    rows = "".join(
        f"<div class='row'><i>{n}</i><i><a href='p{n}.html'>{TITLE.format(n=n)}</a></i>"
        f"<i>2024-07-{n:02d}</i><i>2024-08-{n:02d}</i></div>"
        for n in range(9, 0, -1)
    )
    found = listing(f"<div class='table'>{heads}{rows}</div>")
    assert (found.newest, found.oldest) == (date(2024, 8, 9), date(2024, 8, 1))


def test_pager_of_a_component_library_marks_the_list_among_longer_titles() -> None:
    pager = '<div class="el-pagination"><span>共 2026 条</span><ul><li>1</li><li>2</li></ul></div>'
    news = entries(
        '<li><a href="/n/{n}.html">{title}</a><span>{day}</span></li>', "2026-11-26", "2026-11-25", "2026-11-24"
    )
    assert listing(table(*PERMITS, pager=pager) + news).newest == date(2026, 3, 13)


# ------------------------------------------------------------ a box for each year


def boxes(*years: int, single: int = 0) -> str:
    whole = ""
    for year in years:
        days = ("02-13",) if year == single else ("02-13", "02-12", "02-11")
        rows = "".join(
            f'<li><a href="/ys/{year}/{n}.html">青禾县第{n}类单位{year}年预算</a><span>[{year}-{day}]</span></li>'
            for n, day in enumerate(days, 1)
        )
        whole += f'<div class="box"><div class="t">{year}年部门预算</div><ul>{rows}</ul></div>'
    return f"<div class='years'>{whole}</div>"


def test_boxes_of_years_are_one_list() -> None:
    found = page(boxes(2026, 2025, 2024))
    assert found.kind is PageKind.LISTING
    assert found.listing is not None
    assert (len(found.listing.items), found.listing.newest) == (9, date(2026, 2, 13))


def test_year_whose_box_was_not_read_leaves_the_list_undecided() -> None:
    assert page(boxes(2027, 2026, 2025, 2024, single=2027)).listing is None


def test_boxes_of_different_columns_stay_a_section() -> None:
    names = (
        boxes(2026, 2025, 2024)
        .replace("2025年部门预算</div>", "规划计划</div>")
        .replace("2024年部门预算</div>", "工作动态</div>")
    )
    assert page(names).kind is PageKind.SECTION


# ------------------------------------------------------------ what stands in and around an entry


def test_files_below_a_title_are_parts_of_its_entry() -> None:
    form = (
        '<li><a href="{n}.html">{title}</a><i>{day}</i><ul>'
        "<li><a href='/u/{n}1.doc'>附件1：{title}报名表（2026-11-0{n}修订）.doc</a></li>"
        "<li><a href='/u/{n}2.pdf'>附件2：名单.pdf</a></li></ul></li>"
    )
    found = listing(entries(form, "2025-01-16", "2025-01-02"))
    assert [item.title for item in found.items] == [TITLE.format(n=1), TITLE.format(n=2)]
    assert found.newest == date(2025, 1, 16)


def test_day_in_the_name_of_a_file_dates_no_entry() -> None:
    files = "<p><a href='/u/{n}1.doc'>附件1：报名表（{day}修订）.doc</a></p><p><a href='/u/{n}2.pdf'>名单.pdf</a></p>"
    form = '<li><a href="/a/{n}01.html">{title}</a>' + files + "</li>"
    found = page(entries(form, "2026-11-01", "2026-11-02", "2026-11-03")).listing
    assert found is None or found.newest is None


def test_day_of_a_time_element_that_shows_how_long_ago_is_the_entry_s() -> None:
    form = '<li><a href="/a/{n}01.html">{title}</a><time datetime="{day}T10:00:00+08:00">{n}个月前</time></li>'
    assert listing(entries(form, "2025-05-30", "2025-05-10", "2025-04-02")).newest == date(2025, 5, 30)


def test_neighbours_of_an_article_are_no_list() -> None:
    near = "".join(
        f"<p>{where}一篇：<a href='{n}.html'>全县防汛会议第{n}次召开</a> 2026-11-2{n}</p>"
        for n, where in enumerate("上下")
    )
    text = "<h2>秋粮收购启动</h2>" + "<p>各乡镇积极组织，粮食收购工作有序推进。</p>" * 9
    assert page(f"{text}<div>{near}</div>").listing is None


def test_pager_of_rows_with_two_entries_belongs_to_them_and_not_to_the_cell_beside() -> None:
    pairs = "".join(
        f"<tr><td><a href='v.asp?id={n}1'>{TITLE.format(n=n)}</a></td><td>2024-07-{n:02d}</td>"
        f"<td><a href='v.asp?id={n}2'>{TITLE.format(n=n + 50)}</a></td><td>2024-06-{n:02d}</td></tr>"
        for n in range(9, 0, -1)
    )
    news = "".join(
        f"<tr><td><a href='n/{n}.htm'>{TITLE.format(n=n)}</a></td><td>2026-11-0{n}</td></tr>" for n in range(9, 0, -1)
    )
    pager = "<p><a href='list.asp?p=2'>下一页</a></p>"
    cells = f"<td><table>{news}</table></td><td><table>{pairs}</table>{pager}</td>"
    found = listing(f"<table><tr>{cells}</tr></table>")
    assert (len(found.items), found.newest) == (18, date(2024, 7, 9))


# ------------------------------------------------------------ short lists beside long ones


def fresh_box(heading: str = "") -> str:
    return f"<div>{heading}<ul>{dated('2026-11', range(26, 14, -1))}</ul></div>"


def dated(month: str, days: range) -> str:
    row = "<li><a href='/n/{n}01.html'>{title}</a><span>{month}-{n:02d}</span></li>"
    return "".join(row.format(n=n, title=TITLE.format(n=n), month=month) for n in days)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_short_list_below_the_column_s_name_outranks_a_long_one_without_a_name(count: int) -> None:
    own = dated("2024-07", range(count, 0, -1))
    body = f"<div>{fresh_box()}</div><div><h2>通知公告</h2><ul>{own}</ul></div>"
    assert listing(body).newest == date(2024, 7, count)


def test_list_with_a_pager_outranks_a_box_of_the_column_s_name() -> None:
    own = f"<div><ul>{dated('2024-07', range(9, 0, -1))}</ul><p><a href='index_2.html'>下一页</a></p></div>"
    assert listing(f"<div>{own}</div>{fresh_box('<h3>通知公告</h3>')}").newest == date(2024, 7, 9)


def test_list_below_the_news_of_a_place_is_not_the_column_s() -> None:
    own = dated("2024-07", range(3, 0, -1))
    assert listing(f"<div><ul>{own}</ul></div>{fresh_box('<h3>青禾要闻</h3>')}").newest == date(2024, 7, 3)


@pytest.mark.parametrize(
    "day", ["{day} 10:30:00", "发布时间：{day}", "{day} 阅读：2026", "来源：办公室 {day}", "2026次浏览 {day}"]
)
def test_day_with_its_particulars_before_the_title_in_one_link_is_the_entry_s(day: str) -> None:
    form = '<li><a href="/a/{n}01.html"><i>' + day + "</i><span>{title}</span></a></li>"
    found = listing(entries(form, "2025-06-11", "2025-06-03", "2025-05-21"))
    assert (found.newest, found.items[0].title) == (date(2025, 6, 11), TITLE.format(n=1))


def test_head_of_the_cell_counts_before_other_words_in_it() -> None:
    heads = "<tr><th>标题</th><th>成文日期</th><th>发布日期</th></tr>"
    rows = "".join(
        f"<tr><td><a href='p{n}.html'>{TITLE.format(n=n)}</a></td><td>2024-07-0{n}</td>"
        f"<td>来源：办公室 2024-08-0{n}</td></tr>"
        for n in range(9, 0, -1)
    )
    assert listing(f"<table>{heads}{rows}</table>").newest == date(2024, 8, 9)
