"""TRS WCM: date before a doubled link, createPageHTML paging, heads that only redirect, dates written by scripts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.plan import Column, Entry, days_ago


class TrsFamily(Family):
    """``/slug/index.html``, ``index_1.html`` for the second page, articles as ``./202611/t20261117_123456.html``."""

    cms = "trs"

    def column_path(self, column: Column, page: int = 1) -> str:
        return f"/{column.slug}/index.html" if page == 1 else f"/{column.slug}/index_{page - 1}.html"

    def article_path(self, column: Column, index: int) -> str:
        return f"/{column.slug}/{self.relative(column, index)}"

    def relative(self, column: Column, index: int) -> str:
        day = column.entries[index].day
        if column.style == "imported":  # moved in one go: the address carries the day of the move
            day = days_ago(3)
        return f"{day:%Y%m}/t{day:%Y%m%d}_{self.number(column.slug) * 10 + index}.html"

    def rows(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        rows = "\n".join(self.row(column, index, entry) for index, entry in chunk)
        old = '<!-- <li><span> 2013-05-06 </span><a href="./201305/t20130506_1.html">（模板）标题</a></li> -->'
        return f'<div class="NewsList">\n{old}\n<ul>\n{rows}\n</ul></div>'

    def row(self, column: Column, index: int, entry: Entry) -> str:
        target = f"./{self.relative(column, index)}"
        day = f"<span> {entry.day:%Y-%m-%d} </span>" if entry.is_printed else ""
        title = escape(entry.title)
        return f'<li>{day}<a href="{target}"><a href="{target}" title="{title}">{title}</a></li>'

    def pager(self, column: Column, page: int, pages: int) -> str:
        old = '//createPageHTML(25, 0, "index", "html");' if page == 1 else ""
        return (
            '<div class="pages"><script src="/assets/createpage.js"></script>\n'
            f'<script>{old}\ncreatePageHTML({pages}, {page - 1}, "index", "html");</script></div>'
        )

    def article_body(self, column: Column, entry: Entry, index: int) -> str:
        day = f"{entry.day.year}年{entry.day.month:02d}月{entry.day.day:02d}日"
        written = f"<script>var pubdata='{day}'; document.write('发布时间：' + pubdata);</script>"
        return (
            f'<div class="detail"><h1>{escape(entry.title)}</h1><div class="bar">{written} 来源：{self.plan.name}</div>'
            f'<div class="TRS_Editor">{self.paragraphs(entry, index)}</div></div>'
        )

    def script_redirect(self, child: Column) -> str:
        meta = f'<meta http-equiv=\\"Refresh\\" content=\\"0;URL={self.href(child)}\\" />'
        return f'<html><head><script>document.write("{meta}");</script></head><body></body></html>'
