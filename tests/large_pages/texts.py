"""Articles in whole pages: days of every other kind around and inside them."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from family_pages.content import Sample, Want, prose

from large_pages.chrome import (
    BUREAU,
    CENTRE,
    COLLEGE,
    COUNTY,
    TOWN,
    Site,
    campus,
    fresh_rows,
    mega,
    platform,
    soup,
    tables,
)

CRUMB = (("首页", "/"), ("政务公开", "/zwgk/"), ("正文", ""))
COMMENTS = "<div class='comments'><h4>网友评论</h4><div class='c'><b>网友</b><span>发表于 2026-11-18 20:11</span><p>支持政府的工作，希望早日落实到位。</p></div></div>"


def _article(
    name: str,
    site: Site,
    path: str,
    body: str,
    title: str,
    published: str | None,
    codec: str = "utf-8",
    page: tuple[str, ...] = ("article",),
) -> Sample:
    return Sample(
        "large",
        f"article-{name}",
        site.url + path,
        body.encode(codec, "xmlcharrefreplace"),
        Want(page, is_article=True, title=title, published=published),
    )


def labels_of_a_run() -> Sample:
    """PubDate, 更新时间 and the address are later than the day that the page prints."""
    title = "澜江县人民政府办公室关于印发县级储备粮管理办法的通知"
    metas = f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2026-11-02 08:00:00"><meta name="ContentSource" content="县政府办"><meta name="HtmlGenerateTime" content="2026-11-20">'
    main = f"<div class='art'><h1>{title}</h1><div class='info'><span>发布日期：2023-05-18 16:20</span><span>来源：县政府办</span><span>浏览次数：<i>0</i></span></div><div class='TRS_Editor'>{prose(461, 9)}</div></div>{COMMENTS}"
    return _article(
        "run",
        COUNTY,
        "/zwgk/zcwj/202611/t20261102_88123.html",
        mega(COUNTY, f"{title}_澜江县人民政府", CRUMB, main, 461, metas=metas),
        title,
        "2023-05-18",
    )


def card_above() -> Sample:
    title = "澜江市生态环境局2026年第二季度行政处罚案件公开"
    card = "<table class='xxgk'><tr><th>索引号</th><td>53990/2026-00088</td><th>发文机关</th><td>澜江市生态环境局</td></tr><tr><th>成文日期</th><td>2026-07-01</td><th>公开日期</th><td>2026-07-06</td></tr><tr><th>主题词</th><td>行政处罚</td><th>有效期</th><td>2027-07-01</td></tr></table>"
    main = f"{card}<h2 class='title'>{title}</h2><div class='content'>{prose(462, 6)}<p>（联系人：顾某　电话：6600001）</p></div><div class='fj'>附件：<a href='a.xlsx'>案件表.xlsx</a></div>"
    return _article(
        "card",
        BUREAU,
        "/xxgk/c4/2026/88.html",
        platform(BUREAU, f"{title}-澜江市生态环境局", CRUMB, main, 462),
        title,
        "2026-07-06",
    )


def below_the_text() -> Sample:
    title = "白鹭镇开展冬春农田水利建设"
    main = f"<p align=center><font size=4><b>{title}</b></font></p><table width=90% align=center><tr><td>{prose(463, 5)}</td></tr><tr><td align=right>作者：办公室 发布时间：2019-12-03 9:11:20 点击：211次</td></tr></table>"
    return _article(
        "below",
        TOWN,
        "/Show.asp?ID=2231",
        tables(TOWN, f"{title} - 白鹭镇人民政府", CRUMB, main, 463),
        title,
        "2019-12-03",
        "gb18030",
    )


def in_spans() -> Sample:
    """The day cut into spans beside the heading; deadlines of a recruitment in the text."""
    title = "青禾大学2026年公开招聘专任教师公告"
    main = f"<div class='arti'><h1 class='arti-title'>{title}</h1><p class='arti-metas'><span>发布者：</span><span>人事处</span><span>发布时间：</span><span>2026-04-21</span><span>浏览次数：</span><span>1066</span></p><div class='entry'><p>报名时间：2026年5月1日至2026年5月31日</p><p>笔试时间：2026年6月20日</p>{prose(464, 6)}</div></div>"
    return _article(
        "spans",
        COLLEGE,
        "/2026/0421/c21a88/page.htm",
        campus(COLLEGE, title, (("首页", "/"), ("招聘信息", "/21/list.htm")), main, 464),
        title,
        "2026-04-21",
    )


def only_signed() -> Sample:
    """No day of publication anywhere: the signature's is the day of writing."""
    title = "澜江县关于做好老年人高龄津贴发放工作的通知"
    main = f"<h2>{title}</h2><div class='zw'>{prose(465, 8)}<p style='text-align:right'>澜江县民政局</p><p style='text-align:right'>2026年10月30日</p></div>"
    return _article(
        "signed", COUNTY, "/zwgk/tz/gljt.html", soup(COUNTY, f"{title}-澜江县人民政府", CRUMB, main, 465), title, None
    )


def bid() -> Sample:
    title = "云岭市第三人民医院门诊楼改造工程招标公告"
    main = f"<div class='ewb-article'><h3>{title}</h3><div class='ewb-article-info'>【信息时间：2026/9/14 阅读次数：<span id='v'></span>】【<a href='#'>我要打印</a>】【<a href='#'>关闭</a>】</div><div class='ewb-article-content'><p>开标时间：2026年10月12日9时30分</p><p>投标截止时间：2026-10-12 09:30:00</p>{prose(466, 5)}</div></div>"
    return _article(
        "bid",
        CENTRE,
        "/jygg/003001/20260914/1f2e.html",
        platform(CENTRE, title, (("首页", "/"), ("交易公告", "/jygg/"), ("工程建设", "")), main, 466),
        title,
        "2026-09-14",
    )


def related_only_dated() -> Sample:
    """A single text in a column of its own (机构职能); related entries below are dated."""
    title = "主要职责"
    main = f"<div class='jgzn'><h2>{title}</h2>{prose(467, 7)}</div><div class='xgwd'><h3>相关文档</h3><ul>{fresh_rows(468, 6)}</ul></div>"
    return _article(
        "duties",
        BUREAU,
        "/jggk/c1/index.html",
        platform(
            BUREAU, "内设机构-澜江市生态环境局", (("首页", "/"), ("机构概况", "/jggk/"), ("内设机构", "")), main, 467
        ),
        title,
        None,
        page=("article", "other", "catalogue"),
    )


def video() -> Sample:
    """Hardly any text: a video, its title and its day."""
    title = "【视频】走进澜江：一江清水向东流"
    main = f"<div class='video-box'><h1>{title}</h1><div class='ly'>2025-08-08 18:00 来源：县融媒体中心 责任编辑：陆某 <a>字号：大</a><a>中</a><a>小</a></div><video src='/v/1.mp4'></video></div>{COMMENTS}"
    return _article(
        "video",
        COUNTY,
        "/zwdt/sp/202508/t20250808_77.html",
        mega(COUNTY, f"{title}-澜江县人民政府", CRUMB, main, 469),
        title,
        "2025-08-08",
    )


def traditional() -> Sample:
    title = "鹿鳴鄉公所辦理清寒獎助學金公告"
    text = "<p>為協助清寒學生就學，特訂定本要點，凡設籍本鄉滿六個月之學生皆可申請。" * 6 + "</p>"
    body = f"<html><head><meta charset='big5'><title>{title}-公告訊息</title></head><body><ul class='menu'><li><a href='/'>首頁</a></li><li><a href='/n'>公告訊息</a></li></ul><h1>{title}</h1><ul class='info'><li>發布日期：民國115年9月1日</li><li>發布單位：民政課</li></ul><div>{text}<p>申請期間：115年9月5日至115年12月30日止</p></div><div>更新日期：115-11-20</div></body></html>"
    return Sample(
        "large",
        "article-big5",
        "http://www.luming.example.org.tw/News_Content.aspx?n=5&s=300",
        body.encode("big5"),
        Want(("article",), is_article=True, title=title, published="2026-09-01"),
    )


def interpretation() -> Sample:
    """An interpretation with questions as headings, and the document that it explains in a box with its own day."""
    title = "《澜江县城市公共停车管理办法》政策解读"
    main = f"<div class='doc'><h1>{title}</h1><div class='pub'>时间：2026年02月14日 09:00　来源：县城市管理局　【打印】【关闭】</div><div class='gl'>解读文件：<a href='../zcwj/t20260101_1.html'>澜江县城市公共停车管理办法</a>（2026-01-01）</div><h3>一、出台背景</h3>{prose(470, 4)}<h3>二、主要内容</h3>{prose(471, 4)}<div class='zrbj'>责任编辑：顾某</div></div>"
    return _article(
        "interpretation",
        COUNTY,
        "/zwgk/c2/202602/t20260214_31.html",
        mega(COUNTY, f"{title}_政策解读", CRUMB, main, 470),
        title,
        "2026-02-14",
    )


def samples() -> list[Sample]:
    return [
        labels_of_a_run(),
        card_above(),
        below_the_text(),
        in_spans(),
        only_signed(),
        bid(),
        related_only_dated(),
        video(),
        traditional(),
        interpretation(),
    ]
