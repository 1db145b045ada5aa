"""Permissions, and which role has which."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from gkmonitor.accounts.records import Role


class Permission(StrEnum):
    """What a page, a form or a call of the API asks for. Also the scopes of API tokens."""

    VIEW = "view"  # everything of every portal
    REVIEW = "review"  # confirm, dismiss, notify, close, add findings, do tasks
    ANSWER = "answer"  # a unit: its own portals and violations, answers, asks for a recheck
    MANAGE_REGISTRY = "manage-registry"
    MANAGE_SCHEDULE = "manage-schedule"  # inspect now, change schedules, release what was held
    SIGN_FIGURES = "sign-figures"  # figures that the ledger cannot give
    ISSUE = "issue"  # freeze a month's notice
    ADMINISTER = "administer"  # accounts and the audit


PERMISSION_NAMES: Final = {
    Permission.VIEW: "查看全部网站和问题",
    Permission.REVIEW: "确认、排除、通知和办结问题",
    Permission.ANSWER: "查看和答复本单位的问题",
    Permission.MANAGE_REGISTRY: "维护网站登记簿",
    Permission.MANAGE_SCHEDULE: "安排检查和计划",
    Permission.SIGN_FIGURES: "填报并签认人工数据",
    Permission.ISSUE: "印发月度通报",
    Permission.ADMINISTER: "管理账号、查看审计",
}

_OF_INSPECTORS: Final = frozenset(
    {
        Permission.VIEW,
        Permission.REVIEW,
        Permission.MANAGE_REGISTRY,
        Permission.MANAGE_SCHEDULE,
        Permission.SIGN_FIGURES,
    }
)
PERMISSIONS: Final = {
    Role.ADMINISTRATOR: _OF_INSPECTORS | {Permission.ISSUE, Permission.ADMINISTER},
    Role.INSPECTOR: _OF_INSPECTORS,
    Role.VIEWER: frozenset({Permission.VIEW}),
    # Not VIEW: a page that forgets to narrow what it shows must not be open to units.
    Role.UNIT: frozenset({Permission.ANSWER}),
}


def permissions_of(role: Role) -> frozenset[Permission]:
    """What the role may do."""
    return PERMISSIONS[role]


def scopes_of(words: Iterable[str], role: Role) -> frozenset[Permission]:
    """What a token with these scopes may do: never more than its account; unknown words give nothing."""
    return frozenset(one for one in permissions_of(role) if one.value in set(words))
