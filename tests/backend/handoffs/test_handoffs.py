"""A citizen who asks for a person gets exactly one, and comes back to the bot."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.clock import SHANGHAI
from backend.errors import ConflictError, ForbiddenError
from backend.events import history
from backend.handoffs import model
from backend.handoffs.model import Reason, State

AT = "2026-11-23T09:00:00+08:00"
ID_NUMBER = "110" + "000199001010028"


@pytest.fixture
async def cid(service):
    await service.put("/conversations/c1", {"channel": "web", "identity": "browser-1"})
    return "c1"


async def ask_for_a_person(service, cid="c1", summary=""):
    body = {"conversation_id": cid, "reason": "asked", "summary": summary}
    status, answer = await service.post("/handoffs", body)
    assert status == 200, answer
    return answer["handoff_id"]


async def citizen_says(service, text, key, cid="c1"):
    message = {
        "key": key,
        "direction": "in",
        "author": {"kind": "citizen"},
        "body": {"kind": "text", "text": text},
        "at": AT,
    }
    _, answer = await service.post(f"/conversations/{cid}/messages", message)
    return answer


async def test_asking_twice_is_asking_once(service, cid):
    assert await ask_for_a_person(service) == await ask_for_a_person(service)


async def test_asking_many_times_at_once_is_asking_once(service, cid):
    asked = await asyncio.gather(*(ask_for_a_person(service) for _ in range(6)))
    assert len(set(asked)) == 1


async def test_nobody_is_handed_over_without_a_conversation(service):
    body = {"conversation_id": "nobody", "reason": "asked", "summary": ""}
    status, answer = await service.post("/handoffs", body)
    assert (status, answer["error"]["key"]) == (404, "conversation.not_found")


async def test_the_queue_shows_who_waits_and_until_when(service, cid, login, hands):
    handoff_id = await ask_for_a_person(service, summary=f"要补身份证 {ID_NUMBER}")
    agent = await login("agent")
    hands.advance(minutes=4)
    _, queue = await agent.get("/desk/handoffs")
    (entry,) = queue["handoffs"]
    assert entry["handoff_id"] == handoff_id
    assert entry["due_at"] == "2026-11-23T09:03:00+08:00"
    assert (entry["overdue"], entry["waiting_seconds"]) == (True, 240)
    assert ID_NUMBER not in entry["summary"]
    assert entry["summary"].startswith("要补身份证 110***")


async def test_of_two_agents_who_claim_at_once_one_wins(service, cid, login):
    handoff_id = await ask_for_a_person(service)
    agents = [await login("agent"), await login("agent2")]
    answers = await asyncio.gather(
        *(agent.post(f"/desk/handoffs/{handoff_id}/claim") for agent in agents)
    )
    assert sorted(status for status, _ in answers) == [200, 409]
    lost = next(answer for status, answer in answers if status == 409)
    assert lost["error"]["key"] == "handoff.taken"


async def test_the_bot_is_silent_from_the_claim_to_the_return(service, cid, login):
    handoff_id = await ask_for_a_person(service)
    assert (await citizen_says(service, "有人吗", "k1"))["owner"] == "bot"
    agent = await login("agent")
    await agent.post(f"/desk/handoffs/{handoff_id}/claim")
    assert (await citizen_says(service, "我在", "k2"))["owner"] == "staff"
    status, view = await agent.post(f"/desk/handoffs/{handoff_id}/return", {"why": "答完了"})
    assert (status, view["state"]) == (200, "returned")
    assert (await citizen_says(service, "谢谢", "k3"))["owner"] == "bot"


async def test_what_staff_say_reaches_the_citizen_with_their_name(service, cid, login):
    handoff_id = await ask_for_a_person(service)
    agent = await login("agent")
    await agent.post(f"/desk/handoffs/{handoff_id}/claim")
    status, said = await agent.post(f"/desk/handoffs/{handoff_id}/messages", {"text": "您请说"})
    assert status == 200
    _, feed = await service.get("/conversations/outgoing?after=0")
    assert [message["body"]["kind"] for message in feed["messages"]] == ["notice", "text"]
    assert feed["messages"][1]["message_id"] == said["message_id"]
    _, log = await service.get("/conversations/c1/messages")
    assert log["messages"][-1]["author"] == {"kind": "staff", "name": "坐席小林"}


async def test_a_message_sent_twice_under_one_key_is_said_once(service, cid, login):
    handoff_id = await ask_for_a_person(service)
    agent = await login("agent")
    await agent.post(f"/desk/handoffs/{handoff_id}/claim")
    path = f"/desk/handoffs/{handoff_id}/messages"
    first = await agent.post(path, {"text": "您请说"}, key="m1")
    again = await agent.post(path, {"text": "您请说"}, key="m1")
    assert first == again
    other = await agent.post(path, {"text": "别的话"}, key="m1")
    assert other[1]["error"]["key"] == "idempotency.key_reused"


async def test_staff_read_the_conversation_masked_and_the_look_is_noted(
    service, cid, login, office
):
    await citizen_says(service, f"我叫张三，身份证{ID_NUMBER}，电话199 0000 0001", "k1")
    handoff_id = await ask_for_a_person(service)
    agent = await login("agent")
    _, log = await agent.get(f"/desk/handoffs/{handoff_id}/messages")
    text = log["messages"][0]["body"]["text"]
    assert text == "我叫张*，身份证110***********0028，电话199****0001"
    noted = await office.database["access_log"].find_one({"entity_id": handoff_id})
    assert noted["action"] == "messages.read"


async def test_only_the_colleague_who_claimed_may_answer(service, cid, login):
    handoff_id = await ask_for_a_person(service)
    agent, other = await login("agent"), await login("agent2")
    path = f"/desk/handoffs/{handoff_id}"
    status, answer = await agent.post(f"{path}/messages", {"text": "您好"})
    assert (status, answer["error"]["key"]) == (409, "handoff.not_claimed")
    await agent.post(f"{path}/claim")
    status, answer = await other.post(f"{path}/messages", {"text": "您好"})
    assert (status, answer["error"]["key"]) == (403, "handoff.not_yours")
    status, _ = await other.post(f"{path}/return")
    assert status == 403


async def test_a_new_handoff_may_follow_one_that_has_ended(service, cid, login):
    handoff_id = await ask_for_a_person(service)
    agent = await login("agent")
    status, view = await agent.post(f"/desk/handoffs/{handoff_id}/close", {"why": "误触"})
    assert (status, view["state"]) == (200, "closed")
    assert await ask_for_a_person(service) != handoff_id
    status, answer = await agent.post(f"/desk/handoffs/{handoff_id}/claim")
    assert (status, answer["error"]["key"]) == (409, "handoff.ended")


async def test_every_step_is_written_down_with_who_and_why(service, cid, login, office):
    handoff_id = await ask_for_a_person(service)
    agent = await login("agent")
    await agent.post(f"/desk/handoffs/{handoff_id}/claim")
    await agent.post(f"/desk/handoffs/{handoff_id}/return", {"why": "答完了"})
    steps = [
        event
        for event in await history(office.database, "handoff", handoff_id)
        if event["type"].startswith("handoff.")
    ]
    assert [(event["type"], event["who"]["kind"], event["why"]) for event in steps] == [
        ("handoff.opened", "system", None),
        ("handoff.claimed", "staff", None),
        ("handoff.returned", "staff", "答完了"),
    ]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["claim", "answer", "give_back", "close", "leave", "release", "pass_on", "alarm"]
        ),
        st.sampled_from("ab"),
    )
)


def moved(handoff, step, who, now):
    """Take one step."""
    if step in ("claim", "pass_on"):
        return getattr(model, step)(handoff, who, who, now)
    if step in ("leave", "release"):
        return getattr(model, step)(handoff, now)
    if step == "alarm":
        return model.alarm(handoff, "", "fire")
    return getattr(model, step)(handoff, who, now)


@given(STEPS)
def test_no_order_of_steps_breaks_a_handoff(steps):
    now = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
    handoff = model.open_handoff("h", "c", Reason.ASKED, "", now)
    for step, who in steps:
        now += timedelta(seconds=30)
        before = handoff
        try:
            handoff = moved(handoff, step, who, now)
        except (ConflictError, ForbiddenError):
            assert handoff is before
            continue
        assert handoff.opened_at == before.opened_at, "the place in the queue stays"
        assert handoff.priority >= before.priority
        if step == "alarm":
            assert handoff.state is before.state
            continue
        assert before.state in model.OPEN, "an ended handoff never moves"
        if before.claimed_by and step in ("claim", "answer", "give_back", "close"):
            assert who == before.claimed_by == handoff.claimed_by
        assert (handoff.state is State.CLAIMED) <= (handoff.claimed_by is not None)
        assert (handoff.state is State.WAITING) <= (handoff.claimed_by is None)
        assert (handoff.ended_at is not None) == (handoff.state in model.ENDED)
        if handoff.state is State.RETURNED:
            assert before.state is State.CLAIMED
        if before.answered_at and step != "release":
            assert handoff.answered_at == before.answered_at


async def test_staff_see_that_a_reply_did_not_arrive_and_the_change_is_an_event(
    service, cid, login, office
):
    reply = {
        "key": "wechat:7:0",
        "direction": "out",
        "author": {"kind": "bot"},
        "body": {"kind": "text", "text": "办好了"},
        "at": AT,
    }
    await service.post("/conversations/c1/messages", reply)
    handoff_id = await ask_for_a_person(service)
    refused = {"state": "failed", "attempts": 3, "reason": "wechat.45015"}
    path = "/conversations/c1/deliveries/wechat:7:0"
    assert (await service.put(path, refused))[0] == 200
    assert (await service.put(path, refused | {"attempts": 4}))[0] == 200
    agent = await login("agent")
    _, log = await agent.get(f"/desk/handoffs/{handoff_id}/messages")
    shown = [message["delivery"] for message in log["messages"] if message["delivery"]]
    assert shown == [refused | {"attempts": 4, "next_try_at": None}]
    told = office.database["events"].find({"type": "message.failed"})
    assert [(one["entity"], one["why"]) async for one in told] == [("handoff", "wechat.45015")]


async def test_the_delivery_of_a_reply_nobody_made_is_not_found(service, cid):
    status, answer = await service.put(
        "/conversations/c1/deliveries/log:nothing", {"state": "sent", "attempts": 1}
    )
    assert (status, answer["error"]["key"]) == (404, "message.not_found")
