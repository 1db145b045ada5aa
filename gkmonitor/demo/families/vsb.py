"""博达 VSB: page numbers that descend, list entries that are never closed, dates split over two lines."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.plan import Column, Entry


class VsbFamily(Family):
    """``/tzgg.htm``; of 3 pages the second is ``/tzgg/2.htm``, the last ``/tzgg/1.htm``; ``info/1004/12878.htm``."""

    cms = "vsb"
    menu_copies = 3

    def column_path(self, column: Column, page: int = 1) -> str:
        if page == 1:
            return f"/{column.slug}.htm"
        return f"/{column.slug}/{len(self.chunks(column)) - page + 1}.htm"

    def article_path(self, column: Column, index: int) -> str:
        number = self.number(column.slug)
        return f"/info/{number % 9000 + 1000}/{number + index}.htm"

    def rows(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        rows = "\n".join(self.line(column, index, entry, at) for at, (index, entry) in enumerate(chunk))
        return (
            f'<div class="list_box"><ul>\n{rows}\n</ul></div><script src="/system/resource/js/dynclicks.js"></script>'
        )

    def line(self, column: Column, index: int, entry: Entry, at: int) -> str:
        link = f'<a href="{self.article_path(column, index)}" title="{escape(entry.title)}">{escape(entry.title)}</a>'
        if not entry.is_printed:
            return f'<li id="line_u5_{at}">{link}'
        if column.style == "split":
            day = f'<div class="day"><b>{entry.day:%m/%d}</b>\n<i>{entry.day.year}</i></div>'
            return f'<li id="line_u5_{at}">{day}{link}'
        counter = f'<span id="dynclicks_wbnews_{at}_{self.number(column.slug)}"></span>'
        day = f"(发布时间：{entry.day:%Y-%m-%d} 11:06:22 阅读次数：{counter})"
        return f'<li id="line_u5_{at}">{link} {day}'

    def pager(self, column: Column, page: int, pages: int) -> str:
        following = f'<a href="{self.column_path(column, page + 1)}">下页</a>' if page < pages else "下页"
        return f'<div class="pb_sys_common">共{len(column.entries)}条&nbsp;{page}/{pages}&nbsp;{following}</div>'

    def article_body(self, column: Column, entry: Entry, index: int) -> str:
        return (
            f'<form name="_newscontent_fromname"><h1 align="center">{escape(entry.title)}</h1>'
            f'<div align="center">发布日期：{entry.day:%Y年%m月%d日} 点击：<span id="dynclicks_{index}"></span></div>'
            f'<div id="vsb_content">{self.paragraphs(entry, index)}</div></form>'
        )
