"""The Guangdong platform: dates repeated in comments, undated lists, the catalogue as a JSON-fed shell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.plan import Column, Entry, Kind
from gkmonitor.demo.server import Asked, Pages, Reply, Route

CATALOGUE_SITE = 755001


class GuangdongFamily(Family):
    """``/tzgg/index.html``, ``content/post_3145916.html``; style "catalogue" columns live under ``/gkmlpt/``."""

    cms = "guangdong"

    def column_path(self, column: Column, page: int = 1) -> str:
        if column.style == "catalogue":
            return f"/gkmlpt/index#{self.number(column.slug)}"
        return super().column_path(column, page)

    def render(self) -> Pages:
        pages = super().render()
        shelf = [each for each in self.plan.walk() if each.style == "catalogue" and each.kind is Kind.LIST]
        if not shelf:
            return pages
        for column in shelf:
            del pages[self.column_path(column)]
            pages[f"/gkmlpt/api/all/{self.number(column.slug)}"] = self.answer_for(column)
        shell = Reply(self.shell(shelf).encode(), "text/html; charset=utf-8")
        pages["/gkmlpt/index"] = shell
        return pages

    def add_listing(self, column: Column) -> None:
        if column.style == "catalogue":
            self.pages[self.column_path(column)] = Reply(b"")  # replaced by the shell in render
            return
        super().add_listing(column)

    def shell(self, shelf: Sequence[Column]) -> str:
        settings = {
            "SITE_ID": CATALOGUE_SITE,
            "TREE": [{"id": self.number(each.slug), "name": each.name, "jump_url": ""} for each in shelf],
        }
        config = f"<script>window._CONFIG = {json.dumps(settings, ensure_ascii=False)};</script>"
        body = f'<div id="app"></div>{config}<script src="/gkmlpt/js/app.3f2a.js"></script>'
        labels = self.column_labels(Column("政府信息公开", "gkmlpt"))
        return self.document(f"政府信息公开-{self.plan.name}", body, labels)

    def answer_for(self, column: Column) -> Route:
        def answer(asked: Asked) -> Reply:
            page = max(1, int(asked.query.get("page", "1")))
            chunk = list(enumerate(column.entries))[(page - 1) * 100 : page * 100]
            articles = [self.record(column, index, entry) for index, entry in chunk]
            found = {"articles": articles, "total": len(column.entries), "classify": {"name": column.name}}
            return Reply(json.dumps(found, ensure_ascii=False).encode(), "application/json; charset=utf-8")

        return answer

    def record(self, column: Column, index: int, entry: Entry) -> dict[str, object]:
        moment = datetime(entry.day.year, entry.day.month, entry.day.day, 2, tzinfo=UTC)
        return {
            "id": self.number(column.slug) * 10 + index,
            "title": entry.title,
            "publisher": self.plan.name,
            "url": f"{self.addresses[self.plan.key]}{self.article_path(column, index)}",
            "date": int(moment.timestamp()),
            "created_at": f"{entry.day:%Y-%m-%d} 10:00:00",
            "first_publish_time": int(moment.timestamp()),
        }

    def rows(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        return '<ul class="newList">\n' + "\n".join(self.row(column, i, entry) for i, entry in chunk) + "\n</ul>"

    def row(self, column: Column, index: int, entry: Entry) -> str:
        link = f'<a href="content/post_{self.number(column.slug) * 10 + index}.html">{escape(entry.title)}</a>'
        if not entry.is_printed:
            return f"<li>{link}</li>"
        day = f"{entry.day:%Y-%m-%d}"
        return f'<li>{link} <!--span class="time">2019-01-02</span--> <span class="time">{day}</span></li>'

    def pager(self, column: Column, page: int, pages: int) -> str:
        numbers = "".join(f'<li><a href="{self.column_path(column, n)}">{n}</a></li>' for n in range(1, pages + 1))
        after = f'<li><a href="{self.column_path(column, page + 1)}">下一页</a></li>' if page < pages else ""
        return f'<ul class="page"><li>第一页</li>{numbers}{after}<li>最后一页</li></ul>'

    def footer(self) -> str:
        popup = (
            '<div class="leave" style="display:none"><p>您访问的链接即将离开“'
            f"{self.plan.name}”门户网站，是否继续？</p><a>继续访问</a><a>放弃</a></div>"
        )
        return popup + super().footer()
