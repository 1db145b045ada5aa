"""What the survey of a portal concludes: blank, wrong and blocked pages, parents, heads and archives."""

from __future__ import annotations

import pytest
from survey_portal import HOME, NOW, OLD, TODAY, Portal, home, items, link, listing, only, page

from gkmonitor.records import (
    Block,
    ColumnLink,
    Endpoint,
    Item,
    Listing,
    Marks,
    PageKind,
    Reason,
    Redirect,
    Statement,
    StatementKind,
)
from spiders.fetching import Failure, Fetched, failed
from spiders.merging import build_facts

# ---------------------------------------------------------------- blank, wrong, blocked


def test_a_blank_list_is_fetched_twice_and_stays_blank() -> None:
    portal = Portal(home(link("通知", "b/")), listing("b/"))
    column = only(portal.crawl(), "通知")
    assert (column.state, column.kind, column.items) == (None, PageKind.LISTING, ())
    assert portal.asked.count("b/") == 2


def test_a_blank_list_that_fails_the_second_time_is_not_blank() -> None:
    portal = Portal(home(link("通知", "b/")), listing("b/"))
    portal.crawl(2)
    portal.pages[HOME + "b/"] = failed(HOME + "b/", Failure.TIMEOUT)
    assert only(portal.crawl(), "通知").state is Reason.UNREACHABLE


def test_a_list_in_a_frame_is_read_and_not_blank() -> None:
    frame = page("b/", PageKind.SHELL, frames=(HOME + "b/list.html",))
    column = only(Portal(home(link("通知", "b/")), frame, listing("b/list.html", TODAY)).crawl(), "通知")
    assert (column.state, column.kind, len(column.items)) == (None, PageKind.LISTING, 1)


def test_an_empty_page_whose_frame_fails_is_not_blank() -> None:
    outer = page("b/", PageKind.LISTING, listing=Listing(), frames=(HOME + "b/list.html",))
    portal = Portal(home(link("通知", "b/")), outer)
    portal.pages[HOME + "b/list.html"] = failed(HOME + "b/list.html", Failure.TIMEOUT)
    assert only(portal.crawl(), "通知").state is Reason.UNREACHABLE


def test_a_shell_is_read_from_its_data_address() -> None:
    endpoint = Endpoint(HOME + "api/list", "POST", (("page", "1"),))
    portal = Portal(home(link("通知", "b/")), page("b/", PageKind.SHELL, endpoints=(endpoint,)))
    portal.data[HOME + "api/list"] = Listing(items("b", [TODAY]))
    assert len(only(portal.crawl(), "通知").items) == 1


@pytest.mark.parametrize("kind", [PageKind.SHELL, PageKind.LISTING])
def test_a_shell_whose_data_cannot_be_read_is_script_rendered(kind: PageKind) -> None:
    endpoint = Endpoint(HOME + "api/list")
    shell = page("b/", kind, listing=Listing() if kind is PageKind.LISTING else None, endpoints=(endpoint,))
    portal = Portal(home(link("通知", "b/")), shell)
    portal.data[HOME + "api/list"] = None
    assert only(portal.crawl(), "通知").state is Reason.SCRIPT_RENDERED


def test_a_column_that_leads_home_is_a_wrong_page() -> None:
    portal = Portal(home(link("通知", "b/")))
    portal.pages[HOME + "b/"] = Fetched(HOME + "b/", HOME, NOW, 200, {}, b"<html>page</html>")
    assert only(portal.crawl(), "通知").state is Reason.WRONG_PAGE


def test_a_missing_page_is_a_wrong_page_not_a_blank_column() -> None:
    column = only(Portal(home(link("通知", "gone/"))).crawl(), "通知")
    assert (column.state, column.detail) == (Reason.WRONG_PAGE, "服务器返回 HTTP 404")


def test_three_challenges_in_a_row_end_the_crawl_and_nothing_is_missing_or_blank() -> None:
    portal = Portal(home(*(link(f"栏目{n}", f"c{n}/") for n in range(9))))
    for n in range(9):
        portal.pages[f"{HOME}c{n}/"] = Fetched(f"{HOME}c{n}/", f"{HOME}c{n}/", NOW, 412, {}, b"<html></html>")
    facts = portal.crawl()
    assert {column.state for column in facts.columns} == {Reason.BLOCKED}
    assert facts.coverage.pages_blocked == 3
    assert len(portal.asked) == 4


def test_a_login_page_is_login_required() -> None:
    words = (Statement(StatementKind.LOGIN, "请登录后查看"),)
    login = page("b/", PageKind.OTHER, statements=words, text_length=60)
    assert only(Portal(home(link("通知", "b/")), login).crawl(), "通知").state is Reason.LOGIN_REQUIRED


def test_what_the_budget_did_not_reach_is_budget_spent() -> None:
    links = [link(f"栏目{n}", f"c{n}/") for n in range(6)]
    portal = Portal(home(*links), *(listing(f"c{n}/", TODAY) for n in range(6)), max_pages=4)
    facts = portal.crawl()
    assert [column.state for column in facts.columns].count(Reason.BUDGET_SPENT) == 3
    assert (facts.coverage.is_budget_spent, facts.coverage.pages_fetched) == (True, 4)


def test_a_budget_that_just_sufficed_is_not_spent() -> None:
    facts = Portal(home(link("通知", "b/")), listing("b/", TODAY), max_pages=2).crawl()
    assert not facts.coverage.is_budget_spent


# ---------------------------------------------------------------- parents, heads, archives


def test_a_head_that_redirects_to_its_first_child_is_a_parent() -> None:
    portal = Portal(
        home(link("政务公开", "z/"), link("政策文件", "z/w/", "政务公开")),
        page("z/", PageKind.OTHER, redirect=Redirect(HOME + "z/w/", "meta")),
        listing("z/w/", OLD),
    )
    facts = portal.crawl()
    assert only(facts, "政务公开").is_parent
    assert not only(facts, "政策文件").is_parent
    assert portal.asked.count("z/w/") == 1


def test_a_redirect_is_followed_but_not_in_circles() -> None:
    portal = Portal(
        home(link("通知", "b/")),
        page("b/", PageKind.OTHER, redirect=Redirect(HOME + "b/x/", "script")),
        page("b/x/", PageKind.OTHER, redirect=Redirect(HOME + "b/", "script")),
    )
    portal.crawl()
    assert portal.asked == ["", "b/", "b/x/"]


def test_entries_that_turn_out_to_be_lists_make_the_column_a_parent() -> None:
    portal = Portal(
        home(link("专栏", "b/")),
        listing("b/", None, None, None),
        *(listing(f"b/{n}.html", TODAY) for n in range(3)),
    )
    facts = portal.crawl()
    assert only(facts, "专栏").is_parent
    assert only(facts, "专栏").listing is None
    assert only(facts, "b第0篇").path == ("专栏", "b第0篇")
    assert only(facts, "b第0篇").state is None


def test_a_list_of_known_columns_is_navigation_not_an_undated_column() -> None:
    children = [link(f"子栏目{n}", f"b/{n}.html") for n in range(3)]
    portal = Portal(home(link("专栏", "b/")), listing("b/", None, None, None, columns=tuple(children)))
    assert only(portal.crawl(), "专栏").is_parent


def test_archived_columns_are_marked_by_path_or_by_their_words() -> None:
    words = (Statement(StatementKind.ARCHIVE, "本专题已归档"),)
    facts = Portal(
        home(link("十三五", "a/", "历史专题"), link("某专题", "b/"), link("通知", "c/")),
        listing("a/", OLD),
        listing("b/", OLD, statements=words),
        listing("c/", OLD),
    ).crawl()
    assert {column.name for column in facts.columns if column.is_archive} == {"十三五", "某专题"}


def test_marks_are_filled_in_from_other_pages_but_labels_stay_the_home_pages() -> None:
    facts = Portal(
        home(link("通知", "b/"), marks=Marks("青禾县", labels={"SiteName": "青禾县"})),
        listing("b/", TODAY, marks=Marks(site_id_code="1234567890", labels={"ColumnName": "通知"})),
    ).crawl()
    assert (facts.site.site_id_code, facts.marks.labels) == ("1234567890", {"SiteName": "青禾县"})


def test_blocks_of_the_home_page_are_its_entries_and_columns_are_not() -> None:
    block = Block("要闻", HOME + "b/", (*items("n", [TODAY]), Item("通知", HOME + "b/")))
    facts = Portal(home(link("通知", "b/"), listing=None, blocks=(block,)), listing("b/", TODAY)).crawl()
    assert [item.title for item in facts.home.items] == ["n第0篇"]


def test_a_home_page_of_links_only_navigates() -> None:
    facts = Portal(home(link("通知", "b/"), listing=None), listing("b/", TODAY)).crawl()
    assert facts.home.only_navigates


def test_a_crash_while_reading_leaves_the_column_crashed() -> None:
    portal = Portal(home(link("通知", "b/")))
    portal.crawl(1)
    task = portal.survey.next_task()
    assert task is not None
    portal.survey.note_crash(task)
    assert only(build_facts(portal.survey, NOW, 1.0), "通知").state is Reason.CRASHED


def test_a_page_that_could_not_be_read_counts_as_fetched_and_holds_nothing_up() -> None:
    portal = Portal(home(link("通知", "b/"), link("公告", "c/")), listing("c/", TODAY), max_pages=3)
    portal.crawl(1)
    task = portal.survey.next_task()
    assert task is not None
    portal.survey.take_unread(task, portal.answer(task))
    facts = portal.crawl()
    assert (facts.coverage.pages_fetched, facts.coverage.bytes_fetched > 0) == (3, True)
    assert (only(facts, "通知").state, only(facts, "公告").state) == (Reason.CRASHED, None)


def test_a_column_that_times_out_is_asked_once_more_after_everything_else() -> None:
    portal = Portal(home(link("预算公开", "b/", concept="budget"), link("通知", "c/")), listing("c/", TODAY))
    portal.pages[HOME + "b/"] = failed(HOME + "b/", Failure.TIMEOUT)
    facts = portal.crawl()
    assert portal.asked == ["", "b/", "c/", "b/"]
    assert only(facts, "预算公开").state is Reason.UNREACHABLE


def test_a_column_that_answers_the_second_time_is_read() -> None:
    portal = Portal(home(link("通知", "b/")))
    portal.pages[HOME + "b/"] = failed(HOME + "b/", Failure.TIMEOUT)
    portal.crawl(2)
    portal.pages[HOME + "b/"] = listing("b/", TODAY)
    column = only(portal.crawl(), "通知")
    assert (column.state, column.detail, len(column.items)) == (None, None, 1)


def test_a_home_page_that_times_out_is_asked_three_times_at_most() -> None:
    portal = Portal()
    portal.pages[HOME] = failed(HOME, Failure.TIMEOUT)
    assert portal.crawl().home.state is Reason.UNREACHABLE
    assert portal.asked == ["", "", ""]


def test_entries_that_lead_home_or_to_the_page_itself_are_no_list() -> None:
    back = (Item("青禾县人民政府", HOME, TODAY), Item("通知", HOME + "b/", TODAY))
    column = only(Portal(home(link("通知", "b/")), page("b/", PageKind.OTHER, listing=Listing(back))).crawl(), "通知")
    assert column.listing is None


@pytest.mark.parametrize("above", ["首页", "青禾县人民政府门户网站"])
def test_the_site_itself_is_no_parent_in_a_path(above: str) -> None:
    portal = Portal(home(link("预算公开", "b/", above, concept="budget")), listing("b/", TODAY))
    assert only(portal.crawl(), "预算公开").path == ("预算公开",)


def test_a_dated_entry_is_no_column_even_where_the_menu_reader_took_it_for_one() -> None:
    entries = items("b", [TODAY, OLD])
    noise = ColumnLink("粮食收购", entries[1].url, ("粮食收购",))
    portal = Portal(
        home(link("通知", "b/"), noise, listing=Listing(entries)),
        page("b/", PageKind.LISTING, listing=Listing(entries), columns=(noise,)),
    )
    facts = portal.crawl()
    assert [column.name for column in facts.columns] == ["通知"]
    assert len(facts.home.items) == 2


def test_entries_without_addresses_are_kept_apart_and_not_opened() -> None:
    entries = (Item("甲项工作进展", ""), Item("乙项工作进展", ""), Item("附件", HOME + "a.pdf"))
    portal = Portal(
        home(link("通知", "b/"), listing=Listing(entries)), page("b/", PageKind.LISTING, listing=Listing(entries))
    )
    facts = portal.crawl()
    assert (len(facts.home.items), len(only(facts, "通知").items)) == (3, 3)
    assert portal.asked == ["", "b/"]
