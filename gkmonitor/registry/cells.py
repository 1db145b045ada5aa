"""Several values in one cell: what is published elsewhere, exemptions, contacts; written and read alike.

Delegations: ``概念=网址``, one after the other with ``;`` or line breaks. Exemptions: one a line, fields with ``|``:
``文件=青政函〔2026〕3号|栏目=news|自=2026-01-01|至=2026-06-30|批准=青禾县政务公开办``. A backslash before a mark
(``\\|``, ``\\;``, ``\\>``) takes the mark literally.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gkmonitor.addresses import shorten
from gkmonitor.dates import parse_day
from gkmonitor.errors import ConceptError, RegistryError
from gkmonitor.registry.records import Channel, Contact, Delegation, Exemption
from gkmonitor.registry.values import checked_mail, checked_phone, checked_place, checked_text, clean
from gkmonitor.registry.words import suggestion

_FIELDS: Final = {
    "文件": "document", "document": "document",
    "规则": "rule", "rule": "rule",
    "栏目": "concept", "concept": "concept",
    "路径": "path", "path": "path",
    "自": "from", "from": "from",
    "至": "to", "to": "to",
    "批准": "by", "by": "by",
    "事由": "reason", "reason": "reason",
}  # fmt: skip
_RULE = re.compile(r"[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*")


# ---------------------------------------------------------------- marks inside a cell


def _split(text: str, marks: str) -> list[str]:
    """Parts between unescaped marks; escapes stay."""
    parts, part, is_escaped = [], "", False
    for char in text:
        if char in marks and not is_escaped:
            parts.append(part)
            part = ""
        else:
            part += char
        is_escaped = char == "\\" and not is_escaped
    return [*parts, part]


def _escape(text: str, marks: str) -> str:
    return "".join(f"\\{char}" if char in marks or char == "\\" else char for char in text)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


# ---------------------------------------------------------------- concepts, rules and paths


def checked_concept(text: str) -> str:
    """A concept by its slug or one of its proper names (财政预算). Raises RegistryError, naming near ones."""
    from gkmonitor.concepts import all_concepts, get_concept, match_name
    from gkmonitor.records import Match

    word = clean(text)
    try:
        return get_concept(word.lower()).slug
    except ConceptError:
        pass
    found = match_name(word)
    if found is not None and found.match is Match.EXACT and not found.also:
        return found.concept
    known = tuple(part for slug, concept in all_concepts().items() for part in (slug, concept.name_zh))
    raise RegistryError(
        f"没有“{shorten(word)}”这个栏目概念，{suggestion(word, known)}请使用概念的代码，例如 budget、news"
    )


def checked_rule(text: str) -> str:
    """A rule's id in its form; whether there is such a rule depends on the packs of the day."""
    word = clean(text).lower()
    if not _RULE.fullmatch(word) or len(word) > 160:
        raise RegistryError(f"“{shorten(word)}”不是规则编号，应写成 规则包/规则，如 national-2019-19/home-not-updated")
    return word


def checked_path(text: str) -> tuple[str, ...]:
    """``政务公开>财政信息`` as the names of columns from above down."""
    parts = tuple(checked_text(_unescape(part), "path") for part in _split(text, ">＞"))
    names = tuple(part for part in parts if part is not None)
    if not names or len(names) != len(parts):
        raise RegistryError(f"栏目路径“{shorten(text)}”中有空的一级，应写成 政务公开>财政信息")
    return names


# ---------------------------------------------------------------- delegations


def read_delegations(text: str) -> tuple[Delegation, ...]:
    """What a cell says is published elsewhere; ids are 0. Raises RegistryError."""
    found: dict[str, Delegation] = {}
    for part in _split(text, ";；\n"):
        if clean(part):
            word, equals, url = part.partition("=")
            concept = checked_concept(word)
            if concept in found:
                raise RegistryError(f"“{concept}”写了两次，一个概念只能有一个去处")
            if equals and not clean(url):
                raise RegistryError(f"“{shorten(clean(part))}”的等号后面没有网址，请补上；不知道网址时只写 {concept}")
            found[concept] = Delegation(0, 0, concept, checked_place(_unescape(url)) if equals else None)
    return tuple(found.values())


def write_delegations(delegations: Iterable[Delegation]) -> str:
    return ";".join(f"{one.concept}={_escape(one.url, ';；')}" if one.url else one.concept for one in delegations)


# ---------------------------------------------------------------- exemptions


def read_exemptions(text: str) -> tuple[Exemption, ...]:
    """The exemptions of a cell, one a line; ids are 0. Raises RegistryError."""
    return tuple(_exemption(line) for line in _split(text, "\n") if clean(line))


def _exemption(line: str) -> Exemption:
    given: dict[str, str] = {}
    for part in _split(line, "|｜"):
        key, equals, value = part.partition("=")
        field = _FIELDS.get(clean(key).lower())
        if field is None or not equals:
            known = "、".join(key for key in _FIELDS if not key.isascii())
            raise RegistryError(f"豁免中的“{shorten(clean(part))}”不明，应写成 {known} 之一=内容，用 | 隔开")
        if field in given:
            raise RegistryError(f"豁免中的“{clean(key)}”写了两次，每项一行")
        given[field] = value
    return build_exemption(
        rule=given.get("rule", ""),
        concept=given.get("concept", ""),
        path=given.get("path", ""),
        document=_unescape(given.get("document", "")),
        first_day=given.get("from", ""),
        last_day=given.get("to", ""),
        allowed_by=_unescape(given.get("by", "")),
        reason=_unescape(given.get("reason", "")),
    )


def build_exemption(
    *,
    rule: str,
    concept: str,
    path: str,
    document: str,
    first_day: str,
    last_day: str,
    allowed_by: str,
    reason: str,
    portal_id: int = 0,
) -> Exemption:
    """An exemption from words, each checked. Raises UsageError."""
    words = checked_text(document, "document")
    who = checked_text(allowed_by, "allowed_by")
    if words is None:
        raise RegistryError("豁免缺少依据文件，请写明文件名称和文号")
    if who is None:
        raise RegistryError("豁免缺少批准单位，请写明由谁批准")
    if not clean(first_day):
        raise RegistryError("豁免缺少开始日期，请写明，例如 2026-01-01")
    first, last = parse_day(clean(first_day)), parse_day(clean(last_day)) if clean(last_day) else None
    if last is not None and last < first:
        raise RegistryError(f"豁免的结束日期 {last} 早于开始日期 {first}")
    return Exemption(
        0,
        portal_id,
        checked_rule(rule) if clean(rule) else None,
        checked_concept(concept) if clean(concept) else None,
        checked_path(path) if clean(path) else None,
        words,
        first,
        last,
        who,
        checked_text(reason, "reason"),
    )


def write_exemptions(exemptions: Iterable[Exemption]) -> str:
    return "\n".join("|".join(_exemption_parts(one)) for one in exemptions)


def _exemption_parts(one: Exemption) -> Iterator[str]:
    path = ">".join(_escape(part, ">＞|｜") for part in one.path) if one.path else None
    values = {
        "document": _escape(one.document, "|｜"),
        "rule": one.rule,
        "concept": one.concept,
        "path": path,
        "from": one.first_day.isoformat(),
        "to": one.last_day.isoformat() if one.last_day else None,
        "by": _escape(one.allowed_by, "|｜"),
        "reason": _escape(one.reason, "|｜") if one.reason else None,
    }
    yield from (f"{key}={value}" for key, value in values.items() if value)


def exemption_key(one: Exemption) -> tuple[object, ...]:
    """What makes two exemptions the same."""
    return (one.rule, one.concept, one.path, one.document, one.first_day, one.last_day, one.allowed_by, one.reason)


# ---------------------------------------------------------------- contacts


@dataclass(frozen=True, slots=True)
class Person:
    """One place of the three contact cells: a name with a telephone number and a mail address, any of them absent."""

    name: str | None
    phone: str | None
    mail: str | None


_CHECKS: Final[dict[Channel, Callable[[str], str]]] = {Channel.PHONE: checked_phone, Channel.MAIL: checked_mail}


def read_contacts(names: str, phones: str, mails: str) -> tuple[Contact, ...]:
    """The contacts of three cells whose values, divided by ``;``, belong together by their place; ids are 0.

    One name stands for all. Raises RegistryError.
    """
    who = [checked_text(_unescape(part), "contact_name") for part in _parts(names)]
    found: list[Contact] = []
    for channel, cell in ((Channel.PHONE, phones), (Channel.MAIL, mails)):
        values = _parts(cell)
        if len(who) > 1 and len(values) not in (0, len(who)):
            raise RegistryError(f"联系人有 {len(who)} 个，这里有 {len(values)} 个，请用分号隔开，逐一对应，没有的留空")
        for number, value in enumerate(values):
            if clean(value):
                name = who[number] if len(who) > 1 else (who[0] if who else None)
                found.append(Contact(0, None, None, name, channel, _CHECKS[channel](value)))
    return tuple({(one.channel, one.address): one for one in found}.values())


def _parts(cell: str) -> list[str]:
    return _split(cell, ";；\n") if clean(cell) else []


def write_contacts(contacts: Sequence[Contact]) -> tuple[str, str, str]:
    """Names, telephone numbers and mail addresses; other channels stay out, for their addresses are secrets."""
    people: list[Person] = []
    for one in contacts:
        if one.channel in _CHECKS:
            _place(people, one)
    if not people:
        return "", "", ""
    places = [(_escape(p.name or "", ";；"), p.phone or "", p.mail or "") for p in people]
    names, phones, mails = (";".join(column) if any(column) else "" for column in zip(*places, strict=True))
    return names, phones, mails


def _place(people: list[Person], one: Contact) -> None:
    """Into the place of the same name that has room for it, or into a new one."""
    is_phone = one.channel is Channel.PHONE
    for number, person in enumerate(people):
        if person.name == one.name and (person.phone if is_phone else person.mail) is None:
            phone, mail = (one.address, person.mail) if is_phone else (person.phone, one.address)
            people[number] = Person(person.name, phone, mail)
            return
    people.append(Person(one.name, one.address, None) if is_phone else Person(one.name, None, one.address))
