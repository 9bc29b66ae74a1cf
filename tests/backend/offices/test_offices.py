"""Where citizens are served."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import yaml
from servers import ROOT

from backend.offices.model import Hall


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


def test_the_file_of_halls_keeps_to_its_schema() -> None:
    written = yaml.safe_load((ROOT / "data" / "offices.yml").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "data/schemas/offices.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(written)
    assert len({hall["code"] for hall in written["offices"]}) == len(written["offices"])
    topics = yaml.safe_load((ROOT / "data/follow_ups/hall.yml").read_text(encoding="utf-8"))
    # A fact of another topic would never be told.
    told = schema["$defs"]["hall"]["properties"]["facts"]["propertyNames"]["enum"]
    assert set(told) <= set(topics)


def test_a_file_of_an_earlier_version_still_opens() -> None:
    old = {"code": "YX00", "name": "大厅", "kind": "hall", "address": "云溪区清溪大道 1 号",
           "hours": "周一至周五 9:00–12:00", "phone": "000-12345000", "note": "",
           "location": {"lat": 30.6, "lon": 104.1, "system": "gcj02"}}  # fmt: skip
    assert Hall.model_validate(old).open == ()
