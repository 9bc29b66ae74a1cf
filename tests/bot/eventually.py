"""Waiting for something that happens in its own time, without guessing how long it takes."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any


async def eventually(look: Callable[[], Any], seconds: float = 15) -> Any:
    """Look again and again until there is something to see.

    Raises:
        AssertionError: there was nothing for `seconds`.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        found = look()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"nothing for {seconds} s: {inspect.getsource(look).strip()}")
