"""The month's numbers as JSON and back, and the annex tables made from them."""

from __future__ import annotations

import json

import pytest
from month_samples import STALE, sample_numbers

from gkmonitor.errors import StorageError
from gkmonitor.monthly.plain import load_numbers, month_json
from gkmonitor.monthly.records import IndicatorLine
from gkmonitor.reports.monthly.annexes import annexes_of, problem_list


def test_json_and_back_gives_the_same_numbers_and_the_same_bytes() -> None:
    numbers = sample_numbers()
    body = month_json(numbers)
    assert load_numbers(body) == numbers
    assert month_json(load_numbers(body)) == body


def test_the_object_is_what_the_json_says() -> None:
    numbers = sample_numbers()
    assert json.loads(month_json(numbers)) == numbers.to_object()
    assert numbers.to_object()["problems"][0]["confirmed_on"] == "2026-11-17"


@pytest.mark.parametrize("change", [lambda body: body[:-30], lambda body: body.replace(b"month/1", b"month/9")])
def test_damaged_or_foreign_numbers_are_refused(change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StorageError):
        load_numbers(change(month_json(sample_numbers())))


def test_every_annex_row_has_a_cell_for_each_head() -> None:
    found = annexes_of(sample_numbers())
    assert len({annex.slug for annex in found}) == len(found)
    for annex in found:
        assert all(len(row) == len(annex.heads) for row in annex.rows), annex.slug


def test_every_statistic_is_defined_in_the_annex() -> None:
    definitions = next(one for one in annexes_of(sample_numbers()) if one.slug == "definitions")
    assert len(definitions.rows) == len(sample_numbers().statistics)
    assert all(row[3] for row in definitions.rows)


def test_the_accuracy_is_an_annex_only_where_it_is_public() -> None:
    assert "accuracy" not in {one.slug for one in annexes_of(sample_numbers())}


def test_the_list_of_problems_shows_days_of_the_office() -> None:
    row = dict(
        zip(problem_list([STALE], "Asia/Shanghai").heads, problem_list([STALE], "Asia/Shanghai").rows[0], strict=True)
    )
    assert (row["最后更新时间"], row["未更新天数"], row["最近监测到"]) == ("2026-10-08", "53", "2026-11-30")


def test_clean_and_unmonitored_indicators_read_differently() -> None:
    clean = IndicatorLine("home", "首页不更新", "clean", 0, 0, 0, 3, 0)
    unknown = IndicatorLine("home", "首页不更新", "not_monitored", 0, 0, 0, 0, 3, "网站打不开")
    assert (clean.text, unknown.text) == ("无", "本月未监测（网站打不开）")
