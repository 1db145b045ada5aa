"""Footer marks and page labels: who runs the portal, under which numbers, and what its pages say about themselves.

What must be there: 国办发〔2017〕47号 (政府网站发展指引) and its annex 网页设计规范. Marks are read from what a visitor
can see and from metas; words in comments do not count, since visitors never see them. A template that nobody filled
in (SiteIDCode "政府网站标识码") is no mark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from gkmonitor.records import Marks
from spiders.readers.document import Document

# 国办发〔2017〕47号, annex 网页设计规范: the site, column and content page labels.
LABELS = (
    *("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"),
    *("ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url"),
)
_LABEL_KEYS: Final = tuple((name, name.lower()) for name in LABELS)
FOOTER_CHARACTERS = 300  # how far from one footer word the others stand
MAX_FOOTERS = 6  # desktop, phone and print versions of one footer, and those of embedded pages
MAX_FOOTERS_CHARACTERS = 6000
MAX_MENTIONS = 20  # of one address in comments, before it is given up
MAX_CODES = 6
MAX_ORGANIZER = 60  # characters
MAX_ENTRY_NAME = 12  # characters; a longer link about 找错 is a news item

_SITE_CODE: Final = re.compile(r"\d{10}|bm\d{8}", re.IGNORECASE)
_SITE_CODE_SHOWN: Final = re.compile(
    r"[标標]\s?[识識]\s?[码碼]\s*(?:[：:为是]\s*)?[\[(（【]?\s*(\d{10}|bm\d{8})(?![0-9A-Za-z])", re.IGNORECASE
)
_WIDE: Final = re.compile("[０-９Ａ-Ｚａ-ｚ]{3}")
_CODE_OWNER: Final = re.compile(
    r"([\u4e00-\u9fff]{2,20}(?:政府|[局厅廳委办辦院校]|委员会|委員會))(?:[门門][户戶])?(?:[网網]站)?\Z"
)
_ODD_SITE_CODE_SHOWN: Final = re.compile(
    r"[网網]站[标標]\s?[识識]\s?[码碼]\s*(?:[：:为是]\s*)?[\[(（【]?\s*((?:bm)?\d{4,20})(?![0-9A-Za-z])", re.IGNORECASE
)
_PROVINCES = (
    "京津沪滬渝冀晋晉辽遼吉黑苏蘇浙皖闽閩赣贛鲁魯豫鄂湘粤粵琼瓊川蜀黔贵貴滇云雲陕陝秦甘陇隴青蒙桂藏宁寧新港澳台"
)
_ICP: Final = re.compile(
    rf"([{_PROVINCES}])\s*ICP\s*([备\u5099证\u8b49])\s*案?\s*(?:编号|序号|号)?\s*[:：]?\s*"
    r"(\d{5,10}(?!\d)(?:\s*[号\u865f])?(?:\s*[-－—–]\s*\d{1,3}(?!\d)(?:\s*[号\u865f])?)?)",
    re.IGNORECASE,
)
_PSB: Final = re.compile(r"公\s?[网網]\s?安\s?[备備]\s*(?:案?[号號])?\s*[:：]?\s*(\d{11,14})(?!\d)")
_PHONE: Final = re.compile(
    # Begins with one of a few characters, so that the search can skip to those.
    r"[联咨办聯电電热熱](?:(?<=联)系(?:电话|方式|我们)|(?<=咨)询电话|(?<=办)公电话|(?<=聯)[繫絡]我們"
    r"|(?<=[电電])\s*[话話]|(?<=[热熱])\s*[线線])\s*[:：]?\s*"
    r"((?:[(（]?0\d{2,3}[)）]?\s?[-—－–]?\s?)?[1-9]\d{6,7}(?![0-9])|400[-\s]?\d{3}[-\s]?\d{4}|1[0-9]{4}(?![0-9]))"
)
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{2,40}@[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,30}){1,4}")

_FOOTER_WORDS = (
    *(
        "ICP备",
        "ICP证",
        "ICP\u5099",
        "icp备",
        "标识码",
        "標識碼",
        "公网安备",
        "公網安備",
        "备案号",
        "备案编号",
        "备案序号",
        "邮编",
        "邮政编码",
    ),
    *(
        "版权所有",
        "版權所有",
        "版权声明",
        "Copyright",
        "copyright",
        "COPYRIGHT",
        "©",
        "承办",
        "技术支持",
        "浏览器",
        "分辨率",
    ),
)
_OWNER_WORD: Final = re.compile(  # begins with one of a few characters too
    r"[Ii\u0130\u0131主版标標Cc承技](?:(?<![主版标標Cc承技])(?i:CP)[备证\u5099]|(?<=主)\s?[办辦]|(?<=版)\s?[权權]"
    r"|(?<=[标標])[识識][码碼]|(?<=[Cc])(?i:opyright)|(?<=承)\s?办|(?<=技)术支持)"
)
_FOOTER_OPENINGS = {word[0]: [one[1:] for one in _FOOTER_WORDS if one[0] == word[0]] for word in _FOOTER_WORDS}
# A search can skip to a first character; looking ahead for the others finds words within words (ICP备案号).
_FOOTER_WORD: Final = re.compile(
    "|".join(f"{first}(?=({'|'.join(map(re.escape, rest))}))" for first, rest in _FOOTER_OPENINGS.items())
)
_SPONSOR: Final = re.compile(
    r"主\s?[办辦](?:\s?[单單]\s?位|方|机构)?(?:/[^\n:：]{2,6})?"
    r"(?:\s*[:：](?P<after>[^\n]*)|(?<=位)[ \u3000]+(?P<spaced>[^\n]+))"
)
_SPONSOR_BEHIND: Final = re.compile(
    r"(?:^|[\n|，,。；;：:\u3000]|\s{2})(?:本?网?站?由)?(?P<before>[^\n|，,。；;：:]{4,60})主\s?[办辦](?=[\s|，,；;]|承[办辦]|协办|$)"
)
_COPYRIGHT: Final = re.compile(
    r"(?P<before>[^\n]{0,120})版\s?[权權]\s?(?:所\s?有|[归歸]\s?[属屬]|[声聲]\s?明(?=\s?[:：]))\s*(?:/[^\n:：]{2,6})?(?P<colon>[:：]?)(?P<after>[^\n]*)"
)
_COPYRIGHT_ENGLISH: Final = re.compile(r"(?:copyright|©|\(c\))(?P<line>[^\n]+)", re.IGNORECASE)
# What names the owner, a word in each of its matches, and how many characters of a match may stand before that.
_ORGANIZERS = (
    (_SPONSOR, re.compile(r"主\s?[办辦]"), 0),
    (_SPONSOR_BEHIND, re.compile(r"主\s?[办辦]"), 70),
    (_COPYRIGHT, re.compile(r"版\s?[权權]"), 120),
    (_COPYRIGHT_ENGLISH, re.compile(r"[Cc©(]"), 0),
)
# Where a name ends: the next label of the footer.
_STOP: Final = re.compile(
    r"承\s?[办辦]|[协協]\s?[办辦]|主\s?管|合\s?作(?=单位|伙伴|媒体|[:：])|技\s?[术術](?=\s?支\s?持|支撑|保障|维护|維護|服务|服務|运维|运营|开发|開發|提供|单位|單位|[:：])|[运運]\s?[维維]|[维維]\s?[护護]|建\s?设单位|网站(?:建设|管理|设计|标识|地图)|制\s?作|设\s?计[:：]|开\s?发[:：]"
    r"|(?:联系|單位|单位|办公|辦公)?地\s?址|[联聯]\s?[系繫絡]|[电電]\s?[话話]|[邮郵]\s?[编編箱]|[邮郵]政[编編][码碼]|[传傳]\s?真|[热熱]\s?[线線]|e-?mail|(?:政府[网網]站)?[标標][识識][码碼]|[备備]\s?案"
    rf"|[{_PROVINCES}]\s*ICP|ICP|.?公[网網]安[备備]|版[权權]|copyright|©|all\s*rights|主\s?[办辦]"
    r"|未[经經]|[违違]者|翻版|不得|[转轉][载載]|建议使用|推荐|浏览|您是|访问|关于我们|powered|https?:|www\.",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(
    r"copyright|all\s*rights?\s*reserved\.?|©|\(c\)|(?:19|20)\d{2}\s*年?(?:\s*[-—–－~至]\s*(?:(?:19|20)\d{2}|今)?年?)?"
    r"|(?:https?://|www\.)[\w./-]+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    re.IGNORECASE,
)
_HANZI: Final = re.compile("[\u3400-\u9fff]")
_NOT_A_NAME: Final = frozenset(
    ("本网站", "政府网站", "举办单位", "责任声明", "网站声明", "本站内容", "网站内容", "友情链接")
)


def read_marks(document: Document) -> Marks:
    """The marks that one page carries; None or empty where it carries none."""
    footers = footers_of(document.visible_text)
    icp = find_icp(footers)
    if icp is None and _WIDE.search(footers):
        footers = unicodedata.normalize("NFKC", footers)
        icp = find_icp(footers)
    labels = read_labels(document.metas)
    return Marks(
        site_name=labels.get("SiteName"),
        site_id_code=find_site_id_code(labels, footers, document.title or ""),
        odd_site_id_code=find_odd_site_id_code(footers),
        icp=icp,
        psb=find_psb(footers),
        organizer=find_organizer(footers),
        contact=find_contact(footers),
        labels=labels,
        has_party_government_mark=has_party_government_mark(document),
        has_error_report_entry=has_error_report_entry(document),
    )


def read_labels(metas: Mapping[str, str]) -> dict[str, str]:
    """The standard page labels as written, under their standard names; ``metas`` has lower-case names.

    An empty label is missing, and so is one that still holds its template's variable.
    """
    found = {}
    for name, key in _LABEL_KEYS:
        value = " ".join(metas[key].split()) if key in metas else ""
        if value and not re.search(r"\{\{|\$\{|<%|\{\$", value):
            found[name] = value
    return found


def find_site_id_code(labels: Mapping[str, str], text: str, title: str = "") -> str | None:
    """网站标识码: ten digits, or bm and eight digits for ministries (国办函〔2015〕2号); the label, then the footer.

    Of several codes the one that the footer does not give to a body which the page's ``title`` does not name.
    """
    label = labels.get("SiteIDCode", "")
    if _SITE_CODE.fullmatch(label):
        return label.lower()
    shown = list(islice(_SITE_CODE_SHOWN.finditer(text), MAX_CODES))
    if len({one[1] for one in shown}) > 1:
        owners = [_CODE_OWNER.search(text, max(0, one.start() - MAX_ORGANIZER), one.start()) for one in shown]
        own = [one for one, owner in zip(shown, owners, strict=True) if owner is None or owner[1] in title]
        shown = own or shown
    return unicodedata.normalize("NFKC", shown[0][1]).lower() if shown else None


def find_odd_site_id_code(text: str) -> str | None:
    """A number that the footer shows as 网站标识码 and that has not its form (9 or 12 digits, say)."""
    shown = _ODD_SITE_CODE_SHOWN.search(text)
    return shown[1].lower() if shown and not _SITE_CODE.fullmatch(shown[1]) else None


def find_icp(text: str) -> str | None:
    """The ICP filing number without blanks (青ICP备12345678号-1); a filing (备) before a licence (证)."""
    found = sorted(_ICP.finditer(text), key=lambda match: match[2] in "证\u8b49")
    if not found:
        return None
    province, kind, number = found[0].groups()
    return f"{province}ICP{kind}" + "".join(number.split())


def find_psb(text: str) -> str | None:
    """The public security filing number without blanks (青公网安备 12345678901234号)."""
    match = _PSB.search(text)
    if match is None:
        return None
    province = text[: match.start()].rstrip()[-1:]
    return f"{province if province in _PROVINCES else ''}公网安备{match[1]}号"


def footers_of(text: str) -> str:
    """The parts of a page's visible text that stand near footer words; ``text`` has a line break between elements."""
    last: dict[str, int] = {}
    spans: list[list[int]] = []
    for match in _FOOTER_WORD.finditer(text):
        place, word = match.start(), match[0] + (match[match.lastindex] if match.lastindex else "")
        if place < last.get(word, -FOOTER_CHARACTERS) + FOOTER_CHARACTERS // 2:
            continue
        last[word] = place
        start, end = max(0, place - FOOTER_CHARACTERS), place + FOOTER_CHARACTERS
        if spans and start <= spans[-1][1]:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    # Words of a cut-off line would pass for a name.
    parts = [text[start:end].partition("\n")[2] if start else text[:end] for start, end in spans[-MAX_FOOTERS:]]
    return "\n".join(parts)[-MAX_FOOTERS_CHARACTERS:]


def find_contact(footers: str) -> str | None:
    """A telephone number, else a mail address, as printed."""
    phones = list(_PHONE.finditer(footers))
    if phones:
        # An article's own contact may stand near 邮编; the portal's stands where the owner and its numbers do.
        owners = [found.start() for found in _OWNER_WORD.finditer(footers)]
        near = [one for one in phones if any(abs(place - one.start()) <= FOOTER_CHARACTERS for place in owners)]
        return (near or phones)[0][1].strip()
    mail = _MAIL.search(footers) if "@" in footers else None
    return mail[0] if mail else None


def find_organizer(footers: str) -> str | None:
    """The body that runs the site: 主办单位, else the owner of the copyright; the first where several are named."""
    for pattern, word, reach in _ORGANIZERS:
        place = 0
        while found := word.search(footers, place):
            # No match begins farther before the word: a search from there finds what a search from the start would.
            match = pattern.search(footers, max(place, found.start() - reach))
            if match is None:
                break
            if name := _organizer_in(match):
                return name
            place = match.end()
    return None


def _organizer_in(match: re.Match[str]) -> str | None:
    groups = match.groupdict("")
    if (before := groups.get("before")) and not groups.get("colon"):
        # "X版权所有 地址：": the name stands before; the last part of the line is next to the word.
        parts = [part for part in re.split(r"[|｜，,。；;：:]|\s{3,}", before) if part.strip()]
        if parts and (name := _as_name(parts[-1])):
            return name
    words = groups.get("after") or groups.get("spaced") or groups.get("line") or ""
    if "after" in groups and not _HANZI.search(words):
        words = match.string[match.end() :].lstrip("\n").partition("\n")[0]  # the name has an element of its own
    return _as_name(words)


def _as_name(words: str) -> str | None:
    """The name that begins ``words``, cut off before the footer's next label; None when there is none."""
    words = _NOISE.sub(" ", words[: 4 * MAX_ORGANIZER].replace("\xa0", " ").replace("\u3000", " ")).strip(
        " \n:：|｜-—_,，.。;；、/\t\r"
    )
    if stop := _STOP.search(words):
        words = words[: stop.start()]
    words = re.split(r"\s{2,}|[|｜，,。；;、:：]", words.strip())[0].strip(" -—_/()（）[]【】《》“”\"'·.")
    # Joint owners stand side by side; a company beside them only built the site.
    parts = words.split(" ")
    words = " ".join(
        part for place, part in enumerate(parts) if not place or not re.search("公司|负责|[网站]设计", part)
    )
    hanzi = len(_HANZI.findall(words))
    if not 3 <= hanzi <= MAX_ORGANIZER or len(words) > MAX_ORGANIZER or words in _NOT_A_NAME:
        return None
    return words


def has_party_government_mark(document: Document) -> bool:
    """党政机关网站标识: the script or link of the registrar of public bodies (国办发〔2017〕47号)."""
    return _mentions(document, ("dcs.conac.cn", "bszs.conac.cn"))


def has_error_report_entry(document: Document) -> bool:
    """The entry 我为政府网站找错: its script, its address, or a link or picture of that name (国办发〔2017〕47号)."""
    if _mentions(document, ("jiucuo", "zfwzgl.www.gov.cn", "pucha.kaipuyun")):
        return True
    return any("找错" in link.label and len(link.label) <= MAX_ENTRY_NAME for link in document.links)


def _mentions(document: Document, addresses: Sequence[str]) -> bool:
    """Whether the page's source has one of ``addresses`` outside comments."""
    source = document.text
    for address in addresses:
        if not document.has(address):
            continue
        place = -1
        for _ in range(MAX_MENTIONS):
            place = source.find(address, place + 1)
            if place < 0:
                break
            if not _is_in_comment(source, place):
                return True
    return False


def _is_in_comment(source: str, place: int) -> bool:
    opened = source.rfind("<!--", 0, place)
    if opened < source.rfind("-->", 0, place) or opened < 0:
        return False
    # Old scripts begin with "<!--" to hide from older browsers; they run all the same.
    return source.rfind("<script", 0, opened) <= source.rfind("</script", 0, opened)
