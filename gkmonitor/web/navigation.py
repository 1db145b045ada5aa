"""The desk's navigation: what exists and what the visitor may open, in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from fastapi import FastAPI

from gkmonitor.accounts.permissions import Permission
from gkmonitor.web.routes import every_route
from gkmonitor.web.visiting import Visitor


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; it is shown where a page answers at ``path``."""

    title: str
    path: str
    permission: Permission


ENTRIES: Final = (
    Entry("总览", "/overview", Permission.VIEW),
    Entry("网站", "/portals", Permission.VIEW),
    Entry("问题", "/violations", Permission.VIEW),
    Entry("任务", "/tasks", Permission.VIEW),
    Entry("月报", "/month", Permission.VIEW),
    Entry("规则", "/rules", Permission.VIEW),
    Entry("批次与计划", "/cycles", Permission.VIEW),
    Entry("登记簿", "/registry", Permission.MANAGE_REGISTRY),
    Entry("我的问题", "/my/violations", Permission.ANSWER),
    Entry("我的网站", "/my/portals", Permission.ANSWER),
    Entry("整改通知", "/my/notices", Permission.ANSWER),
    Entry("账号", "/accounts", Permission.ADMINISTER),
    Entry("审计", "/audit", Permission.ADMINISTER),
)


def navigation(app: FastAPI, who: Visitor | None) -> tuple[Entry, ...]:
    """The entries for this visitor; () for nobody."""
    if who is None:
        return ()
    there = _paths(app)
    return tuple(one for one in ENTRIES if one.path in there and who.may(one.permission))


@lru_cache(maxsize=4)
def _paths(app: FastAPI) -> frozenset[str]:
    return frozenset(route.path for route in every_route(app) if "GET" in route.methods)
