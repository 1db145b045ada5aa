"""The list of portals, and one portal's page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from gkmonitor.accounts.permissions import Permission
from gkmonitor.concepts import all_concepts
from gkmonitor.cycles.records import Inspection
from gkmonitor.judging import PROFILE_NAMES
from gkmonitor.ledger.records import State
from gkmonitor.records import Profile
from gkmonitor.registry.records import PortalEntry, PortalState
from gkmonitor.registry.words import field_words, in_chinese
from gkmonitor.reports.column_tree import MARK_WORDS, build_tree
from gkmonitor.reports.wording import CHECKS, TEXT_CHANGES
from gkmonitor.storage import Session
from gkmonitor.storage.cases import list_cases
from gkmonitor.storage.contacts import contacts_of
from gkmonitor.storage.exemptions import all_exemptions_of, delegations_of
from gkmonitor.storage.inspections import inspections_of_portal, newest_held
from gkmonitor.storage.items import redated_items
from gkmonitor.storage.overview import LIVE
from gkmonitor.storage.portal_pages import NewestLook, PortalFilter, PortalLine, list_portals, portal_state, regions
from gkmonitor.storage.probes import probe_days
from gkmonitor.storage.registry_changes import history_of
from gkmonitor.web.acts.portals import visible
from gkmonitor.web.desk import Desk, desk
from gkmonitor.web.exporting import export
from gkmonitor.web.pages import render
from gkmonitor.web.unit_choice import choose_unit
from gkmonitor.web.views.overview import rule_titles
from gkmonitor.web.visiting import Viewer, Visitor

router = APIRouter()
LIST: Final = "/portals"
ONE: Final = "/portals/{portal_id:int}"
RUN: Final = re.compile(r"\d{4}-\d\d-\d\d/desk/\d{1,10}-\d{6}")
DAYS: Final = 90
_CASES: Final = 50
_LOOKS: Final = 30
_CHANGES: Final = 50
_REDATED: Final = 50
_FAILURES: Final = {"permanent": "打不开（网址失效）", "transient": "打不开（暂时）", "blocked": "被拦截"}
_LOOK_STATES: Final = {"done": "完成", "held": "疑似改版", "waiting": "等待", "running": "进行中", "failed": "待再试"}
CHANGE_NAMES: Final = {
    "imported": "登记",
    "edited": "修改",
    "renamed": "改名",
    "moved": "换网址",
    "paused": "暂停",
    "resumed": "恢复",
    "retired": "停用",
    "exempted": "登记豁免",
    "exemption_withdrawn": "撤销豁免",
    "delegated": "登记委托公开",
    "delegation_withdrawn": "撤销委托公开",
    "contact_added": "增加联系人",
    "contact_removed": "删除联系人",
}
Word = Annotated[str, Query(max_length=300)]


# ---------------------------------------------------------------- the list


@router.get(LIST)
def portals(
    request: Request,
    who: Viewer,
    q: Word = "",
    unit: Word = "",
    region: Word = "",
    profile: Word = "",
    state: Word = "",
    sort: Word = "",
    after: Word = "",
    format: Word = "",  # noqa: A002 - the word of every list's address
) -> Response:
    """Portals that match, a part at a time; ``format``: all of them as a file."""
    here = desk(request)
    words = {"q": q, "unit": unit, "region": region, "profile": profile, "state": state, "sort": sort}
    with here.database.reading() as session:
        units = choose_unit(session, unit)
        wanted = PortalFilter(
            q=q,
            unit_id=units.unit_id,
            region=region,
            profile=profile,
            state=state,
            sort="name" if sort == "name" else "id",
            within=who.portals,
        )
        page = list_portals(session, wanted, today=here.today, after=after or None, limit=None if format else 50)
        if format:
            return export([_row(line, here) for line in page.lines], _HEADS, format, f"网站-{here.today}")
        known_regions = regions(session)
    given = {name: value for name, value in words.items() if value}
    address = f"{LIST}?{urlencode(given)}" if given else LIST
    following = f"{LIST}?{urlencode({**given, 'after': page.after})}" if page.after else None
    pager = {
        "first": address if after else None,
        "next": following,
        "words": f"共 {page.total:,} 个，本页 {len(page.lines)} 个",
    }
    return render(
        request,
        "portals.html",
        lines=page.lines,
        standing=",".join((State.SUSPECTED, *LIVE)),
        words=words,
        address=address,
        pager=pager,
        units=units,
        regions=[(one, one) for one in known_regions],
        profiles=[(one.value, PROFILE_NAMES[one]) for one in Profile],
        profile_names=_profile_names(),
        states=[(one.value, in_chinese("states", one)) for one in PortalState],
        state_names={one.value: in_chinese("states", one) for one in PortalState},
        look_words=look_words,
        may_review=who.may(Permission.REVIEW),
    )


def _profile_names() -> dict[str, str]:
    return {one.value: PROFILE_NAMES[one] for one in Profile}


_HEADS: Final = (
    *("编号", "网站名称", "网址", "网站标识码", "主管单位", "地区", "类型", "状态"),
    *("最近检查", "检查结果", "单项否决", "扣分", "疑似", "近 7 天可用率"),
)


def _row(line: PortalLine, here: Desk) -> Sequence[object]:
    entry, newest = line.entry, line.newest
    return (
        entry.id,
        entry.name,
        entry.url,
        entry.site_id_code,
        entry.unit,
        entry.region,
        PROFILE_NAMES[entry.profile] if entry.profile else None,
        in_chinese("states", entry.state),
        newest.observed_at.astimezone(here.zone) if newest else None,
        look_words(newest),
        line.opened["veto"],
        line.opened["deduction"],
        line.suspected,
        f"{line.up_share:.1%}" if line.up_share is not None else None,
    )


def look_words(look: NewestLook | Inspection | None) -> str:
    """How an inspection ended, in a few words."""
    if look is None:
        return "尚未检查"
    if look.failure is not None:
        return _FAILURES.get(look.failure.value, look.failure.value)
    return _LOOK_STATES.get(look.state.value, look.state.value)


# ---------------------------------------------------------------- one portal


@router.get(ONE)
def portal(request: Request, who: Viewer, portal_id: int, run: Word = "") -> Response:
    """``run``: the cycle of a check that somebody has just asked for."""
    here = desk(request)
    with here.database.reading() as session:
        entry = visible(session, who, portal_id)
        context = _context(session, here, who, entry)
    return render(request, "portal.html", entry=entry, run=run if RUN.fullmatch(run) else "", **context)


def _context(session: Session, here: Desk, who: Visitor, entry: PortalEntry) -> Mapping[str, Any]:
    state = portal_state(session, entry.id)
    as_of = state.look.as_of if state.look is not None else here.today
    open_states = [*LIVE, State.SUSPECTED, State.EXEMPT]
    probed = probe_days(session, entry.id, here.today - timedelta(days=DAYS - 1), here.today)
    concepts = {slug: concept.name_zh for slug, concept in all_concepts().items()}
    return {
        "look": state.look,
        "tree": build_tree(state.columns, state.verdicts, as_of),
        "mark_words": MARK_WORDS,
        "as_of": as_of,
        "days": _days(probed, here.today),
        "looks": inspections_of_portal(session, entry.id, _LOOKS),
        "look_words": look_words,
        "changes": _changes(session, entry.id),
        "cases": list_cases(session, states=open_states, portals=[entry.id], limit=_CASES),
        "exemptions": all_exemptions_of(session, entry.id),
        "delegations": delegations_of(session, entry.id),
        "concepts": concepts,
        "contacts": contacts_of(session, entry.id) if who.may(Permission.MANAGE_REGISTRY) else [],
        "held": newest_held(session, entry.id),
        "redated": redated_items(session, entry.id)[:_REDATED],
        "rule_titles": rule_titles(),
        "check_words": CHECKS,
        "text_words": TEXT_CHANGES,
        "profile_name": PROFILE_NAMES[entry.profile] if entry.profile else "",
        "level_name": in_chinese("levels", entry.level) if entry.level else "",
        "state_name": in_chinese("states", entry.state),
        "channel_names": _CHANNELS,
        "today": here.today,
        "may_review": who.may(Permission.REVIEW),
        "may_schedule": who.may(Permission.MANAGE_SCHEDULE),
        "may_register": who.may(Permission.MANAGE_REGISTRY),
    }


_CHANNELS: Final = {"mail": "邮箱", "phone": "电话", "wecom": "企业微信", "dingtalk": "钉钉", "feishu": "飞书"}


def _days(probed: Sequence[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    """One entry a day of the last 90, with what share of the valid probes was answered; None: not probed."""
    known = {one["day"]: one for one in probed}
    days = []
    for number in range(DAYS - 1, -1, -1):
        day = today - timedelta(days=number)
        one = known.get(day)
        up = one["up"] + one["blocked"] if one else 0
        valid = up + one["down"] if one else 0
        share = up / valid if valid else None
        days.append({"day": day, "share": share, "down": one["down"] if one else 0, "valid": valid, **_level(share)})
        days[-1]["slowest"] = one["slowest_milliseconds"] if one else None
    return days


def _level(share: float | None) -> dict[str, str]:
    """The lines of the rule: 3 % of failures warn, 5 % are a fault (over a week, which this day is only a part of)."""
    if share is None:
        return {"level": "none", "words": "未监测"}
    if share > 0.97:
        return {"level": "up", "words": "正常"}
    return {"level": "near", "words": "不可用超过 3%"} if share > 0.95 else {"level": "down", "words": "不可用达到 5%"}


def _changes(session: Session, portal_id: int) -> list[dict[str, Any]]:
    shown = []
    for change in reversed(history_of(session, portal_id=portal_id)[-_CHANGES:]):
        before = change.before
        fields = [
            (*field_words(name, value), field_words(name, before[name])[1] if name in before else "")
            for name, value in change.after.items()
            if name != "id"
        ]
        kind = CHANGE_NAMES.get(change.kind.value, change.kind.value)
        shown.append({"at": change.at, "actor": change.actor, "kind": kind, "reason": change.reason, "fields": fields})
    return shown
