"""Bad input gets a clear, polite answer or a 4xx with a key; never a 500, never silence."""

from __future__ import annotations

import io
import json
import uuid
from typing import Any

import aiohttp
import pytest
from phone_files import pdf


@pytest.fixture
async def door(house: Any, http: aiohttp.ClientSession) -> Any:
    """A function that posts raw bytes to a fresh conversation: → (status, JSON)."""
    async with http.post(f"{house.origin}/channels/web/conversations", json={}) as answer:
        token = (await answer.json())["token"]

    async def post(path: str, body: Any, content_type: str | None = "application/json") -> Any:
        headers = {"Authorization": f"Bearer {token}", "Prefer": "wait=20"}
        if content_type:
            headers["Content-Type"] = content_type
        async with http.post(
            f"{house.origin}/channels/web{path}", data=body, headers=headers
        ) as sent:
            return sent.status, json.loads(await sent.text())

    return post


def message(**fields: Any) -> bytes:
    return json.dumps({"client_msg_id": uuid.uuid4().hex, "kind": "text", **fields}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe\x00",
        b'{"client_msg_id": "a", "kind": "text", "text": "\xff\xff"}',
        b'{"client_msg_id": "a", "kind": "text", "text": "\\ud800"}',
        message(text=""),
        message(text=" \u3000\n"),
        message(text="字" * 100_000),
        message(text=7),
        message(text=None),
        message(kind="nonsense", text="你好"),
        message(kind="button", text="x", payload="not a payload"),
        message(kind="location", location={"lat": 999, "lon": 104.0, "system": "wgs84"}),
        message(kind="location", location={"lat": "x", "lon": 104.0}),
        message(kind="location"),
        message(kind="photo", media_ids=["../../etc/passwd"]),
        message(kind="photo", media_ids=[]),
        b'{"client_msg_id": {"$gt": ""}, "kind": "text", "text": "hi"}',
    ],
)
async def test_a_malformed_message_is_refused_with_a_key(door: Any, body: bytes) -> None:
    status, answer = await door("/messages", body)
    assert 400 <= status < 500, (status, answer)
    assert answer["error"]["key"]
    assert answer["error"]["message"]


@pytest.mark.parametrize(
    "text",
    [
        "😀😀😀", "/restart", "/ask_human", "/", "\\", "{{7*7}}", "<script>alert(1)</script>",
        "' OR 1=1 --", "\u202e\u200b零宽", "字" * 3000, "1", "？？？", "$ne", "\x01 控制符",
    ],
)  # fmt: skip
async def test_strange_text_gets_a_polite_answer(talk: Any, text: str) -> None:
    speaker = await talk()
    assert await speaker.say(text)


@pytest.mark.parametrize(
    "payload", ["/restart", "/session_start", "/back", '/ask_guide{"item_code":', "/inform[]", "/x"]
)
async def test_a_forged_button_gets_a_polite_answer_and_commands_nothing(
    talk: Any, payload: str
) -> None:
    speaker = await talk()
    await speaker.say("我要申请高龄津贴")
    assert await speaker.send(kind="button", text="x", payload=payload)
    assert "王桂兰" not in await speaker.say("王桂兰")
    assert "身份证" in speaker.text


async def test_a_typed_command_is_text_and_opens_no_handoff(talk: Any, clerk: Any) -> None:
    agent = await clerk("agent")
    before = len((await agent.get("/desk/handoffs?state=waiting"))["handoffs"])
    await (await talk()).say("/ask_human")
    assert len((await agent.get("/desk/handoffs?state=waiting"))["handoffs"]) == before


@pytest.mark.parametrize(
    ("content", "status", "key"),
    [
        (b"MZ\x90\x00" + b"\0" * 2000, 415, "media.unsupported"),
        (b"\xff\xd8\xff" + b"not really a picture" * 10, 415, "media.broken"),
        (b"", 400, "media.missing"),
        (b"\xff\xd8\xff" + b"\0" * (50 * 1024 * 1024), 413, "media.too_large"),
    ],
    ids=["a program called .jpg", "a broken picture", "nothing", "50 MB"],
)
async def test_a_bad_upload_is_refused_with_a_key(
    door: Any, content: bytes, status: int, key: str
) -> None:
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(content), filename="photo.jpg", content_type="image/jpeg")
    answered, answer = await door("/media", form, None)
    assert (answered, answer["error"]["key"]) == (status, key)


async def test_a_pdf_called_jpg_is_kept_as_what_it_is(door: Any) -> None:
    form = aiohttp.FormData()
    form.add_field("file", pdf(), filename="photo.jpg", content_type="image/jpeg")
    status, answer = await door("/media", form, None)
    assert (status, answer["mime"]) == (201, "application/pdf")


async def test_a_strangers_token_opens_nothing(house: Any, http: aiohttp.ClientSession) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp4"}):
        async with http.get(f"{house.origin}/channels/web/messages", headers=headers) as answer:
            assert answer.status == 401
            assert (await answer.json())["error"]["key"]
