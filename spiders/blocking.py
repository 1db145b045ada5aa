"""Why an answer is not the portal's own page: blocked, behind a login, away, or not the page asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gkmonitor.records import PageFacts, PageKind, Reason, StatementKind
from spiders.readers.challenge import is_blocking_status, read_challenge

# Words of an address that only single sign-on pages carry.
_SIGN_ON_URL: Final = re.compile(
    r"(?:^|[/.])(?:sso|cas|passport|oauth2?|idaas|tyrz|uias)(?:[./]|$)|/(?:login|signin|userlogin|tologin)(?:[/.?;]|$)",
    re.IGNORECASE,
)


def classify_response(
    status: int | None, headers: Mapping[str, str], body_text: str, page: PageFacts | None = None
) -> Reason | None:
    """The reason why nothing can be said about this page, or None where the portal answered with a page.

    ``status`` None means that no answer came (timeout, refused, broken TLS). A 404 or 410 is ``wrong_page``: the
    address is wrong, but nothing was blocked and nothing is blank. Server errors are ``unreachable`` unless a
    firewall's own page says otherwise.
    """
    if status is None:
        return Reason.UNREACHABLE
    if status in (401, 407, 511):
        return Reason.LOGIN_REQUIRED
    if page is not None and page.challenge:
        return Reason.BLOCKED
    if read_challenge(body_text, headers, status, has_content=page is not None and has_content(page)):
        return Reason.BLOCKED
    return _reason_of_status(status) or (Reason.LOGIN_REQUIRED if page is not None and is_login_wall(page) else None)


def _reason_of_status(status: int) -> Reason | None:
    if is_blocking_status(status):
        return Reason.BLOCKED
    if status >= 500 or status in (408, 425):
        return Reason.UNREACHABLE
    if status >= 400:
        return Reason.WRONG_PAGE
    return None


def has_content(page: PageFacts) -> bool:
    """Whether the page shows something of its own: list entries, an article, or a navigation with blocks."""
    if page.listing is not None and page.listing.items:
        return True
    if page.article is not None and page.article.title and page.text_length > 200:
        return True
    return len(page.columns) >= 4 or bool(page.blocks)


def is_login_wall(page: PageFacts) -> bool:
    """Whether a login is all that the page offers (a login box beside content is none)."""
    if page.kind is PageKind.BLOCKED or (page.listing is not None and page.listing.items):
        return False
    if any(statement.kind is StatementKind.LOGIN for statement in page.statements):
        return True
    return bool(_SIGN_ON_URL.search(page.url)) and page.text_length < 400 and not page.blocks
