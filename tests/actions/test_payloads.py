"""A payload that somebody wrote by hand is data: it leads nowhere, and breaks nothing."""

from __future__ import annotations

import json

import pytest
from servers import free_port
from stage import Citizen

from actions import office
from actions.office import BackendRefusedError

ELSEWHERE = [
    "../../staff",
    "../../desk/cases",
    "../../cases/BJ2026112200001?channel=web&identity=c-1",
    "../../cases/BJ2026112200001?channel=web&identity=wrong",
    "../../../../metrics",
    "../../conversations/outgoing?wait=30&after=9999",
    "..",
    "",
]


@pytest.mark.parametrize("intent", ["ask_guide", "start_application"])
async def test_a_code_that_is_a_path_gets_the_ordinary_answer(
    citizen: Citizen, intent: str
) -> None:
    ordinary = await citizen.forge(f"/{intent}")
    for code in ELSEWHERE:
        forged = f"/{intent}{json.dumps({'item_code': code})}"
        assert await citizen.forge(forged) == ordinary, code


@pytest.mark.parametrize(
    "payload",
    [
        '/ask_eligibility{"fact":"age","value":"X13800001234"}',
        '/ask_eligibility{"fact":"age","value":true}',
        '/ask_eligibility{"fact":"disabled"}',
        '/ask_eligibility{"fact":"shoe_size","value":true}',
    ],
)
async def test_a_fact_that_is_none_is_asked_for_like_any_other(
    citizen: Citizen, payload: str
) -> None:
    assert await citizen.forge(payload) == await citizen.forge("/ask_eligibility")


@pytest.mark.parametrize(
    "segment",
    ["", ".", "..", "a/b", "../../staff", "a?wait=30", "a#b", "%2e%2e", "%2F", "a\\b", "a\nb",
     "\ud800"],
)  # fmt: skip
async def test_what_is_more_than_a_segment_is_absent_before_the_office_is_asked(
    segment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKEND_URL", f"http://127.0.0.1:{free_port()}/api/v1")
    with pytest.raises(BackendRefusedError) as refused:
        await office.get("catalogue", "items", segment)
    assert refused.value.is_absent
    with pytest.raises(BackendRefusedError):
        await office.post("cases", segment, "withdraw", body={}, key="k")


async def test_a_segment_of_any_other_signs_stays_one_segment(office_server: str) -> None:
    with pytest.raises(BackendRefusedError) as refused:
        await office.get("catalogue", "items", "身份证 补领;a=b&c")
    assert refused.value.key == "request.invalid"
    await office.close()
