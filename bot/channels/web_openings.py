"""新对话: a conversation that was opened and has no message yet lies in its token alone.

Opening costs the one who asks nothing, so it leaves nothing behind: the token says everything,
under a signature of ours, until the first message makes it a session.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

_ALGORITHM = "HS256"
_KIND = "opening"
_MAX_TOKEN = 1000


@dataclass(frozen=True)
class Opening:
    """An opened conversation.

    Attributes:
        at: when it was opened, in whole milliseconds.
        ready_at: when its first message is taken.
    """

    conversation_id: str
    at: datetime
    ready_at: datetime
    elder: bool = False


def new_opening(now: datetime, delay: timedelta, *, elder: bool) -> Opening:
    """Return the opening of a conversation whose first message is taken after `delay`."""
    at = now.replace(microsecond=now.microsecond // 1000 * 1000)
    return Opening(f"web-{secrets.token_urlsafe(12)}", at, at + delay, elder)


class Openings:
    """Signs openings, and tells ours from made-up ones.

    Args:
        keys: hex keys; the first one signs, what the others signed is ours too.
        life: how long a token without a message is good.
    """

    def __init__(self, keys: Sequence[str], life: timedelta) -> None:
        self._keys = [OctKey.import_key(bytes.fromhex(key)) for key in keys]
        self._life = life

    def sign(self, opening: Opening) -> str:
        """Return the token of an opening."""
        payload = json.dumps(
            {
                "typ": _KIND,
                "id": opening.conversation_id,
                "at": _milliseconds(opening.at),
                "ready": _milliseconds(opening.ready_at),
                "elder": opening.elder,
            },
            separators=(",", ":"),
        )
        return jws.serialize_compact(
            {"alg": _ALGORITHM}, payload.encode(), self._keys[0], [_ALGORITHM]
        )

    def read(self, token: str, now: datetime) -> Opening | None:
        """Return the opening of a token; None for one that is made up, old or something else."""
        if len(token) > _MAX_TOKEN or token.count(".") != 2:
            return None
        readings = (self._signed_with(key, token) for key in self._keys)
        opening = next((reading for reading in readings if reading), None)
        return opening if opening and opening.at + self._life > now else None

    def _signed_with(self, key: OctKey, token: str) -> Opening | None:
        """Return the opening of a token that a key signed; None for any other."""
        try:
            signed = jws.deserialize_compact(token.encode(), key, [_ALGORITHM])
            said = json.loads(signed.payload)
            if said["typ"] != _KIND:
                return None
            return Opening(
                said["id"], _moment(said["at"]), _moment(said["ready"]), bool(said["elder"])
            )
        except (JoseError, ValueError, KeyError, TypeError):
            return None


def _milliseconds(moment: datetime) -> int:
    """Return a moment in milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def _moment(milliseconds: int) -> datetime:
    """Return the moment of so many milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
