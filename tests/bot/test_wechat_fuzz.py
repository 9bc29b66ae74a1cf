"""Malformed callbacks: never a 5xx, never a traceback, and memory stays bounded.

`PAOYICI_FUZZ=10000` asks for more of them (`make fuzz`); each seed gives the same callbacks.
"""

from __future__ import annotations

import base64
import io
import os
import random
import secrets
import struct
import tracemalloc

import pytest
from emulators import sealing
from emulators.wechat_platform import to_xml

COUNT = int(os.environ.get("PAOYICI_FUZZ", "400"))
SEED = int(os.environ.get("PAOYICI_FUZZ_SEED", "20261122"))
MEMORY = 40 * 1024 * 1024
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n else chr(0)};" * 10}">' for n in range(1, 9))
    + "]><xml><Content>&a8;</Content></xml>"
).replace("&a\0;", "&a;")
OUTSIDE = (
    '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<xml><MsgType>text</MsgType><Content>&x;</Content></xml>"
)


class Mutations:
    """Makes callbacks that are wrong in one way or another."""

    def __init__(self, platform, seed):
        self.platform = platform
        self.random = random.Random(seed)
        self.kinds = [
            self.bad_xml, self.bad_base64, self.truncated, self.signed_garbage, self.bomb,
            self.large, self.odd_fields, self.wrong_lengths, self.odd_query, self.deep,
        ]  # fmt: skip

    def make(self):
        """Return a name, a query and a body."""
        kind = self.random.choice(self.kinds)
        return kind.__name__, *kind()

    def noise(self, most=400):
        """Return random bytes."""
        return self.random.randbytes(self.random.randrange(most))

    def query(self, encrypted, **changes):
        """Return a query with a right signature."""
        timestamp = str(int(self.platform.clock().timestamp()))
        nonce = secrets.token_hex(6)
        query = {
            "timestamp": timestamp,
            "nonce": nonce,
            "encrypt_type": "aes",
            "msg_signature": sealing.sha1(self.platform.token, timestamp, nonce, encrypted),
            "signature": sealing.sha1(self.platform.token, timestamp, nonce),
        }
        return query | changes

    def signed(self, encrypted):
        """Return a callback whose signature is right, whatever is inside."""
        return self.query(encrypted), to_xml({"ToUserName": "gh", "Encrypt": encrypted}).encode()

    def sealed(self, xml):
        """Return a callback that opens properly, whatever the XML is."""
        return self.signed(sealing.encrypt(self.platform.aes_key, xml, self.platform.app_id))

    def fields(self):
        """Return the fields of a good message."""
        return {
            "ToUserName": "gh", "FromUserName": "oFuzz", "CreateTime": "1795334400",
            "MsgType": "text", "Content": "您好", "MsgId": "1",
        }  # fmt: skip

    def bad_xml(self):
        whole = to_xml(self.fields())
        cut = whole[: self.random.randrange(len(whole) - 1)]
        inner = self.random.choice(
            [cut, cut + "<", "", "null", "<xml", "<a></b>", "\x00", "<xml/>"]
        )
        if self.random.random() < 0.5:
            return self.sealed(inner)
        return self.query("x"), self.random.choice([inner.encode(), self.noise()])

    def bad_base64(self):
        text = base64.b64encode(self.noise()).decode()
        return self.signed(
            self.random.choice(["", "=", "====", "中文", "a", text[:-1] + "!", text])
        )

    def truncated(self):
        _, body = self.sealed(to_xml(self.fields()))
        sealed = sealing.field(body.decode(), "Encrypt")
        return self.signed(sealed[: self.random.randrange(1, len(sealed))])

    def signed_garbage(self):
        blocks = self.random.randbytes(16 * self.random.randrange(1, 20))
        if self.random.random() < 0.5:
            return self.signed(base64.b64encode(blocks).decode())
        return self.signed(sealing.raw_encrypt(self.platform.aes_key, blocks))

    def bomb(self):
        xml = self.random.choice([BOMB, OUTSIDE, "<!DOCTYPE xml><xml/>"])
        return self.sealed(xml) if self.random.random() < 0.5 else (self.query("x"), xml.encode())

    def large(self):
        size = self.random.choice([65_537, 100_000, 1024 * 1024])
        return self.query("x"), b"<xml>" + b"A" * size

    def odd_fields(self):
        odd = ["", "\u0000"[:0], "x" * 5000, "-1", "99999999999999999999", "<i>1</i>", "😀", "NaN"]
        fields = self.fields() | {"MsgType": self.random.choice(
            ["text", "image", "voice", "location", "link", "event", "", "dance"])}  # fmt: skip
        names = [*fields, "Event", "EventKey", "Location_X", "Location_Y", "MediaId", "Title"]
        for _ in range(self.random.randrange(1, 4)):
            name = self.random.choice(names)
            if self.random.random() < 0.3:
                fields.pop(name, None)
            else:
                fields[name] = self.random.choice([*odd, {"a": {"b": "c"}}, ["1", "2"]])
        return self.sealed(to_xml(fields))

    def wrong_lengths(self):
        content = to_xml(self.fields()).encode()
        length = self.random.choice([0, 1, 2**31, 2**32 - 1, len(content) + 1])
        raw = os.urandom(16) + struct.pack(">I", length) + content + b"wx"
        missing = 32 - len(raw) % 32
        end = self.random.choice([0, 33, 255, missing, 1])
        return self.signed(
            sealing.raw_encrypt(self.platform.aes_key, raw + bytes([end]) * missing)
            if missing % 16 == len(raw + bytes(missing)) % 16
            else sealing.raw_encrypt(self.platform.aes_key, sealing.pad(raw))
        )

    def odd_query(self):
        query, body = self.sealed(to_xml(self.fields()))
        name = self.random.choice(list(query))
        if self.random.random() < 0.4:
            del query[name]
            return query, body
        odd = [
            "",
            "0",
            "x" * 3000,
            "-5",
            "１２３",
            "٣",
            "\udc80".encode("utf-8", "replace").decode(),
        ]
        return query | {name: self.random.choice(odd)}, body

    def deep(self):
        depth = self.random.choice([10, 1000, 3000])
        return self.sealed("<xml>" + "<a>" * depth + "</a>" * depth + "</xml>")


@pytest.mark.parametrize("mode", ["safe", "compatible"])
async def test_malformed_callbacks_are_refused_or_taken_but_never_break(
    start_wechat, platform, http, capsys, mode
):
    await start_wechat(mode=mode)
    mutations = Mutations(platform, SEED)
    tracemalloc.start()
    answers = {}
    for _ in range(COUNT // 2):
        name, query, body = mutations.make()
        async with http.post(platform.callback_url, params=query, data=io.BytesIO(body)) as answer:
            content = await answer.text()
        assert answer.status < 500, (name, answer.status, content)
        assert "Traceback" not in content
        answers.setdefault(name, set()).add(answer.status)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MEMORY, f"{most} bytes"
    assert set(answers) == {kind.__name__ for kind in mutations.kinds}
    assert answers["large"] == {413}
    for name in ("bomb", "bad_base64", "signed_garbage", "truncated", "deep"):
        assert answers[name] == {400}, (name, answers[name])
    logged = capsys.readouterr().out
    assert "request.failed" not in logged
    assert "defect" not in logged
    assert (await platform.say("oA", "还好吗")).answer == "答:还好吗"
