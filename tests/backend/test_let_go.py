"""What MongoDB lets expire goes by the machine's clock, on whatever day the office stands."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from door_at_work import first_waited_for, hand_in

from backend.office import Office
from backend.personal import door as at_the_door

WROTE = {"staff_sessions", "staff_guesses", "staff_pace", "idempotency", "verifications",
         "personal_copies", "personal_copy_pieces"}  # fmt: skip


async def let_go(office: Office) -> dict[str, list[datetime]]:
    """Return when MongoDB lets go of each document of the collections it forgets by itself."""
    found: dict[str, list[datetime]] = {}
    for name in await office.database.list_collection_names():
        indexes = await office.database[name].index_information()
        for index in indexes.values():
            if "expireAfterSeconds" in index:
                [(field, _)] = index["key"]
                rows = await office.database[name].find({}).to_list(None)
                found[name] = [row[field] for row in rows if field in row]
    return found


async def test_nothing_is_let_go_of_while_it_is_needed_though_the_office_stands_in_the_past(
    office: Office, citizen: Any, service: Any, login: Any, stranger: Any
) -> None:
    assert office.clock.now() < datetime.now(UTC)
    member = await login("agent")
    await stranger.post("/staff/login", {"username": "agent", "password": "wrong"})
    await service.post("/reports", citizen.report(), key="once")
    who = {"channel": citizen.channel, "identity": citizen.name}
    claim = who | {"id_number": citizen.id_number, "phone": citizen.phone}
    assert not (await service.post("/people/verify", claim))[1]["verified"]
    waiting = asyncio.create_task(at_the_door.share(office, ["web-mine"]))
    copy = await first_waited_for(service)
    await hand_in(service, copy, "first", (0,))
    moments = await let_go(office)
    await hand_in(service, copy, "first", (1,))
    await waiting
    written = {name for name, rows in moments.items() if rows}
    assert written == WROTE
    early = {name for name in written if min(moments[name]) <= datetime.now(UTC)}
    assert early == set()
    assert (await member.get("/staff/me"))[0] == 200
