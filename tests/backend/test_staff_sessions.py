"""我的登录: what an owner sees and ends, passwords that are refused, and the desk's socket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from accounts import own_password
from aiohttp import WSMsgType

from backend.staff.passwords import weak

OWN = "/staff/me/sessions"
NEW = {"username": "wang", "name": "坐席小王", "roles": ["agent"]}


async def test_an_owner_sees_where_the_account_is_logged_in_and_ends_one(
    login: Any, hands: Any, office: Any
) -> None:
    elsewhere = await login("agent")
    begun = hands.now()
    hands.advance(minutes=5)
    here, other = await login("agent"), await login("agent2")
    status, told = await here.get(OWN)
    assert (status, [one["current"] for one in told["sessions"]]) == (200, [True, False])
    mine, theirs = told["sessions"]
    assert theirs["opened_at"] == theirs["seen_at"] == begun.isoformat()
    path = f"{OWN}/{theirs['id']}/end"
    assert (await other.post(path))[1]["error"]["key"] == "staff.session_not_found"
    assert (await elsewhere.get("/staff/me"))[0] == 200
    for _ in range(2):
        assert (await here.post(path))[0] == 200
    assert (await elsewhere.get("/staff/me"))[0] == 401
    assert [one["id"] for one in (await here.get(OWN))[1]["sessions"]] == [mine["id"]]
    told_of = await office.database["events"].count_documents({"type": "staff.session_ended"})
    assert told_of == 1
    token = here.headers["Authorization"].removeprefix("Bearer ")
    assert token not in str(told)


async def test_a_session_of_an_earlier_version_is_listed_and_one_that_is_idle_is_not(
    login: Any, hands: Any, office: Any
) -> None:
    await login("agent")
    hands.advance(minutes=50)
    await login("agent")
    await office.database["staff_sessions"].update_many({}, {"$unset": {"opened_at": ""}})
    hands.advance(minutes=15)
    agent = await login("agent")
    _, told = await agent.get(OWN)
    assert [one["opened_at"] is None for one in told["sessions"]] == [False, True]


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        " " * 12,
        "123456789012",
        "password1234",
        "qwertyuiop12",
        "1qaz2wsx3edc4rfv",
        "密码密码密码密码密码密码",
        "paoyicipaoyici",
        "wang-wang-wang",
        "跑一次跑一次跑一次跑一次",
        "a" * 200,
    ],
)
def test_a_password_that_is_easily_guessed_is_weak(password: str) -> None:
    assert weak(password, "wang", "坐席小王")


@pytest.mark.parametrize(
    "password", ["correct horse battery", "我家门口有三棵桂花树结了果", "wo3keshu8zhimao"]
)
def test_unrelated_words_are_a_password(password: str) -> None:
    assert not weak(password, "wang", "坐席小王")


def test_passwords_looked_at_at_the_same_moment_know_their_own_person_only() -> None:
    people = [f"guihuashu{letter * 3}" for letter in "abcdefgh"]
    assert not weak("guihuashuaaa", "wang")
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda name: weak(name, name), people * 4))
    assert found == [True] * len(found)


def test_no_password_takes_long_to_look_at() -> None:
    for password in ("".join(chr(33 + place % 90) for place in range(200)), "@4($" * 50):
        begun = time.process_time()
        weak(password, "wang")
        assert time.process_time() - begun < 2


async def test_a_weak_password_is_refused_wherever_one_is_set(login: Any, office: Any) -> None:
    admin, agent = await login("admin"), await login("agent")
    me = (await agent.get("/staff/me"))[1]["id"]
    wishes = (
        (admin, "/staff", NEW | {"password": "password1234"}),
        (admin, f"/staff/{me}/password", {"password": "password1234"}),
        (agent, "/staff/me/password", {"old": own_password("agent"), "new": "password1234"}),
    )
    for caller, path, body in wishes:
        status, answer = await caller.post(path, body)
        assert (status, answer["error"]["key"]) == (422, "staff.password_weak"), path
    assert (await agent.get("/staff/me"))[0] == 200
    assert await office.database["staff"].count_documents({"username": "wang"}) == 0


End = Callable[[Any, Any, str], Awaitable[tuple[int, Any]]]


async def _log_out(agent: Any, admin: Any, me: str) -> tuple[int, Any]:
    return await agent.post("/staff/logout")


async def _disable(agent: Any, admin: Any, me: str) -> tuple[int, Any]:
    return await admin.post(f"/staff/{me}/disable")


async def _give_password(agent: Any, admin: Any, me: str) -> tuple[int, Any]:
    return await admin.post(f"/staff/{me}/password", {"password": "correct horse battery"})


async def _end_from_elsewhere(agent: Any, admin: Any, me: str) -> tuple[int, Any]:
    _, told = await agent.get(OWN)
    current = next(one["id"] for one in told["sessions"] if one["current"])
    return await agent.post(f"{OWN}/{current}/end")


@pytest.mark.parametrize("end", [_log_out, _disable, _give_password, _end_from_elsewhere])
async def test_the_desks_socket_closes_within_a_second_of_the_sessions_end(
    client: Any, login: Any, end: End
) -> None:
    agent, admin = await login("agent"), await login("admin")
    me = (await agent.get("/staff/me"))[1]["id"]
    token = agent.headers["Authorization"].removeprefix("Bearer ")
    async with client.ws_connect("/api/v1/desk/ws") as socket:
        await socket.send_json({"type": "hello", "token": token, "after": None})
        assert (await socket.receive_json(timeout=5))["type"] == "ready"
        assert (await end(agent, admin, me))[0] < 300
        async with asyncio.timeout(1):
            while (frame := await socket.receive()).type is not WSMsgType.CLOSE:
                continue
        assert frame.data == 4401
