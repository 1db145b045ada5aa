"""Pages for the benches: typical portal pages made here, or any folder of saved ones."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MENU = (
    "政务要闻",
    "通知公告",
    "政府信息公开",
    "政策文件",
    "政策解读",
    "财政预决算",
    "双公示",
    "重点领域",
    "互动交流",
    "办事服务",
)


def list_page(number: int, *, links: int = 150, size: int = 53_000) -> bytes:
    """A list page of about ``size`` bytes and ``links`` links: menus, twenty dated items, sidebars, footer, scripts."""
    first = date(2026, 11, 20) - timedelta(days=number)
    menu = "".join(
        f'<li class="nav-item"><a href="/{k}/index.html" title="{name}">{name}</a><ul>'
        + "".join(f'<li><a href="/{k}/{j}/index.html">{name}子栏目{j}</a></li>' for j in range(6))
        + "</ul></li>"
        for k, name in enumerate(MENU)
    )
    items = "".join(
        f'<li><a href="./202611/t202611{j + 1:02d}_{number}{j:02d}.html" target="_blank"'
        f' title="关于第{number}期第{j}号事项的公告">'
        f"关于第{number}期第{j}号事项的公告</a><span>{first - timedelta(days=j)}</span></li>"
        for j in range(20)
    )
    used = len(MENU) * 7 + 20
    side = "".join(
        f'<p class="side"><a href="/zt/{j}.html">专题链接{j}</a></p>' for j in range(max(0, links - used - 5))
    )
    pager = "".join(f'<a href="index_{j}.html">{j}</a> ' for j in range(1, 6))
    head = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告_青禾县人民政府</title>'
        '<meta name="SiteName" content="青禾县人民政府"><meta name="SiteIDCode" content="5199990001">'
        '<meta name="ColumnName" content="通知公告"></head><body>'
    )
    foot = "<div class='foot'>主办：青禾县人民政府办公室 网站标识码：5199990001 蜀ICP备19000001号-1</div></body></html>"
    body = (
        f"{head}<div class='menu'><ul>{menu}</ul></div>"
        f"<div class='crumb'>当前位置：<a href='/'>首页</a> &gt; 通知公告</div>"
        f"<div class='list'><ul>{items}</ul><div class='page'>{pager}</div></div><div class='side'>{side}</div>"
    )
    boxes = "".join(
        f'<div class="box box{j}"><div class="inner"><span class="icon"></span><p class="text">服务说明{j}</p>'
        f'<em>电话：0999-{7000000 + j}</em></div><div class="clear"></div></div>'
        for j in range(100)
    )  # so that elements, texts and links stand to bytes as on real pages: about 28 nodes a kilobyte
    filler = max(0, size - len((body + boxes + foot).encode()))
    rows = "\n".join(f"var setting{j} = 'value-{j}-{'x' * 60}';" for j in range(filler // 90))
    return f"{body}{boxes}<script>{rows}</script>{foot}".encode()


def own_pages() -> list[tuple[str, bytes]]:
    """(url, body): the project's test pages and forty typical list pages."""
    saved = [
        (f"http://www.qinghe.gov.cn/{p.name}", p.read_bytes())
        for p in sorted((ROOT / "tests" / "pages").glob("*.html"))
    ]
    return saved + [(f"http://www.qinghe.gov.cn/tzgg/index_{n}.html", list_page(n)) for n in range(40)]


def saved_pages(folder: Path) -> list[tuple[str, bytes]]:
    """(url, body) of a folder with a manifest.jsonl (file, url), or of all its .html files."""
    manifest = folder / "manifest.jsonl"
    if not manifest.exists():
        return [(f"http://www.example.gov.cn/{p.name}", p.read_bytes()) for p in sorted(folder.rglob("*.htm*"))]
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        (row.get("url") or f"http://www.example.gov.cn/{row['file']}", (folder / row["file"]).read_bytes())
        for row in rows
    ]
