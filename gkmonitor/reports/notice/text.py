"""The notice in sentences: what stands in each section, the same in every form. Pure: no I/O and no clock.

Where something was checked and nothing found the notice says 无; where it was not checked, 本月未监测 and why. Units
are named only for what ``MonthNumbers`` lets be named. Personal numbers are masked: the notice is public.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from gkmonitor.monthly.records import Annex, MonthNumbers
from gkmonitor.reports.monthly.annexes import annexes_of
from gkmonitor.reports.notice.demands import demand_parts
from gkmonitor.reports.notice.findings import finding_parts
from gkmonitor.reports.notice.masked import masked
from gkmonitor.reports.notice.mending import mending_parts
from gkmonitor.reports.notice.overall import overall_parts
from gkmonitor.reports.notice.parts import Part, numbered_heads

HEADS: Final = ("总体情况", "上月问题整改复查情况", "本月发现的主要问题", "工作要求")
BLANK_DATE: Final = "　　年　　月　　日"
DRAFT: Final = "（送审稿）"
NOTE: Final = "（此件公开发布）"
ADDRESSEE: Final = "各有关单位"
_BASIS: Final = (
    "为贯彻落实《中华人民共和国政府信息公开条例》、"
    "《国务院办公厅关于印发政府网站发展指引的通知》（国办发〔2017〕47号）、"
    "《国务院办公厅秘书局关于印发政府网站与政务新媒体检查指标、监管工作年度考核指标的通知》（国办秘函〔2019〕19号），"
)


@dataclass(frozen=True, slots=True)
class NoticeText:
    """Everything that the notice says. ``sections``: the four, in order, heads without numbers."""

    title: str
    number: str
    addressee: str
    basis: str
    sections: tuple[tuple[str, tuple[Part, ...]], ...]
    annexes: tuple[Annex, ...]
    office: str
    date: str
    note: str
    mark: str = ""  # 发文机关标志
    copies: str = ""  # 抄送, without a full stop
    printer: str = ""  # 印发机关
    printed: str = ""  # 印发日期

    @property
    def has_imprint(self) -> bool:
        """Whether there is a 版记."""
        return bool(self.copies or self.printer)


def notice_text(numbers: MonthNumbers) -> NoticeText:
    """The notice of a month. A notice that is not issued says so where its number would stand."""
    office = numbers.office
    parts = (overall_parts, mending_parts, finding_parts, demand_parts)
    return NoticeText(
        title=masked(office.title or _title(numbers)),
        number=masked(office.number or "") if office.issued_on else DRAFT,
        addressee=masked(office.addressee).rstrip("：:") or ADDRESSEE,
        basis=_basis(numbers),
        sections=tuple((head, numbered_heads(make(numbers))) for head, make in zip(HEADS, parts, strict=True)),
        annexes=tuple(masked_annex(one) for one in annexes_of(numbers)),
        office=masked(office.name),
        date=day_words(office.issued_on) if office.issued_on else BLANK_DATE,
        note=NOTE,
        mark=masked(office.mark),
        copies=masked(office.copies).rstrip("。；;"),
        printer=masked(office.printer),
        printed=f"{day_words(office.issued_on) if office.issued_on else BLANK_DATE}印发",
    )


def masked_annex(annex: Annex) -> Annex:
    """The table fit to be shown, personal numbers masked."""
    rows = tuple(tuple(masked(cell) for cell in row) for row in annex.rows)
    note = masked(annex.note) if annex.note else None
    return Annex(annex.slug, masked(annex.title), annex.heads, rows, masked(annex.empty), note)


def day_words(day: date) -> str:
    """2026年12月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_words(month: str) -> str:
    """2026年11月份 from 2026-11."""
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月份"


def annex_lines(annexes: tuple[Annex, ...]) -> Iterator[str]:
    """The lines below the text that name the annexes, numbered when there are several."""
    for number, annex in enumerate(annexes, start=1):
        yield f"{number}.{annex.title}" if len(annexes) > 1 else annex.title


def _title(numbers: MonthNumbers) -> str:
    office = numbers.office
    return f"{office.name}关于{month_words(numbers.month)}{office.region}政府网站检查情况的通报"


def _basis(numbers: MonthNumbers) -> str:
    region = numbers.office.region or "各"
    until = f"（截至{day_words(numbers.last_day)}）" if numbers.is_running else ""
    return (
        f"{_BASIS}我办对{masked(region)}政府网站{month_words(numbers.month)}{until}的运行维护和信息公开情况进行了监测，"
        "本通报所列问题均经人工确认。现将有关情况通报如下："
    )
