"""The office's foundations: settings that refuse, transactions that hold, a quiet shutdown."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

import pytest
from aiohttp.test_utils import TestClient, TestServer
from servers import free_port
from structlog.testing import capture_logs

from backend.app import create_app
from backend.clock import SHANGHAI
from backend.db import connect
from backend.events import SYSTEM, Event, after, emit, last_position
from backend.numbers import CASE, next_number, normalise_number
from backend.settings import SettingsError, load_settings

AT = datetime(2026, 11, 22, 23, 30, tzinfo=SHANGHAI)
SECRETS = ("MONGODB_URI", "SERVICE_TOKEN", "DATA_KEYS", "BLIND_INDEX_KEY", "TOKEN_KEY")


def test_without_its_keys_the_office_refuses_and_says_which(monkeypatch):
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert all(name in str(refused.value) for name in SECRETS)


def test_a_wrong_key_is_named_and_not_shown(monkeypatch, settings):
    for name in SECRETS:
        monkeypatch.setenv(name, str(getattr(settings, name.lower())))
    assert load_settings().service_token == settings.service_token
    monkeypatch.setenv("DATA_KEYS", "not-a-key-at-all")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "DATA_KEYS" in str(refused.value)
    assert "not-a-key" not in str(refused.value)


def test_settings_never_show_their_secrets(settings):
    for secret in (settings.service_token, settings.data_keys, settings.token_key):
        assert secret not in repr(settings)


async def test_numbers_of_a_day_are_counted_without_gaps(office):
    async def take(_: int) -> str:
        return await office.transact(lambda tx: next_number(office.database, tx, CASE, AT))

    numbers = await asyncio.gather(*(take(n) for n in range(20)))
    assert sorted(numbers) == [f"BJ20261122{n:05d}" for n in range(1, 21)]


async def test_newcomers_stand_behind_those_whose_transactions_met(office):
    """A crowd that runs freely beats those who wait, until their callers give up on them."""
    runs = []

    async def citizen() -> None:
        for _ in range(4):
            await office.transact(take)

    async def take(tx) -> None:
        await office.database["counters"].find_one({"_id": "its state is kept"}, session=tx.session)
        runs.append(1)
        await next_number(office.database, tx, CASE, AT)

    await asyncio.gather(*(citizen() for _ in range(10)))
    assert len(runs) <= 55  # 40 that count, and a second run for the ten that met at the start


async def test_a_transaction_that_is_ended_from_outside_is_run_again(office):
    runs = []

    async def take(tx) -> str:
        number = await next_number(office.database, tx, CASE, AT)
        runs.append(number)
        if len(runs) == 1:
            await office.database.client.admin.command("killAllSessions", [])
        return number

    assert await office.transact(take) == "BJ2026112200001"
    assert runs == ["BJ2026112200001"] * 2


async def test_a_number_of_a_step_that_failed_is_given_again(office):
    async def fail(tx):
        await next_number(office.database, tx, CASE, AT)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        await office.transact(fail)
    number = await office.transact(lambda tx: next_number(office.database, tx, CASE, AT))
    assert number == "BJ2026112200001"


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("bj20261122 00001", "BJ2026112200001"),
        ("BJ-2026-1122-00001", "BJ2026112200001"),
        ("gd2026112200012", "GD2026112200012"),
        ("BJ202611220001", None),
        ("XX2026112200001", None),
    ],
)
def test_a_number_is_recognised_however_it_is_written(said, number):
    assert normalise_number(said) == number


async def test_events_at_once_leave_no_gap_and_no_reader_misses_one(office):
    start = await last_position(office.database)
    seen: list[int] = []

    async def happen(n: int) -> None:
        event = Event("report", f"r{n % 3}", "report.tested", SYSTEM, AT)
        await office.transact(lambda tx: emit(office.database, tx, event))

    async def follow() -> None:
        position = start
        while len(seen) < 20:
            for event in await after(office.database, position, 7):
                position = event["position"]
                seen.append(position)

    async with asyncio.timeout(20):
        await asyncio.gather(follow(), *(happen(n) for n in range(20)))
    assert seen == list(range(start + 1, start + 21))
    stored = await office.database["events"].find({"entity": "report"}).to_list(100)
    for entity in ("r0", "r1", "r2"):
        seqs = sorted(e["seq"] for e in stored if e["entity_id"] == entity)
        assert seqs == list(range(1, len(seqs) + 1))


async def test_an_event_of_one_key_happens_once(office):
    event = Event("report", "r1", "report.tested", SYSTEM, AT, key="r1:tested")
    for _ in range(2):
        await office.transact(lambda tx: emit(office.database, tx, event))
    assert await office.database["events"].count_documents({"_id": "r1:tested"}) == 1


async def test_nothing_said_reaches_the_log(service):
    await service.put("/conversations/c1", {"channel": "web", "identity": "i"})
    secret = "芝麻开门 999999199001010028"
    with capture_logs() as lines:
        for body in ({"kind": "text", "text": secret}, {"kind": secret}, secret):
            message = {"key": "k", "direction": "in", "author": {"kind": "citizen"}, "body": body}
            await service.post("/conversations/c1/messages", message | {"at": AT.isoformat()})
    assert "芝麻" not in str(lines)


async def test_metrics_are_for_the_other_rooms_only(service, stranger, client):
    assert (await stranger.get("/metrics"))[0] == 401
    async with client.get("/api/v1/metrics", headers=service.headers) as answer:
        assert answer.status == 200
        assert "office_request_seconds" in await answer.text()


async def test_a_database_that_is_away_is_said_politely(service, office, monkeypatch):
    nowhere = f"mongodb://127.0.0.1:{free_port()}/?serverSelectionTimeoutMS=200"
    away = connect(nowhere).get_database("x")
    monkeypatch.setattr(type(office), "database", away, raising=False)
    status, answer = await service.get("/conversations/c1/messages")
    await asyncio.to_thread(away.client.close)
    assert (status, answer["error"]["key"]) == (503, "office.storage_away")


async def test_a_reader_who_waits_does_not_hold_up_the_closing(settings, hands, service, client):
    waiting = asyncio.create_task(service.get("/conversations/outgoing?after=0&wait=30"))
    page = await client.ws_connect("/api/v1/desk/ws")
    start = time.monotonic()
    await client.server.close()
    assert time.monotonic() - start < 5
    waiting.cancel()
    await page.close()


def test_the_office_shares_an_application_with_other_rooms(settings):
    app = create_app(settings)
    paths = {resource.canonical for resource in app.router.resources()}
    assert {"/api/v1/healthz", "/api/docs", "/desk/"} <= paths
    assert all(path.startswith(("/api/", "/desk")) for path in paths)


@pytest.fixture
def app_with_page(tmp_path, settings, hands):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "x.js").write_text("1")
    (tmp_path / "index.html").write_text("<title>desk</title>")
    return create_app(settings.model_copy(update={"static_dir_desk": tmp_path}), hands)


@pytest.mark.parametrize(
    ("accepted", "encoding", "content"),
    [("gzip, br", "br", b"b"), ("gzip", "gzip", b"g"), ("identity", None, b"1")],
)
async def test_a_part_of_the_desk_is_served_as_small_as_the_browser_takes_it(
    app_with_page, tmp_path, accepted, encoding, content
):
    (tmp_path / "assets" / "x.js.br").write_bytes(b"b")
    (tmp_path / "assets" / "x.js.gz").write_bytes(b"g")
    async with (
        TestClient(TestServer(app_with_page), auto_decompress=False) as browser,
        browser.get("/desk/assets/x.js", headers={"Accept-Encoding": accepted}) as part,
    ):
        assert part.headers.get("Content-Encoding") == encoding
        assert part.headers.getall("Vary") == ["Accept-Encoding"]
        assert await part.read() == content


async def test_the_desk_page_is_served_at_every_address_of_its_router(app_with_page):
    async with TestClient(TestServer(app_with_page)) as browser:
        for path in ("/desk/", "/desk/handoffs/1"):
            async with browser.get(path) as answer:
                assert "desk" in await answer.text()
                assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        async with browser.get("/desk/assets/x.js") as answer:
            assert answer.status == 200
        async with browser.get("/desk/assets/../../index.py") as answer:
            assert answer.status == 404


async def test_an_earlier_service_token_is_taken_while_it_is_being_replaced(settings, hands):
    both = "the-token-that-comes-after," + settings.service_token
    changed = settings.model_copy(update={"service_token": both})
    app = await asyncio.to_thread(create_app, changed, hands)
    async with TestClient(TestServer(app)) as client:

        async def status(token: str) -> int:
            headers = {"Authorization": f"Bearer {token}"}
            async with client.get("/api/v1/offices", headers=headers) as answer:
                return answer.status

        assert [await status(token) for token in both.split(",")] == [200, 200]
        assert await status(both) == 401
        assert await status("") == 401


def test_no_token_of_a_list_may_be_short(monkeypatch, settings):
    for name in SECRETS:
        monkeypatch.setenv(name, str(getattr(settings, name.lower())))
    monkeypatch.setenv("SERVICE_TOKEN", f"{settings.service_token},")
    with pytest.raises(SettingsError, match="SERVICE_TOKEN"):
        load_settings()
