"""A person planted through messages and buttons is found in no log of any part."""

from __future__ import annotations

import json
import uuid
from typing import Any

import aiohttp

PHONE = "13800001234"
ID_NUMBER = "990101198403174214"
PLANTED = f"X{PHONE}"


def _payloads() -> list[str]:
    """Return payloads that put a citizen's words where numbers and codes are expected."""
    values = [
        ("ask_eligibility", {"fact": "age", "value": PLANTED}),
        ("ask_guide", {"item_code": PLANTED}),
        ("ask_guide", {"item_code": f"../../cases/{PLANTED}"}),
        ("start_application", {"item_code": PLANTED}),
        ("query_progress", {"case_number": PLANTED}),
    ]
    return [f"/{intent}{json.dumps(value)}" for intent, value in values]


async def test_no_log_of_any_part_has_a_citizens_words(
    house: Any, http: aiohttp.ClientSession
) -> None:
    async with http.post(f"{house.origin}/channels/web/conversations", json={}) as answer:
        token = (await answer.json())["token"]
    headers = {"Authorization": f"Bearer {token}", "Prefer": "wait=20"}
    messages: list[dict[str, Any]] = [
        {"kind": "text", "text": f"我叫瞿霜凛，电话{PHONE}，身份证{ID_NUMBER}"},
        *({"kind": "button", "text": PLANTED, "payload": payload} for payload in _payloads()),
    ]
    for message in messages:
        body = {"client_msg_id": uuid.uuid4().hex, **message}
        async with http.post(
            f"{house.origin}/channels/web/messages", json=body, headers=headers
        ) as sent:
            assert sent.status < 500, await sent.text()
    async with http.get(f"{house.origin}/channels/web/{PLANTED}", headers=headers) as lost:
        assert lost.status == 404
    logs = list((house.home / "logs").glob("*.log"))
    assert logs
    for log in logs:
        text = log.read_text(errors="replace")
        for secret in (PHONE, ID_NUMBER, "瞿霜凛"):
            assert secret not in text, log.name
