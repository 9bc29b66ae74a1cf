"""What the service remembers between turns, and that it is never taken for the truth."""

from __future__ import annotations

import pytest
from dialogue.errors import TrackerConflictError
from dialogue.parses import Parses
from dialogue.turn_request import read_turn
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def turn(key: str, text: str = "数一数", **more):
    return read_turn(
        {
            "conversation_id": "c",
            "key": key,
            "at": "2026-11-22T09:00:00+08:00",
            "message": {"kind": "text", "text": text},
            "identity": {"channel": "web", "id": "someone"},
            **more,
        }
    )


def texts(done) -> list[str]:
    return [reply["text"] for reply in done.replies]


async def test_a_text_heard_before_is_understood_without_the_pipeline(service):
    processor = service._agent.processor
    first = await processor.parse_text("您好")
    known = processor.parses.known
    assert await processor.parse_text("您好") == first
    assert processor.parses.known == known + 1


async def test_tomorrow_is_another_day_every_day(service):
    processor = service._agent.processor
    await processor.parse_text("明天上午", "2026-11-30T09:00:00+08:00")
    known = processor.parses.known
    await processor.parse_text("明天上午", "2026-11-30T23:59:00+08:00")
    assert processor.parses.known == known + 1
    await processor.parse_text("明天上午", "2026-11-30T16:00:00+00:00")
    assert processor.parses.known == known + 1


def test_what_a_turn_adds_to_a_parse_stays_with_that_turn():
    parses = Parses()
    parses.keep("您好", "", {"intent": {"name": "greet"}, "entities": []})
    parses.recall("您好", "")["entities"].append({"entity": "word"})
    assert parses.recall("您好", "")["entities"] == []


def test_the_text_that_was_not_heard_for_longest_is_forgotten():
    parses = Parses(capacity=2)
    for text in ("甲", "乙"):
        parses.keep(text, "", {"entities": []})
    parses.recall("甲", "")
    parses.keep("丙", "", {"entities": []})
    assert [parses.recall(text, "") is None for text in ("甲", "乙", "丙")] == [False, True, False]


async def test_a_turn_goes_on_where_the_known_one_ended(service):
    await service.turn(turn("k1"))
    assert texts(await service.turn(turn("k2", previous="k1"))) == ["None第2次"]
    assert texts(await service.turn(turn("k3", previous="k2"))) == ["None第3次"]


async def test_a_turn_of_another_process_is_seen_without_being_told(start_service):
    one, other = start_service(), start_service()
    await one.turn(turn("k1"))
    await other.turn(turn("k2"))
    assert texts(await one.turn(turn("k3"))) == ["None第3次"]


async def test_whoever_is_wrong_about_the_last_turn_meets_a_conflict_and_then_the_truth(
    start_service,
):
    one, other = start_service(), start_service()
    await one.turn(turn("k1"))
    await other.turn(turn("k2"))
    with pytest.raises(TrackerConflictError):
        await one.turn(turn("k3", previous="k1"))
    assert texts(await one.turn(turn("k3", previous="k1"))) == ["None第3次"]


async def test_the_same_dialogue_is_predicted_once_whatever_was_said(service):
    processor = service._agent.processor
    asked = []

    def predict(tracker):
        asked.append(tracker)
        return type(processor)._predict_next_with_tracker(processor, tracker)

    def tracker(text: str, intent: str = "greet", slot: str = "甲") -> DialogueStateTracker:
        events = [
            ActionExecuted("action_listen"),
            SlotSet("turns", slot),
            UserUttered(text, {"name": intent}),
        ]
        return DialogueStateTracker.from_events("c", events, processor.domain.slots)

    from dialogue.predictions import Predictions

    predictions = Predictions(processor.domain)
    first = predictions.recall(tracker("您好"), predict)
    again = predictions.recall(tracker("早上好", slot="乙"), predict)
    assert len(asked) == 1
    assert first.probabilities == again.probabilities
    again.probabilities[0] = 0.5
    other = predictions.recall(tracker("再见", "bye"), predict)
    assert len(asked) == 2
    assert other.probabilities != first.probabilities
    assert predictions.recall(tracker("您好"), predict).probabilities == first.probabilities


async def test_a_forgotten_conversation_is_remembered_nowhere(service):
    # 《个人信息保护法》第四十七条
    await service.turn(turn("k1"))
    assert [event["event"] for event in (await service.remembered("c"))["events"]]
    assert await service.forget("c") is True
    assert await service.remembered("c") == {}
    assert await service.forget("c") is False
    # Told that the turn before was k1, it does not take it from memory either.
    assert texts(await service.turn(turn("k2", previous="k1"))) == ["None第1次"]
