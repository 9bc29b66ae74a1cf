"""The containers' description, checked without a Docker engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
DOCKERFILES = ("bot/Dockerfile", "backend/Dockerfile", "nlu/Dockerfile")
STATEFUL = {"mongo", "redis"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


def test_the_compose_file_keeps_the_compose_specification() -> None:
    check = [
        BIN / "check-jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        "docker-compose.yml",
    ]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("dockerfile", DOCKERFILES)
def test_hadolint_finds_nothing_in_a_dockerfile(dockerfile: str) -> None:
    done = subprocess.run([BIN / "hadolint", dockerfile], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_of_the_house_has_a_container(services: dict[str, Any]) -> None:
    assert set(services) == {"proxy", "bot", "backend", "dialogue", "mongo", "redis"}


def test_no_container_runs_as_root(services: dict[str, Any]) -> None:
    users = {name: str(service.get("user", "0")) for name, service in services.items()}
    assert not [name for name, user in users.items() if user.split(":")[0] in {"0", "root"}]


def test_every_container_has_limits_of_cpu_and_memory(services: dict[str, Any]) -> None:
    limits = {name: s["deploy"]["resources"]["limits"] for name, s in services.items()}
    assert all(set(limit) == {"cpus", "memory"} for limit in limits.values())


def test_every_container_says_whether_it_is_well(services: dict[str, Any]) -> None:
    for name, service in services.items():
        if "build" in service:
            text = (ROOT / service["build"]["dockerfile"]).read_text(encoding="utf-8")
            assert "\nHEALTHCHECK " in text, name
        else:
            assert service["healthcheck"]["test"], name


def test_only_the_proxy_is_reachable_from_outside(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_data_lives_in_named_volumes(services: dict[str, Any]) -> None:
    declared = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["volumes"]
    for name in STATEFUL:
        assert {volume.split(":")[0] for volume in services[name]["volumes"]} <= set(declared), name


def test_mongodb_is_a_one_node_replica_set(services: dict[str, Any]) -> None:
    assert "--replSet" in services["mongo"]["command"]
    assert "rs.initiate" in services["mongo"]["healthcheck"]["test"][-1]


@pytest.mark.parametrize("dockerfile", DOCKERFILES)
def test_a_dockerfile_copies_only_what_exists(dockerfile: str) -> None:
    text = (ROOT / dockerfile).read_text(encoding="utf-8")
    copies = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY ")]
    sources = [source for words in copies if not words[0].startswith("--") for source in words]
    assert [source for source in sources if not (ROOT / source).exists()] == []


@pytest.mark.parametrize("room", ["bot", "backend"])
def test_a_room_starts_from_the_folders_its_own_container_holds(room: str, tmp_path: Path) -> None:
    copied = [
        line.split()[1].rstrip("/")
        for line in (ROOT / room / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith(tuple(f"COPY {folder}/ " for folder in (room, "paoyici", "standards")))
    ]
    for folder in copied:
        (tmp_path / folder).symlink_to(ROOT / folder)
    start = (
        f"import sys; sys.path = [{str(tmp_path)!r}, *(p for p in sys.path if p != {str(ROOT)!r})];"
        f"from paoyici.serve import serve; sys.exit(serve({room!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", start], cwd=tmp_path, capture_output=True, text=True, env={}
    )
    assert done.returncode == 2, done.stderr
    assert "MONGODB_URI" in done.stderr
