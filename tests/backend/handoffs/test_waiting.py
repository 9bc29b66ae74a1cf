"""等人工: whoever waits knows how it stands, may leave, and may leave words."""

from __future__ import annotations

from datetime import datetime

from backend.clock import SHANGHAI
from backend.events import history
from backend.handoffs import desk

SUNDAY_NIGHT = datetime(2026, 11, 22, 22, 0, tzinfo=SHANGHAI)
MONDAY = "2026-11-23T09:00:00+08:00"
LEAVE = "/conversations/c1/handoff/leave"


async def test_who_asks_is_told_the_place_and_whether_people_are_there(ask, login):
    await ask("c0")
    await login("agent")
    await login("approver")
    answer = await ask("c1")
    assert (answer["waiting"], answer["priority"]) == (1, False)
    assert answer["people"] == {"open": True, "present": 1, "next_open_at": None}


async def test_a_colleague_who_is_silent_for_a_minute_is_no_longer_there(ask, login, hands):
    await login("agent")
    supervisor = await login("supervisor")
    hands.advance(seconds=70)
    await supervisor.get("/desk/handoffs")
    assert (await ask())["people"]["present"] == 1


async def test_on_sunday_night_people_are_there_on_monday_and_the_clock_waits(ask, hands):
    hands.time = SUNDAY_NIGHT
    answer = await ask()
    assert answer["people"] == {"open": False, "present": 0, "next_open_at": MONDAY}
    assert answer["due_at"] == "2026-11-23T09:03:00+08:00"


async def test_how_long_it_takes_is_answered(service, ask, cid, login):
    path = "/conversations/c1/handoff"
    _, nothing = await service.get(path)
    assert (nothing["handoff_id"], nothing["state"]) == (None, None)
    await ask("c0")
    handoff_id = (await ask())["handoff_id"]
    _, waits = await service.get(path)
    assert (waits["handoff_id"], waits["state"], waits["waiting"]) == (handoff_id, "waiting", 1)
    agent = await login("agent")
    await agent.post(f"/desk/handoffs/{handoff_id}/claim")
    _, talks = await service.get(path)
    assert (talks["state"], talks["waiting"], talks["claimed_by"]) == ("claimed", 0, "坐席小林")
    assert (await service.get("/conversations/nobody/handoff"))[0] == 404


async def test_whoever_may_be_in_danger_comes_before_all_others(service, ask, login):
    first, second = await ask("c1"), await ask("c2")
    danger = await ask("c3", reason="safety", danger="suicide")
    assert (danger["priority"], danger["waiting"]) == (True, 0)
    assert (await ask("c4", reason="safety"))["waiting"] == 1
    assert (await service.get("/conversations/c1/handoff"))[1]["waiting"] == 2
    agent = await login("agent")
    _, queue = await agent.get("/desk/handoffs")
    assert [row["conversation_id"] for row in queue["handoffs"]] == ["c3", "c4", "c1", "c2"]
    assert (queue["handoffs"][0]["danger"], first["waiting"], second["waiting"]) == (
        "suicide",
        0,
        1,
    )


async def test_whoever_may_be_in_danger_is_seen_behind_however_many(ask, login, monkeypatch):
    monkeypatch.setattr(desk, "_SHOWN", 2)
    for number in range(4):
        await ask(f"c{number}")
    await ask("late", reason="safety")
    _, queue = await (await login("agent")).get("/desk/handoffs")
    assert [row["conversation_id"] for row in queue["handoffs"]] == ["late", "c0", "c1"]


async def test_danger_that_is_told_later_marks_the_handoff_also_in_a_talk(ask, login, office):
    handoff_id = (await ask())["handoff_id"]
    agent = await login("agent")
    await agent.post(f"/desk/handoffs/{handoff_id}/claim")
    again = await ask(reason="safety", danger="violence", summary="他又动手了")
    assert (again["handoff_id"], again["state"], again["priority"]) == (handoff_id, "claimed", True)
    await ask(reason="safety", danger="violence")
    await ask(reason="asked", summary="别的")
    _, view = await agent.get(f"/desk/handoffs/{handoff_id}")
    assert (view["reason"], view["danger"], view["summary"]) == ("safety", "violence", "他又动手了")
    events = await history(office.database, "handoff", handoff_id)
    assert [event["type"] for event in events].count("handoff.alarm") == 1


async def test_a_citizen_leaves_the_queue_and_the_bot_goes_on(service, ask, say, login, office):
    handoff_id = (await ask())["handoff_id"]
    assert await service.post(LEAVE, {}, key="k") == (200, {"left": True, "was": "waiting"})
    assert await service.post(LEAVE, {}, key="k") == (200, {"left": True, "was": "waiting"})
    assert await service.post(LEAVE, {}, key="k2") == (200, {"left": False, "was": None})
    left = (await history(office.database, "handoff", handoff_id))[-1]
    assert (left["type"], left["who"]["kind"]) == ("handoff.left", "citizen")
    assert (await ask())["handoff_id"] != handoff_id


async def test_a_citizen_leaves_a_talk_and_the_bot_answers_again(service, ask, say, login, notices):
    handoff_id = (await ask())["handoff_id"]
    agent = await login("agent")
    await agent.post(f"/desk/handoffs/{handoff_id}/claim")
    assert await say("你好") == "staff"
    before = await notices()
    assert (await service.post(LEAVE, {}))[1] == {"left": True, "was": "claimed"}
    assert await say("我自己来") == "bot"
    assert await notices() == before, "the bot answers in the same turn"
    status, answer = await agent.post(f"/desk/handoffs/{handoff_id}/messages", {"text": "您好"})
    assert (status, answer["error"]["key"]) == (409, "handoff.ended")


async def test_words_left_at_night_open_in_the_morning(service, cid, login, hands, office):
    hands.time = SUNDAY_NIGHT
    path = "/conversations/c1/handoff/words"
    words = {"text": "请给我回电话，我叫张三", "phone": "19900000001"}
    status, left = await service.post(path, words, key="w")
    assert (status, left["opens_at"]) == (200, MONDAY)
    assert (await service.post(path, words, key="w"))[1] == left
    _, waits = await service.get("/conversations/c1/handoff")
    assert (waits["handoff_id"], waits["state"]) == (left["handoff_id"], "waiting")
    kept = await office.database["handoffs"].find_one({"_id": left["handoff_id"]})
    assert "19900000001" not in str(kept)
    assert "张三" not in str(kept)


async def test_a_handoff_of_an_earlier_version_still_opens(service, ask, login, office):
    handoff_id = (await ask("c0"))["handoff_id"]
    later = ("priority", "danger", "due_at", "late_at", "answered_seq", "release_at", "notes",
             "words")  # fmt: skip
    await office.database["handoffs"].update_one(
        {"_id": handoff_id}, {"$unset": dict.fromkeys(later, "")}
    )
    assert (await ask("c1"))["waiting"] == 1
    assert (await ask("c2", reason="safety"))["waiting"] == 0
    agent = await login("agent")
    status, view = await agent.get(f"/desk/handoffs/{handoff_id}")
    assert (status, view["priority"], view["due_at"]) == (200, False, "2026-11-23T09:03:00+08:00")
    assert (await agent.post(f"/desk/handoffs/{handoff_id}/claim"))[0] == 200
