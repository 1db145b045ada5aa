"""SiteServer CMS: numbered channels, three list templates on one portal, the date glued to the title, footers twice."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.plan import Column, Entry


class SiteServerFamily(Family):
    """``/channels/18105.html``, second page ``18105_2.html``, articles ``/contents/18105/388334.html``."""

    cms = "siteserver"
    menu_copies = 2

    def column_path(self, column: Column, page: int = 1) -> str:
        number = self.number(column.slug)
        return f"/channels/{number}.html" if page == 1 else f"/channels/{number}_{page}.html"

    def article_path(self, column: Column, index: int) -> str:
        number = self.number(column.slug)
        return f"/contents/{number}/{number * 4 + index}.html"

    def rows(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        template = {"boxes": self.box, "glued": self.glued}.get(column.style, self.row)
        rows = "\n".join(template(column, index, entry) for index, entry in chunk)
        return (
            f'<div class="list-con">\n{rows}\n</div>'
            if column.style == "glued"
            else f'<ul class="news">\n{rows}\n</ul>'
        )

    def box(self, column: Column, index: int, entry: Entry) -> str:
        """The whole item inside the link."""
        return (
            f'<li><a href="{self.article_path(column, index)}"><h2>{escape(entry.title)}</h2><div class=note>'
            f'{escape(entry.title)}，有关情况如下。<p><i class="hot">{self.plan.place}</i>'
            f'<i class="date">时间：{entry.day:%Y-%m-%d}</i></p></div></a></li>'
        )

    def glued(self, column: Column, index: int, entry: Entry) -> str:
        words = f"{escape(entry.title)}({entry.day:%Y-%m-%d})"
        return f'<a class="box" href="{self.article_path(column, index)}"><h3>{words}</h3><p>查看全文</p></a>'

    def pager(self, column: Column, page: int, pages: int) -> str:
        after = f'<a href="{self.column_path(column, page + 1)}">下一页</a>' if page < pages else ""
        drawn = f"当前第{page}页 共{pages}页 {after} 共{len(column.entries)}条记录"
        return f'<div class="page pc">{drawn}</div><div class="page touch">{drawn}</div>'

    def footer(self) -> str:
        once = super().footer()
        return once + once.replace('class="footer"', 'class="footer phone"')
