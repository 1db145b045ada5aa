"""Hanweb jcms: records in CDATA within a script, further pages from dataproxy.jsp, old columns as JavaScript arrays."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.plan import Column, Entry, Kind
from gkmonitor.demo.server import Asked, Pages, Reply

PROXY = "/module/web/jpage/dataproxy.jsp"


class HanwebFamily(Family):
    """``/col/col77278/index.html`` and ``/art/2026/9/16/art_77278_1183.html``."""

    cms = "hanweb"

    def column_path(self, column: Column, page: int = 1) -> str:
        return f"/col/col{self.number(column.slug)}/index.html"

    def article_path(self, column: Column, index: int) -> str:
        day, number = column.entries[index].day, self.number(column.slug)
        return f"/art/{day.year}/{day.month}/{day.day}/art_{number}_{number * 10 + index}.html"

    def render(self) -> Pages:
        pages = super().render()
        pages[PROXY] = self.proxy
        return pages

    def add_listing(self, column: Column) -> None:
        chunks = self.chunks(column)
        self.add(self.column_path(column), self.list_page(column, chunks[0], 1, len(chunks)))

    def rows(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        if column.style == "arrays":
            return self.arrays(column, chunk)
        store = self.datastore(column, chunk, self.proxy_address(column, 2) if len(column.entries) > len(chunk) else "")
        number = self.number(column.slug)
        return (
            f'<div id="{number}" class="default_pgContainer"></div>\n<script type="text/xml">{store}</script>\n'
            f"<script>$(function(){{ $('#{number}').jpage({{perPage: {column.per_page}}}); }});</script>"
        )

    def datastore(self, column: Column, chunk: Sequence[tuple[int, Entry]], following: str) -> str:
        records = "\n".join(f"<record><![CDATA[{self.row(column, index, entry)}]]></record>" for index, entry in chunk)
        total = len(column.entries)
        pages = max(1, -(-total // column.per_page))
        link = f'<nextgroup><![CDATA[<a href="{following}"></a>]]></nextgroup>' if following else ""
        return (
            f"<datastore>{link}<recordset>\n{records}\n</recordset>"
            f"<totalrecord>{total}</totalrecord><totalpage>{pages}</totalpage></datastore>"
        )

    def proxy_address(self, column: Column, page: int) -> str:
        number = self.number(column.slug)
        return f"{PROXY}?page={page}&appid=1&webid=67&path=/&columnid={number}&unitid={number + 7}&permissiontype=0"

    def arrays(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        lines = [
            f"urls[{at}]='{self.article_path(column, index)}';headers[{at}]=\"{escape(entry.title)}\";"
            f"year[{at}]='{entry.day.year}';month[{at}]='{entry.day.month}';day[{at}]='{entry.day.day}';"
            for at, (index, entry) in enumerate(chunk)
        ]
        names = "var urls=new Array(),headers=new Array(),year=new Array(),month=new Array(),day=new Array();"
        return f'<div id="list"></div><script>{names}\n' + "\n".join(lines) + "\nshowList(urls,headers);</script>"

    def pager(self, column: Column, page: int, pages: int) -> str:
        return ""  # drawn by jpage from the data store

    def proxy(self, asked: Asked) -> Reply:
        """Further records of a column, by page number or by a range of records."""
        asked_for = {**asked.query, **asked.form}
        lists = [each for each in self.plan.walk() if each.kind is Kind.LIST]
        column = next((each for each in lists if str(self.number(each.slug)) == asked_for.get("columnid")), None)
        if column is None:
            return Reply(b"<datastore></datastore>", "text/xml; charset=utf-8")
        first = (int(asked_for.get("page", "1")) - 1) * column.per_page + 1
        first = int(asked_for.get("startrecord", first))
        last = int(asked_for.get("endrecord", first + column.per_page - 1))
        chunk = list(enumerate(column.entries))[first - 1 : last]
        page = last // column.per_page
        following = self.proxy_address(column, page + 1) if last < len(column.entries) else ""
        return Reply(self.datastore(column, chunk, following).encode(), "text/xml; charset=utf-8")
