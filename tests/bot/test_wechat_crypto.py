"""Our envelopes against independent implementations: the npm packages, and the emulator's own.

STANDARDS, Platforms, WeChat Official Account: "safe mode: 43-character key, AES-256-CBC, IV =
first 16 bytes of the key, PKCS#7 to 32, payload = 16 random bytes + 4-byte length + XML + appid,
signature = SHA-1 of the sorted (token, timestamp, nonce, encrypted)".
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import struct
import subprocess
import sys

import pytest
from conftest import ROOT
from emulators import sealing
from emulators.wechat_platform import new_aes_key
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wechat.crypto import Sealing, aes_key, signature
from bot.errors import BadMessageError

PEERS = ROOT / "tests" / "emulators" / "crypto_peers"
TOKEN, KEY, APP = "peertoken", new_aes_key(), "wx0000000000000001"
TEXTS = ["您好", "a", "x" * 31, "x" * 32, "x" * 33, "混合 text 😀 ]]> <xml>", "长" * 3000]
OURS = Sealing(TOKEN, [KEY], APP)


@pytest.fixture(scope="session")
def peers():
    """Answers of the npm packages; loudly not run where there is no npm."""
    if not shutil.which("npm"):
        message = "NOT RUN: the crypto peers of npm, because npm is not installed on this machine"
        print(message, file=sys.__stderr__)
        pytest.skip(message)
    if not (PEERS / "node_modules" / "wechat-crypto").is_dir():
        subprocess.run(
            ["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=PEERS, check=True, timeout=180
        )

    def ask(peer, text, sealed, timestamp="1795334400", nonce="n0nce"):
        asked = {
            "peer": peer, "token": TOKEN, "key": KEY, "id": APP, "text": text, "sealed": sealed,
            "timestamp": timestamp, "nonce": nonce,
        }  # fmt: skip
        done = subprocess.run(
            ["node", "peer.js"], cwd=PEERS, input=json.dumps(asked) + "\n", text=True,
            capture_output=True, check=True, timeout=60,
        )  # fmt: skip
        return json.loads(done.stdout)

    return ask


def sealed_by_us(text):
    """Return the sealed text and signature of a reply of ours."""
    xml = OURS.seal(text, "1795334400", "n0nce")
    return sealing.field(xml, "Encrypt"), sealing.field(xml, "MsgSignature")


@pytest.mark.parametrize("peer", ["wechat-crypto", "@wecom/crypto"])
@pytest.mark.parametrize("text", TEXTS)
def test_what_we_seal_the_peers_open_and_the_other_way_round(peers, peer, text):
    sealed, signed = sealed_by_us(text)
    answer = peers(peer, text, sealed)
    assert answer["opened"] == {"message": text, "id": APP}
    assert answer["signature"] == signed
    theirs = answer["sealed"]
    right = signature(TOKEN, "1", "n", theirs)
    assert OURS.open(theirs, right, "1", "n") == text


@given(st.text(max_size=500))
@settings(max_examples=60, deadline=None)
def test_every_text_comes_back_and_two_sealings_differ(text):
    text = text.encode(errors="ignore").decode()
    sealed, _ = sealed_by_us(text)
    assert sealing.decrypt(KEY, sealed, APP) == text
    assert sealed != sealed_by_us(text)[0]
    theirs = sealing.encrypt(KEY, text, APP)
    assert OURS.open(theirs, signature(TOKEN, "1", "n", theirs), "1", "n") == text


def padded(content):
    """Return content with a length field that lies, padded."""
    return sealing.pad(os.urandom(16) + content)


@pytest.mark.parametrize(
    "garbage",
    [
        "", "a", "====", "中文", "AAAA",
        base64.b64encode(b"0" * 15).decode(),
        base64.b64encode(b"0" * 32).decode(),
        sealing.raw_encrypt(KEY, b"\0" * 32),
        sealing.raw_encrypt(KEY, b"\x20" * 32),
        sealing.raw_encrypt(KEY, padded(struct.pack(">I", 2**31) + b"x" + APP.encode())),
        sealing.raw_encrypt(KEY, padded(struct.pack(">I", 3) + b"\xff\xfe\xfd" + APP.encode())),
        sealing.raw_encrypt(KEY, padded(struct.pack(">I", 1) + b"x" + b"wx-other")),
        sealing.encrypt(new_aes_key(), "x", APP),
    ],
)  # fmt: skip
def test_garbage_under_a_right_signature_is_one_kind_of_error(garbage):
    with pytest.raises(BadMessageError, match=r"callback\.sealed"):
        OURS.open(garbage, signature(TOKEN, "1", "n", garbage), "1", "n")


def test_the_previous_key_opens_and_the_present_one_seals():
    new = new_aes_key()
    rotating = Sealing(TOKEN, [new, KEY], APP)
    old = sealing.encrypt(KEY, "旧", APP)
    assert rotating.open(old, signature(TOKEN, "1", "n", old), "1", "n") == "旧"
    sealed = sealing.field(rotating.seal("新", "1", "n"), "Encrypt")
    assert sealing.decrypt(new, sealed, APP) == "新"


@pytest.mark.parametrize("key", ["", "x" * 42, "x" * 44, "!" * 43])
def test_a_key_that_is_none_is_refused_at_start(key):
    with pytest.raises(ValueError, match="EncodingAESKey"):
        aes_key(key)


def test_a_signature_is_what_the_documentation_says():
    assert signature("token", "1348831860", "nonce") == sealing.sha1("token", "1348831860", "nonce")
    assert signature("b", "a") == signature("a", "b") == sealing.sha1("ab")
