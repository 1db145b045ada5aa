"""The values of an entry, checked and brought into one form; the same for files and for the command line.

Every function raises RegistryError (AddressError for addresses) in Chinese: what is wrong and what to write.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from gkmonitor.addresses import check_address, shorten
from gkmonitor.errors import RegistryError
from gkmonitor.registry.addresses import address_key

# Characters; what the database takes.
MAX_LENGTHS: Final = {
    "name": 300,
    "url": 2000,
    "organizer": 300,
    "unit": 200,
    "region": 100,
    "state_reason": 2000,
    "note": 5000,
    "head": 100,
    "actor": 200,
    "document": 2000,
    "reason": 2000,
    "allowed_by": 200,
    "rule": 160,
    "path": 200,
    "contact_name": 100,
    "address": 1000,
}
MAX_KEY_LENGTH: Final = 700
MAX_UNIT_DEPTH: Final = 10
_LOCAL_CODE = re.compile(r"[0-9]{10}")
_CENTRAL_CODE = re.compile(r"bm[0-9]{8}")
_SCIENTIFIC = re.compile(r"[0-9.]+e\+?[0-9]+")
_WHOLE_NUMBER = re.compile(r"([0-9]+)\.0+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()（）\-—–转,;#*.]{3,40}[0-9]")
_MAIL = re.compile(r"[^\s@,;，；<>\"']{1,64}@[^\s@,;，；<>\"']+\.[^\s@,;，；<>\"']+")
_PATH_MARKS = re.compile(r"[/／]")


def clean(text: str) -> str:
    """Blanks joined, invisible and control characters out."""
    kept = (" " if char.isspace() else char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join("".join(kept).split())


def checked_text(text: str, field: str) -> str | None:
    """Clean text of at most the field's length; None for nothing."""
    value = clean(text)
    if len(value) > MAX_LENGTHS[field]:
        raise RegistryError(f"“{value[:20]}……”有 {len(value)} 个字，最多 {MAX_LENGTHS[field]} 个字，请缩短")
    return value or None


def required_text(text: str, field: str, what: str) -> str:
    """Like ``checked_text``, for what may not be empty; ``what`` names it."""
    value = checked_text(text, field)
    if value is None:
        raise RegistryError(f"{what}为空，请填写")
    return value


def checked_url(text: str) -> str:
    """The address of a portal, completed as ``check_address`` does."""
    url = check_address(text)
    if len(url) > MAX_LENGTHS["url"] or len(address_key(url)) > MAX_KEY_LENGTH:
        raise RegistryError(f"网址“{shorten(url)}”太长，请填写网站首页的网址")
    return url


def checked_place(text: str) -> str:
    """The address of a column elsewhere; what follows ``#`` stays, for some platforms name their columns there."""
    url = check_address(text)
    _, mark, place = clean(text).partition("#")
    if len(url) + len(place) + 1 > MAX_LENGTHS["url"]:
        raise RegistryError(f"网址“{shorten(url)}”太长，请核对")
    return f"{url}{mark}{place}"


def checked_site_code(text: str) -> str | None:
    """A site code (网站标识码) of ten digits, or ``bm`` and eight digits; None for nothing."""
    value = unicodedata.normalize("NFKC", clean(text)).replace(" ", "").lower()
    if whole := _WHOLE_NUMBER.fullmatch(value):
        value = whole[1]
    if not value or _LOCAL_CODE.fullmatch(value) or _CENTRAL_CODE.fullmatch(value):
        return value or None
    if _SCIENTIFIC.fullmatch(value):
        raise RegistryError(f"“{value}”被表格软件改成了科学计数法，请把这一列设为文本格式，重新填写 10 位标识码")
    raise RegistryError(f"“{shorten(text.strip())}”不是网站标识码，应为 10 位数字，或 bm 加 8 位数字；没有标识码时留空")


def has_known_province(code: str | None) -> bool:
    """Whether a local site code begins with the division code of a province; true for central codes and None."""
    from gkmonitor.units import division_of

    return code is None or code.startswith("bm") or division_of(code) is not None


def unit_path(text: str) -> tuple[str, ...]:
    """``市政府/市财政局`` as the names from above down; () for nothing."""
    if not clean(text):
        return ()
    parts = tuple(checked_text(part, "unit") for part in _PATH_MARKS.split(text))
    names = tuple(part for part in parts if part is not None)
    if len(names) != len(parts):
        raise RegistryError(f"“{shorten(clean(text))}”中有空的一级，应写成“上级单位/单位”")
    if len(set(names)) != len(names):
        raise RegistryError(f"“{shorten(clean(text))}”中同一个单位出现两次，单位关系成环")
    if len(names) > MAX_UNIT_DEPTH:
        raise RegistryError(f"“{shorten(clean(text))}”有 {len(names)} 级，最多 {MAX_UNIT_DEPTH} 级")
    return names


def checked_mail(text: str) -> str:
    """A mail address, as it is written to; nothing is asked of the network."""
    value = clean(text)
    if not _MAIL.fullmatch(value) or len(value) > 254:
        raise RegistryError(f"“{shorten(value)}”不是邮箱地址，应写成 name@example.gov.cn")
    return value


def checked_phone(text: str) -> str:
    """A telephone number as people write it: digits, blanks, brackets, dashes, 转."""
    value = _WHOLE_NUMBER.sub(r"\1", clean(text))
    if not _PHONE.fullmatch(value):
        raise RegistryError(f"“{shorten(value)}”不是电话号码，应写成 0755-12345678 或 13800000000")
    return value
