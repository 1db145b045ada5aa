"""Why a portal could not be inspected: permanent, transient or blocked. Pure."""

from __future__ import annotations

from typing import Final

from gkmonitor.cycles.records import Failure
from gkmonitor.records import PortalFacts, Reason

_KEPT_OUT: Final = frozenset((Reason.BLOCKED, Reason.LOGIN_REQUIRED, Reason.ROBOTS))
_GONE: Final = frozenset((404, 410))
_NO_SUCH_NAME: Final = "unknown_host"


def classify(facts: PortalFacts, *, is_last_try: bool = True) -> Failure | None:
    """The failure of an inspection whose home page was not read; None where it was read.

    A name that cannot be resolved counts as permanent only on the last try: name servers have bad minutes too.
    """
    home = facts.home
    if home.state is None or home.state is Reason.SCRIPT_RENDERED:
        return None
    if home.state in _KEPT_OUT:
        return Failure.BLOCKED
    status = home.observation.status if home.observation is not None else None
    if home.failure == _NO_SUCH_NAME:
        return Failure.PERMANENT if is_last_try else Failure.TRANSIENT
    if home.state is Reason.WRONG_PAGE or status in _GONE:
        return Failure.PERMANENT
    return Failure.TRANSIENT
