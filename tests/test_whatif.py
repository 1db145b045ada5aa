"""What a changed pack would answer on stored facts: what differs is the pack's doing and nothing else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from facts_builder import AS_OF, ago, column, item, portal, unread

from gkmonitor.cycles.recalling import keep_spot_check
from gkmonitor.office import OfficeChoices
from gkmonitor.records import History, Outcome, PortalFacts, Profile, Reason
from gkmonitor.rulebook import RulePack
from gkmonitor.rules import available_packs, parse_pack
from gkmonitor.settings import load_settings
from gkmonitor.storage import Database
from gkmonitor.storage.looks import count_looked_at, newest_looks
from gkmonitor.storage.models import CaseRow, FindingRow
from gkmonitor.storage.portals import add_portal, get_portal
from gkmonitor.storage.registry_changes import By
from gkmonitor.whatif import Change, ChangeKind, as_in_force, compare, look_ahead, replay, with_pack

PACK = """
id: office-news
version: "1"
title: 本办要闻更新要求
documents: [本办〔2026〕1号]
rules:
  - slug: news
    title: 要闻按期更新
    clause: 一
    words: 要闻栏目应当及时更新
    confidence: A
    check: column-stale
    severity: {severity}
    concepts: [news]
    params: {{max_age: {age}}}
"""


def pack(age: str = "P30D", severity: str = "deduction", **fields: object) -> RulePack:
    return replace(parse_pack(PACK.format(age=age, severity=severity), "office-news.yaml"), **fields)  # type: ignore[arg-type]


def news(days_old: int, name: str = "要闻") -> PortalFacts:
    return portal(column(name, "news", [item(ago(days_old))]))


def changes(facts: PortalFacts, changed: RulePack, *now: RulePack) -> list[Change]:
    return replay(facts, History(), facts.site, AS_OF, now or [pack()], changed, OfficeChoices())[1]


@pytest.mark.parametrize(
    ("old", "changed", "expected"),
    [
        (20, pack("P14D"), [ChangeKind.ACCUSED]),
        (14, pack("P14D"), []),  # the limit itself
        (15, pack("P14D"), [ChangeKind.ACCUSED]),
        (40, pack("P90D"), [ChangeKind.CLEARED]),
        (40, pack("P30D", "veto"), [ChangeKind.HEAVIER]),
        (40, pack("P30D", "advice"), [ChangeKind.LIGHTER]),
        (40, pack("P30D"), []),
    ],
)
def test_a_changed_limit_or_severity_tells_what_becomes_of_the_answer(old, changed, expected) -> None:
    assert [one.kind for one in changes(news(old), changed)] == expected


def test_a_change_carries_both_answers_with_their_reasons() -> None:
    (change,) = changes(news(20), pack("P14D"))
    assert change.rule == "office-news/news"
    assert change.before is not None
    assert change.before.outcome is Outcome.OK
    assert change.shown.outcome is Outcome.VIOLATION
    assert change.shown.subject.column == "要闻"


def test_what_could_not_be_read_is_not_accused_by_a_stricter_pack() -> None:
    facts = portal(unread("要闻", "news", Reason.BLOCKED))
    assert changes(facts, pack("P1D")) == []


def test_a_pack_that_is_new_accuses_where_no_pack_did_and_one_that_supersedes_clears() -> None:
    new = replace(pack("P14D"), id="office-other", rules=tuple(replace(r, pack="office-other") for r in pack().rules))
    kinds = {one.rule: one.kind for one in changes(news(40), replace(new, supersedes=("office-news",)))}
    assert kinds == {"office-news/news": ChangeKind.CLEARED, "office-other/news": ChangeKind.ACCUSED}


def test_a_pack_whose_days_have_not_come_changes_nothing_until_it_is_taken_as_in_force() -> None:
    later = pack("P14D", valid_from=AS_OF + timedelta(days=40))
    old = replace(pack(), id="older")
    assert changes(news(20), later, old) == []
    assert [one.kind for one in changes(news(20), as_in_force(later), old)] == [ChangeKind.ACCUSED]


def test_a_pack_of_another_region_binds_no_portal_here_and_says_so() -> None:
    facts = news(40)
    is_bound, found, same = replay(
        facts, History(), facts.site, AS_OF, [pack()], replace(pack("P1D"), id="far", region="53"), OfficeChoices()
    )
    assert not is_bound
    assert not found
    assert same


def test_the_changed_pack_takes_the_place_of_its_namesake() -> None:
    packs = list(available_packs().values())
    changed = replace(packs[0], version="neu")
    assert [one.id for one in with_pack(packs, changed)] == [one.id for one in packs]
    assert with_pack(packs, changed)[0].version == "neu"


def test_every_built_in_pack_replayed_against_itself_changes_nothing() -> None:
    facts = portal(
        column("要闻", "news", [item(ago(40))]), column("空栏目", "notices", []), profile=Profile.COUNTY_PORTAL
    )
    packs = list(available_packs().values())
    for one in packs:
        is_bound, found, same = replay(facts, History(), facts.site, AS_OF, packs, one, OfficeChoices())
        assert not found, one.id
        assert same > 0 or not is_bound


def test_answers_are_compared_by_rule_and_subject() -> None:
    assert compare({}, {}) == ([], 0)


def test_stored_facts_are_judged_again_and_nothing_is_written(database: Database) -> None:
    settings = load_settings()
    ids = []
    for number, old in enumerate((40, 20)):
        with database.writing() as session:
            values = {"name": f"青禾县第{number}站", "url": f"http://q{number}.example/", "profile": "county-portal"}
            ids.append(add_portal(session, values, (), By("测试", news(1).observed_at)))
        with database.reading() as session:
            entry = get_portal(session, ids[-1])
        keep_spot_check(database, settings, entry, news(old), AS_OF, now=news(1).observed_at)
    with database.reading() as session:
        seen = news(1).observed_at
        span = (seen - timedelta(days=1), seen + timedelta(days=1))
        assert count_looked_at(session, *span) == 2
        assert [one.portal_id for one in newest_looks(session, *span, limit=1)] == ids[:1]
        assert [one.portal_id for one in newest_looks(session, *span, after=ids[0], limit=9)] == ids[1:]
        assert newest_looks(session, span[1], span[1] + timedelta(days=9), limit=9) == []
        rows = session.query(FindingRow).count(), session.query(CaseRow).count()
        outlook = look_ahead(session, newest_looks(session, *span, limit=9), pack("P14D"), [pack()], OfficeChoices())
        assert rows == (session.query(FindingRow).count(), session.query(CaseRow).count())
    assert [[one.kind for one in replayed.changes] for replayed in outlook.replays] == [[], [ChangeKind.ACCUSED]]
    assert outlook.counts[ChangeKind.ACCUSED] == 1
    assert all(one.is_bound and one.as_of == AS_OF for one in outlook.replays)


def test_facts_that_are_kept_no_more_are_told_and_hinder_no_other_portal(database: Database) -> None:
    settings = load_settings()
    seen = news(1).observed_at
    with database.writing() as session:
        portal_id = add_portal(session, {"name": "青禾县", "url": "http://q.example/"}, (), By("测试", seen))
    with database.reading() as session:
        entry = get_portal(session, portal_id)
    keep_spot_check(database, settings, entry, news(20), AS_OF, now=seen)
    with database.reading() as session:
        look = newest_looks(session, seen - timedelta(days=1), seen + timedelta(days=1), limit=1)[0]
        gone = replace(look, facts_id=look.facts_id + 99)
        outlook = look_ahead(session, [gone, look], pack("P14D"), [pack()], OfficeChoices())
    assert outlook.replays[0].why_not
    assert not outlook.replays[0].changes
    assert [one.kind for one in outlook.replays[1].changes] == [ChangeKind.ACCUSED]
