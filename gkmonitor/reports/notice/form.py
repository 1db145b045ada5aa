"""The form of official documents (GB/T 9704-2012) as numbers and fonts, and as styles of a Word document.

A4; margins 37 mm above and 28 mm left; a print area of 156 x 225 mm with 22 lines of 28 characters of size 3 (16 pt).
Only one font can be named for a text; ``fontTable.xml`` has the alternatives for machines that lack it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

PAGE_MM: Final = (210, 297)
PRINT_AREA_MM: Final = (156, 225)
TOP_MM: Final = 37
LEFT_MM: Final = 28
RIGHT_MM: Final = PAGE_MM[0] - LEFT_MM - PRINT_AREA_MM[0]
BOTTOM_MM: Final = PAGE_MM[1] - TOP_MM - PRINT_AREA_MM[1]
FOOTER_MM: Final = 23  # the page number stands 7 mm below the print area
BODY_PT: Final = 16.0
TITLE_PT: Final = 22.0
PAGE_NUMBER_PT: Final = 14.0
TABLE_PT: Final = 10.5
LINE_PT: Final = 28.95  # 22 lines on 225 mm
CLOSER_TWIPS: Final = 5  # 28 characters of 16 pt on 156 mm stand a quarter of a point closer
CHARACTER_TWIPS: Final = round(BODY_PT * 20) - CLOSER_TWIPS

TITLE_FONT: Final = "方正小标宋_GBK"
BODY_FONT: Final = "仿宋_GB2312"
HEAD_FONT: Final = "黑体"
SUBHEAD_FONT: Final = "楷体_GB2312"
PAGE_NUMBER_FONT: Final = "宋体"
LATIN_FONT: Final = "Times New Roman"

ALTERNATIVES: Final = {
    TITLE_FONT: ("方正小标宋简体", "小标宋", "宋体", "SimSun", "Noto Serif CJK SC", "Source Han Serif SC"),
    BODY_FONT: ("仿宋", "FangSong", "华文仿宋", "STFangsong", "Noto Serif CJK SC", "Source Han Serif SC"),
    SUBHEAD_FONT: ("楷体", "KaiTi", "华文楷体", "STKaiti", "Noto Serif CJK SC", "Source Han Serif SC"),
    HEAD_FONT: ("SimHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei"),
    PAGE_NUMBER_FONT: ("SimSun", "Noto Serif CJK SC", "Source Han Serif SC"),
    LATIN_FONT: ("Liberation Serif", "Noto Serif", "Noto Serif CJK SC"),
}


@dataclass(frozen=True, slots=True)
class StyleForm:
    """One paragraph style. ``indent`` and ``hanging`` in characters; ``level``: outline level, for navigation."""

    name: str
    id: str
    font: str = BODY_FONT
    size: float = BODY_PT
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent: int = 0
    line: float | None = LINE_PT  # None: as the text needs it
    before: float = 0.0
    level: int | None = None
    keeps_next: bool = False
    breaks_page: bool = False
    colour: str = ""  # RRGGBB
    rules_mm: float = 0.0  # a red line as wide as the print area so far below


_CENTER: Final = WD_ALIGN_PARAGRAPH.CENTER
_LEFT: Final = WD_ALIGN_PARAGRAPH.LEFT
RED: Final = "FF0000"
MARK_PT: Final = 50.0  # at most; a long mark is set smaller, so that it has room on one line
MARK_LEAST_PT: Final = 22.0
_MARK_FROM_TOP_PT: Final = 35 / 25.4 * 72  # from the upper edge of the print area (7.2.4)
MARK: Final = StyleForm(
    *("公文发文机关标志", "GwMark", TITLE_FONT, MARK_PT, _CENTER),
    line=None,
    before=_MARK_FROM_TOP_PT,
    keeps_next=True,
    colour=RED,
)
MARK_NUMBER: Final = StyleForm(  # two lines below the mark (7.2.5); the line 4 mm below it (7.2.7)
    "公文版头文号", "GwMarkNumber", align=_CENTER, before=2 * LINE_PT, keeps_next=True, rules_mm=4
)
IMPRINT_PT: Final = 14.0
IMPRINT: Final = StyleForm("公文版记", "GwImprint", size=IMPRINT_PT, align=_LEFT, line=None)
TITLE: Final = StyleForm("公文标题", "GwTitle", TITLE_FONT, TITLE_PT, _CENTER, line=36.0, level=0, keeps_next=True)
NUMBER: Final = StyleForm("公文文号", "GwNumber", align=_CENTER)
ADDRESSEE: Final = StyleForm("公文主送", "GwAddressee", align=_LEFT)
BODY: Final = StyleForm("公文正文", "GwBody", indent=2)
HEAD: Final = StyleForm("公文一级标题", "GwHead1", HEAD_FONT, indent=2, level=1, keeps_next=True)
SUBHEAD: Final = StyleForm("公文二级标题", "GwHead2", SUBHEAD_FONT, indent=2, level=2, keeps_next=True)
ANNEX_LINE: Final = StyleForm("公文附件说明", "GwAnnexLine", indent=2, align=_LEFT)
SIGNATURE: Final = StyleForm("公文署名", "GwSignature", align=_CENTER, keeps_next=True)
DATE: Final = StyleForm("公文成文日期", "GwDate", align=_CENTER)
NOTE: Final = StyleForm("公文附注", "GwNote", indent=2)
ANNEX_MARK: Final = StyleForm("公文附件号", "GwAnnexMark", HEAD_FONT, align=_LEFT, keeps_next=True, breaks_page=True)
ANNEX_TITLE: Final = StyleForm(
    "公文附件标题", "GwAnnexTitle", TITLE_FONT, TITLE_PT, _CENTER, line=36.0, level=1, keeps_next=True
)
ANNEX_NOTE: Final = StyleForm("公文附件注", "GwAnnexNote", size=TABLE_PT, align=_LEFT, line=None, before=6.0)
CELL: Final = StyleForm("公文表格", "GwCell", size=TABLE_PT, align=_LEFT, line=None)
CELL_HEAD: Final = StyleForm("公文表头", "GwCellHead", HEAD_FONT, TABLE_PT, _CENTER, line=None)
STYLES: Final = (
    *(MARK, MARK_NUMBER, IMPRINT),
    *(TITLE, NUMBER, ADDRESSEE, BODY, HEAD, SUBHEAD, ANNEX_LINE, SIGNATURE, DATE, NOTE),
    *(ANNEX_MARK, ANNEX_TITLE, ANNEX_NOTE, CELL, CELL_HEAD),
)


def set_styles(document: Document) -> None:
    """Gives a document the styles of official papers, and the plain style the fonts of the body."""
    _set_defaults(document)
    for form in STYLES:
        add_style(document, form)


def add_style(document: Document, form: StyleForm) -> None:
    """Adds one style to a document that lacks it."""
    if any(style.name == form.name for style in document.styles):
        return
    style: Any = document.styles.add_style(form.name, WD_STYLE_TYPE.PARAGRAPH)
    style.element.set(qn("w:styleId"), form.id)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    style.font.size = Pt(form.size)
    set_fonts(style.element.get_or_add_rPr(), form.font)
    shape = style.paragraph_format
    shape.alignment = form.align
    shape.space_before, shape.space_after = Pt(form.before), Pt(0)
    shape.keep_with_next, shape.page_break_before = form.keeps_next or None, form.breaks_page or None
    shape.widow_control = False
    if form.size == BODY_PT:
        _append(style.element.rPr, f'<w:spacing {nsdecls("w")} w:val="-{CLOSER_TWIPS}"/>', before="w:sz")
    if form.colour:
        style.font.color.rgb = RGBColor.from_string(form.colour)
    if form.rules_mm:
        line = f'<w:bottom w:val="single" w:sz="12" w:space="{round(form.rules_mm / 25.4 * 72)}" w:color="{RED}"/>'
        _append(style.element.pPr, f"<w:pBdr {nsdecls('w')}>{line}</w:pBdr>", before="w:spacing")
    if form.line is None:
        _append(style.element.pPr, f'<w:snapToGrid {nsdecls("w")} w:val="0"/>', before="w:spacing")
    else:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(form.line)
    if form.indent:
        shape.first_line_indent = Pt(form.indent * form.size)
        style.element.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), str(form.indent * 100))
    if form.level is not None:
        level = parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{form.level}"/>')
        style.element.pPr.append(level)


def _append(properties: Any, xml: str, *, before: str) -> None:
    """Elements of properties have a fixed order; Word calls a file broken where it is not kept."""
    later = properties.find(qn(before))
    if later is None:
        properties.append(parse_xml(xml))
    else:
        later.addprevious(parse_xml(xml))


def set_fonts(properties: Any, font: str) -> None:
    """The East Asian font, and the one for figures and Latin letters."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, value in (("ascii", LATIN_FONT), ("hAnsi", LATIN_FONT), ("cs", LATIN_FONT), ("eastAsia", font)):
        fonts.set(qn(f"w:{name}"), value)


def _set_defaults(document: Document) -> None:
    styles = document.styles.element
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    set_fonts(defaults, BODY_FONT)
    language = defaults.find(qn("w:lang"))
    if language is not None:
        language.set(qn("w:eastAsia"), "zh-CN")
    spacing = styles.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}/{qn('w:pPr')}/{qn('w:spacing')}")
    if spacing is not None:
        spacing.attrib.clear()
        spacing.set(qn("w:after"), "0")
    normal: Any = document.styles["Normal"]
    normal.font.size = Pt(BODY_PT)
    set_fonts(normal.element.get_or_add_rPr(), BODY_FONT)
    normal.paragraph_format.space_after = Pt(0)


# ---------------------------------------------------------------- pages


def set_page(section: Section) -> None:
    """Page, margins and the grid of 22 lines."""
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.top_margin, section.left_margin = Mm(TOP_MM), Mm(LEFT_MM)
    section.right_margin, section.bottom_margin = Mm(RIGHT_MM), Mm(BOTTOM_MM)
    section.footer_distance, section.header_distance = Mm(FOOTER_MM), Mm(15)
    properties: Any = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    pitch = round(LINE_PT * 20)
    properties.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{pitch}"/>'))


def set_page_numbers(document: Document) -> None:
    """— 1 — in the outer corner: right on odd pages, left on even ones, one character from the edge."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, is_odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        paragraph: Any = footer.paragraphs[0]
        paragraph.style = document.styles["Normal"]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if is_odd else WD_ALIGN_PARAGRAPH.LEFT
        shape = paragraph.paragraph_format
        shape.space_after = Pt(0)
        shape.right_indent = Pt(PAGE_NUMBER_PT) if is_odd else None
        shape.left_indent = None if is_odd else Pt(PAGE_NUMBER_PT)
        for text in ("— ", None, " —"):
            run = paragraph.add_run(text)
            run.font.size = Pt(PAGE_NUMBER_PT)
            set_fonts(run._r.get_or_add_rPr(), PAGE_NUMBER_FONT)
            for name in ("ascii", "hAnsi"):
                run._r.rPr.rFonts.set(qn(f"w:{name}"), PAGE_NUMBER_FONT)
            if text is None:
                _add_page_field(run._r)


def _add_page_field(run: Any) -> None:
    space = nsdecls("w")
    for part in (
        f'<w:fldChar {space} w:fldCharType="begin"/>',
        f'<w:instrText {space} xml:space="preserve">PAGE</w:instrText>',
        f'<w:fldChar {space} w:fldCharType="separate"/>',
        f"<w:t {space}>1</w:t>",
        f'<w:fldChar {space} w:fldCharType="end"/>',
    ):
        run.append(parse_xml(part))


def font_table() -> bytes:
    """``word/fontTable.xml``: each font with what may stand for it."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{",".join(others)}"/>'
        f'<w:charset w:val="{"00" if name == LATIN_FONT else "86"}"/>'
        f'<w:family w:val="{"modern" if name == HEAD_FONT else "roman"}"/><w:pitch w:val="variable"/></w:font>'
        for name, others in ALTERNATIVES.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f"{head}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()
