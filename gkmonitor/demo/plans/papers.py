"""What tables, letters, guides, drafts and index cards of the simulated portals say, with every day written out.

The days are fixed rather than counted back: working days depend on the holidays of 2026 (National Day 1 to 7 October,
10 October worked).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gkmonitor.demo.plan import Entry, Kind
from gkmonitor.demo.plans.shelf import Columns, changed

PERMIT_HEADS = ("项目名称", "许可决定书文号", "许可机关", "许可决定日期", "公示日期")
PENALTY_HEADS = ("案件名称", "处罚决定书文号", "处罚机关", "处罚决定日期", "公示日期")
LETTER_HEADS = ("来信标题", "来信类型", "来信时间", "处理状态", "答复时间")

WHOLE_GUIDE = (
    "事项名称：{title}",
    "设定依据：《城镇燃气管理条例》第十五条",
    "受理单位：县政务服务大厅综合窗口",
    "办理条件：有固定的经营场所和专业人员",
    "申请材料：申请表、身份证明、场所证明",
    "办理地点：中心路1号政务服务大厅二楼",
    "办理时间：工作日8:30-17:30",
    "办理流程：受理、审查、决定、送达",
    "办理时限：十个工作日",
    "收费标准：不收费",
    "咨询电话：0990-6660130",
)
POOR_GUIDE = (
    "事项名称：{title}",
    "申请材料：申请表、身份证明",
    "办理流程：受理、审查、决定、送达",
    "办理时限：十个工作日",
)
SERVICES = ("燃气经营许可", "食品经营许可", "道路运输经营许可", "取水许可", "劳务派遣经营许可")


def day_of(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


# ---------------------------------------------------------------- decisions


def decision(title: str, number: str, organ: str, decided: date | None, published: date) -> Entry:
    """A row of a table; ``decided`` None leaves that cell empty."""
    cells = (number, organ, decided.isoformat() if decided else "", published.isoformat())
    return Entry(title, published, cells=cells)


def permits_within_seven(place: str) -> tuple[Entry, ...]:
    """Six, seven and three working days (the second across National Day), and a permit whose decision has no day."""
    organ = f"{place}住房和城乡建设局"
    return (
        decision("丰禾粮库施工许可", "建许〔2026〕031号", organ, day_of(11, 9), day_of(11, 12)),
        decision("明渠泵站施工许可", "建许〔2026〕030号", organ, None, day_of(11, 10)),
        decision("南岸学校施工许可", "建许〔2026〕029号", organ, day_of(10, 12), day_of(10, 20)),
        decision("北堤道路施工许可", "建许〔2026〕028号", organ, day_of(9, 28), day_of(10, 13)),
    )


def late_permit(place: str) -> Entry:
    """Nine working days."""
    organ = f"{place}住房和城乡建设局"
    return decision("东坡仓储施工许可", "建许〔2026〕032号", organ, day_of(11, 2), day_of(11, 13))


def penalties_of(organ: str, decided: date | None, published: date) -> tuple[Entry, ...]:
    """One penalty with these days beside two that were out within three working days, all by the same body."""
    quick = ((day_of(11, 11), day_of(11, 16)), (day_of(11, 3), day_of(11, 6)))
    rows = ((decided, published), *((first if decided else None, last) for first, last in quick))
    cases = ("无证经营案", "超范围经营案", "未按规定公示案")
    made = [
        decision(f"长丰公司{case}", f"罚〔2026〕{40 - index:03d}号", organ, first, last)
        for index, (case, (first, last)) in enumerate(zip(cases, rows, strict=True))
    ]
    return tuple(sorted(made, key=lambda entry: entry.day, reverse=True))


# ---------------------------------------------------------------- letters, guides, drafts, documents


def letter(title: str, sent: date, replied: date | None, kind: str = "咨询") -> Entry:
    state = "已回复" if replied else "未回复"
    return Entry(title, sent, cells=(kind, sent.isoformat(), state, replied.isoformat() if replied else ""))


def kept_letters() -> tuple[Entry, ...]:
    """One of yesterday without an answer, answered ones, and old ones that are no such letters (信访, 访谈)."""
    return (
        letter("咨询公租房申请条件", day_of(11, 19), None),
        letter("咨询新生儿落户手续", day_of(11, 9), day_of(11, 12)),
        letter("建议增设公交站台", day_of(10, 19), day_of(10, 22), "建议"),
        letter("反映征地补偿问题", day_of(4, 2), None, "信访"),
        letter("在线访谈提问：课后服务如何收费", day_of(3, 12), None, "提问"),
    )


def overdue_letter() -> Entry:
    return letter("咨询医保异地备案", day_of(7, 6), None)


def guides(lines: Sequence[str]) -> tuple[Entry, ...]:
    """Five guides whose articles say ``lines``."""
    return tuple(
        Entry(f"{title}办事指南", day_of(11, 10 - index), text="\n".join(lines).format(title=title))
        for index, title in enumerate(SERVICES)
    )


def draft(name: str, opens: date, closes: date, more: str = "") -> Entry:
    words = f"为提高决策质量，现将《{name}（征求意见稿）》予以公布。本事项属于重大行政决策事项。{more}"
    span = f"征求意见时间：{_han(opens)}至{_han(closes)}。"
    return Entry(f"关于《{name}（征求意见稿）》公开征求意见的公告", opens, text=f"{words}\n{span}")


def document(title: str, formed: date, published: date) -> Entry:
    """A document with an index card above its text."""
    card = ("索引号：012345678/2026-00031", f"成文日期：{_han(formed)}", f"发布日期：{_han(published)}")
    words = "各乡镇人民政府，县政府各部门：现印发给你们，请认真贯彻执行。"
    return Entry(title, published, text="\n".join((*card, words)))


def unit_budgets(place: str, year: int, units: Sequence[str]) -> tuple[Entry, ...]:
    return tuple(Entry(f"{place}{unit}{year}年部门预算", day_of(3, 20, year)) for unit in units)


def _han(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# ---------------------------------------------------------------- columns


def with_tables(
    columns: Columns, permits: Sequence[Entry], penalties: Sequence[Entry], letters: Sequence[Entry] = ()
) -> Columns:
    """Permits, penalties and the mailbox as tables; without ``letters`` the mailbox stays as it is."""
    columns = changed(columns, "xzxk", entries=newest_first(permits), heads=PERMIT_HEADS)
    columns = changed(columns, "xzcf", entries=newest_first(penalties), heads=PENALTY_HEADS)
    if not letters:
        return columns
    return as_list(columns, "ldxx", newest_first(letters), LETTER_HEADS)


def as_list(columns: Columns, slug: str, entries: Sequence[Entry], heads: tuple[str, ...] = ()) -> Columns:
    """A column that was one text as a list."""
    return changed(columns, slug, kind=Kind.LIST, words="", entries=tuple(entries), heads=heads)


def newest_first(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.day, reverse=True))
