"""What a portal is judged by besides its crawl: gathered from the database into one History."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from gkmonitor.records import Allowance, History
from gkmonitor.registry.records import Exemption
from gkmonitor.storage import Session
from gkmonitor.storage.columns import known_columns
from gkmonitor.storage.exemptions import delegations_of, exemptions_of
from gkmonitor.storage.probes import probe_window


def read_history(session: Session, portal_id: int, as_of: date) -> History:
    """Earlier sightings, probes, exemptions in force on ``as_of`` and registered delegations of one portal."""
    return History(
        probes=probe_window(session, portal_id, as_of),
        columns=known_columns(session, portal_id),
        allowances=tuple(_allowance(one) for one in exemptions_of(session, portal_id, as_of)),
        delegated={one.concept: one.url for one in delegations_of(session, portal_id)},
    )


def as_known_before(history: History, moment: datetime) -> History:
    """Without what was only seen afterwards: a past inspection is not explained with later ones.

    A column that was read since then is known by its name only, for what it held before is no longer kept.
    """
    columns = {
        key: one
        if one.last_seen < moment
        else replace(one, last_seen=min(one.last_seen, moment), last_normal=None, last_items=None, newest=None)
        for key, one in history.columns.items()
    }
    return replace(history, columns=columns)


def _allowance(one: Exemption) -> Allowance:
    return Allowance(one.document, one.first_day, one.last_day, one.rule, one.concept, one.path, one.id)
