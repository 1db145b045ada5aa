"""Figures that people type in, checked: what is signed must be able to stand in the notice. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from gkmonitor.errors import UsageError
from gkmonitor.monthly.words import TypedKind
from gkmonitor.reports.wording import printable

MAX_NOTE: Final = 1000
_WHOLE: Final = re.compile(r"\d{1,9}")
_SHARE: Final = re.compile(r"\d{1,3}(?:\.\d{1,2})?")
GROUP_TITLES: Final = {
    "finder": "“我为政府网站找错”",
    "letters": "网民留言",
    "media": "政务新媒体",
    "words": "错敏词和链接",
    "accountability": "问责",
    "ipv6": "IPv6 改造",
    "other": "其他",
}


def checked_value(kind: TypedKind, text: str) -> str | None:
    """The value as it is kept; None for a blank one.

    Whole numbers without signs, shares of 0 to 100 with at most two decimals, one line of words where there is no unit.
    Raises UsageError with what to write.
    """
    value = unicodedata.normalize("NFKC", text).strip() if kind.unit else printable(text)
    if not value:
        return None
    if not kind.unit:
        if len(value) > MAX_NOTE:
            raise UsageError(f"“{kind.title}”最多 {MAX_NOTE} 个字，现在有 {len(value)} 个")
        return value
    value = value.removesuffix(kind.unit).replace(",", "").strip()
    if kind.unit == "%":
        if not _SHARE.fullmatch(value) or float(value) > 100:
            raise UsageError(f"“{kind.title}”请填 0 到 100 的百分数，最多两位小数，例如 98.5；没有时留空")
        return f"{float(value):g}"
    if not _WHOLE.fullmatch(value):
        raise UsageError(f"“{kind.title}”请填整数，例如 12；没有发生请填 0，没有数据请留空")
    return str(int(value))
