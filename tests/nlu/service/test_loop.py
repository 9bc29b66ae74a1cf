"""Nothing of a turn blocks the event loop: while one is thought about, the others go on."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest
from dialogue.http import create_app
from servers import ROOT
from test_memory import texts, turn


async def test_a_text_is_understood_in_a_thread_of_its_own(service, monkeypatch):
    processor = service._agent.processor
    real, threads = type(processor).parse_here, []

    def parse(self, text, at):
        threads.append(threading.current_thread().name)
        time.sleep(0.01)  # on the event loop this would fail the test
        return real(self, text, at)

    monkeypatch.setattr(type(processor), "parse_here", parse)
    assert texts(await service.turn(turn("k1"))) == ["None第1次"]
    assert threads
    assert threading.main_thread().name not in threads


async def test_an_action_that_blocks_the_loop_fails_the_test_it_runs_in(
    service, tiny_actions, blocking_calls
):
    tiny_actions.blocks = True
    done = await service.turn(turn("k1"))
    assert done.replies[0]["chips"][0]["payload"] == "/ask_human"
    assert blocking_calls == ["time.sleep"]
    blocking_calls.clear()


async def test_the_whole_way_of_a_turn_over_http_blocks_nothing(service, aiohttp_server_of):
    call = await aiohttp_server_of(create_app(service))
    request = {
        "conversation_id": "c",
        "key": "k1",
        "at": "2026-11-22T09:00:00+08:00",
        "message": {"kind": "text", "text": "数一数"},
        "identity": {"channel": "web", "id": "someone"},
    }
    assert (await call("POST", "/turn", request))["replies"][0]["text"] == "None第1次"
    assert (await call("GET", "/health"))["status"] == "ok"
    assert (await call("GET", "/alive"))["status"] == "ok"


def test_what_actions_read_once_is_read_before_the_first_turn():
    """In a process of its own: the actions of the project are not those of these tests."""
    program = (
        "import sys; sys.path[:0] = ['.', '..']\n"
        "from dialogue.lean_start import leave_out_tensorflow; leave_out_tensorflow()\n"
        "from dialogue.agent import project_actions; project_actions()\n"
        "from actions import texts; print(texts.replies.cache_info().currsize)\n"
        "from dialogue.read_ahead import read_ahead; print(*read_ahead('actions'))"
    )
    environment = {**os.environ, "DATA_DIR": str(ROOT / "data")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=ROOT / "nlu",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    read, names = done.stdout.splitlines()[-2:]
    assert read == "1"
    assert {"actions.texts.replies", "actions.fields.synonyms"} <= set(names.split())


@pytest.fixture
async def aiohttp_server_of():
    """Serves an application in this process; gives a call to it."""
    from contextlib import AsyncExitStack

    from aiohttp.test_utils import TestClient, TestServer

    async with AsyncExitStack() as stack:

        async def serve(app):
            client = await stack.enter_async_context(TestClient(TestServer(app)))

            async def call(method, path, content=None):
                async with client.request(method, path, json=content) as answer:
                    assert answer.status == 200
                    return await answer.json()

            return call

        yield serve
