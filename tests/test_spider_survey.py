"""What the survey of a portal asks next and concludes, with pages given as read (no network, no HTML)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import spiders.columns
import spiders.survey
from gkmonitor.records import (
    Article,
    Block,
    ColumnFacts,
    ColumnLink,
    DateReading,
    Endpoint,
    Item,
    Listing,
    Marks,
    PageFacts,
    PageKind,
    PortalFacts,
    Reason,
    Redirect,
    Statement,
    StatementKind,
)
from spiders.fetching import Failure, Fetched, failed
from spiders.frontier import Purpose, Task
from spiders.jobs import CrawlJob, CrawlLimits
from spiders.merging import build_facts
from spiders.survey import Survey
from spiders.visits import Visit

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOME = "http://www.qinghe.example/"
OLD = date(2025, 3, 1)


def link(name: str, address: str, *above: str, concept: str | None = None) -> ColumnLink:
    return ColumnLink(name, HOME + address, (*above, name), concept)


def items(folder: str, days: list[date | None], pinned: int = 0) -> tuple[Item, ...]:
    return tuple(
        Item(
            f"{folder}第{n}篇", f"{HOME}{folder}/{n}.html", day, day and day.isoformat(), day and "list", (), n < pinned
        )
        for n, day in enumerate(days)
    )


def page(address: str, kind: PageKind, **parts: object) -> PageFacts:
    parts.setdefault("text_length", 1000)
    return PageFacts(HOME + address, "utf-8", "zh-Hans", kind, **parts)  # type: ignore[arg-type]


def listing(address: str, *days: date | None, pinned: int = 0, **parts: object) -> PageFacts:
    return page(address, PageKind.LISTING, listing=Listing(items(address.strip("/"), list(days), pinned)), **parts)


class Portal:
    """Pages by address, handed to a survey as if they had been fetched."""

    def __init__(self, *pages: PageFacts, **limits: int) -> None:
        self.pages: dict[str, PageFacts | Fetched] = {one.url: one for one in pages}
        self.data: dict[str, Listing | None] = {}
        self.survey = Survey(CrawlJob(HOME), CrawlLimits(**limits), TODAY)  # type: ignore[arg-type]
        self.asked: list[str] = []
        self.purposes: list[Purpose] = []

    def answer(self, task: Task) -> Fetched:
        known = self.pages.get(task.url)
        if isinstance(known, Fetched):
            return known
        if known is None and task.url not in self.data:
            return Fetched(task.url, task.url, NOW, 404, {}, b"<html>404</html>")
        final = known.url if known is not None else task.url
        return Fetched(task.url, final, NOW, 200, {"content-type": "text/html"}, b"<html>page</html>")

    def read(self, body: bytes, url: str, headers: object = None) -> PageFacts:
        known = next((p for p in self.pages.values() if isinstance(p, PageFacts) and p.url == url), None)
        return known or page(url.removeprefix(HOME), PageKind.ERROR)

    def crawl(self, most: int = 500) -> PortalFacts:
        while most and (task := self.survey.next_task()) is not None:
            self.asked.append(task.url.removeprefix(HOME))
            self.purposes.append(task.purpose)
            self.survey.take(task, self.answer(task))
            most -= 1
        return build_facts(self.survey, NOW, 1.0)


@pytest.fixture(autouse=True)
def readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The survey reads what ``Portal.read`` gives."""
    made: list[Portal] = []
    create = Portal.__init__

    def register(self: Portal, *pages: PageFacts, **limits: int) -> None:
        create(self, *pages, **limits)
        made.append(self)

    monkeypatch.setattr(Portal, "__init__", register)
    monkeypatch.setattr(spiders.survey, "read_page", lambda *arguments: made[-1].read(*arguments))
    monkeypatch.setattr(spiders.columns, "read_data", lambda body, url, endpoint: made[-1].data.get(url))


def home(*links: ColumnLink, **parts: object) -> PageFacts:
    parts.setdefault("listing", Listing(items("news", [TODAY])))
    return page("", PageKind.HOME, columns=links, **parts)


def only(facts: PortalFacts, name: str) -> ColumnFacts:
    found = [column for column in facts.columns if column.name == name]
    assert len(found) == 1, [column.name for column in facts.columns]
    return found[0]


def days_ago(*numbers: int) -> list[date]:
    return [TODAY - timedelta(days=number) for number in numbers]


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
