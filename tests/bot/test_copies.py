"""《个人信息保护法》第四十五条: the door hands in its share of a copy that the office makes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.errors import DialogueAwayError
from bot.personal import copier as copying
from bot.personal.copier import Copier
from bot.personal.store import Personal
from bot.privacy import Envelope

SAID = "只有我知道的话"


@pytest.fixture
def copier(settings: Any) -> Any:
    """Make the work of a door: `copier(door)`."""

    def of(door: Any) -> Copier:
        personal = Personal(door.database, Envelope(settings.data_keys))
        return Copier(personal, door.dialogue, door.office)

    return of


async def test_the_share_of_door_and_dialogue_comes_in_pieces_the_office_takes(
    door: Any, citizen: Any, office: Any, copier: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(copying, "PIECE_CHARACTERS", 50)
    await citizen.say(SAID)
    office.copies["c1"] = [citizen.conversation_id]
    await copier(door.door).look()
    # The door's own work may have handed it in meanwhile, as a delivery of its own.
    first = office.handed_in["c1"][0]["delivery"]
    pieces = [piece for piece in office.handed_in["c1"] if piece["delivery"] == first]
    assert [piece["place"] for piece in pieces] == list(range(len(pieces)))
    assert {piece["of"] for piece in pieces} == {len(pieces)}
    share = json.loads("".join(piece["text"] for piece in pieces))
    assert share["door"][0]["received"][0]["body"]["text"] == SAID
    assert list(share["dialogue"]) == [citizen.conversation_id]


async def test_without_the_dialogue_nothing_is_handed_in_as_if_it_were_whole(
    door: Any, citizen: Any, office: Any, dialogue: Any, copier: Any
) -> None:
    await citizen.say(SAID)
    office.copies["c1"] = [citizen.conversation_id]
    dialogue.away = True
    with pytest.raises(DialogueAwayError):
        await copier(door.door).look()
    assert office.handed_in == {}
