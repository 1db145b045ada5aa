"""What holds for reading any bytes and any text at all."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_claims import broken_claims

from gkmonitor.dates import find_dates
from spiders.readers import read_page
from spiders.readers.encoding import decode

URL = "http://www.qinghe.example.gov.cn/zwgk/tzgg/index.html"
MODEST = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))
FORMS = st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d", "[%Y-%m-%d]", "(%Y-%m-%d %H:%M:%S)"])
TITLES = st.text(alphabet="青禾县关于开展春季植树活动的通知公告召开会议部署工作推进情况通报", min_size=8, max_size=30)
TAGS = st.sampled_from(
    ["ul", "li", "div", "table", "tr", "td", "p", "a", "span", "h1", "script", "style", "iframe", "form"]
)
WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["2026-01-02", "发布时间：", "共0条", "暂无信息", "下一页", "<!--", "]]>", "&#x", "主办："]),
)


@st.composite
def markup(draw: st.DrawFn) -> str:
    """Tags opened and closed without order, with attributes and words between them."""
    parts = []
    for _ in range(draw(st.integers(0, 25))):
        tag, word = draw(TAGS), draw(WORDS)
        parts.append(
            draw(
                st.sampled_from(
                    [f"<{tag}>", f"</{tag}>", word, f'<{tag} class="{word}" href="{word}">', f"<{tag} title='{word}"]
                )
            )
        )
    return "".join(parts)


@MODEST
@given(st.binary(max_size=3000), st.sampled_from(["", "utf-8", "gbk", "big5", "utf-16", "nonsense", "\x00"]))
def test_any_bytes_are_read_and_nothing_is_claimed_that_is_not_there(body: bytes, charset: str) -> None:
    headers = {"Content-Type": f"text/html; charset={charset}"}
    assert broken_claims(read_page(body, URL, headers), body, headers) == []


@MODEST
@given(markup())
def test_any_markup_is_read_and_nothing_is_claimed_that_is_not_there(text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")
    assert broken_claims(read_page(body, URL), body) == []


@MODEST
@given(markup())
def test_reading_twice_gives_the_same(text: str) -> None:
    body = text.encode("utf-8", "surrogatepass")
    assert read_page(body, URL) == read_page(body, URL)


@MODEST
@given(st.lists(st.tuples(TITLES, DAYS), min_size=3, max_size=30, unique_by=lambda row: row[0]), FORMS)
def test_list_is_read_back_as_it_was_written(rows: list[tuple[str, date]], form: str) -> None:
    shown = "".join(
        f'<li><a href="/zwgk/tzgg/{n + 4000}.html">{title}</a><span>{day.strftime(form)}</span></li>'
        for n, (title, day) in enumerate(rows)
    )
    listing = read_page(f'<meta charset="utf-8"><body><ul class="list">{shown}</ul>'.encode(), URL).listing
    assert listing is not None
    assert [item.published for item in listing.items] == [day for _, day in rows]
    assert listing.newest == max(day for _, day in rows)


@MODEST
@given(
    st.text(alphabet="青禾县政务公开通知公告二〇年月日，。", max_size=200),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_declared_encoding_is_decoded_as_written(text: str, codec: str) -> None:
    body = text.encode(codec)
    assert (
        decode(body, {"Content-Type": f"text/html; charset={codec.removesuffix('-sig')}"})[0].lstrip("\ufeff") == text
    )


@MODEST
@given(st.binary(max_size=2000))
def test_decoding_never_fails_and_names_its_encoding(body: bytes) -> None:
    text, encoding = decode(body, {})
    assert isinstance(text, str)
    assert "".encode(encoding) is not None


@MODEST
@given(st.text(max_size=300))
def test_found_dates_stand_where_they_say(text: str) -> None:
    for one in find_dates(text):
        assert 0 <= one.start < one.end <= len(text)
        assert date(1900, 1, 1) <= one.day <= date(2100, 1, 1)


@MODEST
@given(DAYS, FORMS, st.sampled_from(["发布时间：", "", "　", "（", "来源：青禾县 "]))
def test_a_written_day_is_found(day: date, form: str, before: str) -> None:
    assert [one.day for one in find_dates(f"{before}{day.strftime(form)}")] == [day]
