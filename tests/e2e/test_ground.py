"""Answers of the running system stand on the catalogue it serves, element by element."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from house import House
from pymongo import AsyncMongoClient

HANDFUL = [("JT009", "fee"), ("JT009", "place"), ("CL006", "materials"), ("NY003", "basis"),
           ("WL005", "conditions")]  # fmt: skip


@pytest.fixture
async def shelf(house: House) -> AsyncIterator[Any]:
    """The items as the running office stores them."""
    port = house.environment["EMBEDDED_MONGO_PORT"]
    uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    async with AsyncMongoClient(uri) as client:
        yield client["paoyici"]["catalogue_items"]


def pressed(code: str, element: str) -> dict[str, Any]:
    payload = f'/ask_guide{{"item_code": "{code}", "element": "{element}"}}'
    return {"kind": "button", "text": element, "payload": payload}


@pytest.mark.parametrize(("code", "element"), HANDFUL)
async def test_an_element_that_is_taken_away_is_refused_and_comes_back(
    talk: Any, shelf: Any, code: str, element: str
) -> None:
    speaker = await talk()
    whole = await shelf.find_one({"code": code})
    assert whole["elements"][element]
    told = await speaker.send(**pressed(code, element))
    assert "没写" not in told
    [source] = speaker.sources
    laws = [law["name"] for law in whole["elements"]["basis"] or ()]
    assert (source["item_code"], source["element"]) == (code, element)
    assert source["version"]
    assert all(law in source["basis"] for law in laws)
    try:
        await shelf.update_many({"code": code}, {"$set": {f"elements.{element}": None}})
        refused = await speaker.send(**pressed(code, element))
    finally:
        await shelf.update_many(
            {"code": code}, {"$set": {f"elements.{element}": whole["elements"][element]}}
        )
    assert "没写" in refused
    assert "000-" in refused
    assert any("人工" in choice for choice in speaker.choices)
