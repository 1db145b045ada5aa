from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.readers.encoding import decode

TEXT = "青禾县人民政府门户网站：关于印发政务公开工作要点的通知"
RARE = TEXT + "，镕、㑇、䶮、𠮷、龘、€"
TRADITIONAL = "青禾縣人民政府入口網站：關於印發政務公開工作要點的通知，訊息公開，機關簡介"


def page(declared: str, words: str) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    return f"<html><head>{meta}<title>{words}</title></head><body><p>{words}</p></body></html>"


@pytest.mark.parametrize(
    ("declared", "stored", "words", "name"),
    [
        ("utf-8", "utf-8", RARE, "utf-8"),
        ("gb2312", "gb18030", RARE, "gb18030"),
        ("GBK", "gb18030", RARE, "gb18030"),
        ("utf-8", "gb18030", RARE, "gb18030"),
        ("iso-8859-1", "gb18030", RARE, "gb18030"),
        ("big5", "gb18030", TEXT, "gb18030"),
        ("x-user-defined", "gb18030", RARE, "gb18030"),
        ("", "gb18030", RARE, "gb18030"),
        ("gbk", "utf-8", RARE, "utf-8"),
        ("gb2312", "utf-8", TEXT, "utf-8"),
        ("", "utf-8", RARE, "utf-8"),
        ("big5", "big5", TRADITIONAL, "big5"),
        ("gb2312", "big5", TRADITIONAL, "big5"),
        ("", "big5", TRADITIONAL, "big5"),
        ("gb2312", "gb18030", "联通", "gb18030"),
        ("utf-8", "utf-16-le", TEXT, "utf-16-le"),
        ("utf-8", "utf-16-be", TEXT, "utf-16-be"),
    ],
)
def test_bytes_outrank_the_declaration(declared: str, stored: str, words: str, name: str) -> None:
    text = page(declared, words)
    assert decode(text.encode(stored)) == (text, name)


@pytest.mark.parametrize("words", [RARE, "目录"])
def test_header_serves_where_the_page_declares_nothing(words: str) -> None:
    text = page("", words)
    assert decode(text.encode("gb18030"), {"content-type": "text/html; Charset=GB2312"}) == (text, "gb18030")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_decides(encoding: str) -> None:
    text, name = decode(page("gb2312", TEXT).encode(encoding))
    assert text == page("gb2312", TEXT)
    assert name.startswith("utf-")


@pytest.mark.parametrize(
    ("words", "stored", "name"),
    [
        ("日本語のページです。これはテストのページです", "shift_jis", "shift_jis"),
        ("Добро пожаловать на страницу города Синьхэ", "windows-1251", "windows-1251"),
        ("Politique générale, présentée à l'été", "windows-1252", "windows-1252"),
    ],
)
def test_other_scripts_are_read_as_declared(words: str, stored: str, name: str) -> None:
    text = page(stored, words)
    assert decode(text.encode(stored)) == (text, name)


def test_undeclared_foreign_page_is_not_made_chinese() -> None:
    text = page("", "Добро пожаловать на страницу города. Новости и объявления для жителей города.")
    assert decode(text.encode("windows-1251"))[0] == text


@pytest.mark.parametrize("stored", ["utf-8", "gb18030", "big5"])
def test_body_cut_off_in_mid_character_is_not_spoilt(stored: str) -> None:
    words = TRADITIONAL if stored == "big5" else TEXT
    text = page(stored, "") + words * 20
    cut, name = decode(text.encode(stored)[:-1])
    assert (cut, name) == (text[:-1], stored)


@pytest.mark.parametrize(("stored", "damage"), [("utf-8", b"\xb5\xc4"), ("utf-8", b"\xe9\x9d"), ("gb18030", b"\xff")])
def test_few_broken_bytes_do_not_change_the_encoding(stored: str, damage: bytes) -> None:
    before, after = page(stored, TEXT * 3), TEXT * 3
    text, name = decode(before.encode(stored) + damage + b"<br>" + after.encode(stored))
    assert name == stored
    assert text.startswith(before)
    assert text.endswith(after)


def test_marks_and_nuls_in_the_middle_are_dropped() -> None:
    assert decode("青禾\ufeff县\x00政府".encode()) == ("青禾县政府", "utf-8")


def test_declaration_inside_the_first_four_kilobytes_counts() -> None:
    text = "<%@ page %>" * 200 + page("gb2312", "目录")
    assert decode(text.encode("gb18030")) == (text, "gb18030")


@given(
    st.binary(max_size=300), st.sampled_from(["", "text/html; charset=gbk", "text/html; charset=hex", "charset=utf-16"])
)
def test_no_bytes_raise(body: bytes, content_type: str) -> None:
    text, name = decode(body, {"Content-Type": content_type})
    assert isinstance(text, str)
    assert name == name.lower()


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\ufeff\x00"), max_size=200))
def test_every_utf8_text_with_its_declaration_comes_back(words: str) -> None:
    text = page("utf-8", words)
    assert decode(text.encode()) == (text, "utf-8")


def test_plain_utf8_needs_no_detector() -> None:
    code = (
        "import sys; from spiders.readers.encoding import decode; decode('青禾县'.encode());"
        "raise SystemExit('charset_normalizer' in sys.modules or 'bs4' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
