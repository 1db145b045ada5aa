"""How right the monitor is, from what people reviewed: precision, recall, Wilson intervals; and what is drawn. Pure."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from typing import Final

from gkmonitor.monthly.inputs import PortalMonth, Sample
from gkmonitor.monthly.records import Accuracy, Rate

Z_95: Final = 1.959963984540054  # of the normal distribution, two-sided


def wilson(hits: int, of: int, z: float = Z_95) -> Rate:
    """The share and its Wilson score interval, rounded to four decimals.

    E. B. Wilson (1927): (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    """
    if of == 0:
        return Rate(0, 0, None, None, None)
    share, square = hits / of, z * z
    centre = share + square / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    below, above = (centre - half) / (1 + square / of), (centre + half) / (1 + square / of)
    return Rate(hits, of, round(share, 4), round(max(0.0, below), 4), round(min(1.0, above), 4))


def draw_samples(month: str, portals: Iterable[PortalMonth], size: int) -> list[Sample]:
    """Every veto that was violated in the month, and ``size`` passes of veto rules, drawn at random.

    The month is the seed: the same month and population give the same draw, and nobody can choose it.
    """
    vetoes: list[Sample] = []
    passes: list[Sample] = []
    for one in sorted(portals, key=lambda portal: portal.portal.id):
        if one.inspected is None:
            continue
        inspection_id = one.inspected.inspection_id
        for answer in one.inspected.vetoes:
            if answer.answer == "violation":
                vetoes.append(Sample(one.portal.id, answer.rule, answer.subject_key, "violation", inspection_id))
            elif answer.answer == "ok":
                passes.append(Sample(one.portal.id, answer.rule, "", "ok", inspection_id))
    passes = sorted(set(passes), key=_key)
    chance = random.Random(f"gkmonitor/{month}")
    drawn = chance.sample(passes, min(size, len(passes)))
    return [*sorted(set(vetoes), key=_key), *sorted(drawn, key=_key)]


def _key(sample: Sample) -> tuple[int, str, str]:
    return (sample.portal_id, sample.rule, sample.subject_key)


def estimate(samples: Sequence[Sample], passes: int, *, is_public: bool) -> Accuracy:
    """Precision over reviewed vetoes; recall by scaling the wrong passes of the sample to all ``passes``."""
    vetoes = [one for one in samples if one.verdict == "violation"]
    drawn = [one for one in samples if one.verdict == "ok"]
    judged = [one for one in vetoes if one.outcome in ("right", "wrong")]
    looked = [one for one in drawn if one.outcome in ("right", "wrong")]
    precision = wilson(sum(one.outcome == "right" for one in judged), len(judged))
    wrong = wilson(sum(one.outcome == "wrong" for one in looked), len(looked))
    why = None if samples else "本月没有抽取样本"
    if samples and not (judged or looked):
        why = "抽取的样本还没有复核"
    return Accuracy(
        vetoes=len(vetoes),
        vetoes_reviewed=len(judged),
        precision=precision,
        passes=passes,
        passes_sampled=len(drawn),
        passes_reviewed=len(looked),
        wrong_passes=wrong,
        recall=_recall(len(vetoes), precision.value, passes, wrong.value),
        recall_low=_recall(len(vetoes), precision.low, passes, wrong.high),
        recall_high=_recall(len(vetoes), precision.high, passes, wrong.low),
        unclear=sum(one.outcome == "unclear" for one in samples),
        is_public=is_public,
        why_none=why,
    )


def _recall(vetoes: int, precision: float | None, passes: int, wrong: float | None) -> float | None:
    """Right vetoes against those and the faults that passed; None while either share is unknown."""
    if precision is None or wrong is None:
        return None
    right, missed = vetoes * precision, passes * wrong
    return round(right / (right + missed), 4) if right + missed else None
