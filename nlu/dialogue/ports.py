"""What the service needs from its neighbours in this room."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from dialogue.state import DialogueState

ParseData = dict[str, Any]
Parse = Callable[[str], Awaitable[ParseData]]


class Reader(Protocol):
    """Decides how a message is read, asking the trained pipeline only where it has to."""

    async def __call__(
        self, message: Mapping[str, Any], state: DialogueState, parse: Parse
    ) -> ParseData:
        """Return Rasa parse data for an InboundMessage."""

    async def hears(
        self, message: Mapping[str, Any], state: DialogueState, parse: Parse
    ) -> object | None:
        """Return the danger that a message tells of, or None."""

    def leaves(self, message: Mapping[str, Any]) -> bool:
        """Tell whether a message to a clerk says that the talk is over for now."""
