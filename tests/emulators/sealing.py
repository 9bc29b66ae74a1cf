"""安全模式 from the platform's side, written from the documentation and not from our code."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


def sha1(*parts: str) -> str:
    """Return the platform's signature."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def cipher(aes_key: str) -> Cipher:
    """AES-256-CBC, the IV being the first 16 bytes of the key."""
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def raw_encrypt(aes_key: str, padded: bytes) -> str:
    """Encrypt bytes that are padded already (or deliberately not)."""
    encryptor = cipher(aes_key).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def pad(content: bytes) -> bytes:
    """PKCS#7 to blocks of 32."""
    missing = BLOCK - len(content) % BLOCK
    return content + bytes([missing]) * missing


def encrypt(aes_key: str, text: str, receiver: str) -> str:
    """Seal a text: 16 random bytes, its length, itself, who receives it."""
    content = text.encode()
    return raw_encrypt(
        aes_key,
        pad(os.urandom(16) + struct.pack(">I", len(content)) + content + receiver.encode()),
    )


def decrypt(aes_key: str, sealed: str, receiver: str) -> str:
    """Open a sealed text and check whom it is for."""
    decryptor = cipher(aes_key).decryptor()
    plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    plain = plain[: -plain[-1]]
    (length,) = struct.unpack(">I", plain[16:20])
    assert plain[20 + length :].decode() == receiver, "sealed for somebody else"
    return plain[20 : 20 + length].decode()


def field(xml: str, name: str) -> str:
    """Return a field of an answer as a plain reader of the platform would."""
    found = re.search(rf"<{name}>(?:<!\[CDATA\[(.*?)\]\]>|(.*?))</{name}>", xml, re.DOTALL)
    assert found, f"no {name} in {xml[:200]}"
    return found[1] if found[1] is not None else found[2]
