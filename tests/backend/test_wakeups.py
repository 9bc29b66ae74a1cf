"""Wake-ups save waiting, and nothing depends on them."""

from __future__ import annotations

import asyncio

from backend.wakeups import Wakeups

NOWHERE = "redis://127.0.0.1:1/0"


async def rung(bell, timeout=5.0):
    """Whether a bell rings well before its timeout."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    await bell.wait(timeout)
    return loop.time() - start < timeout / 2


async def test_another_process_is_woken(redis_url):
    here, there = Wakeups(redis_url), Wakeups(redis_url)
    async with here.running(), there.running():
        with there.bell("events") as bell:
            ringing = asyncio.create_task(ring_until_heard(here))
            assert await rung(bell)
            ringing.cancel()


async def ring_until_heard(wakeups):
    """Ring again and again: the other side may not have subscribed yet."""
    while True:
        wakeups.ring("events")
        await asyncio.sleep(0.02)


async def test_without_redis_this_process_is_still_woken_at_once():
    wakeups = Wakeups(NOWHERE)
    async with wakeups.running():
        with wakeups.bell("events") as bell:
            wakeups.ring("events")
            assert await rung(bell)


async def test_whoever_rings_does_not_wait_for_a_redis_that_hangs():
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    wakeups = Wakeups(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0")
    async with wakeups.running():
        with wakeups.bell("events") as bell:
            for _ in range(20_000):
                wakeups.ring("events")
            assert await rung(bell)
    server.close()


async def test_a_ring_between_the_look_and_the_wait_is_not_missed():
    wakeups = Wakeups(None)
    with wakeups.bell("events") as bell:
        wakeups.ring("events")
        assert await rung(bell)


async def test_a_bell_of_another_name_stays_silent():
    wakeups = Wakeups(None)
    with wakeups.bell("events") as bell:
        wakeups.ring("outgoing")
        assert not await rung(bell, timeout=0.05)


async def test_closing_sends_everybody_home():
    wakeups = Wakeups(None)
    with wakeups.bell("events") as bell:
        wakeups.close()
        assert await rung(bell)
        assert wakeups.closing
