"""One person, planted through a form, a photo, a report and a talk, is found nowhere in clear."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aiohttp
import bson
import pytest
from forms import WEIGHTS, fields_of
from people import CASE, TICKET
from phone_files import AUTHOR, photo
from pymongo import MongoClient

BODY = "99010119400229117"
ID_NUMBER = BODY + "10X98765432"[sum(int(d) * w for d, w in zip(BODY, WEIGHTS, strict=True)) % 11]
NAME, PHONE = "欧阳霜凛", "19900047561"
STREET = "霜凛巷九千七百一十七号"
ADDRESS = f"云溪区清水街道{STREET}"
SECRETS = (ID_NUMBER, NAME, PHONE, STREET, AUTHOR)
ROLES = ("agent", "supervisor", "approver", "dispatcher", "admin", "auditor")
# Where a lamp is broken is everybody's business, where the person lives is not.
PLACE = "云溪区清水街道二号路"
ANSWERS = {"name": NAME, "id_number": ID_NUMBER, "phone": PHONE, "address": ADDRESS}


def planted_in(content: bytes) -> list[str]:
    """Return which of the person's secrets stand in something, as text or escaped as JSON."""
    forms = {secret: (secret.encode(), json.dumps(secret)[1:-1].encode()) for secret in SECRETS}
    return [secret for secret, forms in forms.items() if any(form in content for form in forms)]


async def answer_form(speaker: Any, item: str) -> str:
    """Fill the form of an item with the person; return what comes after the last answer."""
    said = ""
    for field in fields_of(item):
        kind = field["kind"]
        if kind == "photo":
            said = await speaker.say("跳过")
        elif kind == "choice":
            said = await speaker.say(field["choices"][0])
        else:
            said = await speaker.say(ANSWERS.get(kind, f"{NAME}没有别的要说"))
        if "对吗" in said:
            said = await speaker.say("对")
    return said


@pytest.fixture
async def planted(talk: Any, house: Any, http: aiohttp.ClientSession, tmp_path: Path) -> None:
    """Somebody applies, sends a photo, reports, and asks for a person."""
    applicant, reporter = await talk(), await talk()
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


@pytest.mark.usefixtures("planted")
async def test_a_planted_person_lies_nowhere_in_clear_and_no_list_shows_them(
    house: Any, http: aiohttp.ClientSession, clerk: Any
) -> None:
    found = {}
    for path in sorted(path for path in house.home.rglob("*") if path.is_file()):
        if hits := planted_in(path.read_bytes()):
            found[str(path.relative_to(house.home))] = hits
    port = house.environment["EMBEDDED_MONGO_PORT"]
    with MongoClient[Any](f"mongodb://127.0.0.1:{port}/?directConnection=true") as client:
        database = client[house.environment.get("MONGODB_DATABASE", "paoyici")]
        for name in database.list_collection_names():
            for document in database[name].find({}):
                if hits := planted_in(bson.encode(document)):
                    found[name] = hits
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
    assert not found, found
