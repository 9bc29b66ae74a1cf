"""接待时限: a talk is never a trap, whatever its clerk does or does not do."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from backend.app import open_office
from backend.clock import SHANGHAI
from backend.events import history
from backend.handoffs import release
from backend.handoffs.clock import tick


@pytest.fixture
def claimed(ask, login):
    """A talk that a clerk has: `handoff_id, clerk = await claimed("agent")`."""

    async def claim(username="agent", cid="c1"):
        handoff_id = (await ask(cid))["handoff_id"]
        clerk = await login(username)
        status, answer = await clerk.post(f"/desk/handoffs/{handoff_id}/claim")
        assert status == 200, answer
        return handoff_id, clerk

    return claim


async def types(office, handoff_id):
    """What has happened to a handoff."""
    events = await history(office.database, "handoff", handoff_id)
    return [event["type"] for event in events if event["type"].startswith("handoff.")]


async def test_a_clerk_who_lets_a_citizen_wait_is_warned_and_then_the_talk_is_released(
    service, claimed, ask, say, hands, office, notices, login
):
    handoff_id, agent = await claimed()
    await ask("c2")
    path = f"/desk/handoffs/{handoff_id}"
    await agent.post(f"{path}/messages", {"text": "您请说"})
    await say("户口簿丢了")
    hands.advance(seconds=119)
    await say("还在吗")
    await agent.get("/desk/handoffs")
    await tick(office)
    assert (await agent.get(path))[1]["release_at"] is None
    hands.advance(seconds=2)
    await tick(office)
    await tick(office)
    _, warned = await agent.get(path)
    assert warned["release_at"] == "2026-11-23T09:03:02+08:00"
    hands.advance(seconds=60)
    await agent.get("/desk/handoffs")
    await tick(office)
    await tick(office)
    _, view = await agent.get(path)
    assert (view["state"], view["claimed_by"], view["release_at"]) == ("waiting", None, None)
    assert view["opened_at"] == "2026-11-23T09:00:00+08:00", "the old place"
    assert [(note["by"], note["kind"]) for note in view["notes"]] == [("", "released")]
    assert "坐席小林" in view["notes"][0]["text"]
    assert (await notices())[-1].startswith("坐席小林临时走开了")
    assert await say("喂") == "bot"
    assert (await service.get("/conversations/c1/handoff"))[1]["waiting"] == 0
    steps = await types(office, handoff_id)
    assert steps == ["handoff.opened", "handoff.claimed", "handoff.answered", "handoff.warned",
                     "handoff.released"]  # fmt: skip
    status, refused = await agent.post(f"{path}/messages", {"text": "我回来了"})
    assert (status, refused["error"]["key"]) == (409, "handoff.not_claimed")


async def test_an_answer_in_time_keeps_the_talk(claimed, say, hands, office):
    handoff_id, agent = await claimed()
    path = f"/desk/handoffs/{handoff_id}"
    for _ in range(5):
        await say("请问")
        hands.advance(seconds=150)
        await agent.get("/desk/handoffs")
        await tick(office)
        await agent.post(f"{path}/messages", {"text": "是这样"})
        assert (await agent.get(path))[1]["release_at"] is None
    hands.advance(minutes=30)
    await agent.get("/desk/handoffs")
    await tick(office)
    assert (await agent.get(path))[1]["state"] == "claimed", "it is the citizen's turn"


async def test_who_claims_and_says_nothing_loses_the_talk(claimed, hands, office):
    handoff_id, agent = await claimed()
    hands.advance(seconds=181)
    await agent.get("/desk/handoffs")
    await tick(office)
    assert (await agent.get(f"/desk/handoffs/{handoff_id}"))[1]["state"] == "waiting"


async def test_the_clerks_time_stands_still_at_noon(claimed, say, hands, office):
    hands.time = datetime(2026, 11, 23, 11, 58, tzinfo=SHANGHAI)
    handoff_id, agent = await claimed()
    for hour, minute in ((12, 45), (13, 30)):
        hands.time = datetime(2026, 11, 23, hour, minute, tzinfo=SHANGHAI)
        await agent.get("/desk/handoffs")
        await tick(office)
    path = f"/desk/handoffs/{handoff_id}"
    assert (await agent.get(path))[1]["state"] == "claimed"
    hands.advance(seconds=62)
    await agent.get("/desk/handoffs")
    await tick(office)
    assert (await agent.get(path))[1]["state"] == "waiting"


async def test_who_closes_the_page_leaves_the_talk_to_the_queue_also_after_hours(
    service, claimed, hands, office, notices, say
):
    hands.time = datetime(2026, 11, 23, 16, 59, tzinfo=SHANGHAI)
    handoff_id, _ = await claimed()
    hands.advance(seconds=89)
    await tick(office)
    assert await say("在吗") == "staff"
    hands.advance(seconds=2)
    await tick(office)
    assert await say("人呢") == "bot"
    assert (await notices())[-1].startswith("坐席小林先离开了。您说的都留着，明天 9:00 有人接着办")
    _, waits = await service.get("/conversations/c1/handoff")
    assert (waits["handoff_id"], waits["state"]) == (handoff_id, "waiting")


async def test_a_log_out_in_the_middle_releases_the_talk_at_once(claimed, say, office, notices):
    handoff_id, agent = await claimed()
    other_id, colleague = await claimed("agent2", "c2")
    assert (await agent.post("/staff/logout"))[0] == 204
    assert await say("您好") == "bot"
    assert (await notices())[-1].startswith("坐席小林临时走开了")
    assert await say("您好", "c2") == "staff"
    _, view = await colleague.get(f"/desk/handoffs/{handoff_id}")
    assert (view["state"], view["notes"][0]["text"]) == (
        "waiting",
        "坐席小林退出了登录，自动退回排队。",
    )
    assert (await colleague.get(f"/desk/handoffs/{other_id}"))[1]["state"] == "claimed"


async def test_who_is_at_two_desks_leaves_nothing_by_logging_out_of_one(claimed, login, say):
    _, agent = await claimed()
    await login("agent")
    await agent.post("/staff/logout")
    assert await say("您好") == "staff"


async def test_an_account_switched_off_leaves_its_talks(claimed, say, login, office):
    handoff_id, agent = await claimed()
    admin = await login("admin")
    _, me = await agent.get("/staff/me")
    assert (await admin.post(f"/staff/{me['id']}/disable"))[0] == 200
    assert await say("还在吗") == "bot"
    colleague = await login("agent2")
    assert (await colleague.post(f"/desk/handoffs/{handoff_id}/claim"))[0] == 200


async def test_a_session_that_was_ended_by_a_new_password_is_nobody(claimed, login, hands, office):
    handoff_id, agent = await claimed()
    admin = await login("admin")
    _, me = await agent.get("/staff/me")
    await admin.post(f"/staff/{me['id']}/password", {"password": "another-password-1"})
    await tick(office)
    assert (await admin.get(f"/desk/handoffs/{handoff_id}"))[1]["state"] == "waiting"


async def test_a_talk_that_came_back_is_claimed_anew_and_its_citizen_is_told(
    claimed, login, notices
):
    handoff_id, agent = await claimed()
    await agent.post("/staff/logout")
    agent = await login("agent")
    assert (await agent.post(f"/desk/handoffs/{handoff_id}/claim"))[0] == 200
    assert (await notices())[-1] == "坐席小林来了，您直接说就行。"


async def test_after_three_minutes_the_citizen_is_told_once_and_the_desk_rings(
    ask, hands, office, notices
):
    handoff_id = (await ask())["handoff_id"]
    hands.advance(seconds=178)
    await tick(office)
    assert await notices() == []
    hands.advance(seconds=2)
    await tick(office)
    await tick(office)
    assert [told[:7] for told in await notices()] == ["还在给您找人，"]
    assert (await types(office, handoff_id)).count("handoff.overdue") == 1


async def test_whoever_may_be_in_danger_is_told_whom_to_call(ask, hands, office, notices):
    await ask(reason="safety")
    hands.advance(minutes=3)
    await tick(office)
    assert "110" in (await notices())[0]


async def test_nobody_is_told_at_night_that_it_takes_longer(ask, hands, office, notices):
    hands.time = datetime(2026, 11, 22, 22, tzinfo=SHANGHAI)
    await ask()
    hands.advance(hours=3)
    await tick(office)
    hands.time = datetime(2026, 11, 23, 9, 2, 59, tzinfo=SHANGHAI)
    await tick(office)
    assert await notices() == []
    hands.advance(seconds=1)
    await tick(office)
    assert len(await notices()) == 1


async def test_whoever_waits_at_a_closing_is_told_when_people_are_back(
    service, ask, hands, office, notices
):
    hands.time = datetime(2026, 11, 23, 11, 59, tzinfo=SHANGHAI)
    await ask()
    for _ in range(2):
        hands.time = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)
        await tick(office)
    (told,) = await notices()
    assert "今天 13:30 接着给您找人" in told
    hands.time = datetime(2026, 11, 23, 13, 40, tzinfo=SHANGHAI)
    await tick(office)
    hands.time = datetime(2026, 11, 23, 17, 0, tzinfo=SHANGHAI)
    await tick(office)
    kinds = [told[:6] for told in await notices()]
    assert kinds == ["同事们这会儿", "还在给您找人", "同事们这会儿"]
    await service.post("/conversations/c1/handoff/leave", {})
    hands.time = datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI)
    await tick(office)
    assert len(await notices()) == 3


async def test_a_clock_that_slept_over_a_closing_tells_nobody_what_is_no_longer_so(
    ask, hands, office, notices
):
    await ask()
    hands.time = datetime(2026, 11, 24, 9, 30, tzinfo=SHANGHAI)
    await tick(office)
    assert [told[:6] for told in await notices()] == ["还在给您找人"]


async def test_two_processes_do_what_is_due_once(
    claimed, ask, hands, office, notices, login, settings
):
    handoff_id, _ = await claimed()
    await ask("c2")
    hands.advance(minutes=4)
    async with open_office(settings, office.replies, hands) as other:
        await asyncio.gather(*(tick(one) for one in (office, other) * 3))
    assert (await types(office, handoff_id)).count("handoff.released") == 1
    assert len(await notices()) == 2
    assert len(await notices("c2")) == 1
    again = await login("agent2")
    assert (await again.post(f"/desk/handoffs/{handoff_id}/claim"))[0] == 200


async def test_a_clerk_who_answers_while_the_talk_is_released_is_told_or_keeps_it(
    claimed, hands, office
):
    handoff_id, agent = await claimed()
    hands.advance(seconds=181)
    path = f"/desk/handoffs/{handoff_id}"
    await agent.get("/desk/handoffs")
    (status, _), _ = await asyncio.gather(
        agent.post(f"{path}/messages", {"text": "来了"}), tick(office)
    )
    _, view = await agent.get(path)
    assert (status, view["state"]) in {(200, "claimed"), (409, "waiting")}


async def test_a_release_that_died_in_the_middle_left_nothing_half_done(
    claimed, hands, office, say, notices, monkeypatch
):
    await claimed()
    hands.advance(minutes=2)
    before = await notices()

    async def die(*_, **__):
        raise RuntimeError("kill -9")

    with monkeypatch.context() as patch:
        patch.setattr(release, "moved", die)
        with pytest.raises(RuntimeError):
            await tick(office)
    assert await say("在吗") == "staff"
    assert await notices() == before
    await tick(office)
    assert await say("人呢") == "bot"
    assert len(await notices()) == len(before) + 1


async def test_many_requests_at_once_give_one_sign_of_life(login, hands):
    agent = await login("agent")
    hands.advance(seconds=20)
    answers = await asyncio.gather(*(agent.get("/staff/me") for _ in range(20)))
    assert {status for status, _ in answers} == {200}
