"""A citizen who says what is written, in a conversation of the web channel."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

from paoyici.citizen import Citizen, Memory, RefusedError
from tests.converse.checks import Reply
from tests.converse.talks import Turn

_TRIES, _PAUSE = 40, 2.0
_TOO_MANY = "message.too_many"


class NothingToPressError(Exception):
    """The last reply offers nothing of that title."""


class ScriptedCitizen:
    """One conversation, opened with its first turn.

    Args:
        session: HTTP session to speak over.
        origin: where the street is.
        name: of the conversation, unlike all others.
        picture: what is sent as a photo.
    """

    def __init__(
        self, session: aiohttp.ClientSession, origin: str, name: str, picture: Path
    ) -> None:
        self._memory = Memory(name, origin)
        self._citizen = Citizen(session, origin, self._memory)
        self._picture = picture

    async def do(self, turn: Turn) -> list[Reply]:
        """Do what the turn says; return the replies to it.

        Raises:
            NothingToPressError: there is no such chip or line.
            RefusedError: the door refused it, for another reason than haste.
            aiohttp.ClientError: the door did not answer.
        """
        await _patiently(self._citizen.enter)
        if turn.act == "photo":
            heard = await _patiently(lambda: self._citizen.photograph(self._picture))
        else:
            message = self._message(turn)
            heard = await _patiently(lambda: self._citizen.send(message))
        return [entry["body"] for entry in heard]

    def _message(self, turn: Turn) -> dict[str, Any]:
        """Return the message of a turn."""
        if turn.act == "say":
            return {"kind": "text", "text": turn.what}
        if turn.act == "press":
            return {"kind": "button", **self._offered(turn.what)}
        latitude, longitude, *label = turn.what
        place = {"lat": latitude, "lon": longitude, "system": "gcj02"}
        return {"kind": "location", "location": place | ({"label": label[0]} if label else {})}

    def _offered(self, title: str) -> dict[str, str]:
        """Return the chip or line of that title, else the first that begins with it."""
        offered = [one for one in self._memory.state["chips"] if one.get("payload")]
        found = [one for one in offered if one["title"] == title]
        found += [one for one in offered if one["title"].startswith(title)]
        if not found:
            raise NothingToPressError(title)
        return {"text": found[0]["title"], "payload": found[0]["payload"]}


async def _patiently(act: Callable[[], Awaitable[Any]]) -> Any:
    """Do something, again after a while as long as it comes too fast for the door."""
    for _ in range(_TRIES - 1):
        try:
            return await act()
        except RefusedError as refusal:
            if refusal.key != _TOO_MANY:
                raise
        await asyncio.sleep(_PAUSE)
    return await act()
