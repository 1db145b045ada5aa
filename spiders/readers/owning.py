"""Whether a list on a column's page is another column's: it stands below that column's name, the page's own elsewhere.

Only what keeps fresh news of 通知公告 from being taken for the list of 人事信息: never a reason to call a page blank.
"""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborNode

from spiders.readers.column_names import clean_name, is_column_name, is_more, is_typical
from spiders.readers.document import Document

HEADING_LEVELS: Final = 3
MAX_STEPS: Final = 4
_NEWS: Final = ("要闻", "动态", "新闻", "资讯", "快讯")  # 青禾要闻: places stand before these
MAX_HEADING_CHARACTERS: Final = 12


def own_column(document: Document, names: tuple[str, ...]) -> str | None:
    """The name of the page's column, where it is printed on a line of its own too; ``names``: what it calls itself."""
    own = next((name for name in names if is_column_name(name)), None)
    return own if own is not None and own in document.lines else None


def is_below_own(node: LexborNode, own: str) -> bool:
    """Whether the short text right before a list's element, or one around it, is the page's column's name."""
    current: LexborNode | None = node
    for _ in range(HEADING_LEVELS):
        if current is None or current.tag in ("body", "html"):
            return False
        text = _text_before(current)
        if text:
            name = clean_name("".join(word for word in text[: 4 * MAX_HEADING_CHARACTERS].split() if not is_more(word)))
            if name == own:
                return True
            if len(text) <= MAX_HEADING_CHARACTERS:
                return False  # a heading of its own
        current = current.parent
    return False


def _text_before(node: LexborNode) -> str:
    """The text of the nearest element or text before an element, in the same parent, that has any."""
    before = node.prev
    for _ in range(MAX_STEPS):
        if before is None:
            break
        text = before.text(separator=" ") if before.is_element_node else before.text_content or ""
        if text.strip():
            return text.strip()
        before = before.prev
    return ""


def is_below_another(node: LexborNode, names: tuple[str, ...]) -> bool:
    """Whether the short text right before a list's element is a usual column's name and none of ``names``.

    A heading with a 更多 link makes its list a block of the page, which is for others to tell.
    """
    current: LexborNode | None = node
    for _ in range(HEADING_LEVELS):
        if current is None or current.tag in ("body", "html"):
            return False
        text = _text_before(current)
        if text and _names_another(text, names):
            return True
        current = current.parent
    return False


def _names_another(text: str, names: tuple[str, ...]) -> bool:
    words = text[: 4 * MAX_HEADING_CHARACTERS].split()
    name = clean_name("".join(words))
    if len(name) > MAX_HEADING_CHARACTERS or any(is_more(word) for word in words):
        return False
    return (is_typical(name) or name.endswith(_NEWS)) and not any(name in own or own in name for own in names if own)
