"""A disk that is really full is told, loses nothing, and needs nobody once it has room."""

from __future__ import annotations

import json
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from house import House, new_house
from pymongo import MongoClient
from servers import free_port

MEGABYTE = bytes(1024**2)
SIZE = "size=300m"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", str(folder)],
            check=True, capture_output=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine lets nobody mount a disk; RLIMIT stands in for it elsewhere")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def small_house(disk: Path) -> Iterator[House]:
    """A house with store and logs on that disk; its dialogue is away, and words are kept for it."""
    house = new_house(disk / "home", DIALOGUE_URL=f"http://127.0.0.1:{free_port()}")
    house.start()
    yield house
    house.stop()


def fill(disk: Path) -> Path:
    """Take all the room there is; return the file that has it."""
    taken = disk / "taken"
    with taken.open("wb", buffering=0) as file:
        try:
            while file.write(MEGABYTE):
                continue
        except OSError:
            return taken


def call(house: House, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
    """Ask the house something; return status and JSON."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        with urlopen(Request(house.origin + path, data, headers), timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read())


def health(house: House) -> list[tuple[int, str]]:
    """Return what door and office say: their status, and what they call the store."""
    (door, parts), (office, told) = call(house, "/healthz"), call(house, "/api/v1/healthz")
    name = told["error"]["key"] if "error" in told else told["status"]
    return [(door, parts["parts"]["mongodb"]), (office, name)]


def say(house: House, token: str, id: str) -> bool:
    """Send a message; say whether it was taken."""
    body = {"client_msg_id": id, "kind": "text", "text": "低保怎么办"}
    status, answer = call(house, "/channels/web/messages", body, token)
    assert status in {202, 503}, answer
    return status == 202


def until(look: Any, seconds: float = 60) -> Any:
    """Look again and again until there is something to see."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "nothing to be seen"
        time.sleep(0.5)
    return found


def test_a_full_disk_is_told_loses_nothing_and_heals_when_it_has_room(
    small_house: House, disk: Path
) -> None:
    house, ids = small_house, []
    _, opened = call(house, "/channels/web/conversations", {})
    token, conversation = opened["token"], opened["conversation_id"]
    taken = fill(disk)
    full = [(503, "disk_full"), (503, "office.storage_disk_full")]

    def told() -> bool:
        ids.append(uuid.uuid4().hex)
        if not say(house, token, ids[-1]):
            ids.pop()
        return health(house) == full

    until(told)
    # The log lies on the same disk: not one answer may be missing because of that.
    for _ in range(5):
        assert not say(house, token, uuid.uuid4().hex)
    taken.unlink()
    until(lambda: [status for status, _ in health(house)] == [200, 200])
    ids.append(uuid.uuid4().hex)
    assert say(house, token, ids[-1])
    port = house.environment["EMBEDDED_MONGO_PORT"]
    with MongoClient[Any](f"mongodb://127.0.0.1:{port}/?directConnection=true") as client:
        inbox = client["paoyici"]["inbox"]
        kept = {row["_id"] for row in inbox.find({})}
        assert {f"web:{conversation}:{id}" for id in ids} <= kept

        def tries() -> int:
            return sum(row["attempts"] for row in inbox.find({}, {"attempts": 1}))

        # A worker that the full disk had ended would never try again.
        before = tries()
        until(lambda: tries() > before)
    log = (house.home / "logs" / "street.log").read_text()
    assert '"event": "store.ok"' in log
