"""One person, planted in a form, a photo, a report, a place and a talk, is nowhere in clear."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import aiohttp
import bson
import pytest
from people import CASE, TICKET
from phone_files import photo
from PIL import Image
from planted import (
    ID_NUMBER,
    LATITUDE,
    LONGITUDE,
    NAME,
    PHONE,
    PLACE,
    SECRETS,
    answer_form,
    planted_at_rest,
    planted_in,
)

ROLES = ("agent", "supervisor", "approver", "dispatcher", "admin", "auditor")
POINT = {"lat": LATITUDE, "lon": LONGITUDE, "system": "gcj02", "label": PLACE}
_GPS = 0x8825
# Bodies that no route takes, each holding the person.
HOSTILE = (
    json.dumps({secret: secret for secret in SECRETS}).encode(),
    json.dumps([*SECRETS]).encode(),
    json.dumps({"why": {"text": [*SECRETS]}, "text": [*SECRETS], "kind": ID_NUMBER}).encode(),
    f'{{"text": "{NAME}{PHONE}'.encode(),
    json.dumps({"kind": "location", "location": {"lat": PHONE, "lon": LONGITUDE}}).encode(),
)


@pytest.fixture
async def planted(talk: Any, house: Any, http: aiohttp.ClientSession, tmp_path: Path) -> None:
    """Somebody applies, sends a photo, reports, sends where they are, and asks for a person."""
    applicant, reporter, passer_by = await talk(), await talk(), await talk()
    await applicant.say("我要申请高龄津贴")
    await answer_form(applicant, "MZ008")
    assert CASE.search(await applicant.say("确认提交"))
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(photo())
    await applicant.citizen.photograph(picture)
    said = await reporter.say(f"{PLACE}路口的路灯坏了，我是{NAME}，电话{PHONE}")
    for answer in (PLACE, "跳过", PHONE, "对，提交", "确认提交"):
        if TICKET.search(said):
            break
        said = await reporter.say(answer)
    assert TICKET.search(said), said
    await reporter.say(f"我叫{NAME}，身份证{ID_NUMBER}，电话{PHONE}，转人工")
    await reporter.say("转人工")
    await passer_by.say("路灯坏了")
    said = await passer_by.send(kind="location", location=POINT)
    for answer in ("跳过", "跳过", "对，提交", "确认提交"):
        if TICKET.search(said):
            break
        said = await passer_by.say(answer)
    assert TICKET.search(said), said


async def shown_in_lists(house: Any, http: aiohttp.ClientSession, clerk: Any) -> dict[str, Any]:
    """Return what the lists of the desk show of the person, to every role."""
    found = {}
    async with http.get(f"{house.origin}/api/v1/openapi.json") as answer:
        paths = (await answer.json())["paths"]
    lists = [path for path, methods in paths.items() if "get" in methods and "{" not in path]
    assert "/api/v1/desk/cases" in lists
    for role in ROLES:
        member = await clerk(role)
        for path in lists:
            async with http.get(house.origin + path, headers=member._headers) as answer:
                if hits := planted_in(await answer.read()):
                    found[f"{role} {path}"] = hits
    return found


@pytest.mark.usefixtures("planted")
async def test_a_planted_person_lies_nowhere_in_clear_and_no_list_shows_them(
    house: Any, http: aiohttp.ClientSession, clerk: Any
) -> None:
    uri = f"mongodb://127.0.0.1:{house.environment['EMBEDDED_MONGO_PORT']}/?directConnection=true"
    database = house.environment.get("MONGODB_DATABASE", "paoyici")
    assert planted_in(bson.encode({"lat": LATITUDE, "name": NAME})) == [NAME, str(LATITUDE)]
    found = planted_at_rest(house.home, uri, database)
    found |= await shown_in_lists(house, http, clerk)
    assert not found, found


async def test_a_photo_comes_back_without_where_it_was_taken(
    house: Any, http: aiohttp.ClientSession, talk: Any
) -> None:
    taken = photo()
    assert Image.open(io.BytesIO(taken)).getexif().get_ifd(_GPS)
    speaker = await talk()
    await speaker.say("您好")
    headers = {"Authorization": f"Bearer {speaker.citizen._memory.state['token']}"}
    form = aiohttp.FormData()
    form.add_field("file", taken, filename="photo.jpg")
    base = f"{house.origin}/channels/web/media"
    async with http.post(base, data=form, headers=headers) as answer:
        media_id = (await answer.json())["media_id"]
    async with http.get(f"{base}/{media_id}", headers=headers) as answer:
        kept = await answer.read()
    assert not Image.open(io.BytesIO(kept)).getexif().get_ifd(_GPS)
    assert not planted_in(kept)


async def refusals(
    http: aiohttp.ClientSession, method: str, url: str, headers: dict[str, str]
) -> list[str]:
    """Send every hostile body; return how each answer is wrong: taken, a defect, or an echo."""
    wrong = []
    for body in HOSTILE:
        async with http.request(method, url, data=body, headers=headers) as answer:
            content = await answer.read()
            if not 400 <= answer.status < 500 or planted_in(content):
                wrong.append(f"{method} {url} {answer.status} {content[:200]!r}")
    return wrong


async def test_no_refusal_repeats_what_was_sent_and_no_log_keeps_it(
    house: Any, http: aiohttp.ClientSession, clerk: Any, talk: Any
) -> None:
    speaker = await talk()
    await speaker.say("您好")
    citizen = {"Authorization": f"Bearer {speaker.citizen._memory.state['token']}"}
    wrong = []
    for path in ("messages", "media", f"media/{ID_NUMBER}", PHONE):
        wrong += await refusals(http, "POST", f"{house.origin}/channels/web/{path}", citizen)
    async with http.get(f"{house.origin}/api/v1/openapi.json") as answer:
        paths = (await answer.json())["paths"]
    members = {role: (await clerk(role))._headers for role in ROLES}
    asked = 0
    for path, methods in paths.items():
        for method, operation in methods.items():
            roles = next((way["staff"] for way in operation["security"] if "staff" in way), [])
            if method == "get" or not roles or "requestBody" not in operation:
                continue
            asked += 1
            url = house.origin + path.replace("{", "x").replace("}", "")
            wrong += await refusals(http, method.upper(), url, members[roles[0]])
    assert asked > 10
    assert not wrong, wrong
    for log in (house.home / "logs").glob("*.log"):
        assert not planted_in(log.read_bytes()), log.name
