"""Issuing a month: what is frozen stays, what changes later is corrected in the next month; who is drawn for review."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from databases import opened, sqlite_database
from month_builder import HOME, OK, UNREACHABLE, VIOLATION, Town, in_order, moment, stale, veto

from gkmonitor.errors import LedgerError, StorageError, UnfinishedError, UsageError
from gkmonitor.issuing import freeze_month, month_to_print, portals_to_recheck, prepare_month
from gkmonitor.ledger.records import EventKind
from gkmonitor.monthly.counting import count_month
from gkmonitor.monthly.inputs import OfficeChoices
from gkmonitor.monthly.plain import month_json
from gkmonitor.monthly.records import MonthNumbers
from gkmonitor.records import Outcome, Reason, Severity
from gkmonitor.storage.cases import NewFinding, add_finding
from gkmonitor.storage.issued import find_issued, issued_json, issued_of, list_issued
from gkmonitor.storage.models import IssuedReportRow, TypedFigureRow
from gkmonitor.storage.month_data import gather_month
from gkmonitor.storage.samples import list_samples, review

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
NEXT = datetime(2027, 1, 1, 1, tzinfo=UTC)


def count(town: Town, month: str = "2026-11", now: datetime = NOW) -> MonthNumbers:
    return count_month(gather_month(town.database, town.settings, month, now))


def issue(town: Town, month: str = "2026-11", now: datetime = NOW, number: str | None = None) -> MonthNumbers:
    numbers = prepare_month(town.database, town.settings, month, now)
    return freeze_month(town.database, town.settings, numbers, actor="张三", now=now, number=number)


def seen_in_december(town: Town) -> None:
    """What December's inspections see: everything as before."""
    seen = {"A": in_order(stale("要闻")), "B": [veto(HOME, VIOLATION), veto(UNREACHABLE)], "C": in_order()}
    town.night("12-10", seen)
    town.night("12-31", seen)


# ---------------------------------------------------------------- frozen


def test_what_was_issued_is_printed_again_byte_for_byte_whatever_the_ledger_says(town: Town) -> None:
    frozen = issue(town, number="青府办〔2026〕58号")
    town.decide("12-02", EventKind.DISMISSED, town.case_id("A"), reason="misread_page")
    later = month_to_print(town.database, town.settings, "2026-11", NEXT)
    with town.database.reading() as session:
        body = issued_json(session, "2026-11")
    assert later == frozen
    assert month_json(later) == body
    assert (later.office.number, later.office.issued_on) == ("青府办〔2026〕58号", date(2026, 12, 1))


def test_a_month_is_issued_once(town: Town) -> None:
    issue(town)
    with pytest.raises(LedgerError, match="已于 2026-12-01 印发"):
        issue(town)


def test_a_month_that_is_not_over_is_not_issued(town: Town) -> None:
    with pytest.raises(LedgerError, match="还没有结束"):
        issue(town, now=datetime(2026, 11, 30, 15, 59, tzinfo=UTC))  # 23:59 in the office
    issue(town, now=datetime(2026, 11, 30, 16, 0, tzinfo=UTC))


def test_a_month_in_which_nothing_was_inspected_is_not_issued(town: Town) -> None:
    with pytest.raises(LedgerError, match="没有完成检查的网站"):
        issue(town, "2026-08")


def test_numbers_follow_the_offices_form_and_are_given_once(town: Town) -> None:
    town.settings = town.settings.model_copy(update={"notice_number_form": "青府办〔{year}〕{number}号"})
    assert issue(town).office.number == "青府办〔2026〕1号"
    seen_in_december(town)
    with pytest.raises(LedgerError, match="已用于 2026-11"):
        issue(town, "2026-12", NEXT, number="青府办〔2026〕1号")
    assert issue(town, "2026-12", NEXT).office.number == "青府办〔2027〕1号"
    with town.database.reading() as session:
        assert [one.month for one in list_issued(session)] == ["2026-12", "2026-11"]


def test_frozen_figures_that_were_changed_in_the_database_are_refused(town: Town) -> None:
    issue(town)
    with town.database.writing() as session:
        session.query(IssuedReportRow).one().sha256 = "0" * 64
    with town.database.reading() as session, pytest.raises(StorageError, match="摘要不符"):
        issued_of(session, "2026-11")


# ---------------------------------------------------------------- corrections and later months


def test_what_was_cleared_after_the_issue_is_corrected_next_month_and_only_once(town: Town) -> None:
    issue(town, number="58号")
    town.decide("12-02", EventKind.APPEALED, town.case_id("B", HOME), note="首页每天更新")
    town.decide("12-03", EventKind.APPEAL_UPHELD, town.case_id("B", HOME), note="属实")
    seen_in_december(town)
    told = [(one.what, one.was, one.now, one.why) for one in count(town, "2026-12", NEXT).corrections]
    assert told == [
        ("白沙县人民政府：监测2周首页无信息更新；首页仅为导航时，看全部二级页面", "列为问题", "不列为问题", "申诉成立"),
        ("白沙县人民政府", "不合格", "不再判为不合格", "单项否决问题均已更正"),
        ("问题数", "2个", "1个", "随上列更正调整"),
        ("不合格网站数", "1家", "0家", "随上列更正调整"),
        ("合格率", "66.67%", "100%", "随上列更正调整"),
    ]
    issue(town, "2026-12", NEXT)
    town.night("2027-01-30", {"A": in_order(stale("要闻")), "B": in_order(), "C": in_order()})
    assert count(town, "2027-01", datetime(2027, 2, 1, 1, tzinfo=UTC)).corrections == ()


def test_changes_are_measured_against_what_was_printed(town: Town) -> None:
    issue(town)
    town.decide("12-02", EventKind.DISMISSED, town.case_id("A"), reason="misread_page")
    seen_in_december(town)
    numbers = count(town, "2026-12", NEXT)
    assert (numbers.value("problems"), numbers.value("problems-change")) == (1, -1)
    assert (numbers.value("qualified-rate"), numbers.value("qualified-rate-change")) == (66.67, 0.0)
    assert numbers.rectification.source == "issued"
    assert (numbers.rectification.total, numbers.rectification.left, numbers.rectification.rate) == (2, 1, 0.0)
    assert [(point.month, point.problems) for point in numbers.trend[-2:]] == [("2026-11", 2), ("2026-12", 1)]
    assert len(numbers.trend) == 12


def test_months_in_a_row_go_on_from_the_issued_notice(town: Town) -> None:
    issue(town)
    seen_in_december(town)
    issue(town, "2026-12", NEXT)
    town.night("2027-01-30", {"A": in_order(stale("要闻")), "C": in_order()})
    numbers = count(town, "2027-01", datetime(2027, 2, 1, 1, tzinfo=UTC))
    assert [(one.portal.name, one.months) for one in numbers.repeat_offenders] == [("青禾县人民政府", 3)]


# ---------------------------------------------------------------- who is named


@pytest.mark.parametrize(("minutes", "is_named"), [(-1, True), (0, True), (1, False)])
def test_a_problem_last_seen_more_than_72_hours_ago_is_not_named(town: Town, minutes: int, is_named: bool) -> None:
    numbers = count(town, now=moment("11-30") + timedelta(hours=72, minutes=minutes))
    assert [one.portal.name for one in numbers.problems] == (["青禾县人民政府", "白沙县人民政府"][::-1] * is_named)
    assert numbers.value("left-unseen") == (0 if is_named else 2)
    assert numbers.value("unqualified") == is_named
    assert {one.portal.name for one in numbers.undecided} == (set() if is_named else {"白沙县人民政府"})


def test_everything_about_to_be_named_is_inspected_again_and_what_was_not_seen_of_late_too(town: Town) -> None:
    a, b = town.portals["A"], town.portals["B"]
    late = moment("12-05")
    assert portals_to_recheck(gather_month(town.database, town.settings, "2026-11", NOW)) == [a, b]
    assert portals_to_recheck(gather_month(town.database, town.settings, "2026-11", late)) == [a, b]


def test_suspicions_advice_and_open_cases_are_counted_nowhere(town: Town) -> None:
    before = count(town)
    town.night("11-12", {"C": in_order(stale("新栏目"), replace(stale("提醒"), severity=Severity.ADVICE))})
    town.night("11-13", {"C": in_order(stale("新栏目"), replace(stale("提醒"), severity=Severity.ADVICE))})
    town.night("11-30", {"C": in_order(stale("刚出现"))})
    after = count(town)
    assert after.value("waiting") == 1
    assert (after.problems, after.unqualified, after.qualified) == (
        before.problems,
        before.unqualified,
        before.qualified,
    )


def test_a_veto_that_waits_for_a_person_leaves_the_portal_undecided(town: Town) -> None:
    town.night("11-12", {"C": [veto(HOME, VIOLATION), veto(UNREACHABLE)]})
    numbers = count(town)
    assert [one.name for one in numbers.qualified] == ["青禾县人民政府", "清水县人民政府"]
    town.night("11-30", {"C": [veto(HOME, VIOLATION), veto(UNREACHABLE)]})
    assert [one.portal.name for one in count(town).undecided] == ["清水县人民政府"]
    town.decide("11-30", EventKind.DISMISSED, town.case_id("C", HOME), reason="misread_page")
    assert [one.name for one in count(town).qualified] == ["青禾县人民政府", "清水县人民政府"]


def test_a_pending_appeal_names_nobody(town: Town) -> None:
    town.decide("11-30", EventKind.APPEALED, town.case_id("B", HOME), note="首页每天更新")
    numbers = count(town)
    assert [one.portal.name for one in numbers.problems] == ["青禾县人民政府"]
    assert (numbers.value("left-appealed"), numbers.value("unqualified")) == (1, 0)


def test_what_a_person_found_is_counted_once_confirmed(town: Town) -> None:
    finding = NewFinding(town.portals["C"], "person/x", "person", Severity.DEDUCTION, "页面有错别字")
    with town.database.writing() as session:
        case = add_finding(session, finding, actor="李四", now=moment("11-30"))
    assert count(town).value("person-problems") == 0
    town.decide("11-30", EventKind.CONFIRMED, case.id)
    numbers = count(town)
    assert numbers.value("person-problems") == 1
    assert numbers.problems[-1].indicator == "person"


def test_typed_figures_are_printed_with_their_signature_and_blank_ones_left_out(town: Town) -> None:
    with town.database.writing() as session:
        for slug, value in (("finder-received", "1,203"), ("finder-on-time", "98.5%"), ("talked-to", "  ")):
            row = TypedFigureRow(month="2026-11", slug=slug, value=value, signed_by="李四", signed_at=NOW)
            session.add(row)
    numbers = count(town)
    assert (numbers.value("finder-received"), numbers.value("finder-on-time")) == (1203, 98.5)
    found = numbers.find("finder-received")
    assert found is not None
    assert (found.source, found.signed_by) == ("typed", "李四")
    assert numbers.find("talked-to") is None


def test_the_settings_switch_ranking_and_accuracy(town: Town) -> None:
    data = gather_month(town.database, town.settings, "2026-11", NOW)
    quiet = count_month(replace(data, office=OfficeChoices(has_ranking=False, accuracy_is_public=True)))
    assert quiet.ranking == ()
    assert quiet.accuracy.is_public
    assert len(count_month(data).ranking) == 3


# ---------------------------------------------------------------- accuracy


def test_all_vetoes_and_a_drawn_sample_of_passes_are_reviewed(town: Town) -> None:
    numbers = prepare_month(town.database, town.settings, "2026-11", NOW)
    assert (numbers.accuracy.vetoes, numbers.accuracy.passes, numbers.accuracy.passes_sampled) == (1, 5, 5)
    assert numbers.accuracy.precision.value == 1.0  # the veto was confirmed by a person
    with town.database.writing() as session:
        passes = [one for one in list_samples(session, "2026-11") if one.verdict == "ok"]
        for one, outcome in zip(passes, ("right", "right", "wrong", "unclear"), strict=False):
            review(session, one.id, outcome=outcome, note=None, actor="李四", now=NOW)
    found = prepare_month(town.database, town.settings, "2026-11", NOW).accuracy
    assert (found.passes_reviewed, found.wrong_passes.hits, found.unclear) == (3, 1, 1)
    assert found.recall == pytest.approx(1 / (1 + 5 / 3), abs=1e-3)


def test_a_running_month_draws_nothing(town: Town) -> None:
    prepare_month(town.database, town.settings, "2026-11", moment("11-30"))
    with town.database.reading() as session:
        assert list_samples(session, "2026-11") == []


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "十一月", "0000-01", ""])
def test_a_malformed_month_is_refused(town: Town, month: str) -> None:
    with pytest.raises(LedgerError, match="写法不对"):
        count(town, month)


def test_a_month_that_has_not_begun_is_refused(town: Town) -> None:
    with pytest.raises(UsageError, match="还没有到"):
        count(town, "2026-12", datetime(2026, 11, 30, 15, 59, tzinfo=UTC))


def test_an_empty_registry_has_no_month(tmp_path: Path, sqlite_template: Path) -> None:
    with sqlite_database(tmp_path, sqlite_template) as url, opened(url) as database:
        town = Town(database)
        with pytest.raises(UnfinishedError, match="没有在运行的网站"):
            count(town)


def test_a_month_without_inspections_says_so_everywhere(town: Town) -> None:
    numbers = count(town, "2026-08")
    assert (numbers.value("checked"), numbers.value("qualified-rate")) == (0, None)
    assert {one.finding for one in numbers.by_indicator} == {"not_monitored"}
    assert numbers.value("items") is None


def test_an_undecided_answer_is_coverage_and_no_violation(town: Town) -> None:
    town.night("11-30", {"C": in_order(stale("要闻", Outcome.UNDECIDED, "news", Reason.UNDATED), stale("公告", OK))})
    numbers = count(town)
    line = next(one for one in numbers.coverage if one.reason == "undated")
    assert (line.kind, line.verdicts, line.portals) == ("undecided", 1, 1)
    assert all(one.portal.name != "清水县人民政府" for one in numbers.problems)


def test_of_two_who_decide_the_frozen_notice_is_the_first(town: Town) -> None:
    issue(town, number="1号")
    with town.database.reading() as session:
        found = find_issued(session, "2026-11")
    assert found is not None
    assert (found.number, found.issued_by) == ("1号", "张三")
