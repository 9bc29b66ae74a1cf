"""A turn that is over is never run again, whoever asks for it and however late."""

from __future__ import annotations

import pytest
from dialogue.errors import BadTurnError, OvertakenError
from dialogue.past import KNOWN, Past, read_past
from hypothesis import given
from hypothesis import strategies as st
from test_memory import texts, turn

KEYS = st.lists(st.text(max_size=20), unique=True, max_size=3 * KNOWN)
TICKETS = st.tuples(st.integers(0, 9), st.integers(0, 2**62))


async def test_an_old_turn_asked_for_again_repeats_nothing(service, tiny_actions):
    for key in ("k1", "k2", "k3"):
        await service.turn(turn(key))
    before = await service._store.load("c")
    for key in ("k1", "k2", "k1"):
        with pytest.raises(OvertakenError):
            await service.turn(turn(key))
    after = await service._store.load("c")
    assert tiny_actions.runs == 3
    assert after.version == before.version
    assert texts(await service.turn(turn("k4"))) == ["None第4次"]


async def test_an_old_answer_is_not_taken_for_the_answer_to_the_forms_next_question(start_service):
    one, other = start_service(), start_service()
    await one.turn(turn("k1", "数一数"))
    await one.turn(turn("k2", "申请"))
    with pytest.raises(OvertakenError):
        await other.turn(turn("k1", "数一数"))
    assert texts(await other.turn(turn("k3", "张三"))) == ["张三第2次"]


async def test_a_turn_sent_before_one_that_is_over_is_not_run_although_its_key_is_unknown(
    service, tiny_actions
):
    await service.turn(turn("k2", ticket=[7, 200]))
    for ticket in ([7, 199], [6, 900]):
        with pytest.raises(OvertakenError):
            await service.turn(turn("k1", ticket=ticket))
    assert tiny_actions.runs == 1
    assert texts(await service.turn(turn("k3", ticket=[8, 1]))) == ["None第2次"]


async def test_the_last_turn_is_answered_again_whatever_its_ticket(service, tiny_actions):
    first = await service.turn(turn("k1", ticket=[7, 200]))
    for ticket in ([7, 100], [7, 300], [9, 1]):
        assert (await service.turn(turn("k1", ticket=ticket))).replies == first.replies
    assert tiny_actions.runs == 1


async def test_a_process_thought_dead_neither_serves_nor_writes_what_it_remembers(
    start_service, tiny_actions
):
    slow, other = start_service(), start_service()
    await slow.turn(turn("k1", ticket=[1, 10]))
    await other.turn(turn("k2", ticket=[1, 20], previous="k1"))
    await other.turn(turn("k3", ticket=[1, 30], previous="k2"))
    back = await slow.turn(turn("k4", ticket=[1, 40], previous="k3"))
    assert texts(back) == ["None第4次"]
    with pytest.raises(OvertakenError):
        await other.turn(turn("k0", ticket=[1, 25]))


@pytest.mark.parametrize("ticket", [[1], [1, 2, 3], "1,2", [1, "2"], [True, 2], {"fence": 1}, 5])
def test_a_ticket_is_two_whole_numbers(ticket):
    with pytest.raises(BadTurnError):
        turn("k1", ticket=ticket)


@given(keys=KEYS, ticket=TICKETS)
def test_the_past_knows_its_last_turns_and_survives_being_stored(keys, ticket):
    past = Past()
    for key in keys:
        past = past.then(key, None)
    past = past.then("last", ticket)
    stored = read_past(past.as_dict())
    assert stored == past
    assert all(stored.is_over(key, None) for key in [*keys, "last"][-KNOWN:])
    assert not stored.is_over("never said before", ticket)
    assert stored.is_over("never said before", (ticket[0], ticket[1] - 1))


def test_a_tracker_stored_before_the_past_was_kept_has_none():
    assert read_past(None) == Past()
