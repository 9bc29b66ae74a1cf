"""Work besides the turns: it outlives a defect, and staff come to know what did not arrive."""

from __future__ import annotations

import asyncio

import pytest
from eventually import eventually

from bot.background import Background
from bot.outbox.model import NewReply
from bot.outbox.reporting import DeliveryReporter
from standards.tasks import ended


@pytest.fixture
async def outbox(door):
    """The outbox of a running door, with one reply that nobody is sending."""
    await door.door.outbox.add(
        "c1", [NewReply("web:1:0", {"kind": "text", "text": "办好了"})], first_order=1
    )
    return door.door.outbox


@pytest.fixture
async def reporter(door, outbox):
    """A reporter that looks when the test says so; the door's own one rests."""
    await door.door.reporter.__aexit__(None, None, None)
    return DeliveryReporter(outbox, door.door.office)


async def test_a_reply_that_arrives_at_once_is_not_spoken_of(reporter, outbox, office):
    await outbox.mark_sent("web:1:0", 7)
    await reporter.report()
    assert office.deliveries == []


async def test_a_refused_reply_is_told_once_and_again_when_it_changes(
    reporter, outbox, office, clock
):
    await outbox.mark_failed_try("web:1:0", "wechat.45047", clock())
    await reporter.report()
    await reporter.report()
    told = [
        (one["reply"], one["state"], one["attempts"], one["reason"]) for one in office.deliveries
    ]
    assert told == [("web:1:0", "pending", 1, "wechat.45047")]
    await outbox.mark_failed_try("web:1:0", "wechat.48001", None)
    await reporter.report()
    await reporter.report()
    assert [one["state"] for one in office.deliveries] == ["pending", "failed"]
    assert office.deliveries[-1]["next_try_at"] is None


async def test_what_could_not_be_reported_is_reported_later(reporter, outbox, office, clock):
    await outbox.park("web:1:0", "wechat.45015")
    office.away = True
    await reporter.report()
    assert office.deliveries == []
    office.away = False
    await reporter.report()
    assert [one["state"] for one in office.deliveries] == ["parked"]


class Stumbling(Background):
    """Work with a defect at its first attempt."""

    work_name = "stumbling"

    def __init__(self) -> None:
        self.attempts = 0

    async def _run(self) -> None:
        self.attempts += 1
        if self.attempts == 1:
            raise KeyError("a defect")
        await asyncio.Event().wait()


async def test_work_in_the_background_goes_on_after_a_defect():
    async with Stumbling() as work:
        await eventually(lambda: work.attempts == 2)


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
