"""The language of a page, from its visible text alone."""

from __future__ import annotations

import re

SAMPLE_CHARACTERS = 2000

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_FOREIGN = re.compile(
    r"[A-Za-z\u00c0-\u024f\u0400-\u04ff\u0600-\u06ff\u0f00-\u0fff\u1800-\u18af\uac00-\ud7af\u3040-\u30ff]+"
)
# Frequent characters of official writing that differ between the two scripts, in pairs.
_PAIRS = (
    "门务开发规关机联网东长国会们产业学见实报应书历电话体时过动员这说预财团区县乡镇厅单与为办务审议",
    "門務開發規關機聯網東長國會們產業學見實報應書歷電話體時過動員這說預財團區縣鄉鎮廳單與為辦務審議",
)
_SIMPLIFIED, _TRADITIONAL = (
    re.compile(f"[{''.join(sorted(set(own) - set(other)))}]") for own, other in (_PAIRS, _PAIRS[::-1])
)


def guess_language(text: str) -> str:
    """``zh-Hans``, ``zh-Hant`` or ``other`` (also for text too short to tell that holds no Han character)."""
    sample = text[:SAMPLE_CHARACTERS]
    han = len("".join(_HAN.findall(sample)))
    if 2 * han <= len(sample):  # else there is no room for as many foreign words
        foreign_words = len(_FOREIGN.findall(sample))
        if foreign_words > han or (han < 8 and han == foreign_words):
            return "other"
    traditional = _TRADITIONAL.findall(sample)
    if not traditional:
        return "zh-Hans"
    return "zh-Hant" if len(traditional) > len(_SIMPLIFIED.findall(sample)) else "zh-Hans"
