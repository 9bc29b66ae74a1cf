"""Every answer stands on the catalogue: where an element is taken away, the guide says so.

Between the clerk and the real office stands a shelf that hands on the items as the office serves
them, with one element taken out.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import office
from actions.catalogue import ELEMENTS
from actions.guide import Guide
from actions.texts import replies, say

LEAST = 4


class Shelf:
    """The catalogue as the office serves it, without the element `missing`."""

    def __init__(self, items: dict[str, dict[str, Any]]) -> None:
        self.items = items
        self.missing = ""

    async def serve(self, request: web.Request) -> web.Response:
        """Hand on one item."""
        item = self.items[request.match_info["code"]]
        elements = {**item["elements"], **({self.missing: None} if self.missing else {})}
        return web.json_response({**item, "elements": elements})


@pytest.fixture
async def shelf(office_server: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shelf]:
    """All items of the real office, on a shelf of our own."""
    listed = (await office.get("catalogue", "items", params={"limit": "500"}))["items"]
    codes = [item["code"] for item in listed]
    found = Shelf({code: await office.get("catalogue", "items", code) for code in codes})
    application = web.Application()
    application.router.add_get("/catalogue/items/{code}", found.serve)
    async with TestServer(application) as server:
        monkeypatch.setenv("BACKEND_URL", str(server.make_url("")))
        yield found
        await office.close()


async def asked(code: str, element: str) -> dict[str, Any]:
    """Return what the guide answers to the button for an element of an item."""
    message = {
        "text": "…", "intent": {"name": "ask_guide"},
        "entities": [{"entity": "item_code", "value": code},
                     {"entity": "element", "value": element}],
        "metadata": {"kind": "button", "key": "k", "identity": {"channel": "web", "id": "i"}},
    }  # fmt: skip
    tracker = Tracker("c", {}, message, [], False, None, {}, "action_guide")
    dispatcher = CollectingDispatcher()
    await Guide().run(dispatcher, tracker, {})
    [said] = dispatcher.messages
    return dict(said["custom"])


def leaves(content: Any) -> Iterator[str]:
    """Yield every text of an element that is long enough to be recognised."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key != "from":
                yield from leaves(value)
    elif isinstance(content, list):
        for value in content:
            yield from leaves(value)
    elif isinstance(content, str) and len(content) >= LEAST:
        yield content


def read_by_citizens(reply: dict[str, Any]) -> str:
    return json.dumps(
        {key: value for key, value in reply.items() if key not in ("source", "chips")},
        ensure_ascii=False,
    )


async def test_an_element_taken_away_turns_its_answer_into_a_refusal(shelf: Shelf) -> None:
    assert len(shelf.items) == 312
    answered = 0
    for element in ELEMENTS:
        shelf.missing = element
        for code, item in shelf.items.items():
            reply = await asked(code, element)
            said = read_by_citizens(reply)
            silent = say("guide.silent", item=item["name"], element="{element}", ask="{ask}")
            assert reply["text"].startswith(silent.split("{element}")[0]), (code, element)
            assert item["department_phone"] in reply["text"], (code, element)
            assert "/ask_human" in [chip["payload"] for chip in reply["chips"]], (code, element)
            assert "sections" not in reply, (code, element)
            rest = json.dumps(
                {**item, "elements": {**item["elements"], element: None}}, ensure_ascii=False
            )
            for text in leaves(item["elements"][element]):
                assert text not in said or text in rest, (code, element, text)
            answered += 1
    assert answered == 312 * 8


async def test_every_answer_carries_item_element_version_and_legal_basis(shelf: Shelf) -> None:
    for code, item in shelf.items.items():
        laws = item["elements"]["basis"] or []
        for element in ELEMENTS:
            source = (await asked(code, element))["source"]
            assert (source["item_code"], source["element"]) == (code, element)
            assert source["version"] == item["version"]
            assert all(law["name"] in source["basis"] for law in laws), code


async def test_every_value_told_is_the_catalogues(shelf: Shelf) -> None:
    for code in shelf.items:
        item = shelf.items[code]
        marked, marks = mark(item["elements"])
        shelf.items[code] = {**item, "elements": marked}
        for element in ELEMENTS:
            if not item["elements"][element]:
                continue
            said = read_by_citizens(await asked(code, element))
            rest = json.dumps({**item, "elements": None}, ensure_ascii=False)
            rest += str(replies()["guide"])
            for text in leaves(item["elements"][element]):
                assert text not in said or text in rest, (code, element, text)
            assert element not in marks or any(sign in said for sign in marks[element]), code


def mark(elements: dict[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the elements with a sign in the place of every text, and the signs by element."""
    marks: dict[str, list[str]] = {}

    def marked(content: Any, element: str) -> Any:
        if isinstance(content, dict):
            return {key: marked(value, element) for key, value in content.items()}
        if isinstance(content, list):
            return [marked(value, element) for value in content]
        if isinstance(content, str) and len(content) >= LEAST:
            marks.setdefault(element, []).append(f"〔{element}{len(marks.get(element, ()))}〕")
            return marks[element][-1]
        return content

    return {element: marked(content, element) for element, content in elements.items()}, marks
