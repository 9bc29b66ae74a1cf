"""The reports of the staff desk: what is urgent, what was added, what was taken back."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, expect

Json = dict[str, Any]
Office = Callable[..., Awaitable[Json]]
PHOTO = Path(__file__).resolve().parents[2] / "docs" / "screenshots" / "desk.png"


@pytest.fixture
def bot(house: Any) -> Office:
    """Call the office as the bot does: `await bot("POST", "/reports", {...})`."""
    lines = (house.home / "secrets.env").read_text(encoding="utf-8").splitlines()
    token = dict(line.split("=", 1) for line in lines)["SERVICE_TOKEN"]

    async def call(method: str, path: str, body: object = None, **sent: Any) -> Json:
        headers = {"Authorization": f"Bearer {token}"}
        address = f"{house.origin}/api/v1{path}"
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, address, json=body, **sent) as answer,
        ):
            assert answer.status == 200, await answer.text()
            return await answer.json()

    return call


@pytest.fixture
async def citizen(bot: Office) -> Json:
    """Return somebody with a conversation, as bodies name them."""
    name = f"danger-{uuid.uuid4().hex[:8]}"
    await bot("PUT", f"/conversations/{name}", {"channel": "web", "identity": name})
    return {"conversation_id": name, "identity": {"channel": "web", "id": name}}


async def open_report(page: Page, number: str) -> Any:
    """Open a report from the list; return its drawer."""
    await page.get_by_role("button", name=number).click()
    drawer = page.get_by_role("dialog")
    await expect(drawer.get_by_text("市民说的")).to_be_visible()
    return drawer


async def test_a_danger_stands_first_with_its_kind_its_countdown_and_its_rule(
    bot: Office, citizen: Json, desk: Any
) -> None:
    for words in ("路灯坏了", "垃圾没人清"):
        await bot("POST", "/reports", {**citizen, "text": words, "category": "E102"})
    window = await desk("dispatcher")
    await expect(window.page.get_by_text("路灯坏了", exact=True)).to_be_visible()
    alarm = {**citizen, "kind": "fire", "text": "着火了！！三楼冒烟", "category": "E510"}
    number = (await bot("POST", "/reports/urgent", alarm))["number"]

    rows = window.page.locator(".el-table__row")
    danger = rows.filter(has_text=number)
    await expect(danger).to_contain_text("紧急 · 着火")
    await expect(danger).to_contain_text("15 分钟内受理，还剩")
    listed = await rows.all_inner_texts()
    urgent = ["紧急 ·" in row for row in listed]
    assert urgent == sorted(urgent, reverse=True), listed
    assert not all(urgent), "nothing that can wait is in the list"
    assert await window.violations() == []
    drawer = await open_report(window.page, number)
    await expect(drawer.get_by_role("alert")).to_contain_text("险情先派后补：着火，还不知道地点")
    assert await window.violations() == []
    assert window.complaints == []


async def test_a_place_a_point_a_photo_and_a_withdrawal_are_seen_in_the_open_report(
    bot: Office, citizen: Json, desk: Any
) -> None:
    alarm = {**citizen, "kind": "gas", "text": "楼道煤气味好重", "category": "E503"}
    number = (await bot("POST", "/reports/urgent", alarm))["number"]
    window = await desk("dispatcher")
    drawer = await open_report(window.page, number)

    with PHOTO.open("rb") as photo:
        form = aiohttp.FormData({"file": photo})
        media = await bot("POST", "/media", data=form)
    identity = citizen["identity"]
    point = {"lat": 30.6, "lon": 104.1, "system": "gcj02", "label": "石桥路口"}
    path = f"/reports/{number}"
    note = {"identity": identity, "place": "荷塘街6号", "media_ids": [media["media_id"]]}
    await bot("POST", f"{path}/note", note)
    await bot(
        "POST", f"{path}/note", {"identity": identity, "place": "荷塘街16号", "location": point}
    )
    await expect(drawer.get_by_text("荷塘街16号（原来说的是：荷塘街6号）")).to_be_visible()
    await expect(drawer.get_by_text("石桥路口 · 北纬 30.60000").first).to_be_visible()
    await expect(drawer.locator(".note img")).to_have_count(1)
    await expect(drawer.get_by_role("alert")).to_contain_text("地点已知，按规则直接派给燃气公司")
    assert await window.violations() == []

    await bot("POST", f"{path}/withdraw", {"identity": identity, "why": "是隔壁在炒菜，看错了"})
    alert = drawer.get_by_role("alert")
    await expect(alert).to_contain_text("市民撤回了，不用再处理")
    await expect(alert).to_contain_text("是隔壁在炒菜，看错了")
    await expect(drawer.get_by_role("button", name="签收")).to_have_count(0)
    assert await window.violations() == []
    assert window.complaints == []


async def test_the_list_of_urgent_reports_fits_a_tablet(
    bot: Office, citizen: Json, desk: Any
) -> None:
    alarm = {**citizen, "kind": "trapped", "text": "电梯里有人出不来", "category": "E509"}
    await bot("POST", "/reports/urgent", alarm)
    window = await desk("dispatcher", 768, 1024)
    await expect(window.page.get_by_text("紧急 · 有人被困").first).to_be_visible()
    assert await window.overflow() <= 0
