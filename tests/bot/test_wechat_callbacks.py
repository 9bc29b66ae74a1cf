"""The callback's door: signatures, modes, keys, time, and what each kind of message becomes.

STANDARDS, Platforms, WeChat Official Account: "safe mode: 43-character key, AES-256-CBC, IV =
first 16 bytes of the key, PKCS#7 to 32, payload = 16 random bytes + 4-byte length + XML + appid,
signature = SHA-1 of the sorted (token, timestamp, nonce, encrypted); keep the previous key while
rotating".
"""

from __future__ import annotations

import json
import re

import pytest
from conftest import REPLIES_WECHAT, ROOT, wechat_settings
from emulators import sealing
from emulators.wechat_platform import new_aes_key, to_xml
from eventually import eventually
from followers import conversation_of, rows
from pydantic import ValidationError

from bot.replies import Replies

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 64


def heard(dialogue):
    """Return the messages the dialogue was asked about."""
    return [request["message"] for request in dialogue.requests]


async def post(platform, http, query, body):
    """Send a callback by hand; return status and error key, or the text."""
    async with http.post(platform.callback_url, params=query, data=body) as answer:
        text = await answer.text()
        if answer.status == 200:
            return 200, text
        return answer.status, json.loads(text)["error"]["key"]


def fields(platform, **more):
    """Return the fields of a text message."""
    return {
        "ToUserName": "gh_emulated",
        "FromUserName": "oA",
        "CreateTime": int(platform.clock().timestamp()),
        "MsgType": "text",
        "Content": "您好",
        "MsgId": "1",
        **more,
    }


async def test_the_console_verifies_the_address(wechat, http, clock):
    timestamp = str(int(clock().timestamp()))
    query = {
        "signature": sealing.sha1(wechat.token, timestamp, "n"),
        "timestamp": timestamp,
        "nonce": "n",
        "echostr": "5418",
    }
    async with http.get(wechat.callback_url, params=query) as answer:
        assert (answer.status, await answer.text()) == (200, "5418")
    async with http.get(wechat.callback_url, params=query | {"nonce": "m"}) as answer:
        assert answer.status == 400
        assert "5418" not in await answer.text()


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_each_mode_of_the_console_works(start_wechat, platform, mode):
    platform.mode = mode
    await start_wechat()
    assert (await platform.say("oA", "您好")).answer == "答:您好"


async def test_safe_mode_believes_nothing_in_plain_text(wechat, http):
    wechat.mode = "plain"
    assert await post(wechat, http, *wechat.sealed(fields(wechat))) == (400, "callback.mode")


async def test_compatible_mode_takes_both_kinds_while_the_console_is_switched(
    start_wechat, platform
):
    await start_wechat(mode="compatible")
    assert (await platform.say("oA", "一")).answer == "答:一"
    platform.mode = "plain"
    assert (await platform.say("oA", "二")).answer == "答:二"


async def test_while_keys_are_rotated_the_previous_one_still_opens(start_wechat, platform):
    old, new = platform.aes_key, new_aes_key()
    await start_wechat(aes_keys=f"{new},{old}")
    callback = await platform.send("oA", {"MsgType": "event", "Event": "VIEW"})
    assert callback.statuses == [200]
    platform.aes_key = new
    assert (await platform.say("oA", "新钥匙")).answer == "答:新钥匙"


async def test_a_key_that_is_not_ours_opens_nothing(wechat, http, dialogue):
    wechat.aes_key = new_aes_key()
    assert await post(wechat, http, *wechat.sealed(fields(wechat))) == (400, "callback.sealed")
    assert dialogue.calls == []


async def test_a_message_sealed_for_another_account_is_refused(wechat, http):
    wechat.app_id = "wx9999999999999999"
    assert await post(wechat, http, *wechat.sealed(fields(wechat))) == (400, "callback.sealed")


async def test_a_wrong_signature_is_refused(wechat, http):
    query, body = wechat.sealed(fields(wechat))
    wrong = query | {"msg_signature": "0" * 40}
    assert await post(wechat, http, wrong, body) == (400, "callback.signature")
    async with http.post(wechat.callback_url, data=body) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("seconds", [-3600, -301, 301, 10**9])
async def test_a_callback_from_outside_the_window_of_time_is_refused(wechat, http, clock, seconds):
    clock.stop()
    query, body = wechat.sealed(fields(wechat))
    clock.forward(seconds)
    assert await post(wechat, http, query, body) == (400, "callback.time")


@pytest.mark.parametrize("seconds", [-300, 300])
async def test_a_callback_at_the_edge_of_the_window_is_taken(wechat, http, clock, seconds):
    clock.stop()
    query, body = wechat.sealed(fields(wechat))
    clock.forward(seconds)
    status, _ = await post(wechat, http, query, body)
    assert status == 200


async def test_a_nonce_is_good_for_one_message_only(start_wechat, platform, http, dialogue):
    platform.mode = "plain"
    await start_wechat()
    query, body = platform.sealed(fields(platform, Content="真的"))
    assert (await post(platform, http, query, body))[0] == 200
    forged = to_xml(fields(platform, Content="假的", MsgId="2"))
    assert await post(platform, http, query, forged) == (400, "callback.replayed")
    again = await post(platform, http, query, body)
    assert again[0] == 200
    assert "答:真的" in again[1]
    assert heard(dialogue) == [{"kind": "text", "text": "真的"}]


async def test_a_body_over_the_limit_is_refused_unread(wechat, http):
    query, _ = wechat.sealed(fields(wechat))
    assert await post(wechat, http, query, b"<" * 70_000) == (413, "callback.too_large")


async def test_a_place_is_a_gcj02_location(wechat, dialogue):
    await wechat.send(
        "oA",
        {
            "MsgType": "location",
            "Location_X": "30.657",
            "Location_Y": "104.066",
            "Scale": "16",
            "Label": "云溪区政务中心",
        },
    )
    place = {"lat": 30.657, "lon": 104.066, "system": "gcj02", "label": "云溪区政务中心"}
    assert heard(dialogue) == [{"kind": "location", "location": place}]


async def test_what_the_platform_heard_in_a_recording_is_what_was_said(wechat, dialogue, office):
    media_id = wechat.upload(b"\xff\xd8voice", "audio/amr")
    await wechat.send(
        "oA", {"MsgType": "voice", "MediaId": media_id, "Format": "amr", "Recognition": "查进度"}
    )
    (message,) = heard(dialogue)
    assert message == {"kind": "voice", "text": "查进度", "media_ids": list(office.media)}


async def test_a_recording_nobody_heard_is_answered_politely_and_kept(wechat, dialogue, office):
    media_id = wechat.upload(b"\xff\xd8voice", "audio/amr")
    callback = await wechat.send("oA", {"MsgType": "voice", "MediaId": media_id, "Format": "amr"})
    assert callback.answer.startswith(REPLIES_WECHAT["voice_unheard"]["text"])
    assert dialogue.calls == []
    logged = office.log[conversation_of(wechat, "oA")][0]["body"]
    assert logged == {"kind": "voice", "media_ids": list(office.media)}


async def test_a_photo_is_in_the_office_before_the_platform_is_answered(wechat, dialogue, office):
    callback = await wechat.send(
        "oA",
        {"MsgType": "image", "PicUrl": "http://x.invalid/p", "MediaId": wechat.upload(JPEG)},
    )
    assert callback.answer
    assert [content for content, _ in office.media.values()] == [JPEG]
    assert heard(dialogue) == [{"kind": "photo", "media_ids": list(office.media)}]
    logged = office.log[conversation_of(wechat, "oA")][0]["body"]
    assert logged == {"kind": "photo", "media_ids": list(office.media)}


async def test_a_photo_that_cannot_be_fetched_now_is_fetched_later_in_its_place(
    start_wechat, dialogue, office
):
    platform = await start_wechat(passive_seconds=0.3)
    await platform.say("oA", "您好")
    platform.away = True
    media_id = platform.upload(JPEG)
    await platform.send("oA", {"MsgType": "image", "PicUrl": "", "MediaId": media_id})
    await platform.say("oA", "这是井盖")
    platform.away = False
    await eventually(lambda: len(dialogue.turns) == 3)
    kinds = [message["kind"] for message in heard(dialogue)]
    assert kinds == ["text", "photo", "text"]
    assert len(office.media) == 1


async def test_a_photo_the_platform_has_forgotten_is_asked_for_again(wechat, dialogue):
    callback = await wechat.send("oA", {"MsgType": "image", "PicUrl": "", "MediaId": "gone"})
    assert callback.answer == REPLIES_WECHAT["media_lost"]["text"]
    assert dialogue.calls == []


async def test_a_file_the_office_does_not_take_is_refused_politely(wechat):
    media_id = wechat.upload(b"MZ\x90", "image/jpeg")
    callback = await wechat.send("oA", {"MsgType": "image", "PicUrl": "", "MediaId": media_id})
    assert callback.answer == REPLIES_WECHAT["media_refused"]["text"]


async def test_a_link_is_what_it_says(wechat, dialogue):
    await wechat.send(
        "oA",
        {"MsgType": "link", "Title": "通知", "Description": "停水", "Url": "https://a.invalid"},
    )
    assert heard(dialogue) == [{"kind": "text", "text": "通知\n停水\nhttps://a.invalid"}]


async def test_a_leading_slash_is_text_and_a_menu_key_is_a_button(wechat, dialogue):
    await wechat.say("oA", "/ask_human")
    await wechat.event("oA", "CLICK", EventKey="/ask_human")
    await wechat.event("oA", "CLICK", EventKey="查进度")
    assert heard(dialogue) == [
        {"kind": "text", "text": "/ask_human"},
        {"kind": "button", "payload": "/ask_human"},
        {"kind": "text", "text": "查进度"},
    ]


@pytest.mark.parametrize(
    ("event", "key"),
    [("SCAN", "BJ2026112200001"), ("subscribe", "qrscene_BJ2026112200001")],
)
async def test_a_receipts_code_opens_its_case(wechat, dialogue, event, key):
    await wechat.event("oA", event, EventKey=key, Ticket="t")
    (message,) = heard(dialogue)
    assert message == {
        "kind": "button",
        "payload": '/query_progress{"case_number": "BJ2026112200001"}',
    }


async def test_a_services_code_opens_its_guide_and_an_unknown_one_is_a_greeting(wechat, dialogue):
    await wechat.event("oA", "SCAN", EventKey="item:GA004")
    await wechat.event("oB", "SCAN", EventKey="../../etc")
    assert heard(dialogue) == [
        {"kind": "button", "payload": '/ask_guide{"item_code": "GA004"}'},
        {"kind": "event"},
    ]


@pytest.mark.parametrize("text", ["  ", "", "\u3000\n"])
async def test_a_text_without_words_is_answered_politely(wechat, dialogue, text):
    assert (await wechat.say("oA", text)).answer == REPLIES_WECHAT["unreadable"]["text"]
    assert dialogue.calls == []


async def test_strange_characters_come_through_and_cannot_forge_an_answer(wechat):
    said = "<a href='https://bad.invalid'>点我</a> ]]> <xml> 😀 \u202e"
    callback = await wechat.say("oA", said)
    assert callback.answer == f"答:{said}".replace("<", "＜").replace(">", "＞")


async def test_an_openid_stands_in_no_id_and_no_plain_field_but_the_address(wechat):
    await wechat.event("oSecretOpenid", "CLICK", EventKey="/greet")
    await wechat.say("oSecretOpenid", "您好")
    for collection in ("inbox", "outbox", "passive_windows", "message_quotas", "offers"):
        assert "oSecretOpenid" not in str(await rows(wechat, collection))


async def test_half_a_configuration_is_refused_at_start(platform):
    with pytest.raises(ValidationError, match="WECHAT_TOKEN"):
        wechat_settings(platform, token="")
    with pytest.raises(ValidationError, match="WECHAT_AES_KEYS"):
        wechat_settings(platform, aes_keys="")
    with pytest.raises(ValidationError, match="43 characters"):
        wechat_settings(platform, aes_keys="tooshort")


async def test_without_settings_there_is_no_channel(door, http):
    assert "wechat" not in door.door.channels
    async with http.get(f"{door.url}/channels/wechat") as answer:
        assert answer.status == 404


async def test_secrets_show_nowhere(platform):
    shown = repr(wechat_settings(platform))
    assert platform.secret not in shown
    assert platform.aes_key not in shown


def test_every_refusal_of_a_callback_has_its_sentence():
    sources = (ROOT / "bot" / "channels").rglob("*.py")
    keys = {
        key
        for source in sources
        for key in re.findall(r'Error\("((?:callback|platform)\.\w+)"', source.read_text("utf-8"))
    }
    assert len(keys) > 6
    assert keys <= set(Replies.load(ROOT / "data").errors)
