"""Articles of whole portals: several days, scripts, prints, neighbours and related reading around the one that counts."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

from family_pages.content import Sample, Want, prose
from family_pages.third.frames import cells_page, flat_page, fresh, panel_page, tree
from family_pages.third.lists import TREE
from family_pages.third.places import BUREAU, CITY, COUNTY, ENGLISH, TOWN

PRINT = '<span class="tools"><a href="javascript:window.print()">【打印】</a><a href="javascript:window.close()">【关闭】</a>字号：<a>大</a> <a>中</a> <a>小</a> 分享到：<a class="wx"></a></span>'
NEIGHBOURS = '<div class="near"><p>上一篇：<a href="/zwgk/202611/t20261118_1.html">云岭市召开秋冬季森林防灭火工作会</a>（2026-11-18）</p><p>下一篇：<a href="/zwgk/202611/t20261119_2.html">云岭市部署安全生产工作</a>（2026-11-19）</p></div>'


def _want(title: str, published: str | None, page: tuple[str, ...] = ("article",)) -> Want:
    return Want(page, is_article=True, title=title, published=published)


def city(
    name: str,
    title: str,
    published: str | None,
    main: str,
    *,
    metas: tuple[tuple[str, str], ...] = (),
    side: bool = True,
    left: bool = False,
    url: str = "",
    page: tuple[str, ...] = ("article",),
) -> Sample:
    body = panel_page(
        CITY,
        f"{title}_云岭市人民政府",
        ("首页", "新闻中心", "正文"),
        main,
        side=fresh(len(title)) if side else "",
        left=tree("政务公开", TREE, "应急管理") if left else "",
        metas=metas,
    )
    return Sample(
        "text", name, url or f"{CITY.host}/xwzx/ylyw/{name}.html", body.encode(), _want(title, published, page)
    )


def county(
    name: str,
    title: str,
    published: str | None,
    main: str,
    *,
    metas: tuple[tuple[str, str], ...] = (),
    page: tuple[str, ...] = ("article",),
) -> Sample:
    body = flat_page(
        COUNTY,
        f"{title}-望川县人民政府",
        ("首页", "政务资讯", "通知公告"),
        main,
        side=fresh(len(title) + 40),
        metas=metas,
    )
    return Sample("text", name, f"{COUNTY.host}/zwzx/tzgg/{name}.html", body.encode(), _want(title, published, page))


def _labelled() -> list[Sample]:
    one, two, three, four = (
        "云岭市人民政府办公室关于印发城市更新实施方案的通知",
        "关于调整城区公交线路的公告",
        "望川县2025年地方财政决算公开",
        "望川县组织开展防汛应急演练",
    )
    return [
        city(
            "info-line",
            four.replace("望川县", "云岭市"),
            "2026-03-18",
            f'<div class="article"><h1>云岭市组织开展防汛应急演练</h1><div class="info"><span>发布时间：2026-03-18 16:40</span><span>来源：云岭日报</span><span>更新时间：2026-03-19 08:00</span><span>浏览次数：<script src="/hit?id=1"></script></span>{PRINT}</div><div class="TRS_Editor">{prose(601)}</div></div>{NEIGHBOURS}',
        ),
        city(
            "card",
            one,
            "2026-06-12",
            '<table class="xxgk-head"><tr><td>索 引 号</td><td>6199000001/2026-00231</td><td>主题分类</td><td>城乡建设</td></tr><tr><td>发布机构</td><td>市政府办公室</td><td>成文日期</td><td>2026年6月5日</td></tr><tr><td>文　　号</td><td>云政办发〔2026〕11号</td><td>发布日期</td><td>2026年6月12日</td></tr><tr><td>有 效 性</td><td>有效</td><td>失效日期</td><td>2031年6月5日</td></tr></table>'
            + f'<h1>{one}</h1><div id="zoom">{prose(602, 9)}<p>云岭市人民政府办公室</p><p>2026年6月5日</p></div>',
            left=True,
            side=False,
            metas=(("ArticleTitle", one), ("PubDate", "2026-06-12 10:00")),
        ),
        county(
            "brackets",
            two,
            "2025-09-02",
            f'<h2 class="con-title">{two}</h2><p class="con-info">日期：[2025-9-2]　点击数：[2026]　{PRINT}</p><div class="con">{prose(603)}<p>公告期限：2026年12月1日至2026年12月31日</p></div>',
        ),
        county(
            "final-accounts",
            three,
            "2026-09-30",
            f'<h1>{three}</h1><div class="meta">作者：县财政局 | 日期：2026/09/30 | 阅读：</div><div>{prose(604)}<p><a href="/upload/2026/10/20261010.xlsx">附件：2025年决算表.xlsx</a>（2026-10-10上传）</p></div>',
        ),
        county(
            "pipes",
            four,
            "2024-07-05",
            f"<h1>{four}</h1><div>2024-07-05 17:02:11　|　来源：县应急管理局　|　责任编辑：林溪</div><article>{prose(605)}</article>{NEIGHBOURS}",
        ),
    ]


def _between_days() -> list[Sample]:
    tender, talk, letter, guide = (
        "云岭市第三中学食堂改造工程招标公告",
        "市教育局局长谈“双减”工作",
        "关于青年公寓申请条件的咨询",
        "云岭市财政局政府信息公开指南",
    )
    return [
        city(
            "tender",
            tender,
            "2026-02-10",
            f'<div class="detail"><h3>{tender}</h3><div class="sub">【信息时间：2026/2/10　阅读次数：311】{PRINT}</div><table><tr><td>项目编号</td><td>YL2026-0210</td></tr><tr><td>报名开始时间</td><td>2026年2月11日</td></tr><tr><td>投标截止时间</td><td>2026年3月5日 09:30</td></tr><tr><td>开标时间</td><td>2026-03-05 09:30</td></tr></table>{prose(606)}</div>',
        ),
        city(
            "interview",
            talk,
            "2025-04-25",
            f'<div class="ft"><h1>{talk}</h1><ul><li>访谈时间：2025年4月28日 15:00</li><li>访谈嘉宾：市教育局局长</li></ul><p class="pub">发布时间：2025-04-25</p><div class="txt">{prose(607, 8)}</div></div>',
        ),
        county(
            "undated",
            "县领导信箱写信须知",
            None,
            f'<h1>县领导信箱写信须知</h1><div class="con">{prose(608, 7)}</div>',
            page=("article", "other"),
        ),
        county(
            "signed",
            "望川县公安局关于城区禁止燃放烟花爆竹的通告",
            None,
            f'<h1>望川县公安局关于城区禁止燃放烟花爆竹的通告</h1><div class="con">{prose(609, 7)}<p align="right">望川县公安局</p><p align="right">2026年1月8日</p></div>',
        ),
        city(
            "moved-in",
            "云岭市2015年国民经济和社会发展统计公报",
            "2016-03-20",
            f'<h1>云岭市2015年国民经济和社会发展统计公报</h1><div class="info"><span>时间：2016-03-20</span><span>来源：市统计局</span></div><div>{prose(610, 8)}</div>',
            metas=(("ArticleTitle", "云岭市2015年国民经济和社会发展统计公报"), ("PubDate", "2026-05-06 11:22:33")),
            url=f"{CITY.host}/sjfb/202605/t20260506_99.html",
        ),
        city(
            "guide",
            guide,
            "2020-12-28",
            f'<h1>{guide}</h1><p>发布时间：2020-12-28　来源：办公室</p><div class="TRS_Editor"><p>（2026年10月修订）</p>{prose(611, 8)}</div>',
            left=True,
        ),
        county(
            "letter",
            letter,
            "2026-05-14",
            f'<h1>{letter}</h1><table class="xj"><tr><th>写信时间</th><td>2026-05-14</td><th>信件编号</th><td>20260514001</td></tr><tr><th>内容</th><td colspan=3>请问青年公寓的申请条件是什么，需要提交哪些材料，何时可以入住？盼复，谢谢。</td></tr><tr><th>办理单位</th><td>县住建局</td><th>回复时间</th><td>2026-05-16</td></tr><tr><th>回复</th><td colspan=3>您好，申请条件为在县城就业并签订一年以上劳动合同的青年，请携带身份证到窗口办理，感谢您的关注。</td></tr></table>',
            page=("article", "other"),
        ),
    ]


def _odd_places() -> list[Sample]:
    script, below, old, english, parts, photo = (
        "云岭市召开统计工作会议",
        "县委宣讲团到乡镇宣讲",
        "白鹭镇召开人大代表座谈会",
        "Yunling opens its new library",
        "云岭市博物馆免费开放公告",
        "图说：望川油菜花开",
    )
    table = f"<table width=96%><tr><td align=center height=40><font size=4><b>{old}</b></font></td></tr><tr><td align=center>作者：佚名　文章来源：本站原创　点击数：<script>document.write(2026)</script>　更新时间：2017-3-9</td></tr><tr><td class=content>{prose(614)}</td></tr><tr><td align=right>文章录入：admin　责任编辑：admin</td></tr><tr><td>上一篇文章：<a href=2.html>镇党委召开会议</a>　下一篇文章：没有了</td></tr></table>"
    return [
        city(
            "script-date",
            script,
            "2023-01-06",
            f'<h1>{script}</h1><div class="xx">来源：市统计局　时间：<script>var tm = "2023-01-06 09:12"; document.write(tm.substring(0,10));</script>　浏览：<span id="hits">0</span></div><div class="TRS_UEDITOR">{prose(612)}</div>',
        ),
        county(
            "below",
            below,
            "2026-11-02",
            f'<h1>{below}</h1><div class="con">{prose(613)}</div><p class="foot-info">（来源：望川融媒　编辑：顾明川　2026年11月2日）</p>',
        ),
        Sample(
            "text",
            "old-article",
            f"{TOWN.host}/Article/2017/77.html",
            cells_page(
                TOWN,
                old,
                ("首页", "镇村要闻", "正文"),
                table,
                side=fresh(80, 8, "<td>{d:%m-%d}</td>", "tr"),
                charset="",
            ).encode("gbk", "xmlcharrefreplace"),
            _want(old, "2017-03-09"),
        ),
        Sample(
            "text",
            "english-article",
            f"{ENGLISH.host}/news/c77.html",
            flat_page(
                ENGLISH,
                f"{english} - Yunling",
                ("HOME", "News"),
                f"<h1>{english}</h1><p class='src'>Updated: March 5, 2026 &nbsp; Source: Yunling Daily</p>"
                + "<p>The library opened on Monday. It took three years to build and will receive 3,000 readers a day. A second hall is to open by January 1, 2028.</p>"
                * 5,
                lang="en",
                here="Location",
            ).encode(),
            _want(english, "2026-03-05"),
        ),
        city(
            "parts",
            parts,
            "2026-04-18",
            f'<div class="tit"><div class="dd">18</div><div class="yymm">2026.04</div><h1>{parts}</h1></div><div class="c">{prose(615)}</div>',
        ),
        county(
            "photo",
            photo,
            "2026-03-27",
            f'<h1>{photo}</h1><div class="info">2026年03月27日 09:05 望川融媒</div><p><img src="/upload/20261101/1.jpg"></p><p>图为油菜花开。</p><p><img src="/upload/20261101/2.jpg"></p><p>图为游客赏花。（林溪 摄）</p>',
        ),
    ]


def _papers() -> list[Sample]:
    pdf = "云岭市财政局2026年部门预算"
    body = panel_page(
        BUREAU,
        f"{pdf}_部门预算_云岭市财政局",
        ("首页", "信息公开", "部门预算"),
        f'<div class="wz"><h1>{pdf}</h1><h5>发布日期：2026-02-11 字体：[大 中 小]</h5><div><iframe src="/upload/2026/ys.pdf" width="100%" height="900"></iframe><p><a href="/upload/2026/ys.pdf">{pdf}.pdf</a></p></div></div>',
    )
    meta_only = "云岭市财政局召开内控工作会"
    plain = panel_page(
        BUREAU,
        f"{meta_only}_云岭市财政局",
        ("首页", "财政要闻", "正文"),
        f"<h1>{meta_only}</h1><div class='TRS_Editor'>{prose(616)}</div>",
        side=fresh(81),
        metas=(("ArticleTitle", meta_only), ("PubDate", "2025-06-17 09:00:00"), ("ContentSource", "办公室")),
    )
    tables = "云岭市行政处罚信息公示表（第三批）"
    rows = "".join(
        f"<tr><td>{n}</td><td>云市监罚〔2026〕{n}号</td><td>云岭某某商贸有限公司</td><td>2026-10-{n:02d}</td><td>2027-10-{n:02d}</td></tr>"
        for n in range(1, 16)
    )
    penalty = panel_page(
        CITY,
        f"{tables}_云岭市人民政府",
        ("首页", "双公示", "正文"),
        f'<h1>{tables}</h1><div class="info">发布时间：2026-11-03　来源：市市场监管局</div><table border=1><tr><th>序号</th><th>文书号</th><th>相对人</th><th>处罚决定日期</th><th>公示截止期</th></tr>{rows}</table>',
        side=fresh(82),
    )
    return [
        Sample(
            "text", "pdf", f"{BUREAU.host}/xxgk/bmys/202602/t20260211_5.html", body.encode(), _want(pdf, "2026-02-11")
        ),
        Sample(
            "text",
            "meta-only",
            f"{BUREAU.host}/czyw/202506/t20250617_6.html",
            plain.encode(),
            _want(meta_only, "2025-06-17"),
        ),
        Sample(
            "text",
            "penalty-table",
            f"{CITY.host}/zwgk/sgs/202611/t20261103_7.html",
            penalty.encode(),
            _want(tables, "2026-11-03"),
        ),
    ]


def samples() -> list[Sample]:
    return [*_labelled(), *_between_days(), *_odd_places(), *_papers()]
