"""Lists that scripts hold, lists of old tables, lists in other languages and encodings."""

# ruff: noqa: E501 -- markup stays on the line that it is drawn on

from __future__ import annotations

import json
from datetime import date

from family_pages.content import Entry, Sample, Want, entries, listed
from family_pages.third.frames import cells_page, flat_page, fresh
from family_pages.third.lists import bureau, city, county, path_of, rows_of
from family_pages.third.places import CITY, ENGLISH, TOWN

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DIGITS = "〇一二三四五六七八九"


def json_array() -> Sample:
    found = entries(20, date(2026, 4, 22), seed=930, place="云岭市")
    data = json.dumps(
        [
            {"aT": e.title, "aPd": f"{e.iso} 17:00", "aU": f"/zwgk/{e.day:%Y%m}/{e.number}.html", "aS": "市疾控局"}
            for e in found
        ],
        ensure_ascii=False,
    )
    return city(
        "json-array",
        f'<ul id="itemContainer"></ul><script>var itemObj={data};\nfor(var i=0;i<itemObj.length;i++){{$("#itemContainer").append("<li><a href=\'"+itemObj[i].aU+"\'>"+itemObj[i].aT+"</a><span>"+itemObj[i].aPd.substr(0,10)+"</span></li>");}}</script><div id="page"></div>',
        listed(found),
        seed=930,
    )


def json_rows() -> Sample:
    """A property of an object, days as text, titles with quotes and slashes escaped."""
    found = entries(15, date(2026, 8, 2), seed=931, place="望川县")
    data = json.dumps(
        {
            "total": 15,
            "rows": [
                {
                    "id": e.number,
                    "title": e.title,
                    "publishDate": e.iso,
                    "url": f"/zwzx/j/{e.number}.html",
                    "hits": 2026,
                }
                for e in found
            ],
        }
    )
    return county(
        "json-rows",
        f'<div id="app"><ul class="nlist"></ul></div><script>\nvar pageData = {data.replace("/", chr(92) + "/")};\nrenderList(pageData.rows);\n</script>',
        listed(found),
        seed=931,
    )


def table_per_row() -> Sample:
    found = entries(20, date(2019, 11, 5), seed=932, place="白鹭镇")
    rows = rows_of(
        found,
        lambda e: (
            f'<table width="100%" border="0"><tr><td width="14"><img src="images/icon.gif"></td><td height="24"><a href="shownews.asp?id={e.number}" target="_blank">{e.title}</a></td><td width="90" align="right"><font color="#999999">{e.day.year}-{e.day.month}-{e.day.day}</font></td></tr><tr><td colspan="3" height="1" background="images/dot.gif"></td></tr></table>'
        ),
    )
    side = fresh(932, 8, "<td>{d:%m-%d}</td>", "tr")
    main = f'{rows}<table width=100%><tr><td>共<b>126</b>条 页次：1/7页 首页 上一页 <a href="news.asp?page=2">下一页</a> <a href="news.asp?page=7">尾页</a> 转到<select name=page><option>1<option>2</select></td></tr></table>'
    body = cells_page(TOWN, "新闻动态-白鹭镇人民政府", ("首页", "新闻动态"), main, side=side, charset="")
    return Sample(
        "old",
        "table-per-row",
        f"{TOWN.host}/news.asp",
        body.encode("gbk", "xmlcharrefreplace"),
        listed(found, next_url=f"{TOWN.host}/news.asp?page=2"),
    )


def grid_view() -> Sample:
    """ASP.NET: a grid with days at midnight and a pager of post-backs."""
    found = entries(15, date(2021, 3, 30), seed=933, place="白鹭镇")
    rows = rows_of(
        found,
        lambda e: (
            f'<tr style="color:#333333;background-color:#F7F6F3;"><td align="left"><a id="GridView1_ctl{e.number}_HyperLink1" href="NewsShow.aspx?ID={e.number}">{e.title}</a></td><td align="center" style="width:130px;">{e.day.year}/{e.day.month}/{e.day.day} 0:00:00</td></tr>'
        ),
    )
    main = f'<form method="post" action="NewsList.aspx?type=3" id="form1"><input type="hidden" name="__VIEWSTATE" value="{"/wEPDwUKLTI2MjY2" * 400}"><div><table id="GridView1" cellspacing="0"><tr style="color:White"><th>标题</th><th>发布时间</th></tr>{rows}<tr align="center"><td colspan="2"><table><tr><td><span>1</span></td><td><a href="javascript:__doPostBack(&#39;GridView1&#39;,&#39;Page$2&#39;)">2</a></td></tr></table></td></tr></table></div></form>'
    body = cells_page(TOWN, "通知公告", ("首页", "新闻动态", "通知公告"), main)
    return Sample(
        "old",
        "grid-view",
        f"{TOWN.host}/NewsList.aspx?type=3",
        body.encode("gb18030", "xmlcharrefreplace"),
        listed(found),
    )


def table_numerals() -> Sample:
    found = entries(9, date(2025, 12, 31), seed=934, place="白鹭镇", step=20)

    def small(n: int) -> str:
        return (
            DIGITS[n] if n < 10 else ("十" if n < 20 else DIGITS[n // 10] + "十") + (DIGITS[n % 10] if n % 10 else "")
        )

    rows = rows_of(
        found,
        lambda e: (
            f'<tr><td width=20>◆</td><td><a href="gk.asp?id={e.number}">{e.title}</a></td><td>{"".join(DIGITS[int(c)] for c in str(e.day.year))}年{small(e.day.month)}月{small(e.day.day)}日</td></tr>'
        ),
    )
    body = cells_page(
        TOWN,
        "财政信息",
        ("首页", "镇务公开", "财政信息"),
        f"<table>{rows}</table>",
        side=fresh(934, 6, "<td>{d:%Y-%m-%d}</td>", "tr"),
        charset="gb2312",
    )
    return Sample("old", "numerals", f"{TOWN.host}/gklist.asp?c=5", body.encode("gb18030"), listed(found))


def title_attribute() -> Sample:
    """The tip of each link holds author and hits on lines of their own; the day stands in brackets."""
    found = entries(18, date(2018, 6, 6), seed=935, place="白鹭镇")
    rows = rows_of(
        found,
        lambda e: (
            f'<tr><td class="listbg"><a class="listA" href="/Article/{e.number}.html" title="文章标题：{e.title}&#13;&#10;作    者：佚名&#13;&#10;更新时间：{e.day.year}-{e.day.month}-{e.day.day} 10:11:12&#13;&#10;点击次数：2026" target="_blank">{e.title}</a></td><td align=right>[{e.day.year}-{e.day.month}-{e.day.day}]</td></tr>'
        ),
    )
    body = cells_page(
        TOWN, "镇村要闻", ("首页", "新闻动态", "镇村要闻"), f"<table width=100%>{rows}</table>", charset="gb2312"
    )
    return Sample("old", "tips", f"{TOWN.host}/Article/Class3/Index.html", body.encode("gb18030"), listed(found))


def old_blank() -> Sample:
    body = cells_page(
        TOWN,
        "村务公开",
        ("首页", "镇务公开", "村务公开"),
        "<table width=100%><tr><td align=center>对不起，该栏目暂时没有文章！</td></tr></table><table width=100%><tr><td>共0条 页次：1/0页</td></tr></table>",
        side=fresh(936, 10, "<td>{d:%m-%d}</td>", "tr"),
        charset="gb2312",
    )
    return Sample("old", "blank", f"{TOWN.host}/cwgk.asp", body.encode("gb18030"), Want(("listing",), 0))


def english() -> Sample:
    found = [
        Entry(f"Yunling holds {name}", day, 5000 + n)
        for n, (name, day) in enumerate(
            zip(
                (
                    "investment fair for tea growers",
                    "forum on river protection",
                    "training for village teachers",
                    "ceremony for new rail line",
                    "meeting on winter heating",
                    "exhibition of paper cutting",
                    "job fair for graduates",
                    "marathon around the lake",
                    "workshop on food safety",
                    "festival of lanterns",
                ),
                [e.day for e in entries(10, date(2026, 5, 9), seed=937)],
                strict=True,
            )
        )
    ]
    rows = rows_of(
        found,
        lambda e: (
            f'<li><h4><a href="/news/c{e.number}.html">{e.title}</a></h4><p>Local officials said the event would be held again on December 1, 2026.</p><span class="date">{MONTHS[e.day.month - 1]} {e.day.day}, {e.day.year}</span></li>'
        ),
    )
    body = flat_page(
        ENGLISH,
        "News - Yunling",
        ("HOME", "News"),
        f'<ul class="en-list">{rows}</ul><div class="pg"><a href="index_2.html">Next &gt;</a></div>',
        lang="en",
        here="Location",
    )
    return Sample(
        "tongues",
        "english",
        f"{ENGLISH.host}/news/",
        body.encode(),
        listed(found, next_url=f"{ENGLISH.host}/news/index_2.html"),
    )


def english_short() -> Sample:
    found = [
        Entry(f"Notice No. {n} on visa services at the border office", e.day, 5100 + n)
        for n, e in enumerate(entries(12, date(2025, 10, 31), seed=938), 1)
    ]
    rows = rows_of(
        found,
        lambda e: (
            f'<tr><td><a href="/services/{e.number}.html">{e.title}</a></td><td>{e.day.day} {MONTHS[e.day.month - 1][:3]} {e.day.year}</td></tr>'
        ),
    )
    body = flat_page(
        ENGLISH, "Services", ("HOME", "Services"), f"<table>{rows}</table>", lang="en", here="You are here"
    )
    return Sample("tongues", "english-short", f"{ENGLISH.host}/services/", body.encode(), listed(found))


def big5() -> Sample:
    titles = (
        "關於開展冬春季森林防火工作的通知",
        "雲嶺市召開老舊小區改造推進會",
        "市政府關於印發應急預案的通知",
        "關於做好學前教育普及普惠的公告",
        "雲嶺市財政局公佈年度部門決算",
        "市領導調研招商引資重點項目",
        "關於徵求道路規劃意見的公告",
        "醫療保障基金監管工作簡報",
    )
    found = [
        Entry(title, e.day, 5200 + n)
        for n, (title, e) in enumerate(zip(titles, entries(8, date(2026, 6, 1), seed=939), strict=True))
    ]
    rows = rows_of(found, lambda e: f'<li><a href="/tc/{e.number}.html">{e.title}</a><span>{e.iso}</span></li>')
    body = f'<html><head><title>通知公告 - 雲嶺市人民政府</title></head><body><div class="nav"><ul><li><a href="/tc/">首頁</a></li><li><a href="/tc/zj/">走進雲嶺</a></li><li><a href="/tc/xw/">新聞中心</a></li><li><a href="/tc/zw/">政務公開</a></li></ul></div><div class="crumb">當前位置：<a href="/tc/">首頁</a> &gt; 通知公告</div><ul class="list">{rows}</ul><div class="foot">主辦單位：雲嶺市人民政府辦公室　更新日期：2026-11-20</div></body></html>'
    return Sample("tongues", "big5", f"{CITY.host}/tc/tzgg/", body.encode("big5"), listed(found))


def tibetan() -> Sample:
    stems = ("བོད་ལྗོངས་", "གྲོང་ཁྱེར་", "སློབ་གསོ་", "འཕྲོད་བསྟེན་", "ཞིང་ལས་", "ཁོར་ཡུག་", "རིག་གནས་", "ལས་དོན་", "ཚོགས་འདུ་", "བརྡ་ཐོ་")
    found = [
        Entry(f"{stem}སྲིད་གཞུང་གི་གསར་འགྱུར་གནས་ཚུལ་གསལ་བསྒྲགས། {n}", e.day, 5300 + n)
        for n, (stem, e) in enumerate(zip(stems, entries(10, date(2026, 7, 30), seed=940), strict=True))
    ]
    rows = rows_of(found, lambda e: f'<li><a href="/tb/xw/{e.number}.html">{e.title}</a><span>{e.iso}</span></li>')
    body = f'<html lang="bo"><head><meta charset="utf-8"><title>གསར་འགྱུར།</title></head><body><div class="nav"><ul><li><a href="/tb/">གཙོ་ངོས།</a></li><li><a href="/tb/xw/">གསར་འགྱུར།</a></li><li><a href="/tb/zw/">སྲིད་དོན་</a></li></ul></div><div class="list"><ul>{rows}</ul></div><div class="page"><a href="index_2.html">རྗེས་མ།</a></div><div class="foot">དུས་ཚོད། 2026-11-20</div></body></html>'
    return Sample("tongues", "tibetan", f"{CITY.host}/tb/xw/", body.encode(), listed(found))


def uyghur() -> Sample:
    stems = ("شەھەرلىك", "ناھىيەلىك", "مائارىپ", "سەھىيە", "يېزا ئىگىلىك", "مۇھىت", "مەدەنىيەت", "خىزمەت", "يىغىن")
    found = [
        Entry(f"{stem} ھۆكۈمەت خىزمەت خەۋەرلىرى ۋە ئۇقتۇرۇشلار {n}", e.day, 5400 + n)
        for n, (stem, e) in enumerate(zip(stems, entries(9, date(2026, 2, 2), seed=941), strict=True))
    ]
    rows = rows_of(
        found,
        lambda e: (
            f'<tr><td dir="rtl"><a href="/uy/{e.number}.shtml">{e.title}</a></td><td>({e.day:%Y.%m.%d})</td></tr>'
        ),
    )
    body = f'<html dir="rtl"><head><meta charset="utf-8"><title>خەۋەرلەر</title></head><body><table><tr><td><a href="/uy/">باش بەت</a></td><td><a href="/uy/xw/">خەۋەرلەر</a></td><td><a href="/uy/zw/">مەمۇرىيەت</a></td></tr></table><table class="l">{rows}</table><p>2026-11-20</p></body></html>'
    return Sample("tongues", "uyghur", f"{CITY.host}/uy/xw/", body.encode(), listed(found))


def gbk_declared_utf8() -> Sample:
    """Says UTF-8, is GBK with a rare character of a place name."""
    found = entries(14, date(2026, 10, 1), seed=942, place="𬒗水镇".replace("𬒗", "洺"))
    rows = rows_of(found, lambda e: f'<li><a href="{path_of(e)}">{e.title}</a><span>{e.iso}</span></li>')
    made = city("gbk-said-utf8", f'<ul class="list">{rows}</ul>', listed(found), seed=942)
    return Sample(
        "tongues", "gbk-said-utf8", made.url, made.body.decode().encode("gbk", "xmlcharrefreplace"), made.want
    )


def blanks() -> list[Sample]:
    """Blank columns in whole portals: fresh margins of the same class, trees, friend links, hot words."""
    none = Want(("listing",), 0)
    return [
        city(
            "blank-same-class",
            '<div class="list-box"><ul class="list"></ul></div><div class="pages"></div>',
            none,
            seed=950,
        ),
        city(
            "blank-words",
            '<div class="list-box"><p class="empty">该栏目暂无内容，如需了解更多请访问<a href="/zwgk/">政务公开</a>。</p></div>',
            none,
            seed=951,
        ),
        county(
            "blank-count",
            '<ul class="nlist"></ul><div class="pagination">首页 上一页 下一页 末页 共0页 共0条记录 <input size=2>跳转</div>',
            none,
            seed=952,
        ),
        bureau(
            "blank-table",
            '<table class="tb"><thead><tr><th>序号</th><th>文件名称</th><th>发布日期</th></tr></thead><tbody></tbody></table>',
            none,
            seed=953,
            side=True,
        ),
        county(
            "blank-recommend",
            f'<div class="nodata">暂无相关信息</div><div class="tj"><h3>您可能感兴趣的内容</h3><ul class="nlist">{fresh(954, 10)}</ul></div>',
            none,
        ),
        city(
            "blank-comment",
            "<ul class='list'>"
            + "".join(
                f"<!--<li><a href='t{n}.html'>{e.title}</a><span>{e.iso}</span></li>-->"
                for n, e in enumerate(entries(6, date(2026, 11, 1), seed=955))
            )
            + "</ul>",
            none,
            side=False,
        ),
    ]


def shell() -> Sample:
    main = '<ul id="list"></ul><div id="pager"></div><script>$.ajax({url:"/api/list",data:{channelId:31,page:1,size:20},dataType:"json",success:function(r){render(r.data.rows);}});</script>'
    return county("ajax-shell", main, Want(("shell", "listing")), seed=956)


def samples() -> list[Sample]:
    return [
        json_array(),
        json_rows(),
        table_per_row(),
        grid_view(),
        table_numerals(),
        title_attribute(),
        old_blank(),
        english(),
        english_short(),
        big5(),
        tibetan(),
        uyghur(),
        gbk_declared_utf8(),
        *blanks(),
        shell(),
    ]
