"""What a case is about: a key that stays when an address, a session or the spelling of a name changes. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from gkmonitor.concepts import normalise_name
from gkmonitor.records import Outcome, Severity, Subject, Verdict

_UNIT_MATRIX: Final = "unit-missing"  # the check whose verdict accuses several units at once
_SESSION: Final = re.compile(r"^(?:j?session_?id|sid|phpsessid|aspsessionid\w*|token|_t|timestamp|rnd|random)$", re.I)


def subject_key(verdict: Verdict) -> str:
    """The key of what a verdict is about: "" for the portal as a whole, else 64 hexadecimal digits.

    Built from the concept and the normalised column path (``interfaces.md``), so that a column that moves to another
    address keeps its case. A unit absent from a coverage matrix is known by concept and name, wherever it is listed.
    """
    return key_of(verdict.subject, is_unit=verdict.check == _UNIT_MATRIX and verdict.members is None)


def key_of(subject: Subject, *, is_unit: bool = False) -> str:
    """The key of a subject; ``is_unit``: its column is the name of a unit."""
    path = subject.path or ((subject.column,) if subject.column else ())
    if is_unit:
        path = path[-1:]
    if not path and subject.concept is None:
        return _digest("url", _address(subject.url)) if subject.url else ""
    return _digest(subject.concept, *(_plain(part) for part in path))


def accusations(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The violations and warnings among verdicts, one for each (rule, subject key), in their order.

    A verdict on several missing units becomes one for each unit: each has a case of its own, or a unit seen missing
    once would be accused by two looks at different units. Of two verdicts on one key the heavier one stays.
    """
    kept: dict[tuple[str, str], Verdict] = {}
    for verdict in verdicts:
        if verdict.outcome is not Outcome.VIOLATION:
            continue
        for one in _each(verdict):
            key = (one.rule, subject_key(one))
            if key not in kept or _weight(one) > _weight(kept[key]):
                kept[key] = one
    return list(kept.values())


def _each(verdict: Verdict) -> Sequence[Verdict]:
    if verdict.check != _UNIT_MATRIX or not verdict.members:
        return (verdict,)
    return [
        replace(verdict, subject=member, members=None, message=f"{member.column}：{verdict.message}")
        for member in verdict.members
    ]


def _weight(verdict: Verdict) -> int:
    return (Severity.ADVICE, Severity.DEDUCTION, Severity.VETO).index(verdict.severity)


def same_name(one: Subject, other: Subject) -> bool:
    """Whether two subjects end in the same name: a column that was moved to another place of the menu."""
    names = [_plain(s.path[-1] if s.path else s.column or "") for s in (one, other)]
    return bool(names[0]) and names[0] == names[1]


def _plain(part: str) -> str:
    return normalise_name(part) or part.strip()  # a name of signs only is kept as it is


def _address(url: str) -> str:
    """Path and query without host and session."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = [(name, value) for name, value in parse_qsl(parts.query) if not _SESSION.match(name)]
    return f"{parts.path.partition(';')[0].rstrip('/')}?{urlencode(sorted(query))}"


def _digest(*parts: str | None) -> str:
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
