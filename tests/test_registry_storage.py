"""The registry in the database: who is meant by a word, the tree of units, and the history of every change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from registry_files import BY, NOON

from gkmonitor.errors import RegistryError
from gkmonitor.registry.records import ChangeKind, Channel, Exemption, PortalState
from gkmonitor.storage import Database, Session
from gkmonitor.storage.contacts import add_contact, remove_contact
from gkmonitor.storage.exemptions import (
    add_exemption,
    all_exemptions_of,
    set_delegation,
    withdraw_delegation,
    withdraw_exemption,
)
from gkmonitor.storage.portals import (
    add_portal,
    change_portal,
    contacts_of,
    delegations_of,
    exemptions_of,
    find_portal,
    find_portals,
    get_portal,
    move_portal,
    rename_portal,
    set_state,
)
from gkmonitor.storage.registry_changes import By, history_of
from gkmonitor.storage.units import ensure_unit, find_unit, list_units, path_of, place_unit, rename_unit, subtree_of

ALL = list(PortalState)


@pytest.fixture
def ids(database: Database) -> dict[str, int]:
    """Three portals: a county's, its department's page with the same site code, a city department's."""
    with database.writing() as session:
        county = {"name": "青禾县人民政府", "url": "http://www.qinghe.example/", "site_id_code": "5300000001"}
        page = {"name": "青禾县财政局", "url": "http://www.qinghe.example/czj/", "site_id_code": "5300000001"}
        city = {"name": "云岭市财政局", "url": "https://czj.yunling.example/", "site_id_code": "5300000002"}
        government = ("云岭市人民政府", "青禾县人民政府办公室")
        return {
            "county": add_portal(session, {**county, "level": "county", "region": "青禾县"}, government, BY),
            "page": add_portal(session, {**page, "level": "county", "region": "青禾县"}, government, BY),
            "city": add_portal(session, {**city, "level": "city", "region": "云岭市"}, ("云岭市人民政府",), BY),
        }


def kinds(session: Session, portal_id: int) -> list[ChangeKind]:
    return [change.kind for change in history_of(session, portal_id=portal_id)]


# ---------------------------------------------------------------- finding


@pytest.mark.parametrize(
    "word",
    ["{city}", "云岭市财政局", " 云岭市财政局 ", "5300000002", "https://czj.yunling.example/", "czj.yunling.example"],
)
def test_a_portal_is_found_by_id_name_code_and_address(database: Database, ids: dict[str, int], word: str) -> None:
    with database.reading() as session:
        assert find_portal(session, word.format(**ids)).id == ids["city"]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("5300000001", r"2 个网站.*青禾县人民政府.*青禾县财政局"),
        ("青禾县人民政符", "是不是“青禾县人民政府”"),
        ("http://other.example/", "没有登记"),
        ("999", "没有登记"),
        ("", "没有登记"),
    ],
)
def test_a_word_that_means_none_or_several_is_refused_with_names(
    database: Database, ids: dict[str, int], word: str, said: str
) -> None:
    with database.reading() as session, pytest.raises(RegistryError, match=said):
        find_portal(session, word)


def test_an_empty_registry_says_how_to_fill_it(database: Database) -> None:
    with database.reading() as session, pytest.raises(RegistryError, match="sites import"):
        find_portal(session, "青禾县人民政府")
    with database.reading() as session, pytest.raises(RegistryError, match="编号为 7"):
        get_portal(session, 7)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("云岭市人民政府", ["county", "page", "city"]),
        ("青禾县人民政府办公室", ["county", "page"]),
        ("云岭市人民政府/青禾县人民政府办公室", ["county", "page"]),
        ("县级", ["county", "page"]),
        ("city", ["city"]),
        ("青禾县", ["county", "page"]),
    ],
)
def test_a_group_is_a_unit_with_its_subtree_a_level_or_a_region(
    database: Database, ids: dict[str, int], group: str, expected: list[str]
) -> None:
    with database.reading() as session:
        assert [entry.id for entry in find_portals(session, group=group)] == [ids[name] for name in expected]


def test_an_unknown_group_is_refused_with_a_near_name(database: Database, ids: dict[str, int]) -> None:
    with database.reading() as session, pytest.raises(RegistryError, match="是不是“云岭市人民政府”"):
        find_portals(session, group="云岭市人民政附")


def test_a_level_that_no_portal_has_is_an_empty_group(database: Database, ids: dict[str, int]) -> None:
    with database.reading() as session:
        assert find_portals(session, group="省级") == []


def test_portals_are_chosen_by_state_and_a_named_one_is_never_passed_over_in_silence(
    database: Database, ids: dict[str, int]
) -> None:
    with database.writing() as session:
        set_state(session, ids["page"], PortalState.PAUSED, By("王检查", NOON, "升级改版"))
    with database.reading() as session:
        assert [entry.id for entry in find_portals(session)] == [ids["county"], ids["city"]]
        assert [entry.id for entry in find_portals(session, states=ALL)] == [ids["county"], ids["page"], ids["city"]]
        found = find_portals(session, sites=["云岭市财政局", str(ids["county"]), str(ids["county"])])
        assert [entry.id for entry in found] == [ids["county"], ids["city"]]
        assert find_portals(session, sites=["云岭市财政局"], group="县级") == []
        with pytest.raises(RegistryError, match=r"暂停（升级改版）"):
            find_portals(session, sites=["青禾县财政局"])
        assert len(find_portals(session, sites=["青禾县财政局"], states=ALL)) == 1


# ---------------------------------------------------------------- changing


def test_a_portal_that_moves_keeps_its_id_and_history(database: Database, ids: dict[str, int]) -> None:
    with database.writing() as session:
        move_portal(session, ids["city"], "https://www.yunling.example/czj/", By("王检查", NOON, "换域名"))
    with database.reading() as session:
        entry = find_portal(session, "yunling.example/czj")
        last = history_of(session, portal_id=entry.id)[-1]
        with pytest.raises(RegistryError):
            find_portal(session, "czj.yunling.example")
    assert entry.id == ids["city"]
    assert (last.kind, last.reason, last.before, last.after) == (
        ChangeKind.MOVED,
        "换域名",
        {"url": "https://czj.yunling.example/"},
        {"url": "https://www.yunling.example/czj/"},
    )


def test_a_name_a_state_and_a_field_change_with_a_row_of_history_each(database: Database, ids: dict[str, int]) -> None:
    portal_id = ids["county"]
    with database.writing() as session:
        rename_portal(session, portal_id, "青禾县政府网", BY)
        set_state(session, portal_id, PortalState.PAUSED, By("王检查", NOON, "改版"))
        set_state(session, portal_id, PortalState.ACTIVE, BY)
        set_state(session, portal_id, PortalState.RETIRED, By("王检查", NOON, "关停"))
        change_portal(session, portal_id, {"region": "云岭市", "level": "county"}, BY, unit=("云岭市人民政府",))
        change_portal(session, portal_id, {"region": "云岭市"}, BY, unit=("云岭市人民政府",))
    with database.reading() as session:
        assert kinds(session, portal_id) == ["imported", "renamed", "paused", "resumed", "retired", "edited"]
        last = history_of(session, portal_id=portal_id)[-1]
        assert last.before == {"region": "青禾县", "unit": "青禾县人民政府办公室"}
        assert get_portal(session, portal_id).state_reason == "关停"


def refused_changes() -> list[tuple[Callable[[Session, dict[str, int]], object], str]]:
    return [
        (lambda s, ids: move_portal(s, ids["city"], "https://qinghe.example/", BY), "已登记为“青禾县人民政府”"),
        (lambda s, ids: move_portal(s, ids["city"], "https://czj.yunling.example/", BY), "网址已经是"),
        (lambda s, ids: rename_portal(s, ids["city"], "云岭市财政局", BY), "名称已经是"),
        (lambda s, ids: set_state(s, ids["city"], PortalState.ACTIVE, BY), "已经是在用"),
        (lambda s, ids: add_portal(s, {"name": "甲", "url": "http://qinghe.example"}, (), BY), "已登记为"),
        (lambda s, ids: withdraw_exemption(s, ids["city"], 5, date(2026, 1, 1), BY), "没有编号为 5"),
        (lambda s, ids: withdraw_delegation(s, ids["city"], "news", BY), "没有登记“news”"),
        (lambda s, ids: remove_contact(s, 5, BY), "没有编号为 5"),
    ]


@pytest.mark.parametrize(("change", "words"), refused_changes())
def test_a_change_that_makes_no_sense_is_refused_and_leaves_no_trace(
    database: Database, ids: dict[str, int], change: Callable[[Session, dict[str, int]], object], words: str
) -> None:
    with pytest.raises(RegistryError, match=words), database.writing() as session:
        change(session, ids)
    with database.reading() as session:
        assert kinds(session, ids["city"]) == ["imported"]


# ---------------------------------------------------------------- units


def test_the_subtree_of_a_unit_is_itself_and_all_below(database: Database) -> None:
    with database.writing() as session:
        bottom = ensure_unit(session, ("省政府", "市政府", "县政府", "县财政局"), BY)
        beside = ensure_unit(session, ("省政府", "省财政厅"), BY)
    with database.reading() as session:
        top, city = find_unit(session, "省政府"), find_unit(session, "省政府/市政府")
        assert top is not None
        assert city is not None
        assert len(subtree_of(session, top.id)) == 5
        assert (bottom in subtree_of(session, city.id), beside in subtree_of(session, city.id)) == (True, False)
        assert path_of(session, bottom) == ("省政府", "市政府", "县政府", "县财政局")
        assert find_unit(session, "别的/市政府") is None


def test_a_circle_of_units_is_refused(database: Database) -> None:
    with database.writing() as session:
        bottom = ensure_unit(session, ("甲局", "乙局", "丙局"), BY)
    with database.writing() as session:
        top = find_unit(session, "甲局")
        assert top is not None
        for parent in (bottom, top.id):
            with pytest.raises(RegistryError, match="成环"):
                place_unit(session, top.id, parent, BY)
    with pytest.raises(RegistryError, match="成环"), database.writing() as session:
        ensure_unit(session, ("丙局", "甲局"), BY)
    with database.reading() as session:
        assert [unit.path for unit in list_units(session)] == [("甲局",), ("甲局", "乙局"), ("甲局", "乙局", "丙局")]


def test_a_unit_moves_and_is_renamed_with_its_history(database: Database) -> None:
    with database.writing() as session:
        unit = ensure_unit(session, ("甲局", "乙局"), BY)
        place_unit(session, unit, None, BY)
        rename_unit(session, unit, "丙局", BY)
        with pytest.raises(RegistryError, match="已有名为“甲局”"):
            rename_unit(session, unit, "甲局", BY)
    with database.reading() as session:
        changes = history_of(session, unit_id=unit)
        assert [(change.kind, change.after) for change in changes] == [
            ("unit_placed", {"path": ["乙局"]}),
            ("unit_renamed", {"name": "丙局"}),
        ]


# ---------------------------------------------------------------- exemptions, delegations, contacts


def exemption(portal_id: int, first: date, last: date | None) -> Exemption:
    return Exemption(
        0, portal_id, None, "news", ("要闻",), "青政函〔2026〕3号", first, last, "青禾县政务公开办", "改版"
    )


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_an_exemption_holds_from_its_first_to_its_last_day(
    database: Database, ids: dict[str, int], day: date, holds: bool
) -> None:
    with database.writing() as session:
        add_exemption(session, exemption(ids["city"], date(2026, 1, 1), date(2026, 6, 30)), BY)
    with database.reading() as session:
        found = exemptions_of(session, ids["city"], day)
        assert [(one.concept, one.path) for one in found] == [("news", ("要闻",))] * holds
        assert exemptions_of(session, ids["county"], day) == []


def test_an_exemption_that_was_withdrawn_still_held_before(database: Database, ids: dict[str, int]) -> None:
    with database.writing() as session:
        number = add_exemption(session, exemption(ids["city"], date(2026, 1, 1), None), BY)
        withdraw_exemption(session, ids["city"], number, date(2026, 3, 1), BY)
        with pytest.raises(RegistryError, match="已于 2026-03-01 撤销"):
            withdraw_exemption(session, ids["city"], number, date(2026, 4, 1), BY)
    with database.reading() as session:
        assert len(exemptions_of(session, ids["city"], date(2026, 2, 28))) == 1
        assert exemptions_of(session, ids["city"], date(2026, 3, 1)) == []
        assert len(all_exemptions_of(session, ids["city"])) == 1
        assert kinds(session, ids["city"]) == ["imported", "exempted", "exemption_withdrawn"]


def test_a_delegation_is_set_changed_and_withdrawn(database: Database, ids: dict[str, int]) -> None:
    with database.writing() as session:
        assert set_delegation(session, ids["city"], "news", None, BY, note="集约化")
        assert set_delegation(session, ids["city"], "news", "http://a.example/", BY)
        assert not set_delegation(session, ids["city"], "news", "http://a.example/", BY)
    with database.reading() as session:
        (one,) = delegations_of(session, ids["city"])
        assert (one.concept, one.url, one.note) == ("news", "http://a.example/", "集约化")
    with database.writing() as session:
        withdraw_delegation(session, ids["city"], "news", BY)
    with database.reading() as session:
        assert delegations_of(session, ids["city"]) == []
        assert kinds(session, ids["city"]) == ["imported", "delegated", "delegated", "delegation_withdrawn"]


def test_contacts_are_the_portals_own_then_those_of_its_unit_and_the_units_above(
    database: Database, ids: dict[str, int]
) -> None:
    with database.writing() as session:
        for unit in ("云岭市人民政府", "青禾县人民政府办公室"):
            found = find_unit(session, unit)
            assert found is not None
            add_contact(session, name=unit, channel=Channel.MAIL, address="a@a.example", by=BY, unit_id=found.id)
        add_contact(session, name="张三", channel=Channel.MAIL, address="z@a.example", by=BY, portal_id=ids["county"])
        with pytest.raises(RegistryError, match="已有同样"):
            add_contact(session, name=None, channel=Channel.MAIL, address="z@a.example", by=BY, portal_id=ids["county"])
    with database.reading() as session:
        assert [one.name for one in contacts_of(session, ids["county"])] == [
            "张三",
            "青禾县人民政府办公室",
            "云岭市人民政府",
        ]
        assert [one.name for one in contacts_of(session, ids["city"])] == ["云岭市人民政府"]


def test_the_history_never_holds_the_address_of_a_contact(database: Database, ids: dict[str, int]) -> None:
    with database.writing() as session:
        number = add_contact(
            session, name="张三", channel=Channel.PHONE, address="13800000000", by=BY, portal_id=ids["city"]
        )
        remove_contact(session, number, BY)
    with database.reading() as session:
        changes = history_of(session, portal_id=ids["city"])
        assert [change.kind for change in changes] == ["imported", "contact_added", "contact_removed"]
        assert "13800000000" not in str(changes)
        assert contacts_of(session, ids["city"]) == []
