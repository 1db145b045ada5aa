"""What the readers saw on one page, for a person at a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gkmonitor.concepts import get_concept
from gkmonitor.records import Article, PageFacts, PageKind
from gkmonitor.reports.wording import printable

_KINDS = {
    PageKind.HOME: "首页",
    PageKind.SECTION: "频道页",
    PageKind.LISTING: "列表页",
    PageKind.ARTICLE: "文章页",
    PageKind.CATALOGUE: "公开目录",
    PageKind.BLOCKED: "拦截或验证页",
    PageKind.SHELL: "由脚本加载的空壳页",
    PageKind.ERROR: "错误页",
    PageKind.OTHER: "其他",
}


def print_page(file: str, page: PageFacts, console: Console) -> None:
    """Print page kind, marks, columns, list and article."""
    console.print(Text(printable(file), style="bold", overflow="fold"))
    console.print(_facts_table(page))
    if page.columns:
        table = _table(f"栏目（{len(page.columns)} 个）", "路径", "对应内容", "地址")
        for column in page.columns:
            concept = get_concept(column.concept).name_zh if column.concept else ""
            concept += "（不确定）" if column.match == "unsure" else ""
            table.add_row(printable(" > ".join(column.path or (column.name,))), concept, printable(column.url))
        console.print(table)
    if page.listing is not None:
        table = _table(f"列表（{len(page.listing.items)} 条）", "日期", "标题", "日期来源")
        for item in page.listing.items:
            table.add_row(str(item.published or "无"), printable(item.title), printable(item.date_source or ""))
        console.print(table)
    console.print()


def _facts_table(page: PageFacts) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    article, marks = page.article, page.marks
    rows = [
        ("地址", page.url),
        ("页面", f"{_KINDS[page.kind]}　编码 {page.encoding}　{page.cms or ''}"),
        ("拦截", page.challenge),
        ("标题", article.title if article and article.title else page.title),
        (
            "发布日期",
            f"{article.published or '无'}　{article.printed or ''}　{article.date_source or ''}" if article else None,
        ),
        ("来源", article.source if article else None),
        ("网站名称", marks.site_name),
        ("主办单位", marks.organizer),
        ("网站标识码", marks.site_id_code),
        ("备案号", marks.icp),
        ("公安备案", marks.psb),
        ("下一页", page.listing.next_url if page.listing else None),
        ("说明", "；".join(statement.words for statement in page.statements)),
    ]
    for name, value in rows:
        if value:
            table.add_row(name, Text(printable(value), overflow="fold"))
    return table


def _published(article: Article) -> str:
    return f"{article.published or '无'}　{article.printed or ''}　{article.date_source or ''}"


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table
