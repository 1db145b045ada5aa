"""The notice as a page: nothing from a portal becomes markup, nothing runs or is fetched, each picture has a table."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from month_samples import BLANK, STALE, VETO, sample_numbers

from gkmonitor.monthly.records import Matrix, MatrixRow, MonthNumbers, TrendPoint
from gkmonitor.reports.charts import (
    MAX_MATRIX_ROWS,
    charts_svg,
    indicator_chart,
    matrix_chart,
    ranking_chart,
    trend_chart,
)
from gkmonitor.reports.notice.page import write_html
from gkmonitor.reports.notice.text import notice_text

NUMBERS = sample_numbers()
EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>]]>&lt;b&gt;"


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def evil_numbers() -> MonthNumbers:
    """A month in which everything that somebody outside can write is an attack."""

    def spoilt(problem: object) -> object:
        portal = replace(problem.portal, name=EVIL, url=EVIL, unit=EVIL, region=EVIL, site_id_code=EVIL)  # type: ignore[attr-defined]
        return replace(problem, portal=portal, message=EVIL, column=EVIL, url=EVIL, path=(EVIL,), rule_title=EVIL)  # type: ignore[type-var]

    problems = tuple(spoilt(one) for one in (VETO, STALE, BLANK))
    matrix = Matrix(EVIL, EVIL, (EVIL, EVIL), (MatrixRow(EVIL, ("ok", "violation")),))
    ranking = tuple(replace(one, portal=replace(one.portal, name=EVIL)) for one in NUMBERS.ranking)
    office = replace(NUMBERS.office, name=EVIL, title=EVIL, number=EVIL, addressee=EVIL, region=EVIL)
    return replace(
        NUMBERS,
        problems=problems,  # type: ignore[arg-type]
        office=office,
        portal_columns=matrix,
        ranking=ranking,
        by_indicator=tuple(replace(one, title=EVIL) for one in NUMBERS.by_indicator),
        trend=(TrendPoint(EVIL, 50.0, 1, 1, 1, 1, 1),),
    )


def test_an_attack_in_any_field_stays_text() -> None:
    page = Page(write_html(evil_numbers()))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "iframe", "object", "embed", "base", "link", "form", "b"}
    assert not [key for _, attributes in page.tags for key in attributes if key.startswith("on")]
    assert "alert(1)" in page.text


def test_nothing_is_fetched_and_nothing_runs() -> None:
    page = Page(write_html(NUMBERS))
    policy = next(
        a["content"] for tag, a in page.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    outside = [
        (tag, key) for tag, a in page.tags for key in a if key in ("src", "href", "xlink:href", "style", "srcset")
    ]
    assert outside == []


def test_the_page_says_everything_that_the_notice_says() -> None:
    text, page = notice_text(NUMBERS), Page(write_html(NUMBERS))
    for _, parts in text.sections:
        for part in parts:
            assert part.text in page.text
    for annex in text.annexes:
        assert annex.title in page.text
        assert annex.empty in page.text or all(cell in page.text for row in annex.rows for cell in row)


def test_each_picture_has_a_name_and_its_table_beside_it() -> None:
    html = write_html(NUMBERS)
    figures = re.findall(r"<figure>.*?</figure>", html, re.DOTALL)
    assert len(figures) == len(charts_svg(NUMBERS)) == 5
    for figure in figures:
        assert re.search(r'<svg [^>]*role="img"[^>]*><title>[^<]+</title>', figure)
        assert '<th scope="col">' in figure


def test_personal_numbers_are_masked() -> None:
    problem = replace(BLANK, message="电话13812345678", portal=replace(BLANK.portal, name="联系13912345678"))
    html = write_html(replace(NUMBERS, problems=(problem,)))
    assert "13812345678" not in html
    assert "13912345678" not in html


# ---------------------------------------------------------------- pictures


def test_a_month_without_a_notice_breaks_the_line_of_the_trend() -> None:
    def lines(*rates: float | None) -> int:
        points = tuple(TrendPoint(f"2026-{at:02}", rate, 1, 1, 0, 1, 0) for at, rate in enumerate(rates, start=1))
        chart = trend_chart(points)
        assert chart is not None
        return chart.picture.count('stroke-width="2.5"')

    assert lines(90.0, 95.0, 97.0) == 2
    assert lines(90.0, None, 97.0) == 0


def test_no_figures_no_trend() -> None:
    assert trend_chart((TrendPoint("2026-11", None, None, None, None, None, None),)) is None


def test_cells_of_a_matrix_differ_by_more_than_colour() -> None:
    row = MatrixRow("甲", ("ok", "violation", "excused", "undecided", "none"))
    chart = matrix_chart("m", Matrix("图", "网站", ("一", "二", "三", "四", "五"), (row,)))
    assert chart is not None
    for mark in "✓✗免?–":
        assert f">{mark}</text>" in chart.picture
    assert chart.rows == (("甲", "正常", "有问题", "有说明或豁免", "未能判定", "不适用"),)


def test_a_large_matrix_shows_the_rows_with_violations_and_says_what_it_leaves_out() -> None:
    rows = tuple(MatrixRow(f"站{at}", ("violation" if at == 150 else "ok",)) for at in range(200))
    chart = matrix_chart("m", Matrix("图", "网站", ("要闻",), rows))
    assert chart is not None
    assert len(chart.rows) == MAX_MATRIX_ROWS
    assert chart.rows[0] == ("站150", "有问题")
    assert chart.note == "共 200 行 1 列，图中列出 60 行 1 列，有问题的在前。"
    assert matrix_chart("m", Matrix("图", "网站", (), ())) is None


def test_indicators_without_problems_say_none_or_not_monitored() -> None:
    chart = indicator_chart(NUMBERS)
    assert chart is not None
    told = {row[0]: row[1] for row in chart.rows}
    assert told["互动回应差"] == "无"
    assert told["站点无法访问"] == "本月未监测（未开展可用性监测）"
    assert "本月未监测" in chart.picture


def test_the_ranking_is_shown_only_where_it_is_switched_on() -> None:
    chart = ranking_chart(NUMBERS)
    assert chart is not None
    assert [row[1] for row in chart.rows] == ["白沙县人民政府", "青禾县教育局", "青禾县人民政府"]
    assert ranking_chart(replace(NUMBERS, ranking=())) is None


@pytest.mark.parametrize("chart", charts_svg(NUMBERS), ids=lambda chart: chart.slug)
def test_pictures_are_well_formed_and_draw_inside_their_frame(chart: object) -> None:
    from xml.etree import ElementTree

    root = ElementTree.fromstring(chart.picture)  # type: ignore[attr-defined]
    _, _, width, height = (float(one) for one in root.attrib["viewBox"].split())
    for box in root.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, wide, tall = (float(box.attrib[key]) for key in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + wide <= width
        assert y + tall <= height
