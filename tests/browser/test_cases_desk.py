"""The cases of the staff desk: papers open after somebody has said why they look."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import aiohttp
from forms import fields_of, id_number
from playwright.async_api import expect

PHOTO = Path(__file__).resolve().parents[2] / "docs" / "screenshots" / "desk.png"
VALUES = {
    "name": "测试甲", "id_number": id_number(), "phone": "19900000001", "text": "测试",
    "date": "2026-01-31", "number": 3, "address": "云溪区清河街道石桥路 18 号",
}  # fmt: skip


async def hand_in(house: Any, item_code: str) -> str:
    """Hand an application in as the bot does, with a photo of the household register."""
    lines = (house.home / "secrets.env").read_text(encoding="utf-8").splitlines()
    token = dict(line.split("=", 1) for line in lines)["SERVICE_TOKEN"]
    name = f"case-{uuid.uuid4().hex[:8]}"
    office = f"{house.origin}/api/v1"
    application = {
        "item_code": item_code,
        "conversation_id": name,
        "identity": {"channel": "web", "id": name},
        "fields": {
            field["name"]: field["choices"][0]
            if field["kind"] == "choice"
            else VALUES[field["kind"]]
            for field in fields_of(item_code)
            if not field.get("optional")
        },
    }
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:
        who = {"channel": "web", "identity": name}
        await session.put(f"{office}/conversations/{name}", json=who)
        with PHOTO.open("rb") as photo:
            form = aiohttp.FormData({"file": photo})
            taken = await (await session.post(f"{office}/media", data=form)).json()
        application["media"] = [{"name": "photo_hukou", "media_id": taken["media_id"]}]
        case = await (await session.post(f"{office}/cases", json=application)).json()
    return str(case["number"])


async def test_a_paper_opens_once_somebody_has_said_why(house: Any, desk: Any) -> None:
    number = await hand_in(house, "MZ001")
    window = await desk("approver")
    await window.page.get_by_role("button", name=number).click()
    drawer = window.page.get_by_role("dialog", name=number)
    await expect(drawer.get_by_text("户口簿照片（写明为什么看，才能打开）")).to_be_visible()
    await expect(drawer.locator(".media img")).to_have_count(0)
    await drawer.get_by_role("button", name="看完整信息").click()
    question = window.page.get_by_role("dialog", name="看完整信息")
    await question.get_by_label("为什么要看").fill("核对户口簿上的住址")
    await question.get_by_role("button", name="确定").click()
    await expect(drawer.locator(".media img")).to_have_count(1)
    assert await window.violations() == []
    assert window.complaints == []
