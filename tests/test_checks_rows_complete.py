"""Elements of published decisions: what the heads of a row tell, and what is nobody's fault."""

from __future__ import annotations

from dataclasses import replace

import pytest
from facts_builder import BASE, answer, column, item, pack_of, portal

from gkmonitor.records import Details, Match, Outcome, PortalFacts, PublicityRow, Reason

RULE = pack_of(
    "row-incomplete",
    severity="advice",
    rest="concepts: [double-publicity]\n"
    "params: {kinds: [penalty], elements: [违法事实|处罚事由, 处罚依据, 处罚结果|处罚内容]}",
)
FULL = ("处罚事由", "处 罚 依 据", "处罚内容")


def table(*rows: tuple[str, ...], kind: str = "penalty") -> PortalFacts:
    shown = tuple(PublicityRow(kind, f"青罚〔2026〕{n}号", BASE, fields=fields) for n, fields in enumerate(rows))
    return portal(column("行政处罚", "penalties", [item()], details=Details(rows=shown)))


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        (FULL, Outcome.OK),
        (("违法事实", *FULL), Outcome.OK),
        (FULL[:2], Outcome.VIOLATION),
        (FULL[1:], Outcome.VIOLATION),
    ],
)
def test_each_element_may_stand_under_any_of_its_heads(fields: tuple[str, ...], outcome: Outcome) -> None:
    assert answer(RULE, table(FULL, fields)).outcome is outcome


def test_what_is_lacking_is_counted_and_quoted() -> None:
    found = answer(RULE, table(FULL, FULL[:2], FULL[:2]))
    assert found.measured == "2 条缺少"
    assert "处罚结果（2 条）" in found.message
    assert found.evidence[0].quote.startswith("青罚〔2026〕1号：")


def test_rows_without_heads_and_titles_alone_are_undecided() -> None:
    assert answer(RULE, table(())).reason is Reason.NOT_OBSERVED
    assert answer(RULE, table(FULL, kind="permit")).reason is Reason.NOT_OBSERVED


def test_column_of_an_unsure_name_is_not_accused() -> None:
    facts = table(FULL[:1])
    unsure = replace(facts.columns[0], match=Match.UNSURE)
    assert answer(RULE, replace(facts, columns=(unsure,))).reason is Reason.AMBIGUOUS


def test_column_of_permits_is_not_asked_for_penalties() -> None:
    permits = column("行政许可公示", "permits", [item()])
    assert answer(RULE, portal(permits)).outcome is Outcome.NOT_APPLICABLE
    assert answer(RULE, portal(column("双公示", "double-publicity", [item()]))).reason is Reason.NOT_OBSERVED
