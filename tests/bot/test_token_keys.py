"""`TOKEN_KEY` is replaced: the first key signs, earlier ones count until they are taken out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from citizen import Citizen

from bot.channels.wechat.people import ChannelIdentities
from bot.settings import SettingsError

OLD, NEW, STRANGE = "ab" * 32, "34" * 32, "56" * 32
BOTH = f"{NEW},{OLD}"
OPENID = "oOPENID0000000000000000000002"


def at(door, citizen: Citizen) -> Citizen:
    """Return the citizen at another door, with the token of the first."""
    return replace(citizen, url=door.url)


async def test_a_new_conversation_counts_under_the_key_it_was_signed_with_until_that_is_taken_out(
    start_door, http
):
    opened = await Citizen.arrive(http, (await start_door()).url)
    between = await start_door(token_key=BOTH)
    assert (await at(between, opened).request("GET", "/messages")).status == 200
    newer = await Citizen.arrive(http, between.url)
    after = await start_door(token_key=NEW)
    assert (await at(after, opened).request("GET", "/messages")).error == "session.unknown"
    assert (await at(after, newer).request("GET", "/messages")).status == 200


async def test_whoever_has_spoken_goes_on_when_the_key_is_another(start_door, http):
    citizen = await Citizen.arrive(http, (await start_door()).url)
    await citizen.say("您好")
    for key in (BOTH, NEW):
        door = await start_door(token_key=key)
        assert (await at(door, citizen).say("还在吗")).status == 200


async def test_a_follower_keeps_the_conversation_when_the_key_is_another(start_door):
    names = []
    for key in (OLD, BOTH, NEW):
        door = (await start_door(token_key=key)).door
        identities = ChannelIdentities(door.database, door.hashing, door.inbox._clock)
        names.append(identities.own_conversation("wechat", "app", OPENID))
    assert names == [names[0]] * 3


async def test_the_key_an_earlier_version_named_conversations_with_stays_though_it_is_replaced(
    start_door,
):
    first = await start_door()
    name = first.door.hashing.of(OPENID)
    await first.door.database["door_keys"].delete_many({})
    replaced = await start_door(token_key=BOTH)
    assert replaced.door.hashing.of(OPENID) == name
    kept = await replaced.door.database["door_keys"].find_one({})
    assert OLD not in str(kept)


@pytest.mark.parametrize("key", [OLD, STRANGE, f"{STRANGE},{OLD}"])
async def test_a_door_without_the_key_that_signed_last_does_not_open_and_says_which(
    start_door, key
):
    await start_door()
    await start_door(token_key=BOTH)
    with pytest.raises(SettingsError, match="TOKEN_KEY") as refused:
        await start_door(token_key=key)
    assert key not in str(refused.value)
