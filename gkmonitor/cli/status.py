"""One line on the terminal that says what a long command is doing; nothing in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gkmonitor.cli import console


@contextmanager
def status_line() -> Iterator[Callable[[str], None]]:
    """What to call with each new step."""
    screen = console.progress_console()
    if not screen.is_terminal:
        yield lambda _: None
        return
    from rich.text import Text

    with screen.status("") as status:
        yield lambda words: status.update(Text(words, no_wrap=True, overflow="ellipsis"))
