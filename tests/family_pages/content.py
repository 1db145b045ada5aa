"""What the pages are made of: entries with titles and days, sentences, and the answers a reader has to give."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

LEADERS = ("县委副书记、县长陆文澜", "副县长沈一舟", "局党组书记顾明川", "市委常委、副市长祝安和", "校党委书记闻人旭")
DOINGS = ("调研", "检查", "主持召开会议研究部署", "督导", "走访慰问", "专题听取汇报")
MATTERS = (
    "秋冬季森林防灭火工作",
    "老旧小区改造",
    "学前教育普及普惠",
    "高标准农田建设",
    "安全生产和消防工作",
    "政务服务“一件事”改革",
    "河湖长制落实情况",
    "医疗保障基金监管",
    "农村人居环境整治",
    "招商引资重点项目",
    "殡葬领域专项整治",
    "行政执法监督",
)
BODIES = (
    "自然资源局",
    "教育局",
    "卫生健康局",
    "应急管理局",
    "水务局",
    "市场监督管理局",
    "农业农村局",
    "住房和城乡建设局",
)
PAPERS = ("实施方案", "管理办法", "工作要点", "应急预案", "考核细则", "三年行动计划")
SENTENCES = (
    "会议指出，要把责任压实到岗到人，做到底数清、情况明、措施实。",
    "各乡镇、各部门要加强协作配合，形成工作合力，确保各项任务按期完成。",
    "截至目前，全县累计完成投资三亿二千万元，占年度计划的百分之八十六。",
    "工作人员深入田间地头，面对面向群众讲解政策，现场解答问题。",
    "下一步，将持续巩固成果，建立长效机制，不断提升群众的获得感和满意度。",
    "对工作推进不力、造成不良影响的，依规依纪严肃追究责任。",
)


@dataclass(frozen=True, slots=True)
class Entry:
    title: str
    day: date
    number: int

    @property
    def iso(self) -> str:
        return f"{self.day:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Want:
    """The answers. ``items`` None: no list is asked about; 0: the list is blank. ``next_url`` "": there is none."""

    page: tuple[str, ...]
    items: int | None = None
    newest: str | None = None
    oldest: str | None = None
    first: str | None = None
    last: str | None = None
    next_url: str | None = None
    is_article: bool = False
    title: str | None = None
    published: str | None = None
    columns: tuple[str, ...] = ()
    sub_columns: tuple[str, ...] = ()
    is_complete: bool = True
    code: str | None = None
    icp: str | None = None
    organizer: str | None = None
    redirect: str | None = None
    budget: bool | None = None
    double_publicity: bool | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    family: str
    name: str
    url: str
    body: bytes
    want: Want
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.family}-{self.name}"


def entries(count: int, newest: date, *, seed: int, step: int = 4, place: str = "青禾县") -> list[Entry]:
    """``count`` entries, newest first, titles of every length, some of them naming days of their own."""
    chance = random.Random(seed)
    day, found, seen = newest, [], set()
    for index in range(count):
        while (title := _title(chance, place, day)) in seen:
            continue
        seen.add(title)
        found.append(Entry(title, day, 20000 + seed * 977 + (count - index) * 13))
        day -= timedelta(days=chance.randint(0, step))
    return found


def _title(chance: random.Random, place: str, day: date) -> str:
    matter, body = chance.choice(MATTERS), chance.choice(BODIES)
    number, other = chance.randint(1, 40), day - timedelta(days=chance.randint(20, 400))
    return chance.choice(
        (
            f"{chance.choice(LEADERS)}{chance.choice(DOINGS)}{matter}",
            f"{place}人民政府办公室关于印发《{place}{matter}{chance.choice(PAPERS)}》的通知",
            f"{place}{body}关于{matter}的公示（第{number}批）",
            f"{place}{body}{other.year}年度{chance.choice(('法治政府建设', '部门决算', '工作总结'))}情况报告",
            f"{place}{body}{other.year}年{other.month}月{other.day}日行政处罚信息公开",
            f"{place}召开{matter}推进会",
            f"关于做好{matter}的通知（{other.year}年第{number}号）",
            f"{body}：{matter}纪实",
        )
    )


def listed(
    found: Sequence[Entry], *, page: tuple[str, ...] = ("listing",), next_url: str | None = None, dated: bool = True
) -> Want:
    """The answers for a page that shows exactly these entries."""
    days = [each.iso for each in found] if dated else []
    return Want(
        page,
        len(found),
        max(days, default=None),
        min(days, default=None),
        found[0].title if found else None,
        found[-1].title if found else None,
        next_url,
    )


def prose(seed: int, paragraphs: int = 5, tag: str = "p") -> str:
    """Paragraphs that name days as texts do: meetings, deadlines, laws."""
    chance = random.Random(seed)
    texts = ["".join(chance.sample(SENTENCES, 3)) for _ in range(paragraphs)]
    texts[0] = f"　　{chance.randint(1, 12)}月{chance.randint(1, 28)}日，" + texts[0]
    texts[1] += "根据2027年1月1日起施行的有关规定，报名截止时间：2027年3月15日17:30。"
    return "".join(f'<{tag} style="text-indent:2em">{text}</{tag}>\n' for text in texts)
