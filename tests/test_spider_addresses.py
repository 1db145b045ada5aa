from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from twisted.internet.error import DNSLookupError

from spiders import middlewares
from spiders.addresses import is_private_address, is_private_name, proxy_for
from spiders.middlewares import ASKED_URL, AddressMiddleware, PrivateAddressRefused

PUBLIC, PRIVATE, LOOPBACK = "http://www.qinghe.example/", "http://oa.qinghe.example/", "http://127.0.0.3/"
NAMES = {
    "www.qinghe.example": "203.0.114.7",
    "gk.qinghe.example": "203.0.114.7",
    "oa.qinghe.example": "10.1.2.3",
    "localhost": "127.0.0.1",
}


@pytest.mark.parametrize(
    ("address", "is_private"),
    [
        ("127.0.0.1", True),
        ("10.0.0.1", True),
        ("172.16.0.1", True),
        ("172.32.0.1", False),
        ("192.168.1.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("0.0.0.0", True),
        ("224.0.0.1", True),
        ("203.0.114.7", False),
        ("::1", True),
        ("fe80::1%eth0", True),
        ("fd00::1", True),
        ("::ffff:10.0.0.1", True),
        ("::ffff:203.0.114.7", False),
        ("2002:0a00:0001::1", True),
        ("64:ff9b::10.0.0.1", True),
        ("2400:3200::1", False),
    ],
)
def test_private_addresses_are_known_in_every_spelling(address: str, is_private: bool) -> None:
    assert is_private_address(address) is is_private


def test_localhost_is_private_by_name_and_other_names_are_not() -> None:
    assert is_private_name("localhost")
    assert is_private_name("a.localhost")
    assert not is_private_name("www.qinghe.example")


@pytest.mark.parametrize(
    ("url", "proxies", "proxy"),
    [
        (PUBLIC, {}, None),
        (PUBLIC, {"http": "http://127.0.0.1:3128"}, "http://127.0.0.1:3128"),
        (PUBLIC, {"http": "127.0.0.1:3128"}, "http://127.0.0.1:3128"),
        (PUBLIC, {"https": "http://127.0.0.1:3128"}, None),
        (PUBLIC, {"http": "http://127.0.0.1:3128", "no": "other.example,.qinghe.example"}, None),
        (PUBLIC, {"http": "http://127.0.0.1:3128", "no": "*"}, None),
    ],
)
def test_proxies_are_chosen_by_scheme_and_exception(url: str, proxies: Mapping[str, str], proxy: str | None) -> None:
    assert proxy_for(url, proxies) == proxy


async def resolve(host: str) -> str:
    if host in NAMES:
        return NAMES[host]
    if host == "2130706433":  # resolvers take a decimal number for an address
        return "127.0.0.1"
    raise DNSLookupError(host)


def send(url: str, asked: str | None, proxies: Mapping[str, str] = {}) -> Request:
    request = Request(url, meta={ASKED_URL: asked} if asked else {})
    asyncio.run(AddressMiddleware(proxies).process_request(request))
    return request


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middlewares, "_resolve", resolve)


@pytest.mark.parametrize(
    "url",
    [LOOPBACK, PRIVATE, "http://localhost/", "http://[::1]/", "http://169.254.169.254/meta", "http://2130706433/"],
)
def test_a_public_portal_never_leads_to_a_private_address(url: str) -> None:
    with pytest.raises(PrivateAddressRefused):
        send(url, PUBLIC)


@pytest.mark.parametrize("url", [LOOPBACK, "http://localhost/", "http://10.0.0.1/"])
def test_a_public_portal_behind_a_proxy_never_leads_to_a_private_number(url: str) -> None:
    with pytest.raises(PrivateAddressRefused):
        send(url, PUBLIC, {"http": "http://127.0.0.1:3128"})


@pytest.mark.parametrize("asked", [LOOPBACK, PRIVATE, "http://192.168.1.1/"])
def test_a_portal_given_by_a_private_address_may_stay_and_leave(asked: str) -> None:
    for url in (LOOPBACK, PRIVATE, PUBLIC):
        send(url, asked)


def test_hosts_on_one_address_share_one_slot() -> None:
    slots = {send(url, PUBLIC).meta["download_slot"] for url in (PUBLIC, "http://gk.qinghe.example:81/")}
    assert slots == {"203.0.114.7"}


def test_a_redirect_gets_the_slot_of_its_own_host() -> None:
    request = Request(PUBLIC, meta={ASKED_URL: PUBLIC, "download_slot": "203.0.114.99"})
    asyncio.run(AddressMiddleware({}).process_request(request))
    assert request.meta["download_slot"] == "203.0.114.7"


def test_an_unknown_host_is_told_as_such() -> None:
    with pytest.raises(CannotResolveHostError):
        send("http://nowhere.example/", PUBLIC)
