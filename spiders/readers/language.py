"""The language of a page, from its visible text alone."""

from __future__ import annotations

import re
from typing import Final

from spiders.readers.spotting import Spotter

SAMPLE_CHARACTERS: Final = 2000

_HAN_BYTES: Final = bytes(range(0x4E, 0xA0))  # the first bytes of Han characters in UTF-16
_FOREIGN: Final = re.compile(
    r"[A-Za-z\u00c0-\u024f\u0400-\u04ff\u0600-\u06ff\u0f00-\u0fff\u1800-\u18af\uac00-\ud7af\u3040-\u30ff]+"
)
# Frequent characters of official writing that differ between the two scripts, in pairs.
_PAIRS = (
    "门务开发规关机联网东长国会们产业学见实报应书历电话体时过动员这说预财团区县乡镇厅单与为办务审议",
    "門務開發規關機聯網東長國會們產業學見實報應書歷電話體時過動員這說預財團區縣鄉鎮廳單與為辦務審議",
)
_ONLY_SIMPLIFIED, _ONLY_TRADITIONAL = (sorted(set(own) - set(other)) for own, other in (_PAIRS, _PAIRS[::-1]))
_SIMPLIFIED: Final = re.compile(f"[{''.join(_ONLY_SIMPLIFIED)}]")
_TRADITIONAL: Final = re.compile(f"[{''.join(_ONLY_TRADITIONAL)}]")
_ANY_TRADITIONAL: Final = Spotter(_ONLY_TRADITIONAL)


def guess_language(text: str) -> str:
    """``zh-Hans``, ``zh-Hant`` or ``other`` (also for text too short to tell that holds no Han character)."""
    sample = text[:SAMPLE_CHARACTERS]
    high = sample.encode("utf-16-be", "replace")[::2]
    han = len(high) - len(high.translate(None, _HAN_BYTES))
    if 2 * han <= len(sample):  # else there is no room for as many foreign words
        foreign_words = len(_FOREIGN.findall(sample))
        if foreign_words > han or (han < 8 and han == foreign_words):
            return "other"
    if not _ANY_TRADITIONAL.is_in(sample.encode("utf-8", "ignore")):
        return "zh-Hans"
    traditional = len(_TRADITIONAL.findall(sample))
    return "zh-Hant" if traditional > len(_SIMPLIFIED.findall(sample)) else "zh-Hans"
