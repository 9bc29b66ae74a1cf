"""How tasks end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

_CANCEL_AGAIN_SECONDS = 5.0
"""After which work that went on in spite of being cancelled is cancelled again."""


async def ended(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks until they are over.

    Once is not always enough: a library that waits with a time limit of its own may take the
    cancelling for the end of that limit, and the work would go on for ever.

    Args:
        tasks: what is to end; how each ended is nobody's business any more.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        over, left = await asyncio.wait(left, timeout=_CANCEL_AGAIN_SECONDS)
        await asyncio.gather(*over, return_exceptions=True)
