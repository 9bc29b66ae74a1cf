"""Verification: five failures lock for an hour, and nobody learns who is known here."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

Json = dict[str, Any]
UNKNOWN = "999999198001010011"


def claim(citizen: Any, **changes: str) -> Json:
    return {
        "channel": "web",
        "identity": citizen.name,
        "id_number": citizen.id_number,
        "phone": citizen.phone,
    } | changes


async def test_an_applicant_proves_who_they_are_by_number_and_phone(
    citizen: Any, service: Any
) -> None:
    assert (await service.post("/people/verify", claim(citizen)))[1]["verified"] is False
    await citizen.apply()
    typed = claim(citizen, phone="+86 199-0000-0001")
    status, answer = await service.post("/people/verify", typed)
    assert (status, answer) == (200, {"verified": True, "locked_until": None})


async def test_somebody_unknown_and_a_wrong_phone_are_answered_alike(
    arrive: Any, service: Any
) -> None:
    known, asker, other = await arrive("a"), await arrive("b"), await arrive("c")
    await known.apply()
    wrong_phone = claim(asker, id_number=known.id_number, phone="19900000007")
    nobody = claim(other, id_number=UNKNOWN, phone="19900000007")
    for _ in range(6):
        first = await service.post("/people/verify", wrong_phone)
        second = await service.post("/people/verify", nobody)
        assert first == second
    assert first[1]["locked_until"] is not None


async def test_the_fifth_failure_locks_for_an_hour_even_with_the_right_phone(
    citizen: Any, service: Any, hands: Any
) -> None:
    await citizen.apply()
    wrong = claim(citizen, phone="19900000007")
    answers = [(await service.post("/people/verify", wrong))[1] for _ in range(5)]
    assert [answer["locked_until"] for answer in answers[:4]] == [None] * 4
    assert answers[4]["locked_until"] == "2026-11-23T10:00:00+08:00"
    assert (await service.post("/people/verify", claim(citizen)))[1]["verified"] is False
    hands.advance(minutes=59)
    assert (await service.post("/people/verify", claim(citizen)))[1]["verified"] is False
    hands.advance(minutes=1)
    assert (await service.post("/people/verify", claim(citizen)))[1]["verified"] is True


async def test_failures_of_an_hour_ago_are_forgotten(
    citizen: Any, service: Any, hands: Any
) -> None:
    wrong = claim(citizen, phone="19900000007")
    for _ in range(4):
        await service.post("/people/verify", wrong)
    hands.advance(minutes=61)
    assert (await service.post("/people/verify", wrong))[1]["locked_until"] is None


async def test_a_new_conversation_does_not_open_a_locked_number(arrive: Any, service: Any) -> None:
    known, thief = await arrive("a"), await arrive("b")
    await known.apply()
    for attempt in range(5):
        guess = claim(thief, id_number=known.id_number, phone=f"1990000010{attempt}")
        await service.post("/people/verify", guess | {"identity": f"fresh-{attempt}"})
    right = claim(thief, id_number=known.id_number, phone=known.phone)
    _, answer = await service.post("/people/verify", right)
    assert answer["verified"] is False


async def test_guesses_sent_at_once_are_counted_one_by_one(citizen: Any, service: Any) -> None:
    await citizen.apply()
    guesses = [claim(citizen, phone=f"199000001{n:02d}") for n in range(12)]
    await asyncio.gather(*(service.post("/people/verify", guess) for guess in guesses))
    _, answer = await service.post("/people/verify", claim(citizen))
    assert answer["verified"] is False


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"id_number": "999999900101123"}, "people.id_old"),
        ({"id_number": "99999919900101001"}, "people.id_short"),
        ({"id_number": "999999199001010017"}, "people.id_checksum"),
        ({"id_number": "999999199002300015"}, "people.id_birth"),
        ({"phone": "123"}, "people.phone"),
    ],
)
async def test_a_slip_of_the_pen_is_explained_and_counts_as_no_failure(
    citizen: Any, service: Any, change: dict[str, str], key: str
) -> None:
    for _ in range(6):
        status, answer = await service.post("/people/verify", claim(citizen, **change))
        assert (status, answer["error"]["key"]) == (422, key)
        assert answer["error"]["message"]
        assert next(iter(change.values())) not in json.dumps(answer)
    await citizen.apply()
    assert (await service.post("/people/verify", claim(citizen)))[1]["verified"] is True


async def test_one_id_number_is_one_person_however_often_they_apply(
    citizen: Any, office: Any
) -> None:
    await asyncio.gather(*(citizen.apply() for _ in range(4)))
    assert await office.database["people"].count_documents({}) == 1


@pytest.mark.parametrize("path", ["/people/verify", "/cases", "/reports"])
async def test_the_street_cannot_call_what_is_for_rooms(
    stranger: Any, login: Any, path: str
) -> None:
    assert (await stranger.post(path))[0] == 401
    agent = await login("agent")
    assert (await agent.post(path))[0] == 403
