"""Pages from templates: what each of them gets, and going back to one with a message."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from gkmonitor import __version__
from gkmonitor.accounts.records import ROLE_NAMES
from gkmonitor.ledger.states import STATE_WORDS
from gkmonitor.reports.wording import SEVERITIES, printable, redated_words
from gkmonitor.storage import web_sessions
from gkmonitor.web.desk import desk
from gkmonitor.web.headers import PAGE_HEADERS
from gkmonitor.web.navigation import navigation
from gkmonitor.web.visiting import Visitor

_HERE: Final = Path(__file__).resolve().parent
STATIC: Final = _HERE / "static"
NOTHING: Final = "—"


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page of the desk. Call it from plain functions (they run in threads): it may write to the database.

    Besides ``context`` a template has ``visitor`` (None: nobody), ``csrf``, ``nav``, ``path``, ``office``, ``version``,
    ``now_local``, ``flash`` and what ``_environment`` adds.
    """
    who: Visitor | None = getattr(request.state, "visitor", None)
    here = desk(request)
    given = {
        "visitor": who,
        "csrf": who.csrf if who is not None else "",
        "nav": navigation(request.app, who),
        "path": request.url.path,
        "office": here.settings.office_name,
        "version": __version__,
        "now_local": here.now.astimezone(here.zone),
        "flash": _take_flash(request, who),
        "zone": here.zone,
    }
    text = environment().get_template(template).render(given | context)
    return HTMLResponse(text, status, headers=PAGE_HEADERS)


def back(request: Request, url: str, *, message: str | None = None, error: str | None = None) -> RedirectResponse:
    """303 to one of our pages, which then shows the message or the error once. ``url``: a path that we made."""
    who: Visitor | None = getattr(request.state, "visitor", None)
    flash = {name: words for name, words in (("message", message), ("error", error)) if words}
    if flash and who is not None and who.session is not None:
        with desk(request).database.writing() as session:
            web_sessions.set_flash(session, who.session, flash)
    return RedirectResponse(url, 303)


def _take_flash(request: Request, who: Visitor | None) -> Mapping[str, Any]:
    if who is None or not who.flash or who.session is None:
        return {}
    with desk(request).database.writing() as session:
        web_sessions.set_flash(session, who.session, {})
    return who.flash


@cache
def environment() -> Environment:
    """The templates. Everything is escaped; a name that a page forgot to give is an error, never a blank."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(static=static_url, STATE_NAMES=_codes(STATE_WORDS), SEVERITY_NAMES=_codes(SEVERITIES))
    made.globals.update(ROLE_NAMES=_codes(ROLE_NAMES))
    made.filters.update(instant=show_instant, day=show_day, number=show_number)
    made.filters.update(printable=printable, redated=redated_words)
    return made


def _codes(names: Mapping[Any, str]) -> dict[str, str]:
    return {str(code.value): words for code, words in names.items()}


@cache
def static_url(name: str) -> str:
    """The address of a file below ``static``; it changes with the file, so browsers may keep what they have."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def show_instant(moment: datetime | None, zone: ZoneInfo) -> str:
    """``{{ case.last_seen|instant(zone) }}``: 2026-11-20 09:30 in the office's time."""
    return NOTHING if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def show_day(day: date | None) -> str:
    """2026-11-20."""
    return NOTHING if day is None else day.isoformat()


def show_number(value: float | None) -> str:
    """12,345; a dash for what is not known."""
    return NOTHING if value is None else f"{value:,}"
