"""Articles whose pages print many days: only one of them, or none, is the day of publication."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from family_pages.content import Sample, Want, prose
from family_pages.layout import div_page, hot_news, menu_of, modern_page, table_page

SITE = "http://www.songyuan.example.gov.cn"
MENU = menu_of("首页=/ 区情概览=/qqgl/ 新闻资讯=/xwzx/ 政务公开=/zwgk/ 办事大厅=/bsdt/ 互动回应=/hdhy/")
FOOT = "<p>主办：松源区人民政府办公室</p><p>网站标识码：3599020001 闽ICP备06000001号-1</p><p>最后更新：2026-11-20</p>"
RELATED = f'<div class="related"><h3>相关阅读</h3><ul>{hot_news(190)}</ul></div>'


def _make(
    name: str,
    title: str,
    published: str | None,
    main: str,
    *,
    metas: tuple[tuple[str, str], ...] = (),
    modern: bool = False,
    path: str = "",
    page: tuple[str, ...] = ("article",),
) -> Sample:
    make = modern_page if modern else div_page
    body = make(
        f"{title}_松源区人民政府",
        MENU,
        (("首页", "/"), ("新闻资讯", "/xwzx/"), ("正文", "")),
        main + RELATED,
        FOOT,
        metas=metas,
    ).encode()
    return Sample(
        "articles",
        name,
        f"{SITE}/{path or f'xwzx/{name}.htm'}",
        body,
        Want(page, is_article=True, title=title, published=published),
    )


def _plain() -> list[Sample]:
    head = '<h1 class="title">{}</h1><div class="info">{}</div><div class="content">{}</div>'
    recruit, title = "松源区2026年公开招聘中小学教师公告", "松源区司法局开展“宪法宣传周”活动"
    return [
        _make(
            "deadlines",
            recruit,
            "2026-03-26",
            head.format(
                recruit,
                "2026-03-26 15:00　来源：区人社局",
                "<p>报名时间：2026年4月10日至4月16日</p><p>笔试时间：2026年5月9日</p><p>公示时间：2026年7月1日</p>"
                + prose(191),
            ),
        ),
        _make(
            "undated-signature",
            title,
            None,
            f'<h1>{title}</h1><div class="content">{prose(192, 8)}<p style="text-align:right">松源区司法局</p><p style="text-align:right">2026年10月3日</p></div>',
            path="xwzx/zwdt/show-9.htm",
        ),
        _make(
            "updated-later",
            "松源区政府信息公开指南",
            "2022-06-01",
            head.format(
                "松源区政府信息公开指南", "发布日期：2022-06-01　更新日期：2026-09-30　访问量：1204", prose(193, 8)
            ),
            modern=True,
        ),
        _make(
            "label-later",
            "松源区2023年老旧小区改造计划",
            "2023-04-18",
            head.format(
                "松源区2023年老旧小区改造计划", "发布时间：2023年4月18日 11:20 | 来源：区住建局 | 点击：88", prose(194)
            ),
            metas=(
                ("ArticleTitle", "松源区2023年老旧小区改造计划"),
                ("PubDate", "2026-10-10 00:00"),
                ("HtmlGenerateTime", "2026-11-11"),
            ),
        ),
        _make(
            "written-earlier",
            "松源区人民政府关于李闻道等同志任免职的通知",
            "2026-02-12",
            '<table class="head"><tr><td>索引号：</td><td>FZ00100-0200-2026-00009</td><td>文号：</td><td>松政人〔2026〕4号</td></tr><tr><td>成文日期：</td><td>2026-02-05</td><td>发布日期：</td><td>2026-02-12</td></tr>'
            "<tr><td>有效期至：</td><td>2031-02-05</td><td>状态：</td><td>有效</td></tr></table>"
            + head.format("松源区人民政府关于李闻道等同志任免职的通知", "", prose(195)),
        ),
        _make(
            "law-text",
            "中华人民共和国政府信息公开条例",
            "2019-05-08",
            head.format(
                "中华人民共和国政府信息公开条例",
                "来源：中国政府网　时间：2019-05-08　字体：大 中 小",
                "<p>（2007年4月5日中华人民共和国国务院令第492号公布　2019年4月3日修订　自2019年5月15日起施行）</p>"
                + prose(196, 12),
            ),
        ),
    ]


def _hard() -> list[Sample]:
    move = "关于松源区政务服务中心搬迁的公告"
    return [
        _make(
            "dated-below",
            "我区召开党建工作座谈会",
            "2025-12-19",
            f'<h2 class="bt">我区召开党建工作座谈会</h2><div class="nr">{prose(197)}</div><div class="bq">编辑：林溪　发布时间：2025-12-19 08:15</div>',
        ),
        _make(
            "glyphs",
            "松源区气象台发布暴雨蓝色预警",
            "2026-06-21",
            f'<h1>松源区气象台发布暴雨蓝色预警</h1><p class="info">２０２６年０６月２１日　１８：２０　　气象台</p><div class="c">{prose(198)}</div>',
        ),
        _make(
            "cut",
            "松源区“十五五”规划纲要公开征求意见",
            "2026-05-30",
            f'<div class="h"><span class="d">30</span><span class="ym">2026-05</span><h1>松源区“十五五”规划纲要公开征求意见</h1></div><p>来源：区发改局　发布时间：2026-05-30</p><div>{prose(199)}</div>',
            modern=True,
        ),
        _make(
            "letter",
            "关于路灯损坏的来信",
            "2026-07-06",
            "<h1>关于路灯损坏的来信</h1><table><tr><td>来信时间</td><td>2026-07-06</td></tr><tr><td>来信内容</td><td>松源大道路灯坏了半个月，请尽快维修，感谢工作人员的辛苦付出。</td></tr><tr><td>回复单位</td><td>区城管局</td></tr>"
            "<tr><td>答复时间</td><td>2026-07-08</td></tr><tr><td>答复内容</td><td>您好！您反映的问题已经修复，感谢您对城市管理工作的关心和支持。</td></tr></table>",
            page=("article", "other"),
        ),
        _make(
            "clock",
            move,
            "2024-08-30",
            f'<div class="clock">现在是北京时间：2026年11月20日 10:12:33</div><h1>{move}</h1><p class="p">（2024-08-30）</p><div>{prose(200)}<p>自2026年12月1日起搬至新址。</p></div>',
        ),
        _make(
            "english",
            "Songyuan District Welcomes Investors",
            "2026-03-11",
            "<h1>Songyuan District Welcomes Investors</h1><p>Updated: 2026-03-11 Source: songyuan.example.gov.cn</p><div>"
            + "<p>The district held an investment forum on Friday. Officials said that projects would be finished by December 31, 2027.</p>"
            * 6
            + "</div>",
        ),
    ]


def _single_columns() -> list[Sample]:
    """Columns that are one text: the office's duties without a day, its leaders, a contact."""
    duties = f'<div class="art"><h2>机构职能</h2><div class="TRS_Editor">{prose(201, 7)}</div></div>'
    leaders = "".join(
        f'<div class="ld"><img src="/ld{n}.jpg"><h3>陆某{n}</h3><p>区政府党组成员、副区长。1975年{n + 1}月出生，1998年{n + 2}月参加工作。负责教育、卫生健康、文化旅游等方面工作。</p></div>'
        for n in range(6)
    )
    return [
        _make("duties", "机构职能", None, duties, path="zwgk/jgzn/", page=("article", "other", "catalogue")),
        Sample(
            "articles",
            "leaders",
            f"{SITE}/zwgk/ldzc/",
            div_page(
                "领导之窗_松源区人民政府",
                MENU,
                (("首页", "/"), ("政务公开", "/zwgk/"), ("领导之窗", "")),
                leaders,
                FOOT,
            ).encode(),
            Want(("article", "other", "section", "catalogue"), is_article=True, title=None, published=None),
        ),
    ]


def old_table() -> Sample:
    title = "松源镇召开第三次经济普查动员会"
    main = f"<table><tr><td class=title1 align=center>{title}</td></tr><tr><td align=right>[ 2014-1-6 9:20:11 | By: 管理员 ]</td></tr><tr><td>{prose(203)}</td></tr></table>"
    text = table_page(f"{title} - 松源镇人民政府", MENU, (), main, "松源镇人民政府 版权所有 闽ICP备08000001号")
    return Sample(
        "articles",
        "old-table",
        "http://sy.example.gov.cn/Article_Show.asp?ArticleID=88",
        text.encode("gb18030"),
        Want(("article",), is_article=True, title=title, published="2014-01-06"),
    )


def samples() -> list[Sample]:
    return [*_plain(), *_hard(), *_single_columns(), old_table()]
