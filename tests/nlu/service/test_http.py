"""The dialogue service as a process: its HTTP edge, its start and its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from servers import ROOT, free_port, running

NLU = ROOT / "nlu"
TURN = {
    "conversation_id": "c",
    "key": "k1",
    "at": "2026-11-22T09:00:00+08:00",
    "message": {"kind": "text", "text": "您好"},
    "identity": {"channel": "web", "id": "c"},
}


def _environment(**settings: str) -> dict[str, str]:
    own = {"DATA_KEYS": Fernet.generate_key().decode(), "DATA_DIR": str(ROOT / "data")}
    return {**os.environ, **own, **settings}


@pytest.fixture(scope="session")
def process(
    mongo_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, subprocess.Popen[bytes], Path]]:
    """A running `python -m serve` with the project's model: its address, itself and its log."""
    port, log = free_port(), tmp_path_factory.mktemp("serve") / "log"
    environment = _environment(
        MONGODB_URI=mongo_server,
        MONGODB_DATABASE="serve",
        MODEL_PATH=str(NLU / "models" / "current.tar.gz"),
        DIALOGUE_PORT=str(port),
        SERVICE_TOKEN="x" * 16,
        BACKEND_URL="http://127.0.0.1:1/api/v1",
    )
    command = [sys.executable, "-m", "serve"]
    with running(command, port, log, cwd=NLU, env=environment) as started:
        yield f"http://127.0.0.1:{port}", started, log


def _call(url: str, body: bytes | None = None) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body)) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_a_started_service_is_healthy_and_names_its_model(process):
    status, health = _call(process[0] + "/health")
    assert (status, health["status"]) == (200, "ok")
    assert health["model"]
    assert health["parses"]["asked"] >= health["parses"]["known"] >= 0


def test_a_turn_over_http_follows_the_contract(process):
    status, content = _call(process[0] + "/turn", json.dumps(TURN).encode())
    assert status == 200
    assert content["intent"] == "greet"
    assert content["replies"][0]["kind"] == "text"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"[" * 100_000,
        json.dumps({**TURN, "message": None}).encode(),
        json.dumps({**TURN, "message": {"kind": "dance"}}).encode(),
        json.dumps({**TURN, "message": {"kind": "text", "text": 5}}).encode(),
        json.dumps({**TURN, "identity": {}}).encode(),
        json.dumps({**TURN, "key": 7}).encode(),
    ],
)
def test_a_turn_that_breaks_the_contract_is_refused_with_a_key(process, body):
    status, content = _call(process[0] + "/turn", body)
    assert (status, content["error"]["key"]) == (400, "turn.malformed")


def test_unknown_paths_get_a_key(process):
    status, content = _call(process[0] + "/model/secret")
    assert (status, content["error"]["key"]) == (404, "request.bad")


def test_the_log_holds_ids_and_never_what_was_said(process):
    _call(process[0] + "/turn", json.dumps(TURN).encode())
    assert "您好" not in process[2].read_text(encoding="utf-8", errors="replace")


def test_the_service_starts_without_loading_tensorflow(process):
    maps = Path(f"/proc/{process[1].pid}/maps").read_text(encoding="utf-8")
    assert "sklearn" in maps
    assert "tensorflow" not in maps


def _serving(process: subprocess.Popen[bytes]) -> int:
    """Return the id of the process that answers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8")
    (child,) = children.split()
    return int(child)


def test_what_is_forked_has_no_thread_that_a_fork_would_lose(process):
    _call(process[0] + "/turn", json.dumps(TURN).encode())
    assert len(list(Path(f"/proc/{process[1].pid}/task").iterdir())) == 1


def test_a_killed_service_serves_again_without_being_loaded_again(process):
    turn = {**TURN, "conversation_id": "killed", "key": "k-killed"}
    said = _call(process[0] + "/turn", json.dumps(turn).encode())
    before = _serving(process[1])
    os.kill(before, signal.SIGKILL)
    # Calls wait in the line of the listener, and the turn is known from the store.
    assert _call(process[0] + "/turn", json.dumps(turn).encode()) == said
    assert _serving(process[1]) != before
    busy = (_cpu_seconds(_serving(process[1])), _cpu_seconds(process[1].pid))
    assert busy[0] < busy[1] / 5


def _cpu_seconds(pid: int) -> float:
    """Return the processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_placeholder_says_what_is_wrong_when_it_is_used():
    from dialogue.lean_start import NeedsTensorFlowError, Placeholder, _placeholder

    layer = _placeholder("Layer")

    class Diet(layer.deep.er):
        pass

    assert issubclass(Diet, Placeholder)
    with pytest.raises(NeedsTensorFlowError, match="Diet"):
        Diet()
    with pytest.raises(AttributeError):
        _ = layer.__wrapped__


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"MODEL_PATH": "/nowhere/model.tar.gz"}, "MODEL_PATH"),
        ({"DATA_KEYS": ""}, "DATA_KEYS"),
        ({"DATA_KEYS": "not-a-key"}, "DATA_KEYS"),
        ({"DIALOGUE_PORT": "x"}, "DIALOGUE_PORT"),
    ],
)
def test_a_wrong_setting_is_named_before_anything_is_loaded(changed, named, tiny_model):
    environment = _environment(MONGODB_URI="mongodb://127.0.0.1:1", MODEL_PATH=str(tiny_model))
    done = subprocess.run(
        [sys.executable, "-m", "serve"],
        cwd=NLU,
        env={**environment, **changed},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr
