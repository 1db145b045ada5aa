"""What one inspection says about one case: fault seen, clean, or neither. Pure.

Clean takes as much as a violation: the rule was judged and answered on this very subject, or the whole portal was seen
and no longer has it. A column that could not be seen is on neither side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gkmonitor.checking import PortalCheck, address_key, load_checks, registered_checks
from gkmonitor.ledger.records import Case, Look
from gkmonitor.ledger.subjects import accusations, same_name, subject_key
from gkmonitor.records import Outcome, Severity, Subject, Verdict

UNIT_MATRIX: Final = "unit-missing"

Seen = tuple[Look, Verdict | None]
_UNSEEN: Final[Seen] = (Look.UNSEEN, None)


def look_at(case: Case, verdicts: Sequence[Verdict], *, is_whole: bool) -> Seen:
    """What the verdicts of the case's rule in one inspection say about it, and the verdict that says so.

    ``verdicts``: all of that rule, none of another; ``is_whole``: the crawl ended by itself and not by its budget, so
    that what is not there is known to be gone.
    """
    own = [one for one in accusations(verdicts) if subject_key(one) == case.subject_key]
    if own:
        return _accused(own[0])
    if case.check == UNIT_MATRIX:
        return _of_all(verdicts)
    same = [one for one in verdicts if subject_key(one) == case.subject_key]
    if same:
        return _of_all(same)
    moved = [one for one in verdicts if _is_same_page(one.subject, case.subject)]
    accused = accusations(moved)
    if accused:
        return _accused(accused[0])
    return _of_all(moved) if moved else _absent(case, verdicts, is_whole)


def _accused(verdict: Verdict) -> Seen:
    """A warning says less than a violation and more than nothing: it neither accuses nor clears."""
    return Look.UNSEEN if verdict.severity is Severity.ADVICE else Look.VIOLATION, verdict


def _is_same_page(one: Subject, other: Subject) -> bool:
    """The same column by its address, though another way of the menu leads to it now."""
    if not (one.url and other.url and one.path and other.path) or one.concept != other.concept:
        return False
    return address_key(one.url) == address_key(other.url)


def _of_all(verdicts: Sequence[Verdict]) -> Seen:
    """The look that verdicts on one subject give together; the least certain one decides."""
    for outcome, look in _LEAST_CERTAIN_FIRST:
        found = next((one for one in verdicts if one.outcome is outcome), None)
        if found is not None:
            return look, found
    return _UNSEEN


_LEAST_CERTAIN_FIRST: Final = (
    (Outcome.UNDECIDED, Look.UNSEEN),
    (Outcome.EXCUSED, Look.EXCUSED),
    (Outcome.OK, Look.CLEAN),
    (Outcome.VIOLATION, Look.CLEAN),  # a matrix that misses other units, not this one
    (Outcome.NOT_APPLICABLE, Look.LAPSED),
)


def _absent(case: Case, verdicts: Sequence[Verdict], is_whole: bool) -> Seen:
    """The subject is not mentioned: it is in order under another name, gone, or was not reached."""
    doubt = next((one for one in verdicts if one.outcome is Outcome.UNDECIDED and _may_mean(one, case.subject)), None)
    if doubt is not None or not verdicts:
        return Look.UNSEEN, doubt
    if all(one.outcome is Outcome.NOT_APPLICABLE for one in verdicts):
        return Look.LAPSED, verdicts[0]
    answered = [one for one in verdicts if one.outcome in (Outcome.OK, Outcome.EXCUSED)]
    if not case.subject.path:
        # What was missing is found as a column, so that the answer names that column.
        return _of_all(answered) if answered else _UNSEEN
    if answered and len(verdicts) == 1 and _asks_once(case.check):
        return _of_all(answered)
    return (Look.GONE, None) if is_whole else _UNSEEN


def _may_mean(verdict: Verdict, subject: Subject) -> bool:
    """Whether an undecided answer may be about the subject: the whole portal, its concept, or its name elsewhere."""
    about = verdict.subject
    if not about.path and about.concept is None and about.column is None:
        return True
    if about.concept is not None and about.concept == subject.concept:
        return True
    return same_name(about, subject)


def _asks_once(check: str) -> bool:
    """Whether a check gives one answer for the whole portal."""
    load_checks()
    found = registered_checks().get(check)
    return found is not None and issubclass(found, PortalCheck)
