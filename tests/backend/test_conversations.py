"""A conversation's log is append-only, in order, without gaps, and sealed."""

from __future__ import annotations

import asyncio

import pytest

from backend.conversations import service as conversations

AT = "2026-11-23T09:00:00+08:00"


def said(text: str, key: str) -> dict:
    """What a citizen says."""
    return {
        "key": key,
        "direction": "in",
        "author": {"kind": "citizen"},
        "body": {"kind": "text", "text": text},
        "at": AT,
    }


@pytest.fixture
async def conversation(service):
    body = {"channel": "web", "identity": "browser-1"}
    status, _ = await service.put("/conversations/c1", body)
    assert status == 200
    return "/conversations/c1"


async def test_a_message_gets_its_place_and_the_owner_is_the_bot(service, conversation):
    status, answer = await service.post(f"{conversation}/messages", said("你好", "web:1"))
    assert status == 200
    assert (answer["seq"], answer["owner"]) == (1, "bot")


async def test_a_replayed_message_keeps_its_place(service, conversation):
    first = await service.post(f"{conversation}/messages", said("你好", "web:1"))
    again = await service.post(f"{conversation}/messages", said("你好", "web:1"))
    assert first == again
    _, log = await service.get(f"{conversation}/messages")
    assert len(log["messages"]) == 1


async def test_messages_that_arrive_at_once_leave_no_gap(service, conversation):
    texts = [said(f"第{n}句", f"web:{n}") for n in range(25)]
    answers = await asyncio.gather(*(service.post(f"{conversation}/messages", t) for t in texts))
    assert sorted(answer["seq"] for _, answer in answers) == list(range(1, 26))


async def test_the_same_message_sent_at_once_stands_once(service, conversation):
    message = said("你好", "web:1")
    answers = await asyncio.gather(
        *(service.post(f"{conversation}/messages", message) for _ in range(8))
    )
    assert {answer["seq"] for _, answer in answers} == {1}


async def test_the_log_gives_back_what_was_said_after_a_place(service, conversation):
    for n in range(3):
        await service.post(f"{conversation}/messages", said(f"第{n}句", f"web:{n}"))
    _, log = await service.get(f"{conversation}/messages?after=1&limit=1")
    assert [entry["body"]["text"] for entry in log["messages"]] == ["第1句"]
    assert log["messages"][0]["author"] == {"kind": "citizen"}


async def test_nothing_a_citizen_says_lies_in_the_database_in_clear(service, conversation, office):
    await service.post(f"{conversation}/messages", said("我的暗号是芝麻开门", "web:1"))
    stored = await office.database["messages"].find_one({})
    assert "芝麻开门" not in str(stored)


async def test_who_somebody_is_to_their_platform_is_sealed(service, conversation, office):
    stored = await office.database["conversations"].find_one({"_id": "c1"})
    assert "browser-1" not in str(stored)
    index = office.privacy.blind_index("identity", "web:browser-1")
    found = await office.database["conversations"].find_one({"identity_index": index})
    assert found["_id"] == "c1"


async def test_an_identity_of_an_earlier_version_opens_and_is_sealed(service, conversation, office):
    rows = office.database["conversations"]
    await rows.update_one(
        {"_id": "c1"}, {"$set": {"identity": "browser-1"}, "$unset": {"identity_index": ""}}
    )
    assert (await conversations.get(office, "c1")).identity == "browser-1"
    for _ in range(2):
        await conversations.seal_identities(office)
        assert "browser-1" not in str(await rows.find_one({"_id": "c1"}))
        assert (await conversations.get(office, "c1")).identity == "browser-1"
    body = {"channel": "web", "identity": "browser-1"}
    assert (await service.put(conversation, body))[0] == 200


async def test_registering_again_changes_nothing_but_the_elder_mode(service, conversation):
    body = {"channel": "web", "identity": "browser-1", "elder": True}
    _, answer = await service.put(conversation, body)
    assert answer["elder"] is True
    body = {"channel": "web", "identity": "browser-1"}
    assert (await service.put(conversation, body))[1]["elder"] is True


async def test_a_conversation_stays_with_its_citizen(service, conversation):
    status, answer = await service.put(conversation, {"channel": "web", "identity": "browser-2"})
    assert (status, answer["error"]["key"]) == (409, "conversation.not_yours")


async def test_an_unknown_conversation_has_no_log(service):
    status, answer = await service.get("/conversations/nobody/messages")
    assert (status, answer["error"]["key"]) == (404, "conversation.not_found")
    status, _ = await service.post("/conversations/nobody/messages", said("你好", "k"))
    assert status == 404


async def test_what_the_bot_says_is_not_fed_back_to_it(service, conversation):
    message = said("您好", "out:1") | {"direction": "out", "author": {"kind": "bot"}}
    await service.post(f"{conversation}/messages", message)
    _, feed = await service.get("/conversations/outgoing?after=0")
    assert feed == {"messages": [], "next": 0}


async def test_what_the_office_says_reaches_the_feed_without_gaps(service, conversation, office):
    async def say(n: int) -> None:
        body = {"kind": "text", "text": f"通知{n}"}
        await office.transact(lambda tx: conversations.say(office, tx, "c1", body, key=f"n:{n}"))

    seen: list[int] = []

    async def follow() -> None:
        after = 0
        while len(seen) < 20:
            _, feed = await service.get(f"/conversations/outgoing?after={after}&wait=20")
            seen.extend(message["position"] for message in feed["messages"])
            after = feed["next"]

    await asyncio.gather(follow(), *(say(n) for n in range(20)))
    assert seen == list(range(1, 21))


async def test_a_waiting_reader_is_woken_by_what_is_said(service, conversation, office):
    waiting = asyncio.create_task(service.get("/conversations/outgoing?after=0&wait=20"))
    body = {"kind": "notice", "text": "您的件已经受理。"}
    await office.transact(lambda tx: conversations.say(office, tx, "c1", body))
    _, feed = await asyncio.wait_for(waiting, 5)
    assert feed["messages"][0]["body"] == body
    assert feed["messages"][0]["identity"] == "browser-1"


async def test_the_office_says_a_thing_of_one_key_once(service, conversation, office):
    for _ in range(2):
        body = {"kind": "text", "text": "好"}
        await office.transact(lambda tx, b=body: conversations.say(office, tx, "c1", b, key="k"))
    _, feed = await service.get("/conversations/outgoing?after=0")
    assert len(feed["messages"]) == 1


BROKEN = [
    {"key": ""},
    {"direction": "sideways"},
    {"author": {"kind": "king"}},
    {"body": "你好"},
    {"body": {}},
    {"body": {"kind": "virus"}},
    {"at": "yesterday"},
    {"at": "2026-11-23T09:00:00"},
    {"at": "0001-01-01T00:00:00+14:00"},
    {"more": 1},
]


async def test_a_message_that_breaks_the_contract_is_refused(service, conversation):
    for change in BROKEN:
        status, answer = await service.post(f"{conversation}/messages", said("x", "k") | change)
        assert (status, answer["error"]["key"]) == (422, "request.invalid"), change


async def test_a_message_too_long_for_any_channel_is_refused(service, conversation):
    status, answer = await service.post(f"{conversation}/messages", said("长" * 100_001, "k"))
    assert (status, answer["error"]["key"]) == (413, "message.too_long")
