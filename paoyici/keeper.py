"""Keep the parts alive: start again whatever dies, as a container's restart policy does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from paoyici.parts import Part
from paoyici.supervisor import PartError, Supervisor, say

_LONG_LIFE = 10.0
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


class Keeper:
    """Keeps every part of a supervisor alive until it is cancelled.

    Args:
        supervisor: has started the parts.
        settle: puts in order what a dead part has left behind; asked before the part is started
            again, and once more when it is well, because what it had sent may arrive after it.
        returned: told when a part is well again.
    """

    def __init__(
        self,
        supervisor: Supervisor,
        settle: Callable[[Part], Awaitable[None]],
        returned: Callable[[Part], None] | None = None,
    ) -> None:
        self._supervisor = supervisor
        self._settle = settle
        self._returned = returned

    async def keep(self, *, only_spared: bool = False) -> None:
        """Watch all parts, each by itself, so that two that die together come back together.

        Args:
            only_spared: leave those alone without which the house ends.
        """
        async with asyncio.TaskGroup() as watchers:
            for part in self._supervisor.parts:
                if only_spared and not part.spared:
                    continue
                watchers.create_task(self._keep(part), name=f"keep-{part.name}")

    async def _keep(self, part: Part) -> None:
        """Start a part again at every death; one that keeps dying is given a pause."""
        pause = 0.0
        while True:
            begun = time.monotonic()
            say(await self._supervisor.death(part))
            short = time.monotonic() - begun < _LONG_LIFE
            pause = min(_LONGEST_PAUSE, max(_FIRST_PAUSE, 2 * pause)) if short else 0.0
            await asyncio.sleep(pause)
            await self._revive(part)

    async def _revive(self, part: Part) -> None:
        """Start a part again; one that does not become well is killed, and so starts anew."""
        await self._settle(part)
        try:
            await self._supervisor.revive(part)
        except PartError as failure:
            say(str(failure))
            self._supervisor.kill(part)
            return
        await self._settle(part)
        if self._returned:
            self._returned(part)
