from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gkmonitor.dates import Period, date_from_url, find_dates, find_month_day, parse_day, parse_period
from gkmonitor.errors import DateError

KNOWN_DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
HAN = "〇一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "day", "printed", "form"),
    [
        ("2026-01-02", "2026-01-02", "2026-01-02", "ymd"),
        ("2026-1-2", "2026-01-02", "2026-1-2", "ymd"),
        ("2026 - 01 - 02", "2026-01-02", "2026 - 01 - 02", "ymd"),
        ("2026/1/2", "2026-01-02", "2026/1/2", "slash"),
        ("2026.01.02", "2026-01-02", "2026.01.02", "dot"),
        ("2026年1月2日", "2026-01-02", "2026年1月2日", "ymd-cn"),
        ("2026 年 01 月 02 日", "2026-01-02", "2026 年 01 月 02 日", "ymd-cn"),
        ("2026年1月2", "2026-01-02", "2026年1月2", "ymd-cn"),
        ("2026年元月2日", "2026-01-02", "2026年元月2日", "ymd-cn"),
        ("2026年十二月廿三日", "2026-12-23", "2026年十二月廿三日", "ymd-cn"),
        ("二〇二六年三月五日", "2026-03-05", "二〇二六年三月五日", "han"),
        ("二○二六年十二月三十一日", "2026-12-31", "二○二六年十二月三十一日", "han"),
        ("二零二六年十月十日", "2026-10-10", "二零二六年十月十日", "han"),
        ("二O二六年二月二十日", "2026-02-20", "二O二六年二月二十日", "han"),
        ("２０２６－０１－０２", "2026-01-02", "２０２６－０１－０２", "ymd"),
        ("２０２６年１月２日", "2026-01-02", "２０２６年１月２日", "ymd-cn"),
        ("[2026-01-02 16:35]", "2026-01-02", "2026-01-02", "ymd"),
        ("\xa0\xa0(2026-01-02) ", "2026-01-02", "2026-01-02", "ymd"),
        ("（发布时间：2026-01-02 11:06:22 阅读次数：3）", "2026-01-02", "2026-01-02", "ymd"),
        ("青禾县召开工作会议(2026-01-02)", "2026-01-02", "2026-01-02", "ymd"),
        ("2026-01-0218:30:57", "2026-01-02", "2026-01-02", "ymd"),
        ("2026-01-02T16:35:00", "2026-01-02", "2026-01-02", "ymd"),
        ("2026-01-02T16:35:00+08:00", "2026-01-02", "2026-01-02", "ymd"),
        ("2026-01-01T16:00:00.000Z", "2026-01-02", "2026-01-01T16:00:00.000Z", "iso"),
        ("10/23\n2026", "2026-10-23", "10/23\n2026", "split"),
        ("2026\n12-31", "2026-12-31", "2026\n12-31", "split"),
        ("23 2026-12 青禾县公告", "2026-12-23", "23 2026-12", "split"),
        ("2026-Jan-02", "2026-01-02", "2026-Jan-02", "english"),
        ("Published September 5, 2026", "2026-09-05", "September 5, 2026", "english"),
        ("5th March 2026", "2026-03-05", "5th March 2026", "english"),
        ("民國115年1月2日", "2026-01-02", "民國115年1月2日", "roc"),
        ("1/28 2026-12-31", "2026-12-31", "2026-12-31", "ymd"),
    ],
)
def test_printed_form_is_read(text: str, day: str, printed: str, form: str) -> None:
    (found,) = find_dates(text)
    assert (found.day.isoformat(), found.printed, found.form) == (day, printed, form)
    assert text[found.start : found.end] == printed


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2026年13月1日",
        "二〇二六年二月三十日",
        "1989-12-31",
        "2100-01-01",
        "2026-01",
        "2026年3月",
        "26-01-02",
        "02/01/2026",
        "青政发〔2026〕61号",
        "青ICP备20260102号-1",
        "电话：0431-2026-12-31",
        "电话：2026-1234567",
        "V2026.1.2",
        "2026.1.2.3",
        "索引号：000014349/2026-10-2",
        "11220200MB1/2026-00031",
        "20260102",
        "金额2026.01万元",
        "9:00-12:00",
        "农历二〇二六年三月五日",
        "共632条记录 1/28页",
        "Copyright 2012-2026",
        "",
    ],
)
def test_what_is_no_full_date_gives_none(text: str) -> None:
    assert find_dates(text) == []


def test_several_dates_come_in_the_order_of_the_text() -> None:
    found = find_dates("公示期为2026年1月5日至2026-01-09，施行日期2026.2.1")
    assert [(one.day.isoformat(), one.form) for one in found] == [
        ("2026-01-05", "ymd-cn"),
        ("2026-01-09", "ymd"),
        ("2026-02-01", "dot"),
    ]


def test_bare_digits_are_a_date_only_where_the_caller_says_so() -> None:
    assert find_dates("20260102") == []
    assert [one.day for one in find_dates("20260102", compact=True)] == [date(2026, 1, 2)]
    assert find_dates("编号202601021234", compact=True) == []
    assert find_dates("20261302", compact=True) == []


@given(KNOWN_DAYS)
def test_every_day_is_read_in_every_common_form(day: date) -> None:
    han_year = "".join(HAN[int(digit)] for digit in str(day.year))
    forms = [
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y.%m.%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{han_year}年{_han(day.month)}月{_han(day.day)}日",
    ]
    for form in forms:
        assert [one.day for one in find_dates(f"青禾县公告 [{form}] 来源")] == [day], form
    assert date_from_url(f"http://qinghe.example/art/{day.year}/{day.month}/{day.day}/art_1_2.html").day == day  # type: ignore[union-attr]


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else HAN[tens] + "十") + (HAN[ones] if ones else "")


@given(st.text(alphabet="0123456789-/.年月日:〇二十 \n T廿元２０民國Jan", max_size=40))
def test_no_text_raises_and_offsets_hold(text: str) -> None:
    for found in find_dates(text, compact=True):
        assert text[found.start : found.end] == found.printed or found.form == "iso"
        assert 1990 <= found.day.year <= 2100
    find_month_day(text, 2026)
    date_from_url("http://qinghe.example/" + text)


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("[03-02]", 3, 2),
        ("3-2", 3, 2),
        ("03/02", 3, 2),
        ("03.02", 3, 2),
        ("3月2日", 3, 2),
        ("02-29", 2, 29),
        ("０３-０２", 3, 2),
    ],
)
def test_month_and_day_are_read_without_a_year(text: str, month: int, day: int) -> None:
    found = find_month_day(text)
    assert found is not None
    assert (found.month, found.day_of_month, found.year, found.day) == (month, day, None, None)


@pytest.mark.parametrize(
    "text", ["1/28", "1-12月", "2026-03-02", "02-30", "13-01", "第3-2页", "3.2", "12-31页", "通知", "0851-2578"]
)
def test_what_is_no_month_and_day_gives_none(text: str) -> None:
    assert find_month_day(text) is None


def test_known_year_makes_a_full_date_unless_that_year_lacks_the_day() -> None:
    assert find_month_day("[03-02]", 2026).day == date(2026, 3, 2)  # type: ignore[union-attr]
    leap = find_month_day("02-29", 2026)
    assert leap is not None
    assert leap.day is None
    assert leap.in_year(2024) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("./201708/t20170811_21250993.html", "2017-08-11"),
        ("/zwgk/202001/t20191231_1.html", "2019-12-31"),
        ("http://qinghe.example/art/2026/9/16/art_77278_1.html", "2026-09-16"),
        ("http://qinghe.example/003001/20201106/0b7c.html", "2020-11-06"),
        ("http://qinghe.example/2021/0302/c3347a251521/page.htm", "2021-03-02"),
        ("http://qinghe.example/c/2020-12-23/478618.shtml", "2020-12-23"),
        ("http://qinghe.example/2020-12/23/c_1126.htm", "2020-12-23"),
        ("http://qinghe.example/news/20201223.html", "2020-12-23"),
        ("http://qinghe.example/2020/1201/20201223.html", "2020-12-23"),
    ],
)
def test_address_carries_the_day(url: str, day: str) -> None:
    found = date_from_url(url)
    assert found is not None
    assert found.day.isoformat() == day
    assert found.form == "url"


@pytest.mark.parametrize(
    "url",
    [
        "http://qinghe.example/tjgb/202305/0b7c.shtml",
        "http://qinghe.example/a/202011061234.html",
        "http://qinghe.example/post_20201106.html",
        "http://qinghe.example/20201399/1.html",
        "http://qinghe.example/list?day=/20201106/",
        "http://qinghe.example/#/2020/11/06/",
        "http://qinghe.example/2020/",
        "",
    ],
)
def test_address_without_a_day_gives_none(url: str) -> None:
    assert date_from_url(url) is None


def test_day_of_the_user_is_strict() -> None:
    assert parse_day("2026-01-31") == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026/01/31", "YYYY-MM-DD"),
        ("2026-1-31", "写法不对"),
        ("2026-02-30", "2026 年 2 月没有 30 日"),
        ("2026-13-01", "没有 13 月"),
        ("0000-01-01", "没有 0000 年"),
        (" 2026-01-31", "写法不对"),
        ("昨天", "例如 2026-01-31"),
        ("", "YYYY-MM-DD"),
        ("２０２６-01-31", "写法不对"),
    ],
)
def test_wrong_day_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(DateError, match=said):
        parse_day(text)


@pytest.mark.parametrize(
    ("period", "day", "before", "after"),
    [
        ("P14D", "2026-03-01", "2026-02-15", "2026-03-15"),
        ("P2W", "2026-03-01", "2026-02-15", "2026-03-15"),
        ("P6M", "2026-08-31", "2026-02-28", "2027-02-28"),
        ("P6M", "2024-08-31", "2024-02-29", "2025-02-28"),
        ("P1Y", "2024-02-29", "2023-02-28", "2025-02-28"),
        ("P1M", "2026-01-31", "2025-12-31", "2026-02-28"),
        ("P12M", "2026-12-31", "2025-12-31", "2027-12-31"),
        ("P1Y6M", "2026-07-01", "2025-01-01", "2028-01-01"),
        ("P0D", "2026-07-01", "2026-07-01", "2026-07-01"),
    ],
)
def test_period_is_calendar_months_not_days(period: str, day: str, before: str, after: str) -> None:
    assert parse_period(period).before(date.fromisoformat(day)) == date.fromisoformat(before)
    assert parse_period(period).after(date.fromisoformat(day)) == date.fromisoformat(after)


@pytest.mark.parametrize("text", ["6M", "P", "P6", "PT5H", "P-1D", "p6m", "P6个月", "P1D2M", ""])
def test_wrong_period_says_what_to_write(text: str) -> None:
    with pytest.raises(DateError, match="P6M"):
        parse_period(text)


def test_period_prints_for_people_and_for_files() -> None:
    period = parse_period("P1Y6M")
    assert (str(period), period.words) == ("P1Y6M", "1年6个月")
    assert (str(Period()), Period().words) == ("P0D", "0天")


def test_period_beyond_the_calendar_is_an_error_not_a_crash() -> None:
    with pytest.raises(DateError, match="超出"):
        Period(years=9000).before(date(2026, 1, 1))
    with pytest.raises(DateError, match="超出"):
        Period(days=99999).before(date(20, 1, 1))
