"""Personal numbers masked in what leaves the office: identity cards, mobile phones, bank cards. Pure.

What is masked carries a valid check digit (GB 11643-1999; Luhn, GB/T 17552) or is a mobile number by its form, so that
a document number stays readable. Masking errs on the side of masking. Numbers that a page breaks apart with tags are
found where the text is put together, not across them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

MASK: Final = "*"
_HALF_WIDTH: Final = str.maketrans("０１２３４５６７８９Ｘｘ－", "0123456789Xx-")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"
_MONTHS: Final = range(1, 13)
_DAYS: Final = range(1, 32)
# Numbers as people write them: blanks and hyphens may stand between groups.
_LONG_ENOUGH: Final = re.compile(r"(?:\d.?){10}\d", re.DOTALL)  # the shortest has eleven figures
_IDENTITY: Final = re.compile(r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?![\dXx])")
_OLD_IDENTITY: Final = re.compile(r"(?<!\d)\d{6}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_MOBILE: Final = re.compile(r"(?<![\d.])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_CARD: Final = re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?!\d)")


def mask_text(text: str) -> str:
    """The text with personal numbers masked: the first and last figures stay, so that two can be told apart."""
    return mask_counted(text)[0]


def mask_counted(text: str) -> tuple[str, int]:
    """The masked text and how many numbers were masked in it."""
    if _LONG_ENOUGH.search(text) is None:
        return text, 0
    count = 0
    for pattern, is_personal, kept in _KINDS:
        text, found = _mask(text, pattern, is_personal, kept)
        count += found
    return text, count


def mask_object(value: Any, *, except_keys: Collection[str] = ()) -> Any:
    """Plain JSON with every text in it masked, apart from the values of some keys (addresses, digests)."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {
            name: part if name in except_keys else mask_object(part, except_keys=except_keys)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [mask_object(part, except_keys=except_keys) for part in value]
    return value


def _mask(
    text: str, pattern: re.Pattern[str], is_personal: Callable[[str], bool], kept: tuple[int, int]
) -> tuple[str, int]:
    plain = text.translate(_HALF_WIDTH)  # one character for one: the places are the same
    pieces, end, count = [], 0, 0
    for match in pattern.finditer(plain):
        if is_personal(match.group().translate(_NO_BLANKS)):
            pieces += [text[end : match.start()], _masked(text[match.start() : match.end()], *kept)]
            end = match.end()
            count += 1
    return ("".join((*pieces, text[end:])), count) if count else (text, 0)


_NO_BLANKS: Final = str.maketrans("", "", " -+")


def _masked(number: str, first: int, last: int) -> str:
    return number[:first] + MASK * (len(number) - first - last) + number[len(number) - last :]


def _is_identity(number: str) -> bool:
    total = sum(int(figure) * weight for figure, weight in zip(number[:17], _WEIGHTS, strict=True))
    if _CHECK_DIGITS[total % 11] != number[17].upper():
        return False
    return int(number[10:12]) in _MONTHS and int(number[12:14]) in _DAYS and number[6:8] in ("18", "19", "20")


def _is_card(number: str) -> bool:
    if not 13 <= len(number) <= 19:
        return False
    doubled = [int(figure) * 2 for figure in number[-2::-2]]
    total = sum(figure - 9 if figure > 9 else figure for figure in doubled) + sum(map(int, number[::-2]))
    return total % 10 == 0


def _always(_number: str) -> bool:
    return True


_KINDS: Final[tuple[tuple[re.Pattern[str], Callable[[str], bool], tuple[int, int]], ...]] = (
    (_IDENTITY, _is_identity, (3, 2)),
    (_OLD_IDENTITY, _always, (3, 2)),
    (_MOBILE, _always, (3, 4)),
    (_CARD, _is_card, (4, 4)),
)
