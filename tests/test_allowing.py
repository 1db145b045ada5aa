from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from facts_builder import AS_OF, column, items, only, pack_of, portal

from gkmonitor.judging import Judge
from gkmonitor.records import Allowance, Excuse, History, KnownColumn, Outcome, PortalFacts, Severity, Verdict
from gkmonitor.rules import load_pack

DOCUMENT = "青禾府办函〔2026〕8号"
DAY = timedelta(days=1)
BLANK = pack_of("column-blank")
MISSING = pack_of("column-missing", rest="concepts: [budget]")


def judged(facts: PortalFacts, *allowances: Allowance, pack=BLANK, **known) -> list[Verdict]:
    return Judge([pack], AS_OF).judge(facts, History(allowances=allowances, **known))


def empty_budget() -> PortalFacts:
    return portal(column("财政预决算", "fiscal", (), under=("政务公开",)))


@pytest.mark.parametrize(
    ("first", "last", "outcome"),
    [
        (AS_OF, AS_OF, Outcome.EXCUSED),
        (AS_OF - DAY, None, Outcome.EXCUSED),
        (AS_OF + DAY, None, Outcome.VIOLATION),
        (AS_OF - 9 * DAY, AS_OF - DAY, Outcome.VIOLATION),
    ],
)
def test_an_exemption_excuses_on_its_first_and_last_day_and_between(first, last, outcome) -> None:
    assert only(judged(empty_budget(), Allowance(DOCUMENT, first, last))).outcome is outcome


def test_an_exempted_violation_quotes_the_document_and_keeps_what_was_seen() -> None:
    verdict = only(judged(empty_budget(), Allowance(DOCUMENT, AS_OF)))
    assert verdict.reason is Excuse.EXEMPTION
    assert DOCUMENT in verdict.message
    assert "没有任何信息" in verdict.message


@pytest.mark.parametrize(
    ("narrowed", "outcome"),
    [
        ({"rule": "trial/it"}, Outcome.EXCUSED),
        ({"rule": "column-blank"}, Outcome.EXCUSED),
        ({"rule": "trial/other"}, Outcome.VIOLATION),
        ({"concept": "fiscal"}, Outcome.EXCUSED),
        ({"concept": "news"}, Outcome.VIOLATION),
        ({"path": ("政务公开", "财政 预决算")}, Outcome.EXCUSED),
        ({"path": ("财政预决算",)}, Outcome.VIOLATION),
        ({"rule": "trial/it", "concept": "news"}, Outcome.VIOLATION),
    ],
)
def test_an_exemption_excuses_only_what_it_names(narrowed, outcome) -> None:
    assert only(judged(empty_budget(), Allowance(DOCUMENT, AS_OF, **narrowed))).outcome is outcome


def test_an_exempted_column_does_not_count_towards_a_veto() -> None:
    pack = load_pack("national-2019-19")
    blank = [column(f"空栏目{number}", "news", (), under=("政务公开",)) for number in range(12)]
    facts = portal(*blank, column("工作动态", "news", items(AS_OF)))
    before = [v for v in Judge([pack], AS_OF).judge(facts) if v.check == "blank-count" and v.severity is Severity.VETO]
    after = [
        v
        for v in Judge([pack], AS_OF).judge(facts, History(allowances=(Allowance(DOCUMENT, AS_OF, concept="news"),)))
        if v.check == "blank-count" and v.severity is Severity.VETO
    ]
    assert [v.outcome for v in before] == [Outcome.VIOLATION]
    assert [v.outcome for v in after] == [Outcome.OK]


def test_a_delegated_column_is_not_missing() -> None:
    facts = portal(column("工作动态", "news", items(AS_OF)))
    assert only(judged(facts, pack=MISSING)).outcome is Outcome.VIOLATION
    verdict = only(judged(facts, pack=MISSING, delegated={"fiscal": "http://czj.qinghe.gov.cn/"}))
    assert verdict.reason is Excuse.DELEGATED
    assert "http://czj.qinghe.gov.cn/" in verdict.message


def test_without_a_registration_nothing_changes() -> None:
    assert only(judged(empty_budget())).outcome is Outcome.VIOLATION


def test_a_column_that_lost_its_items_says_when_it_still_had_them() -> None:
    seen = datetime(2026, 10, 3, 18, 0, tzinfo=UTC)
    known = KnownColumn("fiscal", ("政务公开", "财政预决算"), "http://x/", seen, seen, 12)
    verdict = only(judged(empty_budget(), columns={"key": known}))
    assert verdict.outcome is Outcome.VIOLATION
    assert "2026-10-03 检查时有 12 条信息" in verdict.message


def test_a_column_that_was_never_seen_with_items_says_nothing_of_them() -> None:
    seen = datetime(2026, 10, 3, 18, 0, tzinfo=UTC)
    known = KnownColumn("fiscal", ("政务公开", "财政预决算"), "http://x/", seen)
    assert "检查时" not in only(judged(empty_budget(), columns={"key": known})).message
