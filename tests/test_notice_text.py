"""What the notice says: 无 for checked and clean, 本月未监测 for unchecked, names only where the numbers give them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from month_samples import BAISHA, BLANK, QINGHE, STALE, VETO, sample_numbers

from gkmonitor.monthly.records import IndicatorLine, MonthNumbers, Problem, Rectification, Statistic
from gkmonitor.reports.notice.findings import MAX_PORTALS
from gkmonitor.reports.notice.parts import Part, chinese_number, numbered_heads
from gkmonitor.reports.notice.text import BLANK_DATE, DRAFT, NoticeText, notice_text

NUMBERS = sample_numbers()


def part(text: NoticeText, section: int, head: str) -> str:
    """The text below a head, without its number."""
    found = [one.text for one in text.sections[section][1] if one.head.endswith(f"）{head}")]
    assert len(found) == 1, [one.head for one in text.sections[section][1]]
    return found[0]


def heads(text: NoticeText, section: int) -> list[str]:
    return [one.head.partition("）")[2] for one in text.sections[section][1] if one.head]


def everything(text: NoticeText) -> str:
    words = [part.head + part.text for _, parts in text.sections for part in parts]
    cells = [cell for annex in text.annexes for row in annex.rows for cell in row]
    return "\n".join([text.title, text.number, text.addressee, text.basis, *words, *cells])


def with_statistic(numbers: MonthNumbers, slug: str, **changes: object) -> MonthNumbers:
    found = tuple(replace(one, **changes) if one.slug == slug else one for one in numbers.statistics)  # type: ignore[arg-type]
    return replace(numbers, statistics=found)


def test_the_four_sections_stand_in_the_order_of_the_form() -> None:
    assert [head for head, _ in notice_text(NUMBERS).sections] == [
        "总体情况",
        "上月问题整改复查情况",
        "本月发现的主要问题",
        "工作要求",
    ]


def test_the_numbers_are_told_in_sentences_with_their_change() -> None:
    told = part(notice_text(NUMBERS), 0, "检查情况")
    assert told == (
        "全市在运行政府网站4家，比上月减少1家；本月检查3家，检查覆盖率75%。"
        "其中合格1家、不合格1家、未能判定1家，合格率50%，比上月下降12.5个百分点。"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [(2.5, "，比上月提高2.5个百分点"), (0.0, "，与上月持平"), (-1.0, "，比上月下降1个百分点"), (None, "合格率50%。")],
)
def test_a_change_that_is_not_known_is_not_told(value: float | None, words: str) -> None:
    numbers = with_statistic(NUMBERS, "qualified-rate-change", value=value)
    assert words in part(notice_text(numbers), 0, "检查情况")


def test_a_rate_that_cannot_be_known_says_why() -> None:
    numbers = with_statistic(NUMBERS, "qualified-rate", value=None, why_none="没有能够判定的网站")
    assert "合格率未知（没有能够判定的网站）。" in part(notice_text(numbers), 0, "检查情况")


def test_unqualified_portals_are_named_and_none_is_a_word() -> None:
    assert "“白沙县人民政府”网站（监测2周首页无信息更新）" in part(notice_text(NUMBERS), 0, "不合格网站")
    assert part(notice_text(replace(NUMBERS, unqualified=())), 0, "不合格网站") == "无。"


def test_a_month_without_inspections_claims_neither_faults_nor_their_absence() -> None:
    numbers = with_statistic(replace(NUMBERS, unqualified=(), problems=(), by_indicator=()), "checked", value=0)
    text = notice_text(numbers)
    assert part(text, 0, "不合格网站") == "本月未监测（没有完成检查的网站）。"
    assert part(text, 0, "问题情况") == "本月未监测（没有完成检查的网站）。"
    assert [one.text for one in text.sections[2][1]] == ["本月未监测（没有完成检查的网站）。"]


def test_clean_indicators_say_none_and_unchecked_ones_why() -> None:
    text = notice_text(NUMBERS)
    assert part(text, 2, "未发现问题的指标") == "互动回应差：无。"
    assert part(text, 2, "未监测的指标") == "站点无法访问：本月未监测（未开展可用性监测）。"


def test_problems_are_told_by_indicator_with_the_names_of_portals() -> None:
    text = notice_text(NUMBERS)
    assert heads(text, 2)[:3] == ["首页不更新", "栏目不更新", "空白栏目"]
    told = part(text, 2, "首页不更新")
    assert told.startswith("共1个，涉及网站1家，其中单项否决问题1个。“白沙县人民政府”网站首页最新一条信息")
    assert told.endswith("（已整改）。")


def test_only_the_first_portals_of_an_indicator_are_named_and_the_rest_is_counted() -> None:
    many = tuple(
        replace(STALE, case_id=100 + at, portal=replace(QINGHE, id=100 + at, name=f"第{at}镇人民政府"))
        for at in range(MAX_PORTALS + 4)
    )
    line = IndicatorLine("stale", "栏目不更新", "found", len(many), 0, len(many), 20, 0)
    told = part(notice_text(replace(NUMBERS, problems=many, by_indicator=(line,))), 2, "栏目不更新")
    assert told.count("网站栏目") == MAX_PORTALS
    assert told.endswith("；其余4家见附件。")


def test_the_section_on_last_month_stands_even_with_nothing_to_tell() -> None:
    none = Rectification("2026-10", 0, 0, (), 0, 0, None, "issued")
    text = notice_text(replace(NUMBERS, rectification=none, repeat_offenders=(), corrections=()))
    assert heads(text, 1) == ["复查情况", "仍未整改的问题", "连续被通报的网站"]
    assert [one.text for one in text.sections[1][1]] == ["上月通报的问题：无。", "无。", "无。"]


def test_an_unknown_last_month_is_not_a_clean_one() -> None:
    unknown = Rectification("2026-10", None, 0, (), 0, 0, None, "none", "上月没有印发通报")
    text = notice_text(replace(NUMBERS, rectification=unknown))
    assert part(text, 1, "复查情况") == "本月未作复查统计（上月没有印发通报）。"
    assert part(text, 1, "仍未整改的问题") == "本月未作复查统计（上月没有印发通报）。"


def test_corrections_of_issued_notices_are_told_only_where_there_are_some() -> None:
    assert "现更正为“不列为问题”（申诉成立）" in part(notice_text(NUMBERS), 1, "更正")
    assert "更正" not in heads(notice_text(replace(NUMBERS, corrections=())), 1)


def test_typed_figures_have_a_paragraph_only_when_they_are_typed() -> None:
    head = "“我为政府网站找错”留言办理情况"
    assert part(notice_text(NUMBERS), 0, head) == "找错留言收到12条。"
    blank = with_statistic(NUMBERS, "finder-received", value=None, why_none="没有填写")
    assert head not in heads(notice_text(blank), 0)
    gone = replace(NUMBERS, statistics=tuple(one for one in NUMBERS.statistics if one.source == "ledger"))
    assert heads(notice_text(gone), 0) == ["检查情况", "不合格网站", "问题情况", "未能判定和未监测的情况"]


def test_portals_without_news_are_named_only_where_the_setting_lets_them() -> None:
    silent = replace(NUMBERS, without_items=(BAISHA,))
    assert "未发布信息的网站" not in heads(notice_text(silent), 0)
    named = notice_text(replace(silent, names_unconfirmed=True))
    assert "“白沙县人民政府”网站" in part(named, 0, "未发布信息的网站")


def test_undecided_and_excused_are_told_as_coverage() -> None:
    told = part(notice_text(NUMBERS), 0, "未能判定和未监测的情况")
    assert "未能判定的事项5项（主要原因：列表和文章都没有日期）" in told
    assert "以上均不计为问题。" in told
    assert told.endswith("本月未监测的指标1项，见第三部分。")


def test_a_notice_that_is_not_issued_has_no_number_and_no_date() -> None:
    office = replace(NUMBERS.office, number=None, issued_on=None)
    text = notice_text(replace(NUMBERS, office=office))
    assert (text.number, text.date) == (DRAFT, BLANK_DATE)
    issued = notice_text(NUMBERS)
    assert (issued.number, issued.date) == ("青府办〔2026〕58号", "2026年12月1日")


def test_a_running_month_says_until_when_it_was_counted() -> None:
    text = notice_text(replace(NUMBERS, is_running=True, last_day=date(2026, 11, 20)))
    assert "2026年11月份（截至2026年11月20日）" in text.basis


@pytest.mark.parametrize(
    ("deadlines", "words"),
    [
        ((date(2026, 12, 15), date(2026, 12, 20)), "在整改通知书规定的期限内（最迟2026年12月20日）完成整改"),
        ((None, None), "在整改通知书规定的期限内完成整改"),
        ((date(2026, 11, 20), None), "在整改通知书规定的期限内、已过期限的立即完成整改"),
    ],
)
def test_mending_is_asked_for_by_deadlines_that_still_lie_ahead(
    deadlines: tuple[date | None, date | None], words: str
) -> None:
    problems = tuple(replace(one, deadline=day) for one, day in zip((STALE, BLANK), deadlines, strict=True))
    assert words in part(notice_text(replace(NUMBERS, problems=problems)), 3, "立即整改存在问题")


def test_mending_is_not_asked_for_where_everything_is_mended() -> None:
    assert heads(notice_text(replace(NUMBERS, problems=(VETO,))), 3)[0] == "全面开展自查"


def test_personal_numbers_are_masked_in_text_and_annexes() -> None:
    told = "联系电话13812345678、身份证11010519491231002X未遮盖"
    problem: Problem = replace(BLANK, message=told, url="http://a.example/?tel=13812345678")
    words = everything(notice_text(replace(NUMBERS, problems=(problem,))))
    assert "13812345678" not in words
    assert "11010519491231002X" not in words
    assert "138****5678" in words


def test_a_typed_text_is_told_as_it_was_typed() -> None:
    typed = Statistic(
        "accountability-note",
        "问责情况说明",
        "对1名负责人进行了约谈。",
        "",
        "由人填写。",
        source="typed",
        signed_by="李四",
    )
    text = notice_text(replace(NUMBERS, statistics=(*NUMBERS.statistics, typed)))
    assert part(text, 0, "问责情况") == "对1名负责人进行了约谈。"


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_numbers_of_heads_are_chinese(number: int, words: str) -> None:
    assert chinese_number(number) == words


def test_paragraphs_without_a_head_take_no_number() -> None:
    assert [one.head for one in numbered_heads([Part("甲", "子"), Part("乙"), Part("丙", "丑")])] == [
        "（一）子",
        "",
        "（二）丑",
    ]


def typed(slug: str, title: str, value: float | str, unit: str) -> Statistic:
    return Statistic(slug, title, value, unit, "由人填写。", source="typed", signed_by="李四")


def test_typed_figures_of_a_group_make_one_sentence_that_can_be_read_aloud() -> None:
    figures = (
        typed("talked-to", "约谈人数", 3, "人"),
        typed("criticised", "通报批评人数", 1, "人"),
        typed("accountability-note", "问责情况说明", "均已办结。", ""),
        typed("finder-longest", "“我为政府网站找错”留言最长办理天数", 5, "天"),
    )
    text = notice_text(replace(NUMBERS, statistics=figures))
    assert part(text, 0, "问责情况") == "约谈3人，通报批评1人。均已办结。"
    assert part(text, 0, "“我为政府网站找错”留言办理情况") == "“我为政府网站找错”留言最长办理5天。"


def test_running_portals_are_split_by_kind_and_published_items_are_told() -> None:
    def counted(slug: str, title: str, value: int | None, unit: str = "家") -> Statistic:
        return Statistic(slug, title, value, unit, "定义")

    extra = (
        counted("running-county-portal", "在运行的县区门户数", 2),
        counted("running-department", "在运行的部门网站数", 2),
        counted("items", "发布信息条数", 47, "条"),
        counted("items-news", "发布动态信息条数", 30, "条"),
        counted("items-change", "发布信息条数比上月增减", -3, "条"),
        counted("without-items", "发布信息为0条的网站数", 1),
        counted("site-letters", "网站公开显示的本月来信数", 8, "封"),
        counted("site-letters-answered", "其中已答复数", 7, "封"),
    )
    text = notice_text(replace(NUMBERS, statistics=(*NUMBERS.statistics, *extra)))
    assert "在运行政府网站4家（其中县区门户2家、部门网站2家），比上月减少1家；" in part(text, 0, "检查情况")
    assert part(text, 0, "信息发布和留言情况") == (
        "监测到各网站本月发布信息47条（动态信息30条），比上月减少3条；没有监测到当月发布信息的网站1家；"
        "网站公开显示的本月来信8封，已答复7封。"
    )
    assert "信息发布和留言情况" not in heads(notice_text(NUMBERS), 0)
