from __future__ import annotations

import json
from datetime import date

import pytest

from gkmonitor.records import Endpoint
from spiders.addresses import page_key
from spiders.frontier import Budget, Frontier, Purpose, Task
from spiders.jobs import CrawlJob, CrawlLimits, dump_job, load_job
from spiders.settings import build_settings

HOME = "http://www.qinghe.example/"


def column(address: str, priority: int = 30) -> Task:
    return Task(Purpose.COLUMN, HOME + address, priority, address)


def test_lower_priority_comes_first_and_equals_in_order() -> None:
    frontier = Frontier()
    for name, priority in (("a", 30), ("b", 10), ("c", 30)):
        frontier.push(column(name, priority))
    assert [frontier.pop(lambda _: True) for _ in range(3)] == [column("b", 10), column("a"), column("c")]
    assert frontier.pop(lambda _: True) is None


def test_an_address_is_queued_once_whatever_its_session_or_fragment() -> None:
    frontier = Frontier()
    assert frontier.push(column("a?id=1"))
    assert not frontier.push(column("a?id=1#top"))
    assert not frontier.push(column("a?id=1&PHPSESSID=abcdefghijklmnop"))
    assert frontier.push(column("a?id=2"))


def test_the_same_address_with_another_form_is_another_fetch() -> None:
    frontier = Frontier()
    for page in ("1", "2"):
        endpoint = Endpoint(HOME + "api", "POST", (("page", page),))
        assert frontier.push(Task(Purpose.DATA, HOME + "api", 1, "c", endpoint=endpoint))


def test_an_article_may_be_fetched_again_as_a_column() -> None:
    frontier = Frontier()
    assert frontier.push(Task(Purpose.ARTICLE, HOME + "a/", 40, "c"))
    assert frontier.push(column("a/"))


def test_columns_with_numbers_are_no_pages_of_one_list() -> None:
    frontier = Frontier()
    assert all(frontier.push(column(f"list_{number}.html")) for number in range(100))
    pages = [Task(Purpose.LIST_PAGE, f"{HOME}more/list_{number}.html", 30) for number in range(100)]
    assert sum(frontier.push(page) for page in pages) == 30


def test_endless_addresses_are_refused_and_counted() -> None:
    frontier = Frontier()
    accepted = sum(frontier.push(column(f"list?date=2026-{month:02d}-01")) for month in range(1, 13))
    assert accepted < 12
    assert frontier.guard.counts["calendar"] == 12 - accepted


def test_tasks_that_are_not_worth_it_are_dropped() -> None:
    frontier = Frontier()
    frontier.push(column("a"))
    frontier.push(column("b"))
    assert frontier.pop(lambda task: task.column == "b") == column("b")
    assert len(frontier) == 0


@pytest.mark.parametrize(("pages", "size", "is_spent"), [(9, 99, False), (10, 0, True), (0, 100, True)])
def test_a_budget_is_spent_at_its_limits(pages: int, size: int, is_spent: bool) -> None:
    budget = Budget(10, 100)
    budget.spend(pages, size)
    assert budget.is_spent is is_spent


def test_a_job_survives_its_json() -> None:
    jobs = (CrawlJob(HOME, ("https://www.qinghe.example/",)), CrawlJob("http://a.example/"))
    limits = CrawlLimits(max_pages=7, proxies={"http": "http://127.0.0.1:3128"})
    assert load_job(json.loads(json.dumps(dump_job(jobs, limits, date(2026, 11, 22))))) == (
        jobs,
        limits,
        date(2026, 11, 22),
    )


def test_the_limits_reach_scrapy() -> None:
    settings = build_settings(
        CrawlLimits("agent", request_delay_seconds=2.5, connections_per_host=3, obey_robots=False)
    )
    assert settings["USER_AGENT"] == "agent"
    assert (settings["DOWNLOAD_DELAY"], settings["DOWNLOAD_DELAY_JITTER"]) == (2.5, 0.0)
    assert settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == 3
    assert settings["ROBOTSTXT_OBEY"] is False


def test_politeness_is_on_by_default() -> None:
    settings = build_settings(CrawlLimits())
    assert settings["ROBOTSTXT_OBEY"] is True
    assert settings["AUTOTHROTTLE_ENABLED"] is True
    assert (settings["DOWNLOAD_DELAY"], settings["CONCURRENT_REQUESTS_PER_DOMAIN"]) == (1.0, 1)
    assert settings["COOKIES_ENABLED"] is settings["TELNETCONSOLE_ENABLED"] is settings["HTTPCACHE_ENABLED"] is False


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("a/#top", "a/", True),
        ("app/#/list/1", "app/#/list/2", False),
        ("app/#!list", "app/", False),
        ("gkmlpt/index#2795", "gkmlpt/index#4163", False),
        ("a/#2795", "a/#4163", True),
    ],
)
def test_a_fragment_names_a_page_only_where_a_script_makes_it_one(first: str, second: str, is_same: bool) -> None:
    assert (page_key(HOME + first) == page_key(HOME + second)) is is_same
