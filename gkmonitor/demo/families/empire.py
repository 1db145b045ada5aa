"""帝国 CMS: link, summary and a second link to the same page; one title for all pages; each item for desk and phone."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.plan import Column, Entry


class EmpireFamily(Family):
    """``/tzgg/``, second page ``index_2.html``, articles ``/tzgg/2026-11-17/388.html``."""

    cms = "empire"

    def column_path(self, column: Column, page: int = 1) -> str:
        return f"/{column.slug}/" if page == 1 else f"/{column.slug}/index_{page}.html"

    def article_path(self, column: Column, index: int) -> str:
        return f"/{column.slug}/{column.entries[index].day:%Y-%m-%d}/{self.number(column.slug) + index}.html"

    def document(self, title: str, body: str, labels: Mapping[str, str], head: str = "") -> str:
        return super().document(self.plan.name, body, labels, head)

    def row(self, column: Column, index: int, entry: Entry) -> str:
        path, title = self.article_path(column, index), escape(entry.title)
        if column.style == "twice":
            desk = f'<a href="{path}" class="pc">• {title}</a><span class="pc">{entry.day:%Y-%m-%d}</span>'
            phone = (
                f'<div class="phone"><i>{entry.day:%d}</i><em>{entry.day:%Y-%m}</em><a href="{path}">{title}</a></div>'
            )
            return f"<li>{desk}{phone}</li>"
        day = f'<span id="time">{entry.day:%Y-%m-%d}</span>' if entry.is_printed else ""
        return f'<li><a href="{path}">{title}</a>{day}<p>{title}……<a href="{path}">[ 详情]</a></p></li>'
