"""The closed lists that the records speak in: outcomes, severities, reasons, excuses, profiles, kinds."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """The five answers a rule can give. Undecided counts on neither side."""

    OK = "ok"
    VIOLATION = "violation"
    EXCUSED = "excused"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How heavy a violation is; advice is a warning and never enters a notice."""

    VETO = "veto"
    DEDUCTION = "deduction"
    ADVICE = "advice"


class Reason(StrEnum):
    """Why a rule could not be judged: the closed list."""

    BLOCKED = "blocked"
    LOGIN_REQUIRED = "login_required"
    UNREACHABLE = "unreachable"
    SCRIPT_RENDERED = "script_rendered"
    UNDATED = "undated"
    AMBIGUOUS = "ambiguous"
    CALENDAR_INCOMPLETE = "calendar_incomplete"
    NOT_OBSERVED = "not_observed"
    ROBOTS = "robots"
    BUDGET_SPENT = "budget_spent"
    WRONG_PAGE = "wrong_page"
    EVENT_DATE_UNKNOWN = "event_date_unknown"
    CRASHED = "crashed"


class Excuse(StrEnum):
    """Why a fault that was seen is no violation: the closed list."""

    EXPLAINED_BLANK = "explained_blank"
    NIL_STATEMENT = "nil_statement"
    EXEMPTION = "exemption"
    DELEGATED = "delegated"
    ARCHIVE = "archive"


class Profile(StrEnum):
    """What kind of body a portal belongs to; rules bind profiles."""

    PROVINCE_PORTAL = "province-portal"
    CITY_PORTAL = "city-portal"
    COUNTY_PORTAL = "county-portal"
    TOWNSHIP_PAGE = "township-page"
    DEPARTMENT = "department"
    ENTERPRISE = "enterprise"


class PageKind(StrEnum):
    """What a page is, as read from the page alone."""

    HOME = "home"
    SECTION = "section"
    LISTING = "listing"
    ARTICLE = "article"
    CATALOGUE = "catalogue"
    BLOCKED = "blocked"
    SHELL = "shell"
    ERROR = "error"
    OTHER = "other"


class Match(StrEnum):
    """How surely a column's name states its concept; an unsure match never makes a violation."""

    EXACT = "exact"
    ALTERNATIVE = "alternative"
    UNSURE = "unsure"


class StatementKind(StrEnum):
    """What a sentence on a page explains."""

    EXPLAINED_BLANK = "explained_blank"  # 暂无相关信息, 本栏目无应公开内容 with a reason
    NIL_STATEMENT = "nil_statement"  # 本月无行政处罚
    UPGRADE = "upgrade"  # 网站改版升级公告, 建设中
    ARCHIVE = "archive"  # 历史专题, 本专题已归档
    MOVED = "moved"  # 本栏目已迁移至
    LOGIN = "login"  # 请登录后查看
