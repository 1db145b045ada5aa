"""Bytes of a page to text: what the bytes say outranks what the page declares about itself.

Chinese pages declare gb2312 and hold GB18030, declare GBK and hold UTF-8, or declare nothing. A wrong choice makes
every column name unreadable and so every column "missing": declarations are hints that the bytes have to confirm.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Final

META_BYTES = 4096  # where a declaration has to stand, with room for template comments before it
SAMPLE_BYTES = 200_000  # of a body whose encoding is not plain
GUESSED_BYTES = 4000
_SAMPLE_CHARACTERS = 3000
_PLAUSIBLE_SHARE = (
    0.2  # of the Hanzi in running Chinese about half are among the common ones below; in mojibake 1 in 30
)
_FEW_HANZI = 8  # too few to measure a share

_DECLARED: Final = re.compile(
    rb"""<(?:meta\b[^>]{0,300}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*["']?\s*([\w:.-]{2,30})""", re.I
)
_HEADER: Final = re.compile(r"""charset\s*=\s*["']?\s*([\w:.-]{2,30})""", re.I)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Label (without punctuation) -> our name. GB2312 and GBK are parts of GB18030, and pages use more than they declare.
_NAMES = (
    dict.fromkeys(
        ("gb2312", "gb231280", "gbk", "xgbk", "gb18030", "cp936", "ms936", "936", "euccn", "chinese"), "gb18030"
    )
    | dict.fromkeys(("big5", "big5hkscs", "xxbig5", "cnbig5", "cp950", "ms950"), "big5")
    | dict.fromkeys(("utf8", "unicode11utf8", "utf8mb4"), "utf-8")
    | {"utf16": "utf-16-le", "utf16le": "utf-16-le", "utf16be": "utf-16-be"}
    | {"eucjp": "euc-jp", "shiftjis": "shift_jis", "sjis": "shift_jis", "euckr": "euc-kr", "ksc56011987": "euc-kr"}
    | {"koi8r": "koi8-r"}
    | {f"windows{number}": f"windows-{number}" for number in range(1250, 1259)}
)
_CODECS = {"big5": "big5hkscs", "euc-kr": "cp949", "shift_jis": "cp932"}
# Defaults of servers and editors, declared without a thought: they hold only where nothing else fits.
_WEAK = dict.fromkeys(("iso88591", "latin1", "usascii", "ascii", "windows1252", "cp1252"), "windows-1252")
_GUESSABLE = [
    "gb18030",
    "big5",
    "euc_jp",
    "cp932",
    "cp949",
    "cp1252",
    "cp1251",
    "koi8_r",
    "cp1256",
    "utf_16_le",
    "utf_16_be",
]

# The most frequent characters of Chinese, of official Chinese and of menus, in both scripts.
_COMMON: Final = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事"
    "成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此"
    "已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代"
    "内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安"
    "少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光"
    "放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔网站"
    "首页信息公开府县省镇乡局厅委员会办公室通知公告政策解读服务指南预算决算财政审批投诉咨询登录注册搜索版权所有备案号主办单位"
    "這個們來為國說時會對於過後種經沒動開還進長從實軍無與機關點業將兩間問並應戰頭體見產"
    "話內門員東聲論處走義幾認條係氣題爾別變總電數報結給務場計資許統區隊決達強難權設記類據邊張該規術領確傳師觀讓識帶導爭運"
    "網頁訊縣鎮鄉廳辦務預財審訴諮詢錄冊備號單"
)


def decode(body: bytes, headers: Mapping[str, str] | None = None) -> tuple[str, str]:
    """The page's text and the encoding it was read in ("utf-8", "gb18030", "big5", ...). Never raises.

    A byte order mark decides; else UTF-8 where the bytes are that; else what header or page declare, if it yields
    readable text; else the more plausible of GB18030 and Big5; else a general guess. Marks and NULs in the middle are
    dropped, undecodable bytes become U+FFFD, a character cut off at the end is left out.
    """
    text, name, _ = decode_page(body, headers or {})
    return text, name


def decode_page(body: bytes, headers: Mapping[str, str]) -> tuple[str, str, bytes | None]:
    """The same, and the body where it is the text in UTF-8, byte for byte."""
    text, name, source = _decode(body, headers)
    if "\ufeff" in text:
        text, source = text.replace("\ufeff", ""), None
    if b"\x00" in body:  # much cheaper to ask the bytes
        text, source = text.replace("\x00", ""), None
    return text, name, source


def _decode(body: bytes, headers: Mapping[str, str]) -> tuple[str, str, bytes | None]:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _read(body[len(mark) :], name)[0], name, None
    try:
        text, read = codecs.utf_8_decode(body, "strict", False)  # not final: the body may end in mid-character
    except UnicodeDecodeError:
        return (*_decode_other(body, headers), None)
    declared = None
    if len(text) < len(body) < 200 + len(text):
        # A handful of GBK characters can be valid UTF-8 by accident (the two of 联通 are the classic).
        declared = _declared(body, headers)[0]
    if declared in ("gb18030", "big5"):
        other, errors = _read(body, declared)
        if not errors and _hanzi(other)[0] > _hanzi(text)[0]:
            return other, declared, None
    elif "\x00" in text[:1000] and (wide := _wide(body)):
        return _read(body, wide)[0], wide, None
    return text, "utf-8", body if read == len(body) else None


def _decode_other(body: bytes, headers: Mapping[str, str]) -> tuple[str, str]:
    if wide := _wide(body):
        return _read(body, wide)[0], wide
    declared, weak = _declared(body, headers)
    name = _choose(body[:SAMPLE_BYTES], declared) or _guess(body[:SAMPLE_BYTES], declared or weak)
    return _read(body, name)[0], name


def _choose(sample: bytes, declared: str | None) -> str | None:
    """The encoding in which the bytes read as Chinese; the declared one if that is free of errors."""
    if declared is not None and declared != "utf-8":
        text, errors = _read(sample, declared)
        if not errors and _is_plausible(text, declared):
            return declared
    best_name, best_score = None, _PLAUSIBLE_SHARE
    for name in ("utf-8", "gb18030", "big5"):
        text, errors = _read(sample, name)
        common, hanzi = _hanzi(text)
        if common:
            # A damaged page in its own encoding still reads better than a mojibake without a single error.
            share = common / hanzi - min(0.5, 5 * errors / len(text)) + (0.02 if name == declared else 0)
            if share > best_score:
                best_name, best_score = name, share
    return best_name


def _declared(body: bytes, headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The declared encoding, and a weak default (Latin-1) apart; the header outranks the page."""
    labels = [
        match[1] for key, value in headers.items() if key.lower() == "content-type" and (match := _HEADER.search(value))
    ]
    labels += [match[1].decode("ascii", "ignore") for match in _DECLARED.finditer(body, 0, META_BYTES)]
    weak = None
    for label in labels:
        key = re.sub(r"[^a-z0-9]", "", label.lower())
        if key in _NAMES and key not in _WEAK:
            return _NAMES[key], weak
        weak = weak or _WEAK.get(key)
    return None, weak


def _read(body: bytes, name: str) -> tuple[str, int]:
    """The text, undecodable bytes replaced, and how many were; what is cut off at the end does not count."""
    decoder = codecs.getincrementaldecoder(_CODECS.get(name, name))("replace")
    text = decoder.decode(body)
    errors = text.count("\ufffd")
    if errors and name == "utf-8":
        errors = max(0, errors - body.count(b"\xef\xbf\xbd"))  # some pages hold the replacement character itself
    return text, errors


def _hanzi(text: str) -> tuple[int, int]:
    """How many of the first Hanzi are common ones, and how many Hanzi were looked at."""
    hanzi = re.findall("[\u3400-\u9fff\U00020000-\U0003ffff\ue000-\uf8ff]", text)[:_SAMPLE_CHARACTERS]
    return sum(map(_COMMON.__contains__, hanzi)), len(hanzi)


def _is_plausible(text: str, name: str) -> bool:
    if name not in ("gb18030", "big5"):
        return True
    common, hanzi = _hanzi(text)
    return hanzi < _FEW_HANZI or common / hanzi >= _PLAUSIBLE_SHARE


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark: its markup has a NUL beside every letter."""
    head = body[:512]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if min(even, odd) * 8 < max(even, odd) and max(even, odd) * 4 > len(head) // 2 > 8:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _is_basic_gb(body: bytes) -> bool:
    """Few characters, but nearly all from the plane of GB2312 that everyday Hanzi stand in."""
    everyday, others = (len(re.findall(pattern, body)) for pattern in (rb"[\xb0-\xd7][\xa1-\xfe]", rb"[\xd8-\xff]+"))
    return everyday > 1 and everyday >= 4 * others and not _read(body, "gb18030")[1]


def _guess(sample: bytes, declared: str | None) -> str:
    """Neither readable Chinese nor UTF-8: another script, a very short text, or noise."""
    if declared is not None and not _read(sample, declared)[1]:
        return declared
    if _is_basic_gb(sample):
        return "gb18030"
    from charset_normalizer import from_bytes  # 30 ms to import, and hardly ever needed

    best = from_bytes(sample[:GUESSED_BYTES], cp_isolation=_GUESSABLE).best() if len(sample) > 16 else None
    if best is not None:
        name = re.sub(r"[^a-z0-9]", "", best.encoding)
        return _NAMES.get(name, _NAMES.get(name.replace("cp", "windows"), best.encoding.replace("_", "-")))
    candidates = [name for name in (declared, "utf-8", "gb18030") if name]
    return min(candidates, key=lambda one: _read(sample, one)[1])
