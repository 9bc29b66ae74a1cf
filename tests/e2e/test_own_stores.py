"""A house on an operator's own stores, as documented, holds nobody and nothing of the sample."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from accounts import take_over
from house import House, new_house
from people import Clerk
from pymongo import MongoClient
from servers import BIN, ROOT

CHIEF, GIVEN = "chief", "given-password-of-chief-7"


@pytest.fixture
def house(
    mongo_server: str, redis_url: str, mongo_database: str, tmp_path: Path
) -> Iterator[House]:
    """A house whose MongoDB and Redis were started by somebody else."""
    stores = {"MONGODB_URI": mongo_server, "MONGODB_DATABASE": mongo_database}
    own = new_house(tmp_path / "house", **stores, REDIS_URL=redis_url, SEED_SAMPLE="0")
    own.start()
    try:
        yield own
    finally:
        own.stop()


@pytest.fixture
def kept(house: House) -> Iterator[Any]:
    """What the house keeps."""
    with MongoClient[Any](house.environment["MONGODB_URI"]) as client:
        yield client[house.environment["MONGODB_DATABASE"]]


def samples() -> list[dict[str, Any]]:
    """Return the accounts of the sample district."""
    written = yaml.safe_load((ROOT / "data/seed/staff.yml").read_text(encoding="utf-8"))
    return list(written["staff"])


def catalogue() -> set[str]:
    """Return the codes of the items whose files stand in the data folder of this house."""
    files = (ROOT / "data/catalogue").glob("*.yaml")
    written = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return {item["code"] for department in written for item in department["items"]}


def open_first_account(house: House) -> None:
    """Open the first administrator's account as README.md says."""
    command = [str(BIN / "paoyici"), "staff", "open", CHIEF, "--role", "admin"]
    done = subprocess.run(
        command, input=f"{GIVEN}\n", env=house.environment, cwd=ROOT, text=True, capture_output=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


async def test_a_house_on_stores_of_its_own_answers_and_holds_nothing_of_the_sample(
    house: House, kept: Any, http: aiohttp.ClientSession, talk: Any
) -> None:
    assert house.pids("mongodb") == house.pids("redis") == []
    assert not [line for line in house.lines if "sample" in line]
    assert kept["staff"].count_documents({}) == 0
    api = f"{house.origin}/api/v1"
    for sample in samples():
        login = {"username": sample["username"], "password": sample["password"]}
        async with http.post(f"{api}/staff/login", json=login) as answer:
            assert answer.status == 401, sample["username"]
    speaker = await talk()
    said = await speaker.say("身份证掉了咋个补嘛")
    assert said
    assert [source["item_code"] for source in speaker.sources] == ["GA004"]
    open_first_account(house)
    password = take_over(api, CHIEF, GIVEN)
    async with http.post(
        f"{api}/staff/login", json={"username": CHIEF, "password": password}
    ) as answer:
        chief = Clerk(http, house.origin, (await answer.json())["token"])
    assert [one["username"] for one in (await chief.get("/staff"))["staff"]] == [CHIEF]
    rows = kept["catalogue_items"].distinct("code")
    assert set(rows) == catalogue()
    for name in ("cases", "reports", "people", "handoffs"):
        assert kept[name].count_documents({}) == 0, name
