"""The elements around a page's links, each asked of the parser once.

The parser makes a new object at every step and every question, and menus, lists, pagers and blocks all climb the same
elements; what they share is kept here.
"""

from __future__ import annotations

from collections.abc import Mapping

from selectolax.lexbor import LexborNode


class Element:
    """One element, and the one around it. ``identity`` is the node's ``mem_id``; ``above`` is None at the top."""

    __slots__ = ("_attributes", "above", "identity", "node", "tag")

    def __init__(self, node: LexborNode, identity: int, above: Element | None) -> None:
        self.node = node
        self.identity = identity
        self.above = above
        self.tag: str = node.tag or ""
        self._attributes: Mapping[str, str | None] | None = None

    @property
    def attributes(self) -> Mapping[str, str | None]:
        """Names in lower case."""
        if self._attributes is None:
            self._attributes = self.node.attributes
        return self._attributes


class Elements:
    """The elements of one page that were met so far."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, Element] = {}

    def identities(self) -> frozenset[int]:
        return frozenset(self._known)

    def place(self, node: LexborNode, above: Element | None) -> Element:
        """Notes an element that was not met so far."""
        identity = node.mem_id
        found = self._known[identity] = Element(node, identity, above)
        return found

    def around(self, node: LexborNode) -> Element | None:
        """The element around a node, with all that are around it; None for the top of the tree."""
        known = self._known
        above = node.parent
        if above is None:
            return None
        identity = above.mem_id
        found = known.get(identity)
        if found is not None:
            return found
        fresh = [(above, identity)]
        while (above := above.parent) is not None:
            identity = above.mem_id
            found = known.get(identity)
            if found is not None:
                break
            fresh.append((above, identity))
        for step, identity in reversed(fresh):
            found = known[identity] = Element(step, identity, found)
        return found


def box_of_table(element: Element) -> Element | None:
    """The box around the table that an element is, or is the body of: component libraries lay several around one."""
    table = element.above if element.tag == "tbody" else element
    box = table.above if table is not None and table.tag == "table" else None
    return box if box is not None and box.tag == "div" else None
