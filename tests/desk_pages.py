"""Every page of the desk is looked at as a browser would: whole, without a word that a template forgot."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.headings = 0
        self.open: list[str] = []
        self.labels: set[str] = set()
        self.controls: list[str | None] = []
        self.wrapped = 0
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.headings += tag == "h1"
        if tag == "label":
            self.wrapped += 1
            if given.get("for"):
                self.labels.add(str(given["for"]))
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            named = self.wrapped or given.get("aria-label")
            self.controls.append(None if named else given.get("id") or "?")
        self.faults += [f"{tag} {name}" for name, _ in attrs if name == "style" or name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self.wrapped -= tag == "label"


def whole(response: httpx.Response) -> str:
    """The text of a page that is all right: one heading, every control has a label, nothing inline."""
    assert response.status_code == 200, (response.status_code, response.text[:600])
    reader = _Reader()
    reader.feed(response.text)
    assert reader.headings == 1, "one h1 a page"
    assert not reader.faults, reader.faults
    unlabelled = [one for one in reader.controls if one is not None and one not in reader.labels]
    assert not unlabelled, unlabelled
    return response.text
