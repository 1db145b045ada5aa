"""What the survey of a portal asks next: which columns, in which order, and what dates their lists."""

from __future__ import annotations

import gc
import weakref
from datetime import timedelta

import pytest
from survey_portal import HOME, OLD, TODAY, Portal, days_ago, home, items, link, listing, only, page

from gkmonitor.records import (
    Article,
    ColumnLink,
    DateReading,
    Item,
    Listing,
    PageFacts,
    PageKind,
    Reason,
)
from spiders.visits import Visit

# ---------------------------------------------------------------- what is read, and in which order


def test_required_columns_are_read_before_others_and_leading_ones_first() -> None:
    portal = Portal(
        home(
            link("风光", "a/"),
            link("预算公开", "b/", concept="budget"),
            link("政府信息公开", "c/", concept="disclosure-platform"),
        ),
        *(listing(address, TODAY) for address in ("a/", "b/", "c/")),
    )
    portal.crawl()
    assert portal.asked == ["", "c/", "b/", "a/"]


def test_a_column_offered_twice_is_one_and_keeps_its_shortest_path() -> None:
    portal = Portal(
        home(link("预算公开", "b/", "政务公开", "财政", concept="budget"), link("预算公开", "b/", concept="budget")),
        listing("b/", TODAY),
    )
    facts = portal.crawl()
    assert only(facts, "预算公开").path == ("预算公开",)
    assert portal.asked.count("b/") == 1


def test_a_menus_way_outranks_the_shorter_way_of_a_block() -> None:
    visit = Visit("gzdt/ywyw/", "http://www.qinghe.gov.cn/gzdt/ywyw/", 1)
    visit.add_link(ColumnLink("业务要闻", visit.url, ("业务要闻",), "news", place="block"))
    visit.add_link(ColumnLink("业务要闻", visit.url, ("工作动态", "业务要闻"), "news"))
    visit.add_link(ColumnLink("业务要闻", visit.url, ("业务要闻",), "news", place="block"))
    assert [link.path for link in visit.links] == [("工作动态", "业务要闻")]


def test_session_ids_do_not_make_a_column_two() -> None:
    portal = Portal(
        home(link("通知", "b/;jsessionid=AAAABBBBCCCC1111"), link("通知", "b/;jsessionid=DDDDEEEEFFFF2222")),
        listing("b/;jsessionid=AAAABBBBCCCC1111", TODAY),
    )
    assert len(portal.crawl().columns) == 1


def test_sub_columns_of_a_section_get_its_path_and_it_becomes_a_parent() -> None:
    portal = Portal(
        home(link("政务公开", "z/")),
        page("z/", PageKind.SECTION, columns=(link("预算公开", "z/b/", concept="budget"),)),
        listing("z/b/", OLD),
    )
    facts = portal.crawl()
    assert only(facts, "政务公开").is_parent
    assert only(facts, "预算公开").path == ("政务公开", "预算公开")
    assert only(facts, "预算公开").level == 2


def test_a_recent_list_costs_one_page() -> None:
    portal = Portal(home(link("通知", "b/")), listing("b/", *days_ago(1, 400, 3), None))
    portal.crawl()
    assert portal.asked == ["", "b/"]


def test_columns_on_another_host_are_delegated_and_not_read() -> None:
    elsewhere = ColumnLink("行政许可", "http://credit.other.example/x/", ("行政许可",), "permits")
    portal = Portal(home(elsewhere, ColumnLink("友情链接", "http://far.example/", ("友情链接",))))
    facts = portal.crawl()
    assert [(c.name, c.is_delegated, c.state) for c in facts.columns] == [("行政许可", True, Reason.NOT_OBSERVED)]
    assert portal.asked == [""]


# ---------------------------------------------------------------- dating


def test_undated_list_is_dated_by_its_newest_articles() -> None:
    portal = Portal(
        home(link("通知", "b/")),
        listing("b/", *[None] * 8),
        *(
            page(f"b/{n}.html", PageKind.ARTICLE, article=Article("题", TODAY - timedelta(days=n), "印", "label"))
            for n in range(8)
        ),
    )
    column = only(portal.crawl(), "通知")
    assert column.listing is not None
    assert column.listing.newest == TODAY
    assert column.items[0].date_source == "article:label"
    assert 1 <= column.articles_opened <= 3


def test_old_days_that_only_addresses_carry_are_checked_in_the_articles() -> None:
    old = TODAY - timedelta(days=400)
    entries = [Item(f"第{n}条", f"{HOME}b/{n}.html", old, "t20251018", "url") for n in range(8)]
    portal = Portal(
        home(link("通知", "b/")),
        page("b/", PageKind.LISTING, listing=Listing(tuple(entries))),
        *(page(f"b/{n}.html", PageKind.ARTICLE, article=Article("题", TODAY, "印", "label")) for n in range(8)),
    )
    column = only(portal.crawl(), "通知")
    assert column.items[0].published == TODAY
    assert column.items[0].other_dates == (DateReading(old, "t20251018", "url"),)


def test_the_digests_of_opened_articles_stand_with_every_column_that_lists_them() -> None:
    articles = [
        page(f"b/{n}.html", PageKind.ARTICLE, article=Article("题", OLD, "印", "label", digest=f"{n:032x}"))
        for n in range(4)
    ]
    other = page("c/", PageKind.LISTING, listing=Listing((items("b", [None] * 4)[0], *items("c", [TODAY]))))
    portal = Portal(home(link("通知", "b/"), link("公告", "c/")), listing("b/", *[None] * 4), other, *articles)
    facts = portal.crawl()
    opened = only(facts, "通知").text_digests
    assert len(opened) == only(facts, "通知").articles_opened == 3
    assert opened[HOME + "b/0.html"] == f"{0:032x}"
    assert only(facts, "公告").text_digests == {HOME + "b/0.html": f"{0:032x}"}


def test_what_several_pages_say_alike_is_no_article_s_text() -> None:
    wall = "0a" * 16
    articles = [
        page(f"b/{n}.html", PageKind.ARTICLE, article=Article("题", OLD, "印", "label", digest=digest))
        for n, digest in enumerate((wall, wall, "0b" * 16, wall))
    ]
    facts = Portal(home(link("通知", "b/")), listing("b/", *[None] * 3), *articles).crawl()
    assert only(facts, "通知").text_digests == {HOME + "b/2.html": "0b" * 16}


def test_a_page_that_is_no_article_has_no_text_of_one() -> None:
    pages = [page(f"b/{n}.html", PageKind.OTHER, article=Article("题", OLD, digest=f"{n:032x}")) for n in range(3)]
    facts = Portal(home(link("通知", "b/")), listing("b/", *[None] * 3), *pages).crawl()
    assert (only(facts, "通知").articles_opened, only(facts, "通知").text_digests) == (3, {})


def test_an_article_without_a_text_of_its_own_has_no_digest_in_the_facts() -> None:
    articles = [page(f"b/{n}.html", PageKind.ARTICLE, article=Article("题", TODAY, "印", "label")) for n in range(4)]
    facts = Portal(home(link("通知", "b/")), listing("b/", *[None] * 4), *articles).crawl()
    assert only(facts, "通知").text_digests == {}


def test_articles_without_dates_leave_the_list_undated() -> None:
    articles = [page(f"b/{n}.html", PageKind.ARTICLE, article=Article("题")) for n in range(4)]
    column = only(Portal(home(link("通知", "b/")), listing("b/", *[None] * 4), *articles).crawl(), "通知")
    assert column.listing is not None
    assert column.listing.newest is None
    assert (column.state, column.articles_opened) == (None, 3)


def test_undated_items_above_an_old_date_are_not_called_stale() -> None:
    column = only(Portal(home(link("通知", "b/")), listing("b/", None, None, OLD)).crawl(), "通知")
    assert column.state is Reason.UNDATED


def test_ascending_list_is_read_on_to_its_newest_page() -> None:
    first = page(
        "b/",
        PageKind.LISTING,
        listing=Listing(items("b", [OLD + timedelta(days=n) for n in range(5)]), HOME + "b/2.html"),
    )
    column = only(Portal(home(link("通知", "b/")), first, listing("b/2.html", TODAY)).crawl(), "通知")
    assert column.listing is not None
    assert column.listing.newest == TODAY
    assert (column.pages_read, column.state, column.is_complete) == (2, None, True)


def test_unordered_list_that_was_not_read_to_its_end_is_ambiguous_not_stale() -> None:
    def ascending(number: int) -> PageFacts:
        days = [OLD + timedelta(days=10 * number + n) for n in range(5)]
        listed = Listing(items(f"b{number}", list(days)), f"{HOME}b/{number + 1}.html")
        return page(f"b/{number}.html", PageKind.LISTING, listing=listed)

    portal = Portal(home(link("通知", "b/0.html")), *(ascending(number) for number in range(30)))
    column = only(portal.crawl(), "通知")
    assert column.state is Reason.AMBIGUOUS
    assert column.pages_read <= 6


@pytest.mark.parametrize(
    ("stated", "is_complete"),
    [({}, True), ({"total_items": 5}, True), ({"total_items": 6}, False), ({"total_pages": 2}, False)],
)
def test_a_list_that_states_more_than_was_read_is_not_complete(stated: dict[str, int], is_complete: bool) -> None:
    listed = Listing(items("b", [OLD + timedelta(days=n) for n in range(5)]), **stated)
    column = only(Portal(home(link("通知", "b/")), page("b/", PageKind.LISTING, listing=listed)).crawl(), "通知")
    assert column.is_complete is is_complete
    assert column.state is (None if is_complete else Reason.AMBIGUOUS)


def test_endless_paging_is_cut_off_and_counted() -> None:
    def again(number: int) -> PageFacts:
        days = [OLD + timedelta(days=n) for n in range(5)]
        return page(
            f"b/{number}.html", PageKind.LISTING, listing=Listing(items("n", list(days)), f"{HOME}b/{number + 1}.html")
        )

    portal = Portal(home(link("通知", "b/0.html")), *(again(number) for number in range(30)))
    facts = portal.crawl()
    assert facts.coverage.traps["endless-paging"] == 1
    assert len(portal.asked) == 3


def test_home_entries_are_dated_by_the_columns_that_list_them() -> None:
    entry = items("b", [None])
    portal = Portal(home(link("通知", "b/"), listing=Listing(entry)), listing("b/", TODAY))
    facts = portal.crawl()
    assert [item.published for item in facts.home.items] == [TODAY]
    assert portal.asked == ["", "b/"]


def test_home_entries_that_no_list_shows_are_opened() -> None:
    article = page("n/0.html", PageKind.ARTICLE, article=Article("题", TODAY, "2026-11-22", "label"))
    facts = Portal(home(listing=Listing(items("n", [None]))), article).crawl()
    assert facts.home.items[0].date_source == "article:label"


def test_a_survey_is_freed_at_once_when_nobody_holds_it() -> None:
    portal = Portal(home(link("通知", "b/")), listing("b/", *days_ago(1, 2)))
    portal.crawl()
    survey = weakref.ref(portal.survey)
    gc.disable()
    try:
        del portal
        assert survey() is None
    finally:
        gc.enable()
