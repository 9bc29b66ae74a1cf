"""Notices of the mini-program: consents given in it are counted, and each is good for one.

STANDARDS, Platforms: "Subscribe messages: one send a consent, ≤ 3 templates a prompt";
"Mini-program: `code2session` login, … subscribe messages".
"""

from __future__ import annotations

import itertools

import pytest
from citizen import Citizen
from eventually import eventually
from followers import conversation_of, rows

TEMPLATE = "mini-progress"
CODES = itertools.count()


@pytest.fixture
async def mini(start_wechat):
    """The platform, with a door that has a mini-program and its template."""
    return await start_wechat(mini_progress_template=TEMPLATE)


async def post(platform, http, path, openid="m1", unionid="", **content):
    """Let the mini-program call the door with a fresh code."""
    code = f"code{next(CODES)}"
    platform.mini_codes[code] = (openid, unionid)
    url = f"{platform.door.url}/channels/wechat/mini/{path}"
    async with http.post(url, json={"code": code, **content}) as answer:
        return answer.status, await answer.json()


async def agree(platform, http, id="one", said="accept", **more):
    """Let the citizen answer the prompt; return how many notices may be sent."""
    openid = more.get("openid", "m1")
    if said == "accept":
        key = (openid, TEMPLATE)
        platform.consents[key] = platform.consents.get(key, 0) + 1
    status, answer = await post(
        platform, http, "consents", id=id, consents={TEMPLATE: said, "foreign": "accept"}, **more
    )
    assert status == 200
    return answer["left"]


def note(office, cid, text, identity="mini:m1"):
    """Let the office say how the case stands."""
    office.say(cid, {"kind": "notice", "text": text}, channel="wechat", identity=identity)


def shown(platform, openid="m1"):
    """Return what the user saw outside the page, and how it came."""
    return [(one.via, one.text.split(" ")[0]) for one in platform.follower(openid).shown]


async def test_each_consent_is_good_for_one_notice(mini, http, office):
    _, session = await post(mini, http, "login")
    cid = session["conversation_id"]
    assert await agree(mini, http) == 1
    assert await agree(mini, http, id="two") == 2
    for number in range(3):
        note(office, cid, f"进度{number}")
        await eventually(
            lambda wanted=number: _said(mini, wanted + 1),
        )
    assert shown(mini) == [("mini", "进度0"), ("mini", "进度1")]
    assert mini.refused == []


async def _said(platform, number):
    """Say whether so many notices are off the list; whoever has the page finds them there."""
    return len(await rows(platform, "outbox", logged=True, state="sent")) == number


async def test_a_consent_told_twice_is_one_consent_and_a_foreign_template_none(mini, http):
    assert await agree(mini, http) == 1
    assert await agree(mini, http) == 1
    assert {row["template"] for row in await rows(mini, "subscribe_consents")} == {TEMPLATE}


async def test_who_blocks_the_prompt_takes_the_consents_back(mini, http):
    assert await agree(mini, http) == 1
    assert await agree(mini, http, id="two", said="reject") == 1
    assert await agree(mini, http, id="three", said="ban") == 0


async def test_a_platform_that_knows_no_consent_ends_ours(mini, http, office):
    _, session = await post(mini, http, "login")
    await agree(mini, http)
    await agree(mini, http, id="two")
    mini.consents.clear()
    note(office, session["conversation_id"], "进度")
    await eventually(lambda: 43101 in mini.refused)
    await eventually(lambda: _said(mini, 1))
    assert mini.refused == [43101]
    assert await agree(mini, http, id="three", said="reject") == 0


async def test_a_follower_without_a_consent_of_their_own_is_told_by_the_mini_program(
    mini, http, office, clock
):
    mini.follower("oA", unionid="u1")
    await mini.say("oA", "您好")
    assert await agree(mini, http, unionid="u1") == 1
    clock.forward(72 * 3600)
    note(office, conversation_of(mini, "oA"), "您的件已受理", identity="oA")
    await eventually(lambda: shown(mini))
    assert shown(mini) == [("mini", "您的件已受理")]
    assert [one.via for one in mini.follower("oA").shown] == ["passive"]


async def test_the_page_of_the_mini_program_answers_without_customer_messages(mini, http, office):
    _, session = await post(mini, http, "login")
    page = Citizen(http, mini.door.url, session["conversation_id"], session["token"])
    assert (await page.say("您好")).texts == ["答:您好"]
    office.say(session["conversation_id"], "我是小李", channel="wechat", identity="mini:m1")
    await eventually(lambda: _said(mini, 1))
    assert mini.refused == []
    assert mini.follower("m1").shown == []


async def test_without_a_mini_program_there_is_no_such_door(start_wechat, http):
    platform = await start_wechat(mini_app_id="", mini_app_secret="")
    status, _ = await post(platform, http, "consents", id="a", consents={})
    assert status == 404
    status, _ = await post(platform, http, "login")
    assert status == 404
