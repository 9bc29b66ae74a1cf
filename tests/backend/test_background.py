"""Work that goes on by itself outlives its own failures, and ends with the office."""

from __future__ import annotations

import asyncio

from backend.background import every


async def test_a_run_that_failed_is_made_up_for_by_the_next_one(office):
    runs = []
    done = asyncio.Event()

    async def work(_office):
        runs.append(len(runs))
        if len(runs) == 1:
            raise ValueError("a defect")
        done.set()

    async with every(office, 0.01, "test", work):
        await asyncio.wait_for(done.wait(), 5)
    count = len(runs)
    await asyncio.sleep(0)
    assert len(runs) == count >= 2


async def test_closing_ends_the_wait_for_the_next_run(office):
    async def work(_office):
        raise AssertionError("nothing runs any more")

    async with every(office, 60, "test", work):
        await asyncio.sleep(0)
        office.wakeups.close()
