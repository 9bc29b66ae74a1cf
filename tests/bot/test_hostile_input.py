"""Bad input gets a key and a polite sentence, never a 5xx, and never its own words back."""

from __future__ import annotations

import io
import json
import tracemalloc

import aiohttp
import pytest
from citizen import Citizen

TEXT = {"kind": "text", "text": "好"}
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 64
MARK = "回声"

MESSAGES = [
    ({"kind": "text", "text": ""}, 400, "message.empty"),
    ({"kind": "text", "text": " \n\t　"}, 400, "message.empty"),
    ({"kind": "text", "text": "\u200b\u200b"}, 400, "message.empty"),
    ({"kind": "text", "text": "\u202e\u2066 \u3164"}, 400, "message.empty"),
    ({"kind": "text", "text": f"{MARK}\0"}, 400, "message.broken"),
    ({"kind": "button", "payload": "/ask_human\0"}, 400, "message.broken"),
    ({"kind": "location", "location": {"lat": 1, "lon": 1, "label": "\0"}}, 400, "message.broken"),
    ({"kind": "text"}, 400, "message.empty"),
    ({"kind": "text", "text": 5}, 400, "message.broken"),
    ({"kind": "text", "text": MARK * 3000}, 413, "message.too_long"),
    ({"kind": "text", "text": "长" * 100_000}, 413, "message.too_long"),
    ({"kind": "dance", "text": MARK}, 400, "message.kind"),
    ({"text": MARK}, 400, "message.kind"),
    ({"kind": "button", "text": MARK}, 400, "message.payload"),
    ({"kind": "button", "payload": MARK}, 400, "message.payload"),
    ({"kind": "button", "payload": "/" + "x" * 3000}, 400, "message.payload"),
    ({"kind": "photo"}, 400, "media.missing"),
    ({"kind": "photo", "media_ids": ["../secrets"]}, 400, "media.not_found"),
    ({"kind": "photo", "media_ids": ["unknown"]}, 404, "media.not_found"),
    ({"kind": "location"}, 400, "location.invalid"),
    ({"kind": "location", "location": {"lat": 999, "lon": 104}}, 400, "location.invalid"),
    ({"kind": "location", "location": {"lat": 30, "lon": -181}}, 400, "location.invalid"),
    ({"kind": "location", "location": {"lat": "北", "lon": 104}}, 400, "location.invalid"),
    (
        {"kind": "location", "location": {"lat": 1, "lon": 1, "system": "moon"}},
        400,
        "location.invalid",
    ),
    ({**TEXT, "client_msg_id": ""}, 400, "message.id"),
    ({**TEXT, "client_msg_id": "x" * 65}, 400, "message.id"),
    ({**TEXT, "client_msg_id": "a b"}, 400, "message.id"),
    ({**TEXT, "client_msg_id": None}, 400, "message.id"),
]

BODIES = [
    (b"", 400),
    (b"null", 400),
    (b"[]", 400),
    (b"{", 400),
    (b'{"kind": "text", "client_msg_id": "1", "text": "\xff\xfe"}', 400),
    (b'{"kind": "text", "client_msg_id": "1", "text": "\\ud800"}', 400),
    (b"[" * 50_000, 400),
    (b'{"a":' * 10_000, 400),
    (b'{"kind":"location","client_msg_id":"1","location":{"lat":1e999,"lon":0}}', 400),
    (b'{"kind":"location","client_msg_id":"1","location":{"lat":NaN,"lon":0}}', 400),
    (b" " * 100_000, 413),
]


@pytest.mark.parametrize(("message", "status", "key"), MESSAGES)
async def test_a_bad_message_gets_a_key_and_not_its_own_words(citizen, message, status, key):
    answer = await citizen.send(message, wait=0)
    assert (answer.status, answer.error) == (status, key)
    assert answer.json["error"]["message"]
    assert MARK not in json.dumps(answer.json, ensure_ascii=False)


@pytest.mark.parametrize(("body", "status"), BODIES)
async def test_a_body_that_is_no_message_is_refused(citizen, body, status):
    answer = await citizen.request("POST", "/messages", data=body)
    assert answer.status == status
    assert answer.error


@pytest.mark.parametrize(
    "text", ["😀🎉", "👨\u200d👩\u200d👧", "/restart", "/", "好\x01", "a\u202eb", "１２３", "？"]
)
async def test_strange_texts_are_still_what_a_citizen_said(citizen, office, text):
    assert (await citizen.say(text)).texts == [f"答:{text}"]
    assert office.texts(citizen.conversation_id)[0] == text


async def test_a_text_of_exactly_the_longest_length_is_taken(citizen):
    assert (await citizen.say("长" * 4000)).status == 200
    assert (await citizen.say("长" * 4001)).error == "message.too_long"


async def test_after_bad_input_the_conversation_goes_on(citizen):
    await citizen.request("POST", "/messages", data=b"\xff")
    assert (await citizen.say("您好")).texts == ["答:您好"]


async def _upload(citizen, content, name: str = "photo.jpg"):
    form = aiohttp.FormData()
    form.add_field("note", "不是文件")
    form.add_field("file", content, filename=name)
    return await citizen.request("POST", "/media", data=form)


async def test_an_upload_of_fifty_megabytes_is_refused_and_never_held_in_memory(citizen, office):
    async def fifty_megabytes():
        piece = b"\xff\xd8" + b"0" * (1024 * 1024 - 2)
        for _ in range(50):
            yield piece

    tracemalloc.start()
    answer = await _upload(citizen, fifty_megabytes())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (answer.status, answer.error) == (413, "media.too_large")
    assert most < 30 * 1024 * 1024
    assert office.media == {}


async def test_an_honest_fifty_megabytes_is_refused_before_it_is_read(citizen):
    answer = await citizen.request(
        "POST",
        "/media",
        data=io.BytesIO(b"0" * 50 * 1024 * 1024),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert (answer.status, answer.error) == (413, "media.too_large")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"garbage"),
        ("multipart/form-data", b"--x\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            b"\r\n--x--\r\n",
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n",
        ),
        ("multipart/mixed; boundary=x", b"--x\r\nContent-Length: -5\r\n\r\n1\r\n--x--"),
        ("application/json", b"{}"),
        ("image/jpeg", JPEG),
    ],
)
async def test_an_upload_without_a_file_is_refused_with_a_key(citizen, content_type, body):
    answer = await citizen.request(
        "POST", "/media", data=body, headers={"Content-Type": content_type}
    )
    assert 400 <= answer.status < 500
    assert answer.error.startswith("media.")


async def test_a_program_called_photo_is_refused_by_its_content(citizen):
    answer = await _upload(citizen, b"MZ\x90\x00" + b"0" * 64)
    assert (answer.status, answer.error) == (415, "media.unsupported")


async def test_a_photo_can_be_sent_seen_again_and_used_in_a_message(citizen, dialogue):
    stored = await _upload(citizen, JPEG)
    assert (stored.status, stored.json["mime"]) == (201, "image/jpeg")
    media_id = stored.json["media_id"]
    await citizen.send({"kind": "photo", "media_ids": [media_id]})
    assert dialogue.requests[0]["message"]["media_ids"] == [media_id]
    async with citizen.http.get(
        f"{citizen.url}/channels/web/media/{media_id}",
        headers={"Authorization": f"Bearer {citizen.token}"},
    ) as answer:
        assert answer.content_type == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert await answer.read() == JPEG


async def test_another_conversations_photo_can_neither_be_seen_nor_sent(citizen, door, http):
    media_id = (await _upload(citizen, JPEG)).json["media_id"]
    other = await Citizen.arrive(http, door.url)
    seen = await other.request("GET", f"/media/{media_id}")
    sent = await other.send({"kind": "photo", "media_ids": [media_id]})
    unknown = await other.request("GET", "/media/none")
    assert (seen.status, seen.json) == (unknown.status, unknown.json)
    assert (sent.status, sent.error) == (404, "media.not_found")


async def test_too_many_messages_are_refused_politely_and_the_others_kept(start_door, http, office):
    door = await start_door(messages_per_minute=5)
    citizen = await Citizen.arrive(http, door.url)
    answers = [await citizen.say(f"{n}", wait=0) for n in range(8)]
    assert [answer.status for answer in answers] == [202] * 5 + [429] * 3
    assert answers[-1].error == "message.too_many"
    other = await Citizen.arrive(http, door.url)
    assert (await other.say("我没有发很多")).status == 200


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=1e9", "after=" + "9" * 40, "limit=x", "after=٣"]
)
async def test_a_place_in_the_log_is_a_plain_number(citizen, query):
    answer = await citizen.request("GET", f"/messages?{query}")
    assert (answer.status, answer.error) == (400, "request.bad")
