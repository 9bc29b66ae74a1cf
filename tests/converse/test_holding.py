"""How written conversations are held: what is sent, what is waited for, what counts as wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.converse import citizen
from tests.converse.holding import Outcome, hold_all
from tests.converse.talks import Talk, read_turn

OFFER = {
    "kind": "text",
    "text": "哪一件？",
    "chips": [{"title": "要什么材料", "payload": "/m"}, {"title": "要什么", "payload": "/x"}],
    "items": [{"title": "身份证补领", "payload": "/i"}],
}


class Door:
    """The web channel's side of the contract: notes what is sent, answers what it is told to."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.files = 0
        self.opened = 0
        self.refusals: list[tuple[int, str]] = []
        self._log: dict[str, list[dict[str, Any]]] = {}

    def app(self) -> web.Application:
        """Return it as an application."""
        app = web.Application()
        root = "/channels/web"
        app.router.add_post(f"{root}/conversations", self._open)
        app.router.add_post(f"{root}/messages", self._take)
        app.router.add_get(f"{root}/messages", self._show)
        app.router.add_post(f"{root}/media", self._keep)
        return app

    async def _open(self, _: web.Request) -> web.Response:
        self.opened += 1
        return web.json_response({"conversation_id": "c", "token": f"t{self.opened}"}, status=201)

    async def _take(self, request: web.Request) -> web.Response:
        if self.refusals:
            status, key = self.refusals.pop(0)
            error = {"error": {"key": key, "message": "等一下"}}
            return web.json_response(error, status=status)
        self.sent.append(await request.json())
        log = self._log.setdefault(request.headers["Authorization"], [])
        log.append({"seq": len(log) + 1, "direction": "out", "body": OFFER})
        return web.json_response({"accepted": True, "done": True, "messages": []})

    async def _show(self, request: web.Request) -> web.Response:
        log, after = (
            self._log.get(request.headers["Authorization"], []),
            int(request.query.get("after", 0)),
        )
        return web.json_response({"messages": log[after:]})

    async def _keep(self, request: web.Request) -> web.Response:
        await request.post()
        self.files += 1
        return web.json_response({"media_id": "f1", "mime": "image/png"})


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
async def origin(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Where the door is; nobody waits long before it."""
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path))
    monkeypatch.setattr(citizen, "_PAUSE", 0)
    async with TestServer(door.app()) as server:
        yield str(server.make_url("")).rstrip("/")


async def held(origin: str, folder: Path, *talks: list[dict[str, Any]]) -> list[Outcome]:
    """Hold conversations of these turns."""
    written = [Talk(str(n), "g", tuple(map(read_turn, turns))) for n, turns in enumerate(talks)]
    return await hold_all(origin, written, folder, jobs=2, tell=lambda _: None)


def told(outcome: Outcome) -> list[tuple[str, ...]]:
    """Return what was wrong, turn by turn."""
    return [exchange.faults for exchange in outcome.exchanges]


async def test_each_act_is_the_message_a_page_would_send(door, origin, tmp_path):
    turns = [
        {"say": "您好", "must": ["哪一件"]},
        {"photo": "身份证"},
        {"location": [30.66, 104.08, "文化路"]},
        {"location": [30.66, 104.08]},
    ]
    [outcome] = await held(origin, tmp_path, turns)
    assert told(outcome) == [(), (), (), ()]
    bodies = [{k: v for k, v in sent.items() if k != "client_msg_id"} for sent in door.sent]
    place = {"lat": 30.66, "lon": 104.08, "system": "gcj02"}
    assert bodies == [
        {"kind": "text", "text": "您好"},
        {"kind": "photo", "media_ids": ["f1"]},
        {"kind": "location", "location": {**place, "label": "文化路"}},
        {"kind": "location", "location": place},
    ]
    assert door.files == 1


async def test_what_is_pressed_is_the_exact_title_before_one_that_begins_with_it(
    door, origin, tmp_path
):
    turns = [{"say": "您好"}, {"press": "要什么"}, {"press": "要什么材"}, {"press": "身份证"}]
    await held(origin, tmp_path, turns)
    assert [sent["payload"] for sent in door.sent[1:]] == ["/x", "/m", "/i"]


async def test_nothing_to_press_is_wrong_and_the_talk_goes_on(door, origin, tmp_path):
    turns = [{"press": "在线申请", "never": ["着火"]}, {"say": "您好", "must": ["哪一件"]}]
    [outcome] = await held(origin, tmp_path, turns)
    assert told(outcome) == [("nothing to press: 在线申请",), ()]
    assert (outcome.checked, outcome.right) == (2, 1)


async def test_whoever_is_too_fast_waits_and_says_it_again(door, origin, tmp_path):
    door.refusals = [(429, "message.too_many")] * 3
    [outcome] = await held(origin, tmp_path, [{"say": "您好", "must": ["哪一件"]}])
    assert told(outcome) == [()]


async def test_another_refusal_is_wrong_whatever_was_to_be_checked(door, origin, tmp_path):
    door.refusals = [(503, "store.away")]
    turns = [{"say": "您好", "never": ["着火"]}, {"say": "您好"}]
    [outcome] = await held(origin, tmp_path, turns)
    assert told(outcome) == [("RefusedError: 等一下",), ()]
    assert (outcome.checked, outcome.right) == (1, 0)


async def test_every_talk_is_a_conversation_of_its_own_and_keeps_its_place(door, origin, tmp_path):
    outcomes = await held(origin, tmp_path, *[[{"say": f"第{n}个"}] for n in range(5)])
    assert door.opened == 5
    assert [outcome.talk.id for outcome in outcomes] == list("01234")
