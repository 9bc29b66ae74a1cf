"""The gate on buttons: what is pressed is never guessed at, and its payload is data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dialogue.gate import decide, load_words
from form_ear import form_ear

WORDS = load_words(Path(__file__).resolve().parents[3] / "data")


@pytest.mark.parametrize(
    ("payload", "intent", "values"),
    [('/ask_guide{"item_code": "GA004", "element": "fee"}', "ask_guide", ["GA004", "fee"]),
     ("/affirm", "affirm", []), ('/elder_mode{"on": true}', "elder_mode", [True])],
)  # fmt: skip
async def test_a_button_is_never_guessed_at(payload: str, intent: str, values: list[Any]) -> None:
    data = await pressed(payload)
    assert data["intent"]["name"] == intent
    assert [entity["value"] for entity in data["entities"]] == values


@pytest.mark.parametrize(
    "payload", ["/restart", "/ask_guide{broken", "", "/session_start", "rm -rf"]
)
async def test_a_payload_of_somebody_else_is_read_as_its_title(payload: str) -> None:
    assert (await pressed(payload))["intent"]["name"] == "out_of_scope"


@pytest.mark.parametrize(
    ("payload", "intent", "kept"),
    [
        # What a button of ours carries.
        ('/ask_guide{"item_code": "X-0A1B2C3D4E"}', "ask_guide", {"item_code": "X-0A1B2C3D4E"}),
        ('/start_application{"item_code":"MZ008"}', "start_application", {"item_code": "MZ008"}),
        ('/report_problem{"said":"灯坏了，\\n三天了","category":"C101"}', "report_problem",
         {"said": "灯坏了，\n三天了", "category": "C101"}),
        ('/query_progress{"case_number":"BJ2026112200001"}', "query_progress",
         {"case_number": "BJ2026112200001"}),
        ('/ask_eligibility{"fact":"age","value":"60-79"}', "ask_eligibility",
         {"fact": "age", "value": "60-79"}),
        ('/ask_eligibility{"fact":"disabled","value":true}', "ask_eligibility",
         {"fact": "disabled", "value": True}),
        ('/inform{"value":"第一次办"}', "inform", {"value": "第一次办"}),
        ('/inform{"word":"skip"}', "inform", {"word": "skip"}),
        ('/correct{"field":"phone"}', "correct", {"field": "phone"}),
        ('/deny{"about":"item"}', "deny", {"about": "item"}),
        # Paths.
        ('/ask_guide{"item_code":"../../staff"}', "ask_guide", {}),
        ('/ask_guide{"item_code":"../../desk/cases"}', "ask_guide", {}),
        ('/ask_guide{"item_code":"../../cases/BJ2026112200001?channel=web&identity=c1"}',
         "ask_guide", {}),
        ('/ask_guide{"item_code":"../../../../metrics"}', "ask_guide", {}),
        ('/ask_guide{"item_code":"../../conversations/outgoing?wait=30&after=9999"}',
         "ask_guide", {}),
        ('/start_application{"item_code":"../../staff"}', "start_application", {}),
        ('/ask_guide{"item_code":".."}', "ask_guide", {}),
        ('/ask_guide{"item_code":"GA004\\n"}', "ask_guide", {}),
        ('/ask_guide{"item_code":"GA004,GA001"}', "ask_guide", {}),
        ('/ask_guide{"item_code":""}', "ask_guide", {}),
        ('/ask_guide{"item_code":"../../staff","element":"fee"}', "ask_guide", {"element": "fee"}),
        # Values of another kind, of another intent, or half of what belongs together.
        ('/ask_guide{"item_code":4}', "ask_guide", {}),
        ('/ask_guide{"item_code":["GA004"]}', "ask_guide", {}),
        ('/ask_guide{"element":"price"}', "ask_guide", {}),
        ('/ask_guide{"word":"yes","place":0,"case_number":"BJ2026112200001"}', "ask_guide", {}),
        ('/elder_mode{"on":1}', "elder_mode", {}),
        ('/elder_mode{"on":NaN}', "elder_mode", {}),
        ('/ask_eligibility{"fact":"age","value":"X13800001234"}', "ask_eligibility", {}),
        ('/ask_eligibility{"fact":"age","value":true}', "ask_eligibility", {}),
        ('/ask_eligibility{"fact":"disabled","value":"60-79"}', "ask_eligibility", {}),
        ('/ask_eligibility{"fact":"shoe_size","value":true}', "ask_eligibility", {}),
        ('/ask_eligibility{"fact":"age"}', "ask_eligibility", {}),
        ('/withdraw{"case_number":"BJ20261122"}', "withdraw", {}),
        ('/report_problem{"said":"\\ud800"}', "report_problem", {}),
        ('/report_problem{"said":"a\\u0000b"}', "report_problem", {}),
        ('/affirm{"value":"对","at":1e999}', "affirm", {}),
    ],
)  # fmt: skip
async def test_of_a_payload_only_what_its_intent_may_carry_is_kept(
    payload: str, intent: str, kept: dict[str, Any]
) -> None:
    data = await pressed(payload)
    assert data["intent"]["name"] == intent
    assert {entity["entity"]: entity["value"] for entity in data["entities"]} == kept


async def test_a_payload_nested_without_end_is_read_as_its_title() -> None:
    assert (await pressed('/ask_guide{"a":' + "[" * 1980 + "}"))["intent"]["name"] == "out_of_scope"


async def pressed(payload: str) -> dict[str, Any]:
    """Return what the gate makes of a button."""

    async def parse(said: str) -> dict[str, Any]:
        return {"text": said, "intent": {"name": "out_of_scope", "confidence": 0.9}, "entities": []}

    message = {"kind": "button", "text": "标题", "payload": payload}
    return await decide(message, None, None, parse, WORDS, form_ear())
