"""What a month reads out of one inspection: counts, lines of the matrix of units, letters; and the data behind it."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from facts_builder import column, item, items, portal
from hypothesis import given
from hypothesis import strategies as st
from ledger_builder import BASIS, verdict

from checks.unit_papers import UnitPaper, coverage_lines
from gkmonitor.checking import load_checks, registered_checks
from gkmonitor.concepts import all_concepts
from gkmonitor.facts import dump_facts, dump_facts_text
from gkmonitor.ledger.subjects import key_of
from gkmonitor.monthly.digests import digest_of, dump_digest, load_digest
from gkmonitor.monthly.estimating import draw_samples, wilson
from gkmonitor.monthly.inputs import Inspected, Letters, PortalMonth, UnitLine, VetoAnswer, month_before, window_of
from gkmonitor.monthly.reading import has_letters, inspected_of, letters_of
from gkmonitor.monthly.records import Portal
from gkmonitor.monthly.statistics import number_of
from gkmonitor.monthly.words import indicator_of, month_words
from gkmonitor.records import Details, Evidence, Excuse, Letter, Outcome, Profile, Reason, Severity, Subject, Verdict
from gkmonitor.verdicts import verdict_object

SEEN = datetime(2026, 11, 30, 1, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def read(*verdicts: Verdict) -> Inspected:
    """As it is read at once, and as its digest says it."""
    objects = [verdict_object(one) for one in verdicts]
    kept = load_digest(dump_digest(objects), 1, SEEN)
    assert kept == digest_of(1, SEEN, objects)
    assert kept.inspected == inspected_of(1, SEEN, objects)
    return kept.inspected


def about(name: str, concept: str = "news") -> Subject:
    return Subject(concept, name, f"http://qinghe.example/{name}/", ("首页", name))


# ---------------------------------------------------------------- verdicts


def test_advice_counts_nowhere() -> None:
    found = read(verdict(severity=Severity.ADVICE), verdict(Outcome.UNDECIDED, severity=Severity.ADVICE))
    assert (found.checks, found.undecided, found.concepts, found.columns_due) == ((), (), (), 0)


def test_the_worst_answer_on_a_concept_stands() -> None:
    answers = [Outcome.OK, Outcome.EXCUSED, Outcome.UNDECIDED, Outcome.VIOLATION]
    for place, worst in enumerate(answers):
        seen = [verdict(one, subject=about(f"栏目{n}")) for n, one in enumerate(answers[: place + 1])]
        seen = [replace(one, reason=Reason.UNDATED) for one in seen]
        assert read(*seen).concepts == (("news", worst.value),)


def test_columns_due_are_counted_by_their_address_and_only_where_decided() -> None:
    found = read(
        verdict(Outcome.OK, subject=about("甲")),
        verdict(Outcome.VIOLATION, subject=about("甲"), rule="other/column-stale"),
        verdict(Outcome.VIOLATION, subject=about("乙")),
        verdict(Outcome.UNDECIDED, subject=about("丙"), reason=Reason.UNDATED),
        verdict(Outcome.NOT_APPLICABLE, subject=about("丁")),
    )
    assert found.columns_due == 2


def test_vetoes_keep_the_key_of_what_they_accuse() -> None:
    accused = Verdict("p/home", "home-not-updated", Outcome.VIOLATION, Severity.VETO, BASIS, "首页")
    passed = replace(accused, rule="p/up", outcome=Outcome.OK)
    bound_not = replace(accused, rule="p/not", outcome=Outcome.NOT_APPLICABLE)
    found = read(accused, passed, bound_not)
    assert found.vetoes == (
        VetoAnswer("p/home", "violation", None, ""),
        VetoAnswer("p/up", "ok"),
        VetoAnswer("p/not", "not_applicable"),
    )


def test_lines_of_the_units_are_read_as_the_check_writes_them() -> None:
    papers = column("部门预算", "budget", items())
    paper = item("2026-02-11", "青禾县教育局2026年部门预算")
    old = item("2025-02-11", "青禾县财政局2025年部门预算")
    seen = [UnitPaper(paper, papers, 2026, ("青禾县教育局",)), UnitPaper(old, papers, 2025, ("青禾县财政局",))]
    units = ("青禾县教育局", "青禾县财政局", "青禾县民政局")
    lines = list(coverage_lines(units, seen, 2026, {"青禾县民政局": "涉密单位"}))
    evidence = tuple(Evidence("http://qinghe.example/", SEEN, None, line.words) for line in lines)
    told = verdict(check="unit-missing", severity=Severity.ADVICE, subject=about("部门预算", "budget"))
    assert set(read(replace(told, evidence=evidence)).unit_lines) == {
        UnitLine("budget", "青禾县教育局", 2026, "ok"),
        UnitLine("budget", "青禾县教育局", 2025, "undecided"),
        UnitLine("budget", "青禾县财政局", 2026, "undecided"),
        UnitLine("budget", "青禾县财政局", 2025, "ok"),
        UnitLine("budget", "青禾县民政局", 2026, "excused"),
        UnitLine("budget", "青禾县民政局", 2025, "undecided"),
    }


# ---------------------------------------------------------------- letters


def letter(number: int, submitted: str | None, replied: str | None = None, is_answered: bool | None = None) -> Letter:
    days = [date.fromisoformat(day) if day else None for day in (submitted, replied)]
    return Letter(f'来信“{number}”"letters":[', f"http://qinghe.example/{number}", *days, is_answered)


LETTERS = (
    letter(1, "2026-11-01", "2026-11-03"),
    letter(2, "2026-11-30", None, False),
    letter(3, "2026-11-15"),
    letter(4, "2026-10-31", "2026-11-02"),
    letter(5, "2026-12-01"),
    letter(6, None, None, True),
)


def test_letters_of_the_month_are_read_from_stored_facts_each_once() -> None:
    boxes = [column(name, "consultation", None, details=Details(letters=LETTERS)) for name in ("县长信箱", "来信选登")]
    facts = portal(*boxes)
    assert letters_of(dump_facts_text(facts), FIRST, LAST) == Letters(received=3, answered=1, unanswered=1)


def test_letters_are_read_from_facts_with_blanks_between_keys_too() -> None:
    facts = portal(column("县长信箱", "consultation", None, details=Details(letters=LETTERS)))
    assert letters_of(json.dumps(dump_facts(facts), default=str), FIRST, LAST) == Letters(3, 1, 1)


def test_without_a_list_of_letters_nothing_is_known() -> None:
    assert letters_of(dump_facts_text(portal(column("要闻", "news", items()))), FIRST, LAST) is None
    assert not has_letters([verdict_object(verdict())])
    assert has_letters([verdict_object(verdict(Outcome.OK, check="reply-overdue"))])


# ---------------------------------------------------------------- digests


def test_another_reading_is_known_by_another_number() -> None:
    """Where this fails, what a month reads has changed: raise ``READING``, or digests of the old kind are taken."""
    veto = verdict(Outcome.VIOLATION, severity=Severity.VETO)
    seen = [veto, verdict(Outcome.UNDECIDED, subject=about("甲", "budget"), reason=Reason.BLOCKED)]
    seen += [verdict(Outcome.EXCUSED, subject=about("乙"), reason=Excuse.EXEMPTION), verdict(check="reply-overdue")]
    body = dump_digest([verdict_object(one) for one in seen])
    assert json.loads(zlib.decompress(body)) == [
        *(1, True, [["national-2019-19/column-stale", "violation", None, key_of(veto.subject)]]),
        [["column-stale", 2, 1, [["blocked", 1]]], ["reply-overdue", 1, 0, []]],
        *([["blocked", 1]], [["exemption", 1]], [["budget", "undecided"], ["news", "violation"]], 2, []),
    ]


@pytest.mark.parametrize("body", [None, b"", zlib.compress(b'[0,"another"]')])
def test_a_digest_that_another_reading_made_is_none(body: bytes | None) -> None:
    assert load_digest(body, 1, SEEN) is None


# ---------------------------------------------------------------- months


@pytest.mark.parametrize(
    ("month", "back", "expected"),
    [("2026-01", 1, "2025-12"), ("2026-12", -1, "2027-01"), ("2026-03", 12, "2025-03"), ("2026-11", 0, "2026-11")],
)
def test_months_before(month: str, back: int, expected: str) -> None:
    assert month_before(month, back) == expected


def test_a_month_begins_at_midnight_of_the_office() -> None:
    window = window_of("2026-11", "Asia/Shanghai")
    assert window.begin.astimezone(UTC) == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert window.end.astimezone(UTC) == datetime(2026, 11, 30, 16, tzinfo=UTC)


# ---------------------------------------------------------------- accuracy


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (1, 2, 0.0945, 0.9055),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson_intervals_are_those_of_the_tables(hits: int, of: int, low: float, high: float) -> None:
    found = wilson(hits, of)
    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)


@given(st.integers(0, 200), st.integers(0, 200))
def test_an_interval_holds_its_share(one: int, other: int) -> None:
    found = wilson(one, one + other)
    if one + other == 0:
        assert (found.value, found.low, found.high) == (None, None, None)
    else:
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert 0 <= found.low <= found.value <= found.high <= 1


def read_portal(number: int, *answers: VetoAnswer) -> PortalMonth:
    return PortalMonth(Portal(number, f"网站{number}", "http://x.example/"), inspected=Inspected(number, SEEN, answers))


def test_a_draw_takes_every_veto_and_can_be_repeated() -> None:
    portals = [read_portal(n, VetoAnswer("p/a", "ok"), VetoAnswer("p/b", "violation", None, "k")) for n in range(100)]
    drawn = draw_samples("2026-11", portals, 20)
    assert drawn == draw_samples("2026-11", reversed(portals), 20)
    assert drawn != draw_samples("2026-12", portals, 20)
    assert sum(one.verdict == "violation" for one in drawn) == 100
    assert sum(one.verdict == "ok" for one in drawn) == 20
    assert len(draw_samples("2026-11", portals[:3], 20)) == 6


# ---------------------------------------------------------------- data


def test_every_check_belongs_to_an_indicator() -> None:
    load_checks()
    known = {check for one in month_words().indicators for check in one.checks}
    assert set(registered_checks()) <= known
    assert indicator_of("no-such-check") == "person"


def test_the_data_name_profiles_and_concepts_that_there_are() -> None:
    words = month_words()
    assert set(words.kinds) == {profile.value for profile in Profile} | {""}
    assert set(words.matrix_concepts) | set(words.news_concepts) <= set(all_concepts())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("1,203", 1203),
        ("98.5%", 98.5),
        ("98.5％", 98.5),
        (" 0 ", 0),
        ("无相关问责情况", "无相关问责情况"),
        ("３", "３"),
        ("-1", "-1"),
        ("1.2.3", "1.2.3"),
        ("1e9", "1e9"),
        ("9" * 20, "9" * 20),
    ],
)
def test_typed_figures_are_numbers_only_where_they_are_plainly_so(text: str, value: object) -> None:
    assert number_of(text) == value
