"""Portals of cities and counties, one CMS family each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from gkmonitor.demo.plan import (
    EXCUSED_ONLY,
    OK_ONLY,
    Column,
    Entry,
    Kind,
    Place,
    Planted,
    PortalPlan,
    Trap,
    days_ago,
)
from gkmonitor.demo.plans import shelf
from gkmonitor.demo.wording import entries, spaced
from gkmonitor.records import Profile, Severity

ADVICE, DEDUCTION, VETO = Severity.ADVICE, Severity.DEDUCTION, Severity.VETO

QINGHE_PLANTED = (
    Planted("column-stale", "通知公告", DEDUCTION, "最新一条为 2026-04-20，超过 6 个月"),
    Planted("column-blank", "人事信息", DEDUCTION, "列表没有任何条目，也没有说明"),
    Planted("column-stale", "规划计划", ADVICE, "最新一条在 420 天前；1 年的期限未经核实，只作提醒"),
)
QINGHE_TRAPS = (
    Trap("redirect-head", "本地要闻", "栏目入口只有跳转指令", check="column-stale", outcomes=OK_ONLY),
    Trap(
        "undated-list",
        "政策文件",
        "列表不带日期，日期只写在文章页脚本里",
        check="column-stale",
        outcomes=OK_ONLY,
    ),
    Trap("commented-out", "财政预决算（旧）", "栏目链接已被注释掉", must_speak=False),
)


def qinghe() -> PortalPlan:
    """TRS: a stale notice column and a blank one among redirecting heads and undated lists."""
    place = "青禾县"
    columns = shelf.government(place)
    columns = shelf.changed(columns, "tzgg", entries=shelf.notices(place, 214).entries)
    columns = shelf.changed(columns, "rsxx", entries=())
    columns = shelf.changed(columns, "ghjh", entries=shelf.plans(place, 420).entries)
    columns = shelf.changed(columns, "xwzx", kind=Kind.META_REDIRECT)
    columns = shelf.changed(columns, "hdjl", kind=Kind.SCRIPT_REDIRECT)
    undated = tuple(replace(entry, is_printed=False) for entry in shelf.policies(place, 21).entries)
    columns = shelf.changed(columns, "zcwj", entries=undated)
    columns = (
        *columns,
        replace(shelf.budgets(place, "财政预决算（旧）", "czyjs_old"), entries=(), place=Place.COMMENT),
    )
    return PortalPlan(
        key="qinghe",
        name="青禾县人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="trs",
        family_zh="TRS",
        site_id_code="9901210001",
        columns=columns,
        planted=QINGHE_PLANTED,
        traps=QINGHE_TRAPS,
    )


def yunling() -> PortalPlan:
    """Hanweb: records in CDATA; policies stale, disclosure rules missing; penalties on the credit portal."""
    place = "云岭市"
    columns = shelf.government(place)
    columns = shelf.changed(columns, "zcwj", entries=shelf.policies(place, 262).entries)
    columns = shelf.without(columns, "zfxxgkzd")
    columns = shelf.changed(columns, "bmdt", style="arrays")
    columns = shelf.changed(columns, "xzcf", kind=Kind.LINK, target="credit:/yunling/xzcf/", entries=())
    columns = shelf.changed(columns, "ldxx", kind=Kind.LINK, target="credit:/yunling/ldxx/index.html")
    pinned = Entry(f"{place}创建文明城市倡议书", days_ago(700), is_pinned=True)
    columns = shelf.changed(columns, "tzgg", entries=(pinned, *shelf.notices(place).entries))
    return PortalPlan(
        key="yunling",
        name="云岭市人民政府",
        place=place,
        profile=Profile.CITY_PORTAL,
        family="hanweb",
        family_zh="大汉 jpage",
        site_id_code="9902000001",
        columns=columns,
        planted=(
            Planted("column-stale", "政策文件", DEDUCTION, "最新一条在 262 天前，超过 6 个月"),
            Planted("platform-block-missing", "disclosure-rules", DEDUCTION, "信息公开平台缺少制度一块"),
        ),
        traps=(
            Trap("records-in-script", "本地要闻", "列表藏在脚本的 CDATA 里", check="column-blank"),
            Trap("pinned-old-item", "通知公告", "第一条是两年前的置顶", check="column-stale", outcomes=OK_ONLY),
            Trap("script-arrays", "部门动态", "列表由 JavaScript 数组写出", check="column-blank"),
            Trap("delegated", "行政处罚公示", "链接到信用网站", check="column-blank", outcomes=EXCUSED_ONLY),
            Trap(
                "channel-elsewhere", "领导信箱", "信箱设在另一网站", check="no-consultation-channel", outcomes=OK_ONLY
            ),
            Trap("letters-elsewhere", "领导信箱", "信箱设在另一网站", check="reply-overdue", outcomes=EXCUSED_ONLY),
        ),
    )


def songling() -> PortalPlan:
    """Traditional characters: a blank budget column; a nil statement and dates in Chinese numerals."""
    place = "松嶺市"
    columns = shelf.government(place)
    columns = shelf.changed(columns, "czyjs", entries=())
    columns = shelf.changed(columns, "xzcf", entries=(), words="经核实，2026年10月本市无行政处罚案件，特此说明。")
    columns = shelf.changed(columns, "tzgg", style="numerals")
    return PortalPlan(
        key="songling",
        name="松嶺市人民政府",
        place=place,
        profile=Profile.CITY_PORTAL,
        family="traditional",
        family_zh="繁体",
        site_id_code="9903000001",
        columns=columns,
        planted=(Planted("column-blank", "財政預決算", DEDUCTION, "预决算栏目没有任何条目"),),
        traps=(
            Trap("nil-statement", "行政處罰公示", "写明本月无行政处罚", check="column-blank", outcomes=EXCUSED_ONLY),
            Trap("chinese-numerals", "通知公告", "日期用汉字数字", check="column-stale", outcomes=OK_ONLY),
        ),
    )


def nanping() -> PortalPlan:
    """Guangdong platform: policies in a JSON-fed catalogue, stale there; notices undated but fresh."""
    place = "南坪市"
    columns = shelf.government(place)
    columns = shelf.changed(columns, "zcwj", style="catalogue", entries=shelf.policies(place, 240).entries)
    columns = shelf.changed(columns, "tjxx", style="catalogue")
    undated = tuple(replace(entry, is_printed=False) for entry in shelf.notices(place, 10).entries)
    columns = shelf.changed(columns, "tzgg", entries=undated)
    return PortalPlan(
        key="nanping",
        name="南坪市人民政府",
        place=place,
        profile=Profile.CITY_PORTAL,
        family="guangdong",
        family_zh="广东集约化 gkmlpt",
        site_id_code="9904000001",
        columns=columns,
        planted=(Planted("column-stale", "政策文件", DEDUCTION, "接口给出的最新一条在 240 天前"),),
        traps=(
            Trap("json-shell", "统计信息", "页面只有空壳，列表来自 JSON", check="column-blank"),
            Trap("undated-list", "通知公告", "列表不带日期，文章页才有", check="column-stale", outcomes=OK_ONLY),
        ),
    )


def wangchuan() -> PortalPlan:
    """ucap: shells fed by searchList; departments' news stale although every page was built this morning."""
    place = "望川区"
    columns = shelf.government(place)
    columns = shelf.changed(columns, "bmdt", entries=shelf.news(place, 33, 12).entries)
    columns = shelf.changed(columns, "ghjh", entries=())
    columns = shelf.without(columns, "ylws")
    return PortalPlan(
        key="wangchuan",
        name="望川区人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="ucap",
        family_zh="开普 ucap",
        site_id_code="9905110001",
        columns=columns,
        planted=(
            Planted("column-stale", "部门动态", DEDUCTION, "最新一条在 33 天前，页面却是今早生成"),
            Planted("column-blank", "规划计划", DEDUCTION, "接口返回 0 条"),
            Planted("column-missing", "health", ADVICE, "没有医疗卫生栏目，条例没有要求设栏目，只作提醒"),
        ),
        traps=(
            Trap("page-build-time", "通知公告", "页面生成时间不是更新时间", check="column-stale", outcomes=OK_ONLY),
            Trap("json-list", "统计信息", "列表由接口填入，不是空白", check="column-blank"),
        ),
    )


# What the Budget Law and article 21 of the Regulation ask of governments beyond the usual shelf.
MODEL_FIELDS = (
    ("sjgk", "审计结果和审计整改"),
    ("ggfw", "公共服务"),
    ("gysy", "公益事业建设"),
    ("zagl", "社会治安管理"),
)


def explained(documents: Iterable[Entry]) -> Iterator[Entry]:
    """An interpretation for each policy document, two days after it."""
    for document in documents:
        yield Entry(f"《{document.title}》政策解读", document.day + timedelta(days=2))


def dongli() -> PortalPlan:
    """The model portal: nothing wrong, and everything that is easily mistaken for a fault."""
    place = "东篱市"
    columns = shelf.government(place)
    columns = shelf.changed(columns, "bmdt", entries=shelf.news(place, 2, 12).entries[::-1])
    columns = shelf.changed(
        columns, "ghjh", entries=(), words="本栏目内容正在按规定脱密审查，暂无可公开信息，审查后及时发布。"
    )
    columns = shelf.changed(columns, "czyjs", name="财务预决算", place=Place.MEGA)
    columns = shelf.changed(columns, "zfxxgknb", place=Place.SCRIPT)
    future = Entry(f"{place}关于元宵节燃放焰火的通告", days_ago(-90))
    titled = Entry("关于2019年10月10日通告继续有效的公告", days_ago(9))
    inspected = Entry(f"关于第三季度{place}政府网站检查情况的通报", days_ago(10))
    columns = shelf.changed(columns, "tzgg", entries=(future, titled, inspected, *shelf.notices(place, 12).entries))
    columns = shelf.changed(columns, "zcjd", entries=tuple(explained(shelf.policies(place).entries)))
    columns = shelf.with_added(columns, "zdly", *(shelf.key_area(place, *each) for each in MODEL_FIELDS))
    topic = "“创建卫生城市”专题（已归档）"
    archive = shelf.listing(topic, "zt_wscs", entries("news", place, spaced(1900, 10, 8)), place=Place.BLOCK)
    return PortalPlan(
        key="dongli",
        name="东篱市人民政府",
        place=place,
        profile=Profile.CITY_PORTAL,
        family="plain",
        family_zh="自建（示范）",
        site_id_code="9906000001",
        columns=(*columns, replace(archive, words="历史专题，本专题已归档，内容不再更新。")),
        planted=(Planted("future-dated", "通知公告", ADVICE, "一条信息的日期在 2027 年 2 月，只作提醒"),),
        traps=(
            Trap("ascending-list", "部门动态", "列表按时间正序", check="column-stale", outcomes=OK_ONLY),
            Trap("explained-blank", "规划计划", "空白但有说明", check="column-blank", outcomes=EXCUSED_ONLY),
            Trap("other-name", "财务预决算", "栏目叫财务预决算，只在下拉菜单里"),
            Trap("script-link", "政府信息公开年报", "栏目只能由脚本打开", check="column-blank", outcomes=OK_ONLY),
            Trap("future-item", "通知公告", "一条日期在将来，标题里还有旧日期", check="column-stale", outcomes=OK_ONLY),
            Trap("archive", topic, "已归档的专题多年未更新", must_speak=False),
        ),
    )


def huangdu() -> PortalPlan:
    """Neglected: the home page, six first-level columns of news and notices, five blank columns."""
    place = "荒渡县"
    old = [
        shelf.news(place, 46, 12, "本地要闻", "bdyw"),
        shelf.news(place, 52, 12, "部门动态", "bmdt"),
        shelf.news(place, 61, 12, "乡镇动态", "xzdt"),
        shelf.notices(place, 230),
        shelf.notices(place, 300, "公示公告", "gsgg"),
        shelf.policies(place, 410),
    ]
    rest = shelf.without(shelf.government(place), "xwzx", "tzgg", "zcwj")
    for slug in ("rsxx", "ghjh", "tjxx", "zdxm", "shjz"):
        rest = shelf.changed(rest, slug, entries=())
    old[1] = replace(old[1], style="twice")
    stale = [Planted("column-stale", each.name, DEDUCTION, "长期未更新") for each in old]
    blank = ("人事信息", "规划计划", "统计信息", "重大建设项目", "社会救助")
    return PortalPlan(
        key="huangdu",
        name="荒渡县人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="empire",
        family_zh="帝国CMS",
        site_id_code="9907210001",
        columns=(*old, *rest),
        planted=(
            Planted("home-not-updated", None, VETO, "首页最新信息在 46 天前"),
            *stale,
            *(Planted("column-blank", name, DEDUCTION, "空白栏目") for name in blank),
            Planted("news-stale-count", None, VETO, "动态要闻、通知公告、政策文件类 6 个一级栏目未更新", members=6),
            Planted("blank-count", None, VETO, "空白栏目 5 个", members=5),
        ),
        traps=(Trap("rendered-twice", "部门动态", "每条信息为电脑和手机各写一遍", check="column-blank"),),
    )


def menjing() -> PortalPlan:
    """A home page that only navigates; the pages behind it are fresh."""
    place = "门径县"
    old_topic = shelf.listing("脱贫攻坚专题回顾", "zt_tpgj", entries("news", place, spaced(2100, 9, 6)))
    return PortalPlan(
        key="menjing",
        name="门径县人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="plain",
        family_zh="导航式首页",
        site_id_code="9908210001",
        columns=(
            *shelf.without(shelf.government(place), "zxft"),
            Column("专题专栏", "ztzl", children=(old_topic,), kind=Kind.SECTION),
        ),
        quirks=frozenset({"only-navigates"}),
        planted=(),
        traps=(
            Trap("only-navigates", None, "首页只有导航，二级页面在更新", check="home-not-updated", outcomes=OK_ONLY),
            Trap(
                "parent-without-items", "政府信息公开", "上级栏目自己没有条目", check="column-blank", must_speak=False
            ),
            Trap("archive", "脱贫攻坚专题回顾", "历史专题不再更新", outcomes=EXCUSED_ONLY),
        ),
    )


PORTALS = (qinghe(), yunling(), songling(), nanping(), wangchuan(), dongli(), huangdu(), menjing())
