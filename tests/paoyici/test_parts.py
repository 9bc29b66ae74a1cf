"""What one machine runs: the settings decide how many processes, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings
from paoyici.home import keys
from paoyici.parts import environment, layout_from_environment, rooms


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path))
    for name in ("DIALOGUE_URL", "DIALOGUE_PROCESSES", "EMBEDDED_BACKEND_PORT"):
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
