"""DedeCMS (织梦): the date in bold before the link, one list per item or one for all, a pager that counts to zero."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.plan import Column, Entry


class DedeCmsFamily(Family):
    """``/a/tzgg/``, second page ``/a/tzgg/list_23_2.html``, articles ``/a/tzgg/2026/1117/388.html``."""

    cms = "dedecms"
    menu_tags = ("dl", "dd")

    def column_path(self, column: Column, page: int = 1) -> str:
        first = f"/a/{column.slug}/"
        return first if page == 1 else f"{first}list_{self.number(column.slug) % 90}_{page}.html"

    def article_path(self, column: Column, index: int) -> str:
        day = column.entries[index].day
        return f"/a/{column.slug}/{day:%Y/%m%d}/{self.number(column.slug) + index}.html"

    def rows(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        if column.style == "cards":
            return "\n".join(self.card(column, index, entry) for index, entry in chunk)
        rows = "\n".join(
            f"<li><b>{entry.day:%Y-%m-%d}</b>"
            f"<a class=title href={self.article_path(column, index)}>{escape(entry.title)}</a></li>"
            for index, entry in chunk
        )
        return f'<div class="listbox"><ul class="e2">\n{rows}\n</ul></div>'

    def card(self, column: Column, index: int, entry: Entry) -> str:
        return (
            f'<ul class=list><li><a href="{self.article_path(column, index)}">{escape(entry.title)}</a></li>'
            f"<li>发布时间：{entry.day:%Y-%m-%d} 18:30:57 点击：{31 + index}</li></ul>"
        )

    def pager(self, column: Column, page: int, pages: int) -> str:
        total = len(column.entries)
        if not total:
            return '<div class="dede_pages"><ul class="pagelist"><li><span>共 0 页 0 条记录</span></li></ul></div>'
        links = "".join(
            f"<li class=thisclass>{each}</li>"
            if each == page
            else f'<li><a href="{self.column_path(column, each)}">{each}</a></li>'
            for each in range(1, pages + 1)
        )
        after = f'<li><a href="{self.column_path(column, page + 1)}">下一页</a></li>' if page < pages else ""
        return (
            f'<div class="dede_pages"><ul class="pagelist"><li>首页</li>{links}{after}'
            f'<li><span class="pageinfo">共 <strong>{pages}</strong>页<strong>{total}</strong>条</span></li></ul></div>'
        )

    def article_body(self, column: Column, entry: Entry, index: int) -> str:
        return (
            f'<div class="viewbox"><div class="title"><h2>{escape(entry.title)}</h2></div>'
            f'<div class="info"><small>时间:</small>{entry.day:%Y-%m-%d} 10:25<small>来源:</small>{self.plan.name}'
            f'<small>点击:</small>73次</div><div class="content">{self.paragraphs(entry, index)}</div></div>'
        )
