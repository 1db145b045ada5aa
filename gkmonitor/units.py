"""Who a portal belongs to: the profile by names, site code and host; departments and their names; division codes.

The names are data (``data/units.yaml``). A site code (网站标识码) begins with the code of the administrative division
(GB/T 2260) that hosts the portal, for central bodies with ``bm``; a department's page often shows the code of the
portal that it lives on, so a code tells the level of a place and never, by itself, whether a department owns a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal

from gkmonitor.concepts import normalise_name
from gkmonitor.lexicon import load_data
from gkmonitor.records import Profile

Level = Literal["province", "city", "county"]
Source = Literal["name", "organizer", "domain", "site_id_code"]

PROVINCE_CODE_END, CITY_CODE_END = "0000", "00"
COUNTIES_UNDER_THE_PROVINCE = "90"  # XX90ZZ: counties and county-level cities that no prefecture stands above

_LOCAL_CODE = re.compile(r"\d{10}")
_CENTRAL_CODE = re.compile(r"bm\d{8}", re.IGNORECASE)
_PARTS = re.compile(r"[-—–_|,，;；、\s]+")
_PORTAL_OF_PLACE = re.compile(r"^中国[·.・•—-]?(?P<place>\w{2,12})$")
_PLACE = re.compile(
    r"(?P<place>[^市县区镇乡州省盟旗]{1,12}?(?:自治区|自治州|自治县|自治旗|特别行政区|街道|省|市|州|县|区|旗|盟|镇|乡)|[省市州县区旗镇乡])"
)

_OF_LEVEL: dict[str, Profile] = {
    "province": Profile.PROVINCE_PORTAL,
    "city": Profile.CITY_PORTAL,
    "county": Profile.COUNTY_PORTAL,
    "township": Profile.TOWNSHIP_PAGE,
    "department": Profile.DEPARTMENT,
    "enterprise": Profile.ENTERPRISE,
}


# ---------------------------------------------------------------- division and site codes


def division_of(site_id_code: str | None) -> str | None:
    """The six digits of the division in a local site code of ten digits; None for central (bm) and malformed codes."""
    code = (site_id_code or "").strip()
    if not _LOCAL_CODE.fullmatch(code) or not code.isascii() or code[:2] not in _provinces():
        return None
    return code[:6]


def is_central_code(site_id_code: str | None) -> bool:
    """Whether it is the code of a central body: ``bm`` and eight digits."""
    return bool(_CENTRAL_CODE.fullmatch((site_id_code or "").strip()))


def province_name(division: str | None) -> str | None:
    """The full name of the province of a division or site code: 广东省 for 440100."""
    return _provinces().get((division or "")[:2])


def level_of(division: str | None) -> Level | None:
    """The level of a division by its digits: XX0000 province, XXYY00 prefecture, else county."""
    if division is None or len(division) != 6 or not division.isdigit() or division[:2] not in _provinces():
        return None
    if division.endswith(PROVINCE_CODE_END):
        return "province"
    if division.endswith(CITY_CODE_END) and division[2:4] != COUNTIES_UNDER_THE_PROVINCE:
        return "city"
    return "county"


# ---------------------------------------------------------------- profiles


def infer_profile(
    name: str | None = None,
    site_id_code: str | None = None,
    organizer: str | None = None,
    host: str | None = None,
) -> tuple[Profile | None, Source | None]:
    """The profile of a portal and what it was inferred from; (None, None) when unsure.

    ``name``: the portal's own name; ``organizer``: the 主办单位; ``host``: without port. Hints that contradict one
    another give no answer: a rule is then undecided instead of binding the wrong body.
    """
    level = level_of(division_of(site_id_code))
    by_name = _possible(name, level, is_organizer=False)
    by_organizer = _possible(organizer, level, is_organizer=True)
    is_school = bool(host) and (host or "").lower().rstrip(".").endswith(".edu.cn")
    sources: tuple[tuple[set[Profile] | None, Source], ...] = ((by_name, "name"), (by_organizer, "organizer"))
    for hints, source in sources:
        if hints is None:
            continue
        agreed = hints if by_organizer is None else hints & by_organizer
        if is_school:
            agreed = agreed & {Profile.ENTERPRISE}
        return (next(iter(agreed)), source) if len(agreed) == 1 else (None, None)
    return _by_place_or_host(name, level, host, is_school)


def _by_place_or_host(
    name: str | None, level: Level | None, host: str | None, is_school: bool
) -> tuple[Profile | None, Source | None]:
    """Names such as 中国·青禾 are a portal of the level that the code says; else only hosts that are unmistakable."""
    if is_school:
        return Profile.ENTERPRISE, "domain"
    portal = _PORTAL_OF_PLACE.match(_without_site_endings((name or "").strip()))
    if portal:
        allowed = _possible_of_key(normalise_name(portal["place"]) + "人民政府", level)
        if allowed:
            return next(iter(allowed)), "name"
        if allowed is None and level:
            return _OF_LEVEL[level], "site_id_code"
    label = re.fullmatch(r"www\.([a-z]+)\.gov\.cn", (host or "").lower().rstrip("."))
    if label and label[1] in _province_hosts() and level in (None, "province"):
        return Profile.PROVINCE_PORTAL, "domain"
    return None, None


def _possible(text: str | None, level: Level | None, *, is_organizer: bool) -> set[Profile] | None:
    """The profiles that a name allows; empty when it contradicts itself or the code, None when it says nothing."""
    allowed: set[Profile] | None = None
    for part in _PARTS.split(text or ""):
        here = _possible_of_part(part, level, is_organizer)
        if here is not None:
            allowed = here if allowed is None else allowed & here
    return allowed


def _possible_of_part(part: str, level: Level | None, is_organizer: bool) -> set[Profile] | None:
    key = _unit_key(part)
    if is_organizer:
        for office in _words("portal_offices"):
            if key.endswith(office):
                government = _possible_of_key(key[: -len(office)] + "人民政府", level) or set()
                return government | {Profile.DEPARTMENT}
    return _possible_of_key(key, level)


def _possible_of_key(key: str, level: Level | None) -> set[Profile] | None:
    kind = _kind_of(key)
    if kind is None or kind == "none":
        return None if kind is None else set()
    if key.removesuffix("人民政府").removesuffix("政府") in _province_names() and kind in ("city", "province"):
        return _fitting(Profile.PROVINCE_PORTAL, level, ("province",))
    if kind == "city":
        return _possible_city(level)
    if kind == "province":
        return _fitting(Profile.PROVINCE_PORTAL, level, ("province",))
    if kind == "county":
        return _fitting(Profile.COUNTY_PORTAL, level, ("county",))
    return {_OF_LEVEL[kind]}


def _possible_city(level: Level | None) -> set[Profile]:
    """A 市: without a code a prefecture; with one, what its level says."""
    if level == "county":
        return {Profile.COUNTY_PORTAL}
    return _fitting(Profile.CITY_PORTAL, level, ("city",))


def _fitting(profile: Profile, level: Level | None, levels: tuple[Level, ...]) -> set[Profile]:
    return {profile} if level is None or level in levels else set()


def _kind_of(key: str) -> str | None:
    for ending, kind in _endings():
        if key.endswith(ending) and (len(key) > len(ending) or len(ending) > 2):
            return kind
    return None


def _unit_key(text: str) -> str:
    """The normalised name without what only says that it is a web site; 青禾县政府网 becomes 青禾县人民政府."""
    key = normalise_name(text)
    for opening in _words("site_openings"):
        if key.startswith(opening) and not key.startswith("中国人民"):
            key = key.removeprefix(opening)
    return _without_site_endings(key)


def _without_site_endings(text: str) -> str:
    endings, governments = _words("site_endings"), frozenset(_words("government_endings"))
    is_changed = True
    while is_changed:
        is_changed = False
        for ending in endings:
            if text.endswith(ending) and len(text) > len(ending) + 1:
                text = text[: -len(ending)]
                if ending in governments and not text.endswith("政府"):
                    text += "政府"
                is_changed = True
                break
    return text


# ---------------------------------------------------------------- departments


def same_unit(a: str, b: str) -> bool:
    """Whether two names mean the same body: short names, renames of 2018, with and without the place before it.

    Places that are both stated must agree (青禾县人社局 is not 云岭市人社局); 工商局 and 质监局 both became 市场监管局
    but are not each other.
    """
    place_a, stem_a, kind_a = _parsed(a)
    place_b, stem_b, kind_b = _parsed(b)
    if not stem_a or not stem_b or not _places_agree(place_a, place_b):
        return False
    if not (kind_a and kind_b):
        return stem_a == stem_b and kind_a == kind_b
    one, other = _department(stem_a), _department(stem_b)
    return one == other or other in _successors(one) or one in _successors(other)


@lru_cache(maxsize=4096)
def is_one_of(units: tuple[str, ...], names: tuple[str | None, ...]) -> bool | None:
    """Whether a body that bears ``names`` is one of ``units`` (departments, or words of kinds: 医院); None: no name."""
    given = [name for name in names if name]
    if not given:
        return None
    return any(
        same_unit(unit, name) or normalise_name(unit) in normalise_name(name) for unit in units for name in given
    )


def _parsed(name: str) -> tuple[tuple[str, ...], str, bool]:
    """(places before it, stem or whole rest, whether it is a department's name)."""
    rest = _unit_key(name)
    places: list[str] = []
    while found := _PLACE.match(rest):
        if found.end() == len(rest):
            break
        if _is_known(rest) or (len(found["place"]) > 1 and _is_common_beginning(found["place"])):
            break
        places.append(found["place"])
        rest = rest[found.end() :]
    for ending in _words("department_endings"):
        if rest.endswith(ending) and len(rest) > len(ending):
            stem = rest[: -len(ending)]
            if stem in _stems() or ending in ("局", "厅", "委员会", "委", "办公室", "办"):
                return tuple(places), stem, True
    return tuple(places), rest.replace("人民政府", "政府"), False


def _is_common_beginning(place: str) -> bool:
    """市场监管局 and 城市管理局 begin with no place."""
    return place in ("城市", "城乡", "市场", "社区")


def _is_known(rest: str) -> bool:
    return any(rest.endswith(e) and rest[: -len(e)] in _stems() for e in _words("department_endings"))


def _places_agree(a: Iterable[str], b: Iterable[str]) -> bool:
    """Nearest places first; a bare level (市) agrees with every place of that level, none agrees with all."""
    for one, other in zip(reversed(tuple(a)), reversed(tuple(b)), strict=False):
        if one == other:
            continue
        if not (min(len(one), len(other)) == 1 and one[-1] == other[-1]):
            return False
    return True


def _department(stem: str) -> str:
    return _stems().get(stem, stem)


def _successors(stem: str) -> tuple[str, ...]:
    row = _data()["predecessors"].get(stem)
    return tuple(row["now"].split()) if row else ()


# ---------------------------------------------------------------- data


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return load_data("units.yaml")


@lru_cache(maxsize=16)
def _words(key: str) -> tuple[str, ...]:
    """Words of one entry of the data, longest first."""
    return tuple(sorted(_data()[key].split(), key=len, reverse=True))


@lru_cache(maxsize=1)
def _provinces() -> dict[str, str]:
    return {code: row.split()[0] for code, row in _data()["provinces"].items()}


@lru_cache(maxsize=1)
def _province_names() -> frozenset[str]:
    return frozenset(_provinces().values())


@lru_cache(maxsize=1)
def _province_hosts() -> frozenset[str]:
    return frozenset(label for row in _data()["provinces"].values() for label in row.split()[1:])


@lru_cache(maxsize=1)
def _endings() -> tuple[tuple[str, str], ...]:
    """(ending, kind), longest first."""
    pairs: Iterator[tuple[str, str]] = (
        (ending, kind) for kind, words in _data()["profiles"].items() for ending in words.split()
    )
    return tuple(sorted(pairs, key=lambda pair: len(pair[0]), reverse=True))


@lru_cache(maxsize=1)
def _stems() -> dict[str, str]:
    """Every stem of a department's name -> the one it is filed under."""
    stems: dict[str, str] = {}
    for stem, row in _data()["predecessors"].items():
        stems.update(dict.fromkeys((stem, *row["names"].split()), stem))
    for stem, names in _data()["departments"].items():
        stems.update(dict.fromkeys((stem, *names.split()), stem))
    return stems
