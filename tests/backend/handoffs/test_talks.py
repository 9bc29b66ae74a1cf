"""接待: a talk goes from hand to hand, and whoever comes next knows what was before."""

from __future__ import annotations

import pytest

ID_NUMBER = "110" + "000199001010028"
PHONE = "19900000001"


@pytest.fixture
def claimed(ask, login):
    """A talk that a clerk has: `path, clerk = await claimed("agent")`."""

    async def claim(username="agent", cid="c1", **more):
        handoff_id = (await ask(cid, **more))["handoff_id"]
        clerk = await login(username)
        status, answer = await clerk.post(f"/desk/handoffs/{handoff_id}/claim")
        assert status == 200, answer
        return f"/desk/handoffs/{handoff_id}", clerk

    return claim


async def account(caller):
    """The id of somebody's account."""
    return (await caller.get("/staff/me"))[1]["id"]


async def test_a_talk_is_given_to_a_colleague_who_is_there(claimed, login, say, notices):
    path, agent = await claimed()
    colleague = await login("agent2")
    _, listed = await agent.get("/desk/colleagues")
    assert [(one["name"], one["talks"]) for one in listed["colleagues"]] == [("坐席小周", 0)]
    to = listed["colleagues"][0]["id"]
    status, view = await agent.post(f"{path}/transfer", {"to": to, "why": "要问户籍"})
    assert (status, view["state"], view["claimed_by"]["name"]) == (200, "claimed", "坐席小周")
    assert (await notices())[-1].startswith("坐席小林请坐席小周来接着帮您")
    assert await say("你好") == "staff"
    assert (await agent.post(f"{path}/messages", {"text": "x"}))[0] == 403
    assert (await colleague.post(f"{path}/messages", {"text": "您好"}))[0] == 200
    (note,) = (await colleague.get(path))[1]["notes"]
    assert (note["by"], note["kind"], note["text"]) == ("坐席小林", "transferred", "要问户籍")


async def test_a_talk_is_not_given_to_somebody_who_is_not_there(claimed, login, hands):
    path, agent = await claimed()
    colleague = await account(await login("agent2"))
    approver = await account(await login("approver"))
    hands.advance(seconds=61)
    for to in (colleague, approver, "nobody"):
        status, refused = await agent.post(f"{path}/transfer", {"to": to, "why": "换人"})
        assert (status, refused["error"]["key"]) == (409, "handoff.colleague_away")


async def test_a_talk_goes_back_to_the_queue_in_its_old_place(
    service, claimed, ask, say, notices, login
):
    path, agent = await claimed()
    await ask("c2")
    other = await login("agent2")
    assert (await other.post(f"{path}/transfer", {"to": None, "why": "我来"}))[0] == 403
    status, view = await agent.post(f"{path}/transfer", {"to": None, "why": "要懂社保的同事"})
    assert (status, view["state"]) == (200, "waiting")
    assert (view["notes"][0]["by"], view["notes"][0]["text"]) == ("坐席小林", "要懂社保的同事")
    assert (await service.get("/conversations/c1/handoff"))[1]["waiting"] == 0
    assert await say("你好") == "bot"
    assert "转给别的同事" in (await notices())[-1]


async def test_a_supervisor_takes_over_whoever_has_it(claimed, login, ask, notices, say):
    path, agent = await claimed()
    supervisor = await login("supervisor")
    assert (await agent.post(f"{path}/take-over"))[0] == 403
    status, view = await supervisor.post(f"{path}/take-over")
    assert (status, view["claimed_by"]["name"]) == (200, "主管老赵")
    assert (await notices())[-1].startswith("主管老赵来接着帮您")
    assert (await agent.post(f"{path}/messages", {"text": "x"}))[0] == 403
    assert (await supervisor.post(f"{path}/messages", {"text": "您好"}))[0] == 200
    assert await say("好") == "staff"
    status, again = await supervisor.post(f"{path}/take-over")
    assert (status, again["error"]["key"]) == (409, "handoff.has_it")
    waiting = (await ask("c2"))["handoff_id"]
    status, view = await supervisor.post(f"/desk/handoffs/{waiting}/take-over")
    assert (status, view["state"]) == (200, "claimed")


async def test_a_supervisor_gives_a_colleagues_talk_to_another(claimed, login):
    path, _ = await claimed()
    supervisor = await login("supervisor")
    to = await account(await login("agent2"))
    status, view = await supervisor.post(f"{path}/transfer", {"to": to, "why": "小林去开会"})
    assert (status, view["claimed_by"]["id"]) == (200, to)


async def test_the_note_of_a_talk_is_read_by_the_next_one(claimed, ask, login, office):
    path, agent = await claimed()
    await agent.post(f"{path}/return", {"why": f"已答复，请查发放，他的电话{PHONE}"})
    kept = str(await office.database["handoffs"].find_one({}))
    assert PHONE not in kept
    assert "查发放" not in kept
    second = f"/desk/handoffs/{(await ask())['handoff_id']}"
    colleague = await login("agent2")
    _, view = await colleague.get(second)
    (note,) = view["earlier_notes"]
    assert (note["by"], note["kind"]) == ("坐席小林", "returned")
    assert note["text"] == "已答复，请查发放，他的电话199****0001"
    assert view["notes"] == []


async def test_who_waited_for_nobody_is_told_so(claimed, ask, login, notices):
    path, agent = await claimed()
    await agent.post(f"{path}/close", {"why": "说完了"})
    assert (await notices())[-1].startswith("人工服务结束了")
    second = (await ask())["handoff_id"]
    await agent.post(f"/desk/handoffs/{second}/close", {"why": "误触"})
    assert (await notices())[-1].startswith("这次没有同事接上")


async def test_ended_talks_are_found_again(service, claimed, ask, login):
    path, agent = await claimed(summary="查 BJ2026112200001 的进度")
    await agent.post(f"{path}/return", {"why": "另见 gd 20261122 00007"})
    danger, other = await claimed("agent2", "c2", reason="safety")
    await other.post(f"{danger}/close")
    await ask("c3")
    await service.post("/conversations/c3/handoff/leave")
    still_waits = (await ask("c4"))["handoff_id"]

    async def found(query):
        status, listed = await agent.get(f"/desk/handoffs?{query}")
        assert status == 200, listed
        assert listed["total"] >= len(listed["handoffs"])
        return [(row["conversation_id"], row["state"]) for row in listed["handoffs"]]

    everything = [("c3", "left"), ("c2", "closed"), ("c1", "returned")]
    assert await found("state=ended") == everything
    assert await found("state=ended&limit=2") == everything[:2]
    assert await found("state=ended&limit=2&page=2") == everything[2:]
    assert await found("state=left") == everything[:1]
    for q in ("小林", "BJ2026112200001", "bj 20261122 00001", "GD2026112200007", path[15:]):
        assert await found(f"state=ended&q={q}") == everything[2:], q
    assert await found("state=ended&q=危险") == everything[1:2]
    assert await found("state=ended&q=张三") == []
    assert await found(f"q={still_waits}") == [("c4", "waiting")]
    assert await found("") == [("c4", "waiting")]


async def test_what_the_citizen_wrote_is_shown_in_clear_for_a_reason_that_is_kept(
    service, claimed, say, login, office, hands
):
    await service.put("/conversations/c1", {"channel": "web", "identity": "c1"})
    await say(f"身份证{ID_NUMBER}")
    hands.advance(seconds=1)
    path, agent = await claimed()
    await say(f"打我电话{PHONE}")
    words = {"text": "下午打", "phone": PHONE}
    await service.post("/conversations/c1/handoff/words", words)
    _, view = await agent.get(path)
    assert view["words"][0]["phone"] == "199****0001"

    status, shown = await agent.post(f"{path}/reveal", {"why": "电话核实来人身份"})
    assert status == 200
    assert [message["body"]["text"] for message in shown["messages"]] == [f"打我电话{PHONE}"]
    assert shown["words"][0]["phone"] == PHONE
    _, log = await agent.get(f"{path}/messages")
    earlier = log["messages"][0]
    assert earlier["body"]["text"] == "身份证110***********0028"
    body = {"why": "核对证件号码位数", "message_id": earlier["message_id"]}
    _, shown = await agent.post(f"{path}/reveal", body)
    assert [message["body"]["text"] for message in shown["messages"]] == [f"身份证{ID_NUMBER}"]
    assert shown["words"] == []
    none = {"why": "核对来人说的地址", "message_id": "none"}
    assert (await agent.post(f"{path}/reveal", body | none))[0] == 404
    assert (await agent.post(f"{path}/reveal", {}))[0] == 422

    noted = office.database["access_log"].find({"action": "messages.reveal"})
    assert [one["why"] async for one in noted] == ["电话核实来人身份", "核对证件号码位数"]
    other, admin = await login("agent2"), await login("admin")
    assert (await other.post(f"{path}/reveal", {"why": "好奇"}))[0] == 403
    assert (await admin.post(f"{path}/reveal", {"why": "好奇"}))[0] == 403
    supervisor = await login("supervisor")
    assert (await supervisor.post(f"{path}/reveal", {"why": "市民投诉要查对话"}))[0] == 200
    auditor = await login("auditor")
    assert (await auditor.get("/supervision/integrity"))[1]["intact"] is True


async def test_public_numbers_stay_readable_at_the_desk(service, ask, login):
    text = f"公安窗口 000-12340110，大厅 000-12345000，热线 12345 12356，我的 {PHONE}"
    handoff_id = (await ask(summary=text))["handoff_id"]
    reply = {
        "key": "k",
        "direction": "out",
        "author": {"kind": "bot"},
        "body": {"kind": "text", "text": text},
        "at": "2026-11-23T09:00:00+08:00",
    }
    await service.post("/conversations/c1/messages", reply)
    agent = await login("agent")
    masked = text.replace(PHONE, "199****0001")
    _, log = await agent.get(f"/desk/handoffs/{handoff_id}/messages")
    assert log["messages"][0]["body"]["text"] == masked
    assert (await agent.get(f"/desk/handoffs/{handoff_id}"))[1]["summary"] == masked
    assert (await agent.get("/desk/handoffs"))[1]["handoffs"][0]["summary"] == masked


@pytest.mark.parametrize("text", ["\u200b\u200b", "\u202e\u2066", " \u3164 ", "\u2060\ufe0f", "\n"])
async def test_a_bubble_in_which_nothing_is_seen_is_refused_in_words(claimed, text):
    path, agent = await claimed()
    status, refused = await agent.post(f"{path}/messages", {"text": text})
    assert status == 422
    if text.strip():
        assert refused["error"]["key"] == "request.blank"
        assert "看得见的字" in refused["error"]["message"]


async def test_what_turns_the_reading_direction_round_is_taken_out(claimed, service):
    path, agent = await claimed()
    said = "请带\u202e证件\u2069，一家人 👨\u200d👩\u200d👧 都来"
    assert (await agent.post(f"{path}/messages", {"text": said}))[0] == 200
    _, log = await service.get("/conversations/c1/messages")
    assert log["messages"][-1]["body"]["text"] == "请带证件，一家人 👨\u200d👩\u200d👧 都来"


@pytest.mark.parametrize("after", [0, 2])
@pytest.mark.parametrize(
    ("kind", "said", "masked"),
    [("name", "厉霜弦", "厉**"), ("address", "云溪区霜凛巷7号", "云*******"),
     ("address", "跳过", "跳过")],
)  # fmt: skip
async def test_the_answer_to_a_personal_question_is_masked(
    service, claimed, say, after, kind, said, masked
):
    path, agent = await claimed()
    asked = [
        {"kind": "text", "text": "请问怎么称呼，住在哪里？", "asks": kind},
        {"kind": "notice", "text": "换了一台手机接着说。"},
    ]
    for place, body in enumerate(asked):
        message = {
            "key": f"c1:bot:{place}", "direction": "out", "author": {"kind": "bot"},
            "body": body, "at": "2026-11-22T09:00:00+08:00",
        }  # fmt: skip
        status, answer = await service.post("/conversations/c1/messages", message)
        assert status == 200, answer
    await say(said)
    await say("转人工")
    _, log = await agent.get(f"{path}/messages?after={after}")
    shown = [one["body"]["text"] for one in log["messages"] if one["direction"] == "in"]
    assert shown == [masked, "转人工"]
    _, seen = await agent.post(f"{path}/reveal", {"why": "电话核实老人姓名"})
    assert said in [one["body"].get("text") for one in seen["messages"]]
