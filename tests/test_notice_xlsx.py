"""The workbook of the annexes, read back: heads, typed cells, no formula, print settings."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from month_samples import BLANK, STALE, VETO, sample_numbers
from openpyxl import load_workbook

from gkmonitor.monthly.records import IndicatorLine, MonthNumbers, Rectification
from gkmonitor.reports.notice import workbook
from gkmonitor.reports.notice.text import notice_text
from gkmonitor.reports.notice.workbook import write_xlsx

NUMBERS = sample_numbers()


def opened(numbers: MonthNumbers = NUMBERS) -> Any:
    return load_workbook(io.BytesIO(write_xlsx(numbers)))


@pytest.fixture(scope="module")
def book() -> Any:
    return opened()


def column(sheet: Any, head: str) -> list[Any]:
    """The cells below a head."""
    at = next(cell.column for cell in sheet[2] if cell.value == head)
    return [row[at - 1] for row in sheet.iter_rows(min_row=3)]


def test_there_is_a_sheet_for_each_annex_and_each_kind_of_problem(book: Any) -> None:
    titles = [one.title for one in notice_text(NUMBERS).annexes]
    assert book.sheetnames == [
        "目录",
        *titles,
        "栏目不更新",
        "空白栏目",
        "其他问题",
        "趋势",
        "网站与栏目",
        "部门预决算公开",
    ]
    listed = [row[1].value for row in book["目录"].iter_rows(min_row=3)]
    assert listed == [*titles, "栏目不更新", "空白栏目", "其他问题"]


@pytest.mark.parametrize(
    ("sheet", "heads"),
    [
        ("网站检查情况统计表", ("序号", "网站标识码", "网站名称", "网站地址", "地区", "主管单位", "是否合格", "说明")),
        ("不合格网站名单", ("序号", "地区（部门）", "网站名称", "网站标识码", "网站地址", "主要问题")),
        (
            "栏目不更新",
            (
                *("序号", "网站名称", "网站标识码", "主管单位", "栏目名称", "问题类型", "网址"),
                *("最后更新时间", "未更新天数", "首次发现", "最近监测时间", "检测方式", "整改情况"),
            ),
        ),
        (
            "空白栏目",
            (
                *("序号", "网站名称", "网站标识码", "主管单位", "栏目名称", "网址", "路径", "问题描述"),
                *("首次发现", "最近监测时间", "检测方式", "整改情况"),
            ),
        ),
    ],
)
def test_heads_are_those_that_offices_print(book: Any, sheet: str, heads: tuple[str, ...]) -> None:
    assert tuple(cell.value for cell in book[sheet][2]) == heads


def test_figures_days_and_shares_are_typed_and_codes_stay_text(book: Any) -> None:
    stale = book["栏目不更新"]
    assert [cell.value for cell in column(stale, "未更新天数")] == [20, 53]
    assert [cell.value for cell in column(stale, "最后更新时间")] == [datetime(2026, 11, 1), datetime(2026, 10, 8)]  # noqa: DTZ001
    assert [cell.value for cell in column(stale, "网站标识码")] == ["4401240001", "4401230001"]
    rate = column(book["各地区检查情况"], "合格率")[1]
    assert (rate.value, rate.number_format) == (1.0, "0.00%")


def test_problems_are_told_apart_by_kind(book: Any) -> None:
    assert [cell.value for cell in column(book["空白栏目"], "栏目名称")] == ["招生信息"]
    assert [cell.value for cell in column(book["栏目不更新"], "栏目名称")] == ["首页", "部门动态"]
    assert book["其他问题"]["A3"].value == "无"


def test_heads_stay_in_sight_and_stand_on_each_printed_page(book: Any) -> None:
    for name in book.sheetnames[1:-3]:
        sheet = book[name]
        assert sheet.freeze_panes == "A3", name
        assert sheet.print_title_rows == "$1:$2", name
        assert sheet.page_setup.paperSize == 9, name
        assert sheet.page_setup.fitToHeight == 0, name
    assert book["问题清单"].page_setup.orientation == "landscape"
    assert book["问题清单"].column_dimensions["J"].width > 20


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝"])
def test_no_text_becomes_a_formula(start: str) -> None:
    evil = f'{start}HYPERLINK("http://evil.example","点击")'
    office = replace(NUMBERS.office, title=evil, name=evil)
    portal = replace(STALE.portal, name=evil, unit=evil, url=evil)
    problem = replace(STALE, message=evil, column=evil, url=evil, portal=portal)
    made = opened(replace(NUMBERS, office=office, problems=(problem,)))
    cells = [cell for sheet in made for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert not [cell for cell in cells if cell.data_type == "f"]
    told = [cell.value for cell in cells if "HYPERLINK" in cell.value]
    assert told
    assert not [value for value in told if value.lstrip("'")[:1] in "=+-@＝" and not value.startswith("'")]


def test_what_was_not_monitored_is_not_none() -> None:
    lines = (IndicatorLine("stale", "栏目不更新", "not_monitored", 0, 0, 0, 0, 4, "没有完成检查的网站"),)
    made = opened(replace(NUMBERS, problems=(BLANK,), by_indicator=lines))
    assert made["栏目不更新"]["A3"].value == "本月未监测（没有完成检查的网站）"
    clean = (IndicatorLine("stale", "栏目不更新", "clean", 0, 0, 0, 4, 0),)
    assert opened(replace(NUMBERS, problems=(BLANK,), by_indicator=clean))["栏目不更新"]["A3"].value == "无"


def test_an_unknown_last_month_says_so_in_its_table() -> None:
    unknown = Rectification("2026-10", None, 0, (), 0, 0, None, "none", "上月没有印发通报")
    made = opened(replace(NUMBERS, rectification=unknown))
    assert made["上月通报问题未整改清单"]["A3"].value == "上月没有印发通报"


def test_a_month_without_a_notice_is_a_gap_in_the_trend(book: Any) -> None:
    rows = [[cell.value for cell in row] for row in book["趋势"].iter_rows(min_row=1, max_row=4, max_col=6)]
    assert rows[1] == ["2026-09", None, None, None, None, None]
    assert rows[3] == ["2026-11", 50, 3, 1, 3, 1]


def test_personal_numbers_are_masked() -> None:
    made = opened(replace(NUMBERS, problems=(replace(VETO, message="联系人电话13812345678"),)))
    told = "\n".join(str(cell.value) for sheet in made for row in sheet.iter_rows() for cell in row)
    assert "13812345678" not in told
    assert "138****5678" in told


def test_a_workbook_of_many_rows_reads_like_one_of_few(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rows go to the disk as they come, and its texts stand in the cells."""
    monkeypatch.setattr(workbook, "MANY_ROWS", 0)
    large = opened()
    assert large.sheetnames == book.sheetnames
    for sheet in book:
        other = large[sheet.title]
        assert [[cell.value for cell in row] for row in other] == [[cell.value for cell in row] for row in sheet]
        assert [[cell.number_format for cell in row] for row in other] == [
            [cell.number_format for cell in row] for row in sheet
        ]
        assert (other.freeze_panes, other.auto_filter.ref, other.print_title_rows) == (
            sheet.freeze_panes,
            sheet.auto_filter.ref,
            sheet.print_title_rows,
        )
        assert sorted(map(str, other.merged_cells.ranges)) == sorted(map(str, sheet.merged_cells.ranges))
    assert write_xlsx(NUMBERS) == write_xlsx(sample_numbers())


def test_the_same_numbers_give_the_same_bytes() -> None:
    assert write_xlsx(NUMBERS) == write_xlsx(sample_numbers())
