"""Actions of the stock project, as ordinary projects write them; run by `rasa run actions`.

They make the backend calls ours make: one look into the catalogue, one report.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import aiohttp
from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher

OFFICE = os.environ["BACKEND_URL"]
HEADERS = {"Authorization": f"Bearer {os.environ['SERVICE_TOKEN']}"}
TOLD = ("materials", "procedure", "time", "fee", "place", "conditions")


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


with (Path(os.environ["DATA_DIR"]) / "items.csv").open(encoding="utf-8-sig", newline="") as _file:
    ITEMS = [(row["code"], _pairs(row["name"])) for row in csv.DictReader(_file)]


def item_named(text: str) -> str:
    """Return the item whose name shares most with a text."""
    said = _pairs(text)
    return max(ITEMS, key=lambda item: len(item[1] & said))[0]


async def office(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the backend."""
    async with (
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.request(method, OFFICE + path, json=body) as answer,
    ):
        answer.raise_for_status()
        content: dict[str, Any] = await answer.json()
        return content


class Guide(Action):
    def name(self) -> str:
        return "action_guide"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        code = item_named(tracker.latest_message["text"])
        item = await office("GET", f"/catalogue/items/{code}")
        dispatcher.utter_message(
            text=item["summary"] or item["name"],
            json_message={
                "title": item["name"],
                "sections": {name: item["elements"].get(name) for name in TOLD},
            },
            buttons=[
                {"title": name, "payload": f'/ask_guide{{"element": "{name}"}}'}
                for name in TOLD[:3]
            ],
        )
        return []


class ValidateReport(FormValidationAction):
    def name(self) -> str:
        return "validate_report_form"

    def validate_phone(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        digits = "".join(letter for letter in str(value) if letter.isdigit())
        return {"phone": digits if len(digits) == 11 else None}


class FileReport(Action):
    def name(self) -> str:
        return "action_file_report"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        who = {"channel": "rest", "id": tracker.sender_id}
        path = f"/conversations/{tracker.sender_id}"
        await office("PUT", path, {"channel": who["channel"], "identity": who["id"]})
        report = await office(
            "POST",
            "/reports",
            {
                "conversation_id": tracker.sender_id,
                "identity": who,
                "text": tracker.get_slot("description"),
                "place": tracker.get_slot("place"),
                "contact_phone": tracker.get_slot("phone"),
                "media_ids": [],
            },
        )
        dispatcher.utter_message(response="utter_filed", number=report["number"])
        return [AllSlotsReset()]
