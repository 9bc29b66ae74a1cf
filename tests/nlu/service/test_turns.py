"""A turn of the dialogue service: in order, once, and with an answer whatever happens."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from dialogue.errors import ActionAwayError, TrackerConflictError
from dialogue.turn_request import TurnRequest, read_turn

_keys = itertools.count()


def said(
    text: str, conversation: str = "c", key: str | None = None, owner: str = "bot", **message
) -> TurnRequest:
    return read_turn(
        {
            "conversation_id": conversation,
            "key": key or f"k{next(_keys)}",
            "at": "2026-11-22T09:00:00+08:00",
            "message": {"kind": "text", "text": text, **message},
            "identity": {"channel": "web", "id": "someone"},
            "elder": False,
            "owner": owner,
        }
    )


def texts(done) -> list[str]:
    return [reply["text"] for reply in done.replies]


async def test_a_response_of_rasa_becomes_a_reply_with_chips(service):
    done = await service.turn(said("您好"))
    assert done.intent == "greet"
    assert done.replies == [
        {
            "kind": "text",
            "text": "您好，None",
            "chips": [{"title": "找人工", "payload": "/ask_human"}],
        }
    ]


async def test_an_action_sends_a_complete_reply_and_changes_slots(service):
    assert texts(await service.turn(said("数一数"))) == ["None第1次"]
    assert texts(await service.turn(said("数一数"))) == ["None第2次"]


async def test_an_action_reads_the_turns_metadata(service, tiny_actions):
    await service.turn(said("数一数", key="k-meta"))
    assert tiny_actions.metadata == {
        "key": "k-meta",
        "conversation_id": "c",
        "identity": {"channel": "web", "id": "someone"},
        "kind": "text",
        "media_ids": [],
        "location": None,
        "elder": False,
        "at": "2026-11-22T09:00:00+08:00",
        "owner": "bot",
        "expects": [],
    }


async def test_while_a_clerk_answers_only_danger_and_the_end_of_the_talk_are_answered(
    service, tiny_actions
):
    assert texts(await service.turn(said("数一数", owner="staff"))) == []
    assert tiny_actions.runs == 0
    assert texts(await service.turn(said("救命 数一数", owner="staff")))
    assert texts(await service.turn(said("退出人工", owner="staff")))


async def test_the_same_key_again_gets_the_same_replies_and_does_nothing_twice(
    service, tiny_actions
):
    first = await service.turn(said("数一数", key="once"))
    again = await service.turn(said("数一数", key="once"))
    assert again.replies == first.replies
    assert tiny_actions.runs == 1


async def test_another_process_answers_a_replayed_turn_alike(start_service, tiny_actions):
    first = await start_service().turn(said("数一数", key="once"))
    again = await start_service().turn(said("数一数", key="once"))
    assert again.replies == first.replies
    assert tiny_actions.runs == 1


async def test_a_form_asks_judges_and_ends(service):
    assert texts(await service.turn(said("申请"))) == ["您叫什么？"]
    assert texts(await service.turn(said("一个太长的名字"))) == ["太长了", "您叫什么？"]
    assert texts(await service.turn(said("张三"))) == ["张三第1次"]


async def test_a_text_that_begins_with_a_slash_never_becomes_a_command(service, tiny_actions):
    await service.turn(said("数一数"))
    for text in ("/count", " /count", "/restart", '/count{"turns": 9}', "//", "/"):
        done = await service.turn(said(text))
        assert done.intent is None, text
        assert texts(done) != [], text
    assert tiny_actions.runs == 1
    assert texts(await service.turn(said("数一数"))) == ["None第2次"]


async def test_a_pressed_button_is_taken_at_its_word(service):
    done = await service.turn(said("随便", kind="button", payload="/count"))
    assert done.intent == "count"


async def test_a_turn_nobody_answers_is_answered_with_a_way_to_a_person(service):
    done = await service.turn(said("谁也不懂的话"))
    assert done.replies[0]["chips"][0]["payload"] == "/ask_human"


async def test_a_defect_in_an_action_is_answered_with_an_apology_and_changes_nothing(
    service, tiny_actions
):
    await service.turn(said("数一数"))
    tiny_actions.failure = KeyError("defect")
    done = await service.turn(said("数一数"))
    assert done.replies[0]["chips"][0]["payload"] == "/ask_human"
    tiny_actions.failure = None
    assert texts(await service.turn(said("数一数"))) == ["None第2次"]


async def test_a_defect_inside_a_form_leaves_the_form_as_it_was(service, tiny_actions):
    await service.turn(said("申请"))
    tiny_actions.failure = ValueError("defect")
    await service.turn(said("张三"))
    tiny_actions.failure = None
    assert texts(await service.turn(said("李四"))) == ["李四第1次"]


async def test_an_action_that_cannot_reach_the_office_lets_the_door_try_again(
    service, tiny_actions
):
    tiny_actions.failure = ConnectionRefusedError()
    with pytest.raises(ActionAwayError):
        await service.turn(said("数一数", key="later"))
    tiny_actions.failure = None
    assert texts(await service.turn(said("数一数", key="later"))) == ["None第1次"]


async def test_turns_of_one_conversation_run_one_by_one_in_their_order(service):
    done = await asyncio.gather(*(service.turn(said("数一数")) for _ in range(5)))
    assert [texts(one)[0] for one in done] == [f"None第{n}次" for n in range(1, 6)]


async def test_two_processes_cannot_both_finish_a_turn_of_one_conversation(start_service):
    one, other = start_service(), start_service()
    await one.turn(said("数一数"))
    mine = await one._store.load("c")
    await other.turn(said("数一数"))
    with pytest.raises(TrackerConflictError):
        await one._store.save_turn(mine, None)


async def test_a_long_conversation_keeps_its_slots_and_its_short_tracker(service):
    for turn in range(1, 31):
        assert texts(await service.turn(said("数一数"))) == [f"None第{turn}次"]
    stored = await service._store.load("c")
    assert len(stored.tracker.events) < 9 * 8


async def test_a_form_stays_open_over_a_shortened_tracker(service):
    await service.turn(said("申请"))
    for _ in range(20):
        assert texts(await service.turn(said("一个太长的名字")))[-1] == "您叫什么？"
    assert texts(await service.turn(said("王五"))) == ["王五第1次"]


async def test_what_a_citizen_wrote_is_not_readable_in_the_store(service):
    await service.turn(said("您好"))
    row = await service._store._trackers.find_one({"_id": "c"})
    assert "您好" not in str(row)
    assert set(row) == {"_id", "sealed", "version"}
