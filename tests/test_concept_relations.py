"""How concepts and names belong together: joint names, parts and wholes, and data that contradicts itself nowhere."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_concepts import NAMES, answer, rows

from gkmonitor.concepts import (
    all_concepts,
    concepts_stated,
    get_concept,
    is_within,
    match_name,
    may_hold,
    normalise_name,
    satisfied_by,
    satisfies,
)
from gkmonitor.errors import ConceptError
from gkmonitor.lexicon import KINDS, get_lexicon, load_data
from gkmonitor.records import Match


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("预决算公开", ("budget", "final-accounts")),
        ("财政预决算和“三公”经费", ("budget", "final-accounts", "three-public-expenses")),
        ("预算公开", ("budget",)),
        ("双公示", ("double-publicity",)),
        ("行政许可和行政处罚公示", ("double-publicity", "permits", "penalties")),
        ("安全生产、食品药品安全", ("work-safety", "food-drug-safety")),
        ("无关的名字", ()),
    ],
)
def test_a_joint_name_states_all_its_concepts(name: str, stated: tuple[str, ...]) -> None:
    assert concepts_stated(name) == stated


@pytest.mark.parametrize(
    "name", ["公开公示预决算情况说明", "青禾特色双公示指引", "我的县预决算公开试点", "县里的政府信息公开指南问答"]
)
def test_a_name_that_only_contains_an_alias_is_unsure(name: str) -> None:
    found = match_name(name)
    assert found is not None
    assert found.match is Match.UNSURE


def test_the_path_may_end_with_the_name_itself() -> None:
    assert match_name("指南", ("政府信息公开", "指南")) == match_name("指南", ("政府信息公开",))


def test_an_unsure_parent_settles_nothing() -> None:
    assert answer("年度报告", ("公开专栏",)) == ("annual-report", "unsure")


@pytest.mark.parametrize(
    ("have", "wanted", "expected"),
    [
        ("budget", "budget", True),
        ("fiscal", "budget", True),
        ("fiscal", "final-accounts", True),
        ("budget", "fiscal", False),
        ("budget", "final-accounts", False),
        ("fiscal-funds", "budget", False),
        ("double-publicity", "penalties", True),
        ("penalties", "double-publicity", False),
        ("key-areas", "education", False),
    ],
)
def test_only_joint_columns_answer_for_others(have: str, wanted: str, expected: bool) -> None:
    assert satisfies(have, wanted) is expected


def test_all_parts_together_answer_for_the_whole() -> None:
    assert satisfied_by({"permits", "penalties"}, "double-publicity")
    assert not satisfied_by({"permits"}, "double-publicity")
    assert not satisfied_by(set(), "double-publicity")


def test_a_container_does_not_excuse_what_it_lacks() -> None:
    assert may_hold("fiscal-funds", "budget")
    assert not may_hold("disclosure-platform", "disclosure-rules")
    assert not may_hold("statutory-content", "budget")


def test_within_follows_the_chain_of_parents() -> None:
    assert is_within("budget", "fiscal")
    assert is_within("budget", "budget")
    assert is_within("education", "key-areas")
    assert not is_within("fiscal", "budget")
    assert not is_within("no-such-concept", "fiscal")


def test_every_concept_has_a_known_kind_and_parent_and_a_name() -> None:
    concepts = all_concepts()
    assert len(concepts) == len(load_data("concepts.yaml"))
    for concept in concepts.values():
        assert concept.kind in KINDS
        assert concept.parent is None or concept.parent in concepts
        assert concept.name_zh
    assert [get_concept(slug).kind for slug in ("news", "notices", "policy-documents", "personnel", "plans")] == [
        "news",
        "notices",
        "policy",
        "personnel",
        "plans",
    ]


def test_an_unknown_concept_is_named_in_the_error() -> None:
    with pytest.raises(ConceptError, match="no-such"):
        get_concept("no-such")


def test_every_listed_name_matches_its_own_concept_where_nothing_stands_above() -> None:
    lost = [
        (name, entry.concept)
        for name, entries in get_lexicon().names.items()
        for entry in entries
        if entry.match is Match.EXACT and answer(entry.alias)[0] != entry.concept and name not in get_lexicon().generic
    ]
    assert lost == []


def test_no_name_is_the_sure_name_of_two_unrelated_concepts() -> None:
    doubled = {
        name: [entry.concept for entry in entries if entry.match is Match.EXACT]
        for name, entries in get_lexicon().names.items()
        if sum(entry.match is Match.EXACT for entry in entries) > 1
    }
    assert doubled == {}


def test_no_false_friend_is_listed_as_a_sure_name() -> None:
    words = get_lexicon()
    assert [name for name in words.false_friends if any(entry.is_sure for entry in words.names.get(name, ()))] == []


@given(st.text(max_size=40), st.lists(st.text(max_size=12), max_size=4))
def test_matching_never_raises(name: str, path: list[str]) -> None:
    found = match_name(name, path)
    assert found is None or found.concept in all_concepts()


@given(st.text(max_size=40))
def test_normalising_is_idempotent(text: str) -> None:
    once = normalise_name(text)
    assert normalise_name(once) == once
    assert once == "" or once.isalnum()


@given(
    st.sampled_from(["预决算公开", "双公示", "通知公告", "政府信息公开", "依申请公开", "部门预算"]),
    st.sampled_from(["", "“", "【", " ", "·", "\u3000"]),
    st.sampled_from(["", "”", "】", " >>", "（3）", "→", "\u3000"]),
)
def test_decoration_changes_nothing(name: str, before: str, after: str) -> None:
    assert answer(f"{before}{name}{after}") == answer(name)


def test_the_data_loads_and_matches_within_its_budget() -> None:
    started = time.process_time()
    get_lexicon.__wrapped__()
    assert time.process_time() - started < 0.2  # 0.03 s on an idle machine
    names = [f"青禾县{name}{index % 7}" for index, (name, *_) in enumerate(rows(NAMES))]
    started = time.process_time()
    for name in names:
        match_name(name)
    assert (time.process_time() - started) / len(names) < 0.0003  # 30 microseconds on an idle machine
