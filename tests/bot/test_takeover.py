"""Several processes of the dialogue service: conversations by hash, a dead one's taken over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from citizen import Citizen
from eventually import eventually
from hypothesis import given
from hypothesis import strategies as st
from neighbour import NeighbourProcess, neighbour

from bot.dialogue import rendezvous

BAR = 2.0
NAMES = ("甲", "乙", "丙")
BASES = st.lists(st.from_regex(r"\Ahttp://[a-z]{1,8}:\d{2,4}\Z"), min_size=2, unique=True)


@pytest.fixture
def ears(tmp_path: Path) -> Iterator[dict[str, NeighbourProcess]]:
    """Three processes of the dialogue service; each begins its answers with its name."""
    with (
        neighbour("dialogue", tmp_path, NAMES[0]) as one,
        neighbour("dialogue", tmp_path, NAMES[1]) as two,
        neighbour("dialogue", tmp_path, NAMES[2]) as three,
    ):
        yield dict(zip(NAMES, (one, two, three), strict=True))


@pytest.fixture
async def street(start_door, ears):
    """A door before them."""
    return await start_door(dialogue_url=",".join(one.url for one in ears.values()))


@pytest.fixture
async def citizen(street, http):
    """A citizen with an open conversation."""
    return await Citizen.arrive(http, street.url)


async def _who_answers(citizen: Citizen, text: str = "您好") -> str:
    (answer,) = (await citizen.say(text)).texts
    name, _, said = answer.partition(":")
    assert said == text
    return name


def _preferred(citizen: Citizen, ears: dict[str, NeighbourProcess]) -> list[str]:
    names = {one.url: name for name, one in ears.items()}
    return [names[url] for url in rendezvous(citizen.conversation_id, list(names))]


async def test_a_conversation_stays_with_its_process(citizen, ears):
    first = _preferred(citizen, ears)[0]
    assert [await _who_answers(citizen) for _ in range(4)] == [first] * 4


async def test_a_dead_processs_conversation_goes_on_at_the_next_at_once_and_comes_back(
    citizen, ears, tmp_path
):
    first, second, third = _preferred(citizen, ears)
    assert await _who_answers(citizen) == first
    ears[first].kill()
    begun = time.monotonic()
    assert await _who_answers(citizen, "还在吗") == second
    assert time.monotonic() - begun < 1
    ears[second].kill()
    assert await _who_answers(citizen, "还在吗") == third
    port = int(ears[first].url.rpartition(":")[2])
    with neighbour("dialogue", tmp_path, first, port):

        async def is_back() -> bool:
            return await _who_answers(citizen) == first

        await eventually(is_back)


async def test_a_process_that_hangs_is_passed_over_until_it_goes_on(citizen, ears):
    first, second, _ = _preferred(citizen, ears)
    ears[first].stop()
    begun = time.monotonic()
    assert await _who_answers(citizen) == second
    assert time.monotonic() - begun < BAR
    begun = time.monotonic()
    assert await _who_answers(citizen) == second
    assert time.monotonic() - begun < 0.5
    ears[first].go_on()

    async def is_back() -> bool:
        return await _who_answers(citizen) == first

    await eventually(is_back)


async def test_a_process_that_dies_in_the_middle_of_a_turn_has_it_done_by_the_next(
    citizen, office, ears
):
    first, second, _ = _preferred(citizen, ears)
    ears[first].stop()
    turn = asyncio.create_task(_who_answers(citizen, "办社保"))
    await eventually(lambda: "办社保" in office.texts(citizen.conversation_id))
    ears[first].kill()
    assert await turn == second
    assert office.texts(citizen.conversation_id) == ["办社保", f"{second}:办社保"]


async def test_when_all_hang_the_citizen_is_told_in_time_and_answered_once(citizen, office, ears):
    await _who_answers(citizen)
    for one in ears.values():
        one.stop()
    begun = time.monotonic()
    answer = await citizen.say("办社保")
    assert time.monotonic() - begun < BAR
    assert answer.json["done"] is False
    for one in ears.values():
        one.go_on()
    log = await eventually(lambda: (log := office.texts(citizen.conversation_id))[4:] and log)
    assert [text for text in log if text.endswith(":办社保")] == log[4:]


async def test_the_door_says_whether_every_process_is_there(citizen, ears, http):
    async def health() -> tuple[str, str]:
        async with http.get(f"{citizen.url}/healthz") as answer:
            content = await answer.json()
            return content["status"], content["parts"]["dialogue"]

    assert await health() == ("ok", "ok")
    ears["丙"].kill()
    assert await health() == ("degraded", "away")


async def test_a_turn_carries_the_fence_of_its_lease_and_a_place_within_it(
    start_door, http, dialogue
):
    citizen = await Citizen.arrive(http, (await start_door()).url)
    for text in ("一", "二", "三"):
        await citizen.say(text)
    tickets = [request["ticket"] for request in dialogue.requests]
    assert tickets == sorted(tickets)
    assert len({tuple(ticket) for ticket in tickets}) == 3
    assert all(fence >= 1 for fence, _ in tickets)


async def test_after_a_turn_without_an_answer_no_process_is_told_what_it_may_remember(
    start_door, http, office, dialogue
):
    citizen = await Citizen.arrive(http, (await start_door()).url)
    await citizen.say("一")
    await citizen.say("二")
    dialogue.away = True
    await citizen.say("三", wait=0)
    await eventually(lambda: len(dialogue.calls) == 4)
    dialogue.away = False
    await eventually(lambda: "答:三" in office.texts(citizen.conversation_id))
    told = [request["previous"] for request in dialogue.requests]
    keys = [request["key"] for request in dialogue.requests]
    assert told[:3] == [None, keys[0], keys[1]]
    assert set(told[3:]) == {None}


async def test_a_lease_that_was_renewed_still_knows_the_last_turn(
    start_door, http, clock, dialogue
):
    citizen = await Citizen.arrive(http, (await start_door()).url)
    await citizen.say("一")
    clock.forward(2)
    await citizen.say("二")
    clock.forward(2)
    await citizen.send({"kind": "text", "text": "字大一点", "elder": True})
    told = [request["previous"] for request in dialogue.requests]
    assert told == [None, *(request["key"] for request in dialogue.requests[:2])]
    assert dialogue.requests[2]["elder"] is True


@given(bases=BASES, conversation=st.text(max_size=40))
def test_a_process_that_leaves_moves_no_conversation_but_its_own(bases, conversation):
    order = rendezvous(conversation, bases)
    assert sorted(order) == sorted(bases)
    for gone in bases:
        rest = [base for base in bases if base != gone]
        assert rendezvous(conversation, rest) == [base for base in order if base != gone]


def test_conversations_are_spread_evenly():
    bases = [f"http://127.0.0.1:{port}" for port in (5005, 5006, 5007, 5008)]
    counts = dict.fromkeys(bases, 0)
    for number in range(4000):
        counts[rendezvous(f"web-{number}", bases)[0]] += 1
    assert all(900 <= count <= 1100 for count in counts.values())
