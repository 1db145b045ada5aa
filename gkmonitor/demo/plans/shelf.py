"""Healthy sets of columns for government portals, departments and townships, and how to change one column of a set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from gkmonitor.demo.plan import Column, Entry, Kind
from gkmonitor.demo.wording import entries, spaced, yearly

Columns = tuple[Column, ...]

GUIDE_WORDS = (
    "为方便公民、法人和其他组织获取政府信息，编制本指南。一、公开内容及分类：按机构职能、政策文件、财政信息等分类。"
    "二、获取方式：本网站及政务服务大厅查阅点。三、受理机构：政务公开办公室，办公地址：中心路1号，办公时间：工作日"
    "8:30-17:30，联系电话：0990-6660123，传真号码：0990-6660124，电子邮箱：gk@example.gov.cn。"
)
RULES_WORDS = "为规范政府信息公开工作，依据《中华人民共和国政府信息公开条例》，制定本制度。第一条 公开应当及时、准确。"
REQUEST_WORDS = "申请人可以通过信函、当面、网上提交等方式提出政府信息公开申请。申请表可在本页下载，自收到之日起答复。"
ORGANISATION_WORDS = "贯彻执行有关方针政策，编制并组织实施发展规划。办公地址：中心路1号。办公时间：工作日8:30-17:30。"
LEADER_WORDS = "张禾，主持全面工作。李溪，分管财政、审计。王岭，分管农业农村、水利。"
SERVICE_WORDS = "办事服务统一由政务服务大厅和网上服务平台提供，可按部门、按主题查询事项。"
MAILBOX_WORDS = "欢迎通过本信箱提出咨询、意见和建议，我们将在规定时限内答复。姓名、联系电话、来信内容为必填项。"

KEY_AREAS = (
    ("zdxm", "重大建设项目"),
    ("ggzy", "公共资源交易"),
    ("zfbz", "保障性住房"),
    ("spyp", "食品药品安全"),
    ("hjbh", "环境保护"),
    ("aqsc", "安全生产"),
    ("jghsf", "价格和收费"),
    ("zdcq", "征地拆迁"),
    ("jy", "教育"),
    ("shjz", "社会救助"),
    ("jycy", "就业创业"),
    ("ylws", "医疗卫生"),
    ("yjgl", "应急管理"),
)


def listing(name: str, slug: str, items: Sequence[Entry], **more: object) -> Column:
    return replace(Column(name, slug, tuple(items)), **more)  # type: ignore[arg-type]


def text(name: str, slug: str, words: str) -> Column:
    return Column(name, slug, kind=Kind.ARTICLE, words=words)


def section(name: str, slug: str, *children: Column) -> Column:
    return Column(name, slug, children=children, kind=Kind.SECTION)


def news(place: str, first: int = 1, count: int = 24, name: str = "本地要闻", slug: str = "bdyw") -> Column:
    return listing(name, slug, entries("news", place, spaced(first, 3, count)))


def notices(place: str, first: int = 6, name: str = "通知公告", slug: str = "tzgg") -> Column:
    return listing(name, slug, entries("notices", place, spaced(first, 17, 12)))


def policies(place: str, first: int = 30, name: str = "政策文件", slug: str = "zcwj") -> Column:
    return listing(name, slug, entries("policy", place, spaced(first, 36, 8)))


def interpretations(place: str, first: int = 28) -> Column:
    return listing("政策解读", "zcjd", entries("interpretation", place, spaced(first, 36, 6)))


def plans(place: str, first: int = 90) -> Column:
    return listing("规划计划", "ghjh", entries("plans", place, spaced(first, 180, 4)))


def statistics(place: str, first: int = 12) -> Column:
    return listing("统计信息", "tjxx", entries("statistics", place, spaced(first, 31, 8)))


def personnel(place: str, first: int = 40) -> Column:
    return listing("人事信息", "rsxx", entries("personnel", place, spaced(first, 60, 5)))


def budgets(place: str, name: str = "财政预决算", slug: str = "czyjs") -> Column:
    budget = yearly("budget", place, 3, 6, (2026, 2025, 2024))
    accounts = yearly("accounts", place, 9, 24, (2026, 2025, 2024))
    items = sorted((*budget, *accounts), key=lambda entry: entry.day, reverse=True)
    return listing(name, slug, items)


def permits(place: str, first: int = 4, name: str = "行政许可公示", slug: str = "xzxk") -> Column:
    return listing(name, slug, entries("permits", place, spaced(first, 9, 10)))


def penalties(place: str, first: int = 5, name: str = "行政处罚公示", slug: str = "xzcf") -> Column:
    return listing(name, slug, entries("penalties", place, spaced(first, 11, 10)))


def annual_reports(place: str, last: int = 2026, name: str = "政府信息公开年报") -> Column:
    return listing(name, "zfxxgknb", yearly("report", place, 1, 26, tuple(range(last, last - 4, -1))))


def key_area(place: str, slug: str, topic: str, first: int = 8) -> Column:
    return listing(topic, slug, entries("key", place, spaced(first, 21, 7), topic=topic))


def double_publicity(place: str) -> Column:
    return section("双公示", "sgs", permits(place), penalties(place))


def platform(place: str, *more: Column) -> Column:
    """The disclosure column with its four blocks; ``more`` stands beside what the statute lists."""
    content = section(
        "法定主动公开内容",
        "fdzdgknr",
        text("机构职能", "jgzn", ORGANISATION_WORDS),
        text("负责人信息", "fzrxx", LEADER_WORDS),
        policies(place),
        interpretations(place),
        plans(place),
        statistics(place),
        personnel(place),
        budgets(place),
        double_publicity(place),
        *more,
    )
    return section(
        "政府信息公开",
        "zfxxgk",
        text("政府信息公开指南", "zfxxgkzn", GUIDE_WORDS),
        text("政府信息公开制度", "zfxxgkzd", RULES_WORDS),
        content,
        annual_reports(place),
        text("依申请公开", "ysqgk", REQUEST_WORDS),
    )


def interaction(place: str) -> Column:
    return section(
        "互动交流",
        "hdjl",
        text("领导信箱", "ldxx", MAILBOX_WORDS),
        listing("征集调查", "zjdc", entries("surveys", place, spaced(20, 40, 7))),
        listing("在线访谈", "zxft", entries("interviews", place, spaced(25, 60, 4))),
    )


def government(place: str) -> Columns:
    """A county's or city's portal with nothing wrong."""
    departments = news(place, 2, 18, "部门动态", "bmdt")
    return (
        section("新闻中心", "xwzx", news(place), departments),
        notices(place),
        platform(place, section("重点领域信息公开", "zdly", *(key_area(place, *each) for each in KEY_AREAS))),
        text("办事服务", "bsfw", SERVICE_WORDS),
        interaction(place),
        listing("政府网站工作年度报表", "wznb", yearly("site_report", place, 1, 19, (2026, 2025))),
    )


def department(place: str) -> Columns:
    """A department's own site with nothing wrong."""
    return (
        news(place, 2, 20, "工作动态", "gzdt"),
        notices(place),
        platform(place),
        text("办事服务", "bsfw", SERVICE_WORDS),
        interaction(place),
        listing("政府网站工作年度报表", "wznb", yearly("site_report", place, 1, 19, (2026, 2025))),
    )


def township(place: str) -> Columns:
    """A township's pages: a small disclosure column, no annual report this year, for none is asked of it."""
    return (
        news(place, 3, 15, "工作动态", "gzdt"),
        notices(place),
        section(
            "政府信息公开",
            "zfxxgk",
            text("政府信息公开指南", "zfxxgkzn", GUIDE_WORDS),
            text("政府信息公开制度", "zfxxgkzd", RULES_WORDS),
            section("法定主动公开内容", "fdzdgknr", text("机构职能", "jgzn", ORGANISATION_WORDS), policies(place)),
            annual_reports(place, 2025),
        ),
        listing("农业农村", "nync", entries("key", place, spaced(9, 20, 6), topic="惠农补贴")),
        text("领导信箱", "ldxx", MAILBOX_WORDS),
    )


# ---------------------------------------------------------------- changing a set


def changed(columns: Sequence[Column], slug: str, **fields: object) -> Columns:
    """The same set with some fields of one column set otherwise; an unknown slug is an error in the plan."""
    done, columns = _map(columns, slug, lambda column: (replace(column, **fields),))  # type: ignore[arg-type]
    if not done:
        raise KeyError(slug)
    return columns


def without(columns: Sequence[Column], *slugs: str) -> Columns:
    left = tuple(columns)
    for slug in slugs:
        done, left = _map(left, slug, lambda column: ())
        if not done:
            raise KeyError(slug)
    return left


def with_added(columns: Sequence[Column], slug: str, *added: Column) -> Columns:
    """The same set with further children under one column."""
    done, left = _map(columns, slug, lambda column: (replace(column, children=(*column.children, *added)),))
    if not done:
        raise KeyError(slug)
    return left


def _map(columns: Sequence[Column], slug: str, make: Callable[[Column], Columns]) -> tuple[bool, Columns]:
    """``make`` applied to the column of that slug, at whatever depth; and whether there was one."""
    done = False
    kept: list[Column] = []
    for column in columns:
        if column.slug == slug:
            done = True
            kept.extend(make(column))
            continue
        below_done, below = _map(column.children, slug, make)
        done = done or below_done
        kept.append(replace(column, children=below) if below_done else column)
    return done, tuple(kept)
