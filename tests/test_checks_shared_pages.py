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


def test_second_level_column_shown_as_a_block_is_not_counted_as_first_level() -> None:
    head = column("工作动态", "news", items(ago(1)), url="http://www.qinghe.gov.cn/gzdt/index.html")
    names = ("业务要闻", "县区动态", "部门动态", "本地要闻", "时政要闻")
    blocks = [
        column(name, "news", items(ago(100)), url=f"http://www.qinghe.gov.cn/gzdt/b{n}/index.html")
        for n, name in enumerate(names)
    ]
    verdicts = judge(load_pack("national-2019-19"), portal(head, *blocks))
    (count,) = [v for v in verdicts if v.check == "news-stale-count"]
    assert count.outcome is Outcome.OK


def test_first_level_columns_side_by_side_are_counted() -> None:
    names = ("业务要闻", "县区动态", "部门动态", "本地要闻", "时政要闻")
    heads = [
        column(name, "news", items(ago(100)), url=f"http://www.qinghe.gov.cn/b{n}/index.html")
        for n, name in enumerate(names)
    ]
    (count,) = [v for v in judge(load_pack("national-2019-19"), portal(*heads)) if v.check == "news-stale-count"]
    assert count.outcome is Outcome.VIOLATION
