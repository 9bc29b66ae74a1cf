"""Doors beside the callback: the mini-program's login, and the page opened from a message."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from citizen import Citizen
from eventually import eventually
from followers import conversation_of, nothing_waits, rows


async def login(platform, http, openid="m1", unionid="", code="c"):
    """Open the mini-program; return status and answer."""
    platform.mini_codes[code] = (openid, unionid)
    url = f"{platform.door.url}/channels/wechat/mini/login"
    async with http.post(url, json={"code": code}) as answer:
        return answer.status, await answer.json()


def page(platform, http, session):
    """Return the page of a session."""
    return Citizen(http, platform.door.url, session["conversation_id"], session["token"])


async def test_a_mini_program_login_gives_a_session_of_the_page_api(wechat, http):
    status, session = await login(wechat, http)
    assert status == 201
    assert (await page(wechat, http, session).say("您好")).texts == ["答:您好"]
    _, again = await login(wechat, http, code="d")
    assert again["conversation_id"] == session["conversation_id"]
    assert "m1" not in session["conversation_id"]


async def test_a_code_is_good_once_and_a_wrong_one_opens_nothing(wechat, http):
    url = f"{wechat.door.url}/channels/wechat/mini/login"
    async with http.post(url, json={"code": "never"}) as answer:
        assert answer.status == 401
    async with http.post(url, json={}) as answer:
        assert answer.status == 400
    wechat.away = True
    async with http.post(url, json={"code": "c"}) as answer:
        assert answer.status == 503
        assert (await answer.json())["error"]["key"] == "platform.away"


async def test_a_follower_who_opens_the_mini_program_finds_the_same_conversation(wechat, http):
    wechat.follower("oA", unionid="u1")
    await wechat.say("oA", "在公众号里说的")
    _, session = await login(wechat, http, unionid="u1")
    assert session["conversation_id"] == conversation_of(wechat, "oA")
    log = await page(wechat, http, session).request("GET", "/messages")
    assert log.texts == ["在公众号里说的", "答:在公众号里说的"]


async def test_a_mini_program_opened_first_joins_the_conversation_of_the_later_follower(
    wechat, http
):
    _, session = await login(wechat, http, unionid="u1")
    citizen = page(wechat, http, session)
    await citizen.say("先开的小程序")
    wechat.follower("oA", unionid="u1")
    await wechat.say("oA", "后关注的")
    log = await citizen.request("GET", "/messages")
    assert log.texts == ["后关注的", "答:后关注的"]
    _, again = await login(wechat, http, unionid="u1", code="d")
    assert again["conversation_id"] == conversation_of(wechat, "oA")


async def test_different_people_never_share_a_conversation(wechat, http):
    wechat.follower("oA", unionid="u1")
    await wechat.say("oA", "我的事")
    _, session = await login(wechat, http, openid="m2", unionid="u2")
    _, nameless = await login(wechat, http, openid="m3", unionid="", code="e")
    ids = {conversation_of(wechat, "oA"), session["conversation_id"], nameless["conversation_id"]}
    assert len(ids) == 3


async def test_what_is_asked_at_the_page_costs_no_customer_message(wechat, http, dialogue):
    wechat.follower("oA", unionid="u1")
    await wechat.say("oA", "您好")
    _, session = await login(wechat, http, unionid="u1")
    assert (await page(wechat, http, session).say("在网页上问")).texts == ["答:在网页上问"]
    await eventually(lambda: nothing_waits(wechat, "oA"))
    assert wechat.follower("oA").texts == ["答:您好"]
    assert dialogue.requests[1]["identity"] == {"channel": "wechat", "id": "oA"}


async def test_the_unionid_is_asked_for_once(wechat):
    wechat.follower("oA", unionid="u1")
    for text in ("一", "二", "三"):
        await wechat.say("oA", text)
    assert wechat.union_asked == 1


@pytest.fixture
async def browser():
    """A browser that keeps cookies and does not follow redirects by itself."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def come_back(platform, browser, openid="oA", state=None):
    """Go to the platform and back; return the last answer's status and place."""
    base = f"{platform.door.url}/channels/wechat/h5"
    async with browser.get(base, allow_redirects=False) as answer:
        there = urlsplit(answer.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert query["appid"] == platform.app_id
    assert query["redirect_uri"] == "http://office.invalid/channels/wechat/h5/back"
    platform.codes["code"] = (openid, "")
    back = {"code": "code", "state": state or query["state"]}
    async with browser.get(f"{base}/back", params=back, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Location")


@pytest.fixture
async def plain_wechat(start_wechat):
    """A door whose cookies travel over plain HTTP, as tests need them to."""
    return await start_wechat(door={"public_url": "http://office.invalid"})


async def test_a_link_in_a_message_opens_the_followers_own_conversation(plain_wechat, browser):
    platform = plain_wechat
    await platform.say("oA", "您好")
    assert await come_back(platform, browser) == (302, "/#/door")
    async with browser.post(f"{platform.door.url}/channels/wechat/h5/session") as answer:
        session = await answer.json()
    assert session["conversation_id"] == conversation_of(platform, "oA")
    log = await page(platform, browser, session).request("GET", "/messages")
    assert log.texts == ["您好", "答:您好"]
    async with browser.post(f"{platform.door.url}/channels/wechat/h5/session") as answer:
        assert answer.status == 401


async def test_a_ticket_of_the_page_is_redeemed_once_by_whoever_holds_it(
    plain_wechat, browser, clock
):
    async def redeem(ticket: str) -> tuple[int, str]:
        url = f"{plain_wechat.door.url}/channels/wechat/h5/session"
        cookie = {"Cookie": f"paoyici_ticket={ticket}"}
        async with aiohttp.ClientSession() as copy, copy.post(url, headers=cookie) as answer:
            return answer.status, (await answer.json()).get("token", "")

    async def ticket() -> str:
        await come_back(plain_wechat, browser)
        return next(one.value for one in browser.cookie_jar if one.key == "paoyici_ticket")

    planted = await ticket()
    outcomes = await asyncio.gather(*(redeem(planted) for _ in range(5)))
    assert sorted(status for status, _ in outcomes) == [200, 401, 401, 401, 401]
    assert (await redeem(planted))[0] == 401
    assert planted not in {token for _, token in outcomes}
    direct = page(plain_wechat, browser, {"conversation_id": "", "token": planted})
    assert (await direct.request("GET", "/messages")).status == 401, "a ticket is no session"
    late = await ticket()
    clock.forward(121)
    assert (await redeem(late))[0] == 401


async def test_log_ins_by_the_hundred_do_not_reach_the_platform(start_wechat, http):
    platform = await start_wechat(door={"logins_per_minute": 5})
    url = f"{platform.door.url}/channels/wechat/mini/login"
    statuses = []
    for _ in range(8):
        async with http.post(url, json={"code": "made-up"}) as answer:
            statuses.append(answer.status)
    assert statuses == [401] * 5 + [429] * 3
    elsewhere = {"X-Forwarded-For": "203.0.113.8"}
    platform.mini_codes["c"] = ("m1", "")
    async with http.post(url, json={"code": "c"}, headers=elsewhere) as answer:
        assert answer.status == 201


async def test_a_link_somebody_else_began_opens_nothing(plain_wechat, browser):
    status, _ = await come_back(plain_wechat, browser, state="planted")
    assert status == 401
    async with browser.post(f"{plain_wechat.door.url}/channels/wechat/h5/session") as answer:
        assert answer.status == 401
    assert await rows(plain_wechat, "web_sessions") == []


async def test_entries_that_were_offered_are_buttons_when_pressed_or_said(wechat, dialogue):
    chips = [{"title": "要什么材料", "payload": '/ask_guide{"item_code": "GA004"}'}]
    items = [{"title": "补领", "payload": "/a"}, {"title": "换领", "payload": "/b"}]
    dialogue.scripts["身份证"] = [{"kind": "text", "text": "好", "chips": chips}]
    dialogue.scripts["哪个"] = [{"kind": "list", "text": "哪一个？", "items": items}]
    answer = (await wechat.say("oA", "身份证")).answer
    menu_id = answer.split("msgmenuid=")[1].split('"')[0]
    await wechat.say("oA", "要什么材料", bizmsgmenuid=menu_id)
    await wechat.say("oA", "哪个")
    await wechat.say("oA", "2")
    await wechat.say("oA", "3")
    await wechat.say("oA", "要什么材料", bizmsgmenuid=menu_id)
    payloads = [request["message"].get("payload") for request in dialogue.requests]
    assert payloads == [None, chips[0]["payload"], None, "/b", None, chips[0]["payload"]]
