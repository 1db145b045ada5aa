"""The internal sheet: the notice's figures, the monitor's own accuracy, who signed what."""

from __future__ import annotations

import io
from dataclasses import replace

from docx import Document
from month_samples import sample_numbers

from gkmonitor.reports.notice.signoff import write_signoff
from gkmonitor.reports.notice.text import notice_text

NUMBERS = sample_numbers()


def tables(numbers: object = NUMBERS) -> list[list[list[str]]]:
    document = Document(io.BytesIO(write_signoff(numbers)))  # type: ignore[arg-type]
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def test_the_sheet_has_the_figures_the_accuracy_the_typed_figures_and_lines_to_sign() -> None:
    notice, accuracy, typed, signing = tables()
    assert ["合格率", "50%"] in notice
    assert ["点名的网站数", "3家"] in notice
    assert ["准确率（复核为对的占比）", "50.0%", "9.4%—90.5%"] in accuracy
    assert ["找错留言收到数", "12条", "李四"] in typed
    assert [row[0] for row in signing] == ["环节", "拟稿人", "审核人", "签发人"]


def test_accuracy_stands_on_the_internal_sheet_and_not_in_the_public_annex() -> None:
    assert not [one for one in notice_text(NUMBERS).annexes if one.slug == "accuracy"]
    public = replace(NUMBERS, accuracy=replace(NUMBERS.accuracy, is_public=True))
    assert [one.title for one in notice_text(public).annexes if one.slug == "accuracy"] == ["监测准确性"]


def test_without_typed_figures_the_sheet_says_so() -> None:
    none = tuple(one for one in NUMBERS.statistics if one.source == "ledger")
    assert tables(replace(NUMBERS, statistics=none))[2][1][0] == "没有填写，通报中不出现有关段落"


def test_the_same_numbers_give_the_same_bytes() -> None:
    assert write_signoff(NUMBERS) == write_signoff(sample_numbers())
