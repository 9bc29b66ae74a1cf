"""Whose request it is: what trusted proxies say counts, and what a client writes never does."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from bot.settings import Settings
from bot.visitors import client_address

TRUSTED = Settings.model_fields["trusted_proxies"].get_default()
ELSEWHERE = "203.0.113.7"


class Peer:
    """A connection from an address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get_extra_info(self, name: str) -> object:
        return (self.address, 5) if name == "peername" else None


def address(peer: str, *headers: str) -> str:
    """Return whose request it is."""
    told = CIMultiDict([("X-Forwarded-For", header) for header in headers])
    request = make_mocked_request("GET", "/", told, transport=Peer(peer))
    return client_address(request, TRUSTED)


@pytest.mark.parametrize(
    ("peer", "headers", "client"),
    [
        (ELSEWHERE, (), ELSEWHERE),
        (ELSEWHERE, ("198.51.100.1",), ELSEWHERE),
        ("127.0.0.1", (), "127.0.0.1"),
        ("127.0.0.1", (ELSEWHERE,), ELSEWHERE),
        ("127.0.0.1", (f"1.1.1.1, {ELSEWHERE}",), ELSEWHERE),
        ("127.0.0.1", (f"made up, {ELSEWHERE}",), ELSEWHERE),
        ("127.0.0.1", ("1.1.1.1", ELSEWHERE), ELSEWHERE),
        ("127.0.0.1", (f"1.1.1.1, {ELSEWHERE}, 127.0.0.9",), ELSEWHERE),
        ("127.0.0.1", ("127.0.0.5",), "127.0.0.5"),
        ("127.0.0.1", (f"{ELSEWHERE}, garbage",), "127.0.0.1"),
        ("127.0.0.1", ("",), "127.0.0.1"),
        ("127.0.0.1", (" , ",), "127.0.0.1"),
        ("127.0.0.1", ("1" * 5000,), "127.0.0.1"),
        ("::1", ("2001:db8:1:2:3:4:5:6",), "2001:db8:1:2::/64"),
        ("::ffff:127.0.0.1", (f"::ffff:{ELSEWHERE}",), ELSEWHERE),
        ("not an address", (ELSEWHERE,), "unknown"),
    ],
)
def test_the_client_is_the_last_hop_that_no_trusted_proxy_is(peer, headers, client):
    assert address(peer, *headers) == client


# aiohttp's own request for tests cannot carry halves of characters.
_WRITTEN = st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"])


@given(st.text(_WRITTEN, max_size=60))
def test_nothing_a_client_writes_before_the_proxys_word_changes_whose_request_it_is(text):
    assert address("127.0.0.1", f"{text},{ELSEWHERE}") == ELSEWHERE


def test_networks_of_proxies_are_read_from_the_setting(settings, monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "10.1.0.0/16, 2001:db8::/32")
    read = Settings(**settings.model_dump(exclude={"trusted_proxies", "wechat", "wecom"}))
    assert [str(network) for network in read.trusted_proxies] == ["10.1.0.0/16", "2001:db8::/32"]
