"""Where citizens are served."""

from __future__ import annotations

import re
from typing import Any


async def test_every_hall_says_where_it_is_when_it_is_open_and_how_to_call(service: Any) -> None:
    status, answer = await service.get("/offices")
    assert status == 200
    assert [hall["kind"] for hall in answer["offices"]].count("hall") == 1
    for hall in answer["offices"]:
        assert hall["address"].startswith("云溪区")
        assert "9:00" in hall["hours"]
        # No number of a fictional hall may ring anywhere.
        assert re.fullmatch(r"000-1234\d{4}", hall["phone"])
        assert hall["location"]["system"] in ("wgs84", "gcj02")


async def test_the_list_of_halls_is_for_rooms_and_staff(stranger: Any, login: Any) -> None:
    assert (await stranger.get("/offices"))[0] == 401
    agent = await login("agent")
    assert (await agent.get("/offices"))[0] == 200
