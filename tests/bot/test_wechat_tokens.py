"""The access token: one refresher however many processes, early, and never in clear."""

from __future__ import annotations

import asyncio

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from bot.channels.wechat.errcodes import PlatformError
from bot.channels.wechat.tokens import Tokens
from bot.privacy import Envelope


class Issuer:
    """Gives tokens; may fail, and notes how many ask at the same time."""

    def __init__(self):
        self.count = 0
        self.forced = []
        self.away = False
        self.at_once = self.most_at_once = 0

    async def __call__(self, forced):
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.02)
        self.at_once -= 1
        if self.away:
            raise PlatformError(0, "network.TimeoutError")
        self.count += 1
        self.forced.append(forced)
        return f"token-{self.count}", 7200


@pytest.fixture
def database(settings):
    """The door's database."""
    client = AsyncIOMotorClient(settings.mongodb_uri, tz_aware=True)
    yield client[settings.mongodb_database]
    client.close()


@pytest.fixture
def make(database, settings, clock):
    """Makes the tokens of one process after another."""
    envelope = Envelope(settings.data_keys)
    issuer = Issuer()

    def make_one(owner="p"):
        return Tokens(database, envelope, "wechat:wx", issuer, clock, owner)

    make_one.issuer = issuer
    return make_one


async def test_many_processes_ask_the_platform_once(make):
    processes = [make(f"p{number}") for number in range(8)]
    tokens = await asyncio.gather(*(one.get() for one in processes for _ in range(3)))
    assert set(tokens) == {"token-1"}
    assert make.issuer.most_at_once == 1


async def test_a_token_is_refreshed_before_it_ends(make, clock):
    tokens = make()
    assert await tokens.get() == "token-1"
    clock.forward(7200 * 0.7)
    assert await tokens.get() == "token-1"
    clock.forward(7200 * 0.15)
    assert await tokens.get() == "token-2"
    assert make.issuer.forced == [False, False]


async def test_while_the_platform_is_away_the_old_token_serves_to_its_end(make, clock):
    tokens = make()
    await tokens.get()
    make.issuer.away = True
    clock.forward(7200 * 0.9)
    assert await tokens.get() == "token-1"
    clock.forward(7200 * 0.2)
    with pytest.raises(PlatformError):
        await tokens.get()


async def test_a_refused_token_is_replaced_once_by_whoever_comes_first(make):
    one, other = make("p1"), make("p2")
    bad = await one.get()
    assert await other.get() == bad
    assert await asyncio.gather(one.renew(bad), other.renew(bad)) == ["token-2", "token-2"]
    assert make.issuer.forced == [False, True]


async def test_a_process_that_died_while_refreshing_is_overtaken(make, database, clock):
    tokens = make()
    await tokens._read()
    assert await tokens._leases.take("wechat:wx")
    clock.forward(11)
    assert await tokens.get() == "token-1"


async def test_the_token_lies_sealed_in_the_database(make, database):
    await make().get()
    row = await database["platform_tokens"].find_one({"_id": "wechat:wx"})
    assert "token-1" not in str(row)
