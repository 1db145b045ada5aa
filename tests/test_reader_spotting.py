"""Words spotted in one pass are those that a search for each would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spiders.readers import read_page
from spiders.readers.document import Document
from spiders.readers.encoding import decode_page
from spiders.readers.endpoints import read_endpoints
from spiders.readers.spotting import SOURCE_WORDS, Spotter, WordSpotter

# Words within words, words that overlap, the same opening and the same end.
NESTED = ("ab", "abc", "bcd", "cd", "dab", "公开", "公开目录", "开目", "目录")
PIECES = st.lists(st.sampled_from(("a", "b", "c", "d", "公", "开", "目", "录", "\n")), max_size=30).map("".join)
MANY = tuple(f"{first}{second}时间" for first in "甲乙丙丁戊己庚辛壬癸" for second in "子丑寅卯辰巳午未申酉")


@given(PIECES)
def test_every_word_is_found_that_a_search_for_it_finds(text: str) -> None:
    assert WordSpotter(NESTED).found_in(text.encode()) == {word for word in NESTED if word in text}


@given(PIECES)
def test_any_word_is_enough(text: str) -> None:
    assert Spotter(NESTED).is_in(text.encode()) is any(word in text for word in NESTED)


def test_more_words_than_one_search_takes_are_all_found() -> None:
    spotter = Spotter(MANY)
    assert all(spotter.is_in(f"办理{word}：三日".encode()) for word in MANY)
    assert not spotter.is_in("办理时间：三日".encode())
    assert spotter.places_in(f"{MANY[99]}{MANY[0]}{MANY[70]}".encode()) == [0, 12, 24]


def test_a_page_has_the_words_of_its_scripts_and_comments() -> None:
    page = Document("<!-- 置顶 --><script>istop = 1</script><p>公告</p>", "http://www.qinghe.gov.cn/")
    assert {word for word in SOURCE_WORDS.words if page.has(word)} == {"置顶", "istop"}
    assert page.has("公告")  # which is not one of the listed words
    assert not page.has("通知")


def test_the_visible_text_alone_is_shown() -> None:
    page = Document("<!-- 置顶 --><p style='display:none'>通知</p><p>公告</p>", "http://www.qinghe.gov.cn/")
    assert page.shows(Spotter(["公告", "置顶"]))
    assert not page.shows(Spotter(["通知", "置顶"]))


def test_half_a_surrogate_pair_hides_no_word() -> None:
    page = Document("<p>\ud800置顶\udfff公告</p>", "http://www.qinghe.gov.cn/")
    assert page.has("置顶")
    assert page.shows(Spotter(["公告"]))


def test_the_body_is_the_source_only_where_it_is_the_text_in_utf_8() -> None:
    plain = "<title>青禾县</title><p>公告".encode()
    assert decode_page(plain, {})[2] is plain
    others = (b"\xef\xbb\xbf" + plain, plain[:-1], plain + b"\x00", plain + "\ufeff".encode())
    assert all(decode_page(body, {})[2] is None for body in others)
    wide = "<title>青禾县人民政府信息公开目录</title>".encode("gb18030")
    assert decode_page(wide, {})[1:] == ("gb18030", None)


def test_a_body_cut_off_in_a_character_is_read_as_what_stands_before() -> None:
    body = "<p>青禾县公告</p><p>通知".encode()
    url = "http://www.qinghe.gov.cn/"
    assert read_page(body[:-1], url).text_length == read_page(body, url).text_length - 1


def test_a_script_that_another_writes_is_asked_for_lists_all_the_same() -> None:
    url = "http://www.qinghe.gov.cn/"
    call = "$.g\" + \"et('/api/getlist?channel=1',"
    written = f'<script>document.write("<scr" + "ipt>{call})</scr" + "ipt>");</script><p>公告</p>'
    page = Document(written, url)
    assert not page.has("$.get")
    assert page.may_run("$.get")
    assert [one.url for one in read_endpoints(page)] == ["http://www.qinghe.gov.cn/api/getlist?channel=1"]
    assert not Document("<script>$.post()</script>", url).may_run("$.get")
