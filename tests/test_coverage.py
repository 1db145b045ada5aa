"""The catalogue of duties, and that every one of them is answered by a rule, by a person or by a reason."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from gkmonitor.coverage import Coverage, Duty, answer_indicators, cover, load_duties, load_indicators
from gkmonitor.rules import RulePack, available_packs, parse_pack

DUTIES = load_duties()
DOCUMENTS = {
    "chengdu-2013": 137,
    "longjiang-2017": 234,
    "jiangmen-2016": 174,
    "zhaotong-2017": 305,
    "zhaoqing-2010": 55,
}
CLAUSES = {"chengdu-2013": 18, "longjiang-2017": 38, "jiangmen-2016": 89, "zhaotong-2017": 27, "zhaoqing-2010": 17}
DUTY = Duty("x-1", "trial", "第一条", "news", "公开动态", "freshness", "site", "department", "", "", "auto")

HEAD = 'id: trial\nversion: "1"\ntitle: 试用\ndocuments: [试用办法]\n'
RULE = """rules:
  - {slug: it, title: 试用规则, clause: 第一条, words: 试用, confidence: A, check: column-blank, severity: advice,
     covers: [%s]}
"""
TASK = """tasks:
  - {slug: look, title: 看, clause: 第一条, look: 看栏目, where: 栏目, counts: 有内容的算做到, how: %s, covers: [%s]%s}
"""
NOT_WEB = "not_web:\n  - {why: 只在内部留痕, covers: [%s]}\n"


@pytest.fixture(scope="module")
def coverage() -> Coverage:
    return cover(available_packs().values())


def trial(*parts: str) -> RulePack:
    return parse_pack(HEAD + "".join(parts), "trial.yaml")


def only(duty: Duty, pack: RulePack) -> Coverage:
    return cover([pack], [duty])


# ---------------------------------------------------------------- the catalogue


def test_catalogue_has_905_duties_in_189_clauses() -> None:
    assert len(DUTIES) == len({duty.id for duty in DUTIES}) == 905
    assert Counter(duty.document for duty in DUTIES) == DOCUMENTS
    clauses = {(duty.document, duty.clause) for duty in DUTIES}
    assert Counter(document for document, _ in clauses) == CLAUSES
    assert len(clauses) == 189


def test_catalogue_marks_519_duties_as_decidable_by_a_machine() -> None:
    assert Counter(duty.automation for duty in DUTIES) == {"auto": 519, "semi": 237, "manual": 149}
    assert all(duty.restatement and duty.clause and duty.kind and duty.channel for duty in DUTIES)


# ---------------------------------------------------------------- every duty is answered


def test_every_duty_of_every_clause_is_answered(coverage: Coverage) -> None:
    assert coverage.unanswered == ()
    for name, counts in coverage.documents().items():
        assert counts["duties"] == DOCUMENTS[name]
        assert counts["clauses_accounted"] == counts["clauses"] == CLAUSES[name]
        assert counts["unaccounted"] == []
    total = coverage.total()
    assert (total["duties"], total["clauses_accounted"]) == (905, 189)


def test_answers_have_no_fault(coverage: Coverage) -> None:
    assert coverage.faults == ()


def test_at_least_450_of_the_decidable_duties_are_automatic(coverage: Coverage) -> None:
    total = coverage.total()
    assert total["marked_auto"] == 519
    assert total["marked_auto_automatic"] >= 450


def test_decidable_duty_that_is_answered_lower_says_why(coverage: Coverage) -> None:
    lower = [d.id for d in DUTIES if d.automation == "auto" and coverage.answers[d.id].how != "automatic"]
    assert all(len(coverage.answers[duty].why or "") >= 8 for duty in lower)


def test_only_what_the_web_cannot_show_is_not_web(coverage: Coverage) -> None:
    for duty in DUTIES:
        answer = coverage.answers[duty.id]
        if answer.how == "not_web":
            assert duty.kind == "not-web-checkable" or duty.channel == "other"
            assert answer.why
            assert answer.rules == ()
        else:
            assert answer.rules


def test_duty_is_answered_by_the_pack_of_its_own_document(coverage: Coverage) -> None:
    for duty in DUTIES:
        assert {rule.split("/")[0] for rule in coverage.answers[duty.id].rules} <= {duty.document}


def test_rule_states_the_clause_of_the_duties_it_answers() -> None:
    by_id = {duty.id: duty for duty in DUTIES}
    for pack in available_packs().values():
        for entry in (*pack.rules, *pack.tasks):
            assert {by_id[duty].clause for duty in entry.covers} <= {entry.clause}


def test_task_of_a_local_document_covers_a_duty() -> None:
    packs = [pack for pack in available_packs().values() if pack.region is not None]
    assert packs
    assert all(task.covers for pack in packs for task in pack.tasks)


# ---------------------------------------------------------------- every national indicator is answered

SECTIONS = ("2019-", "2015-", "47-", "61-", "711-", "budget-", "double-", "713-", "54-", "12-")


def test_every_national_indicator_is_answered_by_rules_and_tasks_that_exist_or_by_a_reason() -> None:
    packs = available_packs()
    answers = answer_indicators(packs.values())
    known = {one.id for pack in packs.values() for one in (*pack.rules, *pack.tasks)}
    for indicator in load_indicators():
        assert set(indicator.rules) <= known, indicator.id
        assert answers[indicator.id].how, indicator.id
        assert bool(indicator.rules) is not bool(indicator.why), indicator.id
    assert {section for section in SECTIONS if any(name.startswith(section) for name in answers)} == set(SECTIONS)
    assert len(answers) == len(load_indicators())


def test_every_national_rule_and_task_answers_an_indicator_or_extends_one() -> None:
    """Periods that only one office's monitor uses and columns of a concept answer none of the table by themselves."""
    answering = {name for indicator in load_indicators() for name in indicator.rules}
    national = [pack for pack in available_packs().values() if pack.region is None]
    tasks = {task.id for pack in national for task in pack.tasks}
    above = {rule.id for pack in national for rule in pack.rules if rule.severity != "advice"}
    assert tasks <= answering
    assert above - answering <= {
        "national-2015-15/news-column-stale",
        "national-2015-15/notices-column-stale",
        "national-2015-15/column-blank",
        "key-areas/column-blank",
    }


def test_indicator_of_which_nothing_is_there_is_not_answered() -> None:
    answers = answer_indicators([])
    assert answers["2019-V3"].how is None
    assert answers["61-look"].how == "not_web"


def test_rule_outranks_task_for_an_indicator() -> None:
    answers = answer_indicators(available_packs().values())
    assert answers["2019-V1"].how == "automatic"
    assert answers["2019-N1-N3"].how == "manual"
    assert answers["711-12"].how == "assisted"


# ---------------------------------------------------------------- how answers are counted


def test_rule_outranks_task_and_both_are_named() -> None:
    answer = only(DUTY, trial(RULE % "x-1", TASK % ("assisted", "x-1", ""))).answers["x-1"]
    assert (answer.how, answer.rules) == ("automatic", ("trial/it", "trial/look"))


def test_duty_without_answer_is_named() -> None:
    coverage = only(DUTY, trial(RULE % "x-1")).answers
    assert coverage["x-1"].how == "automatic"
    nothing = cover([], [DUTY])
    assert nothing.unanswered == ("x-1",)
    assert "公开动态" in nothing.faults[0]
    assert nothing.documents()["trial"]["clauses_accounted"] == 0


def test_decidable_duty_given_to_a_person_without_reason_is_a_fault() -> None:
    rules = RULE % "x-1"
    other = replace(DUTY, id="x-2")
    task = trial(rules, TASK % ("manual", "x-2", ""))
    assert any("why" in fault for fault in cover([task], [DUTY, other]).faults)
    reasoned = trial(rules, TASK % ("manual", "x-2", ", why: 只在纸面公布"))
    assert cover([reasoned], [DUTY, other]).faults == ()


def test_site_duty_declared_invisible_is_a_fault() -> None:
    pack = trial(RULE % "x-9", NOT_WEB % "x-1")
    seen = replace(DUTY, automation="manual")
    assert any("not_web" in fault for fault in cover([pack], [seen]).faults)
    for hidden in (replace(seen, channel="other"), replace(seen, kind="not-web-checkable")):
        assert not any("not_web" in fault for fault in cover([pack], [hidden]).faults)


def test_answer_to_an_unknown_duty_is_a_fault() -> None:
    assert any("x-9" in fault for fault in cover([trial(RULE % "x-9")], [DUTY]).faults)


# ---------------------------------------------------------------- the command


def test_command_prints_every_duty_and_document() -> None:
    from gkmonitor.cli.rules import app

    result = CliRunner().invoke(app, ["coverage", "--json"])
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert list(printed) == ["duties", "documents", "indicators"]
    assert len(printed["duties"]) == 905
    assert {frozenset(answer) for answer in printed["duties"].values()} == {frozenset({"how", "rules", "why"})}
    assert {answer["how"] for answer in printed["duties"].values()} <= {"automatic", "assisted", "manual", "not_web"}
    assert set(printed["documents"]) == set(DOCUMENTS)
    assert printed["duties"]["cd-06-03"]["how"] == "automatic"
    assert printed["indicators"]["2019-V3"] == {
        "how": "automatic",
        "rules": ["national-2019-19/home-not-updated"],
        "why": None,
    }


def test_command_shows_counts_in_a_table() -> None:
    from gkmonitor.cli.rules import app

    result = CliRunner().invoke(app, ["coverage"])
    assert result.exit_code == 0
    assert "905" in result.stdout
    assert "189/189" in result.stdout
    assert f"国家规则的指标 {len(load_indicators())} 项" in result.stdout
    assert "没有规则、人工任务或理由" not in result.stdout
