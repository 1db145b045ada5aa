"""Judge one portal's facts against rule packs, for one day. Pure: no network, no clock, no storage."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from typing import Any

from gkmonitor.allowing import allow
from gkmonitor.checking import REASON_WORDS, Check, PortalView, Undecided, load_checks, registered_checks
from gkmonitor.records import ColumnFacts, History, PortalFacts, Profile, Reason, Subject, Verdict
from gkmonitor.rules import Rule, RulePack
from gkmonitor.units import is_one_of

_log = logging.getLogger(__name__)

# A home page in one of these states shows nothing of the portal; one that a script fills still has columns to judge.
_NOTHING_SEEN = frozenset(
    {
        Reason.BLOCKED,
        Reason.LOGIN_REQUIRED,
        Reason.UNREACHABLE,
        Reason.NOT_OBSERVED,
        Reason.ROBOTS,
        Reason.BUDGET_SPENT,
        Reason.CRASHED,
        Reason.WRONG_PAGE,
    }
)

_BODIES = (Profile.DEPARTMENT, Profile.ENTERPRISE)  # a rule may bind some of these by name

PROFILE_NAMES: dict[Profile, str] = {
    Profile.PROVINCE_PORTAL: "省级政府门户网站",
    Profile.CITY_PORTAL: "市级政府门户网站",
    Profile.COUNTY_PORTAL: "县级政府门户网站",
    Profile.TOWNSHIP_PAGE: "乡镇（街道）页面",
    Profile.DEPARTMENT: "部门网站",
    Profile.ENTERPRISE: "公共企事业单位网站",
}


class Judge:
    """Judges facts by the rules of ``packs`` as they stand on ``as_of``.

    ``units``: names of the bodies below the portal's government, where a list of them is known.

    >>> Judge([load_pack("national-2019-19")], date(2026, 11, 22)).judge(facts)  # doctest: +SKIP
    """

    def __init__(self, packs: Sequence[RulePack], as_of: date, units: Sequence[str] = ()) -> None:
        load_checks()
        self.packs = tuple(packs)
        self.as_of = as_of
        self.units = tuple(units)
        known = registered_checks()
        asked = [(rule, known[rule.check]) for pack in self.packs for rule in pack.rules]
        self._rule_ids = [rule.id for rule, _ in asked]
        self._asked: list[tuple[Rule, type[Check]]] = sorted(asked, key=lambda pair: pair[1].counts)

    def judge(self, facts: PortalFacts, history: History | None = None) -> list[Verdict]:
        """Every rule's verdicts, at least one a rule, in the order of packs and rules.

        ``history``: what is known besides this crawl; registered exemptions turn accusations into excuses before the
        counting rules look.
        """
        portal = PortalView(facts, self.as_of, history, units=self.units)
        for rule, check in self._asked:  # those that count the others' answers come last
            portal.answers[rule.id] = allow(self._answers(check(rule, portal)), history, self.as_of)
        return [verdict for rule_id in self._rule_ids for verdict in portal.answers[rule_id]]

    def _answers(self, check: Check) -> list[Verdict]:
        early = self._early_answer(check)
        if early is not None:
            return [early]
        verdicts: list[Verdict] = []
        try:
            for subject in check.subjects():
                verdicts.extend(_answers_on(check, subject))
        except Exception as exc:
            verdicts.append(_crashed(check, None, exc))
        return verdicts or [_nothing_to_judge(check)]

    def _early_answer(self, check: Check) -> Verdict | None:
        """The answer that needs no look at any subject: nothing was seen, or the rule does not bind here and now."""
        rule, facts = check.rule, check.facts
        if check.needs_home and facts.home.state in _NOTHING_SEEN:
            assert facts.home.state is not None
            detail = facts.home.detail or REASON_WORDS[facts.home.state]
            return check.undecided(None, facts.home.state, f"首页未能读取（{detail}），无法判断")
        if not rule.is_in_force(self.as_of):
            return check.not_applicable(f"本条在 {self.as_of.isoformat()} 不适用")
        binds = rule.binds(facts.site.profile)
        if binds is None:
            names = "、".join(PROFILE_NAMES[p] for p in Profile if p in rule.profiles)
            return check.undecided(
                None, Reason.AMBIGUOUS, f"本条只适用于{names}；本站类型不明，请用 --profile 指明后再判断"
            )
        if not binds:
            assert facts.site.profile is not None
            return check.not_applicable(f"本条不适用于{PROFILE_NAMES[facts.site.profile]}")
        return _other_unit(check)


def _other_unit(check: Check) -> Verdict | None:
    """The answer on the site of a body that is not, or may not be, one of those that the rule names."""
    rule, site = check.rule, check.facts.site
    if not rule.units or site.profile not in _BODIES:
        return None
    units = "、".join(rule.units)
    is_named = is_one_of(rule.units, (site.name, site.organizer))
    if is_named is None:
        return check.undecided(None, Reason.AMBIGUOUS, f"本条只约束{units}；本站的单位名称不明，未作判断")
    return None if is_named else check.not_applicable(f"本条只约束{units}，不约束本站的单位")


def _answers_on(check: Check, subject: Any) -> list[Verdict]:
    verdicts: list[Verdict] = []
    about = subject if isinstance(subject, ColumnFacts | Subject) else None
    try:
        verdicts.extend(check.judge(subject))
    except Undecided as answer:
        verdicts.append(check.undecided(about, answer.reason, answer.message, quote=answer.quote, latest=answer.latest))
    except Exception as exc:  # a plugin boundary: the failure is kept as an answer
        verdicts.append(_crashed(check, about, exc))
    return verdicts


def _crashed(check: Check, about: ColumnFacts | Subject | None, exc: Exception) -> Verdict:
    _log.error("%s crashed", check.rule.id, exc_info=exc)
    return check.undecided(
        about, Reason.CRASHED, f"检查 {check.rule.id} 运行出错（{type(exc).__name__}），未作判断，请向维护者报告"
    )


def _nothing_to_judge(check: Check) -> Verdict:
    """No subject gave an answer: nothing of the kind is there, or not enough of the portal was seen to say so."""
    facts = check.facts
    if not facts.columns:
        return check.undecided(None, Reason.NOT_OBSERVED, "未发现任何栏目，无法判断")
    if check.portal.is_cut:
        return check.undecided(None, Reason.BUDGET_SPENT, "检查未完成，已看到的部分没有相关栏目，无法判断")
    return check.not_applicable("网站上没有本条所指的栏目（栏目是否应当设置由其他规则判断）")
