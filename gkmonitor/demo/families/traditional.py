"""A portal in traditional characters: the tidy layout converted, dates with 年月日 or in Chinese numerals."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.plan import Column, Entry

if TYPE_CHECKING:
    from opencc import OpenCC

NUMERALS = "〇一二三四五六七八九十"


@cache
def converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("s2tw")


def in_numerals(number: int) -> str:
    """1 to 31 as 一 to 三十一."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")


class TraditionalFamily(Family):
    """Everything in traditional characters, addresses included in the same pattern as the tidy layout."""

    cms = "plain-hant"

    def add(self, path: str, html: str, status: int = 200) -> None:
        super().add(path, converter().convert(html).replace('lang="zh-CN"', 'lang="zh-Hant"'), status)

    def row(self, column: Column, index: int, entry: Entry) -> str:
        day = f"{entry.day.year}年{entry.day.month}月{entry.day.day}日"
        if column.style == "numerals":
            year = "".join(NUMERALS[int(figure)] for figure in str(entry.day.year))
            day = f"{year}年{in_numerals(entry.day.month)}月{in_numerals(entry.day.day)}日"
        link = f'<a href="{self.article_path(column, index)}">{escape(entry.title)}</a>'
        return f'<li>{link}<span class="date">{day}</span></li>' if entry.is_printed else f"<li>{link}</li>"
