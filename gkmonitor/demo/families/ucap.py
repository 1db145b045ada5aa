"""开普 (ucap): list pages are shells fed by searchList; page build time and PubDate tell the last run only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import md5
from html import escape

from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.plan import AS_OF, Column, Entry, Kind
from gkmonitor.demo.server import Asked, Pages, Reply, Route


class UcapFamily(Family):
    """``/wcq/tzgg/list.shtml`` and ``/wcq/tzgg/202605/<32 hex>.shtml``."""

    cms = "ucap"

    def column_path(self, column: Column, page: int = 1) -> str:
        return f"/{self.plan.key}/{column.slug}/list.shtml"

    def article_path(self, column: Column, index: int) -> str:
        name = self.digest(f"{column.slug}/{index}")
        return f"/{self.plan.key}/{column.slug}/{column.entries[index].day:%Y%m}/{name}.shtml"

    def digest(self, words: str) -> str:
        return md5(f"{self.plan.key}/{words}".encode(), usedforsecurity=False).hexdigest()

    def document(self, title: str, body: str, labels: Mapping[str, str], head: str = "") -> str:
        built = f'<meta name="others" content="页面生成时间 {AS_OF:%Y-%m-%d} 04:36:07">\n'
        return super().document(title, body, labels, head + built)

    def render(self) -> Pages:
        pages = super().render()
        for column in self.plan.walk():
            if column.kind is Kind.LIST and column.style != "static":
                pages[f"/searchList/{self.digest(column.slug)}"] = self.answer_for(column)
        return pages

    def add_listing(self, column: Column) -> None:
        chunks = self.chunks(column)
        self.add(self.column_path(column), self.list_page(column, chunks[0], 1, len(chunks)))

    def rows(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        if column.style == "static":
            return super().rows(column, chunk)
        address = f"/searchList/{self.digest(column.slug)}?_isAgg=true&_isJson=true&_pageSize=18&_template=index&page=1"
        return (
            '<ul class="list" id="list"></ul><div id="page"></div>\n<script>\n'
            f"var channelId = '{self.digest(column.slug)}';\n"
            f"$.ajax({{url: '{address}', type: 'get', dataType: 'json', success: function (r) {{ draw(r.data); }}}});\n"
            "</script>"
        )

    def pager(self, column: Column, page: int, pages: int) -> str:
        return super().pager(column, page, 1)

    def answer_for(self, column: Column) -> Route:
        def answer(asked: Asked) -> Reply:
            page, size = int(asked.query.get("page", "1")), int(asked.query.get("_pageSize", "18"))
            chunk = list(enumerate(column.entries))[(page - 1) * size : page * size]
            results = [
                {
                    "title": entry.title,
                    "url": self.article_path(column, index),
                    "publishedTimeStr": f"{entry.day:%Y-%m-%d} 09:30:00",
                    "publishedTime": f"{entry.day:%Y-%m-%d} 09:30:00",
                    "channelName": column.name,
                }
                for index, entry in chunk
            ]
            data = {"total": len(column.entries), "page": page, "rows": size, "results": results}
            return Reply(json.dumps({"data": data}, ensure_ascii=False).encode(), "application/json; charset=utf-8")

        return answer

    def article_labels(self, column: Column, entry: Entry) -> dict[str, str]:
        """PubDate holds the last publishing run, not the day of the article."""
        return {**super().article_labels(column, entry), "PubDate": f"{AS_OF:%Y-%m-%d} 04:36"}

    def article_body(self, column: Column, entry: Entry, index: int) -> str:
        # A text that brings its own index card is not given a second one.
        formed = "" if "成文日期" in entry.text else f"<td>生成日期：</td><td>{entry.day:%Y-%m-%d}</td>"
        head = (
            f'<table class="head"><tr><td>索引号：</td><td>{self.number(column.slug)}-{entry.day.year}-{index:05d}</td>'
            f"<td>发布机构：</td><td>{self.plan.name}</td></tr><tr>{formed}"
            "<td>公开方式：</td><td>主动公开</td></tr></table>"
        )
        title = f"<h1>{escape(entry.title)}</h1>"
        return f'<div class="main">{head}{title}<div class="content">{self.paragraphs(entry, index)}</div></div>'
