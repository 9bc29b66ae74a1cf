"""Work that goes on by itself outlives its own failures, and ends with the office."""

from __future__ import annotations

import asyncio

from backend.background import every
from standards.tasks import ended


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


async def test_work_that_takes_its_end_for_something_else_ends_all_the_same(monkeypatch):
    monkeypatch.setattr("standards.tasks._CANCEL_AGAIN_SECONDS", 0.01)
    ends = []

    async def wait():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ends.append("taken for a time limit")

    async def work():
        while len(ends) < 3:
            await wait()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await asyncio.wait_for(ended([task]), 5)
    assert task.done()
    assert len(ends) == 3
