"""The notice as .pdf: the Word document through LibreOffice, or the page through Chromium; whichever is there.

Both run as children with a profile folder of their own and a time limit, and with nothing to fetch.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from gkmonitor.errors import OutputError
from gkmonitor.reports.notice.form import ALTERNATIVES
from gkmonitor.reports.notice.packing import repacked

TIMEOUT_SECONDS: Final = 180.0
OFFICES: Final = ("soffice", "libreoffice")
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
_MISSING: Final = (
    "生成 PDF 需要 LibreOffice 或 Chromium，本机都没有找到；"
    "请安装其中一个（例如 apt-get install libreoffice-writer-nogui），或改用 docx、html 格式"
)


def write_pdf(docx: bytes | None, html: str | None, *, browser: str = "", seconds: float = TIMEOUT_SECONDS) -> bytes:
    """The document as .pdf: by LibreOffice from ``docx`` when it is there, else by Chromium from ``html``.

    ``browser``: the Chromium that is set, else the one on the PATH. Raises OutputError when neither is there or when
    the program gives no document within ``seconds``.
    """
    office = _first(OFFICES)
    if docx is not None and office is not None:
        return _by_office(office, docx, seconds)
    found = shutil.which(browser) if browser else _first(BROWSERS)
    if html is not None and found is not None:
        return _by_browser(found, html, seconds)
    raise OutputError(_MISSING)


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
