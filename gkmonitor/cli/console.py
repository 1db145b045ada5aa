"""Streams and endings of the command line: encodings, one-line complaints, exit codes, broken pipes, Ctrl-C."""

from __future__ import annotations

import errno
import io
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gkmonitor.errors import GkmonitorError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

EXIT_DONE = 0
EXIT_VIOLATIONS = 1
EXIT_USAGE = 2
EXIT_UNFINISHED = 3


class StoppedError(Exception):
    """A person pressed Ctrl-C."""


class PipeClosedError(Exception):
    """Whoever read our output has gone."""


def prepare_streams() -> None:
    """Make stdout and stderr take every character.

    A locale whose encoding has no Chinese at all (ASCII, Latin-1) gets UTF-8, as Python itself does for the C locale;
    one that has Chinese (GBK, Big5) is kept, and only characters it lacks are replaced.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        try:
            "中文".encode(stream.encoding)
            stream.reconfigure(errors="replace")
        except (UnicodeEncodeError, LookupError):
            stream.reconfigure(encoding="utf-8", errors="replace")


def one_line(text: object) -> str:
    """Text for a message line: control characters out, white space joined."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in str(text)).split())


def complain(message: object) -> None:
    """One line on stderr."""
    sys.stderr.write(f"gkmonitor：{one_line(message)}\n")
    sys.stderr.flush()


def print_json(text: str) -> None:
    """One line of JSON on stdout, always UTF-8, whatever the locale."""
    data = text.encode("utf-8", "backslashreplace") + b"\n"
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(data.decode("utf-8"))
        return
    sys.stdout.flush()
    buffer.write(data)
    buffer.flush()


def table_console() -> Console:
    """The console that results are printed on; plain text in a pipe."""
    from rich.console import Console

    class ResultConsole(Console):
        def on_broken_pipe(self) -> None:
            raise PipeClosedError  # Rich would exit with 1, which here means violations

    return ResultConsole(file=sys.stdout, highlight=False, emoji=False, markup=False)


def progress_console() -> Console:
    """The console for progress: stderr."""
    from rich.console import Console

    return Console(file=sys.stderr, highlight=False, emoji=False, markup=False)


def guarded(run: Callable[[], int]) -> int:
    """Run a command and turn however it ends into an exit code and at most one line on stderr."""
    prepare_streams()
    try:
        code = run()
        sys.stdout.flush()
    except (KeyboardInterrupt, StoppedError):
        code = EXIT_UNFINISHED
        _quietly(lambda: complain("已按 Ctrl-C 停止"))
    except (BrokenPipeError, PipeClosedError):
        _drop_stdout()
        code = EXIT_UNFINISHED
    except GkmonitorError as error:
        code = _tell(error, EXIT_USAGE if isinstance(error, UsageError) else EXIT_UNFINISHED)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            _drop_stdout()
            code = _tell("输出写不进去：磁盘已满，请清理空间后重试", EXIT_UNFINISHED)
        else:
            code = _tell_crash(error)
    except Exception as error:  # the process boundary: a defect of ours must not bury the user in a traceback
        code = _tell_crash(error)
    return code


def _tell(message: object, code: int) -> int:
    _quietly(lambda: complain(message))
    return code


def _tell_crash(error: Exception) -> int:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return _tell(
        f"程序出错，没有完成（{type(error).__name__}: {error}，{place}），请把这一行报给维护者", EXIT_UNFINISHED
    )


def _quietly(act: Callable[[], None]) -> None:
    with suppress(OSError, ValueError):
        act()


def _drop_stdout() -> None:
    """Point stdout at nothing, so that Python's own flush at the end stays silent."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
