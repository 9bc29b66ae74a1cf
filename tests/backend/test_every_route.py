"""Rules that hold for every route of the office."""

from __future__ import annotations

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest

from backend.app import endpoints
from backend.replies import load_replies
from backend.staff.model import ROLES

ROOT = Path(__file__).resolve().parents[2]
ID_NUMBER = "110" + "000199001010028"
# Open to the street, each for a reason: health checks, the document of this API, the log-in
# itself, a socket that asks for its token in the first frame, and receipts that anyone may verify.
PUBLIC = {
    "/healthz",
    "/openapi.json",
    "/staff/login",
    "/desk/ws",
    "/receipts/{token}",
    "/receipts/{token}/qr.svg",
    "/receipts/{token}/qr.png",
}
ROUTES = endpoints()
NAMES = [f"{route.method} {route.path}" for route in ROUTES]


def filled(path: str) -> str:
    """A path with something in its places."""
    return re.sub(r"{[^{}]*}", "x1", path)


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_a_route_has_authentication_or_is_listed_as_public(route):
    if route.access.public:
        assert route.path in PUBLIC
    else:
        assert route.access.service or route.access.roles


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_a_route_says_what_it_is_for(route):
    assert len(route.summary) > 10


async def test_a_stranger_and_a_guessed_token_are_turned_away_everywhere(client):
    for route in ROUTES:
        if route.access.public:
            continue
        for headers in ({}, {"Authorization": "Bearer guess"}, {"Authorization": "Basic eDp4"}):
            path = "/api/v1" + filled(route.path)
            async with client.request(route.method, path, headers=headers) as answer:
                assert answer.status == 401, path


async def test_staff_reach_only_the_routes_of_their_role(client, login):
    for username in sorted(ROLES):
        caller = await login(username)
        for route in ROUTES:
            if route.access.public or username in route.access.roles:
                continue
            path = "/api/v1" + filled(route.path)
            async with client.request(route.method, path, headers=caller.headers) as answer:
                assert answer.status == 403, (username, path)


# What may say who a citizen is; addresses end up in the logs of every proxy.
PERSONAL = {"identity", "channel", "openid", "id_number", "phone", "name", "text", "place"}


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
def test_no_address_asks_who_a_citizen_is(route):
    asked = {*(route.query.model_fields if route.query else ()), *re.findall(r"{(\w+)", route.path)}
    assert not asked & PERSONAL


HOSTILE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe{}",
    b"[" * 100_000,
    b'{"text": "\\ud800"}',
    b'{"a": NaN}',
    b'{"a": ' + b"9" * 5000 + b"}",
    f'{{"id_number": "{ID_NUMBER}", "{ID_NUMBER}": 1}}'.encode(),
]


async def test_no_body_however_hostile_breaks_a_route_or_is_repeated(client, service, login):
    callers = [service] + [await login(role) for role in sorted(ROLES)]
    for route in ROUTES:
        if route.method == "GET" or route.body is None:
            continue
        for caller in callers:
            for body in HOSTILE:
                path = "/api/v1" + filled(route.path)
                async with client.request(
                    route.method, path, data=body, headers=caller.headers
                ) as answer:
                    text = await answer.text()
                    assert answer.status < 500, (path, body[:20])
                    assert ID_NUMBER not in text


QUERIES = ["after=-1", "after=9e999", "limit=0", "page=99999999999999999999", "state=%00", "wait=x"]


async def test_no_query_however_hostile_breaks_a_route(client, service, login):
    callers = [service] + [await login(role) for role in sorted(ROLES)]
    for route in ROUTES:
        if route.method != "GET" or route.path == "/desk/ws":
            continue
        for caller in callers:
            for query in QUERIES:
                path = f"/api/v1{filled(route.path)}?{query}"
                async with client.request("GET", path, headers=caller.headers) as answer:
                    assert answer.status < 500, path


async def test_no_path_however_hostile_breaks_a_route(service):
    for name in ("%00", "a%20b", "x" * 300, "%2e%2e%2fetc", "💥"):
        for path in (f"/conversations/{name}/messages", f"/cases/{name}", f"/reports/{name}"):
            status, _ = await service.get(path)
            assert 400 <= status < 500, path


async def test_an_address_that_does_not_exist_answers_in_the_same_form(stranger):
    status, answer = await stranger.get("/nowhere")
    assert (status, answer["error"]["key"]) == (404, "http.404")
    status, answer = await stranger.post("/healthz")
    assert (status, answer["error"]["key"]) == (405, "http.405")


async def test_a_body_larger_than_a_megabyte_is_refused(client, service):
    body = BytesIO(b'{"summary": "' + b"x" * 2**20 + b'"}')
    async with client.post("/api/v1/handoffs", data=body, headers=service.headers) as answer:
        assert answer.status == 413
        assert (await answer.json())["error"]["key"] == "http.413"


def error_keys() -> set[str]:
    """Every key that code of the office raises."""
    keys = set()
    for path in (ROOT / "backend").rglob("*.py"):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.args else None
                is_error = node.func.id.endswith("Error")
                if is_error and isinstance(first, ast.Constant) and "." in str(first.value):
                    keys.add(str(first.value))
    return {key for key in keys if re.fullmatch(r"[a-z_]+\.[a-z_]+", key)}


def test_every_error_has_a_chinese_sentence():
    replies = load_replies(ROOT / "data" / "replies")
    assert len(error_keys()) > 15
    assert {key for key in error_keys() if key not in replies} == set()
