"""Personal numbers are masked in what is exported; other numbers stay readable."""

from __future__ import annotations

import pytest

from gkmonitor.evidence.masking import mask_counted, mask_object, mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("联系电话13812345678。", "联系电话138****5678。"),
        ("电话：138-1234-5678", "电话：138******5678"),
        ("手机 138 1234 5678 转", "手机 138******5678 转"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("公民身份号码11010519491231002X", "公民身份号码110*************2X"),
        ("11010519491231002x、", "110*************2x、"),
        ("440524188001010014", "440*************14"),
        ("110105 19491231 002X", "110***************2X"),
        ("旧证110105491231002号", "旧证110**********02号"),
        ("账号6222021234567890128", "账号6222***********0128"),
        ("4111 1111 1111 1111", "4111***********1111"),
        ("两人：13812345678、15912345678", "两人：138****5678、159****5678"),
    ],
)
def test_personal_numbers_are_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # identity card with a wrong check digit
        "11010519491331002X",  # no such month
        "网站标识码4401230001",
        "青禾府发〔2026〕13号",
        "统一社会信用代码 11440101MB2C12345X",
        "6222021234567890120",  # card with a wrong check digit
        "400-123-4567",
        "010-12345678",
        "2026-11-22 10:30:00",
        "12812345678",  # no mobile network begins so
        "138123456789",  # one figure too many
        "总额 3.13812345678 万元",
        "没有号码",
        "",
    ],
)
def test_other_numbers_stay_readable(text: str) -> None:
    assert mask_counted(text) == (text, 0)


def test_masked_numbers_are_counted_and_masking_again_changes_nothing() -> None:
    text, count = mask_counted("13812345678 和 11010519491231002X")
    assert count == 2
    assert mask_counted(text) == (text, 0)


def test_an_object_is_masked_but_for_the_keys_that_must_stay() -> None:
    obj = {"title": "电话13812345678", "url": "http://a.example/13812345678.html", "list": [1, None, "13812345678"]}
    assert mask_object(obj, except_keys=("url",)) == {
        "title": "电话138****5678",
        "url": obj["url"],
        "list": [1, None, "138****5678"],
    }
