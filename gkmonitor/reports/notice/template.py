"""The template of the notice: how the shipped one is made, and how an office's own is checked.

A template is a Word document with marks of Jinja: ``{{ 标题 }}`` is filled in, ``{%p for ... %}`` stands in a paragraph
of its own. ``python -m gkmonitor.reports.notice.template`` writes the shipped file again.
"""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Final

from gkmonitor.errors import NoticeTemplateError

SHIPPED: Final = "templates/notice.docx"
MAX_FILE_BYTES: Final = 20 * 1024 * 1024
MAX_UNFOLDED_BYTES: Final = 100 * 1024 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def shipped_template() -> bytes:
    """The template that comes with the program."""
    return files("gkmonitor.reports").joinpath(SHIPPED).read_bytes()


def read_template(path: Path) -> bytes:
    """An office's own template. Raises NoticeTemplateError, saying what is wrong with the file."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise NoticeTemplateError(f"找不到通报模板 {path}，请检查 GKMONITOR_NOTICE_TEMPLATE 所写的路径") from error
    except OSError as error:
        raise NoticeTemplateError(f"无法读取通报模板 {path}，请检查权限，或文件是否正被其他程序占用") from error
    check_file(data, path.name)
    return data


def check_file(data: bytes, name: str = "通报模板") -> None:
    """Raises NoticeTemplateError unless the bytes are a Word document of a sensible size."""
    if len(data) > MAX_FILE_BYTES:
        raise NoticeTemplateError(f"{name} 超过 {MAX_FILE_BYTES // 1024 // 1024} MB，请删去其中的图片后再用")
    if data.startswith(_OLE):
        what = "设有打开密码，请取消密码" if _ENCRYPTED in data else "是旧的 .doc 格式，请在 Word 或 WPS 中打开"
        raise NoticeTemplateError(f"{name} {what}，另存为 .docx 后再用")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            unfolded = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise NoticeTemplateError(f"{name} 不是 .docx 文件，或文件已损坏，请在 Word 或 WPS 中另存为 .docx") from error
    if unfolded > MAX_UNFOLDED_BYTES:
        raise NoticeTemplateError(f"{name} 展开后超过 {MAX_UNFOLDED_BYTES // 1024 // 1024} MB，不能用作模板")
    if "word/document.xml" not in names:
        raise NoticeTemplateError(f"{name} 不是 Word 文档（缺少 word/document.xml），请在 Word 或 WPS 中另存为 .docx")


def make_template() -> bytes:
    """The shipped template, made anew; the same bytes every time."""
    from docx import Document

    from gkmonitor.reports.notice import form
    from gkmonitor.reports.notice.packing import EPOCH, packed, set_properties

    document = Document()
    form.set_styles(document)
    form.set_page(document.sections[0])
    form.set_page_numbers(document)
    for style, text in _paragraphs():
        document.add_paragraph(text, style=style)
    set_properties(document, title="政府网站检查情况通报模板", author="gkmonitor", at=EPOCH)
    return packed(document, with_fonts=True)


_SECTIONS: Final = (
    ("一、总体情况", "总体情况"),
    ("二、上月问题整改复查情况", "复查情况"),
    ("三、本月发现的主要问题", "主要问题"),
    ("四、工作要求", "工作要求"),
)


def _paragraphs() -> list[tuple[str, str]]:
    """Style and text of each paragraph of the shipped template."""
    body = "公文正文"
    found = [
        (body, "{%p if 红头 %}"),
        ("公文发文机关标志", "{{ 红头 }}"),
        ("公文版头文号", "{{ 文号 }}"),
        (body, ""),
        (body, ""),
        (body, "{%p endif %}"),
        ("公文标题", "{{ 标题 }}"),
        (body, "{%p if 文号 and not 红头 %}"),
        ("公文文号", "{{ 文号 }}"),
        (body, "{%p endif %}"),
        (body, ""),
        ("公文主送", "{{ 主送 }}："),
        (body, "{{ 导语 }}"),
    ]
    for head, name in _SECTIONS:
        found += [
            ("公文一级标题", head),
            (body, f"{{%p for 段 in {name} %}}"),
            (body, "{%p if 段.标题 %}"),
            ("公文二级标题", "{{ 段.标题 }}"),
            (body, "{%p endif %}"),
            (body, "{{ 段.正文 }}"),
            (body, "{%p endfor %}"),
        ]
    return [
        *found,
        (body, ""),
        (body, "{%p for 行 in 附件 %}"),
        ("公文附件说明", "{{ 行 }}"),
        (body, "{%p endfor %}"),
        (body, ""),
        (body, ""),
        ("公文署名", "{{ 印发单位 }}"),
        ("公文成文日期", "{{ 日期 }}"),
        ("公文附注", "{{ 附注 }}"),
        (body, "{{ 附件表 }}"),
        (body, "{{ 版记 }}"),
    ]


if __name__ == "__main__":
    Path(str(files("gkmonitor.reports").joinpath(SHIPPED))).write_bytes(make_template())
