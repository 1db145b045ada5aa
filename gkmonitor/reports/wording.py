"""Chinese words for codes, and portal text made safe to show: shared by the terminal and the HTML page."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final
from urllib.parse import urlsplit

from gkmonitor.records import Excuse, Reason, Severity

SEVERITIES = {Severity.VETO: "单项否决", Severity.DEDUCTION: "扣分", Severity.ADVICE: "提醒"}

# What happened, and what a person can do about it.
REASONS: dict[Reason, tuple[str, str]] = {
    Reason.BLOCKED: ("被验证页或防火墙拦截", "请用浏览器人工核对，或请网站把巡查程序加入白名单"),
    Reason.LOGIN_REQUIRED: ("需要登录才能查看", "请用浏览器人工核对该栏目是否应当公开"),
    Reason.UNREACHABLE: ("打不开", "请稍后重试；一直打不开时先检查本机网络和代理"),
    Reason.SCRIPT_RENDERED: ("内容由脚本加载，页面里没有数据", "请用浏览器打开该栏目人工核对"),
    Reason.UNDATED: ("列表和文章都没有日期", "请人工核对最近更新时间"),
    Reason.AMBIGUOUS: ("所见内容有多种解释，不能确定", "请人工核对；网站类型不明时用 --profile 指明后再查"),
    Reason.CALENDAR_INCOMPLETE: ("缺少该年度的工作日历", "请管理员补充当年的工作日历"),
    Reason.NOT_OBSERVED: ("本次没有观测到，或一次观测看不出来", "需要连续监测，或由人工核对"),
    Reason.ROBOTS: ("网站的 robots.txt 不允许访问", "征得网站同意后设置 GKMONITOR_OBEY_ROBOTS=false 再查"),
    Reason.BUDGET_SPENT: ("页数或时间用完，没有查到", "用 --max-pages 加大页数后再查"),
    Reason.WRONG_PAGE: ("打开的不是这个栏目（跳转、错误页或别的网站）", "请点击核对该链接"),
    Reason.EVENT_DATE_UNKNOWN: ("不知道事项发生的日期", "请人工核对文书上的日期"),
    Reason.CRASHED: ("这条规则运行出错", "请把网址和规则编号报给维护者"),
}

EXCUSES = {
    Excuse.EXPLAINED_BLANK: "空白但有说明",
    Excuse.NIL_STATEMENT: "已声明没有应公开的事项",
    Excuse.EXEMPTION: "已登记免于检查，或网页已公告说明",
    Excuse.DELEGATED: "内容在其他平台公开",
    Excuse.ARCHIVE: "历史专题，不再更新",
}

PROFILE_SOURCES = {
    "given": "命令中指定",
    "name": "由网站名称推断",
    "organizer": "由主办单位推断",
    "domain": "由域名推断",
    "site_id_code": "由网站标识码推断",
}

CHECKS = {
    "site-unreachable": "网站能否打开",
    "home-not-updated": "首页更新",
    "column-missing": "应有栏目",
    "column-blank": "栏目是否空白",
    "column-stale": "栏目更新",
    "news-stale-count": "要闻、通知类栏目未更新个数",
    "other-stale-count": "应更新栏目未更新个数",
    "blank-count": "空白栏目个数",
    "due-date-missed": "按期公开",
    "unit-missing": "单位覆盖",
    "published-late": "公开时限",
    "reply-overdue": "留言答复",
    "no-consultation-channel": "咨询渠道",
    "guide-incomplete": "办事指南要素",
    "row-incomplete": "公示记录要素",
    "platform-block-missing": "公开平台四个板块",
    "mark-missing": "网站标识",
    "label-missing": "网页标签",
    "domain-nonconforming": "域名规范",
    "dead-link": "链接可用",
    "dead-attachment": "附件可用",
    "injected-content": "外来内容",
    "personal-data": "个人信息",
    "future-dated": "未来日期",
    "redated": "改动日期",
    "duplicate-items": "重复信息",
    "burst-upload": "突击更新",
}


def printable(text: object) -> str:
    """Portal text fit to show: no control, bidirectional or other invisible characters, white space joined.

    A title may carry terminal escapes or characters that turn the reading order round; neither may reach a reader.
    """
    text = str(text)
    if text.isprintable():  # nearly all text, and a tenth of the time
        return " ".join(text.split())
    kept = (c if unicodedata.category(c)[0] != "C" else " " if c in "\t\n\r\v\f" else "" for c in text)
    return " ".join("".join(kept).split())


TEXT_CHANGES: Final = {"unchanged": "正文未变", "changed": "正文或其页面有变化", "unknown": "正文未能比对"}


def redated_words(redated: Mapping[str, object] | None) -> str:
    """An item's earlier day, as evidence keeps it; nothing for an item that was never dated anew."""
    if not redated:
        return ""
    text = TEXT_CHANGES.get(str(redated["text"]), TEXT_CHANGES["unknown"])
    return f"此前的日期是 {printable(redated['before'])}，{text}"


def safe_link(url: str | None) -> str | None:
    """The address if a page may link to it: http or https with a host, nothing else."""
    if not url or printable(url) != url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and host else None


def local_time(moment: datetime, zone: tzinfo) -> str:
    """An instant as the portal's own clock shows it."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def plain_number(value: float) -> str:
    return f"{value:g}"
