"""`python -m paoyici.healthcheck URL`: exit 0 if the URL answers 200 within two seconds."""

from __future__ import annotations

import asyncio
import sys

import aiohttp

from paoyici.health import is_well


async def _check(address: str) -> bool:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
        return await is_well(address, session)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(_check(sys.argv[1])) else 1)
