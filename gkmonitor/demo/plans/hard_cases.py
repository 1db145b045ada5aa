"""Portals that are hard to look at: behind walls, away, slow, or made to lose a visitor."""

from __future__ import annotations

from gkmonitor.demo.plan import EXCUSED_ONLY, OK_ONLY, UNDECIDED_ONLY, Column, Kind, Planted, PortalPlan, Trap
from gkmonitor.demo.plans import shelf
from gkmonitor.records import Profile, Reason, Severity

DEDUCTION = Severity.DEDUCTION


def walled(key: str, place: str, code: str, status: int) -> PortalPlan:
    return PortalPlan(
        key=key,
        name=f"{place}人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="walled",
        family_zh=f"验证页 {status}",
        site_id_code=code,
        columns=shelf.government(place),
        quirks=frozenset({f"challenge-{status}"}),
        all_undecided=Reason.BLOCKED,
    )


def dead() -> PortalPlan:
    return PortalPlan(
        key="jichuan",
        name="寂川县人民政府",
        place="寂川县",
        profile=Profile.COUNTY_PORTAL,
        family="dead",
        family_zh="拒绝连接",
        site_id_code="9915210001",
        columns=(),
        quirks=frozenset({"refuses"}),
        traps=(ONE_VISIT,),
        all_undecided=Reason.UNREACHABLE,
    )


ONE_VISIT = Trap(
    "one-visit",
    None,
    "一次检查不能断定站点无法访问",
    check="site-unreachable",
    outcomes=UNDECIDED_ONLY,
    reasons=frozenset({Reason.NOT_OBSERVED.value}),
)


def out_of_order() -> PortalPlan:
    """Every address answers with an error of the server: nothing is known, and once is no share of a week."""
    return PortalPlan(
        key="tingpu",
        name="汀浦县人民政府",
        place="汀浦县",
        profile=Profile.COUNTY_PORTAL,
        family="walled",
        family_zh="服务器错误 500",
        site_id_code="9922210001",
        columns=shelf.government("汀浦县"),
        quirks=frozenset({"out-of-order"}),
        traps=(ONE_VISIT,),
        all_undecided=Reason.UNREACHABLE,
    )


def slow() -> PortalPlan:
    """Every page takes its time; one column hangs up without an answer; policies are stale."""
    place = "缓溪县"
    columns = shelf.government(place)
    columns = shelf.changed(columns, "zcwj", entries=shelf.policies(place, 204).entries)
    columns = shelf.changed(columns, "tjxx", kind=Kind.SPECIAL, style="hanging", entries=())
    return PortalPlan(
        key="huanxi",
        name="缓溪县人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="plain",
        family_zh="响应缓慢",
        site_id_code="9916210001",
        columns=columns,
        delay_seconds=0.12,
        planted=(Planted("column-stale", "政策文件", DEDUCTION, "最新一条在 204 天前，超过 6 个月"),),
        traps=(undecided("hanging", "统计信息", "栏目不作任何回答", Reason.UNREACHABLE),),
    )


def maze() -> PortalPlan:
    """Session ids, a calendar without end, endless paging, soft 404, login, robots, pages under construction."""
    place = "迷津县"
    columns = shelf.government(place)
    columns = shelf.changed(columns, "tzgg", kind=Kind.SPECIAL, style="endless")
    columns = shelf.changed(columns, "tjxx", kind=Kind.SPECIAL, style="soft-404", entries=())
    columns = shelf.changed(columns, "rsxx", kind=Kind.SPECIAL, style="login", entries=())
    columns = shelf.changed(columns, "ghjh", kind=Kind.SPECIAL, style="building", entries=())
    columns = shelf.changed(columns, "zcjd", kind=Kind.SPECIAL, style="to-home", entries=())
    columns = shelf.changed(columns, "zxft", kind=Kind.SPECIAL, style="broken", entries=())
    columns = shelf.changed(columns, "zjdc", kind=Kind.SPECIAL, style="challenge", entries=())
    columns = shelf.changed(columns, "zcwj", entries=shelf.policies(place, 500).entries)
    columns = shelf.changed(columns, "bmdt", entries=shelf.news(place, 40, 10).entries)
    return PortalPlan(
        key="mijin",
        name="迷津县人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="maze",
        family_zh="迷宫",
        site_id_code="9917210001",
        columns=columns,
        disallow=("/zcwj/",),
        planted=(Planted("column-stale", "部门动态", DEDUCTION, "最新一条在 40 天前，超过 2 周"),),
        traps=(
            Trap("endless-paging", "通知公告", "永远有下一页", check="column-stale", outcomes=OK_ONLY),
            Trap("sessions", "本地要闻", "会话编号次次不同，日历没有尽头", check="column-stale", outcomes=OK_ONLY),
            undecided("soft-404", "统计信息", "返回 200 的“页面不存在”", Reason.WRONG_PAGE),
            undecided("login", "人事信息", "需要登录", Reason.LOGIN_REQUIRED),
            Trap("building", "规划计划", "写明建设中", check="column-blank", outcomes=EXCUSED_ONLY),
            undecided("to-home", "政策解读", "跳回首页", Reason.WRONG_PAGE),
            undecided("robots", "政策文件", "robots.txt 不许访问", Reason.ROBOTS),
            undecided("broken", "在线访谈", "服务器错误", Reason.UNREACHABLE),
            undecided("challenge", "征集调查", "只有这一栏要求验证", Reason.BLOCKED),
        ),
    )


def undecided(name: str, subject: str, note: str, reason: Reason) -> Trap:
    return Trap(
        name,
        subject,
        note,
        outcomes=UNDECIDED_ONLY,
        reasons=frozenset({reason.value}),
        aside=frozenset({"column-missing"}),
    )


def credit() -> PortalPlan:
    """Not inspected: the credit portal on another host that other portals delegate to."""
    items = shelf.penalties("云岭市").entries
    return PortalPlan(
        key="credit",
        name="信用云岭",
        place="云岭市",
        profile=Profile.ENTERPRISE,
        family="plain",
        family_zh="信用网站",
        site_id_code="9902000077",
        columns=(
            Column("云岭市行政处罚", "yunling/xzcf", items),
            Column("云岭市领导信箱", "yunling/ldxx", kind=Kind.ARTICLE, words=shelf.MAILBOX_WORDS),
            Column("云岭市行政许可", "yunling/xzxk", shelf.permits("云岭市").entries),
        ),
    )


PORTALS = (
    walled("shimen", "石门川县", "9913210001", 412),
    walled("wudu", "雾渡县", "9914210001", 521),
    dead(),
    out_of_order(),
    slow(),
    maze(),
)
HELPERS = (credit(),)
