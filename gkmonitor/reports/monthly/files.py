"""A month's notice in every form that is asked for, by the word for it: docx, xlsx, html, json, pdf."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gkmonitor.errors import UsageError
from gkmonitor.monthly.plain import month_json
from gkmonitor.monthly.records import MonthNumbers

if TYPE_CHECKING:
    from gkmonitor.settings import Settings

FORMATS: Final = ("docx", "xlsx", "html", "json", "pdf")


def formats_of(words: Sequence[str]) -> tuple[str, ...]:
    """The forms that options name, each once: ``docx,xlsx`` or repeated. Raises UsageError."""
    chosen = [part.strip().lower() for word in words for part in word.replace("，", ",").split(",")]
    unknown = [part for part in chosen if part not in FORMATS]
    if unknown:
        raise UsageError(f"没有“{unknown[0]}”这种格式，--format 可以写：{'、'.join(FORMATS)}，多个用逗号分隔")
    return tuple(dict.fromkeys(chosen))


def file_name(numbers: MonthNumbers, form: str) -> str:
    """``通报-2026-11.docx``; a draft says so, so that nobody takes it for the issued one."""
    draft = "" if numbers.office.issued_on else "-未印发"
    return f"通报-{numbers.month}{draft}.{form}"


def render(numbers: MonthNumbers, form: str, settings: Settings) -> bytes:
    """The notice in one form.

    Raises NoticeTemplateError for a template that cannot be used, OutputError where the program for a form is missing.
    """
    return _RENDERERS[form](numbers, settings)


def _json(numbers: MonthNumbers, settings: Settings) -> bytes:
    return month_json(numbers) + b"\n"


def _docx(numbers: MonthNumbers, settings: Settings) -> bytes:
    from gkmonitor.reports.notice.document import write_docx

    return write_docx(numbers, _template(settings))


def _xlsx(numbers: MonthNumbers, settings: Settings) -> bytes:
    from gkmonitor.reports.notice.workbook import write_xlsx

    return write_xlsx(numbers)


def _html(numbers: MonthNumbers, settings: Settings) -> bytes:
    from gkmonitor.reports.notice.page import write_html

    return write_html(numbers).encode("utf-8", "replace")


def _pdf(numbers: MonthNumbers, settings: Settings) -> bytes:
    from gkmonitor.reports.notice.pdf import write_pdf

    page = _html(numbers, settings).decode("utf-8")
    return write_pdf(_docx(numbers, settings), page, browser=settings.chromium)


def _template(settings: Settings) -> bytes | None:
    from gkmonitor.reports.notice.template import read_template

    return read_template(Path(settings.notice_template).expanduser()) if settings.notice_template else None


_RENDERERS: Final[dict[str, Callable[[MonthNumbers, Settings], bytes]]] = {
    "docx": _docx,
    "xlsx": _xlsx,
    "html": _html,
    "json": _json,
    "pdf": _pdf,
}
