"""How the crawl resolves the hosts that it connects to."""

from __future__ import annotations

from typing import Any, cast

import pytest
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred

from spiders.resolving import CrawlResolver


class ThreadlessReactor:
    """Where any question to a thread is an error."""

    def getThreadPool(self) -> Any:  # noqa: N802  # Twisted's name
        raise AssertionError("a thread was asked")


def resolve(name: str) -> object:
    answers: list[object] = []
    resolving: Deferred[str] = CrawlResolver(cast("ReactorBase", ThreadlessReactor()), 10, 1.0).getHostByName(name)
    resolving.addBoth(answers.append)
    return answers[0]


def test_an_address_by_number_is_its_own_answer_and_no_thread_is_asked() -> None:
    assert resolve("127.9.0.1") == "127.9.0.1"


@pytest.mark.parametrize("name", ["www.qinghe.example", "127.1", "0x7f.0.0.1", "127.0.0.256"])
def test_whatever_is_no_plain_address_is_asked_for_as_before(name: str) -> None:
    with pytest.raises(AssertionError, match="a thread was asked"):
        resolve(name)
