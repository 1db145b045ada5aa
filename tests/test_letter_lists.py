"""Letters in lists and pages that are no tables; what is not labelled is not taken for the day of a letter."""

from __future__ import annotations

import time
from datetime import date

import pytest

from gkmonitor.records import Letter
from spiders.readers import read_page
from spiders.readers.letter_lists import labelled

URL = "http://www.qinghe.gov.cn/hdjl/xzxx/"
TEXT = "<p>" + "欢迎来信，我们将认真办理您的每一件来信。" * 30 + "</p>"
MENU = "<div class='nav'><a href='/'>青禾县首页</a><a href='/zwgk/'>政务公开栏目</a></div>"


def letters(body: str, title: str = "县长信箱_青禾县人民政府", url: str = URL) -> tuple[Letter, ...]:
    page = f"<html><head><title>{title}</title></head><body>{MENU}{body}{TEXT}</body></html>"
    return read_page(page.encode(), url).details.letters


def told(found: tuple[Letter, ...]) -> list[tuple[str, date | None, date | None, bool | None]]:
    return [(one.title, one.submitted, one.replied, one.is_answered) for one in found]


ANSWERED = ("咨询落户手续办理", date(2026, 8, 3), date(2026, 8, 7), True)
UNANSWERED = ("反映路灯不亮的问题", date(2026, 8, 1), None, False)
WAYS_OF_LISTS = {
    "labels in spans": """<ul class="mail"><li><a href="1.html">咨询落户手续办理</a>
        <span>来信时间：2026-08-03</span><span>答复时间：2026-08-07</span><span>办理状态：已答复</span></li>
        <li><a href="2.html">反映路灯不亮的问题</a>
        <span>来信时间：2026-08-01</span><span>答复时间：</span><span>办理状态：未答复</span></li></ul>""",
    "labels in one line": """<div class="mail"><div class="one"><h3><a href="1.html">咨询落户手续办理</a></h3>
        <p>来信人：李某某 来信时间：2026-08-03 10:20:31 回复时间：2026-08-07 状态：已回复</p></div>
        <div class="one"><h3><a href="2.html">反映路灯不亮的问题</a></h3>
        <p>来信人：王某 来信时间：2026-08-01 08:00:00 回复时间： 状态：待回复</p></div></div>""",
    "definition lists": """<dl><dt><a href="1.html">咨询落户手续办理</a></dt>
        <dd>[提交日期：2026年8月3日] [答复日期：2026年8月7日] [状态：已办结]</dd></dl>
        <dl><dt><a href="2.html">反映路灯不亮的问题</a></dt><dd>[提交日期：2026年8月1日] [状态：未办理]</dd></dl>""",
    "cells under a row of heads": """<div class="hd"><span>信件标题</span><span>来信时间</span><span>回复时间</span>
        <span>状态</span></div><ul><li><span><a href="1.html">咨询落户手续办理</a></span><span>2026-08-03</span>
        <span>2026-08-07</span><span>已回复</span></li><li><span><a href="2.html">反映路灯不亮的问题</a></span>
        <span>2026-08-01</span><span></span><span>未回复</span></li></ul>""",
    "rows of boxes, heads among them": """<div><ul class="t"><li>标题</li><li>留言时间</li><li>处理时间</li>
        <li>处理状态</li></ul><ul><li><a href="1.html">咨询落户手续办理</a></li><li>2026/8/3</li><li>2026/8/7</li>
        <li>已处理</li></ul><ul><li><a href="2.html">反映路灯不亮的问题</a></li><li>2026/8/1</li><li></li>
        <li>未处理</li></ul></div>""",
    "rows that are one link": """<div class="head"><i>标题</i><i>写信时间</i><i>答复时间</i><i>答复状态</i></div>
        <ul><li><a href="1.html"><i>咨询落户手续办理</i><i>2026-08-03</i><i>2026-08-07</i><i>已答复</i></a></li>
        <li><a href="2.html"><i>反映路灯不亮的问题</i><i>2026-08-01</i><i></i><i>未答复</i></a></li></ul>""",
    "traditional characters": """<ul><li><a href="1.html">咨询落户手续办理</a><em>來信時間：2026-08-03</em>
        <em>答覆時間：2026-08-07</em></li><li><a href="2.html">反映路灯不亮的问题</a><em>來信時間：2026-08-01</em>
        <em>狀態：未答復</em></li></ul>""",
}


@pytest.mark.parametrize("way", WAYS_OF_LISTS)
def test_list_of_letters_gives_days_and_states_of_each(way: str) -> None:
    found = letters(WAYS_OF_LISTS[way])
    assert told(found) == [ANSWERED, UNANSWERED]
    assert [one.url for one in found] == [f"{URL}1.html", f"{URL}2.html"]


WAYS_OF_PAGES = {
    "one label a line": "<p>来信时间：2026-08-03</p><p>答复时间：2026-08-07</p><p>办理状态：已答复</p>",
    "several labels a line": "<p>来信人：李某某 来信时间：2026-08-03 09:10 答复时间：2026-08-07 办理状态：已答复</p>",
    "labels and values apart": "<dl><dt>来信时间</dt><dd>2026-08-03</dd><dt>答复时间</dt><dd>2026-08-07</dd></dl>",
    "letters of the label set apart": "<p>来 信 时 间：2026-08-03</p><p>答 复 时 间：2026-08-07</p>",
}


@pytest.mark.parametrize("way", WAYS_OF_PAGES)
def test_page_of_one_letter_gives_its_days(way: str) -> None:
    body = f"<h1>咨询落户手续办理</h1>{WAYS_OF_PAGES[way]}"
    assert told(letters(body, "咨询落户手续办理", f"{URL}1.html")) == [ANSWERED]


def test_page_of_one_letter_is_not_told_by_links_around_it() -> None:
    body = "<h1>咨询落户手续办理</h1><p>来信时间：2026-08-03</p><p>状态：未答复</p><a href='/hdjl/xx/'>我要写信咨询</a>"
    (found,) = letters(body, "咨询落户手续办理", f"{URL}1.html")
    assert (found.title, found.url, found.is_answered) == ("咨询落户手续办理", f"{URL}1.html", False)


def test_bare_day_in_a_list_of_letters_is_no_day_of_a_letter() -> None:
    body = """<p>来信选登</p><ul><li><a href="1.html">咨询落户手续办理</a><i>[已回复]</i><i>2026-08-07</i></li>
        <li><a href="2.html">反映路灯不亮的问题</a><span>[未回复]</span><span>2026-08-01</span></li></ul>"""
    assert letters(body) == ()


def test_words_in_the_text_of_an_answer_are_no_state() -> None:
    body = (
        "<h1>反映路灯不亮的问题</h1><p>来信时间：2026-08-01</p>"
        "<p>办理情况：因材料不齐，此前未办理的几处路灯已列入本月计划，现已全部修复，感谢监督。</p>"
    )
    (found,) = letters(body, "反映路灯不亮的问题", f"{URL}2.html")
    assert found.is_answered is None


def test_names_of_writers_are_not_kept() -> None:
    for found in letters(WAYS_OF_LISTS["labels in one line"]):
        assert "某" not in repr(found)


def test_day_of_another_event_is_not_taken_for_the_answer() -> None:
    body = """<ul><li><a href="1.html">咨询落户手续办理</a> 来信时间：2026-08-03 要求答复时间：2026-08-10</li>
        <li><a href="2.html">反映路灯不亮的问题</a> 来信时间：2026-08-01 办理期限：2026-08-20</li></ul>"""
    assert [(one.submitted, one.replied) for one in letters(body)] == [
        (date(2026, 8, 3), None),
        (date(2026, 8, 1), None),
    ]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("来信时间：2026-08-03 状态：已回复", [("submitted", "2026-08-03"), ("state", "已回复")]),
        ("编号：12 来信时间:2026-08-03", [("submitted", "2026-08-03")]),
        ("受理单位：县水务局 答复时间：2026-08-07", [("replied", "2026-08-07")]),
        ("来信时间安排：上午", []),
        ("10:30", []),
    ],
)
def test_labels_of_one_line_are_told_apart(text: str, pairs: list[tuple[str, str]]) -> None:
    assert list(labelled(text)) == pairs


def test_thousands_of_links_around_one_label_cost_little() -> None:
    body = "<div>来信时间：2026-08-03" + "<span><a href='1.html'>咨询落户手续</a></span>" * 2500 + "</div>"
    started = time.process_time()
    letters(body)
    assert time.process_time() - started < 1.5
