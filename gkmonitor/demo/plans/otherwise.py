"""Portals that publish in other ways: decisions in sheets, letters in plain lists, interpretations told by links.

Places are made up. The first bears a site code of a division for which a local pack is supplied. The second lets ten
second-level columns rest, which is the number that vetoes a site.
"""

from __future__ import annotations

from datetime import date

from gkmonitor.demo.plan import OK_ONLY, UNDECIDED_ONLY, Attachment, Entry, Planted, PortalPlan, SeeAlso, Trap
from gkmonitor.demo.plans import papers, shelf
from gkmonitor.demo.plans.duties import LOCAL, NUMERIC_HOST, entries_of
from gkmonitor.demo.plans.papers import day_of
from gkmonitor.records import Profile, Reason, Severity

ADVICE, DEDUCTION, VETO = Severity.ADVICE, Severity.DEDUCTION, Severity.VETO
PICTURE, TALK = "一图读懂停车新规", "负责人就养犬新规答记者问"


def puting() -> PortalPlan:
    """Permits in sheets (one of them late), penalties as scans; letters as a list; a late and a timely explanation."""
    place = "蒲汀县"
    columns = shelf.government(place)
    columns = shelf.changed(columns, "xzxk", entries=permits_in_sheets(place))
    columns = shelf.changed(columns, "xzcf", entries=scanned_penalties(place))
    letters = papers.newest_first((papers.overdue_letter(), *papers.kept_letters()))
    columns = papers.as_list(columns, "ldxx", letters, papers.LETTER_HEADS)
    columns = shelf.changed(columns, "ldxx", style="labels")
    columns = shelf.changed(columns, "zcwj", entries=documents(place))
    columns = shelf.changed(columns, "zcjd", entries=EXPLANATIONS)
    air = (Entry(f"{place}10月份环境空气质量状况", day_of(11, 5)), *entries_of(columns, "hjbh"))
    columns = shelf.changed(columns, "hjbh", entries=air)
    return PortalPlan(
        key="puting",
        name="蒲汀县人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="plain",
        family_zh="附件表格、来信列表",
        site_id_code="2302210002",
        columns=columns,
        planted=(
            Planted(
                "published-late",
                "行政许可公示",
                DEDUCTION,
                "附件表格里 1 条用了 16 个工作日",
                measured="1 条超期，最长 16 ",
            ),
            Planted("reply-overdue", "领导信箱", VETO, "列表里 2026-07-06 的来信没有答复", measured="1 件超期"),
            Planted(
                "published-late",
                "政策解读",
                DEDUCTION,
                "只由链接对应的解读晚了 11 个工作日",
                measured="1 篇超期，最长 11 ",
                pack=LOCAL,
            ),
        ),
        traps=(
            Trap(
                "scanned",
                "行政处罚公示",
                "处罚记录在 PDF 附件里，读不出日期",
                check="published-late",
                outcomes=UNDECIDED_ONLY,
                reasons=frozenset({Reason.EVENT_DATE_UNKNOWN.value}),
            ),
            NUMERIC_HOST,
        ),
    )


def permits_in_sheets(place: str) -> tuple[Entry, ...]:
    organ = f"{place}住房和城乡建设局"

    def sheet(number: int, day: date, *rows: tuple[str, date, date]) -> Entry:
        lines = [
            (title, f"建许〔2026〕{number}{at}号", organ, decided.isoformat(), published.isoformat())
            for at, (title, decided, published) in enumerate(rows, start=1)
        ]
        title = ("行政许可信息公示表", "", "", "", "")
        file = Attachment(
            f"行政许可信息公示表（第{number}期）.xlsx", f"xk{number}.xlsx", (title, papers.PERMIT_HEADS, *lines)
        )
        words = f"现将我县行政许可信息公示表（第{number}期）予以公布，详见附件。"
        return Entry(f"{place}行政许可信息公示表（第{number}期）", day, text=words, attachments=(file,))

    return (
        sheet(4, day_of(11, 16), ("丰禾粮库施工许可", day_of(11, 11), day_of(11, 16))),
        sheet(
            3,
            day_of(11, 3),
            ("南岸学校施工许可", day_of(10, 29), day_of(11, 3)),
            ("东坡仓储施工许可", day_of(10, 12), day_of(11, 3)),
        ),
        sheet(2, day_of(10, 20), ("北堤道路施工许可", day_of(10, 15), day_of(10, 20))),
    )


def scanned_penalties(place: str) -> tuple[Entry, ...]:
    months = ((10, day_of(11, 5)), (9, day_of(10, 12)), (8, day_of(9, 4)))
    return tuple(
        Entry(
            f"{place}{month}月份行政处罚信息公示",
            day,
            text=f"现将{month}月份行政处罚信息予以公布，详见附件。",
            attachments=(Attachment(f"{month}月份行政处罚信息公示.pdf", f"cf{month:02d}.pdf"),),
        )
        for month, day in months
    )


def documents(place: str) -> tuple[Entry, ...]:
    """One whose page names its explanation, one that only its explanation names."""
    parking = f"{place}人民政府关于印发《{place}停车管理办法》的通知"
    return (
        Entry(parking, day_of(10, 12), see_also=(SeeAlso("相关解读", "zcjd", PICTURE),)),
        Entry(DOGS, day_of(9, 1)),
        Entry(f"{place}人民政府办公室关于做好秋粮收购工作的意见", day_of(7, 15)),
    )


DOGS = "蒲汀县人民政府关于印发《蒲汀县养犬管理办法》的通知"
EXPLANATIONS = (
    Entry(PICTURE, day_of(10, 27)),
    # Six weeks later, but only its own page says whose it is: an earlier one may stand elsewhere.
    Entry(TALK, day_of(10, 13), see_also=(SeeAlso("政策原文", "zcwj", DOGS),)),
    Entry("负责人谈秋粮收购", day_of(7, 16)),
)

RESTING = (
    "乡镇动态",
    "基层动态",
    "政务动态",
    "工作动态",
    "图片新闻",
    "视频新闻",
    "今日要闻",
    "部门信息",
    "街道动态",
    "县区动态",
)


def shupu() -> PortalPlan:
    """Ten second-level columns of news have rested for more than two weeks; the first-level ones are alive."""
    place = "疏浦县"
    resting = [
        shelf.news(place, 30 + number, 6, name, f"dt{number:02d}") for number, name in enumerate(RESTING, start=1)
    ]
    columns = shelf.with_added(shelf.government(place), "xwzx", *resting)
    days = {name: 30 + number for number, name in enumerate(RESTING, start=1)}
    return PortalPlan(
        key="shupu",
        name="疏浦县人民政府",
        place=place,
        profile=Profile.COUNTY_PORTAL,
        family="plain",
        family_zh="十个栏目不更新",
        site_id_code="9921210001",
        columns=columns,
        planted=(
            Planted("other-stale-count", None, VETO, "十个二级栏目超过 2 周未更新，正好达到单项否决", members=10),
            *(
                Planted("column-stale", name, DEDUCTION, f"最新一条在 {count} 天前，超过 2 周")
                for name, count in days.items()
            ),
        ),
        traps=(
            Trap("live-neighbour", "部门动态", "同一栏目下仍在更新的不计", check="column-stale", outcomes=OK_ONLY),
            Trap("first-level", None, "一级栏目都在更新，不计入要闻类", check="news-stale-count", outcomes=OK_ONLY),
            NUMERIC_HOST,
        ),
    )


PORTALS = (puting(), shupu())
