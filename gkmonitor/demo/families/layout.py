"""The parts every family shares: addresses, heads, menus, footers, and the walk over a plan that makes all pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import ClassVar
from zlib import crc32

from gkmonitor.demo.plan import AS_OF, Column, Entry, Kind, Place, PortalPlan, SeeAlso
from gkmonitor.demo.server import Pages, Reply
from gkmonitor.demo.sheet_file import SHEET_TYPE, sheet_file
from gkmonitor.demo.wording import article_text


class Family:
    """A plain, tidy portal; families override what they write otherwise.

    ``addresses`` maps the keys of all simulated hosts to their base addresses (no slash at the end).
    """

    cms: ClassVar[str] = "plain"
    encoding: ClassVar[str] = "utf-8"
    declares_charset: ClassVar[bool] = True
    menu_tags: ClassVar[tuple[str, str]] = ("ul", "li")
    menu_copies: ClassVar[int] = 1  # drawn again for phones and drawers

    def __init__(self, plan: PortalPlan, addresses: Mapping[str, str]) -> None:
        self.plan = plan
        self.addresses = addresses
        self.pages: Pages = {}

    # ------------------------------------------------------------ addresses

    def number(self, slug: str) -> int:
        """A channel id as systems give them: five digits, always the same for a slug."""
        return 10000 + crc32(f"{self.plan.key}/{slug}".encode()) % 90000

    def column_path(self, column: Column, page: int = 1) -> str:
        return f"/{column.slug}/index.html" if page == 1 else f"/{column.slug}/index_{page}.html"

    def article_path(self, column: Column, index: int) -> str:
        return f"/{column.slug}/content/post_{self.number(column.slug) * 10 + index}.html"

    def href(self, column: Column) -> str:
        if column.kind is not Kind.LINK:
            return self.column_path(column)
        host, _, path = column.target.partition(":")
        return f"{self.addresses[host]}{path}" if path else host

    # ------------------------------------------------------------ pages

    def render(self) -> Pages:
        """All pages of the portal by path."""
        self.add("/", self.home_page())
        self.pages["/robots.txt"] = Reply(self.robots().encode(), "text/plain; charset=utf-8")
        for column in self.plan.walk():
            if column.place is Place.COMMENT:
                continue  # taken down: nothing answers there
            self.add_column(column)
        return self.pages

    def add(self, path: str, html: str, status: int = 200) -> None:
        kind = f"text/html; charset={self.encoding}" if self.declares_charset else "text/html"
        self.pages[path] = Reply(html.encode(self.encoding, "xmlcharrefreplace"), kind, status)

    def add_column(self, column: Column) -> None:
        path = self.column_path(column)
        if column.kind is Kind.LIST:
            self.add_listing(column)
            self.add_articles(column)
        elif column.kind is Kind.ARTICLE:
            self.add(path, self.text_page(column))
        elif column.kind is Kind.SECTION:
            self.add(path, self.section_page(column))
        elif column.kind is Kind.META_REDIRECT:
            self.add(path, self.meta_redirect(column.children[0]))
        elif column.kind is Kind.SCRIPT_REDIRECT:
            self.add(path, self.script_redirect(column.children[0]))
        elif column.kind is Kind.SPECIAL:
            from gkmonitor.demo.families import walls

            walls.add_column(self, column)

    def add_listing(self, column: Column) -> None:
        chunks = self.chunks(column)
        for page, chunk in enumerate(chunks, start=1):
            self.add(self.column_path(column, page), self.list_page(column, chunk, page, len(chunks)))

    def add_articles(self, column: Column) -> None:
        for index, entry in enumerate(column.entries):
            self.add(self.article_path(column, index), self.article_page(column, entry, index))

    def chunks(self, column: Column) -> list[list[tuple[int, Entry]]]:
        """The entries with their numbers, cut into list pages; one empty page for an empty column."""
        numbered = list(enumerate(column.entries))
        cut = [numbered[at : at + column.per_page] for at in range(0, len(numbered), column.per_page)]
        return cut or [[]]

    def robots(self) -> str:
        return "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in self.plan.disallow)

    # ------------------------------------------------------------ parts

    def document(self, title: str, body: str, labels: Mapping[str, str], head: str = "") -> str:
        charset = f'<meta charset="{self.encoding}">' if self.declares_charset else ""
        metas = "".join(
            f'<meta name="{name}" content="{escape(value)}">\n'
            for name, value in {**self.site_labels(), **labels}.items()
            if name not in self.plan.labels_left_out
        )
        return (
            f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n{charset}\n<title>{escape(title)}</title>\n{metas}{head}'
            f'<link rel="stylesheet" href="/assets/site.css">\n</head>\n<body>\n{body}\n</body>\n</html>\n'
        )

    def site_labels(self) -> dict[str, str]:
        return {
            "SiteName": self.plan.name,
            "SiteDomain": f"www.{self.plan.key}.gov.cn",
            "SiteIDCode": self.plan.site_id_code,
        }

    def column_labels(self, column: Column) -> dict[str, str]:
        return {
            "ColumnName": column.name,
            "ColumnDescription": f"{self.plan.name}{column.name}栏目，发布有关信息",
            "ColumnKeywords": f"{column.name},{self.plan.place}",
            "ColumnType": column.name,
        }

    def article_labels(self, column: Column, entry: Entry) -> dict[str, str]:
        return {
            **self.column_labels(column),
            "ArticleTitle": entry.title,
            "PubDate": f"{entry.day.isoformat()} 09:{len(entry.title) % 60:02d}",
            "ContentSource": self.plan.name,
        }

    def banner(self) -> str:
        return (
            f'<div class="top"><a href="/">{self.plan.name}</a>'
            f"<span>今天是{AS_OF.year}年{AS_OF.month}月{AS_OF.day}日 星期五</span></div>"
        )

    def visible(self, columns: Sequence[Column]) -> list[Column]:
        return [each for each in columns if each.place in (Place.MENU, Place.SCRIPT)]

    def anchor(self, column: Column) -> str:
        if column.place is Place.SCRIPT:
            return f'<a href="javascript:void(0)" onclick="window.open(\'{self.href(column)}\')">{column.name}</a>'
        return f'<a href="{self.href(column)}">{column.name}</a>'

    def menu(self) -> str:
        """Two levels, the second hidden until hovered; and what stands only in the unfolded panel."""
        group, item = self.menu_tags
        parts = [f'<div class="nav"><{group}>', f'<{item}><a href="/">首页</a></{item}>']
        for column in self.visible(self.plan.columns):
            below = "".join(f"<{item}>{self.anchor(child)}</{item}>" for child in self.visible(column.children))
            inner = f'<{group} class="sub" style="display:none">{below}</{group}>' if below else ""
            parts.append(f"<{item}>{self.anchor(column)}{inner}</{item}>")
        parts.append(f"</{group}></div>")
        drawn = "\n".join(parts) * self.menu_copies
        return drawn + self.panel() + self.taken_down()

    def panel(self) -> str:
        """The mega menu: everything below each first-level column, some of it linked from nowhere else."""
        if not any(each.place is Place.MEGA for each in self.plan.walk()):
            return ""
        groups = []
        for column in self.plan.columns:
            below = [each for each in column.walk() if each is not column and each.kind is not Kind.SECTION]
            links = "".join(f"<dd>{self.anchor(each)}</dd>" for each in below if each.place is not Place.COMMENT)
            groups.append(f"<dl><dt>{self.anchor(column)}</dt>{links}</dl>" if links else "")
        return f'<div class="mega-menu" style="display:none">{"".join(groups)}</div>'

    def taken_down(self) -> str:
        """Columns that were closed by commenting their links out."""
        closed = [each for each in self.plan.walk() if each.place is Place.COMMENT]
        return "".join(f"\n<!-- <li>{self.anchor(each)}</li> -->" for each in closed)

    def breadcrumb(self, column: Column) -> str:
        way = self.way_to(column)
        links = " &gt; ".join(f'<a href="{self.href(each)}">{each.name}</a>' for each in way)
        return f'<div class="position">当前位置：<a href="/">首页</a> &gt; {links}</div>'

    def way_to(self, column: Column) -> list[Column]:
        def seek(columns: Sequence[Column]) -> list[Column]:
            for each in columns:
                if each is column:
                    return [each]
                below = seek(each.children)
                if below:
                    return [each, *below]
            return []

        return seek(self.plan.columns)

    def footer(self) -> str:
        plan, left_out = self.plan, self.plan.marks_left_out
        lines = {
            "organizer": f"主办单位：{plan.name}",
            "contact": "联系电话：0990-6660123　地址：" + plan.place + "中心路1号",
            "code": f"网站标识码：{plan.site_id_code}",
            "icp": f'<a href="https://beian.miit.gov.cn/">豫ICP备{self.number("icp") + 5000000:08d}号-1</a>',
            "psb": f'<a href="http://www.beian.gov.cn/">豫公网安备 {plan.site_id_code[:6]}02000123号</a>',
            "conac": (
                '<a href="https://bszs.conac.cn/sitename?method=show&id=0F00AA11BB22CC33DD44EE55FF660077">'
                '<img src="/assets/conac.png" alt="党政机关"></a>'
            ),
            "jiucuo": (
                f'<a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code={plan.site_id_code}">'
                '<img src="/assets/jiucuo.png" alt="政府网站找错"></a>'
            ),
        }
        shown = "\n".join(f"<p>{words}</p>" for mark, words in lines.items() if mark not in left_out)
        year = AS_OF.year
        return f'<div class="footer">{shown}<p>版权所有 &copy; {year} {plan.name}　您是第 1893022 位访客</p></div>'

    # ------------------------------------------------------------ page kinds

    def home_page(self) -> str:
        body = "\n".join([self.banner(), self.menu(), self.home_blocks(), self.footer()])
        return self.document(self.plan.name, body, {"ColumnName": "首页", "ColumnType": "首页"})

    def home_columns(self) -> list[Column]:
        """The lists that the home page shows: the first list of each menu entry, and what stands only here."""
        chosen = [each for each in self.plan.walk() if each.place is Place.BLOCK]
        for column in self.plan.columns[:4]:
            chosen.extend([each for each in column.walk() if each.kind is Kind.LIST and each.entries][:2])
        return chosen

    def home_blocks(self) -> str:
        if "only-navigates" in self.plan.quirks:
            return '<div class="entrance"><p>欢迎访问，请选择您要进入的栏目。</p></div>'
        return "\n".join(self.block(column) for column in self.home_columns())

    def block(self, column: Column) -> str:
        newest = sorted(enumerate(column.entries), key=lambda each: (not each[1].is_pinned, each[1].day), reverse=True)
        rows = "".join(self.home_row(column, index, entry) for index, entry in newest[:6])
        more = f'<a class="more" href="{self.href(column)}">更多&gt;&gt;</a>'
        return f'<div class="block"><h3>{column.name}</h3>{more}<ul>{rows}</ul></div>'

    def home_row(self, column: Column, index: int, entry: Entry) -> str:
        return (
            f'<li><a href="{self.article_path(column, index)}" title="{escape(entry.title)}">{escape(entry.title)}</a>'
            f"<span>{entry.day:%Y-%m-%d}</span></li>"
        )

    def list_page(self, column: Column, chunk: Sequence[tuple[int, Entry]], page: int, pages: int) -> str:
        inner = self.words_or_rows(column, chunk)
        body = [self.banner(), self.menu(), self.breadcrumb(column), f"<h2>{column.name}</h2>", inner]
        body += [self.pager(column, page, pages), self.footer()]
        return self.document(f"{column.name}-{self.plan.name}", "\n".join(body), self.column_labels(column))

    def words_or_rows(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        if column.words and not chunk:
            return f'<div class="list"><p class="tip">{column.words}</p></div>'
        notice = f'<p class="tip">{column.words}</p>' if column.words else ""
        if column.heads and column.style == "labels":
            return notice + self.labelled(column, chunk)
        return notice + (self.table(column, chunk) if column.heads else self.rows(column, chunk))

    def labelled(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        """What the table would show, as a list whose entries name their fields; the same in every family."""
        rows = "\n".join(
            f'<li><p><a href="{self.article_path(column, index)}">{escape(entry.title)}</a></p><p>'
            + "".join(
                f"<span>{head}：{escape(cell)}</span> "
                for head, cell in zip(column.heads[1:], entry.cells, strict=True)
            )
            + "</p></li>"
            for index, entry in chunk
        )
        return f'<ul class="letters">{rows}</ul>'

    def table(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        """A table with a head row, as decisions and letters are shown; the same in every family."""
        heads = "".join(f"<th>{head}</th>" for head in column.heads)
        rows = "\n".join(
            f'<tr><td><a href="{self.article_path(column, index)}">{escape(entry.title)}</a></td>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in entry.cells)
            + "</tr>"
            for index, entry in chunk
        )
        return f'<table class="data"><tr>{heads}</tr>\n{rows}\n</table>'

    def rows(self, column: Column, chunk: Sequence[tuple[int, Entry]]) -> str:
        return '<ul class="list">' + "\n".join(self.row(column, index, entry) for index, entry in chunk) + "</ul>"

    def row(self, column: Column, index: int, entry: Entry) -> str:
        mark = '<b class="top">[置顶]</b>' if entry.is_pinned else ""
        day = f'<span class="time">{entry.day:%Y-%m-%d}</span>' if entry.is_printed else ""
        link = f'<a href="{self.article_path(column, index)}" target="_blank">{escape(entry.title)}</a>'
        return f"<li>{mark}{link}{day}</li>"

    def pager(self, column: Column, page: int, pages: int) -> str:
        if pages <= 1:
            return ""
        links = "".join(
            f'<a href="{self.column_path(column, each)}">{each}</a>' if each != page else f"<b>{each}</b>"
            for each in range(1, pages + 1)
        )
        after = f'<a href="{self.column_path(column, page + 1)}">下一页</a>' if page < pages else ""
        return f'<div class="page">共{len(column.entries)}条 {links}{after}</div>'

    def section_page(self, column: Column) -> str:
        shown = self.visible(column.children)
        links = "".join(f"<li>{self.anchor(each)}</li>" for each in shown)
        blocks = "".join(self.block(each) for each in shown if each.kind is Kind.LIST and each.entries)
        body = [self.banner(), self.menu(), self.breadcrumb(column), f'<ul class="left">{links}</ul>', blocks]
        labels = self.column_labels(column)
        return self.document(f"{column.name}-{self.plan.name}", "\n".join([*body, self.footer()]), labels)

    def text_page(self, column: Column) -> str:
        words = column.words or f"{self.plan.name}{column.name}。"
        inner = f'<h1>{column.name}</h1><div class="content"><p>{words}</p></div>'
        body = [self.banner(), self.menu(), self.breadcrumb(column), inner, self.footer()]
        return self.document(f"{column.name}-{self.plan.name}", "\n".join(body), self.column_labels(column))

    def article_page(self, column: Column, entry: Entry, index: int) -> str:
        body = [self.banner(), self.menu(), self.breadcrumb(column), self.article_body(column, entry, index)]
        labels = self.article_labels(column, entry)
        return self.document(f"{entry.title}-{self.plan.name}", "\n".join([*body, self.footer()]), labels)

    def article_body(self, column: Column, entry: Entry, index: int) -> str:
        info = f"发布时间：{entry.day:%Y-%m-%d} 09:15　来源：{self.plan.name}"
        return (
            f'<div class="article"><h1>{escape(entry.title)}</h1><div class="info">{info}</div>'
            f'<div class="content" id="zoom">{self.paragraphs(entry, index)}</div></div>'
        )

    def paragraphs(self, entry: Entry, index: int) -> str:
        words = entry.text.split("\n") if entry.text else article_text(entry.title, index)
        return "".join(f"<p>{escape(each)}</p>" for each in words) + self.enclosed(entry)

    def enclosed(self, entry: Entry) -> str:
        """Files and related papers below an article; the same in every family."""
        files = "".join(
            f'<p>附件：<a href="/files/{each.file}">{escape(each.name)}</a></p>' for each in entry.attachments
        )
        for each in entry.attachments:
            body, kind = (sheet_file(each.rows), SHEET_TYPE) if each.rows else (b"%PDF-1.4\n%%EOF\n", "application/pdf")
            self.pages[f"/files/{each.file}"] = Reply(body, kind)
        return files + "".join(self.see_also(each) for each in entry.see_also)

    def see_also(self, link: SeeAlso) -> str:
        column = self.plan.column(link.slug)
        index = next(index for index, entry in enumerate(column.entries) if entry.title == link.title)
        anchor = f'<a href="{self.article_path(column, index)}">{escape(link.title)}</a>'
        return f"<div><h4>{link.label}</h4><p>{anchor}</p></div>"

    def meta_redirect(self, child: Column) -> str:
        return f'<html><head><meta http-equiv="Refresh" content="0;URL={self.href(child)}"></head><body></body></html>'

    def script_redirect(self, child: Column) -> str:
        return f'<html><head><script>window.location.href="{self.href(child)}";</script></head><body></body></html>'
