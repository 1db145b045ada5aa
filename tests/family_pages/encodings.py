"""Encodings declared, wrongly declared and undeclared; rare characters; traditional Chinese."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from datetime import date

from family_pages.content import Entry, Sample, Want, entries, listed, prose
from family_pages.layout import div_page, menu_of

MENU = menu_of("首页=/ 机构概况=/jggk/ 工作动态=/gzdt/ 通知公告=/tzgg/ 政务公开=/zwgk/")
FOOT = "<p>主办：鹿鸣县民政局　甘ICP备05000222号</p>"
HANT = menu_of("首頁=/ 機構概況=/jggk/ 工作動態=/gzdt/ 通知公告=/tzgg/ 政務公開=/zwgk/ 聯絡我們=/lxwm/")
HANT_FOOT = "<p>主辦單位：鹿鳴縣民政局　版權所有　甘ICP備05000222號</p>"
RARE = ("㙦峪镇", "王喆䶮", "赵朤昉")


def _rows(found: list[Entry]) -> str:
    return "".join(
        f'<li><a href="./{e.day:%Y%m}/t{e.day:%Y%m%d}_{e.number}.html">{e.title}</a><span>{e.iso}</span></li>'
        for e in found
    )


def _sample(name: str, found: list[Entry], codec: str, charset: str, headers: dict[str, str] | None = None) -> Sample:
    text = div_page(
        "工作动态-鹿鸣县民政局",
        MENU,
        (("首页", "/"), ("工作动态", "")),
        f'<ul class="list">{_rows(found)}</ul>',
        FOOT,
        charset=charset,
    )
    if not charset:
        text = text.replace('<meta http-equiv="Content-Type" content="text/html; charset=" />', "")
    return Sample(
        "encodings", name, f"http://mzj.luming.example.gov.cn/{name}/", text.encode(codec), listed(found), headers or {}
    )


def samples() -> list[Sample]:
    plain = entries(15, date(2026, 4, 3), seed=400, place="鹿鸣县")
    rare = [Entry(f"{RARE[n % 3]}：{e.title}", e.day, e.number) for n, e in enumerate(plain)]
    return [
        _sample("gb2312-rare", rare, "gb18030", "gb2312"),
        _sample("gbk-undeclared", plain, "gbk", ""),
        _sample("gbk-called-utf8", plain, "gbk", "utf-8"),
        _sample("utf8-called-gbk", plain, "utf-8", "gb2312"),
        _sample("header-wins", plain, "gb18030", "", {"Content-Type": "text/html; charset=GBK"}),
        _sample("utf16", plain, "utf-16", "utf-16"),
        *_traditional(),
    ]


def _traditional() -> list[Sample]:
    titles = (
        "縣政府召開防汛工作會議",
        "關於印發《鹿鳴縣社會救助辦法》的通知",
        "民政局開展養老服務機構安全檢查",
        "鹿鳴縣二〇二六年度部門預算公開",
        "縣領導走訪慰問困難群眾",
        "關於婚姻登記處搬遷的公告",
        "社會組織年度檢查結果公示",
    )
    found = [Entry(title, date(2026, 8, 20 - 2 * n), 500 + n) for n, title in enumerate(titles)]
    page = div_page(
        "工作動態-鹿鳴縣民政局",
        HANT,
        (("首頁", "/"), ("工作動態", "")),
        f'<ul class="list">{_rows(found)}</ul><div class="page"><a href="index_2.html">下一頁</a></div>',
        HANT_FOOT,
        charset="big5",
    )
    page = (
        page.replace("当前位置", "當前位置")
        .replace("今天是", "今天是")
        .replace("友情链接", "友情鏈接")
        .replace("云岭市第", "雲嶺市第")
        .replace("部门网站", "部門網站")
    )
    simple = page.encode("big5", "xmlcharrefreplace")
    site = "http://mzj.luming.example.gov.cn"
    title = "鹿鳴縣民政局關於公開徵求養老服務條例意見的公告"
    main = f'<h1>{title}</h1><p class="info">發佈時間：2026年8月3日　來源：鹿鳴縣民政局</p><div>{prose(401).replace("会议", "會議")}</div>'
    article = div_page(f"{title}-鹿鳴縣民政局", HANT, (("首頁", "/"), ("通知公告", "/tzgg/")), main, HANT_FOOT)
    return [
        Sample(
            "traditional",
            "big5-list",
            f"{site}/big5/gzdt/index.html",
            simple,
            listed(found, next_url=f"{site}/big5/gzdt/index_2.html"),
        ),
        Sample(
            "traditional",
            "article",
            f"{site}/big5/tzgg/202608/t20260803_9.html",
            article.encode(),
            Want(("article",), is_article=True, title=title, published="2026-08-03"),
        ),
    ]
