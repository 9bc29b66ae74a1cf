"""Who somebody is to their platform stands nowhere in clear, and what was written so opens."""

from __future__ import annotations

from bot.channels.wechat.consents import Consents
from bot.inbox.model import Address

OPENID = "oOPENID0000000000000000000001"
ADDRESS = Address("wechat-1", "wechat", OPENID)


async def test_a_mailbox_keeps_its_identity_sealed(door):
    inbox = door.door.inbox
    await inbox.open_mailbox(ADDRESS)
    row = await inbox.mailbox("wechat-1")
    assert OPENID not in str(row)
    assert inbox.address_of(row) == ADDRESS


async def test_a_mailbox_of_an_earlier_version_opens_and_is_sealed(door):
    inbox = door.door.inbox
    await inbox.open_mailbox(ADDRESS)
    await inbox.mailboxes.update_one({"_id": "wechat-1"}, {"$set": {"identity": OPENID}})
    assert inbox.address_of(await inbox.mailbox("wechat-1")) == ADDRESS
    for _ in range(2):
        await inbox.seal_identities()
        row = await inbox.mailbox("wechat-1")
        assert OPENID not in str(row)
        assert inbox.address_of(row) == ADDRESS


async def test_whom_a_consent_sends_to_is_sealed(door, clock):
    database = door.door.database
    consents = Consents(database, door.door.inbox._envelope, clock)
    await consents.give("wechat-1", "t", "k", to=OPENID)
    assert OPENID not in str(await database["subscribe_consents"].find_one({}))
    consent = await consents.spend("wechat-1", "t", "r1")
    assert consent.to == OPENID
    await database["subscribe_consents"].update_one({}, {"$set": {"to": OPENID}})
    assert (await consents.spend("wechat-1", "t", "r1")).to == OPENID
