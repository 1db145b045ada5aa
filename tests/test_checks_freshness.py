from __future__ import annotations

from datetime import date

import pytest
from facts_builder import AS_OF, ago, answer, column, item, items, judge, pack_of, portal, said, unread

from gkmonitor.records import Article, Item, Listing, Match, Outcome, PageKind, Reason, StatementKind

STALE = pack_of("column-stale", rest="concepts: [news, notices]\nparams: {max_age: P14D}")
HALF_YEAR = pack_of("column-stale", rest="concepts: [notices]\nparams: {max_age: P6M}")


def news(*entries: Item, **details: object) -> object:
    return column("工作动态", "news", entries, **details)


@pytest.mark.parametrize(
    ("days", "outcome"), [(0, Outcome.OK), (13, Outcome.OK), (14, Outcome.OK), (15, Outcome.VIOLATION)]
)
def test_fourteen_days_are_still_fresh(days: int, outcome: Outcome) -> None:
    verdict = answer(STALE, portal(news(item(ago(days)))))  # type: ignore[arg-type]
    assert verdict.outcome is outcome
    assert (verdict.latest, verdict.days) == (ago(days), days)


@pytest.mark.parametrize(
    ("as_of", "newest", "outcome"),
    [
        ("2026-08-31", "2026-02-28", Outcome.OK),
        ("2026-08-31", "2026-02-27", Outcome.VIOLATION),
        ("2028-08-31", "2028-02-29", Outcome.OK),
        ("2028-08-31", "2028-02-28", Outcome.VIOLATION),
        ("2026-01-01", "2025-07-01", Outcome.OK),
        ("2026-01-01", "2025-06-30", Outcome.VIOLATION),
        ("2026-11-22", "2026-05-22", Outcome.OK),
        ("2026-11-22", "2026-05-21", Outcome.VIOLATION),
    ],
)
def test_months_are_calendar_months(as_of: str, newest: str, outcome: Outcome) -> None:
    facts = portal(column("通知公告", "notices", [item(newest)]))
    assert answer(HALF_YEAR, facts, date.fromisoformat(as_of)).outcome is outcome


def test_violation_quotes_the_newest_item_as_printed() -> None:
    entries = [Item("老消息", "http://a/1", ago(300), "2026年1月26日", "list"), item(ago(900))]
    verdict = answer(STALE, portal(news(*entries)))  # type: ignore[arg-type]
    assert verdict.evidence[0].quote == "老消息 2026年1月26日"
    assert "14天" in verdict.message
    assert str(verdict.days) in verdict.message
    assert "不构成单项否决" in verdict.message


def test_pinned_old_item_on_top_does_not_make_a_list_stale() -> None:
    facts = portal(news(item(ago(900), pinned=True), *items(ago(3), ago(9))))  # type: ignore[arg-type]
    assert answer(STALE, facts).outcome is Outcome.OK


def test_future_item_does_not_make_a_list_fresh() -> None:
    facts = portal(news(item(ago(-30)), *items(ago(200), ago(201), ago(202))))  # type: ignore[arg-type]
    verdict = answer(STALE, facts)
    assert (verdict.outcome, verdict.latest) == (Outcome.VIOLATION, ago(200))


def test_list_with_only_future_items_is_undecided() -> None:
    assert answer(STALE, portal(news(item(ago(-30))))).reason is Reason.AMBIGUOUS  # type: ignore[arg-type]


def test_undated_list_is_undecided_not_fresh() -> None:
    assert answer(STALE, portal(news(*items(None, None)))).reason is Reason.UNDATED  # type: ignore[arg-type]


def test_undated_list_is_stale_only_where_the_pack_says_so() -> None:
    rule = pack_of("column-stale", rest="concepts: [news]\nparams: {max_age: P14D, undated_is: not_updated}")
    verdict = answer(rule, portal(news(*items(None, None))))  # type: ignore[arg-type]
    assert verdict.outcome is Outcome.VIOLATION
    assert verdict.latest is None
    assert "未注明发布时间" in verdict.message


@pytest.mark.parametrize(
    ("days", "outcome"),
    [
        ((200, 201, 202, None, 203), Outcome.VIOLATION),
        ((None, 200, 201, 202, 203), Outcome.UNDECIDED),
        ((200, None, 201, 202, 203), Outcome.UNDECIDED),
    ],
)
def test_undated_item_on_top_could_be_new(days: tuple[int | None, ...], outcome: Outcome) -> None:
    entries = items(*(None if d is None else ago(d) for d in days))
    assert answer(STALE, portal(news(*entries))).outcome is outcome  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "is_complete", "outcome"),
    [
        ((200, 300, 400, 500), False, Outcome.VIOLATION),
        ((500, 400, 300, 200), False, Outcome.UNDECIDED),
        ((500, 400, 300, 200), True, Outcome.VIOLATION),
        ((900, 200, 300, 400, 500, 600), False, Outcome.VIOLATION),
        ((204, 203, 202, 201, 200, 199), False, Outcome.UNDECIDED),
        ((200, 197, 300, 297, 400), False, Outcome.VIOLATION),
        ((400, 300, 200, 100, 100, 100, 100, 100, 100, 100), False, Outcome.UNDECIDED),
    ],
)
def test_list_that_is_not_newest_first_accuses_only_when_read_to_its_end(
    days: tuple[int, ...], is_complete: bool, outcome: Outcome
) -> None:
    facts = portal(news(*items(*map(ago, days)), is_complete=is_complete))  # type: ignore[arg-type]
    assert answer(STALE, facts).outcome is outcome


def test_blank_column_is_not_counted_as_stale_too() -> None:
    assert answer(STALE, portal(news())).outcome is Outcome.NOT_APPLICABLE  # type: ignore[arg-type]


def test_archived_topic_is_excused() -> None:
    assert answer(STALE, portal(news(item(ago(999)), is_archive=True))).outcome is Outcome.EXCUSED  # type: ignore[arg-type]


def test_column_on_another_host_is_excused() -> None:
    facts = portal(column("工作动态", "news", None, is_delegated=True, state=Reason.NOT_OBSERVED))
    assert answer(STALE, facts).outcome is Outcome.EXCUSED


def test_unsure_name_is_undecided_when_old_and_ok_when_fresh() -> None:
    old = portal(news(item(ago(99)), match=Match.UNSURE))  # type: ignore[arg-type]
    fresh = portal(news(item(ago(1)), match=Match.UNSURE))  # type: ignore[arg-type]
    assert answer(STALE, old).reason is Reason.AMBIGUOUS
    assert answer(STALE, fresh).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("截至2026年11月20日，本月无行政处罚", Outcome.EXCUSED),
        ("若当月未公布信息，则表明当月无此类案件", Outcome.EXCUSED),
        ("截至2025年1月20日，本月无行政处罚", Outcome.VIOLATION),
    ],
)
def test_nil_statement_counts_as_update_unless_it_speaks_of_before(words: str, outcome: Outcome) -> None:
    facts = portal(news(item(ago(99)), statements=said(StatementKind.NIL_STATEMENT, words)))  # type: ignore[arg-type]
    assert answer(STALE, facts).outcome is outcome


def test_announced_upgrade_is_excused_and_moved_column_undecided() -> None:
    upgrade = said(StatementKind.UPGRADE, "网站升级改版公告")
    moved = said(StatementKind.MOVED, "本栏目已迁移")
    assert answer(STALE, portal(news(item(ago(99)), statements=upgrade))).outcome is Outcome.EXCUSED  # type: ignore[arg-type]
    assert answer(STALE, portal(news(item(ago(99)), statements=moved))).outcome is Outcome.UNDECIDED  # type: ignore[arg-type]


def test_page_without_a_recognised_list_is_undecided() -> None:
    assert answer(STALE, portal(column("工作动态", "news", None))).outcome is Outcome.UNDECIDED
    shell = column("工作动态", "news", None, kind=PageKind.SHELL)
    assert answer(STALE, portal(shell)).reason is Reason.SCRIPT_RENDERED


def test_column_that_is_one_article_has_no_freshness() -> None:
    page = column("工作动态", "news", None, kind=PageKind.ARTICLE, article=Article("简介", ago(999)))
    assert answer(STALE, portal(page)).outcome is Outcome.NOT_APPLICABLE


def test_unread_column_keeps_its_reason() -> None:
    assert answer(STALE, portal(unread("工作动态", "news", Reason.BLOCKED))).reason is Reason.BLOCKED


def test_replay_of_an_earlier_day_ignores_what_came_later() -> None:
    facts = portal(news(*items(AS_OF, ago(40), ago(41), ago(42))))  # type: ignore[arg-type]
    assert answer(STALE, facts, ago(30)).outcome is Outcome.OK
    assert answer(STALE, facts, ago(20)).outcome is Outcome.VIOLATION


def test_each_column_is_a_verdict_of_its_own() -> None:
    facts = portal(news(item(ago(1))), column("公示公告", "notices", [item(ago(90))]))  # type: ignore[arg-type]
    assert [v.outcome for v in judge(STALE, facts)] == [Outcome.OK, Outcome.VIOLATION]


def test_listing_with_more_pages_that_is_newest_first_is_judged() -> None:
    facts = portal(
        column("工作动态", "news", (), listing=Listing(items(ago(90), ago(91)), "http://a/2"), is_complete=False)
    )
    assert answer(STALE, facts).outcome is Outcome.VIOLATION


def test_days_that_only_addresses_carry_accuse_nobody_and_acquit() -> None:
    def dated_by_address(days: int) -> Item:
        return Item("青禾县召开工作会议", "http://www.qinghe.gov.cn/t1.html", ago(days), "t2026", "url")

    old = answer(STALE, portal(news(dated_by_address(400))))  # type: ignore[arg-type]
    assert (old.outcome, old.reason) == (Outcome.UNDECIDED, Reason.UNDATED)
    assert answer(STALE, portal(news(dated_by_address(3)))).outcome is Outcome.OK  # type: ignore[arg-type]
