"""Old ASP portals: framesets, nested tables, the date in the next cell, GBK that no header and no meta declares."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gkmonitor.demo.families.layout import Family
from gkmonitor.demo.plan import Column, Entry, Kind, Place
from gkmonitor.demo.server import Asked, Pages, Reply


class TablesFamily(Family):
    """``/list.asp?id=12&page=2`` and ``/show.asp?id=1203``; the home page is a frameset of head and body."""

    cms = "asp"
    encoding = "gbk"
    declares_charset = False

    def column_path(self, column: Column, page: int = 1) -> str:
        first = f"/list.asp?id={self.number(column.slug)}"
        return first if page == 1 else f"{first}&page={page}"

    def article_path(self, column: Column, index: int) -> str:
        return f"/show.asp?id={self.number(column.slug) * 10 + index}"

    def render(self) -> Pages:
        """Pages are kept under their full addresses; one route a script looks the query up."""
        super().render()
        with_query = {path: page for path, page in self.pages.items() if "?" in path}
        self.pages = {path: page for path, page in self.pages.items() if "?" not in path}

        def look_up(asked: Asked) -> Reply:
            query = "&".join(f"{name}={asked.query[name]}" for name in ("id", "page") if name in asked.query)
            for path in (f"{asked.path}?{query}", f"{asked.path}?{query.removesuffix('&page=1')}"):
                found = with_query.get(path)
                if isinstance(found, Reply):
                    return found
            return Reply("<html><body>参数错误</body></html>".encode("gbk"), "text/html", 404)

        for script in ("/list.asp", "/show.asp", "/rows.asp"):
            self.pages[script] = look_up
        return self.pages

    def home_page(self) -> str:
        self.add("/top.asp", self.document(self.plan.name, self.banner() + self.menu(), {}))
        self.add("/main.asp", self.document(self.plan.name, self.home_blocks() + self.footer(), {}))
        frames = '<frame src="top.asp" name="top" noresize><frame src="main.asp" name="main">'
        head = f"<title>{self.plan.name}</title>" + "".join(
            f'<meta name="{name}" content="{value}">'
            for name, value in self.site_labels().items()
            if name not in self.plan.labels_left_out
        )
        return f'<html><head>{head}</head><frameset rows="160,*" frameborder="0">{frames}</frameset></html>'

    def menu(self) -> str:
        cells = ['<td><a href="/main.asp" target="main">首页</a></td>']
        for column in self.visible(self.plan.columns):
            below = "".join(f"<tr><td>{self.anchor(child)}</td></tr>" for child in self.visible(column.children))
            inner = f'<table class="pop" style="display:none">{below}</table>' if below else ""
            cells.append(f"<td>{self.anchor(column)}{inner}</td>")
        return f'<table width="1000" align="center" class="menu"><tr>{"".join(cells)}</tr></table>' + self.taken_down()

    def list_page(self, column: Column, chunk: Sequence[tuple[int, Entry]], page: int, pages: int) -> str:
        inner = self.words_or_rows(column, chunk)
        if column.style == "frame":
            address = self.column_path(column, page).replace("/list.asp", "/rows.asp")
            self.add(address, self.document(column.name, self.rows(column, chunk), {}))
            inner = f'<iframe src="{address}" width="100%" height="600" frameborder="0"></iframe>'
        body = (
            f'{self.banner()}{self.menu()}<table width="1000" align="center"><tr><td width="200" valign="top">'
            f'{self.left(column)}</td><td valign="top">{self.breadcrumb(column)}{inner}'
            f"{self.pager(column, page, pages)}"
            f"</td></tr></table>{self.footer()}"
        )
        return self.document(f"{column.name}-{self.plan.name}", body, self.column_labels(column))

    def left(self, column: Column) -> str:
        way = self.way_to(column)
        siblings = way[-2].children if len(way) > 1 else self.plan.columns
        rows = "".join(
            f"<tr><td><font color=red>·</font>{self.anchor(each)}</td></tr>"
            for each in siblings
            if each.place is not Place.COMMENT and each.kind is not Kind.SPECIAL
        )
        return f"<table>{rows}</table>"

    def rows(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        rows = "\n".join(
            '<tr height="24"><td width="20"><img src="/images/dot.gif"></td>'
            f'<td><a href="{self.article_path(column, index)}" target="_blank">{escape(entry.title)}</a></td>'
            f'<td width="90" align="right"><font color="#999999">{self.printed(entry)}</font></td></tr>'
            for index, entry in chunk
        )
        return f'<table width="760" border="0" cellspacing="0">\n{rows}\n</table>'

    def printed(self, entry: Entry) -> str:
        return f"[{entry.day.year}-{entry.day.month}-{entry.day.day}]" if entry.is_printed else ""

    def pager(self, column: Column, page: int, pages: int) -> str:
        after = f'<a href="{self.column_path(column, page + 1)}">下一页</a>' if page < pages else "下一页"
        return f"<div align=center>第{page}页/共{pages}页 共{len(column.entries)}条 {after} 尾页</div>"

    def article_body(self, column: Column, entry: Entry, index: int) -> str:
        day = f"{entry.day.year}年{entry.day.month}月{entry.day.day}日"
        return (
            '<table width="960" align="center"><tr><td align="center">'
            f'<b><font size="4">{escape(entry.title)}</font></b></td></tr>'
            f"<tr><td align=center>发布日期：{day}　作者：办公室　阅读：128次</td></tr>"
            f"<tr><td>{self.paragraphs(entry, index)}</td></tr></table>"
        )
