"""Citizens who want a person, and what they say meanwhile."""

from __future__ import annotations

import pytest

AT = "2026-11-23T09:00:00+08:00"


@pytest.fixture
async def cid(service):
    """A citizen's conversation."""
    await service.put("/conversations/c1", {"channel": "web", "identity": "browser-1"})
    return "c1"


@pytest.fixture
def ask(service, hands):
    """Ask for a person: `await ask("c1")` gives the answer; a second later the next one may."""

    async def asked(cid="c1", reason="asked", **more):
        await service.put(f"/conversations/{cid}", {"channel": "web", "identity": cid})
        body = {"conversation_id": cid, "reason": reason, "summary": ""} | more
        status, answer = await service.post("/handoffs", body)
        assert status == 200, answer
        hands.advance(seconds=1)
        return answer

    return asked


@pytest.fixture
def say(service, hands):
    """Let a citizen say something now: `await say("有人吗")` gives who answers."""

    async def said(text, cid="c1", key=None):
        message = {
            "key": key or f"{text}:{hands.now().isoformat()}",
            "direction": "in",
            "author": {"kind": "citizen"},
            "body": {"kind": "text", "text": text},
            "at": hands.now().isoformat(),
        }
        status, answer = await service.post(f"/conversations/{cid}/messages", message)
        assert status == 200, answer
        return answer["owner"]

    return said


@pytest.fixture
def notices(service):
    """What the office itself has told a citizen: `await notices()`."""

    async def told(cid="c1"):
        _, log = await service.get(f"/conversations/{cid}/messages?limit=500")
        return [
            message["body"]["text"]
            for message in log["messages"]
            if message["body"]["kind"] == "notice"
        ]

    return told
