"""PDF through an outside program: chosen, bounded in time, and its failure told in Chinese."""

from __future__ import annotations

import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from month_samples import sample_numbers

from gkmonitor.errors import OutputError
from gkmonitor.reports.notice import pdf
from gkmonitor.reports.notice.document import write_docx
from gkmonitor.reports.notice.page import write_html
from gkmonitor.reports.notice.pdf import write_pdf

needs_office = pytest.mark.needs_program("soffice", "libreoffice")
needs_chromium = pytest.mark.needs_program("chromium", "chromium-browser", "google-chrome")
EMPTY = write_docx(sample_numbers())


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH on which only what the test puts there is found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_without_a_program_it_says_what_to_install(bin_folder: Path) -> None:
    with pytest.raises(OutputError, match="需要 LibreOffice 或 Chromium"):
        write_pdf(EMPTY, "<p>")


def test_the_word_document_goes_before_the_page(bin_folder: Path) -> None:
    program(bin_folder, "soffice", 'while [ "$1" != --outdir ]; do shift; done; echo %PDF-office > "$2/notice.pdf"')
    program(bin_folder, "chromium", "exit 1")
    assert write_pdf(EMPTY, "<p>") == b"%PDF-office\n"


def test_without_libreoffice_the_page_is_printed(bin_folder: Path) -> None:
    script = 'for a in "$@"; do case "$a" in --print-to-pdf=*) echo %PDF-page > "${a#--print-to-pdf=}";; esac; done'
    program(bin_folder, "chromium", script)
    assert write_pdf(EMPTY, "<p>") == b"%PDF-page\n"


# Fails where it finds another of its kind at work, which leaves a mark for as long as it runs.
LONELY = """
mkdir {mark} || exit 9
/bin/sleep 0.3
while [ "$1" != --outdir ]; do shift; done; echo %PDF-office > "$2/notice.pdf"
rmdir {mark}
"""


@pytest.fixture
def lonely(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that cannot bear another one at the same time; locks are kept in the same folder."""
    monkeypatch.setenv("PATH", f"{bin_folder}:/bin:/usr/bin")
    monkeypatch.setattr(pdf, "OFFICES", ("lonely-office",))
    monkeypatch.setenv("TMPDIR", str(bin_folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    program(bin_folder, "lonely-office", LONELY.format(mark=bin_folder / "busy"))
    return bin_folder


def test_two_threads_never_convert_at_once(lonely: Path) -> None:
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(write_pdf(EMPTY, None))) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert made == [b"%PDF-office\n"] * 2


def test_two_processes_never_convert_at_once(lonely: Path) -> None:
    script = (
        "from gkmonitor.reports.notice import pdf; pdf.OFFICES = ('lonely-office',);"
        f"print(pdf.write_pdf(open({str(lonely / 'empty.docx')!r}, 'rb').read(), None))"
    )
    (lonely / "empty.docx").write_bytes(EMPTY)
    children = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) for _ in range(2)]
    assert [one.communicate(timeout=60)[0].strip() for one in children] == [b"b'%PDF-office\\n'"] * 2


def test_a_conversion_that_never_gets_its_turn_is_told(lonely: Path) -> None:
    with pdf._alone(1), pytest.raises(OutputError, match="正在生成其他 PDF"):
        write_pdf(EMPTY, None, seconds=0.2)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo broken >&2; exit 3", "没有生成 PDF（退出码 3：broken）"),
        ('while [ "$1" != --outdir ]; do shift; done; echo no > "$2/notice.pdf"', "生成的不是 PDF"),
    ],
)
def test_a_program_that_fails_is_told(bin_folder: Path, script: str, words: str) -> None:
    program(bin_folder, "soffice", script)
    with pytest.raises(OutputError, match="LibreOffice") as caught:
        write_pdf(EMPTY, None)
    assert words in str(caught.value)


def test_a_program_that_hangs_is_ended_with_its_children(bin_folder: Path) -> None:
    program(bin_folder, "soffice", "/bin/sleep 60 & /bin/sleep 60")
    begun = time.monotonic()
    with pytest.raises(OutputError, match="秒内没有生成 PDF"):
        write_pdf(EMPTY, None, seconds=0.3)
    assert time.monotonic() - begun < 10


def test_fonts_that_are_missing_are_replaced_for_the_picture_only(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import zipfile

    monkeypatch.setattr(pdf, "_installed_fonts", lambda: frozenset({"Noto Serif CJK SC", "黑体"}))
    with zipfile.ZipFile(io.BytesIO(pdf._with_fonts_that_are_here(EMPTY))) as archive:
        styles = archive.read("word/styles.xml").decode()
    assert "仿宋_GB2312" not in styles
    assert 'w:eastAsia="Noto Serif CJK SC"' in styles
    assert 'w:eastAsia="黑体"' in styles


@needs_office
def test_libreoffice_opens_the_notice_and_prints_its_pages() -> None:
    made = write_pdf(EMPTY, None)
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type/Page") > 10  # the notice and its annexes, one page each at least


@needs_chromium
def test_chromium_prints_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "OFFICES", ())
    assert write_pdf(None, write_html(sample_numbers())).startswith(b"%PDF-")
