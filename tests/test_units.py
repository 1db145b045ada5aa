from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gkmonitor.lexicon import load_data
from gkmonitor.records import Profile
from gkmonitor.units import division_of, infer_profile, is_central_code, level_of, province_name, same_unit

CITY, COUNTY, COUNTY_CITY, PROVINCE = "4409000001", "4409250001", "4409810002", "4400000131"

# name | site code | organizer | host | profile | source
PORTALS = f"""
广东省人民政府|{PROVINCE}|广东省人民政府办公厅|www.gd.gov.cn|province-portal|name
廣東省人民政府門戶網站||||province-portal|name
北京市人民政府||||province-portal|name
上海市人民政府|3100000087|||province-portal|name
内蒙古自治区人民政府||内蒙古自治区人民政府办公厅||province-portal|name
云岭市人民政府||||city-portal|name
云岭市人民政府|{CITY}|||city-portal|name
云岭市人民政府|{COUNTY_CITY}|||county-portal|name
云岭市人民政府门户网站|4290040001|||county-portal|name
青岭自治州人民政府||||city-portal|name
青禾县人民政府||||county-portal|name
青禾县人民政府门户网站|{COUNTY}|青禾县人民政府办公室|www.qinghe.gov.cn|county-portal|name
青禾縣人民政府門戶網站||||county-portal|name
青禾县政府网||||county-portal|name
欢迎访问青禾县人民政府||||county-portal|name
中国·青禾县||||county-portal|name
中国·青禾|{COUNTY}||www.qinghe.gov.cn|county-portal|site_id_code
中国·云岭|{CITY}||www.yunling.gov.cn|city-portal|site_id_code
云台区人民政府|1101020002|||county-portal|name
青旗人民政府||||county-portal|name
青禾自治县人民政府||||county-portal|name
信息公开_青禾县人民政府||||county-portal|name
青禾县城关镇人民政府||||township-page|name
城关镇人民政府|{COUNTY}|||township-page|name
河口乡人民政府||||township-page|name
青禾街道办事处||||township-page|name
云岭市人社局||||department|name
云岭市人力资源和社会保障局|{CITY}|云岭市人力资源和社会保障局|rsj.yunling.gov.cn|department|name
雲嶺市財政局||||department|name
广东省财政厅||||department|name
云岭市发展和改革委员会||||department|name
云岭市国有资产监督管理委员会||||department|name
国家税务总局青禾县税务局||||department|name
青禾县政务服务中心||||department|name
青禾县人民政府办公室||||department|name
云岭市财政局-部门预决算||||department|name
青禾水务集团有限公司||||enterprise|name
青禾县人民医院||||enterprise|name
云岭市第一中学||||enterprise|name
青禾大学|||www.qhu.edu.cn|enterprise|name
||青禾县人民政府||county-portal|organizer
|{CITY}|云岭市教育局||department|organizer
|||www.gd.gov.cn|province-portal|domain
|||lib.qhu.edu.cn|enterprise|domain
"""

UNSURE = f"""
||||
首页||||
中国·青禾|||www.qinghe.gov.cn
|||www.qinghe.gov.cn
|{CITY}||
政府信息公开||||
青禾县人民政府|{COUNTY}|青禾县教育局|
青禾县教育局||青禾县人民政府|
青禾县人民政府|{CITY}||
青禾县人民政府|{PROVINCE}||
云岭市人民政府|{PROVINCE}||
教育局_青禾县人民政府||||
青禾经济技术开发区管理委员会||||
中共青禾县委||青禾县人民政府|
||青禾县人民政府办公室|
云岭市档案馆|||www.qhu.edu.cn
青禾县人民法院||||
"""


def rows(table: str) -> list[list[str]]:
    return [line.split("|") for line in table.strip("\n").splitlines()]


@pytest.mark.parametrize(("name", "code", "organizer", "host", "profile", "source"), rows(PORTALS))
def test_profile_follows_from_the_portals_own_words(
    name: str, code: str, organizer: str, host: str, profile: str, source: str
) -> None:
    assert infer_profile(name or None, code or None, organizer or None, host or None) == (Profile(profile), source)


@pytest.mark.parametrize("hints", [row[:4] for row in rows(UNSURE)])
def test_weak_or_conflicting_hints_give_no_profile(hints: list[str]) -> None:
    assert infer_profile(*(hint or None for hint in hints)) == (None, None)


@pytest.mark.parametrize(
    ("code", "division", "level", "province"),
    [
        ("4400000131", "440000", "province", "广东省"),
        ("4409000001", "440900", "city", "广东省"),
        ("4409050001", "440905", "county", "广东省"),
        ("4409810002", "440981", "county", "广东省"),
        ("4290040001", "429004", "county", "湖北省"),
        ("1101020002", "110102", "county", "北京市"),
        ("bm01000001", None, None, None),
        ("政府网站标识码", None, None, None),
        ("440000013", None, None, None),
        ("9900000001", None, None, None),
        ("４４００００００８９", None, None, None),
        ("", None, None, None),
        (None, None, None, None),
    ],
)
def test_a_site_code_begins_with_its_division(
    code: str | None, division: str | None, level: str | None, province: str | None
) -> None:
    assert division_of(code) == division
    assert level_of(division) == level
    assert province_name(division) == province


def test_central_codes_are_told_from_local_ones() -> None:
    assert is_central_code("bm01000001")
    assert is_central_code(" BM01000001 ")
    assert not is_central_code("4400000131")
    assert not is_central_code(None)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("市人社局", "云岭市人力资源和社会保障局", True),
        ("云岭市人力资源社会保障局", "云岭市人社局", True),
        ("青禾县人社局", "云岭市人社局", False),
        ("市教育局", "县教育局", False),
        ("教育局", "青禾县教育局", True),
        ("发改委", "云岭市发展和改革局", True),
        ("青禾县工商局", "青禾县市场监督管理局", True),
        ("质监局", "市场监管局", True),
        ("工商局", "质监局", False),
        ("县环保局", "县生态环境局", True),
        ("國土資源局", "自然资源和规划局", True),
        ("农业局", "农业农村局", True),
        ("卫计局", "卫生健康委员会", True),
        ("安监局", "应急管理局", True),
        ("旅游局", "文化广电和旅游局", True),
        ("旅游局", "文化局", False),
        ("扶贫办", "乡村振兴局", True),
        ("城市管理局", "城管局", True),
        ("财政局", "审计局", False),
        ("财政局", "财政厅", True),
        ("市场监管局", "城市管理局", False),
        ("广东省云岭市财政局", "云岭市财政局", True),
        ("青禾县人民政府", "青禾县政府网", True),
        ("青禾县人民政府", "青禾县财政局", False),
        ("城关镇人民政府", "青禾县城关镇人民政府", True),
        ("城关镇人民政府", "河口镇人民政府", False),
        ("", "", False),
        ("财政局", "", False),
    ],
)
def test_same_unit_knows_short_names_renames_and_places(a: str, b: str, expected: bool) -> None:
    assert same_unit(a, b) is expected
    assert same_unit(b, a) is expected


def test_every_rename_leads_to_a_department_of_today() -> None:
    data = load_data("units.yaml")
    after = {now for row in data["predecessors"].values() for now in row["now"].split()}
    assert after <= set(data["departments"])
    assert not set(data["predecessors"]) & set(data["departments"])


@given(st.text(max_size=30), st.text(max_size=12), st.text(max_size=30), st.text(max_size=20))
def test_inferring_never_raises_and_always_names_its_source(name: str, code: str, organizer: str, host: str) -> None:
    profile, source = infer_profile(name, code, organizer, host)
    assert (profile is None) == (source is None)


@given(st.text(max_size=30), st.text(max_size=30))
def test_same_unit_is_symmetric_and_never_raises(a: str, b: str) -> None:
    assert same_unit(a, b) == same_unit(b, a)
