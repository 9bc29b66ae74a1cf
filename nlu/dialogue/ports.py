"""What the service needs from its neighbours in this room."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

ParseData = dict[str, Any]
Parse = Callable[[str], Awaitable[ParseData]]


class Gate(Protocol):
    """Decides how a message is read, asking the trained pipeline only where it has to."""

    async def __call__(
        self,
        message: Mapping[str, Any],
        active_loop: str | None,
        awaiting: Mapping[str, Any] | None,
        parse: Parse,
    ) -> ParseData:
        """Return Rasa parse data for an InboundMessage."""
