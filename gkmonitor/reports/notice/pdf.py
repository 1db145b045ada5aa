"""The notice as .pdf: the Word document through LibreOffice, or the page through Chromium; whichever is there.

Both run as children with a profile folder of their own and a time limit, and with nothing to fetch. One at a time on a
machine: each takes hundreds of megabytes, and a second one would only make the first one late.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from gkmonitor.errors import OutputError
from gkmonitor.reports.notice.form import ALTERNATIVES
from gkmonitor.reports.notice.packing import repacked

if sys.platform != "win32":
    import fcntl

TIMEOUT_SECONDS: Final = 180.0
OFFICES: Final = ("soffice", "libreoffice")
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
_TRY_SECONDS: Final = 0.1  # between two looks at whether another process is done
_turn = threading.Lock()  # a lock on a file tells processes apart everywhere, threads not everywhere
_MISSING: Final = (
    "生成 PDF 需要 LibreOffice 或 Chromium，本机都没有找到；"
    "请安装其中一个（例如 apt-get install libreoffice-writer-nogui），或改用 docx、html 格式"
)


def write_pdf(docx: bytes | None, html: str | None, *, browser: str = "", seconds: float = TIMEOUT_SECONDS) -> bytes:
    """The document as .pdf: by LibreOffice from ``docx`` when it is there, else by Chromium from ``html``.

    ``browser``: the Chromium that is set, else the one on the PATH. Raises OutputError when neither is there, when the
    program gives no document within ``seconds``, or when others have not made way within the same time.
    """
    office = _first(OFFICES)
    if docx is not None and office is not None:
        with _alone(seconds):
            return _by_office(office, docx, seconds)
    found = shutil.which(browser) if browser else _first(BROWSERS)
    if html is not None and found is not None:
        with _alone(seconds):
            return _by_browser(found, html, seconds)
    raise OutputError(_MISSING)


@contextmanager
def _alone(seconds: float) -> Iterator[None]:
    """Waits until no other conversion runs on this machine. Raises OutputError after ``seconds``."""
    until = time.monotonic() + seconds
    if not _turn.acquire(timeout=seconds):
        raise OutputError(_busy(seconds))
    try:
        number = _lock_file()
        try:
            while number is not None and not _is_ours(number):
                if time.monotonic() >= until:
                    raise OutputError(_busy(seconds))
                time.sleep(_TRY_SECONDS)
            yield
        finally:
            if number is not None:
                os.close(number)  # which gives the lock back, as the end of the process would
    finally:
        _turn.release()


def _busy(seconds: float) -> str:
    return f"本机正在生成其他 PDF，等候 {seconds:g} 秒仍未轮到，请稍后重试，或改用 docx、html 格式"


def _lock_file() -> int | None:
    """One file for every process of this user; None where none can be kept, and only threads wait for one another."""
    if sys.platform == "win32":
        return None
    file = Path(tempfile.gettempdir()) / f"gkmonitor-pdf-{os.getuid()}.lock"
    try:  # a link that somebody else laid there is not followed
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return None


def _is_ours(number: int) -> bool:
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _first(names: Sequence[str]) -> str | None:
    return next((found for name in names if (found := shutil.which(name))), None)


def _by_office(program: str, docx: bytes, seconds: float) -> bytes:
    with tempfile.TemporaryDirectory(prefix="gkmonitor-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "notice.docx").write_bytes(_with_fonts_that_are_here(docx))
        command = [
            *(program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"),
            *("--convert-to", "pdf:writer_pdf_Export", "--outdir", name, str(folder / "notice.docx")),
        ]
        return _made(command, folder / "notice.pdf", "LibreOffice", seconds)


def _by_browser(program: str, html: str, seconds: float) -> bytes:
    with tempfile.TemporaryDirectory(prefix="gkmonitor-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        page = folder / "notice.html"
        page.write_text(html, encoding="utf-8")
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        command = [
            *(
                program,
                "--headless",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                f"--user-data-dir={folder / 'profile'}",
            ),
            *(["--no-sandbox"] if is_root else []),  # Chromium has none for root
            *("--no-pdf-header-footer", f"--print-to-pdf={folder / 'notice.pdf'}", page.as_uri()),
        ]
        return _made(command, folder / "notice.pdf", "Chromium", seconds)


def _made(command: Sequence[str], target: Path, name: str, seconds: float) -> bytes:
    """What the program wrote. It is stopped with all its children when the time is up."""
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=target.parent,
            start_new_session=True,
        )
    except OSError as error:
        raise OutputError(f"{name} 无法启动，没有生成 PDF，请检查其安装") from error
    try:
        _, told = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise OutputError(f"{name} 在 {seconds:g} 秒内没有生成 PDF，请稍后重试，或改用 docx、html 格式") from error
    finally:
        _stop(child)
    try:
        data = target.read_bytes()
    except OSError as error:
        words = " ".join(told.decode("utf-8", "replace").split())[:160]
        raise OutputError(f"{name} 没有生成 PDF（退出码 {child.returncode}：{words or '没有说明'}）") from error
    if not data.startswith(b"%PDF-"):
        raise OutputError(f"{name} 生成的不是 PDF，请检查其安装")
    return data


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Ends the child and whatever it started, which share a process group."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    with suppress(subprocess.TimeoutExpired):
        child.communicate(timeout=10)


# ---------------------------------------------------------------- fonts


def _with_fonts_that_are_here(docx: bytes) -> bytes:
    """The document with the fonts of the form that this machine lacks replaced by the first alternative that it has.

    LibreOffice does not look at a document's own table of alternatives.
    """
    installed = _installed_fonts()
    replaced = {
        f'"{name}"'.encode(): f'"{stand_in}"'.encode()
        for name, others in ALTERNATIVES.items()
        if name not in installed and (stand_in := next((one for one in others if one in installed), None))
    }
    parts = {}
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        for name in archive.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                body = archive.read(name)
                for font, other in replaced.items():
                    body = body.replace(font, other)
                parts[name] = body
    return repacked(docx, parts)


def _installed_fonts() -> frozenset[str]:
    """Families that the system's fontconfig knows; empty where it has none."""
    program = shutil.which("fc-list")
    if program is None:
        return frozenset()
    try:
        told = subprocess.run([program, ":", "family"], capture_output=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(
        family.strip() for line in told.decode("utf-8", "replace").splitlines() for family in line.split(",")
    )
