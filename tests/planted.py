"""A person whose data is planted, and every place of a house where it is looked for."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import bson
from forms import WEIGHTS, fields_of
from phone_files import AUTHOR
from pymongo import MongoClient

BODY = "99010119400229117"
ID_NUMBER = BODY + "10X98765432"[sum(int(d) * w for d, w in zip(BODY, WEIGHTS, strict=True)) % 11]
NAME, PHONE = "欧阳霜凛", "19900047561"
STREET = "霜凛巷九千七百一十七号"
ADDRESS = f"云溪区清水街道{STREET}"
# Where the lamp is that they report: as everybody sees it, and as their phone knows it.
PLACE = "云溪区清水街道二号路"
LATITUDE, LONGITUDE = 30.561937, 104.053719
SECRETS = (ID_NUMBER, NAME, PHONE, STREET, AUTHOR, str(LATITUDE), str(LONGITUDE))
_ANSWERS = {"name": NAME, "id_number": ID_NUMBER, "phone": PHONE, "address": ADDRESS}


def planted_in(content: bytes, *more: str) -> list[str]:
    """Return which secrets, the person's and others, stand in something in any form."""
    return [
        secret for secret in (*SECRETS, *more) if any(form in content for form in _forms_of(secret))
    ]


def _forms_of(secret: str) -> list[bytes]:
    """Return a secret as text, escaped as JSON, and a coordinate as the number it is in BSON."""
    forms = [secret.encode(), json.dumps(secret)[1:-1].encode()]
    return [*forms, struct.pack("<d", float(secret))] if "." in secret else forms


def planted_at_rest(home: Path, mongodb_uri: str, database: str, *more: str) -> dict[str, Any]:
    """Return what is found in the files of a house (data, logs) and in its collections."""
    found = {}
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        if hits := planted_in(path.read_bytes(), *more):
            found[str(path.relative_to(home))] = hits
    with MongoClient[Any](mongodb_uri) as client:
        for name in client[database].list_collection_names():
            for document in client[database][name].find({}):
                if hits := planted_in(bson.encode(document), *more):
                    found[name] = hits
    return found


async def answer_form(speaker: Any, item: str, name: str = NAME) -> str:
    """Fill the form of an item with the person; return what comes after the last answer."""
    answers, said = {**_ANSWERS, "name": name}, ""
    for field in fields_of(item):
        kind = field["kind"]
        if kind == "photo":
            said = await speaker.say("跳过")
        elif kind == "choice":
            said = await speaker.say(field["choices"][0])
        else:
            said = await speaker.say(answers.get(kind, f"{name}没有别的要说"))
        if "对吗" in said:
            said = await speaker.say("对")
    return said
