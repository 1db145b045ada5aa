"""The notice as a Word document: the template filled in, the tables of the annexes behind it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from gkmonitor.errors import NoticeTemplateError
from gkmonitor.monthly.records import MonthNumbers
from gkmonitor.reports.notice import form
from gkmonitor.reports.notice.annex_pages import add_annexes
from gkmonitor.reports.notice.imprint import add_imprint
from gkmonitor.reports.notice.masked import masked
from gkmonitor.reports.notice.matrix_tables import matrix_annexes
from gkmonitor.reports.notice.packing import packed, set_properties
from gkmonitor.reports.notice.tables import characters
from gkmonitor.reports.notice.template import check_file, shipped_template
from gkmonitor.reports.notice.text import NoticeText, annex_lines, notice_text
from gkmonitor.reports.notice.word_charts import word_charts

if TYPE_CHECKING:
    from docx.document import Document

TABLES_HERE: Final = "GKMONITOR-ANNEX-TABLES"  # what {{ 附件表 }} becomes until the tables stand there
IMPRINT_HERE: Final = "GKMONITOR-IMPRINT"  # what {{ 版记 }} becomes
_WHOLE_MARK: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SECTION_NAMES: Final = ("总体情况", "复查情况", "主要问题", "工作要求")


def write_docx(numbers: MonthNumbers, template: bytes | None = None) -> bytes:
    """The notice as .docx; the same numbers and template give the same bytes.

    ``template``: an office's own, else the shipped one. Raises NoticeTemplateError naming what is wrong with it.
    """
    text = notice_text(numbers)
    text = replace(text, annexes=(*text.annexes, *matrix_annexes(numbers)))  # elsewhere they are pictures and sheets
    document = _filled(template, text, numbers)
    _break_title(document)
    _fit_mark(document)
    place_signature(document, text.office)
    upright = deepcopy(document.element.body.sectPr)
    add_annexes(document, TABLES_HERE, text.annexes, charts=word_charts(numbers), at=numbers.as_of)
    add_imprint(document, IMPRINT_HERE, text, upright)
    set_properties(document, title=text.title, author=text.office or "gkmonitor", at=numbers.as_of)
    return packed(document)


def context(text: NoticeText, numbers: MonthNumbers) -> dict[str, Any]:
    """What a template may name; docs/notice.md lists it."""
    lines = list(annex_lines(text.annexes))
    sections = {
        name: [{"标题": part.head, "正文": part.text} for part in parts]
        for name, (_, parts) in zip(_SECTION_NAMES, text.sections, strict=True)
    }
    return {
        "红头": text.mark,
        "标题": text.title,
        "文号": text.number,
        "主送": text.addressee,
        "导语": text.basis,
        **sections,
        "附件": [f"附件：{lines[0]}", *(f"　　　{line}" for line in lines[1:])] if lines else [],
        "印发单位": text.office,
        "日期": text.date,
        "附注": text.note,
        "附件表": TABLES_HERE,
        "版记": IMPRINT_HERE,
        "抄送": text.copies,
        "印发机关": text.printer,
        "印发日期": text.printed if text.printer else "",
        "月份": numbers.month,
        "数": {masked(one.title): masked(one.text) for one in numbers.statistics},
    }


# ---------------------------------------------------------------- filling in


def _filled(template: bytes | None, text: NoticeText, numbers: MonthNumbers) -> Document:
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    data = shipped_template() if template is None else template
    check_file(data)
    filled = DocxTemplate(io.BytesIO(data))
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        _refuse_halves(data)
        filled.render(context(text, numbers), environment, autoescape=True)
    except NoticeTemplateError:
        raise
    except Exception as error:  # whatever a foreign file makes of the libraries is a fault of that file
        raise NoticeTemplateError(f"通报模板有错：{_fault(error)}") from error
    rendered: Document = filled.docx
    return rendered


def _refuse_halves(data: bytes) -> None:
    """A mark without its other half would be printed as it stands, or reported at a place where nobody looks."""
    import docx
    from docx.oxml.ns import qn

    for paragraph in docx.Document(io.BytesIO(data)).element.body.iter(qn("w:p")):
        text = "".join(one.text or "" for one in paragraph.iter(qn("w:t")))
        rest = _WHOLE_MARK.sub("", text)
        if any(half in rest for half in ("{{", "}}", "{%", "%}")):
            raise NoticeTemplateError(f"通报模板有错：“{masked(text)[:60]}”中的花括号不成对，标记不能跨段落")


_WRONG_WORDS: Final[Mapping[str, str]] = {
    "Unexpected end of template": "有 for 或 if 没有对应的 endfor 或 endif",
    "Encountered unknown tag": "有不认识的标记",
    "unexpected '}'": "花括号不成对",
    "expected token 'end of print statement'": "花括号中的写法不对",
    "expected token": "标记的写法不对",
    "unexpected char": "标记中有不能识别的字符",
}


def _fault(error: Exception) -> str:
    from jinja2 import TemplateSyntaxError, UndefinedError
    from jinja2.exceptions import SecurityError

    told = masked(getattr(error, "message", None) or error)[:160]
    if isinstance(error, UndefinedError):
        name = told.split("'")[-2] if told.count("'") >= 2 else told
        return f"没有“{name}”这一项，可用的名称见说明文档（gkmonitor report --template-out 导出的模板里都有例子）"
    if isinstance(error, SecurityError):
        return f"不允许的写法（{told}）"
    if isinstance(error, TemplateSyntaxError):
        words = next((words for start, words in _WRONG_WORDS.items() if start in told), "标记的写法不对")
        near = _near(error)
        return f"{words}{f'，在“{near}”附近' if near else ''}（{told}）"
    if isinstance(error, KeyError | ValueError | TypeError | AttributeError):
        return f"文档结构不完整，或标记用错了地方（{type(error).__name__}：{told}）"
    return f"不能使用这个文件（{type(error).__name__}：{told}）"


def _near(error: Exception) -> str:
    """The text around a fault, as somebody reads it in Word."""
    lines = getattr(error, "docx_context", None)
    if not lines:
        return ""
    line = getattr(error, "lineno", None)
    source = getattr(error, "source", None)
    shown = list(lines)
    if isinstance(line, int) and isinstance(source, str) and 0 < line <= len(source.splitlines()):
        shown = [source.splitlines()[line - 1]]
    words = masked(" ".join(re.sub(r"<[^>]*>", "", one) for one in shown))
    return words[:60]


def _break_title(document: Document) -> None:
    """A title of two lines breaks where its sense does (GB/T 9704, 7.3.1): after the month, else after 关于."""
    room = int(form.PRINT_AREA_MM[0] / 25.4 * 72 / form.TITLE_PT)
    for paragraph in document.paragraphs:
        if paragraph.style is None or paragraph.style.name != form.TITLE.name or len(paragraph.runs) != 1:
            continue
        text = paragraph.text
        if characters(text) <= room:
            continue
        for mark in ("月份", "关于"):
            before, found, after = text.partition(mark)
            if found and max(characters(before + mark), characters(after)) <= room:
                paragraph.runs[0].text = f"{before}{mark}\n{after}"
                break


def _fit_mark(document: Document) -> None:
    """A long 发文机关标志 is set smaller, so that it stands on one line (7.2.4); a size that an office set stays."""
    from docx.shared import Pt

    width = form.PRINT_AREA_MM[0] / 25.4 * 72
    for paragraph in document.paragraphs:
        if paragraph.style is None or paragraph.style.name != form.MARK.name or not paragraph.text.strip():
            continue
        size = min(form.MARK_PT, max(form.MARK_LEAST_PT, int(width / characters(paragraph.text))))
        for run in paragraph.runs:
            if run.font.size is None:
                run.font.size = Pt(size)


def place_signature(document: Document, office: str) -> None:
    """Office and date are centred on each other, the date four characters from the right edge (GB/T 9704, 7.3.5)."""
    from docx.shared import Twips

    characters, from_right, date_width = 28.0, 4.0, 6.5
    half = max(from_right + date_width / 2, len(office) / 2)
    left = max(0.0, characters - 2 * half)
    for paragraph in document.paragraphs:
        if paragraph.style is not None and paragraph.style.name in (form.SIGNATURE.name, form.DATE.name):
            paragraph.paragraph_format.left_indent = Twips(round(left * form.CHARACTER_TWIPS))
