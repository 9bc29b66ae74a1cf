"""Who somebody is to their platform stands nowhere in clear, and what was written so opens."""

from __future__ import annotations

import bson
from eventually import eventually
from followers import conversation_of, nothing_waits

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


async def test_an_open_id_stands_in_no_document_log_or_address_whatever_its_owner_did(
    start_wechat, dialogue, office, http, capfd, caplog
):
    platform = await start_wechat(passive_seconds=0.3, mini_progress_template="t")
    await platform.event(OPENID, "subscribe")
    await platform.say(OPENID, "身份证掉了咋个补嘛")
    await platform.event(OPENID, "CLICK", EventKey="ask")
    dialogue.gate.clear()
    await platform.say(OPENID, "慢")
    dialogue.gate.set()
    await eventually(lambda: nothing_waits(platform, OPENID))
    platform.mini_codes["code"] = (OPENID, "oUNION")
    page = f"{platform.door.url}/channels/wechat/mini"
    agreed = {"code": "code", "id": "one", "consents": {"t": "accept"}}
    async with http.post(f"{page}/consents", json=agreed) as answer:
        assert answer.status == 200
    cid = conversation_of(platform, OPENID)
    notice = {"kind": "notice", "text": "受理了"}
    office.say(cid, notice, channel="wechat", identity=OPENID)
    await eventually(lambda: any("受理了" in text for text in platform.follower(OPENID).texts))
    database = platform.door.door.database
    places = [
        f"{name} {row['_id']}"
        for name in await database.list_collection_names()
        async for row in database[name].find({})
        if OPENID.encode() in bson.encode(row)
    ]
    assert places == []
    assert {address.split("/")[1] for address in dialogue.addresses} >= {"turn"}
    assert {address.split("/")[1] for address in office.addresses} >= {"conversations"}
    assert not [one for one in dialogue.addresses + office.addresses if OPENID in one]
    said = capfd.readouterr()
    assert OPENID not in said.out + said.err + caplog.text
