"""How late the process is counts against the five seconds, from the callback's arrival on."""

from __future__ import annotations

import asyncio
import time

from bot.channels.wechat.guests import Guests
from bot.channels.wechat.pulse import Pulse
from bot.channels.wechat.waiting import PassiveReply
from bot.channels.wechat.windows import Window
from bot.lease_store import FREE
from bot.wakeups import Bell


def passive(pulse):
    """Return a passive reply of 4.2 s that has nothing to talk to."""
    reply = PassiveReply(None, None, None, None, 4.2)
    reply.pulse = pulse
    return reply


async def test_a_loop_that_stands_still_is_late_and_recovers():
    async with Pulse() as pulse:
        await asyncio.sleep(0.15)
        assert pulse.late < 0.1
        time.sleep(0.4)
        assert pulse.late >= 0.3, "before the beat that is overdue"
        await asyncio.sleep(0.01)
        assert pulse.late >= 0.25, "and after it"
        await asyncio.sleep(1.5)
        assert pulse.late < 0.2


async def test_a_late_process_waits_less_for_the_turn_and_answers_earlier():
    class Late(Pulse):
        late = 0.5

    now = asyncio.get_running_loop().time()
    punctual, late = passive(Pulse()).deadlines(), passive(Late()).deadlines()
    assert 4.1 < punctual.wait - now < 4.3
    assert 3.1 < late.wait - now < 3.3
    assert 3.5 < late.answer - now < 3.7


async def test_when_very_many_callbacks_wait_the_next_is_only_acknowledged():
    reply, bell = passive(Pulse()), Bell()
    guests = [reply.guests.welcome(f"wechat:{number}", bell) for number in range(256)]
    for guest in guests:
        guest.__enter__()
    now = asyncio.get_running_loop().time()
    assert reply.deadlines().wait - now < 0.1
    assert reply.deadlines().answer - now > 4
    for guest in guests:
        guest.__exit__(None, None, None)
    assert reply.deadlines().wait - now > 4


async def test_an_answer_is_handed_to_every_callback_that_waits_and_one_writing_is_enough():
    guests, bell = Guests(), Bell()
    answer = Window("wechat:1", "given", FREE, "答")
    assert not guests.expect("wechat:1")
    assert not await guests.hand(answer)
    with guests.welcome("wechat:1", bell) as gone, guests.welcome("wechat:1", bell) as there:
        assert guests.expect("wechat:1")
        handing = asyncio.create_task(guests.hand(answer))
        assert await there.answer == answer
        assert gone.answer.done()
        gone.leave(written=False)
        there.leave(written=True)
        assert await handing


async def test_an_expected_answer_that_nobody_wrote_is_known_to_be_unsaid():
    guests, bell = Guests(), Bell()
    with guests.welcome("wechat:1", bell):
        guests.expect("wechat:1")
        assert not guests.unsaid("wechat:1"), "it may still be written"
    assert guests.unsaid("wechat:1")
    with guests.welcome("wechat:1", bell) as retry:
        retry.leave(written=True)
    assert not guests.unsaid("wechat:1")


async def test_a_callback_that_leaves_takes_nothing_any_more():
    guests, bell = Guests(), Bell()
    with guests.welcome("wechat:1", bell) as guest:
        guests.forget("wechat:1", guest)
        assert not await guests.hand(Window("wechat:1", "given", FREE, "答"))
    assert len(guests) == 0
