"""What a section is made of. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

_FIGURES: Final = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, with or without a head of the second level."""

    text: str
    head: str = ""


def numbered_heads(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts with their heads numbered （一）（二） as GB/T 9704 has it."""
    found: list[Part] = []
    count = 0
    for part in parts:
        if part.head:
            count += 1
            part = replace(part, head=f"（{chinese_number(count)}）{part.head}")
        found.append(part)
    return tuple(found)


def chinese_number(number: int) -> str:
    """一 to 九十九; figures beyond."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    first = "" if tens == 0 else "十" if tens == 1 else f"{_FIGURES[tens]}十"
    return first + (_FIGURES[ones] if ones else "")
