"""What goes to each unit: its problems with ground and deadline, and where to answer."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from docx import Document
from month_samples import BAISHA, BLANK, QINGHE, STALE, VETO, sample_numbers
from openpyxl import load_workbook

from gkmonitor.reports.notice.units import UnitNotice, safe_names, unit_notice_docx, unit_notice_xlsx, unit_notices

NUMBERS = sample_numbers()
DAY = date(2026, 12, 18)


@pytest.fixture(scope="module")
def notice() -> UnitNotice:
    (found,) = unit_notices(NUMBERS, DAY, issued_on=date(2026, 11, 30))
    return found


@pytest.fixture(scope="module")
def document(notice: UnitNotice) -> Any:
    return Document(io.BytesIO(unit_notice_docx(notice)))


def test_each_unit_gets_its_own_problems_that_still_stand(notice: UnitNotice) -> None:
    assert notice.unit == "青禾县人民政府"
    assert [one.case_id for one in notice.problems] == [STALE.case_id, BLANK.case_id]
    standing = replace(VETO, state="standing", mended_on=None)
    found = unit_notices(replace(NUMBERS, problems=(standing, STALE, BLANK)), DAY)
    assert [(one.unit, len(one.problems)) for one in found] == [("白沙县人民政府", 1), ("青禾县人民政府", 2)]


def test_a_portal_without_a_unit_is_told_to_its_organizer() -> None:
    portal = replace(BAISHA, unit=None)
    problems = (replace(STALE, portal=portal), replace(BLANK, portal=replace(portal, organizer=None)))
    assert [one.unit for one in unit_notices(replace(NUMBERS, problems=problems), DAY)] == [
        "白沙县人民政府",
        "白沙县人民政府办公室",
    ]


def test_each_problem_has_its_ground_and_its_deadline(document: Any) -> None:
    heads, first, second = ([cell.text for cell in row.cells] for row in document.tables[0].rows)
    told = dict(zip(heads, first, strict=True))
    assert told["依据"] == f"{STALE.document} {STALE.clause}"
    assert told["条款原文"] == STALE.words
    assert told["网址"] == STALE.url
    assert told["整改期限"] == "2026-12-15"
    assert dict(zip(heads, second, strict=True))["整改期限"] == "2026-12-18"


def test_it_says_until_when_where_and_how_to_object(document: Any) -> None:
    text = "\n".join(one.text for one in document.paragraphs)
    assert "最早的为2026年12月15日，最迟的为2026年12月18日" in text
    assert "我的问题" in text
    assert "对所列问题有异议的" in text
    assert "青禾县人民政府：" in text


def test_there_is_a_line_to_answer_on_for_each_problem(document: Any) -> None:
    rows = [[cell.text for cell in row.cells] for row in document.tables[1].rows]
    assert rows[0][3:] == ["整改情况", "完成时间", "责任人及电话", "有异议的，说明理由"]
    assert [row[1] for row in rows[1:]] == ["11", "13"]
    assert all(not any(row[3:]) for row in rows[1:])


@pytest.mark.parametrize(
    ("deadline", "own", "words"),
    [
        (DAY, None, "请于2026年12月18日前完成整改。"),
        (None, None, "请立即整改；"),
        (None, DAY, "请于2026年12月18日前完成整改。"),
    ],
)
def test_the_deadline_is_told_in_words(deadline: date | None, own: date | None, words: str) -> None:
    (notice,) = unit_notices(replace(NUMBERS, problems=(replace(BLANK, deadline=own),)), deadline)
    text = [one.text for one in Document(io.BytesIO(unit_notice_docx(notice))).paragraphs]
    assert any(one.startswith(words) for one in text)


def test_the_list_is_a_workbook_too(notice: UnitNotice) -> None:
    book = load_workbook(io.BytesIO(unit_notice_xlsx(notice)))
    assert book.sheetnames == ["目录", "问题清单", "整改情况回执"]
    assert book["问题清单"]["F3"].value == STALE.message


def test_the_same_notice_gives_the_same_bytes(notice: UnitNotice) -> None:
    assert unit_notice_docx(notice) == unit_notice_docx(notice)
    assert unit_notice_xlsx(notice) == unit_notice_xlsx(notice)


def test_units_with_like_names_get_files_of_their_own() -> None:
    names = ["../../etc/passwd", "甲/乙", "甲:乙", "...", ""]
    found = [UnitNotice(name, (replace(STALE, portal=QINGHE),), None, "", "2026-11", NUMBERS.as_of) for name in names]
    made = safe_names(found)
    assert made == {"../../etc/passwd": "etc_passwd", "甲/乙": "甲_乙", "甲:乙": "甲_乙_2", "...": "unit", "": "unit_2"}
