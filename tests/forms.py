"""Answers to an item's own form, by the kind of each field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from standards.form_fields import asked

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(serial: int = 1, birth: str = "19400101") -> str:
    """Return an ID number with a right check digit and a region that cannot exist."""
    body = f"999999{birth}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def fields_of(item_code: str) -> list[dict[str, Any]]:
    """Return the form of an item, as far as it is asked for after the answers given here."""
    path = ROOT / "data" / "catalogue" / f"{item_code[:2]}.yaml"
    items = yaml.safe_load(path.read_text(encoding="utf-8"))["items"]
    fields: list[dict[str, Any]] = next(i for i in items if i["code"] == item_code)["application"][
        "fields"
    ]
    answers = {field["name"]: answer_to(field) for field in fields}
    return [dict(field) for field in asked(fields, answers)]


def answer_to(field: dict[str, Any], serial: int = 1) -> str:
    """Return what a citizen would say to `field`."""
    if field["kind"] == "choice":
        return str(field["choices"][0])
    if field["kind"] == "photo":
        return "跳过"
    return {
        "name": "王桂兰",
        "id_number": id_number(serial),
        "phone": "19900000001",
        "date": "2026年10月1日",
        "number": "2",
        "address": "云溪区清水街道一号",
        "text": "没有别的要说",
    }[field["kind"]]
