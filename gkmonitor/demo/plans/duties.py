"""Portals judged by what their tables, letters, guides and drafts say, under national rules and a local plan.

Places are made up. The second bears a site code of a division for which a local pack is supplied (5 working days
where the country gives 7), so that the same rows get two answers.
"""

from __future__ import annotations

from gkmonitor.demo.plan import (
    EXCUSED_ONLY,
    OK_ONLY,
    UNDECIDED_ONLY,
    Entry,
    Planted,
    PortalPlan,
    Trap,
)
from gkmonitor.demo.plans import papers, shelf
from gkmonitor.demo.plans.papers import day_of
from gkmonitor.demo.wording import yearly
from gkmonitor.records import Outcome, Profile, Reason, Severity

ADVICE, DEDUCTION, VETO = Severity.ADVICE, Severity.DEDUCTION, Severity.VETO
NATIONAL, LOCAL = "double-publicity", "longjiang-2017"
NUMERIC_HOST = Trap(
    "numeric-host",
    None,
    "以数字地址访问，看不出域名是否规范",
    check="domain-nonconforming",
    outcomes=frozenset({Outcome.UNDECIDED, Outcome.OK}),
)
UNITS = ("教育局", "水利局", "民政局")


def luting() -> PortalPlan:
    """Late rows and letters among rows and letters that only look late; poor guides; a unit without a budget."""
    place = "芦汀县"
    columns = shelf.government(place)
    market = papers.penalties_of(f"{place}市场监督管理局", day_of(10, 19), day_of(11, 4))
    permits = (papers.late_permit(place), *papers.permits_within_seven(place))
    columns = papers.with_tables(columns, permits, market, (papers.overdue_letter(), *papers.kept_letters()))
    columns = papers.as_list(columns, "bsfw", papers.guides(papers.POOR_GUIDE))
    late = papers.document(f"{place}关于印发河道采砂管理办法的通知", day_of(8, 20), day_of(10, 27))
    columns = shelf.changed(columns, "zcwj", entries=(late, *shelf.policies(place, 60).entries))
    budgets = (*papers.unit_budgets(place, 2026, UNITS[:2]), *papers.unit_budgets(place, 2025, UNITS))
    columns = shelf.changed(
        columns, "czyjs", entries=papers.newest_first((*shelf.budgets(place).entries, *budgets)), per_page=30
    )
    petitions = shelf.listing("网上信访", "wsxf", (papers.overdue_letter(),), heads=papers.LETTER_HEADS)
    columns = shelf.with_added(columns, "hdjl", petitions)
    return PortalPlan(
        key="luting",
        name="芦汀县人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="plain",
        family_zh="公示表格（国家规则）",
        site_id_code="9918210001",
        columns=columns,
        planted=(
            Planted(
                "published-late",
                "行政许可公示",
                DEDUCTION,
                "1 条许可用了 9 个工作日",
                measured="1 条超期，最长 9 ",
            ),
            Planted("published-late", "政策文件", DEDUCTION, "成文 44 个工作日后才公开", measured="1 条超期"),
            Planted("reply-overdue", "领导信箱", VETO, "2026-07-06 的来信没有答复，超过 3 个月", measured="1 件超期"),
            Planted("row-incomplete", "行政处罚公示", ADVICE, "处罚表格没有依据和内容，只作提醒", measured="3 条缺少"),
            Planted("guide-incomplete", "services", ADVICE, "5 个指南各缺 5 类要素，只作提醒", members=5),
            Planted("unit-missing", "财政预决算", ADVICE, "民政局没有 2026 年预算；批准日期不明，只作提醒", members=1),
        ),
        traps=(
            Trap(
                "market-regulator",
                "行政处罚公示",
                "市场监管处罚用了 12 个工作日，期限有两说",
                check="published-late",
                outcomes=UNDECIDED_ONLY,
                reasons=frozenset({Reason.AMBIGUOUS.value}),
            ),
            Trap("whole-rows", "行政许可公示", "许可表格要素齐全", check="row-incomplete", outcomes=OK_ONLY),
            Trap("petitions", "网上信访", "信访另有规定", check="reply-overdue", must_speak=False),
            Trap("surveys", "征集调查", "征集调查不是来信", check="reply-overdue", must_speak=False),
            Trap("interviews", "在线访谈", "在线访谈不是来信", check="reply-overdue", must_speak=False),
            NUMERIC_HOST,
        ),
    )


def heting() -> PortalPlan:
    """A local plan with 5 working days: rows that the country allows are late here; drafts and their explanations."""
    place = "鹤汀县"
    columns = shelf.government(place)
    roads = papers.penalties_of(f"{place}交通运输局", day_of(10, 12), day_of(10, 20))
    columns = papers.with_tables(columns, papers.permits_within_seven(place), roads, papers.kept_letters())
    columns = papers.as_list(columns, "bsfw", papers.guides(papers.WHOLE_GUIDE))
    columns = shelf.changed(columns, "zjdc", entries=(*DRAFTS, *entries_of(columns, "zjdc")[2:]))
    air = (Entry(f"{place}10月份环境空气质量状况", day_of(11, 5)), *entries_of(columns, "hjbh"))
    columns = shelf.changed(columns, "hjbh", entries=air)
    decisions = shelf.listing("重大行政决策", "zdxzjc", CLOSED_DRAFTS)
    columns = shelf.with_added(columns, "fdzdgknr", decisions)
    columns = shelf.changed(columns, "tzgg", entries=(*shelf.notices(place).entries[:6], FEEDBACK))
    columns = shelf.changed(columns, "zcwj", entries=heting_documents(place))
    columns = shelf.changed(columns, "zcjd", entries=HETING_EXPLANATIONS)
    budgets = tuple(each for year in (2026, 2025) for each in papers.unit_budgets(place, year, UNITS))
    columns = shelf.changed(
        columns, "czyjs", entries=papers.newest_first((*shelf.budgets(place).entries, *budgets)), per_page=30
    )
    return PortalPlan(
        key="heting",
        name="鹤汀县人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="plain",
        family_zh="公示表格（地方方案）",
        site_id_code="2302210001",
        columns=columns,
        planted=(
            Planted(
                "published-late",
                "行政许可公示",
                DEDUCTION,
                "地方限 5 个工作日，2 条超期",
                measured="2 条超期，最长 7 ",
                pack=LOCAL,
            ),
            Planted(
                "published-late",
                "行政处罚公示",
                DEDUCTION,
                "地方限 5 个工作日，1 条用了 6 个",
                measured="1 条超期，最长 6 ",
                pack=LOCAL,
            ),
            Planted(
                "published-late",
                "政策解读",
                DEDUCTION,
                "一篇解读晚于文件 11 个工作日",
                measured="1 篇超期，最长 11 ",
                pack=LOCAL,
            ),
            Planted("published-late", DRAFTS[0].title, DEDUCTION, "征求意见只有 14 日", measured="14 日"),
            Planted("column-missing", "双随机", ADVICE, "方案点名的双随机抽查没有见到", pack=LOCAL),
            Planted("published-late", CLOSED_DRAFTS[1].title, ADVICE, "截止五个月，未见意见采纳情况", pack=LOCAL),
        ),
        traps=(
            Trap(
                "national-limit",
                "行政许可公示",
                "同样的记录，国家规则 7 个工作日没有超",
                check="published-late",
                outcomes=OK_ONLY,
                pack=NATIONAL,
            ),
            Trap(
                "national-limit",
                "行政处罚公示",
                "同样的记录，国家规则 7 个工作日没有超",
                check="published-late",
                outcomes=OK_ONLY,
                pack=NATIONAL,
            ),
            Trap(
                "named-item",
                "环境保护",
                "方案点名的空气质量由一条信息公开",
                check="column-stale",
                outcomes=OK_ONLY,
                pack=LOCAL,
            ),
            Trap(
                "named-guides",
                "办事服务",
                "方案点名的办事指南由条目公开",
                check="column-missing",
                outcomes=OK_ONLY,
                pack=LOCAL,
            ),
            Trap("thirty-days", DRAFTS[1].title, "首尾都算，正好 30 日", check="published-late", outcomes=OK_ONLY),
            Trap(
                "answered-draft",
                CLOSED_DRAFTS[0].title,
                "意见采纳情况另文公布",
                check="published-late",
                outcomes=OK_ONLY,
            ),
            Trap("shortened", DRAFTS[2].title, "期限缩短，说明了原因", check="published-late", outcomes=EXCUSED_ONLY),
            Trap(
                "letters-in-time",
                "领导信箱",
                "昨天的来信未答复；旧的是信访、访谈",
                check="reply-overdue",
                outcomes=OK_ONLY,
            ),
            Trap("whole-guides", "services", "要素齐全", check="guide-incomplete", outcomes=OK_ONLY),
            Trap(
                "all-units",
                "财政预决算",
                "上一年的单位今年都有预算",
                check="unit-missing",
                outcomes=frozenset({Outcome.OK, Outcome.UNDECIDED}),
            ),
            NUMERIC_HOST,
        ),
    )


DRAFTS = (
    papers.draft("鹤汀县水源地保护重大政策", day_of(10, 28), day_of(11, 10)),
    papers.draft("鹤汀县城区停车重大改革方案", day_of(10, 12), day_of(11, 10)),
    papers.draft(
        "鹤汀县防汛重点工程调度方案", day_of(9, 7), day_of(9, 16), "因汛期临近、情况紧急，征求意见期限缩短为10日。"
    ),
)


CLOSED_DRAFTS = (
    papers.draft("鹤汀县养老设施布局重大政策", day_of(6, 15), day_of(7, 20)),
    papers.draft("鹤汀县校车运营改革方案", day_of(5, 11), day_of(6, 15)),
)
FEEDBACK = Entry("关于《鹤汀县养老设施布局重大政策》意见采纳情况的反馈", day_of(8, 3))


def entries_of(columns: shelf.Columns, slug: str) -> tuple[Entry, ...]:
    return next(each for column in columns for each in column.walk() if each.slug == slug).entries


def heting_documents(place: str) -> tuple[Entry, ...]:
    return (
        Entry(f"{place}人民政府关于印发《{place}湿地保护管理办法》的通知", day_of(10, 12)),
        papers.document(f"{place}人民政府关于印发《{place}公共停车场管理办法》的通知", day_of(9, 21), day_of(9, 28)),
        Entry(f"{place}人民政府关于公布耕地保护责任目标的决定", day_of(8, 11)),
        Entry(f"{place}人民政府办公室关于做好秋粮收购工作的意见", day_of(7, 15)),
    )


HETING_EXPLANATIONS = (
    Entry("《鹤汀县湿地保护管理办法》政策解读", day_of(10, 27)),
    Entry("《鹤汀县公共停车场管理办法》政策解读", day_of(10, 10)),
    Entry("一图读懂耕地保护责任目标", day_of(8, 12)),
    Entry("负责人谈秋粮收购", day_of(7, 16)),
)


def weian() -> PortalPlan:
    """No channel for questions, yearly papers missing; the rows of the others kept the limit."""
    place = "苇岸县"
    columns = shelf.without(shelf.government(place), "hdjl")
    undated = papers.penalties_of(f"{place}交通运输局", None, day_of(10, 20))
    columns = papers.with_tables(columns, papers.permits_within_seven(place), undated)
    in_time = papers.document(f"{place}关于印发农村公路养护办法的通知", day_of(9, 28), day_of(10, 27))
    columns = shelf.changed(columns, "zcwj", entries=(in_time, *shelf.policies(place, 60).entries))
    old = tuple(each for each in shelf.budgets(place).entries if "2026年" not in each.title)
    columns = shelf.changed(columns, "czyjs", entries=old)
    columns = shelf.changed(columns, "wznb", entries=yearly("site_report", place, 1, 19, (2025, 2024)))
    return PortalPlan(
        key="weian",
        name="苇岸县人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="plain",
        family_zh="公示表格（无互动）",
        site_id_code="9919210001",
        columns=columns,
        planted=(
            Planted("no-consultation-channel", "consultation", VETO, "没有任何咨询建言渠道"),
            Planted("due-date-missed", "site-annual-report", DEDUCTION, "2025 年度网站工作年度报表没有发布"),
            Planted("due-date-missed", "budget", ADVICE, "2026 年预算未见；批准日期不明，只作提醒"),
        ),
        traps=(
            Trap("within-seven", "行政许可公示", "跨国庆节正好 7 个工作日", check="published-late", outcomes=OK_ONLY),
            Trap("index-card", "政策文件", "成文 17 个工作日后公开", check="published-late", outcomes=OK_ONLY),
            Trap(
                "no-decision-day",
                "行政处罚公示",
                "处罚决定日期一栏是空的",
                check="published-late",
                outcomes=UNDECIDED_ONLY,
                reasons=frozenset({Reason.EVENT_DATE_UNKNOWN.value}),
            ),
            NUMERIC_HOST,
        ),
    )


PORTALS = (luting(), heting(), weian())
