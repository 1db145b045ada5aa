"""Sites of departments and a township's pages, one CMS family each."""

from __future__ import annotations

from gkmonitor.demo.plan import OK_ONLY, Entry, Place, Planted, PortalPlan, Trap, days_ago
from gkmonitor.demo.plans import shelf
from gkmonitor.records import Profile, Severity

DEDUCTION = Severity.DEDUCTION


def chengxi() -> PortalPlan:
    """VSB: last year's annual report is not out, the work news is stale; pages descend, one list ascends."""
    place = "澄溪区"
    columns = shelf.department(place)
    columns = shelf.changed(columns, "gzdt", entries=shelf.news(place, 24, 20).entries, style="split", per_page=8)
    columns = shelf.changed(columns, "zfxxgknb", entries=shelf.annual_reports(place, 2025).entries)
    columns = shelf.changed(columns, "tzgg", entries=shelf.notices(place, 8).entries[:9][::-1], per_page=5)
    return PortalPlan(
        key="chengxi",
        name="澄溪区教育局",
        place=place,
        profile=Profile.DEPARTMENT,
        family="vsb",
        family_zh="博达 VSB",
        site_id_code="9909110012",
        columns=columns,
        planted=(
            Planted("column-stale", "工作动态", DEDUCTION, "最新一条在 24 天前，超过 2 周"),
            Planted("due-date-missed", "annual-report", DEDUCTION, "2025 年度报告没有公布"),
        ),
        traps=(Trap("ascending-pages", "通知公告", "按时间正序，最新的在最后一页", check="column-stale"),),
    )


def bailu() -> PortalPlan:
    """Tables and frames in GBK without a declared charset: notices stale, the site code missing."""
    place = "白鹭县"
    columns = shelf.department(place)
    columns = shelf.changed(columns, "tzgg", entries=shelf.notices(place, 190).entries)
    columns = shelf.changed(columns, "gzdt", style="frame")
    return PortalPlan(
        key="bailu",
        name="白鹭县水利局",
        place=place,
        profile=Profile.DEPARTMENT,
        family="tables",
        family_zh="表格框架 GBK",
        site_id_code="9910210015",
        columns=columns,
        marks_left_out=frozenset({"code"}),
        labels_left_out=frozenset({"SiteIDCode"}),
        planted=(
            Planted("column-stale", "通知公告", DEDUCTION, "最新一条在 190 天前，超过 6 个月"),
            Planted("mark-missing", None, DEDUCTION, "页脚没有网站标识码"),
            Planted("label-missing", None, DEDUCTION, "首页没有 SiteIDCode 标签"),
        ),
        traps=(
            Trap("list-in-frame", "工作动态", "列表在内嵌框架里", check="column-blank"),
            Trap("gbk-undeclared", "规划计划", "没有声明编码的 GBK 页面"),
        ),
    )


def pingchou() -> PortalPlan:
    """SiteServer: old pinned items first, dates glued to titles; statistics blank."""
    place = "平畴市"
    columns = shelf.department(place)
    pinned = tuple(Entry(f"{place}财政局便民提示（{n}）", days_ago(800 + n), is_pinned=True) for n in (1, 2, 3))
    columns = shelf.changed(columns, "gzdt", entries=(*pinned, *shelf.news(place, 2, 17).entries))
    columns = shelf.changed(columns, "tzgg", style="glued")
    columns = shelf.changed(columns, "zcwj", style="boxes")
    columns = shelf.changed(columns, "czyjs", name="财务预决算", place=Place.MEGA)
    columns = shelf.changed(columns, "tjxx", entries=())
    return PortalPlan(
        key="pingchou",
        name="平畴市财政局",
        place=place,
        profile=Profile.DEPARTMENT,
        family="siteserver",
        family_zh="SiteServer",
        site_id_code="9911000009",
        columns=columns,
        planted=(Planted("column-blank", "统计信息", DEDUCTION, "空白栏目"),),
        traps=(
            Trap("pinned-old-items", "工作动态", "前三条是旧的置顶信息", check="column-stale", outcomes=OK_ONLY),
            Trap("date-glued", "通知公告", "日期粘在标题后面", check="column-stale", outcomes=OK_ONLY),
            Trap("other-name", "财务预决算", "预决算栏目叫财务预决算"),
        ),
    )


def shiqiao() -> PortalPlan:
    """DedeCMS: a township with a blank column; no annual report is asked of it."""
    place = "石桥镇"
    columns = shelf.township(place)
    columns = shelf.changed(columns, "nync", entries=())
    columns = shelf.changed(columns, "gzdt", style="cards")
    titled = Entry("关于执行2018年3月1日管理办法的通知", days_ago(16))
    columns = shelf.changed(columns, "tzgg", entries=(titled, *shelf.notices(place, 30).entries))
    return PortalPlan(
        key="shiqiao",
        name="石桥镇人民政府",
        place=place,
        profile=Profile.TOWNSHIP_PAGE,
        family="dedecms",
        family_zh="织梦 DedeCMS",
        site_id_code="9912210108",
        columns=columns,
        planted=(Planted("column-blank", "农业农村", DEDUCTION, "共 0 页 0 条记录"),),
        traps=(
            Trap(
                "old-annual-report", "政府信息公开年报", "年报期限不约束乡镇", check="due-date-missed", must_speak=False
            ),
            Trap("date-in-title", "通知公告", "标题里有旧日期", check="column-stale", outcomes=OK_ONLY),
        ),
    )


PORTALS = (chengxi(), bailu(), pingchou(), shiqiao())
