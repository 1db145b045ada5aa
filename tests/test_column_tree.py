"""A portal's columns as a tree: the heaviest verdict marks a column, and nothing passes that was not judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from ledger_builder import OK, undecided, verdict

from gkmonitor.ledger.subjects import key_of
from gkmonitor.records import Excuse, Outcome, Reason, Severity, Subject, Verdict
from gkmonitor.reports.column_tree import Node, Tree, build_tree
from gkmonitor.verdicts import verdict_object

AS_OF = date(2026, 11, 20)
NEWS = Subject("news", "要闻", "http://qinghe.example/yw/", ("政务公开", "要闻"))


@dataclass(frozen=True)
class Seen:
    key: str
    path: tuple[str, ...]
    newest: date | None = None
    is_seen: bool = True


def seen(subject: Subject = NEWS, **values: Any) -> Seen:
    return Seen(key_of(subject), subject.path, **values)


def tree(*verdicts: Verdict, columns: tuple[Seen, ...] | None = None) -> Tree:
    given = (seen(),) if columns is None else columns
    return build_tree(given, [verdict_object(one) for one in verdicts], AS_OF)


def leaf(found: Tree) -> Node:
    node = found.roots[0]
    while node.children:
        node = node.children[0]
    return node


VETO, ADVICE = Severity.VETO, Severity.ADVICE


@pytest.mark.parametrize(
    ("verdicts", "mark", "why"),
    [
        ([], "unjudged", ""),
        ([verdict(OK, subject=NEWS)], "ok", ""),
        ([verdict(OK, subject=NEWS), undecided(Reason.UNDATED, NEWS)], "undecided", "列表和文章都没有日期"),
        ([undecided(Reason.BLOCKED, NEWS), verdict(subject=NEWS, severity=ADVICE)], "advice", "提醒"),
        ([verdict(subject=NEWS, severity=ADVICE), verdict(subject=NEWS, rule="p/x")], "deduction", "扣分"),
        ([verdict(subject=NEWS), verdict(subject=NEWS, severity=VETO, rule="p/x")], "veto", "单项否决"),
        (
            [verdict(Outcome.EXCUSED, subject=NEWS, reason=Excuse.DELEGATED), verdict(OK, subject=NEWS, rule="p/x")],
            "excused",
            "内容在其他平台公开",
        ),
        ([verdict(Outcome.NOT_APPLICABLE, subject=NEWS)], "unjudged", ""),
    ],
)
def test_the_heaviest_verdict_marks_a_column(verdicts: list[Verdict], mark: str, why: str) -> None:
    node = leaf(tree(*verdicts))
    assert (node.mark, node.why) == (mark, why)


def test_a_column_that_the_look_did_not_meet_is_not_shown_as_judged() -> None:
    node = leaf(tree(verdict(OK, subject=NEWS), columns=(seen(is_seen=False),)))
    assert (node.mark, node.words) == ("absent", "本次未见到")


def test_columns_stand_below_the_names_of_their_paths_and_days_count_from_the_newest_item() -> None:
    found = tree(columns=(seen(newest=date(2026, 11, 1)),))
    (root,) = found.roots
    assert (root.name, root.column, root.words, root.days) == ("政务公开", None, "", None)
    assert (leaf(found).name, leaf(found).days) == ("要闻", 19)
    assert found.counts["unjudged"] == 1
    assert sum(found.counts.values()) == 1


def test_what_is_about_no_known_column_is_told_apart() -> None:
    other = Subject("budget", "预算公开", None, ())
    found = tree(verdict(subject=other, message="未找到预算公开"), verdict(OK, subject=Subject()))
    assert next((one.mark, one.message) for one in found.whole) == ("deduction", "未找到预算公开")
    assert len(found.whole) == 2
    assert leaf(found).mark == "unjudged"


def test_of_two_columns_of_one_path_the_one_that_stands_there_now_is_shown() -> None:
    gone = Seen("other", NEWS.path, is_seen=False)
    for columns in ((gone, seen()), (seen(), gone)):
        assert leaf(tree(verdict(OK, subject=NEWS), columns=columns)).mark == "ok"
