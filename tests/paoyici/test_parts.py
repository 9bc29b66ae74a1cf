"""What one machine runs: the settings decide how many processes, and where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from servers import free_port

from backend.settings import SettingsError, load_settings
from bot.settings import Settings
from paoyici.health import is_well
from paoyici.home import keys
from paoyici.parts import environment, layout_from_environment, rooms
from paoyici.run import seeds
from paoyici.supervisor import PartError

FOREIGN = ("DIALOGUE_URL", "DIALOGUE_PROCESSES", "MONGODB_URI", "SEED_SAMPLE")


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path))
    for name in (*FOREIGN, "EMBEDDED_BACKEND_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EMBEDDED_DIALOGUE_PORT", "5105")


def test_one_process_of_the_dialogue_service_is_the_default_and_nothing_spares_it() -> None:
    layout = layout_from_environment()
    dialogue, street = rooms(layout)
    assert (dialogue.name, dialogue.spared, street.name) == ("dialogue", False, "street")
    assert layout.dialogue_url == "http://127.0.0.1:5105"


def test_more_processes_listen_on_the_ports_that_follow_and_the_door_learns_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DIALOGUE_PROCESSES", "3")
    layout = layout_from_environment()
    *dialogue, street = rooms(layout)
    assert [part.name for part in dialogue] == ["dialogue", "dialogue-2", "dialogue-3"]
    assert [part.environment["DIALOGUE_PORT"] for part in dialogue] == ["5105", "5106", "5107"]
    assert all(part.spared for part in dialogue)
    assert not street.spared
    for name, value in environment(layout).items():
        monkeypatch.setenv(name, value)
    assert Settings().dialogue_urls == [part.health.removesuffix("/health") for part in dialogue]


def test_where_the_service_runs_elsewhere_no_process_of_it_is_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DIALOGUE_URL", "http://one:5005, http://two:5005/")
    monkeypatch.setenv("DIALOGUE_PROCESSES", "3")
    layout = layout_from_environment()
    assert [part.name for part in rooms(layout)] == ["street"]
    for name, value in environment(layout).items():
        monkeypatch.setenv(name, value)
    assert Settings().dialogue_urls == ["http://one:5005", "http://two:5005"]


def test_a_door_is_not_opened_without_any_process_of_the_dialogue_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment(layout_from_environment()).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DIALOGUE_URL", " ,")
    with pytest.raises(ValueError, match="at least one URL is needed"):
        Settings()


def test_where_every_key_is_given_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = keys()
    assert (tmp_path / "secrets.env").exists()
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path / "container"))
    for name, value in made.items():
        monkeypatch.setenv(name, value)
    assert keys() == made
    assert not (tmp_path / "container").exists()


def test_sample_accounts_are_opened_in_the_embedded_store_and_where_nobody_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layout = layout_from_environment()
    assert seeds(layout, environment(layout)) is True
    monkeypatch.setenv("SEED_SAMPLE", "0")
    assert seeds(layout, environment(layout)) is False


@pytest.mark.parametrize("host", ["127.0.0.1:9", "db.invalid:27017"])
def test_a_store_of_the_operators_never_gets_sample_accounts(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("MONGODB_URI", f"mongodb://somebody:secret@{host}/?replicaSet=rs")
    layout = layout_from_environment()
    assert seeds(layout, environment(layout)) is False
    monkeypatch.setenv("SEED_SAMPLE", "1")
    with pytest.raises(PartError, match="SEED_SAMPLE") as refused:
        seeds(layout, environment(layout))
    assert "paoyici staff open" in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("uri", "here"),
    [
        ("mongodb://127.0.0.1:27117/?directConnection=true", True),
        ("mongodb://somebody:secret@localhost/paoyici", True),
        ("mongodb://[::1]:27017", True),
        ("mongodb://mongo:27017/?replicaSet=rs0", False),
        ("mongodb://127.0.0.1:27017,10.0.0.5:27017", False),
        ("mongodb://127.0.0.1.example.invalid", False),
        ("mongodb+srv://localhost.example.invalid", False),
    ],
)
def test_the_office_alone_opens_sample_accounts_only_in_a_store_on_its_machine(
    uri: str, here: bool
) -> None:
    given = environment(layout_from_environment()) | {"MONGODB_URI": uri, "SEED_SAMPLE": "1"}
    if here:
        assert load_settings(given).seed_sample is True
    else:
        with pytest.raises(SettingsError, match="SEED_SAMPLE"):
            load_settings(given)


@pytest.mark.parametrize("host", ["::", "::1", "0.0.0.0", "127.0.0.1", "localhost"])
async def test_what_listens_on_a_host_is_well_at_the_origin_of_its_layout(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    port = free_port()
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("PORT", str(port))
    app = web.Application()

    async def healthz(_: web.Request) -> web.Response:
        return web.Response()

    app.router.add_get("/healthz", healthz)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    (street,) = rooms(replace(layout_from_environment(), embedded_dialogue_ports=()))
    async with ClientSession() as session:
        assert await is_well(street.health, session)
    await runner.cleanup()
