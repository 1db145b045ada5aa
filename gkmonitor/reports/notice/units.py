"""What goes to each unit before the notice: its list of problems (问题清单) and the notice to mend (整改通知书).

Not for the public: addresses stand as they are. Each problem has its ground (document, clause, words), its deadline,
and a line to answer on.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from gkmonitor.monthly.records import Annex, MonthNumbers, Problem
from gkmonitor.reports.notice.masked import masked
from gkmonitor.reports.wording import printable

_SEVERITIES: Final = {"veto": "单项否决", "deduction": "扣分"}
_HEADS: Final = (
    "序号",
    "编号",
    "网站名称",
    "栏目路径",
    "网址",
    "问题描述",
    "程度",
    "依据",
    "条款原文",
    "首次发现",
    "整改期限",
)
_ANSWER_HEADS: Final = ("序号", "编号", "网站名称", "整改情况", "完成时间", "责任人及电话", "有异议的，说明理由")
_WHERE: Final = "登录检查平台，在“我的问题”中逐项答复并上传材料；不能登录的，填写附件2并加盖公章后书面报送我办。"


@dataclass(frozen=True, slots=True)
class UnitNotice:
    """One unit's problems that still stand. ``deadline``: of those that have none of their own; None: at once, or
    ``awaits_deadline``: as the office will tell."""

    unit: str
    problems: tuple[Problem, ...]
    deadline: date | None
    office: str
    month: str
    at: datetime
    issued_on: date | None = None
    where: str = _WHERE
    awaits_deadline: bool = False


def unit_notices(
    numbers: MonthNumbers, deadline: date | None, *, issued_on: date | None = None, awaits_deadline: bool = False
) -> tuple[UnitNotice, ...]:
    """One for each unit with problems that still stand, in the order of their names."""
    units: dict[str, list[Problem]] = {}
    for one in numbers.problems:
        if one.state == "standing":
            portal = one.portal
            units.setdefault(portal.unit or portal.organizer or portal.name, []).append(one)
    return tuple(
        UnitNotice(
            *(unit, tuple(found), deadline, numbers.office.name, numbers.month, numbers.as_of, issued_on),
            awaits_deadline=awaits_deadline,
        )
        for unit, found in sorted(units.items())
    )


def file_stem(notice: UnitNotice) -> str:
    """A name for the unit's files that every system takes."""
    plain = re.sub(r'[\\/:*?"<>|.\s]+', "_", printable(notice.unit)).strip("_")
    return (plain or "unit")[:60]


def problem_list(notice: UnitNotice) -> Annex:
    """问题清单 of a unit."""
    rows = tuple(
        (
            *(str(number), str(one.case_id), masked(one.portal.name), masked(" > ".join(one.path) or "全站")),
            *(printable(one.url or one.portal.url), masked(one.message), _SEVERITIES.get(one.severity, one.severity)),
            *(printable(" ".join(part for part in (one.document, one.clause) if part)), printable(one.words)),
            *(one.first_seen.isoformat(), _deadline_cell(one, notice)),
        )
        for number, one in enumerate(notice.problems, start=1)
    )
    return Annex("unit-problems", "问题清单", _HEADS, rows)


def answer_form(notice: UnitNotice) -> Annex:
    """The lines on which a unit answers, empty."""
    rows = tuple(
        (str(number), str(one.case_id), masked(one.portal.name), "", "", "", "")
        for number, one in enumerate(notice.problems, start=1)
    )
    return Annex("answer", "整改情况回执", _ANSWER_HEADS, rows, note="每个问题填写一行，可另附页面截图等证明材料。")


def unit_notice_xlsx(notice: UnitNotice) -> bytes:
    """问题清单 with the lines to answer on, as .xlsx."""
    from gkmonitor.reports.notice.workbook import tables_xlsx

    tables = (problem_list(notice), answer_form(notice))
    return tables_xlsx(tables, title=_title(notice), author=notice.office, at=notice.at)


def unit_notice_docx(notice: UnitNotice) -> bytes:
    """整改通知书 as .docx in the form of official papers; the same notice gives the same bytes."""
    from docx import Document

    from gkmonitor.reports.notice import form
    from gkmonitor.reports.notice.annex_pages import add_annexes
    from gkmonitor.reports.notice.document import TABLES_HERE, place_signature
    from gkmonitor.reports.notice.packing import packed, set_properties
    from gkmonitor.reports.notice.template import shipped_template

    document = Document(io.BytesIO(shipped_template()))
    body: Any = document.element.body
    for paragraph in list(document.paragraphs):
        body.remove(paragraph._p)
    for style, text in _lines(notice):
        document.add_paragraph(text, style=style)
    document.add_paragraph(TABLES_HERE, style=form.BODY.name)
    place_signature(document, notice.office)
    add_annexes(document, TABLES_HERE, (problem_list(notice), answer_form(notice)))
    set_properties(document, title=_title(notice), author=notice.office or "gkmonitor", at=notice.at)
    return packed(document)


# ---------------------------------------------------------------- words


def _title(notice: UnitNotice) -> str:
    return f"{printable(notice.unit)}政府网站问题整改通知书"


def _lines(notice: UnitNotice) -> Iterable[tuple[str, str]]:
    """Style and text of each paragraph."""
    from gkmonitor.reports.notice.text import BLANK_DATE, day_words, month_words

    sites = len({one.portal.id for one in notice.problems})
    vetoes = sum(one.severity == "veto" for one in notice.problems)
    weighty = f"，其中单项否决问题{vetoes}个" if vetoes else ""
    yield "公文标题", "政府网站问题整改通知书"
    yield "公文正文", ""
    yield "公文主送", f"{printable(notice.unit)}："
    yield (
        "公文正文",
        f"我办在{month_words(notice.month)}政府网站监测中发现，你单位主管或主办的{sites}家网站存在问题{len(notice.problems)}个{weighty}，"
        "均经人工确认（详见附件1）。现将整改要求通知如下：",
    )
    yield "公文一级标题", "一、整改期限"
    yield "公文正文", _deadline_words(notice)
    yield "公文一级标题", "二、答复方式"
    yield "公文正文", f"请在期限内{notice.where}"
    yield "公文一级标题", "三、异议处理"
    yield (
        "公文正文",
        "对所列问题有异议的，请在期限内说明理由并附证明材料，经核实成立的不再列为问题。"
        "通报印发前已整改并经复查确认的，通报时注明已整改；逾期未整改又未说明情况的，予以通报。",
    )
    yield "公文正文", ""
    yield "公文附件说明", "附件：1.问题清单"
    yield "公文附件说明", "　　　2.整改情况回执"
    yield "公文正文", ""
    yield "公文署名", printable(notice.office)
    yield "公文成文日期", day_words(notice.issued_on) if notice.issued_on else BLANK_DATE


def _deadline_words(notice: UnitNotice) -> str:
    from gkmonitor.reports.notice.text import day_words

    last = {one.deadline or notice.deadline for one in notice.problems}
    if None in last and notice.awaits_deadline:
        return "整改期限由我办另行通知；附件1中注明期限的，在期限内完成。"
    if None in last:
        return "请立即整改；附件1中注明期限的，在期限内完成。"
    days = sorted(day for day in last if day is not None)
    if len(days) == 1:
        return f"请于{day_words(days[0])}前完成整改。"
    return f"请于附件1所列各项期限前完成整改，最早的为{day_words(days[0])}，最迟的为{day_words(days[-1])}。"


def _deadline_cell(one: Problem, notice: UnitNotice) -> str:
    day = one.deadline or notice.deadline
    if day is None:
        return "另行通知" if notice.awaits_deadline else "立即"
    return day.isoformat()


def safe_names(notices: Sequence[UnitNotice]) -> dict[str, str]:
    """A file name for each unit; units whose names come out alike get a number."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for one in notices:
        stem, number = file_stem(one), 2
        name = stem
        while name.casefold() in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name.casefold())
        names[one.unit] = name
    return names
