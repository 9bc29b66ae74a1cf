"""A message's way to its replies: once, in order, whoever does the work."""

from __future__ import annotations

import asyncio


async def test_a_citizen_who_waits_gets_the_replies_in_the_same_answer(citizen, office):
    answer = await citizen.say("补身份证")
    assert answer.status == 200
    assert answer.json["done"] is True
    assert answer.texts == ["答:补身份证"]
    assert office.texts(citizen.conversation_id) == ["补身份证", "答:补身份证"]
