"""回执 Signs receipts, tells a genuine one from a forged one, and draws its QR code.

A token carries the case number, the item and the time; nothing about the person.
"""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from datetime import datetime

import segno
from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import OctKey

from backend.errors import NotFoundError
from backend.office import Office

_ALGORITHM = "HS256"
_KIND = "receipt"
MAX_TOKEN = 1000


@dataclass(frozen=True)
class Receipt:
    """回执 What a receipt says."""

    number: str
    item_code: str
    at: datetime


def issue(office: Office, receipt: Receipt) -> str:
    """Return the receipt as a signed token; the same receipt always gives the same token."""
    payload = json.dumps(
        {
            "typ": _KIND,
            "number": receipt.number,
            "item": receipt.item_code,
            "at": int(receipt.at.timestamp()),
        },
        separators=(",", ":"),
    )
    return jws.serialize_compact(
        {"alg": _ALGORITHM}, payload.encode(), _keys(office)[0], [_ALGORITHM]
    )


def read(office: Office, token: str) -> Receipt:
    """Return what a receipt says.

    Raises:
        NotFoundError: not signed by this office.
    """
    try:
        if len(token) > MAX_TOKEN:
            raise ValueError("longer than any receipt")
        said = json.loads(_signed(office, token))
        if said["typ"] != _KIND:
            raise ValueError("signed for something else")
        at = datetime.fromtimestamp(said["at"], office.clock.now().tzinfo)
        return Receipt(said["number"], said["item"], at)
    except (JoseError, ValueError, KeyError, TypeError):
        raise NotFoundError("receipt.not_genuine") from None


def link(office: Office, token: str) -> str:
    """Return the public address that a receipt's QR code leads to."""
    return f"{office.settings.public_url.rstrip('/')}/#/receipt/{token}"


def draw(office: Office, token: str, kind: str) -> bytes:
    """Return the QR code of a receipt as `svg` or `png`."""
    out = io.BytesIO()
    segno.make(link(office, token), error="m", micro=False).save(out, kind=kind, scale=6, border=4)
    return out.getvalue()


def _signed(office: Office, token: str) -> bytes:
    """Return what one of our keys signed.

    Raises:
        JoseError: none of them did.
    """
    *others, last = _keys(office)
    for key in others:
        with contextlib.suppress(BadSignatureError):
            return jws.deserialize_compact(token.encode(), key, [_ALGORITHM]).payload
    return jws.deserialize_compact(token.encode(), last, [_ALGORITHM]).payload


def _keys(office: Office) -> list[OctKey]:
    return [OctKey.import_key(bytes.fromhex(key)) for key in office.settings.token_keys]
