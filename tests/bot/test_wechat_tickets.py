"""A receipt's code, as the desk or the receipt's page asks for it, opens the receipt's case."""

from __future__ import annotations

import pytest
from followers import rows

CASE = "BJ2026112200001"


async def get(platform, http, scene):
    """Ask for a code; return status and what came."""
    async with http.get(f"{platform.door.url}/channels/wechat/qr/{scene}") as answer:
        if answer.content_type == "application/json":
            return answer.status, await answer.json()
        return answer.status, await answer.text()


@pytest.mark.parametrize("follows", [True, False])
async def test_a_receipts_code_opens_its_case_for_followers_and_new_ones(
    wechat, http, dialogue, follows
):
    if follows:
        wechat.follower("oA")
    status, code = await get(wechat, http, CASE)
    assert status == 200
    callback = await wechat.scan("oA", code["url"])
    opened = f'/query_progress{{"case_number": "{CASE}"}}'
    assert callback.answer == f"答:{opened}"
    assert dialogue.requests[0]["message"] == {"kind": "button", "payload": opened}


async def test_a_code_is_asked_for_once_and_again_before_it_ends(wechat, http, clock):
    _, first = await get(wechat, http, CASE)
    _, again = await get(wechat, http, CASE.lower())
    assert (again, wechat.qr_made) == (first, 1)
    assert code_of(first).startswith("https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=")
    clock.forward(28 * 24 * 3600)
    _, later = await get(wechat, http, CASE)
    assert later["url"] != first["url"]
    assert wechat.qr_made == 2


def code_of(content):
    """Return where the platform shows a code."""
    return content["image_url"]


async def test_a_code_can_be_drawn_without_the_platforms_server(wechat, http):
    status, drawing = await get(wechat, http, f"{CASE}.svg")
    assert status == 200
    assert drawing.startswith("<svg")
    assert wechat.qr_made == 1


@pytest.mark.parametrize("scene", ["hello", "BJ1", "item:x", "..%2F..", "BJ2026112200001x"])
async def test_scenes_that_mean_nothing_get_no_code(wechat, http, scene):
    status, _ = await get(wechat, http, scene)
    assert status == 404
    assert wechat.qr_made == 0


MADE_UP = [f"BJ20261122{number:05}" for number in range(90_000, 90_040)]


@pytest.mark.parametrize("scene", [*MADE_UP[:3], "GD2026112290000", "item:GA999"])
async def test_what_the_office_does_not_know_costs_no_call_and_leaves_nothing(wechat, http, scene):
    status, answer = await get(wechat, http, scene)
    assert (status, answer["error"]["key"]) == (404, "path.not_found")
    assert wechat.qr_made == 0
    assert await rows(wechat, "wechat_qr_tickets") == []


async def test_guessing_numbers_ends_for_the_guesser_and_for_nobody_else(
    start_wechat, http, office
):
    platform = await start_wechat(door={"codes_per_hour": 30})
    statuses = [(await get(platform, http, scene))[0] for scene in MADE_UP]
    assert statuses == [404] * 30 + [429] * 10
    assert len(office.asked_for) == 30, "the office is not asked any more either"
    elsewhere = {"X-Forwarded-For": "203.0.113.8"}
    url = f"{platform.door.url}/channels/wechat/qr/{CASE}"
    async with http.get(url, headers=elsewhere) as answer:
        assert answer.status == 200
    assert (await get(platform, http, CASE))[0] == 200, "a code that is there costs nothing"


async def test_while_the_office_is_away_no_code_is_made(wechat, http, office):
    office.away = True
    status, answer = await get(wechat, http, CASE)
    assert (status, answer["error"]["key"]) == (503, "office.away")
    assert wechat.qr_made == 0


async def test_a_platform_that_gives_no_code_is_away(wechat, http):
    wechat.away = True
    status, answer = await get(wechat, http, "item:GA004")
    assert (status, answer["error"]["key"]) == (503, "platform.away")
    wechat.away = False
    assert (await get(wechat, http, "item:GA004"))[0] == 200
