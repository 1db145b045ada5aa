"""Whether a list on a column's page is another column's: it stands below that column's name, the page's own elsewhere.

Only what keeps fresh news of 通知公告 from being taken for the list of 人事信息: never a reason to call a page blank.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spiders.readers.column_names import clean_name, is_column_name, is_more, is_typical

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from spiders.readers.document import Document

HEADING_LEVELS: Final = 3
MAX_STEPS: Final = 4
MAX_HEADING_CHARACTERS: Final = 12


def own_column(document: Document, names: tuple[str, ...]) -> str | None:
    """The name of the page's column, where it is printed on a line of its own too; ``names``: what it calls itself."""
    own = next((name for name in names if is_column_name(name)), None)
    return own if own is not None and own in document.lines else None


def is_below_another(node: LexborNode, names: tuple[str, ...]) -> bool:
    """Whether the short text right before a list's element is a usual column's name and none of ``names``.

    A heading with a 更多 link makes its list a block of the page, which is for others to tell.
    """
    current: LexborNode | None = node
    for _ in range(HEADING_LEVELS):
        if current is None or current.tag in ("body", "html"):
            return False
        before = current.prev
        for _ in range(MAX_STEPS):
            if before is None:
                break
            text = before.text(separator=" ") if before.is_element_node else before.text_content or ""
            if text.strip():
                if _names_another(text, names):
                    return True
                break
            before = before.prev
        current = current.parent
    return False


def _names_another(text: str, names: tuple[str, ...]) -> bool:
    words = text[: 4 * MAX_HEADING_CHARACTERS].split()
    name = clean_name("".join(words))
    if len(name) > MAX_HEADING_CHARACTERS or any(is_more(word) for word in words):
        return False
    return is_typical(name) and not any(name in own or own in name for own in names if own)
