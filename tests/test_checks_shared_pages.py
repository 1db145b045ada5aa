"""One page is judged once, whatever names and redirects lead to it."""

from __future__ import annotations

from dataclasses import replace

from facts_builder import ago, column, items, judge, portal

from gkmonitor.records import Outcome
from gkmonitor.rules import load_pack


def test_head_that_redirects_to_its_first_child_is_not_accused_beside_the_child() -> None:
    child = column("业务要闻", "news", items(ago(100)), under=("工作动态",))
    assert child.observation is not None
    head = replace(column("工作动态", "news", child.items), observation=child.observation)
    verdicts = judge(load_pack("national-2019-19"), portal(head, child))
    stale = [v for v in verdicts if v.check == "column-stale" and v.outcome is Outcome.VIOLATION]
    assert [v.subject.column for v in stale] == ["工作动态"]
