"""Attached sheets of permits and penalties: fetched within their own bounds, for such columns only, and read."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from test_sheets import HEADS, ROW, sheet

from gkmonitor.records import Details, Reason
from spiders.columns import MAX_SHEETS as MOST_OF_PORTAL
from spiders.fetching import Fetched
from spiders.frontier import Purpose, Task
from spiders.jobs import CrawlJob, CrawlLimits
from spiders.merging import build_facts
from spiders.survey import Survey
from spiders.visits import MAX_SHEETS

TODAY = date(2026, 11, 20)
HOME = "http://www.yunling.example/"
MENU = "".join(
    f'<a href="/{place}/">{name}</a>'
    for place, name in [("xzcf", "行政处罚"), ("zcwj", "政策文件"), ("ldxx", "领导信息"), ("tzgg", "通知公告")]
)
TEXT = "<p>" + "云岭市生态环境局依法公开有关信息。" * 40 + "</p>"
LATE = [*ROW[:2], date(2026, 9, 1), date(2026, 10, 20), ROW[4]]


def page(body: str, title: str) -> bytes:
    html = f"<html><head><title>{title}</title></head><body><ul class='nav'>{MENU}</ul>{body}{TEXT}</body></html>"
    return html.encode()


def entries(*addresses: str) -> str:
    line = '<li><a href="{0}">云岭市生态环境局行政处罚信息公示表第{1}期</a><span>2026-11-0{1}</span></li>'
    return "<ul class='list'>" + "".join(line.format(one, 9 - n) for n, one in enumerate(addresses)) + "</ul>"


def crawl(pages: dict[str, bytes]) -> tuple[Survey, list[Task]]:
    survey, asked = Survey(CrawlJob(HOME), CrawlLimits(max_pages=80), TODAY), []
    while (task := survey.next_task()) is not None:
        asked.append(task)
        body = pages.get(task.url.removeprefix(HOME))
        status = 200 if body is not None else 404
        survey.take(task, Fetched(task.url, task.url, datetime.now(UTC), status, {}, body or b"<html>404</html>"))
    return survey, asked


def sheets_asked(asked: list[Task]) -> list[str]:
    return [task.url.removeprefix(HOME) for task in asked if task.purpose is Purpose.SHEET]


def penalties(survey: Survey) -> Details:
    facts = build_facts(survey, datetime.now(UTC), 1.0)
    return next(column.details for column in facts.columns if column.name == "行政处罚")


def portal(listed: str, **more: bytes) -> dict[str, bytes]:
    return {
        "": page("<h1>云岭市生态环境局</h1>", "云岭市生态环境局"),
        "xzcf/": page(listed, "行政处罚_云岭市生态环境局"),
        **more,
    }


def test_sheet_that_a_list_links_to_is_fetched_and_its_rows_belong_to_the_column() -> None:
    survey, asked = crawl(portal(entries("/f/1.xlsx", "/f/2.xlsx"), **{"f/1.xlsx": sheet(HEADS, LATE)}))
    details = penalties(survey)
    assert sheets_asked(asked) == ["f/1.xlsx", "f/2.xlsx"]
    assert [(row.decided, row.published) for row in details.rows] == [(date(2026, 9, 1), date(2026, 10, 20))]
    assert details.attachments == (f"{HOME}f/2.xlsx",), "what could not be read stays unknown"


def test_sheet_within_an_entry_is_fetched_after_the_entry_was_opened() -> None:
    article = (
        '<h1>行政处罚信息公示表第9期</h1><p>发布时间：2026-11-09</p><a href="/f/9.xlsx">附件：行政处罚信息.xlsx</a>'
    )
    pages = portal(
        entries("/xzcf/9.html", "/xzcf/8.html", "/xzcf/7.html"),
        **{"xzcf/9.html": page(article, "公示表"), "f/9.xlsx": sheet(HEADS, LATE)},
    )
    survey, asked = crawl(pages)
    assert sheets_asked(asked) == ["f/9.xlsx"]
    assert len(penalties(survey).rows) == 1


def test_entry_listed_before_the_day_that_its_sheet_prints_was_out_by_then() -> None:
    later = [*ROW[:2], date(2026, 11, 5), date(2026, 11, 19), ROW[4]]
    survey, _ = crawl(portal(entries("/f/1.xlsx", "/f/2.xlsx"), **{"f/1.xlsx": sheet(HEADS, later)}))
    assert [row.published for row in penalties(survey).rows] == [date(2026, 11, 9)]


def test_column_whose_pages_print_decisions_needs_no_sheet() -> None:
    table = "<table><tr><th>处罚决定书文号</th><th>处罚决定日期</th><th>公示日期</th></tr>"
    table += "<tr><td>云环罚〔2026〕1号</td><td>2026-11-02</td><td>2026-11-05</td></tr></table>"
    link = '<a href="/f/1.xlsx">行政处罚信息.xlsx</a>'
    survey, asked = crawl(portal(table + link, **{"f/1.xlsx": sheet(HEADS, LATE)}))
    assert sheets_asked(asked) == []
    assert [row.published for row in penalties(survey).rows] == [date(2026, 11, 5)]


def test_column_of_another_kind_fetches_no_sheet() -> None:
    pages = portal("", **{"zcwj/": page(entries("/f/1.xlsx"), "政策文件"), "f/1.xlsx": sheet(HEADS, LATE)})
    assert sheets_asked(crawl(pages)[1]) == []


def test_sheet_of_another_site_is_not_fetched() -> None:
    assert sheets_asked(crawl(portal(entries("http://credit.example.org/f/1.xlsx")))[1]) == []


def test_sheets_are_few_for_one_column_and_never_count_as_pages() -> None:
    listed = entries(*(f"/f/{n}.xlsx" for n in range(5)))
    survey, asked = crawl(portal(listed, **{f"f/{n}.xlsx": sheet(HEADS, ROW) for n in range(5)}))
    assert len(sheets_asked(asked)) == MAX_SHEETS <= MOST_OF_PORTAL
    assert not any(record.observation.url.endswith(".xlsx") for record in survey.pages)


def test_paper_of_scanned_decisions_is_named_and_not_fetched() -> None:
    listed = entries("/xzcf/9.html") + '<a href="/f/1.pdf">行政处罚信息公示（9月）.pdf</a>'
    survey, asked = crawl(portal(listed))
    assert sheets_asked(asked) == []
    assert penalties(survey).attachments == (f"{HOME}f/1.pdf",)


@pytest.mark.parametrize("purpose", [Purpose.SHEET, Purpose.SAMPLE])
def test_reader_that_dies_over_a_sheet_does_not_take_its_column_along(purpose: Purpose) -> None:
    survey, _ = crawl(portal(entries("/xzcf/9.html")))
    visit = next(one for one in survey.columns.visits.values() if one.name == "行政处罚")
    survey.note_crash(Task(purpose, f"{HOME}f/1.xlsx", 96, visit.key))
    assert visit.state is None
    survey.note_crash(Task(Purpose.COLUMN, visit.url, 5, visit.key))
    assert visit.state is Reason.CRASHED
