"""Titles and texts as local governments write them, with invented places; nothing here is taken from a real page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gkmonitor.demo.plan import Entry, days_ago

TITLES: dict[str, tuple[str, ...]] = {
    "news": (
        "{place}召开三季度经济运行分析会",
        "{place}领导到乡镇调研冬修水利工作",
        "{place}开展“送政策进园区”活动",
        "{place}部署森林防灭火工作",
        "我市今年首条乡村旅游公路建成通车",
        "{place}举办第六届稻香文化节",
        "{place}召开营商环境优化提升座谈会",
        "秋粮收购工作有序推进",
        "{place}开展老旧小区改造“回头看”",
        "{place}与邻县签订流域联防联控协议",
        "政务服务“一窗通办”延伸到村",
        "{place}组织开展消防安全大排查",
    ),
    "notices": (
        "关于调整{place}公交三路线路走向的通告",
        "{place}关于公开征集民生实事项目的公告",
        "关于开展城镇燃气安全检查的通知",
        "{place}事业单位公开招聘工作人员资格复审公告",
        "关于部分路段实施交通管制的通告",
        "{place}冬季清雪除冰工作通告",
        "关于停水检修的公告",
        "关于申报技能培训补贴的通知",
    ),
    "policy": (
        "{place}关于印发促进小微企业发展若干措施的通知",
        "{place}办公室关于做好安全生产工作的意见",
        "{place}关于印发公共文化设施管理办法的通知",
        "{place}关于加强耕地保护工作的实施意见",
        "{place}办公室关于印发防汛应急预案的通知",
        "{place}关于公布行政规范性文件清理结果的决定",
    ),
    "interpretation": (
        "一图读懂：促进小微企业发展若干措施",
        "《{place}公共文化设施管理办法》解读",
        "《关于加强耕地保护工作的实施意见》政策解读",
        "负责人解读防汛应急预案",
    ),
    "plans": ("{place}国民经济和社会发展年度计划", "{place}“十五五”水安全保障规划", "{place}商贸流通发展规划"),
    "statistics": ("{place}{month}月份主要经济指标", "{place}统计月报", "{place}居民收入情况"),
    "personnel": ("{place}人民政府关于张禾等同志任职的通知", "{place}人民政府关于李溪等同志免职的通知"),
    "budget": ("{place}{year}年政府预算", "{place}{year}年部门预算汇总", "{place}{year}年财政预算执行情况的报告"),
    "accounts": ("{place}{prior}年政府决算", "{place}{prior}年部门决算汇总", "{place}{prior}年“三公”经费决算说明"),
    "permits": ("行政许可决定信息公示（{month}月）", "建筑工程施工许可信息公示", "食品经营许可信息公示"),
    "penalties": ("行政处罚决定信息公示（{month}月）", "城市管理行政处罚信息公示", "道路运输行政处罚信息公示"),
    "key": (
        "{topic}信息公开（{month}月）",
        "{place}{topic}工作推进情况",
        "{topic}有关事项公示",
        "{place}{topic}年度安排",
    ),
    "letters": ("关于路灯不亮的来信", "咨询落户手续", "反映村道积水问题", "咨询医保缴费标准"),
    "surveys": ("{place}老年助餐服务问卷调查", "关于公园改造方案的意见征集", "养犬管理办法征求意见"),
    "interviews": ("{place}教育负责人谈双减", "{place}人社负责人谈稳就业"),
    "report": ("{place}{prior}年政府信息公开工作年度报告",),
    "site_report": ("{place}政府网站工作年度报表（{prior}年度）",),
}

PARAGRAPHS = (
    "会议指出，要把任务分解到季度、落实到岗位，按月调度、按季通报，确保各项工作有序推进。",
    "各乡镇、各部门要结合实际，细化措施，压实责任，及时回应群众关切，有关情况按要求报送。",
    "工作人员走进村组和社区，现场解答群众提问，发放宣传材料，并对发现的问题逐项登记。",
    "下一步，将继续完善工作机制，加强部门协同，提高服务效率，让群众办事更加方便。",
    "本通知自印发之日起施行，由牵头部门负责解释，此前有关规定与本通知不一致的，以本通知为准。",
)


def spaced(first: int, step: int, count: int) -> tuple[date, ...]:
    """Days counted back from the day of judging: ``first`` days ago, then every ``step`` days."""
    return tuple(days_ago(first + step * index) for index in range(count))


def entries(kind: str, place: str, days: Sequence[date], topic: str = "", is_printed: bool = True) -> tuple[Entry, ...]:
    """One entry a day of ``days``, with the titles of ``kind`` in turn."""
    templates = TITLES[kind]
    made = []
    for index, day in enumerate(days):
        words = templates[index % len(templates)].format(
            place=place, topic=topic, month=day.month, year=day.year, prior=day.year - 1
        )
        made.append(Entry(words, day, is_printed))
    return tuple(made)


def yearly(kind: str, place: str, month: int, day: int, years: Sequence[int]) -> tuple[Entry, ...]:
    """One entry a year of publication, each about the year before where the title says so."""
    dates = [date(year, month, day) for year in years]
    return tuple(entries(kind, place, [each])[0] for each in dates)


def article_text(title: str, seed: int) -> tuple[str, ...]:
    """Three paragraphs, the same for the same seed."""
    first = f"本报讯 围绕“{title}”，有关部门日前进行了专题部署。"
    return (first, *(PARAGRAPHS[(seed + offset) % len(PARAGRAPHS)] for offset in (0, 2)))
