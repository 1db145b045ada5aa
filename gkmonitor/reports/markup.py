"""HTML that cannot be escaped out of: every text child and attribute value is escaped unless this module made it."""

from __future__ import annotations

from html import escape

_VOID = frozenset({"meta", "br", "hr"})


class Markup(str):
    """Finished HTML."""

    __slots__ = ()


Child = Markup | str | None


def element(tag: str, *children: Child, **attributes: str | None) -> Markup:
    """One element. ``None`` children and attributes are left out; ``class_`` and ``http_equiv`` lose the underscore."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if tag in _VOID:
        return Markup(f"<{tag}{shown}>")
    return Markup(f"<{tag}{shown}>{join(*children)}</{tag}>")


def join(*children: Child) -> Markup:
    """Children side by side."""
    return Markup("".join(c if isinstance(c, Markup) else escape(c) for c in children if c is not None))
